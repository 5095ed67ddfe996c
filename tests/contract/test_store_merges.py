"""The store's contract: two stories that become one, and the messages about either."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.model import (
    UNSAVED,
    Action,
    Address,
    BackstoryLink,
    DeliveryState,
    Hold,
    IngestPlan,
    MessageRef,
    NewDelivery,
    Rating,
    StoryMerge,
)
from bot.preferences import Mute, MuteKind
from bot.store.port import Outcome
from tests.store.stock import Stock, alert, at, link, match, message, new_entry, story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Chat, Delivery

KEPT, GONE, LATER = 1, 2, 3
MERGE = IngestPlan(
    stories=(story(KEPT, 1, entry_count=2, outlets=("Example", "Other"), origins=("KCNA",)),),
    merges=(StoryMerge(gone=GONE, kept=KEPT),),
)


def to(past_story_id: int, rank: int, entry_id: int) -> BackstoryLink:
    return replace(link(LATER, rank, entry_id=entry_id), past_story_id=past_story_id)


async def stocked(stock: Stock) -> None:
    """Stories 1 and 2 tell one event; story 3 came later, and links both."""
    feed = await stock.feed()
    await stock.apply(
        IngestPlan(
            entries=tuple(new_entry(number, feed_id=feed.id, minutes=number) for number in (1, 2, 3)),
            stories=tuple(story(number, number) for number in (KEPT, GONE, LATER)),
            members=((KEPT, 1), (GONE, 2), (LATER, 3)),
            links=(replace(link(GONE, 0), past_story_id=KEPT), to(KEPT, 0, 1), to(GONE, 1, 2)),
        )
    )


async def test_entries_links_and_ratings_follow(stock: Stock) -> None:
    both, second = await stock.chat("1"), await stock.chat("2")
    topic, other = await stock.topic(both), await stock.topic(second)
    await stocked(stock)
    await stock.apply(IngestPlan(matches=(match(2, topic.id), match(2, other.id))))
    for chat, story_id, good in ((both, KEPT, False), (both, GONE, True), (second, GONE, True)):
        await stock.store.rate(Rating(chat.id, story_id, good, at(1)))
    for _ in range(2):  # the same plan once more changes nothing
        await stock.apply(MERGE)
        assert [entry.id for entry in await stock.store.story_entries(KEPT)] == [1, 2]
        assert await stock.store.story_entries(GONE) == ()
        assert await stock.store.story_links(GONE) == ()
        assert [each.past_story_id for each in await stock.store.story_links(LATER)] == [KEPT]
        assert [rated.good for rated in await stock.store.rated_matches(both.id, topic.id)] == [False]
        assert [rated.good for rated in await stock.store.rated_matches(second.id, other.id)] == [True]


@pytest.mark.parametrize(
    ("ours", "theirs", "until"),
    [
        pytest.param((), (at(5),), at(5), id="the other alone"),
        pytest.param((at(9),), (), at(9), id="the kept one alone"),
        pytest.param((at(5),), (at(9),), at(9), id="the other for longer"),
        pytest.param((at(9),), (at(5),), at(9), id="the kept one for longer"),
        pytest.param((at(5),), (None,), None, id="the other for good"),
        pytest.param((None,), (at(9),), None, id="the kept one for good"),
    ],
)
async def test_who_muted_one_of_them_has_muted_the_event(
    stock: Stock, ours: Sequence[datetime | None], theirs: Sequence[datetime | None], until: datetime | None
) -> None:
    chat = await stock.chat()
    await stocked(stock)
    for story_id, ends in ((KEPT, ours), (GONE, theirs)):
        for each in ends:
            await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.STORY, "Headline", each, at(0), story_id))
    for _ in range(2):
        await stock.apply(MERGE)
        (mute,) = await stock.store.mutes_of(chat.id, now=at(1))
        assert (mute.target_id, mute.until) == (KEPT, until)
    # Muted anew, it is still one mute.
    await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.STORY, "Headline", at(7), at(1), KEPT))
    assert [each.until for each in await stock.store.mutes_of(chat.id, now=at(1))] == [at(7)]


async def test_the_number_of_a_merged_story_finds_the_one_that_it_became(stock: Stock) -> None:
    chat = await stock.chat()
    topic = await stock.topic(chat)
    await stocked(stock)
    await stock.apply(IngestPlan(matches=(match(1, topic.id), match(3, topic.id))))
    await stock.apply(MERGE)
    view = await stock.store.story_view(chat.id, GONE)
    assert view is not None
    assert (view.story.id, view.story.outlets, view.story.origins) == (KEPT, ("Example", "Other"), ("KCNA",))
    assert [each.story.id for each in await stock.store.latest_stories(chat.id)] == [LATER, KEPT]
    assert (await stock.status()).stories == 2
    # And on: the one that it became can become another.
    await stock.apply(IngestPlan(merges=(StoryMerge(gone=KEPT, kept=LATER),)))
    again = await stock.store.story_view(chat.id, GONE)
    assert again is not None
    assert again.story.id == LATER


async def test_a_chat_that_was_told_one_of_them_keeps_its_message(stock: Stock) -> None:
    chat = await stock.chat()
    await stocked(stock)
    await stock.told(chat, story_id=GONE)
    (sent,) = await stock.send()
    await stock.apply(MERGE)
    await stock.told(chat, story_id=KEPT, action=Action.EDIT)
    (edit,) = await stock.claim()
    assert edit.target == message(sent.id)
    told = await stock.store.first_messages(chat.id, [KEPT, GONE, LATER])
    assert {story_id: each.ref for story_id, each in told.items()} == {KEPT: message(sent.id), GONE: message(sent.id)}


async def test_who_had_a_merged_story_told_at_a_place_is_still_found_by_its_number(stock: Stock) -> None:
    chat = await stock.chat()
    place = Address(chat.address.platform, "-100777")
    await stocked(stock)
    await stock.told(chat, story_id=GONE)
    (claimed,) = await stock.claim()
    sent = Outcome(DeliveryState.SENT, ref=MessageRef(place, "9"), at=at(0))
    assert await stock.store.finish_delivery(claimed.delivery, sent)
    await stock.apply(MERGE)
    assert await stock.store.told_at(place, GONE) == chat
    assert await stock.store.told_at(place, KEPT) == chat
    assert await stock.store.told_at(place, LATER) is None


async def test_a_chat_that_was_told_both_has_the_second_closed_and_goes_on_with_the_first(stock: Stock) -> None:
    chat = await stock.chat()
    await stocked(stock)
    kept = await stock.told(chat, story_id=KEPT)
    (first,) = await stock.send()
    gone = await stock.told(chat, story_id=GONE)
    (second,) = await stock.send()
    closing, edit = alert(8, KEPT, gone, action=Action.EDIT), alert(9, KEPT, kept, action=Action.EDIT)
    rows = (
        NewDelivery(chat.id, 8, GONE, Action.EDIT, ("Arms",), at(0)),
        NewDelivery(chat.id, 9, KEPT, Action.EDIT, ("Arms",), at(0)),
    )
    await stock.apply(replace(MERGE, alerts=(closing, edit), deliveries=rows))
    edits = []
    for _ in rows:
        (claimed,) = await stock.claim()
        edits.append((claimed.alert.id, claimed.target))
        sent = Outcome(DeliveryState.SENT, ref=claimed.target, at=at(0))
        assert await stock.store.finish_delivery(claimed.delivery, sent)
    assert edits == [(8, message(second.id)), (9, message(first.id))]
    told = await stock.store.first_messages(chat.id, [GONE])
    assert told[GONE].ref == message(first.id)
    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=(KEPT,))
    assert {row.alert_id for row in context.deliveries[KEPT]} <= {each.id for each in context.alerts[KEPT]}


async def test_what_was_not_sent_yet_of_the_second_need_not_be(stock: Stock) -> None:
    both, one = await stock.chat("1"), await stock.chat("2")
    await stocked(stock)
    await stock.told(both, story_id=KEPT)
    await stock.told(both, one, story_id=GONE)
    await stock.apply(MERGE)
    states = tuple(DeliveryState)
    assert [row.story_id for row in await stock.store.deliveries(both.id, states=states, limit=9)] == [KEPT]
    assert [row.story_id for row in await stock.store.deliveries(one.id, states=states, limit=9)] == [KEPT]


async def tell(
    stock: Stock,
    chat: Chat,
    alert_id: int,
    story_id: int,
    *,
    action: Action = Action.ALERT,
    edits: int | None = None,
    **fields: Any,  # noqa: ANN401 - whatever a row has
) -> None:
    """Write an alert of this number, which may edit another, to the outbox; ``fields`` are the row's."""
    row = NewDelivery(chat.id, alert_id, story_id, action, ("Arms",), at(0))
    await stock.apply(
        IngestPlan(alerts=(alert(alert_id, story_id, edits, action=action),), deliveries=(replace(row, **fields),))
    )


async def outbox(stock: Stock, chat: Chat) -> list[Delivery]:
    """All rows of a chat, oldest first."""
    return list(reversed(await stock.store.deliveries(chat.id, states=tuple(DeliveryState), limit=99)))


@pytest.mark.parametrize("held_for", [None, Hold.QUIET], ids=["due", "held"])
async def test_an_update_of_the_second_that_was_not_sent_yet_is_one_of_the_first(
    stock: Stock, held_for: Hold | None
) -> None:
    chat = await stock.chat()
    await stocked(stock)
    await tell(stock, chat, 1, KEPT)
    (first,) = await stock.send()
    await tell(stock, chat, 2, GONE)
    await stock.send()
    await tell(stock, chat, 3, GONE, action=Action.REPLY, held_for=held_for)
    if held_for is not None:
        # Edits go meanwhile: the update must not be taken for older than they are.
        await tell(stock, chat, 4, KEPT, action=Action.EDIT, edits=1)
        await stock.send()
    for _ in range(2):
        await stock.apply(MERGE)
        rows = await outbox(stock, chat)
        assert [(row.alert_id, row.story_id) for row in rows if row.story_id == GONE] == [(2, GONE)]
        assert (rows[-1].alert_id, rows[-1].story_id, rows[-1].held_for) == (3, KEPT, held_for)
    await stock.store.replay_deliveries([rows[-1].id], now=at(1))
    (update,) = await stock.claim(2)
    assert (update.alert.id, update.target) == (3, message(first.id))


async def test_an_update_waits_for_no_edit_of_the_message_that_it_comes_under(stock: Stock) -> None:
    chat = await stock.chat()
    await stocked(stock)
    await tell(stock, chat, 1, KEPT)
    await stock.send()
    await tell(stock, chat, 2, GONE)
    await stock.send()
    await tell(stock, chat, 3, KEPT, action=Action.EDIT, edits=1, not_before=at(30))
    await tell(stock, chat, 4, GONE, action=Action.REPLY)
    await stock.apply(MERGE)
    assert [one.alert_id for one in await stock.send(1) + await stock.send(1)] == [3, 4]


@pytest.mark.parametrize("held_for", [None, Hold.MUTED, Hold.DIGEST], ids=["due", "muted", "held"])
async def test_a_chat_that_was_shown_the_second_alone_keeps_it_and_is_not_told_the_first(
    stock: Stock, held_for: Hold | None
) -> None:
    chat = await stock.chat()
    await stocked(stock)
    await tell(stock, chat, 1, GONE)
    (sent,) = await stock.send()
    await tell(stock, chat, 2, KEPT, held_for=held_for)
    for _ in range(2):
        await stock.apply(MERGE)
        assert [(row.alert_id, row.story_id) for row in await outbox(stock, chat)] == [(1, KEPT)]
    await tell(stock, chat, 3, KEPT, action=Action.EDIT, edits=1)
    (edit,) = await stock.claim()
    assert edit.target == message(sent.id)


@pytest.mark.parametrize(
    ("ours", "theirs", "held_for"),
    [
        pytest.param(None, None, None, id="both due"),
        pytest.param(Hold.MUTED, None, None, id="the other is not muted"),
        pytest.param(None, Hold.MUTED, None, id="the kept one is not muted"),
        pytest.param(Hold.MUTED, Hold.DIGEST, Hold.DIGEST, id="the other waits for a digest"),
        pytest.param(Hold.QUIET, Hold.MUTED, Hold.QUIET, id="the kept one waits for a digest"),
        pytest.param(Hold.MUTED, Hold.MUTED, Hold.MUTED, id="both muted"),
    ],
)
async def test_of_two_that_were_not_sent_one_goes_on_the_topics_of_both_and_as_soon_as_either(
    stock: Stock, ours: Hold | None, theirs: Hold | None, held_for: Hold | None
) -> None:
    chat = await stock.chat()
    await stocked(stock)
    await tell(stock, chat, 1, KEPT, held_for=ours, topics=("Arms",))
    await tell(stock, chat, 2, GONE, held_for=theirs, topics=("Summits", "Arms"))
    await stock.apply(MERGE)
    (row,) = await outbox(stock, chat)
    assert (row.alert_id, row.story_id, row.topics) == (1, KEPT, ("Arms", "Summits"))
    assert row.held_for is held_for
    assert row.state is (DeliveryState.HELD if held_for else DeliveryState.PENDING)


async def test_what_is_on_its_way_in_a_digest_is_not_taken_out_of_it(stock: Stock) -> None:
    chat = await stock.chat()
    await stocked(stock)
    await tell(stock, chat, 1, GONE, held_for=Hold.DIGEST)
    await tell(stock, chat, 2, LATER, held_for=Hold.DIGEST)
    carrier, part = await outbox(stock, chat)
    assert await stock.store.bundle(chat.id, {carrier.id: 0, part.id: 1}, size=9, now=at(1))
    await tell(stock, chat, 3, KEPT)
    await stock.apply(MERGE)
    assert [row.alert_id for row in await outbox(stock, chat)] == [1, 2]


async def test_a_plan_can_take_every_link_of_a_story(stock: Stock) -> None:
    await stocked(stock)
    await stock.apply(IngestPlan(unlinked=(LATER,)))
    assert await stock.store.story_links(LATER) == ()


async def test_a_chat_is_shown_no_link_to_what_anothers_feed_brought(stock: Stock) -> None:
    reader, stranger = await stock.chat("1"), await stock.chat("2")
    private = await stock.feed("private", shared=False)
    await stock.store.follow(reader.id, private.id)
    await stock.apply(
        IngestPlan(
            entries=(new_entry(1, feed_id=private.id),),
            stories=(story(LATER, 1),),
            links=(replace(link(LATER, 0), feed_id=private.id), link(LATER, 1, entry_id=99)),
        )
    )
    assert [each.rank for each in await stock.store.story_links(LATER, chat_id=reader.id)] == [0]
    assert await stock.store.story_links(LATER, chat_id=stranger.id) == ()
    assert len(await stock.store.story_links(LATER)) == 2
    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=(), feed_ids=(private.id,))
    assert context.readers == {private.id: frozenset({reader.id})}


async def test_an_edit_that_waits_for_more_holds_up_its_own_story_alone(stock: Stock) -> None:
    chat = await stock.chat()
    await stocked(stock)
    await stock.told(chat, story_id=KEPT)
    await stock.send()
    await stock.told(chat, story_id=KEPT, action=Action.EDIT, minutes=5)
    await stock.told(chat, story_id=LATER)
    assert [one.story_id for one in await stock.send()] == [LATER]
    assert await stock.send() == []
    # A development does not wait for it: the edit goes out at once, and the reply after it.
    await stock.told(chat, story_id=KEPT, action=Action.REPLY)
    assert [one.action for one in await stock.send() + await stock.send()] == [Action.EDIT, Action.REPLY]


async def test_a_story_that_anothers_feed_began_is_led_by_what_the_chat_may_see(stock: Stock) -> None:
    reader, stranger = await stock.chat("1"), await stock.chat("2")
    private, public = await stock.feed("private", shared=False), await stock.feed("public")
    await stock.store.follow(reader.id, private.id)
    topics = [await stock.topic(chat) for chat in (reader, stranger)]
    await stock.apply(
        IngestPlan(
            entries=(
                new_entry(1, feed_id=private.id, title="Secret", source="Letter"),
                new_entry(2, feed_id=public.id, minutes=2, title="Public", source="Post"),
            ),
            stories=(story(KEPT, 1, headline="Secret", source="Letter", outlets=("Letter", "Post"), entry_count=2),),
            members=((KEPT, 1), (KEPT, 2)),
            matches=tuple(match(2, topic.id) for topic in topics),
        )
    )
    mine, theirs = [await stock.store.story_view(chat.id, KEPT) for chat in (reader, stranger)]
    assert mine is not None
    assert theirs is not None
    assert (mine.story.headline, mine.story.outlets) == ("Secret", ("Letter", "Post"))
    assert (theirs.story.headline, theirs.story.outlets) == ("Public", ("Post",))
    assert "Secret" not in str(await stock.store.latest_stories(stranger.id))
