"""A feed server on the loopback address for the sample coverage.

Job: serve each outlet's feed with what has been released so far, with ETag and 304, over real HTTP, so that the real
poller has something to poll. It must not decide when anything is released: ``playback`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from aiohttp import web

from bot.samples.documents import feed_path, render

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from bot.samples.coverage import Coverage, SampleEntry, SampleOutlet, Step

HOST: Final = "127.0.0.1"


class SampleServer:
    """Serves from ``async with`` on, with the coverage's opening in its feeds; on a free port of 127.0.0.1."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._live: dict[str, SampleEntry] = {entry.id: entry for entry in coverage.opening}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        for outlet in self._coverage.outlets:
            app.router.add_get(feed_path(outlet), self._handler(outlet))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._runner = runner
        await web.TCPSite(runner, HOST, 0).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def feed_urls(self) -> tuple[tuple[str, str], ...]:
        """Each outlet's title and its feed's address, in the coverage's order; only while the server runs."""
        if self._runner is None or not self._runner.addresses:
            raise RuntimeError("the sample server is not running")
        port = self._runner.addresses[0][1]
        return tuple((outlet.title, f"http://{HOST}:{port}{feed_path(outlet)}") for outlet in self._coverage.outlets)

    def release(self, step: Step) -> None:
        """Put a step's entries into their feeds; a later version takes the place of the earlier one."""
        self._live.update({entry.id: entry for entry in step.entries})

    def _handler(self, outlet: SampleOutlet) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            document = render(outlet, [entry for entry in self._live.values() if entry.outlet.id == outlet.id])
            asked = request.if_none_match or ()
            known = any(tag.value in (document.etag, "*") for tag in asked)
            response = (
                web.Response(status=304)
                if known
                else web.Response(body=document.body, content_type=document.content_type, charset="utf-8")
            )
            response.etag = document.etag
            return response

        return answer
