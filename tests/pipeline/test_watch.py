"""How the pipeline notices that topics have changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from bot.model import Action, Sensitivity
from tests.pipeline.conftest import actions, post

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


async def test_a_change_compiles_only_what_changed(world: World) -> None:
    await world.watch("ships", "ship*")
    first = await world.pipeline.watch()
    assert await world.pipeline.watch() is first
    topic = await world.watch("trains", "train*")
    second = await world.pipeline.watch()
    assert set(second.topics) == {*first.topics, topic.id}
    assert (await world.publish("A", post("1", "Trains collide", "Two trains collided."))).matches[
        0
    ].topic_id == topic.id
    assert first.matcher._base is second.matcher._base  # noqa: SLF001 - what is shared is the point


async def test_a_changed_query_and_a_removed_topic_take_effect(world: World) -> None:
    ships = await world.watch("ships", "ship*")
    trains = await world.watch("trains", "train*")
    await world.pipeline.watch()
    await world.store.replace_topic(replace(ships, query="boat*", sensitivity=Sensitivity.WIDE))
    await world.store.remove_topic(trains.id)
    assert actions(await world.publish("A", post("1", "Ships and trains", "Ships and trains."))) == [Action.NONE]
    assert actions(await world.publish("A", post("2", "Boats sink", "Boats sank off the coast."))) == [Action.ALERT]


async def test_a_query_that_is_not_understood_stops_no_other(world: World) -> None:
    broken = await world.watch("broken", "@no_such_concept_any_more")
    await world.watch("ships", "ship*")
    with capture_logs() as logs:
        plan = await world.publish("A", post("1", "Ships collide", "Two ships collided."))
    assert actions(plan) == [Action.ALERT]
    assert [log["topic_id"] for log in logs if log["event"] == "topic is not understood"] == [broken.id]
    assert (await world.pipeline.watch()).topics.keys() >= {broken.id}


async def test_many_changes_are_settled_behind_the_scenes(world: World) -> None:
    await world.watch("first", "alpha")
    await world.pipeline.watch()
    for number in range(510):
        await world.watch(f"topic {number}", f"word{number}")
    unsettled = await world.pipeline.watch()
    assert unsettled.matcher.unsettled
    assert world.pipeline._watches._settling is not None  # noqa: SLF001 - nothing else shows it
    await world.pipeline._watches._settling  # noqa: SLF001
    await world.watch("last", "omega")
    settled = await world.pipeline.watch()
    assert not settled.matcher.unsettled
    assert len(settled.topics) == 512
    plan = await world.publish("A", post("1", "Word7 and omega", "Alpha, word7 and omega."))
    assert {settled.topics[match.topic_id].name for match in plan.matches} == {"first", "topic 7", "last"}
