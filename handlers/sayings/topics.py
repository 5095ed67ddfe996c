"""Sayings about topics and where their alerts go. Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import Sensitivity


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
