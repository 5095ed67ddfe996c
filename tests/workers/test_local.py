"""The loops of one process: work that takes long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot import limits
from bot.workers.local import Loop

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence


class Once:
    """One piece of work, which takes longer than a drain waits."""

    def __init__(self) -> None:
        self.due = True
        self.done = False

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        assert limit
        claimed = [self._work()] if self.due else []
        self.due = False
        return claimed

    async def _work(self) -> None:
        await asyncio.sleep(0.02)
        self.done = True


@pytest.mark.parametrize("settles", [pytest.param(True, id="settling"), pytest.param(False, id="stopping")])
async def test_only_who_stops_cuts_off_what_takes_long(monkeypatch: pytest.MonkeyPatch, *, settles: bool) -> None:
    monkeypatch.setattr(limits, "DRAIN_S", 0.001)
    work = Once()
    loop = Loop("work", work, size=1)
    if settles:
        await loop.settle()
    else:
        await loop.step()
        await loop.stop()
    assert work.done is settles
