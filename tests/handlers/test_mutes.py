"""/mute and /unmute: by name, by number, by button; each says until when, and can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import DeliveryState, Hold
from bot.preferences import Mute, MuteKind
from bot.store.port import Outcome
from tests.handlers.house import AWAY, House, button, pressable, texts
from tests.handlers.told import NOW, ToldStory, tell_story

if TYPE_CHECKING:
    from bot.chats.message import Message

FOR_GOOD = None


async def running(house: House) -> tuple[Mute, ...]:
    return await house.desk.store.mutes_of((await house.chat()).id, now=NOW)


@pytest.fixture
async def told(house: House) -> ToldStory:
    """A story of the outlet "Outlet" on the topic "Arms trade", told to the home chat."""
    await house.say("/topics save Arms trade = @arms")
    return await house.tell_story(await house.topic("Arms trade"))


def after(**length: float) -> datetime:
    return NOW + timedelta(**length)


@pytest.mark.parametrize(
    ("text", "kind", "name", "until"),
    [
        pytest.param("/mute Arms trade", MuteKind.TOPIC, "Arms trade", after(hours=8), id="a topic, the usual time"),
        pytest.param("/mute arms TRADE 2h", MuteKind.TOPIC, "Arms trade", after(hours=2), id="any case, a time"),
        pytest.param('/mute "Arms trade" for 3 days', MuteKind.TOPIC, "Arms trade", after(days=3), id="in words"),
        pytest.param(
            "/mute topic Arms trade 30m", MuteKind.TOPIC, "Arms trade", after(minutes=30), id="said to be a topic"
        ),
        pytest.param("/mute outlet", MuteKind.OUTLET, "Outlet", after(days=7), id="an outlet by its name"),
        pytest.param("/mute source OUTLET 1w", MuteKind.OUTLET, "Outlet", after(days=7), id="said to be an outlet"),
        pytest.param("/mute outlet Elsewhere forever", MuteKind.OUTLET, "Elsewhere", FOR_GOOD, id="an unknown outlet"),
        pytest.param("/mute 8h", MuteKind.ALL, "Everything", after(hours=8), id="everything"),
        pytest.param("/mute all 2ч", MuteKind.ALL, "Everything", after(hours=2), id="everything, in Russian"),
        pytest.param("/mute 2 місяці", MuteKind.ALL, "Everything", after(days=60), id="months are no minutes"),
        pytest.param("/mute 30 хв", MuteKind.ALL, "Everything", after(minutes=30), id="minutes, in Ukrainian"),
        pytest.param("/mute 1 month", MuteKind.ALL, "Everything", after(days=30), id="a month"),
        pytest.param("/mute 3 дня", MuteKind.ALL, "Everything", after(days=3), id="days, in Russian"),
        pytest.param("/mute 2시간", MuteKind.ALL, "Everything", after(hours=2), id="hours, in Korean"),
        pytest.param("/mute 737 Max", MuteKind.TOPIC, "737 Max", after(hours=8), id="a name with a number first"),
        pytest.param("/mute 737 Max 2h", MuteKind.TOPIC, "737 Max", after(hours=2), id="... and a time"),
        pytest.param("/mute COP 29 deal", MuteKind.TOPIC, "COP 29 deal", after(hours=8), id="a name with one amid it"),
        pytest.param('/mute "1984" 2h', MuteKind.TOPIC, "1984", after(hours=2), id="a name that is a number, quoted"),
        pytest.param("/snooze 1h", MuteKind.ALL, "Everything", after(hours=1), id="another bot's word"),
    ],
)
@pytest.mark.usefixtures("told")
async def test_a_mute_by_words(house: House, text: str, kind: MuteKind, name: str, until: datetime | None) -> None:
    for other in ("737 Max", "COP", "COP 29 deal", "1984"):
        await house.say(f"/topics save {other} = @arms")
    said = texts(await house.say(text))
    (mute,) = await running(house)
    assert (mute.kind, mute.name, mute.until) == (kind, name, until)
    assert "muted until" in said
    assert "/missed" in said


@pytest.mark.parametrize(
    "name", ["Source code leaks", "Topic", "Topic modelling", "Story telling", "Feed prices", "Outlet malls", "Story 1"]
)
@pytest.mark.usefixtures("told")
async def test_a_topic_may_be_called_like_a_kind_of_thing(house: House, name: str) -> None:
    await house.say(f"/topics save {name} = @arms")
    for text, hours in ((f"/mute {name}", 8), (f'/mute "{name}" 2h', 2), (f"/mute topic {name} for 2h", 2)):
        await house.say(text)
        (mute,) = await running(house)
        assert (mute.kind, mute.name, mute.until) == (MuteKind.TOPIC, name, after(hours=hours))
        await house.say("/mute outlet Tass")
        assert "is no longer muted" in texts(await house.say(f"/unmute {name}"))
        assert [mute.name for mute in await running(house)] == ["Tass"]
        await house.say("/unmute all")


@pytest.mark.parametrize("text", ["/mute story telling", "/mute story telling 2h"])
@pytest.mark.usefixtures("told")
async def test_a_story_has_a_number(house: House, text: str) -> None:
    assert "A story is named by its number" in texts(await house.say(text))
    assert await running(house) == ()


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("/mute Arms trade 8x", "8x", id="no unit"),
        pytest.param("/mute topic arms trade for two hours", "two hours", id="no digits"),
        pytest.param("/mute 5 fortnights", "5 fortnights", id="behind nothing"),
        pytest.param("/mute all 99 years", "99 years", id="too long"),
        pytest.param("/mute 0h", "0h", id="no time at all"),
        pytest.param("/mute 5 moons", "5 moons", id="no month, though it begins as one"),
    ],
)
@pytest.mark.usefixtures("told")
async def test_a_length_that_is_none_is_said_to_be_none(house: House, text: str, length: str) -> None:
    assert f"I cannot read “{length}” as how long. Say 30m, 8h" in texts(await house.say(text))
    assert await running(house) == ()


@pytest.mark.usefixtures("told")
async def test_the_beginning_of_a_name_brings_the_name_to_mind(house: House) -> None:
    assert "Did you mean “Arms trade”?" in texts(await house.say("/mute arms 1h"))
    await house.say("/mute Arms trade 1h")
    assert "Did you mean “Arms trade”?" in texts(await house.say("/unmute ar"))
    assert len(await running(house)) == 1


async def test_a_story_by_its_number(house: House, told: ToldStory) -> None:
    assert "Story “Arms shipped to Russia”: muted until Fri 21 Jun, 12:00 (UTC)" in texts(
        await house.say(f"/mute story {told.story.id}")
    )
    (mute,) = await running(house)
    assert (mute.kind, mute.target_id, mute.until) == (MuteKind.STORY, told.story.id, after(hours=24))


async def test_a_story_is_heard_of_again_by_its_number(house: House, told: ToldStory) -> None:
    for text in ("/mute outlet Tass", "/mute outlet RIA", f"/mute story {told.story.id}"):
        await house.say(text)
    *others, _story = await running(house)
    assert told.story.id in [mute.id for mute in others], "a number of both: the story is what is meant"
    assert "is no longer muted" in texts(await house.say(f"/unmute story {told.story.id}"))
    assert list(await running(house)) == others
    assert "is not muted" in texts(await house.say(f"/unmute story {told.story.id}"))


async def press_mute(house: House, told: ToldStory, label: str) -> tuple[Message, ...]:
    menu = await house.press(f"mute-menu:{told.story.id}")
    assert "What should be silent?" in texts(menu)
    return await house.press(button(menu, label).data)


@pytest.mark.parametrize(
    ("label", "kind", "said"),
    [
        pytest.param("This story, 24 h", MuteKind.STORY, "muted until Fri 21 Jun, 14:00 (Europe/Berlin)", id="story"),
        pytest.param("Outlet Outlet, 7 days", MuteKind.OUTLET, "muted until Thu 27 Jun, 14:00", id="outlet"),
        pytest.param("Topic Arms trade, 8 h", MuteKind.TOPIC, "muted until Thu 20 Jun, 22:00", id="topic"),
    ],
)
async def test_the_three_choices_of_an_alerts_button(
    house: House, told: ToldStory, label: str, kind: MuteKind, said: str
) -> None:
    await house.say("/settings zone Berlin")
    answer = await press_mute(house, told, label)
    assert said in texts(answer)
    (mute,) = await running(house)
    assert mute.kind is kind
    assert "is no longer muted" in texts(await house.press(button(answer, "Undo").data))
    assert await running(house) == ()


async def test_what_was_muted_is_offered_and_not_sent_by_itself(house: House, told: ToldStory) -> None:
    await press_mute(house, told, "This story, 24 h")
    outcome = Outcome(DeliveryState.HELD, held_for=Hold.MUTED, not_before=NOW)
    await tell_story(house.desk.store, await house.chat(), await house.topic("Arms trade"), outcome=outcome)
    answer = await house.say("/unmute")
    assert "1 alert muted so far, and kept" in texts(answer)
    platforms = [(await house.chat()).address.platform]
    assert await house.desk.store.due_digests(now=NOW, limit=9, platforms=platforms) == ()
    await house.press(button(answer, "Show what was muted").data)
    assert len(await house.desk.store.due_digests(now=NOW, limit=9, platforms=platforms)) == 1


async def test_the_list_says_until_when_and_ends_each(house: House) -> None:
    assert "Nothing is muted" in texts(await house.say("/mute"))
    await house.say("/mute outlet Tass forever")
    await house.say("/mute 2h")
    answer = await house.say("/mutes")
    assert "Outlet “Tass”, until you unmute it" in texts(answer)
    assert "Everything, until Thu 20 Jun, 14:00 (UTC)" in texts(answer)
    await house.press(button(answer, "Unmute Tass").data)
    assert [mute.kind for mute in await running(house)] == [MuteKind.ALL]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("/unmute Tass", 1, id="by name"),
        pytest.param("/unmute outlet tass", 1, id="by kind and name"),
        pytest.param("/unmute all", 0, id="all"),
        pytest.param("/unmute", 2, id="which one?"),
        pytest.param("/unmute RIA", 2, id="what is not muted"),
    ],
)
async def test_unmuting(house: House, text: str, left: int) -> None:
    await house.say("/mute outlet Tass")
    await house.say("/mute 2h")
    await house.say(text)
    assert len(await running(house)) == left


async def test_an_unknown_name_brings_near_ones(house: House, told: ToldStory) -> None:
    assert told.story.id
    assert "Did you mean “Arms trade”?" in texts(await house.say("/mute Arms trad 2h"))
    assert await running(house) == ()


async def test_nothing_of_another_chat_can_be_muted_or_ended(house: House, told: ToldStory) -> None:
    for data in ("mute-menu", "mute-story", "mute-outlet", "mute-topic"):
        assert "No story of this chat" in texts(await house.press(f"{data}:{told.story.id}", AWAY))
    await house.say("/mute 2h")
    (mute,) = await running(house)
    assert "Nothing is muted" in texts(await house.press(f"unmute:{mute.id}", AWAY))
    assert await running(house) == (mute,)
    assert not pressable(await house.press("mute-story:999999999999999999"))
