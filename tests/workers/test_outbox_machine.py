"""The promise as a state machine: any order of publishing, holding, sending, failing, dying and waiting keeps it.

The store, the deliverer and the decisions are the real ones; only the platform is scripted, and the clock is turned.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict, deque
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot import limits
from bot.alerts.timing import releases
from bot.model import UNSAVED, DeliveryState, Hold, Platform
from bot.preferences import ChatSettings, Every, Mute, MuteKind, QuietHours, Rhythm
from bot.store.sql import SqlStore, open_store
from bot.workers.deliver import Deliverer
from bot.workers.digests import Digester
from tests.store.stock import START, Stock
from tests.workers.scripted_chat import RETRY_AFTER_S, Fate, Killed, ScriptedChat

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from bot.model import Chat, Delivery

CHATS = 3
CHOICES = [
    ChatSettings(),
    ChatSettings(cap=1),
    ChatSettings(digest=Rhythm(Every.HOURLY)),
    ChatSettings(zone="Asia/Seoul", digest=Rhythm(Every.DAILY, time(18))),
    ChatSettings(zone="Europe/Berlin", quiet=QuietHours(time(10), time(12))),
    ChatSettings(digest=Rhythm(Every.WEEKLY, time(8)), quiet=QuietHours(time(22), time(9)), urgent=True),
]
LEFT = {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD}
UNDER_WAY = {
    (DeliveryState.HELD, DeliveryState.PENDING),
    (DeliveryState.HELD, DeliveryState.SENDING),
}
_HEADLINE = re.compile(r"(?:- )?(Alert \d+)\b")
KILLING = {Fate.KILLED_WAITING, Fate.KILLED_BEGUN, Fate.KILLED_ARRIVED}
fates = st.sampled_from(sorted(Fate, key=lambda fate: fate.name))


async def no_room(*_: object, **__: object) -> bool:
    raise OSError("disk is full")


class TurnedClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class Outbox(RuleBasedStateMachine):
    """Chats that are told stories by a bot that may die at any moment."""

    shows_what_was_sent = False

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = TurnedClock()
        self.chat = ScriptedChat(self.shows_what_was_sent, clock=self.clock)
        self.stories = 0
        self.replayed: set[int] = set()
        self.sleepers: list[Coroutine[None, None, None]] = []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever the work returns
        return self.loop.run_until_complete(work)

    @initialize()
    def open(self) -> None:
        self.store = self.run(open_store("sqlite://"))
        self.stock = Stock(self.store)
        self.chats: list[Chat] = [self.run(self.stock.chat(str(number))) for number in range(1, CHATS + 1)]
        self.deliverer = self.new_process()
        self.digester = Digester(self.store, [Platform.TELEGRAM], self.clock)

    def new_process(self) -> Deliverer:
        return Deliverer(self.store, {Platform.TELEGRAM: self.chat}, self.clock)

    def all_deliveries(self) -> list[Delivery]:
        return [
            one
            for chat in self.chats
            for one in self.run(self.store.deliveries(chat.id, states=list(DeliveryState), limit=999))
        ]

    # ------------------------------------------------------------ what happens

    @rule(to=st.sets(st.integers(0, CHATS - 1), min_size=1))
    def publish(self, to: set[int]) -> None:
        self.stories += 1
        minutes = (self.clock.at - START).total_seconds() / 60
        told = self.stock.told(*(self.chats[place] for place in sorted(to)), story_id=self.stories, minutes=minutes)
        self.run(told)

    @rule(script=st.lists(fates, max_size=CHATS))
    def deliver(self, script: list[Fate]) -> None:
        """One round: what is due is claimed and handed over; a killed process is followed by a new one."""
        self.chat.fates = deque(script)
        died = self.run(self.round())
        if died:
            self.deliverer = self.new_process()

    @rule()
    def fall_asleep(self) -> None:
        """A process stops right after its claim; the others go on."""
        sleeper = self.new_process()
        self.sleepers += self.run(sleeper.claim(limits.CLAIM_BATCH))

    @rule()
    def wake_up(self) -> None:
        """It goes on as if nothing had happened, however long that was."""
        self.chat.fates.clear()
        sleepers, self.sleepers = self.sleepers, []
        for piece in sleepers:
            self.run(piece)

    @rule()
    def disk_full(self) -> None:
        """A round in which nobody can write down that a request may leave."""
        before = len(self.chat.arrived)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SqlStore, "begin_delivery", no_room)
            self.chat.fates.clear()
            self.run(self.round())
        assert len(self.chat.arrived) == before

    @rule(place=st.integers(0, CHATS - 1))
    def come_back(self, place: int) -> None:
        """Somebody writes to the bot where it was blocked."""
        self.run(self.store.set_chat_active(self.chats[place].id, active=True))

    @rule(seconds=st.sampled_from([45.0, 4000.0]))
    def set_clock_back(self, seconds: float) -> None:
        """The machine's clock is set back, and the process that runs sees that."""
        self.clock.at -= timedelta(seconds=seconds)
        self.run(self.store.clock_set_back(seconds, now=self.clock.at))
        for chat in self.chat.held_until:
            self.chat.held_until[chat] -= timedelta(seconds=seconds)

    async def round(self) -> bool:
        pieces = list(await self.deliverer.claim(limits.CLAIM_BATCH))
        for place, piece in enumerate(pieces):
            try:
                await piece
            except Killed:
                for rest in pieces[place + 1 :]:
                    rest.close()
                return True
        return False

    # ------------------------------------------------------------ when a chat is spoken to

    @rule(place=st.integers(0, CHATS - 1), settings=st.sampled_from(CHOICES))
    def choose(self, place: int, settings: ChatSettings) -> None:
        chat_id, now = self.chats[place].id, self.clock.at
        held_until = releases(self.run(self.store.settings_of(chat_id)), settings, now)
        self.run(self.store.put_settings(chat_id, settings, held_until=held_until, now=now))

    @rule(place=st.integers(0, CHATS - 1), hours=st.sampled_from([1.0, None]))
    def mute(self, place: int, hours: float | None) -> None:
        chat_id, until = self.chats[place].id, None if hours is None else self.clock.at + timedelta(hours=hours)
        self.run(self.store.put_mute(Mute(UNSAVED, chat_id, MuteKind.ALL, "", until, self.clock.at)))

    @rule(place=st.integers(0, CHATS - 1))
    def unmute(self, place: int) -> None:
        self.run(self.store.remove_mutes(self.chats[place].id))

    @rule(place=st.integers(0, CHATS - 1), reason=st.sampled_from(sorted(Hold)))
    def ask_for_what_is_held(self, place: int, reason: Hold) -> None:
        self.run(self.store.summon_held(self.chats[place].id, reasons=[reason], now=self.clock.at))

    @rule(data=st.data())
    def ask_for_one(self, data: st.DataObject) -> None:
        held = [one for one in self.all_deliveries() if one.state is DeliveryState.HELD]
        if held:
            one = data.draw(st.sampled_from(sorted(held, key=lambda each: each.id)))
            asked = self.store.replay_deliveries([one.id], chat_id=one.chat_id, now=self.clock.at)
            self.replayed.update([one.id] * self.run(asked))

    @rule()
    def digest_tick(self) -> None:
        """The digest's tick."""
        self.run(self.make_digests())

    async def make_digests(self) -> None:
        for piece in await self.digester.claim(limits.CLAIM_BATCH):
            await piece

    @rule()
    def restart_alone(self) -> None:
        self.run(self.store.release_leases())
        self.deliverer = self.new_process()

    @rule(seconds=st.sampled_from([1.0, 6.0, RETRY_AFTER_S, limits.LEASE_S + 1, 4000.0]))
    def wait(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)

    # ------------------------------------------------------------ what must hold

    def copies(self) -> dict[int, list[bool]]:
        """For each delivery, whether each copy that arrived, by itself or in a digest, was marked."""
        by_alert = {(one.chat_id, f"Alert {one.alert_id}"): one.id for one in self.all_deliveries()}
        chat_ids = {chat.address.chat: chat.id for chat in self.chats}
        found: defaultdict[int, list[bool]] = defaultdict(list)
        for chat, _, message in self.chat.arrived:
            whole = "↻ This may repeat" in message.plain_text
            for line in message.plain_text.splitlines():
                told = _HEADLINE.match(line)
                if told:
                    found[by_alert[chat_ids[chat], told[1]]].append(whole or "↻" in line)
        return found

    @invariant()
    def never_more_than_two_copies_and_the_second_is_marked(self) -> None:
        for marks in self.copies().values():
            assert len(marks) <= (1 if self.shows_what_was_sent else 2)
            assert all(marks[1:])

    @invariant()
    def states_tell_the_truth(self) -> None:
        copies = self.copies()
        for one in self.all_deliveries():
            arrived = len(copies.get(one.id, ()))
            if one.state is DeliveryState.SENT:
                assert arrived, "what is said to be sent has arrived"
            if one.state is DeliveryState.PENDING and not one.maybe_sent:
                assert not arrived, "what may have arrived is marked"
            if one.state in (DeliveryState.UNKNOWN, DeliveryState.DEAD):
                assert one.error, "what is given up has its reason"
            if one.state is DeliveryState.HELD:
                assert one.held_for, "what is held has its reason"

    @invariant()
    def a_part_of_a_digest_has_its_carrier(self) -> None:
        found = {one.id: one for one in self.all_deliveries()}
        for one in found.values():
            if one.bundle_id is None:
                continue
            carrier = found[one.bundle_id]
            assert carrier.bundle_id == carrier.id
            assert carrier.chat_id == one.chat_id
            if one.state is DeliveryState.SENT:
                assert carrier.state is DeliveryState.SENT
            elif one is not carrier:
                assert (one.state, carrier.state) in UNDER_WAY

    @invariant()
    def nothing_is_sent_before_the_platform_wants_it(self) -> None:
        assert self.chat.too_soon == []

    @invariant()
    def order_is_kept_within_each_chat(self) -> None:
        for chat in self.chats:
            mine = [(one, text) for name, one, text in self.chat.arrived if name == chat.address.chat]
            alone = list(dict.fromkeys(one for one, text in mine if text.plain_text.startswith("Alert ")))
            in_turn = [one for one in alone if one not in self.replayed]
            assert in_turn == sorted(in_turn)

    def teardown(self) -> None:
        """Left in peace, everything ends: sent, or given up for a reason."""
        if not hasattr(self, "store"):
            return
        for place in range(CHATS):
            self.come_back(place)
        self.wake_up()
        for _ in range(4 * self.stories + 4):
            self.chat.fates.clear()
            self.clock.at += timedelta(seconds=limits.RETRY_DELAY_CAP_S + limits.LEASE_S)
            self.run(self.make_digests())
            self.run(self.round())
        # The last that was published may have been held just now: a week brings every digest.
        for _ in range(4):
            self.clock.at += timedelta(days=8, hours=7)  # another hour each time: some are quiet
            for _ in range(3):
                self.run(self.make_digests())
                self.run(self.round())
        left = [one for one in self.all_deliveries() if one.state in LEFT]
        assert not [one for one in left if one.held_for is not Hold.MUTED or one.state is not DeliveryState.HELD]
        self.run(self.store.close())
        self.loop.close()


class SlackOutbox(Outbox):
    """The same on a platform that shows what was sent: nothing arrives twice at all."""

    shows_what_was_sent = True


few = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestOutbox = pytest.mark.timeout(300)(Outbox.TestCase)
TestOutbox.settings = few
TestSlackOutbox = pytest.mark.timeout(300)(SlackOutbox.TestCase)
TestSlackOutbox.settings = few
