"""Stories: entries about one event, what came before, and what the full text knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.model.feeds import Entry


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
