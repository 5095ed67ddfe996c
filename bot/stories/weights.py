"""How much each kind of likeness says about two entries telling one event: a logistic weighting, kept as data.

The numbers stand in ``weights.json`` with where they come from; ``python -m tests.quality.train`` makes that file anew.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.stories.likeness import Likeness


UNKNOWN_GAP_DAYS: Final = 1.0
"""Where a date is missing, what the archive offers is taken to be of these days."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """A linear score over features, squeezed to a probability; ``bar`` is the probability from which it says "same"."""

    weights: Mapping[str, float]
    bias: float
    bar: float

    def score(self, features: Mapping[str, float]) -> float:
        """The log-odds that two entries with these features tell one event."""
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())


def probability(score: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def features_of(likeness: Likeness) -> dict[str, float]:
    """The features that the weighting knows: the likenesses and the time between."""
    gap = likeness.gap_days
    return {
        "text": likeness.text,
        "contrast": likeness.contrast,
        "title": likeness.title,
        "lead": likeness.lead,
        "sentence": likeness.sentence,
        "quote": likeness.quote,
        "concepts": likeness.concepts,
        "names": likeness.names,
        "clash": likeness.clash,
        "numbers": likeness.numbers,
        "dates": likeness.dates,
        "copy": likeness.copy,
        "gap": math.log1p(UNKNOWN_GAP_DAYS if gap is None else gap),
    }


@cache
def weighting(kind: str) -> Weighting:
    """The weighting for ``story`` (one entry at least has a text) or ``headline`` (neither has more than a title)."""
    data = json.loads(files("bot.stories").joinpath("weights.json").read_text(encoding="utf-8"))
    chosen = data[kind]
    return Weighting(chosen["weights"], chosen["bias"], chosen["bar"])
