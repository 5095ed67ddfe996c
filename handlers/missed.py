"""/missed: the alerts that did not get through to this chat, with the reason, and the way to have them sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, Span, bullets, code, heading, link, note, paragraph
from bot.errors import CommandError
from bot.model import DeliveryState
from bot.text.dates import ago, moment
from handlers import buttons, wording

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.port import ClaimedDelivery
    from handlers.grammar import Missed, Replay
    from handlers.row import Call

LISTED: Final = 20
HEADLINE_CHARS: Final = 120
REASON_CHARS: Final = 160
REPLAY_ALL: Final = "/missed replay all"


async def missed(call: Call[Missed]) -> Message:
    """What is held, in doubt or refused, newest first."""
    now = call.desk.now()
    page = await call.desk.store.missed_deliveries(call.chat.id, now=now, limit=LISTED)
    if not page.newest:
        return Message((heading("Nothing was missed"), note("Every alert so far got through to this chat.")))
    shown = f", the newest {len(page.newest)} of them" if page.total > len(page.newest) else ""
    blocks = [
        heading(f"{wording.count(page.total, 'alert')} did not get through{shown}"),
        bullets(*(_line(one, now) for one in page.newest)),
    ]
    if not any(_may_be_replayed(one) for one in page.newest):
        return Message((*blocks, note("They wait, and are sent by themselves.")))
    blocks.append(paragraph("Send one again: ", code("/missed replay NUMBER"), ", or all: ", code(REPLAY_ALL)))
    return Message(tuple(blocks), ((buttons.offer("Send all again", REPLAY_ALL),),))


async def replay(call: Call[Replay]) -> Message:
    """Put one, or all, back in line."""
    wanted = None if call.command.delivery_id is None else (call.command.delivery_id,)
    count = await call.desk.store.replay_deliveries(wanted, chat_id=call.chat.id, now=call.desk.now())
    if not count:
        raise CommandError(
            "No alert of this chat with that number waits to be sent again. /missed lists them."
            if wanted
            else "No alert of this chat waits to be sent again."
        )
    blocks = (
        paragraph(f"{wording.count(count, 'alert')} will be sent again now."),
        note("What may have arrived before is marked as a possible repeat."),
    )
    return Message(blocks)


def _may_be_replayed(one: ClaimedDelivery) -> bool:
    return one.delivery.state in (DeliveryState.UNKNOWN, DeliveryState.DEAD)


def _line(one: ClaimedDelivery, now: datetime) -> tuple[Span | str, ...]:
    headline = wording.clip(one.alert.headline, HEADLINE_CHARS)
    return (f"{one.delivery.id}: ", link(headline, one.alert.url), f" ({_reason(one, now)})")


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
