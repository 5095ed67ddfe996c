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
WITH_MEANING: Final = "+meaning"
NEAR: Final = "near"


@dataclass(frozen=True, slots=True)
class Weighting:
    """A linear score over features. The bias is such that 0 is where "the same event" begins."""

    weights: Mapping[str, float]
    bias: float

    def score(self, features: Mapping[str, float]) -> float:
        """How much these features speak for one event (above 0) or for two (below), in log-odds from the bar."""
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())


def probability(score: float) -> float:
    """Log-odds as a probability; one half is the bar."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def features_of(likeness: Likeness) -> dict[str, float]:
    """The features that the weightings know: the likenesses and the time between."""
    gap = likeness.gap_days
    return {
        "text": likeness.text,
        "contrast": likeness.contrast,
        "title": likeness.title,
        "quote": likeness.quote,
        "concepts": likeness.concepts,
        "facets": likeness.facets,
        "names": likeness.names,
        "clash": likeness.clash,
        "numbers": likeness.numbers,
        "miscount": likeness.miscount,
        "dates": likeness.dates,
        "copy": likeness.copy,
        "gap": math.log1p(UNKNOWN_GAP_DAYS if gap is None else gap),
        "undated": float(gap is None),
        "meaning": likeness.meaning or 0.0,
        "nuance": likeness.nuance or 0.0,
    }


def kind_of(likeness: Likeness, *, bare: int) -> str:
    """Which to use, ``bare`` of the two being a headline without a text, with vectors or without.

    ``foreign`` (two languages), ``headline`` (both bare), ``mixed`` (one of them) or ``story``; ``near`` is a story
    whose meaning is set apart from what lies near.
    """
    if likeness.near:
        return NEAR + WITH_MEANING
    kind = "foreign" if likeness.foreign else ("story", "mixed", "headline")[bare]
    return kind if likeness.meaning is None else kind + WITH_MEANING


@cache
def weighting(kind: str) -> Weighting:
    """The weighting of a kind that ``kind_of`` gives."""
    chosen = json.loads(files("bot.stories").joinpath("weights.json").read_text(encoding="utf-8"))[kind]
    return Weighting(chosen["weights"], chosen["bias"])
