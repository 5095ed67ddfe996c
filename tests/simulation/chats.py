"""The chats of a simulation: a platform that takes messages, loses answers, asks to wait, and remembers everything."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.chats.chat import Sight
from bot.errors import (
    ChatGoneError,
    ChatMovedError,
    MaybeSentError,
    MessageGoneError,
    NotSentError,
    PaceError,
    RetryAfterError,
)
from bot.model import Address, MessageRef, Platform

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    from bot.chats.chat import CommandHint, Errand, Inbound, InboundHandler, Place
    from bot.chats.message import Message

_MOVED: Final = "-moved"
WAIT_S: Final = 120.0
MARK: Final = "↻"
BLOCKED: Final = "the bot was blocked"


class Killed(BaseException):
    """The process ends here: nothing that would catch an error catches this."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that a chat truly got. ``edits`` is the id of the message that it took the place of."""

    chat: str
    text: str
    marked: bool
    at: datetime
    delivery_id: int | None = None
    edits: str | None = None


@dataclass
class Platforms:
    """A ``ChatPort`` whose fates come from the seed. With ``readable``, what was sent can be looked up, as on Slack.

    ``doubts`` counts, by chat, the crashes and time-outs after which nobody knows whether a message arrived.
    """

    platform: Platform
    random: Random
    now: Callable[[], datetime]
    readable: bool
    faults: float = 0.05
    kills: float = 0.002
    failing: bool = True
    arrived: list[Arrived] = field(default_factory=list)
    doubts: Counter[str] = field(default_factory=Counter)
    on_arrival: Callable[[Platforms, Arrived], None] = lambda _, __: None
    on_too_soon: Callable[[str], None] = lambda _: None
    blocked: set[str] = field(default_factory=set)
    turned_away: Counter[str] = field(default_factory=Counter)
    moved: set[str] = field(default_factory=set)
    _wait_until: dict[str, datetime] = field(default_factory=dict)
    _paced_until: dict[str, datetime] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _by_delivery: defaultdict[int, list[MessageRef]] = field(default_factory=lambda: defaultdict(list))

    async def start(self, handler: InboundHandler, menu: tuple[CommandHint, ...]) -> None: ...

    async def stop(self) -> None: ...

    async def hold(self, to: Address, seconds: float) -> None: ...

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        assert errand is not None
        chat = known_as(to.chat)
        if chat in self.moved and to.chat == chat:
            raise ChatMovedError("the group has become a supergroup", to=self.address(chat))
        if reply_to is not None and self._chance(0.02):
            raise MessageGoneError("the message is not there any more")
        if self._chance(self.faults):
            raise NotSentError("no connection")
        await errand.begin()
        if chat in self.blocked:
            self.turned_away[chat] += 1
            raise ChatGoneError(BLOCKED)
        self._keep_waiting(chat)
        self._die(chat)
        if self._chance(self.faults):
            self.doubts[chat] += 1
            raise MaybeSentError("no answer")
        ref = MessageRef(to, str(len(self.arrived) + 1))
        text = message.plain_text
        self.arrive(Arrived(chat, text, MARK in text, self.now(), delivery_id=errand.delivery_id))
        self._texts[ref.message_id] = text
        self._by_delivery[errand.delivery_id].append(ref)
        self._die(chat)
        if self._chance(self.faults):
            self.doubts[chat] += 1
            raise MaybeSentError("no answer")
        return ref

    async def find_sent(
        self, to: Address, delivery_id: int, *, since: datetime, reply_to: MessageRef | None = None
    ) -> MessageRef | Sight | None:
        del since, reply_to
        if self._chance(self.faults):
            raise NotSentError("no connection")
        del to
        if not self.readable:
            return None
        refs = self._by_delivery[delivery_id]
        return refs[0] if refs else Sight.ABSENT

    async def edit(self, ref: MessageRef, message: Message) -> None:
        chat = known_as(ref.address.chat)
        if self._chance(self.faults):
            raise NotSentError("no connection")
        self._keep_waiting(chat, edits=True)
        if self._chance(0.01):
            raise MessageGoneError("the message is not there any more")
        text = message.plain_text
        self.arrive(Arrived(chat, text, MARK in text, self.now(), edits=ref.message_id))
        self._die(chat)

    async def link_to(self, ref: MessageRef) -> str | None:
        return f"https://chat.example/{ref.address.chat}/{ref.message_id}"

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        raise NotImplementedError

    async def may_change(self, inbound: Inbound) -> bool:
        raise NotImplementedError

    async def check(self) -> str:
        return "simulated"

    def address(self, chat: str) -> Address:
        """Where a chat is now."""
        return Address(self.platform, chat + _MOVED if chat in self.moved else chat)

    def arrive(self, message: Arrived) -> None:
        """A chat got a message."""
        self.arrived.append(message)
        self.on_arrival(self, message)

    def clock_set_forward(self) -> None:
        """The bot's clock runs ahead: that it waits less than it was asked to is not its fault."""
        self._wait_until.clear()
        self._paced_until.clear()

    def restart(self) -> None:
        """What adapters remember dies with their process; that a chat was asked to wait is the store's to know."""
        self._paced_until.clear()

    def died(self, chat: str) -> None:
        """The bot died while a message to the chat was under way: nobody knows what became of it, or was answered."""
        self.doubts[chat] += 1
        self._wait_until.pop(chat, None)

    def _keep_waiting(self, chat: str, *, edits: bool = False) -> None:
        """Nobody may come before the time that was named; now and then a new one is.

        It is the outbox that has to keep it. After an edit the adapter's pacing keeps it, too, for what is under way.
        """
        now = self.now()
        paced = self._paced_until.get(chat, now)
        if now < paced:
            raise PaceError("the adapter keeps the pace", seconds=(paced - now).total_seconds())
        if now < self._wait_until.get(chat, now):
            self.on_too_soon(chat)
        if self._chance(self.faults):
            self._wait_until[chat] = now + timedelta(seconds=WAIT_S)
            if edits:
                self._paced_until[chat] = self._wait_until[chat]
            raise RetryAfterError("too fast", seconds=WAIT_S)

    def _chance(self, share: float) -> bool:
        return self.failing and self.random.random() < share

    def _die(self, chat: str) -> None:
        if self._chance(self.kills):
            self.died(chat)
            raise Killed


def known_as(chat: str) -> str:
    """The name that a chat had at first."""
    return chat.removesuffix(_MOVED)
