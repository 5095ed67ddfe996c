from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import time
import tracemalloc
import zlib
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot import limits
from bot.errors import FetchError, HttpStatusError, TooLargeError, UnsafeAddressError
from bot.feeds.fetch import Fetcher
from tests.pipeline.feed_server import Answer, Fault, deflate_bomb, feed_server, gzip_bomb

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.pipeline.feed_server import FeedServer

AGENT = "Backstory-test/1"
LOCAL = frozenset({"127.0.0.1"})


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=LOCAL, total_timeout_s=2) as opened:
        yield opened


# ---------------------------------------------------------------- what comes back


async def test_a_body_comes_with_its_validators(server: FeedServer, fetcher: Fetcher) -> None:
    answer = Answer(
        b"<rss/>",
        etag='W/"a,b"',
        last_modified="Mon, 17 Jun 2024 22:29:00 GMT",
        headers={"Cache-Control": "max-age=900"},
    )
    url = server.serve("/feed", answer)
    fetched = await fetcher.get(url)
    assert (fetched.status, fetched.body, fetched.url) == (200, b"<rss/>", url)
    assert (fetched.etag, fetched.last_modified) == ('W/"a,b"', "Mon, 17 Jun 2024 22:29:00 GMT")
    assert (fetched.content_type, fetched.max_age_s, fetched.moved_to) == ("application/rss+xml", 900, None)


async def test_a_long_header_is_a_header(server: FeedServer, fetcher: Fetcher) -> None:
    policy = "script-src 'self' " + " ".join(f"https://cdn{number}.example" for number in range(500))
    url = server.serve("/feed", Answer(b"<rss/>", headers={"Content-Security-Policy": policy}))
    assert len(policy) > 8190
    assert (await fetcher.get(url)).body == b"<rss/>"


async def test_validators_go_out_verbatim_and_bring_a_304(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.serve("/feed", Answer(b"<rss/>", etag='odd etag, "unquoted'))
    first = await fetcher.get(url)
    again = await fetcher.get(url, etag=first.etag, last_modified="yesterday, says the server")
    assert (again.status, again.body) == (304, b"")
    sent = server.seen("/feed")[1].headers
    assert sent["If-None-Match"] == 'odd etag, "unquoted'
    assert sent["If-Modified-Since"] == "yesterday, says the server"


async def test_a_validator_that_would_forge_a_header_is_left_out(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.serve("/feed", Answer(b"<rss/>"))
    await fetcher.get(url, etag="x\r\nHost: evil.example")
    assert "If-None-Match" not in server.seen("/feed")[0].headers


async def test_a_304_that_nobody_asked_for_is_an_error(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.serve("/feed", Answer(status=304))
    with pytest.raises(HttpStatusError, match="304"):
        await fetcher.get(url)


async def test_an_address_behind_a_lost_key_says_so(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="cannot be read any more"):
        await fetcher.get("sealed:gAAAAABm")


async def test_cookies_are_neither_kept_nor_sent(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.serve("/feed", Answer(b"x", headers={"Set-Cookie": "id=1"}))
    await fetcher.get(url)
    await fetcher.get(url)
    assert "Cookie" not in server.seen("/feed")[1].headers
    assert server.seen("/feed")[1].headers["User-Agent"] == AGENT


# ---------------------------------------------------------------- redirects


async def test_permanent_redirects_all_the_way_are_a_move(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.redirect("/old", "/middle", status=301)
    server.redirect("/middle", "/new", status=308)
    server.serve("/new", Answer(b"x"))
    fetched = await fetcher.get(url)
    assert fetched.url == fetched.moved_to == server.url("/new")


@pytest.mark.parametrize("statuses", [(302, 301), (301, 307), (303, 303)])
async def test_one_passing_redirect_is_no_move(server: FeedServer, fetcher: Fetcher, statuses: tuple[int, int]) -> None:
    url = server.redirect("/old", "/middle", status=statuses[0])
    server.redirect("/middle", "/new", status=statuses[1])
    server.serve("/new", Answer(b"x"))
    fetched = await fetcher.get(url)
    assert (fetched.url, fetched.moved_to) == (server.url("/new"), None)


async def test_endless_redirects_end(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.redirect("/loop", "/loop")
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        await fetcher.get(url)
    assert len(server.seen("/loop")) == 6


async def test_a_redirect_to_nowhere_is_an_error(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.serve("/feed", Answer(status=302))
    with pytest.raises(HttpStatusError, match="redirects to nowhere"):
        await fetcher.get(url)


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1:70/",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
    ],
)
async def test_a_redirect_to_another_scheme_is_refused(server: FeedServer, fetcher: Fetcher, target: str) -> None:
    url = server.redirect("/feed", target)
    with pytest.raises(UnsafeAddressError, match="only http"):
        await fetcher.get(url)


async def test_a_redirect_to_a_private_host_that_is_not_named_is_refused(server: FeedServer) -> None:
    server.serve("/inside", Answer(b"secret"))
    url = server.redirect("/feed", server.url("/inside", host="localhost"))
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=frozenset({f"127.0.0.1:{server.port}"})) as fetcher:
        with pytest.raises(UnsafeAddressError, match="whoever runs this bot can allow its host in BACKSTORY_"):
            await fetcher.get(url)
    assert server.seen("/inside") == []


async def test_a_redirect_enters_a_private_host_from_itself_alone(server: FeedServer) -> None:
    server.serve("/inside", Answer(b"secret"))
    server.redirect("/out", server.url("/inside", host="localhost"))
    server.redirect("/feed", "/out")
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=frozenset({"127.0.0.1", "localhost"})) as fetcher:
        with pytest.raises(UnsafeAddressError, match="another host that led there"):
            await fetcher.get(server.url("/feed"))
        assert len(server.seen("/out")) == 1
        assert server.seen("/inside") == []
        assert (await fetcher.get(server.url("/inside", host="localhost"))).body == b"secret"


async def test_what_is_sent_reaches_a_private_host_only_where_it_may(server: FeedServer, fetcher: Fetcher) -> None:
    with pytest.raises(UnsafeAddressError):
        await fetcher.post(server.url("/hub"), b"x", headers={}, max_bytes=100, timeout_s=2, private=False)
    assert server.requests == []


async def test_a_page_elsewhere_names_nothing_inside(fetcher: Fetcher) -> None:
    inside = "http://127.0.0.1:8080/rss"
    for named_by, leads in (("https://public.example/", True), (inside, False), ("http://127.0.0.1:1/", True)):
        assert fetcher.leads_inside(inside, named_by=named_by) is leads
    assert not fetcher.leads_inside("https://other.example/rss", named_by="https://public.example/")
    assert fetcher.leads_inside("http://[", named_by="https://public.example/")


async def test_a_password_stays_within_its_origin(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.feeds.fetch.is_public", lambda _: True)
    server.redirect("/feed", "/here")
    server.redirect("/here", server.url("/there", host="localhost"))
    server.serve("/there", Answer(b"x"))
    names = frozenset({"127.0.0.1", "localhost"})
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=names) as fetcher:
        fetched = await fetcher.get(f"http://reader:s3cret@127.0.0.1:{server.port}/feed")
    sent = [("Authorization" in request.headers) for request in server.requests]
    assert sent == [True, True, False]
    assert fetched.url == server.url("/there", host="localhost")


# ---------------------------------------------------------------- private addresses

PRIVATE_HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0", "0.0.0.0",  # noqa: S104 - an address to refuse, not one to bind
    "2130706433", "0x7f000001", "0x7f.1",
    "017700000001", "0177.0.0.1", "localhost", "LOCALHOST", "localhost.", "10.0.0.1", "10.1", "172.16.0.1",
    "192.168.1.1", "169.254.169.254", "2852039166", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[100::1]", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "user@127.0.0.1", "example.com@127.0.0.1", "127.0.0.1#@example.com", "127.0.0.1\\@example.com",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
async def test_no_spelling_of_a_private_address_is_dialled(server: FeedServer, host: str) -> None:
    path = f":{server.port}/feed" if "#" not in host and "\\" not in host else "/feed"
    async with Fetcher(user_agent=AGENT, total_timeout_s=5) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.get(f"http://{host}{path}")
    assert server.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "localhost", "[::ffff:127.0.0.1]", "169.254.169.254"])
async def test_the_refusal_names_the_setting(host: str) -> None:
    async with Fetcher(user_agent=AGENT) as fetcher:
        with pytest.raises(UnsafeAddressError, match="BACKSTORY_ALLOWED_PRIVATE_HOSTS"):
            await fetcher.get(f"http://{host}/feed")


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.example", "127.1"])
async def test_a_name_that_is_none_is_said_to_be_none(host: str) -> None:
    async with Fetcher(user_agent=AGENT) as fetcher:
        with pytest.raises(UnsafeAddressError, match="is not a host that can be asked"):
            await fetcher.get(f"http://{host}/feed")


async def test_a_name_that_resolves_to_a_private_address_is_refused(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rebound(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    async with Fetcher(user_agent=AGENT) as fetcher:
        with pytest.raises(UnsafeAddressError):
            await fetcher.get(f"http://feeds.example.com:{server.port}/feed")
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://example.com/", "//example.com/x", "example.com", "", "http://"),
        pytest.param("http://" + "a." * 50_000 + "example/", id="a host of 100,000 characters"),
    ],
)
async def test_only_http_addresses_are_taken(url: str) -> None:
    async with Fetcher(user_agent=AGENT) as fetcher:
        with pytest.raises(UnsafeAddressError):
            await fetcher.get(url)


@pytest.mark.parametrize("written", ["127.0.0.1", "127.0.0.1:{port}", " 127.0.0.1:{port} "])
async def test_a_named_private_host_is_reached(server: FeedServer, written: str) -> None:
    url = server.serve("/feed", Answer(b"x"))
    allowed = frozenset({written.format(port=server.port)})
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=allowed) as fetcher:
        assert (await fetcher.get(url)).body == b"x"


async def test_a_host_named_with_another_port_is_not(server: FeedServer) -> None:
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=frozenset({"127.0.0.1:1"})) as fetcher:
        with pytest.raises(UnsafeAddressError):
            await fetcher.get(server.url("/feed"))


# ---------------------------------------------------------------- faults


async def test_a_drip_meets_the_deadline(server: FeedServer) -> None:
    url = server.serve("/feed", Answer(fault=Fault.DRIP))
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=LOCAL, total_timeout_s=0.4) as fetcher:
        started_s = time.monotonic()
        with pytest.raises(FetchError, match="did not answer in full"):
            await fetcher.get(url)
    assert time.monotonic() - started_s < 2


async def test_the_deadline_spans_the_redirects(server: FeedServer) -> None:
    url = server.redirect("/feed", "/slow")
    server.serve("/slow", Answer(fault=Fault.HANG))
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=LOCAL, total_timeout_s=0.4) as fetcher:
        with pytest.raises(FetchError, match=r"within 0\.4 s"):
            await fetcher.get(url)


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [("gzip", gzip_bomb), ("deflate", deflate_bomb)],
    ids=["gzip", "deflate"],
)
async def test_a_bomb_is_dropped_at_the_cap(
    server: FeedServer, fetcher: Fetcher, encoding: str, bomb: Callable[[int], bytes]
) -> None:
    url = server.serve("/feed", Answer(bomb(200_000_000), headers={"Content-Encoding": encoding}))
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError, match="more than 1 MiB"):
            await fetcher.get(url, max_bytes=1024 * 1024)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < 50_000_000


async def test_a_body_of_just_the_cap_passes(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.serve("/feed", Answer(b"x" * 1000))
    assert len((await fetcher.get(url, max_bytes=1000)).body) == 1000
    with pytest.raises(TooLargeError):
        await fetcher.get(url, max_bytes=999)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.DISCONNECT])
async def test_a_broken_connection_is_a_fetch_error(server: FeedServer, fetcher: Fetcher, fault: Fault) -> None:
    url = server.serve("/feed", Answer(b"<rss>" + b"x" * 100_000, fault=fault))
    with pytest.raises(FetchError, match=r"^127\.0\.0\.1"):
        await fetcher.get(url)


WHOLE = b"<rss/>" * 50_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        pytest.param("gzip", gzip.compress(WHOLE), id="gzip"),
        pytest.param("X-GZip", gzip.compress(WHOLE), id="x-gzip"),
        pytest.param("gzip", gzip.compress(WHOLE) + bytes(512), id="filled-up"),
        pytest.param("gzip", gzip.compress(WHOLE[:600]) + b"\0" + gzip.compress(WHOLE[600:]), id="two-members"),
        pytest.param("gzip", gzip.compress(WHOLE)[:-8], id="without-its-end"),
        pytest.param("deflate", zlib.compress(WHOLE), id="deflate"),
        pytest.param("deflate", raw_deflate(WHOLE), id="deflate-without-a-head"),
        pytest.param("utf-8", WHOLE, id="no-packing"),
        pytest.param("", WHOLE, id="no-word"),
    ],
)
async def test_packed_bodies_are_unpacked(server: FeedServer, fetcher: Fetcher, coding: str, packed: bytes) -> None:
    fetched = await fetcher.get(server.serve("/feed", Answer(packed, headers={"Content-Encoding": coding})))
    assert fetched.body == WHOLE
    assert server.seen("/feed")[0].headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        pytest.param("gzip", gzip.compress(WHOLE) + b"more", id="more-behind"),
        pytest.param("gzip", b"\0" + gzip.compress(WHOLE), id="zeros-before"),
        pytest.param("gzip", gzip.compress(b"") * 2000, id="thousands-of-members"),
        pytest.param("deflate", zlib.compress(WHOLE)[:-20], id="deflate-cut"),
        pytest.param("br", b"xx", id="brotli"),
    ],
)
async def test_what_is_garbled_is_a_fetch_error(
    server: FeedServer, fetcher: Fetcher, coding: str, packed: bytes
) -> None:
    url = server.serve("/feed", Answer(packed, headers={"Content-Encoding": coding}))
    with pytest.raises(FetchError, match="broke off or garbled"):
        await fetcher.get(url)


async def test_what_unpacks_to_nothing_ends_at_the_cap(server: FeedServer, fetcher: Fetcher) -> None:
    body = gzip.compress(b"x") + bytes(200_000)
    url = server.serve("/feed", Answer(body, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(TooLargeError):
        await fetcher.get(url, max_bytes=100_000)


async def test_a_false_encoding_is_a_fetch_error(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.serve("/feed", Answer(b"not gzip at all", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError):
        await fetcher.get(url)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"hello\r\n\r\n", id="not-http"),
        pytest.param(b"HTTP/1.1 two hundred\r\n\r\n", id="status-in-words"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", id="huge-header"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, id="endless-headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", id="negative-length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", id="short-of-its-length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad-chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nxx", id="unasked-brotli"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: http://[::\r\n\r\n", id="redirect-to-a-broken-address"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\n\r\n", id="redirect-to-raw-bytes"),
        pytest.param(b"HTTP/1.1 99 Low\r\n\r\n", id="status-too-low"),
        pytest.param(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", id="upgrade"),
    ],
)
async def test_broken_http_is_a_fetch_error(fetcher: Fetcher, answer: bytes) -> None:
    async with _raw_server(answer) as url:
        with pytest.raises(FetchError):
            await fetcher.get(url)


async def test_validators_that_no_database_takes_are_dropped(fetcher: Fetcher) -> None:
    answer = b"HTTP/1.1 200 OK\r\nETag: \xff\xfe\r\nLast-Modified: " + b"x" * 2000 + b"\r\nContent-Length: 1\r\n\r\nx"
    async with _raw_server(answer) as url:
        fetched = await fetcher.get(url)
    assert (fetched.body, fetched.etag, fetched.last_modified) == (b"x", None, None)


@asynccontextmanager
async def _raw_server(answer: bytes) -> AsyncIterator[str]:
    """A server that sends these bytes, whatever is asked, and closes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        with suppress(ConnectionError):
            writer.write(answer)
            await writer.drain()
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"


async def test_a_closed_port_is_a_fetch_error(fetcher: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="takes no connection"):
        await fetcher.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("private", [True, False])
async def test_a_name_that_resolves_to_nothing_is_a_fetch_error(
    private: bool,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    async with Fetcher(user_agent=AGENT) as fetcher:
        with pytest.raises(FetchError, match=r"feeds\.example\.com"):
            await fetcher.get("http://feeds.example.com/", private=private)


@pytest.mark.parametrize("private_first", [True, False])
async def test_of_a_name_with_public_and_private_addresses_only_the_public_ones_are_dialled(
    private_first: bool,  # noqa: FBT001 - a column of the table
    server: FeedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The public one is of a network for documentation that counts as public here and that nobody answers in."""
    public, dialled = "198.51.100.7", []

    def seen(address: str) -> bool:
        dialled.append(address)
        return address == public

    def mixed(*_: object, **__: object) -> list[tuple[object, ...]]:
        hosts = ("127.0.0.1", public) if private_first else (public, "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, server.port)) for host in hosts]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)
    monkeypatch.setattr("bot.feeds.fetch.is_public", seen)
    async with Fetcher(user_agent=AGENT, connect_timeout_s=0.05, total_timeout_s=1) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.get(f"http://feeds.example.com:{server.port}/feed")
    assert {"127.0.0.1", public} <= set(dialled)
    assert server.requests == []


async def test_a_name_that_does_not_resolve_is_a_fetch_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with Fetcher(user_agent=AGENT) as fetcher:
        with pytest.raises(FetchError, match=r"feeds\.example\.com cannot be found"):
            await fetcher.get("http://feeds.example.com/")


async def test_a_certificate_that_nobody_vouches_for_is_refused(fetcher: Fetcher, tmp_path: Path) -> None:
    async with feed_server(tls=_self_signed(tmp_path)) as server:
        url = server.serve("/feed", Answer(b"x"))
        with pytest.raises(FetchError, match="no valid certificate"):
            await fetcher.get(url)
        assert server.requests == []


async def test_https_to_a_plain_server_is_a_fetch_error(server: FeedServer, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="does not speak HTTPS"):
        await fetcher.get(f"https://127.0.0.1:{server.port}/feed")


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain = folder / "chain.pem"
    chain.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


@pytest.mark.parametrize(
    ("value", "expected_s"),
    [
        pytest.param("120", 120.0, id="seconds"),
        pytest.param("Mon, 17 Jun 2024 22:31:00 GMT", 120.0, id="date-by-the-servers-clock"),
        pytest.param("Mon, 17 Jun 2024 22:00:00 GMT", 0.0, id="date-past"),
        pytest.param("99999999999999999999", 604_800.0, id="capped"),
        pytest.param("soon", None, id="nonsense"),
        pytest.param("-5", None, id="negative"),
    ],
)
async def test_retry_after_is_read(server: FeedServer, fetcher: Fetcher, value: str, expected_s: float | None) -> None:
    headers = {"Retry-After": value, "Date": "Mon, 17 Jun 2024 22:29:00 GMT"}
    url = server.serve("/feed", Answer(status=429, headers=headers))
    with pytest.raises(HttpStatusError) as caught:
        await fetcher.get(url)
    assert (caught.value.status, caught.value.retry_after_s) == (429, expected_s)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500, 503])
async def test_an_error_status_says_which(server: FeedServer, fetcher: Fetcher, status: int) -> None:
    url = server.serve("/feed", Answer(status=status))
    with pytest.raises(HttpStatusError, match=str(status)) as caught:
        await fetcher.get(url)
    assert caught.value.status == status


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(b"x" * 2000), Answer(b"xx", fault=Fault.CUT)])
async def test_no_error_repeats_what_may_be_secret(server: FeedServer, fetcher: Fetcher, answer: Answer) -> None:
    server.serve("/private-path", answer)
    url = f"http://reader:s3cret@127.0.0.1:{server.port}/private-path?token=abc123"
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url, max_bytes=1000)
    for secret in ("reader", "s3cret", "private-path", "abc123"):
        assert secret not in str(caught.value)


async def test_one_host_is_asked_by_two_at_a_time(server: FeedServer, fetcher: Fetcher) -> None:
    urls = [server.serve(f"/{number}", Answer(b"x" * 300_000)) for number in range(12)]
    bodies = await asyncio.gather(*(fetcher.get(url) for url in urls))
    assert len(bodies) == 12
    assert server.open_most <= 2


async def test_who_waits_for_a_busy_host_holds_no_place_of_others(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "POLLS_AT_ONCE", limits.CONNECTIONS_PER_HOST + 1)
    slow = [server.serve(f"/slow{number}", Answer(fault=Fault.DRIP)) for number in range(6)]
    good = server.serve("/good", Answer(b"x")).replace("127.0.0.1", "localhost")
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=LOCAL | {"localhost"}) as fetcher:
        waiting = [asyncio.create_task(fetcher.get(url)) for url in slow]
        assert (await fetcher.get(good)).body == b"x"
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_waiting_for_a_slot_does_not_count_against_the_deadline(server: FeedServer) -> None:
    slow = [server.serve(f"/slow{number}", Answer(fault=Fault.DRIP)) for number in range(4)]
    good = server.serve("/good", Answer(b"x"))
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=LOCAL, total_timeout_s=0.3) as fetcher:
        *failed, fetched = await asyncio.gather(*map(fetcher.get, [*slow, good]), return_exceptions=True)
    assert all(isinstance(error, FetchError) for error in failed)
    assert not isinstance(fetched, BaseException)


# ---------------------------------------------------------------- what frames a body


@pytest.mark.parametrize(
    ("head", "again"),
    [
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="interim-answers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"y", id="a-chunks-extension"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="tiny-chunks"),
    ],
)
async def test_what_frames_a_body_has_an_end(head: bytes, again: bytes) -> None:
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            while True:
                writer.write(again * (65_536 // len(again)))
                await writer.drain()

    server = await asyncio.start_server(pour, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
    async with Fetcher(user_agent=AGENT, allowed_private_hosts=LOCAL, total_timeout_s=60) as fetcher:
        with pytest.raises(FetchError, match=r"proper HTTP|broke off|more than 10 MiB"):
            await fetcher.get(url)
    server.close()
