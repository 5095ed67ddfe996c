"""The door on a real port: who comes and asks nothing, and who comes in crowds, keeps nobody out."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.door import LARGE_BODIES, Door

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ASK = b"POST /hook HTTP/1.1\r\nHost: bot.example\r\nContent-Length: 2\r\n\r\n"
HALF = b"POST /hook HTTP/1.1\r\nHost: bot.example\r\nX-Long: "
SOON_S = 10.0
"""Far more than anything here takes: what hangs fails, whatever the machine does besides."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class House:
    """A door with somebody behind it, and who stands before it."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.read = 0
        self._came: list[asyncio.StreamWriter] = []

    async def come(self, sent: bytes = b"", *, at: str = "127.0.0.1") -> Connection:
        """Connect from an address, say something, and wait until the door knows."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.door.port, local_addr=(at, 0))
        self._came.append(writer)
        writer.write(sent)
        await writer.drain()
        await asyncio.sleep(0.01)
        return reader, writer

    async def leave(self) -> None:
        for writer in self._came:
            writer.close()

    async def until_read(self, bodies: int) -> None:
        """Wait until so many bodies are being read."""
        async with asyncio.timeout(SOON_S):
            while self.read != bodies:  # noqa: ASYNC110 - any condition
                await asyncio.sleep(0.01)


@asynccontextmanager
async def open_door(*, head_timeout_s: float = 60, connections: int = 100) -> AsyncIterator[House]:
    async def listener(request: web.Request) -> web.Response:
        house.read += 1
        try:
            return web.Response(text=(await request.read()).decode())
        finally:
            house.read -= 1

    door = Door("127.0.0.1", 0, head_timeout_s=head_timeout_s, connections=connections)
    house = House(door)
    door.listen("/hook", listener)
    await door.open()
    try:
        yield house
    finally:
        await house.leave()
        await door.close()


async def said(connection: Connection) -> bytes:
    """All that a connection brings until its end."""
    async with asyncio.timeout(SOON_S):
        try:
            return await connection[0].read()
        except ConnectionResetError:
            return b""


def is_open(connection: Connection) -> bool:
    return not connection[0].at_eof()


async def test_an_answer_is_the_end_of_its_connection() -> None:
    async with open_door() as house:
        answer = await said(await house.come(ASK + b"hi"))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"Connection: close\r\n" in answer
        assert answer.endswith(b"\r\n\r\nhi")
        assert (await said(await house.come(ASK.replace(b"hook", b"none") + b"hi"))).startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("sent", [pytest.param(b"", id="nothing"), pytest.param(HALF, id="half a head")])
async def test_who_does_not_ask_in_time_is_shown_out(sent: bytes) -> None:
    async with open_door(head_timeout_s=0.05) as house:
        assert await said(await house.come(sent)) == b""


async def test_who_asked_in_time_has_time_for_the_rest() -> None:
    async with open_door(head_timeout_s=0.05) as house:
        connection = await house.come(ASK)
        await asyncio.sleep(0.2)
        connection[1].write(b"hi")
        assert (await said(connection)).endswith(b"hi")


async def test_where_it_is_full_the_first_who_idles_goes() -> None:
    async with open_door(connections=3) as house:
        asking, first, second = await house.come(ASK), await house.come(HALF), await house.come()
        assert (await said(await house.come(ASK + b"hi"))).endswith(b"hi")
        assert await said(first) == b""
        assert is_open(second)
        asking[1].write(b"hi")
        assert (await said(asking)).endswith(b"hi")


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127.0.0.0/8 this machine")
async def test_a_crowd_from_one_address_makes_room_itself() -> None:
    async with open_door(connections=3) as house:
        alone = await house.come(HALF)
        crowd = [await house.come(ASK, at="127.0.0.2") for _ in range(2)]
        last = await house.come(at="127.0.0.3")
        assert await said(crowd[0]) == b""
        assert is_open(alone)
        assert is_open(crowd[1])
        assert is_open(last)


async def test_however_many_come_no_more_stay() -> None:
    async with open_door(connections=5) as house:
        for _ in range(15):
            await house.come(HALF)
        assert house.door._runner is not None  # noqa: SLF001 - only the server knows
        assert house.door._runner.server is not None  # noqa: SLF001
        assert len(house.door._runner.server.connections) <= 6  # noqa: SLF001
        assert (await said(await house.come(ASK + b"hi"))).endswith(b"hi")


@pytest.mark.parametrize(
    ("head", "first", "last"),
    [
        pytest.param(b"Content-Length: 1000000", b"x" * 70_000, b"x" * 930_000, id="said-to-be-large"),
        pytest.param(b"Transfer-Encoding: chunked", b"1\r\nx\r\n", b"0\r\n\r\n", id="not-said"),
    ],
)
async def test_of_large_bodies_few_are_read_at_a_time(head: bytes, first: bytes, last: bytes) -> None:
    async with open_door() as house:
        asked = ASK.replace(b"Content-Length: 2", head) + first
        slow = [await house.come(asked) for _ in range(LARGE_BODIES + 4)]
        await house.until_read(LARGE_BODIES)
        assert (await said(await house.come(ASK + b"hi"))).endswith(b"hi")
        assert house.read == LARGE_BODIES
        for _, writer in slow:
            writer.write(last)
        assert all([(await said(each)).startswith(b"HTTP/1.1 200 ") for each in slow])
        assert house.read == 0


async def test_who_hangs_up_in_the_middle_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    async with open_door(connections=1) as house:
        _, writer = await house.come(ASK + b"o")
        writer.close()
        shown_out = await house.come(ASK + b"o")
        answered = await house.come(ASK + b"ok")
        assert (await said(answered)).endswith(b"ok")
        assert await said(shown_out) == b""
    assert [record for record in caplog.records if record.exc_info] == []
