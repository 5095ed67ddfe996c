"""Which capitals of a German sentence are a common noun's: German gives each noun one, not names alone."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.text.tokens import is_in_dictionary, lemma_of

_DETERMINER: Final = re.compile(
    r"d(?:er|ie|as|en|em|es)|(?:ein|kein|mein|sein|ihr|unser|euer|eur|dies|jed|jen|solch|welch|viel|wenig|all)(?:e[nmrs]?)?"
    r"|mehr|weniger|einig\w*|mehrer\w*|beid\w*|zum|zur|vom|beim|am|im|ins|ans|zwei|drei|\d[\d.,]*"
)
_STEM: Final = 3
_WORD_BEFORE: Final = re.compile(r"([^\s\"“„«»(]+)\s+$")


def is_common(shown: str, before: str) -> bool:
    """Whether a capitalised word is a noun of the dictionary behind an article, a number or an inflected adjective.

    Or what opens a sentence and is one of those itself. ``before`` is the sentence up to the word. A surname may be a
    word of the dictionary, but seldom stands behind those.
    """
    found = _WORD_BEFORE.search(before)
    if found is None:
        return _leads_to_a_noun(shown.lower())
    return _leads_to_a_noun(found[1].lower()) and is_in_dictionary(shown, "de")


@lru_cache(maxsize=1024)
def _leads_to_a_noun(word: str) -> bool:
    """Verbs are inflected as well ("sagte Koch"): their dictionary form ends in n."""
    if _DETERMINER.fullmatch(word):
        return True
    lemma = lemma_of(word, "de").lower()
    return lemma != word and lemma[:_STEM] == word[:_STEM] and not lemma.endswith("n")
