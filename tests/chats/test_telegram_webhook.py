"""Telegram by webhook: what comes in, who may bring it, and the way back to polling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession

from bot.chats.telegram import TelegramChat
from bot.chats.telegram_webhook import SECRET_HEADER, Webhook
from bot.door import Door
from tests.chats.test_telegram import MENU, SPEC, Echo
from tests.doubles.bot_api import TOKEN, Json
from tests.doubles.bot_api_webhook import WebhookBotApi

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def api() -> AsyncIterator[WebhookBotApi]:
    async with WebhookBotApi(SPEC if SPEC.exists() else None) as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    opened = Door("127.0.0.1", 0)
    await opened.open()
    yield opened
    await opened.close()


def listening(api: WebhookBotApi, door: Door) -> TelegramChat:
    webhook = Webhook(door, f"http://127.0.0.1:{door.port}", TOKEN)
    return TelegramChat(TOKEN, base_url=api.base_url, timeout_s=2, webhook=webhook)


async def test_an_update_that_is_brought_is_answered_and_nothing_is_asked_for(api: WebhookBotApi, door: Door) -> None:
    chat = listening(api, door)
    await chat.start(Echo(), MENU)
    await api.say("/topics")
    (answer,) = await api.arrived(1)
    assert answer.text == "you said /topics"
    assert api.statuses == [200]
    assert "getUpdates" not in {method for method, _, _ in api.calls}
    await chat.stop()


async def test_what_comes_while_the_bot_is_away_is_brought_once_it_is_back(api: WebhookBotApi, door: Door) -> None:
    chat = listening(api, door)
    await chat.start(Echo(), MENU)
    await chat.stop()
    await api.say("/help")
    await api.until(lambda: 404 in api.statuses)
    again = listening(api, door)
    await again.start(Echo(), MENU)
    (answer,) = await api.arrived(1)
    assert answer.text == "you said /help"
    await again.stop()


async def test_an_update_that_is_brought_twice_is_taken_once(api: WebhookBotApi, door: Door) -> None:
    chat, echo = listening(api, door), Echo()
    await chat.start(echo, MENU)
    message = await api.say("/status")
    await api.arrived(1)
    repeated = {"update_id": 1, "message": message}
    assert [await api.bring(repeated), await api.bring(repeated)] == [200, 200]
    await api.say("/last")
    await api.arrived(2)
    assert [inbound.text for inbound in echo.inbound] == ["/status", "/last"]
    await chat.stop()


@pytest.mark.parametrize(
    ("update", "secret", "status"),
    [
        pytest.param({"update_id": 900}, "", 403, id="no secret"),
        pytest.param({"update_id": 900}, "guessed", 403, id="another's secret"),
        pytest.param({"update_id": "x"}, None, 400, id="no number"),
        pytest.param([], None, 400, id="no update"),
        pytest.param({"update_id": 901, "message": {"text": 7}}, None, 200, id="an update that cannot be read"),
        pytest.param({"update_id": 902, "poll": {}}, None, 200, id="an update of another kind"),
    ],
)
async def test_what_is_brought_is_not_believed(
    api: WebhookBotApi, door: Door, update: Json, secret: str | None, status: int
) -> None:
    chat, echo = listening(api, door), Echo()
    await chat.start(echo, MENU)
    assert await api.bring(update, secret=secret) == status
    await api.say("/after")
    await api.arrived(1)
    assert [inbound.text for inbound in echo.inbound] == ["/after"]
    await chat.stop()


async def test_a_body_without_an_end_is_no_fault_of_ours(
    api: WebhookBotApi, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    chat = listening(api, door)
    await chat.start(Echo(), MENU)
    assert api.webhook is not None
    headers = {SECRET_HEADER: api.secret}
    async with ClientSession() as session, session.post(api.webhook, data=b"[" * 100_000, headers=headers) as answer:
        assert answer.status == 400
    assert not [record for record in caplog.records if record.exc_info]
    await chat.stop()


async def test_a_start_without_a_webhook_takes_the_old_one_away_and_polls(api: WebhookBotApi, door: Door) -> None:
    chat = listening(api, door)
    await chat.start(Echo(), MENU)
    await chat.stop()
    polling = TelegramChat(TOKEN, base_url=api.base_url, timeout_s=2)
    await polling.start(Echo(), MENU)
    await api.say("/help")
    await api.arrived(1)
    assert api.webhook is None
    await polling.stop()


def test_the_secret_is_the_token_s_own_and_does_not_show_it() -> None:
    door = Door("127.0.0.1", 0)
    secrets = {Webhook(door, "https://bot.example", token).secret for token in ("1:a", "1:b", "1:a")}
    assert len(secrets) == 2
    assert all(len(secret) == 64 and secret.isalnum() for secret in secrets)
