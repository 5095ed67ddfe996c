"""A clock that is wrong, for processes that are started under it; this one's, and the machine's, stay right.

Real processes, all of what they ask: libfaketime stands between them and the system's calls for the wall clock. Steady
clocks stay as they are, as where a person or NTP sets a machine's clock.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

_ASK = "import time; print(time.time())"
_FAR_S = 86_400.0


class WrongClock:
    """``set`` says by how many seconds it is wrong from now on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0)

    def set(self, seconds: float) -> None:
        """Let the clock be ahead by that much, or behind."""
        # Put in place at once: a reader must never see half of it.
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+.0f}")
        fresh.rename(self._file)

    def environment(self) -> dict[str, str]:
        """What to start a process with."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }

    def works(self) -> bool:
        """Whether a process really sees it here: that takes a system that lets a library stand before its own."""
        if library() is None:
            return False
        self.set(_FAR_S)
        asked = subprocess.run(  # noqa: S603 - this very Python
            [sys.executable, "-c", _ASK], env=self.environment(), capture_output=True, text=True, check=False
        )
        self.set(0)
        right = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=True)  # noqa: S603 - the same
        return bool(asked.stdout) and float(asked.stdout) - float(right.stdout) > _FAR_S / 2


def library() -> Path | None:
    """The library as its package brings it; None where that is not installed."""
    found = find_spec("libfaketime")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
