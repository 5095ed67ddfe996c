"""A Bot API server on localhost: long polling, messages, edits, presses, real error texts and faults on demand.

It keeps what truly arrived, checks each request against the Bot API's own description and against Telegram's limits,
and answers as Telegram does. A request that Telegram would not understand is kept in ``violations``, which every test
must find empty: an error answer alone could be swallowed by the code under test.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from tests.doubles.bot_api_entities import entity_faults, utf16_units
from tests.doubles.bot_api_spec import BotApiSpec, SpecError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from multidict import MultiDictProxy

Json = Any
Body = tuple[str, list[dict[str, Any]], list[list[dict[str, Any]]]]
"""A message's text, its entities and its keyboard."""

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
TOKEN = "123456:test-token-of-the-double"  # noqa: S105 - no secret
BOT = {"id": 123456, "is_bot": True, "first_name": "Backstory", "username": "BackstoryTestBot"}
GROUP_PER_MINUTE = 20
OVERALL_PER_SECOND = 34  # 30 with some grace: Telegram's own window is not known to the millisecond


class Fault(Enum):
    """What may go wrong on the way; ``AFTER`` means that the request was carried out all the same."""

    DROP_BEFORE = "the connection breaks before the request is carried out"
    DROP_AFTER = "the connection breaks after the request was carried out"
    HANG_AFTER = "the request is carried out and never answered"
    NOT_JSON_AFTER = "the request is carried out and answered with a proxy's page"


@dataclass
class ApiError(Exception):
    """An error answer."""

    code: int
    description: str
    parameters: Mapping[str, int] = field(default_factory=dict)


def too_many_requests(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def bad_request(text: str) -> ApiError:
    return ApiError(400, f"Bad Request: {text}")


@dataclass
class SentMessage:
    """A message as the server holds it now."""

    chat: int
    message_id: int
    text: str
    entities: list[dict[str, Any]]
    keyboard: list[list[dict[str, Any]]]
    thread: int | None
    reply_to: int | None
    edits: int = 0
    photo: bytes = b""
    document: tuple[str, bytes] | None = None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class User:
    """Somebody who talks to the bot."""

    id: int = 7001
    first_name: str = "Ada"
    language_code: str = "en"

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }


ADA = User()


class BotApi:
    """The server. Use as an async context manager; ``base_url`` is what TELEGRAM_API_BASE_URL would hold."""

    def __init__(self, spec: Path | None = None) -> None:
        self._spec = BotApiSpec(spec) if spec else None
        self._updates: list[dict[str, Any]] = []
        self._deleted: set[tuple[int, int]] = set()
        self._next_update = 1
        self._next_message: defaultdict[int, int] = defaultdict(lambda: 1)
        self._wake = asyncio.Condition()
        self._polling = 0
        self._faults: defaultdict[str, deque[Fault | ApiError]] = defaultdict(deque)
        self._groups: dict[int, dict[str, Any]] = {}
        self._members: dict[tuple[int, int], str] = {}
        self._threads: dict[tuple[int, int], bool] = {}
        """The forum topics that there are, and whether they are open."""
        self._methods: dict[str, Callable[[dict[str, str]], Awaitable[Json]]] = {
            "getMe": self._get_me,
            "deleteWebhook": self._delete_webhook,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "editMessageCaption": self._edit_message_caption,
            "editMessageMedia": self._edit_message_media,
            "sendDocument": self._send_document,
            "sendPhoto": self._send_photo,
            "answerCallbackQuery": self._answer_callback_query,
            "setMyCommands": self._set_my_commands,
            "getFile": self._get_file,
            "getChat": self._get_chat,
            "getChatMember": self._get_chat_member,
        }
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self.messages: dict[tuple[int, int], SentMessage] = {}
        self.sent: list[SentMessage] = []
        self.journal: list[tuple[str, SentMessage]] = []
        """What was posted and edited, in order, each as it then stood."""
        self.brought: list[dict[str, Any]] = []
        """Every update, confirmed or not."""
        self.answered: list[str] = []
        self.windows: list[str] = []
        self.token_revoked = False
        self.menus: dict[str, list[dict[str, str]]] = {}
        self.calls: list[tuple[str, dict[str, str], float]] = []
        self.violations: list[str] = []
        self.floods = 0
        self.gone: dict[int, ApiError] = {}
        self.uploads: dict[str, tuple[str, bytes]] = {}
        self._posted: deque[tuple[float, int]] = deque()
        self.sendable: dict[str, bytes] = {}
        self.base_url = ""
        self.latency_s = 0.0
        self.stamp: Callable[[], float] = time.monotonic
        """What the times in ``calls`` are taken with."""

    async def __aenter__(self) -> Self:
        site = web.Application()
        site.router.add_route("*", "/bot{token}/{method}", self._serve)
        site.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        # A bot that dies while it polls must not seem to poll on.
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        async with self._wake:
            self._wake.notify_all()
        if self._runner is not None:
            await self._runner.cleanup()

    # ------------------------------------------------------------ what tests do

    def fault(self, method: str, *faults: Fault | ApiError) -> None:
        """Let the next calls of ``method`` meet these faults, one each."""
        self._faults[method].extend(faults)

    def open_private(self, chat: int) -> None:
        """Let the bot write to a person, as if that person had written to it before."""
        self._take_id(chat)

    def add_group(self, chat: int, title: str = "Desk", *, forum: bool = False) -> int:
        self._groups[chat] = {"id": chat, "type": "supergroup", "title": title} | ({"is_forum": True} if forum else {})
        return chat

    def open_thread(self, chat: int, thread: int) -> None:
        """Somebody opens a forum topic, or opens it again."""
        self._threads[chat, thread] = True

    def close_thread(self, chat: int, thread: int) -> None:
        """An admin closes a forum topic: nobody else may write there."""
        self._threads[chat, thread] = False

    def delete_thread(self, chat: int, thread: int) -> None:
        """An admin deletes a forum topic, with all that was said there."""
        del self._threads[chat, thread]
        for sent in [sent for sent in self.messages.values() if (sent.chat, sent.thread) == (chat, thread)]:
            self.forget(sent)

    def add_channel(self, chat: int, title: str = "Our channel", username: str = "ours") -> int:
        self._groups[chat] = {"id": chat, "type": "channel", "title": title, "username": username}
        return chat

    def set_member(self, chat: int, user: User, status: str) -> None:
        self._members[chat, user.id] = status

    async def say(self, text: str, user: User = ADA, *, chat: int | None = None, **more: Json) -> dict[str, Any]:
        """Somebody writes ``text`` (to the bot, or in a group); ``more`` are further fields of the message."""
        chat = user.id if chat is None else chat
        if more.get("is_topic_message"):
            self._threads.setdefault((chat, more["message_thread_id"]), True)
        message = {
            "message_id": self._take_id(chat),
            "date": int(time.time()),
            "chat": self._chat_json(chat, user),
            "from": user.as_json(),
            "text": text,
            **more,
        }
        await self._push({"message": message})
        return message

    async def bring_again(self, update: dict[str, Any]) -> None:
        """Bring an update once more: that it came was never confirmed."""
        async with self._wake:
            self._updates = [update, *self._updates]
            self._wake.notify_all()

    async def send_file(self, name: str, data: bytes, *, caption: str = "", user: User = ADA) -> None:
        """Somebody sends the bot a file."""
        file_id = f"file-{len(self.sendable)}"
        self.sendable[file_id] = data
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": len(data)}
        message = {
            "message_id": self._take_id(user.id),
            "date": int(time.time()),
            "chat": self._chat_json(user.id, user),
            "from": user.as_json(),
            "document": document,
            **({"caption": caption} if caption else {}),
        }
        await self._push({"message": message})

    async def press(self, sent: SentMessage, data: str, user: User = ADA) -> None:
        """Somebody presses the button with ``data`` under a message of the bot."""
        offered = [key.get("callback_data") for row in sent.keyboard for key in row]
        assert data in offered, f"no such button: {data!r} is not in {offered}"
        query = {
            "id": f"query-{self._next_update}",
            "from": user.as_json(),
            "chat_instance": "1",
            "message": self._message_json(sent),
            "data": data,
        }
        await self._push({"callback_query": query})

    async def arrived(self, count: int, timeout_s: float = 15.0) -> list[SentMessage]:
        """Wait until ``count`` messages have arrived."""
        await self.until(lambda: len(self.sent) >= count, timeout_s)
        return self.sent

    async def until(self, condition: Callable[[], bool], timeout_s: float = 15.0) -> None:
        async with asyncio.timeout(timeout_s):
            while not condition():  # noqa: ASYNC110 - any condition, of any part
                await asyncio.sleep(0.005)

    # ------------------------------------------------------------ the server

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN or self.token_revoked:
            return _error(ApiError(401, "Unauthorized"))
        form = self._form(await request.post())
        self.calls.append((method, form, self.stamp()))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is Fault.DROP_BEFORE:
            return _drop(request)
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        try:
            if isinstance(fault, ApiError):
                raise fault
            result = await self._carry_out(method, form)
        except ApiError as error:
            return _error(error)
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        if fault is Fault.DROP_AFTER:
            return _drop(request)
        if fault is Fault.HANG_AFTER:
            await self._closing.wait()
        if fault is Fault.NOT_JSON_AFTER:
            return web.Response(text="<html>welcome to the hotel</html>", content_type="text/html")
        return web.json_response({"ok": True, "result": result})

    def _form(self, posted: MultiDictProxy[str | bytearray | bytes | web.FileField]) -> dict[str, str]:
        """The fields; files are kept in ``uploads``, those that another field names by ``attach://`` by that name."""
        form: dict[str, str] = {}
        attached = "".join(str(value) for value in posted.values() if isinstance(value, str))
        for name, value in posted.items():
            if not isinstance(value, web.FileField):
                form[name] = str(value)
                continue
            self.uploads[f"attach://{name}"] = (value.filename, value.file.read())
            if f"attach://{name}" not in attached:
                form[name] = f"attach://{name}"
        return form

    async def _carry_out(self, method: str, form: dict[str, str]) -> Json:
        try:
            if self._spec is not None:
                self._spec.check(method, form)
        except SpecError as error:
            self.violations.append(str(error))
            raise bad_request(str(error)) from error
        if method not in self._methods:
            self.violations.append(f"{method}: the double does not serve this method")
            raise ApiError(404, "Not Found")
        return await self._methods[method](form)

    async def _get_me(self, _: dict[str, str]) -> Json:
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _delete_webhook(self, _: dict[str, str]) -> bool:
        return True

    async def _get_updates(self, form: dict[str, str]) -> Json:
        if self._polling:
            description = (
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
            raise ApiError(409, description)
        offset = int(form.get("offset", "0"))
        deadline = time.monotonic() + int(form.get("timeout", "0"))
        self._polling += 1
        try:
            async with self._wake:
                self._updates = [u for u in self._updates if u["update_id"] >= offset]
                while not self._updates and (left := deadline - time.monotonic()) > 0 and not self._closing.is_set():
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), left)
                return self._updates[: int(form.get("limit", "100"))]
        finally:
            self._polling -= 1

    async def _send_message(self, form: dict[str, str]) -> Json:
        chat = self._open_chat(form["chat_id"])
        self._control_flood(chat)
        return self._post(self._new(chat, form, self._checked_body(form)))

    def _new(self, chat: int, form: dict[str, str], body: Body) -> SentMessage:
        thread = self._open_thread(chat, form)
        reply = json.loads(form.get("reply_parameters", "null"))
        reply_to = reply["message_id"] if reply else None
        if reply_to is not None and not self._exists(chat, reply_to):
            if not reply.get("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
            reply_to = None
        return SentMessage(chat, self._take_id(chat), *body, thread=thread, reply_to=reply_to)

    def _post(self, sent: SentMessage) -> Json:
        self.messages[sent.chat, sent.message_id] = sent
        self.sent.append(sent)
        self.journal.append(("post", replace(sent)))
        return self._message_json(sent)

    async def _edit_message_text(self, form: dict[str, str]) -> Json:
        sent = self._to_edit(form)
        if sent.photo or sent.document:
            raise bad_request("there is no text in the message to edit")
        return self._edited(sent, self._checked_body(form))

    def _to_edit(self, form: dict[str, str]) -> SentMessage:
        chat = self._open_chat(form["chat_id"])
        sent = self.messages.get((chat, int(form["message_id"])))
        if sent is None:
            raise bad_request("message to edit not found")
        self._control_flood(chat)
        return sent

    def _edited(self, sent: SentMessage, body: Body, *, same: bool = True) -> Json:
        text, entities, keyboard = body
        if same and body == (sent.text, sent.entities, sent.keyboard):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        sent.text, sent.entities, sent.keyboard = text, entities, keyboard
        sent.edits += 1
        self.journal.append(("edit", replace(sent)))
        return self._message_json(sent)

    async def _send_photo(self, form: dict[str, str]) -> Json:
        sent = self._new_captioned(form)
        sent.photo = self._picture(form["photo"])
        return self._post(sent)

    async def _send_document(self, form: dict[str, str]) -> Json:
        sent = self._new_captioned(form)
        sent.document = self.uploads[form["document"]]
        return self._post(sent)

    async def _edit_message_caption(self, form: dict[str, str]) -> Json:
        sent = self._to_edit(form)
        if not (sent.photo or sent.document):
            raise bad_request("there is no caption in the message to edit")
        return self._edited(sent, self._checked_caption(form))

    async def _edit_message_media(self, form: dict[str, str]) -> Json:
        sent = self._to_edit(form)
        described = json.loads(form["media"])
        fields = form | {name: json.dumps(described[name]) for name in ("caption_entities",) if name in described}
        body = self._checked_caption(fields | {"caption": described.get("caption", "")})
        if described["type"] == "photo":
            sent.photo, sent.document = self._picture(described["media"]), None
        else:
            sent.photo, sent.document = b"", self.uploads[described["media"]]
        return self._edited(sent, body, same=False)

    def _picture(self, field: str) -> bytes:
        _, data = self.uploads[field]
        if not data.startswith(PNG_MAGIC) or len(data) > 10 * 1024 * 1024:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return data

    def _new_captioned(self, form: dict[str, str]) -> SentMessage:
        chat = self._open_chat(form["chat_id"])
        self._control_flood(chat)
        return self._new(chat, form, self._checked_caption(form))

    def _checked_caption(self, form: dict[str, str]) -> Body:
        if utf16_units(form.get("caption", "")) > 1024:
            raise bad_request("message caption is too long")
        fields = {"text": form.get("caption", ""), "entities": form.get("caption_entities", "[]")}
        return self._checked(fields | {name: form[name] for name in ("reply_markup", "parse_mode") if name in form})

    async def _answer_callback_query(self, form: dict[str, str]) -> bool:
        if len(form.get("text", "")) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        self.answered.append(form["callback_query_id"])
        self.windows += [form["text"]] if form.get("show_alert") == "true" else []
        return True

    async def _set_my_commands(self, form: dict[str, str]) -> bool:
        commands = json.loads(form["commands"])
        if len(commands) > 100 or any(not 1 <= len(c["command"]) <= 32 for c in commands):
            raise bad_request("BOT_COMMAND_INVALID")
        self.menus[form.get("language_code", "")] = commands
        return True

    async def _get_file(self, form: dict[str, str]) -> Json:
        file_id = form["file_id"]
        if file_id not in self.sendable:
            raise bad_request("invalid file_id")
        return {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_size": len(self.sendable[file_id]),
            "file_path": f"documents/{file_id}",
        }

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        data = self.sendable.get(request.match_info["path"].rpartition("/")[2])
        if request.match_info["token"] != TOKEN or data is None:
            return web.Response(status=404)
        return web.Response(body=data)

    async def _get_chat(self, form: dict[str, str]) -> Json:
        chat = self._open_chat(form["chat_id"])
        return self._chat_json(chat, User(chat)) | {"accent_color_id": 0, "max_reaction_count": 11}

    async def _get_chat_member(self, form: dict[str, str]) -> Json:
        chat, user = self._open_chat(form["chat_id"]), int(form["user_id"])
        status = self._members.get((chat, user), "member")
        member: dict[str, Any] = {"status": status, "user": User(user).as_json()}
        rights = (
            "can_be_edited can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
            "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
        )
        if status == "administrator":
            member |= dict.fromkeys(rights.split(), True)
            if self._groups.get(chat, {}).get("type") == "channel":
                member |= {"can_post_messages": True, "can_edit_messages": True}
        return member | ({"is_anonymous": False} if status in ("administrator", "creator") else {})

    # ------------------------------------------------------------ what it knows of Telegram

    def _open_chat(self, chat_id: str) -> int:
        """The chat, if the bot may write there: a private chat opens when its person has written."""
        chat = int(chat_id)
        if chat in self.gone:
            raise self.gone[chat]
        if chat not in self._groups and chat not in self._next_message:
            raise bad_request("chat not found")
        return chat

    def _open_thread(self, chat: int, form: dict[str, str]) -> int | None:
        """The forum topic that a message is for, if the bot may write there."""
        if "message_thread_id" not in form:
            return None
        thread = int(form["message_thread_id"])
        if (chat, thread) not in self._threads:
            raise bad_request("message thread not found")
        if not self._threads[chat, thread]:
            raise bad_request("TOPIC_CLOSED")
        return thread

    def _control_flood(self, chat: int) -> None:
        """Telegram's limits on messages and edits: core.telegram.org/bots/faq#my-bot-is-hitting-limits."""
        now = time.monotonic()
        while self._posted and self._posted[0][0] < now - 60:
            self._posted.popleft()
        in_group = sum(to == chat for _, to in self._posted) if chat in self._groups else 0
        in_second = sum(at > now - 1 for at, _ in self._posted)
        if in_group >= GROUP_PER_MINUTE or in_second >= OVERALL_PER_SECOND:
            self.floods += 1
            raise too_many_requests(3)
        self._posted.append((now, chat))

    def _checked_body(self, form: dict[str, str]) -> Body:
        if not form["text"].strip():
            raise bad_request("message text is empty")
        if utf16_units(form["text"]) > 4096:
            raise bad_request("message is too long")
        return self._checked(form)

    def _checked(self, form: dict[str, str]) -> Body:
        text = form["text"]
        entities = json.loads(form.get("entities", "[]"))
        keyboard = json.loads(form.get("reply_markup", "{}")).get("inline_keyboard", [])
        if "parse_mode" in form:
            self.violations.append("parse_mode is not to be used: text and entities are")
        self.violations += entity_faults(text, entities)
        keys = [key for row in keyboard for key in row]
        if len(keys) > 100 or any(len(row) > 8 for row in keyboard):
            self.violations.append("the keyboard is too large")
        if any(not 1 <= len(key["callback_data"].encode()) <= 64 for key in keys if "callback_data" in key):
            raise bad_request("BUTTON_DATA_INVALID")
        return text, entities, keyboard

    def _exists(self, chat: int, message_id: int) -> bool:
        return 0 < message_id < self._next_message[chat] and (chat, message_id) not in self._deleted

    def forget(self, sent: SentMessage) -> None:
        """Somebody deletes a message of the bot."""
        del self.messages[sent.chat, sent.message_id]
        self._deleted.add((sent.chat, sent.message_id))

    def _take_id(self, chat: int) -> int:
        taken = self._next_message[chat]
        self._next_message[chat] += 1
        return taken

    def _chat_json(self, chat: int, user: User) -> dict[str, Any]:
        return self._groups.get(chat) or {"id": chat, "type": "private", "first_name": user.first_name}

    def _message_json(self, sent: SentMessage) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": sent.message_id,
            "date": int(time.time()),
            "chat": self._chat_json(sent.chat, User(sent.chat)),
            "from": BOT,
        }
        if sent.photo:
            sizes = [{"file_id": "f", "file_unique_id": "u", "width": 1080, "height": 1080}]
            message |= {"photo": sizes, "caption": sent.text, "caption_entities": sent.entities}
        elif sent.document:
            document = {"file_id": "f", "file_unique_id": "u", "file_name": sent.document[0]}
            message |= {"document": document, "caption": sent.text, "caption_entities": sent.entities}
        else:
            message |= {"text": sent.text, "entities": sent.entities}
        if sent.keyboard:
            message["reply_markup"] = {"inline_keyboard": sent.keyboard}
        if sent.thread is not None:
            message |= {"message_thread_id": sent.thread, "is_topic_message": True}
        return message

    async def _push(self, update: dict[str, Any]) -> None:
        async with self._wake:
            self._updates.append({"update_id": self._next_update, **update})
            self.brought.append(self._updates[-1])
            self._next_update += 1
            self._wake.notify_all()


def _error(error: ApiError) -> web.Response:
    body = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = dict(error.parameters)
    return web.json_response(body, status=error.code)


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
