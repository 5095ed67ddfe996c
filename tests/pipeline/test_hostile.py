"""Hostile feeds, pages and lists, each served by a real server and taken by the way that a person or poll would take.

Whatever they try, no private address is dialled, no file is opened, and memory stays within bounds.
"""

from __future__ import annotations

import base64
import gzip
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.errors import BackstoryError, FeedParseError, FetchError, UnsafeAddressError
from bot.feeds.fetch import Fetcher
from bot.feeds.opml import read_opml
from bot.feeds.pages import PageOutcome, Pages
from bot.feeds.parsers import Parsers
from tests.fuzz.measured import MOST_BYTES, memory_taken
from tests.pipeline.feed_server import Answer, Item, feed_server, gzip_bomb, rss
from tests.pipeline.test_feeds_by_hand import running
from tests.pipeline.test_misbehaving import EVENTS, item, open_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.pipeline.feed_server import FeedServer
    from tests.pipeline.test_misbehaving import World

AGENT = "Backstory-test/1"

BROTLI_BOMB = base64.b85decode(
    "%m4pB03-n7u|RU~|M>s^2Y>`X92S7?{U87T{{WBxh{FQVz5nC?{~rJn0C89Vy7zzl|NjF(0w4|xK==MH|KRliNC3oP0qCIX0R"
)
"""50 MB of nothing in 77 bytes."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


@asynccontextmanager
async def outside() -> AsyncIterator[tuple[FeedServer, Fetcher]]:
    """A server that stands for a public one (its host and port are allowed), and a fetcher that may reach no other."""
    async with feed_server() as server:
        allowed = frozenset({f"127.0.0.1:{server.port}"})
        async with Fetcher(user_agent=AGENT, allowed_private_hosts=allowed, total_timeout_s=5) as fetcher:
            yield server, fetcher


# ---------------------------------------------------------------- redirects to the inside

INSIDE = [
    "127.0.0.1", "127.1", "127.0.1", "127.000.000.001", "127.255.255.254", "0", "0.0.0.0", "localhost", "LOCALHOST",  # noqa: S104 - addresses to refuse
    "localhost.", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "017700000001", "0177.0.0.1", "0177.1",
    "10.0.0.1", "10.1", "0xa000001", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257", "3232235777",
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "100.64.0.1", "192.0.0.1", "192.0.2.1",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:a00:1]", "[::ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001:0:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[fd00::1]",
    "[ff02::1]", "[100::1]", "[2001:db8::1]", "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.０.０.１", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "user@127.0.0.1", "user:pass@127.0.0.1", "example.com@127.0.0.1", "example.com%40127.0.0.1",
    "127.0.0.1%00.example.com", "127.0.0.1\\@example.com", "127.0.0.1#@example.com", "[::1]:80@127.0.0.1",
    "127.0.0.1:80:80", "%6c%6f%63%61%6c%68%6f%73%74",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
async def test_no_redirect_leads_inside(host: str) -> None:
    async with outside() as (server, fetcher), feed_server() as private:
        private.serve("/feed", Answer(b"secret"))
        port = "" if any(letter in host for letter in "#\\") or host.endswith(":80") else f":{private.port}"
        url = server.redirect("/feed", f"http://{host}{port}/feed")
        with pytest.raises(FetchError):
            await fetcher.get(url)
        assert private.requests == []
        with pytest.raises(FetchError):
            await fetcher.get(f"http://{host}{port}/feed")
        assert private.requests == []


async def test_a_name_that_is_public_when_asked_first_and_private_when_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", *["127.0.0.1"] * 20])
    async with outside() as (server, fetcher):
        found: list[str] = []

        def rebind(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
            del host
            found.append(next(answers))
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found[-1], port))]

        monkeypatch.setattr(socket, "getaddrinfo", rebind)
        socket.getaddrinfo("feeds.example.com", 80)  # whoever looked first saw a public address
        with pytest.raises(UnsafeAddressError):
            await fetcher.get(f"http://feeds.example.com:{server.port}/feed")
        assert server.requests == []
    assert found[-1] == "127.0.0.1"


async def test_of_a_names_addresses_no_private_one_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(_: str, port: int, *__: object, **___: object) -> list[tuple[object, ...]]:
        kinds = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kinds, ("192.0.2.1", port)), (*kinds, ("127.0.0.1", port)), (*kinds, ("10.0.0.1", port))]

    async with outside() as (server, fetcher):
        monkeypatch.setattr(socket, "getaddrinfo", both)
        with pytest.raises(FetchError):
            await fetcher.get(f"http://feeds.example.com:{server.port}/feed")
        assert server.requests == []


# ---------------------------------------------------------------- bodies

BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip": ("gzip", lambda: gzip_bomb(300_000_000)),
    "gzip in gzip": ("gzip, gzip", lambda: gzip.compress(gzip_bomb(300_000_000))),
    "brotli": ("br", lambda: BROTLI_BOMB),
    "an encoding that nobody knows": ("zebra", lambda: b"x" * 100),
}
"""What packs each: it takes a second, which only the test itself should."""


@pytest.mark.parametrize("kind", BOMBS)
async def test_a_bomb_fails_one_poll_in_little_memory(world: World, kind: str) -> None:
    encoding, pack = BOMBS[kind]
    body = pack()
    await world.poll(item(0), item(1))
    world.server.serve("/feed", Answer(body, headers={"Content-Encoding": encoding}))
    taken_bytes = memory_taken()
    await world.poll()
    assert taken_bytes() < MOST_BYTES
    assert (await world.feed()).failures == 1
    assert len(await world.poll(item(0), item(2))) == 2


async def test_a_feed_opens_no_file_and_asks_no_other_server(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss(Item(EVENTS[1], "https://news.example/1", description="Volcano: top secret.")))
    async with feed_server() as other:
        inner = other.serve("/dtd", Answer(b"<!ENTITY x 'Volcano'>"))
        other.serve("/rss", Answer(secret.read_bytes()))
        entry = "<item><title>{0}</title><guid>{1}</guid><description>{0}</description></item>"
        doctype = "<?xml version='1.0'?><!DOCTYPE rss [{0}]><rss version='2.0'><channel>{1}</channel></rss>"
        for number, body in enumerate(
            (
                str(secret),
                f"file://{secret}",
                other.url("/rss"),
                doctype.format(f"<!ENTITY x SYSTEM 'file://{secret}'>", entry.format("Volcano &x;", 1)),
                doctype.format(f"<!ENTITY % d SYSTEM '{inner}'> %d;", entry.format("Volcano &x;", 2)),
                doctype.format(f"<!ENTITY x SYSTEM '{inner}'>", entry.format("Volcano &x;", 3)),
                f"<?xml version='1.0'?><?xml-stylesheet href='{inner}'?><!DOCTYPE rss SYSTEM '{inner}'><rss/>",
                f"<rss xmlns:x='http://www.w3.org/2001/XInclude'><channel><x:include href='{inner}'/></channel></rss>",
            )
        ):
            world.server.serve("/feed", Answer(body.encode()))
            await world.poll()
            assert other.requests == [], number
    entries = await world.parts.store.archive(after_id=0, limit=100)
    assert not any("secret" in f"{entry.title} {entry.text}" for entry in entries)


async def test_a_million_laughs_are_a_failed_poll(world: World) -> None:
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]><rss><channel><title>&l11;</title>'
        "<item><title>Volcano &l11;</title><guid>9</guid></item></channel></rss>"
    )
    await world.poll(item(0), item(1))
    world.server.serve("/feed", Answer(body.encode()))
    taken_bytes = memory_taken()
    await world.poll()
    assert taken_bytes() < MOST_BYTES
    assert all(len(entry.title) < 1000 for entry in await world.parts.store.archive(after_id=0, limit=100))


# ---------------------------------------------------------------- other ways in


async def test_feeds_that_a_page_names_go_through_the_guard(tmp_path: Path) -> None:
    async with feed_server() as public, feed_server() as private:
        inner = private.serve("/rss", Answer(rss(item(0))))
        page = f"<html><head><link rel=alternate type='application/rss+xml' title=In href='{inner}'></head></html>"
        site = public.serve("/", Answer(page.encode(), content_type="text/html"))
        async with running(tmp_path, private=f"127.0.0.1:{public.port}") as (_, desk, _):
            for link in await desk.feeds_on_page(site):
                with pytest.raises(UnsafeAddressError):
                    await desk.preview_feed(link.url)
        assert private.requests == []


async def test_feeds_of_a_list_go_through_the_guard(tmp_path: Path) -> None:
    from bot.desk import follow_feeds  # noqa: PLC0415 - beside its one use

    async with feed_server() as private:
        private.serve("/rss", Answer(rss(item(0))))
        inner = [f"http://{host}:{private.port}/rss" for host in ("127.0.0.1", "2130706433", "[::ffff:127.0.0.1]")]
        outlines = "".join(f'<outline type="rss" text="x" xmlUrl="{url}"/>' for url in [*inner, "file:///etc/passwd"])
        listed = read_opml(f'<opml version="2.0"><body>{outlines}</body></opml>'.encode())
        assert (len(listed.feeds), listed.unusable) == (3, 1)
        async with running(tmp_path, private="") as (parts, _, chat):
            followed = await follow_feeds(parts, chat, list(listed.feeds), wait_s=20)
            assert followed.failing == followed.answered == followed.added
        assert private.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "localhost"])
async def test_article_pages_go_through_the_guard(host: str) -> None:
    async with outside() as (server, fetcher), feed_server() as private:
        private.serve("/page", Answer(b"<html><body><p>secret</p></body></html>", content_type="text/html"))
        inner = f"http://{host}:{private.port}/page"
        moved = server.redirect("/page", inner)
        parsers = Parsers()
        try:
            pages = Pages(fetcher, parsers, user_agent=AGENT)
            for url in (inner, moved):
                page = await pages.read(url, feed_url=server.url("/feed"), timeout_s=5)
                assert page.text == ""
                assert page.outcome is not PageOutcome.FETCHED
        finally:
            await parsers.close()
        assert private.requests == []


@pytest.mark.parametrize("to", ["http://127.0.0.1:{port}/", "http://[::1]:{port}/", "file:///etc/passwd"])
async def test_a_language_models_endpoint_leads_nowhere_else(to: str) -> None:
    from bot.feeds.llm import LanguageModel  # noqa: PLC0415 - beside its one use

    async with outside() as (server, fetcher), feed_server() as private:
        target = to.format(port=private.port)
        server.redirect("/v1/chat/completions", target)
        for url in (server.url("/v1"), target):
            model = LanguageModel(fetcher, url=url, model="m", key="k")
            with pytest.raises(BackstoryError):
                await model.answer((), timeout_s=5)
        assert private.requests == []


async def test_what_is_no_list_at_all_is_refused() -> None:
    for body in (b"/etc/passwd", b"http://127.0.0.1/", b"<!DOCTYPE opml SYSTEM 'http://127.0.0.1/x'><opml/>"):
        with pytest.raises(FeedParseError):
            read_opml(body)
