"""Two forms of a text: one for matching, one for showing.

``normalise`` may change what a text looks like, never what it says; ``displayable`` must not change a letter that a
reader would miss. Neither knows about markup, languages or platforms.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

MARKS_IN_A_ROW: Final = 3
"""Combining marks kept on one letter: Vietnamese and pointed Hebrew need up to three, "zalgo" text stacks dozens."""

_LATIN_TO_CYRILLIC: Final = dict(zip("aceiopxyjsABCEHIKMOPTXYJS", "асеіорхујѕАВСЕНІКМОРТХУЈЅ", strict=True))
_CYRILLIC_TO_LATIN: Final = {cyrillic: latin for latin, cyrillic in _LATIN_TO_CYRILLIC.items()}
_GREEK_TO_LATIN: Final = dict(zip("οαΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oaABEZHIKMNOPTYX", strict=True))

_WORD: Final = re.compile(r"[^\W\d_]+")
_MIXABLE: Final = re.compile(r"[Ͱ-ϿЀ-ӿ]")
_BESIDE_ASCII: Final = re.compile(r"[A-Za-z](?:(?<=[^\W\d_\x00-\x7f].)|(?=[^\W\d_\x00-\x7f]))")
"""An ASCII letter beside another: no word holds two scripts without."""
_PLAIN: Final = (
    "\n\t -~\u00a0-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u0620-\u064a\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3"
    "\uff01-\uff9f"
)
_ODD: Final = re.compile(f"[^{_PLAIN}]")
"""What may be invisible or a mark: none of it in nearly every text, which one pass in C tells."""
_NUMERALS: Final = {
    **{chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0, 0x0966) for digit in range(10)},
    "\u066b": ".",
    "\u066c": ",",
}
"""The digits of Arabic, Persian and Hindi, and what Arabic parts a number with."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
# Scripts whose spelling uses the zero-width joiners: Arabic and the Indic family.
_JOINING: Final = re.compile(
    r"(?<=[\u0600-\u06ff\u0750-\u077f\u0900-\u0dff])[\u200c\u200d](?=[\u0600-\u06ff\u0750-\u077f\u0900-\u0dff])"
)


def normalise(text: str) -> str:
    """The text as matching sees it: NFKC, case-folded, ё as е, invisible characters out, homoglyphs and digits folded.

    A homoglyph is folded by its word's majority script, so that a Latin "i" inside a Ukrainian word becomes the
    Cyrillic letter that it stands for. Line breaks stay; length may change.
    """
    if text.isascii():
        return text.casefold()
    text = _ODD.sub(_if_visible, unicodedata.normalize("NFKC", text))
    if _MIXABLE.search(text) and _BESIDE_ASCII.search(text):
        text = _WORD.sub(lambda match: _fold_word(match.group()), text)
    return text.casefold().replace("ё", "е")


def displayable(text: str) -> str:
    """The text as a chat may show it: control, bidi and zero-width characters out, marks capped, white space tidied.

    Line breaks stay, at most one blank line in a row. Joiners stay where a script spells with them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    if not text.isascii():
        text = _strip_invisible(unicodedata.normalize("NFC", text))
    elif not text.isprintable():
        text = _CONTROLS.sub("", text)
    text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def _invisible(char: str) -> bool:
    """Format, control, private-use and lone surrogate characters: nothing that a reader sees."""
    return char not in "\n\t" and unicodedata.category(char) in {"Cf", "Cc", "Cs", "Co", "Cn"}


def _if_visible(found: re.Match[str]) -> str:
    return "" if _invisible(found[0]) else _NUMERALS.get(found[0], found[0])


def _strip_invisible(text: str) -> str:
    if not _ODD.search(text):
        return text
    joiners = {match.start() for match in _JOINING.finditer(text)}
    kept: list[str] = []
    marks = 0
    for position, char in enumerate(text):
        if _invisible(char) and position not in joiners:
            continue
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _fold_word(word: str) -> str:
    """One word, all in the script of most of its letters; unchanged if some letter has no twin there."""
    cyrillic = sum("Ѐ" <= char <= "ӿ" for char in word)
    greek = sum("Ͱ" <= char <= "Ͽ" for char in word)
    latin = sum(char.isascii() for char in word)
    if not latin or not (cyrillic or greek):
        return word
    if cyrillic > latin:
        table = _LATIN_TO_CYRILLIC
        strangers = [char for char in word if char.isascii()]
    else:
        table = _CYRILLIC_TO_LATIN | _GREEK_TO_LATIN
        strangers = [char for char in word if "Ͱ" <= char <= "ӿ"]
    if not all(char in table for char in strangers):
        return word
    return "".join(table.get(char, char) for char in word)
