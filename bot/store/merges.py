"""Making one story of two, inside the transaction of a plan. Must not decide which.

The row of the story that is gone stays, and says what it became: old messages and buttons go on naming it, and a chat
that was told both keeps the deliveries of the second there, so that its message can be found. Doing it twice changes
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from bot.model import Action, DeliveryState
from bot.preferences import MuteKind
from bot.store import schema
from bot.store.preferences import mute_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import StoryMerge

_stories = schema.stories.c
_members = schema.story_entries.c
_alerts = schema.alerts.c
_deliveries = schema.deliveries.c
_ratings = schema.ratings.c
_mutes = schema.mutes.c
_links = schema.story_links.c


async def merge_stories(conn: AsyncConnection, merges: Sequence[StoryMerge]) -> None:
    """Apply these merges, in order."""
    for merge in merges:
        await _move_contents(conn, merge)
        await _move_deliveries(conn, merge)
        await _move_ratings(conn, merge)
        await _move_mutes(conn, merge)
        await _move_links(conn, merge)
        into = update(schema.stories).where(or_(_stories.id == merge.gone, _stories.merged_into == merge.gone))
        await conn.execute(into.values(merged_into=merge.kept))


async def _move_contents(conn: AsyncConnection, merge: StoryMerge) -> None:
    for table in (schema.story_entries, schema.alerts):
        await conn.execute(update(table).where(table.c.story_id == merge.gone).values(story_id=merge.kept))


async def _move_deliveries(conn: AsyncConnection, merge: StoryMerge) -> None:
    """Rows of chats that were told one of the two follow; of those told both, what has not been sent need not be."""
    other = schema.deliveries.alias("other")
    told = select(other.c.chat_id).where(other.c.story_id == merge.kept, other.c.state != DeliveryState.DEAD.value)
    gone = _deliveries.story_id == merge.gone
    untried = (_deliveries.state == DeliveryState.PENDING.value) & (_deliveries.attempts == 0)
    held = (_deliveries.state == DeliveryState.HELD.value) & _deliveries.bundle_id.is_(None)
    new_message = _deliveries.action != Action.EDIT.value
    unsent = delete(schema.deliveries).where(gone, untried | held, new_message, _deliveries.chat_id.in_(told))
    await conn.execute(unsent)
    follows = update(schema.deliveries).where(gone, _deliveries.chat_id.not_in(told))
    await conn.execute(follows.values(story_id=merge.kept))


async def _move_ratings(conn: AsyncConnection, merge: StoryMerge) -> None:
    """A chat's word on the kept story stands; one on the other alone becomes it."""
    rated = schema.ratings.alias("rated")
    already = select(rated.c.chat_id).where(rated.c.story_id == merge.kept)
    moved = update(schema.ratings).where(_ratings.story_id == merge.gone, _ratings.chat_id.not_in(already))
    await conn.execute(moved.values(story_id=merge.kept))
    await conn.execute(delete(schema.ratings).where(_ratings.story_id == merge.gone))


async def _move_mutes(conn: AsyncConnection, merge: StoryMerge) -> None:
    """Who muted one of the two has muted the event; of two mutes the one that lasts longer stays."""
    story = _mutes.kind == MuteKind.STORY.value
    ours, theirs = schema.mutes.alias("ours"), schema.mutes.alias("theirs")
    of_theirs = (theirs.c.kind == MuteKind.STORY.value) & (theirs.c.story_id == merge.gone)
    longer = (
        select(theirs.c.id)
        .where(of_theirs, theirs.c.chat_id == _mutes.chat_id, _mutes.until.is_not(None))
        .where(theirs.c.until.is_(None) | (theirs.c.until > _mutes.until))
        .exists()
    )
    await conn.execute(delete(schema.mutes).where(story, _mutes.story_id == merge.kept, longer))
    already = select(ours.c.chat_id).where(ours.c.kind == MuteKind.STORY.value, ours.c.story_id == merge.kept)
    moved = update(schema.mutes).where(story, _mutes.story_id == merge.gone, _mutes.chat_id.not_in(already))
    await conn.execute(moved.values(story_id=merge.kept, key=mute_key(MuteKind.STORY, merge.kept)))
    await conn.execute(delete(schema.mutes).where(story, _mutes.story_id == merge.gone))


async def _move_links(conn: AsyncConnection, merge: StoryMerge) -> None:
    """The plan has written the kept story's own links; those of later stories to either now lead to one."""
    await conn.execute(delete(schema.story_links).where(_links.story_id == merge.gone))
    led = update(schema.story_links).where(_links.past_story_id == merge.gone)
    await conn.execute(led.values(past_story_id=merge.kept))
    inside = (_links.story_id == merge.kept) & (_links.past_story_id == merge.kept)
    await conn.execute(delete(schema.story_links).where(inside))
    # A story that linked both links the better one.
    better = schema.story_links.alias("better")
    twice = (
        select(better.c.rank)
        .where(better.c.story_id == _links.story_id, better.c.past_story_id == merge.kept)
        .where(better.c.rank < _links.rank)
        .exists()
    )
    await conn.execute(delete(schema.story_links).where(_links.past_story_id == merge.kept, twice))
