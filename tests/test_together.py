"""What many ask for at once and is done for all of them together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.together import Together

if TYPE_CHECKING:
    from collections.abc import Sequence


class Slow:
    """Doubles numbers, and takes its time; some it refuses."""

    def __init__(self, refused: frozenset[int] = frozenset()) -> None:
        self.begun = asyncio.Event()
        self.served: list[list[int]] = []
        self._refused = refused

    async def double(self, numbers: Sequence[int]) -> Sequence[int]:
        self.begun.set()
        await asyncio.sleep(0.02)
        if not self._refused.isdisjoint(numbers):
            message = "refused"
            raise OSError(message)
        self.served.append(list(numbers))
        return [2 * number for number in numbers]


async def test_who_asks_while_others_are_served_is_served_together_with_who_waits_too() -> None:
    slow = Slow()
    together = Together(slow.double, most=20)
    first = asyncio.create_task(together.ask(0))
    await slow.begun.wait()
    answers = await asyncio.gather(first, *(together.ask(n) for n in range(1, 30)))
    assert answers == [2 * n for n in range(30)]
    assert [len(batch) for batch in slow.served] == [1, 20, 9]
    assert await together.ask(30) == 60
    assert slow.served[-1] == [30]


async def test_the_first_waits_for_others_where_it_is_told_to() -> None:
    slow = Slow()
    together = Together(slow.double, most=20, pause_s=0.02)
    first = asyncio.create_task(together.ask(0))
    await asyncio.sleep(0)  # it has asked
    await asyncio.gather(first, together.ask(1))
    assert slow.served == [[0, 1]]


async def test_one_that_cannot_be_served_keeps_no_other_from_it() -> None:
    slow = Slow(frozenset({2}))
    together = Together(slow.double, most=20)
    outcomes = await asyncio.gather(*(together.ask(n) for n in range(4)), return_exceptions=True)
    assert [outcome if isinstance(outcome, int) else type(outcome) for outcome in outcomes] == [0, 2, OSError, 6]
    assert slow.served == [[0], [1], [3]]


async def test_when_the_serving_is_stopped_nobody_is_left_waiting() -> None:
    class Stopping(Slow):
        async def double(self, numbers: Sequence[int]) -> Sequence[int]:
            await super().double(numbers)
            raise asyncio.CancelledError

    slow = Stopping()
    together = Together(slow.double, most=20)
    first = asyncio.create_task(together.ask(0))
    await slow.begun.wait()
    second = asyncio.create_task(together.ask(1))
    outcomes = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2
    with pytest.raises(asyncio.CancelledError):
        await together.ask(2)
    assert slow.served == [[0], [2]]


async def test_what_was_asked_is_done_though_nobody_waits_any_more() -> None:
    slow = Slow()
    together = Together(slow.double, most=20)
    gone = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await together.ask(2) == 4
    assert slow.served == [[1], [2]]
