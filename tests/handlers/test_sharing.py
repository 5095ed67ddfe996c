"""/topics rename, pause, resume, share and take."""

from __future__ import annotations

import re

import pytest

from bot.chats.chat import Inbound
from bot.model import Address, Platform
from tests.handlers.house import AWAY, HOME, House, button, pressable, texts

SLACK = Address(Platform.SLACK, "C7")


async def names(house: House, at: Address = HOME) -> list[str]:
    return [topic.name for topic in await house.desk.store.topics_of((await house.chat(at)).id)]


async def shared(house: House, name: str = "Arms") -> str:
    """The code under which the home chat shares a topic."""
    return code_in(texts(await house.say(f"/topics share {name}")))


def code_in(said: str) -> str:
    found = re.search(r"/topics take (share-[\w-]+)", said)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "text", ["/topics rename Arms = Arms trade", "/topics rename arms to Arms trade", "/rename Arms = Arms trade"]
)
async def test_a_topic_gets_another_name(house: House, text: str) -> None:
    await house.say("/topics save Arms = @arms")
    assert "Arms is called Arms trade from now on" in texts(await house.say(text))
    assert await names(house) == ["Arms trade"]


async def test_a_name_that_is_taken_or_too_long_is_refused(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    await house.say("/topics save Trade = @trade")
    await house.say("/topics rename Arms = trade")
    assert "81" in texts(await house.say(f"/topics rename Arms = {'x' * 81}"))
    assert "between the two" in texts(await house.say("/topics rename Arms"))
    assert await names(house) == ["Arms", "Trade"]


@pytest.mark.parametrize(("text", "left"), [("/topics rename Arms = Trade", ["Trade"]), ("/topics remove Arms", [])])
async def test_a_change_that_is_proposed_ends_with_the_name_that_it_was_of(
    house: House, text: str, left: list[str]
) -> None:
    await house.say("/topics save Arms = @arms")
    save = button(await house.say("/topics edit Arms = @arms & @russia"), "Save")
    await house.say(text)
    assert "That proposal is settled" in texts(await house.press(save.data))
    assert await names(house) == left, "no other topic in its place, or beside it"


async def test_a_pause_and_its_end(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    answer = await house.say("/topics pause Arms")
    assert "is paused" in texts(answer)
    assert (await house.topic("Arms")).paused
    assert await house.desk.store.watched_topics() == ()
    assert "Arms (paused" in texts(await house.say("/topics"))
    assert "is watched again" in texts(await house.press(button(answer, "Resume").data))
    assert not (await house.topic("Arms")).paused
    assert "It already was" in texts(await house.say("/topics resume Arms"))


@pytest.mark.parametrize(
    ("before", "text", "said", "offered"),
    [
        pytest.param("/topics pause Arms", "/subscribe Arms", "Arms is paused", "Resume", id="paused, turned on"),
        pytest.param("/topics pause Arms", "/topics set Arms strict", "Arms is paused", "Resume", id="paused, set"),
        pytest.param("/topics pause Arms", "/topics save Arms = @war", "Arms is paused", "Resume", id="paused, saved"),
        pytest.param("/unsubscribe Arms", "/topics set Arms strict", "Arms is off here", "Turn on", id="off, set"),
        pytest.param("/unsubscribe Arms", "/topics resume Arms", "Arms is off here", "Turn on", id="off, resumed"),
    ],
)
async def test_of_a_topic_that_is_silent_no_alerts_are_promised(
    house: House, before: str, text: str, said: str, offered: str
) -> None:
    await house.say("/topics save Arms = @arms")
    await house.say(before)
    answer = await house.say(text)
    assert said in texts(answer)
    assert not re.search("will be sent here|Now watching|is on", texts(answer))
    await house.press(button(answer, offered).data)
    assert [topic.name for topic in await house.desk.store.watched_topics()] == ["Arms"]


async def test_typos_of_the_verbs_are_understood(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    await house.press(button(await house.say("/topics paus Arms"), "/topics pause Arms").data)
    assert (await house.topic("Arms")).paused


async def test_a_shared_topic_is_a_proposal_until_it_is_saved(house: House) -> None:
    await house.say("/topics save Arms = @arms & @russia")
    code = await shared(house)
    for text in (f"/start {code}", f"/topics take {code}", f"/topics take {code.removeprefix('share-')}"):
        answer = await house.say(text, AWAY)
        assert "A topic that was shared with you" in texts(answer)
        assert "Nothing is watched until you save it" in texts(answer)
        assert "The archive is empty" in texts(answer), "the backtest is one of this chat's archive"
        assert await names(house, AWAY) == []
    await house.press(button(answer, "Save").data, AWAY)
    assert await names(house, AWAY) == ["Arms"]
    assert "is watched here already" in texts(await house.say(f"/start {code}", AWAY))


async def test_a_taken_name_gets_a_number(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    await house.say("/topics save Arms = @trade", AWAY)
    answer = await house.say(f"/start {await shared(house)}", AWAY)
    await house.press(button(answer, "Save").data, AWAY)
    assert await names(house, AWAY) == ["Arms", "Arms (2)"]


async def test_a_chats_own_concepts_travel_written_out(house: House) -> None:
    await house.say("/lexicon add @shells = shell*, 포탄")
    await house.say("/topics save Arms = @shells & @russia")
    answer = await house.say(f"/start {await shared(house)}", AWAY)
    assert "@shells" not in texts(answer)
    assert "shell*" in texts(answer)


async def test_on_telegram_there_are_links_that_telegram_takes(house: House) -> None:
    await house.say("/topics save Arms = @arms", AWAY)
    inbound = Inbound(AWAY, "owner", text="/topics share Arms", bot_name="BackstoryBot")
    (reply,) = await house.dispatcher.handle(inbound)
    links = [span.url for block in reply.message.blocks for item in block.items for span in item if span.url]
    assert len(links) == 2
    for link, parameter in zip(links, ("start", "startgroup"), strict=True):
        assert re.fullmatch(rf"https://t\.me/BackstoryBot\?{parameter}=[A-Za-z0-9_-]{{20,64}}", link or "")


async def test_on_slack_the_line_is_one_that_slack_takes(house: House) -> None:
    await house.say("/topics save Arms = @arms", SLACK)
    answer = await house.say("/topics share Arms", SLACK)
    assert "/backstory topics take share-" in texts(answer)
    assert button(answer, "Add this topic")


async def test_whoever_may_change_nothing_is_told_the_living_code_and_makes_none_void(house: House) -> None:
    await house.in_group("owner", "/topics save Arms = @arms")
    first = code_in(texts(await house.in_group("passer-by", "/topics share Arms")))
    code = code_in(texts(await house.in_group("owner", "/topics share Arms")))
    assert code != first
    said = texts(await house.in_group("passer-by", "/topics share arms"))
    assert code_in(said) == code
    assert "makes the old code void" not in said
    await house.in_group("owner", "/topics edit Arms = @arms & @russia")
    await house.in_group("owner", "/topics save Arms")
    assert code_in(texts(await house.in_group("passer-by", "/topics share Arms"))) == code
    assert "@arms & @russia" in texts(await house.say(f"/start {code}")), "the topic as it is now"


async def test_codes_cannot_be_guessed_and_the_newest_counts(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    first, second = await shared(house), await shared(house)
    assert first != second
    assert len(first) >= 20
    assert "Nobody shares a topic under that code" in texts(await house.say(f"/start {first}", AWAY))
    assert "Nobody shares" in texts(await house.say("/start share-AAAAAAAAAAAAAAAAAAAAAA", AWAY))
    assert "Nobody shares" in texts(await house.press(f"shared:{'x' * 90}", AWAY))
    assert "of this very chat" in texts(await house.say(f"/start {second}"))


async def test_another_chats_topic_cannot_be_shared_renamed_or_paused(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    topic = await house.topic("Arms")
    for verb in ("share", "pause", "rename Arms = X,"):
        assert "No topic here is called" in texts(await house.say(f"/topics {verb} Arms", AWAY))
    assert "not here any more" in texts(await house.press(f"topic-pause:{topic.id}", AWAY))
    assert not (await house.topic("Arms")).paused


async def test_a_topic_shown_has_all_its_verbs(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    labels = {each.label for each in pressable(await house.say("/topics show Arms"))}
    assert labels >= {"Latest", "Test", "Edit", "Turn off", "Pause", "Share", "Remove"}
