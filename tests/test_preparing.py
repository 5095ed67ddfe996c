"""Preparing in processes of their own: the same as in a thread, and a death among them is said in words."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from multiprocessing import active_children

import pytest

from bot.errors import ImportFileError
from bot.model import Feed, ParsedEntry
from bot.preparing import FEW, Batch, Preparers, prepare_batch, processes_for
from tests.store.stock import START

FOOTER = "All rights reserved by nobody at all."


def batch(first: int, count: int = 3) -> Batch:
    entries = tuple(
        ParsedEntry(str(n), f"https://n.example/{n}", f"Kim visits town {n}", f"<p>He came.</p>\n{FOOTER}", START)
        for n in range(first, first + count)
    )
    unseen = tuple((entry, (f"g:{entry.guid}",)) for entry in entries[1:])
    return Batch(Feed(1, "archive:", "archive", START), entries, unseen, START)


def test_few_entries_are_not_worth_a_process() -> None:
    assert processes_for(FEW) == 0
    assert processes_for(FEW + 1) >= 1


async def test_a_process_prepares_what_a_thread_would_and_its_death_is_said() -> None:
    with closing(Preparers(processes=1)) as preparers:
        assert await preparers.prepare(batch(1)) == prepare_batch(batch(1))
        assert await preparers.prepare(batch(1, count=1)) == []
        (process,) = active_children()
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(ImportFileError, match="import again"):
            await preparers.prepare(batch(5))
