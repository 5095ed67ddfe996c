"""A reduced document gives for its entries what the whole one gives: on every captured feed, and on rewrites."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import limits
from bot.errors import FeedParseError
from bot.feeds import delta
from bot.feeds.parse import parse_feed
from bot.feeds.split import split_feed
from tests.pipeline.feed_server import Item, rss
from tests.shared_data import shared

if TYPE_CHECKING:
    from pathlib import Path

    from bot.feeds.parse import ParsedFeed

URL = "https://news.example/feed.xml"
TYPE = "application/rss+xml"
DC = b"http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ITEMS = [Item(f"Talks {n}", f"/{n}", f"g{n}", f"Mon, 17 Jun 2024 22:{n:02}:00 GMT", f"Body {n}.") for n in range(10)]


def read(body: bytes, content_type: str = TYPE) -> ParsedFeed:
    return parse_feed(body, url=URL, content_type=content_type)


def seen(body: bytes, content_type: str = TYPE) -> delta.Remembered:
    """What is remembered after a whole reading."""
    feed = read(body, content_type)
    return delta.remembered(body, feed, content_type=content_type, feed_id=1, footers=frozenset({"follow us"}))


def take(before: delta.Remembered, body: bytes, content_type: str = TYPE) -> tuple[ParsedFeed, delta.Remembered] | None:
    """What a poll makes of the next version; None where it reads the whole."""
    cut = delta.reduced(body, content_type=content_type, before=before)
    if cut is None:
        return None
    try:
        feed = read(cut.document, content_type)
    except FeedParseError:
        return None
    after = delta.joined(cut, feed, body=body, feed_id=1)
    return None if after is None else (feed, after)


# ---------------------------------------------------------------- what is cut out


def test_only_new_entries_are_read_and_all_are_remembered() -> None:
    before, now = rss(*ITEMS[2:8]), rss(*ITEMS[:7])
    found = take(seen(before), now)
    assert found is not None
    feed, after = found
    assert feed.entries == read(now).entries[:2]
    assert feed.title == "The Example"
    whole = seen(now)
    assert (after.body, after.frame, after.pieces) == (whole.body, whole.frame, whole.pieces)
    assert (after.reductions, set(after.footers)) == (1, {"follow us"})
    assert len(after.dates) == 7


def test_what_came_first_is_known_behind_another_and_the_space_between_them() -> None:
    def spaced(*items: Item) -> bytes:
        return rss(*items).replace(b"</item><item>", b"</item>\n  <item>")

    found = take(seen(spaced(*ITEMS[1:4])), spaced(*ITEMS[:4]))
    assert found is not None
    assert [entry.title for entry in found[0].entries] == ["Talks 0"]


def test_an_edited_entry_is_new_and_its_former_self_no_obstacle() -> None:
    edited = replace(ITEMS[1], title="Talks 1, corrected")
    found = take(seen(rss(*ITEMS[:3])), rss(ITEMS[0], edited, ITEMS[2]))
    assert found is not None
    assert [entry.title for entry in found[0].entries] == ["Talks 1, corrected"]


def test_a_change_of_date_in_the_head_changes_nothing() -> None:
    def dated(day: int, *items: Item) -> bytes:
        return rss(*items, extra=f"<lastBuildDate>{day} Jun 2024</lastBuildDate>")

    assert take(seen(dated(1, *ITEMS[1:])), dated(2, *ITEMS)) is not None


def rdf(*numbers: int, listed: str = '<rdf:li rdf:resource="https://news.example/{}"/>') -> bytes:
    """RSS 1.0, which lists its entries before they come."""
    items = "".join(
        f'<item rdf:about="https://news.example/{n}"><title>Talks {n}</title><link>https://news.example/{n}</link>'
        f"<description>Body {n}.</description></item>"
        for n in numbers
    )
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<channel rdf:about="https://news.example/"><title>The Example</title><link>https://news.example/</link>'
        f"<items><rdf:Seq>{''.join(map(listed.format, numbers))}</rdf:Seq></items></channel>{items}</rdf:RDF>"
    ).encode()


def test_a_list_of_the_entries_in_the_head_changes_nothing() -> None:
    now = rdf(1, 2, 3, 4)
    found = take(seen(rdf(2, 3, 4, 5)), now)
    assert found is not None
    assert found[0].entries == read(now).entries[:1]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(
            rdf(2, 3), rdf(1, 2, 3, listed='<rdf:li xmlns:dc="https://{}/"/>'), id="a-name-space-in-a-list-of-entries"
        ),
        pytest.param(rss(*ITEMS[1:3]), rss(*ITEMS[:3], extra="<ttl>5</ttl>"), id="an-element-in-the-head"),
        pytest.param(
            rss(*ITEMS[1:3]), rss(*ITEMS[:3]).replace(b"<rss ", b"<rss xmlns:a='http://a/' "), id="a-name-space"
        ),
        pytest.param(rss(*ITEMS[1:3]), rss(*ITEMS[:3]).replace(b"<item>", b"<ttl>9</ttl><item>", 1), id="in-between"),
        pytest.param(
            rss(*ITEMS[1:3]),
            rss(*ITEMS[:3]).replace(b"</item><item>", b"</item><ttl>9</ttl><item>", 1),
            id="between-two-entries",
        ),
        pytest.param(rss(*ITEMS[1:3]), rss(replace(ITEMS[0], guid="g1"), *ITEMS[1:3]), id="an-id-twice"),
        pytest.param(rss(*ITEMS[1:3]), rss(replace(ITEMS[0], link="/2"), *ITEMS[1:3]), id="an-address-twice"),
        pytest.param(rss(ITEMS[1], ITEMS[1]), rss(ITEMS[0], ITEMS[1], ITEMS[1]), id="an-entry-twice"),
        pytest.param(
            rss(ITEMS[1], replace(ITEMS[2], guid="g1")),
            rss(ITEMS[0], ITEMS[1], replace(ITEMS[2], guid="g1")),
            id="told-apart-before",
        ),
        pytest.param(
            rss(*ITEMS[1:3]), rss(replace(ITEMS[0], description="a < b & c"), *ITEMS[1:3]), id="ill-formed-now"
        ),
        pytest.param(
            rss(replace(ITEMS[1], description="&nbsp; &nosuch;"), ITEMS[2]),
            rss(ITEMS[0], replace(ITEMS[1], description="&nbsp; &nosuch;"), ITEMS[2]),
            id="ill-formed-before",
        ),
        pytest.param(
            rss(*ITEMS[1:3]),
            rss(replace(ITEMS[0], description="<![CDATA[</item><item>]]>"), *ITEMS[1:3]),
            id="markup-of-a-feed-in-an-entry",
        ),
        pytest.param(
            rss(*ITEMS[1:3]), rss(replace(ITEMS[0], description="<!-- <item> -->"), *ITEMS[1:3]), id="in-a-comment"
        ),
        pytest.param(
            rss(*ITEMS[1:3]), rss(*ITEMS[:3]).replace(b'encoding="utf-8"', b'encoding="koi8-r"'), id="an-encoding"
        ),
        pytest.param(rss(*ITEMS[1:3]), rss(*ITEMS[:3]).replace(b"Talks 0", b"Talks \xff"), id="not-utf-8"),
        pytest.param(
            rss(*ITEMS[1:3]), rss(*ITEMS[:3]).replace(b"The Example", b"The Sample"), id="a-title-entries-take-over"
        ),
        pytest.param(
            rss(*ITEMS[1:3], extra="<dc:language>en</dc:language>").replace(b"<rss ", b"<rss xmlns:dc='%s' " % DC),
            rss(*ITEMS[:3], extra="<dc:language>ko</dc:language>").replace(b"<rss ", b"<rss xmlns:dc='%s' " % DC),
            id="a-language-entries-take-over",
        ),
        pytest.param(b'{"version": "https://jsonfeed.org/version/1", "items": []}', rss(*ITEMS), id="json-before"),
    ],
)
def test_where_the_same_result_is_not_certain_the_whole_is_read(before: bytes, now: bytes) -> None:
    assert take(seen(before), now) is None


def test_the_whole_is_read_now_and_then() -> None:
    before = replace(seen(rss(*ITEMS[1:])), reductions=limits.REDUCTIONS)
    assert take(before, rss(*ITEMS)) is None


def test_another_content_type_means_the_whole() -> None:
    assert take(seen(rss(*ITEMS[1:])), rss(*ITEMS), "text/xml; charset=koi8-r") is None


# ---------------------------------------------------------------- what is remembered


def test_what_is_packed_is_unpacked() -> None:
    remembered = seen(rss(*ITEMS))
    assert delta.unpack(delta.pack(remembered)) == remembered
    plain = delta.Remembered(delta.digest(b"x"))
    assert delta.unpack(delta.pack(plain)) == plain
    assert len(delta.pack(remembered)) < 40 * len(ITEMS)


@pytest.mark.parametrize("data", [None, b"", b"\x00", b"\xff" * 100])
def test_what_another_version_wrote_is_nothing(data: bytes | None) -> None:
    assert delta.unpack(data) is None


# ---------------------------------------------------------------- equality


def _corpora() -> list[Path]:
    root = shared("data", "feeds")
    return [path for folder in ("feedparser", "gofeed") for path in sorted((root / folder).rglob("*.xml"))]


def test_on_every_captured_feed_a_reduced_reading_is_the_whole_one() -> None:
    compared = documents = 0
    for path in _corpora():
        body = path.read_bytes()
        try:
            whole = read(body)
        except FeedParseError:
            continue
        remembered = delta.remembered(body, whole, content_type=TYPE, feed_id=1, footers=frozenset())
        if not remembered.frame:
            continue
        documents += 1
        for left in range(len(whole.entries)):
            # As if all but one entry had been known; then as if one alone had been.
            for pieces in (
                remembered.pieces[:left] + remembered.pieces[left + 1 :],
                remembered.pieces[left : left + 1],
            ):
                known = {piece.digest for piece in pieces}
                found = take(replace(remembered, pieces=pieces), body)
                assert found is not None, path
                kept = [piece.digest not in known for piece in remembered.pieces]
                wanted = tuple(entry for entry, new in zip(whole.entries, kept, strict=True) if new)
                assert found[0].entries == wanted, path
                assert (found[0].title, found[0].lang, found[0].ttl_s) == (whole.title, whole.lang, whole.ttl_s), path
                assert found[1].pieces == remembered.pieces, path
                compared += 1
    assert documents > 500
    assert compared > 1000


_TEXTS = [
    "Talks",
    "a &amp; b",
    "&lt;item&gt;",
    "<![CDATA[<p>x</p>]]>",
    "Кім 金",
    "</item>",
    "<item>",
    "&nbsp;",
    "<!-- x -->",
    "",
]
_HEADS = ["", "<ttl>5</ttl>", "<language>ko</language>", "<!-- <item> -->", "<image><title>i</title></image>"]
_items = st.builds(
    Item,
    title=st.sampled_from(_TEXTS),
    link=st.sampled_from(["/1", "/2", "/3", "/4", "https://b.example/5"]),
    guid=st.sampled_from(["1", "2", "3", "4", "5", None]),
    date=st.sampled_from([None, "Mon, 17 Jun 2024 22:29:00 GMT", "Tue, 18 Jun 2024 22:29:00 GMT", "soon"]),
    description=st.sampled_from(_TEXTS),
)


@settings(max_examples=100, deadline=None)
@given(
    before=st.lists(_items, max_size=6),
    now=st.lists(_items, max_size=3),
    heads=st.tuples(st.sampled_from(_HEADS), st.sampled_from(_HEADS)),
)
def test_a_rewritten_feed_is_read_as_the_whole_would_be(
    before: list[Item], now: list[Item], heads: tuple[str, str]
) -> None:
    old, new = rss(*before, extra=heads[0]), rss(*now, *before, extra=heads[1])
    try:
        remembered = seen(old)
        whole = read(new)
    except FeedParseError:
        return
    found = take(remembered, new)
    if found is None:
        return
    assert found[0].entries == whole.entries[: len(found[0].entries)]
    assert (found[0].title, found[0].lang, found[0].ttl_s) == (whole.title, whole.lang, whole.ttl_s)
    known = {delta.digest(piece) for piece in split_feed(old).entries}
    assert len(found[0].entries) == sum(delta.digest(piece) not in known for piece in split_feed(new).entries)


TYPES = [
    "",
    "application/octet-stream",
    "application/octet-stream; charset=utf-8",
    "application/rss+xml; charset=us-ascii",
    "application/xml",
    "text/html",
    "text/html; charset=UTF-8",
    "text/plain",
    "text/xml",
    'text/xml; charset="utf-8"',
    "text/xml; charset=us-ascii",
    "text/xml; charset=koi8-r",
]
_DECLARATIONS = [b'<?xml version="1.0" encoding="utf-8"?>', b'<?xml version="1.0" encoding="us-ascii"?>', b""]


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("words", ["arms", "\u041a\u0456\u043c \u91d1", "caf\u00e9"])
@pytest.mark.parametrize("declaration", _DECLARATIONS, ids=["utf-8", "ascii", "undeclared"])
def test_with_any_content_type_a_part_is_decoded_as_the_whole_is(
    content_type: str, words: str, declaration: bytes
) -> None:
    def document(*items: Item) -> bytes:
        return rss(*items).replace(_DECLARATIONS[0], declaration)

    plain, foreign = ITEMS[0], replace(ITEMS[1], title=words)
    for before, now in [([plain], [foreign, plain]), ([foreign], [plain, foreign]), ([foreign], [ITEMS[2], foreign])]:
        found = take(seen(document(*before), content_type), document(*now), content_type)
        if found is not None:
            assert found[0].entries == read(document(*now), content_type).entries[:1]
            assert found[0].title == "The Example"
        elif declaration == _DECLARATIONS[0] and "koi8-r" not in content_type:
            pytest.fail("a document that says that it is UTF-8 is read whole")


@pytest.mark.parametrize("text", ["encoding='koi8-r' ?>", "\nencoding='koi8-r' ?>"])
def test_an_encoding_that_only_an_entry_speaks_of_means_the_whole(text: str) -> None:
    speaking = replace(ITEMS[1], description=text)
    assert take(seen(rss(ITEMS[0])), rss(speaking, ITEMS[0])) is None
    assert take(seen(rss(speaking)), rss(ITEMS[0], speaking)) is None


# ---------------------------------------------------------------- namespaces


def _declaring(number: int, prefix: str, uri: str, name: str = "encoded") -> str:
    colon = f"{prefix}:" if prefix else ""
    declared = f"xmlns{prefix and ':'}{prefix}"
    return f"{_body_of(number)}<{colon}{name} {declared}='{uri}'>Long body {number}, with more words.</{colon}{name}>"


def _body_of(number: int) -> str:
    return f"<title>Talks {number}</title><link>https://news.example/{number}</link><description>B.</description>"


def _channel(bodies: list[str], attributes: str = "") -> bytes:
    items = "".join(f"<item>{body}</item>" for body in bodies)
    return f"<?xml version='1.0'?><rss version='2.0'{attributes}><channel>{items}</channel></rss>".encode()


def test_an_entry_that_changes_what_a_prefix_means_is_never_cut_out() -> None:
    before = [_declaring(1, "x", CONTENT), _body_of(2)]
    now = _channel([*before, _declaring(4, "x", "http://other.example/ns")])
    assert read(now).entries[2].body == "Long body 4, with more words."  # which the same entry alone has not
    assert take(seen(_channel(before)), now) is None


@pytest.mark.parametrize(
    ("prefix", "uri", "around"),
    [
        pytest.param("media", "http://search.yahoo.com/mrss/", "", id="as-feedparser-names-it"),
        pytest.param("x", CONTENT, f" xmlns:x='{CONTENT}'", id="as-the-head-has-it"),
        pytest.param("", "http://www.w3.org/2000/svg", "", id="markup"),
        pytest.param("", "http://www.w3.org/1999/xhtml", " xmlns='http://www.w3.org/2005/Atom'", id="markup-in-atom"),
    ],
)
def test_the_usual_declarations_are_cut_out(prefix: str, uri: str, around: str) -> None:
    before, new = [_declaring(1, prefix, uri)], _declaring(2, prefix, uri)
    now = _channel([new, *before], around)
    found = take(seen(_channel(before, around)), now)
    assert found is not None
    assert found[0].entries == read(now).entries[:1]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_whatever_entries_declare_a_reduced_reading_is_the_whole_one(data: st.DataObject) -> None:
    uris = st.sampled_from([CONTENT, "urn:x", "http://www.w3.org/1999/xhtml"])
    declared = st.tuples(st.sampled_from(["x", "content", ""]), uris)
    around = dict(data.draw(st.lists(declared, max_size=1)))
    kinds = st.one_of(st.none(), st.tuples(declared, st.sampled_from(["encoded", "title"])))
    drawn = data.draw(st.lists(kinds, min_size=4, max_size=4))
    bodies = [_declaring(at, *kind[0], kind[1]) if kind else _body_of(at) for at, kind in enumerate(drawn)]
    attributes = "".join(f" xmlns{prefix and ':'}{prefix}='{uri}'" for prefix, uri in around.items())
    try:
        whole, remembered = read(_channel(bodies, attributes)), seen(_channel(bodies[1:], attributes))
    except FeedParseError:
        return
    found = take(remembered, _channel(bodies, attributes))
    if found is not None:
        assert found[0].entries == whole.entries[:1]
    late = take(seen(_channel(bodies[:3], attributes)), _channel(bodies, attributes))
    if late is not None:
        assert late[0].entries == whole.entries[3:]


def test_no_mutant_of_a_document_is_misread() -> None:
    rng = random.Random(7)
    body = rss(*ITEMS[2:])
    remembered = seen(body)
    read_reduced = 0
    for _ in range(400):
        now = bytearray(rss(*ITEMS))
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(now))
            now[at : at + rng.randint(0, 3)] = rng.choice([b"", b"<", b">", b"&", b"x", b"]]>", b"<item>", b"</item>"])
        mutant = bytes(now)
        found = take(remembered, mutant)
        if found is None:
            continue
        read_reduced += 1
        whole = read(mutant)
        positions = [at for at, entry in enumerate(whole.entries) if entry in found[0].entries]
        assert tuple(whole.entries[at] for at in positions) == found[0].entries
    assert read_reduced > 20


def test_dates_before_1970_and_none_are_remembered() -> None:
    items = [replace(ITEMS[0], date="Mon, 17 Jun 1985 22:29:00 GMT"), replace(ITEMS[1], date=None)]
    unpacked = delta.unpack(delta.pack(seen(rss(*items))))
    assert unpacked is not None
    assert unpacked.dates == (datetime(1985, 6, 17, 22, 29, tzinfo=UTC),)
