"""/digest, /quiet and /settings: when this chat is spoken to. Each shows what holds, in the chat's time, and choices.

A change holds at once, for what is held as well. What to do when is decided by ``bot.alerts.timing``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bot.alerts import timing
from bot.alerts.digest import local
from bot.chats.message import Block, Message, bold, bullets, code, heading, note, paragraph, phrase
from bot.errors import UnknownNameError
from bot.model import Hold
from bot.preferences import DEFAULT_ZONE, Every
from bot.speech import LANGUAGES, N_, _, ngettext, speaking
from bot.text.dates import ago
from handlers import buttons, first, wording, zones
from handlers.missed import summoned_now

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
        SetPictures,
        SetQuiet,
        SetUrgent,
        SetZone,
        ShowDigest,
        ShowQuiet,
        ShowSettings,
    )

HELD_REASONS: Final = tuple(reason for reason in Hold if reason is not Hold.MUTED)
_IN_ENGLISH: Final = {"en": "english", "ru": "russian", "uk": "ukrainian", "ko": "korean"}
AUTO: Final = frozenset({"auto", "off", "own", "default"})
CAP_MOST: Final = 500
_ZONES_OFFERED: Final = (
    ("Europe/London", "Europe/Berlin", "Europe/Kyiv"),
    ("Europe/Moscow", "Asia/Seoul", "America/New_York"),
)
_WEEKLY: Final = (
    N_("Mondays at {time}"),
    N_("Tuesdays at {time}"),
    N_("Wednesdays at {time}"),
    N_("Thursdays at {time}"),
    N_("Fridays at {time}"),
    N_("Saturdays at {time}"),
    N_("Sundays at {time}"),
)


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
        return Message((paragraph(_("Nothing waits for a digest.")),), ((buttons.plain("latest"),),))
    return Message((paragraph(summoned_now(count)),))


async def _digest(call: Call[object], settings: ChatSettings) -> Message:
    now = call.desk.now()
    tally = await call.desk.store.held_tally(call.chat.id)
    blocks: list[Block] = [heading(_("Digests: {rhythm}").format(rhythm=rhythm_in_words(settings.digest)))]
    if settings.digest:
        said = _("The next one comes {when}.").format(when=_next(settings, now))
    else:
        said = _("Each alert comes on its own, as soon as it is ready.")
    blocks.append(paragraph(said + _waiting(tally)))
    blocks += _zone_hint(settings)
    lines = (code("/digest daily 18:30"), " ", code("/digest weekly Fri 9:00"))
    blocks.append(note(*phrase(_("Any other time: {lines}"), lines=lines)))
    send_now = (buttons.preset("digest-now", _("Send it now")),) if tally.coming else ()
    rows = (
        (buttons.preset("digest-off", _("One by one")), buttons.preset("digest-hourly", _("Hourly"))),
        (buttons.preset("digest-daily", _("Daily 08:00")), buttons.preset("digest-weekly", _("Mon 08:00"))),
        (*send_now, buttons.plain("settings")),
    )
    return Message(tuple(blocks), rows)


def _next(settings: ChatSettings, now: datetime) -> str:
    at = timing.next_digest(settings, now)
    plain = timing.next_digest(replace(settings, quiet=None), now)
    said = _("{when} ({ago})") if at == plain else _("{when}, when the quiet hours end ({ago})")
    return said.format(when=local(at, settings), ago=ago(at, now))


def _waiting(tally: HeldTally) -> str:
    held = tally.coming
    said = ngettext("{count} alert held for it so far.", "{count} alerts held for it so far.", held)
    return f" {wording.counted(said, held)}" if held else ""


def rhythm_in_words(rhythm: Rhythm) -> str:
    """A rhythm as a reader wants it."""
    match rhythm.every:
        case Every.HOURLY:
            return _("every hour")
        case Every.DAILY:
            return _("daily at {time}").format(time=f"{rhythm.at:%H:%M}")
        case Every.WEEKLY:
            return _(_WEEKLY[rhythm.weekday]).format(time=f"{rhythm.at:%H:%M}")
        case _:
            return _("off")


# ---------------------------------------------------------------- quiet hours


async def show_quiet(call: Call[ShowQuiet]) -> Message:
    """When nothing is sent, and the choices."""
    return _quiet(await call.desk.store.settings_of(call.chat.id), call.desk.now())


async def set_quiet(call: Call[SetQuiet]) -> Message:
    """Change when nothing is sent."""
    return _quiet(await _changed(call, quiet=call.command.hours), call.desk.now())


def _quiet(settings: ChatSettings, now: datetime) -> Message:
    blocks: list[Block] = [heading(_("Quiet hours: {hours}").format(hours=quiet_in_words(settings)))]
    if settings.quiet is None:
        blocks.append(paragraph(_("Alerts may come at any time of the day.")))
    else:
        until = timing.quiet_until(settings, now)
        held = _("What comes then is held, and sent as one digest when they end.")
        blocks.append(paragraph(_("What comes then waits for the next digest.") if settings.digest else held))
        if until is not None:
            said = _("It is quiet now, until {when} ({ago}).")
            blocks.append(paragraph(said.format(when=local(until, settings), ago=ago(until, now))))
        alike, at_once = _("Breaking stories wait too: {line}"), _("Breaking stories come all the same: {line}")
        urgent = phrase(at_once if settings.urgent else alike, line=code("/settings urgent on|off"))
        blocks.append(note(*urgent))
    blocks += _zone_hint(settings)
    blocks.append(note(*phrase(_("Other hours: {line}"), line=code("/quiet 23:00-06:30"))))
    rows = (
        (buttons.preset("quiet-night", "22:00–07:00"), buttons.preset("quiet-late", "00:00–08:00")),
        (buttons.preset("quiet-off", _("None")), buttons.plain("settings")),
    )
    return Message(tuple(blocks), rows)


def quiet_in_words(settings: ChatSettings) -> str:
    """The quiet hours as a reader wants them."""
    quiet = settings.quiet
    return f"{quiet.start:%H:%M}–{quiet.end:%H:%M}" if quiet else _("none")


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
        none = _("I know no time zone for {name}. Name a large city or a country: /settings zone Berlin")
        raise UnknownNameError(none.format(name=wanted))
    if len(found.zones) > 1 or not found.sure:
        rows = tuple((buttons.zone(name),) for name in found.zones)
        return Message((paragraph(_("Which one?") if found.sure else _("Did you mean one of these?")),), rows)
    return await _settings(call, await _changed(call, zone=found.zones[0]))


async def set_cap(call: Call[SetCap]) -> Message:
    """How many alerts an hour come one by one."""
    if call.command.cap is None:
        settings = await call.desk.store.settings_of(call.chat.id)
        row = tuple(buttons.preset(f"cap-{cap or 'off'}", str(cap or _("No cap"))) for cap in (6, 12, 30, 0))
        asked = paragraph(_("How many alerts an hour may come one by one? The rest of the hour comes in one digest."))
        return Message((heading(_("Cap: {cap}").format(cap=_cap_in_words(settings))), asked), (row,))
    return await _settings(call, await _changed(call, cap=min(call.command.cap, CAP_MOST)))


async def set_urgent(call: Call[SetUrgent]) -> Message:
    """Whether breaking stories come at any time."""
    if call.command.on is None:
        settings = await call.desk.store.settings_of(call.chat.id)
        explained = _(
            "A story is breaking when {count} outlets of different origins tell it within an hour, or when it "
            "escalates. It may come at once, whatever quiet hours, digests and cap say."
        )
        row = (buttons.preset("urgent-on", _("At once")), buttons.preset("urgent-off", _("Like the others")))
        lead = heading(_("Breaking stories: {when}").format(when=_urgent_in_words(settings)))
        return Message((lead, paragraph(explained.format(count=timing.URGENT_OUTLETS))), (row,))
    return await _settings(call, await _changed(call, urgent=call.command.on))


async def set_language(call: Call[SetLanguage]) -> Message:
    """The language of the bot's own words; what feeds say stays as it is."""
    wanted = call.command.lang
    by_name = {word: lang for lang, name in LANGUAGES.items() for word in (lang, name.casefold(), _IN_ENGLISH[lang])}
    if wanted is None or (wanted not in AUTO and wanted not in by_name):
        settings = await call.desk.store.settings_of(call.chat.id)
        row = tuple(buttons.preset(f"language-{lang}", name) for lang, name in LANGUAGES.items())
        own = (buttons.preset("language-auto", _("As in your app")),)
        now = heading(_("Language: {name}").format(name=_language_in_words(settings)))
        if wanted is None:
            return Message((now,), (row, own))
        unknown = paragraph(_("I do not speak “{name}”. Choose one of these:").format(name=wanted))
        return first.or_offered(call.inbound, Message((now, unknown), (row, own)))
    settings = await _changed(call, lang=by_name.get(wanted))
    with speaking(settings.lang or call.inbound.lang or call.chat.lang, zone=settings.zone):
        return await _settings(call, settings)


async def set_pictures(call: Call[SetPictures]) -> Message:
    """Whether timelines and charts are drawn on dark paper."""
    if call.command.dark is None:
        settings = await call.desk.store.settings_of(call.chat.id)
        row = (buttons.preset("pictures-dark", _("Dark")), buttons.preset("pictures-light", _("Light")))
        lead = heading(_("Pictures: {paper}").format(paper=_paper_in_words(settings)))
        return Message((lead, paragraph(_("On which paper shall I draw timelines and charts?"))), (row,))
    return await _settings(call, await _changed(call, dark=call.command.dark))


async def _settings(call: Call[object], settings: ChatSettings) -> Message:
    now = call.desk.now()
    tally = await call.desk.store.held_tally(call.chat.id)
    muted = await call.desk.store.mutes_of(call.chat.id, now=now)
    digest = _("off, one by one")
    if settings.digest:
        digest = _("{rhythm}; next {when}").format(rhythm=rhythm_in_words(settings.digest), when=_next(settings, now))
    things = _("nothing")
    if muted:
        things = wording.counted(ngettext("{count} thing", "{count} things", len(muted)), len(muted))
    lines = [
        (bold(_("Time zone:")), f" {_now_in(settings, now)}"),
        (bold(_("Digest:")), f" {digest}"),
        (bold(_("Quiet hours:")), f" {quiet_in_words(settings)}"),
        (bold(_("Breaking stories:")), f" {_urgent_in_words(settings)}"),
        (bold(_("Cap:")), f" {_cap_in_words(settings)}"),
        (bold(_("Language:")), f" {_language_in_words(settings)}"),
        (bold(_("Pictures:")), f" {_paper_in_words(settings)}"),
        (bold(_("Muted:")), f" {things}"),
    ]
    blocks: list[Block] = [heading(_("When I speak here")), bullets(*lines)]
    if tally.coming:
        blocks.append(_held_note(tally.coming, tally.next_at, settings, now))
    return Message(tuple(blocks), _settings_buttons(settings))


def _held_note(held: int, next_at: datetime | None, settings: ChatSettings, now: datetime) -> Block:
    said = wording.counted(ngettext("{count} alert held", "{count} alerts held", held), held)
    if next_at is not None and next_at > now:
        said = _("{alerts} until {when}").format(alerts=said, when=local(next_at, settings))
    return note(*phrase(_("{alerts}. {line} lists them."), alerts=said, line=code("/missed")))


def _settings_buttons(settings: ChatSettings) -> tuple[tuple[Button, ...], ...]:
    if settings.urgent:
        urgent = buttons.preset("urgent-off", _("Breaking stories like others"))
    else:
        urgent = buttons.preset("urgent-on", _("Breaking stories at once"))
    return (
        (buttons.plain("digest"), buttons.plain("quiet"), buttons.plain("mute")),
        (
            buttons.preset("zone", _("Time zone")),
            buttons.preset("cap", _("Cap")),
            buttons.preset("language", _("Language")),
        ),
        (urgent, buttons.preset("pictures", _("Pictures"))),
    )


def _ask_zone(settings: ChatSettings, now: datetime) -> Message:
    here = f"{_('Time zone:')} {_now_in(settings, now)}"
    asked = phrase(_("Name a city or a country: {line}"), line=code("/settings zone Berlin"))
    rows = tuple(tuple(map(buttons.zone, row)) for row in _ZONES_OFFERED)
    return Message((heading(here), paragraph(*asked)), rows)


def _now_in(settings: ChatSettings, now: datetime) -> str:
    time = f"{now.astimezone(ZoneInfo(settings.zone)):%H:%M}"
    return _("{zone}, now {time}").format(zone=settings.zone_said, time=time)


def _zone_hint(settings: ChatSettings) -> tuple[Block, ...]:
    if settings.zone != DEFAULT_ZONE:
        return (note(_("Times are those of {zone}.").format(zone=settings.zone_said)),)
    return (note(*phrase(_("Times are in UTC. Set your own: {line}"), line=code("/settings zone Berlin"))),)


def _cap_in_words(settings: ChatSettings) -> str:
    if not settings.cap:
        return _("none: every alert comes by itself")
    said = ngettext("{count} alert an hour, then one digest", "{count} alerts an hour, then one digest", settings.cap)
    return wording.counted(said, settings.cap)


def _urgent_in_words(settings: ChatSettings) -> str:
    return _("at once, whatever the hour") if settings.urgent else _("wait like all others")


def _language_in_words(settings: ChatSettings) -> str:
    return LANGUAGES.get(settings.lang or "", _("as in your app"))


def _paper_in_words(settings: ChatSettings) -> str:
    return _("dark") if settings.dark else _("light")


async def _changed(call: Call[object], **changes: object) -> ChatSettings:
    """The chat's settings with these changes, stored; what is held comes when they say."""
    desk, now = call.desk, call.desk.now()
    before = await desk.store.settings_of(call.chat.id)
    settings = replace(before, **changes)  # type: ignore[arg-type]
    held_until = timing.releases(before, settings, now)
    await desk.store.put_settings(call.chat.id, settings, held_until=held_until, now=now)
    return settings
