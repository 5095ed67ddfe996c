"""Fold text for matching, and remember where each folded character came from.

The rules are those of ``bot.text.normalise`` (NFKC, case folding, ё as е, invisible characters out, homoglyphs by a
word's majority script), and a few that only matching wants: Latin letters lose their accents, dashes become spaces
and every apostrophe is the plain one. Nothing here knows aliases or topics, and nothing is kept between calls but
the table of characters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

_IRREGULAR: Final = "\0"
_FIXED: Final = {
    "\n": "\n",
    _IRREGULAR: " ",
    **dict.fromkeys("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d", " "),
    **dict.fromkeys("'\u2018\u2019\u02bc\u02b9\u2032\u00b4`\uff07", "'"),
}
_UNMARKED: Final = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ð": "d", "æ": "ae", "œ": "oe", "ё": "е"}

_CYRILLIC_TWINS: Final = str.maketrans("асеіјорѕхуһԁԛԝ", "aceijopsxyhdqw")
_LATIN_TWINS: Final = str.maketrans("aceijopsxyhdqw", "асеіјорѕхуһԁԛԝ")
_MIXED: Final = re.compile(r"[a-z][\u0430-\u052f]|[\u0430-\u052f][a-z]")
_MIXABLE_WORD: Final = re.compile(r"[a-z\u0430-\u052f]+")

_REGULAR: Final = (
    "\\n -~\u00c0-\u00c5\u00c7-\u00de\u00e0-\u00e5\u00e7-\u00ff\u0400-\u0482\u048a-\u052f\u2010-\u2015\u2018-\u201f"
    "\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3"
)
_MARKS: Final = r"[\u0300-\u036f\u0483-\u0487\u3099\u309a]"
# A letter with what is drawn on it, or a Hangul syllable spelt out in its parts: folded as one. Any other character
# that need not fold to exactly one, too.
_CLUSTER: Final = re.compile(
    rf"[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*|[^{_REGULAR}]{_MARKS}*|.{_MARKS}+", re.DOTALL
)


class _Table(dict[int, str]):
    """Character to folded character, worked out on first sight; ``_IRREGULAR`` for one whose length changes."""

    def __missing__(self, code: int) -> str:
        folded = _fold_cluster(chr(code))
        self[code] = folded if len(folded) == 1 else _IRREGULAR
        return self[code]


def _fold_cluster(cluster: str) -> str:
    if cluster in _FIXED:
        return _FIXED[cluster]
    if len(cluster) == 1:
        category = unicodedata.category(cluster)
        if category in {"Cf", "Cs"}:  # half of a surrogate pair is no character, and the automaton refuses it
            return "" if category == "Cf" else " "
    text = unicodedata.normalize("NFKC", cluster).casefold()
    if text.isspace():
        return " "
    if not text.isascii():
        marked = unicodedata.normalize("NFD", text)
        if marked[0].isascii():
            text = "".join(char for char in marked if not unicodedata.combining(char))
    return "".join(_UNMARKED.get(char, char) for char in text)


_TABLE: Final = _Table()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text. ``offsets`` gives each folded character's place in the original; None where they coincide."""

    text: str
    original: str
    offsets: tuple[int, ...] | None = None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span for a span of the folded text."""
        if self.offsets is None:
            return start, end
        while 0 < end < len(self.offsets) - 1 and self.offsets[end] == self.offsets[end - 1]:
            end += 1  # inside what was one character: all of it
        return self.offsets[start], self.offsets[end]

    def folded_span(self, start: int, end: int) -> tuple[int, int]:
        """The folded text's span for a span of the original: the other way round."""
        if self.offsets is None:
            return start, end
        return bisect_left(self.offsets, start), min(bisect_left(self.offsets, end), len(self.text))

    def original_slice(self, start: int, end: int) -> str:
        """The words as they stand in the original."""
        first, last = self.original_span(start, end)
        return self.original[first:last]


def fold(text: str) -> Folded:
    """Fold ``text`` for matching. Linear in its length; the common case is one pass in C."""
    if unicodedata.is_normalized("NFC", text):
        folded = text.translate(_TABLE)
        if _IRREGULAR not in folded:
            return Folded(_untwin(folded), text)
    return _fold_slowly(text)


def _fold_slowly(text: str) -> Folded:
    """Character by character only where a fold may change the length; the stretches between are one pass in C."""
    parts: list[str] = []
    offsets: list[int] = []
    end = 0
    for found in _CLUSTER.finditer(text):
        start = found.start()
        part = _fold_cluster(found.group())
        parts += [text[end:start].translate(_TABLE), part]
        offsets.extend(range(end, start))
        offsets.extend([start] * len(part))
        end = found.end()
    parts.append(text[end:].translate(_TABLE))
    offsets.extend(range(end, len(text) + 1))
    return Folded(_untwin("".join(parts)), text, tuple(offsets))


def _untwin(folded: str) -> str:
    """Undo look-alike letters: a word of mixed Latin and Cyrillic is folded to the script that most of it is in."""
    if folded.isascii() or not _MIXED.search(folded):
        return folded
    return _MIXABLE_WORD.sub(_by_majority, folded)


def _by_majority(word: re.Match[str]) -> str:
    letters = word.group()
    latin = sum(char.isascii() for char in letters)
    if latin in {0, len(letters)}:
        return letters
    return letters.translate(_CYRILLIC_TWINS if 2 * latin > len(letters) else _LATIN_TWINS)
