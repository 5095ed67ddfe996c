"""A WebSub hub on localhost: takes requests, asks back, and calls those who confirmed; it can refuse and lie."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Subscriber:
    """Who asked to be called about a topic."""

    topic: str
    callback: str
    secret: str
    lease_s: int
    confirmed: bool = False


class Hub:
    """``answers`` are the statuses that subscribers gave; ``refuses`` makes it deny what it is asked."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.subscribers: list[Subscriber] = []
        self.answers: list[int] = []
        self.url = ""
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None
        self._asking: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        site = web.Application()
        site.router.add_post("/", self._asked)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*self._asking)
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def until(self, condition: Callable[[], bool], timeout_s: float = 15.0) -> None:
        async with asyncio.timeout(timeout_s):
            while not condition():  # noqa: ASYNC110 - any condition, of any part
                await asyncio.sleep(0.005)

    async def ask_back(self, callback: str, **fields: str) -> tuple[int, str]:
        """Ask a subscriber with the ``hub.`` fields given; returns what it answered."""
        assert self._session is not None
        params = {f"hub.{name}": value for name, value in fields.items()}
        async with self._session.get(callback, params=params) as answer:
            return answer.status, await answer.text()

    async def call(self, subscriber: Subscriber, body: bytes = b"<feed/>", *, secret: str | None = None) -> int:
        """Bring a subscriber what is new, signed with its secret or with another."""
        assert self._session is not None
        key = (subscriber.secret if secret is None else secret).encode()
        signature = "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()
        async with self._session.post(subscriber.callback, data=body, headers={"X-Hub-Signature": signature}) as answer:
            self.answers.append(answer.status)
            return answer.status

    async def _asked(self, request: web.Request) -> web.Response:
        said = await request.post()
        subscriber = Subscriber(
            str(said["hub.topic"]),
            str(said["hub.callback"]),
            str(said["hub.secret"]),
            int(str(said["hub.lease_seconds"])),
        )
        assert said["hub.mode"] == "subscribe"
        self.subscribers.append(subscriber)
        task = asyncio.create_task(self._verify(subscriber))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        return web.Response(status=202)

    async def _verify(self, subscriber: Subscriber) -> None:
        if self.refuses:
            await self.ask_back(subscriber.callback, mode="denied", topic=subscriber.topic, reason="no")
            return
        status, text = await self.ask_back(
            subscriber.callback,
            mode="subscribe",
            topic=subscriber.topic,
            challenge="are you <b>there</b>?",
            lease_seconds=str(subscriber.lease_s),
        )
        subscriber.confirmed = status == 200 and text == "are you <b>there</b>?"
