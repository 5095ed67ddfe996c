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
