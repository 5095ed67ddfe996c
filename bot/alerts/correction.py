"""What an outlet's edit of its own entry changes for those who were told of it. Decides nothing about whom to tell.

Most edits change nothing that a message shows: a comma, one more paragraph. A message is edited for another headline or
another figure, as it is for another outlet's; and then its summary is the entry's of now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.alerts import decide
from bot.alerts.content import beside, headline_of, summary_of
from bot.stories.facts import numbers_in
from bot.stories.novelty import changes_figure, whats_new, without_earlier
from bot.text.sentences import split_sentences

if TYPE_CHECKING:
    from bot.model import Alert, Entry, Fingerprint, PastEntry


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry ``before`` and ``after`` an edit; ``figures`` are the facts whose figure is another now, as told."""

    before: Entry
    after: Entry
    figures: tuple[str, ...]


def is_rewritten(past: PastEntry, after: Entry, fp: Fingerprint) -> bool:
    """Whether an edit changes what may be shown of an entry: its headline, its summary or its figures."""
    before = past.entry
    return (
        before.title != after.title
        or summary_of(before) != summary_of(after)
        or (before.text != after.text and past.fingerprint.numbers != fp.numbers)
    )


def correction_of(past: PastEntry, after: Entry, fp: Fingerprint) -> Correction | None:
    """What of the edit is worth an edit of a message; None where that would say the same.

    Figures are compared with the entry's own alone: whoever was told of it has read those.
    """
    before = past.entry
    figures = tuple(filter(changes_figure, whats_new(after, fp, [past])))
    told, tells = numbers_in(summary_of(before)), numbers_in(summary_of(after))
    # A summary that has merely lost or gained a sentence contradicts nobody.
    is_another = bool(told - tells and tells - told)
    return Correction(before, after, figures) if figures or is_another or before.title != after.title else None


def corrected(base: Alert, correction: Correction) -> Alert:
    """An alert that the entry led, as the entry reads now."""
    before, after = (f"{entry.title}\n{entry.text}" for entry in (correction.before, correction.after))
    kept = tuple(fact for fact in base.new if (said := without_earlier(fact)) not in before or said in after)
    alert = decide.amended(replace(base, new=kept), correction.figures)
    summary, new = base.summary, alert.new
    if summary and correction.after.text:
        sentences = split_sentences(summary_of(correction.after), correction.after.lang)
        summary, new = decide.divide(sentences, new)
        new = beside(summary, new, correction.after.lang)
    retitled = correction.before.title != correction.after.title
    headline = headline_of(correction.after) if retitled else base.headline
    return decide.edited(replace(alert, summary=summary, new=new), others=base.others, headline=headline)
