"""Thumbs: stored a chat and story, and read as advice that waits for a yes."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from bot.model import Evidence, Match, Sensitivity
from bot.store.port import RatedMatch
from bot.topics import lexicon
from handlers.feedback import Advice, advice
from tests.handlers.house import AWAY, House, button, pressable, texts
from tests.handlers.told import tell_story
from tests.topics.making import a_topic

KNOWN = lexicon.load()
STORY_IDS = count(1)
Words = tuple[str, str, str]
NK_CELLS: Words = ("dprk", "NK", "text")
PYONGYANG: Words = ("dprk", "Pyongyang", "title")
ARMS: Words = ("arms", "arms", "text")
ARMS_AHEAD: Words = ("arms", "arms", "title")


def liked(*evidence: Words) -> RatedMatch:
    match = Match(1, 1, 0.8, relevant=True, evidence=tuple(Evidence(*each) for each in evidence))
    return RatedMatch(match, good=True, story_id=next(STORY_IDS))


def disliked(*evidence: Words) -> RatedMatch:
    return replace(liked(*evidence), good=False)


@pytest.mark.parametrize(
    ("ratings", "query", "sensitivity"),
    [
        pytest.param(
            [disliked(NK_CELLS, ARMS), disliked(NK_CELLS, ARMS), liked(PYONGYANG, ARMS)],
            "@dprk & @arms & -nk",
            Sensitivity.NORMAL,
            id="the word that only the disliked hold is left out",
        ),
        pytest.param(
            [disliked(PYONGYANG, ARMS), disliked(PYONGYANG, ARMS), liked(PYONGYANG, ARMS_AHEAD)],
            "@dprk & title:@arms",
            Sensitivity.NORMAL,
            id="what the liked have in the title must be there",
        ),
        pytest.param(
            [disliked(PYONGYANG, ARMS), disliked(PYONGYANG, ARMS)],
            "@dprk & @arms",
            Sensitivity.STRICT,
            id="with nothing liked, the subject is not left out: stricter",
        ),
    ],
)
def test_advice_is_the_mildest_change_that_fits(
    ratings: list[RatedMatch], query: str, sensitivity: Sensitivity
) -> None:
    found = advice(a_topic("@dprk & @arms"), ratings, KNOWN)
    assert isinstance(found, Advice)
    assert set(found.query.split(" & ")) == set(query.split(" & "))
    assert found.sensitivity is sensitivity


@pytest.mark.parametrize(
    "ratings",
    [
        pytest.param([], id="nothing rated"),
        pytest.param([disliked(NK_CELLS)], id="one thumb down is no pattern"),
        pytest.param([liked(PYONGYANG)] * 5, id="all liked"),
    ],
)
def test_too_little_gives_no_advice(ratings: list[RatedMatch]) -> None:
    assert advice(a_topic("@dprk & @arms"), ratings, KNOWN) is None


def test_one_thumb_is_one_however_many_entries_the_story_has() -> None:
    one = disliked(NK_CELLS, ARMS)
    copies = [replace(one, match=replace(one.match, entry_id=entry_id)) for entry_id in (3, 2, 1)]
    assert advice(a_topic("@dprk & @arms"), [*copies, liked(PYONGYANG, ARMS)], KNOWN) is None


def test_a_strict_topic_with_nothing_to_tell_apart_is_left_alone() -> None:
    topic = replace(a_topic("@dprk & @arms"), sensitivity=Sensitivity.STRICT)
    assert advice(topic, [disliked(PYONGYANG, ARMS)] * 2, KNOWN) is None


async def test_two_thumbs_down_lead_to_a_proposal_and_a_yes_to_the_change(house: House) -> None:
    await house.say("/topics save Arms = @arms & @russia")
    topic = await house.topic("Arms")
    first, second = [await house.tell_story(topic) for _ in range(2)]
    assert "A few more" in texts(await house.press(f"bad:{first.story.id}"))
    said = await house.press(f"bad:{second.story.id}")
    offered = await house.press(button(said, "Propose a change").data)
    assert "Change of “Arms”" in texts(offered)
    assert "You disliked 2 stories of it" in texts(offered)
    assert "· strict" in texts(offered)
    assert await house.topic("Arms") == topic
    await house.press(button(offered, "Save").data)
    assert (await house.topic("Arms")).sensitivity is Sensitivity.STRICT


async def test_a_second_press_changes_the_first(house: House) -> None:
    await house.say("/topics save Arms = @arms & @russia")
    topic = await house.topic("Arms")
    told = await house.tell_story(topic)
    await house.press(f"bad:{told.story.id}")
    await house.press(f"good:{told.story.id}")
    (only,) = await house.desk.store.rated_matches((await house.chat()).id, topic.id)
    assert only.good


async def test_a_reply_rates_the_alert_replied_to(house: House) -> None:
    await house.say("/topics save Arms = @arms & @russia")
    topic = await house.topic("Arms")
    told = await house.tell_story(topic)
    assert "👎 Noted: “Arms shipped to Russia”" in texts(await house.say("/bad", replied_to=told.ref))
    assert len(await house.desk.store.rated_matches((await house.chat()).id, topic.id)) == 1


async def test_the_test_of_a_topic_offers_the_change(house: House) -> None:
    await house.say("/topics save Arms = @arms & @russia")
    topic = await house.topic("Arms")
    for _ in range(2):
        told = await house.tell_story(topic)
        await house.press(f"bad:{told.story.id}")
    said = await house.say("/topics test Arms")
    assert "You disliked 2 stories" in texts(said)
    assert pressable(said)[-1].command == "/topics tune Arms"


async def test_without_dislikes_there_is_nothing_to_tune(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    assert "it takes 2 👎" in texts(await house.say("/topics tune Arms"))


async def test_one_chats_thumbs_say_nothing_about_anothers_topic(house: House) -> None:
    await house.say("/topics save Arms = @arms & @russia")
    told = await house.tell_story(await house.topic("Arms"))
    assert "No story here has the number" in texts(await house.press(f"bad:{told.story.id}", AWAY))
    await house.say("/topics save Arms = @arms & @russia", AWAY)
    theirs = await house.topic("Arms", AWAY)
    await tell_story(house.desk.store, await house.chat(AWAY), theirs)
    await house.press(f"bad:{told.story.id}")
    assert await house.desk.store.rated_matches((await house.chat(AWAY)).id, theirs.id) == ()
