"""The deliverer around a store that fails: nothing leaves that is not written down, no outcome is forgotten."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from bot import crashpoints, limits, logs
from bot.errors import NotSentError, PaceError, RetryAfterError
from bot.model import Action, DeliveryState, Platform
from bot.preferences import ChatSettings, Every, Rhythm
from bot.store import database
from bot.store.sql import SqlStore, open_store
from bot.workers import deliver, local
from bot.workers.deliver import Deliverer
from bot.workers.local import LocalWorkers
from tests.store.stock import START, Stock
from tests.workers.scripted_chat import RETRY_AFTER_S, Fate, Killed, ScriptedChat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.chats.chat import Errand
    from bot.chats.message import Message
    from bot.errors import ChatError
    from bot.model import Address, Alert, Delivery, MessageRef
    from bot.store.port import Outcome


class AtStart:
    """A clock that stands."""

    def now(self) -> datetime:
        return START


@pytest.fixture
async def stock(tmp_path: Path) -> AsyncIterator[Stock]:
    store = await open_store(f"sqlite:///{tmp_path}/b.db")
    yield Stock(store)
    await store.close()


@pytest.fixture
def chat() -> ScriptedChat:
    return ScriptedChat(clock=AtStart())


@pytest.fixture
def deliverer(stock: Stock, chat: ScriptedChat) -> Deliverer:
    return Deliverer(stock.store, {Platform.TELEGRAM: chat}, AtStart())


async def states(stock: Stock) -> list[DeliveryState]:
    chat = await stock.chat()
    found = await stock.store.deliveries(chat.id, states=list(DeliveryState), limit=99)
    return [one.state for one in reversed(found)]


async def deliver_all(deliverer: Deliverer) -> None:
    await asyncio.gather(*await deliverer.claim(50))


async def test_if_it_cannot_be_written_that_a_message_leaves_it_does_not(
    stock: Stock, chat: ScriptedChat, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def disk_full(*_: object, **__: object) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    await stock.told(await stock.chat())
    with monkeypatch.context() as patch:
        patch.setattr(SqlStore, "begin_delivery", disk_full)
        await deliver_all(deliverer)
    assert chat.arrived == []
    (waiting,) = await stock.store.deliveries((await stock.chat()).id, states=[DeliveryState.PENDING], limit=9)
    assert not waiting.maybe_sent


async def test_an_alert_tells_its_time_on_the_clocks_of_the_chat(
    stock: Stock, chat: ScriptedChat, deliverer: Deliverer
) -> None:
    home = await stock.chat()
    await stock.store.put_settings(home.id, ChatSettings(zone="Asia/Seoul"), held_until={}, now=START)
    await stock.told(home)
    await deliver_all(deliverer)
    ((_, _, message),) = chat.arrived
    assert " KST" in message.plain_text
    assert "UTC" not in message.plain_text


async def test_an_outcome_is_written_as_soon_as_it_can_be_and_nothing_is_claimed_before(
    stock: Stock, chat: ScriptedChat, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failed, mended = SqlStore.finish_delivery, asyncio.Event(), asyncio.Event()

    async def fails_at_first(store: SqlStore, delivery: Delivery, outcome: Outcome) -> bool:
        if not failed.is_set():
            failed.set()
            raise sqlite3.OperationalError("database is locked")
        await mended.wait()
        return await real(store, delivery, outcome)

    monkeypatch.setattr(SqlStore, "finish_delivery", fails_at_first)
    monkeypatch.setattr(deliver, "_PAUSE_AFTER_ERROR_S", 0.05)
    home, other = await stock.chat(), await stock.chat("2")
    await stock.told(home)
    writing = asyncio.gather(*await deliverer.claim(50))
    await failed.wait()
    await stock.told(other, story_id=2)
    assert await deliverer.claim(50) == []
    mended.set()
    await writing
    assert await states(stock) == [DeliveryState.SENT]
    await deliver_all(deliverer)
    assert len(chat.arrived) == 2


async def test_what_was_sent_is_logged_once_by_its_numbers(
    stock: Stock, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "log", logs.get("bot.workers.deliver"))
    home = await stock.chat()
    await stock.told(home, story_id=3)
    with capture_logs() as lines:
        await deliver_all(deliverer)
        await deliver_all(deliverer)
    (delivery,) = await stock.store.deliveries(home.id, states=[DeliveryState.SENT], limit=9)
    numbers = {"delivery_id": delivery.id, "story_id": 3, "chat_id": home.id, "platform": "telegram"}
    assert lines == [{"event": "delivery sent", "log_level": "info", **numbers}]


async def test_what_was_not_sent_is_not_logged_as_sent(
    stock: Stock, chat: ScriptedChat, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "log", logs.get("bot.workers.deliver"))
    chat.fates.append(Fate.REFUSED)
    await stock.told(await stock.chat())
    with capture_logs() as lines:
        await deliver_all(deliverer)
    assert [line["event"] for line in lines] == ["delivery not sent"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param("first_messages", (DeliveryState.SENT, 1), id="links to earlier alerts are an extra"),
        pytest.param("begin_delivery", (DeliveryState.PENDING, 0), id="what cannot be written down does not leave"),
    ],
)
async def test_a_fault_of_the_store_while_a_message_is_made_never_sets_it_aside(
    stock: Stock,
    chat: ScriptedChat,
    deliverer: Deliverer,
    monkeypatch: pytest.MonkeyPatch,
    *,
    fault: str,
    outcome: tuple[DeliveryState, int],
) -> None:
    async def disk_full(*_: object, **__: object) -> bool:
        raise OSError("disk is full")

    await stock.told(await stock.chat())
    with monkeypatch.context() as patch:
        patch.setattr(SqlStore, fault, disk_full)
        await deliver_all(deliverer)
    assert (*await states(stock), len(chat.arrived)) == outcome


async def test_an_edit_of_what_is_held_waits_for_a_store_that_fails(
    stock: Stock, chat: ScriptedChat, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def disk_full(*_: object, **__: object) -> bool:
        raise OSError("disk is full")

    home = await stock.chat()
    await stock.store.put_settings(home.id, ChatSettings(digest=Rhythm(Every.DAILY)), held_until={}, now=START)
    await stock.told(home, story_id=1)
    await deliver_all(deliverer)
    await stock.told(home, story_id=1, action=Action.EDIT)
    monkeypatch.setattr(SqlStore, "fold_delivery", disk_full)
    await deliver_all(deliverer)
    assert await states(stock) == [DeliveryState.HELD, DeliveryState.PENDING]
    assert chat.arrived == []


async def test_a_fault_of_ours_sets_the_message_aside_and_the_next_one_goes(
    stock: Stock, chat: ScriptedChat, deliverer: Deliverer
) -> None:
    home = await stock.chat()
    await stock.told(home, story_id=1)
    await stock.told(home, story_id=2)
    chat.fates = deque([Fate.BROKEN])
    await deliver_all(deliverer)
    await deliver_all(deliverer)
    assert await states(stock) == [DeliveryState.DEAD, DeliveryState.SENT]
    (aside,) = await stock.store.deliveries(home.id, states=[DeliveryState.DEAD], limit=9)
    assert aside.maybe_sent, "it was begun, so a replay has to be marked"


async def test_a_chat_that_is_gone_keeps_its_alerts_and_has_them_in_their_order_when_it_is_back(stock: Stock) -> None:
    clock = Turned()
    chat = ScriptedChat(clock=clock, fates=deque([Fate.GONE, Fate.GONE]))
    deliverer = Deliverer(stock.store, {Platform.TELEGRAM: chat}, clock)
    home = await stock.chat()
    told = [await stock.told(home, story_id=story_id) for story_id in (1, 2)]
    for _ in range(2):  # the second time it has written, but does not let us write
        await stock.chat()
        await deliver_all(deliverer)
        (lost,) = await stock.store.lost_chats(limit=9)
        assert (lost.id, lost.gone_at, bool(lost.gone_why)) == (home.id, clock.at, True)
        clock.at += timedelta(days=3)
        assert await deliverer.claim(50) == []
        page = await stock.store.missed_deliveries(home.id, now=clock.at, limit=9)
        assert [one.delivery.state for one in page.newest] == [DeliveryState.PENDING] * 2
    await stock.chat()  # it is back
    assert await stock.store.lost_chats(limit=9) == ()
    for _ in told:
        await deliver_all(deliverer)
    sent = await stock.store.deliveries(home.id, states=[DeliveryState.SENT], limit=9)
    assert [number for _, number, _ in chat.arrived] == sorted(one.id for one in sent)
    assert [(one.alert_id in told, one.maybe_sent) for one in sent] == [(True, False)] * 2


class WaitingChat(ScriptedChat):
    """A chat whose turn never comes."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        del to, message, reply_to, errand
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_stop_puts_back_what_waits_its_turn(stock: Stock) -> None:
    await stock.told(await stock.chat())
    chat = WaitingChat()
    deliverer = Deliverer(stock.store, {Platform.TELEGRAM: chat}, AtStart())
    under_way = [asyncio.create_task(piece) for piece in await deliverer.claim(50)]
    await chat.asked.wait()
    deliverer.halt()
    await asyncio.wait(under_way, timeout=5)
    (waiting,) = await stock.store.deliveries((await stock.chat()).id, states=[DeliveryState.PENDING], limit=9)
    assert (waiting.maybe_sent, waiting.not_before) == (False, START)
    assert await deliverer.claim(50) == []


class NoPolls:
    """Nothing to poll."""

    on_room: Callable[[], None]

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        del limit
        return []

    async def halt(self) -> None: ...


async def test_a_database_that_is_locked_for_a_while_stops_nothing_for_good(
    stock: Stock, chat: ScriptedChat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds the file's lock longer than a writer waits: alerts come late, once, and unmarked."""
    assert database.SQLITE_BUSY_TIMEOUT_S >= 30
    await stock.told(await stock.chat())
    await stock.store.close()
    monkeypatch.setattr(database, "SQLITE_BUSY_TIMEOUT_S", 0.1)
    monkeypatch.setattr(local, "_PAUSE_AFTER_ERROR_S", 0.1)
    store = await open_store(f"sqlite:///{tmp_path}/b.db")
    holder = sqlite3.connect(tmp_path / "b.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    workers = LocalWorkers(NoPolls(), Deliverer(store, {Platform.TELEGRAM: chat}, AtStart()))
    workers.start()
    await asyncio.sleep(0.8)
    assert chat.arrived == []
    holder.execute("ROLLBACK")
    async with asyncio.timeout(15):
        while not chat.arrived:  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.02)
    await workers.stop()
    holder.close()
    assert ["↻" in message.plain_text for _, _, message in chat.arrived] == [False]
    assert (await store.status()).outbox == {DeliveryState.SENT: 1}
    await store.close()


class Turned:
    """A clock that is turned."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


async def test_who_sleeps_between_the_mark_and_the_request_does_not_send(
    stock: Stock, chat: ScriptedChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down that the request may leave; before it does, the machine sleeps past the lease."""
    clock = Turned()

    def sleep(place: str) -> None:
        if place == "begun":
            clock.at += timedelta(seconds=limits.LEASE_S)

    monkeypatch.setattr(crashpoints, "reach", sleep)
    await stock.told(await stock.chat())
    await deliver_all(Deliverer(stock.store, {Platform.TELEGRAM: chat}, clock))
    assert chat.arrived == []
    (waits,) = await stock.store.deliveries((await stock.chat()).id, states=[DeliveryState.PENDING], limit=9)
    assert not waits.maybe_sent, "for certain it did not leave"


async def test_what_is_under_way_here_is_not_given_up_when_the_clock_jumps_forward(stock: Stock) -> None:
    clock, answer = Turned(), asyncio.Event()

    class SlowChat(ScriptedChat):
        async def send(self, *args: Any, **named: Any) -> MessageRef:  # noqa: ANN401 - as its parent's
            ref = await super().send(*args, **named)
            await answer.wait()
            return ref

    slow = SlowChat(clock=clock)
    deliverer = Deliverer(stock.store, {Platform.TELEGRAM: slow}, clock)
    await stock.told(await stock.chat())
    sending = asyncio.gather(*await deliverer.claim(50))
    while not slow.arrived:  # noqa: ASYNC110 - any condition
        await asyncio.sleep(0.01)
    clock.at += timedelta(hours=2)
    assert await deliverer.claim(50) == []
    answer.set()
    await sending
    assert await states(stock) == [DeliveryState.SENT]
    assert len(slow.arrived) == 1


async def test_where_history_shows_that_nothing_came_the_doubt_ends(stock: Stock) -> None:
    """Three processes die in a row with the request on its way, and none of the three arrives."""
    chat = ScriptedChat(shows_what_was_sent=True, clock=AtStart())
    await stock.told(await stock.chat())
    for fate in (Fate.KILLED_BEGUN, Fate.KILLED_BEGUN, Fate.KILLED_BEGUN):
        chat.fates = deque([fate])
        deliverer = Deliverer(stock.store, {Platform.TELEGRAM: chat}, AtStart())
        with pytest.raises(Killed):
            await deliver_all(deliverer)
        await stock.store.release_leases()
    await deliver_all(Deliverer(stock.store, {Platform.TELEGRAM: chat}, AtStart()))
    assert await states(stock) == [DeliveryState.SENT]
    assert len(chat.arrived) == 1


async def test_an_alert_is_sent_in_the_words_that_it_was_given(stock: Stock, chat: ScriptedChat) -> None:
    asked: list[str] = []

    async def worded(alert: Alert, lang: str) -> Alert:
        asked.append(lang)
        return replace(alert, summary="In better words.")

    deliverer = Deliverer(stock.store, {Platform.TELEGRAM: chat}, AtStart(), worded)
    await stock.told(await stock.chat())
    await deliver_all(deliverer)
    assert asked == ["en"]
    (_, _, message) = chat.arrived[0]
    assert "In better words." in message.plain_text


async def test_what_is_claimed_in_the_moment_of_a_stop_is_put_back(
    stock: Stock, chat: ScriptedChat, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, claimed, go_on = SqlStore.claim_deliveries, asyncio.Event(), asyncio.Event()

    async def slow(store: SqlStore, **named: Any) -> Any:  # noqa: ANN401 - as the real one's
        found = await real(store, **named)
        claimed.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(SqlStore, "claim_deliveries", slow)
    await stock.told(await stock.chat())
    workers = LocalWorkers(NoPolls(), deliverer)
    workers.start()
    await claimed.wait()
    stopping = asyncio.create_task(workers.stop())
    await asyncio.sleep(0.05)
    go_on.set()
    await stopping
    assert await states(stock) == [DeliveryState.PENDING]
    assert chat.arrived == []


class Hasty(ScriptedChat):
    """It asks to wait at the first edit, and remembers until when."""

    asked = False

    async def edit(self, ref: MessageRef, message: Message) -> None:
        del message
        if not self.asked:
            self.asked = True
            self.held_until[ref.address.chat] = self.clock.now() + timedelta(seconds=RETRY_AFTER_S)
            raise RetryAfterError("too fast", seconds=RETRY_AFTER_S)


async def test_an_edit_that_was_told_to_wait_holds_the_chat_over_a_restart(tmp_path: Path) -> None:
    """The platform lives on; the process that it told has died, with what its adapter remembered."""
    clock = Turned()
    platform = Hasty(clock=clock)
    for after_s in (0.0, RETRY_AFTER_S - 1, RETRY_AFTER_S + 1):
        store = await open_store(f"sqlite:///{tmp_path}/b.db")
        await store.release_leases()
        stock, deliverer = Stock(store), Deliverer(store, {Platform.TELEGRAM: platform}, clock)
        chat, other = await stock.chat("1"), await stock.chat("2")
        if not after_s:
            await stock.told(chat)
            await deliver_all(deliverer)
            await stock.told(chat, action=Action.EDIT)
            await deliver_all(deliverer)
            await stock.told(chat, other, story_id=2)
        clock.at = START + timedelta(seconds=after_s)
        await deliver_all(deliverer)  # once the time has come, the edit
        await deliver_all(deliverer)
        await store.close()
        arrived = ["1", "2"] if after_s < RETRY_AFTER_S else ["1", "2", "1"]
        assert [place for place, _, _ in platform.arrived] == arrived
    assert platform.too_soon == []


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        pytest.param(RetryAfterError("429", seconds=9), True, id="the platform asked"),
        pytest.param(PaceError("our pace", seconds=9), False, id="our own pace"),
        pytest.param(NotSentError("no connection"), False, id="no connection"),
    ],
)
def test_only_what_the_platform_asked_for_silences_a_chat(error: ChatError, asked: bool) -> None:  # noqa: FBT001 - a column of the table
    assert deliver.is_asked(error) is asked
