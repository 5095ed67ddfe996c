"""When to ask a feed again, and what a poll's outcome means for it. Pure: the moment is passed in, and so is no luck.

::

    answered --> interval from how often it publishes, what it asks for (ttl, max-age), and how long it has been quiet;
                 not in hours and on days that it asks to skip (skipHours, skipDays)
    unchanged -> the same interval, growing while nothing comes
    failed ----> back-off: doubling up to a day; Retry-After where the server named one; 410 ends it

This module must not fetch, store or notify.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.errors import HttpStatusError, UnsafeAddressError
from bot.feeds.skips import end_of_skips, is_skipped
from bot.model import FeedState, Poll

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.errors import BackstoryError
    from bot.model import Feed

MOVES_BEFORE_FOLLOWED: Final = 3
"""How often in a row a permanent redirect must lead to a feed at the same address before that address is kept."""

INTERVAL_BOUNDS_S: Final = (limits.POLL_INTERVAL_MIN_S, limits.POLL_INTERVAL_MAX_S)

_GONE: Final = 410
_POLLS_PER_ENTRY: Final = 2.0  # two polls between entries: half of the usual gap is the longest wait
_QUIET_SHARE: Final = 0.25
_RECENT_ENTRIES: Final = 20
_HINT_CAP_S: Final = 3600  # a ttl of a day on a news feed is a template's default, not a wish
_TEMPLATE_TTL_S: Final = 3600  # what WordPress writes into every feed, and many an RSS template: nobody's wish either
_RETRY_FIRST_S: Final = 900
_DOUBLINGS: Final = 16
_JITTER: Final = 0.1
_ERROR_CHARS: Final = 300


@dataclass(frozen=True, slots=True)
class Answered:
    """The feed came and was read. ``dates`` are those that its entries give; ``new`` counts entries not seen before.

    ``hint_s`` is how long the server asks to keep a copy (max-age), ``ttl_s`` how long the document does; ``moved_to``
    the address that permanent redirects led to, ``moved_times`` how often in a row they did, this time included;
    ``document`` what to remember of it; ``skips`` the hours and days at which it asks not to be read. Where it is
    ``cut``, its end was lost on the way.
    """

    title: str = ""
    lang: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    dates: Sequence[datetime] = ()
    new: int = 0
    hint_s: int | None = None
    ttl_s: int | None = None
    moved_to: str | None = None
    moved_times: int = 0
    document: bytes | None = None
    skips: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server answered 304, or sent the same bytes as before. Its moves are told as in ``Answered``."""

    hint_s: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    moved_times: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The feed could not be fetched or read."""

    error: BackstoryError


@dataclass(frozen=True, slots=True)
class Postponed:
    """What the feed brought could not be stored. Nothing is known of the feed itself."""


Outcome = Answered | Unchanged | Failed | Postponed


def next_poll(
    feed: Feed, *, now: datetime, outcome: Outcome, bounds_s: tuple[float, float] = INTERVAL_BOUNDS_S
) -> Poll:
    """What to write down after a poll: the next one's time, the back-off, the end. ``now`` is aware and in UTC."""
    if isinstance(outcome, Failed):
        return _after_failure(feed, now=now, error=outcome.error, least_s=bounds_s[0])
    if isinstance(outcome, Postponed):
        return _again(feed, now=now, least_s=bounds_s[0])
    quiet_s = _quiet_s(feed, now=now, dates=outcome.dates if isinstance(outcome, Answered) else ())
    usual_s = _usual_s(feed, outcome, now=now)
    ttl_s = outcome.ttl_s if isinstance(outcome, Answered) and outcome.ttl_s != _TEMPLATE_TTL_S else None
    asked_s = min(max(outcome.hint_s or 0, ttl_s or 0), _HINT_CAP_S)
    interval_s = int(_within(max(usual_s, quiet_s * _QUIET_SHARE, asked_s), bounds_s=bounds_s))
    due = now + timedelta(seconds=interval_s * jitter(feed.id))
    skips = outcome.skips if isinstance(outcome, Answered) else feed.skips
    if is_skipped(due, skips):
        # Whatever it asks for, it sleeps no longer than the longest interval; and not all feeds wake on the hour.
        due = end_of_skips(due, skips, latest=now + timedelta(seconds=max(bounds_s)))
        due += timedelta(seconds=(jitter(feed.id) - 1 + _JITTER) * bounds_s[0])
    moved = outcome.moved_times >= MOVES_BEFORE_FOLLOWED
    poll = Poll(
        feed.id,
        now,
        due,
        interval_s,
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        url=outcome.moved_to if moved else None,
        moved_to=None if moved else outcome.moved_to,
        moved_times=0 if moved else outcome.moved_times,
    )
    if isinstance(outcome, Unchanged):
        return replace(poll, baselined=feed.baselined)
    # What a first answer has lost is as old as the rest of it, and the next one brings it: one more is taken silently.
    # Not a third: a feed that never ends would never be heard.
    answered_before = feed.last_polled_at is not None and not feed.failures
    baselined = feed.baselined or not outcome.cut or answered_before
    title, document = outcome.title or None, outcome.document
    return replace(poll, title=title, lang=outcome.lang, document=document, skips=skips, baselined=baselined)


def times_moved(feed: Feed, moved_to: str | None) -> int:
    """How often in a row permanent redirects have led to this address, this time included; 0 if it is never to be kept.

    A way from https to http is followed, but never for good: whoever can forge one answer would keep the feed.
    """
    if moved_to is None or (feed.url.startswith("https:") and not moved_to.startswith("https:")):
        return 0
    return feed.moved_times + 1 if moved_to == feed.moved_to else 1


def jitter(feed_id: int) -> float:
    """A factor from 0.9 to 1.1 that is a feed's own, so that feeds added together do not come due together for ever."""
    digest = hashlib.blake2b(str(feed_id).encode(), digest_size=4).digest()
    return 1 - _JITTER + 2 * _JITTER * int.from_bytes(digest, "big") / 0xFFFFFFFF


def _after_failure(feed: Feed, *, now: datetime, error: BackstoryError, least_s: float) -> Poll:
    failures = feed.failures + 1
    wait_s = max(least_s, min(feed.interval_s, _RETRY_FIRST_S)) * 2 ** min(failures - 1, _DOUBLINGS)
    wait_s = min(wait_s * jitter(feed.id), limits.BACKOFF_CAP_S)
    state = feed.state
    if isinstance(error, UnsafeAddressError):
        wait_s = limits.BACKOFF_CAP_S  # only somebody's hand can change this
    if isinstance(error, HttpStatusError):
        if error.status == _GONE:
            state = FeedState.GONE
        if error.retry_after_s is not None:
            # Never before the moment that the server named; at most the cap past it.
            wait_s = min(max(wait_s, error.retry_after_s), limits.RETRY_AFTER_CAP_S)
    return Poll(
        feed.id,
        now,
        now + timedelta(seconds=wait_s),
        feed.interval_s,
        failures=failures,
        error=str(error)[:_ERROR_CHARS],
        state=state,
        baselined=feed.baselined,
    )


def _again(feed: Feed, *, now: datetime, least_s: float) -> Poll:
    """As soon as after a first failure, and held against nobody."""
    wait_s = max(least_s, min(feed.interval_s, _RETRY_FIRST_S)) * jitter(feed.id)
    return Poll(
        feed.id,
        now,
        now + timedelta(seconds=wait_s),
        feed.interval_s,
        failures=feed.failures,
        error=feed.last_error,
        state=feed.state,
        baselined=feed.baselined,
        moved_to=feed.moved_to,
        moved_times=feed.moved_times,
    )


def _usual_s(feed: Feed, outcome: Answered | Unchanged, *, now: datetime) -> float:
    """The interval that the feed's own rhythm asks for: half of the usual gap between its latest entries."""
    if isinstance(outcome, Unchanged):
        return feed.interval_s if feed.last_entry_at is not None else feed.interval_s * 1.25
    latest = sorted({date for date in outcome.dates if date <= now}, reverse=True)[:_RECENT_ENTRIES]
    gaps_s = [(later - earlier).total_seconds() for later, earlier in pairwise(latest)]
    if gaps_s:
        return median(gaps_s) / _POLLS_PER_ENTRY
    # Without dates the polls themselves tell: closer together while they bring something, further apart while not.
    return feed.interval_s * (0.5 if outcome.new and feed.baselined else 1.0 if outcome.new else 1.25)


def _quiet_s(feed: Feed, *, now: datetime, dates: Sequence[datetime]) -> float:
    """How long nothing has come; 0 where no date is known."""
    known = [date for date in dates if date <= now]
    if feed.last_entry_at is not None:
        known.append(feed.last_entry_at)
    return max(0.0, (now - max(known)).total_seconds()) if known else 0.0


def _within(interval_s: float, *, bounds_s: tuple[float, float]) -> float:
    least_s, most_s = bounds_s
    return min(max(interval_s, least_s), max(most_s, least_s))
