"""Which event loop the bot runs on: uvloop where it is installed, else asyncio's own.

Starting the program puts garbage collection off (``bot.__main__``); the loop turns it on again once all is imported.
What was made by then is never looked through: it lives as long as the process.
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
    """As ``asyncio.run``, on uvloop where there is one, with memory set up for a process that runs for weeks."""
    memory.share_heaps()
    with asyncio.Runner(loop_factory=_new) as runner:
        runner.get_loop().call_later(STARTED_S, collect_garbage)
        return runner.run(work)


def collect_garbage() -> None:
    """Turn garbage collection on, if it was put off, for what is made from now on."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
