"""The captured feeds of two other parsers' test suites: each is read or refused in words, none does harm."""

from __future__ import annotations

import ast
import asyncio
import html
import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from bot import limits
from bot.errors import FeedParseError
from bot.feeds.fetch import Fetcher
from bot.feeds.parse import parse_feed
from tests.pipeline.feed_server import RSS_TYPE, Answer, feed_server
from tests.shared_data import shared

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.feeds.parse import ParsedFeed
    from bot.model import ParsedEntry

_TYPE = re.compile(rb"^Header:\s+Content-type:\s*([^\r\n]+)$", re.MULTILINE | re.IGNORECASE)
URL = "http://127.0.0.1:8097/tests/feed.xml"
_TITLE = re.compile(r"^Expect:\s+not bozo and entries\[0\]\['title'\] == (u?'[^']*')\s*$", re.MULTILINE)
_LINK = re.compile(r"^Expect:\s+not bozo and entries\[0\]\['link'\] == (u?'[^']*')\s*$", re.MULTILINE)


def _feeds() -> list[Path]:
    root = shared("data", "feeds")
    found = [path for folder in ("feedparser", "gofeed") for path in sorted((root / folder).rglob("*.xml"))]
    found += [path for path in sorted((root / "gofeed").rglob("*.json")) if path.with_suffix(".xml") not in found]
    return found


def _read(path: Path) -> ParsedFeed | None:
    try:
        return parse_feed(path.read_bytes(), url=URL)
    except FeedParseError:
        return None


def test_every_captured_feed_is_read_or_refused() -> None:
    paths = _feeds()
    refused = [path for path in paths if path.suffix == ".xml" and _read(path) is None]
    assert len(paths) > 2500
    # Documents of the corpora that are no feeds: an empty one, a page, XML of another kind.
    assert len(refused) <= 6, refused


async def test_every_captured_feed_comes_through_http_as_it_is() -> None:
    allowed = frozenset({"127.0.0.1"})
    paths = _feeds()
    entries = 0
    async with feed_server() as server, Fetcher(user_agent="test", allowed_private_hosts=allowed) as fetcher:
        urls = [server.serve(f"/{number}", _answer(path)) for number, path in enumerate(paths)]
        for start in range(0, len(urls), limits.POLLS_AT_ONCE):
            part = slice(start, start + limits.POLLS_AT_ONCE)
            for path, fetched in zip(paths[part], await asyncio.gather(*map(fetcher.get, urls[part])), strict=True):
                assert fetched.body == path.read_bytes()
                with suppress(FeedParseError):
                    feed = parse_feed(fetched.body, url=fetched.url, content_type=fetched.content_type)
                    entries += len(feed.entries)
    assert entries > 1000


def _answer(path: Path) -> Answer:
    """The file, with the content type that its comment asks for."""
    body = path.read_bytes()
    stated = _TYPE.search(body)
    return Answer(body, content_type=stated[1].decode("ascii", "replace").strip() if stated else RSS_TYPE)


def test_titles_are_those_that_feedparsers_own_tests_expect() -> None:
    checked, wrong = _compare(_TITLE, lambda entry: entry.title)
    assert checked > 60
    assert wrong == []


def test_links_are_those_that_feedparsers_own_tests_expect() -> None:
    checked, wrong = _compare(_LINK, lambda entry: entry.url)
    assert checked > 14
    assert wrong == []


def test_titles_and_links_are_those_that_gofeed_expects() -> None:
    checked = 0
    wrong = []
    for expected in sorted(shared("data", "feeds", "gofeed", "translator").rglob("*.json")):
        source = expected.with_suffix(".xml")
        items = json.loads(expected.read_text()).get("items") or []
        wanted = [(item.get("title", ""), item.get("link", "")) for item in items if item.get("title")]
        if not source.exists() or not wanted:
            continue
        feed = _read(source)
        found = {(entry.title, link) for entry in feed.entries for link in ("", entry.url)} if feed else set()
        checked += 1
        wrong += [(source.name, want) for want in wanted if want not in found]
    assert checked > 5
    assert wrong == []


def _compare(pattern: re.Pattern[str], field: Callable[[ParsedEntry], str]) -> tuple[int, list[tuple[str, str, str]]]:
    """How many expectations in the corpus' comments were held against our reading, and which of them failed."""
    checked = 0
    wrong = []
    root = shared("data", "feeds", "feedparser")
    for path in sorted((root / "wellformed").rglob("*.xml")):
        head = path.read_bytes()[:2000].decode("utf-8", "replace")
        stated = pattern.search(head)
        if stated is None or "Header:" in head:  # a header that only an HTTP answer would bring
            continue
        feed = _read(path)
        found = field(feed.entries[0]) if feed and feed.entries else ""
        # What is expected there is HTML, of which we want what a reader sees; or plain text, which stays as it is.
        plain = ast.literal_eval(stated[1])
        seen = " ".join(html.unescape(re.sub(r"</?[a-z][^>]*>", "", plain)).split())
        checked += 1
        if found not in {seen, plain}:
            wrong.append((path.name, seen, found))
    return checked, wrong
