"""No secret reaches a log."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from bot import logs
from bot.errors import FeedParseError
from bot.feeds.article import extract_page

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def restore_logging() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], root.level = before


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("my-own-secret", id="a configured secret"),
        pytest.param("https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe", id="Telegram"),
        pytest.param("xoxb-1234567890-abcdef", id="Slack bot token"),
        pytest.param("xapp-1-A1234-5678", id="Slack app token"),
        pytest.param("https://reader:open-sesame@news.example/rss", id="login in an address"),
    ],
)
def test_secrets_are_redacted(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO", secrets=["my-own-secret"])
    logs.get("bot.test").warning("calling", url=text)
    error = ValueError(text)
    logging.getLogger("bot.other").error("failed with %s", text, exc_info=error)
    written = capsys.readouterr().err
    assert "calling" in written
    assert "[redacted]" in written
    for secret in ("my-own-secret", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "xoxb-1234", "xapp-1-A", "sesame"):
        assert secret not in written


def test_libraries_that_print_addresses_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO")
    logging.getLogger("httpx").info("HTTP Request: POST https://example.org")
    assert capsys.readouterr().err == ""


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_page_without_an_article_is_told_once_and_in_our_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    with pytest.raises(FeedParseError, match="no article"):
        extract_page(b"<html><title>Nothing</title></html>", url="")
    assert capsys.readouterr().err == ""


def test_away_from_a_terminal_a_line_is_one_object_with_stable_keys(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO")
    logs.get("bot.test").info("sent", delivery_id=7, chat_id=3, feed_id=1, story_id=2, title="two\nlines 100% {}")
    (line,) = lines(capsys)
    assert datetime.fromisoformat(str(line.pop("at"))).tzinfo is not None
    assert line == {
        "level": "info",
        "logger": "bot.test",
        "event": "sent",
        "delivery_id": 7,
        "chat_id": 3,
        "feed_id": 1,
        "story_id": 2,
        "title": "two\nlines 100% {}",
    }


def test_a_field_cannot_take_the_place_of_a_key_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO")
    logs.get("bot.test").warning("told 100 % of it", level="fine", at="never")
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["level_"], line["at_"]) == (
        "told 100 % of it",
        "warning",
        "fine",
        "never",
    )


def test_a_traceback_stands_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(secrets=["hush"])
    try:
        int("hush\nthis")
    except ValueError:
        logs.get("bot.test").exception("it broke", chat_id=3)
        logging.getLogger("library").exception("it broke too: %s", "hush")
    ours, theirs = lines(capsys)
    for line in (ours, theirs):
        assert "ValueError: invalid literal for int() with base 10: '[redacted]" in str(line["exception"])
        assert "hush" not in str(line)
    assert (ours["chat_id"], theirs["event"]) == (3, "it broke too: [redacted]")


def test_an_escape_does_not_hide_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    hushed = 'pa"ss\\word'
    logs.configure(secrets=[hushed], form="json")
    logs.get("bot.test").warning("connecting", url=f"postgresql://me:{hushed}@db", parts=[hushed, 1, None])
    (line,) = lines(capsys)
    assert line["url"] == "postgresql://[redacted]@db"
    assert line["parts"] == ["[redacted]", 1, None]


def test_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO", form="text")
    logs.get("bot.test").info("sent", chat_id=3, title="two\nlines")
    (line,) = capsys.readouterr().err.splitlines()
    assert "INFO bot.test sent" in line
    assert "chat_id=3" in line
