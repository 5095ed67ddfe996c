"""One amount in other words: "half" for 50 per cent, "a dozen" for 12, "a quarter point" for 25 basis points."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARES: Final = {"half": (50.0,), "quarter": (25.0,), "three quarters": (75.0,), "third": (33.0, 33.3, 33.33),
                  "two thirds": (66.0, 66.6, 66.7, 67.0), "fifth": (20.0,), "tenth": (10.0,)}  # fmt: skip
_SHARE: Final = re.compile(
    r"\b(?P<share>half|(?:an?|one) (?:quarter|third|fifth|tenth)|three[\s-]quarters|two[\s-]thirds)\b"
    r"(?! (?:an?|of an?) (?:year|month|week|day|hour|minute|century|dozen|mile))"
    r"(?![\s-](?:of )?(?:an? )?(?:percentage[\s-])?point)"
)
_POINT: Final = re.compile(
    r"\b(?P<share>half|quarter|three[\s-]quarters)[\s-](?:of )?(?:an? )?(?:percentage[\s-])?points?\b"
)
_DOZEN: Final = re.compile(r"\b(?:a|the|ein|une|una) (?:dozen|dutzend|douzaine|docena)\b|\bдюжин\w*")
_DIGIT_PERCENT: Final = re.compile(r"(?<![\d.,])(\d\d)\s?(?:%|per ?cent\b|процент|відсотк|prozent)")


def in_other_words(text: str) -> Iterator[tuple[float, str]]:
    """What a text's amounts may also be called: each value with its kind, as a quantity has them."""
    text = normalise(text)
    for match in _POINT.finditer(text):
        yield from ((value / 100, "percent") for value in _SHARES[_named(match["share"])])
    for match in _SHARE.finditer(text):
        yield from ((value, "percent") for value in _SHARES[_named(match["share"])])
    for match in _DIGIT_PERCENT.finditer(text):
        yield float(match[1]) / 100, "count"
    if _DOZEN.search(text):
        yield 12.0, "count"


def _named(share: str) -> str:
    return re.sub(r"^(?:an?|one) ", "", share.replace("-", " "))
