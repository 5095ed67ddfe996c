from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.alerts.compose import story_buttons
from bot.chats.message import Button, Message
from bot.errors import CommandError
from bot.model import Feed, Proposal, Topic
from handlers import buttons
from handlers.grammar import parse
from handlers.sayings import (
    BlameStory,
    ChooseMute,
    Command,
    Earlier,
    RateStory,
    RemoveFeed,
    RemoveTopic,
    ShowTimeline,
    Why,
)
from tests.handlers.house import AWAY, HOME, House, texts
from tests.handlers.told import NOW

TOPIC = Topic(7, 1, 'Kim "Jong" = un', "@dprk", NOW)
PROPOSAL = Proposal(9, 1, "Kim", "@dprk", NOW)
FEED = Feed(3, "https://news.example.org/rss", "Example News", NOW)


def _read(button: Button) -> Command:
    other = replace(TOPIC, id=6, name="Another")
    return buttons.read(button.data, topics=[other, TOPIC], proposals=[PROPOSAL], offered=lambda _: None)


@pytest.mark.parametrize(
    "button",
    [
        pytest.param(make, id=make.action)
        for make in (
            *story_buttons(12),
            buttons.plain("topics", "Topics"),
            buttons.plain("feeds", "Feeds"),
            buttons.plain("latest", "Latest"),
            buttons.plain("status", "Status"),
            buttons.plain("help", "Help"),
            buttons.feed_remove(FEED),
            buttons.topic_latest(replace(TOPIC, name="Kim")),
            buttons.story(12),
            buttons.timeline(12),
            buttons.topic_timeline(replace(TOPIC, name="Kim")),
            buttons.topic_show(replace(TOPIC, name="Kim")),
            buttons.topic_test(replace(TOPIC, name="Kim")),
            *(buttons.topic_change(each, replace(TOPIC, name="Kim")) for each in ("stricter", "wider", "edit", "tune")),
            *(buttons.proposal(each, PROPOSAL) for each in ("save", "stricter", "wider", "edit")),
            buttons.topic_remove(replace(TOPIC, name="Kim")),
            buttons.subscribe(replace(TOPIC, name="Kim")),
            buttons.unsubscribe(replace(TOPIC, name="Kim")),
        )
    ],
)
def test_a_press_means_what_its_button_says(button: Button) -> None:
    """The data that a platform sends back and the command that the console shows are the same command."""
    pressed = buttons.read(
        button.data, topics=[replace(TOPIC, name="Kim")], proposals=[PROPOSAL], offered=lambda _: None
    )
    assert button.command is not None
    assert pressed == parse(button.command)


def test_the_buttons_under_an_alert_are_known_here() -> None:
    assert [_read(button) for button in story_buttons(12)] == [
        Earlier(12),
        ShowTimeline(story_id=12),
        Why(12),
        ChooseMute(12),
        RateStory(12),
        BlameStory(12),
    ]


def test_ids_become_names_of_this_chats_topics() -> None:
    assert _read(buttons.topic_remove(TOPIC)) == RemoveTopic(TOPIC.name)
    assert _read(buttons.feed_remove(FEED)) == RemoveFeed("3")


@given(st.one_of(st.text(), st.from_regex(r"(why|do|topic-show|feed-remove|help):.*")))
def test_no_data_raises_anything_but_words(data: str) -> None:
    with contextlib.suppress(CommandError):
        assert isinstance(buttons.read(data, topics=[TOPIC], proposals=[PROPOSAL], offered=lambda _: None), Command)


def test_the_oldest_offers_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.buttons.pressed.OFFERS_KEPT", 2)
    offers = buttons.Offers()
    made = [buttons.offer("x", f"/topics add t{number}") for number in range(3)]
    offers.remember(HOME, [Message((), ((button,),)) for button in made])
    assert [offers.command(HOME, button.argument) for button in made] == [None, "/topics add t1", "/topics add t2"]
    assert offers.command(AWAY, made[2].argument) is None


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(), st.from_regex(r"/?(topics|feeds|latest|subscribe|help)( (add|show|remove))? .*")))
async def test_no_text_at_all_breaks_the_dispatcher(house: House, text: str) -> None:
    said = texts(await house.say(text))
    assert said
    assert "Something went wrong" not in said
