"""When a chat wants to be spoken to, as values: its settings, its mutes, and what it was told lately.

Nothing here decides anything (``bot.alerts.timing`` does) or asks for the time. Times of day are the chat's own, in its
zone; moments are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Alert, Delivery, Sensitivity

DEFAULT_ZONE: Final = "UTC"
DEFAULT_CAP: Final = 12
MORNING: Final = time(8)


class Every(StrEnum):
    """How often digests come."""

    OFF = "off"  # alerts come one by one
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When digests come: ``at`` counts for daily and weekly ones, ``weekday`` (0 is Monday) for weekly ones."""

    every: Every = Every.OFF
    at: time = MORNING
    weekday: int = 0

    def __bool__(self) -> bool:
        return self.every is not Every.OFF


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another, over midnight where the end is the earlier one."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat chose. ``zone`` is an IANA name; ``lang`` None is the reader's own; ``cap`` counts alerts an hour.

    With ``urgent``, breaking stories come at once, whatever quiet hours, digests and cap say. A ``cap`` of 0 is none.
    ``dark`` is the paper of pictures: no platform tells what its reader's app shows.
    """

    zone: str = DEFAULT_ZONE
    lang: str | None = None
    digest: Rhythm = Rhythm()
    quiet: QuietHours | None = None
    urgent: bool = False
    cap: int = DEFAULT_CAP
    dark: bool = False

    @property
    def zone_said(self) -> str:
        """The zone as people call it: the database counts offsets westwards, "Etc/GMT-3" for UTC+3."""
        offset = self.zone.removeprefix("Etc/GMT")
        if offset == self.zone or offset[:1] not in ("+", "-"):
            return self.zone
        return f"UTC{'-' if offset[0] == '+' else '+'}{offset[1:]}"


class MuteKind(StrEnum):
    """What a mute silences."""

    ALL = "all"
    TOPIC = "topic"
    STORY = "story"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Mute:
    """Something that a chat does not want to hear of until a moment (None: until it says so).

    ``name`` is the topic's, the story's headline or the outlet's; ``target_id`` the topic's or story's id.
    """

    id: int
    chat_id: int
    kind: MuteKind
    name: str
    until: datetime | None
    created_at: datetime
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What bears on whether a delivery goes now, read together with its claim.

    ``sent`` are the moments of the chat's alerts within the last hour; ``waiting`` is the newest HELD delivery of the
    same story and chat. For an edit it is there only where that is what it changes.
    """

    settings: ChatSettings = ChatSettings()
    mutes: tuple[Mute, ...] = ()
    sent: tuple[datetime, ...] = ()
    waiting: Delivery | None = None


@dataclass(frozen=True, slots=True)
class TopicShare:
    """A topic as a chat offered it to others, under a token that nobody can guess."""

    token: str
    chat_id: int
    name: str
    query: str
    sensitivity: Sensitivity
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HeldTally:
    """What is held for a chat, by reason, and when the next digest brings some of it (None: nothing waits for one)."""

    muted: int = 0
    quiet: int = 0
    digest: int = 0
    capped: int = 0
    flood: int = 0
    next_at: datetime | None = None

    @property
    def coming(self) -> int:
        """How much a digest brings: all but what is muted."""
        return self.quiet + self.digest + self.capped + self.flood


@dataclass(frozen=True, slots=True)
class Held:
    """A delivery that waits for a digest or is part of one, with its alert; ``score`` is its best match, 0 to 1."""

    delivery: Delivery
    alert: Alert
    score: float = 0.0
