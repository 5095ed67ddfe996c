"""Many entries prepared at once, in processes of their own: one a core, for an import.

To clean an entry, tell its language and take its fingerprint costs several times what storing it does, and needs no
history. Few entries are prepared in a thread instead, because a process takes a second to start. Must not store
anything; what is under way is for the caller to bound.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Final

from bot.errors import ImportFileError
from bot.ingest import Prepared, prepare, read_entry
from bot.topics import lexicon
from bot.topics.match import Matcher
from bot.workers.pipeline import footers_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.model import Feed, ParsedEntry

FEW: Final = 1000
"""So many entries are prepared in a thread before the processes would be ready."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one document, and those of them that are ``unseen``, each with its keys."""

    feed: Feed
    document: tuple[ParsedEntry, ...]
    unseen: tuple[tuple[ParsedEntry, tuple[str, ...]], ...]
    now: datetime


class Preparers:
    """Prepares ``processes`` batches at a time, or one in a thread where that is 0; ``close`` ends them."""

    def __init__(self, *, processes: int) -> None:
        self.at_once = processes or 1
        self._pool: Executor
        if processes:
            # Not by a fork: it would copy the locks of other threads as they stand.
            spawning = get_context("spawn")
            self._pool = ProcessPoolExecutor(processes, mp_context=spawning, initializer=_settle_in)
        else:
            self._pool = ThreadPoolExecutor(1)

    async def prepare(self, batch: Batch) -> list[Prepared]:
        """The unseen entries of a batch, prepared, in their order. Raises ImportFileError if a process died."""
        if not batch.unseen:
            return []
        try:
            with _interrupts_held():
                under_way = self._pool.submit(prepare_batch, batch)
            return await asyncio.wrap_future(under_way)
        except BrokenProcessPool as error:
            message = "a process that reads entries died (no memory left?): what is stored stays; import again to go on"
            raise ImportFileError(message) from error

    def close(self) -> None:
        """Let go of what waits, and wait for what is under way."""
        self._pool.shutdown(cancel_futures=True)


def processes_for(entries: int) -> int:
    """How many processes prepare so many entries best; 0 says that a thread does."""
    if entries <= FEW:
        return 0
    # Not all cores of the machine are ours where we run in a container.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def prepare_batch(batch: Batch) -> list[Prepared]:
    """Prepare a batch here and now, without any topic."""
    footers = footers_of(batch.document)
    prepared = []
    for parsed, keys in batch.unseen:
        entry, dropped = read_entry(parsed, batch.feed, now=batch.now, footers=footers)
        prepared.append(prepare(entry, _untopical(), keys=keys, dropped=dropped))
    return prepared


@cache
def _untopical() -> Matcher:
    return Matcher(lexicon.load(), ())


def _settle_in() -> None:
    """What a new process does first."""
    # Ctrl-C in a terminal goes to the whole group; the import decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _untopical()


def _end_with_parent() -> None:
    """A parent that is killed tells nobody: this process would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits a moment: a process that starts meanwhile inherits that, and is not interrupted in its imports."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
