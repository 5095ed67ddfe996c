"""A clock that is wrong, for processes that are started under it; this one's, and the machine's, stay right.

Real processes, and all that they ask: a library of forty lines stands between them and the system's calls for the wall
clock. Steady clocks stay as they are, as where a person or NTP sets a machine's clock. It takes Linux and a C compiler.
"""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
import sys
from pathlib import Path

_SOURCE = Path(__file__).with_name("wrong_clock.c")
_ASK = "import time; print(time.time())"
_FAR_S = 86_400


class WrongClock:
    """``set`` says by how many seconds it is wrong from now on."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "wrong-clock"
        self._library = folder / "wrong-clock.so"
        self._file.write_bytes(bytes(8))
        with self._file.open("r+b") as shared:
            self._shown = mmap.mmap(shared.fileno(), 8)

    def set(self, seconds: int) -> None:
        """Let the clock be ahead by that much, or behind."""
        self._shown[:] = struct.pack("=q", seconds)

    def environment(self) -> dict[str, str]:
        """What to start a process with."""
        return {"LD_PRELOAD": str(self._library), "WRONG_CLOCK": str(self._file)}

    def works(self) -> bool:
        """Make the library; whether a process really sees a wrong clock."""
        compiler = shutil.which("cc")
        if compiler is None or sys.platform != "linux":
            return False
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(self._library), str(_SOURCE), "-ldl"]
        if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603 - our own source
            return False
        self.set(_FAR_S)
        shown, right = _asked(self.environment()), _asked({})
        self.set(0)
        return shown - right > _FAR_S / 2


def _asked(environment: dict[str, str]) -> float:
    """What time it is to a process."""
    command = [sys.executable, "-c", _ASK]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - this very Python
    return float(done.stdout)
