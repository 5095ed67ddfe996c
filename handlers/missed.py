"""/missed: the alerts that did not get through to this chat or are held, why, and the way to have them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.alerts.digest import local
from bot.chats.message import Block, Message, Span, bullets, code, heading, link, note, paragraph
from bot.errors import CommandError
from bot.model import DeliveryState, Hold
from bot.text.dates import ago, moment
from handlers import buttons, wording

if TYPE_CHECKING:
    from datetime import datetime

    from bot.chats.message import Button
    from bot.model import Delivery
    from bot.preferences import ChatSettings, HeldTally
    from bot.store.port import ClaimedDelivery
    from handlers.row import Call
    from handlers.sayings import Missed, Replay

LISTED: Final = 20
HEADLINE_CHARS: Final = 120
REASON_CHARS: Final = 160
FEW: Final = 4
REPLAY_ALL: Final = "/missed replay all"


async def missed(call: Call[Missed]) -> Message:
    """What is held, in doubt or refused, newest first; what is held by reason."""
    store, now = call.desk.store, call.desk.now()
    page = await store.missed_deliveries(call.chat.id, now=now, limit=LISTED)
    if not page.newest:
        return Message((heading("Nothing was missed"), note("Every alert so far got through to this chat.")))
    tally, settings = await store.held_tally(call.chat.id), await store.settings_of(call.chat.id)
    held = tally.muted + tally.quiet + tally.digest + tally.capped
    shown = f", the newest {len(page.newest)} of them" if page.total > len(page.newest) else ""
    what = "held" if held == page.total else "did not get through" if not held else "did not get through or are held"
    blocks: list[Block] = [heading(f"{wording.count(page.total, 'alert')} {what}{shown}")]
    if held:
        blocks.append(paragraph(f"Held: {by_reason(tally)}.{_next(tally, settings, now)}"))
    blocks.append(bullets(*(_line(one, settings, now) for one in page.newest)))
    able = [one for one in page.newest if _may_be_replayed(one)]
    if not able:
        return Message((*blocks, note("They wait, and are sent by themselves.")))
    blocks.append(paragraph("Send one now: ", code("/missed replay NUMBER"), ", or all: ", code(REPLAY_ALL)))
    few = tuple(buttons.replay(one.delivery.id, f"Send {one.delivery.id}") for one in able[:FEW])
    return Message(tuple(blocks), (few, *_together(tally, alone=held == page.total)))


def _together(tally: HeldTally, *, alone: bool) -> tuple[tuple[Button, ...], ...]:
    row = [buttons.offer("Send all now" if alone else "Send all again", REPLAY_ALL)]
    if tally.muted:
        row.append(buttons.preset("show-muted", "Show what was muted"))
    return (tuple(row),)


def by_reason(tally: HeldTally) -> str:
    """How much is held for which reason; "" for nothing."""
    reasons = (
        (tally.digest, "for a digest"),
        (tally.quiet, "for quiet hours"),
        (tally.capped, "over the hour's cap"),
        (tally.muted, "muted"),
    )
    return wording.listed([f"{number:,} {words}" for number, words in reasons if number])


def _next(tally: HeldTally, settings: ChatSettings, now: datetime) -> str:
    if tally.next_at is None or tally.next_at <= now:
        return ""
    return f" The next digest comes {local(tally.next_at, settings)} ({ago(tally.next_at, now)})."


async def replay(call: Call[Replay]) -> Message:
    """Put one, or all, back in line; of what is held, all comes in one digest."""
    store, chat, now = call.desk.store, call.chat, call.desk.now()
    wanted = None if call.command.delivery_id is None else (call.command.delivery_id,)
    reason = call.command.held_for
    count = summoned = 0
    if wanted is None:
        summoned = await store.summon_held(chat.id, reasons=(reason,) if reason else tuple(Hold), now=now)
    if reason is None:
        count = await store.replay_deliveries(wanted, chat_id=chat.id, now=now)
    if summoned and not count:
        return Message((paragraph(f"{wording.count(summoned, 'alert')} held for you come in a digest now."),))
    if reason is not None:
        raise CommandError(f"Nothing is held here because it is {reason.value}. /missed lists what is.")
    if not count:
        raise CommandError(
            "No alert of this chat with that number waits to be sent again. /missed lists them."
            if wanted
            else "No alert of this chat waits to be sent again."
        )
    more = f" {wording.count(summoned, 'alert')} held for you come in a digest." if summoned else ""
    blocks = (
        paragraph(f"{wording.count(count, 'alert')} will be sent now.{more}"),
        note("What may have arrived before is marked as a possible repeat."),
    )
    return Message(blocks)


def _may_be_replayed(one: ClaimedDelivery) -> bool:
    return one.delivery.state in (DeliveryState.UNKNOWN, DeliveryState.DEAD, DeliveryState.HELD)


def _line(one: ClaimedDelivery, settings: ChatSettings, now: datetime) -> tuple[Span | str, ...]:
    headline = wording.clip(one.alert.headline, HEADLINE_CHARS)
    reason = held_because(one.delivery, settings) if one.delivery.state is DeliveryState.HELD else _reason(one, now)
    return (f"{one.delivery.id}: ", link(headline, one.alert.url), f" ({reason})")


def held_because(delivery: Delivery, settings: ChatSettings) -> str:
    """Why a HELD delivery has not left, and until when."""
    until = local(delivery.not_before, settings)
    match delivery.held_for:
        case Hold.MUTED:
            return "muted"
        case Hold.QUIET:
            return f"quiet hours: held until {until}"
        case Hold.FLOOD:
            return "its feed issued very many entries at once: held for a digest"
        case Hold.CAPPED:
            return f"over the hour's cap: held until {until}"
        case _:
            return f"held for the digest of {until}"


def _reason(one: ClaimedDelivery, now: datetime) -> str:
    delivery = one.delivery
    why = wording.clip(delivery.error, REASON_CHARS) if delivery.error else "no reason was given"
    match delivery.state:
        case DeliveryState.UNKNOWN:
            return f"perhaps sent, {ago(one.alert.created_at, now)}: {why}"
        case DeliveryState.DEAD:
            return f"not sent, {ago(one.alert.created_at, now)}: {why}"
    until = f"held until {moment(delivery.not_before)}" if delivery.not_before > now else "waits"
    return f"{until}: {why}" if delivery.error else until
