"""What a process that died was holding. Must not be asked where another process may still be alive."""

from __future__ import annotations

from sqlalchemy import update

from bot.model import DeliveryState
from bot.store import notices, schema
from bot.store.base import Part
from bot.store.digests import end_lost_bundles
from bot.store.outbox import interrupted

_feeds = schema.feeds.c
_deliveries = schema.deliveries.c


class Leases(Part):
    """The store's method for the only process on a database, at its start."""

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
