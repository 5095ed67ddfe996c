"""Two chats and one table: every button and every command that takes an id, tried on what is another chat's.

A new button or a new command with an id fails these tests until it stands in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import select

from bot.chats.chat import FilledForm, FormStep, Inbound
from bot.model import DeliveryState
from bot.store import schema
from bot.store.port import Outcome
from handlers.buttons import pressed
from handlers.buttons.made import OFFER
from handlers.commands import COMMANDS, row_of
from handlers.dispatch import in_words
from handlers.grammar import parse
from tests.handlers.house import AWAY, FEED_URL, HOME, House, texts
from tests.handlers.told import NOW, tell_story

if TYPE_CHECKING:
    from bot.store.sql import SqlStore

SECRETS = ("Zanzibar", "saffron", "spices", "Arms shipped", "Kim meets", "Example News", "North Korea", "clove")
"""What only the chat at home may see: names, queries, words, headlines, feeds."""

BUTTONS = {
    "topic": sorted(pressed._TOPIC_ACTIONS),  # noqa: SLF001 - the whole of it is what is tested
    "proposal": sorted(pressed._PROPOSAL_ACTIONS),  # noqa: SLF001 - the same
    "story": sorted(pressed._STORY_ACTIONS),  # noqa: SLF001 - the same
    "mute": ["unmute"],
    "delivery": ["replay"],
    "feed": ["feed-remove"],
    "search": sorted(pressed._SEARCH_ORDERS),  # noqa: SLF001 - the same
}
"""Every action whose button carries an id, by what the id is of."""

WITHOUT_ID = {"topics-page", "zone", "preset", "pack", "follow-pack", "shared", OFFER}
"""What carries a number of a page, a public name, or a token that was made to be handed on."""

COMMANDS_WITH_IDS = (
    "/why {story}",
    "/earlier {story}",
    "/story {story}",
    "/timeline {story}",
    "/good {story}",
    "/bad {story}",
    "/mute {story}",
    "/unmute {mute}",
    "/missed replay {delivery}",
    "/feeds remove {feed}",
    "/topics show Zanzibar",
    "/topics test Zanzibar",
    "/topics edit Zanzibar = @china",
    "/topics stricter Zanzibar",
    "/topics wider Zanzibar",
    "/topics set Zanzibar strict",
    "/topics tune Zanzibar",
    "/topics rename Zanzibar = Mine",
    "/topics pause Zanzibar",
    "/topics resume Zanzibar",
    "/topics remove Zanzibar",
    "/topics share Zanzibar",
    "/topics save Sanctions",
    "/subscribe Zanzibar",
    "/subscribe Zanzibar here",
    "/unsubscribe Zanzibar",
    "/latest Zanzibar",
    "/timeline Zanzibar",
    "/lexicon spices",
    "/lexicon remove spices",
    "/search munitions",
    "/whynot https://news.example.org/19",
    "/mute Zanzibar",
    "/topics",
    "/feeds",
    "/latest",
    "/mute",
    "/missed",
    "/settings",
    "/export",
    "/export topics",
)


@dataclass
class Home:
    """What the chat at home has, by the kind of its id."""

    ids: dict[str, str]


async def lived_in(house: House) -> Home:
    """A chat with one of everything."""
    store = house.desk.store
    await house.say("/lexicon add spices = clove, nutmeg")
    await house.say("/topics save Zanzibar = @spices | saffron")
    await house.say("/topics add Sanctions")
    await house.say(f"/feeds add {FEED_URL}")
    chat, topic = await house.chat(), await house.topic("Zanzibar")
    told = await tell_story(store, chat, topic)
    await tell_story(store, chat, topic, outcome=Outcome(DeliveryState.DEAD, error="too long"))
    await house.press(f"mute-topic:{told.story.id}")
    await house.say("/search clove")
    (proposal,) = await store.proposals_of(chat.id)
    (mute,) = await store.mutes_of(chat.id, now=NOW)
    (dead,) = await store.deliveries(chat.id, states=[DeliveryState.DEAD], limit=9)
    feed = next(one for one in await store.feeds_of(chat.id) if one.url == FEED_URL)
    ids = {
        "topic": topic.id,
        "proposal": proposal.id,
        "story": told.story.id,
        "mute": mute.id,
        "delivery": dead.id,
        "feed": feed.id,
    }
    return Home({name: str(number) for name, number in ids.items()} | {"search": "1.1"})


async def belongings(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Every row that says whose it is, as far as it is the chat's at home."""
    chat = await house.chat()
    tables = [table for table in schema.metadata.sorted_tables if "chat_id" in table.c]
    async with cast("SqlStore", house.desk.store).database.read() as conn:
        return {
            table.name: sorted(
                tuple(row) for row in await conn.execute(select(table).where(table.c.chat_id == chat.id))
            )
            for table in tables
        }


def test_every_button_with_an_id_stands_in_the_table() -> None:
    tried = {action for actions in BUTTONS.values() for action in actions}
    known = {
        *pressed._TOPIC_ACTIONS,  # noqa: SLF001 - the whole of it is what is tested
        *pressed._PROPOSAL_ACTIONS,  # noqa: SLF001 - the same
        *pressed._NUMBER_ACTIONS,  # noqa: SLF001 - the same
        *pressed._SEARCH_ORDERS,  # noqa: SLF001 - the same
        *pressed._WORD_ACTIONS,  # noqa: SLF001 - the same
        *pressed._PACK_ACTIONS,  # noqa: SLF001 - the same
        OFFER,
    }
    assert tried | WITHOUT_ID == known
    assert not tried & WITHOUT_ID


def test_every_command_that_takes_something_stands_in_the_table() -> None:
    tried = {type(parse(line.format_map(_Sevens()))) for line in COMMANDS_WITH_IDS}
    elsewhere = {"AddTopic", "AddFeed", "OfferFeed", "AddConcept", "ShowPack", "FollowPack", "TakeShared", "Import"}
    chosen = {
        "SetDigest",
        "SetQuiet",
        "SetZone",
        "SetCap",
        "SetUrgent",
        "SetLanguage",
        "SetPictures",
        "Start",
        "Help",
        "TopicsPage",
    }
    by_press = {"ChooseMute"}
    taking = {row.kind for row in COMMANDS if row.kind.__dataclass_fields__}
    assert {kind.__name__ for kind in taking - tried} <= elsewhere | chosen | by_press


class _Sevens(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "7"


async def test_no_id_of_another_chat_shows_or_changes_anything(house: House) -> None:
    home = await lived_in(house)
    assert await house.say("/topics", AWAY)
    before = await belongings(house)
    assert {"topics", "proposals", "mutes", "deliveries", "chat_feeds", "subscriptions"} <= {
        name for name, rows in before.items() if rows
    }
    tries = {
        f"{action}:{home.ids[kind]}": await house.press(f"{action}:{home.ids[kind]}", AWAY)
        for kind, actions in BUTTONS.items()
        for action in actions
    }
    for line in COMMANDS_WITH_IDS:
        typed = line.format_map(home.ids)
        tries[typed] = await house.say(typed, AWAY)
    shown = {
        tried: [secret for secret in SECRETS if secret in texts(said) and secret not in tried]
        for tried, said in tries.items()
    }
    assert {tried: secrets for tried, secrets in shown.items() if secrets} == {}
    assert await belongings(house) == before


async def test_forms_name_no_topic_of_another_chat(house: House) -> None:
    home = await lived_in(house)
    before = await belongings(house)
    for step in FormStep:
        form = FilledForm("edit-topic", home.ids["topic"], {"name": "Mine", "query": "@china"}, step)
        replies = await house.dispatcher.handle(Inbound(AWAY, "owner", form=form))
        assert not any(secret in texts(tuple(one.message for one in replies)) for secret in SECRETS)
    assert await belongings(house) == before


async def test_no_press_of_a_member_changes_what_only_admins_may(house: House) -> None:
    """The right is asked for again at each press, whoever was shown the button: here all of them, by a passer-by."""
    home = await lived_in(house)
    before = await belongings(house)
    for kind, actions in BUTTONS.items():
        for action in actions:
            data = f"{action}:{home.ids[kind]}"
            chat = await house.chat()
            meant = await house.dispatcher._pressed(chat, Inbound(HOME, "passer-by", data=data))  # noqa: SLF001 - to know its row
            replies = await house.dispatcher.handle(Inbound(HOME, "passer-by", data=data, private=False))
            refused = "admins" in texts(tuple(one.message for one in replies))
            assert refused is row_of(cast("object", meant)).changes, data  # type: ignore[arg-type]
    after = await belongings(house)
    # What anybody may do: rate a story, and share a topic.
    anybodys = {"ratings", "topic_shares", "searches"}
    assert {name for name in before if before[name] != after[name]} <= anybodys


async def test_no_command_of_a_member_changes_what_only_admins_may(house: House) -> None:
    for row in COMMANDS:
        if row.changes:
            said = await house.in_group("passer-by", row.example)
            assert "admins" in texts(said), row.example


@pytest.mark.parametrize("fault", ["topic-show:1e3", "why:-1", "why:٣", "why:１", "replay:9" + "9" * 40, "x" * 5000])
async def test_ids_that_are_no_numbers_are_answered_in_words(house: House, fault: str) -> None:
    await lived_in(house)
    before = await belongings(house)
    said = texts(await house.press(fault))
    assert "went wrong" not in said
    assert await belongings(house) == before


def test_words_for_an_error_are_never_empty() -> None:
    from bot.errors import CommandError  # noqa: PLC0415 - only here

    assert in_words(CommandError("")).plain_text
