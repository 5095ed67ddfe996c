"""Whether silence means something: a topic that is quiet is told apart from feeds that fail. Pure.

A topic is quiet once nothing has come for several times its usual gap, and for longer than any gap that is remembered.
Where too many of the chat's feeds fail, silence says nothing about the topic, and the feeds are what is spoken of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Final

from bot.model import FeedState, NewNotice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Feed, TopicCoverage

STORIES_NEEDED: Final = 5
STORIES_REMEMBERED: Final = 40
QUIET_TIMES: Final = 5
"""So many usual gaps. Were stories independent of each other, a gap as long would come once in 150."""
QUIET_LEAST: Final = timedelta(days=2)
LONGEST_LEFT_OUT: Final = 0.1
"""Of the gaps, so many of the longest do not count for the usual one: a summer's break is not what is usual."""

FAILING_FOR: Final = timedelta(hours=6)
FAILING_LEAST: Final = 3
FAILING_SHARE: Final = 0.2
UNPOLLED_FOR: Final = timedelta(days=1)
NAMES_SAID: Final = 3
ALL: Final = "all"
"""The subject of a notice about all of a chat's feeds."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Health:
    """A chat's feeds: how many there are, and how many have failed or been gone for hours."""

    feeds: int
    failing: int

    @property
    def is_bad(self) -> bool:
        """Whether so many fail that silence says nothing."""
        enough = self.failing >= FAILING_LEAST and self.failing >= FAILING_SHARE * self.feeds
        return enough or 0 < self.feeds == self.failing

    @property
    def is_well(self) -> bool:
        """Whether what was said of failing feeds is over: hardly any fails, so that one which flaps is not news."""
        return self.failing <= 1 and self.failing < max(self.feeds, 1)


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing has come, and how long that usually takes."""

    lasted: timedelta
    usual: timedelta
    longest: timedelta

    @property
    def is_quiet(self) -> bool:
        """Whether it is worth a word."""
        return self.lasted >= max(QUIET_LEAST, QUIET_TIMES * self.usual) and self.lasted > self.longest


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to say to a chat, and what is over, so that it may be said again."""

    say: tuple[NewNotice, ...] = ()
    over: tuple[tuple[NoticeKind, str], ...] = ()


def judged(topics: Sequence[TopicCoverage], feeds: Sequence[Feed], now: datetime) -> Verdict:
    """What the silence of a chat's topics and the state of its feeds come to."""
    health = health_of(feeds, now)
    if not health.feeds or not _are_polled(feeds, now):
        # Nothing can come, or nobody asked: the bot itself was away.
        return Verdict()
    silences = {topic.topic_id: silence_of(topic, now) for topic in topics}
    quiet = [topic for topic in topics if (found := silences[topic.topic_id]) is not None and found.is_quiet]
    loud = tuple((NoticeKind.QUIET, str(topic.topic_id)) for topic in topics if topic not in quiet)
    if health.is_bad:
        return Verdict((_feeds_failing(health, quiet),), loud)
    said = tuple(_quiet(topic, silence, health) for topic in quiet if (silence := silences[topic.topic_id]))
    return Verdict(said, (*loud, (NoticeKind.FEEDS_FAILING, ALL)) if health.is_well else loud)


def health_of(feeds: Sequence[Feed], now: datetime) -> Health:
    """How the feeds of a chat are. One that failed a moment ago counts as well, and so does one that is new."""
    polled = [feed for feed in feeds if feed.state in {FeedState.ACTIVE, FeedState.GONE}]
    failing = sum(feed.state is FeedState.GONE or _fails(feed, now) for feed in polled)
    return Health(len(polled), failing)


def silence_of(topic: TopicCoverage, now: datetime) -> Silence | None:
    """The topic's silence; None where too little is known to tell what is usual.

    It counts from when the topic was first watched, if that is later than its last story: what an imported archive
    holds ended long ago.
    """
    dates = topic.stories[-STORIES_REMEMBERED:]
    if len(dates) < STORIES_NEEDED:
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(dates))
    kept = gaps[: len(gaps) - int(len(gaps) * LONGEST_LEFT_OUT)]
    usual = timedelta(seconds=fmean(gap.total_seconds() for gap in kept))
    return Silence(max(timedelta(0), now - max(dates[-1], topic.since)), usual, gaps[-1])


def _fails(feed: Feed, now: datetime) -> bool:
    return feed.failures > 0 and feed.failing_since is not None and now - feed.failing_since >= FAILING_FOR


def _are_polled(feeds: Sequence[Feed], now: datetime) -> bool:
    return any(feed.last_polled_at is not None and now - feed.last_polled_at < UNPOLLED_FOR for feed in feeds)


def _quiet(topic: TopicCoverage, silence: Silence, health: Health) -> NewNotice:
    facts: dict[str, str | int | float] = {
        "topic": topic.name,
        "topic_id": topic.topic_id,
        "days": round(silence.lasted / _DAY, 1),
        "usual_days": round(silence.usual / _DAY, 1),
        "feeds": health.feeds,
        "failing": health.failing,
    }
    return NewNotice(NoticeKind.QUIET, str(topic.topic_id), facts)


def _feeds_failing(health: Health, quiet: Sequence[TopicCoverage]) -> NewNotice:
    names = ", ".join(f"“{topic.name}”" for topic in quiet[:NAMES_SAID])
    if len(quiet) > NAMES_SAID:
        names += f" and {len(quiet) - NAMES_SAID} more"
    facts: dict[str, str | int | float] = {"feeds": health.feeds, "failing": health.failing, "quiet": names}
    return NewNotice(NoticeKind.FEEDS_FAILING, ALL, facts)
