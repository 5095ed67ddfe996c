"""What the bot asks of its store: the only door to data that outlives the process.

Every query about a chat carries the chat's id, so that no chat can see another's topics, feeds or alerts. All datetimes
are aware and in UTC. ``IngestUnit`` is one write transaction that also holds the right to ingest: whoever is inside
sees everything that earlier units wrote, in every process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from bot.model import Context, DeliveryState, NextIds
from bot.preferences import Circumstances, Held

__all__ = [
    "ClaimedDelivery",
    "ClaimedNotice",
    "Context",
    "DueDigest",
    "FoundPage",
    "Held",
    "IngestUnit",
    "Lags",
    "MatchView",
    "MissedPage",
    "NextIds",
    "Outcome",
    "RatedMatch",
    "Store",
    "StoreStatus",
    "StoryView",
    "Strand",
    "Title",
    "ToldMessage",
    "TracedEntry",
    "Trimmed",
]

Place = TypeVar("Place")

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.model import (
        Address,
        Alert,
        BackstoryLink,
        Chat,
        ChatConcept,
        Delivery,
        Entry,
        Feed,
        Hold,
        IngestPlan,
        Match,
        MessageRef,
        NewNotice,
        Notice,
        NoticeKind,
        PastEntry,
        Platform,
        Poll,
        Proposal,
        Rating,
        SavedSearch,
        Story,
        Subscription,
        TermQuery,
        TermStatistics,
        Topic,
        TopicChanges,
        TopicCoverage,
    )
    from bot.preferences import ChatSettings, HeldTally, Mute, TopicShare


class IngestUnit(Protocol):
    """One write transaction; commits when its ``async with`` ends well, else leaves nothing behind."""

    async def seen(self, keys: Sequence[str]) -> Mapping[str, int]:
        """Which of these keys are known, and the entry that each names."""
        ...

    async def statistics(self, terms: Sequence[str]) -> TermStatistics:
        """Document frequencies over all stored entries."""
        ...

    async def candidates(self, terms: Sequence[str], *, before: datetime, limit: int) -> tuple[PastEntry, ...]:
        """Stored entries that hold any of the index terms, best full-text rank first, none dated after ``before``.

        An entry without a date of its own may be of any day.
        """
        ...

    async def recent(self, *, since: datetime, before: datetime, limit: int) -> tuple[PastEntry, ...]:
        """Entries that belong to a story and are dated within the span, newest first."""
        ...

    async def past_entries(self, entry_ids: Sequence[int]) -> tuple[PastEntry, ...]:
        """These entries, in the order asked for; unknown ids are left out."""
        ...

    async def context(
        self, *, feed_id: int, topic_ids: Sequence[int], story_ids: Sequence[int], feed_ids: Sequence[int] = ()
    ) -> Context:
        """What is known of these stories, topics and this feed's audience; ``feed_ids`` are those of candidates."""
        ...

    async def next_ids(self) -> NextIds:
        """The first free ids."""
        ...

    async def apply(self, plan: IngestPlan) -> None:
        """Write the whole plan. Entries, matches and stories with a known id are replaced (an edited headline)."""
        ...


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery in state SENDING, leased to the caller, with all that is needed to send it.

    ``target`` is the message that an EDIT changes or a REPLY hangs under: the last message of this story that this
    chat was sent; None where there is none. What was told in a digest is replied to there, and never edited.
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
    """A chat and what is due to come to it in its next digest, in the order of the last part where there was one."""

    chat: Chat
    settings: ChatSettings
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a claimed delivery ended; see ``DeliveryState`` for the transitions.

    With state PENDING it is tried again, not before ``not_before``. With state HELD it waits for the reason
    ``held_for`` until ``not_before``. ``found`` is True where the platform showed that the attempt before had arrived,
    so that nothing was repeated. The parts of a digest share the outcome of the delivery that carries them.
    """

    state: DeliveryState
    ref: MessageRef | None = None
    error: str | None = None
    not_before: datetime | None = None
    maybe_sent: bool = False
    at: datetime | None = None
    found: bool = False
    held_for: Hold | None = None


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
    if a span was asked for.
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


class Store(Protocol):
    """The port. Implementations are opened (and migrated) before they are handed out."""

    async def close(self) -> None:
        """Let go of every connection."""
        ...

    # ------------------------------------------------------------ chats

    async def chat_at(self, address: Address, *, title: str, now: datetime) -> Chat:
        """The chat at this address (threads do not count), made on first contact, active again on any contact."""
        ...

    async def chat(self, chat_id: int) -> Chat | None:
        """The chat with this id."""
        ...

    async def known_chat(self, address: Address) -> Chat | None:
        """The chat at this address (threads do not count) as it is; None where there never was contact."""
        ...

    async def move_chat(self, chat_id: int, to: Address) -> None:
        """The platform gave the chat a new address. Where a chat is at ``to`` already, that one is merged into this."""
        ...

    async def set_chat_active(self, chat_id: int, *, active: bool) -> None:
        """An inactive chat keeps everything and is sent nothing."""
        ...

    # ------------------------------------------------------------ when a chat is spoken to

    async def settings_of(self, chat_id: int) -> ChatSettings:
        """What the chat chose; the defaults where it chose nothing."""
        ...

    async def put_settings(self, chat_id: int, settings: ChatSettings, *, held_until: datetime) -> None:
        """Keep what the chat chose. What is held for it (and not muted) comes at ``held_until`` from now on."""
        ...

    async def mutes_of(self, chat_id: int, *, now: datetime) -> tuple[Mute, ...]:
        """The chat's mutes that have not run out, oldest first; a topic's under its name of today."""
        ...

    async def put_mute(self, mute: Mute) -> Mute:
        """Keep a mute (id UNSAVED), in place of the one of the same thing, and return it with its id."""
        ...

    async def remove_mutes(self, chat_id: int, mute_id: int | None = None) -> tuple[Mute, ...]:
        """End one of the chat's mutes (None: all) and return what ended. What was held stays so."""
        ...

    async def held_tally(self, chat_id: int) -> HeldTally:
        """What is held for the chat, by reason, and when the next digest comes that brings some of it."""
        ...

    async def summon_held(self, chat_id: int, *, reasons: Sequence[Hold], now: datetime) -> int:
        """A person asked for what is held for these reasons: it comes in a digest now. Returns how much there was."""
        ...

    async def due_digests(self, *, now: datetime, limit: int, platforms: Sequence[Platform]) -> tuple[DueDigest, ...]:
        """Active chats on these platforms for which something held is due, with all of that, longest overdue first.

        A chat for which a digest is under way is left out: one part after the other.
        """
        ...

    async def bundle(self, chat_id: int, places: Mapping[int, int], *, size: int, now: datetime) -> bool:
        """Make one digest of the first ``size`` deliveries of ``places``, due now; the rest keep theirs for later.

        False (and nothing written) where another process was faster.
        """
        ...

    async def fold_delivery(self, delivery: Delivery, into: Delivery, *, now: datetime) -> bool:
        """Let a claimed edit become the content of a HELD delivery of its story, which is then decided anew.

        False (and nothing written) where either is not what it was.
        """
        ...

    async def share_topic(self, share: TopicShare) -> None:
        """Keep what a chat offers to others; of the same topic, the last offer counts."""
        ...

    async def shared_topic(self, token: str) -> TopicShare | None:
        """What was offered under this token."""
        ...

    # ------------------------------------------------------------ topics and subscriptions

    async def add_topic(self, topic: Topic) -> Topic:
        """Store a new topic (id UNSAVED) and return it with its id. Names are unique in a chat, ignoring case."""
        ...

    async def topic_named(self, chat_id: int, name: str) -> Topic | None:
        """The chat's own or a shared topic of this name, ignoring case; its own first."""
        ...

    async def topics_of(self, chat_id: int) -> tuple[Topic, ...]:
        """The chat's own topics and the shared ones, in order of creation."""
        ...

    async def replace_topic(self, topic: Topic) -> None:
        """Change a topic's name, query, sensitivity or pause."""
        ...

    async def clear_matches(self, topic_id: int) -> None:
        """Forget what a topic matched: its query has changed."""
        ...

    async def remove_topic(self, topic_id: int) -> None:
        """Remove a topic with its matches and subscriptions; what was sent stays."""
        ...

    async def subscribe(self, subscription: Subscription) -> None:
        """Make sure that the chat gets the topic's alerts."""
        ...

    async def move_place(self, chat_id: int, place: Address, to: Address | None) -> tuple[str, ...]:
        """Let all that the chat has sent to a place go to another (None: to itself); the names of the topics."""
        ...

    async def told_to(self, ref: MessageRef) -> tuple[Chat, int] | None:
        """The chat whose delivery became this message, wherever it was sent, and the delivery's story."""
        ...

    async def send_to(self, chat_id: int, topic_id: int, place: Address | None) -> None:
        """Let the alerts of a topic that the chat is subscribed to go to a place on its platform; None: to itself."""
        ...

    async def unsubscribe(self, chat_id: int, topic_id: int) -> bool:
        """Stop the topic's alerts for the chat; False if it had none."""
        ...

    async def subscriptions_of(self, chat_id: int) -> tuple[Subscription, ...]:
        """The chat's subscriptions."""
        ...

    async def put_proposal(self, proposal: Proposal) -> Proposal:
        """Keep a topic that a chat was offered, and return it with a new id; one of the same name gives way.

        A chat keeps some (``PROPOSALS_PER_CHAT``): the oldest goes.
        """
        ...

    async def change_proposal(self, proposal: Proposal) -> bool:
        """Give the chat's proposal of this id another query or sensitivity; False if it is gone."""
        ...

    async def proposals_of(self, chat_id: int) -> tuple[Proposal, ...]:
        """The chat's proposals, in order of id."""
        ...

    async def proposal_named(self, chat_id: int, name: str) -> Proposal | None:
        """The chat's proposal of this name, ignoring case."""
        ...

    async def remove_proposal(self, chat_id: int, proposal_id: int) -> None:
        """Forget a proposal."""
        ...

    async def put_concept(self, concept: ChatConcept) -> None:
        """Store a concept of a chat's own, or replace the one of this name."""
        ...

    async def remove_concept(self, chat_id: int, name: str) -> bool:
        """Remove a concept of a chat's own; False if it had none of this name."""
        ...

    async def concepts_of(self, chat_id: int) -> tuple[ChatConcept, ...]:
        """The chat's own concepts, by name."""
        ...

    async def all_concepts(self) -> tuple[ChatConcept, ...]:
        """Every chat's own concepts: for compiling the queries that use them."""
        ...

    async def rate(self, rating: Rating) -> None:
        """Store what a chat thought of a story; the last word counts."""
        ...

    async def rated_matches(self, chat_id: int, topic_id: int) -> tuple[RatedMatch, ...]:
        """The topic's relevant matches in stories that the chat rated, newest rating first."""
        ...

    async def topics_version(self) -> int:
        """A number that grows whenever a topic or a subscription changes, in any process."""
        ...

    async def topic_changes(self, since: int) -> TopicChanges:
        """What changed after that version of the topics: read instead of all of them."""
        ...

    async def watched_topics(self) -> tuple[Topic, ...]:
        """Every topic that is not paused and has a subscriber in an active chat."""
        ...

    # ------------------------------------------------------------ feeds

    async def add_feed(self, feed: Feed) -> Feed:
        """Store a new feed (id UNSAVED), or return the one that has this address already (shared if either is)."""
        ...

    async def feed(self, feed_id: int) -> Feed | None:
        """The feed with this id."""
        ...

    async def feed_at(self, url: str) -> Feed | None:
        """The feed with this address."""
        ...

    async def follow(self, chat_id: int, feed_id: int) -> None:
        """Let the feed serve the chat."""
        ...

    async def unfollow(self, chat_id: int, feed_id: int) -> bool:
        """Stop the feed for the chat; False if it did not follow. A feed that serves nobody is not polled."""
        ...

    async def feeds_of(self, chat_id: int) -> tuple[Feed, ...]:
        """The feeds that serve the chat: its own and the shared ones; no ARCHIVE feeds."""
        ...

    async def polled_feeds(self) -> tuple[Feed, ...]:
        """Every ACTIVE feed that serves somebody."""
        ...

    async def claim_due_feeds(self, *, now: datetime, lease_s: float, limit: int) -> tuple[Feed, ...]:
        """ACTIVE feeds that serve somebody and are due, leased to the caller; new ones first, then longest overdue.

        A feed under lease is not given out again before ``record_poll``, an applied plan with its poll, or the lease's
        end.
        """
        ...

    async def due_feeds(self, *, now: datetime, limit: int) -> tuple[int, ...]:
        """The ids of feeds that ``claim_due_feeds`` would give, in that order; leases none of them."""
        ...

    async def claim_feed(self, feed_id: int, *, now: datetime, lease_s: float) -> Feed | None:
        """As ``claim_due_feeds`` for one feed; None if it is not due (any more) or another's."""
        ...

    async def due_chats(
        self, *, now: datetime, platforms: Sequence[Platform], limit: int
    ) -> tuple[tuple[int, Platform], ...]:
        """The chats for which ``claim_deliveries`` would give something, or find a lease that ran out."""
        ...

    async def record_poll(self, poll: Poll) -> None:
        """How a poll went that brought no entries: a 304 or a failure. None for etag or last_modified keeps the old.

        Where ``poll.url`` is another feed's address, that one serves this one's chats from now on, and this is MOVED.
        """
        ...

    async def feed_document(self, feed_id: int) -> bytes | None:
        """What the last polls remembered of the feed's document (``Poll.document``)."""
        ...

    # ------------------------------------------------------------ entries and stories

    async def seen(self, keys: Sequence[str]) -> Mapping[str, int]:
        """As ``IngestUnit.seen``, outside a unit: a first sieve, so that what is known is not prepared again."""
        ...

    def ingest(self) -> AbstractAsyncContextManager[IngestUnit]:
        """Begin a write transaction; waits for any other to end."""
        ...

    async def archive(self, *, after_id: int, limit: int) -> tuple[Entry, ...]:
        """Stored entries with an id above ``after_id``, in order of id."""
        ...

    async def archive_dates(self, chat_id: int | None = None) -> tuple[datetime, datetime] | None:
        """The dates of the oldest and the newest entry that the chat may see (None: of all)."""
        ...

    async def span(
        self, chat_id: int | None, *, since: datetime, until: datetime, below: tuple[datetime, int] | None, limit: int
    ) -> tuple[Entry, ...]:
        """Entries dated from ``since`` to ``until`` that the chat may see (None: all of them), newest first.

        ``below`` is the date and id of the last one that was given, to go on from.
        """
        ...

    async def search(self, chat_id: int, query: TermQuery, *, best: bool, below: int, limit: int) -> FoundPage:
        """Entries that the chat may see and that a query is true for, from the place ``below`` on.

        Newest first, or the ``best`` by the full-text index's own rank. A query that asks for nothing finds nothing.
        """
        ...

    async def keep_search(self, chat_id: int, words: str, *, now: datetime) -> SavedSearch:
        """What a chat searches for, under an id of its own; the same words keep theirs. A chat's oldest goes."""
        ...

    async def kept_search(self, chat_id: int, search_id: int) -> SavedSearch | None:
        """The chat's search of this id."""
        ...

    async def statistics(self, terms: Sequence[str]) -> TermStatistics:
        """As ``IngestUnit.statistics``, outside a unit."""
        ...

    async def entries_at(self, url: str) -> tuple[TracedEntry, ...]:
        """Every entry with this (canonical) address, whatever feed brought it, first seen first."""
        ...

    async def serves(self, chat_id: int, feed_id: int) -> bool:
        """Whether the feed's entries are for this chat."""
        ...

    async def story_deliveries(self, chat_id: int, story_id: int) -> tuple[Delivery, ...]:
        """The chat's deliveries about a story, oldest first."""
        ...

    async def entry(self, entry_id: int) -> Entry | None:
        """The entry with this id."""
        ...

    async def story_view(self, chat_id: int, story_id: int) -> StoryView | None:
        """A story, if one of the chat's topics matched an entry of it or the chat was sent it."""
        ...

    async def latest_stories(
        self, chat_id: int, *, topic_id: int | None = None, limit: int = 5
    ) -> tuple[StoryView, ...]:
        """The chat's stories, last updated first."""
        ...

    async def story_entries(self, story_id: int) -> tuple[Entry, ...]:
        """A story's entries, oldest first."""
        ...

    async def first_messages(self, chat_id: int, story_ids: Sequence[int]) -> Mapping[int, ToldMessage]:
        """The message in which the chat was first told each of these stories; merged ones are found, too."""
        ...

    async def story_links(self, story_id: int, *, chat_id: int | None = None) -> tuple[BackstoryLink, ...]:
        """A story's backstory by rank."""
        ...

    async def topic_strand(self, chat_id: int, topic_id: int, *, limit: int) -> Strand:
        """The newest stories that a topic of the chat's matched, with the links between them."""
        ...

    async def story_strand(self, chat_id: int, story_id: int, *, limit: int) -> Strand:
        """A story, what it continues and what continues it, over any number of steps, at most ``limit`` each way.

        Links to articles of no story are those of the story itself. Empty where the chat may not see the story.
        """
        ...

    async def titles_in(self, chat_id: int, story_ids: Sequence[int], lang: str) -> Mapping[int, Title]:
        """Stories as their first article in a language has them; those that no article in it tells are left out."""
        ...

    async def later_stories(self, chat_id: int, story_id: int, *, limit: int) -> tuple[Story, ...]:
        """The stories that continue this one directly and that the chat may see, newest first."""
        ...

    async def story_matches(self, chat_id: int, story_id: int) -> tuple[MatchView, ...]:
        """The matches of the chat's topics in a story, best first."""
        ...

    async def wording(self, entry_id: int, said: str, lang: str) -> str | None:
        """What stands for ``said``, an entry's summary, in this language.

        "" where only the summary's own words do, None where nobody was asked yet.
        """
        ...

    async def keep_wording(self, entry_id: int, said: str, lang: str, summary: str, *, counter: str) -> str:
        """Keep what stands for a summary, and count it; returns what was kept first, which is never replaced."""
        ...

    # ------------------------------------------------------------ outbox

    async def claim_deliveries(
        self,
        *,
        now: datetime,
        lease_s: float,
        limit: int,
        platforms: Sequence[Platform],
        chat_id: int | None = None,
    ) -> tuple[ClaimedDelivery, ...]:
        """Due deliveries of active chats (or one) on these platforms, now SENDING: a new token, one more attempt.

        At most one a chat is under way at a time, each chat's in order of id: one that waits holds those behind it.
        Where a lease ran out on a delivery that was begun, the attempt may have been sent: it becomes PENDING with
        ``maybe_sent``, or UNKNOWN where it was a marked repeat already. One that was never begun is PENDING as before.
        """
        ...

    async def begin_delivery(self, delivery: Delivery, *, now: datetime, lease_s: float) -> bool:
        """Write down, before it is so, that the request may leave, and renew the lease.

        False (and nothing written) if the lease ran out or the delivery is another's: then it must not be sent.
        """
        ...

    async def finish_delivery(self, delivery: Delivery, outcome: Outcome) -> bool:
        """Write an outcome if ``delivery.token`` is still the row's; False (and nothing written) if it is not."""
        ...

    async def delivery_of(self, chat_id: int, ref: MessageRef) -> Delivery | None:
        """The chat's delivery that became this message."""
        ...

    async def deliveries(self, chat_id: int, *, states: Sequence[DeliveryState], limit: int) -> tuple[Delivery, ...]:
        """A chat's deliveries in these states, newest first."""
        ...

    async def missed_deliveries(self, chat_id: int | None = None, *, now: datetime, limit: int) -> MissedPage:
        """What did not get through to a chat (None: to any): UNKNOWN, DEAD, HELD, and what is PENDING but put off.

        Put off are those that were tried before, whose time is yet to come, or whose chat is inactive.
        """
        ...

    async def replay_deliveries(
        self, delivery_ids: Sequence[int] | None, *, chat_id: int | None = None, now: datetime
    ) -> int:
        """Put UNKNOWN and DEAD deliveries back as PENDING, due now: these (None: all), of one chat (None: of any).

        What may have been sent stays marked. HELD ones come only if they are named. Returns how many there were.
        """
        ...

    async def release_leases(self) -> int:
        """Treat every lease as run out. For the only process on a database, at its start; never beside another.

        Returns how many deliveries were under way.
        """
        ...

    # ------------------------------------------------------------ notices

    async def put_notices(self, chat_id: int, notices: Sequence[NewNotice], *, now: datetime) -> int:
        """Let these be said to the chat, but for those whose kind and subject it was told before; how many are new."""
        ...

    async def end_notices(self, chat_id: int, about: Sequence[tuple[NoticeKind, str]]) -> None:
        """What these (by kind and subject) spoke of is over: they may be said again, and are not said if they wait."""
        ...

    async def notices_of(self, chat_id: int) -> tuple[Notice, ...]:
        """The chat's notices, said or to be said, in order of id."""
        ...

    async def claim_notices(
        self, *, now: datetime, lease_s: float, limit: int, platforms: Sequence[Platform]
    ) -> tuple[ClaimedNotice, ...]:
        """Due notices for active chats on these platforms, now SENDING with a new token; leases as in the outbox.

        What has waited for days is not said any more.
        """
        ...

    async def begin_notice(self, notice: Notice, *, now: datetime, lease_s: float) -> bool:
        """As ``begin_delivery``."""
        ...

    async def finish_notice(self, notice: Notice, outcome: Outcome) -> bool:
        """As ``finish_delivery``."""
        ...

    async def alerted_chats(self, *, after: int, limit: int) -> tuple[int, ...]:
        """The ids above ``after`` of active chats with a topic that alerts, in order."""
        ...

    async def coverage(self, chat_id: int, *, stories: int) -> tuple[TopicCoverage, ...]:
        """The chat's topics that alert and are not paused, each with its latest ``stories``."""
        ...

    # ------------------------------------------------------------ figures

    async def status(self, chat_id: int | None = None, *, since: datetime | None = None) -> StoreStatus:
        """Figures of the whole store, or of what concerns one chat; with the lags of what was sent ``since``."""
        ...

    # ------------------------------------------------------------ upkeep

    async def trim_entries(
        self, *, before: datetime, after: tuple[datetime, int] | None, limit: int
    ) -> Trimmed[tuple[datetime, int]]:
        """Delete entries first seen ``before`` then: of at most ``limit``, in order of date, those that may go.

        ``after`` is where the last batch ended. Imported entries stay, and so do the newest of each feed
        (``KEPT_PER_FEED``) and those of a story with an alert that is not through.
        """
        ...

    async def trim_seen(self, *, before: datetime, after: bytes | None, limit: int) -> Trimmed[bytes]:
        """Forget keys last seen ``before`` then whose entries are gone, of at most ``limit`` keys in order."""
        ...

    async def faults(self) -> tuple[str, ...]:
        """What is wrong with the database itself, in words; reads all of it. Empty where all is well."""
        ...
