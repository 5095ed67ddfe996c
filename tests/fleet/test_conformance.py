"""What must hold however many processes there are, and whatever hands out their work: one process, or a fleet."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.crash.world import world
from tests.fleet.processes import Processes

if TYPE_CHECKING:
    from pathlib import Path

MARK = "↻"


@dataclass(frozen=True)
class Kind:
    """A way to run."""

    command: str
    processes: int
    postgresql: bool = True


KINDS = [
    pytest.param(Kind("run", 1, postgresql=False), id="local-sqlite"),
    pytest.param(Kind("run", 1), id="local-postgresql"),
    pytest.param(Kind("worker", 1), id="fleet-of-one"),
    pytest.param(Kind("worker", 2), id="fleet-of-two"),
]


def database_of(kind: Kind, folder: Path, request: pytest.FixtureRequest) -> str:
    if not kind.postgresql:
        return f"sqlite:///{folder}/backstory.db"
    made: str = request.getfixturevalue("postgres").new_database()
    return made


@pytest.mark.parametrize("kind", KINDS)
async def test_all_that_is_published_arrives_once_and_in_order_also_over_a_restart(
    kind: Kind, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = database_of(kind, tmp_path, request)
    async with world(database, tmp_path, seed=6) as here, Processes(here, tmp_path / "log", kind.command) as bots:
        for _ in range(2):
            here.publish(25)
            here.begin_run()
            started = [await bots.start() for _ in range(kind.processes)]
            await here.settled(40)
            assert [await bots.end(one) for one in started] == [0] * kind.processes
        found = await here.tally()
    assert (found.arrived, found.lost, found.unknown, found.faults) == (50, [], [], [])
    assert found.marked_repeats == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stop_in_the_middle_repeats_and_loses_nothing(
    kind: Kind, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = database_of(kind, tmp_path, request)
    async with world(database, tmp_path, seed=7) as here, Processes(here, tmp_path / "log", kind.command) as bots:
        here.publish(25)  # fewer than a feed may bring before it counts as a flood
        here.begin_run()
        started = [await bots.start() for _ in range(kind.processes)]
        for one in started:
            assert await bots.end(one, signal.SIGTERM) == 0
        here.begin_run()
        for _ in range(kind.processes):
            await bots.start()
        await here.settled(40)
        found = await here.tally()
    assert (found.arrived, found.lost, found.unknown, found.faults) == (25, [], [], [])
    assert not any(MARK in sent.text for sent in here.api.sent)
