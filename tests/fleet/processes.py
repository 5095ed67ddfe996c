"""Real processes on one database: `backstory run` or `backstory worker`, started, signalled and ended by a test."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from tests.crash.bots import Nursery

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.world import World


class Processes:
    """The processes of one test; an async context manager that ends what is left of them."""

    def __init__(self, here: World, log: Path, command: str = "worker") -> None:
        self._here = here
        self._log = log
        self._command = command
        self._stack = AsyncExitStack()
        self._started = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def start(self) -> Nursery:
        """One more; returns once it says that it works."""
        self._started += 1
        log = self._log.with_suffix(f".{self._started}")
        process = await self._stack.enter_async_context(Nursery(log, command=self._command))
        await process.start(self._here.environment())
        async with asyncio.timeout(60):
            while not log.exists() or "\nBackstory" not in f"\n{log.read_text()}":  # noqa: ASYNC110 - another process works
                await asyncio.sleep(0.02)
        return process

    async def end(self, process: Nursery, how: signal.Signals = signal.SIGTERM) -> int:
        """Send one a signal and wait; returns how it ended."""
        return await asyncio.wait_for(process.end(how, within_s=0), 60)
