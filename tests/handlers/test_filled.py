"""A form of a topic: drawn for what it is about, tried, checked and carried out as the typed commands would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chats.chat import FilledForm, FormStep, Inbound
from bot.limits import TOPICS_PER_CHAT
from bot.model import Sensitivity, Topic
from handlers.dispatch import Dispatcher
from tests.handlers.house import AWAY, HOME, texts
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from bot.chats.message import Form, Message
    from tests.handlers.house import House

QUERY = "@dprk & @russia"


def values(name: str = "Arms", query: str = QUERY, sensitivity: str = "normal") -> dict[str, str]:
    return {"name": name, "query": query, "sensitivity": sensitivity}


async def step(house: House, form: FilledForm, *, user: str = "owner") -> tuple[Message, ...]:
    inbound = Inbound(HOME, user, form=form)
    return tuple(reply.message for reply in await house.dispatcher.handle(inbound))


async def new(house: House, step_: FormStep, filled: dict[str, str]) -> tuple[Message, ...]:
    return await step(house, FilledForm("topic-new", "", filled, step_))


def form_in(messages: tuple[Message, ...]) -> Form:
    (message,) = messages
    assert message.form is not None
    return message.form


async def test_edit_says_how_to_do_it_without_a_form_and_has_one_all_the_same(house: House) -> None:
    await house.say(f"/topics save Arms = {QUERY}")
    answer = await house.say("/topics edit Arms")
    topic = await house.topic("Arms")
    form = form_in(answer)
    assert "/topics edit Arms = @dprk" in texts(answer)
    assert (form.action, form.argument) == ("topic-edit", str(topic.id))
    assert [field.value for field in form.fields] == ["Arms", QUERY, "normal"]


async def test_a_topic_to_add_without_a_name_is_a_form_for_those_who_may(house: House) -> None:
    assert form_in(await house.say("/topics add")).action == "topic-new"
    assert (await house.in_group("owner", "/topics add"))[0].form is not None
    assert (await house.in_group("reader", "/topics add"))[0].form is None


async def test_trying_changes_nothing_and_shows_what_would_be_found(house: House) -> None:
    messages = await new(house, FormStep.TRY, values())
    assert "The archive is empty" in texts(messages)
    assert form_in(messages).faults == {}
    assert "Nothing is watched" in texts(await house.say("/topics"))


async def test_trying_an_empty_form_asks_for_a_name_alone(house: House) -> None:
    assert list(form_in(await new(house, FormStep.TRY, values("", ""))).faults) == ["name"]


async def test_a_check_that_finds_nothing_says_nothing(house: House) -> None:
    assert await new(house, FormStep.CHECK, values()) == ()
    assert "Nothing is watched" in texts(await house.say("/topics"))


async def test_what_is_sent_is_watched_with_its_sensitivity(house: House) -> None:
    messages = await new(house, FormStep.SEND, values(sensitivity="strict"))
    assert "Now watching “Arms”" in texts(messages)
    assert (await house.topic("Arms")).sensitivity is Sensitivity.STRICT


async def test_the_quotes_and_lines_of_a_keyboard_are_put_right(house: House) -> None:
    await new(house, FormStep.SEND, values(query="“sea port”\n| @dprk"))
    assert (await house.topic("Arms")).query == '"sea port" | @dprk'


async def test_nothing_changed_is_said_and_matched_no_more(house: House) -> None:
    await house.say(f"/topics save Arms = {QUERY}")
    topic = await house.topic("Arms")
    before = list(house.desk.backfilled)
    messages = await step(house, FilledForm("topic-edit", str(topic.id), values(), FormStep.SEND))
    assert "stays as it was" in texts(messages)
    assert house.desk.backfilled == before


async def test_another_name_ends_the_change_that_was_proposed_under_the_old_one(house: House) -> None:
    await house.say(f"/topics save Arms = {QUERY}")
    await house.say("/topics edit Arms = @arms")
    topic = await house.topic("Arms")
    await step(house, FilledForm("topic-edit", str(topic.id), values("Trade"), FormStep.SEND))
    assert await house.desk.store.proposals_of(topic.chat_id or 0) == ()
    assert (await house.topic("Trade")).id == topic.id


async def test_a_full_chat_says_so_before_the_form_is_sent(house: House) -> None:
    chat = await house.chat()
    for number in range(TOPICS_PER_CHAT):
        await house.desk.store.add_topic(Topic(0, chat.id, f"T{number}", QUERY, NOW))
    assert "which is the most" in form_in(await new(house, FormStep.CHECK, values())).faults["name"]


async def test_a_name_that_no_query_comes_from_asks_for_the_query(house: House) -> None:
    assert "query" in form_in(await new(house, FormStep.CHECK, values("!!", ""))).faults


async def test_a_shared_topic_has_no_form(house: House) -> None:
    await house.desk.store.add_topic(Topic(0, None, "Everybody's", QUERY, NOW))
    topic = await house.topic("Everybody's")
    messages = await step(house, FilledForm("topic-edit", str(topic.id), values(), FormStep.CHECK))
    assert "shared with every chat" in texts(messages)
    assert messages[0].form is None


@pytest.mark.parametrize("step_", list(FormStep))
@pytest.mark.parametrize(
    ("action", "argument"),
    [
        pytest.param("topic-edit", "999", id="no such topic"),
        pytest.param("topic-edit", "x", id="no number"),
        pytest.param("edit", "999", id="no such proposal"),
        pytest.param("feed-edit", "1", id="no such form"),
    ],
)
async def test_forms_about_nothing_are_refused(house: House, action: str, argument: str, step_: FormStep) -> None:
    messages = await step(house, FilledForm(action, argument, values(), step_))
    assert messages[0].form is None
    assert "Nothing is watched" in texts(await house.say("/topics"))


@pytest.mark.parametrize("step_", list(FormStep))
async def test_in_groups_only_admins_fill_in_forms(house: House, step_: FormStep) -> None:
    inbound = Inbound(AWAY, "reader", private=False, form=FilledForm("topic-new", "", values(), step_))
    (reply,) = await house.dispatcher.handle(inbound)
    assert "admins" in reply.message.plain_text


async def test_typing_into_a_form_costs_nobody_their_commands(house: House) -> None:
    async def may(_: Inbound) -> bool:
        return True

    dispatcher = Dispatcher(house.desk, may, commands_per_min=2)

    async def handle(step_: FormStep) -> str:
        inbound = Inbound(AWAY, "u", form=FilledForm("topic-new", "", values(), step_))
        return "\n".join([reply.message.plain_text for reply in await dispatcher.handle(inbound)])

    for _ in range(3):
        await handle(FormStep.TRY)
    assert await handle(FormStep.TRY) == ""
    assert await handle(FormStep.CHECK) == ""
    assert await handle(FormStep.CHECK) == ""
    assert "a lot at once" in await handle(FormStep.CHECK)
    assert "Now watching" in await handle(FormStep.SEND)
