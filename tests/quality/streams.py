"""Plays an evaluation set through the story code as a stream, the way the ingest does."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from bot import settings
from bot.encoders import open_encoder
from bot.feeds.parse import parse_feed
from bot.ingest import read_entry
from bot.model import UNSAVED, Entry, Feed, PastEntry
from bot.samples.coverage import load as load_coverage
from bot.samples.documents import render
from bot.stories.backstory import find_backstory
from bot.stories.encoder import encoded_text
from bot.stories.fingerprint import fingerprint
from bot.stories.group import find_story
from bot.stories.second_look import final, merges_of, ties_of
from bot.text.tokens import index_terms
from bot.topics.lexicon import load
from bot.topics.lexicon_files import LexiconError
from bot.topics.match import Matcher
from tests.quality.archive import MemoryArchive
from tests.quality.corpus import START, Sample, read, sample
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.model import Fingerprint, TermStatistics
    from bot.stories.backstory import Earlier
    from bot.stories.encoder import Encoder

SEED = 7
HALF = 0.5
EVER = datetime(9000, 1, 1, tzinfo=UTC)
DATA = SHARED / "data"
FILES = {
    "ecb": "grouping/ecbplus.jsonl",
    "basil": "grouping/basil.jsonl",
    "uci": "grouping/uci_headlines.jsonl",
    "crisis": "backstory/crisis_timelines.jsonl",
    "wikitimes": "backstory/wikitimes.jsonl",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry on its way through, with what the archive offered for it."""

    sample: Sample
    fingerprint: Fingerprint
    candidates: tuple[PastEntry, ...]
    statistics: TermStatistics


@dataclass(frozen=True, slots=True)
class Played:
    """What the story code made of an entry: the first entry of its story, and its backstory."""

    sample: Sample
    story: int
    links: tuple[Earlier, ...]


def samples(name: str, *, chars: int | None = None, seed: int = SEED, titles_only: bool = False) -> list[Sample]:
    """A set in the order in which it is judged: by date, ECB+ in seeded random order."""
    rows = read(DATA / FILES[name])
    if name == "ecb":
        random.Random(seed).shuffle(rows)
    else:
        rows.sort(key=lambda row: row["datetime"])
    if titles_only:
        rows = [row | {"text": ""} for row in rows]
    clock = START
    found: list[Sample] = []
    for number, row in enumerate(rows, 1):
        each = sample(row, number=number, chars=chars)
        # As in a replay: what has no date happens after all that came before it.
        clock = max(clock, each.entry.published_at or clock)
        seen = each.entry.published_at or clock
        found.append(Sample(replace(each.entry, first_seen_at=seen), each.label))
    return found


def half_bare(stream: list[Sample], *, seed: int = SEED) -> list[Sample]:
    """The same where every other entry, by chance, is a headline without its text, as many feeds give it."""
    chance = random.Random(seed)
    return [replace(each, entry=replace(each.entry, text="")) if chance.random() < HALF else each for each in stream]


HEADLINES = Path(__file__).with_name("headlines.yaml")
UNSEEN = Path(__file__).with_name("headlines_unseen.yaml")
"""Another topic's, on which nothing was trained."""
HEADLINE_SPREAD_H = 36
LANGUAGES = ("en", "ru", "uk", "ko", "ja", "zh")


def headlines(*, dated: bool = True, seed: int = SEED, path: Path = HEADLINES) -> list[Sample]:
    """Our own headlines of one topic in six languages; those of an event come within a day and a half."""
    chance = random.Random(seed)
    found: list[Sample] = []
    for event in yaml.safe_load(path.read_text(encoding="utf-8"))["events"]:
        for lang in LANGUAGES:
            at = event["at"] + timedelta(hours=HEADLINE_SPREAD_H * chance.random())
            entry = Entry(
                id=UNSAVED,
                feed_id=1,
                guid=f"{event['id']}-{lang}",
                url="",
                title=event[lang],
                text="",
                lang=lang,
                source=lang,
                first_seen_at=at,
                published_at=at if dated else None,
            )
            found.append(Sample(entry, event["id"]))
    found.sort(key=lambda each: each.entry.at)
    seen = START if not dated else None
    return [
        Sample(replace(each.entry, id=number, first_seen_at=seen or each.entry.at), each.label)
        for number, each in enumerate(found, 1)
    ]


BUSY_DAYS: Final = Path(__file__).with_name("busy_days.yaml")
TOLD_WITHIN_H = 20
BREAK_WITHIN_H = 4


def busy_days(part: str, *, seed: int = SEED, bare: bool = False) -> list[list[Sample]]:
    """Our own events of one kind that break within hours, in several languages: each day as an archive of its own.

    ``part`` is "learnt" or "unseen"; ``bare`` leaves the headlines alone. Most tellings come soon after the event.
    """
    days = yaml.safe_load(BUSY_DAYS.read_text(encoding="utf-8"))[part]
    chance = random.Random(seed)
    return [_numbered(_told(day, day["at"], chance, bare=bare)) for day in days]


def busiest_day(part: str, *, seed: int = SEED, bare: bool = False) -> list[Sample]:
    """The same as if all of it happened on one day, in one archive."""
    days = yaml.safe_load(BUSY_DAYS.read_text(encoding="utf-8"))[part]
    chance = random.Random(seed)
    return _numbered([each for day in days for each in _told(day, days[0]["at"], chance, bare=bare)])


def _told(day: dict[str, Any], at: datetime, chance: random.Random, *, bare: bool) -> Iterator[Sample]:
    for event, tellings in day["events"].items():
        broke_at = at + timedelta(hours=BREAK_WITHIN_H * chance.random())
        for lang, (title, text) in tellings.items():
            told_at = broke_at + timedelta(hours=TOLD_WITHIN_H * chance.random() ** 2)
            yield _telling(f"{day['day']}/{event}", lang, told_at, lang, title, "" if bare else text)


DEVELOPING: Final = Path(__file__).with_name("developing.yaml")


def developing(part: str) -> list[Sample]:
    """Our own events that go on for a day, told again as tolls rise, as if all began on one day, in one archive.

    ``part`` is "seen" or "unseen".
    """
    days = yaml.safe_load(DEVELOPING.read_text(encoding="utf-8"))[part]
    return _numbered([each for day in days for each in _went_on(day, days[0]["at"])])


def _went_on(day: dict[str, Any], at: datetime) -> Iterator[Sample]:
    for event, tellings in day["events"].items():
        for number, (hours, lang, title, text) in enumerate(tellings):
            yield _telling(f"{day['day']}/{event}", str(number), at + timedelta(hours=hours), lang, title, text)


def _telling(event: str, outlet: str, told_at: datetime, lang: str, title: str, text: str) -> Sample:
    entry = Entry(
        id=UNSAVED,
        feed_id=1,
        guid=f"{event}-{outlet}",
        url="",
        title=title,
        text=text,
        lang=lang,
        source=outlet,
        first_seen_at=told_at,
        published_at=told_at,
    )
    return Sample(entry, event)


def _numbered(found: Iterable[Sample]) -> list[Sample]:
    """In order of time, with ids that count from one."""
    in_order = sorted(found, key=lambda each: each.entry.at)
    return [Sample(replace(each.entry, id=number), each.label) for number, each in enumerate(in_order, 1)]


def coverage() -> list[Sample]:
    """The bundled sample coverage, as polled; a look-alike is an event of its own."""
    told = load_coverage()
    last = told.entries[-1].at
    by_id: dict[str, Entry] = {}
    for outlet in told.outlets:
        mine = [entry for entry in told.entries if entry.outlet == outlet]
        url = f"{outlet.site}/feed"
        parsed = parse_feed(render(outlet, mine).body, url=url)
        feed = Feed(UNSAVED, url, parsed.title, last, lang=parsed.lang)
        for each, raw in zip(reversed(mine), parsed.entries, strict=True):
            by_id[each.id] = replace(read_entry(raw, feed, now=last)[0], guid=each.id)
    events = {entry.id: entry.event or entry.id for entry in told.entries}
    in_order = sorted(by_id.values(), key=lambda entry: entry.at)
    return [Sample(replace(entry, id=number), events[entry.guid]) for number, entry in enumerate(in_order, 1)]


@cache
def _matcher() -> Matcher | None:
    """The lexicon's concepts, if it can be loaded."""
    try:
        return Matcher(load(), ())
    except (OSError, LexiconError) as error:
        print(f"measuring without concepts: {error}", file=sys.stderr)  # noqa: T201 - a command-line tool
        return None


def concepts(entry: Entry) -> Mapping[str, int]:
    """The lexicon's concepts in an entry."""
    matcher = _matcher()
    return matcher.scan(entry).concepts if matcher else {}


@cache
def fingerprint_of(entry: Entry) -> Fingerprint:
    """What is compared of an entry, with its vector unless the settings turn the encoder off."""
    encoder = _encoder()
    vector = encoder.vector(encoded_text(entry)) if encoder else b""
    return replace(fingerprint(entry, concepts(entry)), vector=vector)


@cache
def _encoder() -> Encoder | None:
    return open_encoder(wanted=settings.load().encoder)


def offered(archive: MemoryArchive, entry: Entry, fp: Fingerprint, statistics: TermStatistics) -> tuple[PastEntry, ...]:
    """The candidates of an entry, as the ingest asks for them: full-text neighbours, and what is recent."""
    found = (*archive.candidates(fp, statistics, at=entry.at), *archive.recent(entry.at))
    return tuple({past.entry.id: past for past in found}.values())


def steps(stream: list[Sample]) -> Iterator[Step]:
    """Each entry with its candidates; it joins the archive, as a story of its own, when the next is asked for."""
    archive = MemoryArchive()
    for each in stream:
        fp = fingerprint_of(each.entry)
        statistics = archive.statistics(fp)
        yield Step(each, fp, offered(archive, each.entry, fp, statistics), statistics)
        archive.add(PastEntry(each.entry, fp), stored_terms(each.entry))


def play(stream: list[Sample], *, links: int) -> list[Played]:
    """Group each entry, then find its backstory among the stories of others; in the end, look at undated ones again."""
    archive = MemoryArchive()
    played: list[Played] = []
    for each in stream:
        entry = each.entry
        fp = fingerprint_of(entry)
        statistics = archive.statistics(fp)
        candidates = offered(archive, entry, fp, statistics)
        found = find_story(entry, fp, candidates, statistics, patient=True)
        same = found.same
        story = entry.id if same is None or same.story_id is None else same.story_id
        others = [past for past in candidates if past.story_id != story]
        earlier = find_backstory(entry, fp, others, statistics, limit=links, judged=found.judged) if links else ()
        played.append(Played(each, story, earlier))
        archive.add(replace(PastEntry(entry, fp), story_id=story), stored_terms(entry))
    merges = _looked_again(played, archive)
    return [replace(each, story=final(merges, each.story)) for each in played]


def _looked_again(played: list[Played], archive: MemoryArchive) -> dict[int, int]:
    """What a second look merges, as a replay's does: each story that is gone, and what it went into."""
    if all(each.sample.entry.published_at is not None for each in played):
        return {}
    entries = [PastEntry(each.sample.entry, fingerprint_of(each.sample.entry), each.story) for each in played]
    ties = []
    for past in entries:
        statistics = archive.statistics(past.fingerprint)
        ties += ties_of(past, archive.candidates(past.fingerprint, statistics, at=EVER), statistics)
    return {merge.gone: merge.kept for merge in merges_of(entries, ties)}


def stored_terms(entry: Entry) -> tuple[str, ...]:
    """What the full-text index holds of an entry."""
    return index_terms(f"{entry.title}\n{entry.text}", entry.lang)


def pair_steps() -> Iterator[tuple[bool, Step]]:
    """The labelled pairs: the earlier entry of each is the other's one candidate; rarity is that of all the pairs."""
    rows = read(DATA / "grouping/pairs.jsonl")
    archive = MemoryArchive()
    pairs: list[tuple[bool, tuple[Sample, Fingerprint], tuple[Sample, Fingerprint]]] = []
    for number, row in enumerate(rows):
        sides: list[Any] = []
        for offset, side in enumerate("ab"):
            each = sample(row[side], number=2 * number + offset + 1)
            fp = fingerprint_of(each.entry)
            archive.add(PastEntry(each.entry, fp), stored_terms(each.entry))
            sides.append((each, fp))
        pairs.append((bool(row["label"]), sides[0], sides[1]))
    for label, first, second in pairs:
        earlier, later = sorted((first, second), key=lambda side: (side[0].entry.at, side[0].entry.id))
        past = PastEntry(earlier[0].entry, earlier[1], story_id=earlier[0].entry.id)
        yield label, Step(later[0], later[1], (past,), archive.statistics(later[1]))
