"""Sample coverage: it plays when nothing is configured, and makes room for the first real feed."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import settings
from bot.app import Bot, wants_samples
from bot.chats.console import ConsoleChat
from bot.importing import import_paths
from bot.model import Platform
from bot.store.sql import open_store
from tests.pipeline.feed_server import Answer, Item, feed_server, rss

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.settings import Settings

FEED = rss(Item("Talks resume", "https://harbour.example/talks", guid="1"), title="Harbour Wire")


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    environment = {"BACKSTORY_DATA_DIR": str(tmp_path / "data"), "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1"}
    return settings.load(environment, folder=tmp_path)


async def until(condition: Callable[[], object], timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.02)


async def test_samples_are_off_once_a_token_or_a_feed_is_configured(configured: Settings) -> None:
    assert await wants_samples(configured)
    assert not await wants_samples(replace(configured, telegram_token="123:abc"))  # noqa: S106 - no secret
    assert not await wants_samples(replace(configured, feeds=("https://harbour.example/feed",)))


async def test_samples_are_off_once_coverage_was_imported(configured: Settings, tmp_path: Path) -> None:
    article = tmp_path / "wire_2024-06-17.txt"
    article.write_text("Envoys sign a defence pact\n\nEnvoys of two countries signed a pact on Monday.\n", "utf-8")
    await import_paths(configured, [article])
    assert not await wants_samples(configured)


async def test_the_first_real_feed_ends_the_samples_and_takes_the_topics_along(configured: Settings) -> None:
    reading, writing = os.pipe()
    written: list[str] = []
    console = ConsoleChat(write=written.append, input_fd=reading)
    async with feed_server() as server:
        url = server.serve("/feed", Answer(FEED))
        async with Bot(configured, {Platform.CONSOLE: console}, sample_mode=True) as bot:
            await until(lambda: "Earlier:" in "".join(written))
            # What is typed on is about the real feeds, though the bot of the samples still reads it.
            os.write(writing, f"/settings zone Seoul\n/feeds add {url}\n/feeds\n".encode())
            await asyncio.wait_for(bot.left_samples.wait(), timeout=20)
            await until(lambda: bot.unanswered)
        assert not await wants_samples(configured)
        before = len(written)
        console.put_back(bot.unanswered)
        async with Bot(configured, {Platform.CONSOLE: console}, sample_mode=False):
            os.write(writing, b"/topics\n/latest\n/settings\n")
            await until(lambda: "Time zone: Asia/Seoul" in "".join(written[before:]))
    os.close(writing)
    shown = "".join(written[before:])
    assert shown.index("1 feed\n") < shown.index("DPRK-Russia arms")
    assert "harbour-wire.example" not in shown, "sample coverage must not mix with real data"


async def test_samples_leave_no_trace_in_the_real_database(configured: Settings) -> None:
    written: list[str] = []
    console = ConsoleChat(write=written.append, input_fd=os.open(os.devnull, os.O_RDONLY))
    assert await wants_samples(configured)
    async with Bot(configured, {Platform.CONSOLE: console}, sample_mode=True):
        await until(lambda: "harbour-wire.example" in "".join(written), timeout_s=60)
    held = {}
    for url in (configured.samples_url, configured.database_url):
        store = await open_store(url)
        status = await store.status()
        held[url] = status.entries > 0, status.feeds > 0, status.topics > 0
        await store.close()
    assert held == {configured.samples_url: (True, True, True), configured.database_url: (False, False, False)}
