"""The first day of a newcomer, played on a platform as one conversation, and written down as it was seen.

From /start with an empty store over a topic and a list of feeds to an alert, what becomes of it, and what is held. The
whole bot runs: real adapters, a real feed server, a real database file. Its clock stands still but for what a step
says, so that the same conversation gives the same transcript.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from bot import settings
from bot.app import Bot
from bot.chats.pacing import Rate
from bot.model import FeedLink, FeedList
from tests.golden.shown import Shown, shown_by
from tests.pipeline import people
from tests.pipeline.feed_server import Answer, Item, feed_server, rss

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from bot.chats.chat import ChatPort
    from bot.model import Platform
    from bot.settings import Settings
    from tests.pipeline.feed_server import FeedServer
    from tests.pipeline.people import Person

    Seat = Callable[[Settings], AbstractAsyncContextManager[tuple[Settings, dict[Platform, ChatPort], Person]]]

TOPIC: Final = "DPRK-Russia arms"
MORNING: Final = datetime(2024, 6, 19, 9, 0, tzinfo=UTC)
HARBOUR: Final = "Harbour Wire"
MERIDIAN: Final = "Meridian Post"
_LOOK_S: Final = 0.02
_PATIENCE_S: Final = 20.0
_QUIET_S: Final = 0.2
"""A step is over once nothing more was shown for so long."""


@dataclass(frozen=True)
class Post:
    """What an outlet publishes, ``ago`` before it is first seen."""

    outlet: str
    title: str
    text: str
    ago: timedelta = timedelta(minutes=10)


SHELLS: Final = Post(
    HARBOUR,
    "North Korea has shipped 1,000 containers of munitions to Russia, White House says",
    "The White House said North Korea had shipped more than 1,000 containers of munitions to Russia by rail and sea. "
    "Spokesman John Kirby showed pictures of containers being loaded in Rajin for a port in Russia.",
    timedelta(days=250),
)
FISH: Final = Post(
    MERIDIAN,
    "South Korea and Russia agree on pollock quotas",
    "Seoul and Moscow agreed on how much pollock South Korean boats may take in Russian waters next year.",
    timedelta(hours=3),
)
PACT: Final = Post(
    HARBOUR,
    "Putin and Kim sign defence treaty, agree on weapons supplies",
    "Kim Jong Un and Vladimir Putin signed a treaty in Pyongyang on Wednesday that binds North Korea and Russia to "
    "help each other if attacked. The two leaders also agreed on supplies of weapons and munitions. The White House "
    "had said that North Korea shipped containers of munitions to Russia.",
)
PACT_AGAIN: Final = Post(
    MERIDIAN,
    "Kim and Putin sign defence treaty in Pyongyang",
    "North Korea and Russia will come to each other's aid if attacked, under a treaty that Vladimir Putin and Kim Jong "
    "Un signed in Pyongyang on Wednesday. Moscow officials spoke of weapons supplies as well.",
)
RATIFIED: Final = Post(
    MERIDIAN,
    "Moscow ratifies defence treaty of Putin and Kim",
    "Vladimir Putin and Kim Jong Un signed a treaty in Pyongyang on Wednesday that binds North Korea and Russia to "
    "help each other if either is attacked. Lawmakers in Moscow ratified the treaty hours later by 397 votes to none. "
    "President Yoon Suk Yeol of South Korea said that Seoul would send 155 mm shells to Ukraine in answer.",
)
DRONES: Final = Post(
    HARBOUR,
    "North Korea sends artillery rockets to Russian depot, satellite pictures show",
    "Satellite pictures show crates of artillery rockets from North Korea at a Russian ammunition depot in Tikhoretsk, "
    "researchers in London said. They counted 40 wagons within two weeks.",
)
MISSILES: Final = Post(
    MERIDIAN,
    "Russia pays North Korea for ballistic missiles with oil, Seoul says",
    "Russia has sent North Korea more than 1 million barrels of oil in exchange for ballistic missiles, South Korea's "
    "defence ministry said. The oil left the port of Vostochny on North Korean tankers.",
)


class StandingClock:
    """A clock that moves when it is told to."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass
class Outlets:
    """The feeds of the outlets on a local server, and the list that holds them."""

    server: FeedServer
    clock: StandingClock
    posts: list[tuple[Post, datetime]] = field(default_factory=list)

    def publish(self, *posts: Post) -> None:
        self.posts = [(post, self.clock.at - post.ago) for post in posts] + self.posts
        for outlet in (HARBOUR, MERIDIAN):
            items = [
                Item(
                    post.title,
                    f"https://{outlet.split()[0].lower()}.example/{at:%Y/%m/%d}/{len(post.title)}",
                    guid=post.title,
                    date=format_datetime(at),
                    description=post.text,
                )
                for post, at in self.posts
                if post.outlet == outlet
            ]
            self.server.serve(f"/{outlet.split()[0]}", Answer(rss(*items, title=outlet)))

    def packs(self) -> dict[str, FeedList]:
        links = tuple(FeedLink(self.server.url(f"/{outlet.split()[0]}"), outlet) for outlet in (HARBOUR, MERIDIAN))
        return {
            "korea": FeedList("Korea", links, "North Korea and South Korea."),
            "world": FeedList("World", links[1:], "News from everywhere."),
        }


@dataclass(frozen=True)
class Database:
    """The bot's own file, looked into from outside."""

    path: Path

    def stored(self) -> int:
        """How many entries are in it."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM entries").fetchone()
        return int(count)


@dataclass
class Play:
    """A conversation under way: what the person did and saw, and the news that they did not make."""

    person: Person
    clock: StandingClock
    outlets: Outlets
    database: Database
    log: list[str | Shown] = field(default_factory=list)

    def seen(self) -> list[Shown]:
        return [each for each in self.log if isinstance(each, Shown)]

    async def write(self, command: str, *words: str) -> None:
        """The person writes; ``words`` are in what comes back."""
        self.log.append(f"> {command}")
        await self.person.write(command)
        await self._see(words)

    async def tap(self, label: str, *words: str) -> None:
        """The person presses the newest button of this label."""
        self.log.append(f"> [{label}]")
        await self.person.tap(label)
        await self._see(words)

    async def later(self, wait: timedelta, *posts: Post, words: tuple[str, ...] = ()) -> None:
        """Time passes, and then these posts are out."""
        self.clock.at += wait
        told = ", ".join(f"{post.outlet}: {post.title}" for post in posts)
        self.log.append(f"({self.clock.at:%d %b, %H:%M}{'; ' if told else ''}{told})")
        self.outlets.publish(*posts)
        async with asyncio.timeout(_PATIENCE_S):
            while self.database.stored() < len(self.outlets.posts):  # noqa: ASYNC110 - another connection writes
                await asyncio.sleep(_LOOK_S)
        await self._see(words)

    async def _see(self, words: tuple[str, ...]) -> None:
        """Wait until these words came up, and then until nothing more does."""
        before = len(self.seen())
        new: list[Shown] = []
        still_s, left_s = 0.0, _PATIENCE_S
        while still_s < _QUIET_S or not all(any(word in each.text for each in new) for word in words):
            await asyncio.sleep(_LOOK_S)
            now = shown_by(self.person)[before:]
            still_s = still_s + _LOOK_S if len(now) == len(new) else 0.0
            new, left_s = now, left_s - _LOOK_S
            if left_s < 0:
                raise AssertionError(f"never shown: {words}; shown: {[each.text for each in new]}")
        self.log += new


@asynccontextmanager
async def stage(seat: Seat, folder: Path) -> AsyncIterator[Play]:
    """The bot with an empty store, somebody on a platform, and outlets that have published before."""
    clock = StandingClock()
    base = settings.load(
        {
            "BACKSTORY_DATA_DIR": str(folder / "data"),
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "BACKSTORY_COMMANDS_PER_MIN": "100",  # as for pacing below
            "BACKSTORY_POLL_MIN_S": "60",
            "BACKSTORY_POLL_MAX_S": "60",
        },
        folder=folder,
    )
    async with AsyncExitStack() as stack:
        outlets = Outlets(await stack.enter_async_context(feed_server()), clock)
        outlets.publish(SHELLS, FISH)
        # A newcomer reads between two presses; a test does not, so nothing is paced here.
        for name in ("telegram._PRIVATE_RATE", "slack_web._CHANNEL_RATE", "slack_web._EDIT_RATE"):
            stack.enter_context(patch(f"bot.chats.{name}", Rate(0.001)))
        stack.enter_context(patch("bot.app.SystemClock", lambda: clock))
        stack.enter_context(patch("bot.desk.packs", outlets.packs))
        configured, chats, person = await stack.enter_async_context(seat(base))
        await stack.enter_async_context(Bot(configured, chats, sample_mode=False))
        yield Play(person, clock, outlets, Database(folder / "data" / "backstory.db"))


async def first_day(play: Play) -> None:
    """What the newcomer does, and what happens meanwhile."""
    await play.write("/start", "What do you want to follow?".lower())
    await play.tap(TOPIC, "@dprk & @russia & @arms", "until you save it")
    await play.tap("Save", "Now watching", "where should the news come from")
    await play.tap("Follow Korea", "2 new feeds", SHELLS.title)
    await play.later(timedelta(minutes=30), PACT, words=(PACT.title, "Earlier:", SHELLS.title))
    await play.tap("Why", "scored")
    await play.tap("Earlier", SHELLS.title)
    await play.later(timedelta(hours=1), PACT_AGAIN)
    await play.later(timedelta(minutes=1), words=("2 origins",))
    await play.later(timedelta(hours=5), RATIFIED, words=("Update: ", RATIFIED.title))
    await play.tap("Timeline", "stories")
    await play.tap("Mute", "What should be silent")
    await play.tap("Topic DPRK-Russia arms, 8 h", "muted until", "missed")
    await play.later(timedelta(hours=2), DRONES)
    await play.write("/missed", "1 muted")
    await play.write("/unmute all", "is no longer muted")
    await play.tap("Show what was muted", DRONES.title)
    await play.write("/digest daily 08:00", "daily at 08:00")
    await play.later(timedelta(hours=4), MISSILES)
    await play.write("/missed", MISSILES.title)
    await play.later(timedelta(hours=12), words=(MISSILES.title,))
    await play.write("/missed", "Nothing was missed")
    await play.write("/topics", TOPIC)
    await play.write("/status", "2 feeds")
    await play.write("/topcs", "Did you mean")


SEATS: Final[dict[str, Seat]] = {"console": people.console, "telegram": people.telegram, "slack": people.slack}


def kept(platform: str) -> Path:
    """The file that holds what the first day looks like on a platform."""
    return Path(__file__).parent / f"first_day.{platform}.txt"


async def transcript(platform: str, folder: Path) -> str:
    """Play the first day on a platform, and write down what was done and seen."""
    async with stage(SEATS[platform], folder) as play:
        await first_day(play)
    return "\n\n".join(map(str, play.log)) + "\n"
