"""Setup, as a person walks through it: real doubles of the platforms, a real feed server, a real file."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot import envfile, settings
from bot.errors import FeedParseError
from bot.feeds.parsers import Parsers
from bot.setup import set_up
from tests.doubles.bot_api import TOKEN, BotApi
from tests.doubles.slack_api import APP_TOKEN, SIGNING_SECRET, SlackApi, web_api
from tests.pipeline.feed_server import Answer, FeedServer, feed_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

FEED = b"""<rss version="2.0"><channel><title>Harbour Wire</title><item><guid>1</guid><title>One</title>
<link>https://harbour.example/1</link></item></channel></rss>"""


@contextmanager
def elsewhere(make: AbstractAsyncContextManager[Any]) -> Iterator[Any]:
    """A server in a loop and thread of its own: setup starts loops itself."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Any) -> Any:  # noqa: ANN401 - whatever the server gives
        return asyncio.run_coroutine_threadsafe(work, loop).result(20)

    try:
        server = run(make.__aenter__())
        yield server
        run(make.__aexit__(None, None, None))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Script:
    """Answers in order; keeps what was said and what was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.shown: list[str] = []
        self.secrets: list[str] = []

    def say(self, words: str) -> None:
        self.shown.append(words)

    def ask(self, question: str, *, secret: bool = False) -> str:
        self.shown.append(question)
        if not self.answers:
            raise EOFError
        answer = self.answers.pop(0)
        if secret and answer:
            self.secrets.append(answer)
        return answer

    @property
    def text(self) -> str:
        return "\n".join(self.shown)


def hold(script: Script, folder: Path, **urls: str) -> int:
    return set_up(script, settings.load(urls, folder=folder), folder)


def written(folder: Path) -> dict[str, str | None]:
    return dotenv_values(folder / ".env")


@pytest.fixture(scope="module")
def telegram() -> Iterator[str]:
    with elsewhere(BotApi()) as api:
        yield api.base_url


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackApi]:
    with web_api() as server, elsewhere(SlackApi(server)) as api:
        yield api


@pytest.fixture(scope="module")
def feeds() -> Iterator[FeedServer]:
    with elsewhere(feed_server()) as server:
        server.serve("/rss", Answer(FEED))
        server.serve("/page", Answer(b"<html>no feed here</html>"))
        yield server


def test_everything_skipped_changes_nothing(tmp_path: Path) -> None:
    script = Script("", "", "", "")
    assert hold(script, tmp_path) == 0
    assert list(tmp_path.iterdir()) == []
    assert "Nothing was changed" in script.text
    assert "make run" in script.text


def test_a_telegram_token_is_tried_and_written(telegram: str, tmp_path: Path) -> None:
    script = Script("my token", "123456789:" + "x" * 35, TOKEN, "", "", "")
    assert hold(script, tmp_path, TELEGRAM_API_BASE_URL=telegram) == 0
    settled = written(tmp_path)
    key = settled.pop("BACKSTORY_SECRET_KEY") or ""
    assert (settled, len(key) >= 32, key in script.text) == ({"TELEGRAM_BOT_TOKEN": TOKEN}, True, False)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    for words in ("/newbot", "digits, a colon", "refuse", "open a chat with @"):
        assert words in script.text
    for secret in script.secrets:
        assert secret not in script.text


def test_after_three_bad_tokens_it_goes_on(tmp_path: Path) -> None:
    script = Script("a", "b", "c", "", "", "")
    assert hold(script, tmp_path) == 0
    assert not (tmp_path / ".env").exists()


@pytest.mark.parametrize(
    ("way", "setting"),
    [pytest.param(APP_TOKEN, "SLACK_APP_TOKEN", id="Socket Mode"), (SIGNING_SECRET, "SLACK_SIGNING_SECRET")],
)
def test_slack_needs_its_token_and_a_way_in(way: str, setting: str, slack: SlackApi, tmp_path: Path) -> None:
    others = [""] if way == SIGNING_SECRET else []  # by HTTP other workspaces may install it
    script = Script("", "xapp-wrong-way-round", slack.token, way, *others, "", "")
    assert hold(script, tmp_path, SLACK_API_BASE_URL=slack.base_url) == 0
    found = settings.load({}, folder=tmp_path)
    assert found.slack_bot_token == slack.token
    assert {"SLACK_APP_TOKEN": found.slack_app_token, "SLACK_SIGNING_SECRET": found.slack_signing_secret}[
        setting
    ] == way
    assert "/topics add" in script.text
    for secret in script.secrets:
        assert secret not in script.text


@pytest.mark.parametrize(
    ("client", "secret", "set_up"),
    [
        pytest.param("111.222", "client-secret", True, id="good"),
        pytest.param("A0001", "client-secret", False, id="the app's id instead"),
        pytest.param("111.222", "", False, id="without its secret"),
    ],
)
def test_other_workspaces_may_be_let_in(
    slack: SlackApi, tmp_path: Path, client: str, secret: str, *, set_up: bool
) -> None:
    script = Script("", slack.token, SIGNING_SECRET, client, secret, "", "")
    assert hold(script, tmp_path, SLACK_API_BASE_URL=slack.base_url) == 0
    found = settings.load({}, folder=tmp_path)
    assert (found.slack_client_id, found.slack_client_secret) == ((client, secret) if set_up else (None, None))
    assert len(found.secret_keys) == 1
    assert ("/slack/install" in script.text) is set_up
    for hidden in (*script.secrets, *found.secret_keys):
        assert not hidden or hidden not in script.text


def test_slack_without_a_way_in_is_left_out(slack: SlackApi, tmp_path: Path) -> None:
    script = Script("", slack.token, "", "", "")
    assert hold(script, tmp_path, SLACK_API_BASE_URL=slack.base_url) == 0
    assert not settings.load({}, folder=tmp_path).has_chat_token


def test_feeds_are_tried_and_private_hosts_must_be_named(feeds: FeedServer, tmp_path: Path) -> None:
    good, page = feeds.url("/rss"), feeds.url("/page")
    host = f"127.0.0.1:{feeds.port}"
    script = Script("", "", "", good, "")
    assert hold(script, tmp_path) == 0
    assert "Then name its host under private hosts" in script.text
    assert not (tmp_path / ".env").exists()
    script = Script("", "", f"http://{host}/", host, f"{good}, {page}", f"{good}")
    assert hold(script, tmp_path) == 0
    assert "no    BACKSTORY_ALLOWED_PRIVATE_HOSTS takes hosts" in script.text
    assert "good  Harbour Wire, 1 entries" in script.text
    assert f"no    {page}" in script.text
    found = settings.load({}, folder=tmp_path)
    assert (list(found.feeds), set(found.allowed_private_hosts)) == ([good], {host})


def test_a_feed_is_read_where_it_can_be_stopped(
    feeds: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped(*_: object, **__: object) -> None:
        raise FeedParseError("reading it takes longer than 15 s")

    monkeypatch.setattr(Parsers, "feed", stopped)
    script = Script("", "", f"127.0.0.1:{feeds.port}", feeds.url("/rss"), "")
    assert hold(script, tmp_path) == 0
    assert f"no    {feeds.url('/rss')}: reading it takes longer than 15 s" in script.text


def test_what_is_there_is_kept(telegram: str, tmp_path: Path) -> None:
    before = (
        "# my notes",
        "BACKSTORY_POLL_MIN_S=600",
        "#TELEGRAM_BOT_TOKEN=",
        "SLACK_BOT_TOKEN=xoxb-of-old",
        "SLACK_SIGNING_SECRET=s3cr3t-of-old",
        "BACKSTORY_FEEDS='https://a.example/rss https://b.example/rss'",
    )
    (tmp_path / ".env").write_text("\n".join(before))
    script = Script(TOKEN, "-", "", "")
    assert hold(script, tmp_path, TELEGRAM_API_BASE_URL=telegram) == 0
    lines = (tmp_path / ".env").read_text().splitlines()
    assert lines[:3] == ["# my notes", "BACKSTORY_POLL_MIN_S=600", f"TELEGRAM_BOT_TOKEN={TOKEN}"]
    assert "SLACK_SIGNING_SECRET=" in lines
    assert settings.load({}, folder=tmp_path).feeds == ("https://a.example/rss", "https://b.example/rss")
    assert "Enter keeps what is set" in script.text
    assert "of-old" not in script.text


def test_without_an_answer_nothing_is_written(telegram: str, tmp_path: Path) -> None:
    script = Script(TOKEN)
    assert hold(script, tmp_path, TELEGRAM_API_BASE_URL=telegram) == 1
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------ the program itself


def start(folder: Path, **more: str) -> subprocess.Popen[str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("BACKSTORY_", "TELEGRAM_", "SLACK_"))
    }
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "setup"],
        cwd=folder,
        env={**kept, **more},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell that starts its tests in the background has them ignore Ctrl-C, and who is ignored here is inherited.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads matter here
    )


def test_it_works_from_a_pipe_and_echoes_no_secret(telegram: str, tmp_path: Path) -> None:
    with start(tmp_path, TELEGRAM_API_BASE_URL=telegram) as process:
        shown, _ = process.communicate(f"{TOKEN}\n\n\n\n", timeout=60)
    assert process.returncode == 0, shown
    assert written(tmp_path)["TELEGRAM_BOT_TOKEN"] == TOKEN
    assert TOKEN not in shown
    assert TOKEN.partition(":")[2] not in shown


def test_ctrl_c_leaves_everything_as_it_was(telegram: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BACKSTORY_POLL_MIN_S=600\n")
    with start(tmp_path, TELEGRAM_API_BASE_URL=telegram) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{TOKEN}\n")
        process.stdin.flush()
        shown = ""
        while "Slack bot token" not in shown:
            letter = process.stdout.read(1)
            assert letter, shown
            shown += letter
        deadline_s = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline_s:
            # A signal right before the read begins is only seen after it: whoever sits there would press again. But not
            # while it ends already: then Python's own handling of the signal ends it, otherwise.
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(8)
        assert process.wait(1) == 130
        shown += process.stdout.read()
    assert "everything is as it was" in shown
    assert (tmp_path / ".env").read_text() == "BACKSTORY_POLL_MIN_S=600\n"


def test_a_setting_that_cannot_be_used_does_not_lock_one_out(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BACKSTORY_HTTP_PORT=many\n")
    with start(tmp_path) as process:
        shown, _ = process.communicate("\n\n\n\n", timeout=60)
    assert process.returncode == 0
    assert "must be a whole number" in shown


def test_a_file_that_is_no_text_is_left_alone_and_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("BACKSTORY_HTTP_PORT=3000\n".encode("utf-16"))
    before = (tmp_path / ".env").read_bytes()
    with start(tmp_path) as process:
        shown, _ = process.communicate("\n\n\n\n", timeout=60)
    assert process.returncode == 1
    assert shown.count("is no text in UTF-8") == 2
    assert "Traceback" not in shown
    assert (tmp_path / ".env").read_bytes() == before


# ------------------------------------------------------------ the file


@given(
    st.dictionaries(
        st.sampled_from(["TELEGRAM_BOT_TOKEN", "BACKSTORY_FEEDS", "SLACK_APP_TOKEN"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cc", "Cs", "Zl", "Zp"))),
    )
)
def test_what_is_written_is_read_back(values: dict[str, str]) -> None:
    from io import StringIO  # noqa: PLC0415 - here alone

    before = "# head\nOTHER=1\n#BACKSTORY_FEEDS=\nSLACK_APP_TOKEN=old\n"
    after = envfile.edited(before, values)
    found = dotenv_values(stream=StringIO(after), interpolate=False)
    assert {name: found[name] for name in values} == values
    assert found["OTHER"] == "1"
    assert after.startswith("# head\n")


_KILLED = """
import os, signal, sys
from pathlib import Path
from bot import envfile
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
envfile.write(Path(sys.argv[1]), "TELEGRAM_BOT_TOKEN=secret")
"""


def test_what_a_killed_write_has_left_is_gone_after_the_next(tmp_path: Path) -> None:
    path, others = tmp_path / ".env", {"..env.old", ".env.0123abcd", "env.0123abcd"}
    path.write_text("A=1\n", encoding="utf-8")
    for name in others:
        (tmp_path / name).touch()
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False)  # noqa: S603 - this very Python
    assert killed.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == "A=1\n"
    envfile.write(path, "A=2\n")
    assert {each.name for each in tmp_path.iterdir()} == {".env", *others}, "and nothing else is touched"


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        envfile.write(path, "A=2\n")
    assert [one.name for one in tmp_path.iterdir()] == [".env"]
    assert path.read_text() == "A=1\n"
