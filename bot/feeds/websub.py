"""WebSub (W3C Recommendation, 2018): which hub a feed announces, what to ask it, and whether what came is from it.

Pure, as far as strangers' words go: nothing here raises on them. Must not fetch, store or know the clock.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from bot.feeds.fields import absolute

SIGNATURE_HEADER: Final = "X-Hub-Signature"

_HEAD_BYTES: Final = 32 * 1024
_JSON_BYTES: Final = 1024 * 1024
_FIRST_ENTRY: Final = re.compile(rb"<(?:[a-zA-Z0-9]+:)?(?:item|entry)[\s/>]")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK: Final = re.compile(r"<(?:[a-zA-Z0-9]+:)?link\s([^<>]*)>")
# From the first letter of a name on: to begin at each of 30,000 takes seconds.
_ATTRIBUTE: Final = re.compile(r"""(?<![a-zA-Z])([a-zA-Z]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_HEADER_LINK: Final = re.compile(r"<([^<>]*)>([^<]*)")
_HEADER_REL: Final = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)
_METHODS: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
"""What a hub may sign with (section 8.1); the secret is long and random, so that sha1 does for this, too."""


@dataclass(frozen=True, slots=True)
class Announced:
    """Where a feed's new entries are announced. ``topic`` is the address under which the ``hub`` knows the feed."""

    hub: str
    topic: str


def announced(body: bytes, *, url: str, links: str = "") -> Announced | None:
    """The hub that a feed names, first in its ``Link`` headers and then in itself (section 4); None without one.

    ``url`` is where the document came from; ``links`` the header's value, several joined by commas.
    """
    hubs, selves = _in_header(links)
    if not hubs:
        hubs, selves = _in_json(body) if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else _in_xml(body)
    hub = next((found for found in (absolute(link, url) for link in hubs) if found), None)
    if hub is None:
        return None
    return Announced(hub, next((found for found in (absolute(link, url) for link in selves) if found), url))


def request_body(asked: Announced, *, callback: str, secret: str, lease_s: int) -> bytes:
    """The form that asks a hub to bring what is new to ``callback`` for ``lease_s`` seconds (section 5.1)."""
    fields = {
        "hub.mode": "subscribe",
        "hub.topic": asked.topic,
        "hub.callback": callback,
        "hub.lease_seconds": str(lease_s),
        "hub.secret": secret,
    }
    return urlencode(fields).encode()


def signed_by(secret: str, body: bytes, signature: str) -> bool:
    """Whether ``signature``, "method=hex" (section 8.1), was made of this body with this secret."""
    method, _, digest = signature.partition("=")
    made_with = _METHODS.get(method.strip().lower())
    if made_with is None:
        return False
    right = hmac.new(secret.encode(), body, made_with).hexdigest()
    return hmac.compare_digest(right.encode(), digest.strip().lower().encode(errors="replace"))


def _in_header(links: str) -> tuple[list[str], list[str]]:
    found: list[tuple[str, str]] = []
    for target, rest in _HEADER_LINK.findall(links):
        rel = _HEADER_REL.search(rest)
        found.append(((rel[1] or rel[2]) if rel else "", target))
    return _sorted(found)


def _in_xml(body: bytes) -> tuple[list[str], list[str]]:
    """The links of the feed itself, which stand before its first entry; addresses are ASCII in nearly any encoding."""
    first = _FIRST_ENTRY.search(body, 0, _HEAD_BYTES)
    head = _COMMENT.sub("", body[: first.start() if first else _HEAD_BYTES].decode("utf-8", "replace"))
    found: list[tuple[str, str]] = []
    for attributes in _LINK.findall(head):
        values = {name.lower(): html.unescape(one or other) for name, one, other in _ATTRIBUTE.findall(attributes)}
        found.append((values.get("rel", ""), values.get("href", "")))
    return _sorted(found)


def _in_json(body: bytes) -> tuple[list[str], list[str]]:
    """``hubs`` and ``feed_url`` of a JSON Feed (jsonfeed.org/version/1.1)."""
    try:
        document = json.loads(body) if len(body) <= _JSON_BYTES else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return [], []
    listed = document.get("hubs")
    hubs = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    found = [("hub", one["url"]) for one in hubs if isinstance(one.get("url"), str) and _is_websub(one)]
    own = document.get("feed_url")
    return _sorted([*found, ("self", own if isinstance(own, str) else "")])


def _is_websub(hub: dict[str, object]) -> bool:
    return str(hub.get("type", "")).lower() in {"websub", "pubsubhubbub"}


def _sorted(found: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Addresses of hubs and of the feed itself, out of pairs of what each link is and where it leads."""
    hubs = [target for rel, target in found if target and "hub" in rel.lower().split()]
    selves = [target for rel, target in found if target and "self" in rel.lower().split()]
    return hubs, selves
