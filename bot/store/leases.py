"""What waits for a moment that means nothing any more: its holder is dead, or the clock was set back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, func, select, type_coerce, update

from bot import limits
from bot.model import DeliveryState
from bot.store import notices, schema
from bot.store.base import Part
from bot.store.digests import end_lost_bundles
from bot.store.outbox import interrupted

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement

_feeds = schema.feeds.c
_deliveries = schema.deliveries.c


class Leases(Part):
    """The store's methods about dead holders and wrong clocks."""

    async def release_leases(self) -> int:
        """See the port."""
        under_way = update(schema.deliveries).where(_deliveries.state == DeliveryState.SENDING.value)
        polled = update(schema.feeds).where(_feeds.lease_until.is_not(None))
        async with self.database.write() as conn:
            await conn.execute(polled.values(lease_until=None))
            freed = (await conn.execute(under_way.values(**interrupted()))).rowcount
            await end_lost_bundles(conn)
            said = update(schema.notices).where(schema.notices.c.state == DeliveryState.SENDING.value)
            await conn.execute(said.values(**notices.interrupted()))
            return freed

    async def newest_moment(self) -> datetime | None:
        """See the port."""
        entries = schema.entries.c
        async with self.database.read() as conn:
            seen: datetime | None = await conn.scalar(
                select(entries.first_seen_at).order_by(entries.id.desc()).limit(1)
            )
            sent: datetime | None = await conn.scalar(select(func.max(_deliveries.sent_at)))
        return max((one for one in (seen, sent) if one is not None), default=None)

    async def clock_set_back(self, by_s: float, *, now: datetime) -> None:
        """See the port."""
        notices = schema.notices.c
        by = timedelta(seconds=by_s)
        waits = _deliveries.state == DeliveryState.PENDING.value
        said = notices.state == DeliveryState.PENDING.value
        async with self.database.write() as conn:
            for table, column, which in (
                (schema.feeds, _feeds.next_poll_at, _feeds.next_poll_at > now),
                (schema.deliveries, _deliveries.not_before, waits & (_deliveries.not_before > now)),
                (schema.notices, notices.not_before, said & (notices.not_before > now)),
                (schema.chats, schema.chats.c.wait_until, schema.chats.c.wait_until > now),
            ):
                await conn.execute(update(table).where(which).values({column: _earlier(column, by)}))
            if self.database.is_sqlite:
                # Elsewhere a lease may be that of a process whose clock is right.
                for table, column in ((schema.feeds, _feeds.lease_until), (schema.deliveries, _deliveries.lease_until)):
                    await conn.execute(update(table).where(column > now).values({column: _earlier(column, by)}))

    async def clock_set_back_during_poll(self, feed_id: int, *, now: datetime) -> None:
        """See the port."""
        longest = now + timedelta(seconds=limits.EDIT_DELAY_S)
        ahead = (_feeds.id == feed_id) & (_feeds.next_poll_at > now)
        untried = (_deliveries.state == DeliveryState.PENDING.value) & (_deliveries.attempts == 0)
        async with self.database.write() as conn:
            await conn.execute(update(schema.feeds).where(ahead).values(next_poll_at=now))
            stranded = update(schema.deliveries).where(untried, _deliveries.not_before > longest)
            await conn.execute(stranded.values(not_before=now))


def _earlier(column: Column[datetime], by: timedelta) -> ColumnElement[int]:
    """The moment that much earlier, as it is stored."""
    return type_coerce(column, BigInteger) - by // timedelta(microseconds=1)
