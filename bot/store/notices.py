"""Notices: what is said once to a chat and is no alert, with the outbox's care; and what topics usually bring.

A row is claimed under a token, begun before its request may leave and finished under the same token. A row that is over
stays: while it is there, nothing is said of its kind and subject. Must not send anything.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, exists, or_, select, update

from bot.model import DeliveryState, NoticeKind, TopicCoverage
from bot.store import schema
from bot.store.base import Part
from bot.store.database import insert
from bot.store.port import ClaimedNotice
from bot.store.rows import chat_of, notice_of
from bot.store.waits import keep_silent, may_be_spoken_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import NewNotice, Notice, Platform, Poll
    from bot.store.port import Outcome

_rows = schema.notices.c
_chats = schema.chats.c
_subscriptions = schema.subscriptions.c
_topics = schema.topics.c

PENDING = DeliveryState.PENDING.value
SENDING = DeliveryState.SENDING.value
UNKNOWN = DeliveryState.UNKNOWN.value
_UNSAID = _rows.state.in_([PENDING, SENDING])

STALE = timedelta(days=3)
"""What could not be said for so long is said no more: by then it is no news."""

MATCHES_LOOKED_AT = 300


class Notices(Part):
    """The store's methods about notices and coverage."""

    async def put_notices(self, chat_id: int, notices: Sequence[NewNotice], *, now: datetime) -> int:
        """See the port."""
        async with self.database.write() as conn:
            return await write_notices(conn, [chat_id], notices, now)

    async def end_notices(self, chat_id: int, about: Sequence[tuple[NoticeKind, str]]) -> None:
        """See the port."""
        mine = [(_rows.kind == kind.value) & (_rows.subject == subject) for kind, subject in about]
        if not mine:
            return
        async with self.database.write() as conn:
            await conn.execute(delete(schema.notices).where(_rows.chat_id == chat_id, or_(*mine)))

    async def notices_of(self, chat_id: int) -> tuple[Notice, ...]:
        """See the port."""
        async with self.database.read() as conn:
            rows = await conn.execute(select(schema.notices).where(_rows.chat_id == chat_id).order_by(_rows.id))
        return tuple(map(notice_of, rows))

    async def claim_notices(
        self, *, now: datetime, lease_s: float, limit: int, platforms: Sequence[Platform]
    ) -> tuple[ClaimedNotice, ...]:
        """See the port."""
        wanted = _chats.platform.in_([platform.value for platform in platforms]) & _chats.active.is_(True)
        wanted &= may_be_spoken_to(now)
        fresh = _rows.created_at > now - STALE
        due = (
            select(_rows.id)
            .join(schema.chats, _chats.id == _rows.chat_id)
            .where(_UNSAID, _rows.state == PENDING, _rows.not_before <= now, fresh, wanted)
            .order_by(_rows.not_before, _rows.id)
            .limit(limit)
        )
        ran_out = _UNSAID & (_rows.state == SENDING) & (_rows.lease_until <= now)
        async with self.database.read() as conn:
            expired = (await conn.execute(select(_rows.id).where(ran_out).limit(1))).first()
            if expired is None and (await conn.execute(due)).first() is None:
                return ()
        async with self.database.write() as conn:
            await conn.execute(update(schema.notices).where(ran_out).values(**interrupted()))
            rows = await conn.execute(due.with_for_update(of=schema.notices, skip_locked=True))
            taken = [row.id for row in rows]
            started = {
                "state": SENDING,
                "token": _rows.token + 1,
                "attempts": _rows.attempts + 1,
                "lease_until": now + timedelta(seconds=lease_s),
                "begun": False,
            }
            await conn.execute(update(schema.notices).where(_rows.id.in_(taken)).values(**started))
            found = (await conn.execute(select(schema.notices).where(_rows.id.in_(taken)).order_by(_rows.id))).all()
            chat_ids = {row.chat_id for row in found}
            chats = await conn.execute(select(schema.chats).where(_chats.id.in_(chat_ids)))
            by_id = {row.id: chat_of(row) for row in chats}
        return tuple(ClaimedNotice(notice_of(row), by_id[row.chat_id]) for row in found)

    async def begin_notice(self, notice: Notice, *, now: datetime, lease_s: float) -> bool:
        """See the port."""
        mine = _claimed(notice) & (_rows.lease_until > now)
        values = {"begun": True, "lease_until": now + timedelta(seconds=lease_s)}
        async with self.database.write(lasting=True) as conn:  # as for a delivery
            written = await conn.execute(update(schema.notices).where(mine).values(**values))
        return written.rowcount == 1

    async def finish_notice(self, notice: Notice, outcome: Outcome) -> bool:
        """See the port."""
        values: dict[str, Any] = {"state": outcome.state.value, "error": outcome.error, "lease_until": None}
        values["maybe_sent"] = outcome.maybe_sent and not outcome.found
        if outcome.not_before is not None:
            values["not_before"] = outcome.not_before
        if outcome.state is DeliveryState.SENT:
            values["said_at"] = outcome.at
        async with self.database.write() as conn:
            written = await conn.execute(update(schema.notices).where(_claimed(notice)).values(**values))
            if outcome.silence_at is not None and outcome.not_before is not None:
                await keep_silent(conn, notice.chat_id, outcome.silence_at, until=outcome.not_before)
        return written.rowcount == 1

    async def alerted_chats(self, *, after: int, limit: int) -> tuple[int, ...]:
        """See the port."""
        watches = exists().where(_subscriptions.chat_id == _chats.id)
        query = select(_chats.id).where(_chats.id > after, _chats.active.is_(True), watches)
        async with self.database.read() as conn:
            return tuple(await conn.scalars(query.order_by(_chats.id).limit(limit)))

    async def coverage(self, chat_id: int, *, stories: int) -> tuple[TopicCoverage, ...]:
        """See the port. Of each topic the latest matches are looked at, which the primary key holds in order."""
        alerting = (
            select(_topics.id, _topics.name, _topics.created_at, _subscriptions.created_at.label("since"))
            .join(schema.subscriptions, _subscriptions.topic_id == _topics.id)
            .where(_subscriptions.chat_id == chat_id, _topics.paused.is_(False))
            .order_by(_topics.id)
        )
        async with self.database.read() as conn:
            topics = (await conn.execute(alerting)).all()
            return tuple(
                [
                    TopicCoverage(
                        row.id, row.name, max(row.created_at, row.since), await _dates(conn, row.id, chat_id, stories)
                    )
                    for row in topics
                ]
            )


async def _dates(conn: AsyncConnection, topic_id: int, chat_id: int, limit: int) -> tuple[datetime, ...]:
    """When the topic's latest stories began, as far as the chat's feeds brought them, oldest first."""
    matches, members, stories = schema.matches.c, schema.story_entries.c, schema.stories.c
    feeds, followed, entries = schema.feeds.c, schema.chat_feeds.c, schema.entries.c
    latest = (
        select(matches.entry_id)
        .where(matches.topic_id == topic_id, matches.relevant.is_(True))
        .order_by(matches.entry_id.desc())
        .limit(MATCHES_LOOKED_AT)
        .subquery()
    )
    follows = exists().where(followed.feed_id == feeds.id, followed.chat_id == chat_id)
    told = (
        select(stories.id, stories.started_at)
        .distinct()
        .select_from(latest)
        .join(schema.story_entries, members.entry_id == latest.c.entry_id)
        .join(schema.stories, stories.id == members.story_id)
        .join(schema.entries, entries.id == latest.c.entry_id)
        .join(schema.feeds, feeds.id == entries.feed_id)
        .where(or_(feeds.shared.is_(True), follows))
        .order_by(stories.started_at.desc())
        .limit(limit)
    )
    return tuple(sorted(row.started_at for row in await conn.execute(told)))


async def write_notices(
    conn: AsyncConnection, chat_ids: Sequence[int], notices: Sequence[NewNotice], now: datetime
) -> int:
    """Write what is to be said to each of these chats, but for what was said of the same thing before."""
    rows = [
        {
            "chat_id": chat_id,
            "kind": notice.kind.value,
            "subject": notice.subject,
            "facts": dict(notice.facts),
            "created_at": now,
            "not_before": now,
            "state": PENDING,
            "attempts": 0,
            "token": 0,
            "begun": False,
            "maybe_sent": False,
        }
        for notice in notices
        for chat_id in chat_ids
    ]
    written = 0
    for row in rows:
        statement = insert(conn, schema.notices).values(**row).on_conflict_do_nothing().returning(_rows.id)
        written += len((await conn.execute(statement)).all())
    return written


async def note_poll(conn: AsyncConnection, poll: Poll) -> None:
    """Write down what a poll has to say to the chats that its feed serves, and forget what is over."""
    if poll.over:
        await end_about_feed(conn, poll.feed_id, poll.over)
    if not poll.notices:
        return
    feeds, followed = schema.feeds.c, schema.chat_feeds.c
    follows = exists().where(followed.feed_id == poll.feed_id, followed.chat_id == _chats.id)
    shared = exists().where(feeds.id == poll.feed_id, feeds.shared.is_(True))
    served = select(_chats.id).where(_chats.active.is_(True), or_(follows, shared)).order_by(_chats.id)
    everybody = (await conn.scalars(served)).all()
    for notice in poll.notices:
        await write_notices(conn, everybody if notice.chats is None else notice.chats, [notice], poll.at)


async def end_about_feed(conn: AsyncConnection, feed_id: int, kinds: Sequence[NoticeKind]) -> None:
    """What was said of a feed is over, in every chat: it may be said again."""
    mine = _rows.kind.in_([kind.value for kind in kinds]) & (_rows.subject == str(feed_id))
    await conn.execute(delete(schema.notices).where(mine))


def interrupted() -> dict[str, Any]:
    """What becomes of a row whose holder is gone: said once more with a mark if it was begun, then never again."""
    begun = _rows.begun.is_(True)
    return {
        "state": case((begun & _rows.maybe_sent.is_(True), UNKNOWN), else_=PENDING),
        "maybe_sent": case((begun, True), else_=_rows.maybe_sent),
        "error": case((begun, "interrupted while it was sent"), else_=_rows.error),
        "lease_until": None,
    }


def _claimed(notice: Notice) -> ColumnElement[bool]:
    return (_rows.id == notice.id) & (_rows.token == notice.token) & (_rows.state == SENDING)
