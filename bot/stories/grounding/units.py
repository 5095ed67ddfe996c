"""Units of time, length and weight in several languages, each as so much of one: two weeks are fourteen days."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = (
    ("time", 1, r"seconds?|секунд\w*|sekunden?|초|秒"),
    ("time", 60, r"minutes?|минут\w*|хвилин\w*|minuten?|분(?!의)|分(?!の|钟以)"),
    ("time", 3600, r"hours?|час(?:а|ов|у|ы)?|годин\w*|stunden?|시간|時間|小时|小時"),
    ("time", 86_400, r"days?|дн(?:я|ей|і|ів|ю)|день|сут(?:ок|ки)|діб|доб[иу]|tage?n?|jours?|días?"),
    ("time", 604_800, r"weeks?|недел\w*|тижн\w*|тиждень|wochen?|semaines?|semanas?|주(?:일|간)|週間|周"),
    ("time", 2_629_800, r"months?|месяц\w*|місяц\w*|monaten?|monate?|mois|mes(?:es)?|개월|か月|カ月|ヶ月|个月|個月"),
    ("time", 31_557_600, r"years?(?:-old)?|лет|год(?:а|у|ом|ов|ы)?|рок(?:и|ів|у|ом)|рік|jahre?n?|ans?|años?|년|年"),
    ("time", 315_576_000, r"decades?|десятилети\w*|десятиліт\w*|jahrzehnte?n?"),
    ("length", 1000, r"km|kilomet\w+|км|километр\w*|кілометр\w*|킬로미터|キロメートル|公里"),
    ("length", 1609.3, r"miles?|миль|мили|милях|mi|meilen?"),
    ("length", 1, r"met(?:er|re)s?|m|метр\w*|미터|メートル|米"),
    ("length", 0.3048, r"feet|foot|ft|фут\w*"),
    ("weight", 1000, r"tons?|tonnes?|тонн\w*|tonnen|톤|トン|吨|噸"),
    ("weight", 1, r"kg|kilos?|kilogram\w*|кг|килограмм\w*|кілограм\w*"),
    ("weight", 0.4536, r"pounds?(?! sterling)|lbs?|фунт\w*"),
    ("barrels", 1, r"barrels?|баррел\w*|барел\w*|배럴|バレル|桶"),
    ("degrees", 1, r"degrees?|градус\w*"),
)  # fmt: skip
_UNIT: Final = re.compile(
    r"[\s-]?(?:"
    + "|".join(rf"(?P<u{number}>{names})" for number, (_, _, names) in enumerate(_UNITS))
    + r")(?![a-zа-яіїє])"
)


def unit_at(text: str, at: int) -> tuple[str, float]:
    """What a number before this place measures, and in how many seconds, metres or kilograms; ("", 1) if nothing."""
    found = _UNIT.match(text, at)
    if not found or not found.lastgroup:
        return "", 1.0
    dimension, factor, _ = _UNITS[int(found.lastgroup[1:])]
    return dimension, float(factor)
