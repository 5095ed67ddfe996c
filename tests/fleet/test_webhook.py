"""A fleet asks Telegram for updates, whatever the settings say, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot import fleet, logs
from bot.errors import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("webhook", [True, False])
async def test_a_webhook_that_is_left_alone_is_said_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, webhook: bool
) -> None:
    monkeypatch.setattr(fleet, "log", logs.get("bot.fleet"))
    settings = Settings(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/b.db", telegram_webhook=webhook)
    with capture_logs() as lines, pytest.raises(SettingsError):  # since a fleet is on PostgreSQL
        async with fleet.open_worker(settings):
            pass
    assert [("TELEGRAM_WEBHOOK" in line["event"], line["log_level"]) for line in lines] == [(True, "warning")] * webhook
