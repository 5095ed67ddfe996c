"""The store's contract: stories as chats see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Action, IngestPlan
from tests.store.stock import Stock, match, new_entry, story

if TYPE_CHECKING:
    from bot.model import Chat, Topic


async def two_chats(stock: Stock) -> tuple[Chat, Chat, Topic, Topic]:
    """Two chats, each with a topic; three stories, of which the first two matched the first chat's topic."""
    one, other = await stock.chat("1"), await stock.chat("2")
    mine, theirs = await stock.topic(one, "Mine"), await stock.topic(other, "Theirs")
    feed = await stock.feed()
    await stock.apply(
        IngestPlan(
            entries=tuple(new_entry(number, feed_id=feed.id, minutes=number) for number in range(1, 5)),
            stories=tuple(story(number, number, minutes=10 - number) for number in (1, 2, 3)),
            members=((1, 1), (2, 2), (3, 3), (1, 4)),
            matches=(
                match(1, mine.id, score=0.4),
                match(4, mine.id, score=0.9),
                match(2, mine.id),
                match(2, theirs.id),
                match(3, theirs.id, relevant=False),
            ),
        )
    )
    return one, other, mine, theirs


async def test_a_chat_sees_the_stories_that_its_topics_matched(stock: Stock) -> None:
    one, other, mine, theirs = await two_chats(stock)
    assert [(view.story.id, view.topics) for view in await stock.store.latest_stories(one.id)] == [
        (1, ("Mine",)),
        (2, ("Mine",)),
    ]
    assert [(view.story.id, view.topics) for view in await stock.store.latest_stories(other.id)] == [(2, ("Theirs",))]
    assert [view.story.id for view in await stock.store.latest_stories(one.id, limit=1)] == [1]
    assert [view.story.id for view in await stock.store.latest_stories(one.id, topic_id=mine.id)] == [1, 2]
    assert await stock.store.latest_stories(one.id, topic_id=theirs.id) == ()
    assert await stock.store.story_view(one.id, 3) is None
    assert await stock.store.story_view(other.id, 1) is None
    assert await stock.store.story_view(one.id, 99) is None
    mentioned = await stock.store.story_view(other.id, 3)
    assert mentioned is not None
    assert (mentioned.story, mentioned.topics, mentioned.alert) == (story(3, 3, minutes=7), ("Theirs",), None)


async def test_a_chat_sees_its_own_matches_only_best_first(stock: Stock) -> None:
    one, other, mine, theirs = await two_chats(stock)
    views = await stock.store.story_matches(one.id, 1)
    assert [(view.topic, view.match.score, view.entry.id) for view in views] == [(mine, 0.9, 4), (mine, 0.4, 1)]
    assert views[0].match == match(4, mine.id, score=0.9)
    assert [view.topic for view in await stock.store.story_matches(other.id, 2)] == [theirs]
    assert await stock.store.story_matches(other.id, 1) == ()


async def test_a_chat_sees_a_story_that_it_was_sent_with_its_own_newest_alert(stock: Stock) -> None:
    one, other, *_ = await two_chats(stock)
    await stock.told(one, other, story_id=1)
    newest = await stock.told(one, story_id=1, action=Action.REPLY)
    seen_by_one = await stock.store.story_view(one.id, 1)
    seen_by_other = await stock.store.story_view(other.id, 1)
    assert seen_by_one is not None
    assert seen_by_other is not None
    assert seen_by_one.alert is not None
    assert seen_by_other.alert is not None
    assert (seen_by_one.alert.id, seen_by_one.topics) == (newest, ("Mine",))
    assert (seen_by_other.alert.id, seen_by_other.topics) == (newest - 1, ())
    assert [view.story.id for view in await stock.store.latest_stories(other.id)] == [1, 2]


async def test_shared_topics_count_for_every_chat(stock: Stock) -> None:
    one, other, *_ = await two_chats(stock)
    shared = await stock.topic(None, "World")
    await stock.apply(IngestPlan(matches=(match(3, shared.id),)))
    for chat in (one, other):
        view = await stock.store.story_view(chat.id, 3)
        assert view is not None
        assert view.topics == ("World",)


async def test_what_came_from_a_feed_of_another_chat_is_not_seen(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(None, "World")
    private = await stock.feed("private", shared=False)
    await stock.store.follow(one.id, private.id)
    await stock.apply(
        IngestPlan(
            entries=(new_entry(1, feed_id=private.id),),
            stories=(story(1, 1),),
            members=((1, 1),),
            matches=(match(1, topic.id),),
        )
    )
    assert [view.story.id for view in await stock.store.latest_stories(one.id)] == [1]
    assert await stock.store.latest_stories(other.id) == ()
    assert await stock.store.story_view(other.id, 1) is None
    assert await stock.store.story_matches(other.id, 1) == ()


async def test_an_edited_match_is_replaced(stock: Stock) -> None:
    one, _, mine, _ = await two_chats(stock)
    await stock.apply(IngestPlan(matches=(match(1, mine.id, score=0.99),)))
    assert [view.match.score for view in await stock.store.story_matches(one.id, 1)] == [0.99, 0.9]
