"""Words for whole numbers, as news of several languages has them. Who reads them decides what they count.

Ordinals are none of them, nor articles that also mean one, but behind tens.
"""

from __future__ import annotations

import re
from typing import Final

CARDINALS: Final = {
    word: number
    for number, words in {
        1: "one один одна одно одну одного одне",
        2: "two два две двух двое двома дві двох zwei deux dos двум двоє двом",
        3: "three три трех трое трьох drei trois tres трем троє трьом",
        4: "four четыре четырех чотири чотирьох vier quatre cuatro четверо четырем чотирьом",
        5: "five пять пяти п'ять fünf cinq cinco пятеро п'яти п'ятеро",
        6: "six шесть шести шість sechs seis шестеро",
        7: "seven семь семи сім sieben siete семеро sept",
        8: "eight восемь восьми вісім acht huit ocho",
        9: "nine девять девяти дев'ять дев'яти neun nueve neuf",
        10: "ten десять десяти zehn diez dix",
        11: "eleven одиннадцать одинадцять одинадцяти одиннадцати onze",
        12: "twelve двенадцать дванадцять zwölf douze doce двенадцати дванадцяти",
        13: "thirteen тринадцать тринадцати тринадцяти тринадцять",
        14: "fourteen четырнадцать чотирнадцять четырнадцати чотирнадцяти",
        15: "fifteen пятнадцать п'ятнадцять пятнадцати п'ятнадцяти",
        16: "sixteen шестнадцать шістнадцять шестнадцати шістнадцяти",
        17: "seventeen семнадцать сімнадцять семнадцати сімнадцяти",
        18: "eighteen восемнадцать вісімнадцять восемнадцати вісімнадцяти",
        19: "nineteen девятнадцать дев'ятнадцять девятнадцати дев'ятнадцяти",
        20: "twenty двадцать двадцять двадцати двадцяти veinte vingt zwanzig",
        30: "thirty тридцать тридцять тридцати тридцяти treinta trente",
        40: "forty сорок сорока cuarenta quarante",
        50: "fifty пятьдесят п'ятдесят пятидесяти п'ятдесяти cincuenta cinquante",
        60: "sixty шестьдесят шістдесят шестидесяти шістдесяти sesenta",
        70: "seventy семьдесят сімдесят семидесяти сімдесяти setenta",
        80: "eighty восемьдесят вісімдесят восьмидесяти вісімдесяти ochenta",
        90: "ninety девяносто дев'яносто noventa",
    }.items()
    for word in words.split()
}
"""Each normalised word with its number, one to ninety."""

TENS: Final = frozenset(range(20, 100, 10))
UNITS: Final = {word: number for word, number in CARDINALS.items() if number in range(10)} | dict.fromkeys(
    ("uno", "una", "un", "une"), 1
)
UNIT_BEHIND: Final = re.compile(
    rf"[\s-](?:(?:y|et)[\s-])?(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))})(?!\w)"
)
"""What makes one number of tens and the ``unit`` behind them: "forty-five", "cuarenta y cinco"."""

_ONLY_IN: Final = {
    "de": "elf:11 dreizehn:13 vierzehn:14 fünfzehn:15 sechzehn:16 siebzehn:17 achtzehn:18 neunzehn:19 dreißig:30"
    " vierzig:40 fünfzig:50 sechzig:60 siebzig:70 achtzig:80 neunzig:90",
    "fr": "treize:13 quatorze:14 quinze:15 seize:16 vingt:20 soixante:60",
    "es": "once:11 trece:13 catorce:14 quince:15 dieciséis:16 diecisiete:17 dieciocho:18 diecinueve:19 veinte:20",
}
"""Words that are numbers in one language, and may be others elsewhere ("once", "elf")."""
_CJK_DIGITS: Final = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
_CJK_NUMBER: Final = re.compile(r"([二三四五六七八九]?)十([一二三四五六七八九]?)")
_KO_UNITS: Final = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9}
_KO_TENS: Final = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50}
KOREAN: Final = rf"(?:(?:{'|'.join(_KO_TENS)})(?:{'|'.join(_KO_UNITS)})?|다섯|여섯|일곱|여덟|아홉)"
"""Korean counts from five on; in smaller ones the letters are often part of another word."""


def words_of(lang: str) -> dict[str, int]:
    """The words that are whole numbers above one in a text of a language."""
    own = (pair.split(":") for pair in _ONLY_IN.get(lang, "").split())
    return {word: number for word, number in CARDINALS.items() if number > 1} | {word: int(n) for word, n in own}


def value_of(words: str, lang: str) -> int:
    """The number that words say, "forty-five", "열다섯", "十五"; 0 for other words."""
    found = _CJK_NUMBER.fullmatch(words)
    if found:
        return 10 * _CJK_DIGITS.get(found[1], 1) + _CJK_DIGITS.get(found[2], 0)
    tens = next((tens for tens in _KO_TENS if words.startswith(tens)), "")
    if lang == "ko":
        return _KO_TENS.get(tens, 0) + _KO_UNITS.get(words.removeprefix(tens), 0)
    first, *rest = re.split(r"[\s-]+", words)
    known = words_of(lang)
    return known.get(first, 0) + (UNITS.get(rest[-1], 0) if rest else 0)
