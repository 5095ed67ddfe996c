"""The sample coverage as values: read from ``coverage.yaml``, checked, and cut into an opening and steps.

Job: say what the invented outlets have published at which moment. It must not render, serve or poll anything, and it
knows no clock; the only file that it reads is the one beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from bot.errors import ImportFileError
from bot.samples.fields import FieldError, Fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

COVERAGE_PATH: Final = Path(__file__).with_name("coverage.yaml")

STEP_SPAN: Final = timedelta(hours=1)
"""What is published within this time of a step's first entry appears together with it."""

ABOUT: Final = ("arms", "troops", "pact")
"""The kinds of event: the first sample topic is about arms and the pact, the second about troops."""

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class FeedFormat(StrEnum):
    """How an outlet serves its feed."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class SampleOutlet:
    """An invented outlet. Its entries are in one language; ``plain`` says that its feed carries text and no markup."""

    id: str
    title: str
    lang: str
    format: FeedFormat
    plain: bool = False

    @property
    def site(self) -> str:
        """Its address, under the top-level domain that is reserved for examples (RFC 2606)."""
        return f"https://{self.id}.example"


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """Something that happened; ``about`` is one of ``ABOUT``, ``what`` says it in a line."""

    id: str
    about: str
    what: str


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """One post of an outlet, in one version.

    ``paragraphs`` are plain text, but for those that begin with ``<``: they are markup. Exactly one of ``event`` (the
    event that it tells) and ``lookalike`` (why no sample topic must alert for it) is set. ``copy_of`` names the
    entry whose text it repeats. ``updated_at`` is set on a version with a later headline; the id stays.
    """

    id: str
    outlet: SampleOutlet
    at: datetime
    title: str
    paragraphs: tuple[str, ...]
    event: str | None = None
    lookalike: str | None = None
    copy_of: str | None = None
    updated_at: datetime | None = None

    @property
    def url(self) -> str:
        """The article's address, which leads nowhere on purpose."""
        return f"{self.outlet.site}/{self.at:%Y/%m/%d}/{self.id}"

    @property
    def appears_at(self) -> datetime:
        """When this version is first in the feed."""
        return self.updated_at or self.at


@dataclass(frozen=True, slots=True)
class Step:
    """Versions of entries that appear together; ``at`` is the moment of the last of them."""

    at: datetime
    entries: tuple[SampleEntry, ...]


@dataclass(frozen=True)
class Coverage:
    """All of it. ``entries`` are the first versions, ``edits`` the later ones; each in order of time."""

    topics: tuple[str, ...]
    outlets: tuple[SampleOutlet, ...]
    events: tuple[SampleEvent, ...]
    entries: tuple[SampleEntry, ...]
    edits: tuple[SampleEntry, ...]
    opening_ends: datetime

    @cached_property
    def opening(self) -> tuple[SampleEntry, ...]:
        """What is in the feeds at the start: the newest version of each entry, oldest entry first."""
        newest = {version.id: version for version in self._versions if version.appears_at < self.opening_ends}
        return tuple(newest.values())

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What appears after the opening, in order of time."""
        steps: list[list[SampleEntry]] = []
        for version in self._versions:
            if version.appears_at < self.opening_ends:
                continue
            if steps and version.appears_at - steps[-1][0].appears_at <= STEP_SPAN:
                steps[-1].append(version)
            else:
                steps.append([version])
        return tuple(Step(at=step[-1].appears_at, entries=tuple(step)) for step in steps)

    @property
    def _versions(self) -> tuple[SampleEntry, ...]:
        return tuple(sorted((*self.entries, *self.edits), key=lambda version: version.appears_at))


def load(path: Path = COVERAGE_PATH) -> Coverage:
    """Read and check a coverage file. Raises ImportFileError, which says which entry is at fault and how."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportFileError(f"{path.name} cannot be read: {error}") from error
    return parse(text, name=path.name)


def parse(text: str, *, name: str) -> Coverage:
    """Check the text of a coverage file and turn it into values. Raises ImportFileError with ``name`` in front."""
    try:
        return _coverage(Fields(yaml.safe_load(text), "the file"))
    except yaml.YAMLError as error:
        raise ImportFileError(f"{name} is not YAML: {error}") from error
    except FieldError as error:
        raise ImportFileError(f"{name}: {error}") from error


def _coverage(fields: Fields) -> Coverage:
    outlets = tuple(_outlet(row) for row in fields.rows("outlets"))
    events = tuple(_event(row) for row in fields.rows("events"))
    outlet_by_id = {outlet.id: outlet for outlet in outlets}
    event_ids = frozenset(event.id for event in events)
    entries: dict[str, SampleEntry] = {}
    edits: list[SampleEntry] = []
    last_at: datetime | None = None
    for row in fields.rows("entries"):
        entry = _entry(row, outlets=outlet_by_id)
        _check(row, entry, earlier=entries, events=event_ids)
        if last_at is not None and entry.at < last_at:
            row.fail(f"dated {entry.at:%Y-%m-%d %H:%M}, before the entry above it: entries stand in order of time")
        last_at = entry.at
        entries[entry.id] = entry
        if edit := row.optional_fields("edit"):
            edits.append(_edited(edit, entry))
        row.end()
    if untold := event_ids - {entry.event for entry in entries.values()}:
        fields.fail(f"no entry tells the event {', '.join(sorted(untold))}")
    coverage = Coverage(
        topics=fields.texts("topics"),
        outlets=outlets,
        events=events,
        entries=tuple(entries.values()),
        edits=tuple(sorted(edits, key=lambda version: version.appears_at)),
        opening_ends=fields.moment("opening_ends"),
    )
    fields.end()
    return coverage


def _outlet(row: Fields) -> SampleOutlet:
    known = tuple(FeedFormat)
    feed_format = row.text("format")
    if feed_format not in known:
        row.fail(f"format must be one of {', '.join(known)}, not {feed_format}")
    markup = row.optional_text("markup") or "html"
    if markup not in ("html", "text"):
        row.fail(f"markup must be html or text, not {markup}")
    outlet = SampleOutlet(
        id=_slug(row),
        title=row.text("title"),
        lang=row.text("lang"),
        format=FeedFormat(feed_format),
        plain=markup == "text",
    )
    row.end()
    return outlet


def _event(row: Fields) -> SampleEvent:
    event = SampleEvent(id=_slug(row), about=row.text("about"), what=row.text("what"))
    if event.about not in ABOUT:
        row.fail(f"about must be one of {', '.join(ABOUT)}, not {event.about}")
    row.end()
    return event


def _entry(row: Fields, *, outlets: Mapping[str, SampleOutlet]) -> SampleEntry:
    outlet = outlets.get(row.text("outlet"))
    if outlet is None:
        row.fail(f"unknown outlet {row.text('outlet')}")
    paragraphs = (paragraph.strip() for paragraph in row.text("body").split("\n\n"))
    return SampleEntry(
        id=_slug(row),
        outlet=outlet,
        at=row.moment("at"),
        title=row.text("title"),
        paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph),
        event=row.optional_text("event"),
        lookalike=row.optional_text("lookalike"),
        copy_of=row.optional_text("copy_of"),
    )


def _check(row: Fields, entry: SampleEntry, *, earlier: Mapping[str, SampleEntry], events: frozenset[str]) -> None:
    if entry.id in earlier:
        row.fail("this id is used twice")
    if (entry.event is None) == (entry.lookalike is None):
        row.fail("an entry has either an event or a lookalike reason")
    if entry.event is not None and entry.event not in events:
        row.fail(f"unknown event {entry.event}")
    if entry.outlet.plain and any(paragraph.startswith("<") for paragraph in entry.paragraphs):
        row.fail(f"{entry.outlet.title} serves plain text: no markup in the body")
    if entry.copy_of is None:
        return
    original = earlier.get(entry.copy_of)
    if original is None:
        row.fail(f"copy_of names no earlier entry: {entry.copy_of}")
    if original.event != entry.event:
        row.fail(f"a copy tells the same event as {original.id}")


def _edited(edit: Fields, entry: SampleEntry) -> SampleEntry:
    edited = replace(entry, title=edit.text("title"), updated_at=edit.moment("at"))
    if edited.appears_at <= entry.at:
        edit.fail("at must be later than the entry's own date")
    if edited.title == entry.title:
        edit.fail("the title is the same as before")
    edit.end()
    return edited


def _slug(row: Fields) -> str:
    slug = row.text("id")
    if not _SLUG.fullmatch(slug):
        row.fail("an id is made of small letters, digits and single hyphens")
    return slug
