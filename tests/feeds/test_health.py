from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import limits
from bot.errors import FeedParseError, FetchError, HttpStatusError, UnsafeAddressError
from bot.feeds.health import Answered, Failed, Outcome, Postponed, Unchanged, jitter, next_poll
from bot.model import Feed, FeedState, Poll

NOW = datetime(2024, 6, 17, 12, 0, tzinfo=UTC)
FEED = Feed(5, "https://example.com/feed", "The Example", NOW, baselined=True)


def dates(*hours_ago: float) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(hours=hours) for hours in hours_ago)


def interval_s(outcome: Outcome, feed: Feed = FEED, **extra: tuple[float, float]) -> int:
    return next_poll(feed, now=NOW, outcome=outcome, **extra).interval_s


def wait_s(poll: Poll) -> float:
    return (poll.next_poll_at - NOW).total_seconds()


# ---------------------------------------------------------------- the interval


@pytest.mark.parametrize(
    ("outcome", "expected_s"),
    [
        pytest.param(Answered(dates=dates(0.1, 1.1, 2.1, 3.1)), 1800, id="hourly-feed-half-an-hour"),
        pytest.param(Answered(dates=dates(0, 0.01, 0.02, 0.03)), 300, id="wire-at-the-minimum"),
        pytest.param(Answered(dates=dates(1, 200, 400)), 3600, id="monthly-at-the-maximum"),
        pytest.param(Answered(dates=dates(3, 3.1, 3.2)), 2700, id="quiet-since-a-while"),
        pytest.param(Answered(dates=dates(0.1, 0.2, 0.3), hint_s=1800), 1800, id="ttl-is-kept-to"),
        pytest.param(Answered(dates=dates(0.1, 0.2, 0.3), hint_s=86_400), 3600, id="ttl-within-reason"),
        pytest.param(Answered(dates=dates(0, 0.01, 0.02), ttl_s=1800), 1800, id="the-documents-own-ttl"),
        pytest.param(Answered(dates=dates(0, 0.01, 0.02), ttl_s=14_400), 3600, id="a-ttl-of-hours"),
        pytest.param(Answered(dates=dates(0, 0.01, 0.02), ttl_s=3600), 300, id="a-templates-hour-is-no-wish"),
        pytest.param(Answered(dates=dates(0, 0.01, 0.02), ttl_s=3600, hint_s=900), 900, id="a-templates-and-max-age"),
        pytest.param(Answered(dates=dates(0, 0.01, 0.02), hint_s=3600), 3600, id="the-servers-own-hour"),
        pytest.param(Answered(dates=dates(-5, 0.1, 1.1)), 1800, id="future-dates-do-not-count"),
        pytest.param(Answered(new=3), 450, id="undated-and-busy"),
        pytest.param(Answered(), 1125, id="undated-and-idle"),
        pytest.param(Unchanged(), 1125, id="unchanged-and-nothing-known"),
        pytest.param(Unchanged(hint_s=1800), 1800, id="unchanged-with-max-age"),
    ],
)
def test_the_interval_follows_the_feed(outcome: Outcome, expected_s: int) -> None:
    assert interval_s(outcome) == expected_s


@pytest.mark.parametrize(("hours", "expected_s"), [(0.5, 900), (2, 1800), (100, 3600)])
def test_an_unchanged_feed_is_asked_less_the_longer_it_is_quiet(hours: float, expected_s: int) -> None:
    feed = replace(FEED, last_entry_at=NOW - timedelta(hours=hours))
    assert interval_s(Unchanged(), feed) == expected_s


def test_a_setting_lowers_the_minimum() -> None:
    assert interval_s(Answered(dates=dates(0, 0.001, 0.002)), bounds_s=(1, 60)) == 1


def test_a_first_poll_sets_the_baseline_and_keeps_what_the_server_said() -> None:
    feed = replace(FEED, baselined=False, failures=3)
    outcome = Answered(title="New title", lang="ru", etag='W/"1"', last_modified="then")
    poll = next_poll(feed, now=NOW, outcome=outcome)
    assert (poll.baselined, poll.failures, poll.error, poll.state) == (True, 0, None, FeedState.ACTIVE)
    assert (poll.title, poll.lang, poll.etag, poll.last_modified, poll.url) == (
        "New title",
        "ru",
        'W/"1"',
        "then",
        None,
    )


@pytest.mark.parametrize(
    ("feed", "cut", "baselined"),
    [
        pytest.param({}, True, False, id="the first answer is cut: the next one holds what was lost"),
        pytest.param({}, False, True, id="the first answer is whole"),
        pytest.param({"last_polled_at": NOW}, True, True, id="the second is cut, too: it never ends"),
        pytest.param({"last_polled_at": NOW, "failures": 2}, True, False, id="failures only before"),
    ],
)
def test_a_first_answer_that_is_cut_sets_no_baseline(feed: dict[str, Any], cut: bool, baselined: bool) -> None:  # noqa: FBT001 - a row of the table
    first = replace(FEED, baselined=False, **feed)
    assert next_poll(first, now=NOW, outcome=Answered(cut=cut)).baselined is baselined


@pytest.mark.parametrize("outcome", [Unchanged(), Failed(FetchError("x"))], ids=["unchanged", "failed"])
def test_nothing_but_an_answer_sets_the_baseline(outcome: Outcome) -> None:
    assert next_poll(replace(FEED, baselined=False), now=NOW, outcome=outcome).baselined is False
    assert next_poll(FEED, now=NOW, outcome=outcome).baselined is True


@pytest.mark.parametrize(
    ("times", "url"), [(1, None), (2, None), (3, "https://new.example/"), (9, "https://new.example/")]
)
def test_a_permanent_move_is_followed_after_three_repeats(times: int, url: str | None) -> None:
    outcome = Answered(moved_to="https://new.example/", moved_times=times)
    assert next_poll(FEED, now=NOW, outcome=outcome).url == url


# ---------------------------------------------------------------- failures


def test_failures_back_off_to_a_day_and_never_stop() -> None:
    feed = FEED
    waits = []
    for _ in range(30):
        poll = next_poll(feed, now=NOW, outcome=Failed(FeedParseError("this is a web page, not a feed")))
        assert (poll.state, poll.interval_s) == (FeedState.ACTIVE, FEED.interval_s)
        waits.append(wait_s(poll))
        feed = replace(feed, failures=poll.failures)
    assert feed.failures == 30
    assert waits == sorted(waits)
    assert 800 < waits[0] < 1000
    assert 1.9 < waits[1] / waits[0] < 2.1
    assert waits[-1] == limits.BACKOFF_CAP_S
    assert poll.error == "this is a web page, not a feed"


def test_what_could_not_be_stored_is_held_against_no_feed() -> None:
    feed = replace(FEED, failures=4, last_error="it is slow")
    poll = next_poll(feed, now=NOW, outcome=Postponed())
    assert (poll.failures, poll.error, poll.state) == (4, "it is slow", FeedState.ACTIVE)
    assert 800 < wait_s(poll) < 1000


@pytest.mark.parametrize(
    ("retry_after_s", "at_least_s", "at_most_s"),
    [
        pytest.param(7200.0, 7200, 7200, id="kept-to"),
        pytest.param(1.0, 800, 1000, id="never-sooner-than-our-own-back-off"),
        pytest.param(1e9, limits.RETRY_AFTER_CAP_S, limits.RETRY_AFTER_CAP_S, id="capped-at-a-week"),
        pytest.param(None, 800, 1000, id="none-named"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept(status: int, retry_after_s: float | None, at_least_s: float, at_most_s: float) -> None:
    error = HttpStatusError("x", status=status, retry_after_s=retry_after_s)
    assert at_least_s <= wait_s(next_poll(FEED, now=NOW, outcome=Failed(error))) <= at_most_s


def test_410_ends_a_feed_and_404_does_not() -> None:
    assert next_poll(FEED, now=NOW, outcome=Failed(HttpStatusError("x", status=410))).state is FeedState.GONE
    assert next_poll(FEED, now=NOW, outcome=Failed(HttpStatusError("x", status=404))).state is FeedState.ACTIVE


def test_an_unsafe_address_is_tried_once_a_day() -> None:
    assert wait_s(next_poll(FEED, now=NOW, outcome=Failed(UnsafeAddressError("x")))) == limits.BACKOFF_CAP_S


# ---------------------------------------------------------------- jitter


def test_jitter_spreads_feeds_evenly_within_a_tenth() -> None:
    factors = sorted(jitter(feed_id) for feed_id in range(2000))
    assert 0.9 <= factors[0] < 0.91
    assert 1.09 < factors[-1] <= 1.1
    assert 0.99 < factors[1000] < 1.01


@settings(deadline=None)  # the machine may be busy
@given(
    st.integers(1, 10**9),
    st.floats(1, 10**6),
    st.one_of(
        st.builds(Unchanged, hint_s=st.one_of(st.none(), st.integers(0, 10**9))),
        st.builds(
            Answered,
            dates=st.lists(st.datetimes(timezones=st.just(UTC)), max_size=5).map(tuple),
            new=st.integers(0, 9),
            hint_s=st.one_of(st.none(), st.integers(0, 10**9)),
        ),
        st.builds(Failed, st.just(FetchError("x"))),
    ),
)
def test_the_next_poll_is_always_ahead_and_never_far(feed_id: int, current_s: float, outcome: Outcome) -> None:
    feed = replace(FEED, id=feed_id, interval_s=int(current_s))
    wait = wait_s(next_poll(feed, now=NOW, outcome=outcome))
    assert 0.89 * limits.POLL_INTERVAL_MIN_S <= wait <= max(1.11 * limits.POLL_INTERVAL_MAX_S, limits.BACKOFF_CAP_S)


# ---------------------------------------------------------------- hours that it asks to skip


NOON = 1 << 12


@pytest.mark.parametrize(
    ("feed", "outcome", "due_in_s"),
    [
        pytest.param(FEED, Answered(dates=dates(0, 0.01), skips=NOON), (3600, 3600 + 60), id="until the hour is over"),
        pytest.param(FEED, Answered(dates=dates(0, 0.01), skips=NOON << 1), (270, 330), id="another hour"),
        pytest.param(replace(FEED, skips=NOON), Unchanged(), (3600, 3600 + 60), id="known from before"),
        pytest.param(replace(FEED, skips=NOON), Answered(dates=dates(0, 0.01)), (270, 330), id="not asked any more"),
        pytest.param(
            FEED, Answered(dates=dates(0, 0.01), skips=NOON * 15), (3600, 3600 + 60), id="never past the longest"
        ),
    ],
)
def test_hours_that_a_feed_asks_to_skip_are_skipped(
    feed: Feed, outcome: Outcome, due_in_s: tuple[float, float]
) -> None:
    least_s, most_s = due_in_s
    assert least_s <= wait_s(next_poll(feed, now=NOW, outcome=outcome)) <= most_s


def test_what_a_feed_asks_to_skip_is_written_down_where_it_answered() -> None:
    assert next_poll(FEED, now=NOW, outcome=Answered(skips=NOON)).skips == NOON
    assert next_poll(replace(FEED, skips=NOON), now=NOW, outcome=Answered()).skips == 0
    assert next_poll(replace(FEED, skips=NOON), now=NOW, outcome=Unchanged()).skips is None
