"""The store's contract: where a platform asked for silence there is silence, and what was heard is not heard again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.model import Action, Address, DeliveryState, NewNotice, NoticeKind, Platform
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import START, Stock, at

if TYPE_CHECKING:
    from bot.model import Chat
    from bot.store.port import Store

QUIET = NewNotice(NoticeKind.QUIET, "1", {"topic": "Arms"})
HERE = Address(Platform.TELEGRAM, "1")


def told_to_wait(minutes: float, place: Address = HERE) -> Outcome:
    return Outcome(DeliveryState.PENDING, error="429", not_before=at(minutes), silence_at=place)


async def edit_is_told_to_wait(stock: Stock, chat: Chat, minutes: float, place: Address = HERE) -> None:
    """An alert was sent; its edit is not taken, and waits."""
    await stock.told(chat)
    await stock.send()
    await stock.told(chat, action=Action.EDIT)
    (claimed,) = await stock.claim()
    assert await stock.store.finish_delivery(claimed.delivery, told_to_wait(minutes, place))


async def test_an_edit_that_is_told_to_wait_holds_the_whole_chat_and_no_other(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await edit_is_told_to_wait(stock, chat, 10)
    await stock.told(chat, other, story_id=2)
    assert [one.chat_id for one in await stock.send(9)] == [other.id]
    assert await stock.store.due_chats(now=at(9), platforms=[Platform.TELEGRAM], limit=9) == ()
    assert [one.chat.id for one in await stock.claim(10)] == [chat.id]


async def test_an_answer_that_is_told_to_wait_holds_its_chat_and_shortens_no_silence(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    await stock.store.keep_silent(HERE, until=at(10))
    await stock.store.keep_silent(HERE, until=at(5))
    await stock.store.keep_silent(Address(Platform.TELEGRAM, "nobody's"), until=at(5))
    assert await stock.claim(9) == ()
    assert await stock.store.waiting_chats(Platform.TELEGRAM, now=at(9)) == ((HERE, at(10)),)
    assert len(await stock.claim(10)) == 1


async def test_notices_wait_too_and_can_be_what_is_told_to_wait(stock: Stock) -> None:
    chat, store = await stock.chat(), stock.store
    await store.put_notices(chat.id, [QUIET], now=START)
    await stock.told(chat)
    telegram = [Platform.TELEGRAM]
    (notice,) = await store.claim_notices(now=at(0), lease_s=60, limit=9, platforms=telegram)
    await store.finish_notice(notice.notice, told_to_wait(10))
    assert await stock.claim(9) == ()
    (alert,) = await stock.claim(10)
    await store.finish_delivery(alert.delivery, told_to_wait(20))
    assert await store.claim_notices(now=at(19), lease_s=60, limit=9, platforms=telegram) == ()
    assert len(await store.claim_notices(now=at(20), lease_s=60, limit=9, platforms=telegram)) == 1


async def test_it_outlives_the_process_and_its_leases(url: str) -> None:
    first = await open_store(url)
    chat = await Stock(first).chat()
    await edit_is_told_to_wait(Stock(first), chat, 10)
    await first.close()
    store = await open_store(url)
    await store.release_leases()
    await Stock(store).told(chat, story_id=2)
    assert await Stock(store).claim(9) == ()
    assert await store.waiting_chats(Platform.TELEGRAM, now=at(9)) == ((chat.address, at(10)),)
    assert await store.waiting_chats(Platform.SLACK, now=at(9)) == ()
    assert await store.waiting_chats(Platform.TELEGRAM, now=at(10)) == ()
    await store.close()


async def test_a_shorter_wait_does_not_end_a_longer_one(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (claimed,) = await stock.claim()
    await stock.store.finish_delivery(claimed.delivery, told_to_wait(10))
    # Another holder of the past is told something else, late: its outcome is not written, what it was told is.
    assert not await stock.store.finish_delivery(claimed.delivery, told_to_wait(5))
    assert await stock.claim(9) == ()
    assert not await stock.store.finish_delivery(claimed.delivery, told_to_wait(15))
    assert await stock.claim(14) == ()


async def test_a_place_that_asks_for_silence_is_a_chat_as_well(stock: Stock) -> None:
    chat, channel = await stock.chat("1"), await stock.chat("-100")
    await edit_is_told_to_wait(stock, chat, 10, channel.address)
    await stock.told(channel, story_id=2)
    assert await stock.claim(9) == ()


async def test_two_chats_that_become_one_keep_the_longer_wait(stock: Stock) -> None:
    old, new = await stock.chat("1"), await stock.chat("-100")
    await edit_is_told_to_wait(stock, new, 10, new.address)
    await stock.store.move_chat(old.id, new.address)
    assert await stock.store.waiting_chats(Platform.TELEGRAM, now=at(9)) == ((new.address, at(10)),)


async def test_a_clock_that_was_ahead_lengthens_no_wait(stock: Stock) -> None:
    day = 24 * 60
    chat = await stock.chat()
    await stock.told(chat, minutes=day)
    (claimed,) = await stock.claim(day)
    await stock.store.finish_delivery(claimed.delivery, told_to_wait(day + 5))
    await stock.store.clock_set_back(day * 60, now=at(0))
    assert await stock.claim(4) == ()
    assert len(await stock.claim(5)) == 1


async def heard(store: Store, *events: str, minutes: float = 0) -> list[bool]:
    return [await store.hear(event, now=at(minutes)) for event in events]


async def test_what_was_heard_is_not_heard_again_by_any_process_until_it_is_forgotten(url: str) -> None:
    first = await open_store(url)
    assert await heard(first, "slack:Ev1", "slack:Ev1", "telegram:Ev1") == [True, False, True]
    await first.close()
    store = await open_store(url)
    assert await heard(store, "slack:Ev1", "slack:Ev2", minutes=5) == [False, True]
    assert await store.trim_heard(before=at(5)) == 2
    assert await heard(store, "slack:Ev1", "slack:Ev2", minutes=6) == [True, False]
    await store.close()


@pytest.mark.parametrize("event", ["x\x00y", "'; DROP TABLE heard; --", "ё" * 3000])
async def test_whatever_a_platform_calls_it(store: Store, event: str) -> None:
    assert await heard(store, event, event) == [True, False]
