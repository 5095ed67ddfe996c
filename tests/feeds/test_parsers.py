"""Bodies are read in processes that can be stopped: what comes back, and what becomes of one that hangs or dies."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import limits
from bot.errors import FeedParseError
from bot.feeds import wire
from bot.feeds.discover import feed_links
from bot.feeds.opml import read_opml
from bot.feeds.parse import parse_feed
from bot.feeds.parsers import Parsers
from tests.pipeline.feed_server import Item, rss

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

URL = "https://news.example/feed"
DATE = "Mon, 17 Jun 2024 22:29:00 GMT"
ITEMS = [Item(f"Talks {n}", f"/{n}", f"g{n}", DATE, "Слова &lt;b&gt;и&lt;/b&gt; числа. " * 40) for n in range(100)]
LARGE = rss(*ITEMS, title="Ünïcode", extra="<info>for feedparser alone</info>")

# A parser that does what the first word of the body's title says, and answers well otherwise.
WILD = """
import json, os, signal, sys, time
from bot.feeds.parser_process import _next, answer
from bot.feeds.wire import message
while (asked := _next(sys.stdin.buffer)) is not None:
    job, body = asked
    if b"HANG" in body: time.sleep(600)
    if b"SPIN" in body:
        while True: pass
    if b"DIE" in body: os.kill(os.getpid(), signal.SIGKILL)
    if b"NONSENSE" in body:
        sys.stdout.buffer.write(b"\\xff" * 100); sys.stdout.buffer.flush(); time.sleep(600)
    sys.stdout.buffer.write(message(answer(job, body) | {"last": b"LAST" in body})); sys.stdout.buffer.flush()
"""
COMMAND = (sys.executable, "-P", "-c", WILD)


@asynccontextmanager
async def running(timeout_s: float = 10, *, wild: bool = False, processes: int = 1) -> AsyncIterator[Parsers]:
    parsers = (
        Parsers(timeout_s=timeout_s, processes=processes, command=COMMAND)
        if wild
        else Parsers(timeout_s=timeout_s, processes=processes)
    )
    try:
        yield parsers
    finally:
        await parsers.close()


def large(word: str) -> bytes:
    return LARGE.replace(b"Talks 0", word.encode(), 1)


def children() -> set[str]:
    """The processes that this one has started and that have not ended."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread may end meanwhile; its children are another's
            found |= set((task / "children").read_text().split())
    return found


async def until_alone(before: set[str]) -> None:
    """Wait until all children but those of before have ended."""
    async with asyncio.timeout(10):
        while children() != before:  # noqa: ASYNC110 - a process that ends sets no event
            await asyncio.sleep(0.02)


async def test_a_process_reads_a_large_feed_as_this_one_would() -> None:
    assert len(LARGE) > limits.PARSE_HERE_BYTES
    before, seen = children(), set()
    ballast = bytearray(limits.PARSER_KEPT_BYTES)
    async with running() as parsers:
        for _ in range(2):
            assert await parsers.feed(LARGE, url=URL, content_type="text/xml") == parse_feed(
                LARGE, url=URL, content_type="text/xml"
            )
            seen |= children() - before
    del ballast
    assert len(seen) == 1, "it is kept, however large the one is that started it"


async def test_a_small_feed_needs_no_process() -> None:
    before = children()
    async with running(wild=True) as parsers:
        small = rss(Item("HANG", "/1"))
        assert (await parsers.feed(small, url=URL)).entries[0].title == "HANG"
        assert children() == before


async def test_a_large_feed_that_is_plain_needs_no_process() -> None:
    before = children()
    plain = rss(*ITEMS)
    async with running(wild=True) as parsers:
        assert await parsers.feed(plain, url=URL) == parse_feed(plain, url=URL)
        assert children() == before


async def test_a_feed_that_cannot_be_read_is_refused_in_the_same_words() -> None:
    page = b"<html><body>" + b"<p>no feed</p>" * 5000
    async with running() as parsers:
        with pytest.raises(FeedParseError, match="this is a web page, not a feed"):
            await parsers.feed(page, url=URL)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        pytest.param("HANG", "takes longer than 5 s", id="hangs"),
        pytest.param("SPIN", "takes longer than 5 s", id="spins"),
        pytest.param("DIE", "more time or memory than is allowed", id="dies"),
        pytest.param("NONSENSE", "more time or memory than is allowed", id="talks-nonsense"),
    ],
)
async def test_a_body_that_stops_its_parser_fails_alone(word: str, reason: str) -> None:
    before = children()
    async with running(5, wild=True) as parsers:
        with pytest.raises(FeedParseError, match=reason):
            await parsers.feed(large(word), url=URL)
        assert len((await parsers.feed(LARGE, url=URL)).entries) == 100
    assert children() == before


async def test_what_was_cancelled_gives_its_answer_to_nobody_else() -> None:
    async with running(wild=True) as parsers:
        await parsers.feed(LARGE, url=URL)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await parsers.feed(large("HANG"), url=URL)
        assert (await parsers.feed(large("Next"), url=URL)).entries[0].title == "Next"


async def test_a_parser_that_says_it_is_the_last_answer_is_replaced() -> None:
    async with running(wild=True) as parsers:
        assert (await parsers.feed(large("LAST"), url=URL)).entries[0].title == "LAST"
        assert (await parsers.feed(large("Next"), url=URL)).entries[0].title == "Next"


async def test_a_parser_that_died_in_its_sleep_harms_no_feed() -> None:
    async with running() as parsers:
        before = children()
        await parsers.feed(LARGE, url=URL)
        for child in children() - before:
            os.kill(int(child), 9)
        await until_alone(before)
        assert len((await parsers.feed(LARGE, url=URL)).entries) == 100


async def test_an_idle_parser_is_let_go() -> None:
    before = children()
    parsers = Parsers(idle_s=0.05)
    await parsers.feed(LARGE, url=URL)
    await until_alone(before)
    await parsers.close()


async def test_one_feed_that_hangs_holds_up_no_other() -> None:
    async with running(20, wild=True, processes=2) as parsers:
        hanging = asyncio.create_task(parsers.feed(large("HANG"), url=URL))
        feeds = await asyncio.gather(*(parsers.feed(LARGE, url=URL) for _ in range(4)))
        assert [len(feed.entries) for feed in feeds] == [100] * 4
        assert not hanging.done()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging


async def test_a_parser_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:secret")
    program = (
        "import json, os, sys\n"
        "from bot.feeds.parser_process import _next\n"
        "from bot.feeds.wire import message\n"
        "_next(sys.stdin.buffer)\n"
        "sys.stdout.buffer.write(message({'value': json.dumps(dict(os.environ))})); sys.stdout.buffer.flush()\n"
    )
    parsers = Parsers(command=(sys.executable, "-P", "-c", program))
    seen = await parsers.article(b"x", url=URL)
    await parsers.close()
    assert "PATH" in seen
    assert "secret" not in seen


async def test_memory_is_limited() -> None:
    # An allocation beyond the limit, where the system has room for it.
    program = (
        "import sys\n"
        "from bot.feeds import parser_process\n"
        "parser_process.parse_feed = lambda *a, **k: bytearray(4 * 1024**3)\n"
        "parser_process.main()\n"
    )
    parsers = Parsers(command=(sys.executable, "-P", "-c", program))
    with pytest.raises(FeedParseError, match="more memory than is allowed"):
        await parsers.feed(LARGE, url=URL)
    await parsers.close()


async def test_cpu_time_is_limited_for_each_body_and_not_for_all() -> None:
    program = (
        "import time\n"
        "from bot import limits\n"
        "from bot.feeds import parser_process\n"
        "from bot.feeds.parse import ParsedFeed\n"
        "limits.PARSE_CPU_S = 2\n"
        "def slow(body, **rest):\n"
        "    until = time.process_time() + (600 if b'SPIN' in body else 0.8)\n"
        "    while time.process_time() < until: pass\n"
        "    return ParsedFeed('slow', None, None, ())\n"
        "parser_process.parse_feed = slow\n"
        "parser_process.main()\n"
    )
    parsers = Parsers(command=(sys.executable, "-P", "-c", program), timeout_s=100)
    # Together more than one of them may take, and alone so much less that a busy machine's own work fits in beside it.
    for _ in range(4):
        assert (await parsers.feed(LARGE, url=URL)).title == "slow"
    with pytest.raises(FeedParseError, match="more time or memory"):
        await parsers.feed(large("SPIN"), url=URL)
    await parsers.close()


async def test_a_page_comes_back_as_paragraphs() -> None:
    paragraph = "The ministers met on Monday and spoke for three hours about trade, energy and the border. " * 3
    page = f"<html><body><article><h1>Talks</h1><p>{paragraph}</p><p>{paragraph[::-1]}</p></article></body></html>"
    async with running() as parsers:
        assert "spoke for three hours" in await parsers.article(page.encode(), url=URL)
        with pytest.raises(FeedParseError, match="no article"):
            await parsers.article(b"<html></html>", url=URL)


async def test_lists_and_links_come_back_as_they_would_here() -> None:
    titled = b'<outline text="&#x0424;" xmlUrl="https://a.example/rss"/><outline xmlUrl="ftp://b.example/"/>'
    listed = b"<opml><head><title>Mine</title></head><body>" + titled + b"</body></opml>"
    page = b"<html><link rel='alternate' type='application/rss+xml' title='\xd0\xa4' href='/rss'></html>"
    async with running() as parsers:
        assert await parsers.feed_list(listed) == read_opml(listed)
        assert await parsers.feed_links(page, url=URL) == feed_links(page, url=URL) != ()
        with pytest.raises(FeedParseError, match="no feed in the file"):
            await parsers.feed_list(b"<opml/>")


async def test_a_list_that_hangs_holds_up_no_feed() -> None:
    async with running(20, wild=True) as parsers:
        hanging = asyncio.create_task(parsers.feed_list(b"<opml>HANG</opml>"))
        assert len((await parsers.feed(LARGE, url=URL)).entries) == 100
        assert not hanging.done()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging


def test_no_bytes_of_a_parser_become_an_object() -> None:
    entry = parse_feed(rss(Item("Talks", "/1", "g", DATE)), url=URL)
    fields = wire.feed_fields(entry)
    assert wire.feed_of(fields) == entry
