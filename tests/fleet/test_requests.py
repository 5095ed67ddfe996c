"""What platforms bring to any worker of a fleet is answered by the one that speaks, and by the next when it ends."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot import settings
from bot.fleet import open_worker
from tests.crash.ends import SlackEnd
from tests.crash.world import until
from tests.doubles.bot_api import TOKEN
from tests.doubles.bot_api_webhook import WebhookBotApi

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.postgres import PostgresServer


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


async def test_commands_come_in_by_any_worker_and_go_on_when_the_one_that_speaks_ends(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    database = postgres.new_database()
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(WebhookBotApi())
        slack = await stack.enter_async_context(SlackEnd())

        def settings_at(port: int) -> settings.Settings:
            given = {
                "BACKSTORY_DATA_DIR": str(tmp_path),
                "BACKSTORY_DATABASE_URL": database,
                "BACKSTORY_HTTP_PORT": str(port),
                # Whatever leads there from outside has chosen the second worker for Telegram.
                "BACKSTORY_PUBLIC_URL": f"http://127.0.0.1:{second}",
                "BACKSTORY_ENCODER": "off",
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_BASE_URL": telegram.base_url,
                "TELEGRAM_WEBHOOK": "on",
            }
            return settings.load(slack.environment() | given, folder=tmp_path)

        first, second = free_port(), free_port()
        one = AsyncExitStack()
        stack.push_async_callback(one.aclose)
        speaking = await one.enter_async_context(open_worker(settings_at(first)))
        await until(lambda: len(speaking.chats) == 2)
        waiting = await stack.enter_async_context(open_worker(settings_at(second)))

        await telegram.say("/feeds")
        await telegram.arrived(1)
        assert await slack.deliver_command(second, slack.command_fields("/backstory", "feeds", channel="C1")) == 200
        await until(lambda: len(slack.responses) == 1)
        assert await slack.deliver(second, "{}", "application/json", **{"X-Slack-Signature": "v0=0"}) == 401
        assert waiting.chats == {}

        await one.aclose()
        await telegram.say("/feeds")
        await telegram.arrived(2)
        await until(lambda: len(waiting.chats) == 2)
        assert await slack.deliver_command(second, slack.command_fields("/backstory", "feeds", channel="C1")) == 200
        await until(lambda: len(slack.responses) == 2)
    assert telegram.violations == []
