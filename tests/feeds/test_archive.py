from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import limits
from bot.errors import ImportFileError
from bot.feeds.archive import BadLine, find_files, parse_line, read_file
from bot.feeds.textfile import read_article
from bot.model import ParsedEntry
from tests.pipeline.feed_server import Item, rss
from tests.shared_data import shared

if TYPE_CHECKING:
    from pathlib import Path

HEADLINE = "Minister meets his counterpart in the capital"
PENTAGON = (
    "The DPRK will become complicit in the murders of Ukrainians if it supplies ammunition to the Russian Federation"
)
UNN = (
    "The United States, South Korea and Japan condemned the deepening of military cooperation "
    "between the DPRK and the russian federation"
)
TEXT = "The minister arrived on Monday.\nHe left on Tuesday."


def entries(path: Path) -> list[ParsedEntry]:
    found = [entry for entry in read_file(path) if isinstance(entry, ParsedEntry)]
    assert len(found) == len(list(read_file(path)))
    return found


# ---------------------------------------------------------------- text articles


@pytest.mark.parametrize(
    ("name", "title", "published_at", "source"),
    [
        (
            "ctn_2023-08-30.txt",
            "White House Warns North Korea Against Arms Sales to Russia Amid Ukraine Crisis",
            datetime(2023, 8, 30, tzinfo=UTC),
            "ctn",
        ),
        (
            "oreanda_2024-06-17.txt",
            "The White House expressed concern about the relations between Russia and North Korea",
            datetime(2024, 6, 17, 22, 29, tzinfo=UTC),
            "oreanda",
        ),
        (
            "pentagon_2023-09-13.txt",
            PENTAGON,
            datetime(2023, 9, 13, tzinfo=UTC),
            "pentagon",
        ),
        (
            "ticker_2024-06-17.txt",
            "US calls deepening NK-Russia ties trend of ‘great concern’ ahead of Putin’s Pyongyang visit",
            datetime(2024, 6, 17, tzinfo=UTC),
            "ticker",
        ),
        (
            "unn_2024-06-24.txt",
            UNN,
            datetime(2024, 6, 24, tzinfo=UTC),
            "unn",
        ),
    ],
)
def test_the_sample_articles(name: str, title: str, published_at: datetime, source: str) -> None:
    (entry,) = entries(shared("data", "articles", name))
    assert (entry.title, entry.published_at, entry.source) == (title, published_at, source)
    assert len(entry.body) > 1000
    assert title not in entry.body


@pytest.mark.parametrize(
    ("name", "opening", "published_at"),
    [
        pytest.param("a_20230830", "", datetime(2023, 8, 30, tzinfo=UTC), id="name-without-dashes"),
        pytest.param("20230830-a", "", datetime(2023, 8, 30, tzinfo=UTC), id="name-begins-with-it"),
        pytest.param("a_20231399", "", None, id="no-such-day"),
        pytest.param("report-12345678901", "", None, id="a-number-is-no-date"),
        pytest.param("a", "17.06.2024, 22:29", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="text-dotted"),
        pytest.param("a", "2024-06-17 22:29", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="text-iso"),
        pytest.param("a", "17 июня 2024, 22:29", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="text-russian"),
        pytest.param("a", "17 червня 2024", datetime(2024, 6, 17, tzinfo=UTC), id="text-ukrainian"),
        pytest.param("a", "Published: June 17, 2024", datetime(2024, 6, 17, tzinfo=UTC), id="text-english"),
        pytest.param("a", "Date: 2024-06-17T22:29:00+03:00", datetime(2024, 6, 17, 19, 29, tzinfo=UTC), id="date-line"),
        pytest.param("a", "2024年6月17日", datetime(2024, 6, 17, tzinfo=UTC), id="text-chinese"),
        pytest.param("a", "2024년 6월 17일 22:29", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="text-korean"),
        pytest.param("a", "17.06.24, 22:29", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="text-short-year"),
        pytest.param("a", "31.02.2024", None, id="text-no-such-day"),
        pytest.param(
            "a_2024-06-17", "17.06.2024, 22:29", datetime(2024, 6, 17, 22, 29, tzinfo=UTC), id="text-adds-the-time"
        ),
        pytest.param("a_2024-06-17", "01.02.2020, 22:29", datetime(2024, 6, 17, tzinfo=UTC), id="name-wins"),
        pytest.param("a", "", None, id="none"),
    ],
)
def test_dates(name: str, opening: str, published_at: datetime | None) -> None:
    assert read_article(f"{opening}\n{HEADLINE}\n{TEXT}", name=name).published_at == published_at


@pytest.mark.parametrize(
    "furniture",
    [
        "", "Connect with us", "Menu", "Share this article", "17.06.2024, 22:29", "By Jane Doe of the desk",
        "• 15601 переглядiв", "Advertisement", "Home\nWorld\nSport", "---", "12 345 views", "Source: The Example",
    ],
)  # fmt: skip
def test_the_headline_is_the_first_line_that_reads_like_one(furniture: str) -> None:
    entry = read_article(f"{furniture}\n\n{HEADLINE}\n\n{HEADLINE}\n{TEXT}", name="x")
    assert (entry.title, entry.body) == (HEADLINE, TEXT)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(f"# {HEADLINE}\n{TEXT}", HEADLINE, id="markdown"),
        pytest.param(f'---\ntitle: "{HEADLINE}"\nurl: https://x.example/1\n---\n{TEXT}', HEADLINE, id="front-matter"),
        pytest.param("金正恩在莫斯科会见俄罗斯总统普京\n正文。", "金正恩在莫斯科会见俄罗斯总统普京", id="chinese"),
        pytest.param(
            "김정은, 모스크바에서 푸틴 대통령 만나\n본문.", "김정은, 모스크바에서 푸틴 대통령 만나", id="korean"
        ),
        pytest.param("Kim wins", "Kim wins", id="short"),
        pytest.param(
            f"Kim visits Moscow\n{'He came by train and left by train. ' * 9}",
            "Kim visits Moscow",
            id="short-before-text",
        ),
        pytest.param(f"Source: Kim will go to Moscow\n{TEXT}", "Source: Kim will go to Moscow", id="not-a-source-line"),
        pytest.param(
            f"Date: nobody knows when it begins\n{TEXT}", "Date: nobody knows when it begins", id="not-a-date-line"
        ),
        pytest.param("", "", id="empty"),
        pytest.param("17.06.2024\n***\n", "", id="nothing-but-a-date"),
    ],
)
def test_headlines(text: str, title: str) -> None:
    assert read_article(text, name="x").title == title


@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        ("the_example_2024-06-17", TEXT, "the example"),
        ("article", f"{HEADLINE}\nSource: The Example\n{TEXT}", "The Example"),
        ("article", f"{HEADLINE}\nИсточник: Пример\n{TEXT}", "Пример"),
        ("article", f"{HEADLINE}\n(AP) – {TEXT}", "AP"),
        ("article", f"{HEADLINE}\n{TEXT}", None),
    ],
    ids=["file-name", "source-line", "source-line-russian", "dateline", "none"],
)
def test_sources(name: str, text: str, source: str | None) -> None:
    assert read_article(text, name=name).source == source


def test_the_id_depends_on_the_content_alone() -> None:
    first = read_article(f"{HEADLINE}\n{TEXT}", name="a_2024-06-17")
    assert first.guid == read_article(f"\n\n{HEADLINE}\n\n{TEXT}\n", name="copy").guid
    assert first.guid != read_article(f"{HEADLINE}\n{TEXT} More.", name="a_2024-06-17").guid


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_old_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    title = "Министр обороны прибыл с визитом в столицу"
    path = tmp_path / "a_2024-06-17.txt"
    path.write_bytes(f"{title}\n{'Он пробудет там два дня и встретится с коллегой. ' * 5}".encode(encoding))
    assert entries(path)[0].title == title


@pytest.mark.parametrize(
    "piece", ["1 ", "1" * 50, " ", "by ", "date: ", "17.06.", "1 x", "Source:", "# ", "\n", "(A) – "], ids=repr
)
def test_time_is_linear_in_the_length(piece: str) -> None:
    started_s = time.process_time()
    read_article(piece * (1_000_000 // len(piece)), name="1" * 200)
    assert time.process_time() - started_s < 3


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=400), st.text(max_size=30))
def test_any_text_is_an_entry(text: str, name: str) -> None:
    entry = read_article(text, name=name)
    repr(entry).encode()
    assert entry.guid


# ---------------------------------------------------------------- JSON lines


def line(**fields: object) -> str:
    return json.dumps({"id": "1", "datetime": "2024-06-17", "lang": "en", "title": "T", "text": "B", **fields})


def test_a_line_gives_every_field() -> None:
    entry = parse_line(line(source="The Example", url="https://x.example/1", datetime="2024-06-17T22:29:00+03:00"))
    assert entry == ParsedEntry(
        "1", "https://x.example/1", "T", "B", datetime(2024, 6, 17, 19, 29, tzinfo=UTC), "en", "The Example"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"id": "1", "title": "T"}', id="title-only"),
        pytest.param('{"id": "1", "title": "", "text": "B"}', id="text-only"),
        pytest.param(
            '{"id": 7, "title": "T", "datetime": null, "lang": null, "source": null, "url": null}', id="nulls"
        ),
        pytest.param(line(datetime="1923-04-22"), id="long-ago"),
        pytest.param(line(datetime="2025-07-24T16:27+02:00"), id="no-seconds"),
        pytest.param(line(unknown=[1, 2]), id="more-fields"),
        pytest.param(line(datetime=None, date="2024-06-17"), id="another-date"),
    ],
)
def test_lines_that_hold_an_entry(text: str) -> None:
    assert isinstance(parse_line(text), ParsedEntry)


@pytest.mark.parametrize(
    ("text", "reason", "guid"),
    [
        pytest.param("not json", "not JSON", None, id="not-json"),
        pytest.param("[1]", "not a JSON object", None, id="array"),
        pytest.param('{"title": "T"}', 'no "id"', None, id="no-id"),
        pytest.param(line(id=None), 'no "id"', None, id="null-id"),
        pytest.param(line(id=True), 'no "id"', None, id="boolean-id"),
        pytest.param(line(title="", text=" "), 'neither "title" nor "text"', "1", id="nothing-to-read"),
        pytest.param('{"id": "1"}', 'neither "title" nor "text"', "1", id="bare-id"),
        pytest.param(line(text=["x"]), '"text" is not text', "1", id="text-is-a-list"),
        pytest.param(line(datetime="yesterday"), "ISO 8601", "1", id="bad-date"),
        pytest.param(line(datetime=1718663340), '"datetime" is not text', "1", id="epoch"),
        pytest.param("{" * 100_000, "not JSON", None, id="deep"),
        pytest.param(line(text="x" * 500_000), "longer than", None, id="long"),
    ],
)
def test_lines_that_do_not(text: str, reason: str, guid: str | None) -> None:
    found = parse_line(text)
    assert isinstance(found, BadLine)
    assert reason in found.reason
    assert (found.guid, found.line) == (guid, 0)


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        pytest.param({"date": "2024-06-01"}, 1, id="date"),
        pytest.param({"published_at": "2024-06-02T10:00:00Z", "date": "2024-06-01"}, 2, id="the first that there is"),
        pytest.param({"pubDate": "Mon, 03 Jun 2024 10:00:00 GMT"}, 3, id="as in RSS"),
        pytest.param({"datetime": "2024-06-04", "date": "2024-06-01"}, 4, id="datetime before all"),
        pytest.param({"datetime": " ", "date": "2024-06-05"}, 5, id="a blank says nothing"),
    ],
)
def test_other_fields_give_the_date(fields: dict[str, str], day: int) -> None:
    found = parse_line(json.dumps({"id": "1", "title": "T", **fields}))
    assert isinstance(found, ParsedEntry)
    assert found.published_at is not None
    assert found.published_at.date() == date(2024, 6, day)


def test_a_line_without_a_date_is_no_past_coverage(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{line(id='a')}\n{line(id='b', datetime=None)}\n", encoding="utf-8")
    _, undated = read_file(path)
    assert isinstance(undated, BadLine)
    assert (undated.line, undated.guid) == (2, "b")
    assert '"datetime"' in undated.reason


def test_a_bad_line_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"\ufeff{line(id='a')}\n\nnonsense\n{line(id='b')}\n", encoding="utf-8")
    first, bad, last = read_file(path)
    assert isinstance(first, ParsedEntry)
    assert isinstance(last, ParsedEntry)
    assert (first.guid, last.guid) == ("a", "b")
    assert isinstance(bad, BadLine)
    assert bad.line == 3


@settings(deadline=None)  # the machine may be busy
@given(st.text())
def test_any_line_is_an_entry_or_a_reason(text: str) -> None:
    found = parse_line(text)
    assert isinstance(found, ParsedEntry) or found.reason


# ---------------------------------------------------------------- other files


def test_saved_feeds_are_read(tmp_path: Path) -> None:
    path = tmp_path / "saved.xml"
    dated = "Mon, 17 Jun 2024 10:00:00 GMT"
    path.write_bytes(rss(*(Item(name, f"https://x.example/{name}", date=dated) for name in "AB")))
    assert [entry.title for entry in entries(path)] == ["A", "B"]


def test_an_entry_of_a_saved_feed_without_a_date_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "saved.xml"
    dated = Item("A", "https://x.example/1", date="Mon, 17 Jun 2024 10:00:00 GMT")
    path.write_bytes(rss(Item("B", "https://x.example/2"), dated))
    bad, entry = read_file(path)
    assert isinstance(bad, BadLine)
    assert (bad.line, bad.reason) == (0, "no date in the entry “B”")
    assert isinstance(entry, ParsedEntry)
    assert entry.title == "A"


def test_saved_pages_are_read() -> None:
    (entry,) = entries(shared("data", "pages", "ars-1", "source.html"))
    assert entry.title == "Just-released Minecraft exploit makes it easy to crash game servers"
    assert entry.source == "Ars Technica"
    assert entry.url.startswith("https://arstechnica.com/")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xml", b"<html><body>x</body></html>", "web page"),
        ("a.json", b'{"a": 1}', "not a JSON Feed"),
        ("a.txt", b"\n\n", "no text"),
        ("a.html", b"", "no article|cannot be read"),
        ("a.txt", b"Kim met Putin on the coast\nThey spoke of shells.", "no date: .*outlet_2024-06-17.txt"),
        ("a.html", b"<h1>Kim met Putin</h1><p>" + b"They spoke of shells and of grain. " * 20, "no date: "),
        ("a.txt", b"x" * (limits.FEED_BODY_BYTES + 1), "larger than 10 MiB"),
        ("a.pdf", b"%PDF", "only .* files"),
    ],
    ids=["page-as-feed", "json", "empty", "empty-page", "undated", "undated-page", "large", "unknown"],
)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportFileError, match=says) as caught:
        list(read_file(path))
    assert str(path) in str(caught.value)


def test_a_file_that_went_away_says_so(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="cannot be read"):
        list(read_file(tmp_path / "gone.txt"))


def test_folders_are_searched_in_order_past_hidden_and_unknown_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", ".hidden.txt", ".git/x.txt", "sub/c.jsonl", "sub/d.png", "sub/e"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = find_files([tmp_path, tmp_path / "b.txt"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a.MD", "b.txt", "sub/c.jsonl"]


@pytest.mark.parametrize(("name", "says"), [("missing.txt", "no such file"), ("x.png", "only .* files")])
def test_a_path_that_makes_no_sense_is_refused(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "x.png").write_bytes(b"")
    with pytest.raises(ImportFileError, match=says):
        find_files([tmp_path / name])
