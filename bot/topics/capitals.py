"""Where a word stands with the capitals that a query asks for: ``=Target`` is the shop, a price target is not.

A capital says nothing where every word there would have one: at the beginning of a sentence, in a headline that
capitalises each word, in a line that is all capitals. A find in such a place counts all the same, since headlines
begin with names, unless the entry itself tells that the common word is meant: it has the word in small letters, and
nowhere with a capital that says something. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.topics.fold import Folded, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.topics.salience import Layout
    from bot.topics.scan import Span

_LONG_WORD: Final = re.compile(r"[^\W\d_]{4,}")
"""A headline that capitalises its words leaves the shorter ones (of, the, and) small."""
_OPENS: Final = ":"
"""What a headline begins anew behind, as in "Analyst: Target is too high"."""


def kept(spans: Sequence[Span], written: str, folded: Folded, layout: Layout) -> tuple[Span, ...]:
    """Those of a word's places (in the folded text) where its capitals are those of ``written``, in order."""
    wanted = _capitals(fold(written))
    certain: list[Span] = []
    doubtful: list[Span] = []
    small = False
    for start, end in spans:
        found = _capitals(folded, start, end)
        if found == wanted:
            (doubtful if _says_nothing(start, wanted, folded, layout) else certain).append((start, end))
        elif "A" in wanted and _line(start, folded).isupper():
            doubtful.append((start, end))
        elif "A" not in found:
            small = True
    return tuple(certain if small and not certain else sorted(certain + doubtful))


def _capitals(folded: Folded, start: int = 0, end: int | None = None) -> str:
    """Which of the folded characters are capitals in the original: "A" for one, "a" for any other."""
    end = len(folded.text) if end is None else end
    places = range(start, end) if folded.offsets is None else folded.offsets[start:end]
    return "".join("A" if folded.original[place].isupper() else "a" for place in places)


def _says_nothing(at: int, capitals: str, folded: Folded, layout: Layout) -> bool:
    """Whether any word would have these capitals at this place."""
    if "A" not in capitals:
        return False
    line = _line(at, folded)
    if line.isupper():
        return True
    if "AA" in capitals:
        return False  # an abbreviation is one anywhere
    if all(word[0].isupper() for word in _LONG_WORD.findall(line)):
        return True
    before = folded.text[layout.sentence_span(at)[0] : at].rstrip("\"'«“‘([ \t")
    return "A" not in capitals[1:] and (before.endswith(_OPENS) or not any(map(str.isalnum, before)))


def _line(at: int, folded: Folded) -> str:
    """The line of the original around a place of the folded text: a title, or a paragraph."""
    place = folded.original_span(at, at)[0]
    start = folded.original.rfind("\n", 0, place) + 1
    end = folded.original.find("\n", place)
    return folded.original[start : end if end >= 0 else len(folded.original)]
