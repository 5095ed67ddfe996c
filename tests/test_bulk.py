"""The lane for bulk work: one thread, in order, in nobody's way."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
import warnings
from contextvars import ContextVar

import pytest

from bot import bulk

PATIENCE_S = 10
speaking = ContextVar("speaking", default="nobody")


async def test_pieces_are_worked_through_one_after_the_other_in_one_thread() -> None:
    begun: list[tuple[int, int]] = []
    at_once = 0

    def piece(number: int) -> int:
        nonlocal at_once
        at_once += 1
        assert at_once == 1
        begun.append((number, threading.get_ident()))
        at_once -= 1
        return 2 * number

    assert await asyncio.gather(*(bulk.run(piece, number) for number in range(20))) == [2 * n for n in range(20)]
    assert [number for number, _ in begun] == list(range(20))
    assert len({thread for _, thread in begun} - {threading.get_ident()}) == 1


async def test_what_somebody_waits_for_does_not_stand_behind_it() -> None:
    answered = threading.Event()
    busy = asyncio.create_task(bulk.run(answered.wait, PATIENCE_S))
    waiting = asyncio.create_task(bulk.run(int))
    await asyncio.to_thread(answered.set)
    assert await busy
    assert await waiting == 0


async def test_what_is_cancelled_while_it_waits_is_not_begun() -> None:
    go_on = threading.Event()
    done: list[str] = []
    busy = asyncio.create_task(bulk.run(go_on.wait, PATIENCE_S))
    given_up = asyncio.create_task(bulk.run(done.append, "given up"))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    go_on.set()
    assert await busy
    await bulk.run(done.append, "next")
    assert done == ["next"]


async def test_it_runs_in_the_context_of_whoever_gives_it() -> None:
    speaking.set("a chat")
    assert await bulk.run(speaking.get) == "a chat"


async def test_an_error_goes_to_whoever_gave_it() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        await bulk.run(int, "x")
    assert await bulk.run(int, "7") == 7


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
async def test_a_fork_has_a_lane_of_its_own() -> None:
    await bulk.run(int)
    process = multiprocessing.get_context("fork").Process(target=_forked)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # this process has threads: they are what it is about
        process.start()
    await asyncio.to_thread(process.join, PATIENCE_S)
    ended = process.exitcode
    process.kill()
    assert ended == 0


def _forked() -> None:
    asyncio.Runner(loop_factory=asyncio.SelectorEventLoop).run(bulk.run(int))
