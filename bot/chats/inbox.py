"""What comes in, handled: concurrently over chats, one at a time within a chat, and drained when the bot stops.

Shared by the adapters. It knows no platform: an adapter hands over an ``Inbound`` and a way to deliver the replies.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.chats.chat import Happening, Inbound
from bot.errors import ChatError, NotSentError, PaceError, RetryAfterError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.chats.chat import InboundHandler, Reply
    from bot.model import Address

DRAIN_TIMEOUT_S: Final = 10.0
REPLY_ATTEMPTS: Final = 3
REPLY_WAIT_CAP_S: Final = 30.0
_RETRY_DELAY_S: Final = 1.0

log = logging.getLogger(__name__)


class Inbox:
    """Runs the handler for each ``Inbound`` and delivers what it answers."""

    def __init__(self, handler: InboundHandler) -> None:
        self._handler = handler
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}

    def put(self, inbound: Inbound, deliver: Callable[[Reply], Awaitable[None]]) -> asyncio.Task[None]:
        """Handle ``inbound`` as soon as its chat's earlier ones are done; returns at once."""
        before = self._last.get(inbound.address.chat)
        task = asyncio.create_task(self._run(before, inbound, deliver))
        self._tasks.add(task)
        self._last[inbound.address.chat] = task
        task.add_done_callback(lambda done: self._forget(inbound.address.chat, done))
        return task

    @property
    def is_full(self) -> bool:
        """Whether there is no room for one more."""
        return len(self._tasks) >= limits.UNANSWERED

    async def room(self) -> None:
        """Return once there is room for one more: who asks first takes in no more than can be answered."""
        while self.is_full:
            await asyncio.wait(tuple(self._tasks), return_when=asyncio.FIRST_COMPLETED)

    async def tell(self, inbound: Inbound) -> None:
        """Hand over what nobody waits for an answer to, out of turn; what fails is logged."""
        # In a task of its own: the language that it is handled in is not that of whoever tells.
        await asyncio.create_task(self._run(None, inbound, to_nobody))

    async def hushed(self, to: Address, wait_s: float) -> None:
        """Let it be written down that a chat is to be left alone: the pacing that knows it ends with this process."""
        await self.tell(Inbound(to, "", happening=Happening.HUSHED, wait_s=wait_s))

    async def drain(self, timeout_s: float = DRAIN_TIMEOUT_S) -> None:
        """Let handlers under way finish; those that take longer than ``timeout_s`` are cancelled."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(tuple(self._tasks), timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _forget(self, chat: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._last.get(chat) is task:
            del self._last[chat]

    async def _run(
        self, before: asyncio.Task[None] | None, inbound: Inbound, deliver: Callable[[Reply], Awaitable[None]]
    ) -> None:
        if before is not None:
            await asyncio.wait((before,))
        try:
            replies = await self._handler(inbound)
        except Exception:
            # One person's command must never end the listening for everybody.
            log.exception("a handler failed on %s", inbound.address.platform)
            return
        for reply in replies:
            try:
                await deliver(reply)
            except Exception:
                log.exception("a reply could not be delivered on %s", inbound.address.platform)


async def to_nobody(_: Reply) -> None:
    """What was not asked by anybody has no answer."""


async def persist(
    send: Callable[[], Awaitable[object]], hushed: Callable[[float], Awaitable[None]] | None = None
) -> None:
    """Send one message of a reply; again where the platform surely did not take it.

    What may have arrived is not repeated, and what cannot arrive is logged: the person can ask again. ``hushed`` is
    told for how many seconds the platform wants silence.
    """
    for attempt in range(1, REPLY_ATTEMPTS + 1):
        try:
            await send()
        except RetryAfterError as error:
            wait_s = error.seconds
            if hushed is not None and not isinstance(error, PaceError):
                await hushed(wait_s)
        except NotSentError:
            wait_s = _RETRY_DELAY_S * attempt
        except ChatError as error:
            log.warning("a reply was not taken: %s", error)
            return
        else:
            return
        if attempt == REPLY_ATTEMPTS or wait_s > REPLY_WAIT_CAP_S:
            log.warning("a reply was given up after %d attempts", attempt)
            return
        await asyncio.sleep(wait_s)
