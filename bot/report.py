"""`backstory status`, `/status` over HTTP and `backstory outbox`: figures and outbox as text. Pure; others print it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import DeliveryState
from bot.speech import _, decimal, ngettext, number
from bot.text.dates import ago, moment
from bot.text.normalise import displayable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.model import Chat, Trouble
    from bot.store.port import ClaimedDelivery, Lags, MissedPage, StoreStatus

STATES: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.PENDING: "waiting",
    DeliveryState.SENDING: "being sent",
    DeliveryState.HELD: "held by the chats' settings",
    DeliveryState.SENT: "sent",
    DeliveryState.UNKNOWN: "perhaps sent",
    DeliveryState.DEAD: "refused",
}
"""Every state of a delivery, in words."""

HEALTH: Final[Mapping[str, str]] = {
    "well": "well",
    "new": "not polled yet",
    "failing": "failing",
    "gone": "ended by their servers",
}
_COUNTERS: Final[Mapping[str, str]] = {
    "entries": "Entries taken in",
    "edited": "Entries that their outlets changed",
    "merged": "Stories merged",
}
_DROPPED: Final = "dropped."
_MODEL: Final = "llm."
_REFUSED: Final = "llm.refused."
_HEADLINE_CHARS: Final = 80
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600


def status_text(figures: StoreStatus, now: datetime) -> str:
    """The whole store in a few lines."""
    outbox = ", ".join(f"{figures.outbox.get(state, 0):,} {words}" for state, words in STATES.items())
    oldest = ago(figures.oldest_pending_at, now) if figures.oldest_pending_at else "none"
    last = ago(figures.last_entry_at, now) if figures.last_entry_at else "none yet"
    lines = [
        f"Feeds: {figures.feeds:,}{health_text(figures.feed_health)}; newest entry: {last}",
        f"Archive: {figures.entries:,} entries, {figures.stories:,} stories",
        f"Chats: {figures.chats:,}; topics: {figures.topics:,}",
        f"Outbox: {outbox}; oldest waiting was due: {oldest}",
        f"Sent marked as a possible repeat: {figures.repeats:,}; in doubt and tried again: {figures.ambiguous:,}",
    ]
    if figures.lags is not None:
        lines.append(f"Over the last day: {lags_text(figures.lags)}")
    wording = wording_text(figures.counters)
    lines += [wording] if wording else []
    counters = sorted((name, value) for name, value in figures.counters.items() if not name.startswith(_MODEL))
    return "\n".join(lines + [f"{counter_text(name)}: {value:,}" for name, value in counters])


def troubles_text(troubles: Sequence[Trouble], lost: Sequence[Chat], now: datetime) -> str:
    """What about the bot's own connections is not well, and which chats take nothing; "" where all is well."""
    lines = [f"Not well: {one.platform.value}, since {ago(one.since, now)}: {one.words}" for one in troubles]
    for chat in lost:
        since = f"since {ago(chat.gone_at, now)}" if chat.gone_at else "now"
        why = chat.gone_why or "no reason was given"
        lines.append(f"Takes nothing, {since}: {chat.address.platform.value} {chat.title or chat.address.chat} ({why})")
    return "\n".join(map(displayable, lines))


def wording_text(counters: Mapping[str, int]) -> str:
    """How often a language model's words were used, and refused for what; "" where none was asked."""
    used = counters.get(f"{_MODEL}used", 0)
    refused = {name.removeprefix(_REFUSED): value for name, value in counters.items() if name.startswith(_REFUSED)}
    if not used and not refused:
        return ""
    why = ", ".join(f"{reason} {count:,}" for reason, count in sorted(refused.items(), key=lambda item: -item[1]))
    said = _("LLM: {used} used, {refused} refused").format(used=number(used), refused=number(sum(refused.values())))
    return f"{said}: {why}" if why else said


def dropped_text(counters: Mapping[str, int]) -> str:
    """How much of the texts was left out as no part of the articles; "" where nothing was."""
    count = sum(value for name, value in counters.items() if name.startswith(_DROPPED))
    said = _("Left out of texts as no part of the article: {count} characters")
    return said.format(count=number(count)) if count else ""


def health_text(health: Mapping[str, int]) -> str:
    """Feeds by health: ", 3 well, 1 failing"; empty where there are none."""
    named = {**dict.fromkeys(HEALTH, 0), **health}
    return "".join(f", {count:,} {HEALTH.get(name, name)}" for name, count in named.items() if count)


def lags_text(lags: Lags) -> str:
    """How quick the alerts were: median and 95th percentile."""
    if not lags.alerts:
        return _("no alert was sent")
    parts = [ngettext("{count} alert", "{count} alerts", lags.alerts).format(count=number(lags.alerts))]
    published = _("from publication to the chat {median} (median), {p95} (p95)")
    seen = _("from first sight to the chat {median} (median), {p95} (p95)")
    for said, pair in ((published, lags.published_s), (seen, lags.seen_s)):
        if pair is not None:
            parts.append(said.format(median=duration(pair[0]), p95=duration(pair[1])))
    return "; ".join(parts)


def duration(seconds: float) -> str:
    """A length of time in one unit: "0.4 s", "12 s", "3 min", "5 h"."""
    if seconds < 1:
        return _("{count} s").format(count=decimal(seconds))
    if seconds < 2 * _MINUTE_S:
        return _("{count} s").format(count=f"{seconds:.0f}")
    if seconds < 2 * _HOUR_S:
        return _("{count} min").format(count=f"{seconds / _MINUTE_S:.0f}")
    return _("{count} h").format(count=f"{seconds / _HOUR_S:.0f}")


def counter_text(name: str) -> str:
    """What a running total counts, in words; an unknown one by its name."""
    if name.startswith(_DROPPED):
        return f"Characters dropped from texts as {name.removeprefix(_DROPPED)}"
    words = name.replace("_", " ").replace(".", ": ")
    return _COUNTERS.get(name, words[:1].upper() + words[1:])


def outbox_text(page: MissedPage, now: datetime) -> str:
    """What did not get through, one delivery a line: number, state, chat, headline, reason."""
    if not page.newest:
        return "Every alert so far got through."
    lines = [_line(one, now) for one in page.newest]
    more = page.total - len(page.newest)
    return "\n".join(lines + ([f"... and {more:,} older ones"] if more else []))


def _line(one: ClaimedDelivery, now: datetime) -> str:
    delivery, address = one.delivery, one.chat.address
    state = STATES[delivery.state]
    if delivery.state is DeliveryState.PENDING and delivery.not_before > now:
        state = f"held until {moment(delivery.not_before)}"
    if not one.chat.active:
        state += ", the chat is gone"
    # What an outlet or a platform wrote goes to a terminal: no control characters.
    headline = displayable(one.alert.headline)[:_HEADLINE_CHARS]
    reason = displayable(delivery.error or "no reason was given")
    return f"{delivery.id}\t{state}\t{address.platform.value} {address.chat}\t{headline}\t{reason}"
