"""What several workers on one database ask: which feeds and chats are due, and one of them for themselves.

Whoever asks what is due leases nothing by that; who then takes a feed or a chat does. Must not know what hands the
work out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from bot.model import Platform
from bot.store import schema
from bot.store.base import Part
from bot.store.feeds import ACTIVE, IN_TURN, serves_somebody
from bot.store.outbox import due_rows, ran_out
from bot.store.rows import feed_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from bot.model import Feed

_feeds = schema.feeds.c
_rows = schema.deliveries.c
_chats = schema.chats.c


class Fleet(Part):
    """The store's methods for a fleet."""

    async def due_feeds(self, *, now: datetime, limit: int) -> tuple[int, ...]:
        """See the port."""
        query = _due_feeds(now).with_only_columns(_feeds.id).limit(limit)
        async with self.database.read() as conn:
            return tuple(await conn.scalars(query))

    async def claim_feed(
        self, feed_id: int, *, now: datetime, lease_s: float, held_until: datetime | None = None
    ) -> Feed | None:
        """See the port."""
        query = (
            _due_feeds(now, held_until).where(_feeds.id == feed_id).with_for_update(of=schema.feeds, skip_locked=True)
        )
        lease = update(schema.feeds).where(_feeds.id == feed_id).values(lease_until=now + timedelta(seconds=lease_s))
        async with self.database.write() as conn:
            row = (await conn.execute(query)).first()
            if row is None:
                return None
            await conn.execute(lease)
        return feed_of(row)

    async def due_chats(
        self, *, now: datetime, platforms: Sequence[Platform], limit: int
    ) -> tuple[tuple[int, Platform], ...]:
        """See the port."""
        due = due_rows(now, platforms).with_only_columns(_rows.chat_id, _chats.platform).limit(limit)
        lost = select(_rows.chat_id, _chats.platform).join(schema.chats, _chats.id == _rows.chat_id)
        wanted = _chats.platform.in_([platform.value for platform in platforms])
        async with self.database.read() as conn:
            rows = [*await conn.execute(due), *await conn.execute(lost.where(ran_out(now), wanted).limit(limit))]
        return tuple(dict.fromkeys((row.chat_id, Platform(row.platform)) for row in rows))


def _due_feeds(now: datetime, held_until: datetime | None = None) -> Select[tuple[int]]:
    free = or_(_feeds.lease_until.is_(None), _feeds.lease_until <= now, _feeds.lease_until == held_until)
    return (
        select(schema.feeds)
        .where(_feeds.state == ACTIVE, _feeds.next_poll_at <= now, free, serves_somebody())
        .order_by(*IN_TURN)
    )
