"""The store's contract: the ingest unit and the archive."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING

import pytest

from bot import limits
from bot.model import Action, DeliveryState, FeedState, IngestPlan, NewDelivery, SeenKey, TermStatistics
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import (
    Stock,
    alert,
    at,
    fingerprint,
    link,
    match,
    new_entry,
    poll,
    story,
)

if TYPE_CHECKING:
    from bot.model import Feed, NewEntry
    from bot.store.port import Store


async def filled(stock: Stock, *entries: NewEntry) -> Feed:
    """A shared feed with these entries."""
    feed = await stock.feed()
    await stock.apply(IngestPlan(entries=entries))
    return feed


async def found(stock: Stock, *terms: str, before: float = 0, limit: int = 9) -> list[int]:
    """The ids of the candidates, best first."""
    async with stock.store.ingest() as unit:
        return [past.entry.id for past in await unit.candidates(terms, before=at(before), limit=limit)]


# ------------------------------------------------------------ one transaction


async def test_a_plan_is_applied_whole(stock: Stock) -> None:
    feed = await stock.feed()
    chat = await stock.chat()
    topic = await stock.topic(chat)
    first, second = new_entry(1, "arms", feed_id=feed.id, minutes=3), new_entry(2, "kim", feed_id=feed.id, minutes=2)
    told = alert(1, 1)
    plan = IngestPlan(
        poll=poll(feed.id, minutes=5, etag="e"),
        entries=(first, second),
        matches=(match(1, topic.id),),
        stories=(story(1, 1),),
        members=((1, 1), (1, 2)),
        links=(link(1, 1), link(1, 2, entry_id=2)),
        alerts=(told,),
        deliveries=(NewDelivery(chat.id, 1, 1, Action.ALERT, ("Arms",), at(5)),),
    )
    await stock.apply(plan)

    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=feed.id, topic_ids=[topic.id, 99], story_ids=[1, 99])
        ids = await unit.next_ids()
    assert context.stories == {1: story(1, 1)}
    assert [past.entry for past in context.members[1]] == [second.entry, first.entry]
    assert context.members[1][0].fingerprint == fingerprint()
    assert context.members[1][0].story_id == 1
    assert context.links == {1: (link(1, 1), link(1, 2, entry_id=2))}
    assert context.alerts == {1: (told,)}
    assert [(one.chat_id, one.alert_id, one.action) for one in context.deliveries[1]] == [(chat.id, 1, Action.ALERT)]
    assert context.subscribers == {topic.id: (chat.id,)}
    assert context.followers is None
    assert (ids.entry, ids.story, ids.alert) == (3, 2, 2)
    assert await stock.store.story_entries(1) == (second.entry, first.entry)
    assert await stock.store.story_links(1) == (link(1, 1), link(1, 2, entry_id=2))
    polled = await stock.store.feed(feed.id)
    assert polled is not None
    assert (polled.etag, polled.next_poll_at, polled.last_entry_at, polled.baselined) == (
        "e",
        at(20),
        first.entry.at,
        True,
    )


class _StopError(Exception):
    """Something that goes wrong in the middle."""


async def test_a_unit_that_fails_leaves_nothing(stock: Stock) -> None:
    feed = await stock.feed()
    chat = await stock.chat()
    plan = IngestPlan(
        poll=poll(feed.id, etag="new"),
        entries=(new_entry(1, "arms", keys=["k"], feed_id=feed.id),),
        stories=(story(1, 1),),
        members=((1, 1),),
        alerts=(alert(1, 1),),
        deliveries=(NewDelivery(chat.id, 1, 1, Action.ALERT, (), at(0)),),
        counters={"polls": 1},
    )

    async def ingest_and_fail() -> None:
        async with stock.store.ingest() as unit:
            await unit.apply(plan)
            raise _StopError

    with pytest.raises(_StopError):
        await ingest_and_fail()
    assert await stock.store.entry(1) is None
    assert await stock.store.seen(["k"]) == {}
    assert await stock.store.feed(feed.id) == feed
    assert await stock.claim() == ()
    assert await found(stock, "arms") == []
    async with stock.store.ingest() as unit:
        assert await unit.statistics(["arms"]) == TermStatistics(0, {})
        assert (await unit.next_ids()).entry == 1
    assert (await stock.status()).counters == {}
    await stock.apply(plan)
    assert await found(stock, "arms") == [1]


async def test_a_plan_that_cannot_be_stored_leaves_nothing(stock: Stock) -> None:
    feed = await stock.feed()
    orphan = IngestPlan(entries=(new_entry(1, feed_id=feed.id),), alerts=(alert(1, story_id=99),))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await stock.apply(orphan)
    assert await stock.store.entry(1) is None


async def test_a_cancelled_unit_leaves_nothing_and_frees_the_way(stock: Stock) -> None:
    feed = await stock.feed()
    inside = asyncio.Event()

    async def hang() -> None:
        async with stock.store.ingest() as unit:
            await unit.apply(IngestPlan(entries=(new_entry(1, feed_id=feed.id),)))
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await stock.store.entry(1) is None
    await stock.apply(IngestPlan(entries=(new_entry(1, feed_id=feed.id),)))
    assert await stock.store.entry(1) is not None


async def test_a_unit_may_be_cancelled_at_any_step(stock: Stock) -> None:
    feed = await stock.feed()
    plan = IngestPlan(
        entries=tuple(new_entry(number, "arms", feed_id=feed.id) for number in range(1, 40)),
        stories=(story(1, 1),),
        members=((1, 1),),
    )
    stored, steps = 0, 0
    while not stored:
        task = asyncio.create_task(stock.apply(plan))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        steps += 1 + steps // 4
        stored = (await stock.status()).entries
        # A cancellation during the commit itself comes too late: then all is there.
        assert stored in ((0, 39) if task.cancelled() else (39,))
        # Nothing is left behind that would hold up the next writer.
        await asyncio.wait_for(stock.store.record_poll(poll(feed.id)), timeout=5)


async def test_ingesters_wait_for_each_other_and_see_what_the_others_wrote(url: str) -> None:
    stores = [await open_store(url), await open_store(url)]
    feed = await Stock(stores[0]).feed()
    inside = 0

    async def ingest_once(store: Store, name: str) -> bool:
        nonlocal inside
        async with store.ingest() as unit:
            inside += 1
            assert inside == 1
            known = await unit.seen(["the same event"])
            await asyncio.sleep(0.002)
            if not known:
                ids = await unit.next_ids()
                entry = new_entry(ids.entry, name, keys=["the same event"], feed_id=feed.id)
                await unit.apply(IngestPlan(entries=(entry,)))
            inside -= 1
        return not known

    first = await asyncio.gather(*(ingest_once(store, f"t{n}") for n in range(6) for store in stores))
    assert sum(first) == 1
    assert (await stores[1].status()).entries == 1
    for store in stores:
        await store.close()


async def test_readers_do_not_wait_for_an_ingest(stock: Stock) -> None:
    chat = await stock.chat()
    async with stock.store.ingest() as unit:
        await unit.apply(IngestPlan(counters={"polls": 1}))
        assert await asyncio.wait_for(stock.store.chat(chat.id), timeout=5) == chat


async def test_writing_past_an_open_unit_is_refused_instead_of_waiting_for_itself(stock: Stock) -> None:
    async with stock.store.ingest() as unit:
        with pytest.raises(RuntimeError, match="transaction open"):
            await stock.chat()
        await unit.apply(IngestPlan(counters={"polls": 1}))
    assert (await stock.status()).counters == {"polls": 1}
    assert (await stock.chat()).id == 1


async def test_ids_are_never_used_twice(stock: Stock) -> None:
    feed = await filled(stock, new_entry(7, feed_id=1))
    await stock.apply(IngestPlan(edited=(new_entry(3, feed_id=feed.id),)))
    async with stock.store.ingest() as unit:
        assert (await unit.next_ids()).entry == 8


# ------------------------------------------------------------ entries and keys


async def test_keys_name_the_entry_that_they_were_first_seen_with(stock: Stock) -> None:
    await filled(stock, new_entry(1, keys=["guid:a", "url:a"]), new_entry(2, keys=["guid:b", "url:a"]))
    await stock.apply(IngestPlan(seen=(SeenKey("title:a", 1), SeenKey("guid:a", 2))))
    asked = ["guid:a", "url:a", "guid:b", "title:a", "guid:c"]
    known = {"guid:a": 1, "url:a": 1, "guid:b": 2, "title:a": 1}
    async with stock.store.ingest() as unit:
        assert await unit.seen(asked) == known
    assert await stock.store.seen(asked) == known
    assert await stock.store.seen([]) == {}


async def test_many_keys_are_looked_up_at_once(stock: Stock) -> None:
    keys = [f"key-{number}-{'x' * 100}" for number in range(2500)]
    await filled(stock, new_entry(1, keys=keys))
    assert len(await stock.store.seen([*keys, "other"])) == 2500


async def test_an_edited_entry_is_replaced_in_place(stock: Stock) -> None:
    feed = await filled(stock, new_entry(1, "kim", "arms"), new_entry(2, "kim"))
    edited = dataclasses.replace(new_entry(1, "kim", "treaty"), fingerprint=fingerprint("New sentence."))
    edited = dataclasses.replace(edited, entry=dataclasses.replace(edited.entry, title="New", feed_id=feed.id))
    await stock.apply(IngestPlan(edited=(edited,)))
    assert await stock.store.entry(1) == edited.entry
    assert await found(stock, "arms") == []
    assert await found(stock, "treaty") == [1]
    async with stock.store.ingest() as unit:
        assert await unit.statistics(["kim", "arms", "treaty"]) == TermStatistics(2, {"kim": 2, "treaty": 1})
        assert (await unit.past_entries([1]))[0].fingerprint == edited.fingerprint
    assert (await stock.status()).entries == 2


async def test_the_archive_comes_in_order_of_id(stock: Stock) -> None:
    entries = [new_entry(number, minutes=-number) for number in range(1, 6)]
    await filled(stock, *entries)
    assert [entry.id for entry in await stock.store.archive(after_id=0, limit=3)] == [1, 2, 3]
    assert await stock.store.archive(after_id=3, limit=3) == (entries[3].entry, entries[4].entry)


async def test_an_import_that_did_not_end_is_remembered(stock: Stock) -> None:
    await filled(stock, new_entry(1))
    assert await stock.store.begin_import() == 2
    await filled(stock, new_entry(2, minutes=1))
    assert await stock.store.begin_import() == 2
    await stock.store.end_import()
    assert await stock.store.begin_import() == 3
    assert (await stock.status()).entries == 2


async def test_past_entries_come_in_the_order_asked_for(stock: Stock) -> None:
    await filled(stock, *(new_entry(number) for number in range(1, 4)))
    async with stock.store.ingest() as unit:
        past = await unit.past_entries([3, 99, 1])
    assert [one.entry.id for one in past] == [3, 1]
    assert [one.story_id for one in past] == [None, None]


async def test_recent_are_entries_of_stories_newest_first(stock: Stock) -> None:
    await filled(stock, *(new_entry(number, minutes=number) for number in range(1, 6)))
    await stock.apply(IngestPlan(stories=(story(1, 1),), members=tuple((1, number) for number in (1, 2, 3, 4))))
    async with stock.store.ingest() as unit:
        recent = await unit.recent(since=at(2), before=at(4), limit=9)
        fewer = await unit.recent(since=at(2), before=at(4), limit=2)
    assert [(past.entry.id, past.story_id) for past in recent] == [(4, 1), (3, 1), (2, 1)]
    assert [past.entry.id for past in fewer] == [4, 3]


# ------------------------------------------------------------ the full-text index


async def test_document_frequency_counts_entries_not_words(stock: Stock) -> None:
    await filled(stock, new_entry(1, "kim", "kim", "北韓"), new_entry(2, "kim"), new_entry(3, "other"))
    async with stock.store.ingest() as unit:
        assert await unit.statistics(["kim", "北韓", "none", ""]) == TermStatistics(3, {"kim": 2, "北韓": 1})
        assert await unit.statistics([]) == TermStatistics(3, {})


@pytest.mark.parametrize(
    "term",
    [
        pytest.param("朝鲜", id="Chinese bigram"),
        pytest.param("북한", id="Korean bigram"),
        pytest.param("ソ連", id="Japanese bigram"),
        pytest.param("россия", id="Cyrillic"),
        pytest.param("ёлка", id="a letter that folds"),
        pytest.param("café", id="accent"),
        pytest.param("kn-23", id="hyphen"),
        pytest.param("u.s.", id="full stops"),
        pytest.param("@dprk", id="concept"),
        pytest.param("kim jong un", id="blank"),
        pytest.param('it\'s "quoted" \\ back', id="quotes"),
        pytest.param("a_b", id="underscore"),
        pytest.param("OR", id="an operator"),
        pytest.param("NEAR(", id="another operator"),
        pytest.param("𐐷𐐷", id="beyond the BMP"),
        pytest.param("🚀", id="emoji"),
        pytest.param("к" * 500, id="overlong"),
    ],
)
async def test_a_term_is_found_verbatim_and_nothing_else_is(stock: Stock, term: str) -> None:
    near = ["朝", "鲜", "дом", "елка", "cafe", "kn", "23", "dprk", "kim", "a", "b", "or", "near", "us", "к"]
    await filled(stock, new_entry(1, *near), new_entry(2, "before", term, "after"))
    assert await found(stock, term) == [2]
    async with stock.store.ingest() as unit:
        assert (await unit.statistics([term])).frequency == {term: 1}


async def test_candidates_with_rarer_and_more_terms_come_first(stock: Stock) -> None:
    await filled(
        stock,
        new_entry(1, "kim", "visit", "filler"),
        new_entry(2, "kim", "missile", "filler"),
        new_entry(3, "kim", "visit", "missile"),
        *(new_entry(number, "kim", "visit", "other") for number in range(4, 9)),
        *(new_entry(number, "else", "where", "other") for number in range(9, 30)),
    )
    best = await found(stock, "kim", "visit", "missile", limit=3)
    assert best[:2] == [3, 2]
    assert len(best) == 3
    assert len(await found(stock, "kim", "visit", "missile", limit=99)) == 8
    assert await found(stock, "none") == []
    assert await found(stock) == []


async def test_no_candidate_is_dated_after_the_moment(stock: Stock) -> None:
    clamped = new_entry(3, "kim", minutes=5, published_at=at(-60))
    await filled(
        stock,
        new_entry(1, "kim", minutes=1, published_at=at(1)),
        new_entry(2, "kim", minutes=2, published_at=at(2)),
        clamped,
    )
    assert sorted(await found(stock, "kim", before=1)) == [1, 3]
    assert await found(stock, "kim", before=-30) == [3]
    assert await found(stock, "kim", before=-90) == []


async def test_an_entry_without_a_date_may_be_of_any_day(stock: Stock) -> None:
    await filled(stock, new_entry(1, "kim", minutes=5), new_entry(2, "kim", minutes=5, published_at=at(5)))
    assert await found(stock, "kim", before=-90) == [1]


@pytest.mark.parametrize("rare_rows", [pytest.param(5000, id="few"), pytest.param(1, id="vast")])
async def test_old_candidates_are_found_behind_many_later_ones(
    stock: Stock, rare_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RARE_TERM_ROWS", rare_rows)
    later = (new_entry(number, "kim", minutes=100, published_at=at(100)) for number in range(10, 200))
    await filled(stock, new_entry(1, "kim", "filler"), new_entry(2, "kim", "filler"), *later)
    assert sorted(await found(stock, "kim", before=50, limit=3)) == [1, 2]
    assert len(await found(stock, "kim", before=100, limit=500)) == 192


async def test_in_a_vast_archive_common_terms_only_order_what_rare_ones_find(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RARE_TERM_ROWS", 7)
    await filled(
        stock,
        new_entry(1, "missile", "filler"),
        new_entry(2, "missile", "kim"),
        new_entry(3, "missile", "kim", "visit"),
        new_entry(4, "missile", "treaty"),
        new_entry(5, "treaty", "visit"),
        *(new_entry(number, "kim", "visit") for number in range(6, 30)),
        *(new_entry(number, "else") for number in range(30, 99)),
    )
    assert await found(stock, "kim", "visit", "missile", "treaty") == [4, 3, 5, 2, 1]
    assert await found(stock, "kim", "visit", "missile", "treaty", limit=2) == [4, 3]
    assert await found(stock, "kim") == list(range(29, 20, -1))


# ------------------------------------------------------------ context


async def test_the_audience_are_active_chats(stock: Stock) -> None:
    one, other, gone = await stock.chat("1"), await stock.chat("2"), await stock.chat("3")
    feed = await stock.feed("private", shared=False)
    topic = await stock.topic(None)
    for chat in (one, other, gone):
        await stock.store.follow(chat.id, feed.id)
        await stock.topic(chat, "Own")
    await stock.store.set_chat_active(gone.id, active=False)
    own = [topic.id for chat in (one, other, gone) for topic in await stock.store.topics_of(chat.id)]
    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=feed.id, topic_ids=sorted(set(own)), story_ids=())
    assert context.followers == frozenset({one.id, other.id})
    assert context.subscribers == {topic.id + 1: (one.id,), topic.id + 2: (other.id,)}


async def test_archives_serve_every_chat_and_an_unknown_feed_none(stock: Stock) -> None:
    archive = await stock.feed("archive", shared=False, state=FeedState.ARCHIVE)
    async with stock.store.ingest() as unit:
        assert (await unit.context(feed_id=archive.id, topic_ids=(), story_ids=())).followers is None
        assert (await unit.context(feed_id=99, topic_ids=(), story_ids=())).followers == frozenset()


async def test_stories_and_their_backstory_are_replaced(stock: Stock) -> None:
    await filled(stock, new_entry(1), new_entry(2))
    await stock.apply(
        IngestPlan(stories=(story(1, 1), story(2, 2)), members=((1, 1), (2, 2)), links=(link(1, 1), link(2, 1)))
    )
    grown = story(1, 1, minutes=4, entry_count=2, outlets=("A", "B"), headline="Grown")
    await stock.apply(IngestPlan(stories=(grown,), members=((1, 2),), links=(link(1, 1, entry_id=7),)))
    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=[1, 2])
    assert context.stories[1] == grown
    assert [past.entry.id for past in context.members[1]] == [1, 2]
    assert 2 not in context.members
    assert context.links == {1: (link(1, 1, entry_id=7),), 2: (link(2, 1),)}


async def test_of_a_large_story_the_first_and_the_newest_entries_are_known(stock: Stock) -> None:
    count = limits.MEMBERS_FIRST + limits.MEMBERS_NEWEST + 3
    ids = range(1, count + 1)
    await filled(stock, *(new_entry(entry_id, minutes=entry_id) for entry_id in (*ids, count + 1)))
    members = (*((1, entry_id) for entry_id in ids), (2, count + 1))
    await stock.apply(IngestPlan(stories=(story(1, 1), story(2, count + 1)), members=members))
    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=[1, 2])
    left_out = set(range(limits.MEMBERS_FIRST + 1, limits.MEMBERS_FIRST + 4))
    assert [past.entry.id for past in context.members[1]] == [each for each in ids if each not in left_out]
    assert [past.entry.id for past in context.members[2]] == [count + 1]


async def test_of_many_edits_the_newest_of_each_chat_is_known(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    await filled(stock, new_entry(1))
    first = await stock.told(one, other)
    edits = [await stock.told(one, action=Action.EDIT) for _ in range(3)]
    reply = await stock.told(one, action=Action.REPLY)
    last = await stock.told(other, action=Action.EDIT)
    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=[1])
    known = {
        chat.id: [row.alert_id for row in context.deliveries[1] if row.chat_id == chat.id] for chat in (one, other)
    }
    assert known == {one.id: [first, edits[-1], reply], other.id: [first, last]}
    assert [each.id for each in context.alerts[1]] == sorted({first, edits[-1], reply, last})


async def test_an_edit_that_was_refused_is_not_what_a_message_shows(stock: Stock) -> None:
    chat = await stock.chat()
    await filled(stock, new_entry(1))
    await stock.told(chat)
    await stock.send()
    edits = [await stock.told(chat, action=Action.EDIT)]
    await stock.send()
    edits.append(await stock.told(chat, action=Action.EDIT))
    claimed = await stock.begin()
    assert await stock.store.finish_delivery(claimed.delivery, Outcome(DeliveryState.DEAD, error="refused"))
    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=[1])
    assert [row.alert_id for row in context.deliveries[1] if row.action is Action.EDIT] == edits[:1]


async def test_what_names_a_removed_topic_or_chat_is_left_out(stock: Stock) -> None:
    feed = await stock.feed()
    chat, gone = await stock.chat("1"), await stock.chat("2")
    topic, removed = await stock.topic(chat, "kept"), await stock.topic(chat, "removed")
    await stock.store.remove_topic(removed.id)
    await stock.store.move_chat(chat.id, gone.address)
    await stock.apply(
        IngestPlan(
            entries=(new_entry(1, feed_id=feed.id),),
            matches=(match(1, topic.id), match(1, removed.id)),
            stories=(story(1, 1),),
            members=((1, 1),),
            alerts=(alert(1, 1),),
            deliveries=tuple(NewDelivery(one, 1, 1, Action.ALERT, (), at(0)) for one in (chat.id, gone.id)),
        )
    )
    assert [view.topic.id for view in await stock.store.story_matches(chat.id, 1)] == [topic.id]
    assert [claimed.chat.id for claimed in await stock.claim()] == [chat.id]


async def test_an_old_entry_that_comes_back_does_not_set_the_feeds_time_line_back(stock: Stock) -> None:
    feed = await stock.feed()
    newer, older = (
        new_entry(1, feed_id=feed.id, published_at=at(0)),
        new_entry(2, feed_id=feed.id, published_at=at(-90)),
    )
    for new in (newer, older):
        await stock.apply(IngestPlan(entries=(new,), poll=poll(feed.id)))
        polled = await stock.store.feed(feed.id)
        assert polled is not None
        assert polled.last_entry_at == at(0)
