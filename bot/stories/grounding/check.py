"""Checks a sentence against the source sentences that it cites. Pure; asks nobody, and invents no benefit of the doubt.

Some things must stand in a source: numbers with their units, dates, names, quotations, who did what to whom, whether it
is denied or only possible. Words may vary, as long as what they tell is told there: by stems, groups of words that mean
the same, the lexicon, and an encoder where there is one; without it more of what is true is refused.
English best; in other languages numbers, names, negation, opposites and marks of case are compared. Between two
languages a name that neither the lexicon nor its sound ties to the source counts as unsupported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.stories.grounding.bindings import check_bindings
from bot.stories.grounding.certainty import check_certainty
from bot.stories.grounding.claims import check_claims
from bot.stories.grounding.closeness import Closeness
from bot.stories.grounding.dates import check_dates
from bot.stories.grounding.fates import check_fates
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.figures import check_figures
from bot.stories.grounding.inventions import check_inventions
from bot.stories.grounding.names import check_names
from bot.stories.grounding.opposed import check_opposed
from bot.stories.grounding.parity import check_parity
from bot.stories.grounding.polarity import check_deeds
from bot.stories.grounding.quotes import check_quotes
from bot.stories.grounding.reading import name_words, read, read_together
from bot.stories.grounding.roles import check_roles
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHECKS = (
    check_figures,
    check_fates,
    check_bindings,
    check_roles,
    check_claims,
    check_opposed,
    check_parity,
    check_certainty,
    check_quotes,
)


def check(
    sentence: str,
    sources: Sequence[str],
    closeness: Closeness | None = None,
    *,
    context: Sequence[str] = (),
    lang: str | None = None,
) -> tuple[Fault, ...]:
    """Every fault of one sentence against the sentences that it cites; none if they bear it out.

    ``context`` is the text that they stand in: it may know a word or a name of the sentence. ``lang`` is the language
    of the summary, where that is known.

    A sentence without words, or without a source, is an invention. About a millisecond, once the lexicon is read; with
    an encoder behind ``closeness``, some tens more where words are new to the text, for each of its words is encoded.
    """
    if any(normalise(sentence).split() == normalise(source).split() != [] for source in sources):
        return ()  # the source itself
    given = read_together([source for source in sources if source.strip()])
    around = read_together(context)
    told = read(sentence, frozenset(word.plain for source in given for word in name_words(source)), lang)
    if not told.words or not given:
        return (Fault(FaultKind.INVENTION, "it cites no source"),)
    faults = [*check_names(told, given, around), *(fault for one in _CHECKS for fault in one(told, given))]
    faults += check_dates(told, given, around)
    faults += check_deeds(told, (*given, *around))
    return (*faults, *check_inventions(told, given, closeness or Closeness(None), around))
