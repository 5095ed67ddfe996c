"""The desk behind /feeds and /import: real fetching, a real server, a real poller."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot import settings
from bot.clock import SystemClock
from bot.desk import BotDesk, follow_feeds
from bot.errors import CommandError, FeedParseError, UnsafeAddressError
from bot.model import Address, FeedLink, FeedList, Platform
from bot.parts import open_parts
from bot.workers.deliver import Deliverer
from bot.workers.local import LocalWorkers
from tests.pipeline.feed_server import Answer, Item, feed_server, rss

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.model import Chat
    from bot.parts import Parts

FEED = rss(Item("Talks resume", "https://harbour.example/talks", guid="1"), title="Harbour Wire")
HERE = Address(Platform.CONSOLE, "console")


def page(head: str) -> Answer:
    """A web page."""
    html = f"<!doctype html><html><head><title>Harbour</title>{head}</head><body><p>News.</p></body></html>"
    return Answer(html.encode(), content_type="text/html; charset=utf-8")


@asynccontextmanager
async def running(
    tmp_path: Path, *, private: str = "127.0.0.1", **more: str
) -> AsyncIterator[tuple[Parts, BotDesk, Chat]]:
    environment = {"BACKSTORY_DATA_DIR": str(tmp_path), "BACKSTORY_ALLOWED_PRIVATE_HOSTS": private, **more}
    configured = settings.load(environment, folder=tmp_path)
    async with open_parts(configured, url=configured.database_url, clock=SystemClock()) as parts:
        workers = LocalWorkers(parts.poller, Deliverer(parts.store, {}, parts.clock))
        chat = await parts.store.chat_at(HERE, title="", now=parts.clock.now())
        workers.start()
        try:
            yield parts, BotDesk(parts, workers, sample_mode=False, left_samples=asyncio.Event()), chat
        finally:
            await workers.stop()


async def test_a_feed_whose_key_was_lost_comes_back_when_it_is_added_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with feed_server() as server:
        url = f"{server.serve('/rss', Answer(FEED))}?token=k3y-of-the-feed"
        server.serve("/rss?token=k3y-of-the-feed", Answer(FEED))
        async with running(tmp_path, BACKSTORY_SECRET_KEY="k" * 32) as (_, desk, chat):
            added = await desk.add_feed(chat, url)
        async with running(tmp_path) as (parts, desk, chat):
            with pytest.raises(CommandError, match="key that sealed"):
                await desk.add_feed(chat, url)
        monkeypatch.setattr("bot.limits.FEEDS_PER_CHAT", 1)  # a full chat is no reason: it is one of its own
        async with running(tmp_path, BACKSTORY_SECRET_KEY="o" * 32) as (parts, desk, chat):
            (lost,) = await parts.store.feeds_of(chat.id)
            assert lost.is_lost
            again = await desk.add_feed(chat, url)
            assert (again.feed.id, again.feed.url, again.known) == (added.feed.id, url, False)
            assert (await desk.add_feed(chat, url)).known


async def test_a_page_names_its_feed(tmp_path: Path) -> None:
    async with feed_server() as server, running(tmp_path) as (_, desk, _):
        feed = server.serve("/rss.xml", Answer(FEED))
        site = server.serve("/", page('<link rel="alternate" type="application/rss+xml" title="All" href="rss.xml">'))
        with pytest.raises(FeedParseError):
            await desk.preview_feed(site)
        assert await desk.feeds_on_page(site) == (FeedLink(feed, "All"),)
        assert (await desk.preview_feed(feed)).title == "Harbour Wire"


async def test_a_page_that_names_none_is_tried_at_the_usual_addresses(tmp_path: Path) -> None:
    async with feed_server() as server, running(tmp_path) as (_, desk, _):
        feed = server.serve("/rss", Answer(FEED))
        assert await desk.feeds_on_page(server.serve("/about", page(""))) == (FeedLink(feed, "Harbour Wire"),)


async def test_a_page_elsewhere_names_no_feed_on_a_private_host(tmp_path: Path) -> None:
    async with feed_server() as server, running(tmp_path, private="127.0.0.1,localhost") as (_, desk, _):
        inside = server.serve("/inside", Answer(FEED))
        server.serve("/", page(f'<link rel="alternate" type="application/rss+xml" href="{inside}">'))
        assert await desk.feeds_on_page(server.url("/", host="localhost")) == ()
        assert [feed.url for feed in await desk.feeds_on_page(server.url("/"))] == [inside]


async def test_lists_and_pages_are_read_where_they_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with feed_server() as server, running(tmp_path) as (parts, desk, _):
        listed = FeedList("Mine", (FeedLink("https://a.example/rss", "A"),))
        asked: list[bytes] = []

        async def read(data: bytes) -> FeedList:
            asked.append(data)
            return listed

        async def stopped(page: bytes, **_: str) -> tuple[FeedLink, ...]:
            asked.append(page)
            raise FeedParseError("reading it takes longer than 15 s")

        monkeypatch.setattr(parts.parsers, "feed_list", read)
        monkeypatch.setattr(parts.parsers, "feed_links", stopped)
        assert await desk.read_feed_list(b"<opml/>") == listed
        feed = server.serve("/rss", Answer(FEED))
        assert await desk.feeds_on_page(server.serve("/", page(""))) == (FeedLink(feed, "Harbour Wire"),)
        assert asked == [b"<opml/>", page("").body]


async def test_a_page_cannot_send_us_to_a_private_address(tmp_path: Path) -> None:
    async with feed_server() as server, running(tmp_path, private="") as (_, desk, _):
        with pytest.raises(UnsafeAddressError):
            await desk.feeds_on_page(server.serve("/", page("")))
        assert not server.requests


async def test_a_list_of_feeds_is_followed_and_answers_at_once(tmp_path: Path) -> None:
    async with feed_server() as server, running(tmp_path) as (parts, _, chat):
        links = [FeedLink(server.serve(f"/{number}", Answer(FEED)), f"Feed {number}") for number in range(3)]
        links.append(FeedLink(server.url("/missing"), "Missing"))
        followed = await follow_feeds(parts, chat, links, wait_s=20)
        assert (followed.added, followed.answered, followed.failing) == (4, 4, 1)
        mine = {feed.url: feed for feed in await parts.store.feeds_of(chat.id)}
        assert mine[links[0].url].title == "Harbour Wire"
        assert mine[links[3].url].failures == 1
        again = await follow_feeds(parts, chat, links)
        assert (again.added, again.known) == (0, 4)


async def test_no_more_feeds_than_a_chat_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.limits.FEEDS_PER_CHAT", 2)
    async with feed_server() as server, running(tmp_path) as (parts, desk, chat):
        links = [FeedLink(server.url(f"/{number}")) for number in range(5)]
        followed = await follow_feeds(parts, chat, links)
        assert (followed.added, followed.refused) == (2, 3)
        with pytest.raises(CommandError, match="which is the most"):
            await desk.add_feed(chat, links[2].url)
