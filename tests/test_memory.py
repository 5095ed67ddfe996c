"""Memory that is free is shared by all threads of a process, and goes back to the machine."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys

import pytest

from bot import memory

ON_GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no heap a thread")
THREADS = """
import ctypes, threading
from bot import memory
{first}
met = threading.Barrier(9)
def work():
    kept = [bytes(2000) for _ in range(100)]
    met.wait()
for _ in range(8):
    threading.Thread(target=work).start()
met.wait()
ctypes.CDLL(None).malloc_stats()
"""


@ON_GLIBC
@pytest.mark.parametrize(
    ("first", "most"),
    [
        pytest.param("memory.share_heaps()", memory.HEAPS, id="shared"),
        pytest.param("", 9, id="as the C library would have it: this is no test of nothing"),
    ],
)
def test_threads_share_their_heaps(first: str, most: int) -> None:
    command = [sys.executable, "-c", THREADS.format(first=first)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - this very Python
    heaps = done.stderr.count("Arena ")
    assert heaps <= most
    assert (heaps <= memory.HEAPS) is bool(first)


@ON_GLIBC
def test_this_machine_survives_that_memory_is_given_back() -> None:
    memory.give_back()


@pytest.mark.parametrize("fault", [AttributeError, ValueError, OSError])
def test_another_c_library_is_left_alone(fault: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_name: str) -> str:
        raise fault

    monkeypatch.setattr(os, "confstr", unknown)
    monkeypatch.setattr(ctypes, "CDLL", None)
    memory.share_heaps()
    memory.give_back()
