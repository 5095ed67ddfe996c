"""Polls beside a store that fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy.exc import InterfaceError, OperationalError

from bot import limits, memory
from bot.errors import FeedParseError, FetchError
from bot.feeds.fetch import Fetched
from bot.feeds.parsers import Parsers
from bot.model import UNSAVED, Feed, IngestPlan
from bot.store.sql import open_store
from bot.workers import poll
from bot.workers.local import Loop
from bot.workers.poll import Poller, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.model import Poll
    from bot.store.port import Store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Clock:
    def now(self) -> datetime:
        return NOW


class Away:
    """A fetcher of a network that is down."""

    async def get(self, url: str, **_: object) -> Any:  # noqa: ANN401 - it never answers
        message = f"{url} takes no connection"
        raise FetchError(message)


class Faltering:
    """A store that cannot be written for a moment."""

    def __init__(self, store: Store, faults: int) -> None:
        self._store = store
        self._faults = faults

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._store, name)

    async def record_polls(self, outcomes: Sequence[Poll]) -> None:
        if self._faults:
            self._faults -= 1
            message = "the server closed the connection"
            raise OSError(message)
        await self._store.record_polls(outcomes)


async def test_a_poll_is_written_down_as_soon_as_the_store_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "_PAUSE_AFTER_ERROR_S", 0.0)
    store = await open_store("sqlite+aiosqlite://")
    feed = await store.add_feed(Feed(UNSAVED, "https://news.example/rss", "News", NOW, shared=True))
    source = Source(cast("Any", Away()), cast("Any", None))
    failing = cast("Store", Faltering(store, faults=3))
    poller = Poller(failing, source, cast("Any", None), Clock(), interval_bounds_s=(300, 3600))
    for piece in await poller.claim(1):
        await piece
    written = await store.feed(feed.id)
    assert written is not None
    assert (written.failures, written.last_polled_at) == (1, NOW)
    await store.close()


async def test_few_places_that_are_free_are_not_worth_a_claim_while_others_are_under_way() -> None:
    store = await open_store("sqlite+aiosqlite://")
    for number in range(3):
        await store.add_feed(Feed(UNSAVED, f"https://news{number}.example/", "News", NOW, shared=True))
    poller = Poller(
        store, Source(cast("Any", Away()), cast("Any", None)), cast("Any", None), Clock(), interval_bounds_s=(300, 3600)
    )
    first = await poller.claim(1)
    assert len(first) == 1
    under_way = asyncio.create_task(cast("Any", first[0]))
    await asyncio.sleep(0)
    assert not await poller.claim(1)
    rest = await poller.claim(limits.POLLS_CLAIM)
    assert len(rest) == 2
    await asyncio.gather(under_way, *rest)
    await store.close()


class Turned:
    """A clock that a test turns."""

    at = NOW

    def now(self) -> datetime:
        return self.at


async def test_a_clock_that_is_set_back_during_a_poll_puts_no_feed_off() -> None:
    clock = Turned()
    store = await open_store("sqlite+aiosqlite://")
    feed = await store.add_feed(Feed(UNSAVED, "https://news.example/rss", "News", NOW, shared=True))

    class SetBack(Faltering):
        async def record_polls(self, outcomes: Sequence[Poll]) -> None:
            clock.at = NOW - timedelta(hours=3)
            await super().record_polls(outcomes)

    poller = Poller(
        cast("Store", SetBack(store, faults=0)),
        Source(cast("Any", Away()), cast("Any", None)),
        cast("Any", None),
        clock,
        interval_bounds_s=(300, 3600),
    )
    for piece in await poller.claim(1):
        await piece
    assert [one.id for one in await store.claim_due_feeds(now=clock.at, lease_s=60, limit=9)] == [feed.id]
    await store.close()


class Hanging:
    """A fetcher of many hosts, of which the slow one answers nobody until it is let go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let_go = asyncio.Event()

    async def get(self, url: str, **_: object) -> Any:  # noqa: ANN401 - it never answers well
        self.asked.append(url)
        if "slow" in url:
            await self.let_go.wait()
        message = f"{url} takes no connection"
        raise FetchError(message)

    @property
    def quick(self) -> int:
        """How many feeds of other hosts were asked."""
        return sum("slow" not in url for url in self.asked)


async def stocked(clock: Clock | Turned, *, slow: int) -> tuple[Store, Hanging, Poller]:
    """Feeds of one slow host that have been due for long, then three of others."""
    store, fetcher = await open_store("sqlite+aiosqlite://"), Hanging()
    for number in range(1, slow + 1):
        url, due = f"https://slow.example/{number}", NOW - timedelta(minutes=5)
        await store.add_feed(Feed(UNSAVED, url, "Slow", due, shared=True))
    for number in range(3):
        await store.add_feed(Feed(UNSAVED, f"https://quick{number}.example/", "Quick", NOW, shared=True))
    source = Source(cast("Any", fetcher), cast("Any", None))
    return store, fetcher, Poller(store, source, cast("Any", None), clock, interval_bounds_s=(300, 3600))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - the test's own time-out ends it
        await asyncio.sleep(0.001)


async def test_a_host_that_hangs_keeps_no_other_waiting() -> None:
    slow = limits.POLLS_CLAIMED + 20
    store, fetcher, poller = await stocked(Clock(), slow=slow)
    loop = Loop("polls", poller, size=limits.POLLS_CLAIMED)
    loop.start()
    await until(lambda: fetcher.quick == 3)
    assert len(fetcher.asked) == 3 + limits.CONNECTIONS_PER_HOST
    fetcher.let_go.set()
    await loop.settle()
    await loop.stop()
    assert len(set(fetcher.asked)) == len(fetcher.asked) == 3 + slow, "each is asked, and none twice"
    await store.close()


class Reading:
    """Parsers that read nothing until they are let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()

    async def feed(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - it never reads well
        await self.let_go.wait()
        message = "it is no feed"
        raise FeedParseError(message)


class Counted(Faltering):
    """A store that counts how often it is asked for what is due."""

    asked = 0

    async def claim_due_feeds(self, **asked: Any) -> tuple[Feed, ...]:  # noqa: ANN401 - as the store has it
        self.asked += 1
        return await self._store.claim_due_feeds(**asked)


async def test_a_host_is_asked_for_its_next_feed_while_the_last_is_read_and_the_store_no_more_often() -> None:
    store, _, _ = await stocked(Clock(), slow=20)
    counted, fetcher, parsers = Counted(store, faults=0), Answering(), Reading()
    source = Source(cast("Any", fetcher), cast("Any", parsers))
    poller = Poller(cast("Store", counted), source, cast("Any", None), Clock(), interval_bounds_s=(300, 3600))
    loop = Loop("polls", poller, size=limits.POLLS_CLAIMED)
    poller.on_room = loop.wake
    loop.start()
    await until(lambda: len(fetcher.asked) == 23)
    assert counted.asked == 1
    parsers.let_go.set()
    await loop.settle()
    await loop.stop()
    assert len(set(fetcher.asked)) == len(fetcher.asked) == 23, "each is asked, and none twice"
    await store.close()


async def test_a_job_ends_where_its_host_hangs_and_those_that_poll_there_go_on() -> None:
    store, fetcher, poller = await stocked(Clock(), slow=6)
    due = await store.due_feeds(now=NOW, limit=9)
    jobs = [asyncio.create_task(poller.poll_if_due(feed_id)) for feed_id in due]
    await until(lambda: sum(job.done() for job in jobs) == len(due) - limits.CONNECTIONS_PER_HOST)
    assert fetcher.quick == 3
    fetcher.let_go.set()
    await asyncio.gather(*jobs)
    assert len(set(fetcher.asked)) == len(fetcher.asked) == len(due)
    await store.close()


async def test_who_is_told_to_begin_no_more_leaves_the_line_to_others() -> None:
    store, fetcher, poller = await stocked(Clock(), slow=6)
    jobs = [asyncio.create_task(poller.poll_if_due(feed_id)) for feed_id in range(1, 7)]
    await until(lambda: len(fetcher.asked) == limits.CONNECTIONS_PER_HOST)
    await until(lambda: sum(job.done() for job in jobs) == len(jobs) - limits.CONNECTIONS_PER_HOST)
    await poller.halt()
    await poller.poll_if_due(7)
    fetcher.let_go.set()
    await asyncio.gather(*jobs)
    assert len(fetcher.asked) == limits.CONNECTIONS_PER_HOST
    assert len(await store.due_feeds(now=NOW, limit=9)) == 7
    await store.close()


@pytest.mark.parametrize(
    ("waits_s", "taken"),
    [
        pytest.param(poll._LEASE_S - 1, False, id="a lease that nearly ran out in the line"),  # noqa: SLF001 - to the second
        pytest.param(poll._LEASE_S + 1, False, id="one that ran out"),  # noqa: SLF001 - the same
        pytest.param(poll._LEASE_S + 1, True, id="one that ran out, and another has the feed"),  # noqa: SLF001 - the same
    ],
)
async def test_who_stood_in_line_begins_with_a_new_lease(waits_s: float, *, taken: bool) -> None:
    clock = Turned()
    store, fetcher, poller = await stocked(clock, slow=4)
    jobs = [asyncio.create_task(poller.poll_if_due(feed_id)) for feed_id in range(1, 5)]
    await until(lambda: sum(job.done() for job in jobs) == 2)
    before, last = fetcher.asked[:], {1, 2, 3, 4} - {int(url.rpartition("/")[2]) for url in fetcher.asked}
    clock.at += timedelta(seconds=waits_s)
    if taken:
        for feed_id in last:
            assert await store.claim_feed(feed_id, now=clock.at, lease_s=600) is not None
    fetcher.let_go.set()
    fetcher.let_go = asyncio.Event()
    if not taken:
        await until(lambda: len(fetcher.asked) == 4)
        later = clock.at + timedelta(seconds=poll._LEASE_S - 1)  # noqa: SLF001 - the same
        assert [await store.claim_feed(feed_id, now=later, lease_s=1) for feed_id in last] == [None, None]
        fetcher.let_go.set()
    await asyncio.gather(*jobs)
    assert (fetcher.asked == before) == taken
    await store.close()


@dataclass
class Asleep:
    """A fetcher whose process sleeps while it asks; then it finds the network down."""

    clock: Turned
    sleeps: timedelta

    async def get(self, url: str, **_: object) -> Any:  # noqa: ANN401 - it never answers
        self.clock.at += self.sleeps
        message = f"{url} takes no connection"
        raise FetchError(message)


@pytest.mark.parametrize(
    ("sleeps_s", "failures"),
    [
        pytest.param(poll._LEASE_S - 1, 1, id="within its lease, the fault is the feed's"),  # noqa: SLF001 - to the second
        pytest.param(poll._LEASE_S, 0, id="past its lease, another has polled it since"),  # noqa: SLF001 - the same
    ],
)
async def test_who_slept_past_a_polls_lease_puts_no_feed_off(sleeps_s: float, failures: int) -> None:
    store, clock = await open_store("sqlite+aiosqlite://"), Turned()
    feed = await store.add_feed(Feed(UNSAVED, "https://news.example/rss", "News", NOW, shared=True))
    source = Source(cast("Any", Asleep(clock, timedelta(seconds=sleeps_s))), cast("Any", None))
    poller = Poller(store, source, cast("Any", None), clock, interval_bounds_s=(300, 3600))
    await poller.poll_if_due(feed.id)
    found = await store.feed(feed.id)
    assert found is not None
    assert found.failures == failures
    await poller.poll_if_due(feed.id)  # one that failed waits; one that was left alone is anybody's
    found = await store.feed(feed.id)
    assert found is not None
    assert found.failures == failures
    await store.close()


class Answering:
    """A fetcher whose every answer is new."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def get(self, url: str, **_: object) -> Fetched:
        self.asked.append(url)
        return Fetched(200, b"<rss/>", url)


class Down(Faltering):
    """A store that fails when it is asked what it remembers of a document."""

    def __init__(self, store: Store, fault: Exception) -> None:
        super().__init__(store, faults=0)
        self._fault = fault

    async def feed_documents(self, feed_ids: Sequence[int]) -> dict[int, bytes]:
        del feed_ids
        raise self._fault


@pytest.mark.parametrize(
    ("fault", "failures"),
    [
        pytest.param(OperationalError("SELECT 1", {}, OSError("it is down")), 0, id="a database that is down"),
        pytest.param(InterfaceError("SELECT 1", {}, OSError("it is gone")), 0, id="a connection that is gone"),
        pytest.param(ValueError("a hole in us"), 1, id="what the feed itself may have caused"),
    ],
)
async def test_a_database_that_is_away_is_held_against_no_feed(fault: Exception, failures: int) -> None:
    store = await open_store("sqlite+aiosqlite://")
    known = Feed(UNSAVED, "https://news.example/rss", "News", NOW, shared=True, baselined=True)
    feed = await store.add_feed(known)
    source = Source(cast("Any", Answering()), cast("Any", None))
    failing = cast("Store", Down(store, fault))
    await Poller(failing, source, cast("Any", None), Clock(), interval_bounds_s=(300, 3600)).poll(feed)
    found = await store.feed(feed.id)
    assert found is not None
    assert (found.failures, found.next_poll_at > NOW) == (failures, True)
    await store.close()


class Taking:
    """A pipeline that takes in whatever comes."""

    async def ingest(self, *_: object, **__: object) -> IngestPlan:
        return IngestPlan()


async def test_memory_is_given_back_once_no_poll_is_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_back: list[None] = []
    monkeypatch.setattr(limits, "GIVE_BACK_AFTER", 3)
    monkeypatch.setattr(memory, "give_back", lambda: given_back.append(None))
    store = await open_store("sqlite+aiosqlite://")
    feeds = [
        await store.add_feed(Feed(UNSAVED, f"https://news.example/{number}", "News", NOW, shared=True))
        for number in range(7)
    ]

    async def poll_at_once(some: Sequence[Feed]) -> None:
        await asyncio.gather(*(poller.poll(feed) for feed in some))

    poller = Poller(
        store,
        Source(cast("Any", Answering()), Parsers()),
        cast("Any", Taking()),
        Clock(),
        interval_bounds_s=(300, 3600),
    )
    for some, times in ((feeds[:2], 0), (feeds[2:4], 1), (feeds[4:6], 1), (feeds[6:], 2)):
        await poll_at_once(some)
        assert len(given_back) == times
    await store.close()


class Locked:
    """A site that gives a feed to who has a key."""

    async def get(self, url: str, **_: object) -> Fetched:
        links = b"<link>#1</link></item><item><title>B</title><link>/b?id=2</link>"
        return Fetched(200, b"<rss><channel><item><title>A</title>%s</item></channel></rss>" % links, url)


async def test_an_entry_at_a_place_within_its_feed_does_not_give_the_feed_s_key_away() -> None:
    source = Source(cast("Any", Locked()), Parsers())
    poller = Poller(cast("Store", None), source, cast("Any", None), Clock(), interval_bounds_s=(300, 3600))
    checked = await poller.check("https://paid.example/rss?feed=all&key=abc123")
    first, second = (entry.url for entry in checked.feed.entries)
    assert (first, second) == ("https://paid.example/rss?feed=all#1", "https://paid.example/b?id=2")
