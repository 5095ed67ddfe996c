"""The feeds that a page names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.feeds.discover import feed_links, usual_addresses

PAGE = "https://www.news.example/world/"


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("html", "urls"),
    [
        pytest.param(
            page('<link rel="alternate" type="application/rss+xml" href="/rss.xml">'),
            ["https://www.news.example/rss.xml"],
            id="rss",
        ),
        pytest.param(
            page('<link href="atom" type="application/atom+xml; charset=utf-8" rel="ALTERNATE home">'),
            ["https://www.news.example/world/atom"],
            id="atom, relative",
        ),
        pytest.param(
            page('<link rel="alternate" type="application/feed+json" href="https://cdn.example/feed.json">'),
            ["https://cdn.example/feed.json"],
            id="json, elsewhere",
        ),
        pytest.param(
            page('<base href="https://other.example/a/"><link rel="feed" href="b">'),
            ["https://other.example/a/b"],
            id="base",
        ),
        pytest.param(
            page(
                '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">'
                '<link rel="alternate" type="application/rss+xml" title="News" href="/feed">'
            ),
            ["https://www.news.example/feed", "https://www.news.example/comments/feed"],
            id="comments last",
        ),
        pytest.param(
            page(body='<a href="https://feeds.other.example/rss/x.xml">RSS</a><a href="/about">About RSS</a>'),
            ["https://feeds.other.example/rss/x.xml"],
            id="a link that says RSS",
        ),
        pytest.param(
            page(body='<a href="https://share.example/?u=https://www.news.example/feed/">Share</a>'),
            [],
            id="a share button",
        ),
        pytest.param(
            page('<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" href="/feed.css">'),
            [],
            id="another language",
        ),
        pytest.param(
            page('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'), [], id="a script"
        ),
        pytest.param(
            page('<link rel="alternate" type="application/rss+xml" href="/rss.xml">' * 3),
            ["https://www.news.example/rss.xml"],
            id="named thrice",
        ),
        pytest.param(
            page('<link rel="alternate" type="application/rss+xml" href="https://www.news.example/world/">'),
            [],
            id="itself",
        ),
        pytest.param(
            page(
                '<link rel="alternate" type="application/rss+xml" href="/rss.xml">',
                f"<p {' '.join(map('a{}'.format, range(2000)))}>",
            ),
            [],
            id="a tag of thousands of attributes",
        ),
        pytest.param(
            f"<a href=/rss>RSS</a><p {' '.join(map('a{}'.format, range(2000)))}>".encode("utf-16"),
            [],
            id="the same in UTF-16",
        ),
        pytest.param(
            page(body="<a href='/about'>About</a>" * 20_000 + "<a href='/rss'>RSS</a>"),
            [],
            id="more links than are looked at",
        ),
        pytest.param(b"", [], id="empty"),
    ],
)
def test_the_feeds_of_a_page(html: bytes, urls: list[str]) -> None:
    assert [link.url for link in feed_links(html, url=PAGE)] == urls


def test_no_more_than_a_person_can_choose_from() -> None:
    many = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{number}">' for number in range(50))
    assert len(feed_links(page(many), url=PAGE)) == limits.FEEDS_ON_PAGE


@given(st.binary(max_size=400))
def test_any_bytes_will_do(html: bytes) -> None:
    for link in feed_links(html, url=PAGE):
        assert link.url.startswith(("http://", "https://"))


def test_the_usual_addresses_are_the_sites_own() -> None:
    assert usual_addresses(PAGE)[0] == "https://www.news.example/feed"


@pytest.mark.parametrize(
    ("codec", "content_type"), [("utf-8", "text/html"), ("cp1251", "text/html; charset=windows-1251")]
)
def test_the_name_of_a_feed_is_read_in_the_pages_encoding(codec: str, content_type: str) -> None:
    link = '<link rel="alternate" type="application/rss+xml" title="Новости" href="/rss">'
    html = page(link).decode().encode(codec)
    assert [found.title for found in feed_links(html, url=PAGE, content_type=content_type)] == ["Новости"]
