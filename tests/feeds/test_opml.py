"""Lists of feeds, in and out."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.errors import FeedParseError
from bot.feeds.opml import read_opml, write_opml
from bot.model import FeedLink
from bot.packs import packs
from tests.shared_data import shared

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def opml(body: str, head: str = "<title>Mine</title>") -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head>{head}</head><body>{body}</body></opml>'.encode()


@pytest.mark.parametrize(
    ("document", "urls"),
    [
        pytest.param(
            opml('<outline text="A" xmlUrl="https://a.example/rss"/><outline text="B" xmlUrl="http://b.example/"/>'),
            ["https://a.example/rss", "http://b.example/"],
            id="flat",
        ),
        pytest.param(
            opml('<outline text="F"><outline text="A" xmlUrl="https://a.example/rss"/></outline>'),
            ["https://a.example/rss"],
            id="in a folder",
        ),
        pytest.param(
            opml('<outline TEXT="A" XMLURL="https://a.example/rss"/>'), ["https://a.example/rss"], id="in capitals"
        ),
        pytest.param(
            opml('<outline text="A" xmlUrl="https://a.example/rss"/>' * 2), ["https://a.example/rss"], id="named twice"
        ),
        pytest.param(
            opml('<outline text="A & B" xmlUrl="https://a.example/rss"/>'), ["https://a.example/rss"], id="a bare &"
        ),
        pytest.param(
            opml('<outline text="A" xmlUrl="https://a.example/rss"/>').removesuffix(b"</body></opml>"),
            ["https://a.example/rss"],
            id="cut off",
        ),
        pytest.param(
            opml('<outline xmlUrl="javascript:alert(1)"/><outline xmlUrl="file:///etc/passwd"/>'
                 '<outline xmlUrl="https://a.example/rss"/>'),
            ["https://a.example/rss"],
            id="addresses that are none",
        ),
        pytest.param(
            opml('<outline xmlUrl="http://b.example:99999/"/><outline xmlUrl="http://b.example:x/"/>'
                 f'<outline xmlUrl="http://xn--/"/><outline xmlUrl="http://{"b." * 130}example/"/>'
                 '<outline xmlUrl="https://a.example/rss"/>'),
            ["https://a.example/rss"],
            id="addresses that nobody can ask for",
        ),
    ],
)  # fmt: skip
def test_the_feeds_of_a_list(document: bytes, urls: list[str]) -> None:
    assert [feed.url for feed in read_opml(document).feeds] == urls


def test_what_cannot_be_fetched_is_counted() -> None:
    found = read_opml(opml('<outline xmlUrl="ftp://a.example/"/><outline xmlUrl="https://b.example/"/>'))
    assert (len(found.feeds), found.unusable) == (1, 1)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        pytest.param(b"", "not OPML", id="empty"),
        pytest.param(b"hello", "not OPML", id="text"),
        pytest.param(b"<html><body>hi</body></html>", "not OPML", id="a page"),
        pytest.param(opml(""), "no feed in the file", id="no feed"),
        pytest.param(
            b'<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body/></opml>',
            "entities of its own",
            id="entities",
        ),
        pytest.param(
            opml("<outline " + " ".join(f"a{number}=''" for number in range(2000)) + ' xmlUrl="https://a.example/"/>'),
            "more attributes than any list",
            id="a tag of thousands of attributes",
        ),
    ],
)
def test_what_is_no_list_says_why(document: bytes, words: str) -> None:
    with pytest.raises(FeedParseError, match=words):
        read_opml(document)


def test_an_entity_never_opens_a_file() -> None:
    document = b'<!DOCTYPE o SYSTEM "file:///etc/passwd"><opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>'
    assert read_opml(document).feeds[0].title == ""


def test_no_more_feeds_than_the_cap() -> None:
    rows = "".join(f'<outline xmlUrl="https://a.example/{number}"/>' for number in range(limits.OPML_FEEDS + 10))
    assert len(read_opml(opml(rows)).feeds) == limits.OPML_FEEDS


def test_a_deep_file_ends() -> None:
    deep = "<outline>" * 5000 + '<outline xmlUrl="https://a.example/"/>' + "</outline>" * 5000
    with suppress(FeedParseError):
        assert len(read_opml(opml(deep)).feeds) <= 1


ADDRESSES = st.from_regex(r"https://[a-z]{1,9}\.example/[a-z&?=%]{0,9}", fullmatch=True)
LINKS = st.builds(FeedLink, ADDRESSES, st.text(max_size=30))


@given(st.lists(LINKS, min_size=1, max_size=20, unique_by=lambda feed: feed.url))
def test_what_is_written_is_read_back(feeds: list[FeedLink]) -> None:
    again = read_opml(write_opml(feeds, title="Mine", now=NOW))
    assert [feed.url for feed in again.feeds] == [feed.url for feed in feeds]
    assert again.title == "Mine"


@given(st.binary(max_size=300))
def test_whatever_comes_is_a_list_or_an_error_in_words(document: bytes) -> None:
    with suppress(FeedParseError):
        assert read_opml(b"<opml><body>" + document).feeds


def test_every_pack_is_a_list_of_safe_addresses() -> None:
    for name, pack in packs().items():
        assert pack.title, name
        assert pack.about.endswith("."), name
        assert len(pack.feeds) >= 5, name
        assert not pack.unusable, name
        assert all(feed.title and feed.url.startswith("https://") for feed in pack.feeds), name


def test_real_lists_are_read() -> None:
    files = sorted(shared("data", "feeds", "opml").rglob("*.opml"))
    assert files
    assert all(read_opml(file.read_bytes()).feeds for file in files)
