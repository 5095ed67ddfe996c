"""Settings: defaults, the order of precedence, and errors that say what to do."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from bot import envfile, settings
from bot.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def test_with_nothing_set_everything_has_a_default(tmp_path: Path) -> None:
    found = settings.load({}, folder=tmp_path)
    assert found.database_url == "sqlite+aiosqlite:///data/backstory.db"
    assert not found.has_chat_token
    assert found.samples_url != found.database_url


def test_an_empty_environment_is_one_in_which_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTORY_HTTP_PORT", "8080")
    assert settings.load({}, folder=tmp_path).http_port == settings.defaults().http_port == 3000
    assert settings.load(folder=tmp_path).http_port == 8080


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BACKSTORY_DATA_DIR=from-file\nBACKSTORY_HTTP_PORT=8080\n")
    found = settings.load({"BACKSTORY_DATA_DIR": "from-environment"}, folder=tmp_path)
    assert (str(found.data_dir), found.http_port) == ("from-environment", 8080)


def test_lists_take_commas_and_spaces(tmp_path: Path) -> None:
    found = settings.load({"BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1, LOCALHOST:8081"}, folder=tmp_path)
    assert found.allowed_private_hosts == {"127.0.0.1", "localhost:8081"}


@pytest.mark.parametrize(
    ("value", "feeds"),
    [
        pytest.param("https://a.example/rss?ids=1,2", ("https://a.example/rss?ids=1,2",), id="in a query"),
        pytest.param(
            "https://a.example/0,1518,00.xml,https://b.example/rss",
            ("https://a.example/0,1518,00.xml", "https://b.example/rss"),
            id="in a path and between two",
        ),
        pytest.param(
            "https://a.example/rss, HTTP://b.example/rss,", ("https://a.example/rss", "HTTP://b.example/rss"), id="ends"
        ),
    ],
)
def test_a_comma_divides_addresses_only_where_one_ends(value: str, feeds: tuple[str, ...], tmp_path: Path) -> None:
    assert settings.load({"BACKSTORY_FEEDS": value}, folder=tmp_path).feeds == feeds


def test_the_longest_wait_follows_a_longer_shortest_one(tmp_path: Path) -> None:
    found = settings.load({"BACKSTORY_POLL_MIN_S": "7200"}, folder=tmp_path)
    assert (found.poll_min_s, found.poll_max_s) == (7200, 7200)


@pytest.mark.parametrize(
    ("value", "feeds"),
    [
        pytest.param("'https://a.example/rss https://b.example/rss?x=1&y=2'", 2, id="single quotes"),
        pytest.param('"https://a.example/rss,https://b.example/rss"', 2, id="double quotes"),
        pytest.param(" 'https://a.example/rss' ", 1, id="room around the quotes"),
        pytest.param("''", 0, id="nothing in quotes"),
    ],
)
def test_quotes_that_an_environment_kept_are_no_part_of_a_value(value: str, feeds: int, tmp_path: Path) -> None:
    found = settings.load({"BACKSTORY_FEEDS": value}, folder=tmp_path)
    assert [feed.startswith("https://") and feed[-1] not in "'\"" for feed in found.feeds] == [True] * feeds


@pytest.mark.parametrize("value", ["'", "it's", "'one\"", "'a", "a'"])
def test_a_quote_without_its_like_stays(value: str, tmp_path: Path) -> None:
    assert settings.load({"TELEGRAM_BOT_TOKEN": value}, folder=tmp_path).telegram_token == value


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("https://a.example/rss https://b.example/rss?q=arms&lang=en", id="two addresses"),
        pytest.param("a key with 'quotes' and \\ both \\\\' of it", id="quotes and backslashes"),
        pytest.param("plain-key", id="bare"),
    ],
)
def test_what_set_up_writes_is_read_alike_from_the_file_and_from_an_environment_that_kept_the_quotes(
    value: str, tmp_path: Path
) -> None:
    written = envfile.edited("", {"BACKSTORY_USER_AGENT": value})
    (tmp_path / ".env").write_text(written)
    kept = dict(line.split("=", 1) for line in written.splitlines())
    from_file = settings.load({}, folder=tmp_path)
    from_environment = settings.load(kept, folder=tmp_path / "elsewhere")
    assert from_file.user_agent == from_environment.user_agent == value


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        pytest.param({"BACKSTORY_HTTP_PORT": "eighty"}, "whole number from 0 to 65535", id="not a number"),
        pytest.param({"BACKSTORY_HTTP_PORT": "70000"}, "whole number from 0 to 65535", id="out of range"),
        pytest.param({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN", id="Slack without a way in"),
        pytest.param({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing", id="Slack without its token"),
        pytest.param({"SLACK_CLIENT_ID": "1.2"}, "belong together", id="an app without its secret"),
        pytest.param(
            {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}, "needs HTTP", id="an app that nobody can install"
        ),
        pytest.param(
            {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s", "SLACK_APP_TOKEN": "x"},
            "needs HTTP",
            id="several workspaces by Socket Mode",
        ),
        pytest.param({"BACKSTORY_SECRET_KEY": "short"}, "shorter than 32", id="a key that can be guessed"),
        pytest.param({"TELEGRAM_API_BASE_URL": "localhost:1"}, "must start with http", id="address without scheme"),
        pytest.param({"TELEGRAM_WEBHOOK": "on"}, "BACKSTORY_PUBLIC_URL", id="a webhook that leads nowhere"),
        pytest.param({"BACKSTORY_LLM_URL": "https://model.example/v1"}, "belong together", id="a URL without a model"),
        pytest.param({"BACKSTORY_LLM_MODEL": "any-model"}, "belong together", id="a model without a URL"),
        pytest.param({"BACKSTORY_LLM_URL": "model.example"}, "must start with http", id="no address of a model"),
        pytest.param({"BACKSTORY_PUBLIC_URL": "https://[bot"}, "name a host", id="half of a bracket"),
        pytest.param({"SLACK_API_BASE_URL": "https:///api/"}, "name a host", id="an address without a host"),
        pytest.param({"BACKSTORY_FEEDS": "file:///etc/passwd"}, "no feed's scheme", id="a file for a feed"),
        pytest.param({"BACKSTORY_FEEDS": "https://a.example b.example"}, "address 2 must start", id="no scheme"),
        pytest.param({"BACKSTORY_POLL_MAX_S": "60"}, "less than BACKSTORY_POLL_MIN_S", id="bounds crossed"),
        pytest.param(
            {"BACKSTORY_ALLOWED_PRIVATE_HOSTS": "wiki.lan http://10.0.0.5:8080/"},
            "no http://",
            id="an address for a host",
        ),
        pytest.param({"BACKSTORY_ALLOWED_PRIVATE_HOSTS": "10.0.0.0/8"}, "no networks", id="a network for a host"),
        pytest.param({"BACKSTORY_ALLOWED_PRIVATE_HOSTS": "*.lan"}, "no networks", id="a pattern for a host"),
        pytest.param({"BACKSTORY_ENCODER": "perhaps"}, "must be on or off", id="neither on nor off"),
        pytest.param({"BACKSTORY_LOG_LEVEL": "LOUD"}, "use one of", id="unknown log level"),
        pytest.param({"BACKSTORY_USER_AGENT": "Ours/1\nX-More: 2"}, "no line break", id="a line break in a header"),
        pytest.param({"BACKSTORY_USER_AGENT": "Ours\0/1"}, "BACKSTORY_USER_AGENT", id="a character without a sign"),
    ],
)
def test_errors_name_the_setting_and_say_what_is_right(environment: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=words):
        settings.load(environment, folder=tmp_path)


@pytest.mark.parametrize(
    "written",
    ["BACKSTORY_USER_AGENT=Bücher\n".encode("latin-1"), "BACKSTORY_HTTP_PORT=3000\n".encode("utf-16")],
    ids=["Latin-1", "UTF-16"],
)
def test_a_file_that_is_no_text_is_named(written: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(written)
    with pytest.raises(SettingsError, match=r"\.env is no text in UTF-8"):
        settings.load({}, folder=tmp_path)


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> dict[str, str]:
        raise PermissionError(errno.EACCES, "Permission denied")

    (tmp_path / ".env").touch()
    monkeypatch.setattr(settings, "dotenv_values", refuse)  # the owner of all files may read this one, too
    with pytest.raises(SettingsError, match=r"\.env cannot be read: Permission denied"):
        settings.load({}, folder=tmp_path)


def test_an_address_that_is_refused_does_not_give_its_password_away(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        settings.load({"BACKSTORY_LLM_URL": "htp://me:whisper@model.example/v1"}, folder=tmp_path)
    assert "whisper" not in str(refused.value)


def test_secrets_are_not_in_the_representation(tmp_path: Path) -> None:
    environment = {
        "TELEGRAM_BOT_TOKEN": "12345:secret",
        "BACKSTORY_DATABASE_URL": "postgresql://me:hush%21@localhost/b",
        "BACKSTORY_LLM_KEY": "sesame",
        "BACKSTORY_FEEDS": "https://reader:whisper@news.example/rss https://[broken/ https://open.example/rss?feed=rss2"
        " https://keyed.example/rss?token=murmured&n=12",
        "BACKSTORY_LLM_URL": "http://me:mumbled@localhost/v1",
        "BACKSTORY_LLM_MODEL": "any",
    }
    found = settings.load(environment, folder=tmp_path)
    assert "secret" not in repr(found)
    assert "hush" not in repr(found)
    assert "sesame" not in repr(found)
    assert "whisper" not in repr(found)
    assert "mumbled" not in repr(found)
    assert set(found.secrets) == {"12345:secret", "hush%21", "hush!", "sesame", "whisper", "murmured", "mumbled"}


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        pytest.param("postgresql://me@db.example/b?sslmode=require&password=hush", {"hush"}, id="a parameter"),
        pytest.param("postgresql://me:one@db.example/b?password=two", {"one", "two"}, id="twice"),
        pytest.param("postgresql://me@/b?password=hu%21+sh", {"hu%21+sh", "hu!+sh", "hu! sh"}, id="escaped"),
        pytest.param("postgresql://me@/b?sslkey=k.pem&sslpassword=hush", {"hush"}, id="of the client's key"),
        pytest.param("sqlite:///b.db?timeout=20", set(), id="none"),
    ],
)
def test_a_databases_password_is_a_secret_wherever_the_driver_takes_it_from(
    url: str, secrets: set[str], tmp_path: Path
) -> None:
    assert set(settings.load({"BACKSTORY_DATABASE_URL": url}, folder=tmp_path).secrets) == secrets


def test_slack_may_be_set_up_for_all_workspaces_that_install_the_app(tmp_path: Path) -> None:
    keys = "k" * 32, "o" * 40
    environment = {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "client-secret",
        "SLACK_SIGNING_SECRET": "signing-secret",
        "BACKSTORY_SECRET_KEY": " ".join(keys),
    }
    found = settings.load(environment, folder=tmp_path)
    assert (found.has_chat_token, found.slack_bot_token, found.secret_keys) == (True, None, keys)
    assert {"client-secret", "signing-secret", *keys} <= set(found.secrets)
    assert not any(secret in repr(found) for secret in found.secrets)
