"""/start and /status: what this bot is, and how it is doing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.alerts.digest import local
from bot.chats.message import Block, Message, bullets, heading, note
from bot.model import DeliveryState, Platform
from bot.report import dropped_text, lags_text, wording_text
from bot.speech import N_, _, ngettext, number
from bot.text.dates import ago
from handlers import buttons, first, wording
from handlers.missed import by_reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.model import Chat
    from handlers.ports import Desk
    from handlers.row import Call
    from handlers.sayings import Start, Status

MISSED: Final = "/missed"
_OUTBOX_WORDS: Final = {
    DeliveryState.SENT: N_("{count} sent"),
    DeliveryState.PENDING: N_("{count} waiting"),
    DeliveryState.SENDING: N_("{count} being sent"),
    DeliveryState.UNKNOWN: N_("{count} perhaps sent (the platform did not say)"),
    DeliveryState.DEAD: N_("{count} refused by the platform and kept"),
    DeliveryState.HELD: N_("{count} held"),
}


async def start(call: Call[Start]) -> Message:
    """What this is, what is watched now, and the next step. No deep-link payload is known yet, so any is ignored."""
    topics = await call.desk.store.topics_of(call.chat.id)
    feeds = await call.desk.store.feeds_of(call.chat.id)
    return first.welcome(topics, feeds=len(feeds), samples=call.desk.sample_mode, private=call.inbound.private)


async def status(call: Call[Status]) -> Message:
    """Feeds, archive, alerts and the last entry, for what concerns this chat."""
    now = call.desk.now()
    figures = await call.desk.store.status(call.chat.id, since=now - timedelta(seconds=limits.LAG_SPAN_S))
    newest = ago(figures.last_entry_at, now) if figures.last_entry_at else _("none yet")
    lines: list[str] = [
        _feeds(figures.feeds, figures.feeds_failing),
        _("{entries} in the archive, {stories} on your topics").format(
            entries=wording.entries(figures.entries), stories=wording.stories(figures.stories)
        ),
        wording.counted(ngettext("{count} topic watched", "{count} topics watched", figures.topics), figures.topics),
        _("Alerts: {states}").format(states=_outbox(figures.outbox)),
        _("Newest entry: {when}").format(when=newest),
    ]
    if figures.lags is not None and figures.lags.alerts:
        lines.append(_("Over the last day: {figures}").format(figures=lags_text(figures.lags)))
    if figures.ambiguous:
        doubted = _("{alerts} in doubt, to be sent again with a mark")
        lines.append(doubted.format(alerts=wording.alerts(figures.ambiguous)))
    lines += filter(None, (wording_text(figures.counters), dropped_text(figures.counters)))
    if figures.repeats:
        lines.append(_("{alerts} sent marked as a possible repeat").format(alerts=wording.alerts(figures.repeats)))
    if figures.oldest_pending_at is not None and figures.oldest_pending_at < now:
        oldest = _("The oldest waiting alert was due {when}")
        lines.append(oldest.format(when=ago(figures.oldest_pending_at, now)))
    lines += await _held_lines(call.desk, call.chat, now)
    lines += await _trouble_lines(call.desk, call.chat, now)
    blocks: list[Block] = [heading(_verdict(figures.feeds_failing, figures.outbox)), bullets(*lines)]
    if call.desk.sample_mode:
        blocks.append(note(_("Sample coverage is playing; no real feed is set.")))
    row = [buttons.plain("feeds"), buttons.plain("topics")]
    if any(figures.outbox.get(state) for state in (DeliveryState.UNKNOWN, DeliveryState.DEAD, DeliveryState.HELD)):
        row.append(buttons.offer(_("Missed"), MISSED))
    return Message(tuple(blocks), (tuple(row),))


async def _trouble_lines(desk: Desk, chat: Chat, now: datetime) -> list[str]:
    """Connections that do not work; those of other workspaces are shown at the bot's own terminal alone."""
    owner = chat.address.platform is Platform.CONSOLE
    return [
        _("Not well since {when}: {words}").format(when=ago(trouble.since, now), words=trouble.words)
        for trouble in await desk.store.troubles()
        if owner or not trouble.subject
    ]


async def _held_lines(desk: Desk, chat: Chat, now: datetime) -> list[str]:
    """What is held, by reason, and when the next digest comes."""
    tally, settings = await desk.store.held_tally(chat.id), await desk.store.settings_of(chat.id)
    lines = [_("Held: {reasons}").format(reasons=by_reason(tally))] if by_reason(tally) else []
    if tally.next_at is not None:
        when = local(max(tally.next_at, now), settings)
        lines.append(_("Next digest: {when} ({zone})").format(when=when, zone=settings.zone_said))
    return lines


def _feeds(count: int, failing: int) -> str:
    if not count:
        return _("No feed: add one with /feeds add URL")
    if not failing:
        return _("{feeds}, all well").format(feeds=wording.feeds(count))
    return _("{feeds}, {failing} failing").format(feeds=wording.feeds(count), failing=number(failing))


def _outbox(outbox: Mapping[DeliveryState, int]) -> str:
    parts = [
        _(words).format(count=number(outbox[state])) for state, words in _OUTBOX_WORDS.items() if outbox.get(state)
    ]
    return wording.listed(parts) or _("none yet")


def _verdict(failing: int, outbox: Mapping[DeliveryState, int]) -> str:
    troubles = []
    if failing:
        troubles.append(wording.counted(ngettext("{count} feed failing", "{count} feeds failing", failing), failing))
    refused = outbox.get(DeliveryState.DEAD, 0)
    if refused:
        troubles.append(wording.counted(ngettext("{count} alert refused", "{count} alerts refused", refused), refused))
    return _("Running, with {troubles}").format(troubles=wording.listed(troubles)) if troubles else _("All is well")
