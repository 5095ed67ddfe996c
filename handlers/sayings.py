"""What a person can say to the bot, as one frozen dataclass a form. Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import Sensitivity


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
    """Send an alert again that did not get through; without an id, all of them."""

    delivery_id: int | None = None


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


Command = (
    Start
    | Help
    | ListTopics
    | AddTopic
    | ShowTopic
    | RemoveTopic
    | Subscribe
    | Unsubscribe
    | ListFeeds
    | AddFeed
    | OfferFeed
    | RemoveFeed
    | Latest
    | Why
    | Earlier
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
    | ShowConcept
    | AddConcept
    | RemoveConcept
    | ListPacks
    | ShowPack
    | FollowPack
    | Export
    | Import
)
