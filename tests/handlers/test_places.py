"""Topics' alerts go where they are told to; being added is greeted, and a chat that moves stays itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.chats.chat import Happening, Inbound, Place
from bot.model import Address, IngestPlan, MessageRef, NoticeKind, Platform, StoryMerge
from tests.handlers.house import AWAY, House, button, pressable, texts
from tests.handlers.told import tell_story

if TYPE_CHECKING:
    from bot.chats.message import Message

CHANNEL = Address(Platform.TELEGRAM, "-1007")
THREAD = replace(AWAY, thread="5")


@pytest.fixture
async def topic(house: House) -> None:
    await house.say("/topics save Arms = @arms", AWAY)


async def place_of(house: House) -> Address | None:
    chat = await house.desk.store.chat_at(AWAY, title="", now=house.desk.now())
    (subscription,) = await house.desk.store.subscriptions_of(chat.id)
    return subscription.place


@pytest.mark.usefixtures("topic")
async def test_here_is_the_thread_or_the_chat_itself(house: House) -> None:
    assert "this thread" in texts(await house.say("/subscribe arms here", THREAD))
    assert await place_of(house) == THREAD
    assert "alerts go to this thread" in texts(await house.say("/topics show Arms", THREAD))
    assert "alerts go to a thread of this chat" in texts(await house.say("/topics show Arms", AWAY))
    await house.say("/subscribe Arms here", AWAY)
    assert await place_of(house) is None
    assert "alerts go to" not in texts(await house.say("/topics show Arms", AWAY))


@pytest.mark.usefixtures("topic")
async def test_a_topic_whose_name_ends_so_is_meant_first(house: House) -> None:
    await house.say("/topics save Arms here = @arms", AWAY)
    assert "is on already" in texts(await house.say("/subscribe Arms here", THREAD))


@pytest.mark.usefixtures("topic")
async def test_a_channel_is_the_platforms_to_grant(house: House) -> None:
    house.desk.places["@ours"] = Place(CHANNEL, "Our channel")
    assert "Only an admin of @theirs" in texts(await house.say("/subscribe @theirs Arms", AWAY))
    assert await place_of(house) is None
    assert "Our channel" in texts(await house.say("/subscribe @ours Arms", AWAY))
    assert await place_of(house) == CHANNEL
    assert "alerts go to Our channel" in texts(await house.say("/topics show Arms", AWAY))


async def test_who_adds_the_bot_is_told_what_to_do_next(house: House) -> None:
    joined = Inbound(AWAY, "", private=False, chat_title="Desk", happening=Happening.JOINED)
    (reply,) = await house.dispatcher.handle(joined)
    assert "what do you want to follow?" in reply.message.plain_text


@pytest.mark.usefixtures("topic")
async def test_a_group_that_moves_keeps_its_topics(house: House) -> None:
    to = Address(Platform.TELEGRAM, "-100999")
    moved = Inbound(AWAY, "", private=False, happening=Happening.MOVED, moved_to=to)
    assert await house.dispatcher.handle(moved) == ()
    assert "Arms" in texts(await house.say("/topics", to))


@pytest.mark.usefixtures("topic")
async def test_a_chat_whose_platform_wants_silence_is_left_alone(house: House) -> None:
    await house.dispatcher.handle(Inbound(AWAY, "", happening=Happening.HUSHED, wait_s=60))
    ((address, until),) = await house.desk.store.waiting_chats(Platform.TELEGRAM, now=house.desk.now())
    assert (address, until - house.desk.now()) == (AWAY, timedelta(seconds=60))


# ---------------------------------------------------------------- buttons under what another chat had told here


async def told_in_channel(house: House) -> tuple[int, tuple[Message, ...]]:
    """A story that AWAY had told in the channel; the number of it, and what a stranger there is told about why."""
    await house.say("/topics save Arms = @arms", AWAY)
    house.desk.places["@ours"] = Place(CHANNEL, "Our channel")
    await house.say("/subscribe @ours Arms", AWAY)
    told = await tell_story(house.desk.store, await house.chat(AWAY), await house.topic("Arms", AWAY), at=CHANNEL)
    return told.story.id, await pressed(house, f"why:{told.story.id}")


async def pressed(house: House, data: str, *, user: str = "stranger", at: Address = CHANNEL) -> tuple[Message, ...]:
    inbound = Inbound(at, user, data=data, private=False, replied_to=MessageRef(at, "m1"))
    return tuple(reply.message for reply in await house.dispatcher.handle(inbound))


async def test_anybody_in_the_channel_may_ask_about_its_alert(house: House) -> None:
    story, why = await told_in_channel(house)
    assert "Arms" in texts(why)
    assert "Kim meets Putin" in texts(await pressed(house, f"earlier:{story}"))
    assert "Arms shipped to Russia" in texts(await pressed(house, f"timeline:{story}"))
    assert await house.desk.store.known_chat(CHANNEL) is None, "looking makes no chat"


async def test_the_buttons_of_a_story_that_became_another_go_on_working_there(house: House) -> None:
    story, _ = await told_in_channel(house)
    async with house.desk.store.ingest() as unit:
        past = (await unit.next_ids()).story - 2
        await unit.apply(IngestPlan(merges=(StoryMerge(gone=story, kept=past),)))
    assert "Kim meets Putin" in texts(await pressed(house, f"why:{story}"))
    assert await house.desk.store.known_chat(CHANNEL) is None


async def test_what_they_are_shown_leads_to_nothing_else_of_that_chat(house: House) -> None:
    story, why = await told_in_channel(house)
    everything = [*pressable(why), *pressable(await pressed(house, f"earlier:{story}"))]
    assert everything
    assert {one.data.partition(":")[2] for one in everything if not one.url} <= {str(story)}
    topic = await house.topic("Arms", AWAY)
    for data in (f"topic-show:{topic.id}", "topics:", f"topic-remove:{topic.id}", f"unsubscribe:{topic.id}"):
        assert "@arms" not in texts(await pressed(house, data, user="owner"))
    assert await house.topic("Arms", AWAY)


async def test_only_an_admin_of_the_channel_changes_anything_there(house: House) -> None:
    story, _ = await told_in_channel(house)
    home = await house.chat(AWAY)
    assert "admins" in texts(await pressed(house, f"mute-story:{story}"))
    assert await house.desk.store.mutes_of(home.id, now=house.desk.now()) == ()
    await pressed(house, f"mute-story:{story}", user="owner")
    assert len(await house.desk.store.mutes_of(home.id, now=house.desk.now())) == 1


async def test_a_story_that_was_not_told_here_is_nobodys_business(house: House) -> None:
    story, why = await told_in_channel(house)
    elsewhere = await pressed(house, f"why:{story}", at=Address(Platform.TELEGRAM, "-100888"))
    assert texts(elsewhere) != texts(why)
    assert "Arms" not in texts(elsewhere)
    assert "Arms" not in texts(await pressed(house, f"why:{story + 7}"))


# ---------------------------------------------------------------- what becomes of chats, places and the bot itself


@pytest.mark.usefixtures("topic")
async def test_a_place_that_goes_is_told_to_the_chat_that_sent_there_at_once(house: House) -> None:
    house.desk.places["@ours"] = Place(CHANNEL, "Our channel")
    await house.say("/subscribe @ours Arms", AWAY)
    gone = Inbound(CHANNEL, "", text="I was removed", chat_title="Ours", private=False, happening=Happening.GONE)
    assert await house.dispatcher.handle(gone) == ()
    assert await place_of(house) is None
    home = await house.chat(AWAY)
    (notice,) = await house.desk.store.notices_of(home.id)
    assert (notice.kind, notice.facts["reason"]) == (NoticeKind.PLACE_LOST, "I was removed")
    assert await house.dispatcher.handle(gone) == ()
    assert len(await house.desk.store.notices_of(home.id)) == 1


@pytest.mark.usefixtures("topic")
async def test_a_group_that_goes_keeps_its_own_threads_for_when_it_is_back(house: House) -> None:
    await house.say("/subscribe Arms here", THREAD)
    await house.dispatcher.handle(Inbound(AWAY, "", text="kicked", private=False, happening=Happening.GONE))
    assert not (await house.desk.store.lost_chats(limit=1))[0].active
    await house.dispatcher.handle(Inbound(AWAY, "", private=False, happening=Happening.BACK))
    assert await place_of(house) == THREAD


@pytest.mark.usefixtures("topic")
async def test_a_place_that_moves_takes_its_alerts_along(house: House) -> None:
    house.desk.places["@ours"] = Place(replace(CHANNEL, thread="5"), "Our group")
    await house.say("/subscribe @ours Arms", AWAY)
    to = Address(Platform.TELEGRAM, "-100999")
    await house.dispatcher.handle(Inbound(CHANNEL, "", private=False, happening=Happening.MOVED, moved_to=to))
    assert await place_of(house) == replace(to, thread="5")


@pytest.mark.parametrize(
    ("place", "line"),
    [
        pytest.param(Place(Address(Platform.TELEGRAM, "-1001234567"), "Our channel"), "-1001234567", id="a number"),
        pytest.param(Place(CHANNEL, "#our-news"), "#our-news", id="a name"),
    ],
)
@pytest.mark.usefixtures("topic")
async def test_turned_off_and_on_by_its_buttons_a_topic_goes_where_it_went(
    house: House, place: Place, line: str
) -> None:
    house.desk.places["@ours"] = house.desk.places[line] = place
    off = await house.press(button(await house.say("/subscribe @ours Arms", AWAY), "Turn off").data, AWAY)
    assert f"goes to {place.title} again: /subscribe {line} Arms" in texts(off)
    await house.press(button(off, "Turn on").data, AWAY)
    assert await place_of(house) == place.address


@pytest.mark.usefixtures("topic")
async def test_a_topic_that_is_turned_off_says_how_it_comes_to_its_thread_again(house: House) -> None:
    await house.say("/subscribe Arms here", THREAD)
    off = await house.say("/unsubscribe Arms", THREAD)
    assert "goes to this thread again: /subscribe Arms here" in texts(off)
    await house.press(button(off, "Turn on").data, THREAD)
    assert await place_of(house) == THREAD
    off = await house.say("/unsubscribe Arms", AWAY)
    assert "send this there: /subscribe Arms here" in texts(off)
    await house.press(button(off, "Turn on").data, AWAY)
    assert await place_of(house) is None
    assert "again" not in texts(await house.say("/unsubscribe Arms", AWAY)), "it went to the chat itself"


@pytest.mark.usefixtures("topic")
async def test_why_and_when_a_chat_went_is_kept_for_the_bots_owner_until_it_is_back(house: House) -> None:
    store = house.desk.store
    await house.dispatcher.handle(Inbound(AWAY, "", text="kicked by Eve", happening=Happening.GONE))
    (lost,) = await store.lost_chats(limit=9)
    assert (lost.address, lost.gone_why, lost.gone_at) == (AWAY, "kicked by Eve", house.desk.now())
    await house.dispatcher.handle(Inbound(AWAY, "", happening=Happening.BACK))
    assert await store.lost_chats(limit=9) == ()


async def test_where_slack_takes_a_command_but_no_post_the_next_answer_says_so(house: House) -> None:
    """A slash command can be typed between two people, or in a private channel, where the bot is not."""
    between_two = Address(Platform.SLACK, "D024BE91L")
    assert "Now watching" in texts(await house.say("/topics save Arms = @arms", between_two))
    chat = await house.chat(between_two)
    why = "Slack refused chat.postMessage: channel_not_found"
    await house.desk.store.set_chat_active(chat.id, active=False, why=why, now=house.desk.now())
    answer, told = await house.say("/topics", between_two)
    assert "Watching 1 topic" in answer.plain_text
    assert f"I could not post here lately: {why}" in told.plain_text
    assert "/invite" in told.plain_text
    assert len(await house.say("/topics", between_two)) == 1, "said until a post fails again"


@pytest.mark.usefixtures("topic")
async def test_who_unblocks_the_bot_is_answered_as_ever(house: House) -> None:
    chat = await house.chat(AWAY)
    await house.desk.store.set_chat_active(chat.id, active=False, why="blocked", now=house.desk.now())
    (answer,) = await house.say("/topics", AWAY)
    assert "could not post" not in answer.plain_text


async def test_a_refused_token_is_in_the_status_of_who_can_still_read_it(house: House) -> None:
    telegram, team = Address(Platform.TELEGRAM, ""), Address(Platform.SLACK, "T1")
    for where, words in ((telegram, "the token is refused"), (team, "Acme removed the app")):
        refused = Inbound(where, "", text=words, happening=Happening.REFUSED)
        assert await house.dispatcher.handle(refused) == ()
    at_home, elsewhere = texts(await house.say("/status")), texts(await house.say("/status", AWAY))
    assert "the token is refused" in at_home
    assert "Acme" in at_home, "the console is the owner's"
    assert "the token is refused" in elsewhere
    assert "Acme" not in elsewhere, "who else uses the bot is nobody's business"
    await house.dispatcher.handle(Inbound(telegram, "", happening=Happening.ACCEPTED))
    assert "refused" not in texts(await house.say("/status", AWAY))
