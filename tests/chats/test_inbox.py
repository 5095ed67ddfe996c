"""What comes in is handled in order, and an answer is tried again only where it surely did not arrive."""

from __future__ import annotations

import asyncio

import pytest

from bot.chats.chat import Inbound, Reply
from bot.chats.inbox import Inbox, persist
from bot.chats.message import text_message
from bot.errors import ChatError, ChatGoneError, MaybeSentError, NotSentError, RefusedError, RetryAfterError
from bot.model import Address, Platform


def inbound(text: str, chat: str = "1", thread: str | None = None) -> Inbound:
    return Inbound(Address(Platform.TELEGRAM, chat, thread), "7", text)


class Line:
    """A line to a platform on which each try meets the next of the given errors, then works."""

    def __init__(self, *errors: ChatError) -> None:
        self.errors = list(errors)
        self.tries = 0

    async def __call__(self) -> None:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)


@pytest.mark.parametrize(
    ("errors", "tries"),
    [
        pytest.param([], 1, id="it works"),
        pytest.param([RetryAfterError("x", seconds=0)], 2, id="asked to wait"),
        pytest.param([NotSentError("x"), NotSentError("x")], 3, id="never sent, twice"),
        pytest.param([NotSentError("x")] * 9, 3, id="never sent, for good"),
        pytest.param([RetryAfterError("x", seconds=3600)], 1, id="asked to wait for an hour"),
        pytest.param([MaybeSentError("x")], 1, id="may have arrived"),
        pytest.param([ChatGoneError("x")], 1, id="nobody there"),
        pytest.param([RefusedError("x")], 1, id="refused"),
    ],
)
async def test_persist(monkeypatch: pytest.MonkeyPatch, errors: list[ChatError], tries: int) -> None:
    monkeypatch.setattr("bot.chats.inbox._RETRY_DELAY_S", 0)
    line = Line(*errors)
    await persist(line)
    assert line.tries == tries


async def test_order_is_kept_within_a_chat_and_its_threads_but_not_between_chats() -> None:
    release = asyncio.Event()
    done: list[str] = []

    async def handler(one: Inbound) -> tuple[Reply, ...]:
        if one.text == "slow":
            await release.wait()
        done.append(one.text)
        return ()

    inbox = Inbox(handler)
    inbox.put(inbound("slow"), no_delivery)
    inbox.put(inbound("after", thread="42"), no_delivery)
    await inbox.put(inbound("other", chat="2"), no_delivery)
    assert done == ["other"]
    release.set()
    await inbox.drain()
    assert done == ["other", "slow", "after"]


async def test_replies_are_delivered_in_order_even_if_one_fails() -> None:
    async def handler(_: Inbound) -> tuple[Reply, ...]:
        return tuple(Reply(text_message(text)) for text in ("a", "b", "c"))

    delivered: list[str] = []

    async def deliver(reply: Reply) -> None:
        if reply.message.plain_text == "b":
            raise ZeroDivisionError
        delivered.append(reply.message.plain_text)

    await Inbox(handler).put(inbound("x"), deliver)
    assert delivered == ["a", "c"]


async def test_drain_ends_a_handler_that_does_not_end() -> None:
    ended: list[bool] = []

    async def handler(_: Inbound) -> tuple[Reply, ...]:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)
        return ()

    inbox = Inbox(handler)
    inbox.put(inbound("x"), no_delivery)
    await asyncio.sleep(0)
    await inbox.drain(timeout_s=0.05)
    assert ended == [True]


async def no_delivery(reply: Reply) -> None:
    message = f"nothing to deliver, but got {reply}"
    raise AssertionError(message)


async def test_who_asks_for_room_waits_until_something_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.limits.UNANSWERED", 2)
    release = asyncio.Event()

    async def handler(_: Inbound) -> tuple[Reply, ...]:
        await release.wait()
        return ()

    async def nowhere(_: Reply) -> None: ...

    inbox = Inbox(handler)
    for chat in ("1", "2"):
        await asyncio.wait_for(inbox.room(), 1)
        inbox.put(inbound("x", chat), nowhere)
    asking = asyncio.ensure_future(inbox.room())
    await asyncio.sleep(0)
    assert not asking.done()
    release.set()
    await asyncio.wait_for(asking, 1)
    await inbox.drain()
