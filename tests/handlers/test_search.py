from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.model import IngestPlan, Platform
from bot.text.tokens import index_terms
from handlers.dispatch import Dispatcher
from tests.handlers.house import AWAY, House, button, pressable, texts
from tests.store.stock import Stock, new_entry

if TYPE_CHECKING:
    from bot.model import NewEntry


def _entry(number: int, title: str, *, feed_id: int, text: str = "", lang: str = "en") -> NewEntry:
    terms = index_terms(f"{title}\n{text}", lang)
    return new_entry(number, *terms, feed_id=feed_id, minutes=number, title=title, text=text, lang=lang)


@pytest.fixture
async def library(house: House) -> House:
    """Seven entries on munitions, one of football, in feeds that every chat shares; one in a feed of another chat."""
    stock = Stock(house.desk.store)
    feed = await stock.feed()
    private = await stock.feed("private", shared=False)
    other = await stock.chat("away", platform=Platform.TELEGRAM)
    await house.desk.store.follow(other.id, private.id)
    told = "The ministry met. It counted containers of munitions at the port. Then it rained."
    entries = [_entry(number, f"Report number {number}", feed_id=feed.id, text=told) for number in range(1, 7)]
    entries.append(_entry(7, "Munitions for all", feed_id=feed.id, text="A long story of something else, munitions."))
    entries.append(_entry(8, "Football", feed_id=feed.id, text="A match was played."))
    entries.append(_entry(9, "Secret munitions", feed_id=private.id))
    await stock.apply(IngestPlan(entries=tuple(entries)))
    return house


async def test_the_newest_come_first_five_a_page(library: House) -> None:
    said = await library.say("/search munition")
    assert "1–5 of 7 · newest first" in texts(said)
    assert texts(said).index("Munitions for all") < texts(said).index("Report number 6")
    assert "It counted containers of munitions at the port." in texts(said)
    assert "Secret" not in texts(said)
    more = await library.press(button(said, "More ›").data)
    assert "6–7 of 7" in texts(more)
    assert "More ›" not in [each.label for each in pressable(more)]
    assert texts(await library.press(button(more, "‹ Back").data)) == texts(said)


async def test_best_first_prefers_the_title(library: House) -> None:
    said = await library.press(button(await library.say("/search munitions"), "Best").data)
    assert "best first" in texts(said)
    assert texts(said).index("Munitions for all") < texts(said).index("Report")
    assert button(said, "Newest").data


async def test_the_form_that_was_asked_for_is_shown_in_bold(library: House) -> None:
    (message,) = await library.say("/search container")
    bold = [span.text for block in message.blocks for item in block.items for span in item if span.style == "bold"]
    assert "containers" in bold


async def test_the_buttons_work_after_a_restart_and_in_no_other_chat(library: House) -> None:
    data = button(await library.say("/search munitions"), "More ›").data
    library.dispatcher = Dispatcher(library.desk, library._may_change)  # noqa: SLF001 - a restart
    assert "6–7 of 7" in texts(await library.press(data))
    assert "not kept any more" in texts(await library.press(data, at=AWAY))


async def test_a_phrase_is_checked_on_the_text(library: House) -> None:
    assert "of 6" in texts(await library.say('/search "containers of munitions"'))
    assert "Nothing in this chat's archive" in texts(await library.say('/search "munitions of containers"'))


async def test_nothing_found_says_which_word_is_missing_and_where_to_look(library: House) -> None:
    said = await library.say("/search munitions zeppelin")
    assert "munitions: 7 · zeppelin: 0" in texts(said)
    assert "/whynot URL" in texts(said)
    assert button(said, "Feeds")


async def test_an_empty_archive_is_told_apart(house: House) -> None:
    assert "archive is empty" in texts(await house.say("/search munitions"))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("/search", "Say what to look for", id="nothing"),
        pytest.param("/search x", "The index does not hold “x”", id="one letter"),
        pytest.param("/search -football", "at least one word that must be there", id="only what is kept out"),
        pytest.param("/search #99 newest 1", "not kept any more", id="an unknown search"),
    ],
)
async def test_what_cannot_be_looked_for(library: House, text: str, answer: str) -> None:
    assert answer in texts(await library.say(text))


async def test_a_story_that_the_chat_may_see_has_a_button(house: House) -> None:
    await house.say("/topics save Arms = @arms & @russia")
    told = await house.tell_story(await house.topic("Arms"))
    stock = Stock(house.desk.store)
    async with house.desk.store.ingest() as unit:
        (past,) = await unit.past_entries([told.story.first_entry_id])
        terms = index_terms(past.entry.title, "en")
        edited = new_entry(past.entry.id, *terms, feed_id=past.entry.feed_id, title=past.entry.title)
        await unit.apply(IngestPlan(edited=(edited,)))
    assert stock
    found = button(await house.say("/search arms shipped"), f"Story {told.story.id}")
    assert found.command == f"/story {told.story.id}"
