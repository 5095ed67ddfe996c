"""Real processes on one database: `backstory run` or `backstory worker`, started, signalled and ended by a test."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from typing import TYPE_CHECKING, Self

from tests.crash.bots import ROOT, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.world import World


class Processes:
    """The processes of one test; an async context manager that ends what is left of them."""

    def __init__(self, here: World, log: Path, command: str = "worker") -> None:
        self._here = here
        self._log = log
        self._command = command
        self.running: list[asyncio.subprocess.Process] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def start(self) -> asyncio.subprocess.Process:
        """One more; returns once it says that it works."""
        environment = {**clean_environment(), **self._here.environment()}
        with self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                self._command,
                cwd=ROOT,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert process.stdout is not None
        said = await asyncio.wait_for(process.stdout.readline(), 60)
        assert said.startswith(b"Backstory"), self._log.read_text()
        self.running.append(process)
        return process

    async def end(self, process: asyncio.subprocess.Process, how: signal.Signals = signal.SIGTERM) -> int:
        """Send one a signal and wait; returns how it ended."""
        process.send_signal(how)
        ended = await asyncio.wait_for(process.wait(), 60)
        self.running.remove(process)
        return ended
