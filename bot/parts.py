"""What every way of running shares: a store, a pipeline into it, and a poller that feeds the pipeline."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.encoders import open_encoder
from bot.feeds.fetch import Fetcher
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from bot.workers.pipeline import Pipeline
from bot.workers.poll import Poller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.clock import Clock
    from bot.settings import Settings
    from bot.store.port import Store
    from bot.topics.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Parts:
    """Open parts; ``open_parts`` makes and closes them."""

    settings: Settings
    clock: Clock
    lexicon: Lexicon
    store: Store
    pipeline: Pipeline
    poller: Poller
    fetcher: Fetcher


@asynccontextmanager
async def open_parts(
    settings: Settings, *, url: str, clock: Clock, private_hosts: frozenset[str] = frozenset()
) -> AsyncIterator[Parts]:
    """Open the store (migrating it) and the fetcher, and close them in the end.

    Raises:
        SettingsError: the database cannot be opened.
    """
    lexicon = lexicons.load()
    store = await open_store(url)
    try:
        hosts = settings.allowed_private_hosts | private_hosts
        async with Fetcher(user_agent=settings.user_agent, allowed_private_hosts=hosts) as fetcher:
            pipeline = Pipeline(store, lexicon, open_encoder(wanted=settings.encoder))
            poller = Poller(
                store, fetcher, pipeline, clock, interval_bounds_s=(settings.poll_min_s, settings.poll_max_s)
            )
            yield Parts(settings, clock, lexicon, store, pipeline, poller, fetcher)
    finally:
        await store.close()
