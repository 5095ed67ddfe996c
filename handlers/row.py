"""What a row of the command table holds, and what a handler is given. This module must know no command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.chats.message import Message
from bot.speech import _

if TYPE_CHECKING:
    from bot.chats.chat import Inbound
    from bot.model import Chat
    from handlers.ports import Desk

CommandT_co = TypeVar("CommandT_co", covariant=True)


async def _nobody() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Call(Generic[CommandT_co]):
    """One command, from one chat, with the services to carry it out.

    ``is_admin`` asks the platform whether whoever typed it may change things.
    """

    desk: Desk
    chat: Chat
    command: CommandT_co
    inbound: Inbound
    is_admin: Callable[[], Awaitable[bool]] = _nobody


Answer = Message | tuple[Message, ...]
Handler = Callable[[Call[Any]], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Row:
    """One form of one command: a name, and for some a second word, the ``verb``.

    ``usage`` is the pattern to type, with the changing parts in capitals; ``example`` a text that works as it stands;
    ``summary`` English to be translated, and ``about`` the same in the language spoken.
    ``kind`` is the dataclass that the grammar makes of it. What ``changes`` things is for admins only in groups. Where
    it ``edits``, the answer to a press takes the place of the message that held the button.
    """

    name: str
    usage: str
    summary: str
    example: str
    kind: type[Any]
    handler: Handler
    verb: str = ""
    changes: bool = False
    edits: bool = False

    @property
    def about(self) -> str:
        """What it does, in the language spoken."""
        return _(self.summary)
