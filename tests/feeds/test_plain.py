"""The quick reading of plain documents: the same as feedparser's, or none."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FeedParseError
from bot.feeds import parse
from bot.feeds.dates import parse_date
from bot.feeds.plain import read_plain
from tests.feeds.made_feeds import DATES, NAMESPACES, TEXTS, damaged, made_feed
from tests.pipeline.feed_server import Item, rss
from tests.shared_data import shared

if TYPE_CHECKING:
    from pathlib import Path

    from bot.feeds.parse import ParsedFeed

URL = "https://news.example/world/feed.xml"
URLS = (URL, "http://user:key@news.example:80/x/?a=1&b", "http://127.0.0.1:8097/tests/feed.xml#part", "https://[bad/")
TYPES = (
    "",
    "application/rss+xml",
    "application/atom+xml; charset=utf-8",
    "text/xml",
    "text/xml; charset=UTF-8",
    "text/html",
    "application/octet-stream",
    "application/xml; charset=koi8-r",
)
_STATED = re.compile(rb"^Header:\s+Content-type:\s*([^\r\n]+)$", re.MULTILINE | re.IGNORECASE)


def is_plain(body: bytes, content_type: str = "application/rss+xml", url: str = URL) -> bool:
    return (
        read_plain(body, {"content-location": url} | ({"content-type": content_type} if content_type else {}))
        is not None
    )


def read(body: bytes, content_type: str, url: str) -> ParsedFeed | str:
    try:
        return parse.parse_feed(body, url=url, content_type=content_type)
    except FeedParseError as error:
        return str(error)


def read_by_feedparser(body: bytes, content_type: str, url: str) -> ParsedFeed | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "read_plain", lambda _body, _headers: None)
        return read(body, content_type, url)


def compared(body: bytes, content_type: str = "application/rss+xml", url: str = URL) -> bool:
    """Whether the document is plain; then it was read as feedparser reads it."""
    if not is_plain(body, content_type, url):
        return False
    assert read(body, content_type, url) == read_by_feedparser(body, content_type, url)
    return True


def _corpora() -> list[Path]:
    root = shared("data", "feeds")
    return [path for folder in ("feedparser", "gofeed") for path in sorted((root / folder).rglob("*.xml"))]


def test_every_captured_feed_is_read_as_feedparser_reads_it() -> None:
    plain = 0
    for number, path in enumerate(_corpora()):
        body = path.read_bytes()
        stated = _STATED.search(body)
        content_type = stated[1].decode("ascii", "replace").strip() if stated else TYPES[number % len(TYPES)]
        plain += compared(body, content_type)
    assert plain > 1200


def test_made_feeds_are_read_as_feedparser_reads_them() -> None:
    plain = 0
    for seed in range(700):
        rng = random.Random(seed)
        plain += compared(made_feed(rng), rng.choice(TYPES), rng.choice(URLS))
    assert plain > 70


@settings(max_examples=100, deadline=None)
@given(rng=st.randoms(use_true_random=False), content_type=st.sampled_from(TYPES), url=st.sampled_from(URLS))
def test_any_made_feed_is_read_as_feedparser_reads_it(rng: random.Random, content_type: str, url: str) -> None:
    compared(made_feed(rng), content_type, url)


def test_damaged_feeds_are_read_as_feedparser_reads_them() -> None:
    rng = random.Random(11)
    items = [
        Item(f"Talks {n}", f"/{n}", f"g{n}", "Mon, 17 Jun 2024 22:29:00 GMT", f"<![CDATA[<p>{n}</p>]]>")
        for n in range(3)
    ]
    plain = sum(compared(damaged(rng, rss(*items, extra="<ttl>5</ttl>"))) for _ in range(600))
    assert plain > 40


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "euc-kr", "gb2312", "shift_jis", "iso-8859-1"])
def test_declared_encodings_are_read(encoding: str) -> None:
    text = {"euc-kr": "서울 회담", "gb2312": "首尔会谈", "shift_jis": "首脳会談", "iso-8859-1": "Café"}
    title = text.get(encoding, "Переговоры")
    body = rss(Item(title, "/1")).decode().replace('encoding="utf-8"', f'encoding="{encoding}"').encode(encoding)
    assert compared(body)
    assert parse.parse_feed(body, url=URL, content_type="application/rss+xml").entries[0].title == title


PLAIN = rss(Item("Talks", "/1", "g", DATES[0], TEXTS[11]))
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def entry(markup: str) -> bytes:
    return f'<rss version="2.0" {DECLARED}><channel><item>{markup}</item></channel></rss>'.encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(PLAIN, id="rss"),
        pytest.param(PLAIN.replace(b"<rss", b"<!-- made --><?xml-stylesheet href='a'?><rss"), id="prologue"),
        pytest.param(entry("<title>a</title><media:title>b</media:title>"), id="two-titles"),
        pytest.param(entry("<description>a</description><itunes:summary>b</itunes:summary>"), id="two-summaries"),
        pytest.param(
            entry("<media:group><media:title>a</media:title></media:group><title>b</title>"), id="deeper-title"
        ),
        pytest.param(entry("<title>a</title><source url='/s'>S</source><title>b</title>"), id="title-after-source"),
        pytest.param(entry("<guid>/g</guid><link/>"), id="guid-as-link"),
        pytest.param(entry("<post-id xmlns='com-wordpress:feed-additions:1'>1</post-id>"), id="namespace-in-entry"),
        pytest.param(entry("<yandex:genre>message</yandex:genre>"), id="unknown-namespace"),
        pytest.param(entry("<yandex:full-text>x</yandex:full-text><description>a</description>"), id="full-text"),
        pytest.param(entry("<turbo:content>&lt;p>x</turbo:content><turbo:content>b</turbo:content>"), id="turbo"),
        pytest.param(entry("<category domain='d'>c</category><dc:creator>k</dc:creator>"), id="nothing-read"),
    ],
)
def test_what_most_feeds_hold_is_plain(body: bytes) -> None:
    assert compared(body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(PLAIN.replace(b"<rss", b"<!DOCTYPE rss [<!ENTITY x 'y'>]><rss"), id="dtd"),
        pytest.param(PLAIN.replace(b"<rss", b"<rss xml:base='http://b.example/'"), id="xml-base"),
        pytest.param(PLAIN.replace(b"Talks", b"Talks &nbsp;"), id="entity"),
        pytest.param(PLAIN.replace(b"Talks", b"Talks \xff"), id="not-utf-8"),
        pytest.param(PLAIN[:-4], id="cut"),
        pytest.param(entry("<title><b>a</b></title>"), id="markup-in-a-title"),
        pytest.param(
            entry("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a</div></content>"), id="xhtml"
        ),
        pytest.param(entry("<content type='application/pdf'>YQ==</content>"), id="base64"),
        pytest.param(entry("<turbo:content><p>a</p></turbo:content>"), id="markup-in-a-full-text"),
        pytest.param(
            PLAIN.replace(b"<item>", b"<y:full-text>a</y:full-text><item>", 1)
            .replace(b"y:", b"yandex:")
            .replace(b"<rss", b"<rss xmlns:yandex='http://news.yandex.ru'"),
            id="full-text-of-a-feed",
        ),
        pytest.param(entry("<links>a</links>"), id="a-name-of-feedparsers-own"),
        pytest.param(entry("<own:title_detail>a</own:title_detail>"), id="a-key-of-feedparsers-own"),
        pytest.param(
            PLAIN.replace(b"<rss", b'<rss xmlns:dc="http://purl.org/rss/1.0/modules/content/"'), id="odd-prefix"
        ),
        pytest.param(PLAIN.replace(b"<rss", b'<rss xmlns:x="http://a example/"'), id="space-in-namespace"),
        pytest.param(PLAIN.replace(b"</channel>", b"</channel><channel/>"), id="two-channels"),
        pytest.param(b"<html><body>no feed</body></html>", id="page"),
    ],
)
def test_what_is_not_sure_is_left_to_feedparser(body: bytes) -> None:
    assert not is_plain(body)
    assert read(body, "application/rss+xml", URL) == read_by_feedparser(body, "application/rss+xml", URL)


@given(st.one_of(st.sampled_from(DATES), st.text(max_size=40), st.datetimes().map(str)))
def test_a_date_is_what_feedparser_makes_of_it(text: str) -> None:
    from feedparser.datetimes import _parse_date  # noqa: PLC0415 - beside what it is held against

    try:
        expected = _parse_date(text)
    except Exception as error:  # noqa: BLE001 - whatever it lets escape, we do, too
        with pytest.raises(type(error)):
            parse_date(text)
    else:
        assert parse_date(text) == expected


def test_of_a_long_text_no_format_looks_for_a_date() -> None:
    date = "Mon, 17 Jun 2024 22:29:00 +0900"
    assert parse_date(f"{date} (Seoul)") is not None
    assert parse_date(f"{date} {'Seoul ' * 40}") is None
