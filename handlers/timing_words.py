"""What a person typed about times, mutes and settings, as a command or a fault. Pure; a part of the grammar.

``handlers.grammar`` turns a ``Fault`` into its ``Problem``; this module knows neither the store nor the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.preferences import MuteKind
from bot.speech import N_
from handlers import times
from handlers.sayings import (
    ChooseMute,
    Command,
    DigestNow,
    ListMutes,
    MuteThing,
    SetCap,
    SetDigest,
    SetLanguage,
    SetPictures,
    SetQuiet,
    SetUrgent,
    SetZone,
    ShowDigest,
    ShowQuiet,
    ShowSettings,
    Unmute,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

_ID_DIGITS: Final = 18
_LIST_WORDS: Final = frozenset({"list", "all?", "show"})
ALL_WORDS: Final = frozenset({"all", "everything", "все", "всё", "усе", "모두"})
_KIND_WORDS: Final = {
    "topic": MuteKind.TOPIC,
    "story": MuteKind.STORY,
    "outlet": MuteKind.OUTLET,
    "source": MuteKind.OUTLET,
    "feed": MuteKind.OUTLET,
}
_DARK_WORDS: Final = frozenset({"dark", "black", "night", "тёмные", "темные", "темні", "어둡게"})
_LIGHT_WORDS: Final = frozenset({"light", "white", "day", "светлые", "світлі", "밝게"})
_SETTING_WORDS: Final = {
    "zone": "zone",
    "timezone": "zone",
    "time": "zone",
    "tz": "zone",
    "city": "zone",
    "cap": "cap",
    "limit": "cap",
    "urgent": "urgent",
    "breaking": "urgent",
    "language": "language",
    "lang": "language",
    "pictures": "pictures",
    "picture": "pictures",
    "theme": "pictures",
    "digest": "digest",
    "quiet": "quiet",
    "mute": "mute",
    "mutes": "mute",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: with something missing, or something that cannot be taken; which second word it is about.

    ``detail`` is English to be translated, with ``{word}`` for what was typed; ``near`` are texts that may be meant.
    """

    detail: str
    verb: str = ""
    missing: bool = False
    word: str = ""
    near: tuple[str, ...] = ()


def parse_digest(rest: str) -> Command | Fault:
    """``/digest``, ``/digest now``, ``/digest daily 08:00``."""
    if not rest or rest.casefold() in _LIST_WORDS:
        return ShowDigest()
    if rest.casefold() in {"now", "сейчас", "зараз", "지금"}:
        return DigestNow()
    rhythm = times.read_rhythm(rest)
    if rhythm is None:
        return Fault(N_("I cannot read “{word}” as a rhythm."), "set", word=rest)
    return SetDigest(rhythm)


def parse_quiet(rest: str) -> Command | Fault:
    """``/quiet``, ``/quiet 22:00-07:00``, ``/quiet off``."""
    if not rest or rest.casefold() in _LIST_WORDS:
        return ShowQuiet()
    if rest.casefold() in times.OFF_WORDS:
        return SetQuiet(None)
    hours = times.read_span(rest.removeprefix("from "))
    if hours is None:
        return Fault(N_("I cannot read “{word}” as hours."), "set", word=rest)
    return SetQuiet(hours)


def parse_mute(rest: str) -> Command | Fault:
    """``/mute``, ``/mute 12``, ``/mute Arms 8h``, ``/mute outlet Reuters 3d``, ``/mute story 12``, ``/mute 8h``."""
    if not rest or rest.casefold() in _LIST_WORDS:
        return ListMutes()
    what, length = _with_length(rest)
    if not what or what.casefold() in ALL_WORDS:
        return MuteThing(kind=MuteKind.ALL, length=length)
    first, _, after = what.partition(" ")
    kind = _KIND_WORDS.get(first.casefold()) if after else None
    whole = _unquoted(what) if kind else None
    what = after if kind else what
    number, named = _number(what), _unquoted(what)
    if number is not None and (kind is not None or length is not None):
        return MuteThing(kind=kind or MuteKind.STORY, story_id=number, length=length, whole=whole)
    if number is not None:
        return ChooseMute(number)
    return MuteThing(named, kind, length=length, whole=whole)


def parse_unmute(rest: str) -> Command | Fault:
    """``/unmute``, ``/unmute 3``, ``/unmute Arms``, ``/unmute story 12``, ``/unmute all``."""
    if rest.casefold() in ALL_WORDS:
        return Unmute("all")
    first, _, after = rest.partition(" ")
    kind = _KIND_WORDS.get(first.casefold()) if after else None
    number = _number(after) if kind is MuteKind.STORY else None
    return Unmute(_unquoted(after if kind else rest) or None, number, _unquoted(rest) if kind else None)


def parse_settings(rest: str) -> Command | Fault:
    """``/settings``, ``/settings zone Berlin``, ``/settings cap 5``."""
    if not rest:
        return ShowSettings()
    first, _, after = rest.partition(" ")
    after = after.strip().removeprefix("=").strip()
    parser = _SETTINGS.get(_SETTING_WORDS.get(first.casefold(), ""))
    if parser is None:
        return Fault(
            N_("There is no setting “{word}”. There are: zone, cap, urgent, language, pictures, digest, quiet."),
            word=first,
        )
    return parser(after)


def _parse_cap(text: str) -> Command | Fault:
    if not text:
        return SetCap()
    if text == "0":
        return Fault(
            N_(
                "0 may mean three things: no cap at all, nothing one by one but digests, or nothing for now. "
                "Choose one of these:"
            ),
            "cap",
            near=("/settings cap off", "/digest daily 08:00", "/mute 8h"),
        )
    if text.casefold() in times.OFF_WORDS:
        return SetCap(0)
    number = text.split(maxsplit=1)[0]
    if not number.isdecimal() or len(number) > 4:  # noqa: PLR2004 - nobody reads ten thousand alerts an hour
        return Fault(N_("Say how many alerts an hour may come one by one, or “off”."), "cap")
    return SetCap(int(number))


def _parse_urgent(text: str) -> Command | Fault:
    word = text.casefold()
    if not word:
        return SetUrgent()
    if word in times.ON_WORDS or word in times.OFF_WORDS:
        return SetUrgent(word in times.ON_WORDS)
    return Fault(N_("Say “on” or “off”."), "urgent")


def _parse_pictures(text: str) -> Command | Fault:
    word = text.casefold()
    if not word:
        return SetPictures()
    if word in _DARK_WORDS or word in _LIGHT_WORDS:
        return SetPictures(word in _DARK_WORDS)
    return Fault(N_("Say “dark” or “light”."), "pictures")


def _with_length(rest: str) -> tuple[str, timedelta | None]:
    """What is named, and how long: the last one or two words where they are a duration."""
    words = rest.split()
    for count in (2, 1):
        length = times.read_duration(" ".join(words[-count:])) if len(words) >= count else None
        if length is not None:
            named = " ".join(words[:-count])
            return named.removesuffix(" for").strip() if named != "for" else "", length
    return rest, None


def _number(text: str) -> int | None:
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isdecimal() and len(digits) <= _ID_DIGITS else None


def _unquoted(text: str) -> str:
    text = text.strip()
    pairs = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»"}
    return text[1:-1].strip() if len(text) > 1 and pairs.get(text[0]) == text[-1] else text


_SETTINGS: Final[dict[str, Callable[[str], Command | Fault]]] = {
    "zone": lambda text: SetZone(text.removeprefix("zone ") or None),
    "cap": _parse_cap,
    "urgent": _parse_urgent,
    "language": lambda text: SetLanguage(text.casefold() or None),
    "pictures": _parse_pictures,
    "digest": parse_digest,
    "quiet": parse_quiet,
    "mute": parse_mute,
}
PARSERS: Final[dict[str, Callable[[str], Command | Fault]]] = {
    "digest": parse_digest,
    "quiet": parse_quiet,
    "mute": parse_mute,
    "unmute": parse_unmute,
    "settings": parse_settings,
}
