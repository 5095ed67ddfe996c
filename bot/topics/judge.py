"""One entry held against one query: whether it is true, how much the entry is about it, and the evidence.

Every part of a true query gives a weight (``bot.topics.salience``) and the finds that made it true: those of ``near``
and ``same`` are the finds that stand together and no others. Which topics are worth judging is decided in
``bot.topics.index``; the bar that a score must pass, in ``bot.topics.match``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.model import Evidence
from bot.text.urls import registrable_domain
from bot.topics import salience
from bot.topics.fold import fold
from bot.topics.reading import WORD
from bot.topics.tree import (
    And,
    ConceptTerm,
    FromFeed,
    Lang,
    Near,
    Not,
    Or,
    Regex,
    Same,
    Scoped,
    Source,
    Url,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.model import Entry
    from bot.topics.reading import Reading
    from bot.topics.scan import Span
    from bot.topics.tree import Field, Find, Node, Place, Scope

ROUND_UP: Final = "@round_up"
"""The concept whose aliases in a title give away a digest of many things."""

_EVIDENCE_PER_TERM: Final = 2
_SENTENCE_CHARS: Final = 400
_NUMBER_BEFORE: Final = re.compile(r"\d{1,3}(?:[ ,.]\d{3})*[ ,.]$")
_NUMBER_CHARS: Final = 16

Hit = tuple["Find", tuple["Span", ...]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A true part of a query: its salience, and the finds that made it true, grouped by the facet they speak for.

    A condition without a place (a language, something absent) has no facets and weighs 1.
    """

    salience: float
    facets: tuple[tuple[Hit, ...], ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All finds, whatever facet they speak for."""
        return tuple(hit for facet in self.facets for hit in facet)


_TRUE: Final = Weighed(1.0)


class Judge:
    """One entry, ready to be held against queries."""

    def __init__(self, entry: Entry, reading: Reading) -> None:
        self._entry = entry
        self._reading = reading
        self._outlet = _Outlet(entry)
        self._terms: dict[tuple[Find, Scope | None], Weighed | None] = {}
        self._shown: dict[Hit, tuple[Evidence, ...]] = {}

    def weigh(self, root: Node) -> Weighed | None:
        """None where the query is not true for the entry."""
        return self._weigh(root, None)

    def score(self, weighed: Weighed) -> float:
        """The salience of the whole, from 0 to 1: sentences that hold every facet add to it, a round-up takes away."""
        score = weighed.salience
        places = [[span for _, spans in facet for span in spans] for facet in weighed.facets]
        if len(places) > 1:
            score += salience.together(places, self._reading.layout)
        in_title = all(any(start < self._reading.title_end for start, _ in spans) for spans in places)
        if not in_title and self._is_round_up():
            score *= salience.ROUND_UP_FACTOR
        return min(score, 1.0)

    def _is_round_up(self) -> bool:
        spans = self._reading.concepts.get(ROUND_UP, ())
        return bool(spans) and spans[0][0] < max(self._reading.title_end, 1)

    # ------------------------------------------------------------ truth and weight

    def _weigh(self, node: Node, scope: Scope | None) -> Weighed | None:  # noqa: PLR0911 - one for each kind of node
        match node:
            case ConceptTerm() | Words() | Regex():
                return self._weigh_find(node, scope)
            case And(parts=parts):
                return self._weigh_all(parts, scope)
            case Or(parts=parts):
                return self._weigh_any(parts, scope)
            case Scoped(scope=inner, part=part):
                return self._weigh(part, inner)
            case Near() | Same():
                return self._weigh_together(node, scope)
            case Not(part=part):
                return _TRUE if self._weigh(part, scope) is None else None
            case Lang() | Source() | FromFeed() | Url():
                return _TRUE if self._outlet.has(node) else None

    def _weigh_find(self, term: Find, scope: Scope | None) -> Weighed | None:
        spans = self._reading.find(term)
        if not spans:
            return None
        key = (term, scope)
        if key not in self._terms:
            self._terms[key] = self._of_hits([(term, self._within(spans, scope))])
        return self._terms[key]

    def _of_hits(self, hits: Sequence[Hit]) -> Weighed | None:
        """One facet, worth what the best placed of its terms is worth."""
        kept = tuple(hit for hit in hits if hit[1])
        if not kept:
            return None
        layout = self._reading.layout
        return Weighed(max(salience.of_term(spans, layout) for _, spans in kept), (kept,))

    def _within(self, spans: tuple[Span, ...], scope: Scope | None) -> tuple[Span, ...]:
        if scope is None:
            return spans
        where = self._reading.layout.where
        return tuple(span for span in spans if where(span[0]) == scope)

    def _weigh_all(self, parts: Iterable[Node], scope: Scope | None) -> Weighed | None:
        weighed: list[Weighed] = []
        for part in parts:
            one = self._weigh(part, scope)
            if one is None:
                return None
            weighed.append(one)
        return _conjoined(weighed)

    def _weigh_any(self, parts: Iterable[Node], scope: Scope | None) -> Weighed | None:
        weighed = [one for part in parts if (one := self._weigh(part, scope)) is not None]
        if not weighed:
            return None
        # Parts that hang together stay apart: what stands in one sentence may still add to them.
        fullest = max(weighed, key=lambda one: (one.salience, len(one.facets)))
        if len(fullest.facets) > 1:
            return fullest
        hits = tuple(hit for one in weighed for hit in one.hits)
        return Weighed(fullest.salience, (hits,)) if hits else Weighed(fullest.salience)

    def _weigh_together(self, node: Near | Same, scope: Scope | None) -> Weighed | None:
        places = (node.first, node.second) if isinstance(node, Near) else node.parts
        finds = [self._finds(place, scope) for place in places]
        if not all(finds):
            return None
        if isinstance(node, Near):
            kept = self._near(finds[0], finds[1], node.words)
        else:
            kept = _in_one(finds, self._reading.sentence if node.unit == "sentence" else self._reading.paragraph)
        facets = [self._of_hits(_by_term(each)) for each in kept]
        known = [facet for facet in facets if facet is not None]
        return _conjoined(known) if len(known) == len(places) else None

    def _finds(self, place: Place, scope: Scope | None) -> list[_Find]:
        terms = place.parts if isinstance(place, Or) else (place,)
        return sorted(
            (
                (start, end, number, term)
                for number, term in enumerate(terms)
                for start, end in self._spans(term, scope)
            ),
            key=lambda find: find[:3],
        )

    def _spans(self, term: Node, scope: Scope | None) -> tuple[Span, ...]:
        weighed = self._weigh(term, scope)
        return tuple(span for _, spans in weighed.hits for span in spans) if weighed else ()

    def _near(self, first: list[_Find], second: list[_Find], words: int) -> list[list[_Find]]:
        """The finds of each side that have one of the other within reach.

        In order of their starts, the find of the other side that reaches furthest is the nearest before each find.
        """
        kept: tuple[dict[_Find, None], dict[_Find, None]] = ({}, {})
        furthest: list[_Find | None] = [None, None]
        for start, end, side, find in sorted(
            ((find[0], find[1], side, find) for side, finds in enumerate((first, second)) for find in finds),
            key=lambda each: each[:3],
        ):
            other = furthest[1 - side]
            if other is not None:
                between = self._reading.words_between(other[1], start)
                if between is not None and between <= words:
                    kept[side][find] = None
                    kept[1 - side][other] = None
            mine = furthest[side]
            if mine is None or end > mine[1]:
                furthest[side] = find
        return [sorted(each, key=_place) for each in kept]

    # ------------------------------------------------------------ evidence

    def evidence(self, weighed: Weighed) -> tuple[Evidence, ...]:
        """For each true term, the finds that count most: the title's first, different words before repeats."""
        shown: dict[Evidence, None] = {}
        for hit in weighed.hits:
            if hit not in self._shown:
                self._shown[hit] = tuple(self._of_hit(hit))
            shown.update(dict.fromkeys(self._shown[hit]))
        return tuple(shown)

    def _of_hit(self, hit: Hit) -> Iterable[Evidence]:
        term, spans = hit
        shown: set[str] = set()
        for start, end in spans:
            words = self._whole_words(start, end)
            if words.casefold() not in shown and len(shown) < _EVIDENCE_PER_TERM:
                shown.add(words.casefold())
                yield Evidence(_name(term), words, self._reading.layout.where(start), self._sentence(start))

    def _whole_words(self, start: int, end: int) -> str:
        """The words as they stand in the original; a prefix has the rest of its word, and "000" the "10," before it."""
        text = self._reading.folded.text
        number = _NUMBER_BEFORE.search(text, max(0, start - _NUMBER_CHARS), start) if text[start].isdigit() else None
        start = number.start() if number else start
        while end < len(text) and text[end].isalnum() and text[end] < "\u1100" and text[end - 1] < "\u1100":
            end += 1
        return self._reading.folded.original_slice(start, end)

    def _sentence(self, at: int) -> str:
        folded = self._reading.folded
        start, end = self._reading.layout.sentence_span(at)
        sentence = folded.original_slice(start, end).strip()
        if len(sentence) <= _SENTENCE_CHARS:
            return sentence
        first = folded.original_span(at, at)[0] - folded.original_span(start, start)[0]
        cut = max(0, min(first - _SENTENCE_CHARS // 2, len(sentence) - _SENTENCE_CHARS))
        return ("…" if cut else "") + sentence[cut : cut + _SENTENCE_CHARS].strip() + "…"


_Find = tuple[int, int, int, "Node"]
"""Start, end, the number of the alternative it is a find of, and that alternative."""


def _place(find: _Find) -> tuple[int, int, int]:
    return find[:3]


def _name(term: Find) -> str:
    match term:
        case ConceptTerm(name=name):
            return name
        case Words(text=text):
            return text
        case Regex(pattern=pattern):
            return pattern


def _conjoined(weighed: Sequence[Weighed]) -> Weighed:
    placed = [one.salience for one in weighed if one.facets]
    facets = tuple(facet for one in weighed for facet in one.facets)
    return Weighed(salience.of_all(placed), facets) if placed else _TRUE


def _by_term(finds: Iterable[_Find]) -> list[Hit]:
    grouped: dict[Find, list[Span]] = {}
    for start, end, _, term in finds:
        grouped.setdefault(term, []).append((start, end))  # type: ignore[arg-type]
    return [(term, tuple(spans)) for term, spans in grouped.items()]


def _in_one(finds: Sequence[list[_Find]], unit: Callable[[int], int]) -> list[list[_Find]]:
    """The finds of each part that stand where every part has one."""
    shared = set.intersection(*({unit(find[0]) for find in each} for each in finds))
    return [[find for find in each if unit(find[0]) in shared] for each in finds]


class _Outlet:
    """What ``lang:``, ``source:``, ``feed:`` and ``url:`` ask about, worked out when first asked."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._host: str | None = None
        self._site = ""
        self._name: list[str] = []

    def has(self, node: Field) -> bool:
        if isinstance(node, Lang):
            lang = self._entry.lang.lower()
            return lang == node.code or lang.split("-")[0] == node.code
        if isinstance(node, Url):
            return node.text.casefold() in self._entry.url.casefold()
        if self._host is None:
            self._host = _host(self._entry.url)
            self._site = registrable_domain(self._entry.url)
            self._name = _tokens(self._entry.source)
        wanted = node.text.strip().casefold()
        if _holds(self._name, _tokens(wanted)):
            return True
        if isinstance(node, FromFeed):
            host = _host(wanted if "//" in wanted else f"//{wanted}")
            return bool(self._site) and "." in host and registrable_domain(f"https://{host}/") == self._site
        return self._host == wanted or self._host.endswith(f".{wanted}") or self._site.partition(".")[0] == wanted


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""


def _tokens(text: str) -> list[str]:
    return WORD.findall(fold(text).text) or [fold(text).text.strip()]


def _holds(name: list[str], wanted: list[str]) -> bool:
    """Whether the wanted words stand in a row in the outlet's name."""
    size = len(wanted)
    return any(name[at : at + size] == wanted for at in range(len(name) - size + 1))
