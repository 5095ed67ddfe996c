"""What Telegram would refuse, drop or move in a message's entities: core.telegram.org/bots/api#messageentity."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

_ENTITY_KINDS = {"bold", "italic", "underline", "code", "pre", "blockquote", "expandable_blockquote", "text_link"}
_BARE = {"code", "pre"}
_QUOTES = {"blockquote", "expandable_blockquote"}


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def entity_faults(text: str, entities: list[dict[str, Any]]) -> list[str]:
    """What Telegram would refuse, drop or move in these entities."""
    faults = [] if len(entities) <= 100 else [f"{len(entities)} entities"]
    encoded = text.encode("utf-16-le")
    for one in entities:
        start, end = one["offset"], one["offset"] + one["length"]
        body = encoded[2 * start : 2 * end]
        if one["type"] not in _ENTITY_KINDS or one["length"] < 1 or start < 0 or 2 * end > len(encoded):
            faults.append(f"out of range or unknown: {one}")
            continue
        try:
            covered = body.decode("utf-16-le")
        except UnicodeDecodeError:
            faults.append(f"splits a surrogate pair: {one}")
            continue
        if covered != covered.strip():
            faults.append(f"begins or ends with space: {one}")
        if one["type"] == "text_link" and not _is_taken(one.get("url", "")):
            faults.append(f"links to what Telegram refuses a message for: {one}")
        for other in entities:
            other_start, other_end = other["offset"], other["offset"] + other["length"]
            overlap = other is not one and start < other_end and other_start < end
            nested = (start <= other_start and other_end <= end) or (other_start <= start and end <= other_end)
            kinds = {one["type"], other["type"]}
            if overlap and (not nested or (kinds & _BARE and not kinds & _QUOTES)):
                faults.append(f"overlaps: {one} and {other}")
    return faults


def _is_taken(url: str) -> bool:
    """Whether Telegram takes an address in a link: one of the web, of no bare host and with no port that cannot be."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and port != 0
