"""A chat that does as it is told, and keeps what truly arrived."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from bot.chats.chat import Sight
from bot.clock import SystemClock
from bot.errors import (
    ChatGoneError,
    MaybeSentError,
    NotSentError,
    RefusedError,
    RetryAfterError,
)
from bot.model import MessageRef, Platform

if TYPE_CHECKING:
    from bot.chats.chat import CommandHint, Errand, Inbound, InboundHandler, Place
    from bot.chats.message import Message
    from bot.clock import Clock
    from bot.model import Address


class Killed(BaseException):
    """The process ends here: nothing that would catch an error catches this."""


class Fate(Enum):
    """What becomes of one call of ``send``."""

    TAKEN = "it arrives, and we are told so"
    NO_CONNECTION = "it never leaves"
    WAIT = "the platform asks to wait"
    REFUSED = "the platform will not have it"
    GONE = "the bot was removed from the chat"
    TIME_OUT_LOST = "no answer, and it did not arrive"
    TIME_OUT_ARRIVED = "no answer, but it did arrive"
    KILLED_WAITING = "the process dies before the message's turn comes"
    KILLED_BEGUN = "the process dies as the request is about to leave"
    KILLED_ARRIVED = "the process dies before the answer comes"
    BROKEN = "the adapter has a fault"


RETRY_AFTER_S = 40.0


@dataclass
class ScriptedChat:
    """The ``ChatPort`` with a script: one fate a call, TAKEN when there is none left."""

    shows_what_was_sent: bool = False
    fates: deque[Fate] = field(default_factory=deque)
    arrived: list[tuple[str, int, Message]] = field(default_factory=list)
    too_soon: list[int] = field(default_factory=list)
    held_until: dict[str, datetime] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)

    @property
    def platform(self) -> Platform:
        return Platform.TELEGRAM

    async def start(self, handler: InboundHandler, menu: tuple[CommandHint, ...]) -> None: ...

    async def stop(self) -> None: ...

    async def hold(self, to: Address, seconds: float) -> None: ...

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        del reply_to
        assert errand is not None
        fate = self.fates.popleft() if self.fates else Fate.TAKEN
        if fate is Fate.KILLED_WAITING:
            raise Killed
        if fate is Fate.NO_CONNECTION:
            raise NotSentError(fate.value)
        await errand.begin()
        if self.clock.now() < self.held_until.get(to.chat, self.clock.now()):
            self.too_soon.append(errand.delivery_id)
        if fate is Fate.KILLED_BEGUN:
            raise Killed
        if fate is Fate.WAIT:
            self.held_until[to.chat] = self.clock.now() + timedelta(seconds=RETRY_AFTER_S)
        errors = {
            Fate.WAIT: RetryAfterError(fate.value, seconds=RETRY_AFTER_S),
            Fate.REFUSED: RefusedError(fate.value),
            Fate.GONE: ChatGoneError(fate.value),
            Fate.TIME_OUT_LOST: MaybeSentError(fate.value),
            Fate.BROKEN: RuntimeError(fate.value),
        }
        if fate in errors:
            raise errors[fate]
        self.arrived.append((to.chat, errand.delivery_id, message))
        if fate is Fate.KILLED_ARRIVED:
            raise Killed
        if fate is Fate.TIME_OUT_ARRIVED:
            raise MaybeSentError(fate.value)
        return MessageRef(to, str(len(self.arrived)))

    async def find_sent(
        self, to: Address, delivery_id: int, *, since: datetime, reply_to: MessageRef | None = None
    ) -> MessageRef | Sight | None:
        del since, reply_to
        if not self.shows_what_was_sent:
            return None
        for place, (chat, sent_id, _) in enumerate(self.arrived, start=1):
            if (chat, sent_id) == (to.chat, delivery_id):
                return MessageRef(to, str(place))
        return Sight.ABSENT

    async def edit(self, ref: MessageRef, message: Message) -> None:
        raise NotImplementedError

    async def link_to(self, ref: MessageRef) -> str | None:
        return f"https://chat.example/{ref.address.chat}/{ref.message_id}"

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        raise NotImplementedError

    async def may_change(self, inbound: Inbound) -> bool:
        raise NotImplementedError

    async def check(self) -> str:
        return "scripted"
