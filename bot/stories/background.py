"""The backstory that an article tells itself: sentences that open with a day, a month or a year before its own.

"In July Shoigu visited ...", "4 сентября ...", "去年9月...": the only backstory there is on an empty archive, and no
news in any article. A date without a year is the last such date before the article's. Looks nothing up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_complete, is_definition, is_quotation
from bot.stories.prospects import lies_ahead
from bot.text.datelines import telling_sentences
from bot.text.normalise import normalise
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from bot.model import Entry

READ_CHARS: Final = 12_000
SENTENCE_CHARS: Final = 320
SHOWN: Final = 3
PLAIN_CHARS: Final = 110
RECENT_DAYS: Final = 330
"""A closing date without a year that would lie further back is more likely to lie ahead."""
OWN_DAYS: Final = 1
"""An article may tell of what happened the day before as its own event, by its date."""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan января январе январь січня січні januar janvier enero",
            "february feb февраля феврале февраль лютого лютому februar février febrero",
            "march mar марта марте март березня березні märz mars marzo",
            "april apr апреля апреле апрель квітня квітні avril abril",
            "may мая мае май травня травні mai mayo",
            "june jun июня июне июнь червня червні juni juin junio",
            "july jul июля июле июль липня липні juli juillet julio",
            "august aug августа августе август серпня серпні août agosto",
            "september sept sep сентября сентябре сентябрь вересня вересні septembre septiembre",
            "october oct октября октябре октябрь жовтня жовтні oktober octobre octubre",
            "november nov ноября ноябре ноябрь листопада листопаді novembre noviembre",
            "december dec декабря декабре декабрь грудня грудні dezember décembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR: Final = r"(?:,?\s*(?:of\s+)?(?P<year>(?:19|20)\d\d)(?:\s*(?:года|году|року|г\.|р\.))?)"
_WEEKDAY: Final = r"(?:[^\W\d_]+day(?:\s+(?:morning|evening|night|afternoon))?,?\s+)?"
_WHEN: Final = (
    r"(?:back\s+)?(?:on|in|by|since|until|during|late|as\s+of|at\s+the\s+(?:end|beginning|start)\s+of)?\s*"
    rf"(?:the\s+(?:evening|morning|night)\s+of\s+)?{_WEEKDAY}(?:early|late|mid|the\s+end\s+of)?[\s-]*"
)
_SLAVIC_WHEN: Final = (
    r"(?:(?:в|во|у|к|с|до|на|з|із|ще|еще|лишь|только)\s+)?"
    r"(?:(?:начале|конце|середине|початку|наприкінці|кінці|середині)\s+)?"
)
_IN: Final = (
    r"(?:(?:в|у|в начале|в конце|в середине|на початку|наприкінці|у середині|im|anfang|ende|mitte|en|à la fin de)\s+)"
)
_AM: Final = r"(?:(?:am|anfang|ende|mitte|im|le|en|el|début|fin)\s+)?"

_OPENINGS: Final = tuple(
    re.compile(shape)
    for shape in (
        rf"{_WHEN}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_YEAR}?",
        rf"(?:{_WHEN}|{_SLAVIC_WHEN}|{_AM})(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?{_MONTH}{_YEAR}?",
        rf"(?:(?:back\s+)?in\s+(?:early\s+|late\s+|mid-?)?|{_IN}){_MONTH}{_YEAR}?(?=[\s,])",
        r"(?:(?:back\s+)?in|en|им)\s+(?P<year>(?:19|20)\d\d)\b",
        r"(?:в|у)\s+(?P<year>(?:19|20)\d\d)\s+(?:году|році)\b",
        (
            r"(?:지난|작년|지난해|올해)?\s?(?:(?P<year>(?:19|20)\d\d)년\s?)?(?P<month>\d{1,2})월\s?(?:(?P<day>\d{1,2})일)?"
            r"(?=[\s에,])"
        ),
        (
            r"(?:早在|在|今年|同年|去年|昨年|前年)?(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号號])?"
            r"(?!\d)"
        ),
        r"(?:早在|在)?(?P<year>(?:19|20)\d\d)(?:年|년)",
    )
)
_CLOSINGS: Final = (
    re.compile(rf"\bon {_MONTH}\s+(?P<day>\d{{1,2}}){_YEAR}?\.$"),
    re.compile(rf"\b(?:on )?(?P<day>\d{{1,2}})\.?\s+{_MONTH}{_YEAR}?\.?$"),
    re.compile(rf"\bin (?:early |late |mid-)?{_MONTH}{_YEAR}?\.$"),
)
_REPORTED: Final = re.compile(r"\b(?:said|says|told|reported|when|if|что|сообщил\w*|заявил\w*|що|повідом\w*|dass)\b")
_LAST_YEAR: Final = re.compile(r"^(?:去年|昨年|작년|지난해)")


@dataclass(frozen=True, slots=True)
class Dated:
    """A sentence of background and its date, as it stands and resolved (a bare month or year to its first day)."""

    date_text: str
    at: datetime | None
    sentence: str


def dated_background(entry: Entry) -> tuple[Dated, ...]:
    """The entry's sentences that open with a date before its own, oldest first.

    Quotations, definitions, headings and long sentences are left out.
    """
    found: list[Dated] = []
    for sentence in telling_sentences(entry.text[:READ_CHARS], entry.lang):
        if len(sentence) > SENTENCE_CHARS or not is_complete(sentence):
            continue
        if is_definition(sentence) or is_quotation(sentence):
            continue
        dated = opening_date(sentence, entry.at)
        if dated is not None and is_before(dated, entry.at) and sentence not in {each.sentence for each in found}:
            found.append(dated)
    return tuple(sorted(found, key=lambda each: each.at or entry.at))


def first_backstory(entry: Entry) -> tuple[str, ...]:
    """What an alert shows where the archive holds nothing earlier: the dated sentences nearest to the title's subject.

    At most three, oldest first, in the article's own words.
    """
    subject = set(index_terms(entry.title, entry.lang))
    found = dated_background(entry)
    nearest = sorted(found, key=lambda each: -len(subject & set(index_terms(each.sentence, entry.lang))))[:SHOWN]
    return tuple(each.sentence for each in found if each in nearest)


def tells_of_before(sentence: str, now: datetime) -> bool:
    """Whether a sentence opens with a date that was background when it was written, or is a plain one that ends so."""
    dated = opening_date(sentence, now) or _closing_date(sentence, now)
    return dated is not None and is_before(dated, now)


def _closing_date(sentence: str, now: datetime) -> Dated | None:
    """The date that a short plain sentence ends in: "The upper house approved it on November 6."."""
    text = normalise(sentence)
    if len(text) > PLAIN_CHARS or _REPORTED.search(text) or lies_ahead(text):
        return None
    match = next((found for shape in _CLOSINGS if (found := shape.search(text))), None)
    if match is None:
        return None
    parts = match.groupdict()
    at = _resolve(parts.get("year"), parts.get("month"), parts.get("day"), now=now, last_year=False)
    if at is None or (not parts.get("year") and (now - at).days > RECENT_DAYS):
        return None
    return Dated(match.group().strip(" ."), at, sentence)


def opening_date(sentence: str, now: datetime) -> Dated | None:
    """The date that a sentence opens with, as one not after ``now``; None without one, or for what is to come."""
    text = normalise(sentence[:80])
    for shape in _OPENINGS:
        match = shape.match(text)
        if match is None:
            continue
        parts = match.groupdict()
        last_year = bool(_LAST_YEAR.match(text))
        at = _resolve(parts.get("year"), parts.get("month"), parts.get("day"), now=now, last_year=last_year)
        given = parts.get("year") or last_year
        if at is not None and at.year < now.year and not given and lies_ahead(normalise(sentence)):
            return None  # "In December they will meet", said in June
        return Dated(sentence[: match.end()].strip(" ,") if len(text) == len(sentence[:80]) else "", at, sentence)
    return None


def is_before(dated: Dated, now: datetime) -> bool:
    """Whether a date is too old to be what an article of ``now`` tells as its own news."""
    return dated.at is not None and (now.date() - dated.at.date()).days > OWN_DAYS and not _same_month_bare(dated, now)


def _same_month_bare(dated: Dated, now: datetime) -> bool:
    """A bare month, or year, that the article itself lies in."""
    digits = re.findall(r"\d+", dated.date_text)
    at = dated.at
    if at is None or at.day != 1 or at.year != now.year:
        return False
    bare_year = any(len(number) == len("2024") for number in digits) and at.month == 1 and len(digits) == 1
    return bare_year or (at.month == now.month and not any(int(number) == 1 for number in digits))


def _resolve(
    year: str | None, month: str | None, day: str | None, *, now: datetime, last_year: bool
) -> datetime | None:
    number = _MONTHS.get(month or "", int(month) if month and month.isdigit() else 1)
    years = [int(year)] if year else [now.year - 1] if last_year else [now.year, now.year - 1]
    for candidate in years:
        try:
            at = datetime(candidate, number, int(day or 1), tzinfo=UTC)
        except ValueError:
            return None
        if at <= now:
            return at
    return None
