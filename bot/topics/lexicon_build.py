"""Make ``lexicon_data/cldr.tsv``: countries, territories and capitals in ten languages, from Unicode CLDR.

CLDR names capitals only as the cities of time zones; those that are no zone's city are in the hand-written files.

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
    "en": ("en",), "ru": ("ru",), "uk": ("uk",), "ko": ("ko",), "ja": ("ja",),
    "zh": ("zh_Hans", "zh_Hant", "zh_Hant_HK"), "fr": ("fr",), "de": ("de",), "es": ("es",), "ar": ("ar",),
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

CAPITALS: Final = (
    "AF Asia/Kabul, AL Europe/Tirane, AM Asia/Yerevan, AO Africa/Luanda, AR America/Buenos_Aires, AT Europe/Vienna, "
    "AZ Asia/Baku, BA Europe/Sarajevo, BD Asia/Dhaka, BE Europe/Brussels, BF Africa/Ouagadougou, BG Europe/Sofia, "
    "BI Africa/Bujumbura, BJ Africa/Porto-Novo, BO America/La_Paz, BS America/Nassau, BT Asia/Thimphu, "
    "BW Africa/Gaborone, BY Europe/Minsk, CF Africa/Bangui, CI Africa/Abidjan, CL America/Santiago, "
    "CO America/Bogota, CU America/Havana, CY Asia/Nicosia, CZ Europe/Prague, DE Europe/Berlin, "
    "DK Europe/Copenhagen, DO America/Santo_Domingo, DZ Africa/Algiers, EE Europe/Tallinn, EG Africa/Cairo, "
    "EH Africa/El_Aaiun, ER Africa/Asmera, ES Europe/Madrid, ET Africa/Addis_Ababa, FI Europe/Helsinki, "
    "FR Europe/Paris, GA Africa/Libreville, GB Europe/London, GE Asia/Tbilisi, GH Africa/Accra, GM Africa/Banjul, "
    "GN Africa/Conakry, GQ Africa/Malabo, GR Europe/Athens, GW Africa/Bissau, HN America/Tegucigalpa, "
    "HR Europe/Zagreb, HT America/Port-au-Prince, HU Europe/Budapest, ID Asia/Jakarta, IE Europe/Dublin, "
    "IQ Asia/Baghdad, IR Asia/Tehran, IS Atlantic/Reykjavik, IT Europe/Rome, JO Asia/Amman, JP Asia/Tokyo, "
    "KE Africa/Nairobi, KG Asia/Bishkek, KH Asia/Phnom_Penh, KP Asia/Pyongyang, KR Asia/Seoul, LA Asia/Vientiane, "
    "LB Asia/Beirut, LK Asia/Colombo, LR Africa/Monrovia, LS Africa/Maseru, LT Europe/Vilnius, LV Europe/Riga, "
    "LY Africa/Tripoli, MD Europe/Chisinau, ME Europe/Podgorica, MG Indian/Antananarivo, MK Europe/Skopje, "
    "ML Africa/Bamako, MM Asia/Rangoon, MN Asia/Ulaanbaatar, MR Africa/Nouakchott, MX America/Mexico_City, "
    "MY Asia/Kuala_Lumpur, MZ Africa/Maputo, NA Africa/Windhoek, NE Africa/Niamey, NI America/Managua, "
    "NL Europe/Amsterdam, NO Europe/Oslo, NP Asia/Katmandu, OM Asia/Muscat, PE America/Lima, "
    "PG Pacific/Port_Moresby, PH Asia/Manila, PL Europe/Warsaw, PT Europe/Lisbon, PY America/Asuncion, "
    "RO Europe/Bucharest, RS Europe/Belgrade, RU Europe/Moscow, RW Africa/Kigali, SA Asia/Riyadh, "
    "SD Africa/Khartoum, SE Europe/Stockholm, SI Europe/Ljubljana, SK Europe/Bratislava, SL Africa/Freetown, "
    "SN Africa/Dakar, SO Africa/Mogadishu, SS Africa/Juba, ST Africa/Sao_Tome, SY Asia/Damascus, SZ Africa/Mbabane, "
    "TD Africa/Ndjamena, TG Africa/Lome, TH Asia/Bangkok, TJ Asia/Dushanbe, TL Asia/Dili, TM Asia/Ashgabat, "
    "TN Africa/Tunis, TW Asia/Taipei, UA Europe/Kiev, UG Africa/Kampala, UY America/Montevideo, UZ Asia/Tashkent, "
    "VE America/Caracas, ZM Africa/Lusaka, ZW Africa/Harare"
)
"""Territories with the time zone whose city is the capital (or as good as one: Abidjan, La Paz, Yangon)."""

# Cities whose names are common words, or parts of them.
AMBIGUOUS_CITIES: Final = frozenset((
    "La Paz", "Lima", "Daca", "Argel", "Panamá",
    "파리", "리마", "로마", "리가", "다카", "바쿠", "주바", "로메", "말라보",
    "딜리", "万象", "金边", "金邊", "里加", "洛美", "帝力", "朱巴", "リマ", "ローマ",
    "دكا", "روما", "ليما", "تونس", "الجزائر",
))  # fmt: skip

_SHORT_CHARS: Final = 5
_CITY_CHARS: Final = 8
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
    zones = dict(pair.split(" ") for pair in CAPITALS.split(", "))
    for code in sorted(english):
        if _TERRITORY.match(code) and code not in _LEFT_OUT:
            known = ((lang, _names(code, lang) + _capital(zones.get(code, ""), lang)) for lang in LOCALES)
            columns = [f"{lang}={';'.join(dict.fromkeys(names))}" for lang, names in known if names]
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


def _capital(zone: str, lang: str) -> list[str]:
    """The capital's aliases in one language: exactly so where it is a short word in Latin letters."""
    found: list[str] = []
    for locale in LOCALES[lang]:
        zones = Locale.parse(locale).time_zones
        own_name = zone.rpartition("/")[2].replace("_", " ") if lang in {"en", "fr", "de", "es"} else ""
        city = zones[zone].get("city", own_name) if zone in zones else own_name
        if len(city) > 1 and city not in AMBIGUOUS_CITIES:
            exactly = "=" if city.isascii() and len(city) <= _CITY_CHARS else ""
            found += [f"{exactly}{form}" for form in _inflected(city.replace("’", "'"), lang)]
    return found


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
