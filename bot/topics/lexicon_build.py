"""Make ``lexicon_data/cldr.tsv``: the names of countries and territories in ten languages, from Unicode CLDR.

Run it when ``babel`` brings a newer CLDR: ``python -m bot.topics.lexicon_build > bot/topics/lexicon_data/cldr.tsv``.
It is no part of the running bot: reading ten locales takes ``babel`` half a second, reading the file 10 ms.
CLDR's data is under the Unicode licence, which allows this use.
"""

from __future__ import annotations

import re
import sys
from typing import Final

from babel import Locale

LOCALES: Final = {
    "en": ("en",), "ru": ("ru",), "uk": ("uk",), "ko": ("ko",), "ja": ("ja",), "zh": ("zh_Hans", "zh_Hant"),
    "fr": ("fr",), "de": ("de",), "es": ("es",), "ar": ("ar",),
}  # fmt: skip

# CLDR's names of these are common words, other places or people's names: left to the hand-written files.
AMBIGUOUS: Final = frozenset((
    "en:Chad", "en:Georgia", "en:Jersey", "en:Jordan", "en:Turkey", "en:Guinea", "en:St Helena", "fr:Maurice",
    "fr:Grenade", "fr:Géorgie", "fr:Dominique", "es:Granada", "es:Georgia", "ru:Того", "uk:Того", "ru:Чад", "uk:Чад",
    "ru:Перу", "uk:Перу", "ko:수단", "ko:오만", "ko:가나", "ko:말리", "ko:차드", "ko:이란", "ko:인도", "ko:토고",
    "ko:기니", "ko:가봉", "ko:조지아", "ko:니제르", "ko:통가", "ko:중국", "ja:チャド", "ja:ジョージア", "ja:タイ",
    "zh:乍得", "zh:马里", "zh:馬利", "zh:加纳", "zh:约旦", "zh:多哥", "zh:印度", "es:Chad", "de:Jersey", "fr:Jersey",
    "es:Jersey", "ru:Куба", "uk:Куба", "de:Georgien", "fr:Man", "en:Niger", "es:Jordania", "fr:Oman", "ko:나우루",
    "ko:괌", "ja:グアム", "es:Dominica", "en:Dominica", "ru:Иран", "uk:Іран", "fr:Suisse", "ar:مالي", "ar:تشاد",
    "ar:الأردن", "ar:عمان", "ar:توغو", "ar:غانا", "ar:غينيا", "ar:كوبا", "ar:بنما", "ar:النيجر", "ar:السودان",
    "ar:جورجيا", "ar:الصين", "ar:نيوي", "ar:جيرسي", "ko:저지", "ja:ジャージー", "ja:マン島", "en:Réunion",
    "fr:La Réunion", "en:Western Sahara",
))  # fmt: skip

_SHORT_CHARS: Final = 5
_BOTH_NAMES: Final = {"MM": 2}  # what stands in brackets is a name too only for Myanmar (Burma)
_TERRITORY: Final = re.compile(r"[A-Z]{2}\Z")
# Not places that news is about: outlying areas, CLDR's placeholders, and bodies that have their own file.
_LEFT_OUT: Final = frozenset(
    (
        "AC",
        "AQ",
        "BV",
        "CD",
        "CG",
        "CP",
        "CQ",
        "DG",
        "EA",
        "EU",
        "EZ",
        "HK",
        "HM",
        "IC",
        "IO",
        "MO",
        "QO",
        "TA",
        "TF",
        "UM",
        "UN",
        "XA",
        "XB",
        "ZZ",
    )
)


def main() -> int:
    """Write the table to standard output."""
    sys.stdout.write("# Names of countries and territories from Unicode CLDR; made by bot.topics.lexicon_build.\n")
    english = Locale.parse("en").territories
    for code in sorted(english):
        if _TERRITORY.match(code) and code not in _LEFT_OUT:
            columns = [f"{lang}={';'.join(names)}" for lang in LOCALES if (names := _names(code, lang))]
            sys.stdout.write("\t".join((code, _plain(english[code]), *columns)) + "\n")
    return 0


def _plain(name: str) -> str:
    return re.sub(r"\s*\(.*\)", "", name.partition(" SAR ")[0])


def _names(code: str, lang: str) -> list[str]:
    """The aliases of a territory in one language, in the lexicon's notation."""
    found: dict[str, None] = {}
    for locale in LOCALES[lang]:
        full = Locale.parse(locale).territories.get(code, "")
        for part in re.split(r"[()（）]", full)[: _BOTH_NAMES.get(code, 1)]:
            name = part.replace("&", "and").replace("’", "'").strip(" .،,")
            if len(name) > 1 and " - " not in name and " – " not in name and f"{lang}:{name}" not in AMBIGUOUS:
                found.update(dict.fromkeys(_inflected(name, lang)))
    return list(found)


def _inflected(name: str, lang: str) -> list[str]:
    """A Russian or Ukrainian one-word name with its case endings and its adjective; any other name as it is."""
    if lang not in {"ru", "uk"} or not name.isalpha():
        return [name]
    ends: tuple[str, ...]
    exactly = "=" if len(name) <= _SHORT_CHARS else ""
    ukrainian = lang == "uk"
    if name.endswith(("ия", "ія")):
        stem = name[:-2]
        ends, adjective = (("ія", "ії", "ію", "ією"), "ійськ") if ukrainian else (("ия", "ии", "ию", "ией"), "ийск")
    elif name.endswith("а"):
        stem, adjective = name[:-1], ""
        ends = ("а", "и", "і", "у", "ою") if ukrainian else ("а", "ы", "и", "е", "у", "ой")
    elif name[-1].lower() not in "аеиоуыэюяьйіїє":
        stem, adjective = name, "ськ" if ukrainian else "ск"
        ends = ("", "а", "у", "ом", "і") if ukrainian else ("", "а", "у", "ом", "е")
    else:
        return [f"{exactly}{name}"]
    forms = [f"{exactly}{stem}{end}" for end in ends]
    return [*forms, f"{stem.lower()}{adjective}*"] if adjective and not exactly else forms


if __name__ == "__main__":
    sys.exit(main())
