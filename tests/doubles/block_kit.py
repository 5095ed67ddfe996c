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


def view_faults(view: Json) -> list[str]:
    """Everything that is wrong with a modal or a home page, as docs.slack.dev/reference/views states it."""
    blocks = view["blocks"]
    found = [] if len(blocks) <= 100 else [f"{len(blocks)} blocks in a view"]
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        found.append("private metadata or callback id too long")
    for name in ("title", "submit", "close"):
        found += _text(view[name], 24) if name in view else []
    inputs = [block for block in blocks if block["type"] == "input"]
    if view["type"] == "modal" and ("title" not in view or (inputs and "submit" not in view)):
        found.append("a modal without a title, or with fields and no button to send them")
    if view["type"] == "home" and ("title" in view or "submit" in view or "close" in view):
        found.append("a home page has no title and no buttons of its own")
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block id {name} stands {count} times" for name, count in ids.items() if count > 1]
    others = [block for block in blocks if block["type"] != "input"]
    found += [fault for start in range(0, len(others), 10) for fault in faults(others[start : start + 10])]
    return found + [fault for block in inputs for fault in _input(block)]


def _input(block: Json) -> list[str]:
    element = block["element"]
    found = _text(block["label"], 2000) + (_text(block["hint"], 2000) if "hint" in block else [])
    if element["type"] == "plain_text_input":
        most = element.get("max_length", 3000)
        if not 1 <= most <= 3000 or len(element.get("initial_value", "")) > most:
            found.append(f"a field of {most} characters with more in it, or of no size that may be")
    elif element["type"] == "radio_buttons":
        options = element["options"]
        found += [] if 1 <= len(options) <= 10 else [f"{len(options)} options"]
        found += [fault for option in options for fault in _text(option["text"], 75)]
        if "initial_option" in element and element["initial_option"] not in options:
            found.append("an option is chosen that is not among the options")
    else:
        found.append(f"unexpected field {element['type']}")
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
