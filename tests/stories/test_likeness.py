"""How far apart two entries are, in time and in what they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model import Entry
from bot.stories.likeness import apart, gap_days

ENTRY = Entry(1, 1, "g", "", "Title", "Text.", "en", "Wire", datetime(2024, 6, 20, tzinfo=UTC))


def dated(day: int, hour: int = 0) -> Entry:
    return replace(ENTRY, published_at=datetime(2024, 6, day, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        pytest.param(dated(17, 6), dated(18, 18), 1.5, id="two moments"),
        pytest.param(dated(17), dated(19), 2.0, id="two days"),
        pytest.param(dated(17), dated(17, 22), 0.0, id="a day, and a moment within it"),
        pytest.param(dated(17), dated(19, 12), 1.5, id="a day, and a moment after it"),
        pytest.param(dated(16, 12), dated(17), 0.5, id="a moment, and the day after"),
        pytest.param(dated(17), ENTRY, None, id="no date"),
    ],
)
def test_gap(one: Entry, other: Entry, days: float | None) -> None:
    assert gap_days(one, other) == gap_days(other, one) == days


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param({"dprk": 1, "arms": 1}, 0.0, id="the same"),
        pytest.param({"dprk": 2, "arms": 1, "usa": 1}, 0.0, id="one only says more"),
        pytest.param({}, 0.0, id="one says nothing"),
        pytest.param({"dprk": 1, "sanctions": 1}, 0.5, id="each has half to itself"),
        pytest.param({"wheat": 3}, 1.0, id="nothing in common"),
    ],
)
def test_what_each_of_two_is_about_and_the_other_is_not(other: dict[str, int], expected: float) -> None:
    mine = {"dprk": 1, "arms": 1}
    assert apart(mine, other) == apart(other, mine) == pytest.approx(expected)
