"""Names what an entry says that earlier coverage did not: its own sentences, never a new wording.

A sentence is news by the numbers, names and dates that no earlier entry had, or by being about something else
altogether. Background ("last year ...") is no news even where the archive is young. Judges no truth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_background, is_complete, is_definition, is_leaning
from bot.stories.facts import dates_in, names_in, numbers_in
from bot.text.normalise import normalise
from bot.text.scripts import main_script
from bot.text.sentences import split_sentences
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry, Fingerprint, PastEntry

FACTS: Final = 3
READ_SENTENCES: Final = 15
SENTENCE_CHARS: Final = 280
BAR: Final = 2.0
"""What a sentence must bring: a number, or two names, or a name and much that was not said before."""
_WEIGHTS: Final = {"numbers": 2.0, "dates": 1.0, "names": 1.0}
_UNSAID_SHARE: Final = 0.5
_UNSAID_TERMS: Final = 5
_CLAUSE: Final = re.compile(r";\s+|\s+[—–]\s+")


@dataclass(frozen=True, slots=True)
class _Known:
    """What earlier coverage said. ``comparable`` is False where none of it is in the entry's script."""

    numbers: frozenset[str]
    dates: frozenset[str]
    names: frozenset[str]
    letters: str
    terms: frozenset[str]
    comparable: bool


def whats_new(entry: Entry, fp: Fingerprint, earlier: Sequence[PastEntry]) -> tuple[str, ...]:
    """At most three sentences or clauses of the entry that bring what no earlier entry had, in reading order.

    Empty when nothing is new, and when there is nothing earlier to compare with. Against coverage in another script
    only numbers and dates are compared.
    """
    if not earlier:
        return ()
    known = _known(entry, earlier)
    sentences = split_sentences(entry.text[:6000], entry.lang)[:READ_SENTENCES] or fp.sentences
    scored: list[tuple[float, int, str]] = []
    said = known
    for position, sentence in enumerate(sentences):
        if is_definition(sentence) or is_background(sentence) or not is_complete(sentence):
            continue
        fact = _fact(sentence)
        score = _news(fact, entry.lang, said) - 0.05 * position - (0.5 if is_leaning(fact) else 0.0)
        if fact and score >= BAR:
            scored.append((-score, position, fact))
    best = sorted(scored)[: FACTS * 2]
    return _distinct(sorted(best, key=lambda each: each[0]), entry.lang)


def has_news(entry: Entry, fp: Fingerprint, earlier: Sequence[PastEntry]) -> bool:
    """Whether an entry adds to its story: a reply is worth it; otherwise the alert is only edited."""
    return bool(whats_new(entry, fp, earlier))


def _known(entry: Entry, earlier: Sequence[PastEntry]) -> _Known:
    texts = [f"{past.entry.title}\n{past.entry.text}" for past in earlier]
    script = main_script(f"{entry.title} {entry.text[:500]}")
    comparable = any(main_script(text[:500]) == script for text in texts)
    return _Known(
        numbers=frozenset().union(*map(numbers_in, texts)),
        dates=frozenset().union(*map(dates_in, texts)),
        names=frozenset().union(*map(names_in, texts)),
        letters=" ".join(map(normalise, texts)),
        terms=frozenset(
            term for past, text in zip(earlier, texts, strict=True) for term in index_terms(text, past.entry.lang)
        ),
        comparable=comparable,
    )


def _fact(sentence: str) -> str:
    """The sentence, or its first clause if that alone is short enough; "" if neither is."""
    if len(sentence) <= SENTENCE_CHARS:
        return sentence
    clause = _CLAUSE.split(sentence)[0]
    return clause if len(clause) <= SENTENCE_CHARS and len(clause.split()) >= _UNSAID_TERMS else ""


def _news(fact: str, lang: str, known: _Known) -> float:
    """How much a sentence brings that is not known."""
    numbers = numbers_in(fact) - known.numbers
    dates = {day for day in dates_in(fact) - known.dates if "-" in day}
    score = _WEIGHTS["numbers"] * min(len(numbers), 2) + _WEIGHTS["dates"] * len(dates)
    if not known.comparable:
        return score
    # A name in another case or inflection is no new name: it must not stand anywhere in the earlier letters.
    names = {name for name in names_in(fact) - known.names if name[:6] not in known.letters}
    terms = set(index_terms(fact, lang))
    unsaid = terms - known.terms
    if len(unsaid) >= _UNSAID_TERMS and len(unsaid) >= _UNSAID_SHARE * len(terms):
        score += 2.0
    return score + _WEIGHTS["names"] * min(len(names), 3)


def _distinct(best: Sequence[tuple[float, int, str]], lang: str) -> tuple[str, ...]:
    """The best facts that do not say each other again, in reading order."""
    chosen: list[tuple[int, str, set[str]]] = []
    for _, position, fact in best:
        terms = set(index_terms(fact, lang))
        if len(chosen) < FACTS and not any(len(terms & other) > _UNSAID_SHARE * len(terms) for _, _, other in chosen):
            chosen.append((position, fact, terms))
    return tuple(fact for _, fact, _ in sorted(chosen, key=lambda each: each[0]))
