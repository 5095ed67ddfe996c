"""Held alerts -> a digest: what leads, what fits into one message, and how it reads. Pure.

::

    Daily digest: 7 stories
    18 Jun, 08:00 - 19 Jun, 08:00 (Asia/Seoul)
    Topic
    - headline, linked (Outlet +3)
      New: one line of what earlier coverage did not have. Before that: headline, linked; headline, linked
      Earlier: 13 Sep 2023 headline, linked
    ( Latest ) ( Settings ) ( Mute TOPIC… )

Several alerts of one story are one line: the newest leads, and those before it are named behind it. Headlines and new
facts are the outlets' own words: a digest holds no summary, and so nothing that a language model could word better. A
message holds what every platform takes whole, so that nothing of a digest is ever cut; what does not fit comes in the
next part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bot.alerts.compose import earlier_line, may_repeat, outlets, spoken
from bot.chats.layout import utf16_units
from bot.chats.message import Button, Message, Style, bold, bullets, heading, italic, link, note, paragraph
from bot.preferences import Every
from bot.speech import N_, _, ngettext, number
from bot.text.dates import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.chats.message import Block, Span
    from bot.model import Alert
    from bot.preferences import ChatSettings, Held

UNITS: Final = 3600
"""UTF-16 units of one part: below Telegram's 4096 with room for the head and the tail."""

STYLED: Final = 80
"""Links and styled spans of one part: below Telegram's 100 entities."""

BLOCKS: Final = 40
"""Blocks of one part: below Slack's 50."""

HEADLINE_CHARS: Final = 200
NEW_CHARS: Final = 240
BEFORE: Final = 3
"""How many earlier alerts of a story its line names, a short one too. What there is besides is counted."""

LABEL_CHARS: Final = 24
MUTE_BUTTONS: Final = 3
ROOM_FOR_DETAIL: Final = 30
"""Of more stories than this, each gets a short line, so that a long absence does not bring a dozen messages."""

_LINE_UNITS: Final = 4
_NAMES: Final = {
    Every.OFF: N_("Digest"),
    Every.HOURLY: N_("Hourly digest"),
    Every.DAILY: N_("Daily digest"),
    Every.WEEKLY: N_("Weekly digest"),
}
_WEIGHTS: Final = {"outlets": 0.08, "new": 0.05, "earlier": 0.03}


@dataclass(frozen=True, slots=True)
class Told:
    """One story of a digest: all that is held of it, oldest first; the newest leads."""

    topic: str
    held: tuple[Held, ...]

    @property
    def alert(self) -> Alert:
        """What is shown."""
        return self.held[-1].alert

    @property
    def before(self) -> tuple[Alert, ...]:
        """The alerts that told it before, newest first, each headline once."""
        by_headline = {one.alert.headline: one.alert for one in self.held[::-1]}
        return tuple(alert for headline, alert in by_headline.items() if headline != self.alert.headline)

    @property
    def weight(self) -> float:
        """How much it matters: how well it matches, how many outlets tell it, how much of it is new and connected."""
        best = max(one.score for one in self.held)
        alert = self.alert
        return (
            best
            + _WEIGHTS["outlets"] * len(alert.others)
            + _WEIGHTS["new"] * len(alert.new)
            + _WEIGHTS["earlier"] * bool(alert.earlier)
        )

    @property
    def ids(self) -> tuple[int, ...]:
        """The deliveries that it brings."""
        return tuple(one.delivery.id for one in self.held)


@dataclass(frozen=True, slots=True)
class Packed:
    """The place of each delivery in the whole digest, in order; the first ``size`` of them make the next message."""

    places: Mapping[int, int]
    size: int


# ---------------------------------------------------------------- packing


def pack(held: Sequence[Held]) -> Packed:
    """What the next message brings. At least one story, however long; never part of one."""
    told = ranked(held)
    brief = len(told) > ROOM_FOR_DETAIL
    order = [number for story in told for number in story.ids]
    # What came before, if anything did, has the places below the lowest that is left.
    start = min((one.delivery.bundle_place for one in held if one.delivery.bundle_place is not None), default=0)
    places = {number: place for place, number in enumerate(order, start)}
    stories = next((count - 1 for count in range(2, len(told) + 1) if not _fits(told[:count], brief=brief)), len(told))
    return Packed(places, sum(len(story.held) for story in told[:stories]))


def _fits(told: Sequence[Told], *, brief: bool) -> bool:
    lines = [_story(story, brief=brief, mark=True) for story in told]
    topics = {story.topic for story in told}
    units = sum(map(_units, [*lines, *((topic,) for topic in topics)]))
    styled = len(topics) + sum(_styled(line) for line in lines)
    return units <= UNITS and styled <= STYLED and 2 * len(topics) <= BLOCKS


def ranked(held: Sequence[Held]) -> tuple[Told, ...]:
    """The stories, those of one topic together, best first; what has a place from an earlier part keeps it."""
    stories: dict[int, list[Held]] = {}
    for one in sorted(held, key=lambda one: one.delivery.id):
        stories.setdefault(one.delivery.story_id, []).append(one)
    told = [Told(next(iter(mine[-1].delivery.topics), ""), tuple(mine)) for mine in stories.values()]
    if any(one.delivery.bundle_place is not None for one in held):
        return tuple(sorted(told, key=_place))
    best: dict[str, float] = {}
    for story in told:
        best[story.topic] = max(best.get(story.topic, 0.0), story.weight)
    return tuple(sorted(told, key=lambda story: (-best[story.topic], story.topic, -story.weight, story.ids)))


def _place(story: Told) -> tuple[bool, int, int]:
    places = [one.delivery.bundle_place for one in story.held if one.delivery.bundle_place is not None]
    return not places, min(places, default=0), story.ids[0]


def _units(line: Sequence[Span | str]) -> int:
    text = "".join(part if isinstance(part, str) else part.text for part in line)
    # Telegram's renderer puts a joiner into each "@name".
    return _LINE_UNITS + utf16_units(text) + text.count("@")


def _styled(line: Sequence[Span | str]) -> int:
    return sum(not isinstance(part, str) and (part.url is not None or part.style is not Style.PLAIN) for part in line)


# ---------------------------------------------------------------- composing


def compose_digest(members: Sequence[Held], settings: ChatSettings, now: datetime) -> Message:
    """The message of one part of a digest, in the order that its deliveries have."""
    told = ranked(members)
    repeat = any(one.delivery.maybe_sent for one in members if one.delivery.bundle_id == one.delivery.id)
    brief = not _fits(told, brief=False)
    blocks: list[Block] = [heading(_title(members, told, settings)), note(_span(members, settings, now))]
    if repeat:
        blocks.append(may_repeat())
    topics = tuple(dict.fromkeys(story.topic for story in told))
    for topic in topics:
        lines = [
            _story(story, brief=brief, mark=any(_doubted(one) for one in story.held))
            for story in told
            if story.topic == topic
        ]
        blocks += [paragraph(bold(topic or _("Alerts"))), bullets(*lines)]
    return Message(tuple(blocks), _buttons(told))


def _doubted(one: Held) -> bool:
    """A part that was tried by itself once, and may have arrived then."""
    return one.delivery.maybe_sent and one.delivery.bundle_id != one.delivery.id


def _story(story: Told, *, brief: bool, mark: bool) -> tuple[Span | str, ...]:
    """The story in a line, with what is new and what came before behind it where there is room."""
    alert = story.alert
    line: list[Span | str] = [link(_clip(alert.headline, HEADLINE_CHARS), alert.url)]
    line.append(f" ({outlets((alert.source, *alert.others))})")
    if mark:
        line.append(_(" ↻ may repeat"))
    stop = ". "
    if alert.new and not brief:
        line += [stop, italic(_("New:")), f" {_clip(spoken(alert.new[0]), NEW_CHARS)}"]
        stop = " "  # a new fact is a sentence, and ends as one
    if story.before:
        line += [stop, *_before(story.before)]
        stop = ". "
    if alert.earlier and not brief:
        nearest = max(alert.earlier, key=lambda earlier: earlier.at)
        line += [stop, italic(_("Earlier:")), " ", *earlier_line(nearest)]
    return tuple(line)


def _before(alerts: Sequence[Alert]) -> list[Span | str]:
    """What the chat would have been told first, had it not been held."""
    line: list[Span | str] = [italic(_("Before that:")), " "]
    for alert in alerts[:BEFORE]:
        line += [link(_clip(alert.headline, HEADLINE_CHARS), alert.url), "; "]
    line.pop()
    return [*line, f" +{len(alerts) - BEFORE}"] if len(alerts) > BEFORE else line


def _clip(text: str, chars: int) -> str:
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


def _title(members: Sequence[Held], told: Sequence[Told], settings: ChatSettings) -> str:
    count = ngettext("{count} story", "{count} stories", len(told)).format(count=number(len(told)))
    later = min((one.delivery.bundle_place or 0 for one in members), default=0) > 0
    name = _(_NAMES[settings.digest.every])
    return _("{digest}, continued: {stories}").format(digest=name, stories=count) if later else f"{name}: {count}"


def _span(members: Sequence[Held], settings: ChatSettings, now: datetime) -> str:
    """From the oldest of them to now, on the chat's clock."""
    zone = ZoneInfo(settings.zone)
    first = min((one.alert.created_at for one in members), default=now)
    same_day = first.astimezone(zone).date() == now.astimezone(zone).date()
    end = f"{now.astimezone(zone):%H:%M}" if same_day else local(now, settings)
    return f"{local(first, settings)} – {end} ({settings.zone_said})"


def local(at: datetime, settings: ChatSettings) -> str:
    """A moment on the chat's clock: "Wed 19 Jun, 08:00"."""
    return clock(at, ZoneInfo(settings.zone))


def _buttons(told: Sequence[Told]) -> tuple[tuple[Button, ...], ...]:
    first_of: dict[str, Told] = {}
    for story in told:
        first_of.setdefault(story.topic, story)
    mutes = tuple(
        # Not the mute itself: its answer would take the place of the digest.
        Button(
            _("Mute {topic}…").format(topic=_clip(topic, LABEL_CHARS)),
            "mute-menu",
            str(story.alert.story_id),
            command=f"/mute {story.alert.story_id}",
        )
        for topic, story in tuple(first_of.items())[:MUTE_BUTTONS]
        if topic
    )
    row = (Button(_("Latest"), "latest", command="/latest"), Button(_("Settings"), "settings", command="/settings"))
    return (row, mutes) if mutes else (row,)
