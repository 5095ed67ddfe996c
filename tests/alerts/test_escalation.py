"""What is worth a whole channel's attention: few things, and none twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.alerts.escalation import ORIGINS, escalates
from tests.stories.build import an_entry

if TYPE_CHECKING:
    from bot.model import Entry


def told(number: int, *, minutes: float = 0, credit: str = "") -> Entry:
    one = an_entry(number, "Quake in Sund", "A quake shook Sund.", day=minutes / 1440)
    return replace(one, source=f"Outlet {number}", credit=credit)


NEW = told(99)
MANY = [told(number, minutes=-number) for number in range(1, ORIGINS)]


def test_many_origins_within_an_hour() -> None:
    assert escalates(NEW, MANY, ())
    assert not escalates(NEW, MANY[1:], ()), "one origin too few"


def test_outlets_that_print_one_agency_are_one_voice() -> None:
    assert not escalates(NEW, [replace(each, credit="Reuters") for each in MANY], ())


def test_a_story_that_spread_slowly_is_no_rush() -> None:
    assert not escalates(NEW, [told(number, minutes=-90 * number) for number in range(1, 20)], ())


@pytest.mark.parametrize(
    ("fact", "raised"),
    [
        pytest.param("The quake killed 60 people in Sund (earlier: 12 people)", True, id="a toll that grew fivefold"),
        pytest.param("The quake killed 20 people in Sund (earlier: 12 people)", False, id="a toll that grew"),
        pytest.param(
            "The quake hurt 52 people and killed 3 people in Sund (earlier: killed 2 people)", False, id="of two tolls"
        ),
        pytest.param("The quake killed 3 people in Sund (earlier: 1 people)", False, id="still few"),
        pytest.param("The plant makes 600 cars a day (earlier: 12 cars)", False, id="what is no toll"),
        pytest.param("The quake killed 60 people in Sund", False, id="a first figure"),
    ],
)
def test_a_toll_must_grow_several_times_over(fact: str, raised: bool) -> None:  # noqa: FBT001
    assert escalates(NEW, (), (fact,)) is raised
