"""Sayings about where news comes from and what words stand for: feeds, files, concepts. Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass


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
