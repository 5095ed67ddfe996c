"""Proposals, a chat's own concepts, ratings, and the archive as one chat may read it: the same on every store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.limits import PROPOSALS_PER_CHAT
from bot.model import (
    UNSAVED,
    Action,
    Address,
    ChatConcept,
    Decision,
    IngestPlan,
    Platform,
    Proposal,
    Rating,
    Sensitivity,
)
from tests.store.stock import at, match, new_entry, story

if TYPE_CHECKING:
    from bot.model import Chat
    from tests.store.stock import Stock


def proposal(chat: Chat, name: str = "Arms", query: str = "@arms") -> Proposal:
    return Proposal(UNSAVED, chat.id, name, query, at(0), Sensitivity.WIDE)


async def test_a_proposal_reads_back_and_belongs_to_its_chat(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    kept = await stock.store.put_proposal(proposal(one))
    assert await stock.store.proposal_named(one.id, "ARMS") == kept
    assert await stock.store.proposals_of(one.id) == (kept,)
    assert await stock.store.proposal_named(other.id, "Arms") is None
    assert await stock.store.proposals_of(other.id) == ()


async def test_one_of_the_same_name_gives_way(stock: Stock) -> None:
    chat = await stock.chat()
    first = await stock.store.put_proposal(proposal(chat))
    second = await stock.store.put_proposal(proposal(chat, "arms", "@dprk"))
    assert second.id > first.id
    assert await stock.store.proposals_of(chat.id) == (second,)
    assert not await stock.store.change_proposal(replace(first, query="@russia"))


async def test_a_change_keeps_the_id_and_asks_for_the_chat(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    kept = await stock.store.put_proposal(proposal(one))
    changed = replace(kept, query="@dprk", sensitivity=Sensitivity.STRICT)
    assert not await stock.store.change_proposal(replace(changed, chat_id=other.id))
    assert await stock.store.change_proposal(changed)
    assert await stock.store.proposals_of(one.id) == (changed,)
    await stock.store.remove_proposal(other.id, kept.id)
    assert await stock.store.proposals_of(one.id) == (changed,)
    await stock.store.remove_proposal(one.id, kept.id)
    assert await stock.store.proposals_of(one.id) == ()


async def test_a_chat_keeps_its_newest_proposals(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    theirs = await stock.store.put_proposal(proposal(other))
    for number in range(PROPOSALS_PER_CHAT + 2):
        await stock.store.put_proposal(proposal(one, f"t{number}"))
    names = [each.name for each in await stock.store.proposals_of(one.id)]
    assert names == [f"t{number}" for number in range(2, PROPOSALS_PER_CHAT + 2)]
    assert await stock.store.proposals_of(other.id) == (theirs,)


async def test_concepts_are_a_chats_own_and_tell_that_topics_changed(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    version = await stock.store.topics_version()
    mine = ChatConcept(one.id, "shells", ("shell*", "포탄"))
    theirs = ChatConcept(other.id, "shells", ("oyster",))
    await stock.store.put_concept(theirs)
    await stock.store.put_concept(replace(mine, aliases=("x",)))
    await stock.store.put_concept(mine)
    assert await stock.store.concepts_of(one.id) == (mine,)
    assert await stock.store.all_concepts() == (mine, theirs)
    assert await stock.store.remove_concept(one.id, "shells")
    assert not await stock.store.remove_concept(one.id, "shells")
    assert await stock.store.all_concepts() == (theirs,)
    assert await stock.store.topics_version() > version


async def test_a_moved_chat_brings_its_concepts_and_ratings(stock: Stock) -> None:
    source, target = await stock.chat("1"), await stock.chat("2")
    await stock.store.put_concept(ChatConcept(source.id, "shells", ("shell*",)))
    await stock.store.put_concept(ChatConcept(source.id, "both", ("old",)))
    await stock.store.put_concept(ChatConcept(target.id, "both", ("new",)))
    await stock.store.move_chat(target.id, Address(Platform.TELEGRAM, "1"))
    names = {one.name: one.aliases for one in await stock.store.concepts_of(target.id)}
    assert names == {"shells": ("shell*",), "both": ("new",)}


@pytest.mark.parametrize(("chat_id", "story_id"), [(0, 9), (9, 1), (9, 9)], ids=["story", "chat", "both"])
async def test_a_rating_of_what_is_not_there_any_more_is_none(stock: Stock, chat_id: int, story_id: int) -> None:
    chat, topic = await stock.chat(), await stock.topic(None)
    await stock.told(chat)
    await stock.store.rate(Rating(chat_id or chat.id, story_id, good=True, at=at(0)))
    assert await stock.store.rated_matches(chat.id, topic.id) == ()


async def test_the_last_rating_counts_and_is_the_chats_own(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(one)
    feed = await stock.feed()
    await stock.apply(
        IngestPlan(
            entries=(new_entry(1, feed_id=feed.id), new_entry(2, feed_id=feed.id)),
            stories=(story(1, 1),),
            members=((1, 1), (1, 2)),
            matches=(match(1, topic.id), match(2, topic.id, relevant=False)),
        )
    )
    await stock.store.rate(Rating(one.id, 1, good=True, at=at(0)))
    await stock.store.rate(Rating(one.id, 1, good=False, at=at(1)))
    (only,) = await stock.store.rated_matches(one.id, topic.id)
    assert (only.match.entry_id, only.good) == (1, False)
    assert await stock.store.rated_matches(other.id, topic.id) == ()
    await stock.store.clear_matches(topic.id)
    assert await stock.store.rated_matches(one.id, topic.id) == ()


async def test_the_archive_is_read_by_date_page_by_page_as_the_chat_may_see_it(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    shared, private = await stock.feed("a"), await stock.feed("b", shared=False)
    await stock.store.follow(one.id, private.id)
    assert await stock.store.archive_dates(one.id) is None
    entries = [new_entry(number, feed_id=shared.id, minutes=number // 2) for number in range(1, 6)]
    await stock.apply(IngestPlan(entries=(*entries, new_entry(6, feed_id=private.id, minutes=9))))

    async def read(chat_id: int | None, since: int = 0, until: int = 99) -> list[int]:
        ids: list[int] = []
        below = None
        while page := await stock.store.span(chat_id, since=at(since), until=at(until), below=below, limit=2):
            ids += [entry.id for entry in page]
            below = page[-1].at, page[-1].id
        return ids

    assert await read(one.id) == [6, 5, 4, 3, 2, 1]
    assert await read(other.id) == [5, 4, 3, 2, 1]
    assert await read(None) == [6, 5, 4, 3, 2, 1]
    assert await read(other.id, since=1, until=1) == [3, 2]
    assert await stock.store.archive_dates(one.id) == (at(0), at(9))
    assert await stock.store.archive_dates(other.id) == (at(0), at(2))
    assert await stock.store.serves(one.id, private.id)
    assert not await stock.store.serves(other.id, private.id)


async def test_an_entry_is_found_by_its_address_with_its_first_fate(stock: Stock) -> None:
    feed = await stock.feed()
    url = "https://example.org/" + "щ" * 1500
    new = new_entry(1, feed_id=feed.id, url=url)
    await stock.apply(
        IngestPlan(
            entries=(new,),
            stories=(story(1, 1),),
            members=((1, 1),),
            decisions=(Decision("guid-1", 1, Action.NONE, "new story, archived", 1),),
        )
    )
    await stock.apply(IngestPlan(edited=(new,), decisions=(Decision("guid-1", 1, Action.NONE, "seen before", 1),)))
    (traced,) = await stock.store.entries_at(url)
    assert (traced.entry, traced.story_id, traced.stage) == (new.entry, 1, "new story, archived")
    assert await stock.store.entries_at(url + "x") == ()


async def test_deliveries_about_a_story_are_the_chats_own(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    await stock.told(one, other)
    assert [each.chat_id for each in await stock.store.story_deliveries(one.id, 1)] == [one.id]
    assert await stock.store.story_deliveries(one.id, 2) == ()


async def test_statistics_are_those_of_a_unit(stock: Stock) -> None:
    feed = await stock.feed()
    await stock.apply(IngestPlan(entries=(new_entry(1, "kim", feed_id=feed.id), new_entry(2, feed_id=feed.id))))
    async with stock.store.ingest() as unit:
        inside = await unit.statistics(["kim", "nobody"])
    assert await stock.store.statistics(["kim", "nobody"]) == inside
    assert (inside.documents, dict(inside.frequency)) == (2, {"kim": 1})
