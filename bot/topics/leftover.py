"""What becomes of the words of a topic's name that the lexicon does not know: which are one name, which say enough.

Pure; ``bot.topics.unknown`` turns a single word into a term, ``bot.topics.suggest`` reads the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.topics.fold import fold
from bot.topics.tree import And, ConceptTerm, Or, Words
from bot.topics.unknown import as_capitals, is_acronym

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.topics.fold import Folded
    from bot.topics.lexicon import Lexicon
    from bot.topics.scan import Span
    from bot.topics.tree import Node

_BOTH: Final = ("&", "and")
_NAME_WORDS: Final = 2
_STRIKES: Final = frozenset(("strike", "strikes"))
_WALKOUTS: Final = "walkouts"


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a name and what they became; ``known`` to the lexicon or not.

    A ``whole`` name (New York) is never joined to what stands beside it; a ``narrower`` one (Goma) not to another such.
    """

    start: int
    end: int
    words: str
    node: Node
    known: bool
    narrower: bool = False
    whole: bool = False


def whole_names(folded: Folded, lexicon: Lexicon) -> Iterator[Span]:
    """Where names stand that are kept together, whatever their words say: New York, Tour de France."""
    taken = 0
    for found in re.finditer(r"[^\W_]+", folded.text):
        for name in lexicon.naming.whole.get(found.group(), ()) if found.start() >= taken else ():
            taken = found.start() + len(name)
            if folded.text.startswith(name, found.start()) and not folded.text[taken : taken + 1].isalnum():
                yield found.start(), taken
                break
            taken = found.start()


def joined(parts: Sequence[Part], folded: Folded, lexicon: Lexicon) -> list[Part]:
    """Unknown words that are one name: what a dash joins, and two capitalised words side by side (three may be two)."""
    names: list[Part] = []
    gaps: list[str] = []
    for part in parts:
        gap = _gap(names[-1], part, folded) if names else "|"
        if gap == "-":
            names[-1] = _phrase(names[-1], part, gap)
        elif gap in _BOTH and part.words == names[-1].words:
            names[-1] = _twice(names[-1], part)
        else:
            names.append(part)
            gaps.append(gap)
    found: list[Part] = []
    at = 0
    while at < len(names):
        run = 1
        while at + run < len(names) and gaps[at + run] == "" and names[at + run].words[:1].isupper():
            run += 1
        if run == _NAME_WORDS and names[at].words[:1].isupper() and _is_one(names[at], names[at + 1], lexicon):
            found.append(_phrase(names[at], names[at + 1], " "))
        else:
            found += names[at : at + run]
        at += run
    return found


def _is_one(left: Part, right: Part, lexicon: Lexicon) -> bool:
    """Whether two capitalised words may be one name: VW and Werk, M23 and Goma seldom stand side by side in a text."""
    if left.whole or right.whole or (left.narrower and right.narrower):
        return False
    begins = fold(left.words).text in lexicon.naming.beginnings  # New START
    return begins or not (is_acronym(left.words) or is_acronym(right.words)) or _all_capitals(left, right)


def _all_capitals(left: Part, right: Part) -> bool:
    return left.words.isupper() and right.words.isupper()


def capitalised(parts: Sequence[Part], lexicon: Lexicon) -> list[Part]:
    """An everyday word with its capital, unless several words have one: then the name may capitalise them all."""
    capitals = sum(part.words[:1].isupper() for part in parts)
    if capitals != 1:
        return list(parts)
    return [replace(part, node=as_capitals(part.node, lexicon.naming.everyday)) for part in parts]


def _gap(left: Part, right: Part, folded: Folded) -> str:
    """What stands between two parts of the name, spaces left out."""
    return folded.original_slice(left.end, right.start).strip()


def _phrase(left: Part, right: Part, gap: str) -> Part:
    words = f"{left.words}{gap}{right.words}"
    return Part(left.start, right.end, words, Words(words), known=False)


def _twice(left: Part, right: Part) -> Part:
    """Johnson & Johnson is a name, and not Johnson."""
    either = [Words(f"{left.words} {joint} {right.words}") for joint in _BOTH]
    return Part(left.start, right.end, str(either[0].text), Or(tuple(either)), known=False)


def alternatives(unknown: Sequence[Part], known: Sequence[Part], lexicon: Lexicon) -> list[Part]:
    """Several unknown common words beside something with a name: any will do, for news has many words for it.

    Of those only such as say something: a company's law is any law, and "UK water companies" are known by the water.
    Where none does, all are asked for together: side effects.
    """
    common = [part for part in unknown if part.words[:1].islower()]
    named = len(common) < len(unknown) or any(
        lexicon.concepts[term.name].kind != "subject"
        for part in known
        for term in flat(part.node)
        if isinstance(term, ConceptTerm)
    )
    if len(common) < _NAME_WORDS or not named:
        return _without_measures(unknown, common, known, lexicon)
    telling = [part for part in common if fold(part.words).text not in lexicon.naming.general]
    if not telling:
        return list(unknown)
    if len(telling) == 1:
        return [part for part in unknown if part not in common or part in telling]
    words = ", ".join(part.words for part in telling)
    either = Part(telling[0].start, telling[-1].end, words, Or(tuple(part.node for part in telling)), known=False)
    return [*(part for part in unknown if part not in common), either]


def _without_measures(
    unknown: Sequence[Part], common: Sequence[Part], known: Sequence[Part], lexicon: Lexicon
) -> list[Part]:
    """Beside a subject and something else a measure says nothing: Macron's pension reform."""
    terms = [term for part in known for term in flat(part.node) if isinstance(term, ConceptTerm)]
    subjects = sum(lexicon.concepts[term.name].kind == "subject" for term in terms)
    if not subjects or len(terms) < _NAME_WORDS:
        return list(unknown)
    measures = [part for part in common if fold(part.words).text in lexicon.naming.measures]
    return [part for part in unknown if part not in measures]


def walkouts(known: Sequence[Part], unknown: Sequence[Part], lexicon: Lexicon) -> tuple[list[Part], list[Part]]:
    """A strike that is no attack, as the news speaks of it: known, and found by any of its names."""
    strikes = [part for part in unknown if part.words.lower() in _STRIKES and _WALKOUTS in lexicon.concepts]
    either = Or((ConceptTerm(_WALKOUTS), Words("strik", prefix=True)))
    return (
        [*known, *(replace(part, node=either, known=True) for part in strikes)],
        [part for part in unknown if part not in strikes],
    )


def flat(node: Node) -> tuple[Node, ...]:
    """The parts of an AND, or the node itself."""
    return node.parts if isinstance(node, And) else (node,)
