"""Entries through the real pipeline and a real store: who is told what, and what is never told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest
from structlog.testing import capture_logs

from bot import logs
from bot.model import Action, Address, Platform
from bot.topics import lexicon
from bot.workers import pipeline
from bot.workers.pipeline import Options, Pipeline
from tests.pipeline.conftest import NOW, actions, post

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bot.ingest import Prepared
    from bot.model import Entry, Feed, ParsedEntry
    from bot.topics.match import Matcher
    from bot.workers.articles import Articles, Draft
    from bot.workers.watches import Watch
    from tests.pipeline.conftest import World

PACT = (
    "Kim Jong Un and Vladimir Putin signed a treaty in Pyongyang on Wednesday that binds North Korea and Russia to "
    "help each other if either is attacked. The two leaders also agreed on weapons supplies, officials in Moscow said. "
    "Mr Putin had last visited North Korea in July 2000."
)
PACT_AGAIN = (
    "North Korea and Russia will come to each other's aid if attacked, under a treaty that Vladimir Putin and Kim "
    "Jong Un signed in Pyongyang on Wednesday. Moscow officials spoke of weapons supplies as well."
)
SHELLS = (
    "The White House said North Korea had shipped more than 1,000 containers of munitions to Russia by rail and sea. "
    "Spokesman John Kirby showed pictures of containers being loaded in Rajin for a port in Russia."
)


def pact(guid: str = "pact") -> ParsedEntry:
    return post(guid, "Putin and Kim sign defence treaty, agree on weapons supplies", PACT)


async def test_a_new_event_alerts_with_its_earlier_coverage(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    earlier = post(
        "shells", "North Korea shipped munitions to Russia, White House says", SHELLS, NOW - timedelta(days=250)
    )
    await world.publish("Harbour Wire", earlier, silent=True, now=NOW - timedelta(days=250))
    plan = await world.publish("Harbour Wire", pact())
    assert actions(plan) == [Action.ALERT]
    alert = plan.alerts[0]
    assert alert.summary.startswith("Kim Jong Un and Vladimir Putin signed a treaty")
    assert [link.headline for link in alert.earlier] == [earlier.title]
    assert [delivery.chat_id for delivery in plan.deliveries] == [world.chat.id]


async def test_an_alert_is_logged_once_by_its_numbers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "log", logs.get("bot.workers.pipeline"))
    await world.watch("Arms", "@dprk & @russia & @arms")
    with capture_logs() as lines:
        plan = await world.publish("Harbour Wire", pact())
        await world.publish("Harbour Wire", pact())
    (alert,) = plan.alerts
    numbers = {"story_id": alert.story_id, "feed_id": world.feeds["Harbour Wire"].id, "entry_id": alert.entry_id}
    assert lines == [
        {"event": "story alerted", "log_level": "info", **numbers, "action": "alert", "deliveries": 1},
    ]


async def test_a_first_poll_says_nothing_but_remembers(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    first = await world.publish("Harbour Wire", pact(), silent=True)
    assert first.deliveries == ()
    assert len(first.stories) == 1
    again = await world.publish("Harbour Wire", pact())
    assert (again.entries, again.deliveries) == ((), ())


async def test_another_outlet_edits_the_alert_instead_of_alerting(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", pact())
    told_again = post("other", "Kim and Putin sign defence treaty in Pyongyang", PACT_AGAIN, NOW + timedelta(hours=1))
    plan = await world.publish("Meridian Post", told_again, now=NOW + timedelta(hours=1))
    assert actions(plan) == [Action.EDIT]
    assert plan.alerts[0].others == ("Meridian Post",)
    assert plan.alerts[0].headline == pact().title


async def test_an_edited_headline_corrects_the_alert_and_tells_nobody_anew(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", pact())
    edited = post("pact", "Putin and Kim sign mutual defence treaty, agree on weapons", PACT)
    plan = await world.publish("Harbour Wire", edited, now=NOW + timedelta(minutes=20))
    assert actions(plan) == [Action.EDIT]
    assert plan.entries == ()
    assert plan.alerts[0].headline == edited.title
    other = post("other", "Kim and Putin sign defence treaty in Pyongyang", PACT_AGAIN, NOW + timedelta(hours=1))
    later = await world.publish("Meridian Post", other, now=NOW + timedelta(hours=1))
    assert [alert.headline for alert in later.alerts] == [edited.title]


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
@pytest.mark.parametrize(
    ("minutes", "newest_first"),
    [
        pytest.param((0, 30), True, id="newest-first"),
        pytest.param((0, 30), False, id="newest-last"),
        pytest.param((30, 30), True, id="of-one-date"),
        pytest.param((None, None), True, id="undated"),
    ],
)
async def test_of_two_versions_of_an_entry_in_one_document_the_newest_is_shown(
    world: World, minutes: tuple[int | None, int | None], *, newest_first: bool, is_known: bool
) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    now = NOW + timedelta(hours=1)
    if is_known:
        await world.publish("Harbour Wire", strike(STRIKE.replace("at least 10 people", "at least 5 people")))
    texts = (STRIKE, STRIKE.replace("at least 10 people", "at least 15 people"))
    dates = (None if minute is None else NOW + timedelta(minutes=minute) for minute in minutes)
    versions = [replace(strike(text), published_at=date) for text, date in zip(texts, dates, strict=True)]
    document = versions[::-1] if newest_first else versions
    plan = await world.publish("Harbour Wire", *document, now=now)
    told = [row.action for row in plan.deliveries]
    assert (told.count(Action.ALERT), len(plan.entries)) == ((0, 0) if is_known else (1, 1))
    assert "at least 15 people" in plan.alerts[-1].summary
    (story,) = await world.store.latest_stories(world.chat.id)
    (entry,) = await world.store.story_entries(story.story.id)
    assert ("at least 15 people" in entry.text, story.story.entry_count) == (True, 1)
    assert (await world.publish("Harbour Wire", *document, now=now)).edited == ()


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
async def test_an_entry_that_grows_twice_in_one_document_is_told_once(world: World, *, is_known: bool) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    if is_known:
        await world.publish("Harbour Wire", STUB)
    later = [NOW + timedelta(minutes=minute) for minute in (20, 40)]
    longer = replace(pact(), body=f"{PACT} A choir sang.")
    grown = [replace(each, published_at=at) for each, at in zip((pact(), longer), later, strict=True)]
    plan = await world.publish("Harbour Wire", STUB, *grown, now=later[-1])
    assert [row.action for row in plan.deliveries] == [Action.ALERT]
    (story,) = await world.store.latest_stories(world.chat.id)
    (entry,) = await world.store.story_entries(story.story.id)
    assert (entry.text, story.story.entry_count) == (longer.body, 1)


STUB = post("pact", "BREAKING: treaty signed", "More details to follow.")


@pytest.mark.parametrize(
    "stub",
    [
        pytest.param(STUB, id="a-line-that-grows"),
        pytest.param(replace(STUB, title="Flood in Velm", body="A bridge fell."), id="another-event"),
        pytest.param(replace(STUB, published_at=None), id="undated"),
    ],
)
async def test_an_entry_that_is_rewritten_into_a_match_is_told(world: World, stub: ParsedEntry) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    assert (await world.publish("Harbour Wire", stub)).deliveries == ()
    later = NOW + timedelta(minutes=20)
    grown = replace(pact(), published_at=stub.published_at and later)
    plan = await world.publish("Harbour Wire", grown, now=later)
    assert [row.action for row in plan.deliveries] == [Action.ALERT]
    (story,) = await world.store.latest_stories(world.chat.id)
    (entry,) = await world.store.story_entries(story.story.id)
    assert (entry.title, entry.first_seen_at, entry.published_at) == (grown.title, NOW, stub.published_at)
    # From now on it is an entry like any other: a further edit corrects, further outlets are added.
    corrected = replace(grown, title=f"{grown.title} in Pyongyang")
    other = post("other", "Kim and Putin sign defence treaty in Pyongyang", PACT_AGAIN, NOW + timedelta(hours=1))
    plans = [await world.publish("Harbour Wire", corrected, now=later), await world.publish("Meridian Post", other)]
    assert [row.action for plan in plans for row in plan.deliveries] == [Action.EDIT, Action.EDIT]


async def test_an_entry_that_grows_into_what_was_told_joins_it(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Meridian Post", STUB)
    await world.publish("Harbour Wire", pact())
    told_again = post("pact", "Kim and Putin sign defence treaty in Pyongyang", PACT_AGAIN)
    plan = await world.publish("Meridian Post", told_again, now=NOW + timedelta(minutes=20))
    assert actions(plan) == [Action.EDIT]
    assert plan.alerts[0].others == ("Meridian Post",)


async def test_what_came_while_its_topic_was_paused_is_past_coverage_also_when_it_is_edited(world: World) -> None:
    topic = await world.watch("Arms", "@dprk & @russia & @arms")
    await world.store.replace_topic(replace(topic, paused=True))
    await world.publish("Harbour Wire", pact())
    await world.store.replace_topic(topic)
    plan = await world.publish("Harbour Wire", replace(pact(), body=f"{PACT} It rained."), now=NOW + timedelta(hours=1))
    assert (len(plan.edited), plan.deliveries) == (1, ())
    # Not so where it is now about what another topic wants.
    other = await world.watch("Choirs", "choir")
    sung = replace(pact(), title="Choir sings as Putin and Kim sign treaty", body=f"A choir sang. {PACT}")
    plan = await world.publish("Harbour Wire", sung, now=NOW + timedelta(hours=2))
    (row,) = plan.deliveries
    assert other.name in row.topics


@pytest.mark.parametrize("date", [NOW, None], ids=["dated", "undated"])
async def test_what_has_stood_in_a_feed_for_long_grows_without_a_word(world: World, date: datetime | None) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", replace(STUB, published_at=date))
    now = NOW + timedelta(days=10)
    world.feeds["Harbour Wire"] = replace(await world.feed("Harbour Wire"), last_entry_at=now)
    plan = await world.publish("Harbour Wire", replace(pact(), published_at=date and now), now=now)
    assert plan.deliveries == ()
    # It is in the archive all the same, and /whynot can say why nobody was told.
    (traced,) = await world.store.entries_at(pact().url)
    assert (traced.story_id, traced.stage) == (plan.stories[0].id, "new story, old when first seen")


async def test_an_entry_that_was_old_when_first_seen_is_stored_but_not_told(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    old = post("old", "Putin and Kim sign defence treaty, agree on weapons supplies", PACT, NOW - timedelta(days=30))
    plan = await world.publish("Harbour Wire", old)
    assert (len(plan.entries), plan.deliveries) == (1, ())
    assert plan.decisions[0].stage == "new story, old when first seen"


async def test_a_feed_whose_dates_lie_years_back_still_alerts(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    feed = await world.feed("Slow Archive")
    world.feeds["Slow Archive"] = replace(feed, last_entry_at=NOW - timedelta(days=900))
    entry = post("old", "Putin and Kim sign defence treaty, agree on weapons supplies", PACT, NOW - timedelta(days=800))
    assert actions(await world.publish("Slow Archive", entry)) == [Action.ALERT]


async def test_a_date_in_the_future_is_not_believed(world: World) -> None:
    plan = await world.publish("Harbour Wire", post("soon", "Tomorrow", "Text.", NOW + timedelta(days=3)))
    assert plan.entries[0].entry.published_at == NOW


async def test_a_feed_that_one_chat_added_does_not_speak_to_another(world: World) -> None:
    stranger = await world.store.chat_at(Address(Platform.CONSOLE, "stranger"), title="x", now=NOW)
    for chat in (world.chat, stranger):
        await world.watch("Arms", "@dprk & @russia & @arms", chat)
    feed = await world.feed("Private Letter", shared=False)
    await world.store.follow(stranger.id, feed.id)
    plan = await world.publish("Private Letter", pact())
    assert [delivery.chat_id for delivery in plan.deliveries] == [stranger.id]


async def test_two_chats_share_a_story_but_each_gets_its_own_first_alert(world: World) -> None:
    stranger = await world.store.chat_at(Address(Platform.CONSOLE, "stranger"), title="x", now=NOW)
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", pact())
    await world.watch("Pact", "treaty & @russia", stranger)
    other = post("other", "Kim and Putin sign defence treaty in Pyongyang", PACT_AGAIN, NOW + timedelta(hours=1))
    plan = await world.publish("Meridian Post", other, now=NOW + timedelta(hours=1))
    assert {row.chat_id: row.action for row in plan.deliveries} == {
        world.chat.id: Action.EDIT,
        stranger.id: Action.ALERT,
    }


async def test_a_topic_added_later_finds_what_the_archive_holds_without_a_word(world: World) -> None:
    await world.publish("Harbour Wire", pact())
    other = post("other", "Kim and Putin sign defence treaty in Pyongyang", PACT_AGAIN, NOW + timedelta(hours=1))
    await world.publish("Meridian Post", other, now=NOW + timedelta(hours=1))
    topic = await world.watch("Arms", "@dprk & @russia & @arms")
    found = await world.pipeline.backfill((topic,), now=NOW + timedelta(hours=2))
    assert (found.entries, found.stories) == (2, 1)
    stories = await world.store.latest_stories(world.chat.id)
    assert [view.story.outlets for view in stories] == [("Harbour Wire", "Meridian Post")]
    assert await world.store.deliveries(world.chat.id, states=(), limit=5) == ()


class SlowPages:
    """An article reader during whose work something else happens."""

    def __init__(self, happens: Callable[[], Awaitable[object]]) -> None:
        self._happens = happens

    async def lengthen(
        self, feed: Feed, drafts: Sequence[Draft], matcher: Matcher, *, now: datetime
    ) -> tuple[Sequence[Prepared], Counter[str]]:
        del feed, matcher, now
        await self._happens()
        return [item for _, item in drafts], Counter()


@pytest.mark.parametrize("watched_before", [False, True], ids=["alone", "beside-a-topic-that-matches-too"])
async def test_a_topic_that_is_saved_during_a_poll_misses_nothing_of_it(world: World, *, watched_before: bool) -> None:
    if watched_before:
        await world.watch("Treaties", "treaty")
    other = await world.store.chat_at(Address(Platform.CONSOLE, "other"), title="other", now=NOW)

    async def saved() -> None:
        topic = await world.watch("Arms", "@dprk & @russia & @arms", other)
        await world.pipeline.backfill([topic], now=NOW)

    slow = Pipeline(world.store, lexicon.load(), articles=cast("Articles", SlowPages(saved)))
    plan = await slow.ingest(await world.feed("Harbour Wire"), [pact()], now=NOW, options=Options())
    told = {row.chat_id: row.action for row in plan.deliveries}
    assert told == {other.id: Action.ALERT} | ({world.chat.id: Action.ALERT} if watched_before else {})


async def test_a_topic_that_is_paused_during_a_poll_is_not_told(world: World) -> None:
    topic = await world.watch("Arms", "@dprk & @russia & @arms")

    async def paused() -> None:
        await world.store.replace_topic(replace(topic, paused=True))

    slow = Pipeline(world.store, lexicon.load(), articles=cast("Articles", SlowPages(paused)))
    plan = await slow.ingest(await world.feed("Harbour Wire"), [pact()], now=NOW, options=Options())
    assert (len(plan.entries), plan.matches, plan.deliveries) == (1, (), ())


async def test_topics_that_change_all_the_time_keep_nothing_from_being_stored(world: World) -> None:
    topic = await world.watch("Arms", "@dprk & @russia & @arms")
    turns = iter(range(100))

    class Restless(Pipeline):
        async def watch(self) -> Watch:
            watch = await super().watch()
            await world.store.replace_topic(replace(topic, name=f"Arms {next(turns)}"))
            return watch

    restless = Restless(world.store, lexicon.load())
    plan = await restless.ingest(await world.feed("Harbour Wire"), [pact()], now=NOW, options=Options())
    assert actions(plan) == [Action.ALERT]


async def test_a_look_through_the_archive_holds_few_of_its_entries_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.publish("Harbour Wire", pact())
    await world.publish("Meridian Post", post("shells", "North Korea ships munitions to Russia", SHELLS))
    topic = await world.watch("Arms", "@dprk & @russia & @arms")
    read, stories_by_then = world.store.entry, []

    async def entry(entry_id: int) -> Entry | None:
        stories_by_then.append(len(await world.store.latest_stories(world.chat.id)))
        return await read(entry_id)

    monkeypatch.setattr(pipeline, "_PLAN_BATCH", 1)
    monkeypatch.setattr(world.store, "entry", entry)
    found = await world.pipeline.backfill((topic,), now=NOW)
    assert (found.entries, found.stories) == (2, 2)
    assert stories_by_then == [0, 1]


async def test_the_archive_does_not_depend_on_the_order_in_which_it_was_stored(world: World) -> None:
    feed = await world.feed("Harbour Wire")
    later = post("pact", pact().title, PACT, NOW)
    earlier = post(
        "shells", "North Korea shipped munitions to Russia, White House says", SHELLS, NOW - timedelta(days=250)
    )
    await world.pipeline.ingest(feed, [later, earlier], now=NOW, options=Options(silent=True, by_id=True))
    topic = await world.watch("Arms", "@dprk & @russia & @arms")
    await world.pipeline.backfill((topic,), now=NOW)
    newest = (await world.store.latest_stories(world.chat.id))[0]
    links = await world.store.story_links(newest.story.id)
    assert (newest.story.headline, [link.headline for link in links]) == (later.title, [earlier.title])


STRIKE = (
    "Russia fired North Korean missiles at Kharkiv on Thursday, and at least 10 people were killed, the mayor said. "
    "Rescuers were digging in the ruins of a school. Weapons experts found parts of a missile made in North Korea."
)
RECOUNTED = STRIKE.replace("at least 10 people", "at least 12 people")


def strike(text: str, title: str = "North Korean missiles fired by Russia hit Kharkiv") -> ParsedEntry:
    return post("strike", title, text)


async def test_an_edited_figure_corrects_the_alert_and_the_story(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", strike(STRIKE))
    plan = await world.publish("Harbour Wire", strike(RECOUNTED), now=NOW + timedelta(minutes=20))
    assert actions(plan) == [Action.EDIT]
    assert plan.entries == ()
    (alert,) = plan.alerts
    assert "at least 12 people" in alert.summary
    assert "10 people" not in alert.summary
    assert any("(earlier: at least 10 people" in fact for fact in alert.new)
    assert "at least 12 people" in plan.stories[0].summary


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(STRIKE + " The governor will visit the school.", id="one more sentence"),
        pytest.param(STRIKE.replace("digging in", "searching"), id="another word"),
    ],
)
async def test_an_edit_that_corrects_nothing_changes_no_message(world: World, edited: str) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", strike(STRIKE))
    plan = await world.publish("Harbour Wire", strike(edited), now=NOW + timedelta(minutes=20))
    assert (len(plan.edited), plan.deliveries) == (1, ())


async def test_a_card_shows_the_text_of_now_also_where_nobody_is_corrected(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", strike(STRIKE))
    plan = await world.publish("Harbour Wire", strike(STRIKE.replace("digging in", "searching")))
    assert "searching the ruins" in plan.stories[0].summary


async def test_an_outlet_that_edits_all_the_time_edits_a_message_once_in_ten_minutes(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", strike(STRIKE))
    due_after_min = []
    for minute in (1, 2, 30):
        now = NOW + timedelta(minutes=minute)
        text = STRIKE.replace("at least 10 people", f"at least {minute + 10} people")
        plan = await world.publish("Harbour Wire", strike(text), now=now)
        due_after_min += [(row.not_before - now) / timedelta(minutes=1) for row in plan.deliveries]
    assert due_after_min == [pytest.approx(1 / 3), 9, pytest.approx(1 / 3)]


async def test_what_an_outlet_edits_days_later_corrects_no_message(world: World) -> None:
    await world.watch("Arms", "@dprk & @russia & @arms")
    await world.publish("Harbour Wire", strike(STRIKE))
    plan = await world.publish("Harbour Wire", strike(RECOUNTED), now=NOW + timedelta(days=3))
    assert plan.deliveries == ()
    assert "at least 12 people" in plan.stories[0].summary


BLAST = (
    "An explosion wrecked an arms depot near Tula in Russia on Thursday, and a column of smoke stood over the town. "
    "Firemen came from three districts. Trains to the south were held for an hour."
)


async def test_a_claim_within_the_hour_is_added_to_the_alert_and_nobody_is_told_anew(world: World) -> None:
    await world.watch("Arms", "@russia & @arms")
    title = "Explosion wrecks arms depot near Tula in Russia"
    await world.publish("Harbour Wire", post("blast", title, BLAST))
    now = NOW + timedelta(minutes=40)
    claim = "The Free Volga Legion claimed responsibility for the explosion in a video."
    claimed = post("claim", "Legion says it blew up Russian arms depot near Tula", f"{BLAST} {claim}", now)
    plan = await world.publish("Harbour Wire", claimed, now=now)
    assert actions(plan) == [Action.EDIT]
    (alert,) = plan.alerts
    assert (alert.headline, alert.new) == (title, (claim,))
    again = await world.publish("Harbour Wire", replace(claimed, guid="third"), now=now + timedelta(minutes=20))
    assert again.deliveries == ()
