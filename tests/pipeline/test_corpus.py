"""Every captured feed, served over HTTP and polled by the real poller into a real store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot import settings
from bot.clock import SystemClock
from bot.errors import FeedParseError
from bot.feeds.parse import parse_feed
from bot.model import UNSAVED, Feed
from bot.parts import open_parts
from bot.workers.deliver import Deliverer
from bot.workers.local import LocalWorkers
from tests.pipeline.feed_server import Answer, feed_server
from tests.shared_data import shared

if TYPE_CHECKING:
    from pathlib import Path


def entries_of(body: bytes, url: str) -> int | None:
    """How many entries the parser finds; None where the body is no feed."""
    try:
        return len(parse_feed(body, url=url, content_type="application/xml").entries)
    except FeedParseError:
        return None


@pytest.mark.timeout(300)
async def test_every_captured_feed_is_polled_into_the_archive_and_none_stops_the_poller(tmp_path: Path) -> None:
    files = sorted(path for path in shared("data", "feeds").rglob("*") if path.suffix in (".xml", ".json"))
    configured = settings.load({"BACKSTORY_DATA_DIR": str(tmp_path)}, folder=tmp_path)
    hosts = frozenset({"127.0.0.1"})
    async with (
        feed_server() as server,
        open_parts(configured, url="sqlite+aiosqlite://", clock=SystemClock(), private_hosts=hosts) as parts,
    ):
        expected: dict[str, int | None] = {}
        for number, path in enumerate(files):
            body = path.read_bytes()
            url = server.serve(f"/{number}", Answer(body, content_type="application/xml"))
            expected[url] = entries_of(body, url)
            await parts.store.add_feed(Feed(UNSAVED, url, path.name, datetime.now(UTC), shared=True))
        await LocalWorkers(parts.poller, Deliverer(parts.store, {}, parts.clock)).settle()

        stored: dict[int, int] = {}
        after = 0
        while batch := await parts.store.archive(after_id=after, limit=500):
            after = batch[-1].id
            for entry in batch:
                stored[entry.feed_id] = stored.get(entry.feed_id, 0) + 1
        feeds = await parts.store.polled_feeds()
    assert len(feeds) == len(files) > 2500
    assert all(feed.last_polled_at is not None for feed in feeds)
    assert [feed.title for feed in feeds if "internal error" in (feed.last_error or "")] == []
    for feed in feeds:
        count = expected[feed.url]
        if count is None:
            assert feed.last_error, f"{feed.title} is no feed, but nothing says so"
        elif count:
            assert 1 <= stored.get(feed.id, 0) <= count, (
                f"{feed.title}: {stored.get(feed.id)} of {count} entries stored"
            )
