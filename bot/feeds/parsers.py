"""Reading feeds, pages and lists of feeds where it can be stopped: in processes of their own, with limits.

Bodies are strangers'. A parser that hangs cannot be stopped in a thread, so larger bodies go to one of a few worker
processes, started when first needed, ended when idle, killed and replaced when they overrun. A small body is read in a
thread: its worst case is a third of a second. So is a larger one that is plain (``bot.feeds.plain``), as most are.
This module must not fetch anything nor decide what a failure means.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bot
from bot import bulk, limits, logs
from bot.errors import FeedParseError
from bot.feeds import wire
from bot.feeds.parse import parse_feed, parse_plain_feed

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.feeds.parse import ParsedFeed
    from bot.model import FeedLink, FeedList

log = logs.get(__name__)

COMMAND: Final = (sys.executable, "-P", "-m", "bot.feeds.parser_process")
_KEPT_SETTINGS: Final = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


class Parsers:
    """Reads bodies, at most ``processes`` of the larger ones at a time; ``close`` ends the processes.

    What people bring by hand, a list or a page that may name feeds, is read one at a time beside these: it can be built
    to take as long as it may, and sent again and again, but holds up no feed.
    ``command`` is what is started; it speaks as ``parser_process`` does.
    """

    def __init__(
        self,
        *,
        processes: int = limits.PARSERS,
        timeout_s: float = limits.PARSE_TIMEOUT_S,
        idle_s: float = limits.PARSER_IDLE_S,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        self._slots = asyncio.Semaphore(processes)
        self._by_hand = asyncio.Semaphore(1)
        self._timeout_s = timeout_s
        self._idle_s = idle_s
        self._command = command
        self._idle: list[_Parser] = []
        self._endings: set[asyncio.Task[None]] = set()

    async def feed(self, body: bytes, *, url: str, content_type: str = "", asked: bool = True) -> ParsedFeed:
        """As ``parse_feed``. Raises FeedParseError also where reading took too long or too much memory.

        What nobody has ``asked`` for is read in the lane for bulk work.
        """
        in_thread = asyncio.to_thread if asked else bulk.run
        if len(body) <= limits.PLAIN_HERE_BYTES:
            plain = await in_thread(parse_plain_feed, body, url=url, content_type=content_type)
            if plain is not None:
                return plain
        if len(body) <= limits.PARSE_HERE_BYTES:
            return await in_thread(parse_feed, body, url=url, content_type=content_type)
        fields = await self._read(wire.Job("feed", url, content_type), body, self._slots)
        return await in_thread(wire.feed_of, fields)

    async def article(self, page: bytes, *, url: str, content_type: str = "") -> str:
        """The text of the article on a page, as ``extract_page`` finds it. Raises FeedParseError, as above.

        Never in this process: the extractor is large, and no bound on its time is known.
        """
        return str(await self._read(wire.Job("page", url, content_type), page, self._slots))

    async def feed_list(self, data: bytes) -> FeedList:
        """As ``bot.feeds.opml.read_opml``. Raises FeedParseError, as above; never in this process."""
        return wire.list_of(await self._read(wire.Job("list"), data, self._by_hand))

    async def feed_links(self, page: bytes, *, url: str, content_type: str = "") -> tuple[FeedLink, ...]:
        """As ``bot.feeds.discover.feed_links``. Raises FeedParseError, as above; never in this process."""
        return wire.links_of(await self._read(wire.Job("links", url, content_type), page, self._by_hand))

    async def close(self) -> None:
        """End every process; what is being read fails."""
        for parser in self._idle:
            self._end(parser)
        self._idle.clear()
        await asyncio.gather(*self._endings)

    async def _read(self, job: wire.Job, body: bytes, slots: asyncio.Semaphore) -> Any:  # noqa: ANN401 - JSON, of the job's kind
        async with slots:
            answer = await self._ask(job, body)
        if answer.error is not None:
            raise FeedParseError(answer.error)
        return answer.value

    async def _ask(self, job: wire.Job, body: bytes) -> wire.Answer:
        parser = await self._ready()
        keep = False
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await parser.ask(wire.request(job, body))
            keep = not answer.last
        except TimeoutError:
            log.warning("parser took too long and was killed", kind=job.kind)
            raise FeedParseError(f"reading it takes longer than {self._timeout_s:g} s") from None
        except (asyncio.IncompleteReadError, OSError, ValueError):
            log.warning("parser died", kind=job.kind)
            raise FeedParseError("reading it takes more time or memory than is allowed") from None
        finally:
            # Also where the caller was cancelled: an answer that nobody waits for must not become the next one's.
            if keep:
                parser.rest(self._idle_s, self._retire)
                self._idle.append(parser)
            else:
                self._end(parser)
        return answer

    async def _ready(self) -> _Parser:
        while self._idle:
            parser = self._idle.pop()
            parser.rise()
            if parser.alive:
                return parser
            self._end(parser)
        return await _Parser.start(self._command)

    def _retire(self, parser: _Parser) -> None:
        if parser in self._idle:
            self._idle.remove(parser)
            self._end(parser)

    def _end(self, parser: _Parser) -> None:
        ending = asyncio.get_running_loop().create_task(parser.end())
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)


class _Parser:
    """One worker process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._bedtime: asyncio.TimerHandle | None = None

    @classmethod
    async def start(cls, command: tuple[str, ...]) -> _Parser:
        """Start one, without the bot's environment: tokens and passwords are none of its business."""
        environment = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
        environment["PYTHONPATH"] = str(Path(bot.__file__).parent.parent)
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            log.warning("parser could not be started", reason=str(error))
            raise FeedParseError("it could not be read: no process could be started for it") from error
        return cls(process)

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, request: bytes) -> wire.Answer:
        """Raises IncompleteReadError or OSError if the process died, ValueError if it talks nonsense."""
        source, sink = self._process.stdout, self._process.stdin
        if source is None or sink is None:
            raise BrokenPipeError
        sink.write(request)
        await sink.drain()
        text_bytes, body_bytes = wire.HEAD.unpack(await source.readexactly(wire.HEAD.size))
        if text_bytes > wire.ANSWER_BYTES or body_bytes:
            raise ValueError(text_bytes)
        text = await source.readexactly(text_bytes)
        return wire.Answer(**await asyncio.to_thread(json.loads, text))

    def rest(self, after_s: float, retire: Callable[[_Parser], None]) -> None:
        """Be retired if nobody asks for so long."""
        self._bedtime = asyncio.get_running_loop().call_later(after_s, retire, self)

    def rise(self) -> None:
        if self._bedtime is not None:
            self._bedtime.cancel()

    async def end(self) -> None:
        """Kill it and wait for its end, so that no zombie and no open pipe is left."""
        self.rise()
        with suppress(ProcessLookupError):
            self._process.kill()
        # Reading to the end lets go of both pipes, whatever still stood in them.
        with suppress(OSError):
            await self._process.communicate()
