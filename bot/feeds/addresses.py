"""Which network addresses a feed or page may be fetched from: public ones only.

The rule looks at the address that is about to be dialled, never at a name, so that a name which resolves differently
the second time, a decimal or hexadecimal host and an address inside another address cannot slip past it. Pure: no
look-ups, no sockets.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

# What `is_global` lets through although nobody publishes there (3.11 errs on the first).
_REFUSED_V4: Final = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments
    IPv4Network("168.63.129.16/32"),  # Azure's own services, as its machines see them
    IPv4Network("192.88.99.0/24"),  # the old 6to4 relays
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),  # reserved, broadcast
)

# Everything that is routed on the Internet today lies in here ...
_ALLOWED_V6: Final = IPv6Network("2000::/3")

# ... less what carries an IPv4 address inside, or is not for the public.
_REFUSED_V6: Final = (
    IPv6Network("2001::/23"),  # protocol assignments, Teredo among them
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("3fff::/20"),  # documentation
)


def is_public(address: str) -> bool:
    """Whether an address in the form that a socket takes ("93.184.216.34", "fe80::1%eth0") is a public one.

    An IPv4 address mapped into IPv6 counts as what it maps. NAT64 (64:ff9b::/96), 6to4 and Teredo addresses are
    refused whole: which IPv4 host they reach is for a gateway to say. Anything that is no address is refused.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        return _is_public_v4(parsed.ipv4_mapped) if parsed.ipv4_mapped is not None else _is_public_v6(parsed)
    return _is_public_v4(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not any(address in network for network in _REFUSED_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    return address in _ALLOWED_V6 and not any(address in network for network in _REFUSED_V6)
