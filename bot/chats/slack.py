"""Slack as a chat: slack-bolt's async app in, a workspace's own Web API out, the ``ChatPort`` outside.

Socket Mode where there is an app token, else HTTP with signed requests; by HTTP other workspaces may install the app.
Everything is acknowledged at once, since Slack asks again after three seconds. What a workspace then does with it is in
``slack_workspace``, and which one it is in ``slack_workspaces``.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any, Final

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.chats.lately import Lately
from bot.chats.slack_http import HttpMode, SlackPaths
from bot.chats.slack_inbound import event_id
from bot.chats.slack_install import Authorise, Flow, Installing
from bot.chats.slack_installations import KeptInstallations, KeptStates
from bot.chats.slack_web import SlackWeb
from bot.chats.slack_workspaces import REMOVED, Workspaces
from bot.errors import ChatError, NotSentError, SettingsError
from bot.limits import SEND_TIMEOUT_S
from bot.model import Platform
from bot.seal import Seal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.chats.chat import CommandHint, Errand, Inbound, InboundHandler, Place, Sight
    from bot.chats.message import Message
    from bot.chats.slack_inbound import Payload
    from bot.chats.slack_workspace import SlackWorkspace
    from bot.model import Address, MessageRef

__all__ = ["HttpMode", "Installing", "SlackChat"]

_PING_S: Final = 10.0
_WATCH_S: Final = 15.0
_EVENTS_KEPT_S: Final = 3600.0
_ANY: Final = re.compile(".*")
_NOT_INSTALLED: Final = (
    "Backstory is not installed in this workspace any more. Ask whoever runs it for its install page."
)
_BUSY: Final = "More is asked of me than I can answer right now. Please say it again in a minute."

log = logging.getLogger(__name__)

# The SDK finds our token in the environment by itself, and warns that it has no use for it.
logging.getLogger("slack_bolt.AsyncApp").addFilter(lambda record: "`token` will be unused" not in record.getMessage())


class SlackChat:
    """The ``ChatPort`` of Slack: of one workspace by its token, and of all that installed the app where that is set up.

    With ``app_token`` it uses Socket Mode; else ``http`` says where to listen. ``base_url`` names another Web API, such
    as a double: ``http://127.0.0.1:9000/api/``. ``timeout_s`` is how long one call may take. ``http_port`` is the port
    that HTTP mode listens on, once started.
    """

    def __init__(
        self,
        bot_token: str | None,
        *,
        app_token: str | None = None,
        http: HttpMode | None = None,
        base_url: str | None = None,
        timeout_s: float = SEND_TIMEOUT_S,
    ) -> None:
        if not app_token and http is None:
            message = "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside SLACK_BOT_TOKEN"
            raise SettingsError(message)
        self._workspaces = Workspaces(bot_token, base_url=base_url, timeout_s=timeout_s)
        self._app_token = app_token
        self._http = http
        # For calls that are about no workspace, or not yet.
        self._nobody = SlackWeb("", base_url=base_url, timeout_s=timeout_s)
        self._installations: KeptInstallations | None = None
        self._states: KeptStates | None = None
        self._stores = AsyncExitStack()
        self._events = Lately(_EVENTS_KEPT_S)
        self._paths: SlackPaths | None = None
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
            await self._open_store()
            await self._workspaces.know_home()
        except SettingsError:
            await self.stop()
            raise
        except ChatError as error:
            log.warning("Slack is out of reach (%s); trying again until it answers", error)
        self._workspaces.listen(handler, {hint.name for hint in menu})
        if self._app_token:
            bolt = self._bolt_app(None)
            client = self._home.web.client()
            self._socket = AsyncSocketModeHandler(bolt, self._app_token, web_client=client, ping_interval=_PING_S)
            self._connecting = asyncio.create_task(self._stay_connected(self._socket), name="slack-connect")
        elif self._http is not None:
            flow = self._flow(self._http.installing)
            self._paths = SlackPaths(self._http)
            await self._paths.open(self._bolt_app(flow), flow)
            self.http_port = self._paths.port

    async def hold(self, to: Address, seconds: float) -> None:
        """Let the channel's pacing begin with a pause, if it is known whose channel it is."""
        with suppress(ChatError):
            (await self._at(to)).hold(to, seconds)

    async def stop(self) -> None:
        """Stop listening, let handlers under way finish and close the connections."""
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        paths, self._paths = self._paths, None
        if paths is not None:
            await paths.close()
        socket, self._socket = self._socket, None
        if socket is not None:
            await _close(socket)
        await self._workspaces.stop()
        await self._nobody.close()
        await self._stores.aclose()

    # ------------------------------------------------------------ out, to the workspace of the address

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        """Post a message; a reply goes to the thread of the message that it answers."""
        return await (await self._at(to)).send(to, message, reply_to=reply_to, errand=errand)

    async def find_sent(
        self, to: Address, delivery_id: int, *, since: datetime, reply_to: MessageRef | None = None
    ) -> MessageRef | Sight | None:
        """The message whose metadata name the delivery, among those of the channel or thread since then."""
        return await (await self._at(to)).find_sent(to, delivery_id, since=since, reply_to=reply_to)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message; pictures and files stay as they are."""
        await (await self._at(ref.address)).edit(ref, message)

    async def link_to(self, ref: MessageRef) -> str | None:
        """The message's permalink, as Slack gives it."""
        try:
            return await (await self._at(ref.address)).link_to(ref)
        except ChatError:
            return None

    async def may_change(self, inbound: Inbound) -> bool:
        """Everybody in a direct message; in channels the workspace's full members, not its guests or strangers."""
        return await (await self._at(inbound.address)).may_change(inbound)

    async def find_place(self, inbound: Inbound, name: str) -> Place:
        """A channel of the same workspace that the person is a member of, and that the bot is in."""
        return await (await self._at(inbound.address)).find_place(inbound, name)

    async def check(self) -> str:
        """The bot's name and workspaces, by auth.test; in Socket Mode the app's token is tried as well."""
        await self._open_store()
        said = await self._workspaces.check()
        if self._app_token:
            await self._nobody.try_app_token(self._app_token)
        mode = "Socket Mode" if self._app_token else "HTTP"
        return f"Slack: {'; '.join(said)} by {mode}"

    async def _at(self, address: Address) -> SlackWorkspace:
        await self._open_store()
        return await self._workspaces.at(address)

    # ------------------------------------------------------------ connecting

    @property
    def _home(self) -> SlackWorkspace:
        home = self._workspaces.home
        if home is None:
            raise SettingsError("Socket Mode needs SLACK_BOT_TOKEN: it serves the one workspace of that token")
        return home

    async def _open_store(self) -> None:
        """Open what is known of installed workspaces, where that is set up; once."""
        installing = self._http.installing if self._http is not None and not self._app_token else None
        if installing is None or self._installations is not None:
            return
        store = await self._stores.enter_async_context(installing.store())
        seal = Seal(installing.secret_keys)
        self._installations = KeptInstallations(store, seal, is_bare=self._workspaces.is_bare)
        self._states = KeptStates(store)
        self._workspaces.serve(self._installations)
        sealed = await self._installations.seal_all()
        if sealed:
            log.warning("%d tokens of workspaces were sealed with BACKSTORY_SECRET_KEY", sealed)

    def _flow(self, installing: Installing | None) -> Flow | None:
        if installing is None or self._installations is None or self._states is None:
            return None
        return Flow(
            self._nobody.client(),
            installing,
            installations=self._installations,
            states=self._states,
            workspaces=self._workspaces,
        )

    def _bolt_app(self, flow: Flow | None) -> AsyncApp:
        secret = self._http.signing_secret if self._http else ""
        if flow is None or self._installations is None:
            verified = self._app_token is None
            home = self._home.web.client()
            bolt = AsyncApp(client=home, signing_secret=secret, request_verification_enabled=verified)
        else:
            bolt = AsyncApp(
                client=flow.client,
                signing_secret=secret,
                oauth_flow=flow,
                authorize=Authorise(self._workspaces, self._installations),  # type: ignore[arg-type]
                user_facing_authorize_error_message=_NOT_INSTALLED,
            )
        bolt.middleware(self._turn_away_where_full)
        bolt.command(_ANY)(self._on_command)
        bolt.event("app_mention")(self._on_mention)
        bolt.event("message")(self._on_message)
        bolt.action(_ANY)(self._on_press)
        bolt.view(_ANY)(self._on_submission)
        bolt.shortcut(_ANY)(self._on_shortcut)
        bolt.event("app_home_opened")(self._on_home)
        bolt.event(_ANY)(self._on_other_event)
        return bolt

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

    # ------------------------------------------------------------ in, from the workspace that the request names

    async def _turn_away_where_full(
        self, context: Payload, body: Payload, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """What cannot be answered soon is not acknowledged: Slack sends events again; who typed is told."""
        workspace = await self._workspaces.of(context.get("team_id"))
        if workspace is None or not workspace.is_full:
            return await next_()
        log.warning("too much waits for an answer; Slack was asked to come back")
        return BoltResponse(status=200 if "command" in body else 503, body=_BUSY)

    async def _on_command(self, ack: Callable[[], Awaitable[object]], command: Payload, context: Payload) -> None:
        await ack()
        (await self._from(context)).command(command)

    async def _on_press(self, ack: Callable[[], Awaitable[object]], body: Payload, context: Payload) -> None:
        await ack()
        (await self._from(context)).press(body)

    async def _on_submission(
        self, ack: Callable[..., Awaitable[Any]], body: Payload, view: Payload, context: Payload
    ) -> None:
        await (await self._from(context)).surfaces.submitted(ack, body, view)

    async def _on_shortcut(self, ack: Callable[[], Awaitable[object]], body: Payload, context: Payload) -> None:
        await ack()
        (await self._from(context)).surfaces.shortcut_used(body)

    async def _on_home(self, event: Payload, context: Payload) -> None:
        (await self._from(context)).surfaces.home_opened(event)

    async def _on_mention(self, body: Payload, event: Payload, context: Payload) -> None:
        if self._is_new(event_id(body)):
            (await self._from(context)).mention(body, event)

    async def _on_message(self, body: Payload, event: Payload, context: Payload) -> None:
        if self._is_new(event_id(body)):
            (await self._from(context)).message(body, event)

    async def _on_other_event(self, body: Payload, event: Payload, context: Payload) -> None:
        """Heed what became of a channel or of the app; the rest is only acknowledged, or Slack would send it again."""
        if not self._is_new(event_id(body)):
            return
        kind = event.get("type")
        if kind in REMOVED:
            if _takes_the_bots(event):
                at = body.get("event_time")
                told_at = float(at) if isinstance(at, int | float) else time.time()
                await self._workspaces.removed(context.get("team_id"), str(kind), at=told_at)
            return
        (await self._from(context)).event(body, event)

    async def _from(self, context: Payload) -> SlackWorkspace:
        found = await self._workspaces.of(context.get("team_id"))
        if found is None:
            raise NotSentError("a request came from a workspace that has removed the app")
        return found

    def _is_new(self, number: str) -> bool:
        """Whether this run did not see this event before: Slack sends it up to three times more if it doubts the first.

        One without a number is always new. What an earlier run has seen is the store's to know.
        """
        return not number or self._events.age_s(number) is None


def _takes_the_bots(event: Payload) -> bool:
    """Whether an event ends the bot's own token: people's tokens, of which we have none, may be revoked as well."""
    tokens = event.get("tokens")
    return event.get("type") != "tokens_revoked" or not isinstance(tokens, dict) or bool(tokens.get("bot"))


async def _close(socket: AsyncSocketModeHandler) -> None:
    """Close the socket and wait for the SDK's tasks, which it only cancels."""
    client = socket.client
    tasks = [client.current_session_monitor, client.message_receiver, client.message_processor]
    await client.close()  # type: ignore[no-untyped-call]
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
