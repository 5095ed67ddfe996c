"""The outbox: who may send what next, and how it ended. Must not send anything.

::

    new                                                  begin, committed before
     |                                                   the request is written
     v      claim: token + 1, a lease                              |
    PENDING ---------------------------> SENDING ------------------+----> SENDING, begun
     ^ ^ ^ ^                              |    |                           |
     | | | |                              |    |                           |-- taken, or found there ----> SENT
     | | | |                              |    |                           |-- refused, or a fault of ours > DEAD
     | | | `- as if not claimed: holder --'    |                           |
     | | |    gone, drained, store down        |                           |
     | | `--- retry: not before a moment ------+--- never left, told to ---|
     | |                                       |    wait, chat moved, gone |
     | `----- ambiguous: maybe_sent -----------+--- no answer, holder gone |
     |        (the next one is marked)         |                           `-- the same once more ------> UNKNOWN
     |                                         `-- the chat does not want it now -----------------------> HELD
     |
     `------- a person has it replayed (UNKNOWN, DEAD, HELD); its digest or an edit of it is due (HELD)

Begin and finish write only where the row is still SENDING under the token that the claim gave: a holder that slept past
its lease finds another's token there. A chat has one delivery SENDING at a time, and what is to be retried holds those
behind it; where the platform asked to wait, the whole chat waits. Whoever begins commits it first; if that cannot be
written down, nothing is sent. So a crash leaves a doubt only about requests that were on their way, never about those
that waited their turn. Where a platform shows what it was sent, that is looked for before anything is repeated: what is
surely absent is in no doubt any more, and never ends as UNKNOWN; so a doubt that cannot be cleared up leads to two
copies at most, of which the second is marked.
"""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, exists, func, literal, or_, select, update

from bot.model import Action, Address, Delivery, DeliveryState, MessageRef, Platform
from bot.store import schema
from bot.store.base import Part
from bot.store.database import chunks, select_in
from bot.store.digests import circumstances, claimed, end_bundle, end_lost_bundles, held_values, parts_of
from bot.store.port import ClaimedDelivery, MissedPage, Outcome
from bot.store.rows import alert_of, chat_of, delivery_of, ref_of, ref_row
from bot.store.waits import keep_silent, may_be_spoken_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

    from bot.model import Chat

_rows = schema.deliveries.c
_chats = schema.chats.c
_OTHER = schema.deliveries.alias("other")  # made once: to make it costs more than to ask the database

PENDING = DeliveryState.PENDING.value
SENDING = DeliveryState.SENDING.value
SENT = DeliveryState.SENT.value
UNKNOWN = DeliveryState.UNKNOWN.value
DEAD = DeliveryState.DEAD.value
HELD = DeliveryState.HELD.value


class Outbox(Part):
    """The store's methods about deliveries."""

    async def claim_deliveries(
        self,
        *,
        now: datetime,
        lease_s: float,
        limit: int,
        platforms: Sequence[Platform],
        chat_id: int | None = None,
    ) -> tuple[ClaimedDelivery, ...]:
        """See the port."""
        due = due_rows(now, platforms).limit(limit)
        lost = ran_out(now)
        if chat_id is not None:
            due, lost = due.where(_rows.chat_id == chat_id), lost & (_rows.chat_id == chat_id)
        async with self.database.read() as conn:
            # Most ticks find nothing to do; then nobody is made to wait for a write lock.
            expired = (await conn.execute(select(_rows.id).where(lost).limit(1))).first()
            if expired is None and (await conn.execute(due)).first() is None:
                return ()
        async with self.database.write() as conn:
            if (await conn.execute(update(schema.deliveries).where(lost).values(**interrupted()))).rowcount:
                await end_lost_bundles(conn)
            rows = await conn.execute(due.with_for_update(of=schema.deliveries, skip_locked=True))
            taken = [row.id for row in rows]
            lease_until = now + timedelta(seconds=lease_s)
            started = {
                "state": SENDING,
                "token": _rows.token + 1,
                "attempts": _rows.attempts + 1,
                "lease_until": lease_until,
                "begun": False,
            }
            statement = update(schema.deliveries).where(_rows.id.in_(taken))
            await conn.execute(statement.values(**started))
            return await _with_what_bears_on_them(conn, await _with_all_to_send(conn, taken), now)

    async def begin_delivery(self, delivery: Delivery, *, now: datetime, lease_s: float, absent: bool = False) -> bool:
        """See the port."""
        mine = claimed(delivery) & (_rows.lease_until > now)
        values = {"begun": True, "lease_until": now + timedelta(seconds=lease_s)}
        values |= {"maybe_sent": False} if absent else {}
        # The request that follows outlives a power cut, and so must this: else it is made again, unmarked.
        async with self.database.write(lasting=True) as conn:
            written = await conn.execute(update(schema.deliveries).where(mine).values(**values))
        return written.rowcount == 1

    async def keep_deliveries(self, deliveries: Sequence[Delivery], *, now: datetime, lease_s: float) -> None:
        """See the port."""
        async with self.database.write() as conn:
            for one in deliveries:
                renewed = (
                    update(schema.deliveries).where(claimed(one)).values(lease_until=now + timedelta(seconds=lease_s))
                )
                await conn.execute(renewed)

    async def finish_delivery(self, delivery: Delivery, outcome: Outcome) -> bool:
        """See the port. A delivery whose lease was taken away is no longer the caller's, even before the next claim."""
        values: dict[str, Any] = {"state": outcome.state.value, "error": outcome.error, "lease_until": None}
        if outcome.maybe_sent or outcome.found:
            values["maybe_sent"] = not outcome.found
        if outcome.ref is not None:
            values |= ref_row(outcome.ref)
        if outcome.not_before is not None:
            values["not_before"] = outcome.not_before
        if outcome.state is DeliveryState.SENT:
            values["sent_at"] = outcome.at
        if outcome.state is DeliveryState.HELD:
            values |= held_values(outcome)
        async with self.database.write() as conn:
            written = await conn.execute(update(schema.deliveries).where(claimed(delivery)).values(**values))
            if written.rowcount and delivery.bundle_id is not None:
                await end_bundle(conn, delivery, outcome)
            if outcome.silence_at is not None and outcome.not_before is not None:
                # Whoever holds the delivery now: the platform has said so.
                await keep_silent(conn, delivery.chat_id, outcome.silence_at, until=outcome.not_before)
        return written.rowcount == 1

    async def missed_deliveries(self, chat_id: int | None = None, *, now: datetime, limit: int) -> MissedPage:
        """See the port."""
        given_up = _is(_rows.state, HELD) | (_rows.state.in_([UNKNOWN, DEAD]) & ~_is_outdated())
        # Every edit waits a little, so that several become one: that is no hold.
        put_off = (_rows.not_before > now) & ~_only_edits(_rows)
        tried = (_rows.attempts > 0) & _rows.error.is_not(None)
        waits = (_rows.state == PENDING) & (tried | put_off | _chats.active.is_(False))
        missed = given_up | waits
        if chat_id is not None:
            missed &= _rows.chat_id == chat_id
        ids = select(_rows.id).join(schema.chats, _chats.id == _rows.chat_id).where(missed)
        async with self.database.read() as conn:
            total = await conn.scalar(select(func.count()).select_from(ids.subquery()))
            newest = (await conn.scalars(ids.order_by(_rows.id.desc()).limit(limit))).all()
            return MissedPage(await _with_all_to_send(conn, newest), total or 0)

    async def replay_deliveries(
        self, delivery_ids: Sequence[int] | None, *, chat_id: int | None = None, now: datetime
    ) -> int:
        """See the port."""
        over = _rows.state.in_([UNKNOWN, DEAD]) & ~_is_outdated()
        if delivery_ids is not None:
            over |= _is(_rows.state, HELD) & _rows.bundle_id.is_(None)
        statement = update(schema.deliveries).where(over)
        if chat_id is not None:
            statement = statement.where(_rows.chat_id == chat_id)
        statement = statement.values(state=PENDING, not_before=now, attempts=0, error=None, asked=True)
        replayed = 0
        async with self.database.write() as conn:
            if delivery_ids is None:
                return (await conn.execute(statement)).rowcount
            for chunk in chunks(sorted(set(delivery_ids))):
                replayed += (await conn.execute(statement.where(_rows.id.in_(chunk)))).rowcount
        return replayed

    async def delivery_of(self, chat_id: int, ref: MessageRef) -> Delivery | None:
        """See the port. Later edits of the message are deliveries too: the first is the one that became it."""
        query = (
            select(schema.deliveries)
            .where(_rows.chat_id == chat_id, _rows.ref_message == ref.message_id)
            .where(_rows.ref_chat == ref.address.chat, _rows.ref_platform == ref.address.platform.value)
            .order_by(_rows.id)
            .limit(1)
        )
        async with self.database.read() as conn:
            row = (await conn.execute(query)).first()
        return None if row is None else delivery_of(row)

    async def told_at(self, place: Address, story_id: int) -> Chat | None:
        """See the port. A message that a merged story was told by goes on naming that one."""
        stories = schema.stories.c
        became = select(stories.merged_into).where(stories.id == story_id).scalar_subquery()
        query = (
            select(schema.chats)
            .join(schema.deliveries, _chats.id == _rows.chat_id)
            .where(or_(_rows.story_id == story_id, _rows.story_id == became), _rows.ref_chat == place.chat)
            .where(_rows.ref_platform == place.platform.value)
            .order_by((_chats.address == place.chat).desc(), _rows.id)
            .limit(1)
        )
        async with self.database.read() as conn:
            row = (await conn.execute(query)).first()
        return None if row is None or row.address == place.chat else chat_of(row)

    async def deliveries(self, chat_id: int, *, states: Sequence[DeliveryState], limit: int) -> tuple[Delivery, ...]:
        """See the port."""
        asked = _rows.state.in_([state.value for state in states])
        query = select(schema.deliveries).where(_rows.chat_id == chat_id, asked).order_by(_rows.id.desc()).limit(limit)
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(map(delivery_of, rows))


def _is(column: ColumnElement[str], state: str) -> ColumnElement[bool]:
    """Spelt as the partial indexes are: a bound value would hide from the database that they fit."""
    return column == literal(state, literal_execute=True)


def _only_edits(columns: ReadOnlyColumnCollection[str, ColumnElement[Any]]) -> ColumnElement[bool]:
    """As ``Delivery.only_edits``."""
    return (columns.action == Action.EDIT.value) & columns.bundle_id.is_(None)


def _is_outdated() -> ColumnElement[bool]:
    """An edit that a newer one of the same message followed, which says all that it would say."""
    newer = schema.deliveries.alias("newer")
    about, told = schema.alerts.alias("about"), schema.alerts.alias("told")
    followed = (
        select(newer.c.id)
        .join(told, told.c.id == newer.c.alert_id)
        .join(about, about.c.entry_id == told.c.entry_id)
        .where(newer.c.chat_id == _rows.chat_id, newer.c.story_id == _rows.story_id, newer.c.id > _rows.id)
        .where(newer.c.action == Action.EDIT.value, about.c.id == _rows.alert_id)
        .exists()
    )
    return (_rows.action == Action.EDIT.value) & followed


def ran_out(now: datetime) -> ColumnElement[bool]:
    """Deliveries under way whose holder's lease is over."""
    return _is(_rows.state, SENDING) & (_rows.lease_until <= now)


def due_rows(now: datetime, platforms: Sequence[Platform]) -> Select[tuple[int]]:
    """The ids that may be claimed: of each chat with nothing under way, its first pending one, if its time has come."""
    other = _OTHER
    same_chat = other.c.chat_id == _rows.chat_id
    # An edit waits for more of its kind: until its time has come only its own story has to wait behind it.
    in_the_way = ~_only_edits(other.c) | (other.c.story_id == _rows.story_id) | (other.c.not_before <= now)
    # One that was tried and has to wait holds all others: what was held may be older, and must not come too soon.
    put_off = (other.c.attempts > 0) & (other.c.not_before > now) & ~_only_edits(other.c)
    holds = ((other.c.id < _rows.id) & in_the_way) | put_off
    earlier = exists().where(same_chat, _is(other.c.state, PENDING), holds)
    under_way = exists().where(same_chat, _is(other.c.state, SENDING))
    wanted = _chats.platform.in_([platform.value for platform in platforms])
    return (
        select(_rows.id)
        .join(schema.chats, _chats.id == _rows.chat_id)
        .where(_is(_rows.state, PENDING), _rows.not_before <= now, _chats.active.is_(True), wanted)
        .where(may_be_spoken_to(now), ~earlier, ~under_way)
        .order_by(_rows.not_before, _rows.id)
    )


def interrupted() -> dict[str, Any]:
    """What becomes of a row whose holder is gone.

    If the request may have left, it is sent again, marked; or, if it was a marked repeat, it is unknown. Else it waits
    as if nobody had claimed it.
    """
    begun = _rows.begun.is_(True) & ~_only_edits(_rows)
    return {
        "state": case((begun & _rows.maybe_sent.is_(True), UNKNOWN), else_=PENDING),
        "maybe_sent": case((begun, True), else_=_rows.maybe_sent),
        "error": case((begun, "interrupted while it was sent"), else_=_rows.error),
        "lease_until": None,
    }


async def _with_what_bears_on_them(
    conn: AsyncConnection, found: Sequence[ClaimedDelivery], now: datetime
) -> tuple[ClaimedDelivery, ...]:
    deliveries = [one.delivery for one in found]
    around = await circumstances(conn, deliveries, now)
    parts = await parts_of(conn, deliveries)
    return tuple(
        dataclasses.replace(one, around=around[one.delivery.id], members=parts.get(one.delivery.id, ()))
        for one in found
    )


async def _with_all_to_send(conn: AsyncConnection, delivery_ids: Sequence[int]) -> tuple[ClaimedDelivery, ...]:
    rows = await select_in(
        conn, delivery_ids, lambda chunk: select(schema.deliveries).where(_rows.id.in_(chunk)).order_by(_rows.id)
    )
    found = {row.id: delivery_of(row) for row in rows}
    chat_ids = {row.chat_id for row in rows}
    alert_ids = {row.alert_id for row in rows}
    chats = await select_in(conn, chat_ids, lambda chunk: select(schema.chats).where(_chats.id.in_(chunk)))
    alerts = await select_in(conn, alert_ids, lambda chunk: select(schema.alerts).where(schema.alerts.c.id.in_(chunk)))
    chat_by_id = {row.id: chat_of(row) for row in chats}
    alert_by_id = {row.id: alert_of(row) for row in alerts}
    hanging = [one for one in found.values() if one.action is not Action.ALERT and one.bundle_id is None]
    targets = await _targets(conn, hanging)
    places = await _places(conn, chat_by_id)
    return tuple(
        ClaimedDelivery(
            one,
            chat_by_id[one.chat_id],
            alert_by_id[one.alert_id],
            targets.get(one.id),
            place=_place_of(one, places),
        )
        for one in (found[delivery_id] for delivery_id in delivery_ids)
    )


async def _places(conn: AsyncConnection, chats: Mapping[int, Chat]) -> dict[tuple[int, str], Address]:
    """Where these chats let topics' alerts go other than to themselves, by chat and the topic's name."""
    columns, topics = schema.subscriptions.c, schema.topics.c
    sent = (
        select(columns.chat_id, topics.name, columns.to_chat, columns.to_thread)
        .join(schema.topics, topics.id == columns.topic_id)
        .where(columns.to_chat.is_not(None))
    )
    rows = await select_in(conn, sorted(chats), lambda chunk: sent.where(columns.chat_id.in_(chunk)))
    return {
        (row.chat_id, row.name): Address(chats[row.chat_id].address.platform, row.to_chat, row.to_thread)
        for row in rows
    }


def _place_of(delivery: Delivery, places: Mapping[tuple[int, str], Address]) -> Address | None:
    """The first place that a topic of the delivery has; a digest is the chat's own."""
    if delivery.bundle_id is not None:
        return None
    return next(
        (places[delivery.chat_id, name] for name in delivery.topics if (delivery.chat_id, name) in places), None
    )


async def _targets(conn: AsyncConnection, hanging: Sequence[Delivery]) -> dict[int, MessageRef]:
    """For each update the last message of its story that its chat was sent; for each edit the one that it is about."""
    mine = schema.deliveries.alias("mine")
    about, told = schema.alerts.alias("about"), schema.alerts.alias("told")
    # A sent edit carries the message that it changed, so the newest sent row names the newest message.
    last = (
        select(mine.c.id, func.max(_rows.id).label("last_id"))
        .join(schema.deliveries, (_rows.story_id == mine.c.story_id) & (_rows.chat_id == mine.c.chat_id))
        .join(about, about.c.id == mine.c.alert_id)
        .join(told, told.c.id == _rows.alert_id)
        .where((mine.c.action != Action.EDIT.value) | (told.c.entry_id == about.c.entry_id))
        .where(
            _rows.state == SENT, _rows.ref_message.is_not(None) | _rows.bundle_id.is_not(None), _rows.id != mine.c.id
        )
        .group_by(mine.c.id)
    )
    edits = {one.id for one in hanging if one.action is Action.EDIT}
    found: dict[int, MessageRef] = {}
    for one in await select_in(conn, [one.id for one in hanging], lambda chunk: last.where(mine.c.id.in_(chunk))):
        row = (await conn.execute(select(schema.deliveries).where(_rows.id == one.last_id))).one()
        if row.bundle_id is not None:
            # It was told in a digest: an edit would put one story in the place of all of them.
            if one.id in edits:
                continue
            # Upkeep may have cleared the one that carried it.
            carrier = (await conn.execute(select(schema.deliveries).where(_rows.id == row.bundle_id))).first()
            ref = None if carrier is None else ref_of(carrier)
        else:
            ref = ref_of(row)
        if ref is not None:
            found[one.id] = ref
    return found
