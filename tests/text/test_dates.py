"""Dates as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.speech import speaking
from bot.text.dates import day, moment

EVENING = datetime(2024, 6, 17, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "zone", "said"),
    [
        pytest.param("en", "UTC", "17 Jun 2024, 19:30 UTC", id="nobody's zone"),
        pytest.param("en", "Asia/Seoul", "18 Jun 2024, 04:30 KST", id="it is tomorrow there"),
        pytest.param("en", "Europe/Kyiv", "17 Jun 2024, 22:30 EEST", id="summer time"),
        pytest.param("en", "Asia/Kolkata", "18 Jun 2024, 01:00 IST", id="half an hour"),
        pytest.param("en", "Asia/Kathmandu", "18 Jun 2024, 01:15 UTC+5:45", id="no name"),
        pytest.param("en", "Etc/GMT-3", "17 Jun 2024, 22:30 UTC+3", id="an offset"),
        pytest.param("ru", "Europe/Moscow", "17 июн. 2024\u202fг., 22:30 MSK", id="Russian"),
    ],
)
def test_a_moment_is_told_on_the_clocks_of_who_reads(lang: str, zone: str, said: str) -> None:
    with speaking(lang, zone=zone):
        assert moment(EVENING) == said
        assert said.startswith(day(EVENING))
    assert moment(EVENING) == "17 Jun 2024, 19:30 UTC"


def test_a_day_whose_hour_nobody_gave_is_the_same_everywhere() -> None:
    with speaking("en", zone="America/Los_Angeles"):
        assert moment(datetime(2024, 6, 17, tzinfo=UTC)) == "17 Jun 2024"
        assert day(date(2024, 6, 17)) == "17 Jun 2024"
