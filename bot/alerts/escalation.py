"""When a development is worth a whole channel's attention and not only that of those who follow the thread. Pure.

Conservative: a thread that shouts twice is muted. Two things count: many independent origins within an hour, and a toll
that grew several times over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.stories.facts import numbers_in
from bot.stories.figures import figures_in
from bot.stories.novelty import EARLIER_MARK
from bot.stories.origins import origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Entry

ORIGINS: Final = 5
WITHIN: Final = timedelta(hours=1)
TIMES: Final = 3.0
AT_LEAST: Final = 10
"""A toll that grew from one to three is grave, but no figure to call everybody for."""


def escalates(entry: Entry, members: Iterable[Entry], new: Sequence[str]) -> bool:
    """Whether an entry with these new facts raises its story; ``members`` are the story's other entries."""
    lately = {origin(each) for each in (*members, entry) if abs(entry.at - each.at) <= WITHIN}
    return len(lately) >= ORIGINS or any(_jumps(fact, entry.lang) for fact in new)


def _jumps(fact: str, lang: str) -> bool:
    now, mark, before = fact.partition(EARLIER_MARK)
    known = [float(number) for number in numbers_in(before)] if mark else []
    fates = {figure.fate for figure in figures_in(before, lang) if figure.fate}
    tolls = [
        float(figure.value)
        for figure in figures_in(now, lang)
        if figure.bound and (not fates or figure.fate in fates)  # of "3 dead and 52 hurt" only those that were counted
    ]
    return any(toll >= TIMES * max(known) and toll - max(known) >= AT_LEAST for toll in tolls) if known else False
