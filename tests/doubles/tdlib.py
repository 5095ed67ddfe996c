"""Telegram's own client library, offline: it reads texts and entities as the servers of the Bot API do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import tdjson

if TYPE_CHECKING:
    from bot.chats.telegram_entities import Rendered

Json = Any

TDLIB_NAMES = {
    "textEntityTypeBold": "bold",
    "textEntityTypeItalic": "italic",
    "textEntityTypeCode": "code",
    "textEntityTypePre": "pre",
    "textEntityTypeBlockQuote": "blockquote",
    "textEntityTypeExpandableBlockQuote": "expandable_blockquote",
    "textEntityTypeTextUrl": "text_link",
}
_NAMES_OF = {ours: theirs for theirs, ours in TDLIB_NAMES.items()}


def tdlib(function: str, **arguments: Json) -> Json:
    """Ask the library; what it does not take it answers with an object of the type ``error``."""
    answer = tdjson.td_execute(json.dumps({"@type": function, **arguments}).encode())
    assert answer is not None
    return json.loads(answer)


def as_tdlib(rendered: Rendered) -> Json:
    """The text with its entities as the library knows them: it checks them as it does before it sends a message."""
    entities = [
        {
            "@type": "textEntity",
            "offset": e.offset,
            "length": e.length,
            "type": {"@type": _NAMES_OF[e.type], **({"url": e.url} if e.url else {})},
        }
        for e in rendered.entities
    ]
    return {"@type": "formattedText", "text": rendered.text, "entities": entities}
