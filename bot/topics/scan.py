"""Find aliases and query words in folded text: one pass of an Aho-Corasick automaton, then the edges are checked.

The automaton reports every pattern wherever it stands, even inside words. What counts is decided here: word edges by
script, capitals, contexts in which an alias means something else, and longer names over the shorter ones inside them
(Papua New Guinea is not Guinea). Nothing here knows topics, fields or scores.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from bot.topics.lexicon import Form, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.topics.fold import Folded
    from bot.topics.lexicon import Concept, Lexicon

Span = tuple[int, int]

_CJK_FROM: Final = "\u1100"
_BETWEEN: Final = re.compile(
    r"(?: (?!(?:after|as|because|before|but|by|for|if|on|since|that|to|when|which|while|who|with"
    r"|aber|bei|für|mit|nach|um|wegen|weil|après|avec|pour|qui|con|para|por|que|для|из|на|о|по|при|чтобы) )"
    r"[^\s.,;:!?|]+(?:[.,]\d+)*){0,4} "
)
"""Up to four words between a pair's parts, and none that begins another thought: cuts rates to save jobs."""
_HANGUL: Final = ("\uac00", "\ud7a3")
_HAN: Final = ("\u4e00", "\u9fff")
_KATAKANA: Final = ("\u30a1", "\u30fc")


class Edge:
    """Which neighbours would make a find part of a longer word. Constants, cheap to compare in the inner loop."""

    FREE = 0  # any neighbour will do: Han characters, and open ends
    WORD = 1  # no letter or digit of a script with spaces between its words
    HANGUL = 2  # no Hangul syllable: Korean words begin here, particles follow
    KATAKANA = 3  # no Katakana: インド is not in インドネシア
    LONE = 4  # no Han, kana, letter or digit: a country as headlines abbreviate it (美, 반도체 관세; 米、関税を発表)


class Sense(NamedTuple):
    """Under which key a pattern is reported, and what must hold around it: most of a concept's patterns share one."""

    key: str
    left: int = Edge.FREE
    right: int = Edge.FREE
    cased: str | None = None
    role: Role = Role.NAME
    exclusive: bool = False  # a place, person or body: gives way to a longer name around it
    blocks: bool = False  # a context that takes away the key's finds inside it


_PART: Final = "+"
"""What the key of a pair's part begins with: no concept and no word of a query does."""

Pattern = tuple[str, Sense]
"""What to look for, folded, and what it means."""


def edge_of(char: str) -> int:
    """The edge that a word beginning or ending in this character must have."""
    if char < _CJK_FROM:
        return Edge.WORD if char.isalnum() else Edge.FREE
    if _HANGUL[0] <= char <= _HANGUL[1]:
        return Edge.HANGUL
    if _KATAKANA[0] <= char <= _KATAKANA[1]:
        return Edge.KATAKANA
    return Edge.FREE


def make_pattern(key: str, folded: str, form: Form) -> Pattern:
    """A pattern with the edges that its form and its scripts ask for."""
    return folded, Sense(key, *_edges(folded, form))


def _edges(folded: str, form: Form) -> tuple[int, int]:
    if len(folded) == 1 and form is Form.WORD and _HAN[0] <= folded <= _HAN[1]:
        return Edge.LONE, Edge.LONE
    left = Edge.FREE if form is Form.SUBSTRING else edge_of(folded[0])
    right = edge_of(folded[-1]) if form is Form.WORD else Edge.FREE
    # Korean particles are written to the word: 북한의, 북한에.
    return left, Edge.FREE if right == Edge.HANGUL else right


class _Cuts(dict[str, bool]):
    """Whether a neighbour would make the find a part of a longer word: asked of the few characters of all texts."""

    def __init__(self, edge: int) -> None:
        super().__init__()
        self._edge = edge

    def __missing__(self, char: str) -> bool:
        cuts = self[char] = self._asked(char)
        return cuts

    def _asked(self, char: str) -> bool:
        """``char`` is "" at the ends of a text."""
        if not char or self._edge == Edge.FREE:
            return False
        if self._edge == Edge.WORD:
            return char < _CJK_FROM and char.isalnum()
        if self._edge == Edge.LONE:
            return char.isalnum() and not _HANGUL[0] <= char <= _HANGUL[1]
        low, high = _HANGUL if self._edge == Edge.HANGUL else _KATAKANA
        return low <= char <= high


_CUTS: Final = tuple(map(_Cuts, range(Edge.LONE + 1)))


def stands_alone(text: str, at: int, pattern: Pattern) -> bool:
    """Whether a pattern that stands at ``at`` has around it what its edges ask for."""
    folded, sense = pattern
    end = at + len(folded)
    before, after = text[at - 1 : at] if at else "", text[end : end + 1]
    return not (_CUTS[sense.left][before] or _CUTS[sense.right][after])


_Find = tuple[int, int, int, Sense]
"""Where a pattern stands, its end negated, and which find it is: in order, the longest of a place comes first."""


class PairKeys(NamedTuple):
    """Under which keys the second part of a pair is found, and the whole."""

    second: str
    whole: str


class Scanner:
    """A compiled set of patterns. Immutable after construction, so any number of threads may share it."""

    def __init__(
        self,
        patterns: Iterable[Pattern],
        holders: Mapping[str, Sequence[str]] | None = None,
        pairs: Mapping[str, PairKeys] | None = None,
    ) -> None:
        """Compile: some milliseconds for the whole lexicon. ``holders`` are the keys that stand where a key does.

        ``pairs`` gives for the key of a first part that of the second, and the key for which they speak together.
        """
        self._holders = holders or {}
        self._pairs = pairs or {}
        senses: dict[str, tuple[Sense, ...]] = {}
        # Equal ones are kept once: of the lexicon's 40,000 patterns some 4,000 differ in more than their letters.
        shared: dict[tuple[Sense, ...], tuple[Sense, ...]] = {}
        for folded, sense in patterns:
            meant = (*senses.get(folded, ()), sense)
            senses[folded] = shared.setdefault(meant, meant)
        self._senses = tuple(senses.values())
        self._automaton = AhoCorasick(list(senses), matchkind=MatchKind.Standard) if senses else None

    def find(self, folded: Folded) -> dict[str, tuple[Span, ...]]:
        """Every key that stands in the text, with its spans (in the folded text) in order."""
        if self._automaton is None:
            return {}
        finds: list[_Find] = []
        blocks: dict[str, list[Span]] = {}
        text = folded.text
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            before, after = text[start - 1 : start] if start else "", text[end : end + 1]
            for sense in self._senses[index]:
                key, left, right, cased, _, _, is_context = sense
                if _CUTS[left][before] or _CUTS[right][after]:
                    continue
                if cased is not None and folded.original_slice(start, end) != cased:
                    continue
                if is_context:
                    blocks.setdefault(key, []).append((start, _word_end(text, end)))
                else:
                    finds.append((start, -end, len(finds), sense))
        return _with_holders(self._paired(_settle(finds, blocks), blocks, text), self._holders)

    def _paired(
        self, found: dict[str, tuple[Span, ...]], blocks: Mapping[str, Sequence[Span]], text: str
    ) -> dict[str, tuple[Span, ...]]:
        """What was found, with the pairs that stand together under their concepts, and no part by itself."""
        parts = {key: found.pop(key) for key in [key for key in found if key[0] == _PART]} if self._pairs else {}
        for first, spans in parts.items():
            if first not in self._pairs or self._pairs[first].second not in parts:
                continue
            second, key = self._pairs[first]
            together = [
                span
                for span in _together(spans, parts[second], text)
                if not any(low <= span[0] and span[1] <= high for low, high in blocks.get(key, ()))
            ]
            if together:
                found[key] = _apart([*found.get(key, ()), *together])
        return found


def _together(firsts: Sequence[Span], seconds: Sequence[Span], text: str) -> Iterator[Span]:
    """From each first part to the nearest second part behind it, where no more than a few words stand between."""
    starts = [start for start, _ in seconds]
    for start, first_end in firsts:
        end = _word_end(text, first_end)
        behind = bisect_left(starts, end)
        if behind < len(seconds) and _BETWEEN.fullmatch(text, end, starts[behind]):
            yield start, seconds[behind][1]


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, without those that begin inside another one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


def _with_holders(
    found: dict[str, tuple[Span, ...]], holders: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Span, ...]]:
    held: dict[str, set[Span]] = {}
    for key in found.keys() & holders.keys():
        for holder in holders[key]:
            held.setdefault(holder, set(found.get(holder, ()))).update(found[key])
    return found | {holder: tuple(sorted(spans)) for holder, spans in held.items()}


def _word_end(text: str, end: int) -> int:
    """Where the word ends that a context reaches into: ``new mexic*`` takes away all of New Mexico's Mexico."""
    while end < len(text) and text[end] < _CJK_FROM and text[end].isalnum():
        end += 1
    return end


def _settle(finds: list[_Find], blocks: dict[str, list[Span]]) -> dict[str, tuple[Span, ...]]:
    """Drop what stands in another meaning's context or inside a longer name; merge what overlaps."""
    finds.sort()
    spans: dict[str, list[Span]] = {}
    certain: set[str] = set()
    outer: Span = (-1, -1)
    for start, minus_end, _, (key, _, _, _, role, is_exclusive, _) in finds:
        end = -minus_end
        context = blocks.get(key)
        if context is not None and any(low <= start and end <= high for low, high in context):
            continue
        if is_exclusive:
            if end <= outer[1] and (start, end) != outer:
                continue
            if end > outer[1]:
                outer = (start, end)
        taken = spans.setdefault(key, [])
        if role is not Role.SUPPORT:
            certain.add(key)
        if not taken or start >= taken[-1][1]:
            taken.append((start, end))
    return {key: tuple(found) for key, found in spans.items() if key in certain}


def concept_patterns(
    concept: Concept, *, names_only: bool = False, any_case_but: frozenset[str] | None = None
) -> Iterable[Pattern]:
    """A concept's patterns, under the key ``@name``. With ``names_only``: just those that name it in a topic's name.

    With ``any_case_but``: capitals do not matter but for these (folded) aliases.
    """
    key = f"@{concept.name}"
    exclusive = concept.kind != "subject"
    # Some 40,000 patterns are made on the way to the prompt: each in one go, with no copy.
    for alias in concept.aliases:
        if not names_only or (alias.role is Role.NAME and not alias.origin):
            left, right = _edges(alias.folded, alias.form)
            cased = alias.cased if any_case_but is None or alias.folded in any_case_but else None
            yield alias.folded, Sense(key, left, right, cased, alias.role, exclusive)
    for context in concept.not_in:
        left, right = _edges(context.folded, context.form)
        cased = context.cased if any_case_but is None else None
        yield context.folded, Sense(key, left, right, cased, blocks=True)


def _pairs(lexicon: Lexicon) -> tuple[list[Pattern], dict[str, PairKeys]]:
    patterns: list[Pattern] = []
    keys: dict[str, PairKeys] = {}
    for concept in lexicon.concepts.values():
        for number, pair in enumerate(concept.pairs):
            halves = [f"{_PART}{concept.name} {number}{side}" for side in "ab"]
            keys[halves[0]] = PairKeys(halves[1], f"@{concept.name}")
            for key, aliases in zip(halves, pair, strict=True):
                patterns += [make_pattern(key, alias.folded, alias.form) for alias in aliases]
    return patterns, keys


@lru_cache(maxsize=8)
def concept_scanner(lexicon: Lexicon, *, names_only: bool = False, any_case: bool = False) -> Scanner:
    """The lexicon's scanner, compiled once and shared by every matcher made from it.

    With ``any_case`` it reads what is written without capitals, or all in capitals: us tariffs, TURKEY.
    """
    but = lexicon.naming.common_words if any_case else None
    patterns = (
        pattern
        for concept in lexicon.concepts.values()
        for pattern in concept_patterns(concept, names_only=names_only, any_case_but=but)
    )
    holders: dict[str, list[str]] = {}
    for concept in () if names_only else lexicon.concepts.values():
        for name in concept.holds:
            holders.setdefault(f"@{name}", []).append(f"@{concept.name}")
    parts, pairs = ([], {}) if names_only else _pairs(lexicon)
    return Scanner(chain(patterns, parts), holders, pairs)
