from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FeedParseError
from bot.feeds.article import extract_page
from tests.shared_data import shared

URL = "https://news.example.com/2024/talks"
PARAGRAPHS = [
    "The foreign ministers met on Monday in the capital and spoke for three hours about trade, energy and the border.",
    "Neither side said what had been agreed, but officials who were present called the talks useful and long overdue.",
    "A second round is planned for the autumn, according to a statement that both ministries published in the evening.",
]


def page(*, head: str = "", body: str = "") -> str:
    article = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><title>Ministers meet in the capital</title>{head}</head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>Ministers meet in the capital</h1>{article}{body}</article>"
        "<footer>Copyright</footer></body></html>"
    )


def test_an_article_comes_as_paragraphs() -> None:
    entry = extract_page(page(), url=URL)
    assert (entry.title, entry.url, entry.guid, entry.lang) == ("Ministers meet in the capital", URL, URL, "en")
    assert [line for line in entry.body.split("\n") if line in PARAGRAPHS] == PARAGRAPHS
    assert "Copyright" not in entry.body


SCRIPTS = "<script>var x = 1;</script>" * 400  # so much of ASCII that nothing can be guessed from either end of a page
RUSSIAN = "Стороны подписали договор о стратегическом партнёрстве, сообщила пресс-служба Кремля в понедельник вечером."
POLISH = "Strony podpisały umowę o współpracy wojskowej, poinformowała w poniedziałek wieczorem służba prasowa."
KOREAN = "양측은 월요일 저녁 포괄적인 전략적 동반자 협정에 서명했다고 조선중앙통신이 보도했다. 똠방각하."


@pytest.mark.parametrize(
    ("text", "codec", "content_type"),
    [
        pytest.param(RUSSIAN, "cp1251", "text/html; charset=windows-1251", id="russian"),
        pytest.param(POLISH, "iso8859-2", "text/html; charset=ISO-8859-2", id="polish"),
        pytest.param(KOREAN, "cp949", 'text/html; charset="euc-kr"', id="korean"),
        pytest.param(RUSSIAN, "utf-8", "text/html; charset=iso-8859-1", id="a servers default is no proof"),
        pytest.param(RUSSIAN, "utf-8", "text/html; charset=punycode", id="no encoding of texts"),
    ],
)
def test_the_encoding_in_the_http_header_is_used(text: str, codec: str, content_type: str) -> None:
    html = page(head=SCRIPTS, body=f"<p>{text}</p>{SCRIPTS}").encode(codec)
    assert text in extract_page(html, url=URL, content_type=content_type).body


def test_links_are_dropped_and_their_words_stay() -> None:
    link = "<a href='https://evil.example/'>statement</a>"
    body = f"<p>The {link} was short, and it named neither the guests nor the date.</p>"
    text = extract_page(page(body=body), url=URL).body
    assert "The statement was short" in text
    assert "evil.example" not in text


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(
            '<meta property="article:published_time" content="2024-06-17T22:29:00+03:00">',
            datetime(2024, 6, 17, 19, 29, tzinfo=UTC),
            id="open-graph",
        ),
        pytest.param(
            '<meta content="2024-06-17T22:29:00Z" property="article:published_time">',
            datetime(2024, 6, 17, 22, 29, tzinfo=UTC),
            id="open-graph-the-other-way-round",
        ),
        pytest.param(
            '<script type="application/ld+json">{"datePublished": "2024-06-17T22:29:00Z"}</script>',
            datetime(2024, 6, 17, 22, 29, tzinfo=UTC),
            id="json-ld",
        ),
    ],
)
def test_the_pages_own_date_is_read_to_the_minute(head: str, expected: datetime) -> None:
    assert extract_page(page(head=head), url=URL).published_at == expected


def test_the_address_that_was_fetched_beats_the_one_that_the_page_claims() -> None:
    head = '<link rel="canonical" href="https://bank.example/login">'
    assert extract_page(page(head=head), url=URL).url == URL
    assert extract_page(page(head=head), url="").url == "https://bank.example/login"


@pytest.mark.parametrize("html", ["", "<html></html>", "plain words", b"\x00\xff\xfe", b"%PDF-1.4"])
def test_a_page_without_an_article_says_so(html: str | bytes) -> None:
    with pytest.raises(FeedParseError, match="page"):
        extract_page(html, url=URL)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_page_that_is_built_to_be_slow_is_refused(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    laden = page(body=f"<p {' '.join(map('a{}'.format, range(2000)))}>Talks failed.</p>")
    with pytest.raises(FeedParseError, match="more parts"):
        extract_page(laden.encode(encoding), url=URL)
    assert extract_page(page(), url=URL).body
    monkeypatch.setattr("bot.feeds.bounded.TAGS_PER_PAGE", 5)  # the true bound takes seconds to reach
    with pytest.raises(FeedParseError, match="more parts"):
        extract_page(page(), url=URL)


def test_a_page_of_too_many_attributes_is_refused() -> None:
    tags = "".join(f"<i {' '.join(map('a{}=1'.format, range(900)))}>x</i>" for _ in range(400))
    started_s = time.process_time()
    with pytest.raises(FeedParseError, match="more parts"):
        extract_page(page(body=f"<p>Talks failed.</p>{tags}"), url=URL)
    assert time.process_time() - started_s < 2


@pytest.mark.parametrize(
    "name", ["ars-1", "herald-sun-1", "liberation-1", "wapo-2", "keep-images", "lazy-image-2", "yahoo-3"]
)
def test_titles_of_real_pages(name: str) -> None:
    folder = shared("data", "pages", name)
    expected = json.loads((folder / "expected-metadata.json").read_text())
    entry = extract_page((folder / "source.html").read_bytes(), url="")
    assert entry.title == expected["title"]
    assert len(entry.body) > 1000


def test_every_real_page_gives_an_article() -> None:
    pages = sorted(shared("data", "pages").glob("*/source.html"))
    assert len(pages) == 24
    assert all(extract_page(path.read_bytes(), url=URL).body for path in pages)


@pytest.mark.parametrize("piece", ["<html ", '"datePublished":"', "content='", "article:published_time", "lang="])
def test_the_search_for_statements_is_linear(piece: str) -> None:
    started_s = time.process_time()
    extract_page(page(head=f"<!-- {piece * (200_000 // len(piece))} -->"), url=URL)
    assert time.process_time() - started_s < 3


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 800))
def test_any_damage_is_contained(junk: bytes, at: int) -> None:
    html = page().encode()
    try:
        entry = extract_page(html[:at] + junk + html[at:], url=URL)
    except FeedParseError:
        return
    repr(entry).encode()
