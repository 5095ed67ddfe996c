"""Plans as values: stories that prove to be one, late joiners, and what each chat may be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ingest import Audience, History, Prepared, prepare
from bot.model import (
    UNSAVED,
    Action,
    Alert,
    BackstoryLink,
    Context,
    Delivery,
    DeliveryState,
    Entry,
    NextIds,
    PastEntry,
    Story,
    StoryMerge,
    TermStatistics,
    Topic,
)
from bot.planner import Planner
from bot.topics.lexicon import load
from bot.topics.match import Matcher

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import IngestPlan

NOW = datetime(2024, 6, 20, 12, tzinfo=UTC)
TOPIC = Topic(1, None, "Pact", "treaty", NOW)
MATCHER = Matcher(load(), (TOPIC,))
OUTLETS = ("Harbour Wire", "Meridian Post", "Third Sheet", "Fourth Sheet")

PACT = (
    "Leader Ada Brandt and President Omar Castell signed a mutual defence treaty in Port Lagan on Wednesday.",
    "It binds Norland and Esteria to send each other arms and troops if either of them is attacked.",
    "The two leaders spoke for nine hours, and a choir sang at the dinner, officials in Port Lagan said.",
    "Castell had last come to Port Lagan twenty-four years before, and was met at the airport by Brandt.",
    "Opposition parties in Esteria called the treaty a mistake and asked for a debate in parliament.",
)
FLOOD = (
    "A flood swept through the Velm valley on Sunday and cut a treaty port's only road to the coast.",
    "Rescuers took some four hundred people from roofs, and two bridges near Dorn collapsed.",
    "The river stood six metres above its usual height, the weather service of Velm said.",
)


MERANO = "Merano's ambassador summoned over the treaty of Castell and Brandt"
BOTH = "Castell and Brandt: what comes next"
CAPTION = "Omar Castell and Ada Brandt shake hands at the Harbour Palace on June 20, 2024. (Photo by Ida Lund/Pool)"
SUMMONED = "Ambassador Ruiz of Merano was summoned to the foreign ministry in Port Lagan over the treaty."


def entry(number: int, title: str, text: Sequence[str], *, hours: float = 0.0, feed_id: int = 1) -> Entry:
    """An entry, dated so many hours from now."""
    at = NOW + timedelta(hours=hours)
    return Entry(
        id=UNSAVED,
        feed_id=feed_id,
        guid=f"guid-{number}",
        url=f"https://news.example/{number}",
        title=title,
        text="\n".join(text),
        lang="en",
        source=OUTLETS[number % len(OUTLETS)],
        first_seen_at=at,
        published_at=at,
    )


def ready(one: Entry) -> Prepared:
    return prepare(one, MATCHER, keys=(one.guid,))


def past(number: int, one: Entry, story_id: int) -> PastEntry:
    """The entry as the archive gives it, under this number and in this story."""
    return PastEntry(replace(one, id=number), ready(one).fingerprint, story_id)


def story_of(story_id: int, first: PastEntry) -> Story:
    one = first.entry
    return Story(
        story_id, one.id, one.title, one.url, one.source, "en", one.at, one.at, 1, (one.source,), "", (one.source,)
    )


def alert_of(alert_id: int, story: Story) -> Alert:
    return Alert(
        alert_id, story.id, story.first_entry_id, Action.ALERT, NOW, story.headline, story.url, story.source,
        story.started_at, "It happened."
    )  # fmt: skip


def delivery(chat_id: int, story_id: int) -> Delivery:
    return Delivery(
        10 * chat_id + story_id, chat_id, story_id, story_id, Action.ALERT, ("Pact",), NOW, state=DeliveryState.SENT
    )


class Archive:
    """What a store would know, from a handful of entries; ``told`` are the chats that each story's alert reached."""

    def __init__(self, *members: PastEntry, told: Mapping[int, Sequence[int]] | None = None) -> None:
        self.members = members
        by_story: dict[int, list[PastEntry]] = {}
        for each in members:
            assert each.story_id is not None
            by_story.setdefault(each.story_id, []).append(each)
        self.stories = {story_id: story_of(story_id, first[0]) for story_id, first in by_story.items()}
        self.by_story = by_story
        self.told = told or {}
        self.rows = {story_id: [delivery(chat, story_id) for chat in told] for story_id, told in self.told.items()}
        self.alerts = {story_id: alert_of(story_id, self.stories[story_id]) for story_id in self.told}

    def plan(
        self, *new: Entry, links: Mapping[int, tuple[BackstoryLink, ...]] | None = None, **context: object
    ) -> IngestPlan:
        """The plan for new entries, of a topic that chats 1 to 3 want."""
        chats = tuple(sorted({1, *(chat for told in self.told.values() for chat in told)}))
        known = Context(
            stories=self.stories,
            members={story_id: tuple(members) for story_id, members in self.by_story.items()},
            links=links or {},
            alerts={story_id: (alert,) for story_id, alert in self.alerts.items()},
            deliveries={story_id: tuple(rows) for story_id, rows in self.rows.items()},
            subscribers={1: chats},
            followers=None,
            **context,  # type: ignore[arg-type]
        )
        ids = NextIds(entry=100, story=100, alert=100)
        planner = Planner(History({}, {}, STATISTICS, known, ids), Audience({1: TOPIC}), now=NOW)
        for one in sorted(new, key=lambda each: each.at):
            planner.add(ready(one), self.members)
        return planner.plan()


STATISTICS = TermStatistics(500, {})
FIRST = past(1, entry(1, "Brandt and Castell sign defence treaty", PACT[:4]), 1)
SECOND = past(2, entry(2, "Norland, Esteria in defence treaty", PACT[1:], hours=1), 2)
TIE = entry(3, "Brandt and Castell sign mutual defence treaty in Port Lagan", PACT, hours=2)


def test_a_new_entry_that_both_stories_tell_makes_them_one() -> None:
    plan = Archive(FIRST, SECOND).plan(TIE)
    assert plan.merges == (StoryMerge(gone=2, kept=1),)
    (story,) = plan.stories
    assert (story.id, story.entry_count, story.headline) == (1, 3, FIRST.entry.title)
    assert set(story.outlets) == {"Meridian Post", "Third Sheet", "Fourth Sheet"}
    assert plan.members == ((1, 100),)
    assert plan.decisions[0].stage.endswith("two stories merged")
    assert plan.counters["merged"] == 1


def test_the_older_alert_is_edited_the_younger_closed_and_nobody_is_alerted() -> None:
    archive = Archive(FIRST, SECOND, told={1: (1, 2), 2: (2, 3)})
    plan = archive.plan(TIE)
    assert {row.action for row in plan.deliveries} == {Action.EDIT}
    alerts = {alert.id: alert for alert in plan.alerts}
    shown = {(row.chat_id, row.story_id): alerts[row.alert_id] for row in plan.deliveries}
    assert set(shown) == {(1, 1), (2, 1), (2, 2), (3, 1)}
    closing = shown[2, 2]
    assert (closing.same_as, closing.summary, closing.headline) == (1, "", SECOND.entry.title)
    assert [link.headline for link in closing.earlier] == [FIRST.entry.title]
    for chat, first in ((1, FIRST), (2, FIRST), (3, SECOND)):
        alert = shown[chat, 1]
        assert (alert.headline, alert.same_as) == (first.entry.title, None)
        assert {alert.source, *alert.others} == set(plan.stories[0].outlets)


def at_last(plan: IngestPlan) -> dict[tuple[Action, int], Alert]:
    """What the plan says at last, by action and story, where it concerns one chat."""
    alerts = {alert.id: alert for alert in plan.alerts}
    return {(row.action, row.story_id): alerts[row.alert_id] for row in plan.deliveries}


def test_an_update_of_the_story_that_goes_is_told_as_one_of_the_other() -> None:
    archive = Archive(FIRST, SECOND, told={1: (1,), 2: (1,)})
    aides = "Parliament in Sund will sit on Friday to hear why 14 aides of minister Ilse Marrow resigned."
    development = entry(6, SECOND.entry.title, [SUMMONED, aides], hours=5)
    tie = replace(TIE, published_at=NOW + timedelta(hours=7))
    plan = archive.plan(development, tie)
    assert plan.merges == (StoryMerge(gone=2, kept=1),)
    assert plan.decisions[0].action is Action.REPLY
    said = at_last(plan)
    assert set(said) == {(Action.REPLY, 1), (Action.EDIT, 1), (Action.EDIT, 2)}
    assert SUMMONED in said[Action.REPLY, 1].new
    # Edits of the newest message are of the update; the one of the story that is gone closes its alert.
    assert (said[Action.EDIT, 1].is_update, said[Action.EDIT, 1].headline) == (True, SECOND.entry.title)
    assert (said[Action.EDIT, 2].same_as, said[Action.EDIT, 2].is_update) == (1, False)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.HELD])
def test_a_plan_that_first_tells_the_kept_story_does_not_tell_it_beside_the_other(state: DeliveryState) -> None:
    archive = Archive(FIRST, SECOND, told={2: (1,)})
    archive.rows[2] = [replace(row, state=state) for row in archive.rows[2]]
    plan = archive.plan(entry(4, FIRST.entry.title, PACT[:1], hours=1.5), TIE)
    assert plan.merges == (StoryMerge(gone=2, kept=1),)
    assert plan.decisions[0].action is Action.ALERT
    said = at_last(plan)
    assert set(said) == {(Action.EDIT, 1)}
    assert (said[Action.EDIT, 1].headline, said[Action.EDIT, 1].same_as) == (SECOND.entry.title, None)


@pytest.mark.parametrize(
    ("ours", "theirs", "headline", "is_closed"),
    [
        pytest.param(DeliveryState.SENT, DeliveryState.SENT, FIRST.entry.title, True, id="shown both"),
        pytest.param(DeliveryState.SENT, DeliveryState.HELD, FIRST.entry.title, False, id="shown the kept one"),
        pytest.param(DeliveryState.HELD, DeliveryState.SENT, SECOND.entry.title, False, id="shown the other"),
        pytest.param(DeliveryState.HELD, DeliveryState.UNKNOWN, SECOND.entry.title, False, id="perhaps the other"),
        pytest.param(DeliveryState.HELD, DeliveryState.PENDING, FIRST.entry.title, False, id="shown neither"),
    ],
)
def test_no_message_is_closed_for_one_that_the_chat_was_not_shown(
    ours: DeliveryState, theirs: DeliveryState, headline: str, *, is_closed: bool
) -> None:
    archive = Archive(FIRST, SECOND, told={1: (1,), 2: (1,)})
    archive.rows[1] = [replace(row, state=ours, topics=("Leaders",)) for row in archive.rows[1]]
    archive.rows[2] = [replace(row, state=theirs, topics=("Insurers",)) for row in archive.rows[2]]
    plan = archive.plan(TIE)
    said = at_last(plan)
    assert set(said) == {(Action.EDIT, 1)} | ({(Action.EDIT, 2)} if is_closed else set())
    assert said[Action.EDIT, 1].headline == headline
    # What is held for one of its topics is held no longer once another asks for it.
    assert {row.story_id: set(row.topics) for row in plan.deliveries}[1] == {"Leaders", "Insurers", TOPIC.name}


def test_two_stories_of_one_plan_can_prove_to_be_one() -> None:
    archive = Archive(FIRST, SECOND, told={1: (1,)})
    again = entry(4, "Brandt and Castell sign defence treaty", PACT[:4], hours=3)
    plan = archive.plan(TIE, again)
    assert plan.merges == (StoryMerge(gone=2, kept=1),)
    assert {story_id for story_id, _ in plan.members} == {1}
    assert plan.stories[-1].entry_count == 4


@pytest.mark.parametrize(
    ("past_story_id", "shown"), [(1, ()), (2, ()), (9, (9,))], ids=["the kept one", "the other", "an earlier event"]
)
def test_the_alert_of_a_story_that_goes_leads_to_no_article_of_its_own_event(
    past_story_id: int, shown: tuple[int, ...]
) -> None:
    archive = Archive(FIRST, SECOND, told={2: (1,)})
    link = BackstoryLink(2, 1, past_story_id, 0, 0.7, "why", NOW, "Before", "https://news.example/1", "Meridian Post")
    archive.alerts[2] = replace(archive.alerts[2], earlier=(link,))
    edits = archive.plan(TIE).alerts
    assert {tuple(each.past_story_id for each in edit.earlier) for edit in edits} == {shown}


def test_a_look_alike_merges_nothing() -> None:
    other = past(2, entry(2, "Flood cuts treaty port off", FLOOD, hours=1), 2)
    plan = Archive(FIRST, other, told={1: (1,), 2: (1,)}).plan(TIE)
    assert plan.merges == ()
    assert [story.id for story in plan.stories] == [1]


def test_a_late_joiner_is_no_alert_and_takes_links_to_its_future_along() -> None:
    flood = past(2, entry(2, "Flood cuts treaty port off", FLOOD, hours=-3), 2)
    from bot.alerts.decide import closed  # noqa: PLC0415 - only for a link's many fields

    (made,) = closed(alert_of(9, story_of(2, flood)), alert_of(2, story_of(2, flood))).earlier
    link = replace(made, story_id=1, entry_id=2, past_story_id=2)
    late = entry(3, "Brandt and Castell sign defence treaty", PACT[:4], hours=-8)
    plan = Archive(FIRST, flood, told={1: (1,)}).plan(late, links={1: (link,)})
    assert [row.action for row in plan.deliveries] == [Action.EDIT]
    assert plan.stories[0].started_at == late.at
    assert (plan.links, plan.unlinked) == ((), (1,))
    kept = Archive(FIRST, flood).plan(replace(late, published_at=NOW - timedelta(hours=2)), links={1: (link,)})
    assert [each.past_story_id for each in kept.links] == [2]


@pytest.mark.parametrize(
    ("title", "text", "action"),
    [
        pytest.param(MERANO, [SUMMONED, *PACT], Action.REPLY, id="with what has happened since on top"),
        pytest.param(MERANO, [*PACT, SUMMONED], Action.EDIT, id="with something more at its end"),
        pytest.param(BOTH, [SUMMONED, *PACT], Action.EDIT, id="with something on top that its title does not say"),
        pytest.param(BOTH, ["3 min read.", *PACT], Action.EDIT, id="with a time of reading"),
        pytest.param(BOTH, [CAPTION, *PACT], Action.EDIT, id="with a caption"),
        pytest.param(BOTH, PACT, Action.EDIT, id="word for word"),
    ],
)
def test_a_report_that_is_printed_again_hours_later(title: str, text: list[str], action: Action) -> None:
    again = entry(3, title, text, hours=5)
    plan = Archive(FIRST, told={1: (1,)}).plan(again)
    assert [row.action for row in plan.deliveries] == [action]
    assert [SUMMONED in alert.new for alert in plan.alerts] == [action is Action.REPLY]


def test_a_chat_is_shown_nothing_that_only_anothers_feed_brought() -> None:
    private = past(1, entry(1, "Talks on a treaty in Port Lagan", PACT[3:], hours=-300, feed_id=7), 1)
    archive = Archive(private, told={1: (2,)})
    plan = archive.plan(TIE, readers={7: frozenset({2})})
    alerts = {alert.id: alert for alert in plan.alerts}
    earlier = {row.chat_id: [link.entry_id for link in alerts[row.alert_id].earlier] for row in plan.deliveries}
    assert earlier == {1: [], 2: [1]}


def test_an_earlier_figure_from_anothers_feed_is_not_shown() -> None:
    count = "Norland has shipped over {} containers of munitions to Esteria under the treaty, officials in Sund said."
    first = past(1, entry(1, "Norland ships munitions under treaty", [count.format("10,000")], feed_id=7), 1)
    later = entry(2, "Norland ships more munitions under treaty", [count.format("11,000"), PACT[2]], hours=6)
    plan = Archive(first, told={1: (1, 2)}).plan(later, readers={7: frozenset({2})})
    alerts = {alert.id: alert for alert in plan.alerts}
    new = {row.chat_id: alerts[row.alert_id].new for row in plan.deliveries}
    assert {row.action for row in plan.deliveries} == {Action.REPLY}
    assert any("(earlier: over 10,000" in fact for fact in new[2])
    assert not any("10,000" in fact for fact in new[1])
    assert all("11,000" in alert.summary + str(alert.new) for alert in plan.alerts)


EVENTS = (
    ("Brandt and Castell sign defence treaty", PACT, 0.0),
    ("Flood cuts treaty port off", FLOOD, 30.0),
)
ENTRIES = [
    entry(4 * event + copy, title, text[copy % 2 :], hours=hours + 2 * copy)
    for event, (title, text, hours) in enumerate(EVENTS)
    for copy in range(3)
]


@settings(deadline=None)
@given(st.permutations(range(len(ENTRIES))))
def test_whatever_the_order_of_arrival_stories_are_the_same_and_none_continues_its_future(order: list[int]) -> None:
    archive: list[PastEntry] = []
    story_of_guid: dict[str, int] = {}
    stories: dict[int, Story] = {}
    links: dict[int, tuple[BackstoryLink, ...]] = {}
    for number, place in enumerate(order, start=1):
        one = ENTRIES[place]
        known = Context(
            stories=stories,
            members={story: tuple(each for each in archive if each.story_id == story) for story in stories},
            links=links,
            alerts={},
            deliveries={},
            subscribers={},
            followers=None,
        )
        ids = NextIds(entry=number, story=number, alert=1)
        planner = Planner(History({}, {}, STATISTICS, known, ids), Audience({}, silent=True), now=NOW)
        item = ready(one)
        decision = planner.add(item, tuple(archive))
        plan = planner.plan()
        assert plan.merges == ()
        assert decision.story_id is not None
        archive.append(PastEntry(replace(one, id=number), item.fingerprint, decision.story_id))
        story_of_guid[one.guid] = decision.story_id
        stories |= {story.id: story for story in plan.stories}
        links |= dict.fromkeys(plan.unlinked, ()) | {
            story_id: tuple(each for each in plan.links if each.story_id == story_id)
            for story_id in {each.story_id for each in plan.links}
        }
        assert all(link.at <= one.at for link in decision.links)
    groups = {story: {guid for guid in story_of_guid if story_of_guid[guid] == story} for story in stories}
    assert sorted(map(sorted, groups.values())) == [
        ["guid-0", "guid-1", "guid-2"],
        ["guid-4", "guid-5", "guid-6"],
    ]
    for story_id, found in links.items():
        assert all(link.at <= stories[story_id].started_at for link in found)
        assert stories[story_id].started_at == min(each.entry.at for each in archive if each.story_id == story_id)
