"""What every way of running shares: a store, a pipeline into it, and a poller that feeds the pipeline."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.encoders import open_encoder
from bot.errors import FetchError, SettingsError
from bot.feeds.fetch import Fetcher
from bot.feeds.hosts import named_host
from bot.feeds.llm import LanguageModel
from bot.feeds.pages import Pages
from bot.feeds.parsers import Parsers
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from bot.workers.articles import Articles
from bot.workers.pipeline import Pipeline
from bot.workers.poll import Poller, Source
from bot.workers.wording import Wording

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.clock import Clock
    from bot.settings import Settings
    from bot.store.port import Store
    from bot.topics.lexicon import Lexicon

log = logging.getLogger(__name__)


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
    parsers: Parsers
    wording: Wording | None = None


@asynccontextmanager
async def open_parts(
    settings: Settings, *, url: str, clock: Clock, private_hosts: frozenset[str] = frozenset()
) -> AsyncIterator[Parts]:
    """Open the store (migrating it) and the fetcher, and close them in the end.

    Raises:
        SettingsError: the database cannot be opened.
    """
    lexicon = lexicons.load()
    store = await open_store(url, secret_keys=settings.secret_keys)
    parsers = Parsers()
    try:
        hosts = settings.allowed_private_hosts | private_hosts
        async with Fetcher(user_agent=settings.user_agent, allowed_private_hosts=hosts) as fetcher:
            pages = Pages(fetcher, parsers, user_agent=settings.user_agent)
            articles = Articles(store, pages) if settings.article_pages else None
            encoder = open_encoder(wanted=settings.encoder)
            pipeline = Pipeline(store, lexicon, encoder, articles)
            bounds_s = (settings.poll_min_s, settings.poll_max_s)
            poller = Poller(store, Source(fetcher, parsers), pipeline, clock, interval_bounds_s=bounds_s)
            async with _model(settings) as model:
                wording = Wording(store, model, clock, encoder=encoder) if model else None
                yield Parts(settings, clock, lexicon, store, pipeline, poller, fetcher, parsers, wording)
    finally:
        await parsers.close()
        await store.close()


async def seal_up(store: Store) -> None:
    """Seal what stands in clear, or with a key before the first one, and tell the log of what no key opens.

    Raises:
        SettingsError: the database cannot be written.
    """
    sealed = await store.seal_up()
    if sealed:
        log.warning("%d addresses or secrets of feeds were sealed with BACKSTORY_SECRET_KEY", sealed)
    shut = (await store.secrets()).shut
    if shut:
        log.error(
            "%d addresses or secrets of feeds are sealed with a BACKSTORY_SECRET_KEY that is not set: put it back,"
            " after a space behind the new one if there is one",
            shut,
        )


@asynccontextmanager
async def _model(settings: Settings) -> AsyncIterator[LanguageModel | None]:
    """A language model for better words, where one is set.

    That setting is its own leave to be on a private address: no feed can make use of it.
    """
    url, model = settings.llm_url, settings.llm_model
    if url is None or model is None:
        yield None
        return
    try:
        own = frozenset({named_host(url)})
    except FetchError as error:
        raise SettingsError(f"BACKSTORY_LLM_URL cannot be used: {error}.") from error
    async with Fetcher(user_agent=settings.user_agent, allowed_private_hosts=own) as fetcher:
        yield LanguageModel(fetcher, url=url, model=model, key=settings.llm_key)
