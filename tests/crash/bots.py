"""Bots to kill: forks of one warm process, which takes a twentieth of the time that a start takes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.crash.clock import WrongClock

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """Starts bots, one at a time. Use as an async context manager.

    ``limits`` replaces values of ``bot.limits`` before anything reads them; ``command`` is what the bots run. ``clock``
    makes their clock wrong, see ``tests.crash.clock``.
    """

    def __init__(
        self,
        log: Path,
        *,
        command: str = "run",
        limits: Mapping[str, float] | None = None,
        clock: WrongClock | None = None,
    ) -> None:
        self.log = log
        self._options = {"command": command, "limits": dict(limits or {})}
        self._environment = clean_environment() | (clock.environment() if clock is not None else {})
        self._process: asyncio.subprocess.Process | None = None
        self.pid = 0

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crash.nursery", json.dumps(self._options)),
            cwd=ROOT,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert await self._line() == "ready"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        if self.pid:
            # A test that failed left its bot behind, and the servers around it would wait for it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        await self._process.communicate()

    async def start(self, environment: dict[str, str]) -> int:
        """Start a bot; returns its process id."""
        assert self._process is not None
        assert self._process.stdin is not None
        asked = {"environment": environment, "log": str(self.log)}
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.pid = int(await self._line())
        return self.pid

    async def stopped(self) -> None:
        """Wait until the bot is stopped."""
        assert await self._line() == "stopped"

    def send(self, number: signal.Signals) -> None:
        """Send the bot a signal, if it is still there."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def ended(self) -> int:
        """Wait until the bot has ended; returns how."""
        while (said := await self._line()) == "stopped":
            pass
        self.pid = 0
        return int(said)

    async def end(self, number: signal.Signals, *, within_s: float) -> int:
        """Wait for the bot to end by itself for a while, then send the signal; returns how it ended."""
        ending = asyncio.ensure_future(self.ended())
        await asyncio.wait({ending}, timeout=within_s)
        if not ending.done():
            # It may have come to its end in this very moment.
            self.send(number)
        return await ending

    async def _line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return (await asyncio.wait_for(self._process.stdout.readline(), 90)).decode().strip()


def clean_environment() -> dict[str, str]:
    """This process's environment without the bot's settings."""
    ours = ("BACKSTORY_", "TELEGRAM_", "SLACK_")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}
