"""From nothing to a working alert: a subject chosen or typed, one next step a message."""

from __future__ import annotations

import pytest

from handlers import first
from tests.handlers.house import House, pressable, texts


async def test_from_nothing_to_a_topic_and_on_to_feeds(house: House) -> None:
    said = await house.say("/start")
    assert [button.label for button in pressable(said)] == [*first.EXAMPLES, "Help"]
    proposal = await house.press(pressable(said)[0].data)
    assert "Nothing is watched until you save it" in texts(proposal)
    await house.press(next(button.data for button in pressable(proposal) if button.label == "Save"))
    assert "Watching now" in texts(await house.say("/start"))


@pytest.mark.parametrize(
    "text", ["North Korea arms", "Rheinmetall", "санкции против России", "북한 무기", "semiconductor export controls."]
)
async def test_a_subject_typed_by_itself_is_offered(house: House, text: str) -> None:
    said = await house.say(text)
    assert "Shall I watch for" in texts(said)
    assert "Nothing is watched until you save it" in texts(await house.press(pressable(said)[0].data))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Hello there", id="a greeting"),
        pytest.param("спасибо!", id="thanks"),
        pytest.param("What can you do?", id="a question"),
        pytest.param("123 456", id="no letters"),
        pytest.param("one two three four five six seven eight nine ten", id="a whole sentence"),
        pytest.param("x" * 200, id="no name is so long"),
    ],
)
def test_talk_is_no_subject(text: str) -> None:
    assert first.offered(text) is None


@pytest.mark.parametrize("example", first.EXAMPLES)
async def test_every_example_makes_a_query(house: House, example: str) -> None:
    assert "Query: " in texts(await house.say(f"/topics add {example}"))
