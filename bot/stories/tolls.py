"""Counts that grow while an event goes on: the dead, the hurt, the infected, the homeless, the arrested.

Two tellings of one event seldom give the same such figure: what was 12 dead in the morning is 27 at night, and some
tell the dead, others the rescued. So tolls that differ say nothing against one event, where any other number does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.stories.facts import numbers_in
from bot.stories.numerals import UNIT_BEHIND, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SENTENCES: Final = 4
"""How many of the first ones tell what has happened so far; what stands below them is detail."""
_SAID: Final = {
    "en": r"\b(?:kill|slain|wound|injur|hurt\b|di(?:e|ed|es|ing)\b|dead|deaths?\b|drown|bod(?:y|ies)\b|corpse|toll\b"
    r"|victim|casualt|fatalit|perish|lives\b|missing|trapped|rescued|survivor|evacuat|displac|homeless|fled\b|flee"
    r"|hospitali|infect|cases\b|sick|arrest|detain|hostage|kidnap|abduct)",
    "ru": r"\b(?:погиб|убит|жертв|скончал|умер|ум[её]рш|тел\b|тела\b|ранен|ранил|пострада|утонул|пропа(?:л|вш)|эвакуир"
    r"|спасен|заболе|заражен|зараж[её]н|случа(?:ев|я)\b|задержа|арестован|похищен)",
    "uk": r"\b(?:загин|загибл|жертв|вбит|помер|тіл\b|тіла\b|поранен|травмован|постражда|потону|зник|евакую|врятован"
    r"|захворі|заражен|інфікован|випадк|затриман|заарештован|викраден)",
    "de": r"\b(?:tote[nr]?\b|todes|getötet|gestorben|starben|ums leben|verletz|opfer|vermisst|evakuier|infizier"
    r"|obdachlos|erkrank|festgenomm|festnahmen|leichen|ertrunk|ertrank)",
    "fr": r"\b(?:morts?\b|tués?\b|décès|décéd|bilan|bless|victime|disparu|évacué|noyé|infecté|contamin|arrêté|interpell"
    r"|corps\b|déplacé)",
    "es": r"\b(?:muert[oe]s?\b|murier|fallec|herid|víctima|desaparecid|evacuad|ahogad|contagi|detenid|cadáver|casos\b"
    r"|damnificad)",
    "pt": r"\b(?:mort[oae]s?\b|morr(?:eu|eram)|vítima|ferid|desaparecid|desabrigad|desalojad|resgatad|pres[oa]s\b|detid"
    r"|infectad|corpos\b)",
    "tr": r"\b(?:hayatını kaybe|öl(?:ü|dü|en)|can kayb|yaşamını yitir|yaral|kayıp|kayboldu|gözaltı|tutukla|kurtarıl"
    r"|tahliye)",
    "ar": r"قتل|قتيل|مصرع|وفاة|وفيات|ضحايا|حصيلة|جرح|جريح|إصاب|أصيب|مصاب|مفقود|نازح|إجلاء|اعتق|توقيف|أوقف|إنقاذ"
    r"|جثث|جثة",
    "fa": r"کشته|جان باخت|قربانی|زخمی|مجروح|مفقود|ناپدید|بازداشت|نجات|جسد|آواره",
    "hi": r"मौत|मृत|मारे ग|जान गंवा|घायल|लापता|गिरफ्तार|हिरासत|बचाया|विस्थापित|शव",
    "ko": r"사망|숨지|숨졌|숨진|희생|부상|다치|다쳤|다친|실종|대피|확진|감염|환자|체포|연행|구조|이재민|시신|익사",
    "ja": r"死|亡|けが|ケガ|負傷|不明|避難|感染|逮捕|拘束|救助|遺体|犠牲",
    "zh": r"死|亡|遇难|遇難|伤|傷|失踪|失蹤|失联|失聯|疏散|撤离|撤離|确诊|確診|被捕|被拘|获救|獲救|遗体|遺體|病例",
}
_WORDS: Final = "|".join(sorted(map(re.escape, words_of("en")), key=len, reverse=True))
_DEATH_TOLL: Final = re.compile(
    r"\b(?P<head>(?:death[ -])?toll|(?:numbers?|count) of (?:confirmed |known )?(?:people |those |victims )?"
    r"(?:who (?:have |had )?)?(?:dead|deaths|fatalities|killed|died)|(?<=number of )confirmed dead)\b"
    r"(?:(?!\b(?:from|by)\s+\d)[^.;:]){0,110}?"
    r"\b(?:to|at|hits?|reach(?:es|ed)|pass(?:es|ed)|tops|topped|exceed(?:s|ed)|surpass(?:es|ed)|is|was|of)\s+"
    r"(?P<amount>(?:(?:well )?over|more than|at least|about|around|nearly|almost|some)\s+)?"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{_WORDS})(?:{UNIT_BEHIND.pattern.replace('?P<unit>', '?:')})?)"
    r"(?![\w%-])"
    # What the number counts, where it says so itself, is counted without the word of a toll.
    r"(?=\W*$|[^\w\s]|\s(?:(?-i:[A-Z])|[—–-]|(?:on|in|as|after|and|with|from|by|so|since|but|while|late|early|following|over"
    r"|overnight|across|when|amid|at|for|according|this|a|an|the|today|yesterday|dead)\b))",
    re.IGNORECASE,
)
_TOLLS: Final = {lang: re.compile(words, re.IGNORECASE) for lang, words in _SAID.items()}


def tolls_of(title: str, sentences: Sequence[str], lang: str) -> frozenset[str]:
    """The tolls that a telling opens with, as plain digits; see ``numbers_in``. None in languages not known here."""
    return _tolls((title, *sentences[:SENTENCES]), lang)


@lru_cache(maxsize=512)
def _tolls(texts: tuple[str, ...], lang: str) -> frozenset[str]:
    """Remembered, since candidates come back with each entry of a story."""
    said = _TOLLS.get(lang)
    told = [text for text in texts if said.search(text)] if said else []
    return frozenset(number for text in told for number in numbers_in(text) if number.isdigit())


def death_toll(sentence: str, lang: str) -> re.Match[str] | None:
    """What a sentence calls the toll: ``head`` ("death toll"), ``amount`` ("at least") and ``number``; English only.

    The number stands alone there ("rose to 27 on Friday"), where other figures have behind them what they count.
    """
    return _DEATH_TOLL.search(sentence) if lang == "en" else None
