"""What a telling of a known event brings beside the tellings that somebody has heard. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.stories.firsts import first_told
from bot.stories.novelty import changes_figure, opens_with, whats_new
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import PastEntry


@dataclass(frozen=True, slots=True)
class News:
    """New facts, and those of them that tell an act which changes what the event is (``bot.stories.firsts``)."""

    facts: tuple[str, ...] = ()
    firsts: tuple[str, ...] = ()


def news_beside(me: PastEntry, heard: Sequence[PastEntry], *, copied: bool) -> News:
    """What an entry says that those ``heard`` did not; nothing where none was.

    A text that is printed again (``copied``) brings nothing; but a correction may be all but the same text, and an
    agency puts what has happened since on top of what it sent in the morning, and into the headline.
    """
    facts = whats_new(me.entry, me.fingerprint, heard)
    firsts = first_told(facts, heard)
    if copied:
        facts = tuple(
            fact for fact in facts if changes_figure(fact) or fact in firsts or _is_headline_news(fact, me, heard)
        )
    return News(facts, firsts)


def _is_headline_news(fact: str, me: PastEntry, heard: Sequence[PastEntry]) -> bool:
    """Whether an entry opens with the fact, and its title says some of that in words that nobody had.

    Credits, captions and notes on top of a copy are in no title; a client's own title says the same event.
    """
    said = frozenset().union(*(past.fingerprint.terms for past in heard))
    own = (me.fingerprint.title_terms & frozenset(index_terms(fact, me.entry.lang))) - said
    return bool(own) and opens_with(me.entry, fact)
