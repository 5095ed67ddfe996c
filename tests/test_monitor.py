"""Health and figures over HTTP: a real server on a free port, a real store, chats that answer as told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.clock import SystemClock
from bot.errors import ChatError, SettingsError
from bot.model import DeliveryState, IngestPlan, Platform
from bot.monitor import Monitor
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import Stock, new_entry, poll

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.chats.chat import ChatPort
    from bot.store.port import Store


class Telegram:
    """A platform that answers, or does not."""

    platform = Platform.TELEGRAM

    def __init__(self) -> None:
        self.down = False
        self.asked = 0

    async def check(self) -> str:
        self.asked += 1
        if self.down:
            raise ChatError("https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw is out of reach")
        return "Telegram: @bot"


class House:
    """A monitor and what stands behind it."""

    def __init__(self, store: Store) -> None:
        self.stock = Stock(store)
        self.telegram = Telegram()
        self.tick_age_s: float | None = 0.5
        chats = {Platform.TELEGRAM: cast("ChatPort", self.telegram)}
        self.monitor = Monitor(store, chats, SystemClock(), tick_age_s=lambda: self.tick_age_s)

    async def get(self, path: str) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.monitor.port}{path}") as answer,
        ):
            return answer.status, await answer.text()

    async def samples(self) -> dict[str, float]:
        """Every sample of /metrics by its name and labels."""
        status, body = await self.get("/metrics")
        assert status == 200
        return {
            sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(body)
            for sample in family.samples
        }


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    store = await open_store(f"sqlite:///{tmp_path}/b.db")
    house = House(store)
    async with house.monitor as monitor:
        await monitor.start("127.0.0.1", 0)
        yield house
    await store.close()


async def test_a_bot_that_runs_is_live_and_ready(house: House) -> None:
    assert await house.get("/healthz") == (200, '{"live": true}')
    status, body = await house.get("/readyz")
    assert status == 200
    assert body == '{"ready": true, "parts": {"store": true, "ticks": true, "chat telegram": true}}'


@pytest.mark.parametrize(("age_s", "ready"), [(None, 503), (29.0, 200), (31.0, 503)])
async def test_workers_that_do_not_tick_are_not_ready(house: House, age_s: float | None, ready: int) -> None:
    house.tick_age_s = age_s
    assert (await house.get("/readyz"))[0] == ready
    assert (await house.get("/healthz"))[0] == 200


async def test_a_platform_out_of_reach_is_not_ready_and_not_quoted(house: House) -> None:
    house.telegram.down = True
    status, body = await house.get("/readyz")
    assert status == 503
    assert '"chat telegram": false' in body
    assert "api.telegram.org" not in body
    assert (await house.samples())["backstory_chat_connected telegram"] == 0


async def test_the_platform_is_not_asked_each_time(house: House) -> None:
    for _ in range(5):
        await house.get("/readyz")
    assert house.telegram.asked == 1


async def test_before_the_first_tick_no_platform_is_asked(house: House) -> None:
    house.tick_age_s = None
    assert '"chat telegram": false' in (await house.get("/readyz"))[1]
    assert (await house.samples())["backstory_chat_connected telegram"] == 0
    assert house.telegram.asked == 0


async def test_a_store_that_is_gone_is_said_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> Any:  # noqa: ANN401 - stands in for several methods
        raise OSError("disk I/O error at /var/lib/backstory/secret.db")

    monkeypatch.setattr(house.stock.store, "topics_version", broken)
    monkeypatch.setattr(house.stock.store, "status", broken)
    for path in ("/readyz", "/status", "/metrics"):
        status, body = await house.get(path)
        assert status == 503
        assert "secret.db" not in body
    assert (await house.get("/healthz"))[0] == 200


async def test_metrics_say_what_the_store_holds(house: House) -> None:
    stock = house.stock
    feed, failing = await stock.feed("a"), await stock.feed("b")
    counters = {"dropped.spam": 7, "entries": 1}
    await stock.apply(
        IngestPlan(poll=poll(feed.id), entries=(new_entry(1, "kim", feed_id=feed.id),), counters=counters)
    )
    await stock.store.record_poll(poll(failing.id, failures=2, error="down"))
    await stock.told(await stock.chat("1"), await stock.chat("2"))
    one, two = await stock.claim()
    await stock.store.finish_delivery(one.delivery, Outcome(DeliveryState.DEAD, error="no"))
    now = SystemClock().now()
    await stock.store.finish_delivery(two.delivery, Outcome(DeliveryState.SENT, maybe_sent=True, at=now))
    found = await house.samples()
    expected = {
        "backstory_feeds well": 1,
        "backstory_feeds failing": 1,
        "backstory_feeds gone": 0,
        "backstory_feeds_overdue": 2,
        "backstory_outbox_deliveries dead": 1,
        "backstory_outbox_deliveries sent": 1,
        "backstory_outbox_deliveries pending": 0,
        "backstory_repeats_total": 1,
        "backstory_entries": 1,
        "backstory_events_total dropped.spam": 7,
        "backstory_alerts_last_day": 1,
        "backstory_tick_age_seconds": 0.5,
        "backstory_chat_connected telegram": 1,
    }
    assert {name: found[name] for name in expected} == expected
    assert found["backstory_alert_lag_seconds 0.95 seen"] > 0
    assert found["backstory_feed_lag_seconds"] > 900
    assert found["process_resident_memory_bytes"] > 1e6
    status, text = await house.get("/status")
    assert status == 200
    for words in (
        "1 well, 1 failing",
        "Over the last day: 1 alert; from first sight",
        "dropped from texts as spam: 7",
    ):
        assert words in text


async def test_nothing_else_is_served(house: House) -> None:
    assert (await house.get("/.env"))[0] == 404
    assert (await house.get("/"))[0] == 404


async def test_a_port_that_is_taken_is_said_so(house: House) -> None:
    assert house.monitor.port is not None
    other = Monitor(house.stock.store, {}, SystemClock(), tick_age_s=lambda: 0.0)
    with pytest.raises(SettingsError, match="cannot be listened on"):
        await other.start("127.0.0.1", house.monitor.port)
