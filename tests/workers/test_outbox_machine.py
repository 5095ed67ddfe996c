"""The promise as a state machine: any order of publishing, sending, failing, dying and waiting keeps it.

The store, the deliverer and the decisions are the real ones; only the platform is scripted, and the clock is turned.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot import limits
from bot.model import DeliveryState, Platform
from bot.store.sql import open_store
from bot.workers.deliver import Deliverer
from tests.store.stock import START, Stock
from tests.workers.scripted_chat import RETRY_AFTER_S, Fate, Killed, ScriptedChat

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from bot.model import Chat, Delivery

CHATS = 3
KILLING = {Fate.KILLED_WAITING, Fate.KILLED_BEGUN, Fate.KILLED_ARRIVED}
fates = st.sampled_from(sorted(set(Fate) - {Fate.GONE}, key=lambda fate: fate.name))


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

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever the work returns
        return self.loop.run_until_complete(work)

    @initialize()
    def open(self) -> None:
        self.store = self.run(open_store("sqlite://"))
        self.stock = Stock(self.store)
        self.chats: list[Chat] = [self.run(self.stock.chat(str(number))) for number in range(1, CHATS + 1)]
        self.deliverer = self.new_process()

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

    @rule()
    def restart_alone(self) -> None:
        self.run(self.store.release_leases())
        self.deliverer = self.new_process()

    @rule(seconds=st.sampled_from([1.0, 6.0, RETRY_AFTER_S, limits.LEASE_S + 1, 4000.0]))
    def wait(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)

    # ------------------------------------------------------------ what must hold

    def copies(self) -> dict[int, list[bool]]:
        """For each delivery, whether each copy that arrived was marked."""
        found: defaultdict[int, list[bool]] = defaultdict(list)
        for _, delivery_id, message in self.chat.arrived:
            found[delivery_id].append("↻" in message.plain_text)
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

    @invariant()
    def nothing_is_sent_before_the_platform_wants_it(self) -> None:
        assert self.chat.too_soon == []

    @invariant()
    def order_is_kept_within_each_chat(self) -> None:
        for chat in self.chats:
            first = list(dict.fromkeys(one for name, one, _ in self.chat.arrived if name == chat.address.chat))
            assert first == sorted(first)

    def teardown(self) -> None:
        """Left in peace, everything ends: sent, or given up for a reason."""
        if not hasattr(self, "store"):
            return
        for _ in range(4 * self.stories + 4):
            self.chat.fates.clear()
            self.clock.at += timedelta(seconds=limits.RETRY_DELAY_CAP_S + limits.LEASE_S)
            self.run(self.round())
        waiting = {DeliveryState.PENDING, DeliveryState.SENDING}
        assert not [one for one in self.all_deliveries() if one.state in waiting]
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
