"""Builds entries, fingerprints and a small archive for the story tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.model import Entry, Fingerprint, PastEntry, TermStatistics
from bot.stories.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START = datetime(2024, 6, 1, 12, tzinfo=UTC)

BACKGROUND = (
    (
        "City council approves new tram line",
        "The city council approved a new tram line on Tuesday after a long debate.",
    ),
    ("Wheat prices fall", "Wheat prices fell for a third week as harvests in the north began early this year."),
    ("Museum reopens", "The national museum reopened on Friday with an exhibition of medieval maps and coins."),
    ("Team wins cup final", "The home team won the cup final by two goals in front of a record crowd on Sunday."),
    ("Storm closes ports", "A storm closed three ports on the western coast and cut power to thousands of homes."),
    ("Bank raises rates", "The central bank raised its key rate by a quarter of a point and warned of inflation."),
    ("Film festival opens", "The film festival opened with a drama about a family of fishermen in the far south."),
    ("Doctors call strike", "Junior doctors called a strike for next month over pay and the length of their shifts."),
)


def an_entry(number: int, title: str, text: str = "", *, day: float | None = 0.0, lang: str = "en") -> Entry:
    """An entry ``day`` days after the start; None leaves it without a date of its own."""
    published = None if day is None else START + timedelta(days=day)
    return Entry(
        id=number,
        feed_id=1,
        guid=f"guid-{number}",
        url=f"https://example.org/{number}",
        title=title,
        text=text,
        lang=lang,
        source="Example",
        first_seen_at=published or START,
        published_at=published,
    )


def past(entry: Entry, concepts: Mapping[str, int] | None = None, *, story: int | None = None) -> PastEntry:
    """An entry as the archive gives it back."""
    return PastEntry(entry, fingerprint(entry, concepts or {}), story)


def background() -> list[PastEntry]:
    """Other news, so that words have a rarity."""
    return [
        past(an_entry(900 + index, title, text), story=900 + index) for index, (title, text) in enumerate(BACKGROUND)
    ]


def statistics(archive: Sequence[PastEntry]) -> TermStatistics:
    """How many of these entries hold each term."""
    frequency: dict[str, int] = {}
    for each in archive:
        for term in each.fingerprint.terms:
            frequency[term] = frequency.get(term, 0) + 1
    return TermStatistics(len(archive), frequency)


def print_of(entry: Entry, concepts: Mapping[str, int] | None = None) -> Fingerprint:
    """An entry's fingerprint."""
    return fingerprint(entry, concepts or {})
