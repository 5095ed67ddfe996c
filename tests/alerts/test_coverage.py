"""Silence means something where it is far longer than is usual and the feeds are well; else the feeds are spoken of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.coverage import ALL, judged, silence_of
from bot.alerts.notices import compose_notice
from bot.model import Feed, FeedState, Notice, NoticeKind, TopicCoverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import NewNotice

NOW = datetime(2024, 6, 20, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)


def topic(*ages_days: float, since: datetime = LONG_AGO, name: str = "Arms", topic_id: int = 1) -> TopicCoverage:
    """A topic whose stories began so many days ago."""
    return TopicCoverage(topic_id, name, since, tuple(sorted(NOW - timedelta(days=age) for age in ages_days)))


def regular(gap_days: float, *, quiet_days: float, stories: int = 20) -> TopicCoverage:
    return topic(*(quiet_days + gap_days * place for place in range(stories)))


def feeds(well: int = 4, failing: int = 0, *, failing_h: float = 48, gone: int = 0) -> list[Feed]:
    polled = NOW - timedelta(minutes=10)
    since = NOW - timedelta(hours=failing_h)
    good = [Feed(n, f"https://{n}.example/", f"F{n}", NOW, last_polled_at=polled) for n in range(well)]
    bad = [
        Feed(100 + n, f"https://b{n}.example/", "B", NOW, failures=9, last_polled_at=polled, failing_since=since)
        for n in range(failing)
    ]
    ended = [Feed(200 + n, f"https://g{n}.example/", "G", NOW, state=FeedState.GONE) for n in range(gone)]
    return [*good, *bad, *ended]


def said(topics: Sequence[TopicCoverage], have: Sequence[Feed]) -> list[NoticeKind]:
    return [notice.kind for notice in judged(topics, have, NOW).say]


QUIET, FAILING = NoticeKind.QUIET, NoticeKind.FEEDS_FAILING


@pytest.mark.parametrize(
    ("topics", "have", "expected"),
    [
        pytest.param([regular(1.2, quiet_days=9)], feeds(14), [QUIET], id="nine days where 1.2 are usual"),
        pytest.param([regular(1.2, quiet_days=5)], feeds(14), [], id="five days are within reason"),
        pytest.param([regular(1.2, quiet_days=9)], feeds(11, 3), [FAILING], id="3 of 14 feeds fail"),
        pytest.param(
            [regular(1.2, quiet_days=0.5)], feeds(11, 3), [FAILING], id="failing feeds are said by themselves"
        ),
        pytest.param([regular(1.2, quiet_days=9)], feeds(11, 3, failing_h=1), [QUIET], id="failing for an hour only"),
        pytest.param([regular(1.2, quiet_days=9)], feeds(12, 2), [QUIET], id="two of 14 do not explain it"),
        pytest.param([regular(1.2, quiet_days=9)], feeds(0, 1), [FAILING], id="the only feed fails"),
        pytest.param([regular(1.2, quiet_days=9)], feeds(11, 1, gone=2), [FAILING], id="ended feeds count"),
        pytest.param([regular(1.2, quiet_days=9, stories=4)], feeds(), [], id="four stories are no history"),
        pytest.param([regular(0.1, quiet_days=1)], feeds(), [], id="a night's silence"),
        pytest.param([regular(30, quiet_days=100)], feeds(), [], id="a slow topic has time"),
        pytest.param([topic(9, 9.1, 9.2, 25, 25.1, 40, 40.1, 40.2)], feeds(), [], id="bursts with such lulls before"),
        pytest.param([regular(1.2, quiet_days=9)], [], [], id="no feed, no news"),
        pytest.param([], feeds(2, 8), [FAILING], id="no topic, but feeds fail"),
        pytest.param(
            [topic(*range(300, 340), since=NOW - timedelta(days=2))], feeds(), [], id="an archive that ended long ago"
        ),
    ],
)
def test_what_silence_means(topics: list[TopicCoverage], have: list[Feed], expected: list[NoticeKind]) -> None:
    assert said(topics, have) == expected


def test_while_the_bot_was_away_nothing_is_known() -> None:
    stale = [Feed(1, "https://1.example/", "F", NOW, last_polled_at=NOW - timedelta(days=3))]
    assert judged([regular(1.2, quiet_days=9)], stale, NOW).say == ()


def test_each_alarm_is_over_when_what_it_spoke_of_has_passed() -> None:
    well = judged([regular(1.2, quiet_days=0.5)], feeds(14), NOW)
    assert set(well.over) == {(QUIET, "1"), (FAILING, ALL)}
    # One feed that still fails does not bring the alarm back each time that a second one joins it.
    assert (FAILING, ALL) in judged([], feeds(13, 1), NOW).over
    assert (FAILING, ALL) not in judged([], feeds(12, 2), NOW).over
    # While feeds fail, a topic that was said to be quiet is neither said again nor over.
    assert judged([regular(1.2, quiet_days=9)], feeds(11, 3), NOW).over == ()


def test_the_words_tell_the_two_apart_and_offer_what_helps() -> None:
    quiet = worded(judged([regular(1.2, quiet_days=9)], feeds(14), NOW).say[0])
    assert quiet[0].startswith("Arms: quiet for 9 days (usual gap 1.2).")
    assert quiet[1] == ["Wider", "Test", "Feeds", "Lists of feeds"]
    failing = worded(judged([regular(1.2, quiet_days=9)], feeds(11, 3), NOW).say[0])
    assert failing[0].startswith("⚠ 3 of 14 feeds are failing.")
    assert "longer than usual: “Arms”" in failing[0]
    assert failing[1] == ["Feeds", "Lists of feeds"]


def worded(notice: NewNotice) -> tuple[str, list[str]]:
    message = compose_notice(Notice(1, 1, notice.kind, notice.subject, notice.facts, NOW, NOW))
    return message.plain_text, [button.label for row in message.buttons for button in row]


ages = st.lists(st.floats(0, 300), max_size=60)


@given(ages, st.floats(0, 300), st.integers(0, 12), st.integers(0, 12))
def test_the_decision_is_sound(ages_days: list[float], watched_days: float, well: int, failing: int) -> None:
    watched = topic(*ages_days, since=NOW - timedelta(days=watched_days))
    have = feeds(well, failing)
    verdict = judged([watched], have, NOW)
    kinds = [notice.kind for notice in verdict.say]
    assert len(kinds) <= 1
    assert not {(notice.kind, notice.subject) for notice in verdict.say} & set(verdict.over)
    if kinds == [QUIET]:
        assert len(ages_days) >= 5
        assert min(*ages_days, watched_days) >= 2
        assert failing < 3 or failing < 0.2 * (well + failing)
    silence = silence_of(watched, NOW)
    assert silence is None or timedelta(0) <= silence.usual <= silence.longest


@given(ages.filter(lambda some: len(some) >= 5), st.floats(0, 100))
def test_a_longer_silence_is_never_less_of_one(ages_days: list[float], more_days: float) -> None:
    shorter = said([topic(*ages_days)], feeds())
    longer = [
        notice.kind for notice in judged([topic(*ages_days)], [*later(more_days)], NOW + timedelta(days=more_days)).say
    ]
    assert shorter != [QUIET] or longer == [QUIET]


def later(days: float) -> list[Feed]:
    return [Feed(1, "https://1.example/", "F", NOW, last_polled_at=NOW + timedelta(days=days))]
