"""Learns the weights of same-event grouping and writes them with their provenance: ``python -m tests.quality.train``.

Logistic regression (Newton's method, L2) over the likenesses of each entry with its candidates, in the order of the
stream. Entries of one crisis timeline or one Wikipedia story count as different events: hard negatives.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

import bot.stories
from bot.stories.likeness import Comparer
from bot.stories.weights import features_of
from tests.quality.streams import Step, pair_steps, samples, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

TARGET: Final = Path(bot.stories.__path__[0]) / "weights.json"
L2: Final = 3.0
NEWTON_STEPS: Final = 50
BARS: Final = {"story": 0.38, "headline": 0.44}
"""Where BCubed F1 of the streams is best, read off their curves: flat around it."""
UNFIT: Final = {"story": (), "headline": ("contrast", "copy", "lead", "quote", "sentence")}
"""Features that say nothing of a bare headline, or that overfit one."""
SIGNS: Final = dict.fromkeys(("concepts", "copy", "dates", "lead", "numbers", "quote", "sentence"), 1) | {
    "clash": -1,
    "gap": -1,
}
"""What must not count the wrong way round, whatever a set happens to hold."""
PROVENANCE: Final = (
    "Learned by tests/quality/train.py from the development parts of ECB+ (CC BY 3.0 annotation), BASIL, "
    "news-clustering pairs, UCI News Aggregator headlines, crisis timelines and Wikipedia current events."
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One set: its rows of features, whether each is a pair of one event, and what the whole set weighs."""

    rows: list[dict[str, float]]
    same: list[bool]
    weight: float


def main() -> None:
    """Learn both weightings and write them."""
    written: dict[str, object] = {"provenance": PROVENANCE}
    for kind, lessons in {"story": list(_stories()), "headline": list(_headlines())}.items():
        weights, bias = learn(lessons, without=UNFIT[kind])
        written[kind] = {
            "bar": BARS[kind],
            "bias": round(bias, 3),
            "weights": {n: round(w, 3) for n, w in weights.items()},
        }
        print(kind, written[kind])  # noqa: T201 - a command-line tool
    TARGET.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


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


def _stories() -> Iterator[Lesson]:
    yield _lesson(steps(samples("ecb")), weight=1.0)
    yield _lesson(steps(samples("ecb", chars=300)), weight=1.0)
    yield _lesson(steps(samples("basil")), weight=0.5)
    yield _lesson(_apart("crisis"), weight=0.2)
    yield _lesson(_apart("wikitimes"), weight=0.2)
    yield _pairs(texts=True, weight=0.1)


def _headlines() -> Iterator[Lesson]:
    yield _lesson(steps(samples("uci")), weight=0.1)
    yield _lesson(steps(samples("ecb", titles_only=True)), weight=1.0)
    yield _lesson(steps(samples("basil", titles_only=True)), weight=0.5)
    yield _pairs(texts=False, weight=0.05)


def _apart(name: str) -> Iterator[Step]:
    """A set in which every entry tells an event of its own."""
    return steps([replace(each, label=str(each.entry.id)) for each in samples(name)])


def _lesson(stream: Iterable[Step], *, weight: float) -> Lesson:
    lesson = Lesson([], [], weight)
    labels: dict[int, str | None] = {}
    for step in stream:
        entry = step.sample.entry
        labels[entry.id] = step.sample.label
        comparer = Comparer(entry, step.fingerprint, step.statistics, [past.fingerprint for past in step.candidates])
        for past in step.candidates:
            lesson.rows.append(features_of(comparer.compare(past.entry, past.fingerprint)))
            lesson.same.append(labels[past.entry.id] == step.sample.label)
    return lesson


def _pairs(*, texts: bool, weight: float) -> Lesson:
    lesson = Lesson([], [], weight)
    for label, step in pair_steps():
        past = step.candidates[0]
        if bool(step.sample.entry.text and past.entry.text) == texts:
            comparer = Comparer(step.sample.entry, step.fingerprint, step.statistics, [past.fingerprint])
            lesson.rows.append(features_of(comparer.compare(past.entry, past.fingerprint)))
            lesson.same.append(label)
    return lesson


if __name__ == "__main__":
    main()
