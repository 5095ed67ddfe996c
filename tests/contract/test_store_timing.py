"""The store's contract: what chats chose, what is held, and the digests that bring it."""

from __future__ import annotations

import dataclasses
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot import limits
from bot.model import UNSAVED, Action, Address, DeliveryState, Hold, Platform, Sensitivity
from bot.preferences import ChatSettings, Every, HeldTally, Mute, MuteKind, QuietHours, Rhythm, TopicShare
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import LEASE_S, Stock, at, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Chat, Delivery
    from bot.store.port import ClaimedDelivery, DueDigest, Store

PENDING, SENDING, SENT = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT
UNKNOWN, DEAD, HELD = DeliveryState.UNKNOWN, DeliveryState.DEAD, DeliveryState.HELD
TELEGRAM = (Platform.TELEGRAM,)


async def hold(stock: Stock, reason: Hold = Hold.DIGEST, *, until: float = 10, minutes: float = 0) -> list[Delivery]:
    """Hold all that is due, of every chat."""
    held = []
    while claimed := await stock.claim(minutes):
        for one in claimed:
            outcome = Outcome(HELD, held_for=reason, not_before=at(until))
            assert await stock.store.finish_delivery(one.delivery, outcome)
            held.append(one.delivery)
    return held


async def held_stories(stock: Stock, chat: Chat, *stories: int, reason: Hold = Hold.DIGEST) -> list[int]:
    """Alerts about these stories, held; their ids."""
    for number in stories:
        await stock.told(chat, story_id=number)
    return [one.id for one in await hold(stock, reason)]


async def due(stock: Stock, minutes: float) -> tuple[DueDigest, ...]:
    return await stock.store.due_digests(now=at(minutes), limit=50, platforms=TELEGRAM)


async def states(stock: Stock, chat: Chat) -> list[tuple[DeliveryState, int | None]]:
    """State and bundle of each delivery, oldest first."""
    found = await stock.store.deliveries(chat.id, states=list(DeliveryState), limit=99)
    return [(one.state, one.bundle_id) for one in reversed(found)]


async def bundled(stock: Stock, chat: Chat, *stories: int) -> ClaimedDelivery:
    """A digest of alerts about these stories, claimed."""
    ids = await held_stories(stock, chat, *stories)
    assert await stock.store.bundle(chat.id, in_place(ids), size=len(ids), now=at(10))
    (claimed,) = await stock.claim(10)
    return claimed


def in_place(order: Sequence[int]) -> dict[int, int]:
    """Deliveries with their places in the digest."""
    return {number: place for place, number in enumerate(order)}


# ------------------------------------------------------------ settings


CHOSEN = ChatSettings(
    zone="Asia/Seoul",
    lang="ko",
    digest=Rhythm(Every.WEEKLY, time(8, 5), 6),
    quiet=QuietHours(time(22), time(7, 30)),
    urgent=True,
    cap=0,
    dark=True,
)


async def test_a_chat_that_chose_nothing_has_the_defaults(stock: Stock) -> None:
    chat = await stock.chat()
    assert await stock.store.settings_of(chat.id) == ChatSettings()


async def test_settings_are_kept_and_are_the_chats_own(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await stock.store.put_settings(chat.id, ChatSettings(zone="Europe/Kyiv"), held_until={}, now=at(0))
    await stock.store.put_settings(chat.id, CHOSEN, held_until={}, now=at(0))
    assert await stock.store.settings_of(chat.id) == CHOSEN
    assert await stock.store.settings_of(other.id) == ChatSettings()


async def test_a_change_of_settings_moves_what_is_held_but_not_what_is_muted(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await held_stories(stock, chat, 1)
    await held_stories(stock, chat, 2, reason=Hold.MUTED)
    await held_stories(stock, other, 3)
    await stock.store.put_settings(chat.id, CHOSEN, held_until=dict.fromkeys(Hold, at(3)), now=at(0))
    (mine,) = await due(stock, 3)
    assert [one.delivery.story_id for one in mine.held] == [1]
    assert mine.settings == CHOSEN


async def test_a_change_of_settings_leaves_alone_what_is_due_or_was_asked_for(stock: Stock) -> None:
    chat = await stock.chat()
    asked = await held_stories(stock, chat, 1)
    assert await stock.store.summon_held(chat.id, reasons=[Hold.DIGEST], now=at(1)) == 1
    came = await held_stories(stock, chat, 2)
    late = dict.fromkeys(Hold, at(90))
    await stock.store.put_settings(chat.id, CHOSEN, held_until=late, now=at(0.5))
    assert [one.delivery.id for one in (await due(stock, 1))[0].held] == asked, "it was asked for"
    await stock.store.put_settings(chat.id, CHOSEN, held_until=dict.fromkeys(Hold, at(2)), now=at(1))
    await stock.store.put_settings(chat.id, CHOSEN, held_until=late, now=at(2))
    assert [one.delivery.id for one in (await due(stock, 2))[0].held] == [*asked, *came], "its moment had come"


async def test_a_change_of_settings_moves_what_is_held_for_the_reasons_that_it_names(stock: Stock) -> None:
    chat = await stock.chat()
    await held_stories(stock, chat, 1, reason=Hold.CAPPED)
    await held_stories(stock, chat, 2, reason=Hold.QUIET)
    await stock.store.put_settings(chat.id, CHOSEN, held_until={}, now=at(0))
    assert await due(stock, 9) == ()
    await stock.store.put_settings(chat.id, CHOSEN, held_until={Hold.QUIET: at(3)}, now=at(0))
    (mine,) = await due(stock, 9)
    assert [one.delivery.story_id for one in mine.held] == [2]


async def test_a_claim_brings_what_bears_on_it(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await stock.store.put_settings(chat.id, CHOSEN, held_until={}, now=at(0))
    mute = await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.OUTLET, "Tass", at(9), at(0)))
    await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.OUTLET, "Gone", at(1), at(0)))
    await stock.told(chat, other, story_id=1)
    await stock.send(0)
    await held_stories(stock, chat, 2)
    await stock.told(chat, other, story_id=2, action=Action.REPLY)
    mine, theirs = await stock.claim(2)
    assert mine.around.settings == CHOSEN
    assert mine.around.mutes == (mute,)
    assert mine.around.sent == (at(0),)
    assert mine.around.waiting is not None
    assert (mine.around.waiting.story_id, mine.around.waiting.held_for) == (2, Hold.DIGEST)
    assert theirs.around.settings == ChatSettings()
    assert (theirs.around.mutes, theirs.around.waiting, theirs.around.sent) == ((), None, (at(0),))


async def test_only_alerts_of_the_last_hour_are_told_of(stock: Stock) -> None:
    chat = await stock.chat()
    for number, minutes in ((1, 0), (2, 30), (3, 59)):
        await stock.told(chat, story_id=number, minutes=minutes)
        await stock.send(minutes)
    await stock.told(chat, story_id=3, action=Action.EDIT, minutes=60)
    await stock.send(60)
    await stock.told(chat, story_id=4, minutes=61)
    (claimed,) = await stock.claim(61)
    assert sorted(claimed.around.sent) == [at(30), at(59)]


async def test_what_a_clock_that_ran_ahead_wrote_is_not_of_the_last_hour(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat, story_id=1)
    await stock.send(9999)
    await stock.told(chat, story_id=2)
    (claimed,) = await stock.claim(1)
    assert claimed.around.sent == ()


# ------------------------------------------------------------ mutes


async def test_a_mute_is_kept_until_it_runs_out(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(chat)
    wanted = [
        Mute(UNSAVED, chat.id, MuteKind.TOPIC, "Arms", at(5), at(0), topic.id),
        Mute(UNSAVED, chat.id, MuteKind.STORY, "Headline", at(9), at(0), 7),
        Mute(UNSAVED, chat.id, MuteKind.ALL, "", None, at(0)),
    ]
    put = [await stock.store.put_mute(mute) for mute in wanted]
    assert await stock.store.mutes_of(chat.id, now=at(1)) == tuple(put)
    assert await stock.store.mutes_of(chat.id, now=at(5)) == tuple(put[1:])
    assert await stock.store.mutes_of(other.id, now=at(1)) == ()


async def test_the_last_word_on_a_thing_counts(stock: Stock) -> None:
    chat = await stock.chat()
    for name, until in (("TASS", at(5)), ("Tass", at(50))):
        await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.OUTLET, name, until, at(0)))
    (mute,) = await stock.store.mutes_of(chat.id, now=at(1))
    assert (mute.name, mute.until) == ("Tass", at(50))


async def test_a_mute_ends_for_its_own_chat_alone(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    mine = await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.ALL, "", None, at(0)))
    await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.OUTLET, "Tass", None, at(0)))
    assert await stock.store.remove_mutes(other.id, mine.id) == ()
    assert await stock.store.remove_mutes(chat.id, mine.id) == (mine,)
    assert [one.name for one in await stock.store.remove_mutes(chat.id)] == ["Tass"]
    assert await stock.store.mutes_of(chat.id, now=at(1)) == ()


async def test_a_muted_topic_is_known_by_its_name_of_today_and_goes_with_it(stock: Stock) -> None:
    chat = await stock.chat()
    topic = await stock.topic(chat)
    await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.TOPIC, "Arms", None, at(0), topic.id))
    await stock.store.replace_topic(dataclasses.replace(topic, name="Weapons"))
    assert [mute.name for mute in await stock.store.mutes_of(chat.id, now=at(1))] == ["Weapons"]
    await stock.store.remove_topic(topic.id)
    assert await stock.store.mutes_of(chat.id, now=at(1)) == ()


# ------------------------------------------------------------ held


async def test_what_is_held_is_kept_with_its_reason_and_holds_up_nothing(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat, story_id=1)
    (claimed,) = await stock.claim()
    outcome = Outcome(HELD, held_for=Hold.QUIET, not_before=at(10))
    assert await stock.store.finish_delivery(claimed.delivery, outcome)
    (held,) = await stock.store.deliveries(chat.id, states=[HELD], limit=9)
    assert (held.held_for, held.not_before, held.attempts, held.maybe_sent) == (Hold.QUIET, at(10), 0, False)
    assert await stock.claim(99) == ()
    await stock.told(chat, story_id=2)
    assert [one.delivery.story_id for one in await stock.claim(1)] == [2]


async def test_what_is_held_is_counted_by_reason_and_listed_as_missed(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await held_stories(stock, chat, 1)
    await held_stories(stock, chat, 2, 3, reason=Hold.MUTED)
    tally = await stock.store.held_tally(chat.id)
    assert tally == HeldTally(muted=2, digest=1, next_at=at(10))
    assert tally.coming == 1
    assert await stock.store.held_tally(other.id) == HeldTally()
    page = await stock.store.missed_deliveries(chat.id, now=at(0), limit=9)
    assert [(one.delivery.held_for, one.alert.story_id) for one in page.newest] == [
        (Hold.MUTED, 3),
        (Hold.MUTED, 2),
        (Hold.DIGEST, 1),
    ]
    assert (await stock.status(chat)).outbox == {HELD: 3}


@pytest.mark.parametrize("reason", list(Hold))
async def test_each_reason_to_hold_is_counted(stock: Stock, reason: Hold) -> None:
    chat = await stock.chat()
    await held_stories(stock, chat, 1, reason=reason)
    tally = await stock.store.held_tally(chat.id)
    assert (getattr(tally, reason.value), tally.coming) == (1, reason is not Hold.MUTED)


async def test_a_person_has_one_sent_by_its_number_whatever_the_settings_say(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    ids = await held_stories(stock, chat, 1, 2, reason=Hold.MUTED)
    assert await stock.store.replay_deliveries([ids[1]], chat_id=other.id, now=at(1)) == 0
    assert await stock.store.replay_deliveries(None, chat_id=chat.id, now=at(1)) == 0, "all: what was given up"
    assert await stock.store.replay_deliveries([ids[1]], chat_id=chat.id, now=at(1)) == 1
    (claimed,) = await stock.claim(1)
    assert (claimed.delivery.id, claimed.delivery.asked) == (ids[1], True)


async def test_a_person_has_all_that_is_held_for_a_reason_put_into_a_digest_now(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    await held_stories(stock, chat, 1, reason=Hold.MUTED)
    await held_stories(stock, chat, 2, reason=Hold.QUIET)
    await held_stories(stock, other, 3, reason=Hold.MUTED)
    assert await due(stock, 1) == ()
    assert await stock.store.summon_held(chat.id, reasons=[Hold.MUTED], now=at(1)) == 1
    (mine,) = await due(stock, 1)
    assert [(one.delivery.story_id, one.delivery.asked) for one in mine.held] == [(1, True)]


# ------------------------------------------------------------ digests


async def test_what_is_due_comes_with_its_alerts_for_active_chats_on_the_platforms_asked_for(stock: Stock) -> None:
    chat, gone = await stock.chat("1"), await stock.chat("2")
    slack = await stock.chat("3", platform=Platform.SLACK)
    for number, one in enumerate((chat, gone, slack), start=1):
        await held_stories(stock, one, number)
    await held_stories(stock, chat, 4, reason=Hold.MUTED)
    await stock.store.set_chat_active(gone.id, active=False)
    assert await due(stock, 9) == ()
    (mine,) = await due(stock, 10)
    assert (mine.chat, [one.alert.story_id for one in mine.held]) == (chat, [1])


async def test_of_much_that_is_held_the_next_are_read_and_each_story_whole(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DIGEST_READ", 3)
    chat = await stock.chat("1")
    ids = await held_stories(stock, chat, 1, 2, 3, 4, 1, 5)  # the fifth is another alert of the first story

    def read(digest: DueDigest) -> list[int]:
        return [one.delivery.id for one in digest.held]

    (digest,) = await due(stock, 10)
    assert read(digest) == [ids[0], ids[1], ids[2], ids[4]]
    # What has a place comes first, whatever is older.
    assert await stock.store.bundle(chat.id, in_place([ids[2], ids[1], ids[0], ids[4]]), size=1, now=at(10))
    (claimed,) = await stock.claim(10)
    assert await stock.store.finish_delivery(claimed.delivery, Outcome(SENT, ref=message(5), at=at(10)))
    (digest,) = await due(stock, 10)
    assert read(digest) == [ids[1], ids[0], ids[4], ids[3]]


async def test_a_digest_is_one_delivery_that_carries_the_others(stock: Stock) -> None:
    chat = await stock.chat()
    ids = await held_stories(stock, chat, 1, 2, 3)
    order = [ids[2], ids[1], ids[0]]
    assert await stock.store.bundle(chat.id, in_place(order), size=2, now=at(10))
    assert await states(stock, chat) == [(HELD, None), (PENDING, ids[1]), (HELD, ids[1])]
    assert await due(stock, 10) == (), "one part after the other"
    (claimed,) = await stock.claim(10)
    assert [one.delivery.id for one in claimed.members] == [ids[2], ids[1]]
    assert await stock.store.begin_delivery(claimed.delivery, now=at(10), lease_s=LEASE_S)
    assert await stock.store.finish_delivery(claimed.delivery, Outcome(SENT, ref=message(5), at=at(10)))
    assert await states(stock, chat) == [(HELD, None), (SENT, ids[1]), (SENT, ids[1])]
    (rest,) = await due(stock, 10)
    assert [(one.delivery.id, one.delivery.bundle_place) for one in rest.held] == [(ids[0], 2)]


async def test_only_one_of_two_processes_makes_the_digest(url: str) -> None:
    stores = [await open_store(url), await open_store(url)]
    stock = Stock(stores[0])
    chat = await stock.chat()
    ids = await held_stories(stock, chat, 1, 2)
    made = [await store.bundle(chat.id, in_place(ids), size=2, now=at(10)) for store in stores]
    assert made == [True, False]
    assert await states(stock, chat) == [(PENDING, ids[0]), (HELD, ids[0])]
    for store in stores:
        await store.close()


async def test_what_is_due_comes_with_the_mutes_and_can_be_muted_but_for_what_was_asked_for(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    asked = await held_stories(stock, chat, 1)
    assert await stock.store.summon_held(chat.id, reasons=[Hold.DIGEST], now=at(1)) == 1
    ids = [*asked, *await held_stories(stock, chat, 2), *await held_stories(stock, other, 3)]
    mute = await stock.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.ALL, "", at(60), at(0)))
    assert {one.chat.id: one.mutes for one in await due(stock, 10)} == {chat.id: (mute,), other.id: ()}
    await stock.store.mute_held(chat.id, dict.fromkeys(ids, at(60)))
    left = await due(stock, 10)
    assert sorted(held.delivery.id for one in left for held in one.held) == [ids[0], ids[2]]
    (muted,) = [one for one in await stock.store.deliveries(chat.id, states=[HELD], limit=9) if one.id == ids[1]]
    assert (muted.held_for, muted.not_before) == (Hold.MUTED, at(60))


async def test_another_chats_deliveries_cannot_be_bundled(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    mine, theirs = await held_stories(stock, chat, 1), await held_stories(stock, other, 2)
    assert await stock.store.bundle(chat.id, in_place([*mine, *theirs]), size=2, now=at(10))
    assert await states(stock, other) == [(HELD, None)]


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(Outcome(DEAD, error="refused"), id="refused"),
        pytest.param(Outcome(UNKNOWN, error="no answer", maybe_sent=True), id="in doubt"),
        pytest.param(Outcome(HELD, held_for=Hold.QUIET, not_before=at(30)), id="held after all"),
    ],
)
async def test_the_parts_of_a_digest_share_its_outcome_and_are_alone_again(stock: Stock, outcome: Outcome) -> None:
    chat = await stock.chat()
    claimed = await bundled(stock, chat, 1, 2)
    assert await stock.store.finish_delivery(claimed.delivery, outcome)
    found = await stock.store.deliveries(chat.id, states=[outcome.state], limit=9)
    assert [(one.bundle_id, one.bundle_place, one.maybe_sent) for one in found] == [
        (None, None, outcome.maybe_sent)
    ] * 2
    assert {one.error for one in found} == {outcome.error}
    if outcome.state is HELD:
        assert {(one.held_for, one.not_before) for one in found} == {(Hold.QUIET, at(30))}


async def test_a_digest_that_is_sent_again_keeps_its_parts(stock: Stock) -> None:
    chat = await stock.chat()
    claimed = await bundled(stock, chat, 1, 2)
    again = Outcome(PENDING, error="time-out", maybe_sent=True, not_before=at(11))
    assert await stock.store.finish_delivery(claimed.delivery, again)
    (repeat,) = await stock.claim(11)
    assert repeat.delivery.maybe_sent
    assert [one.delivery.story_id for one in repeat.members] == [1, 2]


@pytest.mark.parametrize("how", ["lease", "restart"])
async def test_a_digest_whose_holder_died_twice_is_in_doubt_with_all_its_parts(stock: Stock, how: str) -> None:
    chat = await stock.chat()
    claimed = await bundled(stock, chat, 1, 2)
    for minutes in (10, 12):
        assert await stock.store.begin_delivery(claimed.delivery, now=at(minutes), lease_s=LEASE_S)
        if how == "restart":
            await stock.store.release_leases()
        found = await stock.claim(minutes + 2)
        if found:
            (claimed,) = found
            assert claimed.delivery.maybe_sent
    assert await states(stock, chat) == [(UNKNOWN, None), (UNKNOWN, None)]
    found_missed = await stock.store.missed_deliveries(chat.id, now=at(15), limit=9)
    assert [one.delivery.maybe_sent for one in found_missed.newest] == [True, True]


async def carried_by_an_edit(stock: Stock, chat: Chat) -> ClaimedDelivery:
    """A digest, claimed, whose first part is an edit."""
    await stock.told(chat, story_id=1)
    await stock.send()
    await stock.told(chat, story_id=1, action=Action.EDIT)
    return await bundled(stock, chat, 2)


async def test_a_digest_that_an_edit_carries_is_in_doubt_like_any_other(stock: Stock) -> None:
    chat = await stock.chat()
    claimed = await carried_by_an_edit(stock, chat)
    assert claimed.delivery.action is Action.EDIT
    for minutes in (10, 12):
        assert await stock.store.begin_delivery(claimed.delivery, now=at(minutes), lease_s=LEASE_S)
        repeats = await stock.claim(minutes + 2)
        if minutes == 10:
            (claimed,) = repeats
            assert claimed.delivery.maybe_sent
    assert repeats == ()
    assert await states(stock, chat) == [(SENT, None), (UNKNOWN, None), (UNKNOWN, None)]


async def test_a_digest_that_an_edit_carries_holds_what_is_behind_it_while_it_waits(stock: Stock) -> None:
    chat = await stock.chat()
    claimed = await carried_by_an_edit(stock, chat)
    assert await stock.store.finish_delivery(claimed.delivery, Outcome(PENDING, error="down", not_before=at(20)))
    await stock.told(chat, story_id=3)
    assert await stock.claim(11) == ()


async def test_a_stale_holder_ends_no_digest(stock: Stock) -> None:
    chat = await stock.chat()
    stale = await bundled(stock, chat, 1, 2)
    (current,) = await stock.claim(12)
    assert not await stock.store.finish_delivery(stale.delivery, Outcome(DEAD, error="late"))
    assert await stock.store.finish_delivery(current.delivery, Outcome(SENT, ref=message(1), at=at(12)))
    assert [state for state, _ in await states(stock, chat)] == [SENT, SENT]


async def test_a_story_told_in_a_digest_is_replied_to_there_and_never_edited(stock: Stock) -> None:
    chat = await stock.chat()
    claimed = await bundled(stock, chat, 1, 2)
    await stock.store.finish_delivery(claimed.delivery, Outcome(SENT, ref=message(5), at=at(10)))
    await stock.told(chat, story_id=2, action=Action.EDIT, minutes=11)
    (edit,) = await stock.claim(11)
    assert edit.target is None
    await stock.store.finish_delivery(edit.delivery, Outcome(SENT, error="nothing to edit", at=at(11)))
    await stock.told(chat, story_id=2, action=Action.REPLY, minutes=12)
    (reply,) = await stock.claim(12)
    assert reply.target == message(5)


async def test_chats_that_become_one_keep_settings_mutes_and_what_is_held(stock: Stock) -> None:
    old, new = await stock.chat("-1"), await stock.chat("-100")
    await stock.store.put_settings(new.id, CHOSEN, held_until={}, now=at(0))
    await stock.store.put_mute(Mute(UNSAVED, new.id, MuteKind.ALL, "", None, at(0)))
    await stock.store.put_mute(Mute(UNSAVED, old.id, MuteKind.ALL, "", at(9), at(0)))
    await stock.told(old, new, story_id=1)
    await hold(stock)
    await held_stories(stock, new, 2)
    waiting = await stock.store.deliveries(new.id, states=[HELD], limit=9)
    assert await stock.store.bundle(new.id, in_place(sorted(one.id for one in waiting)), size=2, now=at(1))
    await stock.store.move_chat(old.id, Address(Platform.TELEGRAM, "-100"))
    assert await stock.store.settings_of(old.id) == CHOSEN
    assert [mute.until for mute in await stock.store.mutes_of(old.id, now=at(1))] == [at(9)]
    assert [state for state, _ in await states(stock, old)] == [HELD, HELD], "the carrier was a copy, and went"
    (due_now,) = await due(stock, 10)
    assert len(due_now.held) == 2


# ------------------------------------------------------------ news of what is held


async def test_an_edit_of_what_is_held_becomes_its_content(stock: Stock) -> None:
    chat = await stock.chat()
    (held_id,) = await held_stories(stock, chat, 1)
    newest = await stock.told(chat, story_id=1, action=Action.EDIT, minutes=1)
    (edit,) = await stock.claim(1)
    assert edit.around.waiting is not None
    assert await stock.store.fold_delivery(edit.delivery, edit.around.waiting, now=at(1))
    assert not await stock.store.finish_delivery(edit.delivery, Outcome(SENT, at=at(1))), "the edit itself is gone"
    (again,) = await stock.claim(1)
    assert (again.delivery.id, again.alert.id, again.delivery.action) == (held_id, newest, Action.ALERT)


async def test_an_edit_of_an_update_leaves_the_held_alert_above_it_alone(stock: Stock) -> None:
    chat = await stock.chat()
    await held_stories(stock, chat, 1, reason=Hold.MUTED)
    await stock.told(chat, story_id=1, action=Action.REPLY, minutes=1)
    (reply,) = await stock.claim(1)
    assert reply.around.waiting is not None
    done = Outcome(SENT, ref=message(7), at=at(1))
    assert await stock.store.finish_delivery(reply.delivery, done)
    await stock.told(chat, story_id=1, action=Action.EDIT, minutes=2)
    (edit,) = await stock.claim(2)
    assert (edit.around.waiting, edit.target) == (None, message(7))


async def test_an_edit_of_an_update_that_was_refused_leaves_the_held_alert_above_it_alone(stock: Stock) -> None:
    chat = await stock.chat()
    await held_stories(stock, chat, 1, reason=Hold.MUTED)
    await stock.told(chat, story_id=1, action=Action.REPLY, minutes=1)
    await stock.told(chat, story_id=1, action=Action.EDIT, minutes=2)
    (reply,) = await stock.claim(1)
    assert await stock.store.finish_delivery(reply.delivery, Outcome(DEAD, error="refused"))
    (edit,) = await stock.claim(2)
    assert (edit.around.waiting, edit.target) == (None, None)


async def test_an_edit_is_not_folded_into_what_is_on_its_way(stock: Stock) -> None:
    chat = await stock.chat()
    ids = await held_stories(stock, chat, 1, 2)
    await stock.told(chat, story_id=1, action=Action.EDIT, minutes=1)
    (edit,) = await stock.claim(1)
    waiting = edit.around.waiting
    assert waiting is not None
    assert await stock.store.bundle(chat.id, in_place(ids), size=2, now=at(1))
    assert not await stock.store.fold_delivery(edit.delivery, waiting, now=at(1))
    assert await stock.store.finish_delivery(edit.delivery, Outcome(PENDING, not_before=at(2)))


# ------------------------------------------------------------ shared topics


async def test_an_offered_topic_is_found_by_its_token_alone(store: Store) -> None:
    stock = Stock(store)
    chat = await stock.chat()
    share = TopicShare("a" * 22, chat.id, "Arms", "@dprk", Sensitivity.STRICT, at(0))
    await store.share_topic(share)
    assert await store.shared_topic("a" * 22) == share
    assert await store.shared_topic("b" * 22) is None
    assert await store.share_of(chat.id, "Arms") == share
    assert await store.share_of(chat.id, "Missiles") is None
    assert await store.share_of((await stock.chat("2")).id, "Arms") is None
    newer = dataclasses.replace(share, token="c" * 22, query="@russia", created_at=at(0) + timedelta(days=1))
    await store.share_topic(newer)
    assert await store.shared_topic("a" * 22) is None, "the last offer counts"
    assert await store.shared_topic("c" * 22) == newer
    changed = dataclasses.replace(newer, query="@china")
    await store.share_topic(changed)
    assert await store.shared_topic("c" * 22) == changed, "under the token that it had"
