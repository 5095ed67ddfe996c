"""Reading JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/): bytes in, entries out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot import limits
from bot.errors import FeedParseError
from bot.feeds.fields import absolute, iso_moment, keepable, language, one_line, text_of, title_text
from bot.model import ParsedEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION: Final = "https://jsonfeed.org/version/"
_TAGS: Final = re.compile(r"</[a-z][a-z0-9]*>|<(?:p|br|hr|img|a|div)(?:\s[^<>]*|/)?>", re.IGNORECASE)
_BARE: Final = re.compile(r"&(?!#?\w{1,32};)")


@dataclass(frozen=True, slots=True)
class JsonFeed:
    """What a JSON Feed holds, in its own order."""

    title: str
    lang: str | None
    entries: tuple[ParsedEntry, ...]


def read_json_feed(body: bytes, *, url: str) -> JsonFeed | None:
    """Read a JSON Feed; None if the body is not JSON. Raises FeedParseError for JSON that is no feed."""
    if not body.lstrip(b"\xef\xbb\xbf\xfe\xff\x00\t\n\r ").startswith((b"{", b"[")):
        return None
    try:
        document = json.loads(body.removeprefix(b"\xef\xbb\xbf").strip())
    except (ValueError, RecursionError) as error:
        message = "this looks like JSON, but it is damaged"
        raise FeedParseError(message) from error
    version = document.get("version") if isinstance(document, dict) else None
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or (version is not None and not str(version).startswith(_known_versions())):
        message = "this is JSON, but not a JSON Feed"
        raise FeedParseError(message)
    title = title_text(text_of(document.get("title")), is_html=False, limit=limits.TITLE_CHARS)
    lang = language(document.get("language"))
    found = [item for item in items[: limits.ENTRIES_PER_FEED] if isinstance(item, dict)]
    entries = (_entry(item, feed_title=title, feed_lang=lang, url=url) for item in found)
    return JsonFeed(title, lang, tuple(entry for entry in entries if entry.title or entry.body or entry.url))


def _known_versions() -> tuple[str, ...]:
    return (_VERSION, _VERSION.replace("https:", "http:"), _VERSION.replace("//", "//www."))


def _entry(item: Mapping[str, Any], *, feed_title: str, feed_lang: str | None, url: str) -> ParsedEntry:
    identity = item.get("id")
    plain = (_as_html(text_of(item.get(key))) for key in ("content_text", "summary"))
    bodies = [text_of(item.get("content_html")), *plain]
    addresses = [text_of(item.get(key)) for key in ("url", "external_url", "id")]
    if not addresses[-1].startswith(("http://", "https://")):
        addresses.pop()
    links = (absolute(address, url) for address in addresses)
    moments = (iso_moment(text_of(item.get(key))) for key in ("date_published", "date_modified"))
    return ParsedEntry(
        guid=one_line(str(identity) if isinstance(identity, (str, int, float)) else "", limit=limits.GUID_CHARS),
        url=next((link for link in links if link), ""),
        title=title_text(text_of(item.get("title")), is_html=False, limit=limits.TITLE_CHARS),
        body=keepable(max(bodies, key=len), limit=limits.TEXT_CHARS),
        published_at=next((moment for moment in moments if moment), None),
        lang=language(item.get("language")) or feed_lang,
        source=feed_title or None,
    )


def _as_html(text: str) -> str:
    """A plain text as HTML that reads the same. What plainly holds tags is HTML already, whatever its field says."""
    return text if _TAGS.search(text) else _BARE.sub("&amp;", text).replace("<", "&lt;")
