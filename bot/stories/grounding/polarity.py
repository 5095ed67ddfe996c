"""Opposites across languages: a summary that says "raised" of a source that says "сократил" tells something else.

Beginnings and pieces of words, not grammar (``polarity.txt`` has a pair in two lines, each an expression): it is asked
only where the words cannot be compared, that is, in other languages than English and between two. Where a text has both
sides of a pair, nothing is found.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.stories.grounding.faults import Fault, FaultKind
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading


@cache
def _pairs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    text = files(__package__).joinpath("polarity.txt").read_text(encoding="utf-8")
    pairs = (pair.split("\n") for pair in text.strip().split("\n\n"))
    return tuple((re.compile(left), re.compile(right)) for left, right in pairs)


def check_polarity(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """One side of a pair here, and in the sources only the other."""
    told = normalise(sentence.text)
    given = normalise("\n".join(source.text for source in sources))
    for pair in _pairs():
        for ours, theirs in (pair, pair[::-1]):
            mine = ours.search(told)
            if not mine or theirs.search(told) or ours.search(given):
                continue
            other = theirs.search(given)
            if other:
                yield Fault(FaultKind.NEGATION, f"“{mine.group()}”, and the source says “{other.group()}”")
                return
