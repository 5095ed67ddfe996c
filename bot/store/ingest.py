"""The ingest unit: what a plan is made from, inside the transaction that will store it.

Must not decide anything: ``bot.planner`` does, ``plan`` writes.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from bot.model import Action, Alert, BackstoryLink, Delivery, DeliveryState, FeedState, PastEntry, TermStatistics
from bot.store import schema, search, tallies
from bot.store.base import Part
from bot.store.database import INGEST_LOCK, select_in
from bot.store.entries import entries_by_key, members_of, past_entries, recent_entries
from bot.store.plan import write_plans
from bot.store.port import Context, NextIds
from bot.store.rows import alert_of, delivery_of, link_of, story_of
from bot.store.topics import version_of_topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import IngestPlan

_sequences = schema.sequences.c
_subscriptions = schema.subscriptions.c
_chats = schema.chats.c


class Ingest(Part):
    """The store's method that begins an ingest."""

    @asynccontextmanager
    async def ingest(
        self, *, feed_ids: Sequence[int] = (), entries: int = 0, alone: bool = True
    ) -> AsyncIterator[SqlIngestUnit]:
        """See the port."""
        beside_others = not (alone or self.database.is_sqlite)
        first_id = await self._reserved(entries)
        lock = None if beside_others else INGEST_LOCK
        async with self.database.write(lock=lock, beside=feed_ids) as conn:
            yield SqlIngestUnit(conn, first_id, beside_others=beside_others)

    async def _reserved(self, entries: int) -> int | None:
        """The first of so many ids for entries, taken in a transaction of its own, so that nobody waits for ours."""
        if self.database.is_sqlite or not entries:
            return None
        # Whatever is committed after this one takes it to the disk as well, so it need not be waited for.
        statement = text(
            "WITH soon AS (SELECT set_config('synchronous_commit', 'off', true))"
            " UPDATE sequences SET value = value + :entries FROM soon WHERE name = 'entry' RETURNING value - :entries"
        )
        async with self.database.read() as conn:
            return int((await conn.execute(statement, {"entries": entries})).scalar_one())


class SqlIngestUnit:
    """``IngestUnit`` on one connection. ``first_id`` is the first of the ids that are reserved for its entries."""

    def __init__(self, conn: AsyncConnection, first_id: int | None = None, *, beside_others: bool = False) -> None:
        self._conn = conn
        self._first_id = first_id
        self._beside_others = beside_others

    async def seen(self, keys: Sequence[str]) -> Mapping[str, int]:
        """See the port."""
        return await entries_by_key(self._conn, keys)

    async def topics_version(self) -> int:
        """See the port."""
        return await version_of_topics(self._conn)

    async def statistics(self, terms: Sequence[str]) -> TermStatistics:
        """See the port."""
        if not self._beside_others:
            await tallies.add_up(self._conn)
        numbers = await self._numbers()
        return TermStatistics(numbers["entries"], await search.frequencies(self._conn, terms))

    async def candidates(self, terms: Sequence[str], *, before: datetime, limit: int) -> tuple[PastEntry, ...]:
        """See the port."""
        return await past_entries(self._conn, await search.ranked(self._conn, terms, before=before, limit=limit))

    async def recent(self, *, since: datetime, before: datetime, limit: int) -> tuple[PastEntry, ...]:
        """See the port."""
        return await recent_entries(self._conn, since=since, before=before, limit=limit)

    async def past_entries(self, entry_ids: Sequence[int]) -> tuple[PastEntry, ...]:
        """See the port."""
        return await past_entries(self._conn, entry_ids)

    async def context(
        self, *, feed_id: int, topic_ids: Sequence[int], story_ids: Sequence[int], feed_ids: Sequence[int] = ()
    ) -> Context:
        """See the port. Chats that are not active neither subscribe nor follow while they are so."""
        conn, column = self._conn, schema.stories.c
        stories = await select_in(conn, story_ids, lambda chunk: select(schema.stories).where(column.id.in_(chunk)))
        members = await members_of(conn, story_ids)
        feeds = {*feed_ids, *(past.entry.feed_id for entries in members.values() for past in entries)}
        deliveries = await _deliveries_of(conn, story_ids)
        return Context(
            stories={row.id: story_of(row) for row in stories},
            members=members,
            links=await _links_of(conn, story_ids),
            alerts=await _alerts_of(conn, deliveries),
            deliveries=deliveries,
            subscribers=await _subscribers_of(conn, topic_ids),
            followers=await _followers_of(conn, feed_id),
            readers=await _readers_of(conn, feeds),
        )

    async def next_ids(self) -> NextIds:
        """See the port."""
        # Unless they are reserved: held until the transaction ends, so that nobody reserves the same ones.
        numbers = await self._numbers(hold=self._first_id is None and not self._beside_others)
        return NextIds(self._first_id or numbers["entry"], story=numbers["story"], alert=numbers["alert"])

    async def apply(self, *plans: IngestPlan) -> None:
        """See the port. What names a topic or chat that was removed meanwhile is left out."""
        await write_plans(self._conn, plans, beside_others=self._beside_others)

    async def _numbers(self, *, hold: bool = False) -> dict[str, int]:
        query = select(_sequences.name, _sequences.value)
        rows = await self._conn.execute(query.order_by(_sequences.name).with_for_update() if hold else query)
        return {row.name: row.value for row in rows}


async def _links_of(conn: AsyncConnection, story_ids: Sequence[int]) -> dict[int, tuple[BackstoryLink, ...]]:
    column = schema.story_links.c
    query = select(schema.story_links).order_by(column.story_id, column.rank)
    rows = await select_in(conn, story_ids, lambda chunk: query.where(column.story_id.in_(chunk)))
    grouped: dict[int, list[BackstoryLink]] = {}
    for row in rows:
        grouped.setdefault(row.story_id, []).append(link_of(row))
    return {story_id: tuple(links) for story_id, links in grouped.items()}


async def _deliveries_of(conn: AsyncConnection, story_ids: Sequence[int]) -> dict[int, tuple[Delivery, ...]]:
    """What each chat was told of each story: its messages, and the newest edit alone. A busy story has hundreds."""
    column = schema.deliveries.c
    is_edit, is_dead = column.action == Action.EDIT.value, column.state == DeliveryState.DEAD.value

    def query(chunk: Any) -> Any:  # noqa: ANN401 - a bound parameter, a statement
        of_these = column.story_id.in_(chunk)
        newest = (
            select(func.max(column.id)).where(of_these, is_edit, ~is_dead).group_by(column.story_id, column.chat_id)
        )
        rows = select(schema.deliveries).where(of_these, ~is_edit | column.id.in_(newest))
        return rows.order_by(column.id)

    grouped: dict[int, list[Delivery]] = {}
    for row in await select_in(conn, story_ids, query):
        grouped.setdefault(row.story_id, []).append(delivery_of(row))
    return {story_id: tuple(deliveries) for story_id, deliveries in grouped.items()}


async def _alerts_of(
    conn: AsyncConnection, deliveries: Mapping[int, Sequence[Delivery]]
) -> dict[int, tuple[Alert, ...]]:
    """The alerts that these rows bring, by their stories."""
    column = schema.alerts.c
    alert_ids = sorted({row.alert_id for rows in deliveries.values() for row in rows})
    rows = await select_in(conn, alert_ids, lambda chunk: select(schema.alerts).where(column.id.in_(chunk)))
    grouped: dict[int, list[Alert]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        grouped.setdefault(row.story_id, []).append(alert_of(row))
    return {story_id: tuple(alerts) for story_id, alerts in grouped.items()}


async def _subscribers_of(conn: AsyncConnection, topic_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    query = (
        select(_subscriptions.topic_id, _subscriptions.chat_id)
        .join(schema.chats, (_chats.id == _subscriptions.chat_id) & _chats.active.is_(True))
        .order_by(_subscriptions.chat_id)
    )
    rows = await select_in(conn, topic_ids, lambda chunk: query.where(_subscriptions.topic_id.in_(chunk)))
    grouped: dict[int, list[int]] = {}
    for row in rows:
        grouped.setdefault(row.topic_id, []).append(row.chat_id)
    return {topic_id: tuple(chat_ids) for topic_id, chat_ids in grouped.items()}


async def _readers_of(conn: AsyncConnection, feed_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """The chats that each of these feeds serves, for those that do not serve every chat."""
    feeds, followed = schema.feeds.c, schema.chat_feeds.c
    own = (feeds.shared.is_(False)) & (feeds.state != FeedState.ARCHIVE.value)
    query = (
        select(feeds.id, followed.chat_id)
        .join_from(schema.feeds, schema.chat_feeds, followed.feed_id == feeds.id, isouter=True)
        .where(own)
    )
    rows = await select_in(conn, sorted(feed_ids), lambda chunk: query.where(feeds.id.in_(chunk)))
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row.id, set()).update(() if row.chat_id is None else (row.chat_id,))
    return {feed_id: frozenset(chats) for feed_id, chats in found.items()}


async def _followers_of(conn: AsyncConnection, feed_id: int) -> frozenset[int] | None:
    feeds, followed = schema.feeds.c, schema.chat_feeds.c
    feed = (await conn.execute(select(feeds.shared, feeds.state).where(feeds.id == feed_id))).first()
    if feed is not None and (feed.shared or feed.state == FeedState.ARCHIVE.value):
        return None
    query = (
        select(followed.chat_id)
        .join(schema.chats, (_chats.id == followed.chat_id) & _chats.active.is_(True))
        .where(followed.feed_id == feed_id)
    )
    return frozenset(await conn.scalars(query))
