from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import FeedParseError, FetchError, UnsafeAddressError
from bot.feeds.opml import read_opml
from bot.limits import FEEDS_PER_CHAT
from bot.model import UNSAVED, Feed, FeedLink, FeedState
from bot.store.sql import open_store
from bot.topics import lexicon
from handlers.feeds import _health
from tests.handlers.house import FEED_URL, House, ScriptedDesk, button, pressable, texts
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from pathlib import Path

FEED = Feed(
    1, FEED_URL, "Example News", next_poll_at=NOW + timedelta(minutes=12), last_polled_at=NOW - timedelta(minutes=3)
)


async def test_an_added_feed_shows_what_it_holds_and_promises_silence(house: House) -> None:
    said = texts(await house.say(f"/feeds add {FEED_URL}"))
    assert "Added Example News" in said
    assert "example.org · 25 entries now" in said
    assert "17 Jun 2024: Headline 17" in said
    assert "without an alert" in said
    assert "/topics add NAME" in said


async def test_a_feed_that_is_there_already_says_so(house: House) -> None:
    await house.say(f"/feeds add {FEED_URL}")
    assert "is here already" in texts(await house.say(f"/feeds add {FEED_URL}"))
    assert "is here already" in texts(await house.say(FEED_URL + "/"))


async def test_the_first_real_feed_ends_the_samples(house: House) -> None:
    house.desk.left_samples = True
    assert "sample coverage has ended" in texts(await house.say(f"/feeds add {FEED_URL}"))


@pytest.mark.parametrize(
    ("fault", "told", "hint"),
    [
        pytest.param(FetchError("The site did not answer in 30 s."), "did not answer", True, id="unreachable"),
        pytest.param(FeedParseError("That is a web page, not a feed."), "a web page", True, id="no feed"),
        pytest.param(UnsafeAddressError("That address is not public."), "not public", False, id="a private address"),
    ],
)
async def test_a_feed_that_cannot_be_added_says_why(house: House, *, fault: Exception, told: str, hint: bool) -> None:
    house.desk.feed_fault = fault
    said = texts(await house.say(f"/feeds add {FEED_URL}"))
    assert told in said
    assert ("RSS" in said) is hint
    assert await house.desk.store.feeds_of((await house.chat()).id) == ()


async def test_an_address_alone_is_followed_only_after_a_yes(house: House) -> None:
    said = await house.say(FEED_URL)
    assert "Shall I follow Example News as a feed?" in texts(said)
    assert await house.desk.store.feeds_of((await house.chat()).id) == ()
    assert "Added Example News" in texts(await house.press(button(said, "Add this feed").data))


async def test_the_list_gives_numbers_sites_and_health(house: House) -> None:
    await house.say(f"/feeds add {FEED_URL}")
    (feed,) = await house.desk.store.feeds_of((await house.chat()).id)
    said = texts(await house.say("/feeds"))
    assert f"{feed.id}. Example News (example.org): not polled yet" in said


@pytest.mark.parametrize(
    ("feed", "health"),
    [
        pytest.param(dataclasses.replace(FEED, last_polled_at=None), "not polled yet", id="new"),
        pytest.param(FEED, "polled 3 min ago, again in 12 min", id="well"),
        pytest.param(
            dataclasses.replace(FEED, last_entry_at=NOW - timedelta(days=3)),
            "polled 3 min ago, again in 12 min, last entry 17 Jun 2024",
            id="with its last entry",
        ),
        pytest.param(
            dataclasses.replace(FEED, failures=2, last_error="HTTP 503.", next_poll_at=NOW),
            "⚠ failing (2 polls in a row: HTTP 503), due now",
            id="failing",
        ),
        pytest.param(
            dataclasses.replace(FEED, state=FeedState.GONE), "ended by its site, not polled any more", id="gone"
        ),
    ],
)
def test_health_in_words(feed: Feed, health: str) -> None:
    assert _health(feed, NOW) == health


async def test_an_empty_list_says_how_to_begin(house: House) -> None:
    assert "/feeds add https://" in texts(await house.say("/feeds"))


@pytest.mark.parametrize("by", ["number", "address", "button"])
async def test_a_feed_is_dropped_and_can_be_brought_back(house: House, by: str) -> None:
    added = await house.say(f"/feeds add {FEED_URL}")
    (feed,) = await house.desk.store.feeds_of((await house.chat()).id)
    if by == "button":
        said = await house.press(button(added, "Remove").data)
    else:
        said = await house.say(f"/feeds remove {feed.id if by == 'number' else 'news.example.org/rss/'}")
    assert "no longer serves this chat" in texts(said)
    assert await house.desk.store.feeds_of((await house.chat()).id) == ()
    await house.press(button(said, "Bring it back").data)
    assert len(await house.desk.store.feeds_of((await house.chat()).id)) == 1


async def test_a_shared_feed_cannot_be_dropped_from_one_chat(house: House) -> None:
    shared = await house.desk.store.add_feed(Feed(UNSAVED, "https://shared.example/feed", "Shared", NOW, shared=True))
    assert "serves every chat" in texts(await house.say(f"/feeds remove {shared.id}"))
    assert "such feed" in texts(await house.say("/feeds remove 999"))


async def test_as_many_feeds_as_a_chat_may_have_are_listed_in_parts(house: House) -> None:
    chat = await house.chat()
    for number in range(FEEDS_PER_CHAT):
        feed = await house.desk.store.add_feed(Feed(UNSAVED, f"https://f{number}.example/rss", f"F{number}", NOW))
        await house.desk.store.follow(chat.id, feed.id)
    listed = await house.say("/feeds")
    assert len(listed) == 5
    assert "100 feeds" in texts(listed)
    assert not pressable(listed)


SECRET = "https://reader:open-sesame@paid.example/rss?key=abc123"  # noqa: S105 - no secret
BARE = "https://paid.example/rss"


@pytest.mark.parametrize("title", ["", SECRET])
async def test_a_shared_feed_that_never_answered_is_called_by_its_site(house: House, title: str) -> None:
    failing = Feed(UNSAVED, SECRET, title, NOW, shared=True, failures=1, last_error="paid.example answered 401")
    await house.desk.store.add_feed(failing)
    for command in ("/feeds", "/whynot https://paid.example/article", "/status", "/feeds remove 1"):
        said = texts(await house.in_group("guest", command)) + texts(await house.in_group("owner", command))
        assert "open-sesame" not in said
        assert "abc123" not in said
    assert "1. paid.example (" in texts(await house.say("/feeds"))


@pytest.mark.parametrize("text", [SECRET, f"/feeds add {BARE}", f"/feeds add {SECRET}"])
async def test_no_answer_repeats_a_password_or_key(house: House, text: str) -> None:
    house.desk.on_page = {BARE: (FeedLink(SECRET), FeedLink(FEED_URL))}
    house.desk.feed_fault = FeedParseError("That is a web page.") if BARE in text else None
    asked = await house.say(text)
    again = await house.say("/feeds remove 1")
    for secret in ("open-sesame", "abc123"):
        assert secret not in texts(asked) + texts(again)


async def test_a_feed_whose_key_was_lost_says_so_and_shows_nothing_of_it(tmp_path: Path) -> None:
    url, ours = f"sqlite:///{tmp_path}/backstory.db", FEED_URL
    store = await open_store(url, secret_keys=["k" * 32])
    house = House(ScriptedDesk(store, lexicon.load()))
    for address in (SECRET, ours):
        await house.say(f"/feeds add {address}")
    await store.close()
    store = await open_store(url, secret_keys=["o" * 32])
    house = House(ScriptedDesk(store, lexicon.load()))
    listed, exported = texts(await house.say("/feeds")), await house.say("/export feeds")
    assert "2 feeds, 1 in trouble" in listed
    assert "1. Example News: ⚠ its address cannot be read any more: add the feed again" in listed
    assert "Example News: its address cannot be read any more" in texts(exported)
    (file,) = exported[0].attachments
    assert [feed.url for feed in read_opml(file.data).feeds] == [ours]
    for remove in (f"/feeds remove {SECRET}", "/feeds remove 1"):
        dropped = await house.say(remove)
        assert pressable(dropped) == []
        assert "Bring it back" not in texts(dropped)
        await store.follow((await house.chat()).id, 1)
    await house.say(f"/feeds add {SECRET}")
    assert "1. Example News (paid.example)" in texts(await house.say("/feeds"))
    await store.close()
    assert "sealed:" not in listed + texts(exported) + texts(dropped) + file.data.decode()


async def test_a_feed_with_a_password_is_brought_back_by_its_button(house: House) -> None:
    await house.say(f"/feeds add {SECRET}")
    dropped = await house.say("/feeds remove 1")
    assert "Bring it back:" not in texts(dropped)
    await house.press(button(dropped, "Bring it back").data)
    assert [feed.url for feed in await house.desk.store.feeds_of((await house.chat()).id)] == [SECRET]
