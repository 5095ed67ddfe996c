"""Hubs: what was agreed with them, and feeds that are due because a hub called. Must not speak with a hub."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from bot.model import FeedState, HubSubscription
from bot.seal import is_sealed
from bot.store import schema
from bot.store.base import Part
from bot.store.database import upsert
from bot.store.feeds import serves_somebody

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row

_hubs = schema.hub_subscriptions.c
_feeds = schema.feeds.c
_DOUBLINGS = 16


class Push(Part):
    """The store's methods about hubs."""

    async def announce_hub(self, subscription: HubSubscription) -> None:
        """See the port."""
        fresh = _row_of(subscription)
        async with self.database.write() as conn:
            # Compared here: the database may hold it sealed, differently each time.
            of_feed = select(schema.hub_subscriptions).where(_hubs.feed_id == subscription.feed_id)
            agreed = (await conn.execute(of_feed.with_for_update())).first()
            same = agreed is not None and (agreed.hub, agreed.topic) == (subscription.hub, subscription.topic)
            if agreed is None or not same or _is_shut(agreed):
                await upsert(conn, schema.hub_subscriptions, [fresh])

    async def forget_hub(self, feed_id: int) -> None:
        """See the port."""
        async with self.database.write() as conn:
            await conn.execute(delete(schema.hub_subscriptions).where(_hubs.feed_id == feed_id))

    async def hub_of(self, feed_id: int) -> HubSubscription | None:
        """See the port."""
        async with self.database.read() as conn:
            query = select(schema.hub_subscriptions).where(_hubs.feed_id == feed_id)
            row = (await conn.execute(query)).first()
        return None if row is None else _subscription_of(row)

    async def hub_by_token(self, token: str) -> HubSubscription | None:
        """See the port."""
        query = (
            select(schema.hub_subscriptions)
            .join(schema.feeds, _feeds.id == _hubs.feed_id)
            .where(_hubs.token == token, _feeds.state == FeedState.ACTIVE.value, serves_somebody())
        )
        async with self.database.read() as conn:
            row = (await conn.execute(query)).first()
        return None if row is None or _is_shut(row) else _subscription_of(row)

    async def claim_hubs(
        self, *, now: datetime, first_s: float, most_s: float, limit: int
    ) -> tuple[HubSubscription, ...]:
        """See the port."""
        due = (
            select(schema.hub_subscriptions)
            .join(schema.feeds, _feeds.id == _hubs.feed_id)
            .where(_hubs.ask_at <= now, _feeds.state == FeedState.ACTIVE.value, serves_somebody())
            .order_by(_hubs.ask_at, _hubs.feed_id)
            .limit(limit)
        )
        async with self.database.read() as conn:
            if (await conn.execute(due.limit(1))).first() is None:
                return ()
        async with self.database.write() as conn:
            rows = (await conn.execute(due.with_for_update(of=schema.hub_subscriptions, skip_locked=True))).all()
            for row in rows:
                wait_s = min(first_s * 2 ** min(row.tries, _DOUBLINGS), most_s)
                again = {"ask_at": now + timedelta(seconds=wait_s), "tries": row.tries + 1}
                await conn.execute(update(schema.hub_subscriptions).where(_hubs.feed_id == row.feed_id).values(again))
        # What no key opens any more must not become a secret that others know: it is agreed anew at a next poll.
        return tuple(_subscription_of(row) for row in rows if not _is_shut(row))

    async def confirm_hub(self, token: str, *, until: datetime, ask_at: datetime) -> None:
        """See the port."""
        await self._set(token, {"lease_until": until, "ask_at": ask_at, "tries": 0})

    async def refuse_hub(self, token: str, *, ask_at: datetime) -> None:
        """See the port."""
        await self._set(token, {"lease_until": None, "ask_at": ask_at})

    async def hasten_feed(self, feed_id: int, *, now: datetime, pushed: bool) -> bool:
        """See the port."""
        free = or_(_feeds.lease_until.is_(None), _feeds.lease_until <= now)
        async with self.database.write() as conn:
            if pushed:
                called = update(schema.hub_subscriptions).where(_hubs.feed_id == feed_id)
                await conn.execute(called.values(pushed_at=now))
            due = update(schema.feeds).where(_feeds.id == feed_id, free, _feeds.state == FeedState.ACTIVE.value)
            hastened = await conn.execute(due.values(next_poll_at=now))
        return hastened.rowcount > 0

    async def _set(self, token: str, values: Mapping[str, Any]) -> None:
        async with self.database.write() as conn:
            await conn.execute(update(schema.hub_subscriptions).where(_hubs.token == token).values(**values))


def _row_of(subscription: HubSubscription) -> dict[str, Any]:
    return {
        "feed_id": subscription.feed_id,
        "hub": subscription.hub,
        "topic": subscription.topic,
        "token": subscription.token,
        "secret": subscription.secret,
        "ask_at": subscription.ask_at,
        "tries": subscription.tries,
        "lease_until": subscription.lease_until,
        "pushed_at": subscription.pushed_at,
    }


def _is_shut(row: Row[Any]) -> bool:
    """Whether no key opens what was agreed: as a secret, what is kept is one that others may know."""
    return any(map(is_sealed, (row.hub, row.topic, row.secret)))


def _subscription_of(row: Row[Any]) -> HubSubscription:
    return HubSubscription(**{name: row._mapping[name] for name in _FIELDS})  # noqa: SLF001 - SQLAlchemy's public name


_FIELDS = tuple(column.name for column in schema.hub_subscriptions.columns)
