"""Cleaning, fitting and splitting: what all renderers stand on."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chats import slack_blocks, telegram_entities
from bot.chats.console_text import plain, render
from bot.chats.layout import clean, cut_text, fit, lines_of, safe_url, split, utf16_units
from bot.chats.message import (
    Block,
    BlockKind,
    Button,
    Message,
    Span,
    Style,
    bold,
    bullets,
    code,
    heading,
    link,
    paragraph,
)
from tests.doubles import block_kit
from tests.doubles.bot_api_entities import entity_faults
from tests.doubles.tdlib import as_tdlib, tdlib


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("a\nb\r\nc\td\u2028e", "a b  c d e", id="line breaks and tabs become spaces"),
        pytest.param("\x1b[31mred\x00\x07\x9b1m", "[31mred1m", id="escape codes lose their escape"),
        pytest.param("\u202egpj.exe\u202c\u2066x\u2069\u200e", "gpj.exex", id="no bidirectional controls"),
        pytest.param("zero\u200bwidth\ufeff\u00ad\u2060", "zerowidth", id="nothing invisible"),
        pytest.param("می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀", id="joiners stay"),
        pytest.param("e" + "\u0301" * 9, "e" + "\u0301" * 4, id="towers of marks are capped"),
        pytest.param("half \ud83d pair", "half \ufffd pair", id="lone surrogates"),
        pytest.param("a\u00a0b\u3000c", "a b c", id="all spaces are one kind"),
        pytest.param("КНДР 北朝鮮 조선 ✓", "КНДР 北朝鮮 조선 ✓", id="scripts and signs stay"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        pytest.param("https://example.org/a?b=c&d=e#f", "https://example.org/a?b=c&d=e#f", id="as it is"),
        pytest.param('https://example.org/a b<c>|"d"', "https://example.org/a%20b%3Cc%3E%7C%22d%22", id="encoded"),
        pytest.param("javascript:alert(1)", None, id="script"),
        pytest.param("https:///path", None, id="no host"),
        pytest.param("https://[broken", None, id="no address at all"),
        pytest.param("https://example.org/\u202egpj", None, id="invisible characters"),
        pytest.param("//example.org", None, id="no scheme"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="none"),
    ],
)
def test_safe_url(url: str | None, safe: str | None) -> None:
    assert safe_url(url) == safe


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("short", 10, "short", id="what fits stays"),
        pytest.param("One sentence. Another one follows.", 24, "One sentence. …", id="at a sentence"),
        pytest.param("one two three four", 12, "one two…", id="at a word"),
        pytest.param("北朝鮮が撃った。韓国が述べた。", 11, "北朝鮮が撃った。 …", id="at a wide full stop"),
        pytest.param("x" * 30, 10, "xxxxxxxx…", id="anywhere if need be"),
        pytest.param("x" * 7 + "e\u0301" * 9, 10, "xxxxxxx…", id="never between a letter and its mark"),
    ],
)
def test_cut_text(text: str, limit: int, expected: str) -> None:
    assert cut_text(text, limit) == expected


def test_a_long_summary_gives_way_before_the_headline_and_the_links() -> None:
    message = Message(
        (
            heading("H" * 200),
            paragraph("Some words here. " * 100),
            bullets(*((link("B" * 150, "https://example.org"), " tail") for _ in range(4))),
        )
    )
    fitted = fit(lines_of(message), budget=1100, cost=len)
    assert [len(line.text) for line in fitted if line.kind is not BlockKind.PARAGRAPH] == [200, 155, 155, 155, 155]
    (summary,) = [line.text for line in fitted if line.kind is BlockKind.PARAGRAPH]
    assert summary.endswith("Some words here. …")


def test_lines_go_from_the_end_where_cutting_is_not_enough() -> None:
    message = Message(tuple(paragraph(f"{n} " + "w" * 80) for n in range(50)))
    fitted = fit(lines_of(message), budget=500, cost=len)
    assert [line.text[:2] for line in fitted] == ["0 ", "1 ", "2 ", "3 ", "4 ", "…"]


def test_split_loses_nothing() -> None:
    message = Message((paragraph("word " * 500), bullets(*(f"item {n}" for n in range(100)))))
    parts = split(lines_of(message), budget=300, cost=len)
    words = " ".join(line.text for part in parts for line in part).split()
    assert words == " ".join(line.text for line in lines_of(message)).split()
    assert all(sum(len(line.text) + 4 for line in part) <= 300 for part in parts)


texts = st.text(max_size=60) | st.sampled_from(
    ["a" * 5000, "🚀" * 2500, "Wort. " * 300, "*_~`<>&|@here", "\ud800", "\n"]
)
spans = st.builds(
    Span,
    texts,
    st.sampled_from(Style),
    st.none() | st.sampled_from(["https://example.org/a", "javascript:x", "http://x", "http://x.y:0/"]),
)
blocks = st.builds(
    Block, st.sampled_from(BlockKind), st.lists(st.lists(spans, max_size=3).map(tuple), max_size=4).map(tuple)
)
buttons = st.builds(
    Button,
    texts,
    st.text(max_size=8),
    st.text(max_size=80),
    st.none() | st.sampled_from(["https://example.org", "x:y"]),
)
messages = st.builds(
    Message,
    st.lists(blocks, max_size=12).map(tuple),
    st.lists(st.lists(buttons, max_size=30).map(tuple), max_size=6).map(tuple),
)


@settings(deadline=None, max_examples=60)  # the machine may be busy; how long a message takes is not the point here
@given(messages)
def test_whatever_is_said_telegram_can_take_it(message: Message) -> None:
    for rendered in (telegram_entities.render(message), *telegram_entities.render_parts(message)):
        assert rendered.text.strip()
        assert utf16_units(rendered.text) <= 4096
        entities = [{"type": e.type, "offset": e.offset, "length": e.length, "url": e.url} for e in rendered.entities]
        assert entity_faults(rendered.text, entities) == []
        keys = [key for row in rendered.keyboard for key in row]
        assert len(keys) <= 100
        assert all(len(row) <= 8 for row in rendered.keyboard)
        assert all(key.label and len((key.data or "x").encode()) <= 64 for key in keys)


@settings(deadline=None, max_examples=60)  # the machine may be busy; how long a message takes is not the point here
@given(messages)
def test_whatever_is_said_slack_can_take_it(message: Message) -> None:
    for payload in (slack_blocks.render(message), *slack_blocks.render_parts(message)):
        assert block_kit.faults(list(payload.blocks)) == []
        assert 1 <= len(payload.text) <= 4000


@settings(deadline=None, max_examples=60)  # the machine may be busy; how long a message takes is not the point here
@given(messages)
def test_whatever_is_said_a_console_gets_clean_lines(message: Message) -> None:
    text = plain(render(message, number=lambda _: 1))
    assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cs") for char in text)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(Message((paragraph(code("@one"), " or @two"),)), id="in code, and beside it"),
        pytest.param(
            Message((bullets(*((code(f"@concept{n}"), " – a place") for n in range(130))),)),
            id="more of them than a message may have entities",
        ),
        pytest.param(
            Message((bullets(*((bold("b"), " ", code(f"@concept{n}"), ".") for n in range(300))),)),
            id="more than one message's letters as well",
        ),
        pytest.param(
            Message(
                tuple(Block(kind, ((Span("@name"),),)) for _ in range(130) for kind in (BlockKind.CODE, BlockKind.NOTE))
            ),
            id="more blocks of code than entities",
        ),
        pytest.param(Message((heading("What is ", code("@name")),)), id="in a heading, where code is none"),
    ],
)
def test_a_name_calls_nobody_on_telegram(message: Message) -> None:
    for rendered in (telegram_entities.render(message), *telegram_entities.render_parts(message)):
        code_at = [range(e.offset, e.offset + e.length) for e in rendered.entities if e.type in ("code", "pre")]
        live = [found.start() for found in re.finditer(r"(?<!\w)@(?=\w)", rendered.text)]
        assert [at for at in live if not any(at in bare for bare in code_at)] == []


def test_what_is_copied_from_code_is_as_it_was() -> None:
    assert telegram_entities.render(Message((paragraph(code("@one"), " or @two"),))).text == "@one or @\u2060two"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        pytest.param("https://example.org:8443/a", True, id="a host and a port"),
        pytest.param("http://192.0.2.7/a", True, id="a number"),
        pytest.param("https://пример.рф/a", True, id="letters of any script"),
        pytest.param("http://localhost:8000/a", False, id="a bare host"),
        pytest.param("https://wiki/a", False, id="a bare host within a company"),
        pytest.param("http://example.org:0/a", False, id="no port that may be"),
        pytest.param("http://example.org:65536/a", False, id="a port beyond all"),
        pytest.param("http://example.org:/a", False, id="a colon without a port"),
        pytest.param("http://exa mple.org/a", False, id="a space"),
        pytest.param("http://a@b@example.org/a", False, id="two logins"),
        pytest.param("http://./a", False, id="nothing but a dot"),
        pytest.param("http://[::1]/a", False, id="six numbers, whichever"),
    ],
)
def test_an_address_that_telegram_would_refuse_the_message_for_is_no_link(url: str, *, linked: bool) -> None:
    rendered = telegram_entities.render(Message((paragraph(link("a", url)),), ((Button("Open", url=url),),)))
    assert rendered.text == "a"
    assert [entity.url for entity in rendered.entities] == [url] * linked
    assert [key.url for row in rendered.keyboard for key in row] == [url] * linked
    taken = tdlib("getMarkdownText", text=as_tdlib(rendered))
    assert taken["@type"] == "formattedText", taken
