"""A few short days on the virtual clock, and proof that a broken promise would be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulation.broken import breaking
from tests.simulation.neighbours import live
from tests.simulation.world import Scale, Simulation

if TYPE_CHECKING:
    from pathlib import Path

SHORT = Scale(feeds=12, chats=8, events=16, hours=5)


async def test_every_promise_holds_through_a_day(tmp_path: Path) -> None:
    day = Simulation(11, tmp_path, SHORT)
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


@pytest.mark.parametrize("name", ["forgets what failed", "sends the newest first"])
async def test_a_bot_that_breaks_a_promise_is_seen(name: str, tmp_path: Path) -> None:
    """Two of them; ``make simulate`` runs all."""
    day = Simulation(3, tmp_path, Scale(feeds=6, chats=6, events=36, hours=3), plain=True)
    for platform in day.platforms.values():
        platform.faults = 0.2
    with breaking(name) as broken:
        await day.run()
    assert any(broken.complaint in words for words in day.violations)


def test_healthy_feeds_do_not_wait_for_faulty_ones() -> None:
    """The shape of it; ``make simulate`` measures."""
    hours = live(faulty=True, feeds=20, hours=1.25)
    assert hours.lags_s
    assert max(hours.lags_s) < 3600
    assert hours.floods == hours.braked > 0
