"""Bots to kill: forks of one warm process, which takes a twentieth of the time that a start takes."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.crash.clock import WrongClock

ROOT = Path(__file__).resolve().parents[2]
WARM_KEPT = 2


class _Warm:
    """A process that has imported all that bots do, and forks them; see ``tests.crash.nursery``."""

    def __init__(self, options: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._folder = tempfile.mkdtemp(prefix="backstory-bots-")
        self.door = f"{self._folder}/door"
        self._process = subprocess.Popen(  # noqa: S603 - this very Python
            (sys.executable, "-m", "tests.crash.nursery", json.dumps({**options, "door": self.door})),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def end(self) -> None:
        """It starts no more; bots that live go on."""
        self._process.communicate()
        shutil.rmtree(self._folder)


_warm: dict[str, _Warm] = {}
"""The processes that were used last, by what they were started with: many tests want the same."""


@atexit.register
def _end_all() -> None:
    while _warm:
        _warm.popitem()[1].end()


def _warm_process(options: Mapping[str, Any], environment: Mapping[str, str]) -> _Warm:
    key = json.dumps([options, environment])
    found = _warm.pop(key, None) or _Warm(options, environment)
    _warm[key] = found  # the newest comes last
    while len(_warm) > WARM_KEPT:
        _warm.pop(next(iter(_warm))).end()
    return found


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
        self._in: asyncio.StreamReader | None = None
        self._out: asyncio.StreamWriter | None = None
        self.pid = 0

    async def __aenter__(self) -> Self:
        warm = await asyncio.to_thread(_warm_process, self._options, self._environment)
        self._in, self._out = await asyncio.open_unix_connection(warm.door)
        return self

    async def __aexit__(self, *_: object) -> None:
        # A test that failed left its bot behind, and the servers around it would wait for it.
        self.send(signal.SIGKILL)
        assert self._out is not None
        self._out.close()
        await self._out.wait_closed()

    async def start(self, environment: dict[str, str]) -> int:
        """Start a bot; returns its process id."""
        assert self._out is not None
        asked = {"environment": environment, "log": str(self.log)}
        self._out.write(json.dumps(asked).encode() + b"\n")
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
        assert self._in is not None
        return (await asyncio.wait_for(self._in.readline(), 90)).decode().strip()


def clean_environment() -> dict[str, str]:
    """This process's environment without the bot's settings, and without the name of the test that runs."""
    ours = ("BACKSTORY_", "TELEGRAM_", "SLACK_", "PYTEST_")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}
