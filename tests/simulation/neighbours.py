"""Do feeds that misbehave slow down those that do not? The same hours twice: with 30% of the feeds faulty, and without.

Here time is virtual but work overlaps as it does in the bot: the real loops with their real numbers of workers run on
an event loop whose clock jumps to the next thing that is due. A drip holds its worker for as long as the fetcher would,
a name that is slow to find for as long as a look-up may take. What takes real time stays outside: threads that hang in
look-ups (``tests/feeds/test_lookups.py``) and processes that read for too long (``tests/feeds/test_parsers.py``).
"""

from __future__ import annotations

import asyncio
import heapq
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, Final, cast

from bot import limits
from bot.errors import FetchError, HttpStatusError, TooLargeError
from bot.feeds.fetch import Fetched
from bot.feeds.parsers import Parsers
from bot.model import UNSAVED, Feed, Platform, Subscription, Topic
from bot.preferences import ChatSettings
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from bot.workers.deliver import Deliverer
from bot.workers.digests import Digester
from bot.workers.local import Loop
from bot.workers.pipeline import Pipeline
from bot.workers.poll import Poller, Source
from tests.simulation.chats import Platforms
from tests.simulation.inline import single_threaded
from tests.simulation.outlets import Event, Outlets, event
from tests.simulation.world import START

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.chats import Arrived

SUBJECTS: Final = 10
FAULTY: Final = 0.3
FLOOD: Final = 30
WARM_UP: Final = timedelta(minutes=60)
EVERY: Final = timedelta(minutes=25)
_TICK_S: Final = 20.0
_ANSWER_S: Final = 0.3
_KINDS: Final = ("429", "5xx", "drip", "bomb", "flood", "cut", "unfound", "laden")
_LADEN: Final = (
    b"<rss><channel><item " + b" ".join(b"a%d=''" % number for number in range(3000)) + b"/></channel></rss>"
)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits: when nothing is ready, its clock jumps to what is due next."""

    def __init__(self) -> None:
        super().__init__()
        self._virtual_s = 0.0

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._virtual_s

    def _run_once(self) -> None:
        waiting = self._scheduled  # type: ignore[attr-defined]
        while waiting and waiting[0]._cancelled:  # noqa: SLF001 - as the loop itself does
            heapq.heappop(waiting)._scheduled = False  # noqa: SLF001 - as above
            self._timer_cancelled_count -= 1  # type: ignore[attr-defined]
        if not self._ready and waiting:  # type: ignore[attr-defined]
            self._virtual_s = max(self._virtual_s, waiting[0]._when)  # noqa: SLF001 - as above
        super()._run_once()  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Hours:
    """What came of some hours: how late the healthy feeds' news came, and how many floods were issued and braked."""

    lags_s: tuple[float, ...]
    due: int
    floods: int
    braked: int

    @property
    def p95_s(self) -> float:
        """The lag that 19 of 20 stay below."""
        return sorted(self.lags_s)[len(self.lags_s) * 95 // 100]


@dataclass
class _Faulty(Outlets):
    """Outlets of which some go wrong at each request, each in its own way."""

    kinds: dict[int, str] = field(default_factory=dict)
    flooded: set[int] = field(default_factory=set)
    flood_at: datetime = START

    async def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, max_bytes: int = 0
    ) -> Fetched:
        kind = self.kinds.get(int(url.removeprefix("https://outlet").partition(".")[0]))
        await asyncio.sleep(_ANSWER_S)
        match kind:
            case "429":
                raise HttpStatusError("answered 429", status=429, retry_after_s=600)
            case "5xx":
                raise HttpStatusError("answered 503", status=503)
            case "drip":
                await asyncio.sleep(limits.FETCH_TOTAL_TIMEOUT_S - _ANSWER_S)
                raise FetchError("did not answer in full")
            case "unfound":
                await asyncio.sleep(limits.FETCH_CONNECT_TIMEOUT_S - _ANSWER_S)
                raise FetchError("cannot be found: looking up its name takes longer than 10 s")
            case "laden":
                return Fetched(200, _LADEN, url)
            case "bomb":
                await asyncio.sleep(1.0)
                raise TooLargeError("sent more than 10 MiB")
        fetched = await super().get(url, etag=None if kind else etag, last_modified=last_modified, max_bytes=max_bytes)
        return Fetched(200, fetched.body[: len(fetched.body) // 2], url) if kind == "cut" else fetched

    def _document(self, outlet: int, now: datetime) -> bytes:
        if self.kinds.get(outlet) != "flood" or now < self.flood_at:
            return super()._document(outlet, now)
        self.flooded.add(outlet)
        random = Random(outlet)
        anew = [
            event(random, number=10_000 + outlet * 100 + n, subject="subject0", at=now, outlets=(outlet,))
            for n in range(FLOOD)
        ]
        return _shown_at_once(self, outlet, anew, now)


def _shown_at_once(outlets: Outlets, outlet: int, events: list[Event], now: datetime) -> bytes:
    whole = Outlets(outlets.random, lambda: now, {outlet: events}, {}, shown=FLOOD)
    return whole._document(outlet, now)  # noqa: SLF001 - an outlet with another set of entries


def live(*, faulty: bool, feeds: int = 100, hours: float = 2.5, seed: int = 1) -> Hours:
    """Some hours of the bot; what the healthy feeds publish, and when, is the same whether the others are faulty."""
    loop = VirtualLoop()
    try:
        with single_threaded():
            return loop.run_until_complete(_live(loop, Random(seed), faulty=faulty, feeds=feeds, hours=hours))
    finally:
        loop.close()


async def _live(loop: VirtualLoop, random: Random, *, faulty: bool, feeds: int, hours: float) -> Hours:
    clock = _LoopClock(loop)
    end = START + timedelta(hours=hours)
    bad = set(random.sample(range(feeds), k=int(feeds * FAULTY)))
    by_outlet = {number: _published(Random(number), number, end) for number in range(feeds)}
    kinds = {number: _KINDS[place % len(_KINDS)] for place, number in enumerate(sorted(bad))} if faulty else {}
    outlets = _Faulty(random, clock.now, by_outlet, {}, failing=False, kinds=kinds, flood_at=START + WARM_UP)
    telegram = Platforms(Platform.TELEGRAM, random, clock.now, readable=False, failing=False)
    store = await open_store("sqlite://")
    parsers = Parsers()
    try:
        await _set_up(store, telegram, outlets, random, feeds)
        poller = Poller(
            store,
            Source(cast("Any", outlets), parsers),
            Pipeline(store, lexicons.load()),
            clock,
            interval_bounds_s=(limits.POLL_INTERVAL_MIN_S, limits.POLL_INTERVAL_MAX_S),
        )
        chats = cast("Any", {Platform.TELEGRAM: telegram})
        loops = (
            Loop("polls", poller, size=limits.POLLS_AT_ONCE),
            Loop("deliveries", Deliverer(store, chats, clock), size=limits.CLAIM_BATCH),
            Loop("digests", Digester(store, chats, clock), size=1),
        )
        poller.on_deliveries = loops[1].wake
        for each in loops:
            each.start()
        while clock.now() < end + timedelta(minutes=30):
            await asyncio.sleep(_TICK_S)
            for each in loops:
                each.wake()
        await asyncio.gather(*(each.stop() for each in loops))
        braked = (await store.status()).counters.get("floods", 0)
    finally:
        await parsers.close()
        await store.close()
    watched = [one for number in range(feeds) if number not in bad for one in by_outlet[number]]
    measured = [one for one in watched if START + WARM_UP <= one.at < end]
    return Hours(_lags_s(measured, telegram.arrived), len(measured), len(outlets.flooded), braked)


@dataclass
class _LoopClock:
    """The loop's virtual time as a date."""

    loop: VirtualLoop

    def now(self) -> datetime:
        """The moment of the simulated day."""
        return START + timedelta(seconds=self.loop.time())


def _published(random: Random, outlet: int, end: datetime) -> list[Event]:
    """What an outlet publishes: something every so often, from long before the hours that count."""
    at = START - timedelta(hours=4) + timedelta(seconds=random.uniform(0, EVERY.total_seconds()))
    made: list[Event] = []
    while at < end:
        number = outlet * 1000 + len(made)
        made.append(event(random, number=number, subject=f"subject{number % SUBJECTS}", at=at, outlets=(outlet,)))
        at += EVERY * random.uniform(0.5, 1.5)
    return [replace(one, at=one.at.replace(microsecond=0)) for one in made]


async def _set_up(store: Any, telegram: Platforms, outlets: Outlets, random: Random, feeds: int) -> None:  # noqa: ANN401 - the store
    for number in range(feeds):
        url = outlets.url(number)
        due = START + timedelta(seconds=random.uniform(0, limits.POLL_INTERVAL_MIN_S))
        await store.add_feed(Feed(UNSAVED, url, url, due, shared=True))
    for number in range(SUBJECTS):
        chat = await store.chat_at(telegram.address(f"chat{number}"), title="", now=START)
        topic = await store.add_topic(Topic(UNSAVED, chat.id, f"s{number}", f"subject{number}", START))
        await store.subscribe(Subscription(chat.id, topic.id, START))
        await store.put_settings(chat.id, ChatSettings(cap=0), held_until={}, now=START)


def _lags_s(events: Sequence[Event], arrived: Sequence[Arrived]) -> tuple[float, ...]:
    """How long after each event its alert came; an hour for what never did."""
    at: dict[str, datetime] = {}
    for message in arrived:
        for word in islice(message.text.split(), 1, 2):
            at.setdefault(word, message.at)
    return tuple((at.get(one.word, one.at + timedelta(hours=1)) - one.at).total_seconds() for one in events)
