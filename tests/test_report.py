"""`backstory outbox` and `backstory status`, as a person runs them."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot import cli
from bot.model import Address, DeliveryState, Installation, Platform, Trouble
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import Stock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def stocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database in which one alert was refused and one is in doubt."""
    url = f"sqlite:///{tmp_path}/b.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKSTORY_DATABASE_URL", url)
    asyncio.run(stock_up(url))


async def stock_up(url: str) -> None:
    store = await open_store(url)
    stock = Stock(store)
    await stock.told(await stock.chat("1"), await stock.chat("2"))
    first, second = await stock.claim()
    await store.finish_delivery(first.delivery, Outcome(DeliveryState.DEAD, error="too\x1b[2Jlong"))
    await store.finish_delivery(second.delivery, Outcome(DeliveryState.UNKNOWN, error="no answer", maybe_sent=True))
    await store.close()


def test_outbox_lists_what_did_not_get_through(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["outbox"]) == 0
    newest, oldest = capsys.readouterr().out.splitlines()
    assert newest.split("\t") == ["2", "perhaps sent", "telegram 2", "Alert 1", "no answer"]
    assert oldest.split("\t")[:4] == ["1", "refused", "telegram 1", "Alert 1"]
    assert "\x1b" not in oldest


@pytest.mark.parametrize(("words", "count"), [(["1"], 1), (["1", "2"], 2), (["all"], 2)])
def test_outbox_replays_what_is_named(words: list[str], count: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["outbox", "--replay", *words]) == 0
    assert capsys.readouterr().out == f"{count} put back in line\n"
    cli.run(["outbox"])
    assert len([line for line in capsys.readouterr().out.splitlines() if "\t" in line]) == 2 - count


@pytest.mark.parametrize("word", ["99", "x", "9" * 30])
def test_outbox_says_when_there_is_nothing_to_replay(word: str) -> None:
    assert cli.run(["outbox", "--replay", word]) == 1


def test_status_tells_the_outbox(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["status"]) == 0
    said = capsys.readouterr().out
    assert "0 waiting, 0 being sent, 0 held by the chats' settings, 0 sent, 1 perhaps sent, 1 refused" in said
    assert "Sent marked as a possible repeat: 0" in said


async def not_well() -> None:
    store = await open_store(os.environ["BACKSTORY_DATABASE_URL"])
    now = datetime.now(UTC)
    await store.note_trouble(Trouble(Platform.TELEGRAM, "", "the token is\x1b[2J refused", now - timedelta(hours=3)))
    chat = await store.chat_at(Address(Platform.SLACK, "C1"), title="press", now=now)
    await store.set_chat_active(chat.id, active=False, why="the channel was archived", now=now - timedelta(hours=2))
    installed = Installation("T1", "Acme", "xoxb-" + "clear", "U", "B", "U1", now)
    await store.put_installation(installed)
    await store.close()


def test_status_and_doctor_tell_the_owner_what_nobody_else_can_be_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(not_well())
    assert cli.run(["status"]) == 0
    shown = capsys.readouterr().out
    assert "Not well: telegram, since 3 h ago: the token is[2J refused" in shown
    assert "slack press (the channel was archived)" in shown
    assert cli.run(["doctor"]) == 1
    told = capsys.readouterr().out
    for words in ("refused", "the tokens of 1 workspaces stand in clear", "openssl rand", "the channel was archived"):
        assert words in told
    assert "xoxb-clear" not in shown + told
    monkeypatch.setenv("BACKSTORY_SECRET_KEY", "k" * 40)
    cli.run(["doctor"])
    assert "stand in clear" not in capsys.readouterr().out
