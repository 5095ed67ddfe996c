"""What a worker does with a request that is for the one that speaks: real doors, and a seat that says who that is."""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.door import Door
from bot.relay import Relay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATH = "/slack/events"


class Seats:
    """Who holds the seat, each time when that is asked; the last one for ever."""

    def __init__(self, *holders: str | None) -> None:
        self.holders = list(holders)
        self.asked = 0

    async def holder(self) -> str | None:
        self.asked += 1
        return self.holders.pop(0) if len(self.holders) > 1 else self.holders[0]


class Speaker:
    """The worker that speaks: keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, dict[str, str], bytes]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append((request.method, request.raw_path, dict(request.headers), await request.read()))
        answer = web.Response(status=302, text="words", headers={"Location": "https://slack.example/", "X-Own": "ü"})
        answer.set_cookie("state", "1")
        answer.set_cookie("other", "2")
        return answer


@asynccontextmanager
async def worker(listener: Speaker | None = None, relay: Relay | None = None) -> AsyncIterator[Door]:
    door = Door("127.0.0.1", 0)
    await door.open()
    if listener is not None:
        door.listen(PATH, listener.answer)
    if relay is not None:
        door.stand_in(PATH, relay.answer)
    try:
        yield door
    finally:
        await door.close()


def at(door: Door) -> str:
    return f"127.0.0.1:{door.port}"


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@asynccontextmanager
async def asked(door: Door, path: str = PATH, *, body: bytes = b"{}") -> AsyncIterator[aiohttp.ClientResponse]:
    headers = {"X-Slack-Signature": "v0=1", "Content-Type": "application/json", "Host": "bot.example.org"}
    url = URL(f"http://{at(door)}{path}", encoded=True)
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
    ):
        yield answer


async def test_the_one_that_speaks_gets_it_as_it_was_sent_and_its_answer_comes_back() -> None:
    speaker, body = Speaker(), b"payload=%7B\xff%7D"
    async with worker(speaker) as one, worker(relay=Relay(Seats(at(one)))) as other:
        async with asked(other, f"{PATH}?code=a%20b%2F", body=body) as answer:
            assert (answer.status, await answer.text()) == (302, "words")
            assert (answer.headers["Location"], answer.headers["X-Own"]) == ("https://slack.example/", "ü")
            assert set(answer.cookies) == {"state", "other"}
        ((method, path, headers, heard),) = speaker.heard
    assert (method, path, heard) == ("POST", f"{PATH}?code=a%20b%2F", body)
    assert (headers["X-Slack-Signature"], headers["Content-Type"]) == ("v0=1", "application/json")
    assert headers["Host"] == "bot.example.org"


async def test_a_worker_that_speaks_itself_hands_nothing_on() -> None:
    speaker, seats = Speaker(), Seats(None)
    async with worker(speaker, Relay(seats)) as one, asked(one) as answer:
        assert answer.status == 302
    assert (len(speaker.heard), seats.asked) == (1, 0)


@pytest.mark.parametrize("before", ["none", "gone", "another"])
async def test_where_the_seat_changes_hands_it_waits_for_the_next(before: str) -> None:
    speaker = Speaker()
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(worker(speaker))
        former = await stack.enter_async_context(worker(relay=Relay(Seats(at(one)))))
        holder = {"none": None, "gone": nobody(), "another": at(former)}[before]
        other = await stack.enter_async_context(worker(relay=Relay(Seats(holder, at(one)))))
        async with asked(other) as answer:
            assert answer.status == 302
    assert len(speaker.heard) == 1


@pytest.mark.parametrize("holder", [None, nobody()], ids=["nobody", "out of reach"])
async def test_where_nobody_speaks_in_time_the_platform_is_asked_to_come_back(holder: str | None) -> None:
    async with worker(relay=Relay(Seats(holder), wait_s=0.0)) as other, asked(other) as answer:
        assert answer.status == 503


async def test_a_worker_that_holds_the_seat_and_does_not_listen_yet_asks_itself_no_further() -> None:
    seats = Seats("")
    async with worker(relay=Relay(seats, wait_s=0.0)) as only:
        seats.holders = [at(only)]
        async with asked(only) as answer:
            assert answer.status == 503
    assert seats.asked == 1


async def test_an_answer_that_breaks_off_is_not_asked_for_again() -> None:
    """It may have been heeded."""
    heard = 0

    async def breaks_off(request: web.Request) -> web.Response:
        nonlocal heard
        heard += 1
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with worker() as one, worker(relay=Relay(Seats(at(one)))) as other:
        one.listen(PATH, breaks_off)
        async with asked(other) as answer:
            assert answer.status == 503
    assert heard == 1


async def test_however_many_ask_the_seat_is_looked_at_now_and_then() -> None:
    speaker = Speaker()
    async with worker(speaker) as one:
        seats = Seats(at(one))
        async with worker(relay=Relay(seats, look_s=1e9)) as other:
            for _ in range(5):
                async with asked(other) as answer:
                    assert answer.status == 302
    assert seats.asked == 1


async def test_a_request_that_names_a_host_of_its_own_is_handed_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    speaker = Speaker()
    async with worker(speaker) as one, worker(relay=Relay(Seats(at(one)))) as other:
        reader, writer = await asyncio.open_connection("127.0.0.1", other.port)
        writer.write(f"GET http://{at(one)}{PATH} HTTP/1.1\r\nHost: bot.example.org\r\n\r\n".encode())
        assert b" 400 " in await reader.readline()
        writer.close()
    assert speaker.heard == []
    assert caplog.records == []
