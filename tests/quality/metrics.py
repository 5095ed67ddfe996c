"""The measures, as the judging defines them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Ranking:
    """Means over the queries that have anything to find."""

    precision_at_1: float
    mrr: float
    ndcg_at_10: float
    queries: int


def bcubed_f1(found: Mapping[int, Hashable], true: Mapping[int, Hashable]) -> float:
    """BCubed F1 (Bagga and Baldwin 1998) of a clustering over the members of ``true``."""
    precision, recall = bcubed(found, true)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def bcubed(found: Mapping[int, Hashable], true: Mapping[int, Hashable]) -> tuple[float, float]:
    """BCubed precision and recall."""
    found_sets: defaultdict[Hashable, set[int]] = defaultdict(set)
    true_sets: defaultdict[Hashable, set[int]] = defaultdict(set)
    for member, label in true.items():
        found_sets[found[member]].add(member)
        true_sets[label].add(member)
    precision = recall = 0.0
    for member, label in true.items():
        together = found_sets[found[member]]
        shared = len(together & true_sets[label])
        precision += shared / len(together)
        recall += shared / len(true_sets[label])
    return precision / len(true), recall / len(true)


def ranking(relevance: Sequence[tuple[Sequence[bool], int]]) -> Ranking:
    """P@1, MRR and nDCG@10 of ranked lists: for each query what stood at each rank, and how many were to be found."""
    first = reciprocal = gain = 0.0
    asked = [(hits[:10], total) for hits, total in relevance if total]
    for hits, total in asked:
        first += bool(hits) and hits[0]
        reciprocal += next((1 / rank for rank, hit in enumerate(hits, 1) if hit), 0.0)
        ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(total, 10) + 1))
        gain += sum(hit / math.log2(rank + 1) for rank, hit in enumerate(hits, 1)) / ideal
    count = max(len(asked), 1)
    return Ranking(first / count, reciprocal / count, gain / count, len(asked))


def best_f1(scores: Sequence[float], true: Sequence[bool]) -> tuple[float, float]:
    """The best F1 that one threshold reaches, and that threshold."""
    best = (0.0, 1.0)
    for bar in sorted(set(scores)):
        best = max(best, (f1([score >= bar for score in scores], true), bar))
    return best


def f1(found: Sequence[bool], true: Sequence[bool]) -> float:
    """F1 of yes/no answers."""
    right = sum(a and b for a, b in zip(found, true, strict=True))
    return 2 * right / (sum(found) + sum(true)) if right else 0.0
