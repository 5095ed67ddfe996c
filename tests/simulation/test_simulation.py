"""A few short days on the virtual clock, and proof that a broken promise would be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.model import MessageRef, Platform
from tests.simulation.world import Scale, Simulation

if TYPE_CHECKING:
    from pathlib import Path

SHORT = Scale(feeds=12, chats=8, events=16, hours=5)


@pytest.mark.parametrize("seed", [3, 7, 11])
async def test_every_promise_holds_through_a_day(seed: int, tmp_path: Path) -> None:
    day = Simulation(seed, tmp_path, SHORT)
    await day.run()
    assert day.violations == []
    assert day.figures["messages"] > 0


async def test_a_seed_leads_to_the_same_day(tmp_path: Path) -> None:
    days = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        day = Simulation(5, tmp_path / name, Scale(feeds=8, chats=4, events=8, hours=4))
        await day.run()
        days.append([(one.chat, one.at, one.text) for place in day.platforms.values() for one in place.arrived])
    assert days[0] == days[1] != []


async def test_a_message_that_is_lost_is_seen(tmp_path: Path) -> None:
    day = Simulation(3, tmp_path, SHORT)
    telegram = day.platforms[Platform.TELEGRAM]

    async def pretend(to, message, *, reply_to=None, errand=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        del message, reply_to
        await errand.begin()
        return MessageRef(to, "1")

    telegram.send = pretend  # type: ignore[method-assign]
    await day.run()
    assert any("was never told" in words for words in day.violations)


async def test_an_unmarked_repeat_is_seen(tmp_path: Path) -> None:
    day = Simulation(3, tmp_path, SHORT)
    telegram = day.platforms[Platform.TELEGRAM]
    honest = telegram.send

    async def stutter(to, message, *, reply_to=None, errand=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        ref = await honest(to, message, reply_to=reply_to, errand=errand)
        telegram.arrive(telegram.arrived[-1])
        return ref

    telegram.send = stutter  # type: ignore[method-assign]
    await day.run()
    assert any("without a mark" in words for words in day.violations)
