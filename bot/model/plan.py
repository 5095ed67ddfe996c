"""The plan of one ingest: all that follows from what a poll brought, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.model.feeds import FeedState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.model.deliveries import Action, Alert, Delivery, Hold, NewNotice, NoticeKind
    from bot.model.feeds import Entry
    from bot.model.stories import BackstoryLink, Fingerprint, PastEntry, Story
    from bot.model.topics import Match


@dataclass(frozen=True, slots=True)
class NextIds:
    """The first free id of each kind that a plan numbers itself. Ids are never used twice."""

    entry: int
    story: int
    alert: int


@dataclass(frozen=True, slots=True)
class Context:
    """What a plan needs to know to decide what to say, to whom.

    ``followers`` are the chats that this feed serves (None: every chat); ``subscribers`` the chats that want each
    topic; ``deliveries`` those already written for each story (of edits the newest of each chat), ``members`` its
    past entries (of a large story the first and the newest) and ``alerts`` what those deliveries bring, all oldest
    first. ``readers`` are the chats that each asked-for feed serves, for feeds that do not serve them all.
    """

    stories: Mapping[int, Story]
    members: Mapping[int, tuple[PastEntry, ...]]
    links: Mapping[int, tuple[BackstoryLink, ...]]
    alerts: Mapping[int, tuple[Alert, ...]]
    deliveries: Mapping[int, tuple[Delivery, ...]]
    subscribers: Mapping[int, tuple[int, ...]]
    followers: frozenset[int] | None
    readers: Mapping[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeenKey:
    """One of the names under which an entry is known; seen if ANY of them is known."""

    key: str
    entry_id: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to store, with everything that later look-ups need."""

    entry: Entry
    keys: tuple[str, ...]
    fingerprint: Fingerprint
    index_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Poll:
    """How a poll went, to be stored in the same transaction as its entries.

    ``url`` is the feed's new address, where it moved for good; ``moved_to`` and ``moved_times`` as in ``Feed``, written
    as they are. ``document`` is what to remember of the document (``bot.feeds.delta``); None keeps what was.
    ``skips`` is as in ``Feed``; None keeps what was. ``flooded`` marks the feed. ``notices`` are for every chat that it
    serves; the kinds in ``over`` may be said of it again.
    """

    feed_id: int
    at: datetime
    next_poll_at: datetime
    interval_s: int
    etag: str | None = None
    last_modified: str | None = None
    title: str | None = None
    lang: str | None = None
    url: str | None = None
    failures: int = 0
    error: str | None = None
    state: FeedState = FeedState.ACTIVE
    baselined: bool = True
    moved_to: str | None = None
    moved_times: int = 0
    document: bytes | None = None
    flooded: bool = False
    skips: int | None = None
    notices: tuple[NewNotice, ...] = ()
    over: tuple[NoticeKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one parsed entry, and why: the material of /whynot and replay.

    ``links``, ``new`` and ``summary`` are this entry's own, also where it joined a story that was told before.
    """

    guid: str
    entry_id: int | None
    action: Action
    stage: str
    story_id: int | None = None
    links: tuple[BackstoryLink, ...] = ()
    new: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An outbox row to write: for whom, and which topics it is about; with ``held_for``, it waits for a digest."""

    chat_id: int
    alert_id: int
    story_id: int
    action: Action
    topics: tuple[str, ...]
    not_before: datetime
    held_for: Hold | None = None


@dataclass(frozen=True, slots=True)
class StoryMerge:
    """The story ``gone`` proved to be the story ``kept``: its entries, alerts, links, ratings and mutes become its own.

    Deliveries follow where the chat was not shown the kept story; where it was, what it was shown of the other stays,
    so that the message of the story that is gone can be found and closed.
    """

    gone: int
    kept: int


@dataclass(frozen=True, slots=True)
class IngestPlan:
    """What to store, what to say, to whom and when: one value, applied in one transaction."""

    poll: Poll | None = None
    entries: tuple[NewEntry, ...] = ()
    edited: tuple[NewEntry, ...] = ()
    seen: tuple[SeenKey, ...] = ()
    matches: tuple[Match, ...] = ()
    stories: tuple[Story, ...] = ()
    members: tuple[tuple[int, int], ...] = ()  # (story id, entry id)
    links: tuple[BackstoryLink, ...] = ()
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[NewDelivery, ...] = ()
    decisions: tuple[Decision, ...] = ()
    counters: Mapping[str, int] = field(default_factory=dict)
    merges: tuple[StoryMerge, ...] = ()
    unlinked: tuple[int, ...] = ()  # stories that lost every link
