"""Reading past coverage from files: text articles, pages, JSON lines, saved feeds.

Files in, entries out, one at a time. This module must not store anything, nor decide what is worth keeping.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot import limits
from bot.errors import FeedParseError, ImportFileError
from bot.feeds.article import extract_page
from bot.feeds.fields import OLDEST_ARCHIVED, absolute, iso_moment, keepable, language, one_line, plausible, text_of
from bot.feeds.parse import parse_feed
from bot.feeds.textfile import read_article
from bot.model import ParsedEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

_TEXT: Final = frozenset({".txt", ".md"})
_PAGE: Final = frozenset({".html", ".htm"})
_LINES: Final = frozenset({".jsonl", ".ndjson"})
_FEED: Final = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})
KNOWN_ENDINGS: Final = _TEXT | _PAGE | _LINES | _FEED

DATE_FIELDS: Final = ("datetime", "published_at", "published", "date_published", "pubDate", "pub_date", "date")
"""Where a line may say when it was published, the first that says anything."""

_LINE_CHARS: Final = 4 * limits.TEXT_CHARS
_SHOWN_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no entry. ``line`` counts from 1 in its file, 0 where it came from elsewhere.

    ``guid`` is the entry's id if at least that could be read, so that an answer can name it.
    """

    line: int
    reason: str
    guid: str | None = None


def find_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files to read among these files and below these folders, sorted, each once.

    In folders, hidden files and unknown kinds are passed over. Raises ImportFileError for a path that is not there and
    for a file named outright whose kind is not known.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found.update(_below(path))
        elif not path.exists():
            message = f"{path}: there is no such file or folder"
            raise ImportFileError(message)
        elif path.suffix.lower() not in KNOWN_ENDINGS:
            message = f"{path}: only {', '.join(sorted(KNOWN_ENDINGS))} files can be read"
            raise ImportFileError(message)
        else:
            found.add(path)
    return tuple(sorted(found))


def read_file(path: Path) -> Iterator[ParsedEntry | BadLine]:
    """Read the entries of one file in its order; a line that holds none comes as a BadLine and the rest goes on.

    Raises ImportFileError, naming the file, if it cannot be read at all.
    """
    kind = path.suffix.lower()
    try:
        if kind in _LINES:
            yield from _read_lines(path)
        elif kind in _TEXT:
            yield _read_text(path)
        elif kind in _PAGE:
            yield _read_page(path)
        elif kind in _FEED:
            yield from _read_feed(path)
        else:
            message = f"{path}: only {', '.join(sorted(KNOWN_ENDINGS))} files can be read"
            raise ImportFileError(message)
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror or type(error).__name__})"
        raise ImportFileError(message) from error
    except FeedParseError as error:
        message = f"{path}: {error}"
        raise ImportFileError(message) from error


def parse_line(text: str) -> ParsedEntry | BadLine:
    """Read one JSON line: ``id``, ``datetime``, ``lang``, ``title``, ``text``, ``source``, ``url``.

    An entry needs an id and a title or a text; the others may be null or missing. A datetime without a zone is in UTC;
    where there is none, any other of ``DATE_FIELDS`` serves.
    """
    if len(text) > _LINE_CHARS:
        return BadLine(0, f"longer than {_LINE_CHARS:,} characters")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return BadLine(0, f"not JSON: {one_line(text, limit=_SHOWN_CHARS)}")
    if not isinstance(fields, dict):
        return BadLine(0, "not a JSON object")
    identity = fields.get("id")
    guid = one_line(str(identity), limit=limits.GUID_CHARS) if _is_id(identity) else ""
    if not guid:
        return BadLine(0, 'no "id"')
    fault = _fault(fields)
    if fault is not None:
        return BadLine(0, fault, guid)
    return ParsedEntry(
        guid=guid,
        url=absolute(text_of(fields.get("url")), ""),
        title=one_line(text_of(fields.get("title")), limit=limits.TITLE_CHARS),
        body=keepable(text_of(fields.get("text")), limit=limits.TEXT_CHARS),
        published_at=_moment(_dated(fields)[1]),
        lang=language(fields.get("lang")),
        source=one_line(text_of(fields.get("source")), limit=100) or None,
    )


def count_items(path: Path) -> int:
    """How many things there are to read in a file, roughly and quickly: the lines of JSON lines, else one."""
    if path.suffix.lower() not in _LINES:
        return 1
    with suppress(OSError), path.open("rb") as file:  # whoever reads it says why it cannot be read
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) or 1
    return 1


def _is_id(value: object) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _fault(fields: Mapping[str, Any]) -> str | None:
    """What keeps a JSON object with an id from being an entry."""
    for name in (*DATE_FIELDS, "lang", "title", "text", "source", "url"):
        value = fields.get(name)
        if value is not None and not isinstance(value, str):
            return f'"{name}" is not text'
    if not (fields.get("title") or "").strip() and not (fields.get("text") or "").strip():
        return 'neither "title" nor "text"'
    name, moment = _dated(fields)
    if moment and _moment(moment) is None:
        return f'"{name}" is not an ISO 8601 date: {one_line(moment, limit=_SHOWN_CHARS)}'
    return None


def _dated(fields: Mapping[str, Any]) -> tuple[str, str]:
    """The field that says when it was published, and what it says; "" where none does."""
    return next(((name, said) for name in DATE_FIELDS if (said := text_of(fields.get(name)).strip())), ("", ""))


def _moment(said: str) -> datetime | None:
    """A date as ISO 8601 has it or, as in feeds, as RFC 822 does."""
    moment = iso_moment(said, oldest=OLDEST_ARCHIVED)
    if moment is None and said:
        with suppress(ValueError):
            moment = plausible(parsedate_to_datetime(said), oldest=OLDEST_ARCHIVED)
    return moment


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in KNOWN_ENDINGS:
                yield Path(parent, name)


def _read_lines(path: Path) -> Iterator[ParsedEntry | BadLine]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                found = parse_line(line)
                if isinstance(found, ParsedEntry) and found.published_at is None:
                    # Dated to this day it would be the newest of all, and no later coverage could be linked to it.
                    found = BadLine(0, f'no date: give "{DATE_FIELDS[0]}" (or "date", "published_at" ...)', found.guid)
                yield replace(found, line=number) if isinstance(found, BadLine) else found


def _read_text(path: Path) -> ParsedEntry:
    entry = read_article(_decoded(_bytes(path)), name=path.stem)
    if not entry.title and not entry.body:
        message = f"{path}: there is no text in it"
        raise ImportFileError(message)
    return _dated_entry(entry, path)


def _read_page(path: Path) -> ParsedEntry:
    """A page's entry; its date and source, where the page itself is silent, from the file's name."""
    entry = extract_page(_bytes(path), url="")
    named = read_article(entry.body, name=path.stem)
    whole = replace(
        entry,
        guid=entry.guid or named.guid,
        published_at=entry.published_at or named.published_at,
        source=entry.source or named.source,
    )
    return _dated_entry(whole, path)


def _read_feed(path: Path) -> Iterator[ParsedEntry | BadLine]:
    """A saved feed's entries that say when they were: see ``_read_lines``."""
    for entry in parse_feed(_bytes(path), url="").entries:
        if entry.published_at is None:
            named = one_line(entry.title or entry.url or entry.guid, limit=_SHOWN_CHARS)
            yield BadLine(0, f"no date in the entry “{named}”", entry.guid)
        else:
            yield entry


def _dated_entry(entry: ParsedEntry, path: Path) -> ParsedEntry:
    """The entry of a file, if it says when it was: see ``_read_lines``."""
    if entry.published_at is None:
        named = f"outlet_2024-06-17{path.suffix}"
        message = f'{path}: no date: give one in the file\'s name ({named}), or in a line "Date: 2024-06-17"'
        raise ImportFileError(message)
    return entry


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        body = file.read(limits.FEED_BODY_BYTES + 1)
    if len(body) > limits.FEED_BODY_BYTES:
        message = f"{path}: larger than {limits.FEED_BODY_BYTES // 1024 // 1024} MiB"
        raise ImportFileError(message)
    return body


def _decoded(body: bytes) -> str:
    """Text in UTF-8 or, failing that, in the encoding that its bytes look like."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Imported here because few files need it.
        from charset_normalizer import from_bytes  # noqa: PLC0415

        best = from_bytes(body).best()
        return str(best) if best is not None else body.decode("utf-8", "replace")
