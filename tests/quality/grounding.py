"""How many corrupted sentences ``bot.stories.grounding`` catches, and how many true paraphrases it lets pass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.encoders import open_encoder
from bot.stories.grounding import check, check_summary
from tests.quality.corpus import read
from tests.quality.grounding_cases import ENGLISH, OTHERS
from tests.quality.streams import DATA, FILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.encoder import Encoder
    from bot.stories.grounding import Fault
    from tests.quality.grounding_cases import Case

UNSEEN = Path(__file__).with_name("grounding_unseen.yaml")
AT_FIRST_SIGHT = {
    "first": "40 of 49, 21 of 34",
    "second": "21 of 28, 12 of 21",
    "third": "37 of 45, 15 of 32",
    "fourth": "36 of 45, 15 of 32",
    "fifth": "20 of 25, 18 of 20",
    "sixth": "39 of 60, 45 of 60",
    "seventh": "8 of 20, 15 of 20",
    "eighth": "14 of 19, 10 of 19",
}
ALLSIDES = "topics/allsides.jsonl"
OPENING_CHARS = 1150
OWN = Path(__file__).with_name("grounding_own.yaml")
OWN_AT_FIRST_SIGHT = {
    "ninth": "27 of 31, 17 of 27",
    "tenth": "20 of 28, 16 of 26",
    "eleventh": "21 of 42, 20 of 42",
    "twelfth": "27 of 42, 13 of 42",
}
LANGUAGES = Path(__file__).with_name("grounding_languages.yaml")


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
    return _rates(lies, truths)


def unseen(part: str, encoder: Encoder | None = None) -> Rates:
    """Judge summaries of articles that nobody cut down to what they cite; ``part`` is ``first`` to ``eighth``."""
    articles = _articles()
    told = yaml.safe_load(UNSEEN.read_text(encoding="utf-8"))[part]
    lies = [
        (kind, lie, _faults(lie, articles[key], encoder))
        for key, case in told.items()
        for kind, lie in case["lies"].items()
    ]
    truths = [(true, _faults(true, articles[key], encoder)) for key, case in told.items() for true in case["truths"]]
    return _rates(lies, truths)


@cache
def _articles() -> dict[str, str]:
    whole = {
        str(row["id"]): str(row["text"]) for name in ("ecb", "basil", "crisis") for row in read(DATA / FILES[name])
    }
    openings = {str(row["id"]): f"{row['title']}\n{row['text'][:OPENING_CHARS]}" for row in read(DATA / ALLSIDES)}
    return openings | whole


def languages(encoder: Encoder | None = None) -> Rates:
    """Judge summaries in several languages, some of a source in another one."""
    parts = yaml.safe_load(LANGUAGES.read_text(encoding="utf-8"))
    return _rated([case for part in parts.values() for case in part], encoder)


def own(part: str, encoder: Encoder | None = None) -> Rates:
    """Judge summaries of reports in six languages that were written for this; ``part`` is ``ninth`` to ``twelfth``."""
    return _rated(yaml.safe_load(OWN.read_text(encoding="utf-8"))[part], encoder)


def _rated(cases: Sequence[dict[str, Any]], encoder: Encoder | None) -> Rates:
    lies = [("lie", lie, _faults(lie, case["source"], encoder)) for case in cases for lie in case["lies"]]
    return _rates(lies, [(true, _faults(true, case["source"], encoder)) for case in cases for true in case["truths"]])


def _faults(summary: str, article: str, encoder: Encoder | None) -> tuple[Fault, ...]:
    return tuple(fault for _, faults in check_summary(summary, article, encoder=encoder) for fault in faults)


def _rates(
    lies: Sequence[tuple[str, str, tuple[Fault, ...]]], truths: Sequence[tuple[str, tuple[Fault, ...]]]
) -> Rates:
    missed = tuple(f"{kind}: {lie}" for kind, lie, faults in lies if not faults)
    blamed = tuple(f"{true} -> {faults[0].kind}: {faults[0].detail}" for true, faults in truths if faults)
    return Rates(len(lies) - len(missed), len(lies), len(truths) - len(blamed), len(truths), missed, blamed)


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Rows for the table of ``make quality``: measure, ours, peer, goal."""
    for name, cases in (("English", ENGLISH), ("other languages", OTHERS)):
        for part, chosen in (("made on", cases[::2]), ("held out", cases[1::2])):
            yield f"grounding, {name}, {part}", str(rates(chosen)), "11 of 25", "22 of 25, 90% passed"
    for encoder, how in ((open_encoder(wanted=True), ""), (None, ", no encoder")):
        for part, sight in AT_FIRST_SIGHT.items():
            name = f"grounding, whole articles, {part} set{how}"
            yield name, f"{unseen(part, encoder)} (at first sight {sight})", "", "88% and 90%"
        for part, sight in OWN_AT_FIRST_SIGHT.items():
            name = f"grounding, own reports in six languages, {part} set{how}"
            yield name, f"{own(part, encoder)} (at first sight {sight})", "", "88% and 90%"
        yield f"grounding, summaries in several languages{how}", str(languages(encoder)), "", "88% and 90%"
