"""A real HTTP server on 127.0.0.1 that serves feeds as outlets do, and as they should not.

It is told what to answer at each path, and remembers every request. Nothing here knows the bot.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from ssl import SSLContext

RSS_TYPE: Final = "application/rss+xml"


class Fault(StrEnum):
    """How an answer goes wrong on the way."""

    NONE = "none"
    DRIP = "drip"  # one byte every 50 ms, for ever
    HANG = "hang"  # nothing at all
    CUT = "cut"  # half of the body, then the connection is gone
    DISCONNECT = "disconnect"  # the connection is gone before the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers. With an ``etag`` (or ``last_modified``) sent back word for word, the answer is a 304."""

    body: bytes = b""
    status: int = 200
    content_type: str = RSS_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    fault: Fault = Fault.NONE


@dataclass(frozen=True, slots=True)
class Request:
    """A request that arrived."""

    path: str
    headers: Mapping[str, str]


class FeedServer:
    """Answers by path: ``serve`` sets a path's answer, ``serve_in_turn`` a row of them of which the last one stays."""

    def __init__(self, *, scheme: str = "http") -> None:
        self._scheme = scheme
        self.requests: list[Request] = []
        self.open_now = 0
        self.open_most = 0
        self.port = 0
        self._answers: dict[str, list[Answer]] = {}

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """The address of a path of this server."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def serve(self, path: str, answer: Answer) -> str:
        """Set what a path answers from now on; returns its address."""
        return self.serve_in_turn(path, answer)

    def serve_in_turn(self, path: str, *answers: Answer) -> str:
        """Set what a path answers to the next requests, one after the other; returns its address."""
        self._answers[path] = list(answers)
        return self.url(path)

    def redirect(self, path: str, to: str, *, status: int = 302) -> str:
        """Let a path lead elsewhere; returns its address."""
        return self.serve(path, Answer(status=status, headers={"Location": to}))

    def seen(self, path: str) -> list[Request]:
        """The requests for a path, oldest first."""
        return [request for request in self.requests if request.path == path]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.requests.append(Request(request.path_qs, dict(request.headers)))
        row = self._answers.get(request.path_qs) or self._answers.get(request.path)
        if not row:
            return web.Response(status=404, text="no such feed")
        answer = row.pop(0) if len(row) > 1 else row[0]
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            return await _respond(request, answer)
        finally:
            self.open_now -= 1


async def _respond(request: web.Request, answer: Answer) -> web.StreamResponse:
    headers = {"Content-Type": answer.content_type, **answer.headers}
    if answer.etag is not None:
        headers["ETag"] = answer.etag
    if answer.last_modified is not None:
        headers["Last-Modified"] = answer.last_modified
    match answer.fault:
        case Fault.HANG:
            await asyncio.sleep(3600)
        case Fault.DISCONNECT:
            _drop(request)
        case Fault.DRIP:
            return await _drip(request, headers)
        case Fault.CUT:
            return await _cut(request, answer, headers)
    if _is_known(request, answer):
        return web.Response(status=304, headers={name: headers[name] for name in ("ETag",) if name in headers})
    # Built by hand, so that a Content-Encoding given by a test goes out as it stands.
    response = web.StreamResponse(status=answer.status, headers=headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body)
    await response.write_eof()
    return response


def _is_known(request: web.Request, answer: Answer) -> bool:
    by_etag = answer.etag is not None and request.headers.get("If-None-Match") == answer.etag
    by_date = answer.last_modified is not None and request.headers.get("If-Modified-Since") == answer.last_modified
    return by_etag or by_date


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _drip(request: web.Request, headers: Mapping[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.05)


async def _cut(request: web.Request, answer: Answer, headers: Mapping[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    _drop(request)
    return response


@asynccontextmanager
async def feed_server(*, tls: SSLContext | None = None) -> AsyncIterator[FeedServer]:
    """Run a server on a free port for as long as the context lasts; with ``tls`` it speaks HTTPS."""
    server = FeedServer(scheme="https" if tls else "http")
    application = web.Application()
    application.router.add_route("GET", "/{path:.*}", server.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()


def gzip_bomb(size_bytes: int) -> bytes:
    """``size_bytes`` of nothing, packed about a thousand to one."""
    return gzip.compress(bytes(size_bytes))


def deflate_bomb(size_bytes: int) -> bytes:
    """The same for "Content-Encoding: deflate"."""
    return zlib.compress(bytes(size_bytes), 9)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed that ``rss`` writes; texts go in as they are, so they may hold markup and faults."""

    title: str
    link: str
    guid: str | None = None
    date: str | None = None
    description: str = ""


def rss(*items: Item, title: str = "The Example", extra: str = "") -> bytes:
    """An RSS 2.0 document."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>{extra}'
        f"{''.join(map(_item, items))}</channel></rss>"
    ).encode()


def _item(item: Item) -> str:
    guid = f"<guid isPermaLink='false'>{item.guid}</guid>" if item.guid is not None else ""
    date = f"<pubDate>{item.date}</pubDate>" if item.date is not None else ""
    return (
        f"<item><title>{item.title}</title><link>{item.link}</link>{guid}{date}"
        f"<description>{item.description}</description></item>"
    )
