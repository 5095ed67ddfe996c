"""Splits a text into sentences.

`sentencex` does the work; what it is known to get wrong in news is mended here: times with zones ("9 p.m. ET"), and
quotations that a verb of saying follows. Never changes a character within a sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import sentencex

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIME_END: Final = re.compile(r"\b[ap]\.\s?m\.$", re.IGNORECASE)
_ZONE_START: Final = re.compile(
    r"^(?:[ECMP][SD]?T|GMT|UTC|CET|CEST|BST|IST|JST|KST|MSK|local|Eastern|Central|Pacific|on|in|at|and)\b"
)
_TITLE_END: Final = re.compile(
    r"(?:^|\s)(?:M[rsx]|Mrs|Messrs|Dr|Prof|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Sen|Rep|Gov|Rev|Hon|St)\.$"
)
_NUMBER_END: Final = re.compile(r"(?:^|\s)(?:No|Nos|Art|Nr|N|стр|ст|ок)\.$")
_QUOTE_END: Final = re.compile(r"[.!?…,。!?][\"”»’'」』]+$|[」』]$")
_CONTINUES: Final = re.compile(
    r"^(?:[—–-]\s*)?[a-zа-яіїєґà-öø-ÿ]"  # a sentence does not open in lower case: "...!" she said
    r"|^[とがはのをにも、]"
    r"|^[^\s。“「]{1,8}(?:说|說|表示|称|稱|道|指出|强调|強調)"
)
_FULL_WIDTH_END: Final = re.compile(r"[。！？][”」』）]*$")
_OPEN_ONLY: Final = re.compile(r"^[\"“«「『(\[]+$")
_QUOTES: Final = ('"', "”", "»", "’", "'", "」", "』")
_TAIL_CHARS: Final = 16
"""More than any abbreviation before a full stop has, with the character before it."""


def split_sentences(text: str, lang: str) -> tuple[str, ...]:
    """The sentences of a text in order, stripped. A line break always ends a sentence."""
    sentences: list[str] = []
    for paragraph in text.split("\n"):
        if paragraph.strip():
            sentences += _split_paragraph(paragraph.strip(), lang)
    return tuple(sentences)


def join_sentences(sentences: Sequence[str]) -> str:
    """Sentences as one paragraph: behind a full-width stop, as in Japanese and Chinese, stands no space."""
    return "".join(
        sentence if not place or _FULL_WIDTH_END.search(sentences[place - 1]) else f" {sentence}"
        for place, sentence in enumerate(sentences)
    )


def _split_paragraph(paragraph: str, lang: str) -> list[str]:
    joined: list[str] = []
    for piece in sentencex.segment(lang, paragraph):
        if not piece.strip():
            continue
        if joined and _belongs(joined[-1].rstrip(), piece.lstrip()):
            joined[-1] += piece
        else:
            joined.append(piece)
    return [sentence.strip() for sentence in joined]


def _belongs(before: str, after: str) -> bool:
    """Whether what `sentencex` cut in two is one sentence."""
    if before.endswith("."):
        end = before[-_TAIL_CHARS:]
        if _TIME_END.search(end):
            return bool(_ZONE_START.match(after))
        if _TITLE_END.search(end):
            return after[:1].isalpha()
        return bool(_NUMBER_END.search(end)) and after[:1].isdigit()
    if _OPEN_ONLY.match(before):
        return True
    return bool(before.endswith(_QUOTES) and _QUOTE_END.search(before) and _CONTINUES.match(after))
