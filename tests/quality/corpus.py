"""Reads the evaluation sets as entries, cleaned as the ingest cleans them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.model import Entry
from bot.text.clean import clean
from bot.text.language import detect

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry and the event, or story, that the set's editors gave it."""

    entry: Entry
    label: str | None


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sample(row: dict[str, Any], *, number: int, chars: int | None = None) -> Sample:
    """One row as an entry with this id; ``chars`` cuts the text as it comes, as a feed does.

    A row without a date is seen in the order given.
    """
    text = clean(row["text"][:chars], title=row["title"], lang=row.get("lang")).text
    published = when(row.get("datetime"))
    entry = Entry(
        id=number,
        feed_id=1,
        guid=str(row.get("id", number)),
        url="",
        title=row["title"],
        text=text,
        lang=detect(f"{row['title']}\n{text[:1000]}", hint=row.get("lang")),
        source=row.get("source") or "",
        first_seen_at=published or START + timedelta(seconds=number),
        published_at=published,
    )
    return Sample(entry, row.get("label"))


def when(text: str | None) -> datetime | None:
    """A set's date as an aware moment; None stays None."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
