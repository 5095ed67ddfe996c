"""Which writing system a text is in: cheap facts that language, cleaning and tokens share.

Decides nothing about language beyond the script.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_RANGES: Final = {
    "latin": "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "cyrillic": "\u0400-\u052f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "hangul": "\uac00-\ud7af\u1100-\u11ff\u3130-\u318f",
    "kana": "\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff\uff66-\uff9f",
    "han": "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u0750-\u077f",
    "hebrew": "\u05d0-\u05ea",
    "thai": "\u0e01-\u0e5b",
    "devanagari": "\u0900-\u097f",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0531-\u058f",
    "ethiopic": "\u1200-\u137f",
    "lao": "\u0e81-\u0edf",
    "khmer": "\u1780-\u17ff",
    "myanmar": "\u1000-\u109f",
    "bengali": "\u0980-\u09ff",
    "tamil": "\u0b80-\u0bff",
}
LETTERS: Final = {script: re.compile(f"[{ranges}]") for script, ranges in _RANGES.items()}
RUNS: Final = {script: re.compile(f"[{ranges}]+") for script, ranges in _RANGES.items()}

UNSPACED: Final = frozenset({"han", "kana", "hangul", "thai", "lao", "khmer", "myanmar"})
"""Scripts that do not separate words by spaces (or, as Korean, glue endings to them): indexed by pairs of letters."""

LINES_KEPT: Final = 64
"""Two rules ask which scripts a line of a body is in, one after the other."""

SENTENCE_ENDS: Final = ".!?…。\uff01\uff1f।؟۔"
"""The marks that close a sentence in any of them, for use within a pattern's brackets."""

UNSPACED_LETTERS: Final = "".join(_RANGES[script] for script in sorted(UNSPACED))


_NO_ASCII_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalpha())
_ASCII: Final = bytes(range(128))


class _Scripts(dict[str, str]):
    """A character's script, looked up once; "" for what is no letter of any."""

    def __missing__(self, char: str) -> str:
        if char > "\uffff":
            return ""  # no script of ours is written up there, and what is kept stays small
        self[char] = next((script for script, letter in LETTERS.items() if letter.match(char)), "")
        return self[char]


_SCRIPT_OF: Final = _Scripts()


def script_counts(text: str) -> dict[str, int]:
    """How many letters of each script stand in the text, most first; scripts with none are left out."""
    count = len(text.encode("ascii", "ignore").translate(None, _NO_ASCII_LETTERS))
    if text.isascii():
        return {"latin": count} if count else {}
    counts = dict.fromkeys((*LETTERS, ""), 0)
    counts["latin"] = count
    rest = text.encode("utf-8", "ignore").translate(None, _ASCII).decode()
    chars = tuple(set(rest))
    scripts = tuple(map(_SCRIPT_OF.__getitem__, chars))
    # Most of a text is in one script: what is left of it when the others are counted.
    main = max(set(scripts), key=scripts.count, default="")
    left = len(rest)
    for char, script in zip(chars, scripts, strict=True):
        if script != main:
            times = rest.count(char)
            counts[script] += times
            left -= times
    counts[main] += left
    del counts[""]
    return dict(sorted(((script, count) for script, count in counts.items() if count), key=lambda pair: -pair[1]))


@lru_cache(maxsize=LINES_KEPT)
def scripts_in(text: str) -> frozenset[str]:
    """The scripts of which a letter stands in the text: what ``script_counts`` counts, without the counts."""
    return frozenset(map(_SCRIPT_OF.__getitem__, set(text))) - {""}


def main_script(text: str) -> str | None:
    """The script of most letters; Japanese counts as kana, however many kanji it has. None if there are no letters."""
    counts = script_counts(text)
    if counts.get("kana", 0) and counts.get("kana", 0) + counts.get("han", 0) > max(
        (count for script, count in counts.items() if script not in {"kana", "han"}), default=0
    ):
        return "kana"
    return next(iter(counts), None)
