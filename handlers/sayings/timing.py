"""Sayings about when and how the bot speaks: digests, quiet hours, mutes, settings. Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.preferences import MuteKind, QuietHours, Rhythm


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """How alerts come: one by one, or in digests."""


@dataclass(frozen=True, slots=True)
class SetDigest:
    """Have alerts come in digests of this rhythm, or one by one."""

    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class DigestNow:
    """Send what is held now."""


@dataclass(frozen=True, slots=True)
class ShowQuiet:
    """When nothing is sent."""


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Send nothing between these hours; None: at any time."""

    hours: QuietHours | None


@dataclass(frozen=True, slots=True)
class ListMutes:
    """What is muted, and until when."""


@dataclass(frozen=True, slots=True)
class ChooseMute:
    """What of a story to mute: the story, its outlet or its topic."""

    story_id: int


@dataclass(frozen=True, slots=True)
class MuteThing:
    """Mute a topic, a story or an outlet, or everything (``what`` None), for a while (None: the usual).

    With a ``story_id``, ``kind`` says what of that story. ``whole`` is the text with the word that was read as the
    kind: a topic may be called so.
    """

    what: str | None = None
    kind: MuteKind | None = None
    story_id: int | None = None
    length: timedelta | None = None
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Unmute:
    """End a mute by its number or name, or all (``what`` "all"); None offers the choice.

    With a ``story_id``, the mute of that story. ``whole`` is the text with the word that was read as its kind.
    """

    what: str | None = None
    story_id: int | None = None
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """All that a chat can choose."""


@dataclass(frozen=True, slots=True)
class SetZone:
    """The chat's time zone, as typed; None asks."""

    zone: str | None = None


@dataclass(frozen=True, slots=True)
class SetCap:
    """How many alerts an hour may come one by one; 0: any number; None asks."""

    cap: int | None = None


@dataclass(frozen=True, slots=True)
class SetPictures:
    """Whether pictures are drawn on dark paper; None asks."""

    dark: bool | None = None


@dataclass(frozen=True, slots=True)
class SetUrgent:
    """Whether breaking stories may come at any time; None asks."""

    on: bool | None = None


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The language of the bot's own words: a code, or "auto"; None asks."""

    lang: str | None = None
