"""Digests: bundle what is held and due, so that delivery finds it. Sends nothing and leases nothing.

The store says what is due; what goes into the next message is decided by ``bot.alerts.digest``. Bundling is one
transaction a chat, and whoever comes second finds nothing to do, so any number of processes may try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import limits, logs
from bot.alerts import timing
from bot.alerts.digest import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from bot.clock import Clock
    from bot.model import Platform
    from bot.store.port import DueDigest, Store

log = logs.get(__name__)


class Digester:
    """Makes digests for chats on these platforms. ``on_digests`` is called when there is something to send."""

    def __init__(self, store: Store, platforms: Iterable[Platform], clock: Clock) -> None:
        self._store = store
        self._platforms = tuple(platforms)
        self._clock = clock
        self.on_digests: Callable[[], None] = lambda: None

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        """Bundle for some of the chats that are due; the next ones are a piece of work of their own."""
        del limit
        due = await self._store.due_digests(now=self._clock.now(), limit=limits.DIGEST_CHATS, platforms=self._platforms)
        return [self._bundle(due)] if due else []

    async def _bundle(self, due: Sequence[DueDigest]) -> None:
        made = [await self._bundle_one(one) for one in due]
        if any(made):
            log.info("digests", chats=sum(made))
            self.on_digests()

    async def _bundle_one(self, due: DueDigest) -> bool:
        now = self._clock.now()
        muted = timing.muted_since(due.held, due.mutes, now)
        if muted:
            await self._store.mute_held(due.chat.id, muted)
        held = [one for one in due.held if one.delivery.id not in muted]
        if not held:
            return False
        packed = pack(held)
        return await self._store.bundle(due.chat.id, packed.places, size=packed.size, now=now)
