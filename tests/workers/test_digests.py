"""From a held alert to a digest that arrived: real store and deliverer, a scripted platform, a clock that is turned."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot import limits
from bot.alerts import timing
from bot.model import UNSAVED, Action, DeliveryState, Hold, IngestPlan, NewDelivery, Platform
from bot.preferences import ChatSettings, Every, Mute, MuteKind, QuietHours, Rhythm
from bot.store.sql import open_store
from bot.workers.deliver import Deliverer
from bot.workers.digests import Digester
from bot.workers.local import LocalWorkers
from tests.store.stock import START, Stock, alert, at
from tests.workers.scripted_chat import Fate, ScriptedChat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence

    from bot.chats.message import Message
    from bot.model import Chat, MessageRef
    from bot.store.port import DueDigest

SENT, HELD, DEAD = DeliveryState.SENT, DeliveryState.HELD, DeliveryState.DEAD
SEOUL = ChatSettings(zone="Asia/Seoul")  # 17:30 there at START
DAILY = Rhythm(Every.DAILY, time(8))


class NoPolls:
    """Nothing to poll."""

    on_room: Callable[[], None]

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        del limit
        return []

    async def halt(self) -> None: ...


class TurnedClock:
    """A clock that moves when it is told to."""

    at = START

    def now(self) -> datetime:
        return self.at


@dataclass
class EditingChat(ScriptedChat):
    """A scripted chat in which messages can be edited."""

    edited: list[tuple[MessageRef, Message]] = field(default_factory=list)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        self.edited.append((ref, message))


class Bot:
    """Workers on a store, with short ways to tell stories and let time pass."""

    def __init__(self, stock: Stock) -> None:
        self.stock, self.store, self.clock = stock, stock.store, TurnedClock()
        self.chat = EditingChat(clock=self.clock)
        chats = {Platform.TELEGRAM: self.chat}
        deliverer = Deliverer(self.store, chats, self.clock)
        self.workers = LocalWorkers(NoPolls(), deliverer, Digester(self.store, chats, self.clock))

    async def wants(self, settings: ChatSettings, name: str = "1") -> Chat:
        chat = await self.stock.chat(name)
        held_until = timing.releases(await self.store.settings_of(chat.id), settings, self.clock.at)
        await self.store.put_settings(chat.id, settings, held_until=held_until, now=self.clock.at)
        return chat

    async def tell(self, *chats: Chat, story: int = 1, action: Action = Action.ALERT) -> None:
        minutes = (self.clock.at - START).total_seconds() / 60
        await self.stock.told(*chats, story_id=story, action=action, minutes=minutes)
        await self.workers.settle()

    async def wait(self, **length: float) -> None:
        self.clock.at += timedelta(**length)
        await self.workers.settle()

    async def until(self, at: str) -> None:
        self.clock.at = datetime.fromisoformat(at).replace(tzinfo=UTC)
        await self.workers.settle()

    def arrived(self, name: str = "1") -> list[str]:
        """The first line of each message that a chat got."""
        return [message.plain_text.splitlines()[0] for chat, _, message in self.chat.arrived if chat == name]

    async def states(self, chat: Chat) -> list[DeliveryState]:
        found = await self.store.deliveries(chat.id, states=list(DeliveryState), limit=999)
        return [one.state for one in reversed(found)]


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    store = await open_store("sqlite://")
    yield Bot(Stock(store))
    await store.close()


async def test_a_daily_digest_comes_at_its_hour_with_all_that_was_held(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(zone="Asia/Seoul", digest=DAILY))
    for story in (1, 2, 3):
        await bot.tell(chat, story=story)
    assert (bot.arrived(), await bot.states(chat)) == ([], [HELD] * 3)
    await bot.until("2024-06-19T22:59")
    assert bot.arrived() == []
    await bot.until("2024-06-19T23:00")
    assert bot.arrived() == ["Daily digest: 3 stories"]
    assert await bot.states(chat) == [SENT] * 3
    await bot.wait(days=2)
    assert len(bot.arrived()) == 1


async def test_a_machine_that_slept_sends_one_digest_not_five(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=Rhythm(Every.HOURLY)))
    await bot.tell(chat)
    await bot.wait(hours=5)
    assert bot.arrived() == ["Hourly digest: 1 story"]
    await bot.tell(chat, story=2)
    assert len(bot.arrived()) == 1, "the next full hour's"


async def test_chats_in_several_zones_get_theirs_each_in_its_morning(bot: Bot) -> None:
    chats = {
        "Seoul": await bot.wants(ChatSettings(zone="Asia/Seoul", digest=DAILY), "Seoul"),
        "Berlin": await bot.wants(ChatSettings(zone="Europe/Berlin", digest=DAILY), "Berlin"),
        "Lima": await bot.wants(ChatSettings(zone="America/Lima", digest=DAILY), "Lima"),
    }
    await bot.tell(*chats.values())
    came: dict[str, datetime] = {}
    while len(came) < len(chats):
        await bot.wait(minutes=30)
        came |= {name: bot.clock.at for name in chats if bot.arrived(name) and name not in came}
    hours = {name: f"{at:%d %H}" for name, at in came.items()}
    assert hours == {"Lima": "19 13", "Seoul": "19 23", "Berlin": "20 06"}


async def test_quiet_hours_end_in_one_digest(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(quiet=QuietHours(time(8), time(10))))
    await bot.tell(chat)
    await bot.tell(chat, story=2)
    assert bot.arrived() == []
    await bot.until("2024-06-19T10:00")
    assert bot.arrived() == ["Digest: 2 stories"]
    await bot.tell(chat, story=3)
    assert len(bot.arrived()) == 2


async def test_over_the_cap_the_rest_of_the_hour_folds_into_one_digest(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(cap=2))
    for story in range(1, 6):
        await bot.tell(chat, story=story)
    assert len(bot.arrived()) == 2
    assert await bot.states(chat) == [SENT, SENT, HELD, HELD, HELD]
    await bot.until("2024-06-19T09:00")
    assert bot.arrived()[2:] == ["Digest: 3 stories"]
    await bot.tell(chat, story=6)
    assert len(bot.arrived()) == 4, "a new hour"


async def test_what_is_muted_comes_in_no_digest_and_can_be_asked_for(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=Rhythm(Every.HOURLY)))
    (mute,) = [await bot.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.STORY, "x", None, START, 1))]
    await bot.tell(chat)
    await bot.tell(chat, story=2)
    await bot.wait(hours=1)
    assert bot.arrived() == ["Hourly digest: 1 story"]
    await bot.store.remove_mutes(chat.id, mute.id)
    await bot.wait(hours=3)
    assert len(bot.arrived()) == 1, "unmuting releases nothing"
    await bot.store.summon_held(chat.id, reasons=[Hold.MUTED], now=bot.clock.at)
    await bot.wait()
    assert len(bot.arrived()) == 2
    assert await bot.states(chat) == [SENT, SENT]


@pytest.mark.parametrize(
    ("kind", "name", "target", "left"),
    [
        pytest.param(MuteKind.ALL, "", None, [], id="everything"),
        pytest.param(MuteKind.STORY, "x", 1, ["Hourly digest: 1 story"], id="a story"),
        pytest.param(MuteKind.TOPIC, "Arms", None, [], id="a topic"),
    ],
)
async def test_what_was_held_when_it_was_muted_comes_in_no_digest(
    bot: Bot, kind: MuteKind, name: str, target: int | None, left: list[str]
) -> None:
    chat = await bot.wants(ChatSettings(digest=Rhythm(Every.HOURLY)))
    await bot.tell(chat)
    await bot.tell(chat, story=2)
    await bot.store.put_mute(Mute(UNSAVED, chat.id, kind, name, at(300), START, target))
    await bot.wait(hours=1)
    assert bot.arrived() == left
    held = await bot.store.deliveries(chat.id, states=[HELD], limit=9)
    assert {(one.held_for, one.not_before) for one in held} == {(Hold.MUTED, at(300))}
    await bot.store.summon_held(chat.id, reasons=[Hold.MUTED], now=bot.clock.at)
    await bot.wait()
    assert len(bot.arrived()) == len(left) + 1, "what a person asks for comes while it is muted"
    assert await bot.states(chat) == [SENT, SENT]


async def test_a_flood_does_not_break_a_mute(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings())
    await bot.tell(chat)
    await bot.store.put_mute(Mute(UNSAVED, chat.id, MuteKind.ALL, "", None, START))
    braked = tuple(NewDelivery(chat.id, number, 1, Action.REPLY, ("Arms",), START, Hold.FLOOD) for number in (8, 9))
    await bot.stock.apply(IngestPlan(alerts=(alert(8, 1), alert(9, 1)), deliveries=braked))
    await bot.wait()
    assert bot.arrived() == ["Alert 1"]
    assert (await bot.store.held_tally(chat.id)).muted == len(braked)


async def test_what_a_person_asks_for_comes_at_night_too(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(quiet=QuietHours(time(8), time(10))))
    await bot.tell(chat)
    await bot.store.summon_held(chat.id, reasons=[Hold.QUIET], now=bot.clock.at)
    await bot.wait()
    assert bot.arrived() == ["Digest: 1 story"]


async def test_a_change_of_settings_holds_at_once_and_for_what_is_held(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=DAILY))
    await bot.tell(chat)
    await bot.wants(ChatSettings())
    await bot.wait()
    assert bot.arrived() == ["Digest: 1 story"]
    await bot.tell(chat, story=2)
    assert len(bot.arrived()) == 2


async def test_further_outlets_fold_into_what_is_held(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=DAILY))
    await bot.tell(chat)
    await bot.tell(chat, action=Action.EDIT)
    await bot.wait(seconds=60)
    assert await bot.states(chat) == [HELD], "the edit itself is gone"
    (held,) = await bot.store.deliveries(chat.id, states=[HELD], limit=9)
    assert (held.action, held.alert_id) == (Action.ALERT, 2)
    assert bot.chat.edited == []


async def test_breaking_news_leaves_the_night_when_many_outlets_tell_it(bot: Bot) -> None:
    """The first outlet is held; an edit with four more makes it urgent, and it goes as an alert."""
    settings = ChatSettings(quiet=QuietHours(time(8), time(10)), urgent=True)
    chat = await bot.wants(settings)
    await bot.tell(chat)
    assert bot.arrived() == []
    async with bot.store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=(1,))
        ids = await unit.next_ids()
        (told,) = context.alerts[1]
        wide = replace(told, id=ids.alert, action=Action.EDIT, others=tuple("ABCD"), at=bot.clock.at)
        edit = NewDelivery(chat.id, wide.id, 1, Action.EDIT, ("Arms",), bot.clock.at)
        await unit.apply(IngestPlan(alerts=(wide,), deliveries=(edit,)))
    await bot.wait(seconds=60)
    assert bot.arrived() == ["Alert 1"]
    assert await bot.states(chat) == [SENT]


async def test_a_development_of_what_is_held_comes_with_it_as_one_story(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=DAILY))
    await bot.tell(chat)
    await bot.tell(chat, action=Action.REPLY)
    await bot.until("2024-06-20T08:00")
    assert bot.arrived() == ["Daily digest: 1 story"]
    assert await bot.states(chat) == [SENT, SENT]


@pytest.mark.parametrize("read", [pytest.param(limits.DIGEST_READ, id="read-whole"), pytest.param(90, id="in-pieces")])
async def test_a_digest_of_many_comes_in_whole_parts_one_after_the_other(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, read: int
) -> None:
    monkeypatch.setattr(limits, "DIGEST_READ", read)
    chat = await bot.wants(ChatSettings(digest=DAILY))
    for story in range(1, 101):
        await bot.stock.told(chat, story_id=story)
    await bot.workers.settle()
    await bot.until("2024-06-20T08:00")
    first, *later = bot.arrived()
    assert first.startswith("Daily digest: ")
    assert later
    assert all(title.startswith("Daily digest, continued: ") for title in later)
    assert sum(int(title.split(": ")[1].split()[0]) for title in bot.arrived()) == 100
    assert await bot.states(chat) == [SENT] * 100


async def test_a_digest_that_is_refused_is_kept_with_each_of_its_parts(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=DAILY))
    await bot.tell(chat)
    await bot.tell(chat, story=2)
    bot.chat.fates = deque([Fate.REFUSED])
    await bot.until("2024-06-20T08:00")
    assert await bot.states(chat) == [DEAD, DEAD]
    assert await bot.store.replay_deliveries(None, chat_id=chat.id, now=bot.clock.at) == 2
    await bot.wait()
    assert bot.arrived() == ["Alert 1", "Alert 2"], "each by itself, since somebody asked, whatever the settings say"


async def test_a_digest_at_which_its_chat_is_gone_comes_whole_when_the_chat_is_back(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=DAILY))
    await bot.tell(chat)
    await bot.tell(chat, story=2)
    bot.chat.fates = deque([Fate.GONE])
    await bot.until("2024-06-20T08:00")
    await bot.wait(hours=2)
    assert (bot.arrived(), DEAD in await bot.states(chat)) == ([], False)
    await bot.stock.chat()
    await bot.wait()
    assert bot.arrived() == ["Daily digest: 2 stories"]
    assert await bot.states(chat) == [SENT, SENT]


async def test_a_digest_that_may_have_arrived_is_repeated_once_and_marked(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=DAILY))
    await bot.tell(chat)
    await bot.tell(chat, story=2)
    bot.chat.fates = deque([Fate.TIME_OUT_ARRIVED, Fate.TIME_OUT_ARRIVED])
    await bot.until("2024-06-20T08:00")
    await bot.wait(minutes=1)
    await bot.wait(minutes=1)
    marks = ["↻" in message.plain_text for _, _, message in bot.chat.arrived]
    assert marks == [False, True]
    assert await bot.states(chat) == [DeliveryState.UNKNOWN] * 2


async def test_a_platform_that_shows_what_was_sent_gets_no_second_digest(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=DAILY))
    await bot.tell(chat)
    await bot.tell(chat, story=2)
    bot.chat.shows_what_was_sent = True
    bot.chat.fates = deque([Fate.TIME_OUT_ARRIVED])
    await bot.until("2024-06-20T08:00")
    await bot.wait(minutes=1)
    assert (len(bot.arrived()), await bot.states(chat)) == (1, [SENT, SENT])


async def test_a_late_digest_does_not_come_at_night(bot: Bot) -> None:
    settings = ChatSettings(digest=Rhythm(Every.DAILY, time(21, 59)), quiet=QuietHours(time(22), time(7)))
    chat = await bot.wants(settings)
    await bot.tell(chat)
    bot.chat.fates = deque([Fate.NO_CONNECTION])
    await bot.until("2024-06-19T21:59")
    await bot.wait(minutes=5)
    assert (bot.arrived(), await bot.states(chat)) == ([], [HELD])
    await bot.until("2024-06-20T07:00")
    assert bot.arrived() == ["Daily digest: 1 story"]


async def test_of_many_chats_few_are_looked_at_together_and_all_get_their_digest(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DIGEST_CHATS", 2)
    chats = [await bot.wants(ChatSettings(digest=DAILY), str(number)) for number in range(1, 6)]
    await bot.tell(*chats)
    due = bot.store.due_digests
    looked_at = []

    async def counted(**asked: Any) -> tuple[DueDigest, ...]:  # noqa: ANN401 - handed on as it is
        found = await due(**asked)
        looked_at.append(len(found))
        return found

    monkeypatch.setattr(bot.store, "due_digests", counted)
    await bot.until("2024-06-20T08:00")
    assert [bot.arrived(str(number)) for number in range(1, 6)] == [["Daily digest: 1 story"]] * 5
    assert max(looked_at) == 2


async def test_the_tick_makes_digests(bot: Bot) -> None:
    chat = await bot.wants(ChatSettings(digest=Rhythm(Every.HOURLY)))
    await bot.tell(chat)
    bot.clock.at += timedelta(hours=1)
    bot.workers.start()
    async with asyncio.timeout(10):
        while not bot.arrived():  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.02)
    await bot.workers.stop()
    assert await bot.states(chat) == [SENT]
