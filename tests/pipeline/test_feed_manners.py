"""How often a feed is asked, what becomes of one that fails, and what is known of its entries after years: served."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot import limits
from bot.model import UNSAVED, Action, DeliveryState, Feed, FeedState, NoticeKind
from bot.store.port import Outcome
from tests.pipeline.feed_server import Answer, Fault, Item, rss
from tests.pipeline.test_misbehaving import EVENTS, NOW, item, open_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.pipeline.test_misbehaving import World


WORDPRESS = (
    '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod>'
    '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">1</sy:updateFrequency>'
)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(status=500), id="5xx"),
        pytest.param(Answer(status=404), id="404"),
        pytest.param(Answer(b"<html>moved</html>", content_type="text/html"), id="a page"),
        pytest.param(Answer(rss(Item("x", "https://x.example/")), fault=Fault.CUT), id="cut off"),
    ],
)
async def test_a_feed_that_fails_backs_off_to_a_day_says_so_once_and_comes_back(world: World, answer: Answer) -> None:
    world.server.serve("/feed", answer)
    for _ in range(14):
        await world.parts.poller.poll(feed := await world.feed())
        wait = (feed := await world.feed()).next_poll_at - world.clock.at
        assert timedelta(0) < wait <= timedelta(days=1)
        assert feed.state is FeedState.ACTIVE
        world.clock.at += wait
    assert wait > timedelta(hours=20)
    (notice,) = await world.parts.store.notices_of(world.chat.id)
    assert notice.kind is NoticeKind.FEED_FAILING
    assert len(await world.poll(item(0), item(1, days=9))) == 1
    assert (await world.feed()).failures == 0


async def test_what_was_forgotten_but_its_keys_is_not_told_again(world: World) -> None:
    await world.poll(item(0), item(1), item(2))
    store = world.parts.store
    await world.poll(*(item(n) for n in range(3, 16)))
    before = len(await world.told())
    for one in await world.told():
        await store.finish_delivery(one, Outcome(DeliveryState.SENT, at=world.clock.at))
    world.clock.at += timedelta(days=800)
    await store.trim_entries(before=world.clock.at - timedelta(days=730), after=None, limit=100)
    assert len(await world.poll(*(item(n, guid=f"again-{n}") for n in range(3)))) == before


@pytest.mark.parametrize(
    ("headers", "coded"),
    [
        pytest.param({}, lambda whole: whole[: whole.index(b"</item>") + 7], id="no length given"),
        pytest.param({"Content-Encoding": "gzip"}, lambda whole: gzip.compress(whole, 0)[:-400], id="packed"),
    ],
)
async def test_what_stands_behind_a_cut_is_asked_for_at_the_next_poll(
    world: World, headers: dict[str, str], coded: Callable[[bytes], bytes]
) -> None:
    items = [item(n, days=1) for n in (1, 2, 3)]
    cut = Answer(coded(rss(*items)), etag='"2"', last_modified="Fri, 21 Jun 2024 12:00:00 GMT", headers=headers)
    world.server.serve("/feed", cut)
    assert 0 < len(await world.poll()) < 3
    for _ in range(2):
        world.server.serve("/feed", replace(cut, body=rss(*items), headers={}))
        assert len(await world.poll()) == 3
    assert (await world.feed()).etag == '"2"'


async def test_what_the_first_answer_has_lost_is_no_news_later(world: World) -> None:
    store, items = world.parts.store, [item(n) for n in range(6)]
    feed = await store.add_feed(Feed(UNSAVED, world.server.url("/other"), "Other", NOW, shared=True))
    whole = rss(*items)
    for body in (whole[: whole.index(b"</item>") + 7], whole):
        world.server.serve("/other", Answer(body))
        await world.parts.poller.poll(found := await store.feed(feed.id) or feed)
        assert await world.told() == []
    world.server.serve("/other", Answer(rss(*items, item(7, days=1))))
    await world.parts.poller.poll(found := await store.feed(feed.id) or feed)
    assert found.baselined
    assert len(await world.told()) == 1


@pytest.mark.parametrize(
    ("headers", "extra", "least_s"),
    [
        pytest.param({}, "", 0, id="nothing asked"),
        pytest.param({}, "<ttl>55</ttl>", 3300, id="ttl"),
        pytest.param({}, "<ttl>60</ttl>", 0, id="the hour of a template"),
        pytest.param({}, WORDPRESS, 0, id="the hour of WordPress"),
        pytest.param({}, "<ttl>240</ttl>", 3600, id="a ttl of hours"),
        pytest.param({"Cache-Control": "max-age=3000"}, "", 3000, id="max-age"),
        pytest.param({"Cache-Control": "max-age=3600"}, WORDPRESS, 3600, id="the server's own hour"),
        pytest.param({"Cache-Control": "max-age=999999"}, "<ttl>99999</ttl>", 3600, id="no longer than an hour"),
    ],
)
async def test_how_long_a_feed_may_be_kept_is_its_own_to_say(
    world: World, headers: dict[str, str], extra: str, least_s: float
) -> None:
    # Entries a minute apart, the last one just now: by itself the feed would be asked every few minutes.
    world.clock.at = NOW + timedelta(minutes=15)
    items = [item(n) for n in range(15)]
    world.server.serve("/feed", Answer(rss(*items, extra=extra), headers=headers))
    await world.parts.poller.poll(await world.feed())
    feed = await world.feed()
    assert feed.interval_s == max(least_s, limits.POLL_INTERVAL_MIN_S)
    wait_s = (feed.next_poll_at - world.clock.at).total_seconds()
    assert 0.9 * feed.interval_s <= wait_s <= 1.1 * feed.interval_s


# ---------------------------------------------------------------- names that mean another entry


@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize(
    "named",
    [
        {"guid": "latest"},
        {"guid": "latest", "link": "https://news.example/latest"},
        {"guid": None, "link": "https://news.example/latest"},
    ],
    ids=["id", "id and address", "address"],
)
async def test_a_name_that_is_given_to_each_newest_entry_loses_none(
    world: World, named: dict[str, Any], *, dated: bool
) -> None:
    for n in range(1, 5):
        date = format_datetime(world.clock.at + timedelta(minutes=25)) if dated else None
        told = await world.poll(item(n, date=date, **named))
        # What it says is changed a little, and it is asked for again: that is the same entry.
        text = f"{EVENTS[n]}, officials said on Thursday. More than {n + 20}00 people are affected. Talks go on."
        await world.poll(item(n, date=date, description=text, **named))
        assert [delivery.action for delivery in await world.told()] == [Action.ALERT] * n, told
    stored = [await world.parts.store.story_entries(delivery.story_id) for delivery in await world.told()]
    assert [[entry.title for entry in entries] for entries in stored] == [[EVENTS[n]] for n in range(1, 5)]


async def test_ids_that_are_numbers_of_places_lose_and_repeat_nothing(world: World) -> None:
    for newest in (*range(1, 9), 6, 8):
        places = enumerate(range(newest, max(0, newest - 4), -1))
        told = await world.poll(*(item(n, guid=f"place-{place}", date=None) for place, n in places))
    assert [delivery.action for delivery in told] == [Action.ALERT] * 8


async def test_ids_that_are_swapped_change_no_message(world: World) -> None:
    for first, second in ((1, 2), (2, 1), (1, 2)):
        told = await world.poll(item(1, guid=f"id-{first}"), item(2, guid=f"id-{second}"))
        assert [delivery.action for delivery in told] == [Action.ALERT] * 2


async def test_what_is_put_up_as_a_line_is_the_same_entry_whatever_becomes_of_it(world: World) -> None:
    await world.poll(item(1, title="Volcano erupts", description="", date=None))
    told = await world.poll(item(1, title="Flights halted as ash drifts over Iceland", date=None))
    assert [delivery.action for delivery in told] == [Action.ALERT, Action.EDIT]
