"""Numbers: each must stand in a source, with the same unit and on the same side of the same bound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.dates import DATES, month_behind
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.rewording import in_other_words
from bot.stories.grounding.support import alike
from bot.stories.grounding.units import unit_at
from bot.stories.numerals import CARDINALS, TENS, UNIT_BEHIND, UNITS
from bot.text.normalise import normalise
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.stories.grounding.reading import Reading

_FEW: Final = 5
ROUNDING: Final = 0.05
"""How far "about 12,000" may lie from 11,800; "more than 2,000" three times as far below."""
YEARS_ROUNDING: Final = 0.15
CONVERSION: Final = 0.03
"""How far 48 kilometres may lie from 30 miles."""

_DIGITS: Final = re.compile(
    r"(?<![万萬만億亿억])(?<![^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])(?<!\d[.,])(?<!\.)"
    r"\d+(?:[.,\u00a0\u202f' ]\d{3}(?!\d))*(?:[.,]\d+)?"
)
_SCALES: Final = (
    ("hundred", 100), ("dozen", 12), ("thousand", 1000), ("million", 10**6), ("billion", 10**9), ("trillion", 10**12),
    ("тыс", 1000), ("тис", 1000), ("млн", 10**6), ("миллион", 10**6), ("мільйон", 10**6), ("млрд", 10**9),
    ("миллиард", 10**9), ("мільярд", 10**9), ("milliard", 10**9), ("millon", 10**6), ("millón", 10**6), ("mio", 10**6),
    ("mrd", 10**9), ("tausend", 1000), ("трлн", 10**12), ("bn", 10**9), ("mn", 10**6), ("m", 10**6),
    ("k", 1000), ("万", 10**4), ("萬", 10**4), ("만", 10**4), ("億", 10**8), ("亿", 10**8), ("억", 10**8),
    ("兆", 10**12), ("조", 10**12), ("千", 1000), ("천", 1000), ("百", 100), ("백", 100),
)  # fmt: skip
_SCALE: Final = re.compile(
    r"[\s-]{0,2}(hundred|dozen|thousand|tausend|million(?:en)?|milliarde?n?|mill[oó]n(?:es)?|mio\b|mrd\b|billion|trillion"
    r"|(?:bn|mn|m|k)\b|тыс\w*|тис\w*|млн|млрд|трлн|миллион\w*"
    r"|миллиард\w*|мільйон\w*|мільярд\w*|[万萬만億亿억兆조千천百백])s?"
)
_WORDS: Final[Mapping[str, float]] = (
    CARDINALS
    | dict.fromkeys(("half", "половина", "половину", "половини"), 0.5)
    | dict.fromkeys(("second", "both", "оба", "обе", "обидва"), 2)
    | {"third": 3}
)
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
                    "eleventh", "twelfth")  # fmt: skip
_ORDINAL: Final = re.compile(
    rf"\b({'|'.join(_ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))[\s-]+(?:of (?:its|the|this|their) )?([a-z]{{3,}})"
)
_VAGUE: Final = {"dozens": "dozens", "scores": "dozens", "hundreds": "hundreds", "thousands": "thousands",
                 "millions": "millions", "billions": "billions", "десятки": "dozens", "десятков": "dozens",
                 "сотни": "hundreds", "тысячи": "thousands", "тисячі": "thousands"}  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHARED_SCALE: Final = re.compile(r"\s(?:of|des|de) (?:the |its )?\d+[\s-](million|billion|milliard|thousand)s?")
"""A scale that a number shares with the whole that it is of: "eight of the 28 million"."""
_RANGE: Final = re.compile(
    r"\s?(?:[-–—]|to|and|до)\s?[$€£¥]?(\d+(?:[.,]\d+)?)\s?((?:million|billion|trillion|bn|mn|млн|млрд|трлн)\b)"
)
"""A scale that the lower end of a range shares with the upper one: "$38-$40 billion"."""
_PERCENT: Final = re.compile(
    r"\s?(?:%|percent\b|per cent\b|процент|відсот|퍼센트|パーセント|percentage|prozent|por ciento|pour cent)"
)
_BASIS_POINT: Final = re.compile(r"[\s-]?(?:basis[\s-]points?|bps?)\b|\s?(?:базисн|б\.\s?п\.)|\s?basispunkt")
_TO_PERCENT: Final = re.compile(r"\s?(?:to|and|or|-|–)\s?[\d.]+\s?(?:%|per ?cent)")
_MONEY: Final = re.compile(r"[$€£¥₩₽]\s?$|(?:US\$|usd|eur)\s?$")
_MONEY_AFTER: Final = re.compile(
    r"\s?(?:us |de |d')?(?:us-)?(?:dollar|dólar|euro|pound|yen|won|ruble|rouble|yuan|"
    r"доллар|долар|евро|євро|руб|달러|ドル|美元|원\b|円)"
)
_A_TIME: Final = re.compile(
    r"(?<!over )(?<!for )(?<!in )(?<!than )(?<!after )(?<!about )(?<!within )(?<!once )(?<!half )"
    r"\b(?:an?|one|per|each|every) (second(?! [a-z])|minute|hour|day|week|month|year|decade)\b"
    r"(?! (?:ago|earlier|before|later))"
)
_DECADE_AGO: Final = re.compile(r"\ba decade (?:ago|earlier|before|later)\b")
_A_AND_A: Final = re.compile(r"\ban? (?:\w+ ){1,3}and an? \w", re.IGNORECASE)
"""Two are told of one by one: "an officer and a technician"."""
_PART: Final = re.compile(r"\s+of (?:the|these|those|its|their)\b")
_SCORE: Final = re.compile(r"\s?[-–:]\s?\d")  # "224-194": what stands behind is not what either counts
_BREAK: Final = re.compile(r"[,;:.!?()](?:\s|$)")  # "injuring 13, the governor said": governors are not counted
_SCORE_END: Final = re.compile(r"\d\s?[-–:]\s?$")
_OVER: Final = re.compile(
    r"(?:over|more than|at least|above|exceed\w*|upwards of|no fewer than|minimum of|свыше|более|больше|понад|більше"
    r"|не менее|не менш\w*|plus d[e']|au moins|mehr als|más de|최소|以上|超过|超過|至少|少なくとも)\s*(?:[$€£]\s?)?$"
)
_UNDER: Final = re.compile(
    r"(?:under|fewer than|less than|below|at most|up to|no more than|nearly|almost|close to"
    r"|менее|меньше|до|почти|менш\w*|майже|près d[e']|moins de|fast|weniger als|casi|menos de|不到|近|最多)"
    r"\s*(?:[$€£]\s?)?$"
)
_ABOUT: Final = re.compile(
    r"(?:about|around|roughly|some|approximately|an estimated|около|примерно|близько"
    r"|environ|quelque|etwa|rund|unos|약|約|约|大约)\s*(?:[$€£]\s?)?$"
)
_SOFT_UNDER: Final = re.compile(
    r"(?:nearly|almost|close to|up to|почти|майже|до|près d[e']|fast|casi|近)\s*(?:[$€£]\s?)?$"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it measures (``kind``), the stems of the words behind it, and its bound: -1, 0 or 1."""

    value: float
    kind: str
    units: tuple[str, ...]
    bound: int
    loose: bool
    shown: str
    measure: float  # the value in seconds, metres or kilograms, where it measures such
    when: str = ""  # the month said right behind it
    is_few: bool = False  # "both", "the three"


def check_figures(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Numbers that no source bears out."""
    given = [quantity for source in sources for quantity in quantities(source.text, source.lang)]
    same_language = all(source.lang == sentence.lang for source in sources)
    given += [_decade(match) for source in sources for match in _DECADE_AGO.finditer(normalise(source.text))]
    given += [
        Quantity(value, kind, (), 0, loose=False, shown="", measure=value)
        for source in sources
        for value, kind in in_other_words(source.text)
    ]
    named_both = any(_A_AND_A.search(source.text) for source in sources)
    names = max(
        len(frozenset().union(*(source.concepts for source in sources))), 2 * bool(sentence.concepts or named_both)
    )
    for quantity in quantities(sentence.text, sentence.lang):
        counted_here = quantity.is_few and quantity.kind == "count" and quantity.value <= names
        if counted_here and not any(other.value == quantity.value for other in given):
            continue  # "the two countries", "both leaders": counted here, not there
        fault = _fault(quantity, given, compare_units=same_language)
        if fault:
            yield Fault(FaultKind.NUMBER, fault)
    if same_language:
        yield from _check_ordinals(sentence, sources)
    yield from _check_vague(sentence, sources)


def is_numeral(word: str) -> bool:
    """Whether a word, normalised, is a number: "nine"."""
    return word in _WORDS or word[:1].isdigit()


def quantities(text: str, lang: str) -> tuple[Quantity, ...]:
    """The numbers of a text with their units; days, years and clock times are not numbers here."""
    text = normalise(text)
    for shape in DATES:
        text = shape.sub(lambda match: " " * len(match.group()), text)
    found = [
        _quantity(_number(match.group()), match.start(), match.end(), text, lang) for match in _DIGITS.finditer(text)
    ]
    end = 0
    for match in _WORD.finditer(text):
        value = _WORDS.get(match.group())
        if value is None or match.start() < end or match.group() in {"second", "third"}:
            continue
        if text[: match.start()].endswith("-") and value < 10:  # noqa: PLR2004 - the second half of "twenty-one"
            continue
        more = UNIT_BEHIND.match(text, match.end()) if value in TENS else None
        end = more.end() if more else match.end()
        end += 2 * (value < 1 and text.startswith(" a ", end))  # "half a year"
        total = value + (UNITS[more["unit"]] if more else 0)
        if value == 1 and not _SCALE.match(text, end):
            continue  # "one of", "on the one hand": seldom a count
        found.append(_quantity(total, match.start(), end, text, lang, word=True))
    found += [_one(match) for match in _A_TIME.finditer(text)]
    return tuple(found)


def _quantity(value: float, start: int, end: int, text: str, lang: str, *, word: bool = False) -> Quantity:
    scale = _SCALE.match(text, end)
    small = word and not scale
    upper = None if scale or word else _RANGE.match(text, end)
    if upper and value < _number(upper[1]):
        value *= next(factor for prefix, factor in _SCALES if upper[2].startswith(prefix))
    while scale:
        value *= next(factor for prefix, factor in _SCALES if scale[1].startswith(prefix))
        end = scale.end()
        extra = re.match(r"\d[\d,]*", text[end:]) if scale[1] in "万萬만億亿억" else None
        if extra:
            value += float(extra.group().replace(",", ""))
            end += extra.end()
        scale = _SCALE.match(text, end)
    before = text[max(0, start - 24) : start]
    kind, factor = _kind(text, before, end), 1.0
    if _BASIS_POINT.match(text, end):
        kind, value = "percent", value / 100
    if kind == "count":
        dimension, factor = unit_at(text, end)
        kind = dimension or kind
    bound = 1 if _OVER.search(before) else -1 if _UNDER.search(before) else 0
    shared = _SHARED_SCALE.match(text, end) if small and value >= 1 else None
    value *= next((factor for prefix, factor in _SCALES if shared and shared[1].startswith(prefix)), 1)
    loose = bool(_ABOUT.search(before) or _SOFT_UNDER.search(before) or bound == 1)
    whole = kind == "count" and not (_PART.match(text, end) or _SCORE.match(text, end) or _SCORE_END.search(before))
    behind = _BREAK.split(text[end : end + 40], maxsplit=1)[0]
    units = tuple(index_terms(" ".join(_WORD.findall(behind)[:3]), lang)) if whole else ()
    return Quantity(
        value,
        kind,
        units,
        bound,
        loose,
        text[start:end].strip(),
        measure=value * factor,
        when=month_behind(text, end),
        is_few=small and value <= _FEW,
    )


def _one(match: re.Match[str]) -> Quantity:
    """The one of "an hour"."""
    dimension, factor = unit_at(match[1], 0)
    return Quantity(1, dimension, (), 0, loose=False, shown=match.group(), measure=factor)


def _decade(match: re.Match[str]) -> Quantity:
    """The ten years of "a decade ago"."""
    return Quantity(10, "count", (), 0, loose=False, shown=match.group(), measure=10 * unit_at("years", 0)[1])


def _kind(text: str, before: str, end: int) -> str:
    if _PERCENT.match(text, end) or _TO_PERCENT.match(text, end):
        return "percent"
    if _MONEY.search(before) or _MONEY_AFTER.match(text, end):
        return "money"
    return "count"


def _number(digits: str) -> float:
    digits = re.sub(r"[,\u00a0\u202f' .](?=\d{3}(?:\D|$))", "", digits)
    return float(digits.replace(",", "."))


def _fault(quantity: Quantity, given: Sequence[Quantity], *, compare_units: bool) -> str:
    """What is wrong with a number; "" if a source has it."""
    near = [other for other in given if _same_value(quantity, other)]
    if not near:
        return f"{quantity.shown} is in no source"
    kinds = [other for other in near if other.kind == quantity.kind or "count" in {other.kind, quantity.kind}]
    strict = {"percent", "money"}
    measured = strict & {quantity.kind, *(other.kind for other in near)}
    if not kinds or (measured and all(other.kind != quantity.kind for other in near)):
        return f"{quantity.shown} counts something else in the source"
    if all(other.bound * quantity.bound == -1 for other in kinds):
        return f"{quantity.shown} is bounded the other way in the source"
    if quantity.when and all(other.when not in {"", quantity.when} for other in kinds):
        return f"{quantity.shown} is of another month in the source"
    if compare_units and quantity.kind == "count" and _of_another(quantity, kinds, given):
        return f"{quantity.shown} counts something else in the source"
    return ""


def _same_value(quantity: Quantity, other: Quantity) -> bool:
    """Whether two numbers are one, in whatever units, or the first rounds the second and says so."""
    measured = quantity.kind == other.kind and quantity.measure != quantity.value
    ours, theirs = (quantity.measure, other.measure) if measured else (quantity.value, other.value)
    if ours == theirs:
        return True
    if not theirs:
        return False
    apart = (ours - theirs) / theirs
    if measured and quantity.measure / quantity.value != other.measure / other.value:
        rough = YEARS_ROUNDING if quantity.value <= _FEW and quantity.loose else CONVERSION
        return abs(apart) <= rough  # "nearly two years" for 21 months
    if not quantity.loose:
        return False
    if quantity.bound == 1:
        return -3 * ROUNDING <= apart <= 0
    return abs(apart) <= ROUNDING


def _of_another(quantity: Quantity, same: Sequence[Quantity], given: Sequence[Quantity]) -> bool:
    """Whether another number of the sources counts what this one does here, and this one something else there."""
    units = quantity.units[:2]
    if not units or any(_share(units, other.units) for other in same) or any(not other.units for other in same):
        return False
    return any(_share(units[:1], other.units[:2]) for other in given if other not in same)


def counts_the_same(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers count the same thing, by the first word behind each."""
    return one.kind == other.kind == "count" and _share(one.units[:1], other.units[:1])


def _share(left: Sequence[str], right: Sequence[str]) -> bool:
    return any(alike(one, other) for one in left for other in right)


def _check_ordinals(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """The sixth round is not the eighth."""
    given = {pair for source in sources for pair in _ordinals(source.text)}
    known = {number for number, _ in given} | {
        _ORDINALS.index(word.plain) + 1 for source in sources for word in source.words if word.plain in _ORDINALS
    }
    known |= {int(each.value) for source in sources for each in quantities(source.text, source.lang)}
    for number, counted in _ordinals(sentence.text):
        others = {other for other, thing in given if thing == counted}
        strange = number > 2 and len(known) > 0 and number not in known  # noqa: PLR2004 - a first and a second are said in many ways
        if (others and number not in others) or strange:
            yield Fault(FaultKind.NUMBER, f"number {number} of its kind is in no source")


def _ordinals(text: str) -> set[tuple[int, str]]:
    """Places in a row with the stem of what is counted: "sixth round" is 6, "round"."""
    found = set()
    for match in _ORDINAL.finditer(normalise(text)):
        word = match[1]
        number = _ORDINALS.index(word) + 1 if word in _ORDINALS else int(re.sub(r"\D", "", word))
        for thing in index_terms(match[2], "en"):
            found.add((number, thing))
    return found


def _check_vague(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Dozens are no hundreds."""
    given = {_VAGUE[word.plain] for source in sources for word in source.words if word.plain in _VAGUE}
    for word in sentence.words:
        meant = _VAGUE.get(word.plain)
        if meant and given and meant not in given:
            yield Fault(FaultKind.NUMBER, f"{word.plain} is in no source")
