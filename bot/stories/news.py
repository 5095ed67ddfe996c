"""What a telling of a known event brings beside the tellings that somebody has heard. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_question
from bot.stories.firsts import first_told
from bot.stories.headlines import is_standing
from bot.stories.novelty import changes_figure, opens_with, whats_new
from bot.text.normalise import normalise
from bot.text.scripts import UNSPACED, main_script
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import PastEntry, TermStatistics

_NEW_WORDS: Final = 2
_NEW_PAIRS: Final = 4
"""The same where the index holds pairs of letters."""
_EXPECTED: Final = re.compile(
    r"\b(?:will|would|could|may|might|should|likely|expected|poised|set to|about to|ready to|whether|if|ahead of)\b"
    r"|\b[A-Z][\w’'.-]+ to (?=[a-z]{2,})(?!(?:the|an|his|her|their|its)\b)"
    r"|\b(?:plan|want|hope|seek|vow|aim|threaten|prepare|consider|weigh|eye)s?\b"
    r"|\b(?:будет|будут|может|могут|планиру\w+|намерен\w*|собира\w+ся|хочет|хотят|ожида\w+|если|накануне)\b"
    r"|\b(?:буде|будуть|може|можуть|плану\w+|хоче|хочуть|очіку\w+|якщо|напередодні)\b"
)
"""Behind these a headline says what is to come, or may."""
_NEW_RARITY: Final = 0.8
"""How rare those must be together; 1 is a word that stands in no entry. Two that fill the news say nothing."""
_EXPLAINS: Final = re.compile(
    r"^(?:how|why|what|when|where|which|here(?:['’]s| is| are)|these)\b|\b(?:explains why|explainer|explained$"
    r"|here['’]s (?:what|why|how))\b|[:—–-] (?:how|why|what|here['’]s)\b"
    r"|^(?:opinion|column|editorial|comment(?:ary)?|analysis|fact check|мнение|колонка|анализ|аналитика|комментарий"
    r"|думка|аналіз|аналітика|коментар|kommentar|analyse|meinung|opinión|análisis|tribune"
    r"|رأي|تحليل)\s*[|:]|^(?:почему|зачем|чем|что|чому|навіщо|чим|warum|wieso|pourquoi|comment|por qué|cómo|qué)\b"
    r"|^[\[【]?(?:사설|칼럼|해설|社説|解説|社论|社評|社论|评论|評論|解读|解讀)[\]】:： ]|^(?:为何|為何|为什么|왜 |なぜ)"
)
"""Explainers and opinions: what is new in them is mostly background, and what two share is what they are about."""
_OVER_MANY: Final = re.compile(
    r"\b(?:at a glance|daily open|markets? wrap|markets? news|stock market (?:today|news)|morning rundown"
    r"|live coverage)\b|[-–—|:] live$|\blive:|^[\"'“‘][^\"”’]{3,80}[\"'”’]: "
)
"""Titles over many things at once, or over somebody's words."""


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
    if copied or _explains(me.entry.title):
        facts = tuple(
            fact
            for fact in facts
            if changes_figure(fact) or fact in firsts or (copied and _stands_on_top(fact, me, heard))
        )
    return News(facts, firsts)


def _stands_on_top(fact: str, me: PastEntry, heard: Sequence[PastEntry]) -> bool:
    """Whether an entry opens with the fact, and its title says some of that in words that nobody had.

    Credits, captions and notes on top of a copy are in no title; a client's own title says the same event.
    """
    said = frozenset().union(*(past.fingerprint.terms for past in heard))
    own = (me.fingerprint.title_terms & frozenset(index_terms(fact, me.entry.lang))) - said
    return bool(own) and opens_with(me.entry, fact)


def headline_news(
    me: PastEntry, heard: Sequence[PastEntry], since: Sequence[PastEntry], statistics: TermStatistics
) -> str:
    """The entry's headline, if another outlet leads with the same words, which nobody used before; "" if not.

    A bare headline has no sentence that could be new, and one outlet's choice of words is no news. But where two that
    tell of an event write what stood in no report ``heard`` ("agrees to negotiate"), it has gone on ``since``.
    ``statistics`` tell how rare the entry's terms are.
    """
    entry = me.entry
    native = [past for past in heard if past.entry.lang == entry.lang]
    if not native or not _tells(entry.title):
        return ""
    spoken = frozenset().union(*(past.fingerprint.terms for past in heard))
    told = frozenset().union(*(_told(past) if not past.entry.text else past.fingerprint.terms for past in heard))

    def unsaid(past: PastEntry) -> frozenset[str]:
        # What was to come is news again when it has come: "Fed likely to cut rates", "Fed cuts rates".
        done = _told(past)
        return (done - told) | (past.fingerprint.title_terms - done - spoken)

    mine = unsaid(me)
    least = _NEW_PAIRS if main_script(entry.title) in UNSPACED else _NEW_WORDS
    for past in since:
        if past.entry.source == entry.source or not _tells(past.entry.title):
            continue
        shared = mine & unsaid(past)
        if len(shared) >= least:
            rarity = sum(_rarity(term, statistics) for term in shared)
            if rarity >= _NEW_RARITY * least / _NEW_WORDS:
                return entry.title
    return ""


def _told(past: PastEntry) -> frozenset[str]:
    """The terms of an entry's title that say what is, without those behind a word that says what is to come."""
    expected = _EXPECTED.search(past.entry.title)
    if expected is None:
        return past.fingerprint.title_terms
    return past.fingerprint.title_terms & frozenset(index_terms(past.entry.title[: expected.end()], past.entry.lang))


def _tells(title: str) -> bool:
    """Whether a title tells what happened, rather than asks, explains, comments, or stands over many things."""
    return not (is_standing(title) or _explains(title) or _OVER_MANY.search(normalise(title)))


def _explains(title: str) -> bool:
    return is_question(title) or bool(_EXPLAINS.search(normalise(title)))


def _rarity(term: str, statistics: TermStatistics) -> float:
    """1 for a term that stands in no entry, 0 for one that stands in all."""
    documents = max(statistics.documents, 1)
    return 1 - math.log1p(min(statistics.frequency.get(term, 0), documents)) / math.log1p(documents)
