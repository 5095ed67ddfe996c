"""Whether an alert says only what its sources say: a check that shares no code with what writes alerts.

Strict: each sentence shown must stand in the article word for word, but for a speaker named in square brackets, and an
earlier figure in earlier coverage. Numbers, names and quotes are then held against the sources by themselves, so that a
sentence stitched together from two true ones is caught, too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.alerts.content import content, summary_of
from bot.alerts.decide import Due, Telling
from bot.model import UNSAVED, Action, BackstoryLink, PastEntry, Story
from bot.stories.backstory import find_backstory
from bot.stories.group import find_story
from bot.stories.novelty import whats_new
from tests.quality.archive import MemoryArchive
from tests.quality.articles import five
from tests.quality.streams import coverage, fingerprint_of, offered, samples, stored_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import Alert, Entry
    from bot.stories.backstory import Earlier
    from tests.quality.corpus import Sample

ALERTS: Final = 500
LINKS: Final = 4
_EARLIER: Final = re.compile(r" \(earlier: (?P<figure>.+)\)$")
_SPEAKER: Final = re.compile(r"\\\[(?P<name>[^\]]+)\\\](?:은|는)?")
_PRONOUN: Final = (
    r"(?:He|She|he|she|him|her|Он|Она|он|она|ним|ней|Він|Вона|він|вона|ним|нею"
    r"|그는|그녀는|彼|彼女|同[^\s、。は]{1,5}|他|她)"
)
_NUMBER: Final = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_NAME: Final = re.compile(r"[^\W\d_a-zа-яёіїєґ][^\W\d_]+(?:['’-][^\W\d_]+)*")
_QUOTE: Final = re.compile(r"[“„«「『\"](?P<said>[^”“«»」』\"\n]{3,})[”»」』\"]")
_END: Final = " .。…"
_PIECES: Final = re.compile(
    r"\n|(?<=[.!?…。！？])\s+(?=[^\W\d_a-zа-яёіїєґ“«\"\[\d])|(?<=[.!?…][”\"»’')])\s+|(?<=[。！？])(?=[^\s”’」』）)])"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert, the entry that it tells, and what earlier coverage it could draw on."""

    alert: Alert
    entry: Entry
    earlier: tuple[Entry, ...]


def faults(shown: Shown) -> list[str]:
    """What an alert says without support, in words; empty if it says nothing so."""
    own = f"{shown.entry.title}\n{shown.entry.text}"
    before = "\n".join(f"{past.title}\n{past.text}" for past in shown.earlier)
    alert = shown.alert
    found: list[str] = []
    for line in filter(None, (alert.summary, *alert.new, *alert.background)):
        figure = _EARLIER.search(line)
        if figure and _plain(figure["figure"]) not in _plain(f"{before}\n{own}"):
            found.append(f"an earlier figure that nobody gave: {figure['figure']}")
        found += unsupported(_EARLIER.sub("", line), own)
    for link in alert.earlier:
        past = next((each for each in shown.earlier if each.id == link.entry_id), None)
        if past is None or past.at > shown.entry.at:
            found.append(f"a link to what was not before: {link.headline}")
        else:
            found += unsupported(f"{link.headline}\n{link.why}", f"{past.title}\n{past.text}")
    return found


def unsupported(line: str, source: str) -> list[str]:
    """The numbers, names, quotes and sentences of a line that its source does not have."""
    plain = _plain(source)
    found = [f"number {each}" for each in _NUMBER.findall(line) if _plain(each) not in plain]
    found += [f"name {each}" for each in _NAME.findall(line) if _plain(each) not in plain]
    found += [f"quote “{each}”" for each in _QUOTE.findall(line) if _plain(each) not in plain]
    found += [f"wording: {each}" for each in _sentences(line) if not _stands_in(each, plain)]
    return found


def _sentences(line: str) -> list[str]:
    """Pieces of a line that must each stand in the source in one piece."""
    return [piece for piece in _PIECES.split(line) if piece.strip()]


def _stands_in(sentence: str, plain: str) -> bool:
    wanted = _plain(sentence.strip(_END))
    if wanted in plain:
        return True
    shape = _SPEAKER.sub(lambda _: _PRONOUN, re.escape(wanted))
    return shape != re.escape(wanted) and re.search(shape, plain) is not None


def _plain(text: str) -> str:
    """One spelling of spaces and composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


# ---------------------------------------------------------------- playing


def alerts() -> Iterator[Shown]:
    """Alerts of the development sets, as the ingest would write them for a chat that follows everything."""
    for stream in (five(), coverage(), samples("crisis"), samples("basil"), samples("ecb", chars=1500)):
        yield from played_alerts(stream)


def played_alerts(stream: Sequence[Sample]) -> Iterator[Shown]:
    archive = MemoryArchive()
    entries: dict[int, Entry] = {}
    members: dict[int, list[PastEntry]] = {}
    for each in stream:
        entry, fp = each.entry, fingerprint_of(each.entry)
        statistics = archive.statistics(fp)
        pool = offered(archive, entry, fp, statistics)
        grouping = find_story(entry, fp, pool, statistics)
        story = entry.id if grouping.same is None else grouping.same.story_id or entry.id
        others = [past for past in pool if past.story_id != story]
        links = find_backstory(entry, fp, others, statistics, limit=LINKS, judged=grouping.judged)
        opens = story == entry.id
        compared = [link.past for link in links] if opens else members.get(story, [])
        new = () if grouping.copy else whats_new(entry, fp, compared, opens=opens)
        telling = Telling(_story(entry), entry.at, tuple(map(_link, links)), new, changes=True)
        if opens or new:
            alert = content(Due(Action.ALERT, ()), entry, telling, (), entry.at)
            yield Shown(alert, entry, tuple(entries.values()))
        entries[entry.id] = entry
        past = replace(PastEntry(entry, fp), story_id=story)
        members.setdefault(story, []).append(past)
        archive.add(past, stored_terms(entry))


def _story(entry: Entry) -> Story:
    outlets = (entry.source,)
    at = entry.at
    return Story(
        UNSAVED, entry.id, entry.title, entry.url, entry.source, entry.lang, at, at, 1, outlets, summary_of(entry)
    )


def _link(link: Earlier) -> BackstoryLink:
    past = link.past.entry
    return BackstoryLink(
        story_id=UNSAVED,
        entry_id=past.id,
        past_story_id=None,
        rank=0,
        score=1.0,
        why=link.why,
        at=past.at,
        headline=past.title,
        url=past.url,
        source=past.source,
    )


def measure(limit: int = ALERTS) -> tuple[int, list[tuple[Shown, list[str]]]]:
    """How many alerts were read, and those with faults."""
    read = 0
    bad: list[tuple[Shown, list[str]]] = []
    for shown in alerts():
        if read == limit:
            break
        read += 1
        wrong = faults(shown)
        if wrong:
            bad.append((shown, wrong))
    return read, bad
