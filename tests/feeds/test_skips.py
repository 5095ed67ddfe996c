"""The hours and days at which a feed asks not to be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds.skips import end_of_skips, is_skipped, read_skips

MONDAY = datetime(2024, 6, 17, 12, 30, tzinfo=UTC)
FILLING = "<x/>" * 17_000
ALL_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def channel(*hours: object, days: tuple[str, ...] = (), rest: str = "<item><title>x</title></item>") -> bytes:
    """A document that skips these."""
    asked = "".join(f"<hour>{hour}</hour>\n" for hour in hours)
    named = "".join(f"<day>{day}</day>" for day in days)
    skips = f"<skipHours>{asked}</skipHours>" * bool(hours) + f"<skipDays>{named}</skipDays>" * bool(days)
    return f"<rss version='2.0'><channel>{skips}{rest}</channel></rss>".encode()


def skipped(skips: int) -> tuple[list[int], list[int]]:
    """The hours of a day that is not skipped whole, and the days, from Monday as 0."""
    midnight = MONDAY.replace(hour=0, minute=0)
    hours = [n for n in range(24) if is_skipped(midnight + timedelta(hours=n), skips & 0xFFFFFF)]
    return hours, [n for n in range(7) if is_skipped(midnight + timedelta(days=n), skips & ~0xFFFFFF)]


@pytest.mark.parametrize(
    ("body", "hours", "days"),
    [
        pytest.param(channel(0, 5, 23), [0, 5, 23], [], id="hours"),
        pytest.param(channel("05", " 7 "), [5, 7], [], id="as they are written"),
        pytest.param(channel(24), [0], [], id="the old way of counting"),
        pytest.param(channel(25, 99, -1, "noon", ""), [], [], id="no hours"),
        pytest.param(channel(days=("Saturday", "sunday", "Funday")), [], [5, 6], id="days"),
        pytest.param(channel(3, days=("Friday",)), [3], [4], id="both"),
        pytest.param(channel(*range(24)), [], [], id="a feed that would never be read"),
        pytest.param(channel(*range(1, 25)), [], [], id="nor by the old count"),
        pytest.param(channel(days=ALL_DAYS), [], [], id="nor on any day"),
        pytest.param(channel(rest="<skipHours><hour>4</hour>"), [], [], id="cut off"),
        pytest.param(channel(rest=FILLING + channel(4).decode()), [], [], id="far into a document"),
        pytest.param(channel(rest=f"<item></item>{FILLING}{channel(4).decode()}"), [], [], id="far behind the entries"),
        pytest.param(channel(4, rest=f"<item>{FILLING}</item>"), [4], [], id="before a long entry"),
        pytest.param(
            channel(rest="<item></item><skipHours><hour>4</hour></skipHours>"), [4], [], id="after the entries"
        ),
        pytest.param(
            channel(rest="<item><skipHours><hour>4</hour></skipHours></item>"), [], [], id="of an entry, which has none"
        ),
        pytest.param(b"<hour>4</hour>", [], [], id="of nothing"),
        pytest.param(b"", [], [], id="empty"),
    ],
)
def test_what_a_document_asks_for(body: bytes, hours: list[int], days: list[int]) -> None:
    assert skipped(read_skips(body)) == (hours, days)


@pytest.mark.parametrize(
    ("body", "moment", "hours_later"),
    [
        pytest.param(channel(12), MONDAY, 0.5, id="one hour"),
        pytest.param(channel(12, 13, 15), MONDAY, 1.5, id="two in a row"),
        pytest.param(channel(11, 13), MONDAY, 0, id="not now"),
        pytest.param(channel(days=("Monday",)), MONDAY, 11.5, id="the rest of the day"),
        pytest.param(channel(0, days=("Monday",)), MONDAY, 12.5, id="and an hour of the next"),
        pytest.param(channel(days=ALL_DAYS[:4]), MONDAY, 48, id="never past the latest"),
    ],
)
def test_when_a_skipped_time_ends(body: bytes, moment: datetime, hours_later: float) -> None:
    end = end_of_skips(moment, read_skips(body), latest=moment + timedelta(hours=48))
    assert end == moment + timedelta(hours=hours_later)
