from __future__ import annotations

import json
import time
import tracemalloc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import limits
from bot.errors import FeedParseError
from bot.feeds.parse import parse_feed
from tests.pipeline.feed_server import Item, rss

if TYPE_CHECKING:
    from pathlib import Path

    from bot.model import ParsedEntry

URL = "https://news.example.com/feeds/world.xml"

ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB" xml:base="https://news.example.com/a/">
<title type="html">The &lt;b&gt;Example&lt;/b&gt; &amp;amp; Co</title>
<entry><title type="text">Talks &lt;on&gt; arms</title><id>tag:example.com,2024:1</id><link href="../talks"/>
<published>2024-06-17T22:29:00+03:00</published><updated>2024-06-18T00:00:00Z</updated>
<summary>Short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The whole article.</p></div></content>
<source><title>Yonhap</title></source></entry>
</feed>"""

RDF = b"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example.com/"><title>RDF news</title></channel>
<item rdf:about="https://news.example.com/1"><title>Talks</title><link>https://news.example.com/1</link>
<dc:date>2024-06-17T10:00:00Z</dc:date><description>Body</description></item>
</rdf:RDF>"""

CDF = b"""<CHANNEL HREF="https://news.example.com/"><TITLE>CDF news</TITLE>
<ITEM HREF="https://news.example.com/1"><TITLE>Talks</TITLE><ABSTRACT>Body</ABSTRACT></ITEM></CHANNEL>"""

SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


# feedparser looks for the place that this position is of, and raises KeyError.
UNREADABLE = '<a/></description><gml:pos xmlns:gml="http://www.opengis.net/gml">1 2</gml:pos><description>'


def only(body: bytes, **extra: str) -> ParsedEntry:
    (entry,) = parse_feed(body, url=URL, **extra).entries
    return entry


# ---------------------------------------------------------------- formats


def test_atom_gives_every_field() -> None:
    feed = parse_feed(ATOM, url=URL)
    (entry,) = feed.entries
    assert (feed.title, feed.lang) == ("The Example & Co", "en")
    assert entry.guid == "tag:example.com,2024:1"
    assert entry.url == "https://news.example.com/talks"
    assert entry.title == "Talks <on> arms"
    assert entry.body == "<p>The whole article.</p>"
    assert entry.published_at == datetime(2024, 6, 17, 19, 29, tzinfo=UTC)
    assert (entry.lang, entry.source) == ("en", "Yonhap")


@pytest.mark.parametrize("body", [RDF, CDF], ids=["rdf", "cdf"])
def test_old_formats_are_read(body: bytes) -> None:
    entry = only(body)
    assert (entry.title, entry.url, entry.body) == ("Talks", "https://news.example.com/1", "Body")


def test_rss_keeps_the_documents_order_and_names_the_feed_as_source() -> None:
    feed = parse_feed(rss(Item("B", "/2", "b"), Item("A", "/1", "a")), url=URL)
    assert [entry.title for entry in feed.entries] == ["B", "A"]
    assert [entry.url for entry in feed.entries] == ["https://news.example.com/2", "https://news.example.com/1"]
    assert {entry.source for entry in feed.entries} == {"The Example"}


@pytest.mark.parametrize("version", ["1", "1.1"])
def test_json_feeds_are_read(version: str) -> None:
    document = {
        "version": f"https://jsonfeed.org/version/{version}",
        "title": "JSON news",
        "language": "ru-RU",
        "items": [
            {
                "id": 7,
                "url": "/7",
                "title": "Talks",
                "content_text": "Body",
                "date_published": "2024-06-17T22:29:00+03:00",
            },
            {"id": "8", "external_url": "https://other.example/8", "summary": "short", "content_html": "<p>longer</p>"},
            "not an item",
        ],
    }
    feed = parse_feed(b"\xef\xbb\xbf" + json.dumps(document).encode(), url=URL)
    first, second = feed.entries
    assert (feed.title, feed.lang) == ("JSON news", "ru")
    assert (first.guid, first.url, first.body) == ("7", "https://news.example.com/7", "Body")
    assert first.published_at == datetime(2024, 6, 17, 19, 29, tzinfo=UTC)
    assert (second.url, second.title, second.body) == ("https://other.example/8", "", "<p>longer</p>")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"id": "12345"}, {"guid": "12345", "url": ""}, id="an-id-is-no-link"),
        pytest.param({"id": "news/5", "url": "/5"}, {"url": "https://news.example.com/5"}, id="a-relative-address"),
        pytest.param({"id": "https://x.example/1"}, {"url": "https://x.example/1"}, id="an-address-as-id"),
        pytest.param({"content_text": "if a<b and c>d & e"}, {"body": "if a&lt;b and c>d &amp; e"}, id="signs"),
        pytest.param({"content_text": "<code> is a tag"}, {"body": "&lt;code> is a tag"}, id="a-tag-as-a-word"),
        pytest.param({"summary": "a<b"}, {"body": "a&lt;b"}, id="a-plain-summary"),
        pytest.param({"content_text": "AT&amp;T &#8212; Q&A"}, {"body": "AT&amp;T &#8212; Q&amp;A"}, id="references"),
        pytest.param({"content_text": "<p>One<p>Two &copy"}, {"body": "<p>One<p>Two &copy"}, id="html-after-all"),
        pytest.param({"content_text": "One <b>two</b>"}, {"body": "One <b>two</b>"}, id="formatted-after-all"),
        pytest.param({"content_html": "a<b and c>d"}, {"body": "a<b and c>d"}, id="html"),
    ],
)
def test_the_fields_of_a_json_feed(fields: dict[str, str], expected: dict[str, str]) -> None:
    document = {"version": "https://jsonfeed.org/version/1", "items": [{"title": "T", **fields}]}
    entry = only(json.dumps(document).encode())
    assert {name: getattr(entry, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("extra", "ttl_s"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        (f"<sy:updatePeriod {SY}>hourly</sy:updatePeriod><sy:updateFrequency {SY}>2</sy:updateFrequency>", 1800),
        ("", None),
    ],
    ids=["ttl", "nonsense", "zero", "syndication", "none"],
)
def test_the_publishers_ttl_is_read(extra: str, ttl_s: int | None) -> None:
    assert parse_feed(rss(extra=extra), url=URL).ttl_s == ttl_s


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param("Plain", "Plain", id="plain"),
        pytest.param("AT&amp;T", "AT&T", id="escaped-once"),
        pytest.param("AT&amp;amp;T", "AT&T", id="escaped-twice"),
        pytest.param("AT&amp;amp;amp;T", "AT&T", id="escaped-thrice"),
        pytest.param("&lt;b&gt;Kim&lt;/b&gt; in &lt;i&gt;Moscow&lt;/i&gt;", "Kim in Moscow", id="markup"),
        pytest.param("&lt;script&gt;alert(1)&lt;/script&gt;Kim", "Kim", id="script"),
        pytest.param("5 &lt; 6 and 7 &gt; 3", "5 < 6 and 7 > 3", id="comparison"),
        pytest.param("<![CDATA[Kim &amp; <b>Putin</b>]]>", "Kim & Putin", id="cdata"),
        pytest.param("  Kim\n\t in   Moscow ", "Kim in Moscow", id="white-space"),
        pytest.param("Russia&#8217;s &#x43A;", "Russia’s к", id="character-references"),
        pytest.param("S&P 500 & AT&T", "S&P 500 & AT&T", id="bare-ampersands"),
        pytest.param("S&P <![CDATA[Q&A &amp; R&D]]>", "S&P Q&A & R&D", id="bare-ampersands-and-cdata"),
        pytest.param("S&P &eacute;t&eacute;", "S&P été", id="bare-ampersand-and-named-entity"),
        pytest.param("R&eacute;publique", "République", id="named-entity-without-a-dtd"),
    ],
)
def test_titles_are_plain_text(written: str, title: str) -> None:
    assert only(rss(Item(written, "/1"))).title == title


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        pytest.param("Mon, 17 Jun 2024 22:29:00 +0300", datetime(2024, 6, 17, 19, 29, tzinfo=UTC), id="rfc-822"),
        pytest.param("2024-06-17T22:29:00Z", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="iso"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", None, id="epoch"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", None, id="end-of-time"),
        pytest.param("yesterday", None, id="words"),
        pytest.param("2024/6/17 22:29:00", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="slashes"),
        pytest.param("2024/06/17 22:29:00 +0900", datetime(2024, 6, 17, 13, 29, tzinfo=UTC), id="slashes-zone"),
        pytest.param("2024.06.17 22:29 KST", datetime(2024, 6, 17, 13, 29, tzinfo=UTC), id="dots-zone"),
        pytest.param("2024. 6. 17. (월) 오후 10:29", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="korean"),
        pytest.param("2024年6月17日 上午12:29", datetime(2024, 6, 17, 0, 29, tzinfo=UTC), id="chinese"),
        pytest.param("2024年6月17日", datetime(2024, 6, 17, tzinfo=UTC), id="japanese-day"),
        pytest.param("1718663340", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="seconds-since-1970"),
        pytest.param("1718663340000", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="milliseconds-since-1970"),
        pytest.param("20240617222900", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="digits"),
        pytest.param("20240617", datetime(2024, 6, 17, tzinfo=UTC), id="digits-of-a-day"),
        pytest.param(
            "2024-06-17T22:29:00+09:00[Asia/Seoul]", datetime(2024, 6, 17, 13, 29, tzinfo=UTC), id="iso-and-more"
        ),
        pytest.param("Mon, 17 Jun 2024 22:29:00 KST", datetime(2024, 6, 17, 13, 29, tzinfo=UTC), id="a-zones-name"),
        pytest.param("Mon, 17 Jun 2024 3:05:00 PM", datetime(2024, 6, 17, 15, 5, tzinfo=UTC), id="half-a-day"),
        pytest.param(
            "Mon, 17 Jun 2024 03:05:00 p.m. +0300", datetime(2024, 6, 17, 12, 5, tzinfo=UTC), id="half-a-day-and-zone"
        ),
        pytest.param("Mon, 17 Jun 2024 12:05 AM EST", datetime(2024, 6, 17, 5, 5, tzinfo=UTC), id="after-midnight"),
        pytest.param("June 17, 2024 12:05 PM", datetime(2024, 6, 17, 12, 5, tzinfo=UTC), id="after-noon"),
        pytest.param(
            "Mon, 17 Jun 2024 15:05:00 PM", datetime(2024, 6, 17, 15, 5, tzinfo=UTC), id="half-a-day-too-much"
        ),
        pytest.param(
            "Mon, 17 Jun 2024 22:29:00 +300", datetime(2024, 6, 17, 19, 29, tzinfo=UTC), id="zone-of-three-digits"
        ),
        pytest.param(
            "Mon, 17 Jun 2024 22:29:00 -3:30",
            datetime(2024, 6, 18, 1, 59, tzinfo=UTC),
            id="zone-of-one-digit-and-minutes",
        ),
        pytest.param("Mon, 17 Jun 2024 22:29:00 +03", datetime(2024, 6, 17, 19, 29, tzinfo=UTC), id="zone-of-hours"),
        pytest.param(
            "Mon, 17 Jun 2024 22:29:00 UTC+3", datetime(2024, 6, 17, 19, 29, tzinfo=UTC), id="zone-against-utc"
        ),
        pytest.param(
            "Mon, 17 Jun 2024 22:29:00 GMT-0400", datetime(2024, 6, 18, 2, 29, tzinfo=UTC), id="zone-against-gmt"
        ),
        pytest.param("6/17/2024", datetime(2024, 6, 17, tzinfo=UTC), id="month-first"),
        pytest.param("6/17/2024 3:05:00 PM", datetime(2024, 6, 17, 15, 5, tzinfo=UTC), id="month-first-and-time"),
        pytest.param("17/06/2024 22:29", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="day-first"),
        pytest.param("17.06.2024, 22:29:00 +0300", datetime(2024, 6, 17, 19, 29, tzinfo=UTC), id="day-first-dots"),
        pytest.param("6/7/2024 22:29", None, id="either-first"),
        pytest.param("32/6/2024", None, id="no-day"),
        pytest.param("17/6.2024", None, id="two-signs"),
        pytest.param("17 июня 2024, 15:05", datetime(2024, 6, 17, 15, 5, tzinfo=UTC), id="russian"),
        pytest.param("17 июн 2024", datetime(2024, 6, 17, tzinfo=UTC), id="russian-short"),
        pytest.param(
            "Пн, 17 июн. 2024 22:29:00 +0300", datetime(2024, 6, 17, 19, 29, tzinfo=UTC), id="russian-weekday"
        ),
        pytest.param(
            "понедельник, 6 мая 2024 г. в 22:29 МСК", datetime(2024, 5, 6, 19, 29, tzinfo=UTC), id="russian-in-full"
        ),
        pytest.param("17 червня 2024 року, 15:05", datetime(2024, 6, 17, 15, 5, tzinfo=UTC), id="ukrainian"),
        pytest.param("3 лист. 2024 о 15:05", datetime(2024, 11, 3, 15, 5, tzinfo=UTC), id="ukrainian-short"),
        pytest.param("17 слов 2024, 15:05", None, id="no-month"),
        pytest.param("2024/13/45 10:00", None, id="no-day-of-the-calendar"),
        pytest.param("2024 г., 17 июня", None, id="a-year-and-words"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_dates_are_utc_or_nothing(date: str | None, expected: datetime | None) -> None:
    assert only(rss(Item("Kim", "/1", date=date))).published_at == expected


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://other.example/x", "https://other.example/x"),
        ("/x", "https://news.example.com/x"),
        ("?id=1", "https://news.example.com/feeds/world.xml?id=1"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("http://[broken", ""),
        ("https://other.example/" + "x" * limits.URL_CHARS, ""),
    ],
)
def test_links_are_absolute_http_or_nothing(link: str, url: str) -> None:
    assert only(rss(Item("Kim", link))).url == url


def test_an_address_as_id_stands_in_for_a_missing_link() -> None:
    item = b"<item><title>Kim</title><guid>https://x.example/1</guid></item>"
    assert only(b"<rss version='2.0'><channel>" + item + b"</channel></rss>").url == "https://x.example/1"


def test_the_longest_text_is_the_body_and_stays_html() -> None:
    body = (
        b'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>T</title>'
        b"<description>short</description>"
        b"<content:encoded>&lt;p onclick='x()'>the long &lt;a href='/y'>one&lt;/a></content:encoded>"
        b"</item></channel></rss>"
    )
    assert only(body).body == "<p onclick='x()'>the long <a href='/y'>one</a>"


@pytest.mark.parametrize("name", ["content:encoded", "yandex:full-text", "turbo:content"])
@pytest.mark.parametrize("beside", ["", "<b>&nbsp;</b>"], ids=["well-formed", "ill-formed"])
def test_a_text_in_full_is_the_entrys(name: str, beside: str) -> None:
    head = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:yandex="http://news.yandex.ru" xmlns:turbo="http://turbo.yandex.ru"><channel><item><title>T</title>'
    )
    full = f"<{name}><![CDATA[<p>They met at the station.</p>]]></{name}>"
    for inner in (f"{full}<description>They met.</description>", f"<description>They met.</description>{full}"):
        body = f"{head}{inner}{beside}</item></channel></rss>".encode()
        assert only(body).body == "<p>They met at the station.</p>"


CAPTION = "<media:description>Mr. Kim and Mr. Putin at the station, in a photograph of state media.</media:description>"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param(f"<description>They met.</description>{CAPTION}", "They met.", id="behind"),
        pytest.param(f"{CAPTION}<description>They met.</description>", "They met.", id="before"),
        pytest.param(
            f"<media:content url='/p.jpg'>{CAPTION}</media:content><description>They met.</description>",
            "They met.",
            id="within-its-picture",
        ),
        pytest.param(f"<media:group>{CAPTION}</media:group>", CAPTION[19:-20], id="all-that-a-film-says"),
        pytest.param(f"{CAPTION}<description></description><b>&nbsp;</b>", CAPTION[19:-20], id="ill-formed"),
    ],
)
def test_what_a_picture_shows_is_not_what_the_entry_says(markup: str, text: str) -> None:
    head = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>T</title>'
    assert only(f"{head}{markup}</item></channel></rss>".encode()).body == text


def test_ids_that_several_articles_share_are_told_apart_by_address() -> None:
    feed = parse_feed(rss(Item("A", "/1", "same"), Item("B", "/2", "same"), Item("C", "/3", "own")), url=URL)
    guids = [entry.guid for entry in feed.entries]
    assert len(set(guids)) == 3
    assert guids[2] == "own"


def test_characters_that_no_database_takes_are_dropped() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "a\x00b\ud800", "title": "K\x00im \ud83d"}],
    }
    entry = only(json.dumps(document).encode())
    assert (entry.guid, entry.title) == ("ab", "Kim")
    entry.title.encode()


def test_the_encoding_in_the_http_header_is_used() -> None:
    body = "<rss version='2.0'><channel><item><title>Ким</title></item></channel></rss>".encode("cp1251")
    assert only(body, content_type="application/rss+xml; charset=windows-1251").title == "Ким"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param("Won! &#55357;&#56832;", "Won! \U0001f600", id="two-halves"),
        pytest.param("Won! &#xD83D;&#xde00;", "Won! \U0001f600", id="two-halves-base-16"),
        pytest.param("Won! &amp;#55357;&amp;#56832;", "Won! \U0001f600", id="escaped-twice"),
        pytest.param("<![CDATA[Won! &#55357;&#56832;]]>", "Won! \U0001f600", id="cdata"),
        pytest.param("Won! &#55357;", "Won! \ufffd", id="one-half"),
        pytest.param("Won! &#56832;&#55357;", "Won! \ufffd\ufffd", id="wrong-way-round"),
        pytest.param("Won! &#x110000;", "Won! \ufffd", id="beyond-the-last"),
        pytest.param(f"Won! &#{'9' * 5000};", "Won! \ufffd", id="thousands-of-digits"),
        pytest.param("Won! &#57344;&#1114109;", "Won! \ue000\U0010fffd", id="what-is-a-character"),
    ],
)
def test_references_to_no_character_cost_no_entry(written: str, title: str) -> None:
    feed = parse_feed(
        rss(Item("Kim", "/1"), Item(written, "/2"), Item("Lee", "/3")), url=URL, content_type="text/xml; charset=utf-8"
    )
    assert [entry.title for entry in feed.entries] == ["Kim", title, "Lee"]
    assert feed.bozo is None


# ---------------------------------------------------------------- caps and hostile bodies


def test_entries_past_the_cap_are_cut_before_parsing() -> None:
    items = [Item(f"Entry {number}", f"/{number}", str(number)) for number in range(limits.ENTRIES_PER_FEED + 500)]
    feed = parse_feed(rss(*items), url=URL)
    assert len(feed.entries) == limits.ENTRIES_PER_FEED
    assert feed.entries[-1].title == f"Entry {limits.ENTRIES_PER_FEED - 1}"
    assert feed.bozo is None or "NonXMLContentType" in feed.bozo


def test_every_field_is_capped() -> None:
    entry = only(rss(Item("t" * 9000, "/1", "g" * 9000, description="d" * 200_000)))
    assert len(entry.title) == limits.TITLE_CHARS
    assert len(entry.guid) == limits.GUID_CHARS
    assert len(entry.body) == limits.TEXT_CHARS


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \n\t", "empty", id="blank"),
        pytest.param(b"<!DOCTYPE html><html><body>Hi</body></html>", "web page", id="page"),
        pytest.param(b"<html><head><title>x</title></head></html>", "web page", id="page-without-doctype"),
        pytest.param(b"<opml version='2.0'><body><outline xmlUrl='x'/></body></opml>", "OPML", id="opml"),
        pytest.param(b"<?xml version='1.0'?><note><to>x</to></note>", "XML", id="xml"),
        pytest.param(b"%PDF-1.7 ...", "another kind", id="pdf"),
        pytest.param(b"hello", "not a feed", id="words"),
        pytest.param(b'{"version": "1", "items": []}', "not a JSON Feed", id="other-json"),
        pytest.param(b'{"items": 1}', "not a JSON Feed", id="json-without-items"),
        pytest.param(b'{"version": "https://jsonfeed.org/ver', "damaged", id="cut-json"),
        pytest.param(b"[" * 100_000, "damaged", id="deep-json"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, says: str) -> None:
    with pytest.raises(FeedParseError, match=says):
        parse_feed(body, url=URL)


def test_a_body_that_is_a_path_opens_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes(rss(Item("Secret", "/1")))
    with pytest.raises(FeedParseError):
        parse_feed(str(secret).encode(), url=URL)


def test_external_entities_open_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
        "<rss version='2.0'><channel><item><title>a&x;b</title><description>&x;</description></item></channel></rss>"
    ).encode()
    assert "hunter2" not in repr(parse_feed(body, url=URL))


def test_entities_do_not_grow() -> None:
    levels = "".join(f'<!ENTITY x{level} "{f"&x{level - 1};" * 10}">' for level in range(1, 12))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x0 "ha">{levels}]>'
        "<rss version='2.0'><channel><item><title>Kim &x11;</title></item></channel></rss>"
    ).encode()
    with pytest.raises(FeedParseError, match="more parts"):
        parse_feed(body, url=URL)


@pytest.mark.parametrize("bad", [{0}, {3}, {1, 2, 6}, set(range(1, 7))], ids=str)
def test_a_bad_entry_does_not_end_its_feed(bad: set[int]) -> None:
    items = [Item(f"Entry {n}", f"/{n}", str(n), description=UNREADABLE if n in bad else "") for n in range(7)]
    feed = parse_feed(rss(*items), url=URL)
    assert [entry.title for entry in feed.entries] == [f"Entry {n}" for n in range(7) if n not in bad]
    assert feed.title == "The Example"
    assert feed.bozo is not None
    assert "left out" in feed.bozo


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<a " + " ".join(f'a{n}="x"' for n in range(100_000)) + "/>", id="attributes"),
        pytest.param("<a " + " ".join(f'a{n}="x"' for n in range(100_000)) + ">&bad", id="attributes-ill-formed"),
        pytest.param("<a " + " ".join(f'a{n}="x"' for n in range(800_000)) + "/>", id="attributes-without-end"),
        pytest.param("<category>a</category>" * 400_000, id="categories"),
        pytest.param("<a>" * 300_000, id="never-closed"),
        pytest.param("<a>" * 100_000 + "</a>" * 100_000, id="deep"),
        pytest.param("</a>" * 900_000, id="ends-of-nothing"),
        pytest.param("&" * 9_000_000, id="ampersands"),
        pytest.param("&a " * 3_000_000, id="ampersands-before-words"),
    ],
)
def test_documents_built_to_be_slow_are_refused(markup: str) -> None:
    started_s = time.process_time()
    with pytest.raises(FeedParseError, match="more parts"):
        parse_feed(rss(Item("Kim", "/1", description=markup)), url=URL)
    assert time.process_time() - started_s < 5


@pytest.mark.parametrize("markup", ["", "<br>&bad"], ids=["well-formed", "ill-formed"])
def test_many_categories_cost_no_more_than_other_tags(markup: str) -> None:
    tags = "".join(f"<{{0}} domain='d{n}'>c{n}</{{0}}>" for n in range(10_000))
    costs_s = []
    for name in ("category", "comments"):
        body = rss(Item("Kim", "/1", description="x"), Item("Lee", "/2"), extra="<image/><image/>")
        body = body.replace(b"<item>", b"<item>" + (tags.format(name) + markup).encode(), 1)
        started_s = time.process_time()
        assert [entry.title for entry in parse_feed(body, url=URL).entries] == ["Kim", "Lee"]
        costs_s.append(time.process_time() - started_s)
    # Comparing each with all before it took many times as long.
    assert costs_s[0] < 5 * costs_s[1]


@pytest.mark.parametrize("name", ["author", "dc:creator", "webMaster", "managingEditor", "itunes:author"])
def test_a_long_name_is_not_searched_for_an_address(name: str) -> None:
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    body = rss(Item("Kim", "/1", description=f"</description><{name} {spaces}>{'a.' * 60_000}</{name}><description>"))
    body = body.replace(b"<channel>", b"<channel><info>for feedparser alone</info>")
    started_s = time.process_time()
    assert only(body).title == "Kim"
    assert time.process_time() - started_s < 2


def test_a_place_costs_no_memory() -> None:
    place = f'</description><line xmlns="http://www.georss.org/georss">{"1 2 " * 500_000}</line><description>'
    tracemalloc.start()
    try:
        assert only(rss(Item("Kim", "/1", description=place))).title == "Kim"
        assert tracemalloc.get_traced_memory()[1] < 40e6  # the numbers alone took 100 MB
    finally:
        tracemalloc.stop()


def test_a_picture_within_a_text_is_no_tag_without_an_end() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 600_000}"/>'
    body = rss(Item("Kim", "/1", description=f"<![CDATA[{picture}]]>"), Item("Lee", "/2"))
    assert [entry.title for entry in parse_feed(body, url=URL).entries] == ["Kim", "Lee"]


def test_of_a_document_of_too_many_tags_the_first_entries_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    body = rss(*(Item(f"Kim {number}", f"/{number}", description="<b>Kim</b>") for number in range(100)))
    body = body.replace(b"<channel>", b"<channel><image/><image/>")  # no plain document
    whole = parse_feed(body, url=URL, content_type="text/xml")
    assert (len(whole.entries), whole.bozo) == (100, None)
    monkeypatch.setattr("bot.feeds.bounded.TAGS_PER_FEED", 300)  # the true bound takes seconds to reach
    cut = parse_feed(body, url=URL, content_type="text/xml")
    assert 50 < len(cut.entries) < 100
    assert cut.entries == whole.entries[: len(cut.entries)]
    assert cut.bozo == "some entries were left out: the feed is built of more parts than can be read in time"
    with pytest.raises(FeedParseError, match="more parts"):
        parse_feed(rss(Item("Kim", "/1", description="<b>Kim</b>" * 300)), url=URL)


@pytest.mark.parametrize("mark", ["&", "&a", "&#65", "&#", "<", "< ", "</"])
def test_a_document_of_too_many_bare_marks_is_refused(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = rss(Item("Kim", "/1", description=mark * 1000))
    assert len(parse_feed(body, url=URL).entries) == 1
    for bound in ("MARKS_PER_FEED", "PIECES_PER_FEED"):  # the true bounds take a second to reach
        monkeypatch.setattr(f"bot.feeds.bounded.{bound}", 500)
    with pytest.raises(FeedParseError, match="more parts"):
        parse_feed(body, url=URL)


def test_a_feed_of_bad_entries_only_is_refused() -> None:
    with pytest.raises(FeedParseError, match="cannot be read"):
        parse_feed(rss(*[Item("Entry", "/1", description=UNREADABLE)] * 300), url=URL)


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=2000))
def test_any_bytes_are_a_feed_or_a_parse_error(body: bytes) -> None:
    _parse_or_refuse(body)


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, len(ATOM)), st.binary(max_size=20), st.integers(0, 40))
def test_any_damage_to_a_feed_is_contained(at: int, junk: bytes, cut: int) -> None:
    _parse_or_refuse(ATOM[:at] + junk + ATOM[at + cut :])


def _parse_or_refuse(body: bytes) -> None:
    """Anything but these two ends fails the test by its exception."""
    try:
        feed = parse_feed(body, url=URL)
    except FeedParseError:
        return
    for entry in feed.entries:
        assert entry.title or entry.body or entry.url
        repr(entry).encode()


THREE = rss(*(Item(f"Talks {n}", f"https://news.example.com/{n}", guid=str(n)) for n in range(3)))


@pytest.mark.parametrize("closing", [b"</channel>", b"<info>ill-formed</channel>"], ids=["plain", "ill-formed"])
@pytest.mark.parametrize(
    "comment",
    [
        pytest.param(b"<!-- <item> -->", id="an-items-tag"),
        pytest.param(b"<!-- no <entry> here -->", id="an-entrys-tag"),
        pytest.param(b"<!-- <item>old</item> <item> -->", id="an-item-and-a-tag"),
        pytest.param(b"<!-- a --><!-- </item><item> --><!-- b -->", id="an-end-and-a-tag"),
        pytest.param(b"<info><![CDATA[<item>]]></info>", id="a-text"),
    ],
)
def test_an_entry_in_a_comment_is_none_that_was_cut_off(comment: bytes, closing: bytes) -> None:
    body = THREE.replace(b"</channel>", comment + closing)
    assert len(parse_feed(body, url=URL).entries) == 3


@pytest.mark.parametrize("comment", [b"", b"<!-- <item></item> -->", b"<!-- <item>"])
def test_half_of_an_entry_is_none_whatever_is_commented_out(comment: bytes) -> None:
    body = THREE[: THREE.rindex(b"</item>")] + comment
    assert len(parse_feed(body, url=URL).entries) == 2


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(ATOM, id="atom"),
        pytest.param(RDF, id="rdf"),
        pytest.param(CDF, id="cdf"),
        pytest.param(THREE, id="rss"),
    ],
)
def test_a_document_that_was_cut_off_gives_whole_entries_or_none(document: bytes) -> None:
    whole = parse_feed(document, url=URL).entries
    for end in range(len(document) // 3, len(document)):
        try:
            found = parse_feed(document[:end], url=URL).entries
        except FeedParseError:
            continue
        assert [entry.guid for entry in found] == [entry.guid for entry in whole[: len(found)]]
        assert [entry.body for entry in found] == [entry.body for entry in whole[: len(found)]]
