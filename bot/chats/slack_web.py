"""Slack's Web API as the adapter uses it: posts, whispers, answers, edits, uploads; paced, and errors as ours.

Nothing is retried here: after a broken connection a post that is repeated would stand there twice. Must not listen.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.chats import slack_history as history
from bot.chats.files import check_size, not_handed_over
from bot.chats.layout import cut_text
from bot.chats.message import AttachmentKind
from bot.chats.pacing import Pacer, Rate
from bot.chats.slack_errors import REFUSED_TOKEN, error_code, translated
from bot.errors import (
    ChatError,
    MaybeSentError,
    NotSentError,
    RefusedError,
    RetryAfterError,
    SettingsError,
    TokenRefusedError,
)
from bot.limits import SLACK_ALT_CHARS, SLACK_EDITS_PER_MIN, SLACK_PER_CHAT_S
from bot.model import Address, MessageRef, Platform

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.chats.chat import Errand
    from bot.chats.message import Attachment
    from bot.chats.slack_blocks import JsonObject, SlackPayload
    from bot.chats.slack_inbound import Payload, SlackFile

_SLACKS_OWN: Final = (".slack.com", ".slack-files.com", ".slack-gov.com")
_PIECE_BYTES: Final = 64 * 1024
_DEFAULT_BASE_URL: Final = "https://slack.com/api/"
_CONNECT_TIMEOUT_S: Final = 10.0
_CHANNEL_RATE: Final = Rate(SLACK_PER_CHAT_S)
_EDIT_RATE: Final = Rate(60 / SLACK_EDITS_PER_MIN)
_OVERALL_RATE: Final = Rate(0.02)  # Slack names no overall limit for posts; this only evens out a fan-out
_CHANNEL_PAGES: Final = 10
_LINKS_KEPT: Final = 2000
_EDITS: Final = "edits of this workspace"

log = logging.getLogger(__name__)


class SlackWeb:
    """Calls to one workspace. ``base_url`` names another Web API, such as a double; ``timeout_s`` bounds one call.

    ``on_token`` is told after each call what Slack thinks of the token: "" that it is good, else its word for why not.
    """

    def __init__(
        self,
        bot_token: str,
        *,
        base_url: str | None,
        timeout_s: float,
        on_token: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._on_token = on_token
        self._client = AsyncWebClient(bot_token or None, base_url=base_url or _DEFAULT_BASE_URL, retry_handlers=[])
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(timeout_s, _CONNECT_TIMEOUT_S))
        self._pacer = Pacer(overall=_OVERALL_RATE)
        self._links: dict[tuple[str, str], str] = {}
        self._stopped = False

    def client(self) -> AsyncWebClient:
        """The client, with a session of ours: the SDK would open one a call, and has no connect time-out."""
        if self._stopped:
            raise NotSentError("the bot is stopping")
        if self._client.session is None or self._client.session.closed:
            self._client.session = aiohttp.ClientSession(timeout=self._timeout)
        return self._client

    async def close(self) -> None:
        """Close the connections; what is called afterwards raises NotSentError."""
        self._stopped = True
        session, self._client.session = self._client.session, None
        if session is not None:
            await session.close()

    def hold(self, place: Address, seconds: float) -> None:
        """Post nothing in a channel for so long."""
        self._pacer.hold(place.chat, _CHANNEL_RATE, seconds)

    # ------------------------------------------------------------ about ourselves and others

    async def who(self) -> Payload:
        """Who the bot is, by auth.test. Raises SettingsError if Slack refuses the token."""
        return await self._asked(self.client().auth_test)

    async def try_app_token(self, app_token: str) -> None:
        """Whether Socket Mode would open with this token. Raises SettingsError if not."""
        await self._asked(partial(self.client().apps_connections_open, app_token=app_token))

    async def user(self, user_id: str) -> Payload:
        """What users.info says of a person, their locale included. Needs the scope users:read."""
        asked = {"user": user_id, "include_locale": True}
        question = partial(self.client().api_call, "users.info", data=asked)
        answer = await self._call(None, _CHANNEL_RATE, question)
        return dict(answer.get("user") or {})

    async def channel_of(self, user_id: str, wanted: str) -> Payload | None:
        """A person's channel by its name or id (case-folded), with ``is_member`` as to the bot; None if there is none.

        By users.conversations, which shows private channels only where the bot is in them, and conversations.info.
        """
        cursor = ""
        for _ in range(_CHANNEL_PAGES):
            asked = {"user": user_id, "types": "public_channel,private_channel", "exclude_archived": True, "limit": 200}
            question = partial(self.client().api_call, "users.conversations", data={**asked, "cursor": cursor})
            page = await self._call(None, _CHANNEL_RATE, question)
            for channel in page.get("channels") or ():
                if wanted in {str(channel.get("id", "")).casefold(), str(channel.get("name", "")).casefold()}:
                    info = partial(self.client().api_call, "conversations.info", data={"channel": channel["id"]})
                    return dict((await self._call(None, _CHANNEL_RATE, info)).get("channel") or {})
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return None

    async def look(self, place: Address, arguments: Payload) -> Payload:
        """A page of a channel's or thread's messages; an empty one where we may not look."""
        client = self.client()
        if place.thread:
            call = partial(client.conversations_replies, channel=place.chat, ts=place.thread, **arguments)
        else:
            call = partial(client.conversations_history, channel=place.chat, **arguments)
        try:
            answer = await self._call(None, _CHANNEL_RATE, call)
        except RetryAfterError:
            raise
        except MaybeSentError as error:
            raise NotSentError(str(error)) from error  # nothing is sent by looking
        except ChatError as error:
            if not isinstance(error.__cause__, SlackApiError):
                raise
            log.warning("Slack does not show what we sent there (the app needs channels:history): %s", error)
            return {}
        return dict(answer.data)

    async def permalink(self, ref: MessageRef) -> str | None:
        """A message's address, by chat.getPermalink; asked for once, None where Slack does not say."""
        key = (ref.address.chat, ref.message_id)
        if key not in self._links:
            question = partial(self.client().chat_getPermalink, channel=key[0], message_ts=key[1])
            try:
                answer = await self._call(None, _CHANNEL_RATE, question)
            except ChatError as error:
                log.info("Slack gives no link to a message: %s", error)
                return None
            if len(self._links) >= _LINKS_KEPT:
                self._links.clear()
            self._links[key] = str(answer["permalink"])
        return self._links[key]

    async def _asked(self, call: Callable[[], Awaitable[Any]]) -> Payload:
        """Make a call about ourselves: a refused token is a matter of settings."""
        try:
            answer = await call()
        except (aiohttp.ClientError, SlackClientError, TimeoutError) as error:
            if isinstance(error, SlackApiError) and error_code(error) in REFUSED_TOKEN | {"missing_scope"}:
                message = (
                    f"Slack refuses a token ({error_code(error)}): put the app's Bot User OAuth Token (xoxb-...) in "
                    "SLACK_BOT_TOKEN, and for Socket Mode an app-level token with connections:write (xapp-...) in "
                    "SLACK_APP_TOKEN"
                )
                raise SettingsError(message) from None
            raise translated(error) from error
        return dict(answer.data)

    # ------------------------------------------------------------ messages

    async def post(
        self, to: Address, payload: SlackPayload, *, urgent: bool = False, errand: Errand | None = None
    ) -> MessageRef:
        """Post for everybody to see; where that is, which is in no thread if what it replies to was deleted."""
        await self._pacer.turn(to.chat, _CHANNEL_RATE, urgent=urgent)
        client = self.client()
        if errand is not None:
            await errand.begin()
        answer = await self._call(
            to.chat,
            _CHANNEL_RATE,
            partial(
                client.chat_postMessage,
                channel=to.chat,
                thread_ts=to.thread,
                reply_broadcast=True if to.thread and errand is not None and errand.broadcast else None,
                text=payload.text,
                blocks=list(payload.blocks),
                metadata=history.metadata(errand),
                mrkdwn=False,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return history.posted(to, answer.data)

    async def update(self, ref: MessageRef, payload: SlackPayload) -> None:
        """Replace a message. Text without blocks would remove the blocks, so both are always sent."""
        await self._pacer.turn(_EDITS, _EDIT_RATE)
        await self._call(
            _EDITS,
            _EDIT_RATE,
            partial(
                self.client().chat_update,
                channel=ref.address.chat,
                ts=ref.message_id,
                text=payload.text,
                blocks=list(payload.blocks),
                metadata=history.metadata(),
            ),
        )

    async def whisper(self, to: Address, user: str, payload: SlackPayload) -> None:
        """Post what only one person sees."""
        await self._pacer.turn(to.chat, _CHANNEL_RATE, urgent=True)
        await self._call(
            to.chat,
            _CHANNEL_RATE,
            partial(
                self.client().chat_postEphemeral,
                channel=to.chat,
                user=user,
                thread_ts=to.thread,
                text=payload.text,
                blocks=list(payload.blocks),
                parse="none",
                link_names=False,
            ),
        )

    async def respond(self, url: str, payload: SlackPayload, *, ephemeral: bool, replace: bool) -> None:
        """Answer by the address that came with a command or press: it works where the bot is no member.

        With ``replace``, in the place of the message that held the button.
        """
        body = {
            "response_type": "ephemeral" if ephemeral else "in_channel",
            "replace_original": replace,
            "text": payload.text,
            "blocks": list(payload.blocks),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            async with self._session().post(url, json=body) as answer:
                if answer.status >= web.HTTPBadRequest.status_code:
                    raise RefusedError(f"Slack did not take an answer by response_url ({answer.status})")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise translated(error) from error

    # ------------------------------------------------------------ views

    async def open_view(self, trigger_id: str, view: JsonObject) -> str:
        """Open a modal for the person who did something within the last three seconds; its id."""
        client = self.client()
        answer = await self._call(None, _CHANNEL_RATE, partial(client.views_open, trigger_id=trigger_id, view=view))
        return str(answer["view"]["id"])

    async def update_view(self, view_id: str, view: JsonObject) -> None:
        """Draw a modal anew. Raises RefusedError where the person has closed it."""
        await self._call(None, _CHANNEL_RATE, partial(self.client().views_update, view_id=view_id, view=view))

    async def publish_home(self, user: str, view: JsonObject) -> None:
        """Put a person's App Home in place."""
        await self._call(None, _CHANNEL_RATE, partial(self.client().views_publish, user_id=user, view=view))

    async def direct_channel(self, user: str) -> str:
        """The channel of the bot's direct messages with a person. Needs the scope im:write."""
        answer = await self._call(None, _CHANNEL_RATE, partial(self.client().conversations_open, users=[user]))
        return str(answer["channel"]["id"])

    # ------------------------------------------------------------ files

    async def share(self, to: Address, attachments: Sequence[Attachment]) -> None:
        """Show pictures and offer files in a channel or thread. What fails is logged and left out.

        Needs the scope files:write. Slack shows them a moment later, in a message of its own that cannot be edited.
        """
        for attachment in attachments:
            try:
                await self._upload(to, attachment)
            except ChatError as error:
                log.warning("Slack did not take a file (the app needs files:write): %s", error)

    async def share_privately(self, user: str, attachments: Sequence[Attachment]) -> None:
        """The same in the bot's direct messages with a person: a file cannot be shown to one member of a channel alone.

        Needs the scope im:write.
        """
        try:
            channel = await self.direct_channel(user)
        except ChatError as error:
            log.warning("Slack opens no direct messages, so a file is left out (the app needs im:write): %s", error)
            return
        await self.share(Address(Platform.SLACK, channel), attachments)

    async def _upload(self, to: Address, attachment: Attachment) -> None:
        """The three steps of docs.slack.dev/messaging/working-with-files: ask where to, send the bytes, share."""
        await self._pacer.turn(to.chat, _CHANNEL_RATE, urgent=True)
        client = self.client()
        alt = cut_text(attachment.alt, SLACK_ALT_CHARS)
        place = await self._call(
            None,
            _CHANNEL_RATE,
            partial(
                client.files_getUploadURLExternal,
                filename=attachment.name,
                length=len(attachment.data),
                alt_txt=alt if attachment.kind is AttachmentKind.PICTURE else None,
            ),
        )
        try:
            async with self._session().post(str(place["upload_url"]), data=attachment.data) as answer:
                if answer.status >= web.HTTPBadRequest.status_code:
                    raise RefusedError(f"Slack did not take the bytes of a file ({answer.status})")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise translated(error) from error
        await self._call(
            to.chat,
            _CHANNEL_RATE,
            partial(
                client.files_completeUploadExternal,
                files=[{"id": str(place["file_id"]), "title": alt}],
                channel_id=to.chat,
                thread_ts=to.thread,
            ),
        )

    async def download(self, file: SlackFile) -> bytes:
        """The bytes of a file that somebody sent. Needs the scope files:read; raises CommandError.

        The token goes along, so no address is asked but Slack's own (or the double's, where one is set).
        """
        check_size(file.size_bytes)
        if not _is_slacks(file.url, self._client.base_url):
            raise not_handed_over("Slack", "it lies elsewhere")
        headers = {"Authorization": f"Bearer {self._client.token}"}
        try:
            async with self._session().get(file.url, headers=headers, allow_redirects=False) as answer:
                if answer.status != web.HTTPOk.status_code or answer.content_type == "text/html":
                    raise not_handed_over("Slack", "the app needs files:read")
                data = bytearray()
                async for piece in answer.content.iter_chunked(_PIECE_BYTES):
                    data += piece
                    check_size(len(data))
                return bytes(data)
        except (aiohttp.ClientError, TimeoutError, ChatError) as error:
            raise not_handed_over("Slack", type(error).__name__) from error

    # ------------------------------------------------------------ calls

    def _session(self) -> aiohttp.ClientSession:
        session = self.client().session
        assert session is not None  # noqa: S101 - the client has just got one
        return session

    async def _call(self, chat: str | None, rate: Rate, call: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - the SDK's answers are untyped
        try:
            answer = await call()
        except (aiohttp.ClientError, SlackClientError, TimeoutError) as error:
            ours = translated(error)
            if isinstance(ours, TokenRefusedError):
                self._on_token(ours.code)
            if chat is not None and isinstance(ours, RetryAfterError):
                self._pacer.hold(chat, rate, ours.seconds)
            raise ours from error
        self._on_token("")
        return answer


def _is_slacks(address: str, base_url: str) -> bool:
    """Whether an address is of the Slack at ``base_url``: of that very server, or of another of Slack's own."""
    try:
        asked, base = URL(address), URL(base_url)
        if asked.origin() == base.origin():
            return True
    except (ValueError, IndexError, TypeError):
        return False
    return asked.scheme == "https" and all(f".{one.host}".endswith(_SLACKS_OWN) for one in (asked, base))
