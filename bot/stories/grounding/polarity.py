"""Opposites and deeds across languages: "raised" of a source that says "сократил", or "arrested" of one that does not.

Beginnings and pieces of words, not grammar (in ``polarity.txt`` a pair is two lines, each an expression; in
``deeds.txt`` the first line tells a deed, and the second all that may bear it out): it is asked only where the words
cannot be compared, that is, in other languages than English and between two. Where a text has both sides of a pair,
nothing is found.
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
def _pairs(name: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    pairs = (pair.split("\n") for pair in text.strip().split("\n\n"))
    return tuple((re.compile(left), re.compile(right)) for left, right in pairs)


def check_polarity(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """One side of a pair here, and in the sources only the other."""
    told = normalise(sentence.text)
    given = normalise("\n".join(source.text for source in sources))
    for pair in _pairs("polarity.txt"):
        for ours, theirs in (pair, pair[::-1]):
            mine = ours.search(told)
            if not mine or theirs.search(told) or ours.search(given):
                continue
            other = theirs.search(given)
            if other:
                yield Fault(FaultKind.NEGATION, f"“{mine.group()}”, and the source says “{other.group()}”")
                return


def check_deeds(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """A deed of which the sources, here all of the text, say nothing in any words that we know."""
    if sentence.lang == "en" and all(source.lang == "en" for source in sources):
        return
    told = normalise(sentence.text)
    given = normalise("\n".join(source.text for source in sources))
    for deed, evidence in _pairs("deeds.txt"):
        said = deed.search(told)
        if said and not evidence.search(given):
            yield Fault(FaultKind.INVENTION, f"“{said.group()}”: no source says so")
