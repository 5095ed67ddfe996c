"""Too many commands are refused, told once, and never for longer than a minute."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chats.chat import Inbound
from bot.model import Address, Platform
from handlers import flood
from handlers.dispatch import Dispatcher
from handlers.flood import Gate, Pace, Verdict, judged
from tests.handlers.house import AWAY, HOME, House

GO, TELL, SILENCE = Verdict.GO, Verdict.TELL, Verdict.SILENCE


@pytest.mark.parametrize(
    ("times_s", "verdicts"),
    [
        pytest.param([0, 1, 2], [GO, GO, GO], id="within the limit"),
        pytest.param([0, 1, 2, 3, 4], [GO, GO, GO, TELL, SILENCE], id="told once, then silence"),
        pytest.param([0, 1, 2, 3, 60, 60.5], [GO, GO, GO, TELL, GO, TELL], id="told anew after a command went through"),
        pytest.param([0, 30, 59, 61, 62], [GO, GO, GO, GO, TELL], id="the minute slides"),
        pytest.param([0, 0, 0, 0, 1e6], [GO, GO, GO, TELL, GO], id="after a long rest"),
    ],
)
def test_three_a_minute(times_s: list[float], verdicts: list[Verdict]) -> None:
    gate = Gate(3)
    assert [gate.judge("ada", time_s)[0] for time_s in times_s] == verdicts


def test_the_wait_that_is_told_is_the_wait_that_is_kept() -> None:
    gate = Gate(2)
    gate.judge("ada", 10)
    gate.judge("ada", 15)
    verdict, wait_s = gate.judge("ada", 20)
    assert (verdict, wait_s) == (TELL, 50)
    assert gate.judge("ada", 20 + wait_s)[0] is GO


def test_people_are_judged_apart_and_nobody_without_a_limit() -> None:
    gate = Gate(1)
    assert [gate.judge(who, 0)[0] for who in ("ada", "bob", "ada")] == [GO, GO, TELL]
    free = Gate(None)
    assert {free.judge("ada", 0)[0] for _ in range(100)} == {GO}


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "PEOPLE_KEPT", 10)
    gate = Gate(1)
    for who in range(30):
        gate.judge(who, 0)
    assert gate.judge(29, 1)[0] is TELL
    assert gate.judge(0, 1)[0] is GO


@example(gaps_s=[0.1, 30.0, 29.999999999999996, 0.0], per_min=1)
@given(st.lists(st.floats(0, 30), max_size=80), st.integers(1, 10))
def test_no_minute_holds_more_than_the_limit_and_every_wait_ends_in_time(gaps_s: list[float], per_min: int) -> None:
    pace, now_s, went = Pace(), 0.0, []
    for gap_s in gaps_s:
        now_s += gap_s
        pace, verdict, wait_s = judged(pace, now_s, per_min)
        if verdict is GO:
            went.append(now_s)
        else:
            assert 0 < wait_s <= flood.SPAN_S
    for time_s in went:
        assert sum(time_s <= other < time_s + flood.SPAN_S for other in went) <= per_min


def test_rounding_gives_no_wait_of_nothing() -> None:
    # A hair less than a minute apart, though the sum of the first and a minute rounds to the second.
    _, verdict, wait_s = judged(Pace((22.91323856929842,)), 82.91323856929841, 1)
    assert verdict is GO or wait_s > 0


async def may(_: Inbound) -> bool:
    return True


async def test_a_chat_is_told_once_and_then_nothing_is_done(house: House) -> None:
    dispatcher = Dispatcher(house.desk, may, commands_per_min=2)
    said = [await dispatcher.handle(Inbound(AWAY, "ada", text="/topics save Arms = @arms")) for _ in range(2)]
    assert all(said)
    (reply,) = await dispatcher.handle(Inbound(AWAY, "ada", text="/topics remove Arms"))
    assert "I answer again in 60 s" in reply.message.plain_text
    assert await dispatcher.handle(Inbound(AWAY, "ada", data="topic-remove:1")) == ()
    assert await house.topic("Arms", AWAY)
    # Others, and the same person elsewhere, are answered.
    assert await dispatcher.handle(Inbound(AWAY, "bob", text="/topics"))
    assert await dispatcher.handle(Inbound(Address(Platform.TELEGRAM, "77"), "ada", text="/topics"))


async def test_talk_in_a_group_and_the_console_do_not_count(house: House) -> None:
    dispatcher = Dispatcher(house.desk, may, commands_per_min=1)
    for _ in range(5):
        assert await dispatcher.handle(Inbound(AWAY, "ada", text="good morning", private=False)) == ()
        assert await dispatcher.handle(Inbound(HOME, "me", text="/topics"))
    assert await dispatcher.handle(Inbound(AWAY, "ada", text="/topics", private=False))
