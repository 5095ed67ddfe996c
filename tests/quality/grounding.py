"""How many corrupted sentences ``bot.stories.grounding`` catches, and how many true paraphrases it lets pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.stories.grounding import check
from tests.quality.grounding_cases import ENGLISH, OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.quality.grounding_cases import Case


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of a set of cases: lies caught, true paraphrases passed, with what went wrong."""

    caught: int
    lies: int
    passed: int
    truths: int
    missed: tuple[str, ...]
    blamed: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.caught} of {self.lies} caught, {self.passed} of {self.truths} passed"


def rates(cases: Sequence[Case]) -> Rates:
    """Judge every sentence of these cases."""
    lies = [(kind, lie, check(lie, case.sources)) for case in cases for kind, lie in case.false]
    truths = [(true, check(true, case.sources)) for case in cases for true in case.true]
    missed = tuple(f"{kind}: {lie}" for kind, lie, faults in lies if not faults)
    blamed = tuple(f"{true} -> {faults[0].kind}: {faults[0].detail}" for true, faults in truths if faults)
    return Rates(len(lies) - len(missed), len(lies), len(truths) - len(blamed), len(truths), missed, blamed)


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Rows for the table of ``make quality``: measure, ours, peer, goal."""
    for name, cases in (("English", ENGLISH), ("other languages", OTHERS)):
        for part, chosen in (("made on", cases[::2]), ("held out", cases[1::2])):
            yield f"grounding, {name}, {part}", str(rates(chosen)), "11 of 25", "22 of 25, 90% passed"
