"""``make fuzz``: a million mutants (RUNS=...) over every way in that strangers' bytes have.

With atheris, where it is installed, coverage leads the mutation; else the seeded mutator of the tests, of which
``SEED=...`` replays a run. ``TARGET=opml`` attacks one alone. What a target did not stand is written below FOUND
(default: ``fuzz-found`` in the folder for temporary files), one file a mutant. 1 is returned if there was any.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.fuzz.by_name import attack_by_name, flood_by_name, target_of
from tests.fuzz.measured import MOST_BYTES, Tally
from tests.fuzz.mutants import MOST_BYTES as LONGEST_BYTES
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.fuzz.measured import Fault

RUNS: Final = int(os.environ.get("RUNS", "1000000"))
SEED: Final = int(os.environ.get("SEED", "1"))
FOUND: Final = Path(os.environ.get("FOUND", str(Path(tempfile.gettempdir()) / "fuzz-found")))
WEIGHTS: Final = {"feed": 20, "documents": 10, "arrival": 10, "article": 10}
"""Shares of the runs; 5 where nothing is said."""

_USUAL: Final = 5
_PIECE: Final = 20_000
_HANG_S: Final = 60
"""Of the wall clock, which a busy machine stretches: what hangs. CPU time is judged mutant by mutant."""

_BASE_MB: Final = 700
"""What a target's process holds before it runs: the lexicon, the instrumented modules, the corpus."""


def main() -> int:
    """Attack; 1 if anything escaped."""
    chosen = [target for target in TARGETS if os.environ.get("TARGET") in (None, target.name)]
    total = sum(WEIGHTS.get(target.name, _USUAL) for target in chosen)
    shares = {target.name: -(-RUNS * WEIGHTS.get(target.name, _USUAL) // total) for target in chosen}
    guided = importlib.util.find_spec("atheris") is not None
    print("Mutation is led by coverage (atheris)." if guided else "atheris is not installed: mutation is blind.")  # noqa: T201
    faults = _flooded(shares) + (_guided(shares) if guided else _blind(shares))
    print(f"{faults} faults in {sum(shares.values()):,} runs" + (f": see {FOUND}" if faults else ""))  # noqa: T201
    return bool(faults)


def _flooded(names: Iterable[str]) -> int:
    """Every flood of every target, whatever leads the mutation afterwards."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        faults = [fault for tally in pool.map(flood_by_name, names) for fault in tally.faults]
    for fault in faults:
        _keep(fault)
    return len(faults)


def _keep(fault: Fault) -> None:
    FOUND.mkdir(parents=True, exist_ok=True)
    path = FOUND / f"{fault.target.replace(' ', '-')}-{hashlib.sha256(fault.data).hexdigest()[:12]}"
    path.write_bytes(fault.data)
    print(f"  {fault.target}: {fault.what}: {path}")  # noqa: T201


def _blind(shares: dict[str, int]) -> int:
    pieces = [
        (name, min(_PIECE, runs - start), SEED + start // _PIECE)
        for name, runs in shares.items()
        for start in range(0, runs, _PIECE)
    ]
    found = 0
    by_name: dict[str, Tally] = {name: Tally() for name in shares}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for (name, _, _), tally in zip(pieces, pool.map(attack_by_name, *zip(*pieces, strict=True)), strict=True):
            whole = by_name[name]
            whole.runs += tally.runs
            whole.slowest_s = max(whole.slowest_s, tally.slowest_s)
            whole.most_bytes = max(whole.most_bytes, tally.most_bytes)
            found += len(tally.faults)
            for fault in tally.faults:
                _keep(fault)
    for name, tally in by_name.items():
        _tell(name, tally)
    return found


def _tell(name: str, tally: Tally, *, stood: bool = True) -> None:
    figures = f"{tally.runs:>9,} runs, slowest {tally.slowest_s:.2f} s, most {tally.most_bytes >> 20} MB"
    print(f"  {name:<12} {figures}{'' if stood else '  FELL'}", flush=True)  # noqa: T201


def _guided(shares: dict[str, int]) -> int:
    """One process of libFuzzer's a target: it ends itself when it is done or has found something."""
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(_guide, shares.items()))


def _guide(share: tuple[str, int]) -> int:
    name, runs = share
    FOUND.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(target_of(name).seeds()):
            (Path(folder) / str(number)).write_bytes(seed)
        limits = (
            f"-atheris_runs={runs}",
            f"-max_len={LONGEST_BYTES}",
            f"-timeout={_HANG_S}",
            f"-rss_limit_mb={_BASE_MB + MOST_BYTES // 1024 // 1024}",
            f"-artifact_prefix={FOUND}/{name.replace(' ', '-')}-",
            f"-seed={SEED}",
            "-print_final_stats=1",
        )
        command = (sys.executable, "-m", "tests.fuzz.guided", name, folder, *limits)
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 - our own module
    last = next((line.split()[1:] for line in done.stderr.splitlines() if line.startswith("TALLY ")), None)
    tally = Tally(int(last[0]), float(last[1]), int(last[2])) if last else Tally()
    _tell(name, tally, stood=not done.returncode)
    if done.returncode:
        print(f"ended with {done.returncode}", done.stdout[-2000:], done.stderr[-5000:], sep="\n")  # noqa: T201
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
