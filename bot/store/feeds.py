"""Feeds: their polling state, their leases and whom they serve. Must not fetch anything."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, case, delete, exists, func, literal, or_, select, true, update

from bot.model import Feed, FeedState, NoticeKind, Poll
from bot.store import schema
from bot.store.base import Part
from bot.store.database import insert, select_in, upsert
from bot.store.notices import end_about_feed, note_poll
from bot.store.rows import digest, feed_of, feed_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Update
    from sqlalchemy.ext.asyncio import AsyncConnection

_feeds = schema.feeds.c
_followed = schema.chat_feeds.c
_hubs = schema.hub_subscriptions.c

ACTIVE = FeedState.ACTIVE.value
MOVED = FeedState.MOVED.value
ARCHIVE = FeedState.ARCHIVE.value

_CALLED = exists().where(
    _hubs.feed_id == _feeds.id, or_(_feeds.last_polled_at.is_(None), _hubs.pushed_at > _feeds.last_polled_at)
)
_RANK = case((_CALLED.correlate(schema.feeds), 0), else_=1).label("rank")

IN_TURN: Final = (_feeds.baselined, _RANK, _feeds.next_poll_at, _feeds.id)
"""Whose subscribers wait for a first answer comes before all others, then what a hub called for since its last poll."""

_BEGINNING: Final = ("baselined", "etag", "last_modified", "added_at")
"""What tells a first poll from later ones. With the etag of before, a first poll might be told that nothing changed."""

_NONE: Final[Mapping[int, datetime]] = MappingProxyType({})


def serves_somebody() -> ColumnElement[bool]:
    """Feeds worth polling: shared, or followed by a chat that can be written to."""
    chats = schema.chats.c
    follower = exists().where(_followed.feed_id == _feeds.id, chats.id == _followed.chat_id, chats.active.is_(True))
    return or_(_feeds.shared.is_(True), follower)


def serves(chat_id: int) -> ColumnElement[bool]:
    """Feeds whose entries the chat may see: shared ones, imported archives and those that it follows."""
    follows = exists().where(_followed.feed_id == _feeds.id, _followed.chat_id == chat_id)
    return or_(_feeds.shared.is_(True), _feeds.state == ARCHIVE, follows)


class Feeds(Part):
    """The store's methods about feeds."""

    async def add_feed(self, feed: Feed) -> Feed:
        """See the port. A feed that was GONE or MOVED and is added anew, so that it answered, is polled again.

        One that was not polled until now, for nobody followed it or it was given up, begins anew: what it has published
        meanwhile is as old to its new followers as what any other new feed holds.
        """
        async with self.database.write() as conn:
            statement = insert(conn, schema.feeds).values(feed_row(feed))
            await conn.execute(statement.on_conflict_do_nothing(index_elements=["url_key"]))
            known = await _at(conn, feed.url)
            changed: dict[str, Any] = {}
            lost = known.is_lost and self.database.seal.is_set
            if lost:  # with its key; a process without any must not write it down in clear
                changed |= {"url": feed.url, "moved_to": None, "moved_times": 0}
                # What was agreed with its hub cannot be read any more either: it is agreed anew at the next poll.
                await conn.execute(delete(schema.hub_subscriptions).where(_hubs.feed_id == known.id))
            if feed.shared and not known.shared:
                changed["shared"] = True
            given_up = known.state in {FeedState.GONE, FeedState.MOVED}
            if feed.state is FeedState.ACTIVE and (given_up or not await _serves_somebody(conn, known.id)):
                anew = {name: getattr(feed, name) for name in _BEGINNING}
                changed |= {name: value for name, value in anew.items() if getattr(known, name) != value}
            if feed.state is FeedState.ACTIVE and (given_up or lost):
                changed |= {"state": ACTIVE, "next_poll_at": feed.next_poll_at, "failures": 0, "last_error": None}
                changed["failing_since"] = None
                await end_about_feed(conn, known.id, [NoticeKind.FEED_GONE, NoticeKind.FEED_FAILING])
            if changed:
                await conn.execute(update(schema.feeds).where(_feeds.id == known.id).values(**changed))
                known = await _at(conn, feed.url)
        return known

    async def feed(self, feed_id: int) -> Feed | None:
        """See the port."""
        async with self.database.read() as conn:
            row = (await conn.execute(select(schema.feeds).where(_feeds.id == feed_id))).first()
        return None if row is None else feed_of(row)

    async def feed_at(self, url: str) -> Feed | None:
        """See the port."""
        async with self.database.read() as conn:
            row = (await conn.execute(select(schema.feeds).where(_feeds.url_key == digest(url)))).first()
        return None if row is None else feed_of(row)

    async def follow(self, chat_id: int, feed_id: int) -> None:
        """See the port."""
        async with self.database.write() as conn:
            statement = insert(conn, schema.chat_feeds).values(chat_id=chat_id, feed_id=feed_id)
            await conn.execute(statement.on_conflict_do_nothing())

    async def unfollow(self, chat_id: int, feed_id: int) -> bool:
        """See the port."""
        both = (_followed.chat_id == chat_id) & (_followed.feed_id == feed_id)
        async with self.database.write() as conn:
            gone = await conn.execute(delete(schema.chat_feeds).where(both))
        return gone.rowcount > 0

    async def feeds_of(self, chat_id: int) -> tuple[Feed, ...]:
        """See the port."""
        query = select(schema.feeds).where(serves(chat_id), _feeds.state.not_in([ARCHIVE, MOVED])).order_by(_feeds.id)
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(map(feed_of, rows))

    async def polled_feeds(self) -> tuple[Feed, ...]:
        """See the port."""
        query = select(schema.feeds).where(_feeds.state == ACTIVE, serves_somebody()).order_by(_feeds.id)
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(map(feed_of, rows))

    async def claim_due_feeds(self, *, now: datetime, lease_s: float, limit: int) -> tuple[Feed, ...]:
        """See the port."""
        free = or_(_feeds.lease_until.is_(None), _feeds.lease_until <= now)
        due = (
            select(schema.feeds)
            .where(_feeds.state == ACTIVE, _feeds.next_poll_at <= now, free, serves_somebody())
            .order_by(*IN_TURN)
            .limit(limit)
        )
        async with self.database.read() as conn:
            # Nearly every tick finds nothing due; then nobody is made to wait for a write lock.
            if (await conn.execute(due.limit(1))).first() is None:
                return ()
        # By name, so that PostgreSQL chooses once: a subquery in the condition it may run for every row.
        chosen = due.with_only_columns(_feeds.id).with_for_update(of=schema.feeds, skip_locked=True).cte("chosen")
        lease = update(schema.feeds).where(_feeds.id.in_(select(chosen.c.id))).returning(*_feeds, _RANK)
        async with self.database.write() as conn:
            rows = (await conn.execute(lease.values(lease_until=now + timedelta(seconds=lease_s)))).all()
        # No database promises to return them in the order in which they were chosen.
        in_turn = sorted(rows, key=lambda row: (row.baselined, row.rank, row.next_poll_at, row.id))
        return tuple(map(feed_of, in_turn))

    async def record_poll(self, poll: Poll) -> None:
        """See the port."""
        async with self.database.write() as conn:
            await write_polls(conn, [poll])

    async def record_polls(self, polls: Sequence[Poll]) -> None:
        """See the port."""
        async with self.database.write() as conn:
            await write_polls(conn, polls)

    async def feed_documents(self, feed_ids: Sequence[int]) -> dict[int, bytes]:
        """See the port."""
        column = schema.feed_documents.c
        async with self.database.read() as conn:
            rows = await select_in(
                conn, feed_ids, lambda chunk: select(schema.feed_documents).where(column.feed_id.in_(chunk))
            )
        return {row.feed_id: row.data for row in rows}


async def write_polls(conn: AsyncConnection, polls: Sequence[Poll], *, newest: Mapping[int, datetime] = _NONE) -> None:
    """Store how polls went and end the feeds' leases: one statement, whatever their number, as far as they are alike.

    ``newest`` is the date of the newest entry that a feed brought. What a poll did not learn (None) stays as it was.
    """
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    # Always in one order, so that two processes never wait for each other's rows.
    in_order = sorted(polls, key=lambda poll: poll.feed_id)
    for poll in in_order:
        values = _after(poll, newest.get(poll.feed_id))
        if poll.url is not None:
            values |= await _moved(conn, poll, poll.url)
        row = {"polled_id": poll.feed_id} | {f"polled_{name}": value for name, value in values.items()}
        if poll.url is not None:
            # The next one may have moved to the same address.
            await conn.execute(_polled(tuple(values)), row)
        else:
            alike[tuple(values)].append(row)
    for names, rows in alike.items():
        await conn.execute(_polled(names), rows)
    documents = [{"feed_id": poll.feed_id, "data": poll.document} for poll in in_order if poll.document is not None]
    await upsert(conn, schema.feed_documents, documents)
    for poll in in_order:
        await note_poll(conn, poll)


@lru_cache(maxsize=64)
def _polled(names: tuple[str, ...]) -> Update:
    """Sets these columns of one feed to the parameters ``polled_...``."""
    columns = {name: _feeds[name] for name in names}
    given: dict[str, ColumnElement[Any]]
    given = {name: bindparam(f"polled_{name}", type_=column.type) for name, column in columns.items()}
    known, newest, failing = _feeds.last_entry_at, given.get("last_entry_at"), given["failing_since"]
    if newest is not None:
        # An old entry that comes back must not set the feed's own time line back.
        given["last_entry_at"] = case((known > newest, known), else_=newest)
    given["failing_since"] = case((failing.is_not(None), func.coalesce(_feeds.failing_since, failing)))
    return update(schema.feeds).where(_feeds.id == bindparam("polled_id")).values(given)


async def _moved(conn: AsyncConnection, poll: Poll, url: str) -> dict[str, Any]:
    """What becomes of a feed whose new address is to be kept: where another has it, that one serves its chats."""
    holder = await _holder(conn, url, other_than=poll.feed_id)
    if holder is None:
        return {"url": url, "url_key": digest(url)}
    await _hand_over(conn, poll, to=holder)
    return {"state": MOVED}


def _after(poll: Poll, newest: datetime | None) -> dict[str, Any]:
    """A feed's columns after a poll, as far as they change."""
    learnt = {
        "etag": poll.etag,
        "last_modified": poll.last_modified,
        "title": poll.title,
        "lang": poll.lang,
        "skips": poll.skips,
        "last_entry_at": newest,
        "flooded_at": poll.at if poll.flooded else None,
    }
    return {name: value for name, value in learnt.items() if value is not None} | {
        "last_polled_at": poll.at,
        "next_poll_at": poll.next_poll_at,
        "interval_s": poll.interval_s,
        "failures": poll.failures,
        "failing_since": poll.at if poll.failures else None,
        "last_error": poll.error,
        "state": poll.state.value,
        "baselined": poll.baselined,
        "moved_to": poll.moved_to,
        "moved_times": poll.moved_times,
        "lease_until": None,
    }


async def _at(conn: AsyncConnection, url: str) -> Feed:
    return feed_of((await conn.execute(select(schema.feeds).where(_feeds.url_key == digest(url)))).one())


async def _serves_somebody(conn: AsyncConnection, feed_id: int) -> bool:
    return await conn.scalar(select(_feeds.id).where(_feeds.id == feed_id, serves_somebody())) is not None


async def _holder(conn: AsyncConnection, url: str, *, other_than: int) -> int | None:
    """The other feed that has this address already."""
    query = select(_feeds.id).where(_feeds.url_key == digest(url), _feeds.id != other_than)
    found: int | None = await conn.scalar(query)
    return found


async def _hand_over(conn: AsyncConnection, poll: Poll, *, to: int) -> None:
    """Let another feed serve the chats of one that moved onto it.

    The chats keep following the old one, too, which is not polled any more: what it brought stays theirs to see. It
    has brought what the other one holds by now, so that one need not begin anew, and nothing falls between the two.
    """
    mine = select(_followed.chat_id, literal(to)).where(_followed.feed_id == poll.feed_id)
    statement = insert(conn, schema.chat_feeds).from_select(["chat_id", "feed_id"], mine.where(true()))
    await conn.execute(statement.on_conflict_do_nothing())
    shared = select(_feeds.shared).where(_feeds.id == poll.feed_id)
    if await conn.scalar(shared):
        await conn.execute(update(schema.feeds).where(_feeds.id == to).values(shared=True))
    # It has just answered; where it was given up, it is polled again.
    revived = {"state": ACTIVE, "next_poll_at": poll.next_poll_at, "failures": 0, "last_error": None}
    revived["failing_since"] = None
    given_up = _feeds.state.in_([FeedState.GONE.value, MOVED])
    await conn.execute(update(schema.feeds).where(_feeds.id == to, given_up).values(**revived))
