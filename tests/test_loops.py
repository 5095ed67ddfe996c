"""The event loop that the bot runs on."""

from __future__ import annotations

import asyncio
import importlib
import sys
from typing import TYPE_CHECKING

from bot import loops

if TYPE_CHECKING:
    import pytest


async def _kind() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_it_is_uvloop_where_that_is_installed() -> None:
    assert loops.run(_kind()).startswith("uvloop")


def test_it_is_pythons_own_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    try:
        importlib.reload(loops)
        assert loops.run(_kind()).startswith("asyncio")
    finally:
        monkeypatch.undo()
        importlib.reload(loops)
