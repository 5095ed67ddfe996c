"""Several Slack workspaces behind one Web API, as Slack's own is: the token of a call says which one it is about.

Each workspace is a ``SlackApi`` of its own. Installing is Slack's part of OAuth v2: the page at which a person agrees
gives out a code, which is good once, and ``oauth.v2.access`` gives the workspace's token for it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from tests.doubles.slack_api import SlackApi

Json = Any

CLIENT_ID = "111.222"
CLIENT_SECRET = "client-secret-of-the-double"  # noqa: S105 - no secret


class SlackTeams:
    """The front door to all of ``teams``. An async context manager; ``base_url`` is what the adapter is given."""

    def __init__(self, *teams: SlackApi) -> None:
        self.names = {api.team: f"Team {api.team}" for api in teams}
        self.tokens = {f"xoxb-{api.team.lower()}-{secrets.token_hex(6)}": api for api in teams}
        self.codes: dict[str, SlackApi] = {}
        self.revoked: set[str] = set()
        self.strangers: list[str] = []
        self.whole_organisation = False
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.base_url = ""

    async def __aenter__(self) -> Self:
        site = web.Application()
        site.router.add_route("*", "/api/{method}", self._serve)
        site.router.add_get("/files-pri/{file}", self._serve_file)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        root = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.base_url = f"http://{root}/api/"
        for api in self.tokens.values():
            api.files_at = root
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def token(self, api: SlackApi) -> str:
        """The newest token of a workspace."""
        return next(token for token, team in reversed(self.tokens.items()) if team is api)

    def agree(self, api: SlackApi) -> str:
        """Somebody of this workspace presses Allow: the code that Slack sends back with them."""
        code = secrets.token_hex(8)
        self.codes[code] = api
        return code

    def revoke(self, api: SlackApi) -> None:
        """No token of this workspace is taken any more."""
        self.revoked |= {token for token, team in self.tokens.items() if team is api}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        raw = await request.read()
        if method == "oauth.v2.access":
            return web.json_response(self._exchange(dict(parse_qsl(raw.decode()))))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        api = self.tokens.get(token)
        if api is None:
            self.strangers.append(method)
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if token in self.revoked:
            return web.json_response({"ok": False, "error": "token_revoked"})
        if method == "auth.test":
            return web.json_response(
                {"ok": True, "user": "backstory", "user_id": "UBOT", "bot_id": "BBOT", "team": self.names[api.team]}
                | {"team_id": api.team, "url": "https://desk.slack.com/"}
            )
        assert self._session is not None
        headers = {"Authorization": f"Bearer {api.token}", "Content-Type": request.headers.get("Content-Type", "")}
        query = f"?{urlencode(dict(request.query))}" if request.query else ""
        async with self._session.post(f"{api.base_url}{method}{query}", data=raw, headers=headers) as answer:
            kept = {name: value for name, value in answer.headers.items() if name == "Retry-After"}
            return web.Response(
                body=await answer.read(), status=answer.status, content_type=answer.content_type, headers=kept
            )

    async def _serve_file(self, request: web.Request) -> web.Response:
        api = self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        data = api.sendable.get(request.match_info["file"]) if api is not None else None
        if data is None:
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=data)

    def _exchange(self, body: Json) -> Json:
        if (body.get("client_id"), body.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return {"ok": False, "error": "invalid_client_id"}
        api = self.codes.pop(str(body.get("code", "")), None)
        if api is None:
            return {"ok": False, "error": "invalid_code"}
        token = f"xoxb-{api.team.lower()}-{secrets.token_hex(6)}"
        self.tokens[token] = api
        return {
            "ok": True,
            "app_id": "A0001",
            "authed_user": {"id": api.user},
            "scope": "chat:write,commands",
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": "UBOT",
            "team": None if self.whole_organisation else {"id": api.team, "name": self.names[api.team]},
            "enterprise": {"id": "E1", "name": "Org"} if self.whole_organisation else None,
            "is_enterprise_install": self.whole_organisation,
        }
