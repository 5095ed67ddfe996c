"""Logging set-up: structured events on standard error, with every secret redacted before anything is written.

Libraries log through the standard library; the same filter stands before their records, since some of them print
addresses that hold a token (python-telegram-bot's HTTP client does at INFO).
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

_REDACTED = "[redacted]"
# Token shapes: a Telegram bot token, Slack's xox?- and xapp- tokens. They are redacted wherever they come from.
_SHAPES = re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}|\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{8,}")
_NOISY = ("httpx", "httpcore", "apscheduler", "aiohttp.access", "slack_sdk", "telegram", "alembic")
# It warns at each start that it ignores SLACK_BOT_TOKEN, because it is given a client that has the token already.
_ERRORS_ONLY = ("slack_bolt",)


class Redactor:
    """Replaces known secrets, and anything of a token's shape, in text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        return _SHAPES.sub(_REDACTED, text)


class _RedactingFormatter(logging.Formatter):
    """Redacts the finished line: message, arguments and traceback alike."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor(super().format(record))


def _leave_traceback(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The standard library's ``exception`` appends the traceback itself: rendered here too, it would stand twice."""
    event.pop("exc_info", None)
    return event


def configure(*, level: str = "WARNING", secrets: Iterable[str] = ()) -> None:
    """Send every log line to standard error, as key=value pairs, redacted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactingFormatter(Redactor(secrets)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for name in _ERRORS_ONLY:
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _leave_traceback,
            # Strings are quoted, so that a line break in what a feed wrote cannot forge a log line.
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, repr_native_str=True),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def get(name: str) -> Any:  # noqa: ANN401 - structlog's bound loggers are typed as Any by structlog itself
    """A logger for one module."""
    return structlog.stdlib.get_logger(name)
