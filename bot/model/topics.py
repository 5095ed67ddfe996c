"""Topics and matches: what a chat watches for, and what fitted it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


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
