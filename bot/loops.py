"""Which event loop the bot runs on: uvloop where it is installed, else asyncio's own.

Once it has started, garbage is collected again, if that was put off; what is there by then is not looked through.
"""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Final, TypeVar

from bot import memory

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

try:
    import uvloop
except ImportError:  # Windows, PyPy: it is not made for them
    _new: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    _new = uvloop.new_event_loop

T = TypeVar("T")

STARTED_S: Final = 3.0
"""After so long a loop has nothing more to import."""


def run(work: Coroutine[None, None, T]) -> T:
    """As ``asyncio.run``, on the quicker loop, in a process that is made to live long."""
    memory.share_heaps()
    with asyncio.Runner(loop_factory=_new) as runner:
        runner.get_loop().call_later(STARTED_S, collect_garbage)
        return runner.run(work)


def collect_garbage() -> None:
    """Collect garbage from now on, if that was put off, and only what comes now: all else stays."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
