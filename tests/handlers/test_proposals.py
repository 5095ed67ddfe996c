"""A topic from its proposal to its change: nothing is watched or changed before somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chats.chat import Inbound
from bot.limits import PROPOSALS_PER_CHAT, TELEGRAM_CALLBACK_BYTES
from bot.model import UNSAVED, Address, Platform, Sensitivity, Topic
from handlers.dispatch import Dispatcher
from tests.handlers.house import AWAY, HOME, House, button, pressable, texts
from tests.handlers.past import FISH, PARADE, SHELLS, past
from tests.handlers.told import NOW

if TYPE_CHECKING:
    import pytest

NAME = "DPRK-Russia arms"


async def _topics(house: House) -> list[str]:
    return [topic.name for topic in await house.desk.store.topics_of((await house.chat()).id)]


async def test_a_proposal_reads_like_this(house: House) -> None:
    await past(house, SHELLS, FISH, PARADE, FISH)
    (message,) = await house.say(f"/topics add {NAME}")
    assert message.plain_text.splitlines() == [
        "Proposal: “DPRK-Russia arms”",
        "Query: @dprk & @russia & @arms · normal",
        "DPRK → @dprk (North Korea), Russia → @russia, arms → @arms (Arms and military cooperation)",
        "2 hits (0.7 a day) in 2 stories: about 5 alerts a week.",
        "·█·█",
        "17 Jun 2024 – 20 Jun 2024",
        "- 20 Jun 2024: North Korea ships artillery shells to Russia (Harbour Wire; 1.00)",
        "- 18 Jun 2024: Kim Jong Un and Putin discuss weapons in Moscow (Harbour Wire; 1.00)",
        "Tested on 4 entries from 17 Jun 2024 to 20 Jun 2024.",
        "Nothing is watched until you save it.",
    ]
    assert [[each.label for each in row] for row in message.buttons] == [["Save", "Stricter"], ["Wider", "Edit"]]
    assert await _topics(house) == []


async def test_saving_watches_subscribes_and_settles_the_proposal(house: House) -> None:
    offered = await house.say(f"/topics add {NAME}")
    said = texts(await house.press(button(offered, "Save").data))
    assert f"Now watching “{NAME}”" in said
    topic = await house.topic(NAME)
    (subscription,) = await house.desk.store.subscriptions_of((await house.chat()).id)
    assert subscription.topic_id == topic.id
    assert "settled" in texts(await house.press(button(offered, "Save").data))
    assert await _topics(house) == [NAME]


async def test_every_button_stands_for_what_can_be_typed(house: House) -> None:
    offered = await house.say(f"/topics add {NAME}")
    assert [each.command for each in pressable(offered)] == [
        f"/topics {verb} {NAME}" for verb in ("save", "stricter", "wider", "edit")
    ]
    assert all(len(each.data.encode()) <= TELEGRAM_CALLBACK_BYTES for each in pressable(offered))
    assert "· strict" in texts(await house.say(f"/topics stricter {NAME}"))
    await house.say(f"/topics save {NAME}")
    assert (await house.topic(NAME)).sensitivity is Sensitivity.STRICT


async def test_a_line_with_its_query_takes_nothing_from_an_earlier_proposal(house: House) -> None:
    offered = await house.say("/topics add Arms")
    await house.press(button(offered, "Stricter").data)
    assert "@dprk · normal" in texts(await house.say("/topics save Arms = @dprk"))
    await house.say("/topics set Arms wide")
    await house.say("/topics stricter Arms")
    assert "@russia · wide" in texts(await house.say("/topics save Arms = @russia"))
    topic = await house.topic("Arms")
    assert (topic.query, topic.sensitivity) == ("@russia", Sensitivity.WIDE)


async def test_one_typed_line_saves_without_asking(house: House) -> None:
    await house.say("/topics save Arms = @arms & @dprk")
    assert (await house.topic("Arms")).query == "@arms & @dprk"
    await house.say(f"/topics save {NAME}")
    assert (await house.topic(NAME)).query == "@dprk & @russia & @arms"


async def test_a_proposal_survives_a_restart(house: House) -> None:
    offered = await house.say(f"/topics add {NAME}")
    again = House(house.desk)
    assert "Now watching" in texts(await again.press(button(offered, "Save").data))


async def test_another_chat_cannot_press_it(house: House) -> None:
    offered = await house.say(f"/topics add {NAME}")
    assert "settled" in texts(await house.press(button(offered, "Save").data, AWAY))
    assert await house.desk.store.topics_of((await house.chat(AWAY)).id) == ()
    assert "Now watching" in texts(await house.press(button(offered, "Save").data))


async def test_in_a_group_only_admins_say_yes(house: House) -> None:
    offered = await house.in_group("owner", f"/topics add {NAME}")
    for label in ("Save", "Stricter", "Wider", "Edit"):
        press = Inbound(AWAY, "passer-by", data=button(offered, label).data, private=False)
        (reply,) = await house.dispatcher.handle(press)
        assert "admins" in reply.message.plain_text
        assert not reply.edit
    assert await house.desk.store.topics_of((await house.chat(AWAY)).id) == ()


async def test_a_press_changes_the_message_and_a_typed_line_does_not(house: House) -> None:
    offered = await house.say(f"/topics add {NAME}")
    dispatcher = Dispatcher(house.desk, lambda _: _yes())
    (pressed,) = await dispatcher.handle(Inbound(HOME, "owner", data=button(offered, "Wider").data))
    (typed,) = await dispatcher.handle(Inbound(HOME, "owner", text=f"/topics wider {NAME}"))
    (shown,) = await dispatcher.handle(Inbound(HOME, "owner", data=button(offered, "Edit").data))
    assert (pressed.edit, typed.edit, shown.edit) == (True, False, False)


async def _yes() -> bool:
    return True


async def test_wider_lowers_the_bar_then_drops_the_facet_that_holds_back_most(house: House) -> None:
    await past(house, SHELLS, "South Korea and Russia sign an arms deal", "Moscow shows new arms", FISH)
    offered = await house.say(f"/topics add {NAME}")
    assert "without @dprk 2 more" in texts(offered)
    assert "· wide" in texts(await house.press(button(offered, "Wider").data))
    said = texts(await house.press(button(offered, "Wider").data))
    assert "Query: @russia & @arms · wide" in said
    assert "3 hits" in said


async def test_at_the_end_of_the_ladder_the_next_step_is_told(house: House) -> None:
    offered = await house.say("/topics add Arms")
    await house.press(button(offered, "Stricter").data)
    assert "/topics edit Arms = @arms & word" in texts(await house.press(button(offered, "Stricter").data))
    for _ in range(2):
        await house.press(button(offered, "Wider").data)
    assert "/topics edit Arms = @arms | word" in texts(await house.press(button(offered, "Wider").data))


async def test_edit_shows_the_line_and_takes_it_back(house: House) -> None:
    offered = await house.say("/topics add Arms")
    assert "/topics edit Arms = @arms" in texts(await house.press(button(offered, "Edit").data))
    assert "Query: @arms & @dprk" in texts(await house.say("/topics edit arms = @arms @dprk"))
    await house.press(button(offered, "Save").data)
    assert (await house.topic("Arms")).query == "@arms & @dprk"


async def test_a_change_of_a_topic_shows_the_difference_and_waits_for_a_yes(house: House) -> None:
    await past(house, SHELLS, "Moscow shows new arms", FISH)
    await house.say("/topics save Arms = @arms & @russia")
    before = await house.topic("Arms")
    offered = await house.say("/topics edit Arms = @arms & @russia & @dprk")
    assert "Change of “Arms”" in texts(offered)
    assert "Before: 2 hits, 2 stories, " in texts(offered)
    assert "After: 1 hit, 1 story, " in texts(offered)
    assert await house.topic("Arms") == before
    await house.press(button(offered, "Save").data)
    after = await house.topic("Arms")
    assert (after.id, after.query) == (before.id, "@arms & @russia & @dprk")


async def test_a_level_is_set_at_once(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    said = texts(await house.say("/topics set Arms strict"))
    assert "“Arms” is changed" in said
    assert "@arms · strict" in said
    assert (await house.topic("Arms")).sensitivity is Sensitivity.STRICT
    assert "strict already" in texts(await house.say("/topics set Arms STRICT"))


async def test_a_topic_is_tested_as_it_stands(house: House) -> None:
    await past(house, SHELLS, FISH)
    await house.say(f"/topics save {NAME}")
    said = await house.say(f"/topics test {NAME}")
    assert "1 hit (" in texts(said)
    assert [each.label for each in pressable(said)] == ["Stricter", "Wider", "Edit"]
    assert "Change of" in texts(await house.press(button(said, "Stricter").data))
    assert (await house.topic(NAME)).sensitivity is Sensitivity.NORMAL


async def test_a_backtest_reads_only_what_the_chat_may_see(house: House) -> None:
    theirs = await past(house, SHELLS, feed="https://private.example/rss", shared=False)
    await house.desk.store.follow((await house.chat(AWAY)).id, theirs.id)
    assert "The archive is empty" in texts(await house.say(f"/topics add {NAME}"))
    assert SHELLS in texts(await house.say(f"/topics add {NAME}", AWAY))


async def test_an_archive_that_ended_is_tested_at_its_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await past(house, SHELLS, FISH)
    later = NOW.replace(year=2026)
    monkeypatch.setattr("tests.handlers.house.NOW", later)
    said = texts(await house.say(f"/topics add {NAME}"))
    assert "1 hit" in said
    assert "from 19 Jun 2024 to 20 Jun 2024; the archive ends there." in said


async def test_a_shared_topic_cannot_be_changed_here(house: House) -> None:
    await house.desk.store.add_topic(Topic(UNSAVED, None, "Arms", "@arms", NOW))
    for line in ("stricter Arms", "wider Arms", "edit Arms = @dprk", "set Arms wide", "save Arms = @dprk", "tune Arms"):
        assert "shared with every chat" in texts(await house.say(f"/topics {line}")), line
    assert (await house.topic("Arms")).query == "@arms"


async def test_saving_what_is_not_proposed_says_how_to_change_it(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    assert "/topics edit Arms" in texts(await house.say("/topics save arms"))


async def test_who_types_the_query_out_has_decided(house: House) -> None:
    assert "Now watching" in texts(await house.say("/topics add Arms = @arms & @dprk"))
    assert (await house.topic("Arms")).query == "@arms & @dprk"


async def test_old_proposals_give_way(house: House) -> None:
    first = await house.say("/topics add t0")
    for number in range(1, PROPOSALS_PER_CHAT + 1):
        await house.say(f"/topics add t{number}")
    assert "settled" in texts(await house.press(button(first, "Save").data))


async def test_a_missing_level_is_asked_for(house: House) -> None:
    assert "strict, normal or wide" in texts(await house.say("/topics set Arms"))


async def test_a_chat_that_shows_pictures_gets_the_hits_by_day(house: House) -> None:
    await past(house, SHELLS, FISH, PARADE, FISH)
    phone = Address(Platform.TELEGRAM, "42")
    (proposed,) = await house.say(f"/topics add {NAME}", phone)
    (chart,) = proposed.attachments
    assert chart.data.startswith(b"\x89PNG")
    assert chart.alt == f"Hits of {NAME} by day: 2 hits, 17 Jun 2024 to 20 Jun 2024"
    await house.press(button((proposed,), "Save").data, phone)
    (tested,) = await house.say(f"/topics test {NAME}", phone)
    assert [each.name for each in tested.attachments] == ["hits.png"]
    (none,) = await house.say("/topics add Volcano", phone)
    assert none.attachments == ()
