"""Polling 1,000 feeds with us and with other programs, each in a process of its own, from one server, in one run.

Every other program is installed from PyPI into a Python of its own that is thrown away afterwards. The rounds are
interleaved, so that whatever else the machine does falls on all of them. QUICK=1 asks 100 feeds once.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.measure import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

QUICK: Final = bool(os.environ.get("QUICK"))
FEEDS: Final = 100 if QUICK else 1000
LONG_S: Final = 30.0
ROOT: Final = Path(__file__).resolve().parents[2]
STAGES: Final = {
    "first": "first poll",
    "unchanged": "nothing changed",
    "changed": "one new entry each",
}


@dataclass(frozen=True, slots=True)
class Program:
    """Something that polls: a module that measures it, and what must be installed for it (nothing: it runs here)."""

    name: str
    module: str
    packages: tuple[str, ...] = ()


OURS: Final = Program("ours", "tests.benchmarks.poll_ours")
OTHERS: Final = (
    # Its own copy of feedparser asks for a module that it does not name.
    Program("reader", "tests.benchmarks.peers.with_reader", ("reader>=3.20", "sgmllib3k>=1.0")),
    Program("rsstt, without its database", "tests.benchmarks.peers.with_rsstt", ("rsstt>=2.10",)),
    Program("feedforbot", "tests.benchmarks.peers.with_feedforbot", ("feedforbot[cli]>=5.1",)),
    Program("aiohttp alone, nothing read", "tests.benchmarks.peers.with_nothing"),
)

Taken = dict[str, list[float]]


def programs() -> list[Row]:
    """CPU seconds of each stage beside each program's; wall seconds and memory beside `reader`'s."""
    with tempfile.TemporaryDirectory() as folder:
        ready = {OURS: sys.executable, **_installed(Path(folder))}
        taken: dict[Program, list[Taken]] = {program: [] for program in ready}
        rounds = 1 if QUICK else 5
        while len(taken[OURS]) < rounds:
            for program, python in ready.items():
                taken[program].append(_measured(program, python, Path(folder)))
            if not QUICK and _longest_s(taken) > LONG_S:
                rounds = 3
    return _rows(taken)


def _installed(folder: Path) -> dict[Program, str]:
    """The Python of each program that could be installed; why another could not is printed."""
    found = {}
    for program in OTHERS:
        if not program.packages:
            found[program] = sys.executable
            continue
        home = folder / program.module.rpartition(".")[2]
        venv.create(home, with_pip=True)
        python = str(home / "bin" / "python")
        asked = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *program.packages]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - the names stand above
        if done.returncode:
            sys.stderr.write(f"{program.name} cannot be installed here: {done.stderr.strip().splitlines()[-1:]}\n")
        else:
            found[program] = python
    return found


def _measured(program: Program, python: str, folder: Path) -> Taken:
    """One round. Raises CalledProcessError if the program fails."""
    with _farm() as port, tempfile.TemporaryDirectory(dir=folder) as own:
        command = [python, "-W", "ignore", "-m", program.module, str(port), str(FEEDS), own]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT)  # noqa: S603 - ours
    taken: Taken = json.loads(done.stdout.splitlines()[-1])
    return taken


@contextmanager
def _farm() -> Iterator[int]:
    """The feeds' server, fresh, since a stage is not taken back."""
    command = [sys.executable, "-m", "tests.benchmarks.feed_farm", str(FEEDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:  # noqa: S603 - ours
        try:
            yield int(server.stdout.readline()) if server.stdout else 0
        finally:
            server.terminate()


def _longest_s(taken: dict[Program, list[Taken]]) -> float:
    return max(sum(one[stage][1] for stage in STAGES) for rounds in taken.values() for one in rounds)


def _rows(taken: dict[Program, list[Taken]]) -> list[Row]:
    def median(program: Program, stage: str, which: int) -> float:
        return statistics.median(one[stage][which] for one in taken[program])

    rows = []
    for stage, words in STAGES.items():
        work = f"poll {FEEDS:,} feeds, {words}"
        rows += [
            Row(f"{work}: CPU", median(OURS, stage, 0), program.name, median(program, stage, 0), "s")
            for program in taken
            if program != OURS
        ]
        rows += [
            Row(f"{work}: wall", median(OURS, stage, 1), program.name, median(program, stage, 1), "s")
            for program in taken
            if program.name == "reader"
        ]
    return rows
