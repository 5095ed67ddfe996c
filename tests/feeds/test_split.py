from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.split import is_cut, split_feed


@pytest.mark.parametrize(
    ("body", "head", "entries", "tail"),
    [
        pytest.param(
            b"<r><item>1</item> <item>2</item></r>", b"<r>", (b"<item>1</item>", b" <item>2</item>"), b"</r>", id="rss"
        ),
        pytest.param(
            b"<f><a:entry x='1'>1</a:entry></f>", b"<f>", (b"<a:entry x='1'>1</a:entry>",), b"</f>", id="prefix"
        ),
        pytest.param(b"<C><ITEM X='x'>1</ITEM\n></C>", b"<C>", (b"<ITEM X='x'>1</ITEM\n>",), b"</C>", id="capitals"),
        pytest.param(b"<r><items/><item>1</item></r>", b"<r><items/>", (b"<item>1</item>",), b"</r>", id="not-items"),
        pytest.param(b"<rss><item>1", b"<rss><item>1", (), b"", id="never-closed"),
        pytest.param(b"</item><rss>", b"</item><rss>", (), b"", id="never-opened"),
        pytest.param(b"", b"", (), b"", id="empty"),
    ],
)
def test_a_document_in_pieces(body: bytes, head: bytes, entries: tuple[bytes, ...], tail: bytes) -> None:
    pieces = split_feed(body)
    assert (pieces.head, pieces.entries, pieces.tail) == (head, entries, tail)


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.sampled_from([b"<item>", b"</item>", b"<entry ", b"</a:entry>", b"x", b"<", b">", b"\n"])).map(b"".join)
)
def test_the_pieces_make_the_whole(body: bytes) -> None:
    pieces = split_feed(body)
    assert pieces.document(0, len(pieces.entries)) == body


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        pytest.param(b"<?xml version='1.0'?><rss><channel><item>1</item></channel></rss>\n", False, id="whole"),
        pytest.param(b"<rss><channel><item>1</item></channel></RSS\n>", False, id="capitals"),
        pytest.param(b"<rss><channel><item>1</item></channel></rss><!-- made in 3 ms -->", False, id="comment-behind"),
        pytest.param(b"<!-- <rss> --><a:feed xmlns:a='x'><a:entry/></a:feed>", False, id="prefix"),
        pytest.param("<rss><channel/></rss>".encode("utf-16"), False, id="utf-16"),
        pytest.param(b"<note>hello", False, id="no-feed"),
        pytest.param(b'{"items": [', False, id="json"),
        pytest.param(b"", False, id="empty"),
        pytest.param(b"<rss><channel><item>1</item>", True, id="between-entries"),
        pytest.param(b"<rss><channel><item>1</it", True, id="in-a-tag"),
        pytest.param(b"<rss><item><![CDATA[</rss>]]></item><item>1</item>", True, id="an-end-in-an-entry"),
        pytest.param(b"<rdf:RDF><channel></channel><item>1</item>", True, id="rdf"),
        pytest.param("<rss><channel><item>1</item>".encode("utf-16"), True, id="utf-16-cut"),
    ],
)
def test_a_document_that_ends_early_is_known(body: bytes, cut: bool) -> None:  # noqa: FBT001 - a row of the table
    assert is_cut(body) is cut


@pytest.mark.parametrize("piece", [b"<item ", b"</item ", b"<item><item>", b"</item>", b"<" * 50])
def test_time_is_linear_in_the_length(piece: bytes) -> None:
    body = piece * (2_000_000 // len(piece))
    started_s = time.process_time()
    split_feed(body)
    is_cut(b"<rss>" + body)
    assert time.process_time() - started_s < 2
