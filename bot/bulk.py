"""The lane for bulk work: what polls bring is read and prepared by one thread of its own, a piece at a time.

Threads of Python share one lock. Several of them get no more of such work done than one, but they take the lock from
each other, which is time of the processor too (a tenth of a first poll's), from the loop and from whoever waits for an
answer. So what only burns the processor for the feeds' sake goes through ``run``; ``asyncio.to_thread`` is for what a
person or an open transaction waits for, which then never stands behind a burst. This module must not know the work.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


class _Lane:
    """The thread. One for all loops of the process: the lock is one, too."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew: a fork inherits what waits for the thread and not the thread."""
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="bulk")


_LANE: Final = _Lane()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_LANE.renew)


async def run(work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """As ``asyncio.to_thread``, after all that was given before: what is cancelled while it waits is not begun."""
    call = partial(copy_context().run, work, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_LANE.executor, call)
