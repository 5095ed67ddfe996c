"""Whether a word is borne out by a word of the sources: the same stem, the same meaning, or one family."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.reading import stem_of
from bot.stories.grounding.synonyms import OPPOSITE, same

if TYPE_CHECKING:
    from collections.abc import Collection

FAMILY_SHARE: Final = 0.75
FAMILY_LETTERS: Final = 4


@lru_cache(maxsize=32_768)
def alike(one: str, other: str) -> bool:
    """Whether two stems mean the same, as far as we know."""
    if one == other:
        return True
    groups = _groups()
    if groups.get(one, frozenset()) & groups.get(other, frozenset()):
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared >= FAMILY_LETTERS and shared >= FAMILY_SHARE * max(len(one), len(other))


def is_borne(stem: str, given: Collection[str]) -> bool:
    """Whether a stem stands among these, in one of its senses."""
    return stem in given or any(alike(stem, other) for other in given)


@cache
def opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Pairs of sets of stems that say the opposite, each pair both ways."""
    pairs = [(_stems(left), _stems(right)) for left, right in OPPOSITE]
    return tuple(pairs + [(right, left) for left, right in pairs])


@cache
def _groups() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(same().splitlines()):
        for stem in _stems(line):
            groups.setdefault(stem, set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in groups.items()}


@lru_cache(maxsize=256)
def _stems(words: str) -> frozenset[str]:
    return frozenset(stem_of(word) or word for word in words.split())
