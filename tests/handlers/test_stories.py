from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.chats.message import Style
from bot.model import Action, Address, DeliveryState, IngestPlan, MessageRef, NewDelivery, Sensitivity
from bot.store.port import Outcome
from handlers.stories import SENTENCE_CHARS, marked
from tests.handlers.house import HOME, House, button, pressable, texts
from tests.handlers.told import NOW, tell_story

if TYPE_CHECKING:
    from tests.handlers.told import ToldStory


async def _told(house: House) -> ToldStory:
    await house.say("/topics save Arms = @arms & @russia")
    return await house.tell_story(await house.topic("Arms"))


async def test_latest_lists_stories_with_buttons_for_each(house: House) -> None:
    told = await _told(house)
    said = await house.say("/latest")
    assert "Arms shipped to Russia" in texts(said)
    assert f"1 h ago · Outlet · Arms · story {told.story.id}" in texts(said)
    number = told.story.id
    assert [each.data for each in said[0].buttons[0]] == [f"story:{number}", f"timeline:{number}", f"why:{number}"]
    assert button(said, f"Story {number}").command == f"/story {number}"


async def test_latest_of_one_topic(house: House) -> None:
    await _told(house)
    await house.say("/topics save Chips = @china")
    assert "No story on “Chips” yet" in texts(await house.say("/latest chips"))
    assert "Latest stories on “Arms”" in texts(await house.say("/latest arms"))


async def test_why_tells_query_score_bar_words_and_links(house: House) -> None:
    told = await _told(house)
    said = texts(await house.press(f"why:{told.story.id}"))
    assert "Why: Arms shipped to Russia" in said
    assert "Query: @arms & @russia" in said
    assert "Arms: scored 0.62 of 1; a normal topic alerts from 0.50\n" in said
    assert "North Korea sent arms to Russia. (dprk, russia, in the opening)" in said
    assert "Found in: Arms shipped to Russia (Outlet)" in said
    assert "13 Sep 2023: Kim meets Putin (Outlet): “They spoke of arms.”" in said


@pytest.mark.parametrize("how", ["alone", "by number", "as a reply"])
@pytest.mark.parametrize("command", ["/why", "/earlier"])
async def test_every_way_to_name_a_story_names_the_same(house: House, how: str, command: str) -> None:
    told = await _told(house)
    pressed = texts(await house.press(f"{command[1:]}:{told.story.id}"))
    text = f"{command} {told.story.id}" if how == "by number" else command
    assert texts(await house.say(text, replied_to=told.ref if how == "as a reply" else None)) == pressed


async def test_what_only_shows_takes_the_beginning_of_a_name_where_only_one_begins_so(house: House) -> None:
    for name in ("Arms trade", "Arms talks", "Chips"):
        await house.say(f"/topics save {name} = {name.split()[-1]}")
    assert "No story on “Chips” yet" in texts(await house.say("/latest chi"))
    assert "“Arms talks”: on" in texts(await house.say("/topics show arms ta"))
    assert "Arms trade" in texts(await house.say("/timeline arms tr"))
    both = "No topic here is called “arms”. Did you mean “Arms trade” and “Arms talks”?"
    assert texts(await house.say("/latest arms")) == both
    assert "Did you mean “Chips”?" in texts(await house.say("/topics remove chi"))
    assert len(await house.desk.store.topics_of((await house.chat()).id)) == 3


@pytest.mark.parametrize("command", ["bad", "why", "story"])
async def test_where_a_storys_number_is_found_is_said(house: House, command: str) -> None:
    answer = await house.say(f"/{command} x")
    assert "named by its number; /latest shows" in texts(answer)
    # Not the example: pressed, it would say that another story is bad.
    assert [each.command for each in pressable(answer)] == ["/latest"]


async def test_a_reply_means_the_alert_replied_to_and_not_the_latest(house: House) -> None:
    first = await _told(house)
    second = await house.tell_story(await house.topic("Arms"))
    said = texts(await house.say("/why", replied_to=first.ref))
    assert f"story {first.story.id}" in said
    assert f"story {second.story.id}" not in said


async def test_a_reply_to_something_else_is_about_the_latest_and_says_so(house: House) -> None:
    told = await _told(house)
    said = texts(await house.say("/why", replied_to=MessageRef(Address(HOME.platform, HOME.chat), "not-mine")))
    assert "is not an alert" in said
    assert f"story {told.story.id}" in said


async def test_earlier_links_the_chats_own_alert_on_what_came_before(house: House) -> None:
    told = await _told(house)
    store = house.desk.store
    chat = await store.chat_at(HOME, title="", now=NOW)
    async with store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=(told.story.id,))
        ids = await unit.next_ids()
        alert = replace(context.alerts[told.story.id][0], id=ids.alert, story_id=told.past.id)
        row = NewDelivery(chat.id, alert.id, told.past.id, Action.ALERT, ("Arms",), NOW)
        await unit.apply(IngestPlan(alerts=(alert,), deliveries=(row,)))
    (claimed,) = await store.claim_deliveries(now=NOW, lease_s=60, limit=5, platforms=[HOME.platform])
    ref = MessageRef(HOME, "m-past")
    assert await store.finish_delivery(claimed.delivery, Outcome(DeliveryState.SENT, ref=ref, at=NOW))
    assert "13 Sep 2023: Kim meets Putin (Outlet) · your alert of 20 Jun 2024" in texts(await house.say("/earlier"))
    house.desk.message_links["m-past"] = "https://chat.example/m-past"
    said = await house.say("/earlier")
    links = [span.url for block in said[0].blocks for item in block.items for span in item if span.text == "your alert"]
    assert links == ["https://chat.example/m-past"]


async def test_earlier_gives_every_link_with_the_sentence_that_ties(house: House) -> None:
    told = await _told(house)
    said = texts(await house.say(f"/earlier {told.story.id}"))
    assert "13 Sep 2023: Kim meets Putin (Outlet)" in said
    assert "They spoke of arms." in said


async def test_nothing_yet_is_said_plainly(house: House) -> None:
    assert "No story has matched" in texts(await house.say("/why"))
    assert texts(await house.say("/latest")) == "No story yet."
    assert "No story here has the number 5" in texts(await house.say("/why 5"))


async def test_at_the_samples_start_a_newcomer_is_told_to_wait(house: House) -> None:
    house.desk.sample_mode = True
    assert "some seconds" in texts(await house.say("/latest"))


async def test_a_match_below_the_bar_is_explained_as_such(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    topic = await house.topic("Arms")
    await house.desk.store.replace_topic(replace(topic, sensitivity=Sensitivity.STRICT))
    told = await tell_story(house.desk.store, await house.chat(), topic, relevant=False)
    said = texts(await house.say(f"/why {told.story.id}"))
    assert "scored 0.62 of 1; a strict topic alerts from 0.75, so this alone was not enough" in said


async def test_a_story_stays_explained_when_its_topic_is_gone(house: House) -> None:
    told = await _told(house)
    await house.say("/topics remove Arms")
    said = texts(await house.say("/why", replied_to=told.ref))
    assert "None of this chat's topics matches it any more" in said
    assert "Kim meets Putin" in said


@pytest.mark.parametrize(
    ("sentence", "words", "bold"),
    [
        pytest.param("Kim met Putin.", ["Kim", "Putin"], ["Kim", "Putin"], id="two words"),
        pytest.param("KNDR and kndr", ["Kndr"], ["KNDR", "kndr"], id="whatever the case"),
        pytest.param("North Korea", ["Korea", "North Korea"], ["North Korea"], id="the longer of two that overlap"),
        pytest.param("北朝鮮がロシアに", ["北朝鮮", "ロシア"], ["北朝鮮", "ロシア"], id="no spaces"),
        pytest.param("a+b (c)", ["a+b", "(c)"], ["a+b", "(c)"], id="signs of regular expressions"),
        pytest.param("nothing here", ["Kim"], [], id="not in it"),
        pytest.param("nothing asked", [], [], id="no words"),
        pytest.param("nothing asked", [""], [], id="an empty word"),
    ],
)
def test_matched_words_are_marked(sentence: str, words: list[str], bold: list[str]) -> None:
    spans = marked(sentence, words)
    assert [span.text for span in spans if span.style is Style.BOLD] == bold
    assert "".join(span.text for span in spans) == sentence


def test_a_long_sentence_is_cut_around_the_match() -> None:
    sentence = "x " * 400 + "Kim" + " y" * 400
    spans = marked(sentence, ["Kim"])
    said = "".join(span.text for span in spans)
    assert "Kim" in [span.text for span in spans if span.style is Style.BOLD]
    assert len(said) <= SENTENCE_CHARS + 2
    assert said.startswith("…")
    assert said.endswith("…")
