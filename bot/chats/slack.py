"""Slack as a chat: slack-bolt's async app in, ``SlackWeb`` out, the ``ChatPort`` outside.

Socket Mode where there is an app token, else HTTP with signed requests. Everything is acknowledged at once, since Slack
asks again after three seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bot.chats import slack_history as history
from bot.chats.chat import InboundFile, Place
from bot.chats.inbox import Inbox, persist
from bot.chats.message import note
from bot.chats.slack_blocks import render, render_parts
from bot.chats.slack_inbound import (
    Payload,
    bot_ids,
    files_of,
    from_command,
    from_direct_message,
    from_event,
    from_mention,
    from_press,
    is_direct,
)
from bot.chats.slack_surfaces import Doors, SlackSurfaces, with_opener
from bot.chats.slack_web import SlackWeb
from bot.errors import ChatError, CommandError, NotSentError, RefusedError, SettingsError
from bot.limits import SEND_TIMEOUT_S
from bot.model import Address, MessageRef, Platform

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.chats.chat import CommandHint, Errand, Inbound, InboundHandler, Reply
    from bot.chats.message import Message
    from bot.chats.slack_blocks import SlackPayload

EVENTS_PATH: Final = "/slack/events"
"""Where Slack is to send commands, events and presses in HTTP mode."""

_PING_S: Final = 10.0
_WATCH_S: Final = 15.0
_EVENTS_KEPT_S: Final = 3600.0
_MEMBER_CACHE_S: Final = 60.0
UNINSTALLED: Final = ("app_uninstalled", "tokens_revoked")
"""Events after which no call is answered any more: every send then finds its chat gone."""
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_BODY_BYTES: Final = 1024 * 1024


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HttpMode:
    """Where to listen for Slack's requests, and the secret that they are signed with. Port 0 takes any free one."""

    signing_secret: str
    host: str = "127.0.0.1"
    port: int = 3000


class SlackChat:
    """The ``ChatPort`` of one Slack workspace.

    With ``app_token`` it uses Socket Mode; else ``http`` says where to listen. ``base_url`` names another Web API, such
    as a double: ``http://127.0.0.1:9000/api/``. ``timeout_s`` is how long one call may take. ``http_port`` is the port
    that HTTP mode listens on, once started.
    """

    def __init__(
        self,
        bot_token: str,
        *,
        app_token: str | None = None,
        http: HttpMode | None = None,
        base_url: str | None = None,
        timeout_s: float = SEND_TIMEOUT_S,
    ) -> None:
        if not app_token and http is None:
            message = "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside SLACK_BOT_TOKEN"
            raise SettingsError(message)
        self._web = SlackWeb(bot_token, base_url=base_url, timeout_s=timeout_s)
        self._app_token = app_token
        self._http = http
        self._seen_events: dict[str, float] = {}
        self._members: dict[str, tuple[float, bool]] = {}
        self._commands: frozenset[str] = frozenset()
        self._inbox: Inbox | None = None
        self._surfaces: SlackSurfaces | None = None
        self._runner: web.AppRunner | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None
        self.http_port: int | None = None

    @property
    def platform(self) -> Platform:
        """Slack."""
        return Platform.SLACK

    async def start(self, handler: InboundHandler, menu: tuple[CommandHint, ...]) -> None:
        """Begin to listen. With the network down in Socket Mode, return all the same and go on trying.

        Raises SettingsError if Slack refuses the bot's token.
        """
        try:
            await self._web.who()
        except SettingsError:
            await self.stop()
            raise
        except ChatError as error:
            log.warning("Slack is out of reach (%s); trying again until it answers", error)
        self._inbox = Inbox(handler)
        self._surfaces = SlackSurfaces(self._web, Doors(handler, self._inbox, self._answer))
        self._commands = frozenset(hint.name for hint in menu)
        bolt = self._bolt_app()
        if self._app_token:
            self._socket = AsyncSocketModeHandler(
                bolt, self._app_token, web_client=self._web.client(), ping_interval=_PING_S
            )
            self._connecting = asyncio.create_task(self._stay_connected(self._socket), name="slack-connect")
        elif self._http is not None:
            await self._serve(bolt, self._http)

    async def stop(self) -> None:
        """Stop listening, let handlers under way finish and close the connections."""
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
        socket, self._socket = self._socket, None
        if socket is not None:
            await _close(socket)
        if self._inbox is not None:
            await self._inbox.drain()
        if self._surfaces is not None:
            await self._surfaces.stop()
        await self._web.close()

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        """Post a message; a reply goes to the thread of the message that it answers.

        Pictures and files follow in messages of their own, since what Slack shows of them has no place in the text's.
        """
        place = _in_thread(to, reply_to)
        ref = await self._web.post(place, render(message), errand=errand)
        await self._web.share(place, message.attachments)
        return ref

    async def find_sent(
        self, to: Address, delivery_id: int, *, since: datetime, reply_to: MessageRef | None = None
    ) -> MessageRef | None:
        """The message whose metadata name the delivery, among those of the channel or thread since then.

        Needs the scope channels:history, groups:history or im:history, and the bot in the channel.
        """
        place = _in_thread(to, reply_to)
        found = await history.find(partial(self._web.look, place), delivery_id, since=since)
        return MessageRef(place, found) if found else None

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message; pictures and files stay as they are."""
        await self._web.update(ref, render(message))

    async def link_to(self, ref: MessageRef) -> str | None:
        """The message's permalink, as Slack gives it."""
        with contextlib.suppress(NotSentError):
            return await self._web.permalink(ref)
        return None

    async def may_change(self, inbound: Inbound) -> bool:
        """Everybody in a direct message; in channels the workspace's full members, not its guests or strangers.

        Where Slack does not let us look (the app may lack users:read), being in the channel is enough.
        """
        if inbound.private:
            return True
        now = time.monotonic()
        known_until, is_member = self._members.get(inbound.user_id, (0.0, False))
        if known_until < now:
            try:
                user = await self._web.user(inbound.user_id)
            except ChatError as error:
                log.warning("Slack did not say who %s is (the app needs users:read): %s", inbound.user_id, error)
                return True
            is_member = not any(
                user.get(mark) for mark in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
            )
            self._members = {k: v for k, v in self._members.items() if v[0] >= now}
            self._members[inbound.user_id] = (now + _MEMBER_CACHE_S, is_member)
        return is_member

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        """A channel that the person is a member of, by its name or id, and that the bot is in.

        Needs the scopes channels:read and groups:read.
        """
        wanted = name.removeprefix("#").casefold()
        try:
            found = await self._web.channel_of(inbound.user_id, wanted)
        except ChatError as error:
            raise CommandError(f"Slack did not say which channels you are in (channels:read): {error}") from error
        if found is None:
            raise CommandError(f"You are in no channel {name} that I can see. Invite me there first, if it is private.")
        if not found.get("is_member"):
            raise CommandError(f"I am not in {name}: invite me there first, then say it again.")
        return Place(Address(Platform.SLACK, str(found["id"])), f"#{found.get('name') or wanted}")

    async def check(self) -> str:
        """The bot's name and workspace, by auth.test; in Socket Mode the app's token is tried as well."""
        me = await self._web.who()
        if self._app_token:
            await self._web.try_app_token(self._app_token)
        mode = "Socket Mode" if self._app_token else "HTTP"
        return f"Slack: @{me.get('user')} in {me.get('team')} by {mode}"

    # ------------------------------------------------------------ connecting

    def _bolt_app(self) -> AsyncApp:
        secret = self._http.signing_secret if self._http else ""
        bolt = AsyncApp(
            client=self._web.client(), signing_secret=secret, request_verification_enabled=self._app_token is None
        )
        bolt.command(re.compile(".*"))(self._on_command)
        bolt.event("app_mention")(self._on_mention)
        bolt.event("message")(self._on_message)
        bolt.action(re.compile(".*"))(self._on_press)
        if self._surfaces is not None:
            self._surfaces.listen(bolt)
        bolt.event(re.compile(".*"))(self._on_other_event)
        return bolt

    async def _serve(self, bolt: AsyncApp, http: HttpMode) -> None:
        async def on_request(request: web.Request) -> web.Response:
            sent_at = request.headers.get("X-Slack-Request-Timestamp", "")
            signature = request.headers.get("X-Slack-Signature", "")
            if not (_TIMESTAMP.fullmatch(sent_at) and signature.isascii()):
                # The SDK's checks raise on what is no number, or no ASCII.
                return web.Response(status=401)
            try:
                asked = await to_bolt_request(request)
            except ValueError:
                return web.Response(status=400)  # no JSON where JSON was announced: the SDK reads before it checks
            return await to_aiohttp_response(await bolt.async_dispatch(asked))

        site = web.Application(client_max_size=_BODY_BYTES)
        site.router.add_post(EVENTS_PATH, on_request)
        self._runner = web.AppRunner(site, access_log=None)
        await self._runner.setup()
        listener = web.TCPSite(self._runner, http.host, http.port)
        await listener.start()
        self.http_port = self._runner.addresses[0][1]
        log.info("Slack may send to %s on port %d", EVENTS_PATH, self.http_port)

    async def _stay_connected(self, socket: AsyncSocketModeHandler) -> None:
        """Connect, which the SDK tries until it succeeds, and see to it that it stays so."""
        client = socket.client
        connecting = asyncio.create_task(client.connect())  # type: ignore[no-untyped-call]
        try:
            while True:
                await asyncio.sleep(_WATCH_S)
                if not await client.is_connected():
                    # The SDK would try the same address for ever, and Slack's addresses are good for one use.
                    client.wss_uri = None
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)

    # ------------------------------------------------------------ in

    async def _on_command(self, ack: Callable[[], Awaitable[object]], command: Payload) -> None:
        await ack()
        self._take(from_command(command), command.get("response_url"), str(command.get("trigger_id", "")))

    async def _on_press(self, ack: Callable[[], Awaitable[object]], body: Payload) -> None:
        await ack()
        if "view" in body and self._surfaces is not None:
            self._surfaces.pressed(body)
        else:
            self._take(from_press(body), body.get("response_url"), str(body.get("trigger_id", "")))

    async def _on_mention(self, body: Payload, event: Payload) -> None:
        if self._is_new(body):
            self._take(self._with_files(from_mention(event), event), None)

    async def _on_message(self, body: Payload, event: Payload) -> None:
        if self._is_new(body):
            self._take(self._with_files(from_direct_message(event, self._commands), event), None)

    async def _on_other_event(self, body: Payload, event: Payload) -> None:
        """Heed what became of a channel or of the app; the rest is only acknowledged, or Slack would send it again."""
        if not self._is_new(body):
            return
        kind = event.get("type")
        if kind in UNINSTALLED:
            log.error("the app was removed from its workspace (%s): install it again, and renew its tokens", kind)
        self._take(from_event(event, bot_ids(body)), None)

    def _with_files(self, inbound: Inbound | None, event: Payload) -> Inbound | None:
        if inbound is None:
            return None
        files = (InboundFile(file.name, file.size_bytes, partial(self._web.download, file)) for file in files_of(event))
        return replace(inbound, files=tuple(files))

    def _is_new(self, body: Payload) -> bool:
        """Whether this event was not seen before: Slack sends it up to three times more if it doubts the first."""
        event_id = str(body.get("event_id", ""))
        now = time.monotonic()
        self._seen_events = {k: v for k, v in self._seen_events.items() if v > now}
        if event_id in self._seen_events:
            return False
        self._seen_events[event_id] = now + _EVENTS_KEPT_S
        return True

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
        for place, payload in enumerate(render_parts(message)):
            in_place = reply.edit and place == 0
            await persist(partial(self._answer_part, inbound, response_url, payload, whisper=whisper, edit=in_place))
        if not reply.message.attachments:
            return
        if whisper:
            await self._web.share_privately(inbound.user_id, reply.message.attachments)
        else:
            await self._web.share(inbound.address, reply.message.attachments)

    async def _answer_part(
        self, inbound: Inbound, response_url: str | None, payload: SlackPayload, *, whisper: bool, edit: bool
    ) -> None:
        if response_url:
            try:
                await self._web.respond(response_url, payload, ephemeral=whisper, replace=edit)
            except (RefusedError, NotSentError) as error:
                log.info("an answer by response_url was not taken (%s); posting it instead", error)
            else:
                return
        if whisper:
            await self._web.whisper(inbound.address, inbound.user_id, payload)
        else:
            await self._web.post(inbound.address, payload, urgent=True)


def _with_whereabouts(message: Message) -> Message:
    """The message, saying where its picture or file is if it has one: in a channel it could not be for one's eyes."""
    if not message.attachments:
        return message
    where = note(f"{message.attachments[0].name}: in our direct messages.")
    return replace(message, blocks=(*message.blocks, where))


def _in_thread(to: Address, reply_to: MessageRef | None) -> Address:
    """The thread to post in: a reply's is that of the message it answers, which may itself be one of a thread."""
    if reply_to is None or reply_to.address.chat != to.chat:
        return to
    return Address(to.platform, to.chat, reply_to.address.thread or reply_to.message_id)


async def _close(socket: AsyncSocketModeHandler) -> None:
    """Close the socket and wait for the SDK's tasks, which it only cancels."""
    client = socket.client
    tasks = [client.current_session_monitor, client.message_receiver, client.message_processor]
    await client.close()  # type: ignore[no-untyped-call]
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
