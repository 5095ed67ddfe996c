"""The timekeeper tells a clock that was set from one that runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from bot.workers.timekeeper import Timekeeper
from tests.store.stock import START

if TYPE_CHECKING:
    from bot.store.port import Store


class Clocks:
    """A wall clock that somebody sets, and a steady one."""

    def __init__(self) -> None:
        self.steady_s = 100.0
        self.wrong_s = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.steady_s + self.wrong_s)


class Told:
    """What the store and the workers are told."""

    def __init__(self) -> None:
        self.back_s: list[float] = []
        self.ticks = 0
        self.broken = False

    async def clock_set_back(self, by_s: float, *, now: datetime) -> None:
        del now
        if self.broken:
            raise OSError("disk is full")
        self.back_s.append(by_s)

    async def on_set(self) -> None:
        self.ticks += 1


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def keeper(clocks: Clocks, told: Told) -> Timekeeper:
    return Timekeeper(cast("Store", told), clocks, told.on_set, steady_s=lambda: clocks.steady_s)


@pytest.mark.parametrize(
    ("step_s", "back_s", "ticks"),
    [
        pytest.param(0.0, [], 0, id="it runs"),
        pytest.param(1.5, [], 0, id="a little fast: NTP slews it"),
        pytest.param(-1.5, [], 0, id="a little slow"),
        pytest.param(3600.0, [], 1, id="forward"),
        pytest.param(-3600.0, [3600.0], 1, id="back"),
    ],
)
async def test_steps(
    step_s: float, back_s: list[float], ticks: int, *, clocks: Clocks, told: Told, keeper: Timekeeper
) -> None:
    for place in range(4):
        clocks.steady_s += 1.0
        clocks.wrong_s += step_s if place == 1 else 0.0
        await keeper.look()
    assert (told.back_s, told.ticks) == (back_s, ticks)


async def test_a_process_that_slept_saw_no_step(clocks: Clocks, told: Told, keeper: Timekeeper) -> None:
    clocks.steady_s += 4000.0
    await keeper.look()
    assert (told.back_s, told.ticks) == ([], 0)


async def test_what_could_not_be_written_is_written_later(clocks: Clocks, told: Told, keeper: Timekeeper) -> None:
    clocks.wrong_s -= 600.0
    told.broken = True
    with pytest.raises(OSError, match="disk is full"):
        await keeper.look()
    told.broken = False
    clocks.steady_s += 1.0
    await keeper.look()
    assert told.back_s == [600.0]
