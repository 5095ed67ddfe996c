"""Match entries against all topics at once, and say how relevant each match is and why.

One automaton finds the lexicon's aliases; an index of the topics leads from an entry's words to the few topics that can
be true for it, and only those are judged. A ``Matcher`` is immutable: any number of threads may share one, and one with
other topics is made from it in milliseconds. No I/O, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from bot.model import Match, Sensitivity
from bot.topics.fold import fold
from bot.topics.index import Compiled, Index, required_concepts
from bot.topics.judge import ROUND_UP, Judge
from bot.topics.query import parse
from bot.topics.reading import Reading
from bot.topics.scan import concept_scanner

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bot.model import Entry, Topic
    from bot.topics.fold import Folded
    from bot.topics.lexicon import Lexicon
    from bot.topics.scan import Span

__all__ = ["BARS", "ROUND_UP", "Matcher", "Scan"]

BARS: Final[Mapping[Sensitivity, float]] = {
    Sensitivity.STRICT: 0.75,
    Sensitivity.NORMAL: 0.5,
    Sensitivity.WIDE: 0.25,
}
"""The salience from which a match alerts, by the topic's sensitivity."""

_CHANGES_MIN: Final = 500
_CHANGES_SHARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Scan:
    """What stands in an entry: ``concepts`` counts the lexicon's concepts in title and text, but for regions.

    ``hits`` gives their spans in ``folded`` by key (``@dprk``); the title is its first ``title_end`` characters.
    ``reading`` finds the words of topics when it is asked for them; it serves one thread at a time.
    """

    concepts: Mapping[str, int]
    hits: Mapping[str, tuple[Span, ...]]
    folded: Folded
    title_end: int
    reading: Reading


class Matcher:
    """All topics, compiled. Raises ``QueryError`` for a topic whose query does not parse.

    Inside are two indexes: a large ``base``, and the small ``recent`` one of what was added since. What was removed or
    replaced stays in the base and is passed over (``gone``), until ``settled`` files everything in one base again.
    """

    def __init__(self, lexicon: Lexicon, topics: Sequence[Topic]) -> None:
        """Compile; the lexicon's part is compiled once and shared by all matchers."""
        self._lexicon = lexicon
        self._concepts = concept_scanner(lexicon)
        self._base = Index(_compile(topic, lexicon) for topic in topics)
        self._recent = Index(())
        self._gone: frozenset[int] = frozenset()

    def with_topics(self, added: Sequence[Topic], removed: Collection[int] = ()) -> Matcher:
        """A matcher with these topics added and those ids removed; an added topic replaces one of the same id.

        Some milliseconds, however many topics there are: the base is shared. Raises ``QueryError``.
        """
        compiled = [_compile(topic, self._lexicon) for topic in added]
        out = {*removed, *(topic.id for topic in added)}
        kept = (one for one in chain.from_iterable(self._recent.topics.values()) if one.topic.id not in out)
        if not self._base.topics:
            return self._made(Index([*kept, *compiled]), Index(()), frozenset())
        gone = self._gone | (out & self._base.topics.keys())
        return self._made(self._base, Index([*kept, *compiled]), gone)

    def settled(self) -> Matcher:
        """The same topics in one index: what ``with_topics`` puts off. About a second at 100,000 topics."""
        return self._made(Index(self._compiled()), Index(()), frozenset())

    @property
    def unsettled(self) -> bool:
        """Whether so much has changed that ``settled`` pays."""
        changes = len(self._recent.topics) + len(self._gone)
        return changes > max(_CHANGES_MIN, _CHANGES_SHARE * len(self._base.topics))

    def _made(self, base: Index, recent: Index, gone: frozenset[int]) -> Matcher:
        made = Matcher.__new__(Matcher)
        made._lexicon, made._concepts = self._lexicon, self._concepts  # noqa: SLF001 - its own kind
        made._base, made._recent, made._gone = base, recent, gone  # noqa: SLF001
        return made

    def _compiled(self) -> Iterator[Compiled]:
        old = chain.from_iterable(self._base.topics.values())
        yield from (one for one in old if one.topic.id not in self._gone)
        yield from chain.from_iterable(self._recent.topics.values())

    def scan(self, entry: Entry) -> Scan:
        """Find every alias, and take the entry's title and text apart for the topics' words."""
        title = entry.title.strip()
        title_end = len(fold(title).text)
        folded = fold(f"{title}\n{entry.text}" if title else entry.text)
        hits = self._concepts.find(folded)
        # Two stories from one region have little in common.
        known = self._lexicon.concepts
        concepts = {key[1:]: len(spans) for key, spans in hits.items() if known[key[1:]].kind != "region"}
        return Scan(concepts, hits, folded, title_end, Reading(folded, title_end, hits))

    def match(self, entry: Entry, scan: Scan) -> tuple[Match, ...]:
        """Every topic whose query is true for the entry, in the order of their ids; relevant or not."""
        seen = scan.hits.keys()
        likely = [one for one in self._candidates(scan.reading) if one.required <= seen]
        if not likely:
            return ()
        judge = Judge(entry, scan.reading)
        likely.sort(key=_order)
        matches = (_match(entry, one, judge) for one in likely)
        return tuple(match for match in matches if match is not None)

    def _candidates(self, reading: Reading) -> Iterable[Compiled]:
        """Each topic that can be true, once."""
        found = dict.fromkeys(self._base.candidates(reading))
        if self._gone:
            found = {one: None for one in found if one.topic.id not in self._gone}
        if self._recent.topics:
            found.update(dict.fromkeys(self._recent.candidates(reading)))
        return found


def _compile(topic: Topic, lexicon: Lexicon) -> Compiled:
    root = parse(topic.query, lexicon).root
    return Compiled(topic, root, required_concepts(root))


def _order(compiled: Compiled) -> tuple[int, str]:
    return compiled.topic.id, compiled.topic.query


def _match(entry: Entry, compiled: Compiled, judge: Judge) -> Match | None:
    weighed = judge.weigh(compiled.root)
    if weighed is None:
        return None
    topic = compiled.topic
    score = round(judge.score(weighed), 3)
    return Match(entry.id, topic.id, score, score >= BARS[topic.sensitivity], judge.evidence(weighed))
