"""Sayings about stories and the archive. Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass


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
