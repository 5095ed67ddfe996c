"""The event loop that the bot runs on."""

from __future__ import annotations

import asyncio
import gc
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


def test_garbage_that_was_put_off_is_collected_once_the_loop_has_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "STARTED_S", 0.0)
    gc.disable()
    try:
        loops.run(asyncio.sleep(0.001))
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()
