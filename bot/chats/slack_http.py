"""The paths at which Slack, and who installs the app, speak to us. Decides nothing: slack_bolt checks signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request

from bot.chats.slack_install import INSTALL_PATH, REDIRECT_PATH
from bot.door import Door

if TYPE_CHECKING:
    from slack_bolt.app.async_app import AsyncApp

    from bot.chats.slack_install import Flow, Installing

EVENTS_PATH: Final = "/slack/events"
"""Where Slack is to send commands, events and presses in HTTP mode."""

_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")


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

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._door.port

    async def open(self, bolt: AsyncApp, flow: Flow | None) -> None:
        """Begin to answer. Raises SettingsError if the port is taken."""

        async def on_event(request: web.Request) -> web.StreamResponse:
            return await _handed_on(bolt, request)

        self._door.listen(EVENTS_PATH, on_event)
        if flow is not None:
            self._add_pages(flow)
        if self._shared is None:
            await self._door.open()

    async def close(self) -> None:
        """Answer no more; safe to call twice."""
        for path in (EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH):
            self._door.leave(path)
        if self._shared is None:
            await self._door.close()

    def _add_pages(self, flow: Flow) -> None:
        async def install(request: web.Request) -> web.StreamResponse:
            if request.method != "GET":
                return web.Response(status=405)
            return await to_aiohttp_response(await flow.handle_installation(await to_bolt_request(request)))

        async def redirect(request: web.Request) -> web.StreamResponse:
            if request.method != "GET":
                return web.Response(status=405)
            return await to_aiohttp_response(await flow.handle_callback(await to_bolt_request(request)))

        self._door.listen(INSTALL_PATH, install)
        self._door.listen(REDIRECT_PATH, redirect)


async def _handed_on(bolt: AsyncApp, request: web.Request) -> web.StreamResponse:
    if request.method != "POST":
        return web.Response(status=405)
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
