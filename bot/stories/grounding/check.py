"""Checks a sentence against the source sentences that it cites. Pure; asks nobody, and invents no benefit of the doubt.

What is checked: numbers with their units, dates, names, who did what to whom, negation, certainty, quotations, and
whether the sentence tells what no source tells. Works on words, stems, the lexicon and small tables, not on a model:
English best; Russian, Ukrainian, Korean, Japanese and Chinese as far as numbers, names, negation and marks of case go.
Between two languages a name that neither the lexicon nor its sound ties to the source counts as unsupported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.stories.grounding.bindings import check_bindings
from bot.stories.grounding.claims import check_claims
from bot.stories.grounding.closeness import Closeness
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.figures import check_figures
from bot.stories.grounding.inventions import check_inventions
from bot.stories.grounding.names import check_names
from bot.stories.grounding.quotes import check_quotes
from bot.stories.grounding.reading import name_words, read
from bot.stories.grounding.roles import check_roles
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHECKS = (check_figures, check_names, check_bindings, check_roles, check_claims, check_quotes)


def check(sentence: str, sources: Sequence[str], closeness: Closeness | None = None) -> tuple[Fault, ...]:
    """Every fault of one sentence against the sentences that it cites; none if they bear it out.

    A sentence without words, or without a source, is an invention. About a millisecond, once the lexicon is read; with
    an encoder behind ``closeness``, two more for each sentence.
    """
    if any(normalise(sentence).split() == normalise(source).split() != [] for source in sources):
        return ()  # the source itself
    given = [read(source) for source in sources if source.strip()]
    told = read(sentence, frozenset(word.plain for source in given for word in name_words(source)))
    if not told.words or not given:
        return (Fault(FaultKind.INVENTION, "it cites no source"),)
    faults = [fault for one in _CHECKS for fault in one(told, given)]
    return (*faults, *check_inventions(told, given, closeness or Closeness(None)))
