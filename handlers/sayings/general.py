"""Sayings about the bot itself, and about what it could not send. Nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import Hold


@dataclass(frozen=True, slots=True)
class Start:
    """First contact; ``payload`` is what a deep link carried."""

    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """How things work, all of it in short or one subject at length."""

    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot is."""


@dataclass(frozen=True, slots=True)
class Missed:
    """The alerts that did not get through."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Send an alert that did not get through; without an id, all of them, or those held for this reason."""

    delivery_id: int | None = None
    held_for: Hold | None = None
