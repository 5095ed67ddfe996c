"""`backstory status` and `backstory outbox`: the figures and the outbox as text. Pure; the command line prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import DeliveryState
from bot.text.dates import ago, moment
from bot.text.normalise import displayable

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.port import ClaimedDelivery, MissedPage, StoreStatus

_WORDS = {
    DeliveryState.PENDING: "waiting",
    DeliveryState.SENDING: "being sent",
    DeliveryState.SENT: "sent",
    DeliveryState.UNKNOWN: "perhaps sent",
    DeliveryState.DEAD: "refused",
}
_HEADLINE_CHARS = 80


def status_text(figures: StoreStatus, now: datetime) -> str:
    """The whole store in a few lines."""
    outbox = ", ".join(f"{figures.outbox.get(state, 0):,} {words}" for state, words in _WORDS.items())
    oldest = ago(figures.oldest_pending_at, now) if figures.oldest_pending_at else "none"
    last = ago(figures.last_entry_at, now) if figures.last_entry_at else "none"
    lines = [
        f"Feeds: {figures.feeds:,}, {figures.feeds_failing:,} failing; last entry: {last}",
        f"Archive: {figures.entries:,} entries, {figures.stories:,} stories",
        f"Chats: {figures.chats:,}; topics: {figures.topics:,}",
        f"Outbox: {outbox}; oldest waiting was due: {oldest}",
        f"Sent marked as a possible repeat: {figures.repeats:,}",
    ]
    return "\n".join(lines + [f"{name}: {value:,}" for name, value in sorted(figures.counters.items())])


def outbox_text(page: MissedPage, now: datetime) -> str:
    """What did not get through, one delivery a line: number, state, chat, headline, reason."""
    if not page.newest:
        return "Every alert so far got through."
    lines = [_line(one, now) for one in page.newest]
    more = page.total - len(page.newest)
    return "\n".join(lines + ([f"... and {more:,} older ones"] if more else []))


def _line(one: ClaimedDelivery, now: datetime) -> str:
    delivery, address = one.delivery, one.chat.address
    state = _WORDS[delivery.state]
    if delivery.state is DeliveryState.PENDING and delivery.not_before > now:
        state = f"held until {moment(delivery.not_before)}"
    if not one.chat.active:
        state += ", the chat is gone"
    # What an outlet or a platform wrote goes to a terminal: no control characters.
    headline = displayable(one.alert.headline)[:_HEADLINE_CHARS]
    reason = displayable(delivery.error or "no reason was given")
    return f"{delivery.id}\t{state}\t{address.platform.value} {address.chat}\t{headline}\t{reason}"
