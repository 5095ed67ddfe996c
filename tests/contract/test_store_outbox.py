"""The store's contract: the outbox. One message a chat at a time, in order, fenced; nothing lost."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bot.model import UNSAVED, Action, Address, DeliveryState, Feed, IngestPlan, NewDelivery, Platform
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import LEASE_S, Stock, alert, at, message

if TYPE_CHECKING:
    from bot.model import Delivery

SENT = DeliveryState.SENT
PENDING = DeliveryState.PENDING
SENDING = DeliveryState.SENDING
UNKNOWN = DeliveryState.UNKNOWN
DEAD = DeliveryState.DEAD


async def only(stock: Stock, chat_id: int) -> Delivery:
    """The chat's only delivery."""
    (delivery,) = await stock.store.deliveries(chat_id, states=list(DeliveryState), limit=9)
    return delivery


async def test_a_claim_brings_all_that_is_needed_to_send(stock: Stock) -> None:
    chat = await stock.chat()
    alert_id = await stock.told(chat)
    (claimed,) = await stock.claim(1)
    assert claimed.chat == chat
    assert claimed.alert == alert(alert_id, 1)
    assert claimed.target is None
    one = claimed.delivery
    assert (one.state, one.token, one.attempts, one.maybe_sent) == (SENDING, 1, 1, False)
    assert (one.topics, one.not_before, one.action, one.story_id) == (("Arms",), at(0), Action.ALERT, 1)
    assert await only(stock, chat.id) == one


async def test_only_one_a_chat_is_under_way_and_in_order(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    for number in (1, 2, 3):
        await stock.told(one, other, story_id=number)
    first = await stock.claim()
    assert [(claimed.chat.id, claimed.delivery.story_id) for claimed in first] == [(one.id, 1), (other.id, 1)]
    assert await stock.claim() == ()
    await stock.store.finish_delivery(first[1].delivery, Outcome(SENT, ref=message(5), at=at(1)))
    assert [(claimed.chat.id, claimed.delivery.story_id) for claimed in await stock.claim()] == [(other.id, 2)]


async def test_one_that_waits_holds_those_behind_it(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await stock.told(chat, story_id=1, minutes=5)
    await stock.told(chat, other, story_id=2)
    assert [one.chat_id for one in await stock.send(4)] == [other.id]
    assert [claimed.delivery.story_id for claimed in await stock.claim(5)] == [1]


async def test_a_claim_takes_no_more_than_asked_the_longest_waiting_first(stock: Stock) -> None:
    chats = [await stock.chat(str(number)) for number in range(4)]
    for number, chat in enumerate(chats):
        await stock.told(chat, story_id=number + 1, minutes=-number)
    assert [claimed.chat for claimed in await stock.claim(limit=3)] == [chats[3], chats[2], chats[1]]


async def test_only_active_chats_on_the_platforms_asked_for_are_served(stock: Stock) -> None:
    telegram, slack = await stock.chat("1"), await stock.chat("2", platform=Platform.SLACK)
    console, gone = await stock.chat("3", platform=Platform.CONSOLE), await stock.chat("4")
    await stock.told(telegram, slack, console, gone)
    await stock.store.set_chat_active(gone.id, active=False)
    assert [claimed.chat for claimed in await stock.claim()] == [telegram, slack]
    await stock.store.set_chat_active(gone.id, active=True)
    assert [claimed.chat for claimed in await stock.claim()] == [gone]


async def test_a_sent_delivery_knows_its_message(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await stock.told(chat)
    (claimed,) = await stock.claim()
    ref = message(77, chat="1")
    assert await stock.store.finish_delivery(claimed.delivery, Outcome(SENT, ref=ref, at=at(3)))
    sent = await only(stock, chat.id)
    assert sent == dataclasses.replace(claimed.delivery, state=SENT, ref=ref, sent_at=at(3))
    assert await stock.store.delivery_of(chat.id, ref) == sent
    assert await stock.store.delivery_of(other.id, ref) is None
    assert await stock.store.delivery_of(chat.id, message(78, chat="1")) is None
    assert await stock.store.delivery_of(chat.id, message(77, chat="1", platform=Platform.SLACK)) is None
    assert await stock.claim(99) == ()


async def test_a_retry_waits_for_its_time_and_keeps_its_place(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat, story_id=1)
    await stock.told(chat, story_id=2)
    (claimed,) = await stock.claim()
    retry = Outcome(PENDING, error="429", not_before=at(10))
    assert await stock.store.finish_delivery(claimed.delivery, retry)
    assert await stock.claim(9) == ()
    (again,) = await stock.claim(10)
    assert (again.delivery.id, again.delivery.attempts, again.delivery.token) == (claimed.delivery.id, 2, 2)
    assert (again.delivery.maybe_sent, again.delivery.error) == (False, "429")


async def test_what_may_have_been_sent_stays_marked(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (claimed,) = await stock.claim()
    await stock.store.finish_delivery(claimed.delivery, Outcome(PENDING, maybe_sent=True, not_before=at(1)))
    (again,) = await stock.claim(1)
    assert again.delivery.maybe_sent
    await stock.store.finish_delivery(again.delivery, Outcome(PENDING, error="429", not_before=at(2)))
    (last,) = await stock.claim(2)
    assert last.delivery.maybe_sent


@pytest.mark.parametrize("state", [UNKNOWN, DEAD], ids=str)
async def test_a_given_up_delivery_is_kept_with_its_reason_and_frees_the_chat(
    stock: Stock, state: DeliveryState
) -> None:
    chat = await stock.chat()
    await stock.told(chat, story_id=1)
    await stock.told(chat, story_id=2)
    (claimed,) = await stock.claim()
    assert await stock.store.finish_delivery(claimed.delivery, Outcome(state, error="refused"))
    (kept,) = await stock.store.deliveries(chat.id, states=[state], limit=9)
    assert (kept.id, kept.error, kept.sent_at) == (claimed.delivery.id, "refused", None)
    assert [claimed.delivery.story_id for claimed in await stock.claim()] == [2]


# ------------------------------------------------------------ leases and fencing


async def test_a_lease_that_runs_out_becomes_a_marked_repeat_then_unknown(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    await stock.begin(0)
    assert await stock.claim(0.99) == ()
    repeat = await stock.begin(1)
    assert (repeat.delivery.maybe_sent, repeat.delivery.attempts, repeat.delivery.token) == (True, 2, 2)
    assert await stock.claim(2) == ()
    given_up = await only(stock, chat.id)
    assert (given_up.state, given_up.attempts) == (UNKNOWN, 2)


async def test_a_marked_repeat_that_is_sent_is_sent(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    await stock.begin(0)
    repeat = await stock.begin(1)
    assert await stock.store.finish_delivery(repeat.delivery, Outcome(SENT, ref=message(1), at=at(1)))
    sent = await only(stock, chat.id)
    assert (sent.state, sent.maybe_sent, sent.error) == (SENT, True, None)


async def test_a_worker_that_lost_its_lease_cannot_write_its_outcome(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (stale,) = await stock.claim(0)
    (current,) = await stock.claim(1)
    late = Outcome(DEAD, error="late")
    assert not await stock.store.finish_delivery(stale.delivery, late)
    assert await only(stock, chat.id) == current.delivery
    assert await stock.store.finish_delivery(current.delivery, Outcome(SENT, ref=message(1), at=at(1)))
    assert not await stock.store.finish_delivery(current.delivery, late)
    assert not await stock.store.finish_delivery(stale.delivery, late)
    assert (await only(stock, chat.id)).state is SENT


async def test_a_lost_lease_is_lost_also_before_the_next_claim(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await stock.told(chat)
    stale = await stock.begin(0)
    await stock.store.set_chat_active(chat.id, active=False)
    await stock.told(other, story_id=2)
    assert [claimed.chat for claimed in await stock.claim(1)] == [other]
    assert not await stock.store.finish_delivery(stale.delivery, Outcome(DEAD))
    waiting = await only(stock, chat.id)
    assert (waiting.state, waiting.maybe_sent) == (PENDING, True)


async def test_what_was_never_begun_waits_as_if_nobody_had_claimed_it(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (first,) = await stock.claim(0)
    (again,) = await stock.claim(1)
    assert (again.delivery.id, again.delivery.maybe_sent, again.delivery.error) == (first.delivery.id, False, None)


async def test_a_marked_repeat_that_was_never_begun_stays_one(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    await stock.begin(0)
    await stock.claim(1)
    (again,) = await stock.claim(2)
    assert again.delivery.maybe_sent
    assert (await only(stock, chat.id)).state is SENDING


async def test_only_who_holds_the_lease_may_begin(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (stale,) = await stock.claim(0)
    assert not await stock.store.begin_delivery(stale.delivery, now=at(1), lease_s=LEASE_S), "the lease ran out"
    (current,) = await stock.claim(1)
    assert not await stock.store.begin_delivery(stale.delivery, now=at(1), lease_s=LEASE_S), "it is another's now"
    assert await stock.store.begin_delivery(current.delivery, now=at(1), lease_s=LEASE_S)
    assert await stock.store.finish_delivery(current.delivery, Outcome(SENT, ref=message(1), at=at(1)))
    assert not await stock.store.begin_delivery(current.delivery, now=at(1), lease_s=LEASE_S), "it is done"


async def test_beginning_renews_the_lease(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (claimed,) = await stock.claim(0)
    assert await stock.store.begin_delivery(claimed.delivery, now=at(0.9), lease_s=LEASE_S)
    assert await stock.claim(1.8) == ()
    assert [again.delivery.id for again in await stock.claim(1.9)] == [claimed.delivery.id]


async def test_the_only_process_frees_what_a_dead_one_held(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    await stock.told(one, other)
    waiting, begun = await stock.claim(0)
    await stock.store.begin_delivery(begun.delivery, now=at(0), lease_s=LEASE_S)
    assert await stock.store.release_leases() == 2
    again = {claimed.delivery.id: claimed.delivery.maybe_sent for claimed in await stock.claim(0)}
    assert again == {waiting.delivery.id: False, begun.delivery.id: True}


async def test_a_feeds_lease_is_freed_too(stock: Stock) -> None:
    feed = await stock.store.add_feed(Feed(UNSAVED, "https://example.org/feed", "Example", at(0), shared=True))
    assert len(await stock.store.claim_due_feeds(now=at(0), lease_s=LEASE_S, limit=9)) == 1
    assert await stock.store.claim_due_feeds(now=at(0), lease_s=LEASE_S, limit=9) == ()
    await stock.store.release_leases()
    assert [one.id for one in await stock.store.claim_due_feeds(now=at(0), lease_s=LEASE_S, limit=9)] == [feed.id]


async def test_claims_at_once_never_give_a_chat_to_two(url: str) -> None:
    stores = [await open_store(url), await open_store(url)]
    stock = Stock(stores[0])
    chats = [await stock.chat(str(number)) for number in range(8)]
    for number in (1, 2, 3):
        await stock.told(*chats, story_id=number)
    order: dict[int, list[int]] = {chat.id: [] for chat in chats}
    under_way: Counter[int] = Counter()

    async def work(worker: Stock) -> None:
        while any(len(sent) < 3 for sent in order.values()):
            for claimed in await worker.claim(limit=3):
                under_way[claimed.chat.id] += 1
                assert under_way[claimed.chat.id] == 1
                await asyncio.sleep(0.001)
                under_way[claimed.chat.id] -= 1
                order[claimed.chat.id].append(claimed.delivery.story_id)
                done = Outcome(SENT, ref=message(claimed.delivery.id), at=at(1))
                assert await worker.store.finish_delivery(claimed.delivery, done)

    await asyncio.gather(*(work(Stock(store)) for store in stores for _ in range(2)))
    assert all(sent == [1, 2, 3] for sent in order.values())
    for store in stores:
        await store.close()


# ------------------------------------------------------------ missed and replayed


async def test_missed_are_those_given_up_and_those_held(stock: Stock) -> None:
    chat, other, gone = [await stock.chat(name) for name in ("1", "2", "3")]
    for number in (1, 2, 3, 4):
        await stock.told(chat, story_id=number)
    await stock.told(other, gone, story_id=5)
    await stock.store.set_chat_active(gone.id, active=False)
    for state in (SENT, DEAD, UNKNOWN):
        claimed = next(one for one in await stock.claim() if one.chat == chat)
        await stock.store.finish_delivery(claimed.delivery, Outcome(state, error=state.value, at=at(0)))
    page = await stock.store.missed_deliveries(chat.id, now=at(0), limit=9)
    assert [(one.delivery.state, one.alert.story_id) for one in page.newest] == [(UNKNOWN, 3), (DEAD, 2)]
    (last,) = [one for one in await stock.claim() if one.chat == chat]
    await stock.store.finish_delivery(last.delivery, Outcome(PENDING, error="429", not_before=at(9)))
    everywhere = await stock.store.missed_deliveries(now=at(0), limit=2)
    assert everywhere.total == 4
    assert [one.chat.id for one in everywhere.newest] == [gone.id, chat.id]


async def test_a_replay_puts_back_what_was_given_up_and_keeps_its_mark(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await stock.told(chat, other, story_id=1)
    await stock.told(chat, story_id=2)
    ids: dict[DeliveryState, int] = {}
    for state in (UNKNOWN, DEAD):
        claimed = next(one for one in await stock.claim() if one.chat == chat)
        ids[state] = claimed.delivery.id
        done = Outcome(state, error="why", maybe_sent=state is UNKNOWN)
        await stock.store.finish_delivery(claimed.delivery, done)
    assert await stock.store.replay_deliveries([*ids.values()], chat_id=other.id, now=at(1)) == 0
    assert await stock.store.replay_deliveries([ids[DEAD]], chat_id=chat.id, now=at(1)) == 1
    assert await stock.store.replay_deliveries(None, now=at(1)) == 1
    replayed = await stock.store.deliveries(chat.id, states=[PENDING], limit=9)
    assert {(one.id, one.maybe_sent, one.error) for one in replayed} == {
        (ids[UNKNOWN], True, None),
        (ids[DEAD], False, None),
    }
    assert await stock.store.replay_deliveries(None, now=at(1)) == 0, "nothing is put back twice"


async def test_an_edit_that_was_given_up_is_missed_until_a_newer_one_of_its_message_follows(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (first,) = await stock.send()
    await stock.told(chat, action=Action.EDIT)
    (edit,) = await stock.claim()
    await stock.store.finish_delivery(edit.delivery, Outcome(DEAD, error="refused"))
    await stock.told(chat, action=Action.REPLY)
    await stock.send()
    page = await stock.store.missed_deliveries(chat.id, now=at(0), limit=9)
    assert [one.target for one in page.newest] == [message(first.id)], "an update is another message"
    same = alert(9, 1, edit.alert.entry_id, action=Action.EDIT)
    row = NewDelivery(chat.id, same.id, 1, Action.EDIT, ("Arms",), at(0))
    await stock.apply(IngestPlan(alerts=(same,), deliveries=(row,)))
    await stock.send()
    assert (await stock.store.missed_deliveries(chat.id, now=at(0), limit=9)).newest == ()
    for asked in (None, [edit.delivery.id]):
        assert await stock.store.replay_deliveries(asked, chat_id=chat.id, now=at(1)) == 0


async def test_figures_count_marked_repeats(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat, story_id=1)
    await stock.told(chat, story_id=2)
    await stock.begin(0)
    await stock.send(1)
    await stock.send(1)
    assert [(await stock.status(one)).repeats for one in (None, chat)] == [1, 1]


# ------------------------------------------------------------ targets and edits


async def test_replies_and_edits_aim_at_the_storys_last_message_in_their_chat(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    await stock.told(one, other, story_id=1)
    await stock.told(one, story_id=2)
    while await stock.send():
        pass
    first = {chat.id: (await stock.store.deliveries(chat.id, states=[SENT], limit=9))[-1].ref for chat in (one, other)}
    assert None not in first.values()
    await stock.told(one, other, story_id=1, action=Action.REPLY)
    replies = await stock.claim()
    assert {claimed.chat.id: claimed.target for claimed in replies} == first
    for claimed in replies:
        done = Outcome(SENT, ref=message(f"reply to {claimed.chat.id}"), at=at(2))
        await stock.store.finish_delivery(claimed.delivery, done)
    await stock.told(one, other, story_id=1, action=Action.EDIT)
    targets = {claimed.chat.id: claimed.target for claimed in await stock.claim()}
    assert targets == {chat.id: message(f"reply to {chat.id}") for chat in (one, other)}


async def test_without_a_sent_message_there_is_no_target(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat, story_id=1)
    (claimed,) = await stock.claim()
    await stock.store.finish_delivery(claimed.delivery, Outcome(DEAD, error="refused"))
    await stock.told(chat, story_id=1, action=Action.EDIT)
    assert [claimed.target for claimed in await stock.claim()] == [None]


@pytest.mark.parametrize("ended", [UNKNOWN, DEAD])
async def test_an_edit_of_an_update_that_did_not_get_through_leaves_the_first_alert_alone(
    stock: Stock, ended: DeliveryState
) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    await stock.send()
    await stock.told(chat, action=Action.REPLY)
    (update,) = await stock.claim()
    await stock.store.finish_delivery(update.delivery, Outcome(ended, error="no answer"))
    await stock.told(chat, action=Action.EDIT)
    assert [claimed.target for claimed in await stock.claim()] == [None]


async def test_an_edit_keeps_its_message_when_two_chats_become_one(stock: Stock) -> None:
    old, new = await stock.chat("-1"), await stock.chat("-100")
    await stock.told(old, new)
    first = {one.chat_id: one for one in await stock.send()}
    await stock.told(old, action=Action.EDIT, minutes=5)
    await stock.told(new, action=Action.REPLY)
    await stock.send()
    await stock.store.move_chat(new.id, old.address)
    (edit,) = await stock.claim(5)
    assert edit.target == message(first[new.id].id)


async def test_an_edited_message_is_still_the_delivery_that_it_was(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (first,) = await stock.send()
    await stock.told(chat, action=Action.EDIT)
    (edit,) = await stock.send()
    assert edit.id != first.id
    found = await stock.store.delivery_of(chat.id, message(first.id))
    assert found is not None
    assert found.id == first.id


async def test_waiting_edits_become_one_with_the_newest_alert(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await stock.told(chat, other)
    await stock.send()
    await stock.told(chat, other, action=Action.EDIT, minutes=5)
    newest = await stock.told(chat, action=Action.EDIT, minutes=9)
    (waiting,) = await stock.store.deliveries(chat.id, states=[PENDING], limit=9)
    assert (waiting.alert_id, waiting.not_before, waiting.action) == (newest, at(5), Action.EDIT)
    (claimed,) = [claimed for claimed in await stock.claim(5) if claimed.chat == chat]
    assert claimed.alert.id == newest


async def test_an_edit_behind_an_update_does_not_become_the_one_that_waits_before_it(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    (first,) = await stock.send()
    of_first = await stock.told(chat, action=Action.EDIT, minutes=5)
    update = await stock.told(chat, action=Action.REPLY)
    of_update = await stock.told(chat, action=Action.EDIT)
    rows = await stock.store.deliveries(chat.id, states=[PENDING], limit=9)
    assert [one.alert_id for one in reversed(rows)] == [of_first, update, of_update]
    (edit,) = await stock.claim()
    assert edit.target == message(first.id)
    await stock.store.finish_delivery(edit.delivery, Outcome(SENT, ref=edit.target, at=at(0)))
    (reply,) = await stock.send()
    assert [claimed.target for claimed in await stock.claim()] == [message(reply.id)]


async def test_edits_of_one_plan_before_and_behind_an_update_are_two(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    await stock.send()
    actions = Action.EDIT, Action.REPLY, Action.EDIT, Action.EDIT
    numbered = list(enumerate(actions, start=2))
    await stock.apply(
        IngestPlan(
            alerts=tuple(alert(number, 1, action=action) for number, action in numbered),
            deliveries=tuple(NewDelivery(chat.id, number, 1, action, ("Arms",), at(0)) for number, action in numbered),
        )
    )
    rows = await stock.store.deliveries(chat.id, states=[PENDING], limit=9)
    assert [one.alert_id for one in reversed(rows)] == [2, 3, 5]


async def test_an_edit_under_way_is_followed_by_another(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    await stock.send()
    await stock.told(chat, action=Action.EDIT)
    await stock.claim()
    await stock.told(chat, action=Action.EDIT)
    waiting = await stock.store.deliveries(chat.id, states=[PENDING, SENDING], limit=9)
    assert [one.state for one in waiting] == [PENDING, SENDING]


async def test_edits_of_one_plan_become_one_with_all_topics(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    await stock.apply(
        IngestPlan(
            alerts=(alert(2, 1, action=Action.EDIT), alert(3, 1, action=Action.EDIT)),
            deliveries=(
                NewDelivery(chat.id, 2, 1, Action.EDIT, ("Arms",), at(1)),
                NewDelivery(chat.id, 3, 1, Action.EDIT, ("Trade", "Arms"), at(2)),
            ),
        )
    )
    edits = [one for one in await stock.store.deliveries(chat.id, states=[PENDING], limit=9) if one.action == "edit"]
    assert [(one.alert_id, one.topics, one.not_before) for one in edits] == [(3, ("Arms", "Trade"), at(1))]


async def test_an_alert_is_written_once_a_chat(stock: Stock) -> None:
    chat = await stock.chat()
    alert_id = await stock.told(chat)
    again = NewDelivery(chat.id, alert_id, 1, Action.ALERT, ("Arms",), at(0))
    await stock.apply(IngestPlan(deliveries=(again, again)))
    assert (await only(stock, chat.id)).alert_id == alert_id


async def test_deliveries_are_listed_newest_first_for_their_chat_alone(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    for number in (1, 2, 3):
        await stock.told(one, story_id=number)
    await stock.told(other, story_id=4)
    listed = await stock.store.deliveries(one.id, states=[PENDING, DEAD], limit=2)
    assert [delivery.story_id for delivery in listed] == [3, 2]
    assert await stock.store.deliveries(one.id, states=[SENT], limit=9) == ()
    assert await stock.store.deliveries(one.id, states=[], limit=9) == ()


async def test_claiming_from_an_empty_outbox_is_no_work(stock: Stock) -> None:
    assert await stock.claim() == ()


async def test_what_was_told_of_a_topic_goes_by_its_new_name(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(chat)
    await stock.topic(other)
    place = Address(Platform.TELEGRAM, "77")
    await stock.store.send_to(chat.id, topic.id, place)
    await stock.told(chat, other)
    await stock.store.replace_topic(dataclasses.replace(topic, name="Kremlin"))
    claimed = {one.chat.id: (one.delivery.topics, one.place) for one in await stock.claim()}
    assert claimed == {chat.id: (("Kremlin",), place), other.id: (("Arms",), None)}
    assert (await only(stock, chat.id)).topics == ("Kremlin",)
