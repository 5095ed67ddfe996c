"""Fetching feeds and pages from addresses that strangers gave us.

One session, public addresses only, a deadline over everything, a cap on what a body may unpack to, redirects followed
by hand so that each hop is checked. This module must not know what a feed is, nor decide when to ask again.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Self
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

from bot import limits
from bot.errors import FetchError, HttpStatusError, TooLargeError, UnsafeAddressError
from bot.feeds.addresses import is_public
from bot.feeds.answers import BoundedAnswers
from bot.feeds.hosts import names_of, parse_address, same_host, shown_host
from bot.feeds.lookups import Lookups, SlowLookupError
from bot.feeds.unpack import UNPACKED, Unpacker
from bot.reasons import LOST_ADDRESS
from bot.seal import is_sealed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from aiohappyeyeballs import AddrInfoType

PRIVATE_HOSTS_SETTING: Final = "BACKSTORY_ALLOWED_PRIVATE_HOSTS"

_ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)
_NOT_PUBLIC: Final = "the address is not public"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_NOT_MODIFIED: Final = 304
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_VALIDATOR_CHARS: Final = 1000
_CHUNK_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered: status 304 with an empty body, or 2xx with one.

    ``url`` is where the body came from, without user name and password; ``moved_to`` the new address to keep, set only
    where every redirect on the way was a permanent one. ``etag`` and ``last_modified`` are the server's own words;
    ``links`` are its Link headers (RFC 8288).
    """

    status: int
    body: bytes
    url: str
    etag: str | None = None
    last_modified: str | None = None
    content_type: str = ""
    moved_to: str | None = None
    retry_after_s: float | None = None
    max_age_s: int | None = None
    links: str = ""


@dataclass(frozen=True, slots=True)
class _Hop:
    """One answer: either a redirect with its target, or the end of the way."""

    fetched: Fetched | None
    location: URL | None = None
    permanent: bool = False


class Fetcher:
    """An async context manager that owns the connections; one for the whole process.

    ``allowed_private_hosts`` are names as they stand in addresses, with or without a port ("localhost:8081",
    "10.0.0.5"): the only hosts that may be reached on a private address, and only by who was told to: what another
    host names or redirects to is never fetched from inside (``same_host``).
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allowed_private_hosts: frozenset[str] = frozenset(),
        total_timeout_s: float = limits.FETCH_TOTAL_TIMEOUT_S,
        connect_timeout_s: float = limits.FETCH_CONNECT_TIMEOUT_S,
    ) -> None:
        self._allowed = frozenset(name.strip().lower() for name in allowed_private_hosts if name.strip())
        self._user_agent = user_agent
        self._total_timeout_s = total_timeout_s
        self._connect_timeout_s = connect_timeout_s
        self._lookups = Lookups(timeout_s=connect_timeout_s)
        self._public: aiohttp.ClientSession | None = None
        self._trusted: aiohttp.ClientSession | None = None
        self._slots: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._places = asyncio.Semaphore(limits.POLLS_AT_ONCE)

    async def __aenter__(self) -> Self:
        self._public = self._session(guarded=True)
        if self._allowed:
            # A pool of its own: the guard need not know names, and no connection of one kind serves the other.
            self._trusted = self._session(guarded=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for session in (self._public, self._trusted):
            if session is not None:
                await session.close()
        self._public = self._trusted = None

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int = limits.FEED_BODY_BYTES,
        private: bool = True,
    ) -> Fetched:
        """Fetch one address, following at most ``limits.REDIRECTS`` redirects.

        ``etag`` and ``last_modified`` go out as they came in; with either, the answer may be a 304. ``max_bytes`` caps
        the unpacked body. Without ``private``, and after a redirect from another host, no private address may be
        reached, whatever the setting allows. Waiting for a free slot at a busy host, and then for one of all
        places, is not counted against the deadline.

        Raises:
            UnsafeAddressError: the address, or one that it leads to, is not a public http(s) one.
            TooLargeError: the body passed ``max_bytes``.
            HttpStatusError: the server answered with an error.
            FetchError: anything else that went wrong on the way; its words name the host and never the whole address,
                which may hold a password or a token.
        """
        if is_sealed(url):
            raise FetchError(LOST_ADDRESS)
        headers = _conditional(etag, last_modified)
        here = parse_address(url)
        left_s = self._total_timeout_s
        moved = True
        for hop_number in range(limits.REDIRECTS + 1):
            slot = self._slots.setdefault(shown_host(here), asyncio.Semaphore(limits.CONNECTIONS_PER_HOST))
            # The host's own first: who waits for a busy host must not hold a place that any other host could use.
            async with slot, self._places:
                started_s = time.monotonic()
                session = self._session_for(here, private=private)
                hop = await self._hop(here, session, headers=headers, max_bytes=max_bytes, timeout_s=left_s)
                left_s -= time.monotonic() - started_s
            if hop.fetched is not None:
                return replace(hop.fetched, moved_to=str(here)) if moved and hop_number > 0 else hop.fetched
            if hop.location is None or left_s <= 0:
                break
            moved = moved and hop.permanent
            private = private and same_host(str(here), str(hop.location))
            here = _keep_login(here, hop.location)
        if left_s <= 0:
            raise FetchError(self._too_slow(here))
        message = f"{shown_host(here)} redirects more than {limits.REDIRECTS} times"
        raise FetchError(message)

    async def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], max_bytes: int, timeout_s: float, private: bool
    ) -> Fetched:
        """Send one request with a body; redirects are not followed, since its headers may hold a key.

        ``private`` is as for ``get``. Raises FetchError as that does.
        """
        here = parse_address(url)
        session = self._session_for(here, private=private)
        with self._in_plain_words(here, within_s=timeout_s):
            async with (
                asyncio.timeout(timeout_s),
                session.post(here, data=body, headers=headers, allow_redirects=False) as response,
            ):
                _check_status(response, asked=False)
                return _fetched(here, response, await _read(response, max_bytes))

    async def _hop(
        self, url: URL, session: aiohttp.ClientSession, *, headers: Mapping[str, str], max_bytes: int, timeout_s: float
    ) -> _Hop:
        """One request; every fault of the network becomes a FetchError in plain words."""
        with self._in_plain_words(url):
            async with (
                asyncio.timeout(timeout_s),
                session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                if response.status in _REDIRECTS:
                    return _Hop(None, _location(url, response), permanent=response.status in _PERMANENT)
                _check_status(response, asked=bool(headers))
                body = b"" if response.status == _NOT_MODIFIED else await _read(response, max_bytes)
                return _Hop(_fetched(url, response, body))

    @contextmanager
    def _in_plain_words(self, url: URL, *, within_s: float | None = None) -> Iterator[None]:
        """Every fault of the network as a FetchError that names the host and nothing else of the address."""
        host = shown_host(url)
        try:
            yield
        except TimeoutError as error:
            raise FetchError(self._too_slow(url, within_s)) from error
        except (aiohttp.InvalidURL, UnicodeError) as error:  # the latter for a part of a name that is empty or too long
            message = f"{host} is not a host that can be asked"
            raise UnsafeAddressError(message) from error
        except aiohttp.ClientConnectorError as error:
            if _NOT_PUBLIC in str(error.os_error):
                raise UnsafeAddressError(self._unsafe(url)) from None
            raise FetchError(_connect_fault(host, error)) from error
        except (aiohttp.ClientPayloadError, zlib.error) as error:
            message = f"{host} broke off or garbled its answer"
            raise FetchError(message) from error
        except aiohttp.ClientResponseError as error:
            message = f"{host} does not answer in proper HTTP"
            raise FetchError(message) from error
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            # RuntimeError: the library stumbles over a name that resolves, but to nothing.
            message = f"{host} closed the connection or could not be asked ({type(error).__name__})"
            raise FetchError(message) from error

    def _session(self, *, guarded: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=limits.POLLS_AT_ONCE,
            limit_per_host=limits.CONNECTIONS_PER_HOST,
            resolver=self._lookups,
            socket_factory=_public_socket if guarded else None,
        )
        # The library has no setting for it.
        make = partial(BoundedAnswers, loop=asyncio.get_running_loop())
        connector._factory = make  # type: ignore[assignment]  # noqa: SLF001
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": UNPACKED},
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_timeout_s),
            trust_env=False,
            max_field_size=limits.HEADER_BYTES,
        )

    def _session_for(self, url: URL, *, private: bool) -> aiohttp.ClientSession:
        if self._public is None:
            message = "Fetcher is used outside its `async with`"
            raise RuntimeError(message)
        if private and self._trusted is not None and self._allowed & names_of(url):
            return self._trusted
        return self._public

    def leads_inside(self, url: str, *, named_by: str) -> bool:
        """Whether an address is of a host that the setting allows, and was named by another host: not to be fetched."""
        try:
            names = names_of(parse_address(url))
        except UnsafeAddressError:
            return True
        return bool(self._allowed & names) and not same_host(url, named_by)

    def _unsafe(self, url: URL) -> str:
        host = shown_host(url)
        if self._allowed & names_of(url):
            return f"{host} is not on the public internet, and it was another host that led there"
        return (
            f"{host} is not on the public internet. If this is a feed of your own network, whoever runs this bot can"
            f" allow its host in {PRIVATE_HOSTS_SETTING}."
        )

    def _too_slow(self, url: URL, within_s: float | None = None) -> str:
        return f"{shown_host(url)} did not answer in full within {within_s or self._total_timeout_s:g} s"


def _public_socket(info: AddrInfoType) -> socket.socket:
    """Make the socket for a connection, unless it would go to an address that is not public."""
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        # The text is the same for every address, so that it survives when several attempts are reported as one.
        raise PermissionError(_NOT_PUBLIC)
    return socket.socket(family, kind, protocol)


def _connect_fault(host: str, error: aiohttp.ClientConnectorError) -> str:
    if isinstance(error.os_error, SlowLookupError):
        return f"{host} cannot be found: {error.os_error}"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"{host} cannot be found: there is no such host, or name resolution (DNS) does not work here"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"{host} has no valid certificate"
    if isinstance(error, aiohttp.ClientSSLError):
        return f"{host} does not speak HTTPS there"
    return f"{host} takes no connection"


def _conditional(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional GET; a value that could not be a header line is left out."""
    pairs = {"If-None-Match": _validator(etag), "If-Modified-Since": _validator(last_modified)}
    return {name: value for name, value in pairs.items() if value}


def _validator(value: str | None) -> str | None:
    """The server's words as they are; None for what could be neither a header line nor kept in a database."""
    return value if value and value.isprintable() and len(value) <= _VALIDATOR_CHARS else None


def _location(url: URL, response: aiohttp.ClientResponse) -> URL:
    """Where a redirect leads, resolved against where we are."""
    target = response.headers.get("Location", "").strip()
    if not target:
        message = f"{shown_host(url)} redirects to nowhere (status {response.status})"
        raise HttpStatusError(message, status=response.status)
    try:
        return parse_address(str(url.join(URL(target))))
    except (ValueError, IndexError) as error:
        message = f"{shown_host(url)} redirects to an address that cannot be read"
        raise FetchError(message) from error


def _keep_login(before: URL, after: URL) -> URL:
    """A user name and password belong to one origin: they go along within it and never leave it."""
    if after.user is None and before.user is not None and before.origin() == after.origin():
        return after.with_user(before.user).with_password(before.password)
    return after


def _check_status(response: aiohttp.ClientResponse, *, asked: bool) -> None:
    if 200 <= response.status < 300 or (response.status == _NOT_MODIFIED and asked):  # noqa: PLR2004 - HTTP's own
        return
    reason = f" {response.reason}" if response.reason and response.reason.isascii() else ""
    message = f"{shown_host(response.url)} answered {response.status}{reason[:60]}"
    raise HttpStatusError(message, status=response.status, retry_after_s=_retry_after_s(response))


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Read an unpacked body piece by piece, so that a small bomb is dropped long before it has gone off."""
    unpacker = Unpacker(response.headers.get("Content-Encoding", ""))
    pieces: list[bytes] = []
    size = packed_size = 0
    async for packed in response.content.iter_chunked(_CHUNK_BYTES):
        packed_size += len(packed)  # of what unpacks to nothing there may be any amount
        for piece in unpacker.pieces(packed):
            size += len(piece)
            pieces.append(piece)
            if size > max_bytes:
                break
        if max(size, packed_size) > max_bytes:
            response.close()
            message = f"{shown_host(response.url)} sent more than {max_bytes / 1024 / 1024:.3g} MiB"
            raise TooLargeError(message)
    unpacker.end()
    return b"".join(pieces)


def _fetched(url: URL, response: aiohttp.ClientResponse, body: bytes) -> Fetched:
    age = _MAX_AGE.search(response.headers.get("Cache-Control", ""))
    return Fetched(
        status=response.status,
        body=body,
        url=str(url.with_user(None).with_fragment(None)),
        etag=_validator(response.headers.get("ETag")),
        last_modified=_validator(response.headers.get("Last-Modified")),
        content_type=response.headers.get("Content-Type", ""),
        retry_after_s=_retry_after_s(response),
        max_age_s=int(age[1]) if age else None,
        links=", ".join(response.headers.getall("Link", []))[: limits.HEADER_BYTES],
    )


def _retry_after_s(response: aiohttp.ClientResponse) -> float | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds, capped; a date counts from the server's own clock where it says it."""
    value = response.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), float(limits.RETRY_AFTER_CAP_S))
    until_s = _http_date_s(value)
    if until_s is None:
        return None
    now_s = _http_date_s(response.headers.get("Date", ""))
    return min(max(until_s - (time.time() if now_s is None else now_s), 0.0), float(limits.RETRY_AFTER_CAP_S))


def _http_date_s(value: str) -> float | None:
    """A date of HTTP as seconds since 1970, or None."""
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
