"""The language that the bot speaks: of its own words, never of an article's.

Every text stands in the code in English, which is also its key in the catalogues, the gettext files
``locale/<language>/LC_MESSAGES/backstory.po``. They are read and compiled in memory on the first word in a language;
English needs none. ``_`` and ``ngettext`` answer in the language that ``speaking`` was entered with, so whoever answers
an update or writes an alert enters it once and nobody below passes a language on. Texts carry named placeholders, which
are filled after the look-up: ``_("Story {number}").format(number=7)``. With the language goes the time zone in which
times are told.

This module must know no chat, no platform and no setting.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGLISH: Final = "en"
LANGUAGES: Final = {"en": "English", "ru": "Русский", "uk": "Українська", "ko": "한국어"}
"""The languages that the bot speaks, and what each calls itself."""

DOMAIN: Final = "backstory"
_DECIMAL_SIGNS: Final = {"ru": ",", "uk": ",", "ko": "."}
UTC: Final = "UTC"
_speaking: ContextVar[str] = ContextVar("speaking", default=ENGLISH)
_zone: ContextVar[str] = ContextVar("zone", default=UTC)


def language() -> str:
    """The language that is spoken now: one of ``LANGUAGES``."""
    return _speaking.get()


def zone() -> str:
    """The zone in which times are told now: an IANA name."""
    return _zone.get()


@contextmanager
def speaking(wanted: str | None, *, zone: str = UTC) -> Iterator[None]:
    """Speak the nearest language to ``wanted`` while this lasts, in this task and what it starts."""
    language_before, zone_before = _speaking.set(nearest(wanted)), _zone.set(zone)
    try:
        yield
    finally:
        _speaking.reset(language_before)
        _zone.reset(zone_before)


def speak(wanted: str | None, *, zone: str = UTC) -> None:
    """Go on in the nearest language to ``wanted``: to the end of this task, or of the ``speaking`` around this."""
    _speaking.set(nearest(wanted))
    _zone.set(zone)


def nearest(*wanted: str | None) -> str:
    """The first of these that the bot speaks, English otherwise. ``ru``, ``ru-RU`` and ``ru_RU.UTF-8`` are Russian."""
    spoken = (tag.replace("-", "_").partition("_")[0].partition(".")[0].lower() for tag in wanted if tag)
    return next((tag for tag in spoken if tag in LANGUAGES), ENGLISH)


# ---------------------------------------------------------------- words


def _(text: str) -> str:
    """The text in the language spoken."""
    return text if language() == ENGLISH else _catalogue(language()).gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a text that goes with a number. English has two forms, Russian and Ukrainian three, Korean one."""
    if language() == ENGLISH:
        return one if number == 1 else many
    return _catalogue(language()).ngettext(one, many, number)


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for the catalogues that ``_`` looks up later: what a module says when it is loaded has no reader."""
    return text


def catalogue_path(lang: str) -> resources.abc.Traversable:
    """Where a language's words stand."""
    return resources.files("bot") / "locale" / lang / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def _catalogue(lang: str) -> NullTranslations:
    """A language's words. Compiling them takes about a tenth of a second, once, and only where they are wanted."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - English needs none of it
    from babel.messages.pofile import read_po  # noqa: PLC0415 - the same

    compiled = BytesIO()
    with catalogue_path(lang).open("rb") as file:
        write_mo(compiled, read_po(file, locale=lang))
    compiled.seek(0)
    return GNUTranslations(compiled)


# ---------------------------------------------------------------- numbers


def number(value: int) -> str:
    """A whole number as the language groups its digits: 1,204 or 1 204."""
    if language() == ENGLISH:
        return f"{value:,}"
    from babel.numbers import format_decimal  # noqa: PLC0415 - English needs none of it

    return format_decimal(value, locale=language())


def decimal(value: float) -> str:
    """A number with one decimal: 1.2 or 1,2."""
    return f"{value:.1f}" if language() == ENGLISH else f"{value:.1f}".replace(".", _DECIMAL_SIGNS[language()])
