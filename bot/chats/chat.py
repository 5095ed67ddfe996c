"""The port that every chat platform implements, and what comes in through it.

The bot's side never sees an SDK's types: an adapter turns what the platform sends into ``Inbound`` values, calls the
``InboundHandler`` it was started with and delivers the replies; it renders every outgoing ``Message`` itself and turns
the SDK's errors into those of ``bot.errors``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from bot.speech import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.chats.message import Message
    from bot.model import Address, MessageRef, Platform


@dataclass(frozen=True, slots=True)
class InboundFile:
    """A file that came with a text.

    ``read`` fetches it; raises CommandError where that fails, or where it is larger than ``limits.OPML_BYTES``.
    """

    name: str
    size_bytes: int
    read: Callable[[], Awaitable[bytes]]


class FormStep(Enum):
    """What to do with a form that a person has filled in."""

    TRY = auto()  # it is still open: say what the values in it would lead to
    CHECK = auto()  # it is about to be sent, and the person waits: say what is wrong, at once and changing nothing
    SEND = auto()  # it passed the check and is closed: do it


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form as a person filled it in: ``values`` by the field's name, "" for what was left empty."""

    action: str
    argument: str
    values: Mapping[str, str]
    step: FormStep


class Sight(Enum):
    """What a look for a message gave, where it did not give the message."""

    ABSENT = auto()  # we saw all that it would be among


class Happening(Enum):
    """What became of the bot's place in a chat, as the platform tells it."""

    GONE = auto()  # it may not speak there any more: removed, archived, deleted
    BACK = auto()  # it may again
    RENAMED = auto()  # the chat has another title
    JOINED = auto()  # somebody has just added it, and is to be told what to do next
    MOVED = auto()  # the chat has a new address
    REFUSED = auto()  # the platform, or a workspace of it, takes the bot's token no more: nobody is left to be told
    ACCEPTED = auto()  # it does
    HUSHED = auto()  # it answered an answer of ours by asking for silence there


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that a person did: typed a command, pressed a button, filled in a form or opened the bot's own page.

    ``text`` is the command as typed, with the platform's dressing removed (``/topics@SomeBot add x`` and Slack's
    ``/backstory topics add x`` both arrive as ``/topics add x``). For a press ``text`` is empty and ``data`` is the
    button's ``action:argument``. ``replied_to`` is the message that a command replies to or a button sits on.
    ``lang`` is the language that the person reads the platform in, "" where that is not known at the moment.
    ``bot_name`` is what the bot is called where links can name it (Telegram).
    ``private`` is True where only this person and the bot read along. ``files`` came with the text, which may be empty.
    For a ``form`` text and data are empty; a TRY or CHECK is answered with the form again, and CHECK with nothing where
    nothing is wrong. With ``home``, the bot's own page is asked for: each message of the answer is one part of it.
    With ``happening`` nobody asks for anything; ``moved_to`` is the new address of a chat that MOVED, and ``text`` says
    why something is GONE or REFUSED, the address of which is a workspace's or none; ``wait_s`` is how long a chat that
    is HUSHED is to be left alone. ``event`` is the platform's number for this, where it may bring it again.
    """

    address: Address
    user_id: str
    text: str = ""
    data: str = ""
    chat_title: str = ""
    private: bool = True
    replied_to: MessageRef | None = None
    lang: str = "en"
    bot_name: str = ""
    files: tuple[InboundFile, ...] = ()
    form: FilledForm | None = None
    home: bool = False
    happening: Happening | None = None
    moved_to: Address | None = None
    wait_s: float = 0.0
    event: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to an ``Inbound``. ``private_to_user`` asks for an ephemeral message where the platform has them.

    With ``edit``, the answer to a press takes the place of the message that held the button, where that can be done.
    """

    message: Message
    private_to_user: bool = True
    edit: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """The delivery that a message carries out.

    ``begin`` is awaited when the message's turn has come, right before the request is written: it writes down that the
    request may leave, and raises NotSentError if it must not. With ``broadcast`` a reply in a thread is shown in its
    channel, too, where the platform can.
    """

    delivery_id: int
    begin: Callable[[], Awaitable[None]]
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where alerts may be sent to, as the platform numbers it, and what it is called."""

    address: Address
    title: str


InboundHandler = Callable[[Inbound], Awaitable[tuple[Reply, ...]]]


@dataclass(frozen=True, slots=True)
class CommandHint:
    """A row of the platform's command menu. ``summary`` is English; ``said`` the same in the language spoken."""

    name: str
    summary: str

    @property
    def said(self) -> str:
        """What the command does, without a full stop."""
        return _(self.summary).rstrip(".")


class ChatPort(Protocol):
    """A chat platform. ``send`` and ``edit`` raise the ``ChatError`` tree and nothing else."""

    @property
    def platform(self) -> Platform:
        """Which platform this is; at most one adapter of each runs."""
        ...

    async def start(self, handler: InboundHandler, menu: tuple[CommandHint, ...]) -> None:
        """Begin to listen and return once listening; commands then reach ``handler``, one at a time a chat."""
        ...

    async def hold(self, to: Address, seconds: float) -> None:
        """Send nothing there for so long, answers included: an earlier run was asked to wait. Never raises."""
        ...

    async def stop(self) -> None:
        """Stop listening and let handlers under way finish. Safe to call twice or before ``start``."""
        ...

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        """Post a message, as a reply or in the thread of ``reply_to`` where given and still there."""
        ...

    async def find_sent(
        self, to: Address, delivery_id: int, *, since: datetime, reply_to: MessageRef | None = None
    ) -> MessageRef | Sight | None:
        """The message that carried out a delivery ``since`` then; ABSENT if there is none, None if we may not look.

        Raises NotSentError or RetryAfterError where the platform has to be asked again later.
        """
        ...

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message that this bot sent. Text that is already the same is not an error."""
        ...

    async def link_to(self, ref: MessageRef) -> str | None:
        """The https address of a message that this bot sent, for those who are in the chat; None where it has none.

        Never raises: a link that cannot be had is left out.
        """
        ...

    async def may_change(self, inbound: Inbound) -> bool:
        """Whether this person may change the chat's topics and feeds (in groups: its admins)."""
        ...

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        """A channel that this person may have alerts sent to, and where we may post. Raises CommandError: why not."""
        ...

    async def check(self) -> str:
        """Who we are to the platform, in words for ``doctor``; ``ChatError`` or ``SettingsError`` if it refuses us."""
        ...
