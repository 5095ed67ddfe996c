"""What the store answers: rows joined for one purpose, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.preferences import Circumstances

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.model import (
        Address,
        Alert,
        BackstoryLink,
        Chat,
        Delivery,
        DeliveryState,
        Entry,
        Hold,
        Match,
        MessageRef,
        Notice,
        Story,
        Topic,
    )
    from bot.preferences import ChatSettings, Held, Mute


Place = TypeVar("Place")


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery in state SENDING, leased to the caller, with all that is needed to send it.

    ``target`` is the message that an EDIT changes or a REPLY hangs under: the last message of this story that this
    chat was sent, for an EDIT the one that its entry led; None where there is none. What was told in a digest is
    replied to there, and never edited.
    ``members`` are all the parts of the digest that the delivery carries, in order; none for any other. ``place`` is
    where the alerts of one of its topics go, None for digests and where no topic of it has one.
    """

    delivery: Delivery
    chat: Chat
    alert: Alert
    target: MessageRef | None
    around: Circumstances = field(default_factory=Circumstances)
    members: tuple[Held, ...] = ()
    place: Address | None = None

    @property
    def to(self) -> Address:
        """Where it goes: to the place that one of its topics has, else to the chat itself."""
        return self.place or self.chat.address


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    """A notice in state SENDING, leased to the caller, and the chat that it is for."""

    notice: Notice
    chat: Chat


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A chat and what the next part of its digest is chosen from, in the order of the last part where there was one.

    ``mutes`` are those of the chat that have not run out.
    """

    chat: Chat
    settings: ChatSettings
    held: tuple[Held, ...]
    mutes: tuple[Mute, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a claimed delivery ended; see ``DeliveryState`` for the transitions.

    With state PENDING it is tried again, not before ``not_before``. With state HELD it waits for the reason
    ``held_for`` until ``not_before``. ``found`` is True where the platform showed that the attempt before had arrived,
    so that nothing was repeated. The parts of a digest share the outcome of the delivery that carries them.
    With ``silence_at`` the platform asked that nothing is sent there, nor to the chat itself, before ``not_before``.
    """

    state: DeliveryState
    ref: MessageRef | None = None
    error: str | None = None
    not_before: datetime | None = None
    maybe_sent: bool = False
    at: datetime | None = None
    found: bool = False
    held_for: Hold | None = None
    silence_at: Address | None = None


@dataclass(frozen=True, slots=True)
class MissedPage:
    """Deliveries that did not get through or are held, the newest of them at length; ``total`` counts all."""

    newest: tuple[ClaimedDelivery, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ToldMessage:
    """A message that a chat was sent about a story, and when."""

    ref: MessageRef
    at: datetime


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story as one chat sees it: with the topics of that chat which it matched, and the newest alert about it."""

    story: Story
    topics: tuple[str, ...]
    alert: Alert | None


@dataclass(frozen=True, slots=True)
class Strand:
    """Stories that one chat sees, newest first, and the links between them; also to archived articles of no story."""

    stories: tuple[Story, ...]
    links: tuple[BackstoryLink, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """An article's headline and address."""

    headline: str
    url: str


@dataclass(frozen=True, slots=True)
class MatchView:
    """One match as one chat sees it."""

    topic: Topic
    match: Match
    entry: Entry


@dataclass(frozen=True, slots=True)
class RatedMatch:
    """A match in a story that the chat rated. A story of several entries has several of them."""

    match: Match
    good: bool
    story_id: int


@dataclass(frozen=True, slots=True)
class TracedEntry:
    """An entry with its story, if it has one, and how far it came when it was first seen (``Decision.stage``)."""

    entry: Entry
    story_id: int | None
    stage: str | None


@dataclass(frozen=True, slots=True)
class Trimmed(Generic[Place]):
    """How many rows one batch of upkeep deleted, and where the next batch begins; None at the end."""

    deleted: int
    then: Place | None


@dataclass(frozen=True, slots=True)
class Secrets:
    """How many stand in clear in the database, are sealed with a key behind the first, or with one that is not set."""

    clear: int
    stale: int
    shut: int


@dataclass(frozen=True, slots=True)
class Lags:
    """How long alerts and replies took until the chat took them, in seconds; edits wait on purpose, and do not count.

    Nor does what a chat's settings held back. ``published_s`` counts from the date that the feed gave, ``seen_s`` from
    the first sight of the entry: each the median and the 95th percentile, None where nothing is known. ``alerts`` is
    how many were measured.
    """

    alerts: int
    published_s: tuple[float, float] | None
    seen_s: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Entries that a search found, in order, and how many there are in all."""

    entries: tuple[TracedEntry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """Figures for /status and doctor. ``outbox`` counts deliveries by state; ``counters`` are running totals.

    ``repeats`` counts the messages that were sent marked as a possible repeat; ``ambiguous`` those that may have been
    sent and are to be sent again. ``feed_health`` counts feeds as ``well``, ``new`` (never polled), ``failing``, or by
    the state that keeps them from being polled. ``last_entry_at`` is the date of the newest entry. ``lags`` are there
    if a span was asked for. ``feeds_overdue`` counts the feeds that are due and not polled yet, of which the oldest has
    been since ``oldest_due_at``: for the whole store alone, where the moment was given.
    """

    feeds: int
    feeds_failing: int
    entries: int
    stories: int
    topics: int
    chats: int
    outbox: Mapping[DeliveryState, int] = field(default_factory=dict)
    oldest_pending_at: datetime | None = None
    last_entry_at: datetime | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    repeats: int = 0
    ambiguous: int = 0
    feed_health: Mapping[str, int] = field(default_factory=dict)
    lags: Lags | None = None
    feeds_overdue: int = 0
    oldest_due_at: datetime | None = None
