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
    TokenRefusedError,
)
from bot.limits import EDIT_ATTEMPTS
from bot.model import Action, Address, Delivery, DeliveryState, Platform
from bot.workers.deliver import outcome_after
from tests.examples import DELIVERY, NOW

GONE = ChatGoneError("blocked")
MOVED = ChatMovedError("moved", to=Address(Platform.TELEGRAM, "-1001"))


@pytest.mark.parametrize(
    ("error", "state", "wait_s"),
    [
        pytest.param(RetryAfterError("slow down", seconds=17), DeliveryState.PENDING, 17, id="waits as long as asked"),
        pytest.param(RetryAfterError("never", seconds=1e18), DeliveryState.PENDING, 604_800, id="but a week at most"),
        pytest.param(NotSentError("refused connection"), DeliveryState.PENDING, 5, id="never sent: again soon"),
        pytest.param(MaybeSentError("time-out"), DeliveryState.PENDING, 5, id="maybe sent: once more, marked"),
        pytest.param(MOVED, DeliveryState.PENDING, 5, id="moved: again at the new address"),
        pytest.param(GONE, DeliveryState.PENDING, 5, id="chat gone: when it is back"),
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


EDIT = replace(DELIVERY, action=Action.EDIT)
DIGEST = replace(EDIT, bundle_id=EDIT.id)


@pytest.mark.parametrize(
    ("delivery", "error", "state", "in_doubt"),
    [
        pytest.param(EDIT, MaybeSentError("time-out"), DeliveryState.PENDING, False, id="an edit does no harm twice"),
        pytest.param(DIGEST, MaybeSentError("time-out"), DeliveryState.PENDING, True, id="one with a digest does"),
        pytest.param(
            replace(DIGEST, maybe_sent=True),
            MaybeSentError("time-out"),
            DeliveryState.UNKNOWN,
            True,
            id="but not thrice",
        ),
        pytest.param(
            replace(EDIT, attempts=EDIT_ATTEMPTS),
            NotSentError("missing_scope"),
            DeliveryState.DEAD,
            False,
            id="given up",
        ),
        pytest.param(
            replace(EDIT, attempts=EDIT_ATTEMPTS),
            MaybeSentError("time-out"),
            DeliveryState.DEAD,
            False,
            id="in doubt too",
        ),
        pytest.param(
            replace(EDIT, attempts=EDIT_ATTEMPTS), MOVED, DeliveryState.DEAD, False, id="moved again and again"
        ),
        pytest.param(replace(EDIT, attempts=EDIT_ATTEMPTS), GONE, DeliveryState.DEAD, False, id="gone again and again"),
        pytest.param(
            replace(EDIT, attempts=EDIT_ATTEMPTS),
            TokenRefusedError("invalid_auth"),
            DeliveryState.PENDING,
            False,
            id="our token will not do: as long as it takes",
        ),
        pytest.param(
            replace(EDIT, attempts=EDIT_ATTEMPTS - 1), NotSentError("down"), DeliveryState.PENDING, False, id="not yet"
        ),
        pytest.param(
            replace(DIGEST, attempts=EDIT_ATTEMPTS),
            NotSentError("down"),
            DeliveryState.PENDING,
            False,
            id="no digest is",
        ),
    ],
)
def test_an_edit(delivery: Delivery, error: ChatError, state: DeliveryState, *, in_doubt: bool) -> None:
    outcome = outcome_after(error, delivery, NOW)
    assert (outcome.state, outcome.maybe_sent) == (state, in_doubt)


def test_waiting_grows_with_attempts_up_to_an_hour() -> None:
    waits = [
        outcome_after(NotSentError("down"), replace(DELIVERY, attempts=attempts), NOW).not_before
        for attempts in (1, 3, 100)
    ]
    assert waits == [NOW + timedelta(seconds=seconds) for seconds in (10, 40, 3600)]
