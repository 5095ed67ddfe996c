"""/whynot: each stage at which an article can stop, named."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import (
    UNSAVED,
    Action,
    DeliveryState,
    Feed,
    Hold,
    MessageRef,
    ParsedEntry,
    Poll,
    Subscription,
    Topic,
)
from bot.store.port import Outcome
from bot.workers.pipeline import Options, Pipeline
from tests.handlers.house import AWAY, House, button, texts
from tests.handlers.past import FISH, SHELLS, SITE, past
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from bot.model import Delivery

OLD = NOW - timedelta(days=400)


async def _watch(house: House, query: str = "@dprk & @russia", *, subscribed: bool = True) -> Topic:
    chat = await house.chat()
    topic = await house.desk.store.add_topic(Topic(UNSAVED, chat.id, "Arms", query, OLD))
    if subscribed:
        await house.desk.store.subscribe(Subscription(chat.id, topic.id, OLD))
    return topic


async def _why(house: House, place: int = 0) -> str:
    return texts(await house.say(f"/whynot {SITE}/{place}"))


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://elsewhere.example/a", id="of another site"),
        pytest.param("https://[2001:db8::1/a", id="with a bracket that nobody closes"),
        pytest.param("https://elsewhere℀.example/a", id="of a host that cannot be"),
    ],
)
async def test_what_no_feed_brought_was_not_polled(house: House, url: str) -> None:
    said = await house.say(f"/whynot {url}")
    assert "Not polled: no feed of this chat has brought this article." in texts(said)
    assert "/feeds add URL" in texts(said)
    assert button(said, "Feeds")


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        pytest.param(None, "not polled yet", id="never polled"),
        pytest.param({"error": "HTTP 500", "failures": 3}, "failing: HTTP 500; tried again in 10 min", id="failing"),
        pytest.param({}, "last polled 5 min ago, and it was not in it; polled next in 10 min", id="polled well"),
    ],
)
async def test_the_feed_that_should_have_brought_it_is_named(
    house: House, poll: dict[str, object] | None, words: str
) -> None:
    store = house.desk.store
    feed = await store.add_feed(Feed(UNSAVED, f"{SITE}/rss", "Harbour Wire", NOW, shared=True))
    if poll is not None:
        await store.record_poll(Poll(feed.id, NOW - timedelta(minutes=5), NOW + timedelta(minutes=10), 900, **poll))  # type: ignore[arg-type]
    assert f"Harbour Wire: {words}" in await _why(house, 99)


async def test_what_another_chats_feed_brought_does_not_exist_here(house: House) -> None:
    theirs = await past(house, SHELLS, feed="https://private.example/rss", shared=False)
    await house.desk.store.follow((await house.chat(AWAY)).id, theirs.id)
    await _watch(house)
    assert "Not polled" in texts(await house.say("/whynot https://private.example/0"))
    assert "Why not:" in texts(await house.say("/whynot https://private.example/0", AWAY))


async def test_the_missing_facet_is_named(house: House) -> None:
    await past(house, FISH)
    await _watch(house, "@dprk & @russia & (fish | pollock)")
    assert "Arms: not in it: @dprk" in await _why(house)


async def test_the_exclusion_is_named(house: House) -> None:
    await past(house, SHELLS)
    await _watch(house, "@dprk & -artillery")
    assert "excluded by -artillery" in await _why(house)


async def test_the_score_is_held_against_the_bar(house: House) -> None:
    store = house.desk.store
    await _watch(house, "@dprk & harvest")
    feed = await store.add_feed(Feed(UNSAVED, f"{SITE}/rss", "Harbour Wire", NOW, shared=True))
    filler = "The weather in the valley was fine and people sang. " * 60
    body = f"{filler} Pyongyang was named once, as was the harvest. {filler}"
    entry = ParsedEntry("g", f"{SITE}/0", "A fine day", body, NOW)
    await Pipeline(store, house.desk.lexicon).ingest(feed, [entry], now=NOW, options=Options())
    said = await _why(house)
    assert "below the bar of 0.50 (normal); only in passing: Pyongyang, harvest" in said


async def test_a_first_poll_is_silent(house: House) -> None:
    await _watch(house)
    await past(house, SHELLS)
    assert "first poll or an import" in await _why(house)


async def test_a_topic_that_is_younger_than_the_article(house: House) -> None:
    await past(house, SHELLS)
    chat = await house.chat()
    late = NOW + timedelta(hours=1)
    topic = await house.desk.store.add_topic(Topic(UNSAVED, chat.id, "Arms", "@dprk & @russia", late))
    await house.desk.store.subscribe(Subscription(chat.id, topic.id, late))
    assert "It came before its topic was watched" in await _why(house)


async def test_a_topic_that_is_off(house: House) -> None:
    await _watch(house, subscribed=False)
    await past(house, SHELLS)
    assert "is off here. Turn it on: /subscribe Arms" in await _why(house)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        pytest.param(None, "its alert is waiting to be sent", id="waiting"),
        pytest.param(DeliveryState.SENT, "its alert was sent", id="sent"),
        pytest.param(DeliveryState.DEAD, "refused by the platform and kept (no such chat)", id="refused"),
    ],
)
async def test_what_became_of_the_alert_is_told(house: House, state: DeliveryState | None, words: str) -> None:
    await _watch(house)
    await past(house, SHELLS, silent=False)
    store, chat = house.desk.store, await house.chat()
    if state is not None:
        (claimed,) = await store.claim_deliveries(now=NOW, lease_s=60, limit=5, platforms=[chat.address.platform])
        assert claimed.delivery.action is Action.ALERT
        error = "no such chat" if state is DeliveryState.DEAD else None
        assert await store.finish_delivery(claimed.delivery, Outcome(state, error=error, at=NOW))
    assert words in await _why(house)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        pytest.param(Hold.MUTED, "is held: muted.", id="muted"),
        pytest.param(Hold.CAPPED, "over the hour's cap: held until", id="capped"),
        pytest.param(Hold.QUIET, "quiet hours: held until", id="quiet"),
        pytest.param(Hold.DIGEST, "held for the digest of", id="a digest"),
    ],
)
async def test_what_is_held_says_why_and_how_to_get_it(house: House, reason: Hold, words: str) -> None:
    await _watch(house)
    await past(house, SHELLS, silent=False)
    claimed = await _claimed(house)
    held = Outcome(DeliveryState.HELD, held_for=reason, not_before=NOW + timedelta(hours=1), at=NOW)
    assert await house.desk.store.finish_delivery(claimed, held)
    said = await _why(house)
    assert words in said
    assert f"/missed replay {claimed.id}" in said


async def test_what_was_sent_says_when_and_where(house: House) -> None:
    await _watch(house)
    await past(house, SHELLS, silent=False)
    ref = MessageRef((await house.chat()).address, "77")
    sent = Outcome(DeliveryState.SENT, ref=ref, at=NOW - timedelta(minutes=3))
    assert await house.desk.store.finish_delivery(await _claimed(house), sent)
    assert "its alert was sent 3 min ago." in await _why(house)
    house.desk.message_links["77"] = "https://chat.example/77"
    assert "its alert was sent 3 min ago (see it)." in await _why(house)


async def _claimed(house: House) -> Delivery:
    platform = (await house.chat()).address.platform
    (claimed,) = await house.desk.store.claim_deliveries(now=NOW, lease_s=60, limit=5, platforms=[platform])
    return claimed.delivery


async def test_a_copy_is_the_same_story_as_what_was_told(house: House) -> None:
    await _watch(house)
    await past(house, SHELLS, silent=False)
    await past(house, f"{SHELLS}, officials say", feed="https://meridian.example/rss", silent=False)
    said = texts(await house.say("/whynot https://meridian.example/0"))
    assert f"It is the same story as “{SHELLS}”" in said


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"{SITE}/0?utm_source=rss", id="a tracked address"),
        pytest.param(f"{SITE.replace('https', 'http')}/0", id="http"),
        pytest.param("https://www.harbour.example/0/", id="www and a slash"),
        pytest.param("harbour.example/0", id="no scheme"),
    ],
)
async def test_other_spellings_find_the_same_article(house: House, url: str) -> None:
    await past(house, SHELLS)
    await _watch(house)
    assert f"Why not: {SHELLS}" in texts(await house.say(f"/whynot {url}"))


async def test_with_nothing_watched_that_is_said(house: House) -> None:
    await past(house, SHELLS)
    assert "Nothing is watched here" in await _why(house)
