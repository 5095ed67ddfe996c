"""Two workers that take in one event at once, on one database: one story of it, one first alert, nothing lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.model import UNSAVED, Action, Address, Feed, ParsedEntry, Platform, Subscription, Topic
from bot.store.sql import open_store
from bot.topics import lexicon
from bot.workers.pipeline import Options, Pipeline

if TYPE_CHECKING:
    from bot.model import IngestPlan
    from bot.store.port import Store
    from tests.store.postgres import PostgresServer

NOW = datetime(2024, 6, 18, 12, tzinfo=UTC)
OUTLETS = 4
EVENTS = (
    ("Quwarmia signs a treaty with Vandria in Port Harrow", "signed the Harrow treaty on fishing rights"),
    ("Quwarmia tests a missile over the Sea of Lorn", "fired a ballistic missile that flew 900 kilometres"),
)


def reported(event: int, outlet: int) -> ParsedEntry:
    """An outlet's own words about an event, enough alike to be told as one."""
    title, act = EVENTS[event]
    body = f"Quwarmia {act}, officials said on Tuesday. {title}, outlet {outlet} reports from the scene."
    at = NOW - timedelta(minutes=outlet)
    return ParsedEntry(f"{event}-{outlet}", f"https://o{outlet}.example/{event}", title, body, at)


def other(number: int, outlet: int) -> ParsedEntry:
    """What nobody asked for."""
    body = f"Gardeners in town {number} have planted {number} trees. The mayor of town {number} came to see them."
    return ParsedEntry(f"x{number}", f"https://o{outlet}.example/x{number}", f"Trees {number}", body, NOW)


async def test_two_workers_tell_one_event_once(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    stores: list[Store] = [await open_store(url), await open_store(url)]
    chat = await stores[0].chat_at(Address(Platform.TELEGRAM, "1"), title="x", now=NOW)
    topic = await stores[0].add_topic(Topic(UNSAVED, chat.id, "Quwarmia", "quwarmia", NOW))
    await stores[0].subscribe(Subscription(chat.id, topic.id, NOW))
    feeds = [
        await stores[0].add_feed(
            Feed(UNSAVED, f"https://o{n}.example/", f"Outlet {n}", NOW, shared=True, baselined=True)
        )
        for n in range(OUTLETS)
    ]
    pipelines = [Pipeline(store, lexicon.load()) for store in stores]

    async def take_in(outlet: int, entry: ParsedEntry) -> IngestPlan:
        # Neighbouring outlets belong to different workers.
        return await pipelines[outlet % 2].ingest(feeds[outlet], [entry], now=NOW, options=Options())

    work = [(outlet, reported(event, outlet)) for event in range(len(EVENTS)) for outlet in range(OUTLETS)]
    work += [(n % OUTLETS, other(n, n % OUTLETS)) for n in range(16)]
    plans = await asyncio.gather(*(take_in(outlet, entry) for outlet, entry in work))

    status = await stores[1].status()
    assert (status.entries, status.stories) == (len(work), len(EVENTS))
    alerts = [alert for plan in plans for alert in plan.alerts if alert.action is Action.ALERT]
    assert len(alerts) == len(EVENTS)
    for view in await stores[1].latest_stories(chat.id):
        assert view.story.entry_count == OUTLETS
        assert len(view.story.outlets) == OUTLETS
    ids = [new.entry.id for plan in plans for new in plan.entries]
    assert len(set(ids)) == len(work)
    assert (await stores[1].statistics(["quwarmia"])).frequency == {"quwarmia": OUTLETS * len(EVENTS)}
    for store in stores:
        await store.close()
