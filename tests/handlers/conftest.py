from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store.sql import open_store
from bot.topics import lexicon
from tests.handlers.house import House, ScriptedDesk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def house() -> AsyncIterator[House]:
    store = await open_store("sqlite+aiosqlite://")
    try:
        yield House(ScriptedDesk(store, lexicon.load()))
    finally:
        await store.close()
