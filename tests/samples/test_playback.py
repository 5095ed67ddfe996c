"""The clock of the play goes forward only, and steps appear in order, each at its own date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.samples.coverage import load
from bot.samples.playback import FIRST_STEP_AFTER_S, STEP_EVERY_S, Pace, PlaybackClock, play

START = datetime(2024, 6, 10, tzinfo=UTC)


class Seconds:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at_s = 1000.0

    def __call__(self) -> float:
        return self.at_s


def test_the_clock_runs_at_wall_speed_from_its_start() -> None:
    seconds = Seconds()
    clock = PlaybackClock(START, monotonic=seconds)
    assert clock.now() == START
    seconds.at_s += 2.5
    assert clock.now() == START + timedelta(seconds=2.5)


def test_the_clock_jumps_forward_and_runs_on_from_there() -> None:
    seconds = Seconds()
    clock = PlaybackClock(START, monotonic=seconds)
    seconds.at_s += 60
    clock.advance_to(START + timedelta(days=7))
    assert clock.now() == START + timedelta(days=7)
    seconds.at_s += 1
    assert clock.now() == START + timedelta(days=7, seconds=1)


def test_a_moment_that_has_passed_changes_nothing() -> None:
    seconds = Seconds()
    clock = PlaybackClock(START, monotonic=seconds)
    seconds.at_s += 60
    clock.advance_to(START + timedelta(seconds=30))
    assert clock.now() == START + timedelta(seconds=60)


@given(st.lists(st.tuples(st.floats(0, 1e5), st.integers(-100, 100))))
def test_the_clock_never_goes_backward(moves: list[tuple[float, int]]) -> None:
    seconds = Seconds()
    clock = PlaybackClock(START, monotonic=seconds)
    last = clock.now()
    for passed_s, jump_days in moves:
        seconds.at_s += passed_s
        clock.advance_to(START + timedelta(days=jump_days))
        assert clock.now() >= last
        assert clock.now() >= START + timedelta(days=jump_days)
        last = clock.now()


async def test_each_step_is_released_at_its_date_and_then_polled() -> None:
    steps = load().steps[:3]
    clock = PlaybackClock(START, monotonic=Seconds())
    seen: list[tuple[str, datetime]] = []

    async def poll() -> None:
        seen.append(("poll", clock.now()))

    await play(
        steps,
        clock=clock,
        release=lambda step: seen.append((step.entries[0].id, clock.now())),
        poll=poll,
        pace=Pace(first_after_s=0, every_s=0),
    )
    assert seen == [event for step in steps for event in ((step.entries[0].id, step.at), ("poll", step.at))]


def test_a_newcomer_sees_the_first_step_within_fifteen_seconds_and_all_within_six_minutes() -> None:
    assert FIRST_STEP_AFTER_S < 5
    assert FIRST_STEP_AFTER_S + (len(load().steps) - 1) * STEP_EVERY_S < 360
