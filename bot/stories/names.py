"""Names by their sound, so that one person or place is the same in Latin and in Cyrillic letters and in katakana.

A coarse code of consonants, as Soundex (Russell 1918) has it, with r and l, and m and n, taken together, and endings of
inflection cut off. Knows no names; scripts that it cannot read give none.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

SHORTEST: Final = 3
LONGEST: Final = 6
"""Consonants that are compared: endings come after them."""
_CLASSES: Final = {
    letter: code
    for code, letters in {
        "1": "bfpvwбпфв",
        "2": "cgjkqsxzгґджзкхсцчшщ",
        "3": "dtдтθ",
        "4": "lrлр",
        "5": "mnмн",
    }.items()
    for letter in letters
} | {"д": "3"}
_KATAKANA: Final = "KATAKANA LETTER "


@lru_cache(maxsize=2048)
def sounds(names: frozenset[str]) -> frozenset[str]:
    """The codes of these names; a name too short to be told from others has none."""
    return frozenset(code for code in map(sound, names) if len(code) >= SHORTEST)


@lru_cache(maxsize=8192)
def sound(name: str) -> str:
    """The code of one name: "Erdogan", "Ердоганом" and "Эрдоган" are all 4325."""
    codes: list[str] = []
    last = ""
    for char in _read(name.casefold()):
        code = _CLASSES.get(char, "")
        if code and code != last:
            codes.append(code)
        # h and vowels part no two consonants of one class: m and n of an ending fall together.
        last = code or last
    return "".join(codes[:LONGEST])


def _read(name: str) -> str:
    """Katakana by the names of its letters; other scripts as they stand."""
    if name.isascii():
        return name
    letters = (unicodedata.name(char, "") for char in name)
    return "".join(
        label.removeprefix(_KATAKANA).removeprefix("SMALL ").casefold() if label.startswith(_KATAKANA) else char
        for char, label in zip(name, letters, strict=True)
    )
