"""/digest, /quiet and /settings: when this chat is spoken to. Each shows what holds, in the chat's time, and choices.

A change holds at once, for what is held as well. What to do when is decided by ``bot.alerts.timing``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bot.alerts import timing
from bot.alerts.digest import local
from bot.chats.message import Block, Message, bold, bullets, code, heading, note, paragraph
from bot.errors import CommandError
from bot.model import Hold
from bot.preferences import DEFAULT_ZONE, Every
from bot.text.dates import ago
from handlers import buttons, wording, zones

if TYPE_CHECKING:
    from datetime import datetime

    from bot.chats.message import Button
    from bot.preferences import ChatSettings, HeldTally, Rhythm
    from handlers.row import Call
    from handlers.sayings import (
        DigestNow,
        SetCap,
        SetDigest,
        SetLanguage,
        SetQuiet,
        SetUrgent,
        SetZone,
        ShowDigest,
        ShowQuiet,
        ShowSettings,
    )

HELD_REASONS: Final = (Hold.QUIET, Hold.DIGEST, Hold.CAPPED)
LANGUAGES: Final = {"en": "English", "ru": "Русский", "uk": "Українська", "ko": "한국어"}
AUTO: Final = frozenset({"auto", "off", "own", "default"})
CAP_MOST: Final = 500
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


# ---------------------------------------------------------------- digests


async def show_digest(call: Call[ShowDigest]) -> Message:
    """How alerts come, when the next digest does, and the choices."""
    return await _digest(call, await call.desk.store.settings_of(call.chat.id))


async def set_digest(call: Call[SetDigest]) -> Message:
    """Change how alerts come."""
    return await _digest(call, await _changed(call, digest=call.command.rhythm))


async def digest_now(call: Call[DigestNow]) -> Message:
    """Have what is held sent at once; what is muted stays so."""
    desk = call.desk
    count = await desk.store.summon_held(call.chat.id, reasons=HELD_REASONS, now=desk.now())
    if not count:
        return Message((paragraph("Nothing waits for a digest."),), ((buttons.plain("latest", "Latest"),),))
    return Message((paragraph(f"{wording.count(count, 'alert')} held for you come in a digest now."),))


async def _digest(call: Call[ShowDigest] | Call[SetDigest], settings: ChatSettings) -> Message:
    now = call.desk.now()
    tally = await call.desk.store.held_tally(call.chat.id)
    blocks: list[Block] = [heading(f"Digests: {rhythm_in_words(settings.digest)}")]
    if settings.digest:
        blocks.append(paragraph(f"The next one comes {_next(settings, now)}.{_waiting(tally)}"))
    else:
        blocks.append(paragraph(f"Each alert comes by itself, as soon as it is there.{_waiting(tally)}"))
    blocks += _zone_hint(settings)
    row = [buttons.preset("digest-off", "One by one"), buttons.preset("digest-hourly", "Hourly")]
    rows = [tuple(row), (buttons.preset("digest-daily", "Daily 08:00"), buttons.preset("digest-weekly", "Mon 08:00"))]
    last = [buttons.plain("settings", "Settings")]
    if _held(tally):
        last.insert(0, buttons.preset("digest-now", "Send it now"))
    blocks.append(note("Any other time: ", code("/digest daily 18:30"), " ", code("/digest weekly Fri 9:00")))
    return Message(tuple(blocks), (*rows, tuple(last)))


def _next(settings: ChatSettings, now: datetime) -> str:
    at = timing.next_digest(settings, now)
    plain = timing.next_digest(replace(settings, quiet=None), now)
    late = ", when the quiet hours end" if at != plain else ""
    return f"{local(at, settings)}{late} ({ago(at, now)})"


def _waiting(tally: HeldTally) -> str:
    held = _held(tally)
    return f" {wording.count(held, 'alert')} held for it so far." if held else ""


def _held(tally: HeldTally) -> int:
    return tally.quiet + tally.digest + tally.capped


def rhythm_in_words(rhythm: Rhythm) -> str:
    """A rhythm as a reader wants it."""
    match rhythm.every:
        case Every.HOURLY:
            return "every hour"
        case Every.DAILY:
            return f"daily at {rhythm.at:%H:%M}"
        case Every.WEEKLY:
            return f"{_WEEKDAYS[rhythm.weekday]}s at {rhythm.at:%H:%M}"
        case _:
            return "off"


# ---------------------------------------------------------------- quiet hours


async def show_quiet(call: Call[ShowQuiet]) -> Message:
    """When nothing is sent, and the choices."""
    return _quiet(await call.desk.store.settings_of(call.chat.id), call.desk.now())


async def set_quiet(call: Call[SetQuiet]) -> Message:
    """Change when nothing is sent."""
    return _quiet(await _changed(call, quiet=call.command.hours), call.desk.now())


def _quiet(settings: ChatSettings, now: datetime) -> Message:
    blocks: list[Block] = [heading(f"Quiet hours: {quiet_in_words(settings)}")]
    if settings.quiet is None:
        blocks.append(paragraph("Alerts may come at any time of the day."))
    else:
        until = timing.quiet_until(settings, now)
        comes = "waits for the next digest" if settings.digest else "is held, and sent as one digest when they end"
        blocks.append(paragraph(f"What comes then {comes}."))
        if until is not None:
            blocks.append(paragraph(f"It is quiet now, until {local(until, settings)} ({ago(until, now)})."))
        urgent = "come all the same" if settings.urgent else "wait too"
        blocks.append(note(f"Breaking stories {urgent}: ", code("/settings urgent on|off")))
    blocks += _zone_hint(settings)
    blocks.append(note("Other hours: ", code("/quiet 23:00-06:30")))
    rows = (
        (buttons.preset("quiet-night", "22:00–07:00"), buttons.preset("quiet-late", "00:00–08:00")),
        (buttons.preset("quiet-off", "None"), buttons.plain("settings", "Settings")),
    )
    return Message(tuple(blocks), rows)


def quiet_in_words(settings: ChatSettings) -> str:
    """The quiet hours as a reader wants them."""
    quiet = settings.quiet
    return f"{quiet.start:%H:%M}–{quiet.end:%H:%M}" if quiet else "none"


# ---------------------------------------------------------------- settings


async def show_settings(call: Call[ShowSettings]) -> Message:
    """All that this chat chose."""
    return await _settings(call, await call.desk.store.settings_of(call.chat.id))


async def set_zone(call: Call[SetZone]) -> Message:
    """The time zone that all times are in; several that may be meant are offered."""
    settings = await call.desk.store.settings_of(call.chat.id)
    if call.command.zone is None:
        return _ask_zone(settings, call.desk.now())
    found = zones.find(call.command.zone)
    if not found.zones:
        wanted = wording.quoted(wording.clip(call.command.zone, 40))
        raise CommandError(f"I know no time zone for {wanted}. Name a large city or a country: /settings zone Berlin")
    if len(found.zones) > 1 or not found.sure:
        rows = tuple((buttons.zone(name),) for name in found.zones)
        return Message((paragraph("Which one?" if found.sure else "Did you mean one of these?"),), rows)
    return await _settings(call, await _changed(call, zone=found.zones[0]))


async def set_cap(call: Call[SetCap]) -> Message:
    """How many alerts an hour come one by one."""
    if call.command.cap is None:
        settings = await call.desk.store.settings_of(call.chat.id)
        row = tuple(buttons.preset(f"cap-{cap or 'off'}", str(cap or "No cap")) for cap in (6, 12, 30, 0))
        asked = paragraph("How many alerts an hour may come one by one? The rest of the hour comes in one digest.")
        return Message((heading(f"Cap: {_cap_in_words(settings)}"), asked), (row,))
    return await _settings(call, await _changed(call, cap=min(call.command.cap, CAP_MOST)))


async def set_urgent(call: Call[SetUrgent]) -> Message:
    """Whether breaking stories come at any time."""
    if call.command.on is None:
        settings = await call.desk.store.settings_of(call.chat.id)
        explained = paragraph(
            f"A story is breaking when {timing.URGENT_OUTLETS} outlets of different origins tell it within an hour, "
            "or when it escalates. It may come at once, whatever quiet hours, digests and cap say."
        )
        row = (buttons.preset("urgent-on", "At once"), buttons.preset("urgent-off", "Like the others"))
        return Message((heading(f"Breaking stories: {_urgent_in_words(settings)}"), explained), (row,))
    return await _settings(call, await _changed(call, urgent=call.command.on))


async def set_language(call: Call[SetLanguage]) -> Message:
    """The language of the bot's own words; what feeds say stays as it is."""
    wanted = call.command.lang
    by_name = {name.casefold(): lang for lang, name in LANGUAGES.items()} | {lang: lang for lang in LANGUAGES}
    if wanted is None or (wanted not in AUTO and wanted not in by_name):
        settings = await call.desk.store.settings_of(call.chat.id)
        row = tuple(buttons.preset(f"language-{lang}", name) for lang, name in LANGUAGES.items())
        own = (buttons.preset("language-auto", "As in your app"),)
        return Message((heading(f"Language: {_language_in_words(settings)}"),), (row, own))
    return await _settings(call, await _changed(call, lang=by_name.get(wanted)))


async def _settings(
    call: Call[ShowSettings] | Call[SetZone] | Call[SetCap] | Call[SetUrgent] | Call[SetLanguage],
    settings: ChatSettings,
) -> Message:
    now = call.desk.now()
    tally = await call.desk.store.held_tally(call.chat.id)
    muted = await call.desk.store.mutes_of(call.chat.id, now=now)
    digest = rhythm_in_words(settings.digest)
    lines = [
        (bold("Time zone: "), f"{settings.zone}, now {now.astimezone(ZoneInfo(settings.zone)):%H:%M}"),
        (bold("Digest: "), f"{digest}; next {_next(settings, now)}" if settings.digest else "off, one by one"),
        (bold("Quiet hours: "), quiet_in_words(settings)),
        (bold("Breaking stories: "), _urgent_in_words(settings)),
        (bold("Cap: "), _cap_in_words(settings)),
        (bold("Language: "), _language_in_words(settings)),
        (bold("Muted: "), wording.count(len(muted), "thing") if muted else "nothing"),
    ]
    blocks: list[Block] = [heading("When I speak here"), bullets(*lines)]
    if _held(tally):
        until = f" until {local(tally.next_at, settings)}" if tally.next_at and tally.next_at > now else ""
        blocks.append(note(f"{wording.count(_held(tally), 'alert')} held{until}. ", code("/missed"), " lists them."))
    return Message(tuple(blocks), _settings_buttons(settings))


def _settings_buttons(settings: ChatSettings) -> tuple[tuple[Button, ...], ...]:
    urgent = "off" if settings.urgent else "on"
    return (
        (buttons.plain("digest", "Digest"), buttons.plain("quiet", "Quiet hours"), buttons.plain("mute", "Mutes")),
        (buttons.preset("zone", "Time zone"), buttons.preset("cap", "Cap"), buttons.preset("language", "Language")),
        (buttons.preset(f"urgent-{urgent}", f"Breaking stories {'like others' if settings.urgent else 'at once'}"),),
    )


def _ask_zone(settings: ChatSettings, now: datetime) -> Message:
    here = f"Time zone: {settings.zone}, now {now.astimezone(ZoneInfo(settings.zone)):%H:%M}"
    names = ("Europe/London", "Europe/Berlin", "Europe/Kyiv", "Europe/Moscow", "Asia/Seoul", "America/New_York")
    made = [buttons.zone(name) for name in names]
    rows = tuple(tuple(made[place : place + 3]) for place in range(0, len(made), 3))
    return Message((heading(here), paragraph("Name a city or a country: ", code("/settings zone Berlin"))), rows)


def _zone_hint(settings: ChatSettings) -> tuple[Block, ...]:
    if settings.zone != DEFAULT_ZONE:
        return (note(f"Times are those of {settings.zone}."),)
    return (note("Times are in UTC. Set your own: ", code("/settings zone Berlin")),)


def _cap_in_words(settings: ChatSettings) -> str:
    if not settings.cap:
        return "none: every alert comes by itself"
    return f"{wording.count(settings.cap, 'alert')} an hour, then one digest"


def _urgent_in_words(settings: ChatSettings) -> str:
    return "at once, whatever the hour" if settings.urgent else "wait like all others"


def _language_in_words(settings: ChatSettings) -> str:
    return LANGUAGES.get(settings.lang or "", "as in your app")


async def _changed(call: Call[object], **changes: object) -> ChatSettings:
    """The chat's settings with these changes, stored; what is held comes when they say."""
    desk, now = call.desk, call.desk.now()
    settings = replace(await desk.store.settings_of(call.chat.id), **changes)  # type: ignore[arg-type]
    await desk.store.put_settings(call.chat.id, settings, held_until=timing.release_at(settings, now))
    return settings
