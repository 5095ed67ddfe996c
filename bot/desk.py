"""The services behind the handlers, over the running parts: ``handlers.ports.Desk``. Talks to nobody itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.alerts.timing import releases
from bot.clock import SystemClock
from bot.errors import CommandError, FeedParseError, FetchError
from bot.feeds.discover import usual_addresses
from bot.feeds.hosts import parse_address
from bot.feeds.opml import write_opml
from bot.model import UNSAVED, Feed, FeedLink
from bot.packs import packs
from bot.parts import open_parts
from bot.preferences import ChatSettings
from bot.speech import _
from bot.text.urls import feed_name
from bot.workers.backtests import Backtester
from handlers.ports import AddedFeed, Backfill, FeedPreview, Followed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.chats.chat import ChatPort, Inbound, Place
    from bot.feeds.parse import ParsedFeed
    from bot.model import Chat, FeedList, MessageRef, ParsedEntry, Platform, Topic
    from bot.parts import Parts
    from bot.store.port import Store
    from bot.topics.backtest import Backtest, Trial
    from bot.topics.lexicon import Lexicon
    from bot.workers.local import LocalWorkers

NEWEST_SHOWN: Final = 3
FIRST_ANSWERS_S: Final = 8.0
"""How long an answer about a list of feeds waits for what they hold."""
_LOOK_AGAIN_S: Final = 0.25


class BotDesk:
    """``handlers.ports.Desk`` over the running parts.

    ``left_samples`` is set once a real feed was added while the sample coverage plays.
    """

    def __init__(
        self,
        parts: Parts,
        workers: LocalWorkers | None,
        *,
        sample_mode: bool,
        left_samples: asyncio.Event,
        chats: Mapping[Platform, ChatPort] | None = None,
    ) -> None:
        self._parts = parts
        self._chats = chats or {}
        self._workers = workers
        self._sample_mode = sample_mode
        self._left_samples = left_samples

    @property
    def store(self) -> Store:
        """The store."""
        return self._parts.store

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon that queries are parsed with."""
        return self._parts.lexicon

    @property
    def sample_mode(self) -> bool:
        """Whether the bundled sample coverage plays."""
        return self._sample_mode

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        return self._parts.clock.now()

    async def link_to(self, ref: MessageRef) -> str | None:
        """The address of a message that the bot sent, where its platform gives one."""
        chat = self._chats.get(ref.address.platform)
        return None if chat is None else await chat.link_to(ref)

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        """A channel that this person may have alerts sent to, as its platform says."""
        return await self._chats[inbound.address.platform].find_place(inbound, name)

    async def backtest(self, chat: Chat, trial: Trial) -> Backtest:
        """Try a query on the past entries that this chat may see."""
        return await Backtester(self.store, self.lexicon).run(trial, now=self.now(), chat_id=chat.id)

    async def backfill(self, *topics: Topic) -> Backfill:
        """Match the archive against topics and group what it finds into stories, silently."""
        found = await self._parts.pipeline.backfill(topics, now=self.now())
        return Backfill(found.entries, found.stories)

    async def add_feed(self, chat: Chat, url: str) -> AddedFeed:
        """Fetch and check a feed, then let it serve the chat."""
        if not self._sample_mode:
            return await add_feed(self._parts, chat, url)
        settings = self._parts.settings
        async with open_parts(settings, url=settings.database_url, clock=SystemClock()) as real:
            mine = await _bring_along(chat, self._parts.store, real)
            added = await add_feed(real, mine, url)
        self._left_samples.set()
        return replace(added, left_samples=True)

    async def preview_feed(self, url: str) -> FeedPreview:
        """Fetch an address and read it as a feed, storing nothing."""
        feed = (await self._parts.poller.check(url)).feed
        return FeedPreview(url, feed_name(feed.title, url), len(feed.entries), _newest(feed))

    async def feeds_on_page(self, url: str) -> tuple[FeedLink, ...]:
        """The feeds that a page names; where it names none, the first usual address at which there is one."""
        fetcher = self._parts.fetcher
        page = await fetcher.get(url, max_bytes=limits.PAGE_BODY_BYTES)
        # A page that cannot be read names no feed; the site may still keep one where most do.
        with suppress(FeedParseError):
            found = await self._parts.parsers.feed_links(page.body, url=page.url, content_type=page.content_type)
            if named := tuple(link for link in found if not fetcher.leads_inside(link.url, named_by=page.url)):
                return named
        for address in usual_addresses(page.url):
            try:
                preview = await self.preview_feed(address)
            except (FetchError, FeedParseError):
                continue
            return (FeedLink(address, preview.title),)
        return ()

    def packs(self) -> Mapping[str, FeedList]:
        """The curated lists of feeds by name."""
        return packs()

    async def read_feed_list(self, data: bytes) -> FeedList:
        """Read an OPML file, where it can be stopped."""
        return await self._parts.parsers.feed_list(data)

    def write_feed_list(self, feeds: Sequence[FeedLink], *, title: str) -> bytes:
        """An OPML file of these feeds."""
        return write_opml(feeds, title=title, now=self.now())

    async def follow_feeds(self, chat: Chat, feeds: Sequence[FeedLink]) -> Followed:
        """Let a list of feeds serve the chat, and wait a little for their first answers."""
        if not self._sample_mode:
            return await follow_feeds(self._parts, chat, feeds, wait_s=FIRST_ANSWERS_S)
        settings = self._parts.settings
        async with open_parts(settings, url=settings.database_url, clock=SystemClock()) as real:
            mine = await _bring_along(chat, self._parts.store, real)
            followed = await follow_feeds(real, mine, feeds)
        self._left_samples.set()
        return replace(followed, left_samples=True)


async def add_feed(parts: Parts, chat: Chat, url: str) -> AddedFeed:
    """Fetch a feed, check that it is one, store what it holds silently, and let it serve the chat.

    Raises:
        FetchError: it cannot be fetched.
        FeedParseError: what is there is no feed.
        CommandError: the chat has as many feeds as it may have.
    """
    store, now = parts.store, parts.clock.now()
    followed = await store.feeds_of(chat.id)
    at_address = await store.feed_at(url)
    known = at_address is not None and any(feed.id == at_address.id for feed in followed)
    if at_address is not None and known and not at_address.is_lost:
        return AddedFeed(at_address, entries=0, newest=(), known=True)
    if not known and sum(not feed.shared for feed in followed) >= limits.FEEDS_PER_CHAT:
        full = _("This chat has {most} feeds, which is the most. Drop one first: /feeds remove NUMBER")
        raise CommandError(full.format(most=limits.FEEDS_PER_CHAT))
    checked = await parts.poller.check(url)
    feed = await store.add_feed(Feed(UNSAVED, url, checked.feed.title, now, lang=checked.feed.lang, added_at=now))
    if feed.is_lost:
        raise CommandError(_("The key that sealed this feed’s address is not set. Ask whoever runs me."))
    await store.follow(chat.id, feed.id)
    if not feed.baselined:
        await parts.poller.take_in(feed, checked, asked=True)
    return AddedFeed(feed, entries=len(checked.feed.entries), newest=_newest(checked.feed))


async def follow_feeds(parts: Parts, chat: Chat, feeds: Sequence[FeedLink], *, wait_s: float = 0.0) -> Followed:
    """Let feeds serve the chat as far as it may have more; none is asked here: the poller finds them due at once.

    Waits up to ``wait_s`` seconds until each of the new ones was polled for the first time. Nothing that they held
    by now alerts.
    """
    store, now = parts.store, parts.clock.now()
    mine = await store.feeds_of(chat.id)
    here = {feed.url for feed in mine}
    room = limits.FEEDS_PER_CHAT - sum(not feed.shared and not feed.is_lost for feed in mine)
    new = [feed for feed in feeds if feed.url not in here]
    added = []
    for link in new[: max(room, 0)]:
        parse_address(link.url)
        feed = await store.add_feed(Feed(UNSAVED, link.url, link.title, now, added_at=now))
        await store.follow(chat.id, feed.id)
        added.append(feed.id)
    polled = await _first_answers(store, added, wait_s=wait_s)
    return Followed(
        added=len(added),
        known=len(feeds) - len(new),
        refused=len(new) - len(added),
        answered=len(polled),
        failing=sum(feed.failures > 0 for feed in polled),
    )


async def _first_answers(store: Store, feed_ids: Sequence[int], *, wait_s: float) -> list[Feed]:
    """Those of the feeds that were polled; waits until all of them were, at most ``wait_s`` seconds."""
    waiting, polled = set(feed_ids), []
    for _turn in range(round(wait_s / _LOOK_AGAIN_S)):
        for feed_id in sorted(waiting):
            feed = await store.feed(feed_id)
            if feed is None or feed.last_polled_at is not None:
                waiting.discard(feed_id)
                polled += [feed] if feed is not None else []
        if not waiting:
            break
        await asyncio.sleep(_LOOK_AGAIN_S)
    return polled


def _newest(feed: ParsedFeed) -> tuple[ParsedEntry, ...]:
    """The newest entries of a document; those without a date come last."""
    dated = sorted(
        feed.entries, key=lambda entry: entry.published_at.timestamp() if entry.published_at else 0, reverse=True
    )
    return tuple(dated[:NEWEST_SHOWN])


async def _bring_along(chat: Chat, samples: Store, real: Parts) -> Chat:
    """The chat as the real store knows it, with what it chose and the topics that it watched while samples played."""
    now = real.clock.now()
    mine = await real.store.chat_at(chat.address, title=chat.title, now=now)
    if await real.store.settings_of(mine.id) == ChatSettings():
        chosen = await samples.settings_of(chat.id)
        held_until = releases(ChatSettings(), chosen, now)
        await real.store.put_settings(mine.id, chosen, held_until=held_until, now=now)
    for concept in await samples.concepts_of(chat.id):
        await real.store.put_concept(replace(concept, chat_id=mine.id))
    wanted = {row.topic_id for row in await samples.subscriptions_of(chat.id)}
    for topic in await samples.topics_of(chat.id):
        if await real.store.topic_named(mine.id, topic.name) is None:
            brought = replace(topic, id=UNSAVED, chat_id=mine.id, created_at=now)
            await real.store.add_topic(brought, alerts=topic.id in wanted)
    return mine
