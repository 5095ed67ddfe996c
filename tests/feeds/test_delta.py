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


def test_an_edited_entry_is_new_and_its_former_self_no_obstacle() -> None:
    edited = replace(ITEMS[1], title="Talks 1, corrected")
    found = take(seen(rss(*ITEMS[:3])), rss(ITEMS[0], edited, ITEMS[2]))
    assert found is not None
    assert [entry.title for entry in found[0].entries] == ["Talks 1, corrected"]


def test_a_change_of_date_in_the_head_changes_nothing() -> None:
    def dated(day: int, *items: Item) -> bytes:
        return rss(*items, extra=f"<lastBuildDate>{day} Jun 2024</lastBuildDate>")

    assert take(seen(dated(1, *ITEMS[1:])), dated(2, *ITEMS)) is not None


@pytest.mark.parametrize(
    ("before", "now"),
    [
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


@settings(max_examples=150, deadline=None)
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
