"""One Slack workspace: what comes from it is answered, what is sent to it goes at its own pace, with its own token.

Slack's ids of channels are its own within a workspace, so everything in here speaks of bare channels; an address gets
the workspace's prefix on its way out of here, and loses it on its way in. Must not know any other workspace.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.chats import slack_history as history
from bot.chats.chat import Inbound, InboundFile, Place, Sight
from bot.chats.inbox import Inbox, persist
from bot.chats.message import note
from bot.chats.slack_blocks import render, render_parts
from bot.chats.slack_errors import is_answer
from bot.chats.slack_inbound import (
    bot_ids,
    event_id,
    files_of,
    from_command,
    from_direct_message,
    from_event,
    from_mention,
    from_press,
    is_direct,
)
from bot.chats.slack_surfaces import Doors, SlackSurfaces, with_opener
from bot.errors import ChatError, ChatGoneError, CommandError, MessageGoneError, NotSentError, RefusedError
from bot.model import Address, MessageRef, Platform
from bot.speech import ENGLISH, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from datetime import datetime

    from bot.chats.chat import Errand, InboundHandler, Reply
    from bot.chats.message import Message
    from bot.chats.slack_blocks import SlackPayload
    from bot.chats.slack_inbound import Payload
    from bot.chats.slack_web import SlackWeb

_MEMBER_CACHE_S: Final = 60.0
_LANG_CACHE_S: Final = 3600.0
_LANG_RETRY_S: Final = 60.0
_LANG_TIMEOUT_S: Final = 1.0
"""How long an answer may wait to learn in which language it is to be; a form must be answered within three seconds."""

_NOT_LISTENING: Final = "the bot is not listening yet"

log = logging.getLogger(__name__)


class SlackWorkspace:
    """One workspace. ``prefix`` is what the addresses of its chats begin with; it may change before ``listen``."""

    def __init__(self, web: SlackWeb, prefix: str = "") -> None:
        self.web = web
        self.prefix = prefix
        self._members: dict[str, tuple[float, bool]] = {}
        self._langs: dict[str, tuple[float, str]] = {}
        self._commands: frozenset[str] = frozenset()
        self._inbox: Inbox | None = None
        self._surfaces: SlackSurfaces | None = None

    def listen(self, handler: InboundHandler, commands: Collection[str]) -> None:
        """Let what comes in be handled; ``commands`` are the names that begin one in a direct message."""

        async def lifted(inbound: Inbound) -> tuple[Reply, ...]:
            lang = await self._lang_of(inbound.user_id)
            return await handler(replace(self._lifted(inbound), lang=lang))

        self._inbox = Inbox(lifted)
        self._surfaces = SlackSurfaces(self.web, Doors(lifted, self._inbox, self._answer))
        self._commands = frozenset(commands)

    async def stop(self) -> None:
        """Let handlers under way finish and close the connections; safe to call twice."""
        if self._inbox is not None:
            await self._inbox.drain()
        if self._surfaces is not None:
            await self._surfaces.stop()
        await self.web.close()

    @property
    def surfaces(self) -> SlackSurfaces:
        """Its modals and home pages. Raises NotSentError before ``listen``."""
        if self._surfaces is None:
            raise NotSentError(_NOT_LISTENING)
        return self._surfaces

    # ------------------------------------------------------------ out

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        """Post a message; a reply goes to the thread of the message that it answers.

        Pictures and files follow in messages of their own, since what Slack shows of them has no place in the text's.
        """
        place = self._bare(_in_thread(to, reply_to))
        ref = await self.web.post(place, render(message), errand=errand)
        await self.web.share(ref.address, message.attachments)
        return MessageRef(self._full(ref.address), ref.message_id)

    def hold(self, to: Address, seconds: float) -> None:
        """Let a channel's pacing begin with a pause."""
        self.web.hold(self._bare(to), seconds)

    async def find_sent(
        self, to: Address, delivery_id: int, *, since: datetime, reply_to: MessageRef | None = None
    ) -> MessageRef | Sight | None:
        """The message whose metadata name the delivery, among those of the channel or thread since then.

        Needs the scope channels:history, groups:history or im:history, and the bot in the channel.
        """
        place = _in_thread(to, reply_to)
        # What was to hang under a message that was deleted stands in the channel.
        places = (place, replace(place, thread=None)) if place.thread else (place,)
        sights = []
        for where in places:
            found = await history.find(partial(self.web.look, self._bare(where)), delivery_id, since=since)
            if isinstance(found, str):
                return MessageRef(where, found)
            sights.append(found)
        return None if None in sights else Sight.ABSENT

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message; pictures and files stay as they are."""
        await self.web.update(self._bare_ref(ref), render(message))

    async def link_to(self, ref: MessageRef) -> str | None:
        """The message's permalink, as Slack gives it."""
        with contextlib.suppress(NotSentError):
            return await self.web.permalink(self._bare_ref(ref))
        return None

    # ------------------------------------------------------------ who may

    async def may_change(self, inbound: Inbound) -> bool:
        """Everybody in a direct message; in channels the workspace's full members, not its guests or strangers.

        Where Slack does not let us look (the app may lack users:read), being in the channel is enough; where it does
        not answer at the moment, nobody may.
        """
        if inbound.private:
            return True
        now = time.monotonic()
        known_until, is_member = self._members.get(inbound.user_id, (0.0, False))
        if known_until < now:
            try:
                user = await self.web.user(inbound.user_id)
            except ChatError as error:
                log.warning("Slack did not say who %s is (the app needs users:read): %s", inbound.user_id, error)
                return is_answer(error)
            is_member = not any(
                user.get(mark) for mark in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
            )
            self._members = {k: v for k, v in self._members.items() if v[0] >= now}
            self._members[inbound.user_id] = (now + _MEMBER_CACHE_S, is_member)
        return is_member

    async def _lang_of(self, user_id: str) -> str:
        """The language that a person reads Slack in; the last one known, or "", where Slack does not say it in time."""
        now = time.monotonic()
        known_until, lang = self._langs.get(user_id, (0.0, ""))
        if known_until < now and user_id:
            keep_s = _LANG_RETRY_S
            with contextlib.suppress(ChatError, TimeoutError):
                async with asyncio.timeout(_LANG_TIMEOUT_S):
                    lang = str((await self.web.user(user_id)).get("locale") or ENGLISH)
                keep_s = _LANG_CACHE_S
            self._langs = {k: v for k, v in self._langs.items() if v[0] >= now}
            self._langs[user_id] = (now + keep_s, lang)
        return lang

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        """A channel that the person is a member of, by its name or id, and that the bot is in.

        Needs the scopes channels:read and groups:read.
        """
        wanted = name.removeprefix("#").casefold()
        try:
            found = await self.web.channel_of(inbound.user_id, wanted)
        except ChatError as error:
            said = _("Slack did not say which channels you are in (channels:read): {fault}")
            raise CommandError(said.format(fault=error)) from error
        if found is None:
            none = _("You are in no channel {name} that I can see. Invite me there first, if it is private.")
            raise CommandError(none.format(name=name))
        if not found.get("is_member"):
            raise CommandError(_("I am not in {name}: invite me there first, then say it again.").format(name=name))
        address = self._full(Address(Platform.SLACK, str(found["id"])))
        return Place(address, f"#{found.get('name') or wanted}")

    # ------------------------------------------------------------ in

    @property
    def is_full(self) -> bool:
        """Whether as much waits for an answer here as may."""
        return self._inbox is not None and self._inbox.is_full

    def command(self, command: Payload) -> None:
        """A slash command."""
        self._take(from_command(command), command.get("response_url"), str(command.get("trigger_id", "")))

    def press(self, body: Payload) -> None:
        """A pressed button, in a message or in a view."""
        if "view" in body:
            self.surfaces.pressed(body)
        else:
            self._take(from_press(body), body.get("response_url"), str(body.get("trigger_id", "")))

    def mention(self, body: Payload, event: Payload) -> None:
        """A message that names the bot."""
        self._take(self._brought(from_mention(event, bot_ids(body)), body, event), None)

    def message(self, body: Payload, event: Payload) -> None:
        """A message, of which those to the bot alone are heeded."""
        self._take(self._brought(from_direct_message(event, self._commands), body, event), None)

    def event(self, body: Payload, event: Payload) -> None:
        """What became of a channel."""
        self._take(self._brought(from_event(event, bot_ids(body)), body, event), None)

    def _brought(self, inbound: Inbound | None, body: Payload, event: Payload) -> Inbound | None:
        """The same with its files and its number, by which it is known where Slack tells it again."""
        if inbound is None:
            return None
        files = (InboundFile(file.name, file.size_bytes, partial(self.web.download, file)) for file in files_of(event))
        return replace(inbound, files=tuple(files), event=event_id(body))

    def _take(self, inbound: Inbound | None, response_url: str | None, trigger_id: str = "") -> None:
        if inbound is not None and self._inbox is not None:
            self._inbox.put(inbound, partial(self._answer_or_ask, inbound, response_url, trigger_id))

    async def _answer_or_ask(self, inbound: Inbound, response_url: str | None, trigger_id: str, reply: Reply) -> None:
        """Open the form that an answer holds; where that cannot be done, give the answer."""
        form = reply.message.form
        opened = False
        if form is not None and trigger_id and self._surfaces is not None:
            opened = await self._surfaces.open(trigger_id, form, inbound, response_url)
        if not opened:
            await self._answer(inbound, response_url, reply)

    async def _answer(self, inbound: Inbound, response_url: str | None, reply: Reply) -> None:
        whisper = reply.private_to_user and not is_direct(inbound.address.chat)
        message = with_opener(reply.message)
        message = _with_whereabouts(message) if whisper else message
        hushed = None if self._inbox is None else partial(self._inbox.hushed, inbound.address)
        for place, payload in enumerate(render_parts(message)):
            in_place = reply.edit and place == 0
            send = partial(self._answer_part, inbound, response_url, payload, whisper=whisper, edit=in_place)
            await persist(send, hushed)
        if not reply.message.attachments:
            return
        if whisper:
            await self.web.share_privately(inbound.user_id, reply.message.attachments)
        else:
            await self.web.share(inbound.address, reply.message.attachments)

    async def _answer_part(
        self, inbound: Inbound, response_url: str | None, payload: SlackPayload, *, whisper: bool, edit: bool
    ) -> None:
        """By the address that came with a command or press, or as a post; where one way is closed, by the other.

        In a thread the post goes first: what comes by that address stands in the channel, where nobody looks for it.
        """
        post: Callable[[], Awaitable[object]] = partial(self.web.post, inbound.address, payload, urgent=True)
        if whisper:
            post = partial(self.web.whisper, inbound.address, inbound.user_id, payload)
        if not response_url:
            await post()
            return
        respond = partial(self.web.respond, response_url, payload, ephemeral=whisper, replace=edit)
        first, second = (post, respond) if inbound.address.thread and not edit else (respond, post)
        try:
            await first()
        except (RefusedError, NotSentError, ChatGoneError, MessageGoneError) as error:
            log.info("an answer was not taken (%s); giving it the other way", error)
            await second()

    # ------------------------------------------------------------ addresses

    def _bare(self, address: Address) -> Address:
        return replace(address, chat=address.chat.removeprefix(self.prefix))

    def _bare_ref(self, ref: MessageRef) -> MessageRef:
        return MessageRef(self._bare(ref.address), ref.message_id)

    def _full(self, address: Address) -> Address:
        return replace(address, chat=f"{self.prefix}{address.chat}")

    def _lifted(self, inbound: Inbound) -> Inbound:
        """What came in, with addresses that are the bot's own."""
        replied = inbound.replied_to
        if replied is not None:
            replied = MessageRef(self._full(replied.address), replied.message_id)
        moved_to = None if inbound.moved_to is None else self._full(inbound.moved_to)
        return replace(inbound, address=self._full(inbound.address), replied_to=replied, moved_to=moved_to)


def _with_whereabouts(message: Message) -> Message:
    """The message, saying where its picture or file is if it has one: in a channel it could not be for one's eyes."""
    if not message.attachments:
        return message
    where = note(_("{file}: in our direct messages.").format(file=message.attachments[0].name))
    return replace(message, blocks=(*message.blocks, where))


def _in_thread(to: Address, reply_to: MessageRef | None) -> Address:
    """The thread to post in: a reply's is that of the message it answers, which may itself be one of a thread."""
    if reply_to is None or reply_to.address.chat != to.chat:
        return to
    return Address(to.platform, to.chat, reply_to.address.thread or reply_to.message_id)
