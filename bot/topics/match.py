"""Match entries against all topics at once, and say how relevant each match is and why.

One automaton finds the lexicon's aliases, a second one the words of all topics; then only those topics are evaluated of
which a needed term was seen. A ``Matcher`` is immutable: any number of threads may share one. No I/O, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.model import Evidence, Match, Sensitivity
from bot.topics import salience
from bot.topics.fold import fold
from bot.topics.lexicon import Form
from bot.topics.query import And, ConceptTerm, Lang, Not, Or, Scoped, Source, Term, Words, parse
from bot.topics.scan import Scanner, concept_scanner, make_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import Entry, Topic
    from bot.topics.fold import Folded
    from bot.topics.lexicon import Lexicon
    from bot.topics.query import Node, Query, Scope
    from bot.topics.salience import Layout
    from bot.topics.scan import Pattern, Span

BARS: Final[Mapping[Sensitivity, float]] = {
    Sensitivity.STRICT: 0.75,
    Sensitivity.NORMAL: 0.5,
    Sensitivity.WIDE: 0.25,
}
"""The salience from which a match alerts, by the topic's sensitivity."""

ROUND_UP: Final = "@round_up"
"""The concept whose aliases in a title give away a digest of many things."""

_EVIDENCE_PER_TERM: Final = 2
_CONCEPT_COMMONNESS: Final = 20
_SENTENCE_CHARS: Final = 400


@dataclass(frozen=True, slots=True)
class Scan:
    """What stands in an entry: ``concepts`` counts the lexicon's concepts in title and text.

    ``hits`` gives spans in ``folded`` by term (``@dprk``, ``munition*``); the title is its first ``title_end``
    characters.
    """

    concepts: Mapping[str, int]
    hits: Mapping[str, tuple[Span, ...]]
    folded: Folded
    title_end: int


@dataclass(frozen=True, slots=True)
class _Compiled:
    topic: Topic
    query: Query
    required: frozenset[str]  # terms without which the query cannot be true: a cheap look before the full one


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A true part of a query: its salience, and the terms and spans that made it true."""

    salience: float
    hits: tuple[tuple[Term, tuple[Span, ...]], ...]


class Matcher:
    """All topics, compiled. Raises ``QueryError`` for a topic whose query does not parse."""

    def __init__(self, lexicon: Lexicon, topics: Sequence[Topic]) -> None:
        """Compile; the lexicon's part is compiled once and shared by all matchers."""
        self._topics = tuple(_compile(topic, lexicon) for topic in topics)
        self._concepts = concept_scanner(lexicon)
        words = {term for one in self._topics for term in one.query.terms() if isinstance(term, Words)}
        self._words = Scanner(_word_pattern(term) for term in sorted(words, key=str))
        self._by_trigger: dict[str, list[int]] = {}
        self._always: list[int] = []
        for index, one in enumerate(self._topics):
            triggers = _triggers(one.query.root)
            if triggers is None:
                self._always.append(index)
            for key in triggers or ():
                self._by_trigger.setdefault(key, []).append(index)

    def scan(self, entry: Entry) -> Scan:
        """Find every alias and every topic's words in the entry's title and text."""
        title = entry.title.strip()
        title_end = len(fold(title).text)
        folded = fold(f"{title}\n{entry.text}" if title else entry.text)
        hits = self._concepts.find(folded)
        concepts = {key[1:]: len(spans) for key, spans in hits.items()}
        return Scan(concepts, hits | self._words.find(folded), folded, title_end)

    def match(self, entry: Entry, scan: Scan) -> tuple[Match, ...]:
        """Every topic whose query is true for the entry, in the order of the topics; relevant or not."""
        candidates = set(self._always)
        for key in scan.hits:
            candidates.update(self._by_trigger.get(key, ()))
        if not candidates:
            return ()
        judge = _Judge(entry, scan)
        seen = scan.hits.keys()
        likely = (self._topics[index] for index in sorted(candidates) if self._topics[index].required <= seen)
        matches = (judge.judge(compiled) for compiled in likely)
        return tuple(match for match in matches if match is not None)


@lru_cache(maxsize=20_000)
def _parsed(query: str, lexicon: Lexicon) -> Query:
    """Topics change one at a time, and a matcher is made anew each time: the other queries need no second parsing."""
    return parse(query, lexicon)


def _compile(topic: Topic, lexicon: Lexicon) -> _Compiled:
    query = _parsed(topic.query, lexicon)
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    return _Compiled(topic, query, frozenset(str(part) for part in parts if isinstance(part, Term)))


def _word_pattern(term: Words) -> Pattern:
    folded = fold(term.text).text
    return make_pattern(str(term), folded, Form.PREFIX if term.prefix else Form.WORD)


def _triggers(node: Node) -> frozenset[str] | None:
    """Terms of which at least one must be seen for the node to be true; None where it can be true without any."""
    match node:
        case ConceptTerm() | Words():
            return frozenset((str(node),))
        case Scoped(part=part):
            return _triggers(part)
        case And(parts=parts):
            known = [triggers for part in parts if (triggers := _triggers(part)) is not None]
            return min(known, key=_commonness) if known else None
        case Or(parts=parts):
            each = [_triggers(part) for part in parts]
            return frozenset().union(*(one for one in each if one)) if all(each) else None
        case _:
            return None


def _commonness(triggers: frozenset[str]) -> int:
    """A guess at how often any of the terms is seen: a concept has many aliases, a word only itself."""
    return sum(_CONCEPT_COMMONNESS if term.startswith("@") else 1 for term in triggers)


class _Judge:
    """One entry held against topics; the layout is worked out only when some query is true."""

    def __init__(self, entry: Entry, scan: Scan) -> None:
        self._entry = entry
        self._scan = scan
        self._layout: Layout | None = None

    @property
    def layout(self) -> Layout:
        if self._layout is None:
            self._layout = salience.lay_out(self._scan.folded.text, self._scan.title_end)
        return self._layout

    def judge(self, compiled: _Compiled) -> Match | None:
        weighed = self._weigh(compiled.query.root, None)
        if weighed is None:
            return None
        score = round(self._score(compiled.query.root, weighed), 3)
        topic = compiled.topic
        relevant = score >= BARS[topic.sensitivity]
        return Match(self._entry.id, topic.id, score, relevant, self._evidence(weighed))

    def _score(self, root: Node, weighed: _Weighed) -> float:
        score = weighed.salience
        facets = root.parts if isinstance(root, And) else (root,)
        spans = [self._spans(part) for part in facets]
        positive = [one for one in spans if one]
        if len(positive) > 1:
            score += salience.together(positive, self.layout)
        in_title = all(any(start < self._scan.title_end for start, _ in one) for one in positive)
        if not in_title and self._is_round_up():
            score *= salience.ROUND_UP_FACTOR
        return min(score, 1.0)

    def _spans(self, part: Node) -> list[Span]:
        weighed = self._weigh(part, None)
        return [span for _, spans in weighed.hits for span in spans] if weighed else []

    def _is_round_up(self) -> bool:
        spans = self._scan.hits.get(ROUND_UP, ())
        return bool(spans) and spans[0][0] < max(self._scan.title_end, 1)

    def _weigh(self, node: Node, scope: Scope | None) -> _Weighed | None:
        """Whether the node is true within the scope, and if so how much. A condition without a place weighs 1."""
        match node:
            case ConceptTerm() | Words():
                return self._weigh_term(node, scope)
            case Scoped(scope=inner, part=part):
                return self._weigh(part, inner)
            case And(parts=parts):
                return self._weigh_all(parts, scope)
            case Or(parts=parts):
                return self._weigh_any(parts, scope)
            case Not(part=part):
                true = self._weigh(part, scope) is None
            case Lang(code=code):
                true = self._entry.lang.split("-")[0].lower() == code.split("-")[0]
            case Source(text=text):
                host = urlsplit(self._entry.url).hostname or ""
                true = fold(text).text in fold(self._entry.source).text or text.casefold() in host
        return _Weighed(1.0, ()) if true else None

    def _weigh_term(self, term: Term, scope: Scope | None) -> _Weighed | None:
        spans = self._scan.hits.get(str(term), ())
        if spans and scope is not None:
            spans = tuple(span for span in spans if self.layout.where(span[0]) == scope)
        return _Weighed(salience.of_term(spans, self.layout), ((term, spans),)) if spans else None

    def _weigh_all(self, parts: Iterable[Node], scope: Scope | None) -> _Weighed | None:
        weighed: list[_Weighed] = []
        for part in parts:
            one = self._weigh(part, scope)
            if one is None:
                return None
            weighed.append(one)
        placed = [one.salience for one in weighed if one.hits]
        return _Weighed(salience.of_all(placed) if placed else 1.0, tuple(hit for one in weighed for hit in one.hits))

    def _weigh_any(self, parts: Iterable[Node], scope: Scope | None) -> _Weighed | None:
        weighed = [one for part in parts if (one := self._weigh(part, scope)) is not None]
        if not weighed:
            return None
        best = max(one.salience for one in weighed)
        return _Weighed(best, tuple(hit for one in weighed for hit in one.hits))

    # ------------------------------------------------------------ evidence

    def _evidence(self, weighed: _Weighed) -> tuple[Evidence, ...]:
        """For each true term, the finds that count most: the title's first, different words before repeats."""
        evidence: dict[Evidence, None] = {}
        for term, spans in weighed.hits:
            concept = term.name if isinstance(term, ConceptTerm) else term.text
            shown: set[str] = set()
            for start, end in spans:
                words = self._whole_words(start, end)
                if words.casefold() in shown:
                    continue
                shown.add(words.casefold())
                evidence[Evidence(concept, words, self.layout.where(start), self._sentence(start))] = None
                if len(shown) == _EVIDENCE_PER_TERM:
                    break
        return tuple(evidence)

    def _whole_words(self, start: int, end: int) -> str:
        """The words as they stand in the original; a prefix is shown with the rest of its word."""
        text = self._scan.folded.text
        while end < len(text) and text[end].isalnum() and text[end] < "\u1100" and text[end - 1] < "\u1100":
            end += 1
        return self._scan.folded.original_slice(start, end)

    def _sentence(self, at: int) -> str:
        start, end = self.layout.sentence_span(at)
        sentence = self._scan.folded.original_slice(start, end).strip()
        if len(sentence) <= _SENTENCE_CHARS:
            return sentence
        first = self._scan.folded.original_span(at, at)[0] - self._scan.folded.original_span(start, start)[0]
        cut = max(0, min(first - _SENTENCE_CHARS // 2, len(sentence) - _SENTENCE_CHARS))
        return ("…" if cut else "") + sentence[cut : cut + _SENTENCE_CHARS].strip() + "…"
