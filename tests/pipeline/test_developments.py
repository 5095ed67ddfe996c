"""What develops is told to each chat that was not told it yet, whoever else was, and in the order of what happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import Action, Address, Platform
from bot.workers.pipeline import Options
from tests.pipeline.conftest import NOW, post

if TYPE_CHECKING:
    from bot.model import Alert, Chat, IngestPlan
    from tests.pipeline.conftest import World

HOUR = timedelta(hours=1)
QUERY = "@dprk & @russia & @arms"
PACT = (
    "Kim Jong Un and Vladimir Putin signed a treaty in Pyongyang on Wednesday that binds North Korea and Russia to "
    "help each other if either is attacked. The two leaders also agreed on weapons supplies, officials in Moscow said. "
    "Mr Putin had last visited North Korea in July 2000."
)
SIGNED = "Putin and Kim sign defence treaty, agree on weapons supplies"
RETOLD = (
    "North Korea and Russia will come to each other's aid if attacked, under a treaty that Vladimir Putin and Kim "
    "Jong Un signed in Pyongyang on Wednesday. Moscow officials spoke of weapons supplies as well. "
    "South Korea summoned ambassador Georgy Zinoviev in Seoul over the treaty that Vladimir Putin and Kim Jong Un "
    "signed."
)
TOLD_AGAIN = (
    "Ambassador Georgy Zinoviev was summoned to the ministry in Seoul over the pact of North Korea and Russia. "
    "Under the treaty, which Putin and Kim put their names to in Pyongyang, each must help the other in a war. "
    "Weapons supplies were on the table too, according to Moscow."
)
SUMMONS = "Seoul summons Russian ambassador over Putin and Kim defence treaty and weapons supplies"
STRIKE = (
    "Russia fired North Korean missiles at Kharkiv on Thursday, and at least {} people were killed, the mayor said. "
    "Rescuers were digging in the ruins of a school. Weapons experts found parts of a missile made in North Korea."
)
STRUCK = "North Korean missiles fired by Russia hit Kharkiv"


async def stranger(world: World, query: str = QUERY) -> Chat:
    """Another chat, with a topic and a feed of its own."""
    chat = await world.store.chat_at(Address(Platform.CONSOLE, "stranger"), title="", now=NOW)
    await world.watch("Theirs", query, chat)
    await world.store.follow(chat.id, (await world.feed("Private Letter", shared=False)).id)
    return chat


def told(plan: IngestPlan, chat: Chat) -> list[Action]:
    return [row.action for row in plan.deliveries if row.chat_id == chat.id]


def shown(plan: IngestPlan, chat: Chat) -> list[Alert]:
    alerts = {alert.id: alert for alert in plan.alerts}
    return [alerts[row.alert_id] for row in plan.deliveries if row.chat_id == chat.id]


@pytest.mark.parametrize(
    ("outlet", "silent", "query"),
    [
        pytest.param("Private Letter", False, QUERY, id="another chat's feed told it first"),
        pytest.param("New Sheet", True, QUERY, id="a new feed's silent first poll held it"),
        pytest.param("Third Sheet", False, "ambassador", id="only another chat's topic matched it"),
    ],
)
async def test_a_development_is_told_to_whom_nobody_told_it(
    world: World,
    outlet: str,
    silent: bool,  # noqa: FBT001 - a row of a table
    query: str,
) -> None:
    await world.watch("Arms", "treaty" if query == "ambassador" else QUERY)
    other = await stranger(world, query)
    await world.publish("Harbour Wire", post("a", SIGNED, PACT))
    hidden = RETOLD.replace("treaty", "accord") if query == "ambassador" else RETOLD
    title = SUMMONS.replace("treaty", "accord") if query == "ambassador" else SUMMONS
    first = await world.publish(outlet, post("b", title, hidden, NOW + 5 * HOUR), now=NOW + 5 * HOUR, silent=silent)
    assert (told(first, world.chat), bool(told(first, other))) == ([], not silent)
    now = NOW + 6 * HOUR
    plan = await world.publish("Meridian Post", post("c", SUMMONS, TOLD_AGAIN, now), now=now)
    assert told(plan, world.chat) == [Action.REPLY]


async def test_what_a_chat_was_told_is_not_told_it_again(world: World) -> None:
    await world.watch("Arms", QUERY)
    await world.publish("Harbour Wire", post("a", SIGNED, PACT))
    for hours, outlet, text, action in ((5, "Third Sheet", RETOLD, Action.REPLY), (9, "Post", TOLD_AGAIN, Action.EDIT)):
        now = NOW + hours * HOUR
        plan = await world.publish(outlet, post(outlet, SUMMONS, text, now), now=now)
        assert told(plan, world.chat) == [action]


async def test_a_day_without_a_time_is_as_late_as_it_was_seen(world: World) -> None:
    await world.watch("Arms", QUERY)
    await world.publish("Harbour Wire", post("a", SIGNED, PACT))
    plan = await world.publish("Day Sheet", post("b", SUMMONS, RETOLD, NOW.replace(hour=0)), now=NOW + 7 * HOUR)
    assert told(plan, world.chat) == [Action.REPLY]


async def test_another_chats_feed_takes_no_figure_away(world: World) -> None:
    await world.watch("Arms", QUERY)
    await stranger(world)
    await world.publish("Harbour Wire", post("a", STRUCK, STRIKE.format(10)))
    soon = NOW + HOUR / 2
    await world.publish("Private Letter", post("b", STRUCK, STRIKE.format(10), soon), now=soon)
    plan = await world.publish("Harbour Wire", post("c", STRUCK, STRIKE.format(15), NOW + HOUR), now=NOW + HOUR)
    (alert,) = shown(plan, world.chat)
    assert "at least 15 people" in " ".join(alert.new)


async def test_an_older_report_that_comes_late_changes_no_figure(world: World) -> None:
    await world.watch("Arms", QUERY)
    await world.publish("Harbour Wire", post("a", STRUCK, STRIKE.format(10)))
    late = post("b", f"{STRUCK}, mayor says", STRIKE.format(5), NOW - 2 * HOUR)
    plan = await world.publish("Slow Sheet", late, now=NOW + HOUR / 2)
    assert [fact for alert in plan.alerts for fact in alert.new] == []


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        pytest.param((None, None, None), "cba", id="no dates"),
        pytest.param((NOW.replace(hour=0),) * 3, "cba", id="one day"),
        pytest.param((NOW, NOW - HOUR, NOW - HOUR), "cba", id="newest first"),
        pytest.param((NOW - HOUR, NOW - HOUR, NOW), "abc", id="oldest first"),
    ],
)
async def test_what_has_the_same_time_is_taken_in_order(
    world: World, dates: tuple[datetime | None, ...], order: str
) -> None:
    await world.watch("Arms", QUERY)
    entries = [post(name, f"{STRUCK} {name}", STRIKE.format(10), at) for name, at in zip("abc", dates, strict=True)]
    plan = await world.publish("Harbour Wire", *entries)
    assert "".join(decision.guid for decision in plan.decisions) == order


async def test_a_flood_edits_what_was_told_before_at_once(world: World) -> None:
    await world.watch("Arms", QUERY)
    await world.publish("Harbour Wire", post("a", STRUCK, STRIKE.format(10)), post("b", SIGNED, PACT))
    again = [post("c", STRUCK, STRIKE.format(10)), post("d", SIGNED, PACT)]
    noise = [post(f"n{number}", f"Village {number}", f"Nothing happened in village {number}.") for number in range(12)]
    feed = await world.feed("Big Sheet")
    plan = await world.pipeline.ingest(feed, [*again, *noise], now=NOW, options=Options(document_entries=14))
    assert plan.counters["floods"] == 1
    assert [(row.action, row.held_for) for row in plan.deliveries] == [(Action.EDIT, None)] * 2


async def test_what_outlets_lead_with_is_told_where_there_are_only_headlines(world: World) -> None:
    await world.watch("Arms", QUERY)
    told_at = {
        0: ("Harbour Wire", "Putin and Kim meet in Pyongyang, weapons supplies on the agenda", [Action.ALERT]),
        5: ("Meridian Post", "Kim and Putin go on in Pyongyang, weapons supplies on the agenda", [Action.EDIT]),
        6: ("Day Sheet", "Putin, Kim in Pyongyang: mutual defence clause beside weapons supplies", [Action.EDIT]),
        7: ("Meridian Post", "Putin and Kim sign mutual defence clause in Pyongyang", [Action.REPLY]),
        8: ("Day Sheet", "Kim, Putin in Pyongyang put their names to mutual defence clause", []),
    }
    for hours, (outlet, title, actions) in told_at.items():
        now = NOW + hours * HOUR
        plan = await world.publish(outlet, post(title, title, "", now), now=now)
        assert (title, told(plan, world.chat)) == (title, actions)
        if actions == [Action.REPLY]:
            (update,) = shown(plan, world.chat)
            assert (update.headline, update.summary, update.new) == (title, "", ())
