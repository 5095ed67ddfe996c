"""Settings: the only reader of the environment and of ``.env``.

The environment wins over ``.env`` in the working folder. Everything has a default: with nothing set, Backstory runs on
SQLite, a console chat and bundled sample coverage.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus, urlsplit

from dotenv import dotenv_values

from bot import __version__, limits
from bot.errors import SettingsError
from bot.text.urls import keys_in

if TYPE_CHECKING:
    from collections.abc import Mapping

ENV_FILE = ".env"
_KEY_CHARS = 32
_FEED_KEY_CHARS = 8
_PASSWORD_PARAMETERS = frozenset({"password", "sslpassword"})
_LOG_FORMATS = ("json", "text")
_KEPT_DAYS_MOST = 36_500
_DAY_S = 86_400
_LAST_PORT = 65_535
_QUOTES = ("'", '"')
# Within single quotes a .env escapes these two alone.
_ESCAPED = re.compile(r"\\([\\'])")
_SCHEMES = ("http", "https")
_BETWEEN_ADDRESSES = re.compile(r"\s+|,(?=\s|,|$|https?://)", re.IGNORECASE)
_NO_HOST = "/*"
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set. ``secrets`` never stand in a log, an error or a status; ``lang`` is the terminal's."""

    data_dir: Path
    database_url: str = field(repr=False)
    telegram_token: str | None = field(default=None, repr=False)
    telegram_api_base_url: str | None = None
    telegram_webhook: bool = False
    public_url: str | None = None
    slack_bot_token: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_api_base_url: str | None = None
    slack_client_id: str | None = None
    slack_client_secret: str | None = field(default=None, repr=False)
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    http_host: str = "127.0.0.1"
    http_port: int = 3000
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    keep_entries_days: int = limits.KEEP_ENTRIES_DAYS
    keep_seen_days: int = limits.KEEP_SEEN_DAYS
    commands_per_min: int = limits.COMMANDS_PER_MIN
    feeds: tuple[str, ...] = field(default=(), repr=False)
    allowed_private_hosts: frozenset[str] = frozenset()
    poll_min_s: int = limits.POLL_INTERVAL_MIN_S
    poll_max_s: int = limits.POLL_INTERVAL_MAX_S
    user_agent: str = f"Backstory/{__version__}"
    encoder: bool = True
    llm_url: str | None = field(default=None, repr=False)
    llm_model: str | None = None
    llm_key: str | None = field(default=None, repr=False)
    article_pages: bool = True
    log_level: str = "WARNING"
    log_format: str | None = None
    no_color: bool = False
    lang: str = ""
    crash_at: str | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be printed."""
        written = [_password(url) for url in (self.database_url, self.llm_url or "", *self.feeds)]
        written += _password_parameters(self.database_url)
        # A short value is no key, and would make holes into words.
        written += [key for url in self.feeds for key in keys_in(url) if len(key) >= _FEED_KEY_CHARS]
        # As it stands in the address, and as a driver would say it.
        passwords = {*written, *map(unquote, written), *map(unquote_plus, written)}
        chats = (self.telegram_token, self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        kept = (self.slack_client_secret, *self.secret_keys)
        return tuple(value for value in (*chats, *kept, self.llm_key, *passwords) if value)

    @property
    def has_chat_token(self) -> bool:
        """Whether Telegram or Slack is configured."""
        return bool(self.telegram_token or self.has_slack)

    @property
    def has_slack(self) -> bool:
        """Whether Slack is configured: for one workspace, or for all that install the app."""
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def slack_by_http(self) -> bool:
        """Whether Slack sends requests to us; with an app token we connect to it instead."""
        return self.has_slack and bool(self.slack_signing_secret) and not self.slack_app_token

    @property
    def exports_path(self) -> Path:
        """The folder that a console's files are saved in."""
        return self.data_dir / "exports"

    @property
    def samples_path(self) -> Path:
        """The file of the sample coverage: its own, so that samples never mix with real data."""
        return self.data_dir / "samples.db"

    @property
    def samples_url(self) -> str:
        """The same as a database address."""
        return f"sqlite+aiosqlite:///{self.samples_path}"


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""  # no address at all: whoever needs it says so


def _password_parameters(url: str) -> list[str]:
    """The passwords among the parameters of a database address, as they stand there: PostgreSQL's own way to write."""
    pairs = (pair.partition("=") for pair in url.partition("?")[2].split("&"))
    return [value for name, _, value in pairs if unquote(name) in _PASSWORD_PARAMETERS]


def load(environment: Mapping[str, str] | None = None, *, folder: Path | None = None) -> Settings:
    """Read the settings from the environment (or the mapping given) over ``.env`` in ``folder``.

    Raises:
        SettingsError: a value is unusable; the text names the setting and says what would be right.
    """
    file = (folder or Path.cwd()) / ENV_FILE
    return _settings(_Given(os.environ if environment is None else environment, _read(file) if file.is_file() else {}))


def defaults() -> Settings:
    """The settings where nothing is set, whatever the environment and ``.env`` say."""
    return _settings(_Given({}, {}))


def _settings(given: _Given) -> Settings:
    data_dir = Path(given.text("BACKSTORY_DATA_DIR") or "data").expanduser()
    poll_min_s = given.number("BACKSTORY_POLL_MIN_S", limits.POLL_INTERVAL_MIN_S, low=1, high=_DAY_S)
    poll_max_s = max(limits.POLL_INTERVAL_MAX_S, poll_min_s)
    has_metrics = given.text("BACKSTORY_METRICS_PORT") is not None
    settings = Settings(
        data_dir=data_dir,
        database_url=given.text("BACKSTORY_DATABASE_URL") or f"sqlite+aiosqlite:///{data_dir / 'backstory.db'}",
        telegram_token=given.text("TELEGRAM_BOT_TOKEN"),
        telegram_api_base_url=given.base_url("TELEGRAM_API_BASE_URL"),
        telegram_webhook=given.switch("TELEGRAM_WEBHOOK", default=False),
        public_url=given.base_url("BACKSTORY_PUBLIC_URL"),
        slack_bot_token=given.text("SLACK_BOT_TOKEN"),
        slack_app_token=given.text("SLACK_APP_TOKEN"),
        slack_signing_secret=given.text("SLACK_SIGNING_SECRET"),
        slack_api_base_url=given.base_url("SLACK_API_BASE_URL"),
        slack_client_id=given.text("SLACK_CLIENT_ID"),
        slack_client_secret=given.text("SLACK_CLIENT_SECRET"),
        secret_keys=tuple((given.text("BACKSTORY_SECRET_KEY") or "").split()),
        http_host=given.text("BACKSTORY_HTTP_HOST") or "127.0.0.1",
        http_port=given.number("BACKSTORY_HTTP_PORT", 3000, low=0, high=_LAST_PORT),
        metrics_host=given.text("BACKSTORY_METRICS_HOST") or "127.0.0.1",
        metrics_port=given.number("BACKSTORY_METRICS_PORT", 0, low=0, high=_LAST_PORT) if has_metrics else None,
        keep_entries_days=given.kept_days("BACKSTORY_KEEP_ENTRIES_DAYS", limits.KEEP_ENTRIES_DAYS),
        keep_seen_days=given.kept_days("BACKSTORY_KEEP_SEEN_DAYS", limits.KEEP_SEEN_DAYS),
        commands_per_min=given.number("BACKSTORY_COMMANDS_PER_MIN", limits.COMMANDS_PER_MIN, low=1, high=100_000),
        feeds=addresses(given.text("BACKSTORY_FEEDS") or ""),
        allowed_private_hosts=private_hosts(given.text("BACKSTORY_ALLOWED_PRIVATE_HOSTS") or ""),
        poll_min_s=poll_min_s,
        poll_max_s=given.number("BACKSTORY_POLL_MAX_S", poll_max_s, low=1, high=_DAY_S),
        user_agent=given.text("BACKSTORY_USER_AGENT") or f"Backstory/{__version__}",
        encoder=given.switch("BACKSTORY_ENCODER", default=True),
        llm_url=given.base_url("BACKSTORY_LLM_URL"),
        llm_model=given.text("BACKSTORY_LLM_MODEL"),
        llm_key=given.text("BACKSTORY_LLM_KEY"),
        article_pages=given.switch("BACKSTORY_ARTICLE_PAGES", default=True),
        log_level=(given.text("BACKSTORY_LOG_LEVEL") or "WARNING").upper(),
        log_format=(given.text("BACKSTORY_LOG_FORMAT") or "").lower() or None,
        no_color=given.text("NO_COLOR") is not None,
        lang=given.text("LC_ALL") or given.text("LC_MESSAGES") or given.text("LANG") or "",
        crash_at=given.text("BACKSTORY_CRASH_AT"),
    )
    _check(settings)
    return settings


class _Given:
    """What is set, read by name: the environment over ``.env``. What is blank is not set.

    Raises:
        SettingsError: where a value is asked for as something that it is not.
    """

    def __init__(self, environment: Mapping[str, str], from_file: Mapping[str, str]) -> None:
        unquoted = {name: _unquoted(value.strip()) for name, value in environment.items()}
        self._values = {**from_file, **{name: value for name, value in unquoted.items() if value.strip()}}

    def text(self, name: str) -> str | None:
        return self._values.get(name, "").strip() or None

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        value = self.text(name)
        if value is None:
            return default
        if not value.isdecimal() or not low <= int(value) <= high:
            raise SettingsError(f"{name} is {value!r}; it must be a whole number from {low} to {high}.")
        return int(value)

    def kept_days(self, name: str, default: int) -> int:
        return self.number(name, default, low=limits.KEEP_LEAST_DAYS, high=_KEPT_DAYS_MOST)

    def switch(self, name: str, *, default: bool) -> bool:
        value = self.text(name)
        if value is None:
            return default
        if value.lower() not in ("on", "off"):
            raise SettingsError(f"{name} is {value!r}; it must be on or off.")
        return value.lower() == "on"

    def base_url(self, name: str) -> str | None:
        value = self.text(name)
        try:
            usable = value is None or (urlsplit(value).scheme in _SCHEMES and bool(urlsplit(value).hostname))
        except ValueError:  # a bracket without its pair
            usable = False
        if not usable:  # what it is may hold a password
            raise SettingsError(f"{name} must start with http:// or https://, and name a host.")
        return value


def _read(file: Path) -> dict[str, str]:
    """What the file sets to something."""
    try:
        return {key: value for key, value in dotenv_values(file).items() if value}
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}. Run this as its owner.") from error
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is no text in UTF-8: save it anew as such in an editor.") from None


def _unquoted(value: str) -> str:
    """A value without the pair of quotes around it, if there is one.

    What hands a ``.env`` on as an environment need not read quotes as python-dotenv does: kubectl and ``docker run``
    keep them as a part of the value.
    """
    quote = value[:1]
    if len(value) < len("''") or quote not in _QUOTES or value[-1] != quote:
        return value
    inner = value[1:-1]
    return _ESCAPED.sub(r"\1", inner) if quote == "'" else inner


def _check(settings: Settings) -> None:
    if settings.log_level not in _LOG_LEVELS:
        raise SettingsError(f"BACKSTORY_LOG_LEVEL is {settings.log_level!r}; use one of {', '.join(_LOG_LEVELS)}.")
    if settings.log_format not in (None, *_LOG_FORMATS):
        raise SettingsError(f"BACKSTORY_LOG_FORMAT is {settings.log_format!r}; use one of {', '.join(_LOG_FORMATS)}.")
    if any(unicodedata.category(sign) == "Cc" for sign in settings.user_agent):
        raise SettingsError(
            f"BACKSTORY_USER_AGENT is {settings.user_agent!r}; it is one line of text: no line break, and no other"
            " control character."
        )
    if bool(settings.llm_url) != bool(settings.llm_model):
        raise SettingsError(
            "BACKSTORY_LLM_URL and BACKSTORY_LLM_MODEL belong together: set both (BACKSTORY_LLM_KEY too, where the"
            " endpoint asks for a key), or neither."
        )
    for number, feed in enumerate(settings.feeds, start=1):
        scheme, mark, _ = feed.partition("://")
        if mark and scheme.lower() not in _SCHEMES:
            raise SettingsError(f"BACKSTORY_FEEDS: {scheme[:20]!r} is no feed's scheme; use http:// or https://.")
        if not mark:  # what it is may hold a password
            raise SettingsError(f"BACKSTORY_FEEDS: address {number} must start with http:// or https://.")
    if settings.poll_max_s < settings.poll_min_s:
        raise SettingsError(
            f"BACKSTORY_POLL_MAX_S is {settings.poll_max_s}, less than BACKSTORY_POLL_MIN_S, which is"
            f" {settings.poll_min_s} ({limits.POLL_INTERVAL_MIN_S} where it is not set): set both."
        )
    if settings.telegram_webhook and not settings.public_url:
        raise SettingsError(
            "TELEGRAM_WEBHOOK is on, but BACKSTORY_PUBLIC_URL does not say where Telegram reaches this bot: set it to"
            " an https:// address that leads to BACKSTORY_HTTP_PORT, or leave the webhook off."
        )
    _check_slack(settings)


def _check_slack(settings: Settings) -> None:
    if bool(settings.slack_client_id) != bool(settings.slack_client_secret):
        raise SettingsError(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: set both to let other workspaces install the app "
            "(Slack's app page shows them under Basic Information), or neither."
        )
    if settings.slack_client_id and (settings.slack_app_token or not settings.slack_signing_secret):
        raise SettingsError(
            "SLACK_CLIENT_ID lets other workspaces install the app, which needs HTTP: set SLACK_SIGNING_SECRET, and "
            "leave SLACK_APP_TOKEN (Socket Mode, for one workspace) out."
        )
    if any(len(key) < _KEY_CHARS for key in settings.secret_keys):
        raise SettingsError(
            f"BACKSTORY_SECRET_KEY is shorter than {_KEY_CHARS} characters: make one with `openssl rand -base64 32`."
        )
    if settings.slack_bot_token and not (settings.slack_app_token or settings.slack_signing_secret):
        raise SettingsError(
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is. "
            "Set one of them; the README says where Slack shows it."
        )
    if (settings.slack_app_token or settings.slack_signing_secret) and not settings.has_slack:
        raise SettingsError(
            "SLACK_BOT_TOKEN is missing: Slack's app page shows it under OAuth & Permissions (xoxb-...)."
        )


def addresses(value: str) -> tuple[str, ...]:
    """A list of feeds' addresses. A comma divides two of them, and is a part of one anywhere else: "/rss?id=1,2"."""
    return tuple(word for word in _BETWEEN_ADDRESSES.split(value) if word)


def private_hosts(value: str) -> frozenset[str]:
    """A list of hosts, divided by spaces or commas.

    Raises:
        SettingsError: one of them is an address or a network, which would allow nothing.
    """
    hosts = frozenset(value.lower().replace(",", " ").split())
    if any(mark in host for host in hosts for mark in _NO_HOST):
        raise SettingsError(
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS takes hosts as they stand in feeds' addresses, such as 192.168.1.20:8080"
            " or news.lan: no http://, no path, and no networks (10.0.0.0/8, *.lan)."
        )
    return hosts
