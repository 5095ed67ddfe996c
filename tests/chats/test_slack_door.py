"""What strangers bring to Slack's path, and what is signed but nothing that Slack sends: refused, without a fault."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING

import pytest

from bot.chats.slack import HttpMode, SlackChat
from bot.chats.slack_inbound import is_request
from tests.doubles.slack_api import SIGNING_SECRET, signature_headers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.chats.chat import Inbound, Reply
    from tests.doubles.slack_api import SlackApi

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
DEEP = "[" * 50_000


async def nobody(inbound: Inbound) -> tuple[Reply, ...]:
    raise AssertionError(inbound)


@pytest.fixture
async def port(api: SlackApi) -> AsyncIterator[int]:
    adapter = SlackChat(api.token, http=HttpMode(SIGNING_SECRET, port=0), base_url=api.base_url, timeout_s=2)
    await adapter.start(nobody, ())
    yield adapter.http_port or 0
    await adapter.stop()


async def asked(port: int, headers: dict[str, str], body: bytes) -> int:
    """The status of the answer to a request as it stands: no client in between that would put it right."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = {"Host": "x", "Content-Length": str(len(body))} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(b"POST /slack/events HTTP/1.1\r\n" + head.encode("latin-1") + b"\r\n" + body)
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param(JSON, DEEP, id="bottomless JSON"),
        pytest.param(JSON, "null", id="null"),
        pytest.param(JSON, "[]", id="a list"),
        pytest.param(JSON, "NaN", id="no number"),
        pytest.param(JSON, "{", id="no JSON"),
        pytest.param(f"{JSON}; charset=junk", "{}", id="no such encoding"),
        pytest.param(f"{JSON}; charset=zlib", "{}", id="an encoding that is none"),
        pytest.param("multipart/form-data", "x", id="parts without a boundary"),
        pytest.param(FORM, "payload=null", id="a payload of null"),
        pytest.param(FORM, "payload=[]", id="a payload that is a list"),
        pytest.param(FORM, f"payload={DEEP}", id="a bottomless payload"),
        pytest.param(FORM, 'payload={"type":"block_actions","actions":null}', id="no actions"),
        pytest.param(FORM, 'payload={"type":"block_actions","actions":[7]}', id="actions that are numbers"),
        pytest.param(FORM, 'payload={"type":"view_submission","view":{"callback_id":"x"}}', id="half a view"),
        pytest.param(JSON, '{"type":"event_callback","event":null}', id="no event"),
        pytest.param(JSON, '{"type":"event_callback","event":{"type":7}}', id="an event of no kind"),
    ],
)
async def test_junk_is_refused_whoever_signed_it(
    port: int, content_type: str, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    raw, headers = body.encode(), {"Content-Type": content_type}
    assert await asked(port, headers, raw) == 401
    assert await asked(port, headers | signature_headers(body), raw) < 500
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_token_in_the_environment_is_nothing_to_warn_of(
    api: SlackApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", api.token)
    adapter = SlackChat(api.token, http=HttpMode(SIGNING_SECRET, port=0), base_url=api.base_url, timeout_s=2)
    await adapter.start(nobody, ())
    await adapter.stop()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Content-Encoding": "gzip"}, id="packed, and not so"),
        pytest.param({"X-Slack-Signature": "v0=\xff"}, id="a signature in Latin-1"),
        pytest.param({"X-Slack-Signature": "v0=" + "0" * 7000}, id="a signature without an end"),
        pytest.param({"X-Slack-Request-Timestamp": "1e9"}, id="a time in words of floats"),
        pytest.param({"X-Slack-Request-Timestamp": "inf"}, id="a time without an end"),
        pytest.param({"X-Slack-Request-Timestamp": "1_700"}, id="a time as Python writes it"),
        pytest.param({"X-Slack-Request-Timestamp": "+17"}, id="a time with a sign"),
        pytest.param({"X-Slack-Request-Timestamp": "9" * 12}, id="a time in 30,000 years"),
    ],
)
async def test_hostile_headers_are_refused(
    port: int, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    signed = signature_headers("{}", secret="another")  # noqa: S106 - no secret
    assert await asked(port, {"Content-Type": JSON} | signed | headers, b"\xff") == 401
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Slack-Signature": "v0=" + "0" * 64}, id="forged"),
        pytest.param({"X-Slack-Request-Timestamp": "yesterday"}, id="junk for a time"),
        pytest.param({"X-Slack-Request-Timestamp": ""}, id="no time"),
        pytest.param({"X-Slack-Request-Timestamp": "9" * 400}, id="a time beyond all numbers"),
        pytest.param({"X-Slack-Request-Timestamp": "-1"}, id="a time before all numbers"),
        pytest.param({"X-Slack-Request-Timestamp": "١٢٣"}, id="digits of another script"),
        pytest.param({"X-Slack-Signature": ""}, id="no signature"),
        pytest.param({"X-Slack-Signature": "v0=ü"}, id="a signature that is no ASCII"),
    ],
)
async def test_unsigned_requests_are_refused(api: SlackApi, port: int, headers: dict[str, str]) -> None:
    body = json.dumps(api.event_body({"type": "app_mention", "user": "U1", "text": "help", "channel": "C1", "ts": "1"}))
    assert await api.deliver(port, body, "application/json", **headers) == 401
    old = signature_headers(body, at=int(time.time()) - 600)
    assert await api.deliver(port, body, "application/json", **old) == 401


async def test_what_is_no_http_is_no_fault_of_ours(port: int, caplog: pytest.LogCaptureFixture) -> None:
    for said in (
        b"GET * HTTP/1.1\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"\x16\x03\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said + b"\r\n\r\n")
        assert b" 400 " in await reader.readline()
        writer.close()
        await writer.wait_closed()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"type": "event_callback", "event": {"type": "app_mention"}}, id="an event"),
        pytest.param({"type": "url_verification", "challenge": "x"}, id="the check of the address"),
        pytest.param({"command": "/topics", "text": ""}, id="a slash command"),
        pytest.param({"type": "block_actions", "actions": [{"type": "button", "action_id": "a"}]}, id="a press"),
        pytest.param({"type": "view_submission", "view": {"type": "modal", "callback_id": "x"}}, id="a form"),
        pytest.param({"type": "shortcut", "callback_id": "x", "user": {"id": "U1"}, "view": None}, id="a shortcut"),
        pytest.param({}, id="nothing at all, which the SDK knows to refuse"),
    ],
)
def test_what_slack_sends_has_the_frame(body: dict[str, object]) -> None:
    assert is_request(json.loads(json.dumps(body)))
