"""/missed: the alerts that did not get through to this chat or are held, why, and the way to have them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.alerts.digest import local
from bot.chats.message import Block, Message, Span, bullets, code, heading, link, note, paragraph, phrase
from bot.errors import CommandError
from bot.model import DeliveryState, Hold
from bot.reasons import retold
from bot.speech import _, ngettext
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
        return Message((heading(_("Nothing was missed")), note(_("Every alert so far got through to this chat."))))
    tally, settings = await store.held_tally(call.chat.id), await store.settings_of(call.chat.id)
    held = tally.muted + tally.coming
    lead = wording.counted(_what(page.total, held), page.total)
    if page.total > len(page.newest):
        lead += _(", the newest {count} of them").format(count=len(page.newest))
    blocks: list[Block] = [heading(lead)]
    if held:
        reasons = _("Held: {reasons}.").format(reasons=by_reason(tally))
        blocks.append(paragraph(f"{reasons}{_next(tally, settings, now)}"))
    blocks.append(bullets(*(_line(one, settings, now) for one in page.newest)))
    able = [one for one in page.newest if _may_be_replayed(one)]
    if not able:
        return Message((*blocks, note(_("They wait, and are sent by themselves."))))
    send = _("Send one now: {one}, or all: {all}")
    blocks.append(paragraph(*phrase(send, one=code("/missed replay NUMBER"), all=code(REPLAY_ALL))))
    label = _("Send {number}")
    few = tuple(buttons.replay(one.delivery.id, label.format(number=one.delivery.id)) for one in able[:FEW])
    return Message(tuple(blocks), (few, *_together(tally, alone=held == page.total)))


def _what(total: int, held: int) -> str:
    if held == total:
        return ngettext("{count} alert held", "{count} alerts held", total)
    if not held:
        return ngettext("{count} alert did not get through", "{count} alerts did not get through", total)
    return ngettext(
        "{count} alert did not get through or is held", "{count} alerts did not get through or are held", total
    )


def _together(tally: HeldTally, *, alone: bool) -> tuple[tuple[Button, ...], ...]:
    row = [buttons.offer(_("Send all now") if alone else _("Send all again"), REPLAY_ALL)]
    if tally.muted:
        row.append(buttons.preset("show-muted", _("Show what was muted")))
    return (tuple(row),)


def by_reason(tally: HeldTally) -> str:
    """How much is held for which reason; "" for nothing."""
    reasons = (
        (tally.digest, _("{count} for a digest")),
        (tally.quiet, _("{count} for quiet hours")),
        (tally.capped, _("{count} over the hour's cap")),
        (tally.flood, _("{count} of a feed that issued very many at once")),
        (tally.muted, _("{count} muted")),
    )
    return wording.listed([wording.counted(words, held) for held, words in reasons if held])


def _next(tally: HeldTally, settings: ChatSettings, now: datetime) -> str:
    if tally.next_at is None or tally.next_at <= now:
        return ""
    comes = _("The next digest comes {when} ({ago}).")
    return " " + comes.format(when=local(tally.next_at, settings), ago=ago(tally.next_at, now))


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
        return Message((paragraph(summoned_now(summoned)),))
    if reason is not None:
        raise CommandError(_("Nothing is held here for that reason. /missed lists what is."))
    if not count:
        raise CommandError(
            _("No alert of this chat with that number waits to be sent again. /missed lists them.")
            if wanted
            else _("No alert of this chat waits to be sent again.")
        )
    more = ngettext(
        "{count} alert held for you comes in a digest.", "{count} alerts held for you come in a digest.", summoned
    )
    sent = ngettext("{count} alert will be sent now.", "{count} alerts will be sent now.", count)
    said = wording.counted(sent, count) + (f" {wording.counted(more, summoned)}" if summoned else "")
    return Message((paragraph(said), note(_("What may have arrived before is marked as a possible repeat."))))


def summoned_now(count: int) -> str:
    """That what was held is on its way."""
    said = ngettext(
        "{count} alert held for you comes in a digest now.", "{count} alerts held for you come in a digest now.", count
    )
    return wording.counted(said, count)


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
            return _("muted")
        case Hold.QUIET:
            said = _("quiet hours: held until {when}")
        case Hold.FLOOD:
            said = _("its feed issued very many entries at once: held for a digest")
        case Hold.CAPPED:
            said = _("over the hour's cap: held until {when}")
        case _:
            said = _("held for the digest of {when}")
    return said.format(when=until)


def _reason(one: ClaimedDelivery, now: datetime) -> str:
    delivery = one.delivery
    why = wording.clip(retold(delivery.error), REASON_CHARS) if delivery.error else _("no reason given")
    when = ago(one.alert.created_at, now)
    match delivery.state:
        case DeliveryState.UNKNOWN:
            return _("perhaps sent, {when}: {reason}").format(when=when, reason=why)
        case DeliveryState.DEAD:
            return _("not sent, {when}: {reason}").format(when=when, reason=why)
    later = delivery.not_before > now
    until = _("held until {when}").format(when=moment(delivery.not_before)) if later else _("waits")
    return f"{until}: {why}" if delivery.error else until
