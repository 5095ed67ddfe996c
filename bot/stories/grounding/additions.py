"""Additions: a part of a sentence that no source tells, however near the rest of it lies to one.

A cosine of whole sentences hides them: "..., and the government declared a curfew" hardly moves it. So each part stands
for itself, and its words must be known to the whole text: by stem, by a group of words that mean the same, or by a word
that lies near in meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.reading import stem_of
from bot.stories.grounding.support import is_borne
from bot.stories.grounding.vocabulary import GRAVE, NEGATORS, SAYING, TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.stories.grounding.closeness import Closeness
    from bot.stories.grounding.reading import Reading, Word

KIN: Final = 0.6
"""A word with a smaller cosine than this to every word of a text is not told there."""
STRANGER: Final = 0.5
"""The same for one word alone."""
GRAVE_STRANGER: Final = 0.55
"""The same for a word that changes what happened."""
FINE: Final = 2, 0.6
COARSE: Final = 3, 0.6
"""How many words of a part, and what share of them, make it an addition."""
ALONE_LETTERS: Final = 24
"""A part with one strange word must be a clause, not a turn of phrase."""
_GRAVE: Final = frozenset(map(stem_of, GRAVE)) | GRAVE
_SKIPPED: Final = SAYING | NEGATORS | TITLES
_COARSE_END: Final = re.compile(r"[,;:—–]|\b(?:and|after|while|but|including)\b")
_FINE_END: Final = re.compile(
    r"[,;:—–]|\b(?:and|after|while|but|including|before|with|who|which|that|to|as|in which)\b"
)


def added(sentence: Reading, content: Sequence[Word], given: Sequence[Reading], closeness: Closeness) -> list[Word]:
    """The strange words of a part that no text of ``given`` tells; empty where there is none, or no encoder."""
    known = {word.stem: word.plain for source in given for word in source.words if word.stem}
    telling = [word for word in content if word.plain not in _SKIPPED]
    new = {word.place for word in telling if not is_borne(word.stem, known)}
    for ends, (least, share) in ((_FINE_END, FINE), (_COARSE_END, COARSE)):
        for low, high in _parts(sentence.text, ends):
            part = [word for word in telling if low <= word.start < high]
            strange = [word for word in part if word.place in new]
            clause = bool(low) and ends is _COARSE_END and high - low >= ALONE_LETTERS
            enough = len(strange) >= least and len(strange) >= share * len(part)
            if not enough and not (clause and len(part) == 1) and not any(word.stem in _GRAVE for word in strange):
                continue  # no vector is needed to see that too little of it is new
            near = {word.place: closeness.nearest_word(word.plain, known.values()) for word in strange}
            far = [word for word in strange if near[word.place] < KIN]
            if len(far) >= least and len(far) >= share * len(part):
                return far
            if any(word.stem in _GRAVE and near[word.place] < GRAVE_STRANGER for word in far):
                return far
            if clause and len(far) == len(part) == 1 and near[far[0].place] < STRANGER:
                return far
    return []


def _parts(text: str, ends: re.Pattern[str]) -> list[tuple[int, int]]:
    places = [match.start() for match in ends.finditer(text)]
    return list(zip([0, *places], [*places, len(text)], strict=True))
