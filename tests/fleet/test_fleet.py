"""A fleet of real processes on a real PostgreSQL: what one that dies, sleeps or is renewed may not break."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.model import UNSAVED, Address, Feed, Platform, Subscription, Topic
from bot.store.sql import open_store
from bot.workers.engine import SCHEMA
from tests.crash.bots import ROOT, clean_environment
from tests.crash.world import until, world
from tests.fleet.processes import Processes
from tests.pipeline.feed_server import Answer, Item, rss

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.postgres import PostgresServer

MARK = "↻"


async def test_a_worker_that_is_started_as_people_do_says_so_and_ends_when_told(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """The other tests' processes are forks of one that has imported everything."""
    async with world(postgres.new_database(), tmp_path, seed=10, chats=1) as here:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "worker"),
            cwd=ROOT,
            env={**clean_environment(), **here.environment()},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert worker.stdout is not None
        assert (await asyncio.wait_for(worker.stdout.readline(), 60)).startswith(b"Backstory")
        worker.send_signal(signal.SIGTERM)
        await worker.communicate()
        assert worker.returncode == 0


async def test_a_rolling_restart_loses_and_repeats_nothing(tmp_path: Path, postgres: PostgresServer) -> None:
    async with (
        world(postgres.new_database(), tmp_path, seed=11) as here,
        Processes(here, tmp_path / "log") as fleet,
    ):
        old = [await fleet.start() for _ in range(2)]
        for one in old:
            here.publish(15)
            here.begin_run()
            await asyncio.sleep(0.7)
            await fleet.start()
            assert await fleet.end(one) == 0
        here.publish(10)
        await here.settled(40)
        found = await here.tally()
    assert (found.arrived, found.lost, found.unknown, found.faults) == (40, [], [], [])
    assert not any(MARK in sent.text for sent in here.api.sent)


@pytest.mark.timeout(240)
async def test_when_the_one_that_speaks_is_killed_another_does_in_seconds(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    async with (
        world(postgres.new_database(), tmp_path, seed=12) as here,
        Processes(here, tmp_path / "log") as fleet,
    ):
        first = await fleet.start()
        here.publish(5)
        await here.settled(20)
        await fleet.start()
        before = here.arrived
        assert await fleet.end(first, signal.SIGKILL) == -signal.SIGKILL
        killed_at = time.monotonic()
        here.publish(20)
        await until(lambda: here.arrived > before, timeout_s=15)
        await here.leases_run_out()  # those of the feeds that the dead one was about to poll
        await here.settled(60)
        found = await here.tally()
        arrived = [at for method, _, at in here.api.calls if method == "sendMessage" and at > killed_at]
    assert (found.arrived, found.lost, found.faults) == (25, [], [])
    assert min(arrived) - killed_at < 15


async def test_wiping_the_engines_tables_loses_nothing(tmp_path: Path, postgres: PostgresServer) -> None:
    database = postgres.new_database()
    async with world(database, tmp_path, seed=13) as here, Processes(here, tmp_path / "log") as fleet:
        for _ in range(2):
            await fleet.start()
        here.publish(15)
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
            for _ in range(5):
                await connection.execute(f"TRUNCATE {SCHEMA}.procrastinate_jobs CASCADE".encode())
                await asyncio.sleep(0.4)
                here.publish(3)
        await here.settled(40)
        found = await here.tally()
    assert (found.arrived, found.lost, found.faults) == (30, [], [])


async def test_one_event_taken_in_by_two_processes_at_once_is_one_story(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """Twelve outlets tell four events in the same second; each process polls about half of them."""
    database = postgres.new_database()
    async with world(database, tmp_path, seed=14, chats=1) as here, Processes(here, tmp_path / "log") as fleet:
        store, now = await open_store(database), datetime.now(UTC)
        chat = await store.chat_at(Address(Platform.TELEGRAM, "7001"), title="x", now=now)
        topic = await store.add_topic(Topic(UNSAVED, chat.id, "Quwarmia", "quwarmia", now))
        await store.subscribe(Subscription(chat.id, topic.id, now))
        urls = [here.feeds.serve(f"/event/{n}", Answer(rss(title=f"Event {n}"))) for n in range(12)]
        for n, url in enumerate(urls):
            await store.add_feed(Feed(UNSAVED, url, f"Event {n}", now, shared=True, baselined=True))
        for _ in range(2):
            await fleet.start()
        events = [
            (
                "Flooding cuts the Quwarmia northern railway",
                "Trains were stopped after the river Lomat burst its banks",
            ),
            ("Quwarmia parliament elects Dorsina Peltek speaker", "Deputies chose Peltek by 211 votes to 74 on Friday"),
            ("Wildfire near Quwarmia copper mine injures nine", "Flames reached the Sodiva copper pit on Friday night"),
            ("Quwarmia central bank raises its rate to 9.25%", "Governor Kemal Orist cited food prices and wages"),
        ]
        for n in range(12):
            title, body = events[n % 4]
            item = Item(
                title,
                f"https://outlet{n}.example/{n}",
                guid=f"event-{n}",
                date=format_datetime(now),
                description=f"{body}, officials in Quwarmia said. {body}.",
            )
            here.feeds.serve(f"/event/{n}", Answer(rss(item, title=f"Event {n}")))
        deadline = time.monotonic() + 30
        while (await store.status()).entries < 12 and time.monotonic() < deadline:  # noqa: ASYNC110 - other processes work
            await asyncio.sleep(0.1)
        views = await store.latest_stories(chat.id, limit=20)
        sizes = sorted([len(await store.story_entries(view.story.id)) for view in views])
        await store.close()
    assert sizes == [3, 3, 3, 3]
