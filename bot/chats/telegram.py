"""Telegram as a chat, over the Bot API by long polling or webhook: python-telegram-bot in, the ``ChatPort`` out.

The SDK's types and errors end here. Its rate limiter stays off: it does not pace private chats, and one 429 makes it
halt every chat. Telegram has no idempotency keys, so an error after the request was written is "maybe sent".
"""

from __future__ import annotations

import contextlib
import logging
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from telegram.constants import ChatMemberStatus
from telegram.error import InvalidToken, TelegramError

from bot.chats import telegram_calls as calls
from bot.chats.chat import Happening, Inbound, Place
from bot.chats.inbox import Inbox, persist, to_nobody
from bot.chats.layout import cut_text
from bot.chats.pacing import Pacer, Rate
from bot.chats.telegram_connection import Connection
from bot.chats.telegram_entities import as_caption, render, render_caption, render_parts, render_whole
from bot.chats.telegram_sdk import (
    TOKEN_REFUSED,
    asked_in,
    chat_id,
    happening_of,
    in_channel,
    inbound_of,
    is_captioned,
    is_same_text,
    may_post,
    number,
    number_of,
    translated,
)
from bot.errors import (
    ChatError,
    ChatGoneError,
    CommandError,
    MaybeSentError,
    MessageGoneError,
    NotSentError,
    RefusedError,
    RetryAfterError,
    SettingsError,
)
from bot.limits import (
    SEND_TIMEOUT_S,
    TELEGRAM_ANSWER_CHARS,
    TELEGRAM_OVERALL_PER_S,
    TELEGRAM_PER_CHAT_S,
    TELEGRAM_PER_GROUP_S,
)
from bot.model import Address, MessageRef, Platform
from bot.speech import _

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime

    from telegram import Update

    from bot.chats.chat import CommandHint, Errand, InboundHandler, Reply
    from bot.chats.message import Message
    from bot.chats.telegram_entities import Rendered
    from bot.chats.telegram_webhook import Webhook

_ADMIN_CACHE_S: Final = 60.0
_NAME_CACHE_S: Final = 3600.0
_SUPERGROUP: Final = "-100"
"""Groups with links to their messages, and channels, are numbered from here on (core.telegram.org/api/bots/ids)."""
_ADMINS: Final = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

_PRIVATE_RATE: Final = Rate(TELEGRAM_PER_CHAT_S, burst=3)  # short bursts are allowed: core.telegram.org/bots/faq
_GROUP_RATE: Final = Rate(TELEGRAM_PER_GROUP_S)
_OVERALL_RATE: Final = Rate(1 / TELEGRAM_OVERALL_PER_S)

_Result = TypeVar("_Result")

log = logging.getLogger(__name__)


class TelegramChat:
    """The ``ChatPort`` of Telegram.

    ``base_url`` names another Bot API server, such as a local one: ``http://127.0.0.1:8081``, with or without a
    trailing ``/bot``. ``timeout_s`` is how long one call may take. With a ``webhook`` Telegram brings its updates
    there; without one they are asked for.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None = None,
        timeout_s: float = SEND_TIMEOUT_S,
        webhook: Webhook | None = None,
    ) -> None:
        self._connection = Connection(
            token, base_url=base_url, timeout_s=timeout_s, webhook=webhook, on_token=self._heed_token
        )
        self._pacer = Pacer(overall=_OVERALL_RATE)
        self._admins: dict[tuple[str, str], tuple[float, bool]] = {}
        self._names: dict[str, tuple[float, str]] = {}
        self._inbox: Inbox | None = None
        self._stopped = False

    @property
    def platform(self) -> Platform:
        """Telegram."""
        return Platform.TELEGRAM

    async def start(self, handler: InboundHandler, menu: tuple[CommandHint, ...]) -> None:
        """Begin to take updates. With the network down, return all the same and go on trying.

        Raises SettingsError if Telegram refuses the token.
        """
        self._inbox = Inbox(handler)
        try:
            await self._connection.start(self._on_update, menu)
        except SettingsError:
            await self.stop()
            raise

    async def hold(self, to: Address, seconds: float) -> None:
        """Let the chat's pacing begin with a pause."""
        self._pacer.hold(to.chat, _rate(to), seconds)

    async def stop(self) -> None:
        """Take no more updates, let handlers under way finish and close the connections."""
        await self._connection.stop()
        if self._inbox is not None:
            await self._inbox.drain()
        self._stopped = True
        await self._connection.close()

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        """Post a message. A reply to a message of another chat or topic, or to one that is gone, stands on its own.

        An attachment that Telegram does not take is left out: the text stands without it.
        """
        *attached, last = render_whole(message)
        for bare in attached:
            try:
                await self._post(to, bare, None, errand=errand)
            except (RefusedError, MaybeSentError) as error:
                log.warning("an attachment was not taken; the text goes without it: %s", error)
            errand = None  # begun
        try:
            return await self._post(to, last, reply_to, errand=errand)
        except MessageGoneError:
            # Telegram's own leave to send without the reply does not hold everywhere.
            if reply_to is None:
                raise
            return await self._post(to, last, None, errand=errand)

    async def find_sent(
        self,
        to: Address,  # noqa: ARG002 - the port's signature
        delivery_id: int,  # noqa: ARG002 - the same
        *,
        since: datetime,  # noqa: ARG002 - the same
        reply_to: MessageRef | None = None,  # noqa: ARG002 - the same
    ) -> MessageRef | None:
        """A bot cannot read what a chat holds: Telegram never tells."""
        return None

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace the text and buttons of a message, and its picture by the new one if that has a caption.

        What has outgrown the caption of the message that is there raises MessageGoneError: it must be said anew.
        """
        caption = render_caption(message)
        await self._turn(ref.address)
        try:
            if caption is not None:
                await self._call(ref.address, calls.edit_media(self._connection.bot, ref, caption))
            else:
                await self._call(ref.address, calls.edit_text(self._connection.bot, ref, render(message)))
        except RefusedError as error:
            if is_captioned(error):
                await self._edit_caption(ref, message)
            elif not is_same_text(error):
                raise

    async def _edit_caption(self, ref: MessageRef, message: Message) -> None:
        """Edit what turned out to be a picture's caption."""
        rendered = as_caption(message)
        if rendered is None:
            raise MessageGoneError("the text has outgrown the caption that it would replace")
        try:
            await self._call(ref.address, calls.edit_caption(self._connection.bot, ref, rendered))
        except RefusedError as error:
            if not is_same_text(error):
                raise

    async def link_to(self, ref: MessageRef) -> str | None:
        """A message of a public group or channel by its name, of a private one by its number; none in other chats.

        See core.telegram.org/api/links#message-links.
        """
        chat = ref.address.chat
        if not chat.startswith(_SUPERGROUP):
            return f"https://t.me/{chat[1:]}/{ref.message_id}" if chat.startswith("@") else None
        name = await self._public_name(ref.address)
        return f"https://t.me/{name or 'c/' + chat.removeprefix(_SUPERGROUP)}/{ref.message_id}"

    async def may_change(self, inbound: Inbound) -> bool:
        """Everybody in private; in groups and channels the admins, who may be anonymous."""
        chat = inbound.address.chat
        if inbound.private or inbound.user_id == chat:
            return True
        key = (chat, inbound.user_id)
        known_until, is_admin = self._admins.get(key, (0.0, False))
        now = time.monotonic()
        if known_until < now:
            try:
                member = await self._call(
                    inbound.address,
                    self._connection.bot.get_chat_member(chat_id(inbound.address), number(inbound.user_id)),
                )
            except ChatError as error:
                log.warning("Telegram did not say who is an admin: %s", error)
                return False
            is_admin = member.status in _ADMINS
            self._admins = {k: v for k, v in self._admins.items() if v[0] >= now}
            self._admins[key] = (now + _ADMIN_CACHE_S, is_admin)
        return is_admin

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        """A channel or group that the person is an admin of, and that we may post to."""
        if inbound.user_id.startswith("-"):
            raise CommandError(_("You write as a group, so I cannot see whether it is yours. Ask me in private."))
        asked = Address(Platform.TELEGRAM, name)
        bot = self._connection.bot
        try:
            found = await self._call(asked, bot.get_chat(chat_id(asked)))
            person = await self._call(asked, bot.get_chat_member(found.id, number(inbound.user_id)))
            ours = await self._call(asked, bot.get_chat_member(found.id, bot.id))
        except (ChatGoneError, RefusedError) as error:
            unseen = _("I cannot see {name}: make me an admin there, with permission to post. ({fault})")
            raise CommandError(unseen.format(name=name, fault=error)) from error
        except ChatError as error:
            raise CommandError(
                _("Telegram did not answer about {name}; please try again.").format(name=name)
            ) from error
        if person.status not in _ADMINS:
            raise CommandError(_("Only an admin of {name} can have alerts sent there.").format(name=name))
        if not may_post(ours, found.type):
            closed = _("I am not allowed to post in {name}: make me an admin there, with permission to post.")
            raise CommandError(closed.format(name=name))
        return Place(Address(Platform.TELEGRAM, str(found.id)), found.effective_name or name)

    async def check(self) -> str:
        """The bot's name, by getMe."""
        try:
            me = await self._connection.bot.get_me()
        except InvalidToken:
            raise SettingsError(TOKEN_REFUSED) from None
        except TelegramError as error:
            raise translated(error, Address(Platform.TELEGRAM, "")) from error
        return f"Telegram: @{me.username} ({me.full_name})"

    async def _public_name(self, address: Address) -> str:
        """The name of a public group or channel, "" for a private one; asked for once in a while."""
        known_until, name = self._names.get(address.chat, (0.0, ""))
        now = time.monotonic()
        if known_until < now:
            try:
                name = (await self._call(address, self._connection.bot.get_chat(chat_id(address)))).username or ""
            except ChatError as error:
                log.info("Telegram did not say what the chat is called: %s", error)
            self._names = {k: v for k, v in self._names.items() if v[0] >= now}
            self._names[address.chat] = (now + _NAME_CACHE_S, name)
        return name

    # ------------------------------------------------------------ out

    async def _post(
        self,
        to: Address,
        rendered: Rendered,
        reply_to: MessageRef | None,
        *,
        urgent: bool = False,
        errand: Errand | None = None,
    ) -> MessageRef:
        reply_to = reply_to if reply_to is not None and reply_to.address == to else None
        await self._turn(to, urgent=urgent)
        if errand is not None:
            await errand.begin()
        try:
            sent = await self._call(to, calls.post(self._connection.bot, to, rendered, reply_to), urgent=urgent)
        except (RefusedError, MaybeSentError) as error:
            captioned = rendered.attachment is not None and bool(rendered.text)
            if not captioned or (errand is not None and isinstance(error, MaybeSentError)):
                raise
            # An answer is rather given twice than not at all; a delivery is repeated by the outbox, and marked.
            log.warning("an attachment was not taken; its text goes without it: %s", error)
            bare = replace(rendered, attachment=None)
            sent = await self._call(to, calls.post(self._connection.bot, to, bare, reply_to), urgent=urgent)
        return MessageRef(to, str(sent.message_id))

    async def _turn(self, to: Address, *, urgent: bool = False) -> None:
        if self._stopped:
            message = "the bot is stopping"
            raise NotSentError(message)
        await self._pacer.turn(to.chat, _rate(to), urgent=urgent)

    async def _call(self, to: Address, call: Awaitable[_Result], *, urgent: bool = False) -> _Result:
        try:
            async with self._pacer.request(urgent=urgent):
                return await call
        except TelegramError as error:
            ours = translated(error, to)
            if isinstance(ours, RetryAfterError):
                self._pacer.hold(to.chat, _rate(to), ours.seconds)
            raise ours from error

    # ------------------------------------------------------------ in

    def _heed_token(self, refused: bool) -> None:  # noqa: FBT001 - a callback's only argument
        """Tell the bot's owner that nobody can be told anything any more, or that it works again."""
        if self._inbox is None:
            return
        happening = Happening.REFUSED if refused else Happening.ACCEPTED
        words = TOKEN_REFUSED if refused else ""
        told = Inbound(Address(Platform.TELEGRAM, ""), "", text=words, happening=happening)
        self._inbox.put(told, to_nobody)

    async def _on_update(self, update: Update, _context: object) -> None:
        """Sort an update into the inbox; only where that is full does polling wait, and Telegram keeps the rest."""
        if self._inbox is None:
            return
        await self._inbox.room()
        query = update.callback_query
        happened = happening_of(update)
        inbound = happened or inbound_of(update, self._connection.bot.username)
        if inbound is not None:
            inbound = replace(inbound, event=number_of(update, self._connection.bot.id))
        if inbound is not None and query is not None and in_channel(query):
            self._connection.app.create_task(self._answer_reader(self._inbox, inbound, query.id), update=update)
            return
        if query is not None:
            # The press is answered at once, else the button spins until the handler is done.
            self._connection.app.create_task(self._answer_press(query.id), update=update)
        if inbound is not None:
            asked = None if happened else asked_in(update, inbound)
            self._inbox.put(inbound, lambda reply: self._answer(inbound.address, reply, asked))

    async def _answer_reader(self, inbox: Inbox, inbound: Inbound, query_id: str) -> None:
        """Answer a press in a channel: anybody may read there, and what all would see is not theirs to post."""
        said: list[str] = []

        async def take(reply: Reply) -> None:
            said.append(reply.message.plain_text)

        await inbox.put(inbound, take)
        await self._answer_press(query_id, cut_text("\n".join(said), TELEGRAM_ANSWER_CHARS))

    async def _answer_press(self, query_id: str, said: str = "") -> None:
        """End the spinning of a button; with ``said`` in a window that only this person sees."""
        # A press that is too old to be answered is still a press.
        with contextlib.suppress(TelegramError):
            await self._connection.bot.answer_callback_query(query_id, said or None, show_alert=bool(said))

    async def _answer(self, to: Address, reply: Reply, reply_to: MessageRef | None) -> None:
        # Pictures that need a message of their own cannot take another's place.
        fits = not reply.message.attachments or render_caption(reply.message) is not None
        if reply.edit and reply_to is not None and fits:
            # Where the message cannot be changed any more, the answer is a new one.
            with contextlib.suppress(ChatError):
                await self.edit(reply_to, reply.message)
                return
            reply_to = None
        hushed = None if self._inbox is None else partial(self._inbox.hushed, to)
        for position, part in enumerate(render_parts(reply.message)):
            send = partial(self._post, to, part, None if position else reply_to, urgent=True)
            await persist(send, hushed)


def _rate(address: Address) -> Rate:
    # Telegram numbers groups and channels below zero.
    return _GROUP_RATE if address.chat.startswith(("-", "@")) else _PRIVATE_RATE
