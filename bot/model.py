"""The vocabulary, as frozen dataclasses: one meaning each, the same word in code, tables, docs and chat.

Nothing here does anything: no I/O, no clock, no defaults that depend on the machine. All datetimes are
timezone-aware and in UTC; all texts are plain text (never HTML) unless a field says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

UNSAVED = 0
"""The id of a value that the store has not numbered yet."""


# ---------------------------------------------------------------- feeds and entries


class FeedState(StrEnum):
    """What the scheduler does with a feed."""

    ACTIVE = "active"
    GONE = "gone"  # the server answered 410: never polled again
    MOVED = "moved"  # it moved to where another feed is, which serves its chats now
    ARCHIVE = "archive"  # imported files: no address to poll


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS, Atom, RDF or JSON Feed source that is polled.

    ``etag`` and ``last_modified`` are the server's own words, sent back verbatim. ``baselined`` is False until the
    first poll has stored what the feed then held, silently. A ``shared`` feed serves every chat; any other serves
    the chats that added it. ``moved_to`` is where permanent redirects led at the last ``moved_times`` polls in a row;
    ``flooded_at`` when it last issued far more new entries at once than a feed does. ``failing_since`` is the first
    failure of those in a row that last until now.
    """

    id: int
    url: str
    title: str
    next_poll_at: datetime
    state: FeedState = FeedState.ACTIVE
    shared: bool = False
    lang: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    interval_s: int = 900
    baselined: bool = False
    failures: int = 0
    last_error: str | None = None
    last_polled_at: datetime | None = None
    last_entry_at: datetime | None = None
    moved_to: str | None = None
    moved_times: int = 0
    flooded_at: datetime | None = None
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page or a list names it: its address, and the title given with it ("" if none)."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class FeedList:
    """A list of feeds, as an OPML file holds one. ``unusable`` counts what could not be fetched if one tried."""

    title: str
    feeds: tuple[FeedLink, ...]
    about: str = ""
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One post as the feed (or an imported file) gave it: ``title`` is plain text, ``body`` may still be HTML."""

    guid: str
    url: str
    title: str
    body: str
    published_at: datetime | None = None
    lang: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One post, cleaned. ``text`` holds paragraphs of article text joined by a newline, without the title.

    ``published_at`` is the feed's word, clamped to the moment of first sight; None where the feed gave none.
    ``source`` is the outlet's name as a reader would write it; ``credit`` the agency whose report the entry says it is.
    """

    id: int
    feed_id: int
    guid: str
    url: str
    title: str
    text: str
    lang: str
    source: str
    first_seen_at: datetime
    published_at: datetime | None = None
    credit: str = ""

    @property
    def at(self) -> datetime:
        """When this happened, as far as we know: its place in the order of coverage."""
        return self.published_at or self.first_seen_at


# ---------------------------------------------------------------- topics and matches


class Sensitivity(StrEnum):
    """How much of an entry must be about the topic before it alerts."""

    STRICT = "strict"
    NORMAL = "normal"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query, owned by a chat, or shared with all of them (``chat_id`` None)."""

    id: int
    chat_id: int | None
    name: str
    query: str
    created_at: datetime
    sensitivity: Sensitivity = Sensitivity.NORMAL
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic as a chat was offered it, waiting for its yes: a new one, or a change of the topic of the same name."""

    id: int
    chat_id: int
    name: str
    query: str
    created_at: datetime
    sensitivity: Sensitivity = Sensitivity.NORMAL


@dataclass(frozen=True, slots=True)
class ChatConcept:
    """A concept that a chat made for its own queries; ``aliases`` are in a query's words (``shell*`` for a prefix)."""

    chat_id: int
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """What a chat thought of an alert's story."""

    chat_id: int
    story_id: int
    good: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a match: which alias of which concept stood where.

    ``concept`` is the concept's name without the ``@``, or the query's own word or phrase; ``alias`` the words as they
    stand in the text; ``where`` is ``title``, ``lead`` or ``text``; ``sentence`` the sentence around them.
    """

    concept: str
    alias: str
    where: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that a topic's query is true for, with its salience (0 to 1) and the evidence for it.

    ``relevant`` is the salience held against the topic's bar: only relevant matches alert.
    """

    entry_id: int
    topic_id: int
    score: float
    relevant: bool
    evidence: tuple[Evidence, ...]


# ---------------------------------------------------------------- stories


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the story code compares of an entry: small, language-independent where it can be, and stored with it.

    ``terms`` are index terms (stems, CJK bigrams) of the title and the opening with their counts; ``title_terms`` those
    of the title alone; ``concepts`` lexicon concepts with counts; ``names``, ``numbers`` and ``dates`` normalised
    strings; ``shingles`` a MinHash signature of the text; ``sentences`` the opening sentences in order; ``vector`` what
    a sentence encoder makes of title and lead, a signed byte a dimension, empty where none was asked.
    """

    terms: Mapping[str, int]
    title_terms: frozenset[str]
    concepts: Mapping[str, int]
    names: frozenset[str]
    numbers: frozenset[str]
    dates: frozenset[str]
    shingles: tuple[int, ...]
    sentences: tuple[str, ...]
    vector: bytes = b""


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """How many stored entries there are, and in how many of them each asked-for index term stands (0 is left out)."""

    documents: int
    frequency: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TermQuery:
    """What to look for in the full-text index: of each group in ``all_of`` at least one term, none of ``none_of``.

    ``lang`` keeps to entries in that language.
    """

    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What a chat searched for, in its own words: a button under the answer names it by its id."""

    id: int
    chat_id: int
    words: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PastEntry:
    """An entry of the archive as a candidate for grouping or backstory."""

    entry: Entry
    fingerprint: Fingerprint
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Entries from any outlets about one event. ``headline`` and ``url`` are those of the entry that leads it.

    ``origins`` are the independent sources behind the outlets: an agency that several of them print counts once.
    """

    id: int
    first_entry_id: int
    headline: str
    url: str
    source: str
    lang: str
    started_at: datetime
    updated_at: datetime
    entry_count: int
    outlets: tuple[str, ...]
    summary: str
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackstoryLink:
    """An earlier entry that a story continues. ``why`` is the earlier sentence that ties the two; ``score`` 0 to 1.

    ``feed_id`` is the feed that brought the entry: a chat that it does not serve is not shown the link.
    """

    story_id: int
    entry_id: int
    past_story_id: int | None
    rank: int
    score: float
    why: str
    at: datetime
    headline: str
    url: str
    source: str
    feed_id: int | None = None


# ---------------------------------------------------------------- alerts and deliveries


class Action(StrEnum):
    """What an entry leads to: one alert per event, a reply when it develops, an edit when it is only told again."""

    ALERT = "alert"
    REPLY = "reply"
    EDIT = "edit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Alert:
    """Platform-free content about a story at one moment, as a reader gets it.

    ``new`` lists what earlier coverage did not have; ``others`` the further outlets; ``why`` the matched aliases
    in the form "concept: words". ``background`` are the article's own sentences of before, where ``earlier`` is empty.
    ``origins`` are those of the story then. An alert that ``escalates`` is worth the whole channel's attention. One
    with ``same_as`` closes a message: its story proved to be that other one and was merged into it.
    """

    id: int
    story_id: int
    entry_id: int
    action: Action
    created_at: datetime
    headline: str
    url: str
    source: str
    at: datetime
    summary: str
    new: tuple[str, ...] = ()
    earlier: tuple[BackstoryLink, ...] = ()
    others: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    escalates: bool = False
    same_as: int | None = None


class Platform(StrEnum):
    """Where a chat lives."""

    CONSOLE = "console"
    TELEGRAM = "telegram"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class Address:
    """A place that messages can be sent to: the platform's own id of the chat, and of the thread within it."""

    platform: Platform
    chat: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that the platform has taken: enough to edit it, reply to it or link to it."""

    address: Address
    message_id: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation that the bot serves: topics, feeds and subscriptions belong to it and to no other."""

    id: int
    address: Address
    title: str
    created_at: datetime
    active: bool = True
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class TopicChanges:
    """What changed since a version of the topics, up to ``version``: what is watched now, and ids of what is not."""

    version: int
    watched: tuple[Topic, ...]
    unwatched: frozenset[int]


@dataclass(frozen=True, slots=True)
class Subscription:
    """Chat x topic: this chat wants this topic's alerts; at ``place``, a thread or channel, rather than in the chat."""

    chat_id: int
    topic_id: int
    created_at: datetime
    place: Address | None = None


class DeliveryState(StrEnum):
    """The life of an outbox row.

    ::

        PENDING --claim--> SENDING --begin--> SENDING, begun --accepted--> SENT
           ^                  |                  |--429-----------> PENDING   (not before the platform's Retry-After)
           |                  |                  |--maybe sent----> PENDING   (once more, marked; the next: UNKNOWN)
           |                  |                  `--refused-------> DEAD      (kept with its reason)
           |--not written-----'                  |
           |--never begun, lease ran out         |
           `--lease ran out or holder died: treated as "maybe sent"

        UNKNOWN, DEAD --replay, by a person--> PENDING   (what may have been sent stays marked)

        SENDING --the chat does not want it now--> HELD   (why: ``Hold``; nothing of it has left)
        HELD --news of the same story--> PENDING          (decided anew, with the newest content)
        HELD --replay, by a person--> PENDING             (sent whatever the settings say)
        HELD --its time has come--> HELD, bundled: one row carries the others as a digest, PENDING like any other;
                                    they become SENT, UNKNOWN, DEAD or HELD again together with it
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    HELD = "held"


class Hold(StrEnum):
    """Why a delivery is HELD. What is MUTED comes in no digest; all else does."""

    MUTED = "muted"
    QUIET = "quiet"  # the chat's quiet hours
    DIGEST = "digest"  # the chat takes digests
    CAPPED = "capped"  # the hour's alerts are used up
    FLOOD = "flood"  # its feed issued very many entries at once: they come as one digest


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert for one chat; a row of the outbox.

    ``token`` changes with each claim, so that a worker that lost its lease cannot write its outcome. ``maybe_sent`` is
    True once an attempt may have reached the chat: the next one is marked as a possible repeat.

    A HELD row says why in ``held_for`` and until when in ``not_before``. Rows of one ``bundle_id`` go out as one
    digest, in order of ``bundle_place``; the row whose own id that is carries the others. What a person ``asked`` for
    is sent whatever the chat's settings say.
    """

    id: int
    chat_id: int
    alert_id: int
    story_id: int
    action: Action
    topics: tuple[str, ...]
    not_before: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    token: int = 0
    maybe_sent: bool = False
    ref: MessageRef | None = None
    error: str | None = None
    sent_at: datetime | None = None
    held_for: Hold | None = None
    bundle_id: int | None = None
    bundle_place: int | None = None
    asked: bool = False


# ---------------------------------------------------------------- notices


class NoticeKind(StrEnum):
    """What a notice speaks of."""

    FEED_GONE = "feed-gone"  # its server says that it has ended
    FEED_FAILING = "feed-failing"  # it has not answered well for days
    FEED_MOVED = "feed-moved"  # it is polled at another address from now on
    FLOOD = "flood"  # it issued very many entries at once, which were braked
    QUIET = "quiet"  # a topic has had no story for far longer than is usual, and its feeds are well
    FEEDS_FAILING = "feeds-failing"  # so many of a chat's feeds fail that silence says nothing
    PLACE_LOST = "place-lost"  # a thread or channel that alerts were sent to takes none any more


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Something to be said once. ``subject`` tells those of a kind apart; ``facts`` are what the words are made of.

    One that a poll brings is for ``chats``, or where that is None for every chat that the feed serves.
    """

    kind: NoticeKind
    subject: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    chats: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice for one chat: a row that is claimed, begun and finished as a ``Delivery`` is, but never HELD."""

    id: int
    chat_id: int
    kind: NoticeKind
    subject: str
    facts: Mapping[str, str | int | float]
    created_at: datetime
    not_before: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    token: int = 0
    maybe_sent: bool = False
    error: str | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """A topic that alerts in a chat, since when, and when its latest stories began, oldest first."""

    topic_id: int
    name: str
    since: datetime
    stories: tuple[datetime, ...]


# ---------------------------------------------------------------- the plan of one ingest


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
    topic; ``deliveries`` those already written for each story, ``members`` its past entries and ``alerts`` its alerts,
    all oldest first. ``readers`` are the chats that each asked-for feed serves, for feeds that do not serve them all.
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
    ``flooded`` marks the feed. ``notices`` are for every chat that it serves; the kinds in ``over`` may be said of
    it again.
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
    """The story ``gone`` proved to be the story ``kept``: its entries, alerts, links and ratings become that one's.

    Deliveries follow where the chat was not told the kept story; where it was, they stay, so that the message of the
    story that is gone can be found and closed.
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
