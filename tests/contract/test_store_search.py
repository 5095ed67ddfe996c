"""The store's contract: searching the archive as one chat may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import limits
from bot.model import FeedState, IngestPlan, TermQuery
from tests.store.stock import Stock, at, new_entry, story

if TYPE_CHECKING:
    from bot.model import Chat

ARMS = TermQuery((("arm",),))


async def _archive(stock: Stock) -> tuple[Chat, Chat]:
    """Two chats, each with a feed of its own, and a shared one and an imported one."""
    one, other = await stock.chat("1"), await stock.chat("2")
    shared = await stock.feed("shared")
    mine, theirs = await stock.feed("mine", shared=False), await stock.feed("theirs", shared=False)
    imported = await stock.feed("imported", shared=False, state=FeedState.ARCHIVE)
    await stock.store.follow(one.id, mine.id)
    await stock.store.follow(other.id, theirs.id)
    await stock.apply(
        IngestPlan(
            entries=(
                new_entry(1, "arm", "deal", "kim", feed_id=shared.id, minutes=30),
                new_entry(2, "arm", "football", "a", "b", "c", "d", feed_id=mine.id, minutes=10),
                new_entry(3, "arm", "deal", feed_id=theirs.id, minutes=20),
                new_entry(4, "北韓", "arm", feed_id=imported.id, minutes=0, lang="ko"),
                new_entry(5, "fish", feed_id=shared.id, minutes=5),
            ),
            stories=(story(1, 1),),
            members=((1, 1),),
        )
    )
    return one, other


async def _ids(stock: Stock, chat: Chat, query: TermQuery, *, best: bool = False, below: int = 0) -> list[int]:
    page = await stock.store.search(chat.id, query, best=best, below=below, limit=5)
    return [traced.entry.id for traced in page.entries]


async def test_a_chat_searches_its_own_feeds_shared_ones_and_what_was_imported_newest_first(stock: Stock) -> None:
    one, other = await _archive(stock)
    assert await _ids(stock, one, ARMS) == [1, 2, 4]
    assert await _ids(stock, other, ARMS) == [1, 3, 4]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(TermQuery((("arm",), ("deal",))), [1], id="every group must be there"),
        pytest.param(TermQuery((("waffe", "arm"),)), [1, 2, 4], id="one of a group is enough"),
        pytest.param(TermQuery((("arm",),), none_of=("football",)), [1, 4], id="none of these"),
        pytest.param(TermQuery((("arm",),), none_of=("football", "deal")), [4], id="none of several"),
        pytest.param(TermQuery((("arm",),), lang="ko"), [4], id="one language"),
        pytest.param(TermQuery((("北韓",),)), [4], id="a pair of letters"),
        pytest.param(TermQuery((("absent",),)), [], id="a word that stands nowhere"),
        pytest.param(TermQuery((), none_of=("arm",)), [], id="nothing asked for"),
        pytest.param(TermQuery(((' " OR ', "'; DROP"), ("arm",))), [], id="signs of a query language are letters"),
    ],
)
async def test_what_a_query_finds(stock: Stock, query: TermQuery, expected: list[int]) -> None:
    one, _ = await _archive(stock)
    page = await stock.store.search(one.id, query, best=False, below=0, limit=5)
    assert [traced.entry.id for traced in page.entries] == expected
    assert page.total == len(expected)


async def test_pages_follow_each_other_and_tell_the_whole_number(stock: Stock) -> None:
    one, _ = await _archive(stock)
    page = await stock.store.search(one.id, ARMS, best=False, below=1, limit=1)
    assert ([traced.entry.id for traced in page.entries], page.total) == ([2], 3)
    assert await _ids(stock, one, ARMS, below=3) == []


async def test_best_first_puts_the_entry_that_is_most_about_it_before_the_newest(stock: Stock) -> None:
    one, _ = await _archive(stock)
    assert (await _ids(stock, one, ARMS, best=True))[0] == 4
    assert set(await _ids(stock, one, ARMS, best=True)) == {1, 2, 4}


async def test_what_is_found_knows_its_story(stock: Stock) -> None:
    one, _ = await _archive(stock)
    page = await stock.store.search(one.id, ARMS, best=False, below=0, limit=2)
    assert [traced.story_id for traced in page.entries] == [1, None]


async def test_a_search_is_kept_for_its_chat_alone(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    kept = await stock.store.keep_search(one.id, "arms deal", now=at(0))
    assert await stock.store.kept_search(one.id, kept.id) == kept
    assert await stock.store.kept_search(other.id, kept.id) is None
    again = await stock.store.keep_search(one.id, "arms deal", now=at(1))
    assert again.id == kept.id


async def test_a_chats_oldest_search_goes(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCHES_PER_CHAT", 2)
    one, other = await stock.chat("1"), await stock.chat("2")
    theirs = await stock.store.keep_search(other.id, "old", now=at(0))
    kept = [await stock.store.keep_search(one.id, words, now=at(minute)) for minute, words in enumerate("abc", start=1)]
    found = [await stock.store.kept_search(one.id, each.id) for each in kept]
    assert [each.words if each else None for each in found] == [None, "b", "c"]
    assert await stock.store.kept_search(other.id, theirs.id) is not None


async def test_better_words_are_kept_as_they_were_first_said_and_counted_once(stock: Stock) -> None:
    feed = await stock.feed()
    await stock.apply(IngestPlan(entries=(new_entry(1, feed_id=feed.id),)))
    store = stock.store
    assert await store.wording(1, "own", "en") is None
    assert await store.keep_wording(1, "own", "en", "better", counter="llm.used") == "better"
    assert await store.keep_wording(1, "own", "en", "other", counter="llm.used") == "better"
    assert await store.keep_wording(1, "own", "uk", "", counter="llm.refused.numbers") == ""
    assert (await store.wording(1, "own", "en"), await store.wording(1, "own", "uk")) == ("better", "")
    assert await store.wording(1, "another", "en") is None
    assert (await stock.status()).counters == {"llm.used": 1, "llm.refused.numbers": 1}
    assert (await stock.status(await stock.chat())).counters == {"llm.used": 1, "llm.refused.numbers": 1}
