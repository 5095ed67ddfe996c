"""What every peer's script does: three stages of polling, measured. Runs where nothing but Python and the peer is."""

from __future__ import annotations

import json
import resource
import sys
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for: `PORT FEEDS FOLDER`."""

    port: int
    feeds: int
    folder: str

    @property
    def urls(self) -> list[str]:
        """The addresses of all feeds."""
        return [f"http://{HOST}:{self.port}/feed/{number}" for number in range(self.feeds)]

    @classmethod
    def of_command_line(cls) -> Asked:
        """As it was given."""
        return cls(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])


def spent_s() -> float:
    """CPU seconds of this process and of its children that have ended."""
    uses = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def measure(asked: Asked, poll_all: Callable[[], object]) -> dict[str, object]:
    """CPU and wall seconds of the first poll of all feeds, of one that finds nothing new, of one with an entry each."""
    taken: dict[str, object] = {}
    for stage in ("first", "unchanged", "changed"):
        if stage == "changed":
            with urllib.request.urlopen(f"http://{HOST}:{asked.port}/stage/2") as answer:
                answer.read()
        cpu_s, wall_s = spent_s(), time.perf_counter()
        poll_all()
        taken[stage] = [spent_s() - cpu_s, time.perf_counter() - wall_s]
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    taken["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return taken


def say(taken: dict[str, object]) -> None:
    """Print the result on one line."""
    sys.stdout.write(json.dumps(taken) + "\n")
