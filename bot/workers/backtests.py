"""The edge around ``bot.topics.backtest``: reads the archive in batches and counts in a thread, so that nobody waits.

What a chat's backtest reads is what the chat may see: entries of the feeds that serve it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.topics.backtest import Span, Tally

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Entry
    from bot.store.port import Store
    from bot.topics.backtest import Backtest, Trial
    from bot.topics.lexicon import Lexicon

_BATCH: Final = 250


class Backtester:
    """Backtests over one store."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self._store = store
        self._lexicon = lexicon

    async def run(
        self, trial: Trial, *, now: datetime, chat_id: int | None = None, days: int = limits.BACKTEST_DAYS
    ) -> Backtest:
        """Try a query on the last ``days`` days up to now; where the archive ends before, on its last ones.

        At most ``BACKTEST_ENTRIES`` are read, the newest. Raises QueryError.
        """
        tally = await asyncio.to_thread(Tally, trial, self._lexicon)
        span = await self._span(now, chat_id, days)
        below: tuple[datetime, int] | None = None
        while batch := await self._batch(chat_id, span, below, limits.BACKTEST_ENTRIES - tally.read):
            below = batch[-1].at, batch[-1].id
            await asyncio.to_thread(tally.take, batch)
        capped = tally.read >= limits.BACKTEST_ENTRIES
        since = tally.oldest if capped and tally.oldest is not None else span.since
        statistics = await self._store.statistics(await asyncio.to_thread(tally.terms))
        seen = Span(since, span.until, archive_ended=span.archive_ended, capped=capped)
        return await asyncio.to_thread(tally.finish, statistics, seen)

    async def _span(self, now: datetime, chat_id: int | None, days: int) -> Span:
        dates = await self._store.archive_dates(chat_id)
        length = timedelta(days=days)
        if dates is None:
            return Span(now - length, now)
        oldest, newest = dates
        # A rate a day is over the days that the archive covers, not over those before it began.
        if newest >= now - length:
            return Span(max(now - length, oldest), now)
        return Span(max(newest - length, oldest), newest, archive_ended=True)

    async def _batch(
        self, chat_id: int | None, span: Span, below: tuple[datetime, int] | None, left: int
    ) -> tuple[Entry, ...]:
        if left <= 0:
            return ()
        return await self._store.span(chat_id, since=span.since, until=span.until, below=below, limit=min(left, _BATCH))
