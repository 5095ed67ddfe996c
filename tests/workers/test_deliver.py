"""What becomes of a delivery that a platform did not take."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import (
    ChatError,
    ChatGoneError,
    ChatMovedError,
    MaybeSentError,
    NotSentError,
    RefusedError,
    RetryAfterError,
)
from bot.model import Address, DeliveryState, Platform
from bot.workers.deliver import outcome_after
from tests.examples import DELIVERY, NOW

MOVED = ChatMovedError("moved", to=Address(Platform.TELEGRAM, "-1001"))


@pytest.mark.parametrize(
    ("error", "state", "wait_s"),
    [
        pytest.param(RetryAfterError("slow down", seconds=17), DeliveryState.PENDING, 17, id="waits as long as asked"),
        pytest.param(RetryAfterError("never", seconds=1e18), DeliveryState.PENDING, 604_800, id="but a week at most"),
        pytest.param(NotSentError("refused connection"), DeliveryState.PENDING, 5, id="never sent: again soon"),
        pytest.param(MaybeSentError("time-out"), DeliveryState.PENDING, 5, id="maybe sent: once more, marked"),
        pytest.param(MOVED, DeliveryState.PENDING, 5, id="moved: again at the new address"),
        pytest.param(ChatGoneError("bot was blocked"), DeliveryState.DEAD, None, id="chat gone: kept, with its reason"),
        pytest.param(RefusedError("too long"), DeliveryState.DEAD, None, id="refused: kept, with its reason"),
    ],
)
def test_outcome(error: ChatError, state: DeliveryState, wait_s: float | None) -> None:
    outcome = outcome_after(error, DELIVERY, NOW)
    assert outcome.state is state
    assert outcome.error == str(error)
    assert outcome.not_before == (None if wait_s is None else NOW + timedelta(seconds=wait_s))
    assert outcome.maybe_sent is isinstance(error, MaybeSentError)


def test_a_second_maybe_is_not_sent_a_third_time() -> None:
    outcome = outcome_after(MaybeSentError("time-out"), replace(DELIVERY, maybe_sent=True), NOW)
    assert outcome.state is DeliveryState.UNKNOWN


def test_the_mark_of_a_possible_repeat_is_never_lost() -> None:
    marked = replace(DELIVERY, maybe_sent=True)
    assert outcome_after(RetryAfterError("slow down", seconds=1), marked, NOW).maybe_sent


def test_waiting_grows_with_attempts_up_to_an_hour() -> None:
    waits = [
        outcome_after(NotSentError("down"), replace(DELIVERY, attempts=attempts), NOW).not_before
        for attempts in (1, 3, 100)
    ]
    assert waits == [NOW + timedelta(seconds=seconds) for seconds in (10, 40, 3600)]
