"""One target under atheris: ``python -m tests.fuzz.guided TARGET CORPUS OPTIONS...``. Ends its process.

Its last line says how many mutants ran, the most CPU time and the most memory that one of them took.
"""

from __future__ import annotations

import atexit
import signal
import sys
from typing import Final

import atheris

from tests.fuzz.measured import Tally, judge

with atheris.instrument_imports(include=["bot", "handlers", "feedparser"]):
    from tests.fuzz.targets import TARGETS

SLOWED: Final = 2.0
"""How many times slower code may be for being watched."""


class FellError(Exception):
    """A mutant was not stood."""


def main() -> None:
    """Set up and fuzz; never returns."""
    name, *options = sys.argv[1:]
    target = next(one for one in TARGETS if one.name == name)
    tally = Tally()

    def stand(data: bytes) -> None:
        fault = judge(target, data, tally, slowed=SLOWED)
        if fault is not None:
            raise FellError(fault.what) from fault.error

    def tell() -> None:
        # libFuzzer's clock goes on ticking while Python takes itself down, and a tick that nobody hears ends the
        # process.
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stderr.write(f"TALLY {tally.runs} {tally.slowest_s:.3f} {tally.most_bytes}\n")

    for seed in target.seeds():
        target.run(seed)  # what is read at first use has been read
    atexit.register(tell)
    atheris.Setup([sys.argv[0], *options], stand)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
