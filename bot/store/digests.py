"""What is held, and the digests that bring it. Must not decide when a chat wants to be spoken to.

A digest is no table of its own: of the deliveries that it brings, the one with the lowest id carries the others. That
one is PENDING, claimed, begun, fenced and repeated like any other; its parts stay HELD until its outcome is written,
and share it in the same transaction.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, select, update

from bot import limits
from bot.model import Action, DeliveryState, Hold
from bot.preferences import ChatSettings, Circumstances, Held, HeldTally
from bot.store import schema
from bot.store.base import Part
from bot.store.database import select_in
from bot.store.port import DueDigest
from bot.store.preferences import hold_chat, running_mutes, settings_by_chat
from bot.store.rows import alert_of, chat_of, delivery_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Delivery, Platform
    from bot.preferences import Mute
    from bot.store.port import Outcome

_rows = schema.deliveries.c
_chats = schema.chats.c
_OTHER = schema.deliveries.alias("other")
_matches = schema.matches.c
_members = schema.story_entries.c

HELD = DeliveryState.HELD.value
UNDER_WAY = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)
_HOUR = timedelta(hours=1)
_ALONE: dict[str, Any] = {"bundle_id": None, "bundle_place": None}


class Digests(Part):
    """The store's methods about what is held."""

    async def held_tally(self, chat_id: int) -> HeldTally:
        """See the port."""
        counted = (
            select(_rows.held_for, func.count().label("number"), func.min(_rows.not_before).label("next_at"))
            .where(_rows.chat_id == chat_id, _rows.state == HELD)
            .group_by(_rows.held_for)
        )
        async with self.database.read() as conn:
            rows = (await conn.execute(counted)).all()
        moments = [row.next_at for row in rows if row.held_for != Hold.MUTED.value]
        numbers = {row.held_for: row.number for row in rows}
        return HeldTally(**numbers, next_at=min(moments, default=None))

    async def summon_held(self, chat_id: int, *, reasons: Sequence[Hold], now: datetime) -> int:
        """See the port. What was muted is a digest's from now on, since no digest brings what is muted."""
        wanted = [reason.value for reason in reasons]
        mine = (_rows.chat_id == chat_id, _rows.state == HELD, _rows.held_for.in_(wanted), _rows.bundle_id.is_(None))
        values = {"held_for": Hold.DIGEST.value, "not_before": now, "asked": True}
        async with self.database.write() as conn:
            await hold_chat(conn, chat_id)
            return (await conn.execute(update(schema.deliveries).where(*mine).values(**values))).rowcount

    async def due_digests(self, *, now: datetime, limit: int, platforms: Sequence[Platform]) -> tuple[DueDigest, ...]:
        """See the port."""
        other = _OTHER
        carried = exists().where(
            other.c.chat_id == _rows.chat_id, other.c.bundle_id == other.c.id, other.c.state.in_(UNDER_WAY)
        )
        due = (
            select(_rows.chat_id)
            .join(schema.chats, _chats.id == _rows.chat_id)
            .where(schema.WAITS_FOR_DIGEST, _rows.not_before <= now, _chats.active.is_(True), ~carried)
            .where(_chats.platform.in_([platform.value for platform in platforms]))
            .group_by(_rows.chat_id)
            .order_by(func.min(_rows.not_before))
            .limit(limit)
        )
        async with self.database.read() as conn:
            chat_ids = (await conn.scalars(due)).all()
            return await _due_digests(conn, chat_ids, now) if chat_ids else ()

    async def bundle(self, chat_id: int, places: Mapping[int, int], *, size: int, now: datetime) -> bool:
        """See the port."""
        parts = list(places)[:size]
        carrier = min(parts)
        waits = (_rows.chat_id == chat_id, schema.WAITS_FOR_DIGEST)
        sets_out = {"state": DeliveryState.PENDING.value, "bundle_id": carrier, "not_before": now}
        first = update(schema.deliveries).where(_rows.id == carrier, *waits).values(**sets_out)
        rest = update(schema.deliveries).where(_rows.id.in_(parts), *waits).values(bundle_id=carrier)
        place = update(schema.deliveries).where(_rows.id == bindparam("which"), _rows.chat_id == chat_id)
        rows = [{"which": each, "place": number} for each, number in places.items()]
        async with self.database.write() as conn:
            await hold_chat(conn, chat_id)
            if not (await conn.execute(first)).rowcount:
                return False
            await conn.execute(rest)
            await conn.execute(place.values(bundle_place=bindparam("place")), rows)
        return True

    async def mute_held(self, chat_id: int, until: Mapping[int, datetime]) -> None:
        """See the port."""
        waits = (_rows.chat_id == chat_id, schema.WAITS_FOR_DIGEST, _rows.asked.is_(False))
        muted = update(schema.deliveries).where(_rows.id == bindparam("which"), *waits)
        values: dict[str, Any] = {"held_for": Hold.MUTED.value, "bundle_place": None, "not_before": bindparam("until")}
        rows = [{"which": each, "until": moment} for each, moment in until.items()]
        async with self.database.write() as conn:
            await hold_chat(conn, chat_id)
            await conn.execute(muted.values(**values), rows)

    async def fold_delivery(self, delivery: Delivery, into: Delivery, *, now: datetime) -> bool:
        """See the port."""
        waiting = (_rows.id == into.id) & (_rows.state == HELD) & _rows.bundle_id.is_(None)
        values = {
            "alert_id": delivery.alert_id,
            "topics": list(dict.fromkeys((*into.topics, *delivery.topics))),
            "state": DeliveryState.PENDING.value,
            "not_before": now,
        }
        async with self.database.write() as conn:
            there = (await conn.execute(select(_rows.id).where(waiting).with_for_update())).first()
            # The edit goes first: of two rows about one alert the database takes only one.
            if there is None or not (await conn.execute(delete(schema.deliveries).where(claimed(delivery)))).rowcount:
                return False
            await conn.execute(update(schema.deliveries).where(waiting).values(**values))
        return True


def claimed(delivery: Delivery) -> ColumnElement[bool]:
    """The row, as long as it is still under the claim that the delivery came from."""
    sending = _rows.state == DeliveryState.SENDING.value
    return (_rows.id == delivery.id) & (_rows.token == delivery.token) & sending


# ---------------------------------------------------------------- a digest's parts


async def end_bundle(conn: AsyncConnection, carrier: Delivery, outcome: Outcome) -> None:
    """Let the parts of a digest share its outcome. While it is to be sent again, they wait."""
    values: dict[str, Any]
    match outcome.state:
        case DeliveryState.SENT:
            values = {"state": outcome.state.value, "sent_at": outcome.at}
        case DeliveryState.HELD:
            values = {"held_for": _reason(outcome), "not_before": outcome.not_before, **_ALONE}
        case DeliveryState.UNKNOWN | DeliveryState.DEAD:
            values = {"state": outcome.state.value, "error": outcome.error, "maybe_sent": outcome.maybe_sent, **_ALONE}
        case _:
            return
    parts = update(schema.deliveries).where(_rows.bundle_id == carrier.id, _rows.state == HELD)
    await conn.execute(parts.values(**values))
    if outcome.state is not DeliveryState.SENT:
        await conn.execute(update(schema.deliveries).where(_rows.id == carrier.id).values(**_ALONE))


async def end_lost_bundles(conn: AsyncConnection) -> None:
    """Let the parts of a digest whose carrier was given up with its lease be in doubt as it is."""
    carrier = schema.deliveries.alias("carrier")
    unknown = DeliveryState.UNKNOWN.value
    lost = select(carrier.c.id, carrier.c.error).where(carrier.c.bundle_id == carrier.c.id, carrier.c.state == unknown)
    for row in (await conn.execute(lost)).all():
        values = {"state": unknown, "error": row.error, "maybe_sent": True, **_ALONE}
        await conn.execute(update(schema.deliveries).where(_rows.bundle_id == row.id).values(**values))


async def free_orphans(conn: AsyncConnection, chat_id: int) -> None:
    """Held parts whose carrier is gone or ended (two chats became one) wait for a digest of their own again."""
    carrier = schema.deliveries.alias("carrier")
    carried = exists().where(carrier.c.id == _rows.bundle_id, carrier.c.state.in_(UNDER_WAY))
    orphans = update(schema.deliveries).where(_rows.chat_id == chat_id, _rows.state == HELD, ~carried)
    await conn.execute(orphans.values(**_ALONE))


def held_values(outcome: Outcome) -> dict[str, Any]:
    """The columns of a delivery that turns HELD: nothing of it was tried."""
    return {"held_for": _reason(outcome), "attempts": 0, **_ALONE}


def _reason(outcome: Outcome) -> str:
    return (outcome.held_for or Hold.DIGEST).value


# ---------------------------------------------------------------- read together with a claim


async def circumstances(
    conn: AsyncConnection, deliveries: Sequence[Delivery], now: datetime
) -> dict[int, Circumstances]:
    """What bears on each of these deliveries, by its id: four queries, however many there are."""
    chat_ids = sorted({one.chat_id for one in deliveries})
    settings = await settings_by_chat(conn, chat_ids)
    mutes = await _mutes_by_chat(conn, chat_ids, now)
    sent = await _sent_lately(conn, chat_ids, now)
    waiting = await _waiting(conn, deliveries)
    return {
        one.id: Circumstances(
            settings=settings.get(one.chat_id, ChatSettings()),
            mutes=tuple(mutes.get(one.chat_id, ())),
            sent=tuple(sent.get(one.chat_id, ())),
            waiting=waiting.get(one.id),
        )
        for one in deliveries
    }


async def _mutes_by_chat(conn: AsyncConnection, chat_ids: Sequence[int], now: datetime) -> dict[int, list[Mute]]:
    mutes: dict[int, list[Mute]] = {}
    for mute in await running_mutes(conn, chat_ids, now):
        mutes.setdefault(mute.chat_id, []).append(mute)
    return mutes


async def parts_of(conn: AsyncConnection, deliveries: Iterable[Delivery]) -> dict[int, tuple[Held, ...]]:
    """The parts of each digest among these deliveries, its carrier among them, in order."""
    carriers = [one.id for one in deliveries if one.bundle_id == one.id]
    query = select(schema.deliveries).order_by(_rows.bundle_place, _rows.id)
    rows = await select_in(conn, carriers, lambda chunk: query.where(_rows.bundle_id.in_(chunk)))
    parts: dict[int, list[Held]] = {}
    for held in await _with_alerts(conn, [delivery_of(row) for row in rows]):
        parts.setdefault(held.delivery.bundle_id or 0, []).append(held)
    return {carrier: tuple(held) for carrier, held in parts.items()}


async def _sent_lately(conn: AsyncConnection, chat_ids: Sequence[int], now: datetime) -> dict[int, list[datetime]]:
    """When each chat was sent alerts within the hour; edits make no sound, and digests are no alerts.

    What a clock that ran ahead wrote lies in the future, and would fill every hour until then.
    """
    told = (
        _rows.sent_at > now - _HOUR,
        _rows.sent_at <= now,
        _rows.action != Action.EDIT.value,
        _rows.bundle_id.is_(None),
    )
    query = select(_rows.chat_id, _rows.sent_at).where(*told)
    found: dict[int, list[datetime]] = {}
    for row in await select_in(conn, chat_ids, lambda chunk: query.where(_rows.chat_id.in_(chunk))):
        found.setdefault(row.chat_id, []).append(row.sent_at)
    return found


async def _waiting(conn: AsyncConnection, deliveries: Sequence[Delivery]) -> dict[int, Delivery]:
    """By each delivery's id the newest of its story that is HELD. For an edit: only where that is what it changes.

    An edit keeps the entry that led what it changes: a message in between that was refused is not mistaken for it.
    """
    mine = schema.deliveries.alias("mine")
    about, held = schema.alerts.alias("about"), schema.alerts.alias("held")
    is_edit = mine.c.action == Action.EDIT.value
    query = (
        select(schema.deliveries, mine.c.id.label("of"))
        .join(mine, (mine.c.story_id == _rows.story_id) & (mine.c.chat_id == _rows.chat_id) & (mine.c.id != _rows.id))
        .join(about, about.c.id == mine.c.alert_id)
        .join(held, held.c.id == _rows.alert_id)
        .where(_rows.state == HELD, ~is_edit | ((_rows.id < mine.c.id) & (held.c.entry_id == about.c.entry_id)))
        .order_by(_rows.id)
    )
    ids = [one.id for one in deliveries if one.bundle_id is None]
    rows = await select_in(conn, ids, lambda chunk: query.where(mine.c.id.in_(chunk)))
    return {row.of: delivery_of(row) for row in rows}


# ---------------------------------------------------------------- due


async def _due_digests(conn: AsyncConnection, chat_ids: Sequence[int], now: datetime) -> tuple[DueDigest, ...]:
    settings = await settings_by_chat(conn, chat_ids)
    chats = await select_in(conn, chat_ids, lambda chunk: select(schema.chats).where(_chats.id.in_(chunk)))
    held = {chat_id: await _next_held(conn, chat_id, now) for chat_id in chat_ids}
    mutes = await _mutes_by_chat(conn, chat_ids, now)
    by_id = {row.id: chat_of(row) for row in chats}
    return tuple(
        DueDigest(
            by_id[chat_id],
            settings.get(chat_id, ChatSettings()),
            tuple(held[chat_id]),
            tuple(mutes.get(chat_id, ())),
        )
        for chat_id in chat_ids
        if held[chat_id]
    )


async def _next_held(conn: AsyncConnection, chat_id: int, now: datetime) -> list[Held]:
    """What the next part is chosen from. Who was away for weeks has thousands held, which are never read at once.

    Of a story all or nothing: its alerts are one line.
    """
    due = (_rows.chat_id == chat_id, schema.WAITS_FOR_DIGEST, _rows.not_before <= now)
    order = (_rows.bundle_place.is_(None), _rows.bundle_place, _rows.id)
    place = func.min(_rows.bundle_place)
    stories = (
        select(_rows.story_id)
        .where(*due)
        .group_by(_rows.story_id)
        .order_by(place.is_(None), place, func.min(_rows.id))
        .limit(limits.DIGEST_READ)
        .subquery()
    )
    query = select(schema.deliveries).where(*due, _rows.story_id.in_(select(stories.c.story_id))).order_by(*order)
    rows = (await conn.execute(query)).all()
    return await _with_alerts(conn, [delivery_of(row) for row in rows], scored=True)


async def _with_alerts(conn: AsyncConnection, deliveries: Sequence[Delivery], *, scored: bool = False) -> list[Held]:
    alert_ids = {one.alert_id for one in deliveries}
    rows = await select_in(conn, alert_ids, lambda chunk: select(schema.alerts).where(schema.alerts.c.id.in_(chunk)))
    alerts = {row.id: alert_of(row) for row in rows}
    scores = await _scores(conn, {one.story_id for one in deliveries}) if scored else Counter()
    return [Held(one, alerts[one.alert_id], scores[one.story_id]) for one in deliveries]


async def _scores(conn: AsyncConnection, story_ids: Iterable[int]) -> Counter[int]:
    """Each story's best relevant match: how much it is about what is watched."""
    query = (
        select(_members.story_id, func.max(_matches.score).label("score"))
        .join(schema.matches, _matches.entry_id == _members.entry_id)
        .where(_matches.relevant.is_(True))
        .group_by(_members.story_id)
    )
    rows = await select_in(conn, story_ids, lambda chunk: query.where(_members.story_id.in_(chunk)))
    return Counter({row.story_id: row.score for row in rows})
