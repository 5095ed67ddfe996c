"""The Bot API double with webhooks: updates are brought to where the bot said, again until it takes them."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from tests.doubles.bot_api import ApiError, BotApi, Json, bad_request

if TYPE_CHECKING:
    from pathlib import Path

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_RETRY_S = 0.05
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


class WebhookBotApi(BotApi):
    """Brings updates in order, one at a time. ``statuses`` are what the bot answered, ``webhook`` where it listens."""

    def __init__(self, spec: Path | None = None) -> None:
        super().__init__(spec)
        self._methods |= {"setWebhook": self._set_webhook, "deleteWebhook": self._delete_webhook}
        self._session: aiohttp.ClientSession | None = None
        self._bringing: asyncio.Task[None] | None = None
        self.webhook: str | None = None
        self.secret = ""
        self.statuses: list[int] = []

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *args: object) -> None:
        await self._end()
        if self._session is not None:
            await self._session.close()
        await super().__aexit__(*args)

    async def bring(self, update: dict[str, Any], *, secret: str | None = None) -> int:
        """Post one update as it stands, with the bot's secret or another; returns the status of the answer."""
        assert self._session is not None
        assert self.webhook is not None
        headers = {SECRET_HEADER: self.secret if secret is None else secret}
        async with self._session.post(self.webhook, json=update, headers=headers) as answer:
            return answer.status

    async def _set_webhook(self, form: dict[str, str]) -> bool:
        if not _SECRET.fullmatch(form.get("secret_token", "")):
            raise bad_request("secret token contains illegal characters")
        await self._end()
        self.webhook, self.secret = form["url"], form["secret_token"]
        self._bringing = asyncio.create_task(self._bring_all())
        return True

    async def _delete_webhook(self, _: dict[str, str]) -> bool:
        await self._end()
        self.webhook = None
        return True

    async def _get_updates(self, form: dict[str, str]) -> Json:
        if self.webhook is not None:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        return await super()._get_updates(form)

    async def _bring_all(self) -> None:
        while True:
            async with self._wake:
                while not self._updates:
                    await self._wake.wait()
                update = self._updates[0]
            try:
                self.statuses.append(await self.bring(update))
            except aiohttp.ClientError:
                self.statuses.append(0)
            if self.statuses[-1] == 200:
                self._updates.remove(update)
            else:
                await asyncio.sleep(_RETRY_S)

    async def _end(self) -> None:
        bringing, self._bringing = self._bringing, None
        if bringing is not None:
            bringing.cancel()
            await asyncio.gather(bringing, return_exceptions=True)
