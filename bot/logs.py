"""Logging set-up: structured events on standard error, with every secret redacted before anything is written.

On a terminal a line is text with key=value pairs; anywhere else it is one JSON object with stable keys: ``at`` (ISO
8601, UTC), ``level``, ``logger``, ``event``, and what the event is about (``feed_id``, ``story_id``, ``delivery_id``,
``chat_id`` ...). Libraries log through the standard library; the same filter stands before their records, since some
of them print addresses that hold a token (python-telegram-bot's HTTP client does at INFO).
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

_REDACTED: Final = "[redacted]"
# A Telegram bot token, Slack's xox?- and xapp- tokens, the login in an address: redacted wherever they come from.
_SHAPES = re.compile(
    r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}|\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{8,}|(?<=://)[^\s/?#@\"']{1,500}(?=@)"
)
_NOISY = ("httpx", "httpcore", "apscheduler", "aiohttp.access", "slack_sdk", "telegram", "alembic", "procrastinate")
# It warns at each start that it ignores SLACK_BOT_TOKEN, because it is given a client that has the token already.
_ERRORS_ONLY = ("slack_bolt",)
# It logs each page without an article as several errors of its own; whoever asked for the page says it in our words.
_UNHEARD = ("trafilatura",)
_FIELDS: Final = "backstory_fields"
_OWN_KEYS: Final = frozenset({"at", "level", "logger", "event", "exception"})


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


class _JsonFormatter(logging.Formatter):
    """One JSON object a line. Values are redacted before they are escaped, since escapes could split a secret."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        fields: Mapping[str, Any] = getattr(record, _FIELDS, {})
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {f"{name}_" if name in _OWN_KEYS else name: value for name, value in fields.items()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: self._safe(value) for name, value in line.items()}, ensure_ascii=False)

    def _safe(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, list | tuple):
            return [self._safe(part) for part in value]
        return self._redactor(str(value))


def _leave_traceback(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The standard library's ``exception`` appends the traceback itself: rendered here too, it would stand twice."""
    event.pop("exc_info", None)
    return event


def _hand_over(_: object, __: str, event: MutableMapping[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    """The event's words as the record's message, everything else beside it for the JSON formatter."""
    words = str(event.pop("event", ""))
    return (words,), {"extra": {_FIELDS: dict(event)}}


def configure(*, level: str = "WARNING", secrets: Iterable[str] = (), form: str | None = None) -> None:
    """Send every log line to standard error, redacted.

    ``form`` is ``json`` or ``text``; None means text on a terminal, JSON anywhere else.
    """
    as_json = form == "json" or (form is None and not sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    redactor = Redactor(secrets)
    handler.setFormatter(_JsonFormatter(redactor) if as_json else _RedactingFormatter(redactor))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for name in _ERRORS_ONLY:
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in _UNHEARD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # Strings are quoted, so that a line break in what a feed wrote cannot forge a log line.
    text = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, repr_native_str=True)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _leave_traceback, _hand_over if as_json else text],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def get(name: str) -> Any:  # noqa: ANN401 - structlog's bound loggers are typed as Any by structlog itself
    """A logger for one module."""
    return structlog.stdlib.get_logger(name)
