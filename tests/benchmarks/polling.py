"""Reading a feed whose next version holds one new entry, or none: the reduced document beside the whole one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from bot.feeds import delta, parse
from bot.feeds.parse import parse_feed
from tests.benchmarks.feed_farm import document
from tests.benchmarks.measure import Row, median_s, words
from tests.pipeline.feed_server import Item, rss

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://news.example/feed"
TYPE = "application/rss+xml"
ENTRIES = 40
TURNS = 10
MIXED = 40


def polling() -> list[Row]:
    """Milliseconds a poll, for a feed of 40 entries of about 2,000 characters."""
    rng = random.Random(4)
    vocabulary = words(rng, 5000)
    items = [
        Item(
            " ".join(rng.choices(vocabulary, k=8)),
            f"https://news.example/{n}",
            f"id-{n}",
            f"Mon, 17 Jun 2024 {n % 24:02}:00:00 GMT",
            f"<![CDATA[<p>{' '.join(rng.choices(vocabulary, k=300))}</p>]]>",
        )
        for n in range(ENTRIES + 1)
    ]
    known, now = rss(*items[1:]), rss(*items[:-1])
    before = delta.remembered(
        known, parse_feed(known, url=URL, content_type=TYPE), content_type=TYPE, feed_id=1, footers=frozenset()
    )
    packed = delta.pack(before)

    def whole() -> None:
        feed = parse_feed(now, url=URL, content_type=TYPE)
        delta.remembered(now, feed, content_type=TYPE, feed_id=1, footers=frozenset())

    def one_new() -> None:
        remembered = delta.unpack(packed)
        cut = remembered and delta.reduced(now, content_type=TYPE, before=remembered)
        if not cut:
            raise AssertionError("the document was not reduced")
        feed = parse_feed(cut.document, url=URL, content_type=TYPE)
        after = delta.joined(cut, feed, body=now, feed_id=1)
        if after is None or len(feed.entries) != 1:
            raise AssertionError("the reduced document was not trusted")
        delta.pack(after)

    def same() -> None:
        remembered = delta.unpack(packed)
        if remembered is None or remembered.body != delta.digest(known):
            raise AssertionError("the bytes are not the same")

    peers = _each_ms(whole)
    return [
        *_parsing(),
        Row("read a feed with one new entry of 40", _each_ms(one_new), "reading all of it", peers, "ms"),
        Row("the same bytes again", _each_ms(same), "reading all of it", peers, "ms"),
    ]


def _parsing() -> list[Row]:
    """Milliseconds an entry of a mixture of feeds, few of them ill-formed, with and without the way for plain ones."""
    documents = [document(number, 1) for number in range(MIXED)]

    def read_all() -> int:
        return sum(len(parse_feed(body, url=URL, content_type=kind).entries) for body, kind in documents)

    entries = read_all()
    ours = median_s(read_all) / entries * 1e3
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "read_plain", lambda _body, _headers: None)
        peers = median_s(read_all) / entries * 1e3
    return [Row("read an entry of mixed feeds", ours, "feedparser for all of them", peers, "ms")]


def _each_ms(work: Callable[[], None]) -> float:
    def turns() -> None:
        for _ in range(TURNS):
            work()

    return median_s(turns) / TURNS * 1e3
