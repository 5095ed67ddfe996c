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
_FUNCTION_WORDS = ("the", "of", "and", "to", "in", "is", "for", "with", "that", "was", "said", "from", "by")


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


def body(rng: random.Random, vocabulary: list[str], sentences: int) -> str:
    """Sentences of 15 words, a third of them English function words: what nobody could tell the language of is rare."""
    said = [rng.choices(vocabulary, k=10) + rng.choices(_FUNCTION_WORDS, k=5) for _ in range(sentences)]
    for words_said in said:
        rng.shuffle(words_said)
    return ". ".join(" ".join(each).capitalize() for each in said) + "."


def p95(taken: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(taken, n=20)[-1]
