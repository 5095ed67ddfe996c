"""A busy little world for one real bot: outlets that publish, a Telegram that takes messages, people who type.

The words are invented, from a vocabulary as large as a newspaper's, few of them frequent and most of them rare, as in
any language: what a bot remembers of words is full after a while. Each chat watches one subject and a few words, one of
which goes for each that comes: a bot that watches for more needs more. The chats speak all of the bot's languages: what
a language needs is loaded once, by the first that speaks it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from bot.model import UNSAVED, Address, Feed, Platform, Subscription, Topic
from bot.preferences import ChatSettings
from bot.speech import LANGUAGES
from bot.store.sql import open_store
from tests.doubles.bot_api import User
from tests.pipeline.feed_server import Answer, Item, rss

if TYPE_CHECKING:
    from random import Random

    from tests.doubles.bot_api import BotApi
    from tests.pipeline.feed_server import FeedServer

FEEDS: Final = 60
CHATS: Final = 20
SHOWN: Final = 40
ENTRY_EVERY_S: Final = 1.0
COMMAND_EVERY_S: Final = 2.0
WATCHED: Final = 3
FIRST_CHAT: Final = 7001
ADD: Final = "/topics add {word} = {word} & {other}"
_SYLLABLES: Final = tuple(a + b for a in "bdfgklmnprstvz" for b in "aeiou")
_WORDS: Final = tuple("".join(syllables) for syllables in islice(product(_SYLLABLES, repeat=4), 0, None, 1201))
_COMMANDS: Final = (
    "/topics",
    "/topics show {word}",
    "/topics test {word}",
    ADD,
    "/topics remove {word}",
    "/subscribe",
    "/feeds",
    "/latest",
    "/search {word}",
    "/search {other} -{word}",
    "/why",
    "/earlier",
    "/story",
    "/timeline {topic}",
    "/whynot https://outlet.example/{word}",
    "/missed",
    "/mute {topic} 1h",
    "/unmute all",
    "/digest",
    "/settings",
    "/lexicon {word}",
    "/export topics",
    "/status",
    "/help",
    "/help queries",
    "{word}?",
)


@dataclass
class World:
    """Outlets and people, ``rate`` times as busy as usual. ``published`` counts entries, ``typed`` commands."""

    api: BotApi
    feeds: FeedServer
    random: Random
    rate: float = 1.0
    published: int = 0
    typed: int = 0
    _shown: dict[int, deque[Item]] = field(default_factory=dict)
    _watched: dict[int, list[str]] = field(default_factory=dict)

    async def set_up(self, database: str) -> None:
        """Chats with their topics, and feeds."""
        now = datetime.now(UTC)
        store = await open_store(database)
        for number in range(FEEDS):
            self._shown[number] = deque(maxlen=SHOWN)
            url = self._serve(number)
            await store.add_feed(Feed(UNSAVED, url, f"Outlet {number}", now, shared=True, baselined=True))
        spoken = tuple(LANGUAGES)
        for number in range(CHATS):
            self.api.open_private(FIRST_CHAT + number)
            address = Address(Platform.TELEGRAM, str(FIRST_CHAT + number))
            chat = await store.chat_at(address, title="", now=now)
            await store.put_settings(chat.id, ChatSettings(lang=spoken[number % len(spoken)]), held_until={}, now=now)
            self._watched[FIRST_CHAT + number] = self.random.sample(_WORDS, WATCHED)
            for word in (self._topic(number), *self._watched[FIRST_CHAT + number]):
                topic = await store.add_topic(Topic(UNSAVED, chat.id, word, word, now))
                await store.subscribe(Subscription(chat.id, topic.id, now))
        await store.close()

    async def live(self) -> None:
        """Publish and type until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._publish())
            group.create_task(self._type())

    async def _publish(self) -> None:
        while True:
            outlet, chat = self.random.randrange(FEEDS), self.random.randrange(CHATS)
            title = f"{self._words(2)} {self._topic(chat)} {self._words(6)}".capitalize()
            said = [self._words(12) for _ in range(6)]
            body = (
                ". ".join(map(str.capitalize, (*said, f"{self._words(4)} {self._topic(chat)} {self.published}"))) + "."
            )
            # Pages lie beside the feed, so that the bot reads them as it does everywhere.
            link = self.feeds.serve(
                f"/page/{self.published % 500}", Answer(_page(title, body), content_type="text/html")
            )
            link = f"{link}?{self.published}"
            date = format_datetime(datetime.now(UTC))
            self._shown[outlet].appendleft(Item(title, link, guid=f"n{self.published}", date=date, description=body))
            self._serve(outlet)
            self.published += 1
            await asyncio.sleep(ENTRY_EVERY_S / self.rate)

    async def _type(self) -> None:
        while True:
            number = self.random.randrange(CHATS)
            person = User(FIRST_CHAT + number)
            if self.random.random() < 0.15:
                await self._press(person)
            else:
                words = {"word": self._word(), "other": self._word(), "topic": self._topic(number)}
                command = self.random.choice(_COMMANDS)
                await self.api.say(command.format(**words), person)
                if command == ADD:
                    watched = self._watched[person.id]
                    watched.append(words["word"])
                    await self.api.say(f"/topics remove {watched.pop(0)}", person)
            self.typed += 1
            await asyncio.sleep(COMMAND_EVERY_S / self.rate)

    async def _press(self, person: User) -> None:
        mine = (sent for sent in reversed(self.api.sent) if sent.chat == person.id and sent.keyboard)
        sent = next(mine, None)
        keys = (
            []
            if sent is None
            else [key["callback_data"] for row in sent.keyboard for key in row if "callback_data" in key]
        )
        if sent is not None and keys:
            await self.api.press(sent, self.random.choice(keys), person)

    def _serve(self, number: int) -> str:
        document = rss(*self._shown[number], title=f"Outlet {number}")
        return self.feeds.serve(f"/{number}", Answer(document, etag=f'"{self.published}"'))

    def _topic(self, number: int) -> str:
        return "qu" + "".join(_SYLLABLES[(FIRST_CHAT + number) // 70**place % 70] for place in range(3)) + "x"

    def _words(self, count: int) -> str:
        return " ".join(self._word() for _ in range(count))

    def _word(self) -> str:
        return _WORDS[int(len(_WORDS) ** self.random.random()) - 1]


def _page(title: str, body: str) -> bytes:
    paragraphs = "".join(f"<p>{body}</p>" for _ in range(3))
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{paragraphs}</article></body></html>".encode()
