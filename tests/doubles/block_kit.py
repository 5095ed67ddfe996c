"""Block Kit's limits, as docs.slack.dev/reference/block-kit states them: what Slack would refuse a message for."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

Json = Any

_TEXT_BLOCKS = {"header", "section", "context", "actions", "rich_text", "divider"}
_RICH = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}


def faults(blocks: list[Json]) -> list[str]:
    """Everything that is wrong with these blocks; an empty list for a message that Slack takes."""
    found = [] if 1 <= len(blocks) <= 50 else [f"{len(blocks)} blocks"]
    total = sum(len(text) for block in blocks for text in texts(block))
    if total > 12_000:
        found.append(f"{total} characters over all blocks")
    for block in blocks:
        if block["type"] not in _TEXT_BLOCKS:
            found.append(f"unexpected block {block['type']}")
        check = {"header": _header, "section": _section, "context": _context, "actions": _actions}.get(block["type"])
        found += check(block) if check else []
        if block["type"] == "rich_text":
            found += [fault for element in block["elements"] for fault in _rich(element)]
    return found


def texts(value: Json) -> list[str]:
    """Every text that is shown in a block."""
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for key, item in value.items() if key != "text" or not own for text in texts(item)]
    return []


def _text(text: Json, most: int) -> list[str]:
    size = len(text["text"])
    return [] if 1 <= size <= most else [f"{size} characters where 1 to {most} may be: {text['text'][:40]!r}"]


def _header(block: Json) -> list[str]:
    return _text(block["text"], 150) + ([] if block["text"]["type"] == "plain_text" else ["a header is plain text"])


def _section(block: Json) -> list[str]:
    return _text(block["text"], 3000)


def _context(block: Json) -> list[str]:
    found = [] if 1 <= len(block["elements"]) <= 10 else [f"{len(block['elements'])} context elements"]
    return found + [fault for element in block["elements"] for fault in _text(element, 3000)]


def _actions(block: Json) -> list[str]:
    elements = block["elements"]
    found = [] if 1 <= len(elements) <= 25 else [f"{len(elements)} actions"]
    ids = Counter(element["action_id"] for element in elements)
    found += [f"action id {name} stands {count} times" for name, count in ids.items() if count > 1]
    for button in elements:
        found += _text(button["text"], 75)
        if len(button["action_id"]) > 255 or len(button.get("value", "")) > 2000:
            found.append(f"id or value too long: {button['action_id'][:40]}")
        found += _link(button["url"]) if "url" in button else []
    return found


def _rich(element: Json) -> list[str]:
    kind = element["type"]
    if kind in _RICH:
        found = [] if element["elements"] else [f"an empty {kind}"]
        return found + [fault for inner in element["elements"] for fault in _rich(inner)]
    if kind not in ("text", "link"):
        return [f"unexpected rich text element {kind}"]
    return _text(element, 3000) + (_link(element["url"]) if kind == "link" else [])


def _link(url: str) -> list[str]:
    parts = urlsplit(url)
    good = parts.scheme in ("http", "https") and parts.hostname and len(url) <= 3000
    return [] if good else [f"links elsewhere than the web: {url[:60]}"]
