"""In other languages than English, and between two: whether anything is denied, or only possible, at all.

Words of each language decide, not where they stand: a "no" anywhere in a sentence is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.claims import negators
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.polarity import check_polarity
from bot.stories.grounding.vocabulary import HEDGES, MAYBE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

_NON: Final = re.compile(r"\bnon-?\w", re.IGNORECASE)
"""What other languages need a "not" for: "non-binding"."""
_FOREIGN_NOT: Final = {
    "ru": re.compile(
        r"\b(?:не|ни|нет|никогда|никто|без|нельзя|отрица\w+|опроверг\w+|отверг\w+|отказ\w+)\b", re.IGNORECASE
    ),
    "uk": re.compile(
        r"\b(?:не|ні|ані|немає|нема|ніколи|ніхто|без|запереч\w+|спростув\w+|відкину\w+|відмов\w+)\b", re.IGNORECASE
    ),
    "ko": re.compile(r"않|못했|못하|없[다었는을이]|아니|안 |부인|거부|거절|미정"),
    "ja": re.compile(r"ない|なかっ|ません|ず[、に]|否定|拒否|拒絶|なし"),
    "zh": re.compile(
        r"不(?!明|断|斷|久|仅|僅|少|同|过|過|止|得不)|没|沒|未|无(?!人机)|無(?!人機)|否认|否認|拒绝|拒絕|并非|並非"
    ),
    "de": re.compile(r"\b(?:nicht|kein\w*|nie|niemals|ohne|bestreite\w*|bestritt\w*|weigert\w*)\b", re.IGNORECASE),
    "fr": re.compile(
        r"\b(?:ne|n['’]\w+|pas|jamais|sans|aucun\w*|nie|démen\w+|in(?:joign|trouv)ables?)\b", re.IGNORECASE
    ),
    "es": re.compile(r"\b(?:no|nunca|jamás|sin|ning[uú]n\w*|niega\w*|neg[óo]\w*)\b", re.IGNORECASE),
}  # fmt: skip
ROOT_LETTERS: Final = 6
_PREFIX: Final = re.compile(r"^(?:пере|при|про|под|під|раз|рас|роз|від|за|по|вы|ви|об|от|на|до|из|с|у|о)(?=\w{6})")
_INFINITIVE: Final = re.compile(r"(?:ть|ти|ться|тись|тися|чь)$")
_FOREIGN_MAYBE: Final = {
    "ru": re.compile(r"\b(?:может|могут|мог(?:ла|ло|ли)?|возможно|вероятно|якобы|предположительно)\b", re.IGNORECASE),
    "uk": re.compile(r"\b(?:може|можуть|міг(?!-?\d)|могл[аои]|можливо|ймовірно|імовірно|нібито)\b", re.IGNORECASE),
    "ko": re.compile(r"수 있|수도 있|가능성|전망|듯|것으로 보|의혹|추정|우려"),
    "ja": re.compile(r"かもしれ|可能性|恐れ|おそれ|とみられ|見通し|疑い|懸念"),
    "zh": re.compile(r"可能|或许|或許|或将|或將|也许|也許|据信|據信|疑似|涉嫌|有望|恐"),
}


def check_parity(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Denials and doubts that only the sentence has, or only its sources; and opposites."""
    if sentence.lang == "en" and all(source.lang == "en" for source in sources):
        return
    yield from check_polarity(sentence, sources)
    ours, theirs = _denies(sentence), [_denies(source) for source in sources]
    if ours and not any(theirs) and not any(_NON.search(source.text) for source in sources):
        yield Fault(FaultKind.NEGATION, "the sentence denies, and no source does")
    elif theirs and all(theirs) and not ours:
        yield Fault(FaultKind.NEGATION, "every source denies, and the sentence does not")
    else:
        yield from _turned_words(sentence, sources)
    doubts = [_doubts(source) for source in sources]
    if _doubts(sentence, strong=True) and not any(doubts):
        yield Fault(FaultKind.MODALITY, "the sentence doubts, and no source does")
    elif doubts and all(_doubts(source, strong=True) for source in sources) and not _doubts(sentence):
        yield Fault(FaultKind.MODALITY, "every source doubts, and the sentence does not")


def _turned_words(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """A Russian or Ukrainian verb that is said outright, and stands behind a "не" wherever a source has it."""
    if sentence.lang not in {"ru", "uk"} or _denies(sentence):
        return
    theirs = [(_root(word), _is_behind_not(source, word.place)) for source in sources for word in source.words]
    for word in sentence.words:
        root = "" if word.is_name else _root(word)
        same = [denied for other, denied in theirs if other == root] if root else []
        if same and all(same):
            yield Fault(FaultKind.NEGATION, f"“{word.text}” is affirmed, and the source denies it")
            return


def _root(word: Word) -> str:
    """What forms of a verb share: its first letters behind a prefix; "" for a word that is too short to tell."""
    rest = _PREFIX.sub("", word.plain)
    return rest[:ROOT_LETTERS] if len(rest) >= ROOT_LETTERS and word.stem else ""


def _is_behind_not(reading: Reading, place: int) -> bool:
    """Whether a "не" stands right before a word, or one verb before an infinitive: "не стала блокировать"."""
    before = [word.plain for word in reading.words[max(0, place - 2) : place]]
    return before[-1:] == ["не"] or (before[:1] == ["не"] and bool(_INFINITIVE.search(reading.words[place].plain)))


def _denies(reading: Reading) -> bool:
    if reading.lang == "en":
        return bool(negators(reading))
    shape = _FOREIGN_NOT.get(reading.lang)
    return bool(shape and shape.search(reading.text))


def _doubts(reading: Reading, *, strong: bool = False) -> bool:
    if reading.lang == "en":
        return bool({word.plain for word in reading.words} & (MAYBE if strong else HEDGES))
    shape = _FOREIGN_MAYBE.get(reading.lang)
    return bool(shape and shape.search(reading.text))
