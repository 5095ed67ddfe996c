"""A language model's endpoint on 127.0.0.1 that answers, lies, hangs and drips as told. A real server."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def completion(content: object) -> bytes:
    """A body in the chat-completions form, whose text is ``content``."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def told(*sentences: tuple[str, list[int]]) -> bytes:
    """A body whose text is the JSON that was asked for."""
    return completion(json.dumps({"sentences": [{"text": text, "sources": cited} for text, cited in sentences]}))


@dataclass
class ChatCompletions:
    """What the endpoint does next, and the requests that it got."""

    url: str = ""
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    drips: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        self.requests.append(json.loads(await request.read()))
        self.keys.append(request.headers.get("Authorization", ""))
        if self.hangs:
            await asyncio.sleep(60)
        if self.drips:
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(600):
                await response.write(b" ")
                await asyncio.sleep(0.1)
            return response
        return web.Response(body=self.body, status=self.status, headers=self.headers, content_type="application/json")


@asynccontextmanager
async def chat_completions() -> AsyncIterator[ChatCompletions]:
    """The endpoint on a free port, until the block ends."""
    endpoint = ChatCompletions()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", endpoint.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = site._server  # noqa: SLF001 - aiohttp tells its port nowhere else
    assert isinstance(server, asyncio.Server)
    endpoint.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield endpoint
    finally:
        await runner.cleanup()
