"""What was wrong with a platform when the bot last ran, or where it asked for silence. Must not send anything."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.errors import BackstoryError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.chats.chat import ChatPort
    from bot.store.port import Store

log = logging.getLogger(__name__)


async def look_again(store: Store, chat: ChatPort) -> None:
    """Forget that a platform refused the bot, where it does no more: a new token may have been set."""
    known = [one for one in await store.troubles() if one.platform is chat.platform and not one.subject]
    for trouble in known:
        try:
            await chat.check()
        except BackstoryError as error:
            log.warning("%s is still not well: %s", chat.platform.value, error)
        else:
            await store.end_trouble(chat.platform, trouble.subject)


async def keep_silence(store: Store, chat: ChatPort, *, now: datetime) -> None:
    """Say nothing where an earlier run was asked to wait, until that time: to be told before the chat is started."""
    for address, until in await store.waiting_chats(chat.platform, now=now):
        await chat.hold(address, (until - now).total_seconds())
