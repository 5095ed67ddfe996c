"""The bot's connection to Telegram: how its updates come in, and whether its token is taken. Reads no update.

Updates are asked for (long polling), or brought to a webhook. A network that is down is waited for, and so is a token
that is refused while the bot runs: of that the owner is told, since nobody else can be.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import TYPE_CHECKING, Any, Final

from telegram import BotCommand, Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, TypeHandler
from telegram.request import HTTPXRequest

from bot import limits
from bot.chats.telegram_sdk import TOKEN_REFUSED
from bot.errors import SettingsError
from bot.speech import ENGLISH, LANGUAGES, speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from telegram import Bot

    from bot.chats.chat import CommandHint
    from bot.chats.telegram_webhook import Webhook

_DEFAULT_BASE_URL: Final = "https://api.telegram.org"
_CONNECT_TIMEOUT_S: Final = 10.0
_POLL_S: Final = 30
_FIRST_RETRY_S: Final = 2.0
_LAST_RETRY_S: Final = 60.0
_UPDATES: Final = ("message", "channel_post", "callback_query", "my_chat_member")
_MENU_NAME: Final = re.compile(r"[a-z0-9_]{1,32}")
_OK: Final = 200
_REFUSED: Final = (401, 404)
"""What Telegram answers where it does not know the token; a file that is gone is 404 as well."""

log = logging.getLogger(__name__)

# The library beneath logs each address that it asks for, and Telegram's addresses hold the token.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Connection:
    """One bot's connection. ``on_token`` is told when Telegram refuses the token, and when it takes it again."""

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None,
        timeout_s: float,
        webhook: Webhook | None,
        on_token: Callable[[bool], None],
    ) -> None:
        root = (base_url or _DEFAULT_BASE_URL).rstrip("/").removesuffix("/bot")
        self._request = _Request(
            self._heard,
            read_timeout=timeout_s,
            write_timeout=timeout_s,
            connect_timeout=min(timeout_s, _CONNECT_TIMEOUT_S),
            pool_timeout=timeout_s,
        )
        self._polling = _Request(
            self._heard,
            connection_pool_size=1,
            read_timeout=timeout_s,
            connect_timeout=_CONNECT_TIMEOUT_S,
            pool_timeout=timeout_s,
        )
        self.app: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder()
            .token(token)
            .base_url(f"{root}/bot")
            .base_file_url(f"{root}/file/bot")
            .request(self._request)
            .get_updates_request(self._polling)
            .update_queue(asyncio.Queue(limits.UNANSWERED))
            .build()
        )
        self._webhook = webhook
        self._on_token = on_token
        self._refused = False
        self._connecting: asyncio.Task[None] | None = None

    @property
    def bot(self) -> Bot:
        """The Bot API."""
        bot: Bot = self.app.bot
        return bot

    async def start(
        self, on_update: Callable[[Any, Any], Coroutine[Any, Any, None]], menu: tuple[CommandHint, ...]
    ) -> None:
        """Begin to take updates. With the network down, return all the same and go on trying.

        Raises SettingsError if Telegram refuses the token.
        """
        self.app.add_handler(TypeHandler(Update, on_update))
        try:
            await self._connect(menu)
        except InvalidToken:
            raise SettingsError(TOKEN_REFUSED) from None
        except TelegramError as error:
            log.warning("Telegram is out of reach (%s); trying again until it answers", error)
            self._connecting = asyncio.create_task(self._keep_connecting(menu), name="telegram-connect")

    async def stop(self) -> None:
        """Take no more updates; safe to call twice, and before ``start``."""
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        if self._webhook is not None:
            self._webhook.stop()
        if self.app.updater is not None and self.app.updater.running:
            await self.app.updater.stop()
        if self.app.running:
            await self.app.stop()

    async def close(self) -> None:
        """Close the connections."""
        await self.app.shutdown()
        await self._request.shutdown()
        await self._polling.shutdown()

    async def _connect(self, menu: tuple[CommandHint, ...]) -> None:
        await self.app.initialize()
        updater = self.app.updater
        if updater is None:  # never so: the builder makes one unless told not to
            return
        if not self.app.running:
            await self.app.start()
        if self._webhook is None:
            # A webhook of an earlier start is taken away by the SDK.
            await updater.start_polling(timeout=_POLL_S, allowed_updates=_UPDATES, error_callback=_on_polling_error)
        else:
            self._webhook.start(self._take_update)
            await self.bot.set_webhook(self._webhook.url, allowed_updates=_UPDATES, secret_token=self._webhook.secret)
        shown = [hint for hint in menu if _MENU_NAME.fullmatch(hint.name)][:100]
        try:
            for lang in LANGUAGES:
                with speaking(lang):
                    commands = [BotCommand(hint.name, hint.said[:256]) for hint in shown]
                # The menu without a language is for all whose own has none.
                await self.bot.set_my_commands(commands, language_code=None if lang == ENGLISH else lang)
        except TelegramError as error:
            log.warning("Telegram did not take the command menu: %s", error)

    async def _keep_connecting(self, menu: tuple[CommandHint, ...]) -> None:
        delay_s = _FIRST_RETRY_S
        while True:
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, _LAST_RETRY_S)
            try:
                await self._connect(menu)
            except TelegramError as error:
                # Of a token that is refused its owner is told as for any other request.
                log.info("Telegram is still out of reach (%s)", type(error).__name__)
            else:
                log.info("Telegram answers again")
                return

    async def _take_update(self, data: dict[str, Any]) -> None:
        """An update that came by webhook goes the way of those that were asked for."""
        update = _update_of(data, self.bot)
        if update is not None:
            await self.app.update_queue.put(update)

    def _heard(self, status: int) -> None:
        """What each answer says of the token; only a change is told."""
        refused = status in _REFUSED
        if refused is self._refused or not (refused or status == _OK):
            return
        self._refused = refused
        if refused:
            log.error(TOKEN_REFUSED)
        self._on_token(refused)


class _Request(HTTPXRequest):
    """An HTTP client that passes on what Telegram answers, and keeps the SDK polling whatever that is."""

    def __init__(self, heard: Callable[[int], None], **options: Any) -> None:  # noqa: ANN401 - the SDK's own options
        super().__init__(**options)
        self._heard = heard

    async def do_request(self, url: str, *asked: Any, **options: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the same
        """Ask. Raises NetworkError where the token is refused to a poll: it would be the SDK's last one."""
        status, body = await super().do_request(url, *asked, **options)
        if "/file/bot" not in url:
            self._heard(status)
        if not url.endswith("/getUpdates"):
            return status, body
        if status in _REFUSED:
            raise NetworkError(TOKEN_REFUSED)
        return status, _readable(body)


def _readable(body: bytes) -> bytes:
    """An answer to a poll, where an update that the SDK cannot read is left with its number alone.

    The SDK would take none of the others, put what people wrote into the log, and ask for the same at once, for ever.
    """
    try:
        updates = json.loads(body)["result"]
        numbers = [update["update_id"] for update in updates]
    except (ValueError, LookupError, TypeError, RecursionError):
        return body
    read = [_update_of(update, None) for update in updates]
    if all(read):
        return body
    kept = [
        data if update else {"update_id": number} for data, update, number in zip(updates, read, numbers, strict=True)
    ]
    return json.dumps({"ok": True, "result": kept}).encode()


def _update_of(data: dict[str, Any], bot: Bot | None) -> Update | None:
    """An update; None for what the SDK cannot read, which would come again and again, and never be more."""
    try:
        update = Update.de_json(data, bot)
        # By these numbers the SDK files what it knows; where one is none, it stops for good.
        people = (update.effective_chat, update.effective_user)
        numbered = all(isinstance(one.id, int) for one in people if one is not None)
    except Exception as error:  # noqa: BLE001 - no contract says what it raises
        log.warning("Telegram brought an update that cannot be read (%s)", type(error).__name__)
        return None
    return update if numbered else None


def _on_polling_error(error: TelegramError) -> None:
    # The SDK goes on polling; its own report would be a traceback at each try.
    log.warning("polling Telegram failed and is tried again: %s", error)
