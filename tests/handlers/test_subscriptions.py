from __future__ import annotations

from tests.handlers.house import House, button, pressable, texts


async def _on(house: House) -> int:
    return len(await house.desk.store.subscriptions_of((await house.chat()).id))


async def test_off_and_on_again(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    off = await house.say("/unsubscribe ARMS")
    assert "Arms is off" in texts(off)
    assert await _on(house) == 0
    assert "was off already" in texts(await house.say("/unsubscribe Arms"))
    on = await house.press(button(off, "Turn on").data)
    assert "Arms is on: new stories will be sent here" in texts(on)
    assert await _on(house) == 1
    assert "is on already" in texts(await house.say("/subscribe Arms"))
    await house.press(button(on, "Turn off").data)
    assert await _on(house) == 0


async def test_without_a_name_the_choice_is_offered(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    await house.say("/topics save Chips = @china")
    await house.say("/unsubscribe Chips")
    assert [each.command for each in pressable(await house.say("/subscribe"))] == ["/subscribe Chips"]
    assert [each.command for each in pressable(await house.say("/unsubscribe"))] == ["/unsubscribe Arms"]
    await house.say("/subscribe Chips")
    assert "Every topic here is on already" in texts(await house.say("/subscribe"))


async def test_with_no_topic_the_way_to_one_is_told(house: House) -> None:
    assert "/topics add DPRK-Russia arms" in texts(await house.say("/subscribe"))
    assert "/subscribe NAME" in texts(await house.say("/unsubscribe"))


async def test_an_unknown_name_is_offered_as_a_new_topic(house: House) -> None:
    said = await house.say("/subscribe DPRK-Russia arms")
    assert "/topics add DPRK-Russia arms" in texts(said)
    assert await _on(house) == 0
    offered = await house.press(button(said, "Watch DPRK-Russia arms").data)
    assert await _on(house) == 0
    await house.press(button(offered, "Save").data)
    assert await _on(house) == 1


async def test_a_slip_in_a_name_is_offered_as_the_topic_meant(house: House) -> None:
    await house.say("/topics save Taiwan Strait = @china")
    await house.say("/unsubscribe Taiwan Strait")
    said = await house.say("/subscribe Taiwan Strat")
    await house.press(button(said, "Taiwan Strait").data)
    assert await _on(house) == 1
