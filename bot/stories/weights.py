"""How much each kind of likeness says about two entries telling one event: a logistic weighting, kept as data.

The numbers stand in ``weights.json`` with where they come from; ``python -m tests.quality.train`` makes that file anew.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.stories.likeness import Likeness


@dataclass(frozen=True, slots=True)
class Weighting:
    """A linear score over features, squeezed to a probability; ``bar`` is the probability from which it says "same"."""

    weights: Mapping[str, float]
    bias: float
    bar: float

    def probability(self, features: Mapping[str, float]) -> float:
        """How likely two entries with these features tell one event, 0 to 1."""
        score = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def features_of(likeness: Likeness) -> dict[str, float]:
    """The features that the weighting knows: the likenesses, some of their products, and time."""
    gap = likeness.gap_days
    return {
        "text": likeness.text,
        "title": likeness.title,
        "lead": likeness.lead,
        "sentence": likeness.sentence,
        "quote": likeness.quote,
        "concepts": likeness.concepts,
        "names": likeness.names,
        "numbers": likeness.numbers,
        "dates": likeness.dates,
        "copy": likeness.copy,
        "text_lead": likeness.text * likeness.lead,
        "text_names": likeness.text * likeness.names,
        "gap": 0.0 if gap is None else math.log1p(gap),
        "dated": 0.0 if gap is None else 1.0,
    }


@cache
def weighting(kind: str) -> Weighting:
    """The weighting for ``story`` (both entries have a text) or ``headline`` (one of them has only a title)."""
    data = json.loads(files("bot.stories").joinpath("weights.json").read_text(encoding="utf-8"))
    chosen = data[kind]
    return Weighting(chosen["weights"], chosen["bias"], chosen["bar"])
