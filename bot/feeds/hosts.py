"""Addresses as they are written: which can be asked for at all, and whose host they name. Pure.

This module must not know which hosts are public: that is seen when one is dialled (``bot.feeds.addresses``).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from yarl import URL

from bot import limits
from bot.errors import FetchError, UnsafeAddressError

_HOST_CHARS: Final = 253
"""RFC 1035, 2.3.4: no longer name can be asked for, nor is one fit to be shown."""


@lru_cache(maxsize=limits.URLS_KEPT)  # a poll asks several times whose its feed's address is
def parse_address(url: str) -> URL:
    """Read a feed's address. Raises UnsafeAddressError for anything but http(s) with a host."""
    try:
        parsed = URL(url.strip())
        usable = parsed.scheme in {"http", "https"} and bool(parsed.host) and parsed.port is not None
        too_long = len(parsed.host or "") > _HOST_CHARS
    except (ValueError, IndexError) as error:  # the latter for "http://[]@", which the library does not see coming
        message = "this is not an address that can be fetched"
        raise UnsafeAddressError(message) from error
    if not usable:
        message = "only http:// and https:// addresses can be fetched"
        raise UnsafeAddressError(message)
    if too_long:
        message = "no host has a name as long as that"
        raise UnsafeAddressError(message)
    return parsed


def shown_host(url: URL) -> str:
    """The host (and an unusual port) of an address: all of it that is fit for a log or a chat."""
    return url.host_port_subcomponent or "the server"


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one server: the same name and port, or both at the usual ports of http and https."""
    try:
        first, second = parse_address(one), parse_address(other)
    except FetchError:
        return False
    usual = first.is_default_port() and second.is_default_port()
    return _host(first) == _host(second) and (usual or first.port == second.port)


def named_host(url: str) -> str:
    """An address's host and port as a setting may write them."""
    parsed = parse_address(url)
    host = _host(parsed)
    return f"[{host}]:{parsed.port}" if ":" in host else f"{host}:{parsed.port}"


def _host(url: URL) -> str:
    return (url.host or "").lower().removesuffix(".")


def names_of(url: URL) -> frozenset[str]:
    """The ways in which a setting may write this address's host."""
    host = _host(url)
    hosts = {host, f"[{host}]"} if ":" in host else {host}
    return frozenset(hosts | {f"{name}:{url.port}" for name in hosts})
