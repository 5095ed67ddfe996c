"""What can be wrong with a sentence against its sources. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """The kind of thing that a source does not bear out; the word that /status counts it under."""

    NUMBER = "numbers"
    DATE = "dates"
    NAME = "names"
    ROLE = "roles"
    NEGATION = "negations"
    MODALITY = "certainty"
    QUOTE = "quotes"
    INVENTION = "inventions"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a sentence says and its sources do not; ``detail`` says which, in words for a person."""

    kind: FaultKind
    detail: str
