"""The paths at which Slack, and who installs the app, speak to us.

What is not signed is turned away before anything of it is read: the SDK reads first and checks then. What was signed
once is not heeded again later, whoever sends it. Decides nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_sdk.signature import SignatureVerifier

from bot import logs
from bot.chats.lately import Lately
from bot.chats.paths import SLACK_EVENTS, SLACK_INSTALL, SLACK_REDIRECT
from bot.chats.slack_inbound import is_request
from bot.door import Door

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.app.async_app import AsyncApp
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse

    from bot.chats.slack_install import Flow, Installing

    Page = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

_SIGNED_FOR_S: Final = 600.0
"""A signature is good for five minutes before and after its time (docs.slack.dev, verifying requests from Slack)."""
_SAME_MOMENT_S: Final = 2.0
"""Signatures know whole seconds, so that the same said twice within one may be signed alike."""

_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class HttpMode:
    """Where to listen for Slack's requests, and the secret that they are signed with. Port 0 takes any free one.

    With a ``door``, they come through that one. With ``installing``, other workspaces may add the app.
    """

    signing_secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 3000
    door: Door | None = None
    installing: Installing | None = None


class SlackPaths:
    """Listens at Slack's paths from ``open`` to ``close``: at the door that is given, or at one of its own."""

    def __init__(self, http: HttpMode) -> None:
        self._shared = http.door
        self._door = http.door or Door(http.host, http.port)
        self._verifier = SignatureVerifier(http.signing_secret)
        self._heeded = Lately(_SIGNED_FOR_S)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._door.port

    async def open(self, bolt: AsyncApp, flow: Flow | None) -> None:
        """Begin to answer. Raises SettingsError if the port is taken."""

        async def on_event(request: web.Request) -> web.StreamResponse:
            if request.method != "POST":
                return web.Response(status=405)
            if not _is_signed(self._verifier, request, await request.read()):
                return web.Response(status=401)
            signature = request.headers["X-Slack-Signature"]
            age_s = self._heeded.age_s(signature)
            if age_s is not None and age_s > _SAME_MOMENT_S:
                log.warning("a signed request came again and was not heeded", path=request.path)
                return web.Response()
            answer = await _handed_on(bolt, request)
            if answer.status >= web.HTTPInternalServerError.status_code:
                self._heeded.forget(signature)  # Slack will come back with it
            return answer

        self._door.listen(SLACK_EVENTS, on_event)
        if flow is not None:
            self._add_pages(flow)
        if self._shared is None:
            await self._door.open()

    async def close(self) -> None:
        """Answer no more; safe to call twice."""
        for path in (SLACK_EVENTS, SLACK_INSTALL, SLACK_REDIRECT):
            self._door.leave(path)
        if self._shared is None:
            await self._door.close()

    def _add_pages(self, flow: Flow) -> None:
        async def install(request: web.Request) -> web.StreamResponse:
            return await _on_page(request, flow.handle_installation)

        async def redirect(request: web.Request) -> web.StreamResponse:
            return await _on_page(request, flow.handle_callback)

        self._door.listen(SLACK_INSTALL, install)
        self._door.listen(SLACK_REDIRECT, redirect)


async def _handed_on(bolt: AsyncApp, request: web.Request) -> web.StreamResponse:
    asked = await _read(request)
    if asked is None or not is_request(asked.body):
        return web.Response(status=400)
    return await to_aiohttp_response(await bolt.async_dispatch(asked))


def _is_signed(verifier: SignatureVerifier, request: web.Request, body: bytes) -> bool:
    sent_at = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    # The verifier raises on a time that is no number, on a signature that is no ASCII and on a body that is no UTF-8.
    if not (_TIMESTAMP.fullmatch(sent_at) and signature.isascii()):
        return False
    try:
        return verifier.is_valid(body, sent_at, signature)
    except UnicodeDecodeError:
        return False


async def _on_page(request: web.Request, page: Page) -> web.StreamResponse:
    """Show one of the pages for who installs the app."""
    if request.method != "GET":
        return web.Response(status=405)
    asked = await _read(request)
    return web.Response(status=400) if asked is None else await to_aiohttp_response(await page(asked))


async def _read(request: web.Request) -> AsyncBoltRequest | None:
    """The request as the SDK reads it; None for what it trips over: no JSON, bottomless JSON, no such encoding."""
    try:
        return await to_bolt_request(request)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        log.info("a request that cannot be read", path=request.path, error=type(error).__name__)
        return None
