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
    is_leaning,
    is_quotation,
)
from bot.text.datelines import telling_sentences
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from bot.model import Entry

READ_CHARS: Final = 4000
SAID_SHARE: Final = 0.6
"""A sentence with this share of its terms in what was chosen already says nothing new."""
OPENING: Final = 10
"""The event is told in a report's first sentences; what a summary could take further down is its background."""
_TITLE_LEAD: Final = re.compile(
    r"^About (?:it|this|that)\b[^“”\"]*\b(?:stated|said|told|reported|announced)\b(?:[^“”\"]*?\s)??"
    r"(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z]\.|[a-z]{2,3}|[A-Z][\w’'-]+)){0,2} [A-Z][\w’'-]+)\.$"
)
_HIS_WORDS: Final = re.compile(
    r"^According to (?:him|her)(?=, )|^(?:He|She)(?= (?:also )?(?:said|added|stated|noted|told)\b)"
)


def summarise(entry: Entry, *, sentences: int, chars: int) -> str:
    """At most ``sentences`` whole sentences of the entry's opening in at most ``chars`` characters; "" without a text.

    A sentence that leans on the one before ("He added ...") is taken only right behind it. A first sentence that is too
    long is cut at a word, with an ellipsis.
    """
    pool = list(telling_sentences(entry.text[:READ_CHARS], entry.lang))
    if len(entry.text) > READ_CHARS:
        pool = pool[:-1]  # the cut may have gone through the last one
    if not pool:
        return ""
    pool = _with_speaker(pool)
    for depth in (OPENING, len(pool)):
        chosen = _choose(pool[:depth], entry, (sentences, chars))
        if chosen:
            return chosen
    return _cut(_opener(pool), chars)


def _with_speaker(pool: list[str]) -> list[str]:
    """The sentences, with the speaker named where only the sentence under the title says who that is.

    "About it at the briefing stated X. According to her, ..." becomes "According to [X], ...": the brackets say that a
    pronoun stood there. Only for the sentence right behind, since nobody else can be meant.
    """
    lead = _TITLE_LEAD.match(pool[0])
    if lead is None or len(pool) == 1:
        return pool
    name = " ".join(lead["name"].split()[-2:])
    second = _HIS_WORDS.sub(lambda match: match.group().rsplit(" ", 1)[0] + f" [{name}]", pool[1], count=1)
    return [pool[0], second if " [" in second else pool[1], *pool[2:]]


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
        if not _stands(sentence, follows=follows) or tells_of_before(sentence, entry.at):
            continue
        terms = set(index_terms(sentence, entry.lang))
        if chosen and (not terms or len(terms & said) >= SAID_SHARE * len(terms)):
            continue
        chosen.append(sentence)
        said |= terms
        last = position
    return " ".join(chosen)


def _stands(sentence: str, *, follows: bool) -> bool:
    """Whether a sentence can be said here: it tells of now, in the outlet's own words, and leans on nothing absent."""
    if not is_complete(sentence) or is_definition(sentence) or is_attribution(sentence):
        return False
    if is_quotation(sentence) or is_background(sentence):
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
