"""What is wrong with a query's text, in words for a person: where, and what would be right there.

The parser knows what it did not expect; this says what the person probably meant. Nothing here builds a tree.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from bot.errors import QueryError
from bot.limits import QUERY_DEPTH
from bot.speech import _
from bot.topics.tree import (
    OPERATORS,
    And,
    Near,
    Not,
    Or,
    Same,
    Scoped,
    asks_for_something,
    parts_of,
    walk,
)

if TYPE_CHECKING:
    from bot.topics.tree import Node

__all__ = [
    "OPERATORS",
    "alone",
    "check_near",
    "check_operators",
    "check_shape",
    "explained",
    "first_negative",
    "no_place",
    "no_word",
    "only_negative",
    "places",
]

_FIELDS: Final = ("title", "lead", "lang", "source", "feed", "url", "re")
_MEANT: Final = {
    "site": "source", "from": "source", "outlet": "source", "domain": "source", "publisher": "source",
    "intitle": "title", "headline": "title", "inurl": "url", "link": "url", "language": "lang", "regex": "re",
}  # fmt: skip
"""Fields of other search tools, and what they are here."""

_SIGNS: Final = frozenset(("", *"&|(),;:-"))
"""What stands beside a word that belongs to nothing else; the empty one is the text's end."""
_NEAR_WITHOUT_NUMBER: Final = re.compile(r"(?i)(?<!\w)near/[^\d\s(][^\s(]*\([^()]*$")
_AFTER_RE: Final = re.compile(r"(?i)(?<!\w)re\s*:\s*$")
_AFTER_SAME: Final = re.compile(r"(?i)(?<!\w)same\(\s*\w*\s*$")
_AFTER_FIELD: Final = re.compile(r"(?i)(?<!\w)(lang|source|feed|url)\s*:\s*$")


def check_shape(text: str) -> None:
    """Brackets and quotes, seen before the parser does, so that the message can point at the one that opens."""
    opened: list[int] = []
    quoted: int | None = None
    for column, char in enumerate(text):
        if char == '"':
            quoted = column if quoted is None else None
        elif quoted is None and char == "(":
            opened.append(column)
            if len(opened) > QUERY_DEPTH:
                message = _("Too many brackets inside one another (at most {most}).").format(most=QUERY_DEPTH)
                raise QueryError(message, query=text, column=column)
        elif quoted is None and char == ")":
            if not opened:
                message = _("This ) closes nothing: take it out, or open a ( before.")
                raise QueryError(message, query=text, column=column)
            opened.pop()
    if quoted is not None:
        raise QueryError(_('This " opens a phrase that nothing closes: add a ".'), query=text, column=quoted)
    if opened:
        raise QueryError(_("This ( is never closed: add a )."), query=text, column=opened[-1])


def explained(error: UnexpectedInput, text: str) -> QueryError:
    """The parser's complaint in words for a person."""
    column = error.pos_in_stream
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        return QueryError(_too_early(text), query=text, column=len(text.rstrip()))
    column = column if column is not None else 0
    at = text[column : column + 1]
    if isinstance(error, UnexpectedCharacters) and at == ":":
        return QueryError(_unknown_field(text, column), query=text, column=column)
    if isinstance(error, UnexpectedToken) and error.token.value in OPERATORS:
        return QueryError(alone(error.token.value), query=text, column=column)
    return QueryError(_unexpected(text, column, at), query=text, column=column)


def _too_early(text: str) -> str:
    return _unfinished(text) or _("The query stops too early: a word or a concept must follow.")


def _unexpected(text: str, column: int, at: str) -> str:
    before = text[:column]
    if unfinished := _unfinished(before):
        return unfinished
    if at in {",", ";"}:
        said = _("A {sign} belongs only into near/10(a, b) and same(sentence; a, b): write & for both, | for either.")
        return said.format(sign=at)
    if at in {"|", "&"}:
        if before.endswith(at):
            return _("One {sign} is enough: take the other out.").format(sign=at)
        return _("There must be a word or a concept on each side of {sign}.").format(sign=at)
    if at == ")":
        comma = before.rstrip().endswith(",")
        empty = _("The brackets hold nothing: put a word in.")
        return _("A word or a concept must follow the comma.") if comma else empty
    said = _("I found {sign} where a word, a phrase in quotes, a @concept or a ( belongs.")
    return said.format(sign=repr(at))


def _unfinished(before: str) -> str:
    """What was begun right before the fault, and how it goes on; "" where nothing was."""
    if _AFTER_RE.search(before):
        return _('re: takes a pattern in quotes: re:"su-\\d\\d".')
    if _AFTER_SAME.search(before):
        return _("After same( comes sentence; or paragraph; and then what it must hold: same(sentence; kim, putin).")
    if _NEAR_WITHOUT_NUMBER.search(before):
        return _("near/ takes a number: how many words may stand between the two, as in near/10(kim, putin).")
    if field := _AFTER_FIELD.search(before):
        name = field[1].lower()
        return _("{field}: takes a word, text in quotes, or several such: {field}:(one | other).").format(field=name)
    return ""


def alone(operator: str) -> str:
    """For an operator that lacks a side."""
    said = _('There must be a word or a concept on each side of {operator} (write "{operator}" for the word itself).')
    return said.format(operator=operator)


def no_word(written: str) -> str:
    """For a bare word that other tools read as a sign; "" for a word."""
    if written in OPERATORS:
        return alone(written)
    if written.startswith("!") and len(written) > 1:
        return _("Write {word} for what must be absent.").format(word=f"-{written[1:]}")
    return _("Write & between things that must all be there.") if written == "+" else ""


def check_operators(text: str) -> None:
    """A small-letter and, or, not beside a word without a sign between them is meant as an operator.

    Between signs it is the word: queries that were saved before this was asked have it so (``war & and & peace``).
    """
    for column in places(text, r'(?<![^\s()|&",;:-])(?:and|or|not)(?![^\s()|&",;:])'):
        written = text[column:].split(maxsplit=1)[0]
        written = re.split(r'[()|&",;]', written)[0]
        before, after = text[:column].rstrip()[-1:], text[column + len(written) :].lstrip()[:1]
        if written in OPERATORS or (before in _SIGNS and after in _SIGNS):
            continue
        sign = {"AND": "&", "OR": "|", "NOT": "-"}[written.upper()]
        said = _('Write {sign} or {operator} for the operator, or "{word}" in quotes for the word itself.')
        message = said.format(sign=sign, operator=written.upper(), word=written)
        raise QueryError(message, query=text, column=column)


def check_near(text: str) -> None:
    """A ``near/5`` without brackets beside a word, as other tools write it: ``kim NEAR/5 putin``.

    Between signs it is the word, as it was before this was asked.
    """
    for column in places(text, r'(?<![^\s()|&",;:-])(?:near|n|w)/\d+(?![^\s()|&",;])'):
        written = re.split(r'[\s()|&",;]', text[column:], maxsplit=1)[0]
        before, after = text[:column].rstrip()[-1:], text[column + len(written) :].lstrip()[:1]
        if before not in _SIGNS or after not in _SIGNS:
            said = _("{written} stands in front of its two words here: {right}.")
            right = f"near/{written.partition('/')[2]}(kim, putin)"
            raise QueryError(said.format(written=written, right=right), query=text, column=column)


def no_place(name: str, part: Node) -> str:
    """For a part of ``near`` or ``same`` that stands nowhere in a text."""
    lead = _("{name}() compares places of words, phrases, @concepts and re:, and | between those.").format(name=name)
    match part:
        case And():
            more = _("Write commas instead of &.") if name == "same" else _("It does not take &.")
        case Scoped(scope=scope):
            more = _("Put {scope}: in front of {name}.").format(scope=scope, name=name)
        case Not() | Or():
            more = _("What must be absent goes behind it, as in {name}(...) & -word.").format(name=name)
        case Near() | Same():
            more = _("It does not take another of its kind: join them with &.")
        case _:
            more = _("{part} asks about the entry, so it goes beside it, with &.").format(part=part)
    return f"{lead} {more}"


def only_negative(root: Node) -> str:
    """For a query that is true of nearly everything."""
    if isinstance(root, Or):
        return _("One side of the | only says what must be absent, so nearly everything would match: use & there.")
    return _("The query only says what must be absent: name something to look for, as in @dprk & -football.")


def first_negative(root: Node, text: str) -> int:
    """The column of the first minus (or NOT) that stands for itself."""
    node = root
    while not isinstance(node, Not):
        node = next(part for part in parts_of(node) if not asks_for_something(part))
    before = [one for one, _depth in walk(root) if isinstance(one, Not)]
    index = next(index for index, one in enumerate(before) if one is node)
    columns = places(text, r'(?<![^\s()|&,;])(?:-|NOT(?![^\s()|&",;]))')
    return columns[min(index, len(columns) - 1)] if columns else 0


def places(text: str, pattern: str) -> list[int]:
    """The columns at which a (trusted) pattern stands outside quotes, whatever the letters' case."""
    found = re.finditer(f'"[^"]*"|(?P<it>{pattern})', text, re.IGNORECASE)
    return [one.start() for one in found if one["it"] is not None]


def _unknown_field(text: str, column: int) -> str:
    words = text[:column].split()
    word = re.split(r'[(|&",;-]', words[-1])[-1] if words else ""
    meant = _MEANT.get(word.lower())
    close = [meant] if meant else get_close_matches(word.lower(), _FIELDS, n=1, cutoff=0.7)
    known = ", ".join(f"{name}:" for name in _FIELDS)
    hint = _("Fields are {fields} - put words that hold a colon in quotes.").format(fields=known)
    if close:
        hint = _("Did you mean {field}: ?").format(field=close[0])
    return f"{_('There is no field {field}: .').format(field=word)} {hint}"
