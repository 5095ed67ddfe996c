"""Stories together with the links between them, as one chat sees them: the material of timelines. Must not write.

A strand holds no story that the chat may not see, and no link to an article of a feed that does not serve it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, or_, select

from bot.store import schema
from bot.store.base import Part
from bot.store.database import select_in
from bot.store.feeds import serves
from bot.store.port import Strand, Title
from bot.store.rows import link_of, story_of
from bot.store.stories import as_seen, stories_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import BackstoryLink, Story

_stories = schema.stories.c
_links = schema.story_links.c
_entries = schema.entries.c
_members = schema.story_entries.c


class Strands(Part):
    """The store's methods about how stories hang together."""

    async def topic_strand(self, chat_id: int, topic_id: int, *, limit: int) -> Strand:
        """See the port."""
        visible = stories_of(chat_id, topic_id=topic_id).subquery()
        query = (
            select(schema.stories)
            .where(_stories.id.in_(select(visible.c.story_id)), _stories.merged_into.is_(None))
            .order_by(_stories.started_at.desc(), _stories.id.desc())
            .limit(limit)
        )
        async with self.database.read() as conn:
            found = await as_seen(conn, chat_id, [story_of(row) for row in await conn.execute(query)])
            stories = {story.id: story for story in found}
            links = await _links_from(conn, chat_id, stories)
        return Strand(tuple(stories.values()), tuple(link for link in links if link.past_story_id in stories))

    async def story_strand(self, chat_id: int, story_id: int, *, limit: int) -> Strand:
        """See the port."""
        async with self.database.read() as conn:
            stories = await _visible(conn, chat_id, {story_id})
            links: dict[tuple[int, int], BackstoryLink] = {}
            if stories:
                before = await _followed(conn, chat_id, story_id, limit=limit, back=True)
                after = await _followed(conn, chat_id, story_id, limit=limit, back=False)
                stories |= before | after
                for link in await _links_from(conn, chat_id, stories):
                    # Of what has no story, or none that is ours, only what the story itself continues is of interest.
                    if link.past_story_id in stories or link.story_id == story_id:
                        links[link.story_id, link.rank] = link
        in_order = sorted(stories.values(), key=lambda story: (story.started_at, story.id), reverse=True)
        return Strand(tuple(in_order), tuple(links.values()))

    async def later_stories(self, chat_id: int, story_id: int, *, limit: int) -> tuple[Story, ...]:
        """See the port."""
        async with self.database.read() as conn:
            found = await _next(conn, chat_id, {story_id}, back=False)
        return tuple(sorted(found.values(), key=lambda story: (story.started_at, story.id), reverse=True)[:limit])

    async def titles_in(self, chat_id: int, story_ids: Sequence[int], lang: str) -> Mapping[int, Title]:
        """See the port."""

        def told(ids: list[int]) -> Select[tuple[int, str, str]]:
            return (
                select(_members.story_id, _entries.title, _entries.url)
                .join(schema.entries, _entries.id == _members.entry_id)
                .join(schema.feeds, schema.feeds.c.id == _entries.feed_id)
                .where(_members.story_id.in_(ids), _entries.lang == lang, _entries.title != "", serves(chat_id))
                .order_by(_members.story_id, _entries.at, _entries.id)
            )

        async with self.database.read() as conn:
            rows = await select_in(conn, story_ids, told)
        # Of several the first one stands: later ones tell what came after.
        return {row.story_id: Title(row.title, row.url) for row in reversed(rows)}


async def _followed(conn: AsyncConnection, chat_id: int, story_id: int, *, limit: int, back: bool) -> dict[int, Story]:
    """All that a story continues (``back``), or that continues it, step by step."""
    found: dict[int, Story] = {}
    edge = {story_id}
    while edge and len(found) < limit:
        reached = await _next(conn, chat_id, edge, back=back)
        edge = reached.keys() - found.keys() - {story_id}
        found |= {number: reached[number] for number in sorted(edge)[: limit - len(found)]}
    return found


async def _next(conn: AsyncConnection, chat_id: int, story_ids: Collection[int], *, back: bool) -> dict[int, Story]:
    """The stories one step away that the chat may see."""
    here, there = (_links.story_id, _links.past_story_id) if back else (_links.past_story_id, _links.story_id)

    def linked(ids: list[int]) -> Select[tuple[int]]:
        return select(there).where(here.in_(ids), there.is_not(None)).distinct()

    rows = await select_in(conn, story_ids, linked)
    return await _visible(conn, chat_id, {row[0] for row in rows} - set(story_ids))


async def _visible(conn: AsyncConnection, chat_id: int, story_ids: Collection[int]) -> dict[int, Story]:
    def seen(ids: list[int]) -> Select[Any]:
        visible = stories_of(chat_id, relevant_only=False, among=ids).subquery()
        return select(schema.stories).where(_stories.id.in_(select(visible.c.story_id)), _stories.merged_into.is_(None))

    rows = await select_in(conn, story_ids, seen)
    return {story.id: story for story in await as_seen(conn, chat_id, [story_of(row) for row in rows])}


async def _links_from(conn: AsyncConnection, chat_id: int, stories: Mapping[int, Story]) -> list[BackstoryLink]:
    """The links of these stories to what this chat's feeds, or its own stories, hold.

    Of a link between two of the chat's stories that rests on another chat's article, only the two are told.
    """
    feeds = schema.feeds.c
    served = exists().where(_entries.id == _links.entry_id, feeds.id == _entries.feed_id, serves(chat_id))
    rows = await select_in(
        conn,
        stories,
        lambda ids: (
            select(schema.story_links, served.label("served"))
            .where(_links.story_id.in_(ids), or_(served, _links.past_story_id.in_(ids)))
            .order_by(_links.story_id, _links.rank)
        ),
    )
    return [link_of(row) if row.served else _by_story(link_of(row), stories) for row in rows]


def _by_story(link: BackstoryLink, stories: Mapping[int, Story]) -> BackstoryLink:
    """The link with what the chat sees of the earlier story, in place of an article that it does not see."""
    past = stories[link.past_story_id or 0]
    return replace(
        link, why="", at=past.started_at, headline=past.headline, url=past.url, source=past.source, feed_id=None
    )
