"""The coverage alarm's round: what each chat's topics bring and how its feeds are, judged, and written down to be said.

Judging is ``bot.alerts.coverage``'s; saying it is the announcer's.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot import limits, logs
from bot.alerts.coverage import STORIES_REMEMBERED, judged

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.store.port import Store

log = logs.get(__name__)

_CHATS_AT_ONCE: Final = 500


class Lookout:
    """Looks at the coverage of every chat with a topic that alerts."""

    def __init__(self, store: Store, clock: Clock, *, pause_s: float = limits.COVERAGE_PAUSE_S) -> None:
        self._store = store
        self._clock = clock
        self._pause_s = pause_s

    async def look(self) -> int:
        """One round; returns how many notices it led to."""
        after, said = 0, 0
        while True:
            chats = await self._store.alerted_chats(after=after, limit=_CHATS_AT_ONCE)
            if not chats:
                return said
            for chat_id in chats:
                said += await self.look_at(chat_id)
                await asyncio.sleep(self._pause_s)
            after = chats[-1]

    async def look_at(self, chat_id: int) -> int:
        """Judge one chat's coverage; returns how many notices are new."""
        now = self._clock.now()
        topics = await self._store.coverage(chat_id, stories=STORIES_REMEMBERED)
        verdict = judged(topics, await self._store.feeds_of(chat_id), now)
        if not verdict.say and not verdict.over:
            return 0
        known = {(notice.kind, notice.subject) for notice in await self._store.notices_of(chat_id)}
        over = [about for about in verdict.over if about in known]
        if over:
            await self._store.end_notices(chat_id, over)
        new = [notice for notice in verdict.say if (notice.kind, notice.subject) not in known]
        return await self._store.put_notices(chat_id, new, now=now) if new else 0
