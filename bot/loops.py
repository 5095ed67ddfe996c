"""Which event loop the bot runs on: uvloop where it is installed, else asyncio's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

try:
    import uvloop
except ImportError:  # Windows, PyPy: it is not made for them
    _new: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    _new = uvloop.new_event_loop

T = TypeVar("T")


def run(work: Coroutine[None, None, T]) -> T:
    """As ``asyncio.run``, on the quicker loop."""
    with asyncio.Runner(loop_factory=_new) as runner:
        return runner.run(work)
