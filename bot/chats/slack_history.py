"""Our own messages, marked so that they can be found again, and the search for one of them. Calls nothing by itself.

Metadata: docs.slack.dev/messaging/message-metadata; the pages are those of conversations.history and .replies.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.chats.chat import Sight
from bot.model import MessageRef

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.chats.chat import Errand
    from bot.chats.slack_inbound import Payload
    from bot.model import Address

MESSAGE_EVENT: Final = "backstory_message"
"""The metadata event type of our messages."""

_CLOCK_SKEW: Final = timedelta(minutes=5)
_PAGE_MESSAGES: Final = 200
_PAGES: Final = 5


def metadata(errand: Errand | None = None) -> Payload:
    """The metadata to post with a message; those of a delivery name it."""
    payload: Payload = {"id": uuid.uuid4().hex}
    if errand is not None:
        payload["delivery_id"] = errand.delivery_id
    return {"event_type": MESSAGE_EVENT, "event_payload": payload}


def posted(to: Address, answer: Payload) -> MessageRef:
    """Where a message stands, by the answer to its post: a reply to what was deleted is in no thread, and no error."""
    message = answer.get("message")
    thread = str(message.get("thread_ts") or "") if isinstance(message, dict) else to.thread
    return MessageRef(replace(to, thread=thread or None), str(answer["ts"]))


async def find(
    look: Callable[[Payload], Awaitable[Payload]], delivery_id: int, *, since: datetime
) -> str | Sight | None:
    """The ``ts`` of the message that carries out a delivery, among the newest thousand since then.

    ABSENT if it is not among all that there are; None if we could not see them all. ``look`` takes a page's arguments
    and returns the page, an empty one where we may not look.
    """
    asked: Payload = {
        "oldest": f"{(since - _CLOCK_SKEW).timestamp():.6f}",
        "include_all_metadata": True,
        "limit": _PAGE_MESSAGES,
    }
    for _ in range(_PAGES):
        page = await look(asked)
        for message in page.get("messages") or ():
            if _carries_out(message, delivery_id):
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Sight.ABSENT if "messages" in page else None
        asked = {**asked, "cursor": cursor}
    return None


def _carries_out(message: Payload, delivery_id: int) -> bool:
    marks = message.get("metadata") or {}
    payload = marks.get("event_payload") or {}
    return marks.get("event_type") == MESSAGE_EVENT and str(payload.get("delivery_id", "")) == str(delivery_id)
