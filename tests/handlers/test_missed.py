"""/missed: what did not get through is listed with its reason, for its own chat alone, and can be sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import DeliveryState
from bot.store.port import Outcome
from tests.handlers.house import AWAY, House, button, texts
from tests.handlers.told import NOW, tell_story

if TYPE_CHECKING:
    from bot.model import Delivery

PENDING, UNKNOWN, DEAD = DeliveryState.PENDING, DeliveryState.UNKNOWN, DeliveryState.DEAD


async def ended(house: House, outcome: Outcome) -> Delivery:
    """A story whose alert for the home chat ended like this."""
    if not await house.desk.store.topics_of((await house.chat()).id):
        await house.say("/topics add Arms = @dprk & @russia & @arms")
        await house.say("/topics save Arms")
    chat = await house.chat()
    topic = (await house.desk.store.topics_of(chat.id))[0]
    await tell_story(house.desk.store, chat, topic, outcome=outcome)
    return (await house.desk.store.deliveries(chat.id, states=list(DeliveryState), limit=1))[0]


async def test_nothing_missed_is_said_so(house: House) -> None:
    assert "Nothing was missed" in texts(await house.say("/missed"))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        pytest.param(Outcome(DEAD, error="message is too long"), ("not sent", "message is too long"), id="refused"),
        pytest.param(Outcome(UNKNOWN, error="no answer"), ("perhaps sent", "no answer"), id="in doubt"),
        pytest.param(
            Outcome(PENDING, error="slow down", not_before=NOW + timedelta(hours=1)),
            ("held until", "slow down"),
            id="held",
        ),
    ],
)
async def test_each_is_listed_with_its_reason(house: House, outcome: Outcome, words: tuple[str, ...]) -> None:
    delivery = await ended(house, outcome)
    said = texts(await house.say("/missed"))
    assert all(word in said for word in ("1 alert did not get through", f"{delivery.id}: Arms shipped", *words))


async def test_a_press_puts_all_back_in_line_marked_where_in_doubt(house: House) -> None:
    await ended(house, Outcome(DEAD, error="too long"))
    await ended(house, Outcome(UNKNOWN, error="no answer", maybe_sent=True))
    offered = button(await house.say("/missed"), "Send all again")
    assert "2 alerts will be sent now" in texts(await house.press(offered.data))
    waiting = await house.desk.store.deliveries((await house.chat()).id, states=[PENDING], limit=9)
    assert [one.maybe_sent for one in waiting] == [True, False]


async def test_one_is_put_back_by_its_number_and_only_once(house: House) -> None:
    delivery = await ended(house, Outcome(DEAD, error="too long"))
    assert "1 alert will" in texts(await house.say(f"/missed replay {delivery.id}"))
    assert "No alert of this chat with that number" in texts(await house.say(f"/missed replay {delivery.id}"))


async def test_another_chat_neither_sees_nor_replays_it(house: House) -> None:
    delivery = await ended(house, Outcome(DEAD, error="too long"))
    assert "Nothing was missed" in texts(await house.say("/missed", AWAY))
    assert "No alert of this chat" in texts(await house.say(f"/missed replay {delivery.id}", AWAY))
    assert "No alert of this chat" in texts(await house.say("/missed replay all", AWAY))
    assert "did not get through" in texts(await house.say("/missed"))


async def test_in_a_group_only_admins_replay(house: House) -> None:
    assert "Nothing was missed" in texts(await house.in_group("somebody", "/missed"))
    assert "only the group's admins" in texts(await house.in_group("somebody", "/missed replay all"))


@pytest.mark.parametrize("text", ["/missed replay", "/missed replay x", "/missed everything"])
async def test_what_is_unclear_brings_the_usage(house: House, text: str) -> None:
    assert "/missed replay" in texts(await house.say(text))


async def test_status_tells_of_what_was_missed_and_leads_there(house: House) -> None:
    await ended(house, Outcome(UNKNOWN, error="no answer", maybe_sent=True))
    answer = await house.say("/status")
    assert "1 perhaps sent" in texts(answer)
    assert "perhaps sent" in texts(await house.press(button(answer, "Missed").data))
