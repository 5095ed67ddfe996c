"""/start and /status: what this bot is, and how it is doing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.alerts.digest import local
from bot.chats.message import Block, Message, bullets, heading, note
from bot.model import DeliveryState
from bot.report import lags_text, wording_text
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

_OUTBOX_WORDS: Final = {
    DeliveryState.SENT: "sent",
    DeliveryState.PENDING: "waiting",
    DeliveryState.SENDING: "being sent",
    DeliveryState.UNKNOWN: "perhaps sent (the platform did not say)",
    DeliveryState.DEAD: "refused by the platform and kept",
    DeliveryState.HELD: "held",
}


async def start(call: Call[Start]) -> Message:
    """What this is, what is watched now, and the next step. No deep-link payload is known yet, so any is ignored."""
    topics = await call.desk.store.topics_of(call.chat.id)
    feeds = await call.desk.store.feeds_of(call.chat.id)
    return first.welcome(topics, feeds=len(feeds), samples=call.desk.sample_mode)


async def status(call: Call[Status]) -> Message:
    """Feeds, archive, alerts and the last entry, for what concerns this chat."""
    now = call.desk.now()
    figures = await call.desk.store.status(call.chat.id, since=now - timedelta(seconds=limits.LAG_SPAN_S))
    failing = f", {figures.feeds_failing} failing" if figures.feeds_failing else ", all well"
    lines: list[str] = [
        wording.count(figures.feeds, "feed") + (failing if figures.feeds else ": add one with /feeds add URL"),
        f"{wording.entries(figures.entries)} in the archive, {wording.stories(figures.stories)} on your topics",
        f"{wording.count(figures.topics, 'topic')} watched",
        f"Alerts: {_outbox(figures.outbox)}",
    ]
    lines.append(f"Newest entry: {ago(figures.last_entry_at, now) if figures.last_entry_at else 'none yet'}")
    if figures.lags is not None and figures.lags.alerts:
        lines.append(f"Over the last day: {lags_text(figures.lags)}")
    if figures.ambiguous:
        lines.append(f"{wording.count(figures.ambiguous, 'alert')} in doubt, to be sent again with a mark")
    worded = wording_text(figures.counters)
    if worded:
        lines.append(worded)
    if figures.repeats:
        lines.append(f"{wording.count(figures.repeats, 'alert')} sent marked as a possible repeat")
    if figures.oldest_pending_at is not None and figures.oldest_pending_at < now:
        lines.append(f"The oldest waiting alert was due {ago(figures.oldest_pending_at, now)}")
    lines += await _held_lines(call.desk, call.chat, now)
    blocks: list[Block] = [heading(_verdict(figures.feeds_failing, figures.outbox)), bullets(*lines)]
    if call.desk.sample_mode:
        blocks.append(note("Sample coverage is playing; no real feed is set."))
    row = [buttons.plain("feeds", "Feeds"), buttons.plain("topics", "Topics")]
    if any(figures.outbox.get(state) for state in (DeliveryState.UNKNOWN, DeliveryState.DEAD, DeliveryState.HELD)):
        row.append(buttons.offer("Missed", "/missed"))
    return Message(tuple(blocks), (tuple(row),))


async def _held_lines(desk: Desk, chat: Chat, now: datetime) -> list[str]:
    """What is held, by reason, and when the next digest comes."""
    tally, settings = await desk.store.held_tally(chat.id), await desk.store.settings_of(chat.id)
    lines = [f"Held: {by_reason(tally)}"] if by_reason(tally) else []
    if tally.next_at is not None:
        lines.append(f"Next digest: {local(max(tally.next_at, now), settings)} ({settings.zone})")
    return lines


def _outbox(outbox: Mapping[DeliveryState, int]) -> str:
    parts = [f"{outbox[state]:,} {words}" for state, words in _OUTBOX_WORDS.items() if outbox.get(state)]
    return wording.listed(parts) or "none yet"


def _verdict(failing: int, outbox: Mapping[DeliveryState, int]) -> str:
    troubles = []
    if failing:
        troubles.append(f"{wording.count(failing, 'feed')} failing")
    if outbox.get(DeliveryState.DEAD):
        troubles.append(f"{wording.count(outbox[DeliveryState.DEAD], 'alert')} refused")
    return f"Running, with {wording.listed(troubles)}" if troubles else "All is well"
