"""What a person can say to the bot, as one frozen dataclass a form. Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.model import Hold, Sensitivity
    from bot.preferences import MuteKind, QuietHours, Rhythm


@dataclass(frozen=True, slots=True)
class Start:
    """First contact; ``payload`` is what a deep link carried."""

    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """How things work, all of it in short or one subject at length."""

    subject: str | None = None


@dataclass(frozen=True, slots=True)
class ListTopics:
    """What is watched."""


@dataclass(frozen=True, slots=True)
class AddTopic:
    """Watch a new topic; without a query, one is made from the name."""

    name: str
    query: str | None = None


@dataclass(frozen=True, slots=True)
class ShowTopic:
    """One topic at length."""

    name: str


@dataclass(frozen=True, slots=True)
class RemoveTopic:
    """Stop watching a topic."""

    name: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Get a topic's alerts; without a name, offer a choice."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceTopic:
    """Let a topic's alerts go to a place: "here", "@channel", "#channel" or a channel's number."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Stop a topic's alerts; without a name, offer a choice."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class ListFeeds:
    """Where the news comes from, and how those feeds are."""


@dataclass(frozen=True, slots=True)
class AddFeed:
    """Let a feed serve this chat."""

    url: str


@dataclass(frozen=True, slots=True)
class OfferFeed:
    """An address came alone: ask whether to add it."""

    url: str


@dataclass(frozen=True, slots=True)
class RemoveFeed:
    """Stop a feed for this chat, named by its address or its number."""

    which: str


@dataclass(frozen=True, slots=True)
class Latest:
    """The last stories, of all topics or of one."""

    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a story alerted; without an id, the one replied to, or else the latest."""

    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class ShowStory:
    """A story's card; without a number, the one replied to or the latest."""

    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class ShowTimeline:
    """How a topic, or the thread of a story, went on over time; without either, of what was replied to."""

    topic: str | None = None
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A story's earlier coverage in full; without an id, the one replied to, or else the latest."""

    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot is."""


@dataclass(frozen=True, slots=True)
class Missed:
    """The alerts that did not get through."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Send an alert that did not get through; without an id, all of them, or those held for this reason."""

    delivery_id: int | None = None
    held_for: Hold | None = None


@dataclass(frozen=True, slots=True)
class SaveTopic:
    """Watch what was proposed under this name; with a query, or with nothing proposed, at once."""

    name: str
    query: str | None = None


@dataclass(frozen=True, slots=True)
class StricterTopic:
    """Propose a stricter reading of a proposal or topic."""

    name: str


@dataclass(frozen=True, slots=True)
class WiderTopic:
    """Propose a wider reading of a proposal or topic."""

    name: str


@dataclass(frozen=True, slots=True)
class EditTopic:
    """Propose another query for a topic; without one, say how."""

    name: str
    query: str | None = None


@dataclass(frozen=True, slots=True)
class SetTopic:
    """Change how sensitive a topic is, at once."""

    name: str
    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class TestTopic:
    """What a topic would have found in the archive."""

    __test__ = False  # no test case, whatever pytest makes of the name
    name: str


@dataclass(frozen=True, slots=True)
class TuneTopic:
    """Propose what the thumbs up and down on a topic's alerts speak for."""

    name: str


@dataclass(frozen=True, slots=True)
class RateStory:
    """A thumb up; without an id, for the story replied to, or else the latest."""

    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class BlameStory:
    """A thumb down; without an id, for the story replied to, or else the latest."""

    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an article led to no alert."""

    url: str


@dataclass(frozen=True, slots=True)
class Search:
    """What the archive holds on some words, or a page (from 1) of a search that was made before, by its id."""

    words: str = ""
    saved: int | None = None
    best: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowConcept:
    """A concept of the lexicon by its name, or those that a word belongs to."""

    word: str | None = None


@dataclass(frozen=True, slots=True)
class AddConcept:
    """Make a concept for this chat's queries."""

    name: str
    aliases: str


@dataclass(frozen=True, slots=True)
class RemoveConcept:
    """Remove a concept of this chat's own."""

    name: str


@dataclass(frozen=True, slots=True)
class ListPacks:
    """The curated lists of feeds."""


@dataclass(frozen=True, slots=True)
class ShowPack:
    """What a curated list holds."""

    name: str


@dataclass(frozen=True, slots=True)
class FollowPack:
    """Follow every feed of a curated list."""

    name: str


@dataclass(frozen=True, slots=True)
class Export:
    """Feeds or topics (None: both) as files."""

    what: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """Take in a file of feeds or topics: the one that came along, or on the console the one at this path."""

    path: str | None = None


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """How alerts come: one by one, or in digests."""


@dataclass(frozen=True, slots=True)
class SetDigest:
    """Have alerts come in digests of this rhythm, or one by one."""

    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class DigestNow:
    """Send what is held now."""


@dataclass(frozen=True, slots=True)
class ShowQuiet:
    """When nothing is sent."""


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Send nothing between these hours; None: at any time."""

    hours: QuietHours | None


@dataclass(frozen=True, slots=True)
class ListMutes:
    """What is muted, and until when."""


@dataclass(frozen=True, slots=True)
class ChooseMute:
    """What of a story to mute: the story, its outlet or its topic."""

    story_id: int


@dataclass(frozen=True, slots=True)
class MuteThing:
    """Mute a topic, a story or an outlet, or everything (``what`` None), for a while (None: the usual).

    With a ``story_id``, ``kind`` says what of that story.
    """

    what: str | None = None
    kind: MuteKind | None = None
    story_id: int | None = None
    length: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unmute:
    """End a mute by its number or name, or all (``what`` "all"); None offers the choice."""

    what: str | None = None


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """All that a chat can choose."""


@dataclass(frozen=True, slots=True)
class SetZone:
    """The chat's time zone, as typed; None asks."""

    zone: str | None = None


@dataclass(frozen=True, slots=True)
class SetCap:
    """How many alerts an hour may come one by one; 0: any number; None asks."""

    cap: int | None = None


@dataclass(frozen=True, slots=True)
class SetUrgent:
    """Whether breaking stories may come at any time; None asks."""

    on: bool | None = None


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The language of the bot's own words: a code, or "auto"; None asks."""

    lang: str | None = None


@dataclass(frozen=True, slots=True)
class RenameTopic:
    """Give a topic another name."""

    name: str
    to: str


@dataclass(frozen=True, slots=True)
class PauseTopic:
    """Stop watching for a topic, and keep it."""

    name: str


@dataclass(frozen=True, slots=True)
class ResumeTopic:
    """Watch for a paused topic again."""

    name: str


@dataclass(frozen=True, slots=True)
class ShareTopic:
    """Offer a topic to other chats."""

    name: str


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """One page of a long list of topics."""

    page: int


@dataclass(frozen=True, slots=True)
class TakeShared:
    """A topic that another chat offered, by its token."""

    token: str


Command = (
    Start
    | Help
    | ListTopics
    | AddTopic
    | ShowTopic
    | RemoveTopic
    | Subscribe
    | PlaceTopic
    | Unsubscribe
    | ListFeeds
    | AddFeed
    | OfferFeed
    | RemoveFeed
    | Latest
    | Why
    | Earlier
    | ShowStory
    | ShowTimeline
    | Status
    | Missed
    | Replay
    | SaveTopic
    | StricterTopic
    | WiderTopic
    | EditTopic
    | SetTopic
    | TestTopic
    | TuneTopic
    | RateStory
    | BlameStory
    | WhyNot
    | Search
    | ShowConcept
    | AddConcept
    | RemoveConcept
    | ListPacks
    | ShowPack
    | FollowPack
    | Export
    | Import
    | ShowDigest
    | SetDigest
    | DigestNow
    | ShowQuiet
    | SetQuiet
    | ListMutes
    | ChooseMute
    | MuteThing
    | Unmute
    | ShowSettings
    | SetZone
    | SetCap
    | SetUrgent
    | SetLanguage
    | RenameTopic
    | PauseTopic
    | ResumeTopic
    | ShareTopic
    | TopicsPage
    | TakeShared
)
