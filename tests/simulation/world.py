"""A day of the whole bot on a virtual clock: real poller, pipeline, store, outbox and digests; everything around them
comes from one seed, and so do crashes.

Work is claimed and run one piece after the other in an order of the seed, so that a seed always leads to the same day.
``Simulation.violations`` says which promises were broken; it is empty for as long as they hold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any, Final, cast

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
from tests.simulation.chats import BLOCKED, Arrived, Killed, Platforms
from tests.simulation.fragile import FragileStore
from tests.simulation.inline import single_threaded
from tests.simulation.outlets import Event, Outlets, Vice, event
from tests.simulation.people import SUBJECTS, People, Person, Wish

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from pathlib import Path

    from bot.store.port import Store
    from bot.topics.lexicon import Lexicon

START: Final = datetime(2026, 3, 28, 18, 0, tzinfo=UTC)
"""The evening before clocks go forward in Europe."""

ZONES: Final = ("UTC", "Europe/Berlin", "Asia/Seoul", "America/New_York", "Asia/Kolkata")
STEP: Final = timedelta(seconds=60)
CALM_STEP: Final = timedelta(minutes=15)
ACTS: Final = 0.1
"""How likely somebody types a command within a step."""
JUMPS: Final = 0.003
SETTLING: Final = timedelta(hours=30)
"""How long nothing fails in the end: the longest back-off, and a daily digest."""

_LEXICON: Final[list[Lexicon]] = []


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a day is."""

    feeds: int = 200
    chats: int = 40
    events: int = 300
    hours: int = 24


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
    """One day of one seed. ``run`` it, then read ``violations`` and ``figures``."""

    seed: int
    folder: Path
    scale: Scale = field(default_factory=Scale)
    clock: Clock = field(default_factory=Clock)
    violations: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._events = self._make_events()
        by_outlet: defaultdict[int, list[Event]] = defaultdict(list)
        for one in self._events:
            for outlet in one.outlets:
                by_outlet[outlet].append(one)
        troubled = self._random.sample(range(self.scale.feeds), k=self.scale.feeds * 3 // 10)
        vices = {outlet: self._random.choice(Vice.ALL) for outlet in troubled}
        self._outlets = Outlets(self._random, self.clock.truth, dict(by_outlet), vices)
        self.platforms = {
            Platform.TELEGRAM: Platforms(Platform.TELEGRAM, self._random, self.clock.truth, readable=False),
            Platform.SLACK: Platforms(Platform.SLACK, self._random, self.clock.truth, readable=True),
        }
        self._people = People([], self._random, self.clock.now, self.clock.truth)

    def _make_events(self) -> list[Event]:
        span_s = self.scale.hours * 3600 - 7200
        moments = sorted(self._random.uniform(3600, 3600 + span_s) for _ in range(self.scale.events))
        return [
            event(
                self._random,
                number=number,
                subject=f"subject{number % SUBJECTS}",
                at=(START + timedelta(seconds=at_s)).replace(microsecond=0),
                outlets=tuple(
                    sorted(self._random.sample(range(self.scale.feeds), k=self._random.choice((1, 1, 1, 2, 3))))
                ),
            )
            for number, at_s in enumerate(moments)
        ]

    # ------------------------------------------------------------ running

    async def run(self) -> None:
        """Live through the day, then through a calm in which everything that is due must come."""
        with single_threaded():
            await self._run()

    async def _run(self) -> None:
        await self._set_up()
        end = START + timedelta(hours=self.scale.hours)
        await self._live(until=end)
        for chat in self.platforms.values():
            chat.failing = False
        self._outlets.failing = False
        await self._live(until=end + SETTLING, failing=False)
        store = await open_store(self._url)
        try:
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
            await store.add_feed(Feed(UNSAVED, url, url, due, shared=True))
        for number in range(self.scale.chats):
            platform = self.platforms[Platform.SLACK if number % 2 else Platform.TELEGRAM]
            person = Person(0, f"chat{number}", platform)
            chat = await store.chat_at(person.address, title="", now=now)
            person.chat_id = chat.id
            self._people.everybody.append(person)
            for subject in self._random.sample(range(SUBJECTS), k=self._random.choice((1, 2, 3))):
                topic = await store.add_topic(Topic(UNSAVED, chat.id, f"s{subject}", f"subject{subject}", now))
                await store.subscribe(Subscription(chat.id, topic.id, now))
                person.wishes.append(Wish(topic.query, now))
            settings = self._settings()
            person.held = bool(settings.digest or settings.quiet or settings.cap)
            await store.put_settings(chat.id, settings, held_until=now)
        await store.close()

    def _settings(self) -> ChatSettings:
        """What a chat chose: most take alerts as they come, some sleep, some take digests, some have a cap."""
        rhythm = self._random.choice(
            (*[Rhythm()] * 5, Rhythm(Every.HOURLY), Rhythm(Every.DAILY, time(2, 30)), Rhythm(Every.DAILY, time(8)))
        )
        quiet = self._random.choice((None, None, None, QuietHours(time(22), time(7))))
        return ChatSettings(
            zone=self._random.choice(ZONES), digest=rhythm, quiet=quiet, cap=self._random.choice((0, 12, 3))
        )

    async def _live(self, *, until: datetime, failing: bool = True) -> None:
        """Run until then; whenever the process dies, another one starts on the same database."""
        while self.clock.truth() < until:
            real = await open_store(self._url)
            await real.release_leases()
            store = FragileStore(real, self._random, faults=0.002, kills=0.0005)
            store.failing = failing
            try:
                await self._work(cast("Store", store), until=until, step=STEP if failing else CALM_STEP)
            except Killed:
                self.figures["kills"] += 1
            finally:
                await real.close()

    async def _work(self, store: Store, *, until: datetime, step: timedelta) -> None:
        if not _LEXICON:
            _LEXICON.append(lexicons.load())
        parsers = Parsers()
        pipeline = Pipeline(store, _LEXICON[0])
        source = Source(cast("Any", self._outlets), parsers)
        poller = Poller(store, source, pipeline, self.clock, interval_bounds_s=(900.0, 7200.0))
        deliverer = Deliverer(store, cast("Any", self.platforms), self.clock)
        digester = Digester(store, self.platforms, self.clock)
        try:
            if step == CALM_STEP:
                await self._people.return_all(store)
            while self.clock.truth() < until:
                if step == STEP:
                    await self._disturb(store)
                for work, size in ((poller, 40), (digester, 10), (deliverer, 50)):
                    await self._finish(work, size)
                # Now and then the machine sleeps.
                self.clock.time += step * (1 if self._random.random() < 0.999 else 40)
        finally:
            await parsers.close()

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
        for _ in range(20):
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

    # ------------------------------------------------------------ invariants

    async def _check(self, store: Store) -> None:
        await self._check_store(store)
        await self._check_arrivals(store)
        self.figures["polls"] = self._outlets.requests
        self._expect(not self._outlets.too_soon, f"{self._outlets.too_soon} requests before Retry-After")

    async def _check_arrivals(self, store: Store) -> None:
        """Every chat was told of every event that it wished for: not lost, not twice, in order, never too soon."""
        for platform in self.platforms.values():
            self.figures["messages"] += len(platform.arrived)
            self._expect(not platform.too_soon, f"{platform.platform}: sent before Retry-After to {platform.too_soon}")
            by_chat = defaultdict(list)
            for arrived in platform.arrived:
                by_chat[arrived.chat].append(arrived)
            for person in self._people.everybody:
                if person.platform is platform:
                    listed = await self._listed(store, person)
                    self._check_messages(person, by_chat[person.name])
                    self._check_chat(person, by_chat[person.name], listed)

    def _check_messages(self, person: Person, mine: Sequence[Arrived]) -> None:
        """What is repeated is marked, and no more than crashes and time-outs excuse; the order is kept."""
        chat, platform = person.name, person.platform
        sent = [one for one in mine if one.edits is None]
        marked = sum(one.marked for one in sent)
        self.figures["marked repeats"] += marked
        doubts = platform.killed_under_way[chat] + platform.unanswered[chat]
        self._expect(marked <= doubts, f"{chat}: {marked} marked repeats, {doubts} crashes and time-outs")
        if platform.readable:
            repeats = [one.delivery_id for one in sent]
            self._expect(len(repeats) == len(set(repeats)), f"{chat}: repeated although it could be looked up")
        ids = [one.delivery_id for one in sent if not one.marked and one.delivery_id is not None]
        # What was held comes later than what was not, and that is what holding is for.
        ordered = person.held or all(a < b for a, b in pairwise(ids))
        self._expect(ordered, f"{chat}: messages out of order: {ids}")

    async def _listed(self, store: Store, person: Person) -> str:
        """What /missed shows of what was given up or is muted: it is not lost, a person may have it sent."""
        page = await store.missed_deliveries(person.chat_id, now=self.clock.now(), limit=10_000)
        kept = [one for one in page.newest if one.delivery.state is not DeliveryState.PENDING]
        self.figures["listed, not sent"] += len(kept)
        dead = {one.delivery.error or "" for one in kept if one.delivery.state is DeliveryState.DEAD}
        self._expect(dead <= {BLOCKED, ""}, f"{person.name}: given up for {dead}")
        return "\n".join(one.alert.headline for one in kept)

    def _check_chat(self, person: Person, mine: Sequence[Arrived], listed: str) -> None:
        """Each event that was wished for was told, once, or is listed; no other was."""
        unmarked = [one.text for one in mine if one.edits is None and not one.marked]
        for one in self._events:
            told = sum(_heads(text, one) for text in unmarked)
            self._expect(told <= 1, f"{person.name}: told {told} times of {one.word} without a mark")
            if not person.may_hear(one.subject, one.at):
                self._expect(not told, f"{person.name}: told of {one.word} unasked")
            if person.must_hear(one.subject, one.at, self.clock.truth()):
                self.figures["events due"] += 1
                known = told or one.headline in listed or any(one.word in arrived.text for arrived in mine)
                self._expect(bool(known), f"{person.name} was never told of {one.word} ({one.headline})")

    async def _check_store(self, store: Store) -> None:
        """Nothing is left that is due; no link leads to the future; no digest part was lost."""
        status = await store.status()
        for state in (DeliveryState.PENDING, DeliveryState.SENDING):
            self._expect(not status.outbox.get(state), f"{status.outbox.get(state)} deliveries are {state.value} still")
        self.figures["unknown"] = status.outbox.get(DeliveryState.UNKNOWN, 0)
        chat_ids = [person.chat_id for person in self._people.everybody]
        held = sum([(await store.held_tally(chat_id)).digest for chat_id in chat_ids])
        self._expect(not held, f"{held} deliveries wait for a digest that never comes")
        for chat_id in chat_ids:
            for view in await store.latest_stories(chat_id, limit=1000):
                for link in await store.story_links(view.story.id):
                    words = f"a link of story {view.story.id} leads to the future"
                    self._expect(link.at <= view.story.started_at, words)

    def _expect(self, holds: bool, words: str) -> None:  # noqa: FBT001 - a condition
        if not holds:
            self.violations.append(f"seed {self.seed}: {words}")


def _heads(text: str, one: Event) -> bool:
    """Whether a message tells of an event: names it, other than as something earlier."""
    return one.headline in text.partition("Earlier")[0]


# A virtual day has no time to wait.
deliver._PAUSE_AFTER_ERROR_S = 0.0  # noqa: SLF001 - see above
poll._PAUSE_AFTER_ERROR_S = 0.0  # noqa: SLF001 - see above
