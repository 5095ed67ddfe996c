"""Memory that is free is shared by all threads of a process."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from bot import heap

THREADS = """
import ctypes, threading
from bot import heap
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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no heap a thread")
@pytest.mark.parametrize(
    ("first", "most"),
    [
        pytest.param("heap.share()", heap.HEAPS, id="shared"),
        pytest.param("", 9, id="as the C library would have it: this is no test of nothing"),
    ],
)
def test_threads_share_their_heaps(first: str, most: int) -> None:
    command = [sys.executable, "-c", THREADS.format(first=first)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - this very Python
    heaps = done.stderr.count("Arena ")
    assert heaps <= most
    assert (heaps <= heap.HEAPS) is bool(first)
