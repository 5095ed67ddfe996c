"""A dry run over past coverage: what is decided as each entry comes, and the stories as they are in the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.replay import Replay, Request
from bot.store.sql import open_store
from bot.topics import lexicon
from tests.stories.build import BACKGROUND

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.port import Store

TELLINGS = {
    "wire": (
        "Brandt and Castell sign treaty",
        (
            "Leader Ada Brandt and President Omar Castell signed a defence treaty in Port Lagan. Norland and Esteria"
            " promise each other troops and arms. A choir sang at the dinner."
        ),
    ),
    "post": (
        "Esteria turns to Norland",
        (
            "President Castell flew to see Brandt and came home with a pact. The opposition wants a debate about the"
            " defence treaty. Farmers ask what it means for the price of wheat."
        ),
    ),
    "sheet": (
        "Pact with Norland divides Esteria",
        (
            "A defence pact that Omar Castell signed has split parliament. The opposition speaks of a mistake, and"
            " ministers of a promise of arms. Ada Brandt was praised at home."
        ),
    ),
}


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = await open_store("sqlite+aiosqlite://")
    yield opened
    await opened.close()


def lines() -> list[str]:
    told = {**TELLINGS, **{f"other-{number}": each for number, each in enumerate(BACKGROUND)}}
    return [
        json.dumps(
            {
                "id": name,
                "datetime": None,
                "lang": "en",
                "title": title,
                "text": text,
                "source": name,
                "url": None,
            }
        )
        for name, (title, text) in told.items()
    ]


async def replayed(store: Store, source: list[str]) -> dict[str, dict[str, Any]]:
    read: list[None] = []
    replay = Replay(store, lexicon.load(), Request(everything=True))
    found = await replay.lines(source, advance=lambda: read.append(None))
    assert len(read) == len(source)
    return {line["id"]: line for line in found}


async def test_three_undated_tellings_are_one_story_in_the_end(store: Store) -> None:
    found = await replayed(store, lines())
    assert {name: found[name]["story"] for name in TELLINGS} == dict.fromkeys(TELLINGS, "wire")
    others = [line["story"] for name, line in found.items() if name not in TELLINGS]
    assert len(set(others)) == len(BACKGROUND)


async def test_what_was_decided_of_undated_entries_stays_though_a_second_look_merged_them(store: Store) -> None:
    found = await replayed(store, lines())
    actions = [found[name]["action"] for name in TELLINGS]
    assert actions[0] == "alert"
    assert actions.count("alert") > 1
    async with store.ingest() as unit:
        entries = await unit.past_entries(range(1, len(TELLINGS) + 1))
        kept = {past.story_id for past in entries}
        context = await unit.context(feed_id=0, topic_ids=(), story_ids=[each for each in kept if each is not None])
    (story,) = context.stories.values()
    assert (story.entry_count, set(story.outlets)) == (3, set(TELLINGS))
