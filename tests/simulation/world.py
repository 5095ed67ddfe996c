"""A day of the whole bot on a virtual clock: real poller, pipeline, store, outbox and digests; everything around them
comes from one seed, and so do crashes.

Work is claimed and run one piece after the other in an order of the seed, so that a seed always leads to the same day.
What happens is watched by ``Watch``, whose ``violations`` say which promises were broken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final, cast

from bot import limits
from bot.feeds.parsers import Parsers
from bot.model import UNSAVED, DeliveryState, Feed, Platform, Subscription, Topic
from bot.preferences import ChatSettings, Every, QuietHours, Rhythm
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from bot.workers import deliver, poll
from bot.workers.deliver import Deliverer
from bot.workers.digests import Digester
from bot.workers.pipeline import Pipeline
from bot.workers.poll import Poller, Source
from bot.workers.timekeeper import Timekeeper
from tests.simulation.chats import BLOCKED, Killed, Platforms
from tests.simulation.fragile import FragileStore
from tests.simulation.inline import changed, single_threaded
from tests.simulation.invariants import Watch
from tests.simulation.outlets import Event, Outlets, Vice, development, event
from tests.simulation.people import People, Person, Wish

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from pathlib import Path

    from bot.model import IngestPlan
    from bot.store.port import Store
    from bot.topics.lexicon import Lexicon

START: Final = datetime(2026, 3, 28, 18, 0, tzinfo=UTC)
"""The evening before clocks go forward in Europe."""

ZONES: Final = ("UTC", "Europe/Berlin", "Asia/Seoul", "America/New_York", "Asia/Kolkata")
STEP: Final = timedelta(seconds=60)
CALM_STEP: Final = timedelta(minutes=15)
INTERVAL_BOUNDS_S: Final = (900.0, 7200.0)
ACTS: Final = 0.1
"""How likely somebody types a command within a step."""
JUMPS: Final = 0.003
SETTLING: Final = timedelta(hours=30)
"""How long nothing fails in the end: the longest back-off, and a daily digest."""

DEVELOPS_AFTER: Final = timedelta(hours=6)
"""Twice what makes new facts a development: the bot's clock may be off by an hour or two."""

_LEXICON: Final[list[Lexicon]] = []
_NO_PAUSES: Final[tuple[tuple[Any, str, Any], ...]] = (
    (deliver, "_PAUSE_AFTER_ERROR_S", 0.0),
    (poll, "_PAUSE_AFTER_ERROR_S", 0.0),
    (limits, "RECORD_PAUSE_S", 0.0),
)
"""A virtual day has no time to wait."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a day is. By default so large that one takes about a minute of one core."""

    feeds: int = 600
    chats: int = 60
    events: int = 150
    hours: int = 24

    @property
    def subjects(self) -> int:
        """What there is to watch: enough that each event matters to a handful of chats."""
        return max(12, self.chats // 4)


@dataclass
class Clock:
    """A clock that only the simulation moves; ``set_wrong`` is how far the bot's own is off."""

    time: datetime = START
    set_wrong: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The time on the bot's clock."""
        return self.time + self.set_wrong

    def truth(self) -> datetime:
        """The time in the world."""
        return self.time


@dataclass
class Simulation:
    """One day of one seed. ``run`` it, then read ``watch``. With ``plain`` everybody takes alerts as they come."""

    seed: int
    folder: Path
    scale: Scale = field(default_factory=Scale)
    plain: bool = False
    clock: Clock = field(default_factory=Clock)
    _under_way: int | None = None

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        troubled = self._random.sample(range(self.scale.feeds), k=self.scale.feeds * 3 // 10)
        vices = {outlet: self._random.choice(Vice.ALL) for outlet in troubled}
        events = self._make_events(healthy=[each for each in range(self.scale.feeds) if each not in vices])
        self.watch = Watch(self.seed, {one.word: one for one in events}, self.clock.truth)
        by_outlet: defaultdict[int, list[Event]] = defaultdict(list)
        for one in events:
            for outlet in one.outlets:
                by_outlet[outlet].append(one)
        self._outlets = Outlets(self._random, self.clock.truth, dict(by_outlet), vices)
        self._outlets.on_too_soon = self.watch.too_soon
        self.platforms = {
            Platform.TELEGRAM: Platforms(Platform.TELEGRAM, self._random, self.clock.truth, readable=False),
            Platform.SLACK: Platforms(Platform.SLACK, self._random, self.clock.truth, readable=True),
        }
        for platform in self.platforms.values():
            platform.on_arrival = self.watch.arrived
            platform.on_too_soon = self.watch.too_soon
        self._people = People([], self._random, self.clock.now, self.clock.truth, self.scale.subjects)

    @property
    def violations(self) -> list[str]:
        """The promises that were broken."""
        return self.watch.violations

    @property
    def figures(self) -> Counter[str]:
        """What happened, counted."""
        return self.watch.figures

    def _make_events(self, healthy: Sequence[int]) -> list[Event]:
        """What happens, in order. One in three recalls what happened on its subject before; one in six develops it.

        Both tellings of what develops are dated as they should be: how long after the first the second came decides
        whether it is news.
        """
        span_s = self.scale.hours * 3600 - 7200
        moments = sorted(self._random.uniform(3600, 3600 + span_s) for _ in range(self.scale.events))
        made: list[Event] = []
        for number, at_s in enumerate(moments):
            at = (START + timedelta(seconds=at_s)).replace(microsecond=0)
            mine = made[number % self.scale.subjects :: self.scale.subjects]
            count = self._random.choice((1, 1, 1, 2, 3))
            told = self._random.sample(range(self.scale.feeds), k=count)
            begun = [each for each in mine if at - each.at >= DEVELOPS_AFTER and set(each.outlets) <= set(healthy)]
            if number % 6 == 1 and begun and begun[-1].goes_on is None:
                told = self._random.sample(healthy, k=count)
                made.append(development(self._random, begun[-1], number=number, at=at, outlets=tuple(sorted(told))))
                continue
            made.append(
                event(
                    self._random,
                    number=number,
                    subject=f"subject{number % self.scale.subjects}",
                    at=at,
                    outlets=tuple(sorted(told)),
                    before=mine[-1] if mine and number % 3 == 0 else None,
                )
            )
        return made

    # ------------------------------------------------------------ what the process does

    def did(self, name: str, args: tuple[Any, ...]) -> None:
        """As ``fragile.Witness``: one message is under way at a time."""
        if name == "begin_delivery":
            self._under_way = args[0].chat_id
        elif name == "finish_delivery":
            self._under_way = None

    def died_in(self, name: str, args: tuple[Any, ...]) -> None:
        """As ``fragile.Witness``: what was under way is in doubt, and what was just learnt is forgotten."""
        sending = args[0].chat_id if name in {"begin_delivery", "finish_delivery"} else self._under_way
        if sending is not None:
            person = self._person(sending)
            person.platform.died(person.name)
            self._under_way = None
        if name == "record_polls":
            for poll in args[0]:
                self._outlets.forget(poll.feed_id - 1)

    def planned(self, plan: IngestPlan) -> None:
        """As ``fragile.Witness``."""
        self.watch.planned(plan)

    def _person(self, chat_id: int) -> Person:
        return next(one for one in self._people.everybody if one.chat_id == chat_id)

    # ------------------------------------------------------------ running

    async def run(self) -> None:
        """Live through the day, then through a calm in which everything that is due must come."""
        with single_threaded(), changed(*_NO_PAUSES):
            await self._run()

    async def _run(self) -> None:
        await self._set_up()
        end = START + timedelta(hours=self.scale.hours)
        await self._live(until=end)
        for chat in self.platforms.values():
            chat.failing = False
        self._outlets.failing = False
        self._outlets.asked.clear()
        store = await open_store(self._url)
        try:
            await store.release_leases()
            await self._people.return_all(store)
            behind = max(timedelta(0), -self.clock.set_wrong)  # a bot whose clock is slow is that much later
            await self._work(store, until=end + SETTLING + behind, step=CALM_STEP)
            await self._check(store)
        finally:
            await store.close()

    @property
    def _url(self) -> str:
        return f"sqlite+aiosqlite:///{self.folder / f'seed{self.seed}.db'}"

    async def _set_up(self) -> None:
        store = await open_store(self._url)
        now = self.clock.now()
        for number in range(self.scale.feeds):
            url = self._outlets.url(number)
            due = now + timedelta(seconds=self._random.uniform(0, 1800))
            # Of a feed that nobody has read yet, only dates tell what is news: one without such was read before.
            read = self._outlets.vices.get(number) in {Vice.NO_IDS, Vice.FUTURE}
            await store.add_feed(Feed(UNSAVED, url, url, due, shared=True, baselined=read, added_at=now))
        for number in range(self.scale.chats):
            platform = self.platforms[Platform.SLACK if number % 2 else Platform.TELEGRAM]
            person = Person(0, f"chat{number}", platform)
            chat = await store.chat_at(person.address, title="", now=now)
            person.chat_id = chat.id
            self._people.everybody.append(person)
            self.watch.know(person)
            for subject in self._random.sample(range(self.scale.subjects), k=self._random.choice((1, 2, 3))):
                topic = await store.add_topic(Topic(UNSAVED, chat.id, f"s{subject}", f"subject{subject}", now))
                await store.subscribe(Subscription(chat.id, topic.id, now))
                person.wishes.append(Wish(topic.query, now))
            settings = self._settings()
            person.held = bool(settings.digest or settings.quiet or settings.cap)
            await store.put_settings(chat.id, settings, held_until={}, now=now)
        await store.close()

    def _settings(self) -> ChatSettings:
        """What a chat chose: most take alerts as they come, some sleep, some take digests, some have a cap."""
        if self.plain:
            return ChatSettings(cap=0)
        rhythm = self._random.choice(
            (*[Rhythm()] * 5, Rhythm(Every.HOURLY), Rhythm(Every.DAILY, time(2, 30)), Rhythm(Every.DAILY, time(8)))
        )
        quiet = self._random.choice((None, None, None, QuietHours(time(22), time(7))))
        return ChatSettings(
            zone=self._random.choice(ZONES), digest=rhythm, quiet=quiet, cap=self._random.choice((0, 12, 3))
        )

    async def _live(self, *, until: datetime) -> None:
        """Run until then; whenever the process dies, another one starts on the same database."""
        while self.clock.truth() < until:
            real = await open_store(self._url)
            await real.release_leases()
            store = FragileStore(real, self._random, faults=0.002, kills=0.0005, witness=self)
            try:
                await self._work(cast("Store", store), until=until, step=STEP)
            except Killed:
                self.figures["kills"] += 1
                for platform in self.platforms.values():
                    platform.restart()
            finally:
                await real.close()

    async def _work(self, store: Store, *, until: datetime, step: timedelta) -> None:
        if not _LEXICON:
            _LEXICON.append(lexicons.load())
        parsers = Parsers()
        source = Source(cast("Any", self._outlets), parsers)
        poller = Poller(store, source, Pipeline(store, _LEXICON[0]), self.clock, interval_bounds_s=INTERVAL_BOUNDS_S)
        deliverer = Deliverer(store, cast("Any", self.platforms), self.clock)
        digester = Digester(store, self.platforms, self.clock)
        timekeeper = Timekeeper(store, self.clock, _nobody_waits, steady_s=lambda: self.clock.truth().timestamp())
        try:
            while self.clock.truth() < until:
                if step == STEP:
                    await self._disturb(store)
                # It looks every second: nothing is written down between a step of the clock and its look.
                with suppress(OSError):  # what it owes to a store that fails it writes the next time
                    await timekeeper.look()
                if step == STEP:
                    await self._finish(poller, 40)
                else:
                    await self._poll_the_rest(poller)
                for work, size in ((digester, 10), (deliverer, 50)):
                    await self._finish(work, size)
                # Now and then the machine sleeps; not in the calm, the end of which it would sleep through.
                sleeps = self._random.random() >= 0.999
                self.clock.time += step * (40 if sleeps and step == STEP else 1)
        finally:
            await parsers.close()

    async def _poll_the_rest(self, poller: Poller) -> None:
        """In the calm each feed is asked once more, when its back-off is over; what is healthy would only say 304."""
        for outlet in range(self.scale.feeds):
            if outlet not in self._outlets.asked:
                await poller.poll_if_due(outlet + 1)

    async def _disturb(self, store: Store) -> None:
        """Now and then somebody types a command, or the clock is put right or wrong."""
        if self._random.random() < ACTS:
            try:
                self.figures[await self._people.act(store)] += 1
            except OSError:
                self.figures["commands failed"] += 1
        if self._random.random() < JUMPS:
            self.figures["clock jumps"] += 1
            minutes = self._random.choice((-150, -60, -7, -1, 1, 7, 60, 150))
            self.clock.set_wrong += timedelta(minutes=minutes)
            if minutes > 0:
                self._outlets.clock_set_forward()
                for platform in self.platforms.values():
                    platform.clock_set_forward()

    async def _finish(self, work: Any, size: int) -> None:  # noqa: ANN401 - one of three kinds of work
        """Claim and run what is due, in an order of the seed; a store that fails is asked again at the next step."""
        for _ in range(1000):
            try:
                pieces: list[Coroutine[None, None, None]] = list(await work.claim(size))
            except OSError:
                self.figures["claims failed"] += 1
                return
            if not pieces:
                return
            self._random.shuffle(pieces)
            await self._run_all(pieces)

    async def _run_all(self, pieces: Sequence[Coroutine[None, None, None]]) -> None:
        waiting = list(pieces)
        try:
            while waiting:
                piece = waiting.pop()
                try:
                    await piece
                except OSError:
                    self.figures["work failed"] += 1
        finally:
            for piece in waiting:
                piece.close()

    # ------------------------------------------------------------ the end

    async def _check(self, store: Store) -> None:
        """Everybody was told of everything; nothing is left that is due; no link leads to the future."""
        expect = self.watch.expect
        for person in self._people.everybody:
            self.watch.must_have_heard(person, await self._listed(store, person))
        status = await store.status()
        for state in (DeliveryState.PENDING, DeliveryState.SENDING):
            expect(not status.outbox.get(state), f"{status.outbox.get(state)} deliveries are {state.value} still")
        held = sum([(await store.held_tally(one.chat_id)).digest for one in self._people.everybody])
        expect(not held, f"{held} deliveries wait for a digest that never comes")
        expect(len(self._outlets.asked) == self.scale.feeds, "a feed is not asked any more")
        self.figures["unknown"] = status.outbox.get(DeliveryState.UNKNOWN, 0)
        self.figures["polls"] = self._outlets.requests

    async def _listed(self, store: Store, person: Person) -> list[str]:
        """What /missed shows of what was given up or is muted: it is not lost, a person may have it sent."""
        page = await store.missed_deliveries(person.chat_id, now=self.clock.now(), limit=10_000)
        kept = [one for one in page.newest if one.delivery.state is not DeliveryState.PENDING]
        self.figures["listed, not sent"] += len(kept)
        dead = {one.delivery.error or "" for one in kept if one.delivery.state is DeliveryState.DEAD}
        self.watch.expect(dead <= {BLOCKED, ""}, f"{person.name}: given up for {dead}")
        return [one.alert.headline for one in kept]


async def _nobody_waits() -> None:
    """Whoever waits for a moment of the wall clock looks at every step here anyway."""
