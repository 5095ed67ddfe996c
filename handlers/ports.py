"""What handlers may ask for beyond the store: the few things that touch feeds and the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Chat, Feed, ParsedEntry, Topic
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

    async def add_feed(self, chat: Chat, url: str) -> AddedFeed:
        """Fetch and check a feed, then let it serve the chat. Raises FetchError, FeedParseError or CommandError."""
        ...

    async def backtest(self, chat: Chat, trial: Trial) -> Backtest:
        """Try a query on the past entries that this chat may see. Raises QueryError."""
        ...

    async def backfill(self, topic: Topic) -> Backfill:
        """Match the archive against a topic and group what it finds into stories, silently."""
        ...
