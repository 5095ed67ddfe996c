"""Runs a target on a mutant and says what was wrong with that: an escape, too long, too much memory."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from tests.fuzz.mutants import floods, mutant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.fuzz.targets import Target

MOST_S: Final = 2.0
MOST_BYTES: Final = 100 * 1024 * 1024
_STATUS: Final = Path("/proc/self/status")
_CLEAR: Final = Path("/proc/self/clear_refs")
_RESET_PEAK: Final = "5"
"""Written to clear_refs it sets the peak of resident memory back to what is resident now: proc(5)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A mutant that a target did not stand; ``data`` makes it happen again."""

    target: str
    what: str
    data: bytes
    error: Exception | None = None


@dataclass
class Tally:
    """What a run came to. ``slowest_s`` is CPU time of one mutant, ``most_bytes`` the memory that one took."""

    runs: int = 0
    slowest_s: float = 0.0
    most_bytes: int = 0
    faults: tuple[Fault, ...] = ()


def attack(target: Target, *, runs: int, seed: int) -> Tally:
    """Mutate and run; the same seed does the same. Stops at ten faults."""
    random = Random(f"{target.name} {seed}")
    seeds = target.seeds()
    return _attack(target, (mutant(seeds, random, floods_bytes=target.floods_bytes) for _ in range(runs)))


def flood(target: Target) -> Tally:
    """Run every flood of the target's first seed. Stops at ten faults."""
    return _attack(target, floods(target.seeds()[0], floods_bytes=target.floods_bytes))


def _attack(target: Target, mutants: Iterable[bytes]) -> Tally:
    tally = Tally()
    for data in mutants:
        fault = judge(target, data, tally)
        if fault:
            tally.faults = (*tally.faults, fault)
            if len(tally.faults) >= 10:
                break
    return tally


def judge(target: Target, data: bytes, tally: Tally, *, slowed: float = 1.0) -> Fault | None:
    """Run a target on a mutant, count that in the tally, and say what was wrong with it.

    ``slowed`` is how many times slower than usual the code may be, because something watches it.
    """
    tally.runs += 1
    taken_bytes = memory_taken()
    started_s = time.process_time()
    try:
        target.run(data)
    except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
        return Fault(target.name, repr(error)[:300], data, error)
    took_s = time.process_time() - started_s
    took_bytes = taken_bytes()
    tally.slowest_s = max(tally.slowest_s, took_s)
    tally.most_bytes = max(tally.most_bytes, took_bytes)
    if took_bytes > MOST_BYTES:
        return Fault(target.name, f"took {took_bytes // 1024 // 1024} MB", data)
    if took_s > MOST_S * slowed:
        return Fault(target.name, f"took {took_s:.1f} s", data)
    return None


def memory_taken() -> Callable[[], int]:
    """What is returned tells the most bytes resident since now, beyond those of now; 0 where nobody tells."""
    with suppress(OSError):
        _CLEAR.write_text(_RESET_PEAK)
    before = _resident("VmRSS:")
    return lambda: max(0, _resident("VmHWM:") - before)


def _resident(name: str) -> int:
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0
