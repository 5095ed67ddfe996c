"""Says an entry in its own sentences: the first that stand alone, without saying anything twice.

Position beats every cleverer choice on news (lead-3 outscores LexRank and TextRank on gold alerts). Invents nothing,
joins nothing, translates nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.background import tells_of_before
from bot.stories.boilerplate import (
    is_attribution,
    is_background,
    is_complete,
    is_definition,
    is_invitation,
    is_leaning,
    is_question,
    is_quotation,
)
from bot.stories.reading import readable
from bot.text.sentences import join_sentences
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry

READ_CHARS: Final = 4000
SAID_SHARE: Final = 0.6
"""A sentence with this share of its terms in what was chosen already says nothing new."""
OPENING: Final = 10
"""The event is told in a report's first sentences; what a summary could take further down is its background."""

_CAPITAL: Final = "A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ"
_INTRODUCED: Final = re.compile(rf"[{_CAPITAL}][\w’-]{{1,40}}\.? (?=(?:[{_CAPITAL}]\. )?(?P<name>[{_CAPITAL}][\w-]+))")
"""A name behind a forename."""
_SURNAME: Final = re.compile(rf"(?:M(?:r|s|rs)\.? )?(?P<name>[{_CAPITAL}][\w-]{{2,}})(?=[’']s\b|,|\s[^\W{_CAPITAL}\d])")


def summarise(entry: Entry, *, sentences: int, chars: int) -> str:
    """At most ``sentences`` whole sentences of the entry's opening in at most ``chars`` characters; "" without a text.

    A sentence that leans on the one before ("He added ...") is taken only right behind it. A first sentence that is too
    long is cut at a word, with an ellipsis.
    """
    pool = readable(entry, chars=READ_CHARS)
    if not pool:
        return ""
    for depth in (OPENING, len(pool)):
        chosen = _choose(pool[:depth], entry, (sentences, chars))
        if chosen:
            return chosen
    return _cut(_opener(pool), chars)


def is_stranger(sentence: str, shown: str, before: Sequence[str]) -> bool:
    """Whether a sentence opens with a bare surname whose bearer was introduced in a sentence that is not shown."""
    opening = _SURNAME.match(sentence)
    if opening is None or opening["name"] in shown:
        return False
    introduced = (found["name"] for text in before for found in _INTRODUCED.finditer(text))
    return any(name == opening["name"] or name.startswith(f"{opening['name']}-") for name in introduced)


def _choose(pool: list[str], entry: Entry, limits: tuple[int, int]) -> str:
    """The summary by position; "" if no sentence can stand alone within the limits."""
    count, room = limits
    chosen: list[str] = []
    said: set[str] = set()
    last = -2
    for position, sentence in enumerate(pool):
        if len(chosen) == count:
            break
        follows = last == position - 1
        if len(sentence) > room - sum(len(each) + 1 for each in chosen):
            continue
        if not _stands(sentence, follows=follows, lead=position == 0) or tells_of_before(sentence, entry.at):
            continue
        if chosen and is_stranger(sentence, " ".join((entry.title, *chosen)), pool[:position]):
            continue
        terms = set(index_terms(sentence, entry.lang))
        if chosen and (not terms or len(terms & said) >= SAID_SHARE * len(terms)):
            continue
        chosen.append(sentence)
        said |= terms
        last = position
    return join_sentences(chosen)


def _stands(sentence: str, *, follows: bool, lead: bool) -> bool:
    """Whether a sentence can be said here: it tells of now, in the outlet's own words, and leans on nothing absent."""
    if not is_complete(sentence) or is_definition(sentence) or is_attribution(sentence):
        return False
    if is_invitation(sentence) or is_question(sentence):
        return False
    if is_quotation(sentence) or is_background(sentence, lead=lead):
        return False
    return follows or not is_leaning(sentence)


def _opener(pool: list[str]) -> str:
    """The least bad first sentence of a text in which none stands alone."""
    whole = [sentence for sentence in pool if is_complete(sentence)]
    telling = [sentence for sentence in whole if not is_attribution(sentence)]
    return next(iter(telling or whole or pool))


def _cut(text: str, chars: int) -> str:
    if len(text) <= chars:
        return text
    head = text[: chars - 1]
    spaced = head.rfind(" ")
    # A script without spaces has no place to cut but between two letters.
    return (head[:spaced] if spaced > chars // 2 else head).rstrip(" ,;:–—-") + "…"
