"""The encodings that a document may say that it is in."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.encodings import declared_encoding, may_decode, mended, mended_cyrillic
from bot.feeds.parse import parse_feed, parse_plain_feed
from tests.pipeline.feed_server import Item, rss

if TYPE_CHECKING:
    from types import ModuleType

URL = "https://news.example/feed.xml"
PARTS = st.sampled_from([b"<?", b"?>", b"encoding=", b"'", b'"', b"\n", b">", b"a", b'encoding="utf-8"', b" "])


def feedparsers_own() -> ModuleType:
    """Its module as it was before anything of it was replaced."""
    spec = importlib.util.find_spec("feedparser.encodings")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXPRESSION = feedparsers_own().RE_XML_PI_ENCODING


@given(st.lists(PARTS, max_size=14).map(lambda parts: b"<?" + b"".join(parts)))
def test_what_is_declared_is_what_feedparser_finds(data: bytes) -> None:
    found = EXPRESSION.match(data)
    assert declared_encoding(data) == (found[1] if found else None)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        *((name, True) for name in ("utf-8", "UTF8", "windows-1251", "KOI8-R", "latin1", "gb2312", "big5", "euc-kr")),
        *((name, True) for name in ("shift_jis", "iso-2022-jp", "tis-620", "x-mac-cyrillic", "utf-16le", "us-ascii")),
        pytest.param("utf8mb4", True, id="what nobody knows does no harm"),
        pytest.param("", True, id="nothing"),
        *((name, False) for name in ("punycode", "IDNA", "undefined", "unicode_escape", "raw-unicode-escape", "utf-7")),
        *((name, False) for name in ("zlib", "base64", "rot13", "charmap")),
        pytest.param("utf-8\0", False, id="no name"),
        pytest.param("\ud800", False, id="half of a character"),
        pytest.param("x" * 100, False, id="a long one"),
    ],
)
def test_which_names_may_choose_how_text_is_read(name: str, may: bool) -> None:  # noqa: FBT001
    assert may_decode(name) is may


@pytest.mark.parametrize("name", ["punycode", "idna", "undefined", "unicode_escape", "a\0b", "utf8mb4", "x" * 5000])
def test_a_feed_in_no_encoding_of_texts_is_read_as_the_usual_ones(name: str) -> None:
    body = rss(Item("Переговоры \\u0041", "/1"))
    declared = body.replace(b'encoding="utf-8"', f'encoding="{name}"'.encode())
    assert parse_plain_feed(declared, url=URL, content_type="application/rss+xml") is None
    for document, content_type in ((declared, "application/rss+xml"), (body, f"application/rss+xml; charset={name}")):
        found = parse_feed(document, url=URL, content_type=content_type)
        assert [entry.title for entry in found.entries] == ["Переговоры \\u0041"]


def test_a_name_that_is_no_text_does_not_end_a_feed() -> None:
    body = rss(Item("Talks", "/1")).replace(b'encoding="utf-8"', b'encoding="\xff"')
    assert len(parse_feed(body, url=URL).entries) == 1


RUSSIAN = rss(Item("Переговоры в Сеуле", "/1", description="Переговоры прошли в Сеуле, сообщили в правитель"))
KOREAN = rss(Item("서울 회담", "/1", description="서울에서 열린 회담에서 양측은 무기 거래를 논의했다."))
FRENCH = rss(Item("Un café à Séoul", "/1", description="Négociations à Séoul, révélées après l\u2019été"))


def cut(document: bytes, *, after: str) -> bytes:
    """The document without the second half of the character that follows."""
    at = document.index(after.encode()) + len(after.encode()) + 1
    return document[:at] + document[at + 1 :]


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        pytest.param(
            cut(RUSSIAN, after="правите"), "application/rss+xml", "Переговоры в Сеуле", id="text-cut-by-bytes"
        ),
        pytest.param(cut(RUSSIAN, after="Сеул"), "text/xml", "Переговоры в Сеул\ufffd", id="headline-cut-by-bytes"),
        pytest.param(cut(KOREAN, after="논의"), "text/xml; charset=utf-8", "서울 회담", id="of-three-bytes"),
        pytest.param(
            FRENCH.decode().encode("cp1252"),
            "application/rss+xml",
            "Un café à Séoul",
            id="another-encoding-than-declared",
        ),
        pytest.param(RUSSIAN.replace(b'"utf-8"', b'"utf-16"'), "text/xml", "Переговоры в Сеуле", id="not-in-utf-16"),
        pytest.param(
            RUSSIAN.replace(b'"utf-8"', b'"UTF-16"') + b" ",
            "application/rss+xml",
            "Переговоры в Сеуле",
            id="nor-if-even",
        ),
        pytest.param(
            RUSSIAN.decode().replace('"utf-8"', '"utf-16"').encode("utf-16"),
            "text/xml",
            "Переговоры в Сеуле",
            id="utf-16-as-text",
        ),
        pytest.param(
            RUSSIAN.decode().encode("utf-16"),
            "application/rss+xml",
            "Переговоры в Сеуле",
            id="utf-16-that-says-utf-8",
        ),
    ],
)
def test_what_is_plainly_wrong_about_an_encoding_is_put_right(body: bytes, content_type: str, title: str) -> None:
    found = parse_feed(body, url=URL, content_type=content_type)
    assert [entry.title for entry in found.entries] == [title]


@pytest.mark.parametrize("stated", ["koi8-r", "windows-1251"])
def test_a_document_of_another_encoding_stays_as_it_is(stated: str) -> None:
    broken = cut(RUSSIAN, after="правите")
    assert mended(broken, stated=stated) == broken


UKRAINIAN = rss(Item("Перемовини в Києві", "/1", description="Її зустріли в аеропорту міста, повідомив уряд"))
GERMAN = rss(Item("ÄÖÜ: Grüße aus Köln", "/1", description="Größere Übungen — „ohne Öl“"))
SILENT = '<?xml version="1.0"?>'
DECLARED = '<?xml version="1.0" encoding="utf-8"?>'


@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/xml; charset=utf-8", "text/xml", ""])
@pytest.mark.parametrize("declaration", [DECLARED, SILENT])
@pytest.mark.parametrize(
    ("body", "encoding", "title"),
    [
        pytest.param(RUSSIAN, "cp1251", "Переговоры в Сеуле", id="russian"),
        pytest.param(UKRAINIAN, "cp1251", "Перемовини в Києві", id="ukrainian"),
        pytest.param(rss(Item("Путин", "/1")), "cp1251", "Путин", id="one-word"),
        pytest.param(FRENCH, "cp1252", "Un café à Séoul", id="french"),
        pytest.param(GERMAN, "cp1252", "ÄÖÜ: Grüße aus Köln", id="german"),
        pytest.param(rss(Item("It’s “fine” – really", "/1")), "cp1252", "It’s “fine” – really", id="signs"),
    ],
)
def test_what_is_not_utf_8_is_cyrillic_or_western_as_it_reads(
    body: bytes, encoding: str, title: str, declaration: str, content_type: str
) -> None:
    document = body.decode().replace(DECLARED, declaration).encode(encoding)
    assert [entry.title for entry in parse_feed(document, url=URL, content_type=content_type).entries] == [title]


@pytest.mark.parametrize("encoding", ["euc-kr", "gb2312", "koi8-r"])
def test_other_encodings_are_not_taken_for_cyrillic(encoding: str) -> None:
    text = {"euc-kr": KOREAN.decode(), "koi8-r": RUSSIAN.decode()}.get(encoding, "首尔会谈讨论武器交易，双方昨天表示")
    body = text.encode(encoding)
    assert mended_cyrillic(body, stated="") == body


def test_an_encoding_is_guessed_alike_whatever_else_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    class Chardet:
        @staticmethod
        def detect(data: bytes) -> dict[str, str]:
            asked.append(data)
            return {"encoding": "koi8-r"}

    monkeypatch.setattr("feedparser.encodings.chardet", Chardet)
    found = parse_feed(FRENCH.decode().encode("cp1252"), url=URL)
    assert [entry.title for entry in found.entries] == ["Un café à Séoul"]
    assert asked == []


def test_one_broken_character_does_not_end_a_json_feed() -> None:
    body = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Переговоры"}]}'.encode()
    assert parse_feed(cut(body, after="Переговор"), url=URL).entries[0].title == "Переговор\ufffd"
