"""What doctor says of a database that is not sound; its other findings are tried in tests/test_cli_operations.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import settings
from bot.doctor import examine
from bot.store.sql import open_store

if TYPE_CHECKING:
    from pathlib import Path

PAGE_BYTES = 4096


@pytest.mark.parametrize("damaged", [range(12, 14), range(2, 100, 3), range(1, 100)], ids=["two pages", "many", "most"])
async def test_a_damaged_database_is_a_finding(damaged: range, tmp_path: Path) -> None:
    database = tmp_path / "backstory.db"
    await (await open_store(f"sqlite+aiosqlite:///{database}")).close()
    raw = bytearray(database.read_bytes())
    for page in damaged:
        raw[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] = b"\xff" * PAGE_BYTES
    database.write_bytes(raw)
    findings = await examine(settings.load({"PATH": "/", "BACKSTORY_DATA_DIR": str(tmp_path)}, folder=tmp_path))
    (fault,) = [one for one in findings if not one.well]
    assert fault.subject == "database"
    assert "malformed" in fault.words or "damaged" in fault.words
    assert "backstory restore FILE" in fault.as_text()
