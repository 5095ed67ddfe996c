"""What every benchmark needs: a row, a median, invented words."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement beside its peer's; ``ours`` and ``peers`` in ``unit``, smaller is better."""

    what: str
    ours: float
    peer: str
    peers: float
    unit: str


def median_s(work: Callable[[], object]) -> float:
    """The median wall time of five runs, after one that does not count."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def words(rng: random.Random, count: int) -> list[str]:
    """Invented words, pronounceable enough to look like text to a tokenizer."""
    return [
        "".join(rng.choice("bcdfglmnprst") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))
        for _ in range(count)
    ]
