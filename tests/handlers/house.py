"""A chat house for the handlers' tests: the real dispatcher and store, and a desk whose outside world is scripted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.chats.chat import Inbound, Place
from bot.errors import CommandError
from bot.feeds.opml import read_opml, write_opml
from bot.model import (
    UNSAVED,
    Address,
    Feed,
    MessageRef,
    ParsedEntry,
    Platform,
)
from bot.packs import packs
from bot.speech import speaking
from bot.workers.backtests import Backtester
from handlers.dispatch import Dispatcher
from handlers.ports import AddedFeed, Backfill, FeedPreview, Followed
from tests.handlers.told import NOW, ToldStory, tell_story

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.chats.message import Button, Message
    from bot.model import Chat, FeedLink, FeedList, Topic
    from bot.store.port import Store
    from bot.topics.backtest import Backtest, Trial
    from bot.topics.lexicon import Lexicon

HOME = Address(Platform.CONSOLE, "home")
AWAY = Address(Platform.TELEGRAM, "-100200")
FEED_URL = "https://news.example.org/rss"


_NEWEST = tuple(
    ParsedEntry(f"g{day}", f"https://news.example.org/{day}", f"Headline {day}", "", datetime(2024, 6, day, tzinfo=UTC))
    for day in (19, 18, 17)
)


class ScriptedDesk:
    """The handlers' services: a real store and lexicon, feeds that answer as told, and an archive of known size."""

    def __init__(self, store: Store, lexicon: Lexicon) -> None:
        self.store = store
        self.lexicon = lexicon
        self.sample_mode = False
        self.found = Backfill(entries=0, stories=0)
        self.feed_fault: Exception | None = None
        self.left_samples = False
        self.on_page: dict[str, tuple[FeedLink, ...]] = {}
        self.message_links: dict[str, str] = {}
        self.backfilled: list[str] = []
        self.places: dict[str, Place] = {}

    def now(self) -> datetime:
        return NOW

    async def find_place(self, inbound: Inbound, name: str) -> Place:  # noqa: ARG002 - the port's signature
        if name not in self.places:
            raise CommandError(f"Only an admin of {name} can have alerts sent there.")
        return self.places[name]

    async def link_to(self, ref: MessageRef) -> str | None:
        return self.message_links.get(ref.message_id)

    async def add_feed(self, chat: Chat, url: str) -> AddedFeed:
        if self.feed_fault is not None:
            raise self.feed_fault
        known = any(feed.url == url for feed in await self.store.feeds_of(chat.id))
        feed = await self.store.add_feed(Feed(UNSAVED, url, "Example News", next_poll_at=NOW + timedelta(minutes=15)))
        await self.store.follow(chat.id, feed.id)
        return AddedFeed(feed, 25, _NEWEST, known=known, left_samples=self.left_samples)

    async def backtest(self, chat: Chat, trial: Trial) -> Backtest:
        return await Backtester(self.store, self.lexicon).run(trial, now=NOW, chat_id=chat.id)

    async def backfill(self, *topics: Topic) -> Backfill:
        self.backfilled += [topic.query for topic in topics]
        return self.found

    async def preview_feed(self, url: str) -> FeedPreview:
        if self.feed_fault is not None:
            raise self.feed_fault
        return FeedPreview(url, "Example News", 25, _NEWEST)

    async def feeds_on_page(self, url: str) -> tuple[FeedLink, ...]:
        return self.on_page.get(url, ())

    def packs(self) -> Mapping[str, FeedList]:
        return packs()

    async def read_feed_list(self, data: bytes) -> FeedList:
        return read_opml(data)

    def write_feed_list(self, feeds: Sequence[FeedLink], *, title: str) -> bytes:
        return write_opml(feeds, title=title, now=NOW)

    async def follow_feeds(self, chat: Chat, feeds: Sequence[FeedLink]) -> Followed:
        here = {feed.url for feed in await self.store.feeds_of(chat.id)}
        new = [feed for feed in feeds if feed.url not in here]
        for link in new:
            feed = await self.store.add_feed(Feed(UNSAVED, link.url, link.title, next_poll_at=NOW))
            await self.store.follow(chat.id, feed.id)
        return Followed(len(new), len(feeds) - len(new), 0, answered=len(new))


@dataclass
class House:
    """A dispatcher with its desk, and short ways to say something in a chat."""

    desk: ScriptedDesk
    admins: set[str] = field(default_factory=lambda: {"owner"})
    lang: str = "en"

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(self.desk, self._may_change)

    async def _may_change(self, inbound: Inbound) -> bool:
        return inbound.private or inbound.user_id in self.admins

    async def say(self, text: str, at: Address = HOME, *, replied_to: MessageRef | None = None) -> tuple[Message, ...]:
        """What a private chat is told about a text."""
        return await self._told(Inbound(at, "owner", text=text, replied_to=replied_to, lang=self.lang))

    async def press(self, data: str, at: Address = HOME) -> tuple[Message, ...]:
        """What a private chat is told about a press."""
        return await self._told(Inbound(at, "owner", data=data, lang=self.lang))

    async def in_group(self, user_id: str, text: str, at: Address = AWAY) -> tuple[Message, ...]:
        """What a group is told about a member's text."""
        return await self._told(Inbound(at, user_id, text=text, private=False, lang=self.lang))

    async def _told(self, inbound: Inbound) -> tuple[Message, ...]:
        with speaking(None):  # what is spoken goes on to be spoken, and must not in the next test
            return tuple(reply.message for reply in await self.dispatcher.handle(inbound))

    async def chat(self, at: Address = HOME) -> Chat:
        """The chat at an address."""
        return await self.desk.store.chat_at(at, title="", now=NOW)

    async def topic(self, name: str, at: Address = HOME) -> Topic:
        """The topic of that name, which must be there."""
        topic = await self.desk.store.topic_named((await self.chat(at)).id, name)
        assert topic is not None
        return topic

    async def tell_story(self, topic: Topic, at: Address = HOME) -> ToldStory:
        """Let a story with one link match the topic, and its alert be sent to the chat."""
        return await tell_story(self.desk.store, await self.chat(at), topic)


def texts(messages: tuple[Message, ...]) -> str:
    """Everything that was said, as plain text."""
    return "\n".join(message.plain_text for message in messages)


def pressable(messages: tuple[Message, ...]) -> list[Button]:
    """Every button, in order."""
    return [button for message in messages for row in message.buttons for button in row]


def button(messages: tuple[Message, ...], label: str) -> Button:
    """The button with that label, which must be there."""
    return next(button for button in pressable(messages) if button.label == label)
