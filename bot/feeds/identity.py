"""Telling entries apart: the names under which an entry is known.

An entry has been seen if ANY of its names is known, so that a feed which changes its ids on each fetch, its links or
its headlines does not post the same thing again. All names belong to one feed: what one chat's private feed claims to
have published must not silence another feed. Pure: the same entry has the same names for ever, in every process.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.text.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import ParsedEntry

_DIGEST_BYTES: Final = 12
_OPENING_CHARS: Final = 1000


def entry_keys(entry: ParsedEntry, *, feed_id: int) -> tuple[str, ...]:
    """The names of one entry, the most telling first; never empty. About 26 ASCII characters each.

    - ``g:`` its id,
    - ``u:`` its address in plain form, without scheme and "www." (a site's front page names nothing),
    - ``t:`` its headline and date; with no date, its headline and opening.
    """
    url = _url_name(entry.url)
    named = [
        ("g", entry.guid),
        ("u", url or ""),
        ("t", _title_name(entry)),
    ]
    keys = tuple(_key(kind, feed_id, value) for kind, value in named if value)
    return keys or (_key("b", feed_id, f"{entry.url}\0{entry.body}"),)


def document_keys(entries: Sequence[ParsedEntry], *, feed_id: int) -> tuple[tuple[str, ...], ...]:
    """The names of the entries of one document, in their order.

    A name that different entries share within the document (every entry links to one page; three bulletins of one
    headline and date) tells nothing apart and is left out, as long as another name is left.
    """
    named = [entry_keys(entry, feed_id=feed_id) for entry in entries]
    holders: dict[str, set[str]] = {}
    for entry, keys in zip(entries, named, strict=True):
        for key in keys:
            # Without ids, what it says tells an entry from another; the same one may stand in a document twice.
            holders.setdefault(key, set()).add(entry.guid or _title_name(entry) or entry.body)
    shared = {key for key, held_by in holders.items() if len(held_by) > 1}
    return tuple(tuple(key for key in keys if key not in shared) or keys for keys in named)


def _key(kind: str, feed_id: int, value: str) -> str:
    text = f"{feed_id}\0{kind}\0{value}".encode("utf-8", "replace")
    return f"{kind}:{hashlib.blake2b(text, digest_size=_DIGEST_BYTES).hexdigest()}"


def _url_name(url: str) -> str:
    """What is the same in every form of an article's address; "" for a site's front page and for no address."""
    try:
        parts = urlsplit(canonical_url(url))
    except ValueError:  # a host in brackets that is no address
        return ""
    if parts.scheme not in {"http", "https"} or (parts.path in {"", "/"} and not parts.query and not parts.fragment):
        return ""
    path = parts.path.rstrip("/") or "/"
    return f"{parts.netloc.removeprefix('www.')}{path}?{parts.query}#{parts.fragment}"


def _title_name(entry: ParsedEntry) -> str:
    title = " ".join(entry.title.casefold().split())
    if entry.published_at is not None:
        return f"{title}\0{entry.published_at.isoformat()}" if title else ""
    return f"{title}\0{' '.join(entry.body[:_OPENING_CHARS].split())}" if title and entry.body else ""
