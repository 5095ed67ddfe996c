"""Making one story of two, inside the transaction of a plan. Must not decide which.

The row of the story that is gone stays, and says what it became: old messages and buttons go on naming it, and a chat
that was shown both keeps the deliveries of the second there, so that its message can be found. Doing it twice changes
nothing. What each chat is told of the two is ``bot.merging``'s to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from bot.merging import by_chat, merged, told_by
from bot.model import Action, DeliveryState, Hold
from bot.preferences import MuteKind
from bot.store import schema
from bot.store.database import chunks
from bot.store.preferences import mute_key
from bot.store.rows import delivery_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Delivery, StoryMerge
    from bot.store.rows import Row

_stories = schema.stories.c
_members = schema.story_entries.c
_alerts = schema.alerts.c
_deliveries = schema.deliveries.c
_ratings = schema.ratings.c
_mutes = schema.mutes.c
_links = schema.story_links.c

_UNSENT = frozenset({DeliveryState.PENDING, DeliveryState.HELD})
_WAITS = _deliveries.state.in_([state.value for state in _UNSENT]) & _deliveries.bundle_id.is_(None)


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
    """Rows of chats that were told one of the two follow; of those told both, one message stands for the event."""
    living = _deliveries.state != DeliveryState.DEAD.value
    told = select(_deliveries.chat_id).where(_deliveries.story_id == merge.kept, living)
    await _join_deliveries(conn, merge, await _of_both(conn, merge, told))
    gone = _deliveries.story_id == merge.gone
    follows = update(schema.deliveries).where(gone, _deliveries.chat_id.not_in(told))
    await conn.execute(follows.values(story_id=merge.kept))


async def _of_both(conn: AsyncConnection, merge: StoryMerge, told: Select[tuple[int]]) -> dict[int, Row]:
    """The rows of either story in chats that were told both, by id, oldest first."""
    other = schema.deliveries.alias("other")
    told_other = select(other.c.chat_id).where(
        other.c.story_id == merge.gone, other.c.state != DeliveryState.DEAD.value
    )
    query = (
        select(schema.deliveries)
        .where(_deliveries.story_id.in_([merge.kept, merge.gone]), _deliveries.state != DeliveryState.DEAD.value)
        .where(_deliveries.chat_id.in_(told), _deliveries.chat_id.in_(told_other))
        .order_by(_deliveries.id)
        .with_for_update()
    )
    return {row.id: row for row in await conn.execute(query)}


async def _join_deliveries(conn: AsyncConnection, merge: StoryMerge, rows: Mapping[int, Row]) -> None:
    """Let the rows of chats that were told both be those of one event."""
    known = {row_id: delivery_of(row) for row_id, row in rows.items()}
    ours = by_chat(told_by(row) for row in known.values() if row.story_id == merge.kept)
    theirs = by_chat(told_by(row) for row in known.values() if row.story_id == merge.gone)
    moved: list[int] = []
    anew: list[int] = []
    unsaid: list[int] = []
    for chat_id in sorted(ours.keys() & theirs.keys()):
        both = merged(ours[chat_id], theirs[chat_id])
        stays, left, updates = ({each.row_id for each in part} for part in (both.stays, both.left, both.updates))
        mine = [known[each.row_id] for each in (*ours[chat_id], *theirs[chat_id]) if each.row_id is not None]
        again = [row.id for row in mine if row.id in updates and row.state in _UNSENT]
        anew += again
        moved += [row.id for row in mine if row.id in stays.difference(again) and row.story_id == merge.gone]
        unsaid += [row.id for row in mine if row.id not in stays | left]
        for row_id, values in _in_place_of(mine, stays).items():
            await conn.execute(update(schema.deliveries).where(_deliveries.id == row_id, _WAITS).values(**values))
    for chunk in chunks([*unsaid, *anew]):
        await conn.execute(delete(schema.deliveries).where(_deliveries.id.in_(chunk), _WAITS))
    for chunk in chunks(moved):
        follows = update(schema.deliveries).where(_deliveries.id.in_(chunk))
        await conn.execute(follows.values(story_id=merge.kept))
    await _write_anew(conn, merge.kept, [rows[row_id] for row_id in anew])


async def _write_anew(conn: AsyncConnection, story_id: int, rows: Sequence[Row]) -> None:
    """Put updates behind all that was said of their story; an edit that waits before one is made at once."""
    if not rows:
        return
    new = [row._asdict() | {"story_id": story_id} for row in rows]
    for values in new:
        del values["id"]
    await conn.execute(schema.deliveries.insert(), new)
    for row in rows:
        if (row.action, row.state) == (Action.REPLY.value, DeliveryState.PENDING.value):
            mine = (_deliveries.story_id == story_id) & (_deliveries.chat_id == row.chat_id)
            edits = (_deliveries.action == Action.EDIT.value) & (_deliveries.state == DeliveryState.PENDING.value)
            hurried = update(schema.deliveries).where(mine, edits, _deliveries.not_before > row.not_before)
            await conn.execute(hurried.values(not_before=row.not_before))


def _in_place_of(rows: Sequence[Delivery], stays: Container[int | None]) -> dict[int, dict[str, Any]]:
    """What changes, by id, in an alert that goes in place of another: it is on the topics of both, and goes as soon."""
    alerts = [row for row in rows if row.action is Action.ALERT and row.state in _UNSENT]
    kept = next((row for row in alerts if row.id in stays), None)
    unsaid = next((row for row in alerts if row.id not in stays), None)
    if kept is None or unsaid is None:
        return {}
    values: dict[str, Any] = {"topics": list(dict.fromkeys((*kept.topics, *unsaid.topics)))}
    if _readiness(unsaid) > _readiness(kept):
        held_for = unsaid.held_for.value if unsaid.held_for else None
        values |= {"state": unsaid.state.value, "held_for": held_for, "not_before": unsaid.not_before}
        values |= {"asked": unsaid.asked}
    return {kept.id: values}


def _readiness(row: Delivery) -> int:
    """What is due comes before what waits for a digest, and what is muted comes in none."""
    if row.state is DeliveryState.PENDING:
        return 2
    return 0 if row.held_for is Hold.MUTED else 1


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
