"""The outside world of a simulation: events, outlets that tell of them, and a network that fails, all from one seed.

Every event has a word of its own in its headline, so that whoever was told of it can be asked. Nothing here knows the
bot beyond the port that fetches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from bot.errors import FetchError, HttpStatusError
from bot.feeds.fetch import Fetched

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

SYLLABLES: Final = (
    "ba",
    "dor",
    "fen",
    "gli",
    "hua",
    "jat",
    "kel",
    "lom",
    "mir",
    "nox",
    "pra",
    "qui",
    "ros",
    "tav",
    "vel",
    "zun",
)
ENTRIES_SHOWN: Final = 8
RETRY_AFTER_S: Final = 1800.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens: who tells it, when, and about which subject. ``goes_on`` names the event it develops."""

    word: str
    subject: str
    at: datetime
    headline: str
    text: str
    outlets: tuple[int, ...]
    names: tuple[str, ...] = ()
    goes_on: str | None = None


class Vice:
    """What is wrong with an outlet's feed."""

    NONE: Final = "none"
    NEW_IDS: Final = "its ids change at every fetch"
    NO_IDS: Final = "it gives no ids and no dates"
    FUTURE: Final = "it dates its posts tomorrow"
    OLD_AGAIN: Final = "it brings old posts again"
    ALL: Final = (NEW_IDS, NO_IDS, FUTURE, OLD_AGAIN)


@dataclass
class Outlets:
    """The feeds of a simulated world: a ``Fetcher`` that answers from the events so far.

    ``faults`` is the share of requests that go wrong while ``failing``. ``asked`` are those that were asked since it
    was last emptied.
    """

    random: Random
    now: Callable[[], datetime]
    events: dict[int, list[Event]]
    vices: dict[int, str]
    faults: float = 0.1
    failing: bool = True
    shown: int = ENTRIES_SHOWN
    requests: int = 0
    asked: set[int] = field(default_factory=set)
    on_too_soon: Callable[[str], None] = lambda _: None
    blocked_until: dict[int, datetime] = field(default_factory=dict)

    def url(self, outlet: int) -> str:
        """The address of an outlet's feed."""
        return f"https://outlet{outlet}.example/feed"

    async def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, max_bytes: int = 0
    ) -> Fetched:
        """As ``bot.feeds.fetch.Fetcher.get``."""
        del last_modified, max_bytes
        self.requests += 1
        outlet = int(url.removeprefix("https://outlet").partition(".")[0])
        now = self.now()
        self.asked.add(outlet)
        if now < self.blocked_until.get(outlet, now):
            self.on_too_soon(url)
        if self.failing and self.random.random() < self.faults:
            self._fail(outlet, url)
            body = self._document(outlet, now)
            return Fetched(200, body[: self.random.randrange(len(body))], url)  # cut off on the way
        shown = self._shown(outlet, now)
        version = f'"{len(shown)}-{shown[-1].word if shown else ""}"'
        if etag == version and self.vices.get(outlet) is None:
            return Fetched(304, b"", url, etag=version)
        return Fetched(200, self._document(outlet, now), url, etag=version, content_type="application/rss+xml")

    def forget(self, outlet: int) -> None:
        """The bot died before it could write down how long this one asked it to wait."""
        self.blocked_until.pop(outlet, None)

    def clock_set_forward(self) -> None:
        """The bot's clock runs ahead: that it waits less than it was asked to is not its fault."""
        self.blocked_until.clear()

    def _fail(self, outlet: int, url: str) -> None:
        """One of the ways in which a request ends without a body; sometimes none of them."""
        match self.random.randrange(5):
            case 0:
                raise FetchError(f"{url} takes no connection")
            case 1:
                raise FetchError(f"{url} did not answer in full within 30 s")
            case 2:
                self.blocked_until[outlet] = self.now() + timedelta(seconds=RETRY_AFTER_S)
                raise HttpStatusError("answered 429", status=429, retry_after_s=RETRY_AFTER_S)
            case 3:
                raise HttpStatusError("answered 503", status=503)

    def _shown(self, outlet: int, now: datetime) -> list[Event]:
        return [event for event in self.events.get(outlet, ()) if event.at <= now]

    def _document(self, outlet: int, now: datetime) -> bytes:
        shown = self._shown(outlet, now)
        vice = self.vices.get(outlet)
        newest = shown[-self.shown :]
        if vice == Vice.OLD_AGAIN and self.random.random() < 0.2:
            newest = [*self.random.sample(shown, k=min(len(shown), 3)), *newest]
        return _rss(outlet, [self._item(outlet, event, vice) for event in reversed(newest)])

    def _item(self, outlet: int, event: Event, vice: str | None) -> str:
        guid = f"<guid isPermaLink='false'>{event.word}-{outlet}</guid>"
        if vice == Vice.NEW_IDS:
            guid = f"<guid isPermaLink='false'>{self.random.getrandbits(60)}</guid>"
        at = event.at + timedelta(days=1) if vice == Vice.FUTURE else event.at
        date = f"<pubDate>{format_datetime(at)}</pubDate>"
        if vice == Vice.NO_IDS:
            guid = date = ""
        link = f"<link>https://outlet{outlet}.example/{event.word}</link>"
        text = f"<description>{escape(event.text)}</description>"
        return f"<item><title>{escape(event.headline)}</title>{link}{guid}{date}{text}</item>"


def _rss(outlet: int, items: list[str]) -> bytes:
    head = f"<rss version='2.0'><channel><title>Outlet {outlet}</title><link>https://outlet{outlet}.example/</link>"
    return f"<?xml version='1.0'?>{head}{''.join(items)}</channel></rss>".encode()


def word(random: Random, syllables: int) -> str:
    """A word that stands in no language."""
    return "".join(random.choice(SYLLABLES) for _ in range(syllables)).capitalize()


def event(
    random: Random, *, number: int, subject: str, at: datetime, outlets: tuple[int, ...], before: Event | None = None
) -> Event:
    """An event whose words and names are its own, so that nothing groups it with another; only its subject is shared.

    Where it continues an earlier one, its last sentence names whom that was about. That is enough for a backstory, and
    too little to pass for the earlier event told again, even in a feed that dates nothing.
    """
    own = f"{word(random, 3)}{number}"
    names = (word(random, 4), word(random, 4))
    words = [word(random, 4).lower() for _ in range(20)]
    headline = f"{words[0].capitalize()} {own} {words[1]} {subject} {words[2]}"
    told = [words[3].capitalize(), words[4], names[0], *words[5:7], names[1], *words[7:12], subject, *words[12:]]
    text = f"{' '.join(told)} {own}."
    if before is not None:
        text += f" {word(random, 4)} {word(random, 4).lower()} {', '.join(before.names)}."
    return Event(own, subject, at, headline, text, outlets, names)


def development(random: Random, of: Event, *, number: int, at: datetime, outlets: tuple[int, ...]) -> Event:
    """An event of before, told with what has happened since on top."""
    own = f"{word(random, 3)}{number}"
    names = (word(random, 4), word(random, 4))
    new = [word(random, 4).lower() for _ in range(12)]
    headline = f"{new[0].capitalize()} {own} {of.subject} {' '.join(of.names)}"
    text = f"{new[1].capitalize()} {new[2]} {names[0]} {new[3]} {names[1]} {' '.join(new[4:])} {own}. {of.text}"
    return Event(own, of.subject, at, headline, text, outlets, (*of.names, *names), of.word)
