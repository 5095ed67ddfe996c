"""Learns the weights of same-event grouping and writes them with their provenance: ``python -m tests.quality.train``.

With kinds behind it (``foreign``) it learns those alone, and leaves the others as they are.

Logistic regression (Newton's method, L2) over the likenesses of each entry with its candidates, in the order of the
stream. Entries of one crisis timeline or one Wikipedia story count as different events: hard negatives.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

import bot.stories
from bot import settings
from bot.stories.likeness import Comparer
from bot.stories.weights import WITH_MEANING, features_of, kind_of
from tests.quality.streams import (
    busiest_day,
    busy_days,
    coverage,
    half_bare,
    headlines,
    pair_steps,
    samples,
    steps,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import PastEntry
    from tests.quality.corpus import Sample
    from tests.quality.streams import Step

TARGET: Final = Path(bot.stories.__path__[0]) / "weights.json"
L2: Final = 3.0
NEWTON_STEPS: Final = 25
EASY_TEXT: Final = 0.08
EASY_SHARE: Final = 20
"""Of the story pairs with hardly a word in common one in so many is enough: the bar lies among look-alikes."""
PAIRS: Final = 20_000
"""A set of more pairs is thinned out evenly: it would say the same, and take minutes."""
BARS: Final = {
    "story": 0.65,
    "story+meaning": 0.6,
    "near+meaning": 0.6,
    "mixed": 0.5,
    "mixed+meaning": 0.4,
    "headline": 0.5,
    "headline+meaning": 0.5,
    "foreign": 0.5,
    "foreign+meaning": 0.5,
}
"""The probability from which two tell one event; it goes into the bias.

For stories a little above where BCubed F1 of the streams is best: a wrong merge costs an alert, a wrong split only
doubles one."""
UNDATED_BARS: Final = {
    "story": 0.415,
    "story+meaning": 0.485,
    "near+meaning": 0.485,
    "foreign": 0.6,
    "foreign+meaning": 0.6,
}
"""The same where a date is missing: then time cannot bring two tellings together, and a split is the likelier fault.

Found on ECB+ played as three archives of other topics, without dates. Between languages, where likeness is faint, a
merge is: found on headlines without dates."""
STORY_SHARES: Final = {
    "ecb": 1.0,
    "ecb opening": 1.0,
    "basil": 0.3,
    "crisis": 0.1,
    "wikitimes": 0.1,
    "coverage": 0.5,
    "pairs": 0.1,
}
SHARES: Final = {
    "story": STORY_SHARES,
    "near": STORY_SHARES,
    "mixed": {"ecb mixed": 1.0, "ecb opening mixed": 1.0, "basil mixed": 0.3, "pairs": 0.1},
    "headline": {"uci": 0.1, "ecb titles": 1.0, "basil titles": 0.5, "pairs": 0.1},
    "foreign": {"headlines": 1.0, "undated headlines": 1.0, "coverage": 1.0, "busy days": 2.0},
}
"""How much each set weighs, however many pairs it has."""
LEARNT_FROM: Final = {"story": ("story", "mixed")}
"""Two tellings are weighed by what is known of a telling beside a bare headline, too: their sets hold few of those."""
THINNED: Final = ("story", "near")
BUSY_SEEDS: Final = (0, 1)
MEANING: Final = ("meaning", "nuance")
UNFIT: Final = {
    "story": (),
    "near": (),
    "mixed": ("copy", "quote"),
    "headline": ("contrast", "copy", "quote"),
    "foreign": ("contrast", "copy", "quote", "text", "title"),
}
"""Features that say nothing of a bare headline or between languages, or that overfit them."""
SIGNS: Final = dict.fromkeys(
    (
        "concepts",
        "copy",
        "dates",
        "facets",
        "meaning",
        "names",
        "nuance",
        "numbers",
        "quote",
        "text",
        "title",
    ),
    1,
) | dict.fromkeys(("clash", "gap", "miscount"), -1)
"""What must not count the wrong way round, whatever a set happens to hold."""
PROVENANCE: Final = (
    "Learned by tests/quality/train.py from the development parts of ECB+ (CC BY 3.0 annotation), BASIL, "
    "news-clustering pairs, UCI News Aggregator headlines, crisis timelines and Wikipedia current events; between "
    "languages from tests/quality/headlines.yaml, busy_days.yaml and the bundled sample coverage, all our own words."
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Rows of features, whether each is a pair of one event, and what all of them together weigh."""

    rows: list[dict[str, float]]
    same: list[bool]
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries of a set: which weighting they are for, how alike they are, and whether they tell one event."""

    kind: str
    features: dict[str, float]
    same: bool


def main() -> None:
    """Learn the weightings that are asked for, each with vectors and without, and write them."""
    if not settings.load().encoder:
        raise SystemExit("the encoder is turned off: nothing to learn about meaning")
    asked = {kind: SHARES[kind] for kind in sys.argv[1:]} or SHARES
    wanted = frozenset().union(*asked.values())
    pairs: defaultdict[str, list[Pair]] = defaultdict(list)
    for name, stream in _streams():
        if name in wanted:
            pairs[name] += _pairs_of(stream)
    if "pairs" in wanted:
        pairs["pairs"] = [
            pair for same, step in pair_steps() for pair in _pair(_comparer(step), step, step.candidates[0], same=same)
        ]
    written: dict[str, object] = json.loads(TARGET.read_text(encoding="utf-8")) | {"provenance": PROVENANCE}
    for kind, shares in asked.items():
        lessons = [_lesson(pairs[name], kind, weight) for name, weight in shares.items()]
        for suffix, without in (("", MEANING), (WITH_MEANING, ())):
            if kind + suffix not in BARS:
                continue
            weights, bias = learn(lessons, without=(*UNFIT[kind], "undated", *without))
            bias -= _log_odds(BARS[kind + suffix])
            if kind + suffix in UNDATED_BARS:
                weights["undated"] = _log_odds(BARS[kind + suffix]) - _log_odds(UNDATED_BARS[kind + suffix])
            written[kind + suffix] = {
                "bias": round(bias, 3),
                "weights": {name: round(weight, 3) for name, weight in weights.items()},
            }
            print(kind + suffix, written[kind + suffix])  # noqa: T201 - a command-line tool
    TARGET.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def learn(lessons: Sequence[Lesson], *, without: Sequence[str]) -> tuple[dict[str, float], float]:
    """Weights by feature, and the bias; a feature whose weight comes out with the wrong sign is left out."""
    names = sorted(set(lessons[0].rows[0]) - set(without))
    while True:
        weights, bias = _fit(lessons, names)
        wrong = [name for name, weight in weights.items() if weight * SIGNS.get(name, 0) < 0]
        if not wrong:
            return weights, bias
        names = [name for name in names if name not in wrong]


def _fit(lessons: Sequence[Lesson], names: Sequence[str]) -> tuple[dict[str, float], float]:
    rows = np.array([[row[name] for name in names] for lesson in lessons for row in lesson.rows])
    same = np.array([label for lesson in lessons for label in lesson.same], dtype=float)
    mass = np.concatenate([np.full(len(each.rows), each.weight * 10_000 / len(each.rows)) for each in lessons])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    design = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    penalty = np.diag([L2] * len(names) + [0.0])
    found = np.zeros(len(names) + 1)
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (mass * (chance - same)) + penalty @ found
        curve = (design * (mass * chance * (1 - chance))[:, None]).T @ design + penalty
        found -= np.linalg.solve(curve, slope)
    weights = found[:-1] / spread
    return dict(zip(names, weights.tolist(), strict=True)), float(found[-1] - weights @ mean)


def _streams() -> Iterator[tuple[str, list[Sample]]]:
    yield "ecb", samples("ecb")
    yield "ecb opening", samples("ecb", chars=300)
    yield "ecb titles", samples("ecb", titles_only=True)
    yield "basil", samples("basil")
    yield "basil titles", samples("basil", titles_only=True)
    yield "ecb mixed", half_bare(samples("ecb"))
    yield "ecb opening mixed", half_bare(samples("ecb", chars=300))
    yield "basil mixed", half_bare(samples("basil", chars=600))
    yield "uci", samples("uci")
    # Every entry of these two tells an event of its own.
    yield "crisis", [replace(each, label=str(each.entry.id)) for each in samples("crisis")]
    yield "wikitimes", [replace(each, label=str(each.entry.id)) for each in samples("wikitimes")]
    yield "headlines", headlines()
    yield "undated headlines", headlines(dated=False)
    yield "coverage", coverage()
    for bare in (False, True):
        for seed in BUSY_SEEDS:
            yield from (("busy days", day) for day in busy_days("learnt", seed=seed, bare=bare))
        yield "busy days", busiest_day("learnt", bare=bare)


def _pairs_of(stream: list[Sample]) -> Iterator[Pair]:
    """Each entry with each of its candidates, in the order of the stream."""
    labels: dict[int, str | None] = {}
    for step in steps(stream):
        labels[step.sample.entry.id] = step.sample.label
        comparer = _comparer(step)
        for past in step.candidates:
            yield from _pair(comparer, step, past, same=labels[past.entry.id] == step.sample.label)


def _pair(comparer: Comparer, step: Step, past: PastEntry, *, same: bool) -> Iterator[Pair]:
    """Two entries as they are compared when one comes; two tellings also as a second look compares them."""
    bare = (not step.fingerprint.sentences) + (not past.fingerprint.sentences)
    for near in (False, True):
        likeness = comparer.compare(past.entry, past.fingerprint, near=near)
        if likeness.near == near:
            yield Pair(kind_of(likeness, bare=bare).removesuffix(WITH_MEANING), features_of(likeness), same)


def _comparer(step: Step) -> Comparer:
    return Comparer(step.sample.entry, step.fingerprint, step.statistics, step.candidates)


def _lesson(pairs: Sequence[Pair], kind: str, weight: float) -> Lesson:
    chosen = [pair for pair in pairs if pair.kind in LEARNT_FROM.get(kind, (kind,))]
    if kind in THINNED:
        easy = [pair for pair in chosen if not pair.same and pair.features["text"] < EASY_TEXT]
        hard = [pair for pair in chosen if pair.same or pair.features["text"] >= EASY_TEXT]
        chosen = hard + easy[::EASY_SHARE]
    chosen = chosen[:: 1 + len(chosen) // PAIRS]
    return Lesson([pair.features for pair in chosen], [pair.same for pair in chosen], weight)


if __name__ == "__main__":
    main()
