"""Telegram's updates by webhook: Telegram brings each to a path of ours, with a secret that only it was told.

The secret is made from the bot's token, so that there is nothing to store and every start knows it. Telegram brings an
update again until it is answered with 200 (core.telegram.org/bots/api#setwebhook). This module must not read updates.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from bot.chats.paths import TELEGRAM_UPDATES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.door import Door

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_REMEMBERED: Final = 1000

log = logging.getLogger(__name__)


class Webhook:
    """The path at which Telegram's updates come in. ``public_url`` is where the door is reached from outside."""

    def __init__(self, door: Door, public_url: str, token: str) -> None:
        self.url = public_url.rstrip("/") + TELEGRAM_UPDATES
        self.secret = hmac.new(token.encode(), b"the secret of the webhook", hashlib.sha256).hexdigest()
        self._door = door
        self._taken: deque[int] = deque(maxlen=_REMEMBERED)
        self._take: Callable[[dict[str, Any]], Awaitable[None]] | None = None

    def start(self, take: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Hand each update on, once."""
        self._take = take
        self._door.listen(TELEGRAM_UPDATES, self._on_request)

    def stop(self) -> None:
        """Take no more: Telegram keeps what comes, for a day, and brings it to the next start."""
        self._door.leave(TELEGRAM_UPDATES)
        self._take = None

    async def _on_request(self, request: web.Request) -> web.Response:
        told = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(told.encode(errors="replace"), self.secret.encode()):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        number = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(number, int):
            return web.Response(status=400)
        if self._take is None:
            return web.Response(status=503)
        if number not in self._taken:
            await self._take(update)
            self._taken.append(number)
        return web.Response()
