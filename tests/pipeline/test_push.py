"""The whole bot behind a public address: Telegram brings commands, a hub calls, and the alert is there in seconds."""

from __future__ import annotations

import socket
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot import settings
from bot.app import Bot, front_door, remote_chats
from tests.doubles.bot_api import TOKEN
from tests.doubles.bot_api_webhook import WebhookBotApi
from tests.doubles.hub import Hub
from tests.pipeline.feed_server import Answer, feed_server
from tests.pipeline.people import TelegramPerson, shows
from tests.pipeline.test_conversation import FISH, PACT, SHELLS, document
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SPEC = SHARED / "specs" / "telegram-bot-api.json"


def free_port() -> int:
    """A port that nobody listens at; the bot must know its address before it listens."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def announcing(answer: Answer, hub: Hub, etag: str) -> Answer:
    """The same feed, as it names its hub."""
    link = f'<link rel="hub" xmlns="http://www.w3.org/2005/Atom" href="{hub.url}"/>'.encode()
    return Answer(answer.body.replace(b"<channel>", b"<channel>" + link), etag=etag)


async def test_a_hub_s_call_brings_the_alert_long_before_the_next_poll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A hub on localhost stands for one on the internet.
    monkeypatch.setattr("bot.feeds.fetch.is_public", lambda _: True)
    port = free_port()
    async with AsyncExitStack() as stack:
        feeds = await stack.enter_async_context(feed_server())
        hub = await stack.enter_async_context(Hub())
        api = await stack.enter_async_context(WebhookBotApi(SPEC if SPEC.exists() else None))
        configured = settings.load(
            {
                "BACKSTORY_DATA_DIR": str(tmp_path / "data"),
                "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
                "BACKSTORY_POLL_MIN_S": "3600",
                "BACKSTORY_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "BACKSTORY_HTTP_PORT": str(port),
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE_URL": api.base_url,
                "TELEGRAM_WEBHOOK": "on",
            },
            folder=tmp_path,
        )
        door = front_door(configured)
        assert door is not None
        address = feeds.serve("/feed", announcing(document(SHELLS, FISH), hub, '"1"'))
        chats = remote_chats(configured, door)
        await stack.enter_async_context(Bot(configured, chats, sample_mode=False, door=door))
        person = TelegramPerson(api)
        await person.write(f"/feeds add {address}")
        await shows(person, "Harbour Wire")
        await person.write("/topics add DPRK-Russia arms = @dprk & @russia")
        await shows(person, "Now watching")
        # The feed as it is added was fetched before it was a feed; its first poll shows the hub.
        await hub.until(lambda: any(subscriber.confirmed for subscriber in hub.subscribers))

        before, asked = len(person.seen()), time.monotonic()
        feeds.serve("/feed", announcing(document(SHELLS, FISH, PACT), hub, '"2"'))
        await hub.call(hub.subscribers[-1])
        await shows(person, PACT, since=before)
        assert time.monotonic() - asked < 60
        assert api.violations == []
    assert {status for status in api.statuses if status != 200} <= {0, 404}
