"""What a word that the lexicon does not know becomes in a proposed query: as it is, by its stem, or with its capitals.

Pure, and without knowledge of the name around it beyond what it is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.topics.tree import Or, Words

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.topics.tree import Node

STEM_CHARS: Final = 4
SHORT_CHARS: Final = 3

_CYRILLIC_ENDING: Final = re.compile(
    r"(?:[оеыи]го|[оеыи]му|[иы]ми|[ая]ми|[ая]м|[ая]х|[оеиы]й|[ая]я|[ое]е|[иы]е|[ое]в|[ое]м|[іїаяоеиыуюьй])\Z"
)
_ENGLISH_ENDING: Final = re.compile(r"(?:ies|es|s|ing|ed|e|y)\Z")
_DOUBLED: Final = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")  # ban, banned; but law, laws


def of_word(original: str, word: str) -> Node:
    """A word as written; a small-letter word also in its other forms, by its stem. ``word`` is it folded."""
    if not original[0].islower():
        return Words(original)
    endings = _ENGLISH_ENDING if word.isascii() else _CYRILLIC_ENDING
    stem = endings.sub("", word)
    if len(stem) == STEM_CHARS and word == f"{stem}e":
        stem = word  # probe, not problem
    if len(word) > STEM_CHARS and len(stem) >= STEM_CHARS:
        return Words(stem, prefix=True)
    if len(word) == STEM_CHARS and word.isascii() and not word.endswith("s"):
        return Or((Words(original), Words(f"{word}s")))
    if len(word) == SHORT_CHARS and word.isascii():
        past = (f"{word[-1]}ed",) if _DOUBLED.fullmatch(word) else ()
        return Or(tuple(Words(f"{word}{ending}") for ending in ("", "s", *past)))
    return Words(original)


def with_capitals(node: Node, everyday: Collection[str]) -> Node:
    """An everyday word that the name writes with a capital is the shop or firm called so: Target is no target."""
    if isinstance(node, Words) and node.key in everyday and node.text[0].isupper() and node.text[1:].islower():
        return Words(node.text, exact=True)
    return node
