"""Figures for /status and doctor. Must not show one chat what belongs to others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, literal, or_, select

from bot import limits
from bot.model import Action, DeliveryState, FeedState
from bot.store import schema, tallies
from bot.store.base import Part
from bot.store.feeds import ARCHIVE, serves, serves_somebody
from bot.store.port import Lags, StoreStatus
from bot.store.stories import stories_of
from bot.store.topics import belongs_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

_feeds = schema.feeds.c
_deliveries = schema.deliveries.c
_entries = schema.entries.c

_GONE = select(schema.chats.c.id).where(schema.chats.c.active.is_(False))
"""What waits for one of them to come back is late by nobody's fault."""

_OUTBOX = select(
    _deliveries.state,
    func.count().label("count"),
    func.min(case((_deliveries.chat_id.not_in(_GONE), _deliveries.not_before))).label("oldest"),
    func.sum(case((_deliveries.maybe_sent, 1), else_=0)).label("marked"),
).group_by(_deliveries.state)

_UNDER_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)
_HEALTH = case(
    (_feeds.state != FeedState.ACTIVE.value, _feeds.state),
    (_feeds.failures > 0, literal("failing")),
    (_feeds.last_polled_at.is_(None), literal("new")),
    else_=literal("well"),
)

_ABOUT_TEXTS = select(schema.counters).where(
    or_(schema.counters.c.name.like("llm.%"), schema.counters.c.name.like("dropped.%"))
)


class Figures(Part):
    """The store's method about itself."""

    async def status(
        self, chat_id: int | None = None, *, since: datetime | None = None, now: datetime | None = None
    ) -> StoreStatus:
        """See the port. Running totals count what happened in all chats: a chat sees those of better words alone."""
        async with self.database.read() as conn:
            return await (_of_all(conn, since, now) if chat_id is None else _of_chat(conn, chat_id, since))


async def _of_all(conn: AsyncConnection, since: datetime | None, now: datetime | None) -> StoreStatus:
    numbers = {row.name: row.value for row in await conn.execute(select(schema.sequences))}
    noted = await tallies.pending(conn)
    counters = Counter({row.name: row.value for row in await conn.execute(select(schema.counters))})
    counters.update(noted.counters)
    polled = _feeds.state != ARCHIVE
    health = await _health(conn, polled)
    return StoreStatus(
        feeds=sum(health.values()),
        feeds_failing=health.get("failing", 0),
        entries=numbers["entries"] + noted.entries,
        stories=await _number(
            conn, select(func.count()).select_from(schema.stories).where(schema.stories.c.merged_into.is_(None))
        ),
        topics=await _number(conn, select(func.count()).select_from(schema.topics)),
        chats=await _number(conn, select(func.count()).select_from(schema.chats)),
        last_entry_at=await _newest(conn, polled | (_feeds.state == ARCHIVE)),
        feed_health=health,
        lags=None if since is None else await _lags(conn, _sent(since)),
        counters=dict(counters),
        **({} if now is None else await _overdue(conn, now)),
        **await _outbox(conn, _OUTBOX),
    )


async def _of_chat(conn: AsyncConnection, chat_id: int, since: datetime | None) -> StoreStatus:
    mine = serves(chat_id)
    health = await _health(conn, mine & (_feeds.state != ARCHIVE))
    entries = select(func.count()).select_from(schema.entries)
    return StoreStatus(
        feeds=sum(health.values()),
        feeds_failing=health.get("failing", 0),
        entries=await _number(conn, entries.where(schema.entries.c.feed_id.in_(select(_feeds.id).where(mine)))),
        stories=await _number(conn, select(func.count()).select_from(stories_of(chat_id).subquery())),
        topics=await _number(conn, select(func.count()).select_from(schema.topics).where(belongs_to(chat_id))),
        chats=await _number(conn, select(func.count()).select_from(schema.chats).where(schema.chats.c.id == chat_id)),
        last_entry_at=await _newest(conn, mine),
        feed_health=health,
        lags=None if since is None else await _lags(conn, _sent(since).where(_deliveries.chat_id == chat_id)),
        counters={row.name: row.value for row in await conn.execute(_ABOUT_TEXTS)},
        **await _outbox(conn, _OUTBOX.where(_deliveries.chat_id == chat_id)),
    )


async def _health(conn: AsyncConnection, which: ColumnElement[bool]) -> dict[str, int]:
    health = _HEALTH.label("health")
    rows = await conn.execute(select(health, func.count().label("feeds")).where(which).group_by(health))
    return {row.health: row.feeds for row in rows}


async def _overdue(conn: AsyncConnection, now: datetime) -> Mapping[str, Any]:
    """Those under way count, too: a feed is late until it was polled."""
    late = select(func.count().label("feeds_overdue"), func.min(_feeds.next_poll_at).label("oldest_due_at"))
    late = late.where(_feeds.state == FeedState.ACTIVE.value, _feeds.next_poll_at <= now, serves_somebody())
    return dict((await conn.execute(late)).mappings().one())


async def _newest(conn: AsyncConnection, which: ColumnElement[bool]) -> datetime | None:
    """The date of the newest entry of these feeds. Imports are no polls: theirs stands with the entries alone."""
    polled: datetime | None = await conn.scalar(select(func.max(_feeds.last_entry_at)).where(which))
    if polled is not None:
        return polled
    imported = select(_feeds.id).where(which, _feeds.state == ARCHIVE)
    newest: datetime | None = await conn.scalar(select(func.max(_entries.at)).where(_entries.feed_id.in_(imported)))
    return newest


def _sent(since: datetime) -> Select[Any]:
    """When the newest alerts and replies were sent, and when their entries were published and first seen."""
    return (
        select(_deliveries.sent_at, _entries.published_at, _entries.first_seen_at)
        .join(schema.alerts, schema.alerts.c.id == _deliveries.alert_id)
        .join(schema.entries, _entries.id == schema.alerts.c.entry_id)
        .where(_deliveries.sent_at >= since, _deliveries.action != Action.EDIT.value)
        # What a chat's settings held back, and what a person asked for again, says nothing about how quick we are.
        .where(_deliveries.held_for.is_(None), _deliveries.bundle_id.is_(None), _deliveries.asked.is_(False))
        .order_by(_deliveries.sent_at.desc())
        .limit(limits.LAG_SAMPLES)
    )


async def _lags(conn: AsyncConnection, query: Select[Any]) -> Lags:
    rows = (await conn.execute(query)).all()
    dated = [row for row in rows if row.published_at is not None]
    return Lags(
        len(rows),
        _quantiles([(row.sent_at - row.published_at).total_seconds() for row in dated]),
        _quantiles([(row.sent_at - row.first_seen_at).total_seconds() for row in rows]),
    )


def _quantiles(lags_s: Sequence[float]) -> tuple[float, float] | None:
    """The median and the 95th percentile, by nearest rank; a clock that was set back makes no lag below 0."""
    if not lags_s:
        return None
    ordered = sorted(max(0.0, lag) for lag in lags_s)
    return ordered[(len(ordered) - 1) // 2], ordered[-(-95 * len(ordered) // 100) - 1]


async def _number(conn: AsyncConnection, query: Select[int]) -> int:
    number: int = (await conn.execute(query)).scalar_one()
    return number


async def _outbox(conn: AsyncConnection, query: Select[Any]) -> Mapping[str, Any]:
    rows = {DeliveryState(row.state): row for row in await conn.execute(query)}
    waiting = rows.get(DeliveryState.PENDING)
    return {
        "outbox": {state: row.count for state, row in rows.items()},
        "oldest_pending_at": None if waiting is None else waiting.oldest,
        "repeats": rows[DeliveryState.SENT].marked if DeliveryState.SENT in rows else 0,
        "ambiguous": sum(rows[state].marked for state in _UNDER_WAY if state in rows),
    }
