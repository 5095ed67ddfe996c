"""A Slack on localhost for all that speaks to it; the Telegram tests have a server and a chat of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chats.slack import HttpMode, SlackChat
from tests.doubles.slack_api import SIGNING_SECRET, SlackApi, web_api
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import backlot

SCHEMAS = SHARED / "specs" / "slack"


@pytest.fixture(scope="module")
def server() -> Iterator[backlot.Server]:
    """The Web API that somebody else wrote."""
    with web_api() as running:
        yield running


@pytest.fixture
async def api(server: backlot.Server) -> AsyncIterator[SlackApi]:
    """The front before it; at the end nothing may have been sent that Slack would not take."""
    async with SlackApi(server, SCHEMAS if SCHEMAS.exists() else None) as front:
        yield front
    assert front.violations == []


@pytest.fixture
async def chat(api: SlackApi) -> AsyncIterator[SlackChat]:
    """The adapter, in HTTP mode."""
    adapter = SlackChat(api.token, http=HttpMode(SIGNING_SECRET, port=0), base_url=api.base_url, timeout_s=2)
    yield adapter
    await adapter.stop()
