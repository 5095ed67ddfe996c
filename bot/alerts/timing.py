"""When to speak: now, or later, and why later. Pure.

Decided at the moment of delivery from the chat's settings as they are then, so that a change of them holds at once and
a machine that slept loses nothing: what it held is due when it wakes, in one digest. Times of day are the chat's, in
its zone. A time that the clocks skip in spring comes as much later as they skip; one that comes twice in autumn counts
the first time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bot.model import Hold
from bot.preferences import Every, MuteKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, time

    from bot.model import Alert, Delivery
    from bot.preferences import ChatSettings, Circumstances, Held, Mute, QuietHours, Rhythm

HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEK_DAYS: Final = 7
_NEVER: Final = datetime.max.replace(tzinfo=UTC)

URGENT_OUTLETS: Final = 5
"""A story that this many outlets tell within the hour is breaking news..."""

URGENT_ORIGINS: Final = 2
"""... if they do not all print one agency."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: why, and until when (None: until a person says so)."""

    reason: Hold
    until: datetime | None


# ---------------------------------------------------------------- the decision


def decide(alert: Alert, delivery: Delivery, around: Circumstances, now: datetime) -> Wait | None:
    """Why an alert must wait; None where it goes now.

    Edits go, since they make no sound. What a person asked for, and what may have been sent already, goes as well. What
    adds to a story that is held is held with it.
    """
    if delivery.asked or delivery.maybe_sent or delivery.only_edits:
        return None
    settings = around.settings
    if delivery.bundle_id is not None:
        # A digest that comes late, because the platform was away, must not come at night either.
        return _quiet(settings, now)
    mute = muting(alert, delivery, around.mutes, now)
    if mute is not None:
        return Wait(Hold.MUTED, mute.until)
    if settings.urgent and is_urgent(alert, now):
        return None
    return _joining(around.waiting) or _scheduled(settings, now) or _capped(settings, around.sent, now)


def muting(alert: Alert, delivery: Delivery, mutes: Iterable[Mute], now: datetime) -> Mute | None:
    """The mute that silences this alert, the one that lasts longest; None where there is none.

    An alert on several topics is silenced when all of them are, one that several outlets tell when all of those are.
    """
    running = [mute for mute in mutes if _ends(mute) > now]
    whole = [
        mute
        for mute in running
        if mute.kind is MuteKind.ALL or (mute.kind is MuteKind.STORY and mute.target_id == delivery.story_id)
    ]
    topics = _covering(running, MuteKind.TOPIC, delivery.topics)
    outlets = _covering(running, MuteKind.OUTLET, (alert.source, *alert.others))
    return max((*whole, *topics, *outlets), key=_ends, default=None)


def muted_since(held: Iterable[Held], mutes: Iterable[Mute], now: datetime) -> dict[int, datetime]:
    """Of what waits for a digest, by id, what a mute silences by now, and until when (``now``: until somebody says so).

    What a person asked for, or may have been sent already, comes all the same.
    """
    running = tuple(mutes)
    found = {
        one.delivery.id: muting(one.alert, one.delivery, running, now)
        for one in held
        if running and not (one.delivery.asked or one.delivery.maybe_sent)
    }
    return {number: mute.until or now for number, mute in found.items() if mute is not None}


def _ends(mute: Mute) -> datetime:
    return mute.until or _NEVER


def _covering(mutes: Iterable[Mute], kind: MuteKind, names: tuple[str, ...]) -> tuple[Mute, ...]:
    """The mute that ends first of those which together cover all the names; nothing where a name is left."""
    by_name = {mute.name.casefold(): mute for mute in mutes if mute.kind is kind}
    wanted = {name.casefold() for name in names}
    if not wanted or not wanted <= by_name.keys():
        return ()
    return (min((by_name[name] for name in wanted), key=_ends),)


def is_urgent(alert: Alert, now: datetime) -> bool:
    """Whether a story is breaking: it escalates, or many outlets of several origins tell it within the hour.

    Conservative on purpose: the first outlet alone never is.
    """
    if alert.escalates:
        return True
    outlets = 1 + len(alert.others)
    # Where no origin is known to be shared, each outlet stands for itself.
    origins = len(alert.origins) or outlets
    return now - alert.at <= HOUR and outlets >= URGENT_OUTLETS and origins >= URGENT_ORIGINS


def _joining(waiting: Delivery | None) -> Wait | None:
    if waiting is None or waiting.held_for in (None, Hold.MUTED):
        return None
    return Wait(waiting.held_for, waiting.not_before)


def _scheduled(settings: ChatSettings, now: datetime) -> Wait | None:
    return Wait(Hold.DIGEST, next_digest(settings, now)) if settings.digest else _quiet(settings, now)


def _quiet(settings: ChatSettings, now: datetime) -> Wait | None:
    end = quiet_until(settings, now)
    return None if end is None else Wait(Hold.QUIET, end)


def _capped(settings: ChatSettings, sent: Iterable[datetime], now: datetime) -> Wait | None:
    began = hour_began(settings, now)
    if not settings.cap or sum(at >= began for at in sent) < settings.cap:
        return None
    return Wait(Hold.CAPPED, _after_quiet(settings, began + HOUR))


# ---------------------------------------------------------------- moments


def releases(before: ChatSettings, settings: ChatSettings, now: datetime) -> dict[Hold, datetime]:
    """When what is held comes, once the settings are these, by why it is; without a reason where that does not change.

    That is now, unless digests or quiet hours have it wait, or the cap: what is over it waits for the hour to end.
    """
    until = next_digest(settings, now) if settings.digest else _after_quiet(settings, now)
    raised = not settings.cap or 0 < before.cap < settings.cap
    capped = until if settings.digest or raised else _after_quiet(settings, hour_began(settings, now) + HOUR)
    if _when(before) != _when(settings):
        return {reason: capped if reason is Hold.CAPPED else until for reason in Hold if reason is not Hold.MUTED}
    return {Hold.CAPPED: until} if before.cap != settings.cap and raised and not settings.digest else {}


def _when(settings: ChatSettings) -> tuple[object, ...]:
    return settings.zone, settings.digest, settings.quiet


def next_digest(settings: ChatSettings, now: datetime) -> datetime:
    """The first moment after ``now`` for a digest; one that falls into quiet hours comes at their end.

    Raises ValueError where the chat takes no digests.
    """
    if settings.digest.every is Every.HOURLY:
        return _after_quiet(settings, hour_began(settings, now) + HOUR)
    night = _night_around(settings, now)
    # One that fell into these quiet hours is still to come, and takes along what is new since.
    since = now if night is None else night[0] - timedelta.resolution
    return _after_quiet(settings, _next_beat(settings.digest, ZoneInfo(settings.zone), since))


def _next_beat(rhythm: Rhythm, zone: ZoneInfo, since: datetime) -> datetime:
    today = since.astimezone(zone).date()
    for days in range(_WEEK_DAYS + 2):
        day = today + timedelta(days=days)
        if rhythm.every is Every.WEEKLY and day.weekday() != rhythm.weekday:
            continue
        at = moment(day, rhythm.at, zone)
        if at > since and rhythm:
            return at
    msg = "this chat takes no digests"
    raise ValueError(msg)


def quiet_until(settings: ChatSettings, now: datetime) -> datetime | None:
    """The end of the quiet hours that ``now`` lies in; None where it lies in none."""
    night = _night_around(settings, now)
    return None if night is None else night[1]


def _night_around(settings: ChatSettings, now: datetime) -> tuple[datetime, datetime] | None:
    """The beginning and end of the quiet hours that ``now`` lies in."""
    if settings.quiet is None:
        return None
    zone = ZoneInfo(settings.zone)
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today):
        start, end = _night(settings.quiet, day, zone)
        if start <= now < end:
            return start, end
    return None


def hour_began(settings: ChatSettings, now: datetime) -> datetime:
    """When the hour began on the chat's clock, which may be half an hour off the one of UTC."""
    local = now.astimezone(ZoneInfo(settings.zone))
    return now - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time of day on a date, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _night(quiet: QuietHours, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The quiet hours that begin on this date."""
    last = day if quiet.start < quiet.end else day + _DAY
    return moment(day, quiet.start, zone), moment(last, quiet.end, zone)


def _after_quiet(settings: ChatSettings, at: datetime) -> datetime:
    return quiet_until(settings, at) or at
