"""Short entries that a topic wants get the text of their page, and lose nothing by it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from bot import limits
from bot.feeds.pages import Page, PageOutcome
from bot.model import Action
from bot.topics import lexicon
from bot.workers.articles import Articles
from bot.workers.pipeline import Pipeline
from tests.pipeline.conftest import NOW, actions, post

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

TITLE = "North Korea ships munitions to Russia"
TEASER = "North Korea has shipped munitions to Russia, the White House says."
ARTICLE = (
    "North Korea has shipped more than 1,000 containers of munitions to Russia by rail and sea, officials said.\n"
    "White House spokesman John Kirby showed pictures of containers being loaded in Rajin for a Russian port.\n"
    "The shipments left between September 7 and October 1, he told reporters in Washington on Friday.\n"
    "Moscow did not comment. Analysts have said for months that Russia is short of artillery shells.\n"
    "The containers went on to a depot near Tikhoretsk, some 290 km from the border, the pictures show.\n"
    "Washington has imposed sanctions on companies that it says are part of the trade in weapons.\n"
    "A football match between youth teams of the two countries was played in the same week."
)
QUERY = "@dprk & @russia & @arms"


@dataclass
class FakePages:
    """Answers by address, and remembers what was asked."""

    texts: dict[str, Page]
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def read(self, url: str, *, feed_url: str) -> Page:
        self.asked.append((url, feed_url))
        await asyncio.sleep(0)
        return self.texts.get(url, Page(PageOutcome.FAILED))


@pytest.fixture
def pages(world: World) -> FakePages:
    fake = FakePages({"https://news.example/a": Page(PageOutcome.FETCHED, ARTICLE)})
    world.pipeline = Pipeline(world.store, lexicon.load(), None, Articles(world.store, fake))
    return fake


async def test_a_short_entry_that_a_topic_wants_is_read_in_full(world: World, pages: FakePages) -> None:
    await world.watch("Arms", QUERY)
    plan = await world.publish("Wire", post("a", TITLE, TEASER), post("b", "Cup final drawn", "Football."))
    assert pages.asked == [("https://news.example/a", "https://wire.example/feed")]
    stored = {new.entry.guid: new.entry for new in plan.entries}
    assert stored["a"].text.split("\n") == ARTICLE.split("\n")
    assert stored["a"].title == TITLE
    assert stored["b"].text == "Football."
    assert plan.counters["pages.fetched"] == 1
    assert "Rajin" in plan.alerts[0].summary or "1,000 containers" in plan.alerts[0].summary
    assert (await world.store.status()).counters["pages.fetched"] == 1


@pytest.mark.parametrize(
    ("page", "counted"),
    [
        pytest.param(Page(PageOutcome.ROBOTS), "pages.robots", id="refused"),
        pytest.param(Page(PageOutcome.FAILED), "pages.failed", id="failed"),
        pytest.param(Page(PageOutcome.LATE), "pages.late", id="late"),
        pytest.param(
            Page(PageOutcome.FETCHED, "We value your privacy. Accept all cookies to go on reading this site. " * 9),
            "pages.unlike",
            id="consent",
        ),
        pytest.param(Page(PageOutcome.FETCHED, "North Korea ships munitions."), "pages.unlike", id="shorter"),
    ],
)
async def test_without_the_page_the_feeds_text_alerts(world: World, pages: FakePages, page: Page, counted: str) -> None:
    await world.watch("Arms", QUERY)
    pages.texts["https://news.example/a"] = page
    plan = await world.publish("Wire", post("a", TITLE, TEASER))
    assert actions(plan) == [Action.ALERT]
    assert plan.entries[0].entry.text == TEASER
    assert plan.counters[counted] == 1


async def test_no_page_is_fetched_for_a_long_entry_nor_silently(world: World, pages: FakePages) -> None:
    await world.watch("Arms", QUERY)
    await world.publish("Wire", post("a", TITLE, ARTICLE))
    await world.publish("Other", post("a", TITLE, TEASER), silent=True)
    assert pages.asked == []


async def test_a_poll_asks_for_so_many_pages_and_the_newest(world: World, pages: FakePages) -> None:
    await world.watch("Arms", QUERY)
    many = [
        post(str(n), f"{TITLE} {n}", TEASER, NOW.replace(minute=n)) for n in range(limits.ARTICLE_PAGES_PER_POLL + 3)
    ]
    await world.publish("Wire", *many, now=NOW.replace(minute=59))
    assert {url for url, _ in pages.asked} == {f"https://news.example/{n}" for n in range(3, len(many))}


async def test_a_longer_text_may_bring_further_topics(world: World, pages: FakePages) -> None:
    await world.watch("Arms", QUERY)
    railway = await world.watch("Ports", "Rajin | Tikhoretsk")
    plan = await world.publish("Wire", post("a", TITLE, TEASER))
    assert len(pages.asked) == 1
    assert railway.id in {match.topic_id for match in plan.matches}


async def test_a_match_on_the_feeds_words_outlives_a_text_in_which_they_pass_by(world: World, pages: FakePages) -> None:
    topic = await world.watch("Arms", QUERY)
    long_story = "\n".join(
        ["The week in review: elections, floods and a strike at the ports kept editors busy this week."]
        + [
            f"Paragraph {n} is about the harvest, the weather and the prices of bread in the provinces."
            for n in range(60)
        ]
        + [TEASER]
    )
    pages.texts["https://news.example/a"] = Page(PageOutcome.FETCHED, long_story)
    plan = await world.publish("Wire", post("a", TITLE, TEASER))
    assert actions(plan) == [Action.ALERT]
    assert [(match.topic_id, match.relevant) for match in plan.matches] == [(topic.id, True)]


async def test_an_exclusion_holds_for_the_whole_article(world: World, pages: FakePages) -> None:
    topic = await world.watch("Arms", f"{QUERY} & -football")
    other = await world.watch("All arms", QUERY)
    plan = await world.publish("Wire", post("a", TITLE, TEASER))
    assert len(pages.asked) == 1
    assert topic.id not in {match.topic_id for match in plan.matches}
    assert other.id in {match.topic_id for match in plan.matches if match.relevant}


async def test_an_edit_whose_page_is_gone_keeps_the_text_of_before(world: World, pages: FakePages) -> None:
    await world.watch("Arms", QUERY)
    await world.publish("Wire", post("a", TITLE, TEASER))
    pages.texts.clear()
    plan = await world.publish("Wire", replace(post("a", TITLE, TEASER), title=f"{TITLE}, US says"))
    (edited,) = plan.edited
    assert edited.entry.title == f"{TITLE}, US says"
    assert edited.entry.text.split("\n") == ARTICLE.split("\n")


async def test_no_transaction_is_open_while_a_page_is_awaited(world: World, pages: FakePages) -> None:
    await world.watch("Arms", QUERY)
    asked, free = asyncio.Event(), asyncio.Event()

    class Slow(FakePages):
        async def read(self, url: str, *, feed_url: str) -> Page:
            asked.set()
            await free.wait()
            return await super().read(url, feed_url=feed_url)

    waiting = Pipeline(world.store, lexicon.load(), None, Articles(world.store, Slow(pages.texts)))
    quick, world.pipeline = world.pipeline, waiting
    held = asyncio.create_task(world.publish("Wire", post("a", TITLE, TEASER)))
    await asked.wait()
    world.pipeline = quick
    plan = await world.publish("Other", post("b", "Cup final drawn", "Football."))
    assert len(plan.entries) == 1
    assert not held.done()
    free.set()
    assert len((await held).entries) == 1
