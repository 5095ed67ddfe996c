"""The store's contract: stories with the links between them, as chats see them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.model import IngestPlan
from tests.store.stock import Stock, at, link, match, new_entry, story

if TYPE_CHECKING:
    from bot.model import BackstoryLink, Chat, Topic

STORIES = range(1, 7)


def _continues(later: int, earlier: int, rank: int = 1) -> BackstoryLink:
    return replace(link(later, rank, entry_id=earlier), past_story_id=earlier)


@pytest.fixture
async def desk(stock: Stock) -> tuple[Chat, Topic]:
    """A chat whose topic matched stories 1 to 4, in a chain; 5 continues 1 as well; 6 is another chat's alone.

    ::

        1 <- 2 <- 3 <- 4      1 <- 5      2 <- 6 (not ours)      3 <- an article of no story
    """
    mine, other = await stock.chat("1"), await stock.chat("2")
    topic, theirs = await stock.topic(mine, "Mine"), await stock.topic(other, "Theirs")
    feed, private = await stock.feed(), await stock.feed("private", shared=False)
    await stock.store.follow(other.id, private.id)
    feeds = {number: private.id if number in (6, 8) else feed.id for number in range(1, 9)}
    await stock.apply(
        IngestPlan(
            entries=tuple(new_entry(number, feed_id=feeds[number], minutes=number) for number in range(1, 9)),
            stories=tuple(story(number, number, started_at=at(number)) for number in STORIES),
            members=tuple((number, number) for number in STORIES),
            matches=(
                *(match(number, topic.id) for number in (1, 2, 3, 4)),
                match(5, topic.id, relevant=False),
                match(6, theirs.id),
            ),
            links=(
                _continues(2, 1),
                _continues(3, 2),
                link(3, 2, entry_id=7),
                link(3, 3, entry_id=8),
                _continues(4, 3),
                _continues(5, 1),
                _continues(6, 2),
            ),
        )
    )
    return mine, topic


async def test_a_topics_strand_holds_its_stories_newest_first_and_the_links_between_them(
    stock: Stock, desk: tuple[Chat, Topic]
) -> None:
    chat, topic = desk
    strand = await stock.store.topic_strand(chat.id, topic.id, limit=10)
    assert [each.id for each in strand.stories] == [4, 3, 2, 1]
    assert {(each.story_id, each.past_story_id) for each in strand.links} == {(2, 1), (3, 2), (4, 3)}


async def test_a_topics_strand_is_cut_to_the_newest(stock: Stock, desk: tuple[Chat, Topic]) -> None:
    chat, topic = desk
    strand = await stock.store.topic_strand(chat.id, topic.id, limit=2)
    assert [each.id for each in strand.stories] == [4, 3]
    assert {(each.story_id, each.past_story_id) for each in strand.links} == {(4, 3)}


@pytest.mark.parametrize(
    ("number", "stories"),
    [
        pytest.param(3, [4, 3, 2, 1], id="before and after, over several steps"),
        pytest.param(5, [5, 1], id="not what merely shares a root"),
        pytest.param(1, [5, 4, 3, 2, 1], id="all that grew from it"),
    ],
)
async def test_a_storys_strand_reaches_both_ways(
    stock: Stock, desk: tuple[Chat, Topic], number: int, stories: list[int]
) -> None:
    chat, _ = desk
    strand = await stock.store.story_strand(chat.id, number, limit=10)
    assert [each.id for each in strand.stories] == stories


async def test_articles_of_no_story_come_with_the_story_that_links_to_them_and_only_from_the_chats_own_feeds(
    stock: Stock, desk: tuple[Chat, Topic]
) -> None:
    chat, _ = desk
    own = await stock.store.story_strand(chat.id, 3, limit=10)
    assert [each.entry_id for each in own.links if each.past_story_id is None] == [7]
    other = await stock.store.story_strand(chat.id, 4, limit=10)
    assert [each.entry_id for each in other.links if each.past_story_id is None] == []


async def test_a_chat_gets_no_strand_of_anothers_story(stock: Stock, desk: tuple[Chat, Topic]) -> None:
    chat, _ = desk
    strand = await stock.store.story_strand(chat.id, 6, limit=10)
    assert (strand.stories, strand.links) == ((), ())
    assert 6 not in [each.id for each in await stock.store.later_stories(chat.id, 2, limit=10)]


async def test_a_link_that_rests_on_anothers_article_tells_only_what_the_chat_sees_of_the_story(
    stock: Stock, desk: tuple[Chat, Topic]
) -> None:
    chat, topic = desk
    await stock.apply(
        IngestPlan(
            members=((1, 6),),
            links=(replace(link(4, 9, entry_id=6), past_story_id=1, headline="Hidden", why="A hidden sentence."),),
        )
    )
    for strand in (
        await stock.store.topic_strand(chat.id, topic.id, limit=10),
        await stock.store.story_strand(chat.id, 4, limit=10),
    ):
        (found,) = [each for each in strand.links if each.entry_id == 6]
        first = next(each for each in strand.stories if each.id == 1)
        assert (found.story_id, found.past_story_id) == (4, 1)
        assert (found.headline, found.url, found.source, found.why) == (first.headline, first.url, first.source, "")


async def test_later_stories_are_those_that_continue_it_directly(stock: Stock, desk: tuple[Chat, Topic]) -> None:
    chat, _ = desk
    assert [each.id for each in await stock.store.later_stories(chat.id, 1, limit=10)] == [5, 2]
    assert [each.id for each in await stock.store.later_stories(chat.id, 1, limit=1)] == [5]
    assert await stock.store.later_stories(chat.id, 4, limit=10) == ()


async def test_stories_that_link_in_a_circle_end(stock: Stock, desk: tuple[Chat, Topic]) -> None:
    chat, _ = desk
    await stock.apply(IngestPlan(links=(_continues(1, 4),)))
    strand = await stock.store.story_strand(chat.id, 2, limit=10)
    assert [each.id for each in strand.stories] == [5, 4, 3, 2, 1]


async def test_titles_are_those_of_the_first_article_in_a_language_that_the_chat_may_see(
    stock: Stock, desk: tuple[Chat, Topic]
) -> None:
    chat, _ = desk
    served, private = await stock.feed(), await stock.feed("private", shared=False)
    more = [
        new_entry(21, feed_id=served.id, title="Zuerst", lang="de", minutes=30),
        new_entry(22, feed_id=served.id, title="Danach", lang="de", minutes=40),
        new_entry(23, feed_id=private.id, title="Heimlich", lang="de", minutes=10),
        new_entry(24, feed_id=served.id, title="", lang="de", minutes=5),
    ]
    await stock.apply(IngestPlan(entries=tuple(more), members=((1, 22), (1, 21), (1, 23), (1, 24))))
    titles = await stock.store.titles_in(chat.id, [1, 2, 3], "de")
    assert {number: title.headline for number, title in titles.items()} == {1: "Zuerst"}
    english = await stock.store.titles_in(chat.id, [1, 2], "en")
    assert {number: title.headline for number, title in english.items()} == {1: "Title 1", 2: "Title 2"}
