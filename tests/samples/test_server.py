"""The sample server over real HTTP: opening, release, ETag and 304."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.feeds.parse import ParsedFeed, parse_feed
from bot.samples.coverage import load
from bot.samples.server import SampleServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

COVERAGE = load()


@pytest.fixture
async def server() -> AsyncIterator[SampleServer]:
    async with SampleServer(COVERAGE) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def get_all(http: aiohttp.ClientSession, server: SampleServer) -> dict[str, ParsedFeed]:
    feeds = {}
    for title, url in server.feed_urls:
        async with http.get(url) as response:
            assert response.status == 200
            feeds[title] = parse_feed(await response.read(), url=url, content_type=response.headers["Content-Type"])
    return feeds


async def test_the_feeds_hold_the_opening_and_nothing_else(server: SampleServer, http: aiohttp.ClientSession) -> None:
    feeds = await get_all(http, server)
    assert list(feeds) == [outlet.title for outlet in COVERAGE.outlets]
    found = {entry.url for feed in feeds.values() for entry in feed.entries}
    assert found == {entry.url for entry in COVERAGE.opening}
    assert all(feed.entries for feed in feeds.values())


async def test_after_every_step_the_feeds_hold_everything_under_its_last_headline(
    server: SampleServer, http: aiohttp.ClientSession
) -> None:
    for step in COVERAGE.steps:
        server.release(step)
    feeds = await get_all(http, server)
    found = {entry.url: entry.title for feed in feeds.values() for entry in feed.entries}
    assert found == {entry.url: entry.title for entry in COVERAGE.entries} | {
        edit.url: edit.title for edit in COVERAGE.edits
    }


async def test_a_step_changes_only_the_feeds_of_its_outlets(server: SampleServer, http: aiohttp.ClientSession) -> None:
    before = await get_all(http, server)
    server.release(COVERAGE.steps[0])
    after = await get_all(http, server)
    changed = {title for title in before if before[title] != after[title]}
    assert changed == {entry.outlet.title for entry in COVERAGE.steps[0].entries}


async def test_an_unchanged_feed_is_answered_with_304_until_it_changes(
    server: SampleServer, http: aiohttp.ClientSession
) -> None:
    (first,) = COVERAGE.steps[0].entries
    url = dict(server.feed_urls)[first.outlet.title]
    async with http.get(url) as response:
        etag = response.headers["ETag"]
    async with http.get(url, headers={"If-None-Match": etag}) as response:
        assert (response.status, await response.read(), response.headers["ETag"]) == (304, b"", etag)
    server.release(COVERAGE.steps[0])
    async with http.get(url, headers={"If-None-Match": etag}) as response:
        assert response.status == 200
        assert response.headers["ETag"] != etag


async def test_any_other_path_is_not_found(server: SampleServer, http: aiohttp.ClientSession) -> None:
    url = server.feed_urls[0][1]
    async with http.get(url.replace("harbour-wire", "harbour-wife")) as response:
        assert response.status == 404


async def test_two_servers_run_side_by_side(server: SampleServer) -> None:
    async with SampleServer(COVERAGE) as other:
        assert not {url for _, url in server.feed_urls} & {url for _, url in other.feed_urls}


async def test_a_server_that_is_not_running_has_no_addresses() -> None:
    server = SampleServer(COVERAGE)
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.feed_urls
    async with server:
        assert server.feed_urls
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.feed_urls
