"""Where this chat's own messages about earlier stories stand: asked right before an alert is composed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import logs
from bot.alerts.compose import Before

if TYPE_CHECKING:
    from bot.chats.chat import ChatPort
    from bot.model import Alert
    from bot.store.port import Store

log = logs.get(__name__)


async def told_before(store: Store, chat: ChatPort, chat_id: int, alert: Alert) -> dict[int, Before]:
    """The chat's first message about each story that the alert refers to, its own story's too where it continues it.

    Never raises: where the store cannot say, the alert goes without these links rather than not at all.
    """
    earlier = {link.past_story_id for link in alert.earlier if link.past_story_id is not None}
    asked = sorted({*earlier, alert.story_id})
    try:
        messages = await store.first_messages(chat_id, asked)
        return {story_id: Before(told.at, await chat.link_to(told.ref)) for story_id, told in messages.items()}
    except Exception:
        log.exception("an alert goes without links to earlier ones", chat_id=chat_id, alert_id=alert.id)
        return {}
