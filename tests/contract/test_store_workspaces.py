"""What every store owes to workspaces: one installation a team, chats that go and come with it, states used once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.model import Address, Installation, Platform, Subscription, Trouble
from tests.store.stock import START, Stock, at

if TYPE_CHECKING:
    from bot.store.port import Store

ACME = Installation("T1", "Acme", "xoxb-1", "UBOT", "BBOT", "UADA", START, "A1", scopes=("chat:write", "commands"))
OTHER = replace(ACME, team="T12", name="Harbour", installed_at=at(1))
HOME = replace(ACME, team="T0", bare=True, installed_at=at(2))


async def chat(store: Store, address: str, platform: Platform = Platform.SLACK) -> int:
    return (await store.chat_at(Address(platform, address), title=address, now=START)).id


async def active(store: Store, *chat_ids: int) -> list[bool]:
    found = [await store.chat(chat_id) for chat_id in chat_ids]
    return [one is not None and one.active for one in found]


async def test_an_installation_is_kept_whole_and_one_a_team(store: Store) -> None:
    await store.put_installation(ACME)
    await store.put_installation(OTHER)
    assert await store.installation_of("T1") == ACME
    assert await store.installation_of("T2") is None
    again = replace(ACME, token="xoxb-2", scopes=(), enterprise="E1")  # noqa: S106 - none
    await store.put_installation(again)
    assert await store.installations() == (again, OTHER)


@pytest.mark.parametrize("team", [ACME, OTHER, HOME], ids=lambda one: one.team)
async def test_the_chats_of_a_team_go_and_come_with_it_and_no_others(store: Store, team: Installation) -> None:
    addresses = {"T1": "T1/C1", "T12": "T12/C1", "T0": "C1"}
    mine = await chat(store, addresses[team.team])
    others = [await chat(store, address) for name, address in addresses.items() if name != team.team]
    others.append(await chat(store, addresses[team.team], Platform.TELEGRAM))
    await store.put_installation(team)
    assert await store.remove_installation(team.team, now=at(5)) == team
    assert await store.remove_installation(team.team, now=at(5)) is None
    assert await active(store, mine, *others) == [False, True, True, True]
    (lost,) = await store.lost_chats(limit=9)
    assert (lost.id, lost.gone_at) == (mine, at(5))
    await store.put_installation(team)
    assert await active(store, mine, *others) == [True] * 4
    assert await store.lost_chats(limit=9) == ()


async def test_a_channel_that_was_closed_before_stays_closed_after_a_new_installation(store: Store) -> None:
    await store.put_installation(ACME)
    archived = await chat(store, "T1/C1")
    await store.set_chat_active(archived, active=False, why="archived", now=at(1))
    await store.remove_installation("T1", now=at(2))
    await store.put_installation(ACME)
    assert await active(store, archived) == [False]
    (lost,) = await store.lost_chats(limit=9)
    assert (lost.gone_why, lost.gone_at) == ("archived", at(1))
    await chat(store, "T1/C1")
    assert await store.lost_chats(limit=9) == ()


async def test_what_a_team_watches_is_not_watched_while_it_is_gone(stock: Stock) -> None:
    store = stock.store
    mine = await store.chat_at(Address(Platform.SLACK, "T1/C1"), title="", now=START)
    topic = await stock.topic(mine, "Arms", subscribed=False)
    await store.subscribe(Subscription(mine.id, topic.id, START))
    await store.put_installation(ACME)
    version = await store.topics_version()
    await store.remove_installation("T1", now=at(1))
    assert (await store.topic_changes(version)).unwatched == {topic.id}
    version = await store.topics_version()
    await store.put_installation(ACME)
    assert [one.id for one in (await store.topic_changes(version)).watched] == [topic.id]


async def test_a_state_is_good_once_and_not_late(store: Store) -> None:
    await store.put_state("one", now=START, until=at(10))
    await store.put_state("two", now=START, until=at(10))
    assert not await store.take_state("forged", now=at(1))
    assert await store.take_state("one", now=at(1))
    assert not await store.take_state("one", now=at(1))
    assert not await store.take_state("two", now=at(10))


async def test_of_two_that_use_a_state_at_once_one_may(store: Store) -> None:
    await store.put_state("one", now=START, until=at(10))
    taken = await asyncio.gather(*(store.take_state("one", now=at(1)) for _ in range(4)))
    assert sorted(taken) == [False, False, False, True]


async def test_a_trouble_is_kept_until_it_is_over(store: Store) -> None:
    refused = Trouble(Platform.TELEGRAM, "", "its token is refused", START)
    assert await store.note_trouble(refused)
    assert await store.note_trouble(Trouble(Platform.SLACK, "T1", "gone", at(1)))
    assert not await store.note_trouble(replace(refused, words="still refused", since=at(5)))
    kept, other = await store.troubles()
    assert (kept, other.subject) == (replace(refused, words="still refused"), "T1")
    assert await store.end_trouble(Platform.TELEGRAM, "")
    assert not await store.end_trouble(Platform.TELEGRAM, "")
    assert await store.troubles() == (other,)


async def test_who_sends_to_a_place(stock: Stock) -> None:
    store = stock.store
    places = [Address(Platform.TELEGRAM, "-1001", thread) for thread in ("7", None)]
    senders = []
    for number, place in enumerate(places):
        mine = await stock.chat(str(number))
        topic = await stock.topic(mine, f"Arms {number}")
        await store.send_to(mine.id, topic.id, place)
        senders.append(mine.id)
    assert await store.senders_to(places[0]) == (senders[0],)
    assert await store.senders_to(places[1]) == tuple(senders)
    assert await store.senders_to(Address(Platform.SLACK, "-1001")) == ()
    assert await store.senders_to(Address(Platform.TELEGRAM, "-1002")) == ()
