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
AMBIGUOUS: Final[dict[str, frozenset[str]]] = {
    "en": frozenset(
        (
            "Chad",
            "Georgia",
            "Jersey",
            "Jordan",
            "Turkey",
            "Guinea",
            "St Helena",
            "St. Helena",
            "Dominica",
        )
    ),
    "de": frozenset(
        (
            "Island",
            "Jersey",
        )
    ),
    "fr": frozenset(
        (
            "Fidji",
            "Maurice",
            "Grenade",
            "Géorgie",
            "Dominique",
            "Jersey",
            "Man",
            "La Réunion",
        )
    ),
    "es": frozenset(
        (
            "Granada",
            "Georgia",
            "Chad",
            "Jersey",
            "Dominica",
        )
    ),
    "ru": frozenset(
        (
            "Того",
            "Чад",
            "Перу",
            "Куба",
        )
    ),
    "uk": frozenset(
        (
            "Того",
            "Чад",
            "Перу",
            "Куба",
        )
    ),
    "ko": frozenset(
        (
            "수단",
            "오만",
            "가나",
            "말리",
            "차드",
            "이란",
            "인도",
            "토고",
            "기니",
            "가봉",
            "조지아",
            "니제르",
            "통가",
            "중국",
            "나우루",
            "괌",
            "저지",
        )
    ),
    "ja": frozenset(
        (
            "ジョージア",
            "ジャージー",
            "マン島",
        )
    ),
    "zh": frozenset(("印度",)),
    "ar": frozenset(
        (
            "مالي",
            "تشاد",
            "عمان",
            "توغو",
            "جورجيا",
            "نيوي",
            "جيرسي",
        )
    ),
}

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
            name = part.replace("’", "'").strip(" .،,")
            if len(name) > 1 and " - " not in name and " – " not in name and name not in AMBIGUOUS.get(lang, ()):
                for one in (name, name.replace("&", "and")):
                    found.update(dict.fromkeys(_inflected(one, lang)))
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
