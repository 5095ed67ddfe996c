"""Whether two spellings may be one name: Cyrillic and Hangul are read aloud in Latin letters and compared.

Coarse on purpose: it says that a name may be the same, never that it is another person's.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from bot.stories.names import sound

ALIKE: Final = 0.65
ROUGHLY: Final = 0.4
"""Enough where the consonants agree as well."""
_CYRILLIC: Final[dict[str, str]] = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщыэюяёьъ",
        [*"abvggdee", "zh", *"ziiiiklmnoprstufh", "ts", "ch", "sh", "sch", "i", "e", "yu", "ya", "e", "", ""],
        strict=True,
    )
)
_LEADS: Final[list[str]] = [
    "g",
    "kk",
    "n",
    "d",
    "tt",
    "r",
    "m",
    "b",
    "pp",
    "s",
    "ss",
    "",
    "j",
    "jj",
    "ch",
    "k",
    "t",
    "p",
    "h",
]
_VOWELS: Final[list[str]] = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
]  # fmt: skip
_TAILS: Final[list[str]] = ["", *"kkknnntlkmlllplmpp", "t", "t", "ng", *"ttktpt"]
_HANGUL: Final = 0xAC00
_HANGUL_END: Final = 0xD7A3
_KATAKANA: Final = "KATAKANA LETTER "
FRAME_LETTERS: Final = 3
_HEARD: Final = tuple(
    (re.compile(shape), heard)
    for shape, heard in (
        ("th|sh|c(?=[eiy])", "s"), ("ph|f", "h"), ("ch", "t"), ("ck|c|q", "k"), ("x", "ks"), ("v", "b"), ("l", "R"),
        ("j|g(?=[eiy])", "z"), ("r(?=[aeiouy])", "R"), ("[aeiouywr]", ""), (r"(.)\1+", r"\1"), ("m(?=[bp])", "n"),
    )
)  # fmt: skip
"""Latin spellings and what Japanese makes of them; an "r" that no vowel follows is only a long vowel."""


@lru_cache(maxsize=8192)
def romanised(name: str) -> str:
    """A name in Latin letters, without accents; letters of other scripts are left out."""
    return "".join(map(_letter, unicodedata.normalize("NFC", name.casefold()).replace("дж", "j")))


def _letter(char: str) -> str:
    if char in _CYRILLIC:
        return _CYRILLIC[char]
    code = ord(char)
    if _HANGUL <= code <= _HANGUL_END:
        lead, rest = divmod(code - _HANGUL, len(_VOWELS) * len(_TAILS))
        vowel, tail = divmod(rest, len(_TAILS))
        return _LEADS[lead] + _VOWELS[vowel] + _TAILS[tail]
    label = unicodedata.name(char, "")
    if label.startswith(_KATAKANA):
        return label.removeprefix(_KATAKANA).removeprefix("SMALL ").casefold()
    return "".join(part for part in unicodedata.normalize("NFKD", char) if part.isascii() and part.isalpha())


@lru_cache(maxsize=16_384)
def may_be_one(one: str, other: str) -> bool:
    """Whether two spellings, of which at least one is not in Latin letters, may be the same name."""
    left, right = romanised(one), romanised(other)
    if _has_katakana(one) != _has_katakana(other) and _frame(left) == _frame(right) != "":
        return True
    if len(left) < 3 or len(right) < 3:  # noqa: PLR2004 - shorter names are all alike
        return False
    codes = sound(left), sound(right)
    if codes[0][:1] != codes[1][:1] and left[0] != right[0]:
        return False
    ratio = SequenceMatcher(None, left, right, autojunk=False).ratio()
    return ratio >= ALIKE or (ratio >= ROUGHLY and codes[0] == codes[1] and len(codes[0]) > 1)


def _has_katakana(name: str) -> bool:
    return any("ァ" <= char <= "ヶ" for char in name)


def _frame(latin: str) -> str:
    """The consonants of a name as Japanese hears them: Virginia and バージニア are both b-z-n; "" if too few."""
    heard = latin
    for shape, spelt in _HEARD:
        heard = shape.sub(spelt, heard)
    return heard if len(heard) >= FRAME_LETTERS else ""
