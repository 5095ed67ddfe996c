"""When to speak: a table of chats, alerts and hours, with clocks that change and machines that slept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.timing import (
    URGENT_OUTLETS,
    Wait,
    decide,
    hour_began,
    is_urgent,
    muting,
    next_digest,
    quiet_until,
    releases,
)
from bot.model import Action, Alert, Delivery, DeliveryState, Hold
from bot.preferences import ChatSettings, Circumstances, Every, Mute, MuteKind, QuietHours, Rhythm
from tests.examples import ALERT, DELIVERY, NOW

NIGHT = QuietHours(time(22), time(7))
DAILY = Rhythm(Every.DAILY, time(8))
BERLIN = ChatSettings(zone="Europe/Berlin")
EARLY = datetime(2024, 6, 19, 0, 30, tzinfo=UTC)  # 02:30 in Berlin
HOUR_ENDS = datetime(2024, 6, 19, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def mute(kind: MuteKind, name: str = "", *, target: int | None = None, hours: float | None = 1) -> Mute:
    until = None if hours is None else NOW + timedelta(hours=hours)
    return Mute(1, DELIVERY.chat_id, kind, name, until, NOW, target)


# ------------------------------------------------------------ moments


@pytest.mark.parametrize(
    ("zone", "rhythm", "now", "at"),
    [
        pytest.param("UTC", DAILY, "2024-06-19T07:59", "2024-06-19T08:00", id="today"),
        pytest.param("UTC", DAILY, "2024-06-19T08:00", "2024-06-20T08:00", id="at the very moment: tomorrow"),
        pytest.param("Asia/Seoul", DAILY, "2024-06-19T12:00", "2024-06-19T23:00", id="another day there already"),
        pytest.param("America/Los_Angeles", DAILY, "2024-06-19T04:00", "2024-06-19T15:00", id="still the day before"),
        pytest.param("Pacific/Kiritimati", DAILY, "2024-06-19T17:59", "2024-06-19T18:00", id="fourteen hours ahead"),
        pytest.param("Asia/Kolkata", DAILY, "2024-06-19T00:00", "2024-06-19T02:30", id="half an hour off"),
        pytest.param(
            "Asia/Kolkata", Rhythm(Every.HOURLY), "2024-06-19T10:10", "2024-06-19T10:30", id="their full hour"
        ),
        pytest.param(
            "Asia/Kathmandu", Rhythm(Every.HOURLY), "2024-06-19T10:10", "2024-06-19T10:15", id="a quarter off"
        ),
        pytest.param("UTC", Rhythm(Every.HOURLY), "2024-06-19T23:59:59", "2024-06-20T00:00", id="hourly, at midnight"),
        pytest.param(
            "Europe/Berlin", Rhythm(Every.WEEKLY, time(8), 0), "2024-06-19T12:00", "2024-06-24T06:00", id="next Monday"
        ),
        pytest.param(
            "Europe/Berlin",
            Rhythm(Every.WEEKLY, time(8), 2),
            "2024-06-19T05:59",
            "2024-06-19T06:00",
            id="this Wednesday",
        ),
        pytest.param(
            "Europe/Berlin", Rhythm(Every.WEEKLY, time(8), 2), "2024-06-19T06:00", "2024-06-26T06:00", id="in a week"
        ),
        pytest.param("Europe/Berlin", DAILY, "2024-03-30T08:00", "2024-03-31T06:00", id="spring: an hour sooner"),
        pytest.param("Europe/Berlin", DAILY, "2024-10-26T08:00", "2024-10-27T07:00", id="autumn: an hour later"),
        pytest.param(
            "Europe/Berlin",
            Rhythm(Every.DAILY, time(2, 30)),
            "2024-03-30T12:00",
            "2024-03-31T01:30",
            id="a time that is skipped comes as much later: 03:30",
        ),
        pytest.param(
            "Europe/Berlin",
            Rhythm(Every.DAILY, time(2, 30)),
            "2024-10-26T12:00",
            "2024-10-27T00:30",
            id="a time that comes twice: the first",
        ),
        pytest.param(
            "Europe/Berlin",
            Rhythm(Every.DAILY, time(2, 30)),
            "2024-10-27T00:30",
            "2024-10-28T01:30",
            id="... and not the second",
        ),
        pytest.param(
            "Pacific/Apia", DAILY, "2011-12-29T20:00", "2011-12-30T18:00", id="a day that did not exist: Samoa"
        ),
        pytest.param(
            "America/Havana",
            Rhythm(Every.DAILY, time(0)),
            "2024-03-09T12:00",
            "2024-03-10T05:00",
            id="no midnight: Cuba",
        ),
    ],
)
def test_the_next_digest(zone: str, rhythm: Rhythm, now: str, at: str) -> None:
    assert next_digest(ChatSettings(zone=zone, digest=rhythm), utc(now)) == utc(at)


@pytest.mark.parametrize(
    ("rhythm", "now", "at"),
    [
        pytest.param(Rhythm(Every.DAILY, time(6)), "2024-06-19T00:00", "2024-06-19T05:00", id="still to fall in them"),
        pytest.param(Rhythm(Every.DAILY, time(6)), "2024-06-19T04:30", "2024-06-19T05:00", id="fell in them before"),
        pytest.param(Rhythm(Every.DAILY, time(23)), "2024-06-18T22:30", "2024-06-19T05:00", id="fell before midnight"),
        pytest.param(Rhythm(Every.DAILY, time(22)), "2024-06-18T20:00", "2024-06-19T05:00", id="as they began"),
        pytest.param(Rhythm(Every.DAILY, time(21)), "2024-06-18T22:30", "2024-06-19T19:00", id="before they began"),
        pytest.param(Rhythm(Every.DAILY, time(6)), "2024-06-19T05:00", "2024-06-20T05:00", id="at their end"),
        pytest.param(
            Rhythm(Every.WEEKLY, time(6), 2), "2024-06-19T04:30", "2024-06-19T05:00", id="the one of the week"
        ),
        pytest.param(Rhythm(Every.HOURLY), "2024-06-18T22:30", "2024-06-19T05:00", id="every hour"),
    ],
)
def test_a_digest_in_quiet_hours_comes_at_their_end(rhythm: Rhythm, now: str, at: str) -> None:
    assert next_digest(replace(BERLIN, digest=rhythm, quiet=NIGHT), utc(now)) == utc(at)


def test_who_takes_no_digests_has_no_next_one() -> None:
    with pytest.raises(ValueError, match="no digests"):
        next_digest(BERLIN, NOW)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        pytest.param(NIGHT, "2024-06-19T19:59", None, id="before"),
        pytest.param(NIGHT, "2024-06-19T20:00", "2024-06-20T05:00", id="from its first minute"),
        pytest.param(NIGHT, "2024-06-20T02:00", "2024-06-20T05:00", id="after midnight"),
        pytest.param(NIGHT, "2024-06-20T05:00", None, id="not at its end"),
        pytest.param(QuietHours(time(12), time(13)), "2024-06-19T10:30", "2024-06-19T11:00", id="within a day"),
        pytest.param(NIGHT, "2024-03-30T22:00", "2024-03-31T05:00", id="a short night in spring"),
        pytest.param(NIGHT, "2024-10-26T22:00", "2024-10-27T06:00", id="a long night in autumn"),
        pytest.param(
            QuietHours(time(22), time(2, 30)),
            "2024-10-27T00:29",
            "2024-10-27T00:30",
            id="ends in the hour that repeats",
        ),
        pytest.param(QuietHours(time(22), time(2, 30)), "2024-10-27T01:10", None, id="... and does not begin again"),
        pytest.param(
            QuietHours(time(22), time(2, 30)),
            "2024-03-31T01:10",
            "2024-03-31T01:30",
            id="ends in the hour that is skipped",
        ),
    ],
)
def test_quiet_hours_in_berlin(quiet: QuietHours, now: str, until: str | None) -> None:
    assert quiet_until(replace(BERLIN, quiet=quiet), utc(now)) == (utc(until) if until else None)


zones = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Asia/Tehran",
    ]
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(zones, moments, clocks, st.sampled_from([Every.HOURLY, Every.DAILY, Every.WEEKLY]), st.integers(0, 6))
def test_a_digest_is_always_ahead_and_never_far(zone: str, now: datetime, at: time, every: Every, weekday: int) -> None:
    settings = ChatSettings(zone=zone, digest=Rhythm(every, at, weekday))
    following = next_digest(settings, now)
    most = {
        Every.HOURLY: timedelta(hours=1),
        Every.DAILY: timedelta(hours=26),
        Every.WEEKLY: timedelta(days=7, hours=2),
    }
    assert now < following <= now + most[every]
    assert next_digest(settings, following) > following, "a machine that wakes at the moment does not send it twice"


@given(zones, moments, clocks, clocks)
def test_quiet_hours_end(zone: str, now: datetime, start: time, end: time) -> None:
    settings = ChatSettings(zone=zone, quiet=QuietHours(start, end) if start != end else None)
    until = quiet_until(settings, now)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert quiet_until(settings, until) is None


@given(zones, moments)
def test_an_hour_began_within_the_hour(zone: str, now: datetime) -> None:
    assert timedelta() <= now - hour_began(ChatSettings(zone=zone), now) < timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "after", "held", "capped"),
    [
        pytest.param({"digest": DAILY}, {}, EARLY, HOUR_ENDS, id="one by one again"),
        pytest.param({}, {"quiet": NIGHT}, utc("2024-06-19T05:00"), utc("2024-06-19T05:00"), id="quiet hours"),
        pytest.param({"quiet": NIGHT}, {}, EARLY, HOUR_ENDS, id="quiet hours no more"),
        pytest.param({}, {"digest": DAILY}, utc("2024-06-19T06:00"), utc("2024-06-19T06:00"), id="a digest"),
        pytest.param(
            {}, {"quiet": NIGHT, "digest": DAILY}, utc("2024-06-19T06:00"), utc("2024-06-19T06:00"), id="both"
        ),
        pytest.param({"digest": DAILY}, {"cap": 0}, EARLY, EARLY, id="one by one, without a cap"),
        pytest.param({"cap": 5}, {"cap": 6}, None, EARLY, id="a higher cap"),
        pytest.param({"cap": 5}, {"cap": 0}, None, EARLY, id="no cap"),
        pytest.param({"cap": 5, "quiet": NIGHT}, {"cap": 0, "quiet": NIGHT}, None, utc("2024-06-19T05:00"), id="night"),
        pytest.param({"cap": 5}, {"cap": 4}, None, None, id="a lower cap"),
        pytest.param({"cap": 0}, {"cap": 4}, None, None, id="a cap where there was none"),
        pytest.param({"digest": DAILY, "cap": 5}, {"digest": DAILY, "cap": 9}, None, None, id="a cap beside a digest"),
        pytest.param({}, {"lang": "ko"}, None, None, id="a language"),
        pytest.param({}, {"urgent": True}, None, None, id="breaking stories"),
        pytest.param({"lang": "ko"}, {"lang": "ko"}, None, None, id="nothing"),
    ],
)
def test_what_is_held_comes_when_new_settings_say(
    before: dict[str, Any], after: dict[str, Any], held: datetime | None, capped: datetime | None
) -> None:
    until = releases(replace(BERLIN, **before), replace(BERLIN, **after), EARLY)
    assert (until.get(Hold.QUIET), until.get(Hold.DIGEST), until.get(Hold.CAPPED)) == (held, held, capped)


# ------------------------------------------------------------ the decision


def around(
    settings: ChatSettings = BERLIN, *mutes: Mute, sent: int = 0, waiting: Delivery | None = None
) -> Circumstances:
    return Circumstances(settings, mutes, tuple(EARLY - timedelta(minutes=5 + place) for place in range(sent)), waiting)


QUIET = replace(BERLIN, quiet=NIGHT)
DIGEST = replace(BERLIN, digest=DAILY)
QUIET_END, DIGEST_AT, HOUR_END = utc("2024-06-19T05:00"), utc("2024-06-19T06:00"), utc("2024-06-19T01:00")
BREAKING = replace(ALERT, at=EARLY - timedelta(minutes=30), others=tuple("ABCD"), origins=("A", "B"))
HELD_STORY = replace(DELIVERY, id=4, state=DeliveryState.HELD, held_for=Hold.QUIET, not_before=QUIET_END)


@pytest.mark.parametrize(
    ("delivery", "alert", "what", "expected"),
    [
        pytest.param(DELIVERY, ALERT, around(), None, id="nothing speaks against it"),
        pytest.param(DELIVERY, ALERT, around(QUIET), Wait(Hold.QUIET, QUIET_END), id="quiet hours"),
        pytest.param(DELIVERY, ALERT, around(DIGEST), Wait(Hold.DIGEST, DIGEST_AT), id="digests"),
        pytest.param(
            DELIVERY, ALERT, around(replace(QUIET, digest=DAILY)), Wait(Hold.DIGEST, DIGEST_AT), id="digests and quiet"
        ),
        pytest.param(DELIVERY, ALERT, around(sent=11), None, id="the twelfth of the hour"),
        pytest.param(DELIVERY, ALERT, around(sent=12), Wait(Hold.CAPPED, HOUR_END), id="the thirteenth"),
        pytest.param(DELIVERY, ALERT, around(replace(BERLIN, cap=0), sent=25), None, id="no cap"),
        pytest.param(
            replace(DELIVERY, action=Action.REPLY),
            ALERT,
            around(QUIET),
            Wait(Hold.QUIET, QUIET_END),
            id="a development",
        ),
        pytest.param(replace(DELIVERY, action=Action.EDIT), ALERT, around(QUIET), None, id="an edit makes no sound"),
        pytest.param(
            replace(DELIVERY, action=Action.EDIT, bundle_id=9),
            ALERT,
            around(QUIET),
            Wait(Hold.QUIET, QUIET_END),
            id="an edit that carries a digest does",
        ),
        pytest.param(replace(DELIVERY, asked=True), ALERT, around(QUIET), None, id="somebody asked for it"),
        pytest.param(replace(DELIVERY, maybe_sent=True), ALERT, around(QUIET), None, id="begun before: is finished"),
        pytest.param(replace(DELIVERY, bundle_id=3), ALERT, around(DIGEST), None, id="a digest itself"),
        pytest.param(
            replace(DELIVERY, bundle_id=3),
            ALERT,
            around(QUIET),
            Wait(Hold.QUIET, QUIET_END),
            id="a digest that is late",
        ),
        pytest.param(DELIVERY, BREAKING, around(QUIET), Wait(Hold.QUIET, QUIET_END), id="breaking, not asked for"),
        pytest.param(DELIVERY, BREAKING, around(replace(QUIET, urgent=True)), None, id="breaking, at night"),
        pytest.param(DELIVERY, BREAKING, around(replace(DIGEST, urgent=True)), None, id="breaking, between digests"),
        pytest.param(
            DELIVERY, BREAKING, around(replace(BERLIN, urgent=True), sent=12), None, id="breaking, over the cap"
        ),
        pytest.param(
            DELIVERY,
            ALERT,
            around(replace(QUIET, urgent=True)),
            Wait(Hold.QUIET, QUIET_END),
            id="urgent on, not urgent",
        ),
        pytest.param(
            replace(DELIVERY, action=Action.REPLY),
            ALERT,
            around(BERLIN, waiting=HELD_STORY),
            Wait(Hold.QUIET, QUIET_END),
            id="its story is held: together",
        ),
        pytest.param(
            DELIVERY,
            ALERT,
            around(BERLIN, waiting=replace(HELD_STORY, held_for=Hold.MUTED)),
            None,
            id="its story was muted and is no longer",
        ),
        pytest.param(
            DELIVERY,
            BREAKING,
            around(replace(BERLIN, urgent=True), mute(MuteKind.ALL, hours=None)),
            Wait(Hold.MUTED, None),
            id="a mute is stronger than breaking news",
        ),
    ],
)
def test_the_decision(delivery: Delivery, alert: Alert, what: Circumstances, expected: Wait | None) -> None:
    assert decide(alert, delivery, what, EARLY) == expected


def test_the_cap_counts_the_hour_of_the_clock() -> None:
    sent = tuple(utc("2024-06-19T09:50") for _ in range(12))
    what = Circumstances(BERLIN, sent=sent)
    assert decide(ALERT, DELIVERY, what, utc("2024-06-19T09:59")) == Wait(Hold.CAPPED, utc("2024-06-19T10:00"))
    assert decide(ALERT, DELIVERY, what, utc("2024-06-19T10:01")) is None


TOLD = replace(ALERT, source="Tass", others=("RIA",))
ABOUT = replace(DELIVERY, topics=("Arms", "Trade"), story_id=5)


@pytest.mark.parametrize(
    ("mutes", "silent"),
    [
        pytest.param([], False, id="none"),
        pytest.param([mute(MuteKind.ALL)], True, id="everything"),
        pytest.param([mute(MuteKind.STORY, "x", target=5)], True, id="its story"),
        pytest.param([mute(MuteKind.STORY, "x", target=6)], False, id="another story"),
        pytest.param([mute(MuteKind.TOPIC, "Arms")], False, id="one of two topics"),
        pytest.param([mute(MuteKind.TOPIC, "ARMS"), mute(MuteKind.TOPIC, "trade")], True, id="both topics"),
        pytest.param([mute(MuteKind.OUTLET, "TASS")], False, id="one of two outlets"),
        pytest.param([mute(MuteKind.OUTLET, "TASS"), mute(MuteKind.OUTLET, "ria")], True, id="both outlets"),
        pytest.param([mute(MuteKind.TOPIC, "Arms"), mute(MuteKind.OUTLET, "TASS")], False, id="half of each"),
        pytest.param([mute(MuteKind.ALL, hours=0)], False, id="it ran out"),
        pytest.param([mute(MuteKind.ALL, hours=None)], True, id="for good"),
    ],
)
def test_what_a_mute_silences(mutes: list[Mute], silent: bool) -> None:  # noqa: FBT001 - a table's column
    assert (muting(TOLD, ABOUT, mutes, NOW) is not None) is silent


def test_the_mute_that_lasts_longest_says_until_when() -> None:
    short, long = mute(MuteKind.ALL, hours=1), mute(MuteKind.STORY, target=5, hours=9)
    assert muting(TOLD, ABOUT, [short, long], NOW) == long
    first, last = mute(MuteKind.TOPIC, "Arms", hours=1), mute(MuteKind.TOPIC, "Trade", hours=9)
    assert muting(TOLD, ABOUT, [first, last], NOW) == first, "together they hold as long as each does"


@pytest.mark.parametrize(
    ("outlets", "origins", "minutes", "urgent"),
    [
        pytest.param(1, 1, 5, False, id="the first outlet alone"),
        pytest.param(URGENT_OUTLETS - 1, 3, 5, False, id="a few outlets"),
        pytest.param(URGENT_OUTLETS, 1, 5, False, id="many that print one agency"),
        pytest.param(URGENT_OUTLETS, 2, 59, True, id="many of several origins within the hour"),
        pytest.param(URGENT_OUTLETS, 2, 61, False, id="the same, hours later"),
        pytest.param(URGENT_OUTLETS, 0, 5, True, id="origins unknown: each stands for itself"),
    ],
)
def test_what_is_urgent(outlets: int, origins: int, minutes: int, urgent: bool) -> None:  # noqa: FBT001 - a table's column
    others = tuple(f"O{number}" for number in range(outlets - 1))
    told = replace(ALERT, at=NOW - timedelta(minutes=minutes), others=others, origins=tuple("abc"[:origins]))
    assert is_urgent(told, NOW) is urgent


def test_what_escalates_is_urgent() -> None:
    assert is_urgent(replace(ALERT, escalates=True), NOW + timedelta(days=1))
