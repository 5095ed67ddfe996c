"""What handlers may ask for beyond the store: the few things that touch feeds and the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.chats.chat import Inbound, Place
    from bot.model import Chat, Feed, FeedLink, FeedList, MessageRef, ParsedEntry, Topic
    from bot.store.port import Store
    from bot.topics.backtest import Backtest, Trial
    from bot.topics.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class AddedFeed:
    """A feed that now serves the chat. ``newest`` are up to three of its entries; ``known`` if the chat had it before.

    ``left_samples`` is True where this was the first real feed: the sample coverage ends, the chat's topics came along.
    """

    feed: Feed
    entries: int
    newest: tuple[ParsedEntry, ...]
    known: bool = False
    left_samples: bool = False


@dataclass(frozen=True, slots=True)
class FeedPreview:
    """A feed as it answers now: ``entries`` counts what it holds, ``newest`` are up to three of them."""

    url: str
    title: str
    entries: int
    newest: tuple[ParsedEntry, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a list of feeds: how many are new to the chat, were there before, and found no room.

    ``answered`` of the new ones were polled before the answer was given, ``failing`` of them in vain.
    """

    added: int
    known: int
    refused: int
    answered: int = 0
    failing: int = 0
    left_samples: bool = False


@dataclass(frozen=True, slots=True)
class Backfill:
    """What a topic finds in the archive: how many entries match, in how many stories."""

    entries: int
    stories: int


class Desk(Protocol):
    """The services behind the handlers; built by ``bot.app``, replaced by a fake in tests."""

    @property
    def store(self) -> Store:
        """The store."""
        ...

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon that queries are parsed with."""
        ...

    @property
    def sample_mode(self) -> bool:
        """Whether the bundled sample coverage plays instead of real feeds."""
        ...

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        ...

    async def link_to(self, ref: MessageRef) -> str | None:
        """The https address of a message that the bot sent; None where it has none. Never raises."""
        ...

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        """A channel that this person may have alerts sent to. Raises CommandError with the reason why not."""
        ...

    async def add_feed(self, chat: Chat, url: str) -> AddedFeed:
        """Fetch and check a feed, then let it serve the chat. Raises FetchError, FeedParseError or CommandError."""
        ...

    async def preview_feed(self, url: str) -> FeedPreview:
        """Fetch an address and read it as a feed, storing nothing. Raises FetchError or FeedParseError."""
        ...

    async def feeds_on_page(self, url: str) -> tuple[FeedLink, ...]:
        """The feeds that a web page names, or that stand where sites usually keep them. Raises FetchError."""
        ...

    def packs(self) -> Mapping[str, FeedList]:
        """The curated lists of feeds by name, in the order in which they are offered."""
        ...

    async def read_feed_list(self, data: bytes) -> FeedList:
        """Read an OPML file. Raises FeedParseError."""
        ...

    def write_feed_list(self, feeds: Sequence[FeedLink], *, title: str) -> bytes:
        """An OPML file of these feeds."""
        ...

    async def follow_feeds(self, chat: Chat, feeds: Sequence[FeedLink]) -> Followed:
        """Let a list of feeds serve the chat, and wait a little for their first answers."""
        ...

    async def backtest(self, chat: Chat, trial: Trial) -> Backtest:
        """Try a query on the past entries that this chat may see. Raises QueryError."""
        ...

    async def backfill(self, *topics: Topic) -> Backfill:
        """Match the archive against topics and group what it finds into stories, silently."""
        ...
