"""Article pages from a real server: what robots.txt allows, at the site's pace, and never from inside for strangers."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from protego import Protego

from bot import limits
from bot.feeds.fetch import Fetcher
from bot.feeds.pages import Page, PageOutcome, Pages
from bot.feeds.parsers import Parsers
from bot.feeds.robots import Manners, Robots, for_us
from tests.pipeline.feed_server import Answer, Fault, FeedServer, feed_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

AGENT = "Backstory/1.0 (+https://example.org/contact)"
PARAGRAPH = "The ministers met on Monday in the capital and spoke for three hours about trade, energy and the border."
HTML = "text/html; charset=utf-8"
PAGE = Answer(
    f"<html><body><nav>Home</nav><article><h1>Talks</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH[::-1]}</p></article></body>"
    "</html>".encode(),
    content_type=HTML,
)


@dataclass
class Site:
    server: FeedServer
    fetcher: Fetcher
    pages: Pages

    def robots(self, text: str, status: int = 200) -> None:
        self.server.serve("/robots.txt", Answer(text.encode(), status, "text/plain"))

    async def read(self, path: str = "/a", **rest: float) -> Page:
        return await self.pages.read(self.server.url(path), feed_url=self.server.url("/feed"), **rest)


@asynccontextmanager
async def open_site(*, timeout_s: float = 5) -> AsyncIterator[Site]:
    hosts = frozenset({"127.0.0.1"})
    parsers = Parsers()
    async with (
        feed_server() as server,
        Fetcher(user_agent=AGENT, allowed_private_hosts=hosts, total_timeout_s=timeout_s) as fetcher,
    ):
        server.serve("/a", PAGE)
        yield Site(server, fetcher, Pages(fetcher, parsers, user_agent=AGENT))
    await parsers.close()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        yield opened


async def test_a_page_gives_its_article(site: Site) -> None:
    page = await site.read()
    assert page.outcome is PageOutcome.FETCHED
    assert PARAGRAPH in page.text.split("\n")
    assert "Home" not in page.text
    assert site.server.seen("/a")[0].headers["User-Agent"] == AGENT


async def test_a_page_is_read_in_the_encoding_that_its_server_names(site: Site) -> None:
    text = "Стороны подписали договор о сотрудничестве, сообщили в пресс-службе. " * 4
    scripts = "<script>var x = 1;</script>" * 400
    html = f"<html><head>{scripts}</head><body><article><h1>Talks</h1><p>{text}</p></article>{scripts}</body></html>"
    site.server.serve("/b", Answer(html.encode("cp1251"), content_type="text/html; charset=windows-1251"))
    assert text.strip() in (await site.read("/b")).text


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        pytest.param("User-agent: *\nDisallow: /", PageOutcome.ROBOTS, id="nobody"),
        pytest.param("User-agent: backstory\nDisallow: /a", PageOutcome.ROBOTS, id="not-us"),
        pytest.param("User-agent: *\nDisallow: /\n\nUser-agent: Backstory\nAllow: /", PageOutcome.FETCHED, id="us"),
        pytest.param("User-agent: other\nDisallow: /", PageOutcome.FETCHED, id="others"),
        pytest.param("User-agent: *\nDisallow: /*.php$\nDisallow: /b", PageOutcome.FETCHED, id="elsewhere"),
        pytest.param("\ufeff<html>no such page</html>", PageOutcome.FETCHED, id="no-rules-in-it"),
        pytest.param("", PageOutcome.FETCHED, id="empty"),
    ],
)
async def test_robots_txt_is_respected(site: Site, robots: str, outcome: PageOutcome) -> None:
    site.robots(robots)
    assert (await site.read()).outcome is outcome
    assert len(site.server.seen("/a")) == (outcome is PageOutcome.FETCHED)


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        pytest.param(Answer(status=404), True, id="404"),
        pytest.param(Answer(status=403), True, id="403"),
        pytest.param(Answer(status=429), False, id="429"),
        pytest.param(Answer(status=503), False, id="503"),
        pytest.param(Answer(fault=Fault.DISCONNECT), False, id="no-answer"),
        pytest.param(Answer(b"#" * (limits.ROBOTS_BYTES + 1)), False, id="too-large"),
        pytest.param(Answer(status=301, headers={"Location": "/robots.txt"}), False, id="circle"),
    ],
)
async def test_a_robots_txt_that_is_not_there(site: Site, answer: Answer, *, allowed: bool) -> None:
    site.server.serve("/robots.txt", answer)
    robots = Robots(site.fetcher, user_agent=AGENT)
    assert (await robots.manners(site.server.url("/a"), private=True)).allowed is allowed


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /a",
        "User-agent: other\nDisallow: /a",
        "User-agent: other\nUser-agent: backstory\nDisallow: /a\n\nUser-agent: *\nDisallow: /b",
        "User-agent: *\nDisallow: /b\nUser-agent: Back\nDisallow: /a\nUser-agent: BackStory # us\nAllow: /a",
        "user agent Backstory\nDisallow: /a\nUserAgent:*\nDisallow: /b",
        "User-agent: story\nDisallow: /a\nUser-agent: example\nDisallow: /b",
        "User-agent: back*story\nDisallow: /a\nUser-agent:\nDisallow: /b",
        "User-agent: a\rUser-agent: *\rCrawl-delay: 7\rDisallow: /b",
        "Disallow: /a\nSitemap: https://x.example/\nUser-agent: **\nDisallow: /",
    ],
)
def test_what_a_robots_txt_says_of_us_stays_the_same(text: str) -> None:
    whole, reduced = Protego.parse(text), Protego.parse(for_us(text, AGENT))
    for path in ("/", "/a", "/b"):
        url = f"https://x.example{path}"
        assert (reduced.can_fetch(url, AGENT), reduced.crawl_delay(AGENT)) == (
            whole.can_fetch(url, AGENT),
            whole.crawl_delay(AGENT),
        )


def test_a_robots_txt_of_many_names_and_rules_costs_no_more_than_its_length() -> None:
    names = [AGENT[begin:end] for begin in range(len(AGENT)) for end in range(begin + 1, len(AGENT) + 1)]
    names += [f"robot{number}" for number in range(5000)]
    lines = [*(f"User-agent: {name}" for name in names), *(f"Disallow: /{number}" for number in range(8000))]
    tracemalloc.start()
    rules = Protego.parse(for_us("\n".join(lines), AGENT))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 50_000_000
    assert not rules.can_fetch("https://x.example/1", AGENT)


async def test_files_of_strangers_do_not_pile_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROBOTS_CHARS", 100)
    robots = Robots(site.fetcher, user_agent=AGENT)
    async with feed_server() as other:
        for server in (site.server, other):
            server.serve("/robots.txt", Answer(b"User-agent: *\nDisallow: /b" + b"\n" * 50, content_type="text/plain"))
        for url in (site.server.url("/a"), site.server.url("/b"), other.url("/a"), site.server.url("/a")):
            await robots.manners(url, private=True)
    # The second site's took the place of the first's.
    assert len(site.server.seen("/robots.txt")) == 2


async def test_robots_txt_is_kept_for_a_day_and_a_fault_for_minutes(site: Site) -> None:
    clock = [0.0]
    robots = Robots(site.fetcher, user_agent=AGENT, now_s=lambda: clock[0])
    url = site.server.url("/a")
    for now_s, status, allowed, asked in (
        (0.0, 503, False, 1),
        (limits.ROBOTS_RETRY_S - 1, 503, False, 1),
        (limits.ROBOTS_RETRY_S + 1, 200, False, 2),
        (limits.ROBOTS_RETRY_S + limits.ROBOTS_KEPT_S, 404, False, 2),
        (limits.ROBOTS_RETRY_S + limits.ROBOTS_KEPT_S + 2, 404, True, 3),
    ):
        clock[0] = now_s
        site.robots("User-agent: *\nDisallow: /", status)
        assert (await robots.manners(url, private=True)).allowed is allowed
        assert len(site.server.seen("/robots.txt")) == asked


@pytest.mark.parametrize(
    ("asked", "delay_s"),
    [
        ("3", 3.0),
        ("0.1", limits.ARTICLE_HOST_DELAY_S),
        ("86400", limits.ARTICLE_CRAWL_DELAY_CAP_S),
        ("soon", limits.ARTICLE_HOST_DELAY_S),
        ("-5", limits.ARTICLE_HOST_DELAY_S),
        ("inf", limits.ARTICLE_HOST_DELAY_S),
        ("nan", limits.ARTICLE_HOST_DELAY_S),
    ],
)
async def test_a_crawl_delay_counts_within_bounds(site: Site, asked: str, delay_s: float) -> None:
    site.robots(f"User-agent: *\nCrawl-delay: {asked}\nDisallow: /b")
    robots = Robots(site.fetcher, user_agent=AGENT)
    assert await robots.manners(site.server.url("/a"), private=True) == Manners(allowed=True, delay_s=delay_s)


async def test_one_page_of_a_host_at_a_time_with_a_pause(site: Site) -> None:
    began_s = time.monotonic()
    # Not within the time that an alert waits: on a busy machine a parser takes seconds to start.
    pages = await asyncio.gather(*(site.read(timeout_s=60) for _ in range(2)))
    assert [page.outcome for page in pages] == [PageOutcome.FETCHED] * 2
    assert site.server.open_most == 1
    assert time.monotonic() - began_s >= limits.ARTICLE_HOST_DELAY_S
    assert len(site.server.seen("/robots.txt")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(status=404), id="404"),
        pytest.param(Answer(b"%PDF-1.7", content_type="application/pdf"), id="pdf"),
        pytest.param(Answer(b"<html></html>", content_type=HTML), id="no-article"),
        pytest.param(Answer(b"x" * (limits.PAGE_BODY_BYTES + 1), content_type=HTML), id="too-large"),
        pytest.param(Answer(PAGE.body, content_type=HTML, fault=Fault.CUT), id="cut"),
        pytest.param(Answer(status=302, headers={"Location": "file:///etc/passwd"}), id="a-file"),
    ],
)
async def test_a_page_that_gives_nothing_is_an_outcome(site: Site, answer: Answer) -> None:
    site.server.serve("/a", answer)
    assert await site.read() == Page(PageOutcome.FAILED)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
async def test_nobody_waits_long_for_a_page(site: Site, fault: Fault) -> None:
    site.server.serve("/a", Answer(PAGE.body, content_type=HTML, fault=fault))
    began_s = time.monotonic()
    assert await site.read(timeout_s=0.5) == Page(PageOutcome.LATE)
    assert time.monotonic() - began_s < 2
    site.server.serve("/b", PAGE)
    assert (await site.read("/b")).outcome is PageOutcome.FETCHED


async def test_a_host_whose_pages_never_come_is_left_alone_for_a_while(site: Site) -> None:
    site.server.serve("/gone", Answer(status=404))
    site.robots("User-agent: *\nDisallow: /private")
    pages = Pages(site.fetcher, Parsers(), user_agent=AGENT)
    for _ in range(limits.ARTICLE_MISSES + 2):
        await pages.read(site.server.url("/gone"), feed_url=site.server.url("/feed"), timeout_s=5)
    assert len(site.server.seen("/gone")) == limits.ARTICLE_MISSES


async def test_a_strangers_feed_reaches_no_page_inside(site: Site) -> None:
    for feed_url in ("https://stranger.example/feed", "http://localhost/feed", "http://127.0.0.1:1/feed"):
        page = await site.pages.read(site.server.url("/a"), feed_url=feed_url)
        assert page.outcome in {PageOutcome.ROBOTS, PageOutcome.FAILED}
    assert site.server.requests == []


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.example", "javascript:1", "http://[", "/relative", "file:///etc/passwd"]
)
async def test_what_is_no_address_is_no_page(site: Site, url: str) -> None:
    assert await site.pages.read(url, feed_url=site.server.url("/feed")) == Page(PageOutcome.FAILED)


async def test_a_page_that_moved_to_another_site_is_that_sites_to_allow(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.feeds.fetch.is_public", lambda _: True)
    async with feed_server() as other:
        other.serve("/robots.txt", Answer(b"User-agent: *\nDisallow: /", content_type="text/plain"))
        other.serve("/b", PAGE)
        site.server.redirect("/a", other.url("/b"))
        assert (await site.read()).outcome is PageOutcome.ROBOTS
