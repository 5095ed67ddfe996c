"""How much an entry is about what was found in it: salience, from 0 to 1.

Boolean truth is not relevance: a passing mention in a long piece makes a query true. Each term is worth most in the
title, much in the lead, and further down only what its density earns. A conjunction is held to its weakest part,
because an article about the war that names Pyongyang once is not about Pyongyang. Nothing here knows queries.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.topics.scan import Span

TITLE: Final = 1.0
OPENING: Final = 0.9  # the first sentence of a text that has no title
LEAD: Final = 0.7
LEAD_REPEATED: Final = 0.8
LEAD_ALONE: Final = 0.45  # in the lead of a long text, and nowhere again
TEXT_MIN: Final = 0.08
TEXT_MAX: Final = 0.5
TEXT_PER_DENSITY: Final = 0.1  # for each find in 1,000 characters
DENSITY_CHARS: Final = 1500  # a shorter text is measured as if it were this long
WEAKEST_WEIGHT: Final = 0.75
TOGETHER_FIRST: Final = 0.1  # one sentence that holds every part
TOGETHER_MORE: Final = 0.05  # each further one
TOGETHER_MAX: Final = 0.2
ROUND_UP_FACTOR: Final = 0.5

LEAD_SENTENCES: Final = 2
LEAD_CHARS: Final = (200, 700)  # at least, at most

# A full stop after a single letter (U.S., J. Smith) or a short title (Mr.) ends no sentence.
# The look-ahead spares every other place the look-behinds: a twelfth of the time.
_SENTENCE_END: Final = re.compile(
    r"(?=[.!?\u2026。！？\n])(?:(?<!\b\w)(?<!\bmr)(?<!\bdr)(?<!\bms)(?<!\bst)(?<!\bmrs)(?<!\bgen)(?<!\bsen)(?<!\brep)(?<!\bgov)[.!?\u2026]+[\"'\u201d\u00bb)\]]*(?=\s)"
    r"|[。！？!?]+[」』”）)]*|\n+)"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of an entry lie in its folded text: the title, the lead, and where each sentence begins."""

    title_end: int
    lead_end: int
    length: int
    starts: tuple[int, ...]

    def where(self, at: int) -> str:
        """``title``, ``lead`` or ``text``."""
        if at < self.title_end:
            return "title"
        return "lead" if at < self.lead_end else "text"

    def sentence(self, at: int) -> int:
        """The number of the sentence around a place."""
        return bisect_right(self.starts, at) - 1

    def sentence_span(self, at: int) -> Span:
        """The start and the end of the sentence around a place."""
        index = self.sentence(at)
        return self.starts[index], self.starts[index + 1] if index + 1 < len(self.starts) else self.length


def lay_out(text: str, title_end: int) -> Layout:
    """The layout of a folded text whose first ``title_end`` characters are the title (0 for none)."""
    starts = [0]
    for found in _SENTENCE_END.finditer(text, title_end):
        if found.end() < len(text) and found.end() > starts[-1]:
            starts.append(found.end())
    if title_end and title_end + 1 < len(text) and title_end + 1 not in starts:
        starts = sorted({*starts, title_end + 1})
    body = [start for start in starts if start >= title_end]
    lead_end = title_end
    for count, (_, end) in enumerate(pairwise([*body, len(text)]), start=1):
        lead_end = end
        if count >= LEAD_SENTENCES and end - title_end >= LEAD_CHARS[0]:
            break
    return Layout(title_end, min(lead_end, title_end + LEAD_CHARS[1]), len(text), tuple(starts))


def of_term(spans: Sequence[Span], layout: Layout) -> float:
    """The salience of one term from where it stands and how often."""
    first = spans[0][0]
    if first < layout.title_end:
        return TITLE
    if first < layout.lead_end:
        if not layout.title_end and layout.sentence(first) == 0:
            return OPENING
        if len(spans) > 1:
            return LEAD_REPEATED
        return LEAD if layout.length - layout.title_end <= DENSITY_CHARS else LEAD_ALONE
    density = len(spans) * 1000 / max(layout.length - layout.title_end, DENSITY_CHARS)
    return min(TEXT_MAX, TEXT_MIN + TEXT_PER_DENSITY * density)


def of_all(parts: Sequence[float]) -> float:
    """The salience of a conjunction: mostly that of its weakest part."""
    return WEAKEST_WEIGHT * min(parts) + (1 - WEAKEST_WEIGHT) * sum(parts) / len(parts)


def together(facets: Sequence[Sequence[Span]], layout: Layout) -> float:
    """What it adds that whole sentences hold a find of every facet: once may be chance, thrice is the subject."""
    if not facets:
        return 0.0
    shared = set.intersection(*({layout.sentence(start) for start, _ in spans} for spans in facets))
    return min(TOGETHER_MAX, TOGETHER_FIRST + TOGETHER_MORE * (len(shared) - 1)) if shared else 0.0
