from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from structlog.testing import capture_logs

from bot.chats.chat import Happening, Inbound
from bot.errors import ChatError
from bot.model import Address, Platform
from handlers.buttons import offer
from handlers.commands import COMMANDS
from handlers.dispatch import Dispatcher
from handlers.sayings import (
    AddConcept,
    AddFeed,
    AddTopic,
    EditTopic,
    Latest,
    ListTopics,
    RemoveConcept,
    RemoveFeed,
    RemoveTopic,
    SaveTopic,
    SetTopic,
    ShowTopic,
    StricterTopic,
    Subscribe,
    TestTopic,
    TuneTopic,
    Unsubscribe,
    Why,
    WhyNot,
    WiderTopic,
)
from tests.handlers.house import AWAY, FEED_URL, HOME, House, ScriptedDesk, button, pressable, texts

if TYPE_CHECKING:
    from bot.store.port import Store

ROOM = Address(Platform.SLACK, "C024BE91L")


async def test_what_changes_things_is_for_admins_in_groups(house: House) -> None:
    assert {row.kind for row in COMMANDS if row.changes} >= {
        AddTopic,
        SaveTopic,
        EditTopic,
        SetTopic,
        StricterTopic,
        WiderTopic,
        TuneTopic,
        RemoveTopic,
        Subscribe,
        Unsubscribe,
        AddFeed,
        RemoveFeed,
        AddConcept,
        RemoveConcept,
    }
    assert not {row.kind for row in COMMANDS if row.changes} & {ListTopics, ShowTopic, TestTopic, Latest, Why, WhyNot}
    assert "admins" in texts(await house.in_group("passer-by", "/topics save Arms = @arms"))
    assert await house.desk.store.topics_of((await house.chat(AWAY)).id) == ()
    assert "Now watching" in texts(await house.in_group("owner", "/topics save Arms = @arms"))
    assert "“Arms”: on" in texts(await house.in_group("passer-by", "/topics show arms"))


async def test_a_press_needs_the_same_right_as_its_command(house: House) -> None:
    await house.in_group("owner", "/topics save Arms = @arms")
    topic = await house.topic("Arms", AWAY)
    press = Inbound(AWAY, "passer-by", data=f"topic-remove:{topic.id}", private=False)
    (reply,) = await house.dispatcher.handle(press)
    assert "admins" in reply.message.plain_text
    assert await house.topic("Arms", AWAY) == topic


async def test_an_offer_needs_the_same_right_as_its_command(house: House) -> None:
    said = await house.in_group("owner", "/topics ad Arms")
    press = Inbound(AWAY, "passer-by", data=button(said, "/topics add Arms").data, private=False)
    (reply,) = await house.dispatcher.handle(press)
    assert "admins" in reply.message.plain_text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("good morning", id="chatter"),
        pytest.param(FEED_URL, id="an address alone"),
        pytest.param("why did they do that?", id="a sentence that begins like a command"),
        pytest.param("/weather Seoul", id="another bot's command"),
        pytest.param("latest news are bad", id="talk that reads like a command"),
    ],
)
async def test_a_group_is_not_answered_for_what_is_no_command(house: House, text: str) -> None:
    assert await house.in_group("owner", text) == ()


async def test_slack_delivers_only_what_is_meant_for_us(house: House) -> None:
    assert "no such command" in texts(await house.in_group("owner", "/weather Seoul", ROOM))


async def test_a_group_is_helped_with_a_slip(house: House) -> None:
    said = await house.in_group("passer-by", "/latst")
    assert pressable(said)[0].command == "/latest"


async def test_an_address_that_a_mention_brings_is_offered(house: House) -> None:
    """Adapters put a slash before what follows a mention."""
    said = await house.in_group("owner", f"/{FEED_URL}", ROOM)
    assert button(said, "Add this feed").command == f"/feeds add {FEED_URL}"


async def test_a_missing_name_is_offered_as_a_choice(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    await house.say("/topics save Chips = @china")
    await house.say(f"/feeds add {FEED_URL}")
    said = await house.say("/topics remove")
    assert "The topic's name is missing." in texts(said)
    assert [each.command for each in pressable(said)] == ["/topics remove Arms", "/topics remove Chips", "/topics"]
    assert button(await house.say("/topics show"), "Show Arms").command == "/topics show Arms"
    assert "no longer serves" in texts(
        await house.press(button(await house.say("/feeds remove"), "Remove Example News").data)
    )


async def test_no_example_button_takes_anything_away(house: House) -> None:
    assert [each.command for each in pressable(await house.say("/feeds remove"))] == ["/feeds"]
    assert [each.command for each in pressable(await house.say("/topics remove"))] == ["/topics"]


async def test_a_private_chat_gets_a_hint(house: House) -> None:
    said = await house.say("good morning")
    assert "/topics add NAME" in texts(said)
    assert [each.command for each in pressable(said)] == ["/topics", "/latest", "/help"]


async def test_a_stranger_is_registered_at_first_contact(house: House) -> None:
    inbound = Inbound(Address(Platform.TELEGRAM, "7"), "7", text="/start", chat_title="Ada")
    await house.dispatcher.handle(inbound)
    assert (await house.desk.store.chat_at(inbound.address, title="Ada", now=house.desk.now())).title == "Ada"


async def test_a_query_that_does_not_parse_is_pointed_at(house: House) -> None:
    (message,) = await house.say("/topics save X = @dprk & (@russia")
    query, caret = message.blocks[1].items
    assert query[0].text == "@dprk & (@russia"
    assert caret[0].text.strip() == "^"
    assert button((message,), "How queries are written").command == "/help queries"
    assert await house.desk.store.topics_of((await house.chat()).id) == ()


async def test_a_fault_is_owned_up_to_and_logged_without_what_was_typed(house: House) -> None:
    house.desk.feed_fault = RuntimeError("token=secret at https://private.example/feed")
    with capture_logs() as logs:
        said = texts(await house.say("/feeds add https://private.example/feed"))
    assert "Something went wrong" in said
    error = next(log for log in logs if log["log_level"] == "error")
    assert error["reference"] in said
    assert error["error"] == "RuntimeError"
    loud = [log for log in logs if log["log_level"] != "debug"]
    assert not any("private.example" in str(log) or "secret" in str(log) for log in loud)


async def test_an_ordinary_command_logs_nothing_that_was_typed(house: House) -> None:
    with capture_logs() as logs:
        await house.say("/topics save Confidential = @arms & project")
    assert [log["event"] for log in logs] == ["command"]
    assert "onfidential" not in str(logs)


async def test_even_the_first_step_failing_is_answered(house: House) -> None:
    class NoStore:
        async def chat_at(self, *_: object, **__: object) -> None:
            raise OSError("the disk is full")

    desk = ScriptedDesk(cast("Store", NoStore()), house.desk.lexicon)
    said = texts(await House(desk).say("/topics"))
    assert "Something went wrong" in said
    assert "disk" not in said


async def test_nothing_changes_while_the_admins_are_unknown(house: House) -> None:
    async def unreachable(_: Inbound) -> bool:
        raise ChatError("Telegram did not say who the admins are.")

    dispatcher = Dispatcher(house.desk, unreachable)
    (reply,) = await dispatcher.handle(Inbound(AWAY, "owner", text="/topics add Arms = @arms", private=False))
    assert reply.message.plain_text == "Telegram did not say who the admins are."
    assert await house.desk.store.topics_of((await house.chat(AWAY)).id) == ()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("", id="nothing"),
        pytest.param(":", id="a colon"),
        pytest.param("format-disk:1", id="an unknown action"),
        pytest.param("why:abc", id="no number"),
        pytest.param("why:99999999999999999999999", id="a huge number"),
        pytest.param("topic-remove:0", id="no such topic"),
        pytest.param("topic-remove:", id="no topic"),
        pytest.param("feed-remove:7", id="no such feed"),
        pytest.param("do:0123456789abcdef0123", id="an offer never made"),
    ],
)
async def test_a_forged_or_stale_button_is_answered_in_words(house: House, data: str) -> None:
    (message,) = await house.press(data)
    assert message.plain_text
    assert "Something went wrong" not in message.plain_text


@pytest.mark.parametrize(
    "inbound",
    [
        pytest.param(Inbound(HOME, "owner", text="/topics remove Arms", event="slack:Ev1"), id="a command"),
        pytest.param(Inbound(HOME, "owner", data="new-topic:", event="telegram:1:2:3"), id="a press"),
        pytest.param(Inbound(AWAY, "owner", happening=Happening.JOINED, event="slack:Ev1"), id="an invitation"),
    ],
)
async def test_what_was_heard_is_not_carried_out_again_after_a_restart(house: House, inbound: Inbound) -> None:
    await house.say("/topics save Arms = @arms")
    assert await house.dispatcher.handle(inbound)
    await house.say("/topics save Arms = @arms")
    started_anew = House(house.desk)
    assert await started_anew.dispatcher.handle(inbound) == ()
    assert await house.topic("Arms")
    assert await started_anew.dispatcher.handle(replace(inbound, event="another"))


async def test_what_has_no_number_is_heard_each_time(house: House) -> None:
    assert await house.say("/topics")
    assert await house.say("/topics")


async def test_an_offer_counts_only_in_the_chat_that_it_was_made_to(house: House) -> None:
    data = button(await house.say(FEED_URL), "Add this feed").data
    assert "gone stale" in texts(await house.press(data, AWAY))
    assert "Added Example News" in texts(await house.press(data))


async def test_another_chats_ids_reveal_and_change_nothing(house: House) -> None:
    """Every id that one chat's buttons carry is tried from another chat, as a press and as a command."""
    await house.say("/topics save Its own = @china", AWAY)
    await house.say("/topics save Arms = @arms")
    await house.say(f"/feeds add {FEED_URL}")
    topic = await house.topic("Arms")
    told = await house.tell_story(topic)
    feed = next(feed for feed in await house.desk.store.feeds_of((await house.chat()).id) if feed.url == FEED_URL)
    tries = [
        await house.press(f"{action}:{number}", AWAY)
        for action, number in [
            ("why", told.story.id),
            ("earlier", told.story.id),
            ("why", told.past.id),
            ("topic-show", topic.id),
            ("topic-latest", topic.id),
            ("topic-remove", topic.id),
            ("subscribe", topic.id),
            ("unsubscribe", topic.id),
            ("feed-remove", feed.id),
        ]
    ]
    tries += [
        await house.say(text, AWAY)
        for text in (
            f"/why {told.story.id}",
            f"/earlier {told.story.id}",
            "/topics show Arms",
            "/topics remove Arms",
            "/latest Arms",
            "/latest",
            "/topics",
            f"/feeds remove {feed.id}",
            f"/feeds remove {FEED_URL}",
        )
    ]
    tries.append(await house.say("/why", AWAY, replied_to=told.ref))
    for said in tries:
        for secret in (told.story.headline, told.past.headline, "@arms", "Example News", "North Korea"):
            assert secret not in texts(said)
    assert await house.topic("Arms") == topic
    assert feed in await house.desk.store.feeds_of((await house.chat()).id)
    assert len(await house.desk.store.subscriptions_of((await house.chat()).id)) == 1
    assert [topic.name for topic in await house.desk.store.topics_of((await house.chat(AWAY)).id)] == ["Its own"]


def test_an_offer_carries_an_id_and_no_text() -> None:
    made = offer("Watch it", "/topics add " + "x" * 80)
    assert made.argument.isalnum()
    assert len(made.data) <= 64
    assert HOME.chat not in made.data
