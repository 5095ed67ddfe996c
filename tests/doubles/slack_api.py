"""Slack on localhost: a Web API that somebody else wrote (backlot) behind a front that records, checks and fails.

The front keeps what truly arrived, holds every payload against Slack's published JSON schemas and Block Kit's limits,
meets calls with faults on demand, takes answers by response_url, opens Socket Mode connections, and signs requests
to the adapter as Slack does. What Slack would not take is kept in ``violations``, which tests must find empty.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import time
from collections import defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode

import aiohttp
import backlot
from aiohttp import web

from tests.doubles import block_kit
from tests.doubles.slack_surfaces import SlackSurfaces, validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Json = Any

SIGNING_SECRET = "signing-secret-of-the-double"  # noqa: S105 - no secret
APP_TOKEN = "xapp-of-the-double"  # noqa: S105 - no secret
_SCHEMAS = {
    "chat.postMessage": "Post.schema.json",
    "chat.update": "Upd.schema.json",
    "views.publish": "Pub.schema.json",
}
CHANNELS_A_PAGE = 2
_VIEWS = ("views.open", "views.update", "views.publish")


@contextmanager
def web_api() -> Iterator[backlot.Server]:
    """A backlot server with its sample workspace, and with its telemetry off."""
    os.environ |= {"BACKLOT_TELEMETRY": "0", "DO_NOT_TRACK": "1"}
    with backlot.serve(telemetry=False) as server:
        yield server


class Fault(Enum):
    """What may go wrong on the way; ``AFTER`` means that the request was carried out all the same."""

    DROP_BEFORE = "the connection breaks before the request is carried out"
    DROP_AFTER = "the connection breaks after the request was carried out"
    HANG_AFTER = "the request is carried out and never answered"
    PAGE_503 = "a proxy answers with a page"


@dataclass(frozen=True)
class Refusal:
    """An error answer: ``{"ok": false, "error": ...}``."""

    error: str
    status: int = 200
    retry_after: int | None = None


@dataclass(frozen=True)
class Call:
    """A call that was carried out, with its answer."""

    method: str
    body: Json
    answer: Json


@dataclass
class SharedFile:
    """A file on its way: announced, then uploaded, then shared."""

    name: str
    length: int
    alt: str
    data: bytes = b""
    channel: str = ""
    thread: str | None = None
    title: str = ""


class SlackApi(SlackSurfaces):
    """The front. Use as an async context manager; ``base_url`` is what SLACK_API_BASE_URL would hold."""

    def __init__(self, server: backlot.Server, schemas: Path | None = None) -> None:
        super().__init__()
        self._server = server
        self._schemas = schemas
        self._faults: defaultdict[str, deque[Fault | Refusal]] = defaultdict(deque)
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._closing = asyncio.Event()
        self._root = ""
        self._events = 0
        self._metadata: dict[str, Json] = {}
        self._deleted: set[str] = set()
        self.token = server.token
        self.calls: list[Call] = []
        self.responses: list[Json] = []
        self.journal: list[Call] = []
        """Calls and answers by response_url (as ``response``), in the order in which they came."""
        self.violations: list[str] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.socket_acks: list[Json] = []
        self.files: dict[str, SharedFile] = {}
        self.sendable: dict[str, bytes] = {}
        self.refuse_responses = False
        self.files_at = ""
        self.guests: set[str] = set()
        self.locale = ""
        self.channels: dict[str, tuple[str, frozenset[str], bool]] = {}
        self.base_url = ""
        self.channel = ""
        self.user = ""
        self.other_user = ""

    async def __aenter__(self) -> Self:
        site = web.Application()
        site.router.add_post("/response", self._take_response)
        site.router.add_get("/socket", self._socket)
        site.router.add_post("/upload/{file}", self._take_upload)
        site.router.add_get("/files-pri/{file}", self._serve_file)
        site.router.add_route("*", "/api/{method}", self._serve)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._root = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.base_url = f"http://{self._root}/api/"
        self._session = aiohttp.ClientSession()
        channels = (await self._forward("conversations.list", {}, {}))["channels"]
        self.channel = next(channel["id"] for channel in channels if channel["name"] == "general")
        members = await self._forward("conversations.members", {"channel": self.channel}, {})
        self.user, self.other_user = members["members"][:2]
        self.add_channel(self.channel, "general", self.user, self.other_user)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        for socket in self.sockets:
            await socket.close()
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # ------------------------------------------------------------ what tests do

    def fault(self, method: str, *faults: Fault | Refusal) -> None:
        """Let the next calls of ``method`` meet these faults, one each."""
        self._faults[method].extend(faults)

    def posts(self, method: str = "chat.postMessage") -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def delete(self, ts: str) -> None:
        """Somebody deletes a message of the bot: what replies to it from now on is in no thread."""
        answer = await self._forward("chat.delete", {"channel": self.channel, "ts": ts}, {})
        assert answer["ok"]
        self._deleted.add(ts)

    async def until(self, condition: Callable[[], object], timeout_s: float = 15.0) -> None:
        async with asyncio.timeout(timeout_s):
            await asyncio.sleep(0)  # whoever asks in a loop of their own lets others run
            while not condition():  # noqa: ASYNC110 - any condition, of any part
                await asyncio.sleep(0.005)

    def command_fields(self, command: str, text: str, *, channel: str | None = None) -> dict[str, str]:
        """A slash command's form fields."""
        return {
            "command": command,
            "text": text,
            "user_id": self.user,
            "user_name": "ada",
            "channel_id": channel or self.channel,
            "channel_name": "general",
            "team_id": self.team,
            "api_app_id": "A0001",
            "trigger_id": self.trigger_id(),
            "response_url": f"http://{self._root}/response",
        }

    def event_body(self, event: Json) -> Json:
        """An Events API callback around ``event``."""
        self._events += 1
        return {
            "type": "event_callback",
            "team_id": self.team,
            "api_app_id": "A0001",
            "event_id": f"Ev{self._events:04}",
            "event_time": int(time.time()),
            "event": event,
            "authorizations": [{"team_id": self.team, "user_id": "UBOT", "is_bot": True}],
        }

    def press_body(self, posted: Call, element: Json) -> Json:
        """A pressed button under a message of ours."""
        return {
            "type": "block_actions",
            "team": {"id": self.team, "domain": "desk"},
            "user": {"id": self.user, "username": "ada", "team_id": self.team},
            "api_app_id": "A0001",
            "trigger_id": self.trigger_id(),
            "container": {"type": "message", "message_ts": posted.answer["ts"], "channel_id": posted.answer["channel"]},
            "channel": {"id": posted.answer["channel"], "name": "general"},
            "message": posted.answer["message"],
            "response_url": f"http://{self._root}/response",
            "actions": [{**element, "block_id": "b1", "action_ts": f"{time.time():.6f}"}],
        }

    def whisper_press_body(self, element: Json) -> Json:
        """A pressed button under an answer of ours that only this person sees: Slack sends no message with it."""
        return {
            "type": "block_actions",
            "team": {"id": self.team, "domain": "desk"},
            "user": {"id": self.user, "username": "ada", "team_id": self.team},
            "api_app_id": "A0001",
            "trigger_id": self.trigger_id(),
            "container": {
                "type": "message",
                "message_ts": "1700000000.000100",
                "channel_id": self.channel,
                "is_ephemeral": True,
            },
            "channel": {"id": self.channel, "name": "general"},
            "response_url": f"http://{self._root}/response",
            "actions": [{**element, "block_id": "b1", "action_ts": f"{time.time():.6f}"}],
        }

    async def deliver_view(self, port: int, body: Json) -> Json:
        """Send a modal, and return what the adapter says to that: an empty object lets it close."""
        assert self._session is not None
        raw = urlencode({"payload": json.dumps(body)})
        headers = signature_headers(raw) | {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"http://127.0.0.1:{port}/slack/events"
        async with self._session.post(url, data=raw.encode(), headers=headers) as answer:
            assert answer.status == 200
            said = await answer.text()
        response = json.loads(said) if said else {}
        if response.get("response_action") == "update":
            self.violations += block_kit.view_faults(response["view"])
            self.views[body["view"]["id"]] = {**response["view"], "id": body["view"]["id"]}
        known = {block.get("block_id") for block in body["view"]["blocks"] if block["type"] == "input"}
        self.violations += [
            f"an error under no field: {name}" for name in response.get("errors", {}) if name not in known
        ]
        return response

    async def deliver(self, port: int, body: str, content_type: str, **headers: str) -> int:
        """Send a signed request to the adapter, as Slack does, and return the status that it answers with."""
        assert self._session is not None
        url = f"http://127.0.0.1:{port}/slack/events"
        signed = signature_headers(body) | {"Content-Type": content_type} | headers
        async with self._session.post(url, data=body.encode(), headers=signed) as answer:
            return answer.status

    async def deliver_command(self, port: int, fields: dict[str, str]) -> int:
        return await self.deliver(port, urlencode(fields), "application/x-www-form-urlencoded")

    async def deliver_event(self, port: int, body: Json, **headers: str) -> int:
        return await self.deliver(port, json.dumps(body), "application/json", **headers)

    async def deliver_press(self, port: int, body: Json) -> int:
        return await self.deliver(port, urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded")

    async def socket_send(self, kind: str, payload: Json) -> str:
        """Send an envelope over the newest Socket Mode connection, and return its id."""
        envelope = f"envelope-{len(self.socket_acks)}-{time.monotonic_ns()}"
        message = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        await self.sockets[-1].send_json(message)
        return envelope

    # ------------------------------------------------------------ the server

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        raw = await request.text()
        is_json = request.content_type == "application/json"
        body = json.loads(raw) if is_json and raw else dict(parse_qsl(raw, keep_blank_values=True))
        body |= dict(request.query)
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is Fault.DROP_BEFORE:
            return _drop(request)
        if fault is Fault.PAGE_503:
            return web.Response(status=503, text="<html>later</html>", content_type="text/html")
        if isinstance(fault, Refusal):
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status, headers=headers)
        if method == "apps.connections.open":
            good = request.headers.get("Authorization") == f"Bearer {APP_TOKEN}"
            url = f"ws://{self._root}/socket"
            return web.json_response({"ok": True, "url": url} if good else {"ok": False, "error": "invalid_auth"})
        self._check(method, body)
        authorization = {"Authorization": request.headers.get("Authorization", "")}
        own = {
            "files.getUploadURLExternal": self._announce,
            "files.completeUploadExternal": self._complete,
            "conversations.open": self._open_direct,
            "users.conversations": self._channels_of,
            "conversations.info": self._about_channel,
            "views.open": self.show_view,
            "views.update": self.show_view,
            "views.publish": self.show_view,
        }
        taken = _unthreaded(body) if body.get("thread_ts") in self._deleted else body
        answer = own[method](body) if method in own else await self._forward(method, taken, authorization)
        if method == "users.info" and body.get("user") in self.guests:
            answer["user"]["is_restricted"] = True
        if method == "users.info" and self.locale:
            answer["user"]["locale"] = self.locale
        self._keep_metadata(method, body, answer)
        self.calls.append(Call(method, body, answer))
        self.journal.append(self.calls[-1])
        if fault is Fault.DROP_AFTER:
            return _drop(request)
        if fault is Fault.HANG_AFTER:
            await self._closing.wait()
        return web.json_response(answer)

    # The server behind knows no files. These are as docs.slack.dev/messaging/working-with-files tells them.

    def _announce(self, body: Json) -> Json:
        if not body.get("filename") or not str(body.get("length", "")).isdecimal():
            return {"ok": False, "error": "invalid_arguments"}
        if len(body.get("alt_txt", "")) > 1000:
            self.violations.append("an alt text that Slack would refuse")
        number = f"F{len(self.files) + 1:04}"
        self.files[number] = SharedFile(body["filename"], int(body["length"]), body.get("alt_txt", ""))
        return {"ok": True, "upload_url": f"http://{self._root}/upload/{number}", "file_id": number}

    def place_file(self, name: str, data: bytes) -> Json:
        """A file as somebody's message names it: only who shows the bot's token gets it."""
        number = f"SENT{len(self.sendable)}"
        self.sendable[number] = data
        url = f"http://{self.files_at or self._root}/files-pri/{number}"
        return {"id": number, "name": name, "size": len(data), "url_private": url, "url_private_download": url}

    async def _serve_file(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=self.sendable[request.match_info["file"]])

    async def _take_upload(self, request: web.Request) -> web.Response:
        file = self.files[request.match_info["file"]]
        fault = self._faults["upload"].popleft() if self._faults["upload"] else None
        if fault is Fault.DROP_BEFORE:
            return _drop(request)
        if fault is Fault.PAGE_503:
            return web.Response(status=503)
        file.data = await request.read()
        return web.Response(text="OK") if len(file.data) == file.length else web.Response(status=400)

    def _complete(self, body: Json) -> Json:
        listed = json.loads(body["files"]) if isinstance(body["files"], str) else body["files"]
        for each in listed:
            file = self.files.get(each["id"])
            if file is None or not file.data:
                return {"ok": False, "error": "file_not_found"}
            file.channel, file.thread = body.get("channel_id", ""), body.get("thread_ts")
            file.title = each.get("title", "")
        return {"ok": True, "files": listed}

    async def all_channels(self) -> list[str]:
        """The ids of the workspace's channels."""
        return [channel["id"] for channel in (await self._forward("conversations.list", {}, {}))["channels"]]

    # Nor does it know whose channel is whose, by users.conversations.

    def add_channel(self, number: str, name: str, *members: str, with_us: bool = True) -> None:
        """A channel, the people in it, and whether the bot is one of them."""
        self.channels[number] = (name, frozenset(members), with_us)

    def _channels_of(self, body: Json) -> Json:
        first = int(body.get("cursor") or 0)
        theirs = [number for number, (_, members, _) in self.channels.items() if body["user"] in members]
        page = theirs[first : first + CHANNELS_A_PAGE]
        more = str(first + CHANNELS_A_PAGE) if len(theirs) > first + CHANNELS_A_PAGE else ""
        listed = [{"id": number, "name": self.channels[number][0]} for number in page]
        return {"ok": True, "channels": listed, "response_metadata": {"next_cursor": more}}

    def _about_channel(self, body: Json) -> Json:
        if body["channel"] not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        name, _, with_us = self.channels[body["channel"]]
        return {"ok": True, "channel": {"id": body["channel"], "name": name, "is_member": with_us}}

    def _open_direct(self, body: Json) -> Json:
        return {"ok": True, "channel": {"id": f"D-{body['users']}"}}

    async def _forward(self, method: str, body: Json, headers: dict[str, str]) -> Json:
        assert self._session is not None
        url = f"{self._server.base_url}/slack/api/{method}"
        headers = headers or {"Authorization": f"Bearer {self.token}"}
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
        async with self._session.post(url, data=form, headers=headers) as answer:
            return await answer.json()

    def _keep_metadata(self, method: str, body: Json, answer: Json) -> None:
        """What Slack does with metadata and the server behind does not: keep them, and show them to who asks."""
        if method in ("chat.postMessage", "chat.update") and answer.get("ok") and "metadata" in body:
            kept = body["metadata"]
            self._metadata[answer["ts"]] = json.loads(kept) if isinstance(kept, str) else kept
        if body.get("include_all_metadata") in (True, "1", "true"):
            for message in answer.get("messages", ()):
                if message["ts"] in self._metadata:
                    message["metadata"] = self._metadata[message["ts"]]

    def _check(self, method: str, body: Json) -> None:
        if self._schemas is not None and method in _SCHEMAS:
            schema = validator(self._schemas / _SCHEMAS[method])
            self.violations += [f"{method}: {error.message[:200]}" for error in schema.iter_errors(body)]
        if method in ("chat.postMessage", "chat.postEphemeral", "chat.update"):
            self._check_message(body)
        if method in _VIEWS:
            view = json.loads(body["view"]) if isinstance(body["view"], str) else body["view"]
            self.check_view(view, self._schemas)

    def _check_message(self, body: Json) -> None:
        if not body.get("text"):
            self.violations.append("no fallback text")
        if len(body.get("text", "")) > 4000:
            self.violations.append("a fallback text that Slack would split")
        self.violations += block_kit.faults(body.get("blocks", []))

    async def _take_response(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.refuse_responses:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        self._check_message(body)
        self.responses.append(body)
        self.journal.append(Call("response", body, {}))
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0001"}})
        self.sockets.append(socket)
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self.socket_acks.append(json.loads(message.data))
        return socket


def signature_headers(body: str, *, at: int | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """Slack's signature: docs.slack.dev/authentication/verifying-requests-from-slack."""
    timestamp = str(int(time.time()) if at is None else at)
    signed = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signed.hexdigest()}"}


def _unthreaded(body: Json) -> Json:
    """What Slack makes of a reply to a deleted message, without a word but its answer: a message of the channel."""
    return {name: value for name, value in body.items() if name not in ("thread_ts", "reply_broadcast")}


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
