"""No secret reaches a log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from bot import logs

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
    for secret in ("my-own-secret", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "xoxb-1234", "xapp-1-A"):
        assert secret not in written


def test_libraries_that_print_addresses_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO")
    logging.getLogger("httpx").info("HTTP Request: POST https://example.org")
    assert capsys.readouterr().err == ""
