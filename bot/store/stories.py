"""Stories as a chat sees them.

A chat sees a story where one of its topics (its own or shared) matched an entry of a feed that serves it, or where it
was sent an alert about it. Must not show one chat what another one's topics matched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, func, select, union

from bot.model import Action, BackstoryLink, DeliveryState
from bot.store import schema
from bot.store.base import Part
from bot.store.database import select_in
from bot.store.feeds import serves
from bot.store.port import MatchView, StoryView, ToldMessage
from bot.store.rows import Row, alert_of, entry_of, link_of, match_of, ref_of, story_of, topic_of
from bot.store.topics import belongs_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Entry, Story

_stories = schema.stories.c
_members = schema.story_entries.c
_matches = schema.matches.c
_topics = schema.topics.c
_entries = schema.entries.c
_deliveries = schema.deliveries.c
_alerts = schema.alerts.c
_links = schema.story_links.c


class Stories(Part):
    """The store's methods about stories."""

    async def story_view(self, chat_id: int, story_id: int) -> StoryView | None:
        """See the port."""
        visible = stories_of(chat_id, relevant_only=False).subquery()
        today = select(func.coalesce(_stories.merged_into, _stories.id)).where(_stories.id == story_id)
        async with self.database.read() as conn:
            now_id = await conn.scalar(today)
            query = select(schema.stories).where(_stories.id == now_id, _stories.id.in_(select(visible.c.story_id)))
            views = await _views(conn, chat_id, (await conn.execute(query)).all())
        return views[0] if views else None

    async def latest_stories(
        self, chat_id: int, *, topic_id: int | None = None, limit: int = 5
    ) -> tuple[StoryView, ...]:
        """See the port. A mere mention of a topic (a match that is not relevant) does not list a story."""
        visible = stories_of(chat_id, topic_id=topic_id).subquery()
        query = (
            select(schema.stories)
            .where(_stories.id.in_(select(visible.c.story_id)), _stories.merged_into.is_(None))
            .order_by(_stories.updated_at.desc(), _stories.id.desc())
            .limit(limit)
        )
        async with self.database.read() as conn:
            return await _views(conn, chat_id, (await conn.execute(query)).all())

    async def story_links(self, story_id: int, *, chat_id: int | None = None) -> tuple[BackstoryLink, ...]:
        """See the port."""
        query = select(schema.story_links).where(_links.story_id == story_id).order_by(_links.rank)
        if chat_id is not None:
            brought = schema.feeds.c.id == func.coalesce(_links.feed_id, _entries.feed_id)
            query = query.join(schema.entries, _entries.id == _links.entry_id, isouter=True)
            query = query.join(schema.feeds, brought, isouter=True).where(serves(chat_id))
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(map(link_of, rows))

    async def first_messages(self, chat_id: int, story_ids: Sequence[int]) -> dict[int, ToldMessage]:
        """See the port."""
        asked = schema.stories.alias("asked")
        today = func.coalesce(asked.c.merged_into, asked.c.id)
        sent = (_deliveries.chat_id == chat_id) & (_deliveries.state == DeliveryState.SENT.value)
        first = (
            select(asked.c.id.label("asked_id"), func.min(_deliveries.id).label("first_id"))
            .join_from(asked, schema.deliveries, _deliveries.story_id == today)
            .where(sent, _deliveries.action != Action.EDIT.value, _deliveries.ref_message.is_not(None))
            .group_by(asked.c.id)
        )
        found: dict[int, ToldMessage] = {}
        async with self.database.read() as conn:
            firsts = await select_in(conn, sorted(set(story_ids)), lambda ids: first.where(asked.c.id.in_(ids)))
            asked_of: dict[int, list[int]] = {}
            for row in firsts:
                asked_of.setdefault(row.first_id, []).append(row.asked_id)
            query = select(schema.deliveries)
            for row in await select_in(conn, sorted(asked_of), lambda ids: query.where(_deliveries.id.in_(ids))):
                ref = ref_of(row)
                if ref is not None and row.sent_at is not None:
                    found |= {story_id: ToldMessage(ref, row.sent_at) for story_id in asked_of[row.id]}
        return found

    async def story_matches(self, chat_id: int, story_id: int) -> tuple[MatchView, ...]:
        """See the port."""
        best_first = (_matches.relevant.desc(), _matches.score.desc(), _matches.entry_id, _matches.topic_id)
        where = (_members.story_id == story_id, belongs_to(chat_id), serves(chat_id))
        async with self.database.read() as conn:
            matches = (
                await conn.execute(_with_topic(select(schema.matches)).where(*where).order_by(*best_first))
            ).all()
            topic_ids = {row.topic_id for row in matches}
            entry_ids = {row.entry_id for row in matches}
            topics = await select_in(conn, topic_ids, lambda ids: select(schema.topics).where(_topics.id.in_(ids)))
            entries = await select_in(conn, entry_ids, lambda ids: select(schema.entries).where(_entries.id.in_(ids)))
        topic_by_id = {row.id: topic_of(row) for row in topics}
        entry_by_id = {row.id: entry_of(row) for row in entries}
        return tuple(MatchView(topic_by_id[row.topic_id], match_of(row), entry_by_id[row.entry_id]) for row in matches)


def _with_topic(query: Select[Any]) -> Select[Any]:
    """A query over matches, with the story, the topic and the feed that each belongs to."""
    return (
        query.join_from(schema.matches, schema.story_entries, _members.entry_id == _matches.entry_id)
        .join(schema.topics, _topics.id == _matches.topic_id)
        .join(schema.entries, _entries.id == _matches.entry_id)
        .join(schema.feeds, schema.feeds.c.id == _entries.feed_id)
    )


def stories_of(
    chat_id: int, *, topic_id: int | None = None, relevant_only: bool = True, among: Sequence[int] | None = None
) -> CompoundSelect[Any] | Select[Any]:
    """The ids of the stories that a chat sees; with ``topic_id`` those that this topic matched."""
    matched = _with_topic(select(_members.story_id)).where(belongs_to(chat_id), serves(chat_id))
    if relevant_only:
        matched = matched.where(_matches.relevant.is_(True))
    if topic_id is not None:
        return matched.where(_matches.topic_id == topic_id)
    sent = select(_deliveries.story_id).where(_deliveries.chat_id == chat_id, _deliveries.action != Action.NONE.value)
    if among is not None:
        matched, sent = matched.where(_members.story_id.in_(among)), sent.where(_deliveries.story_id.in_(among))
    return union(matched, sent)


async def _views(conn: AsyncConnection, chat_id: int, rows: Sequence[Row]) -> tuple[StoryView, ...]:
    story_ids = [row.id for row in rows]
    topics = await _topic_names(conn, chat_id, story_ids)
    newest = select(func.max(_deliveries.alert_id)).where(_deliveries.chat_id == chat_id).group_by(_deliveries.story_id)
    alerts = await select_in(
        conn,
        story_ids,
        lambda ids: select(schema.alerts).where(_alerts.id.in_(newest.where(_deliveries.story_id.in_(ids)))),
    )
    alert_of_story = {row.story_id: alert_of(row) for row in alerts}
    stories = await as_seen(conn, chat_id, [story_of(row) for row in rows])
    return tuple(StoryView(story, topics.get(story.id, ()), alert_of_story.get(story.id)) for story in stories)


async def as_seen(conn: AsyncConnection, chat_id: int, stories: Sequence[Story]) -> list[Story]:
    """The stories without what came by feeds that do not serve the chat.

    Where such a feed brought the entry that leads a story, the first entry that the chat may see leads it instead. What
    the chat was told before it left a feed stays.
    """
    story_ids = [story.id for story in stories]
    leads = (
        select(_stories.id)
        .join_from(schema.stories, schema.entries, _entries.id == _stories.first_entry_id)
        .join(schema.feeds, schema.feeds.c.id == _entries.feed_id)
        .where(~serves(chat_id))
    )
    hidden = {row.id for row in await select_in(conn, story_ids, lambda ids: leads.where(_stories.id.in_(ids)))}
    if not hidden:
        return list(stories)
    own = (
        select(schema.entries, _members.story_id)
        .join_from(schema.story_entries, schema.entries, _entries.id == _members.entry_id)
        .join(schema.feeds, schema.feeds.c.id == _entries.feed_id)
        .where(serves(chat_id))
        .order_by(_entries.at, _entries.id)
    )
    seen: dict[int, list[Entry]] = {}
    for row in await select_in(conn, sorted(hidden), lambda ids: own.where(_members.story_id.in_(ids))):
        seen.setdefault(row.story_id, []).append(entry_of(row))
    return [_led_by(story, seen[story.id]) if story.id in seen else story for story in stories]


def _led_by(story: Story, entries: Sequence[Entry]) -> Story:
    first = entries[0]
    return replace(
        story,
        first_entry_id=first.id,
        headline=first.title or first.url,
        url=first.url,
        source=first.source,
        lang=first.lang,
        started_at=first.at,
        entry_count=len(entries),
        outlets=tuple(dict.fromkeys(entry.source for entry in entries)),
        summary="",
        origins=(),
    )


async def _topic_names(conn: AsyncConnection, chat_id: int, story_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The names of the chat's topics that each story is about; those it merely mentions where there are no others."""
    columns = select(
        _members.story_id, _topics.id, _topics.name, func.max(_matches.relevant.cast(Integer)).label("about")
    )
    query = (
        _with_topic(columns)
        .where(belongs_to(chat_id), serves(chat_id))
        .group_by(_members.story_id, _topics.id, _topics.name)
        .order_by(_topics.id)
    )
    rows = await select_in(conn, story_ids, lambda ids: query.where(_members.story_id.in_(ids)))
    about: dict[int, list[str]] = {}
    mentioned: dict[int, list[str]] = {}
    for row in rows:
        (about if row.about else mentioned).setdefault(row.story_id, []).append(row.name)
    return {story_id: tuple(names) for story_id, names in {**mentioned, **about}.items()}
