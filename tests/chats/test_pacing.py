"""Turns: the arithmetic of the buckets, and that nobody waits for others' sake."""

from __future__ import annotations

import random

import pytest

from bot.chats.pacing import Bucket, Pacer, Rate, Window
from bot.errors import RetryAfterError


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def pacer(clock: Clock, overall_s: float = 0.0) -> Pacer:
    return Pacer(overall=Rate(overall_s), clock=clock, sleep=clock.sleep)


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    bucket = Bucket(Rate(2.0, burst=3))
    assert [bucket.take(100.0) for _ in range(5)] == [0, 0, 0, 2, 4]
    assert bucket.take(200.0) == 0


def test_no_window_holds_more_than_burst_and_rate_allow() -> None:
    bucket = Bucket(Rate(3.0))
    times = [(now := now_s) + bucket.take(now) for now_s in range(0, 60, 2)]
    assert sum(moment < 60 for moment in times) <= 20


def test_a_pause_that_the_platform_asked_for_empties_the_bucket() -> None:
    bucket = Bucket(Rate(1.0, burst=3))
    bucket.hold(130.0)
    assert [bucket.take(100.0) for _ in range(2)] == [30, 31]


async def test_chats_do_not_wait_for_each_other() -> None:
    clock = Clock()
    turns = pacer(clock)
    for chat in ("a", "b", "c"):
        await turns.turn(chat, Rate(1.0))
    assert clock.now == 1000
    await turns.turn("a", Rate(1.0))
    assert clock.now == 1001


async def test_all_together_keep_to_the_overall_rate() -> None:
    clock = Clock()
    turns = pacer(clock, overall_s=1 / 30)
    for chat in range(301):
        await turns.turn(str(chat), Rate(1.0))
    assert clock.now - 1000 == pytest.approx(10)


async def test_an_answer_goes_ahead_of_a_fan_out_at_its_cost() -> None:
    clock = Clock()
    turns = pacer(clock, overall_s=0.5)
    for chat in range(4):
        await turns.turn(str(chat), Rate(1.0), urgent=True)
    assert clock.now == 1000
    await turns.turn("alert", Rate(1.0))
    assert clock.now == 1002


async def test_a_far_turn_is_not_waited_for_and_costs_nothing() -> None:
    clock = Clock()
    turns = pacer(clock)
    turns.hold("a", Rate(1.0), 60)
    for _ in range(3):
        with pytest.raises(RetryAfterError) as caught:
            await turns.turn("a", Rate(1.0))
        assert caught.value.seconds == pytest.approx(60)
    assert clock.now == 1000
    await turns.turn("b", Rate(1.0))
    assert clock.now == 1000


async def test_many_chats_are_forgotten_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chats.pacing._SWEEP_AT", 10)
    clock = Clock()
    turns = pacer(clock)
    for chat in range(100):
        clock.now += 5
        await turns.turn(str(chat), Rate(1.0))
    assert len(turns._chats) <= 10  # noqa: SLF001 - what it keeps is the point


async def test_no_second_of_the_platforms_holds_more_than_the_overall_rate() -> None:
    clock = Clock()
    turns = pacer(clock, overall_s=1 / 30)
    arrived = []
    delays = random.Random(3)
    for chat in range(200):
        await turns.turn(str(chat), Rate(0.0))
        clock.now += delays.choice((0.0, 0.0, 0.0, 0.4))  # what lies between a turn and its request bunches them
        async with turns.request():
            arrived.append(clock.now + delays.uniform(0.0, 0.1))
            clock.now += 0.1
    assert max(sum(at <= other < at + 1 for other in arrived) for at in arrived) <= 30


async def test_requests_held_up_together_do_not_leave_together() -> None:
    clock = Clock()
    window = Window(30)
    for _ in range(30):
        assert window.wait_s(clock.now, urgent=False) == 0
        window.leave()
    assert window.wait_s(clock.now, urgent=True) > 0, "nobody knows when those under way will arrive"
    for _ in range(30):
        window.answered(clock.now)
    assert window.wait_s(clock.now + 0.9, urgent=True) == pytest.approx(0.1)
    assert window.wait_s(clock.now + 1.1, urgent=True) == 0


def test_somebody_urgent_goes_first() -> None:
    window = Window(2)
    with window.queued(urgent=True):
        assert window.wait_s(0.0, urgent=False) > 0
        assert window.wait_s(0.0, urgent=True) == 0
    assert window.wait_s(0.0, urgent=False) == 0
