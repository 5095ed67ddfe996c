"""Topics and subscriptions. Must not parse queries."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, delete, exists, or_, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from bot.errors import CommandError
from bot.model import Subscription, TopicChanges
from bot.speech import _
from bot.store import schema
from bot.store.base import Part, bump_topics
from bot.store.database import insert, select_in
from bot.store.rows import place_row, subscription_of, topic_of, topic_row

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Executable, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Address, Topic

_topics = schema.topics.c
_subscriptions = schema.subscriptions.c
_deliveries = schema.deliveries.c


def belongs_to(chat_id: int) -> ColumnElement[bool]:
    """The chat's own topics and the shared ones."""
    return or_(_topics.chat_id == chat_id, _topics.chat_id.is_(None))


def _subscribing(conn: AsyncConnection, subscription: Subscription) -> Executable:
    """Turns alerts on; a subscription that is there stays as it is."""
    values = {
        "chat_id": subscription.chat_id,
        "topic_id": subscription.topic_id,
        "created_at": subscription.created_at,
        **place_row(subscription.place, subscription.place_title),
    }
    return insert(conn, schema.subscriptions).values(values).on_conflict_do_nothing()


class Topics(Part):
    """The store's methods about topics and subscriptions."""

    async def add_topic(self, topic: Topic, *, alerts: bool = False) -> Topic:
        """See the port; raises CommandError where the name is taken."""
        try:
            async with self.database.write() as conn:
                statement = schema.topics.insert().values(topic_row(topic)).returning(_topics.id)
                topic_id: int = (await conn.execute(statement)).scalar_one()
                if alerts and topic.chat_id is not None:
                    await conn.execute(_subscribing(conn, Subscription(topic.chat_id, topic_id, topic.created_at)))
                await bump_topics(conn, [topic_id])
        except IntegrityError as error:
            raise _name_taken(topic) from error
        return dataclasses.replace(topic, id=topic_id)

    async def topic_named(self, chat_id: int, name: str) -> Topic | None:
        """See the port."""
        named = select(schema.topics).where(belongs_to(chat_id), _topics.name_key == name.casefold())
        async with self.database.read() as conn:
            row = (await conn.execute(named.order_by(_topics.chat_id.is_(None)).limit(1))).first()
        return None if row is None else topic_of(row)

    async def topics_of(self, chat_id: int) -> tuple[Topic, ...]:
        """See the port."""
        async with self.database.read() as conn:
            rows = await conn.execute(select(schema.topics).where(belongs_to(chat_id)).order_by(_topics.id))
        return tuple(map(topic_of, rows))

    async def replace_topic(self, topic: Topic) -> None:
        """See the port; raises CommandError where the name is taken. The owner and the date of creation stay."""
        fixed = {"chat_id", "created_at"}
        values = {name: value for name, value in topic_row(topic).items() if name not in fixed}
        own = _topics.chat_id.is_not_distinct_from(topic.chat_id)
        try:
            async with self.database.write() as conn:
                before = await conn.scalar(select(_topics.name).where(_topics.id == topic.id, own))
                await conn.execute(update(schema.topics).where(_topics.id == topic.id, own).values(**values))
                if before not in (None, topic.name) and topic.chat_id is not None:
                    await _rename_told(conn, topic.chat_id, before, topic.name)
                await bump_topics(conn, [topic.id])
        except IntegrityError as error:
            raise _name_taken(topic) from error

    async def remove_topic(self, topic_id: int) -> None:
        """See the port."""
        async with self.database.write() as conn:
            await conn.execute(delete(schema.topics).where(_topics.id == topic_id))
            await bump_topics(conn, [topic_id])

    async def clear_matches(self, topic_id: int) -> None:
        """See the port."""
        async with self.database.write() as conn:
            await conn.execute(delete(schema.matches).where(schema.matches.c.topic_id == topic_id))

    async def subscribe(self, subscription: Subscription) -> None:
        """See the port. Another chat's topic cannot be subscribed to: CommandError."""
        async with self.database.write() as conn:
            visible = select(_topics.id).where(_topics.id == subscription.topic_id, belongs_to(subscription.chat_id))
            if (await conn.execute(visible)).first() is None:
                msg = _("This topic is not there any more.")
                raise CommandError(msg)
            await conn.execute(_subscribing(conn, subscription))
            await bump_topics(conn, [subscription.topic_id])

    async def send_to(self, chat_id: int, topic_id: int, place: Address | None, *, title: str = "") -> None:
        """See the port."""
        both = (_subscriptions.chat_id == chat_id) & (_subscriptions.topic_id == topic_id)
        async with self.database.write() as conn:
            await conn.execute(update(schema.subscriptions).where(both).values(**place_row(place, title)))

    async def move_place(self, chat_id: int, place: Address, to: Address | None) -> tuple[str, ...]:
        """See the port."""
        there = (_subscriptions.chat_id == chat_id) & (_subscriptions.to_chat == place.chat)
        there &= _subscriptions.to_thread.is_not_distinct_from(place.thread)
        names = select(_topics.name).join(schema.subscriptions, _subscriptions.topic_id == _topics.id).where(there)
        async with self.database.write() as conn:
            moved = tuple(await conn.scalars(names.order_by(_topics.id)))
            known = await conn.scalar(select(_subscriptions.to_title).where(there).limit(1))
            await conn.execute(update(schema.subscriptions).where(there).values(**place_row(to, known or "")))
        return moved

    async def senders_to(self, place: Address) -> tuple[int, ...]:
        """See the port."""
        there = (_subscriptions.to_chat == place.chat) & (schema.chats.c.platform == place.platform.value)
        if place.thread is not None:
            there &= _subscriptions.to_thread == place.thread
        query = select(schema.chats.c.id).distinct().join(schema.subscriptions).where(there)
        async with self.database.read() as conn:
            return tuple(await conn.scalars(query.order_by(schema.chats.c.id)))

    async def unsubscribe(self, chat_id: int, topic_id: int) -> bool:
        """See the port."""
        both = (_subscriptions.chat_id == chat_id) & (_subscriptions.topic_id == topic_id)
        async with self.database.write() as conn:
            gone = await conn.execute(delete(schema.subscriptions).where(both))
            await bump_topics(conn, [topic_id])
        return gone.rowcount > 0

    async def subscriptions_of(self, chat_id: int) -> tuple[Subscription, ...]:
        """See the port."""
        query = select(schema.subscriptions, schema.chats.c.platform).join(schema.chats)
        query = query.where(_subscriptions.chat_id == chat_id)
        async with self.database.read() as conn:
            rows = await conn.execute(query.order_by(_subscriptions.topic_id))
        return tuple(map(subscription_of, rows))

    async def topics_version(self) -> int:
        """See the port."""
        async with self.database.read() as conn:
            return await version_of_topics(conn)

    async def watched_topics(self) -> tuple[Topic, ...]:
        """See the port."""
        async with self.database.read() as conn:
            rows = await conn.execute(_watched())
        return tuple(map(topic_of, rows))

    async def topic_changes(self, since: int) -> TopicChanges:
        """See the port."""
        changes = schema.topic_changes.c
        changed = select(changes.topic_id).where(changes.version > since)
        async with self.database.read() as conn:
            # The version is read first: what changes in between is read now and once more the next time.
            version: int = (await conn.execute(_version())).scalar_one()
            ids = frozenset((await conn.execute(changed)).scalars())
            rows = await select_in(conn, sorted(ids), lambda some: _watched().where(_topics.id.in_(some)))
        watched = tuple(map(topic_of, rows))
        return TopicChanges(version, watched, ids - {topic.id for topic in watched})


async def version_of_topics(conn: AsyncConnection) -> int:
    """A number that grows whenever a topic or a subscription changes."""
    version: int = (await conn.execute(_version())).scalar_one()
    return version


def _version() -> Select[int]:
    return select(schema.sequences.c.value).where(schema.sequences.c.name == "topics")


def _watched() -> Select[Any]:
    """Topics that are not paused and have a subscriber in an active chat."""
    chats = schema.chats.c
    watcher = exists().where(
        _subscriptions.topic_id == _topics.id, chats.id == _subscriptions.chat_id, chats.active.is_(True)
    )
    return select(schema.topics).where(_topics.paused.is_(False), watcher).order_by(_topics.id)


async def _rename_told(conn: AsyncConnection, chat_id: int, before: str, after: str) -> None:
    """Let what a chat was told, and what it is to be told, go by a topic's new name.

    An edit keeps the names that its message has, and what waits finds its place by the name.
    """
    as_written = type_coerce(_deliveries.topics, Text).contains(json.dumps(before, ensure_ascii=False), autoescape=True)
    told = select(_deliveries.id, _deliveries.topics).where(_deliveries.chat_id == chat_id, as_written)
    for row in (await conn.execute(told.order_by(_deliveries.id).with_for_update())).all():
        names = list(dict.fromkeys(after if name == before else name for name in row.topics))
        await conn.execute(update(schema.deliveries).where(_deliveries.id == row.id).values(topics=names))


def _name_taken(topic: Topic) -> CommandError:
    return CommandError(_("There is a topic named “{name}” already.").format(name=topic.name))
