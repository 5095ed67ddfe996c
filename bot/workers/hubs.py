"""WebSub at work: ask the hubs that feeds announce, take their calls, and make a feed due when its hub calls.

::

    a poll finds a hub ----> asked: "bring what is new to .../websub/TOKEN"
    the hub asks back -----> confirmed, for as long as it promises; asked again before that ends
    the hub calls ---------> if it signed with the secret, the feed is polled at once

What a hub brings is taken as a hint and never read: the feed itself says what is in it, with its etag, in one
transaction as ever. So a hub that lies, sleeps or is gone costs nothing but the wait for the next poll.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot import logs
from bot.errors import FetchError
from bot.feeds.hosts import same_host
from bot.feeds.websub import SIGNATURE_HEADER, Announced, announced, request_body, signed_by
from bot.model import HubSubscription

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.door import Door
    from bot.feeds.fetch import Fetched, Fetcher
    from bot.model import Feed
    from bot.store.port import Store

log = logs.get(__name__)

PATH: Final = "/websub/"
LEASE_S: Final = 10 * 24 * 3600.0
"""How long a hub is asked to call, which is what most give at most."""

_LEASE_LEAST_S: Final = 60.0
_LEASE_MOST_S: Final = 90 * 24 * 3600.0
_RENEWED_AT: Final = 0.8
_ASK_FIRST_S: Final = 600.0
_ASK_MOST_S: Final = 24 * 3600.0
_ASKED_AT_ONCE: Final = 10
_LOOK_S: Final = 60.0
_HUB_TIMEOUT_S: Final = 20.0
_HUB_ANSWER_BYTES: Final = 64 * 1024
_CHALLENGE_CHARS: Final = 2000
_BURST_S: Final = 3.0
_AGAIN_S: Final = 45.0
"""A copy of the feed on the way may lag behind its hub: it is asked once more."""

_BUSY_S: Final = 2.0
_BUSY_TRIES: Final = 60


class Hubs:
    """The bot's side of WebSub. ``public_url`` is where the door is reached from outside."""

    def __init__(self, store: Store, fetcher: Fetcher, clock: Clock, *, door: Door, public_url: str) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._door = door
        self._callback = public_url.rstrip("/") + PATH
        self._known: dict[int, Announced | None] = {}
        self._called: dict[int, asyncio.Event] = {}
        self._calling: dict[int, asyncio.Task[None]] = {}
        self._found = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Hear what hubs say."""
        self._door.listen(PATH, self._on_request)

    def start(self) -> None:
        """Listen, and ask the hubs that are to be asked whenever that is."""
        self.listen()
        self._asking = asyncio.get_running_loop().create_task(self._keep_asking(), name="hubs")

    async def stop(self) -> None:
        """Neither listen nor ask; hubs try again, and every feed is polled anyway."""
        self._door.leave(PATH)
        tasks = [task for task in (self._asking, *self._calling.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._asking = None

    # ------------------------------------------------------------ what feeds announce

    async def heed(self, feed: Feed, fetched: Fetched) -> None:
        """Note which hub a document names that was fetched just now. Never raises: a poll must not fail for it."""
        found = announced(fetched.body, url=fetched.url, links=fetched.links)
        if feed.id in self._known and self._known[feed.id] == found:
            return
        try:
            if found is not None:
                await self._store.announce_hub(self._new(feed, found))
                self._found.set()
            elif await self._store.hub_of(feed.id) is not None:
                await self._store.forget_hub(feed.id)
        except Exception:
            log.exception("a feed's hub cannot be written down", feed_id=feed.id)
        else:
            self._known[feed.id] = found

    def _new(self, feed: Feed, found: Announced) -> HubSubscription:
        return HubSubscription(
            feed.id,
            found.hub,
            found.topic,
            token=secrets.token_urlsafe(24),
            secret=secrets.token_urlsafe(32),
            ask_at=self._clock.now(),
        )

    # ------------------------------------------------------------ asking

    async def ask_due(self) -> int:
        """Ask the hubs that are to be asked now; returns how many."""
        due = await self._store.claim_hubs(
            now=self._clock.now(), first_s=_ASK_FIRST_S, most_s=_ASK_MOST_S, limit=_ASKED_AT_ONCE
        )
        await asyncio.gather(*map(self._ask, due))
        return len(due)

    async def _keep_asking(self) -> None:
        while True:
            self._found.clear()
            try:
                while await self.ask_due():
                    pass
            except Exception:
                log.exception("hubs cannot be asked")
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._found.wait()

    async def _ask(self, subscription: HubSubscription) -> None:
        body = request_body(
            Announced(subscription.hub, subscription.topic),
            callback=self._callback + subscription.token,
            secret=subscription.secret,
            lease_s=int(LEASE_S),
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        feed = await self._store.feed(subscription.feed_id)
        # A hub is named by a stranger's document: it may be on a private address only where the feed itself is.
        private = feed is not None and same_host(subscription.hub, feed.url)
        try:
            await self._fetcher.post(
                subscription.hub,
                body,
                headers=headers,
                max_bytes=_HUB_ANSWER_BYTES,
                timeout_s=_HUB_TIMEOUT_S,
                private=private,
            )
        except FetchError as error:
            # Its next turn is written down already, and polling goes on meanwhile.
            log.info("a hub did not take the request", feed_id=subscription.feed_id, reason=str(error))

    # ------------------------------------------------------------ what hubs say

    async def _on_request(self, request: web.Request) -> web.StreamResponse:
        subscription = await self._store.hub_by_token(request.path.removeprefix(PATH))
        if request.method == "GET":
            return await self._asked_back(request, subscription)
        if request.method != "POST":
            return web.Response(status=405)
        if subscription is None:
            return web.Response(status=410)  # the hub drops what it still has under this address
        body = await request.read()
        if signed_by(subscription.secret, body, request.headers.get(SIGNATURE_HEADER, "")):
            self._call(subscription.feed_id)
        else:
            log.warning("a call that its hub did not sign", feed_id=subscription.feed_id)
        # The Recommendation asks for success in either case: who guesses is not told (section 8).
        return web.Response(status=202)

    async def _asked_back(self, request: web.Request, subscription: HubSubscription | None) -> web.Response:
        """The hub wants to know whether it was us who asked (section 5.3), or tells that it will not (5.2)."""
        said = request.query
        mode, challenge = said.get("hub.mode", ""), said.get("hub.challenge", "")
        if mode == "unsubscribe" and subscription is None:
            return _echo(challenge)
        if subscription is None or said.get("hub.topic") != subscription.topic:
            return web.Response(status=404)
        now = self._clock.now()
        if mode == "denied":
            log.info("a hub refuses", feed_id=subscription.feed_id)
            await self._store.refuse_hub(subscription.token, ask_at=now + timedelta(seconds=_ASK_MOST_S))
            return web.Response()
        if mode != "subscribe" or not challenge:
            return web.Response(status=404)
        lease_s = _lease_s(said.get("hub.lease_seconds", ""))
        await self._store.confirm_hub(
            subscription.token,
            until=now + timedelta(seconds=lease_s),
            ask_at=now + timedelta(seconds=lease_s * _RENEWED_AT),
        )
        return _echo(challenge)

    def _call(self, feed_id: int) -> None:
        """Make the feed due. A hub that calls in a burst makes it due once in a few seconds."""
        self._called.setdefault(feed_id, asyncio.Event()).set()
        task = self._calling.get(feed_id)
        if task is None or task.done():
            self._calling[feed_id] = asyncio.get_running_loop().create_task(self._hasten(feed_id))

    async def _hasten(self, feed_id: int) -> None:
        """Make the feed due at each call, and once more some time after the last one."""
        called = self._called[feed_id]
        try:
            while called.is_set():
                called.clear()
                await self._make_due(feed_id)
                await asyncio.sleep(_BURST_S)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_AGAIN_S):
                        await called.wait()
                        continue
                await self._make_due(feed_id)
        except Exception:
            log.exception("a feed whose hub called waits for its next poll", feed_id=feed_id)
        finally:
            # Hubs call for years, and for feeds that are gone by then: nothing is kept of a call that is over.
            del self._called[feed_id], self._calling[feed_id]

    async def _make_due(self, feed_id: int) -> None:
        """A poll that is under way may have read the document before the hub's news: it must be another one."""
        for _ in range(_BUSY_TRIES):
            if await self._store.hasten_feed(feed_id, now=self._clock.now(), pushed=True):
                return
            await asyncio.sleep(_BUSY_S)


def _echo(challenge: str) -> web.Response:
    # Plain text that no browser takes for a page: the words are whoever's they are.
    return web.Response(text=challenge[:_CHALLENGE_CHARS], headers={"X-Content-Type-Options": "nosniff"})


def _lease_s(said: str) -> float:
    promised = float(said[:10]) if said.isascii() and said.isdigit() else LEASE_S
    return min(max(promised, _LEASE_LEAST_S), _LEASE_MOST_S)
