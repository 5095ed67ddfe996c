"""Time zones as people name them: an IANA name, a city in several languages, a country. Pure; knows no chat.

Names of cities come from Unicode's CLDR through Babel, those of zones from the IANA database (``tzdata``).
"""

from __future__ import annotations

import difflib
import re
import zoneinfo
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.core import get_global

if TYPE_CHECKING:
    from collections.abc import Iterator

SUGGESTED: Final = 6
_LANGUAGES: Final = ("en", "ru", "uk", "ko")
_NEAR: Final = 0.75
_SHORTEST: Final = 4  # fewer letters are like too many names
# Cities that people name and the database does not, and the commonest abbreviations.
_BY_CITY: Final = {
    "asia/shanghai": ("beijing", "peking", "пекин", "пекін", "베이징", "guangzhou", "shenzhen"),
    "asia/kolkata": ("delhi", "new delhi", "mumbai", "bangalore", "chennai", "calcutta", "ist"),
    "america/new_york": (
        "washington",
        "washington dc",
        "boston",
        "miami",
        "atlanta",
        "philadelphia",
        "est",
        "edt",
        "et",
    ),
    "pacific/honolulu": ("hawaii",),
    "america/chicago": ("houston", "dallas", "austin", "cst", "cdt"),
    "america/denver": ("mst", "mdt", "salt lake city"),
    "america/los_angeles": ("san francisco", "seattle", "silicon valley", "san diego", "las vegas", "pst", "pdt", "pt"),
    "america/toronto": ("ottawa", "montreal"),
    "europe/berlin": ("munich", "frankfurt", "hamburg", "cologne", "bonn", "cet", "cest"),
    "europe/zurich": ("geneva", "bern"),
    "europe/rome": ("milan",),
    "europe/madrid": ("barcelona",),
    "europe/brussels": ("antwerp",),
    "europe/amsterdam": ("the hague", "rotterdam"),
    "europe/london": ("edinburgh", "manchester", "bst", "uk", "england"),
    "europe/moscow": ("msk", "мск", "saint petersburg", "st petersburg", "санкт-петербург"),
    "europe/kyiv": ("kiev", "kyiv", "lviv", "odesa", "kharkiv", "львов", "львів", "одесса", "одеса", "харків"),
    "europe/istanbul": ("ankara",),
    "asia/seoul": ("kst", "busan", "incheon", "부산", "인천"),
    "asia/pyongyang": ("north korea", "dprk"),
    "asia/tokyo": ("jst", "osaka", "kyoto"),
    "asia/ho_chi_minh": ("hanoi", "saigon"),
    "asia/jerusalem": ("tel aviv",),
    "asia/dubai": ("abu dhabi",),
    "asia/karachi": ("islamabad", "lahore"),
    "australia/sydney": ("canberra", "aest"),
    "america/sao_paulo": ("rio de janeiro", "brasilia"),
    "utc": ("gmt", "utc", "z", "zulu"),
}
_OFFSET: Final = re.compile(r"(?:utc|gmt)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?")
# The database has offsets of whole hours alone. These are kept all year by a zone of their own, those below by one that
# has summer time, so that whoever names the offset may mean another.
_FIXED: Final = {
    "-9:30": "Pacific/Marquesas",
    "+3:30": "Asia/Tehran",
    "+4:30": "Asia/Kabul",
    "+5:30": "Asia/Kolkata",
    "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon",
    "+8:45": "Australia/Eucla",
    "+9:30": "Australia/Darwin",
}
_MOVING: Final = {
    "-3:30": ("America/St_Johns",),
    "-2:30": ("America/St_Johns",),
    "+10:30": ("Australia/Adelaide", "Australia/Lord_Howe"),
    "+12:45": ("Pacific/Chatham",),
    "+13:45": ("Pacific/Chatham",),
}


@dataclass(frozen=True, slots=True)
class Found:
    """The zones that a text may mean, likeliest first; ``sure`` where it names them and is not merely like a name."""

    zones: tuple[str, ...]
    sure: bool = True


def find(text: str) -> Found:
    """What a text means: an offset from UTC, a zone, a city, a country; else what begins so or is spelt much alike."""
    wanted = _folded(text)
    offset = _offset(wanted)
    if offset is not None:
        return offset
    by_name, by_word = _names(), _words()
    if wanted in by_name:
        return Found((by_name[wanted],))
    if wanted in by_word:
        return Found(by_word[wanted][:SUGGESTED])
    if len(wanted) < _SHORTEST:
        return Found(())
    begins = [zone for word, zones in by_word.items() if word.startswith(wanted) for zone in zones]
    close = difflib.get_close_matches(wanted, by_word, n=3, cutoff=_NEAR)
    near = [zone for word in close for zone in by_word[word]]
    return Found(tuple(dict.fromkeys((*begins, *near)))[:SUGGESTED], sure=False)


def is_zone(name: str) -> bool:
    """Whether the database has a zone of exactly this name."""
    return name in zoneinfo.available_timezones()


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("ё", "е").split())


def _offset(wanted: str) -> Found | None:
    """What ``utc+3`` or ``+5:30`` means; None for what is no offset, or one that is kept nowhere."""
    match = _OFFSET.fullmatch(wanted.replace(" ", "").replace("−", "-"))
    if match is None:
        return None
    hours, minutes, east = int(match["hours"]), match["minutes"] or "00", match["sign"] == "+"
    if minutes != "00":
        shown = f"{match['sign']}{hours}:{minutes}"
        moving = Found(_MOVING.get(shown, ()), sure=False)
        return Found((_FIXED[shown],)) if shown in _FIXED else moving if moving.zones else None
    # The database counts westwards.
    name = f"Etc/GMT{'-' if east else '+'}{hours}" if hours else "UTC"
    return Found((name,)) if is_zone(name) else None


@cache
def _names() -> dict[str, str]:
    return {_folded(name): name for name in sorted(zoneinfo.available_timezones())}


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Cities, countries and abbreviations, folded, with the zones that each may mean."""
    found: dict[str, dict[str, None]] = {}
    names = _names()
    for word, zone in (*_cities(), *_countries()):
        now = names.get(_folded(_today(zone)))
        if now is not None:
            found.setdefault(_folded(word), {})[now] = None
    for zone, cities in _BY_CITY.items():
        for city in cities:
            found[city] = {names[zone.replace("_", " ")]: None}
    found["usa"] = found["america"] = found["united states"]
    return {word: tuple(zones) for word, zones in found.items()}


def _cities() -> Iterator[tuple[str, str]]:
    for zone in sorted(zoneinfo.available_timezones()):
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix")):
            yield zone.rpartition("/")[2], zone
    for locale in map(Locale, _LANGUAGES):
        yield from ((words["city"], zone) for zone, words in locale.time_zones.items() if "city" in words)


def _countries() -> Iterator[tuple[str, str]]:
    for zone, territory in sorted(get_global("zone_territories").items(), key=_known_first):
        for locale in map(Locale, _LANGUAGES):
            if territory in locale.territories:
                yield locale.territories[territory], zone


def _known_first(zone_of: tuple[str, str]) -> tuple[bool, str]:
    zone, _ = zone_of
    return zone.lower() not in _BY_CITY, zone


def _today(zone: str) -> str:
    """The zone's name of today: CLDR keeps the first name that a zone had."""
    return {"Europe/Kiev": "Europe/Kyiv", "Asia/Calcutta": "Asia/Kolkata", "Asia/Saigon": "Asia/Ho_Chi_Minh"}.get(
        zone, zone
    )
