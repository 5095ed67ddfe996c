"""The query language of topics: text to a tree, with complaints that a person can act on.

::

    @dprk & (munitions | "arms deal" | missil*) & near/10(kim, putin) & -title:football & lang:en

``query.lark`` is the grammar, ``QUERIES.md`` explains every form, ``bot.topics.tree`` holds the nodes. ``str()`` of a
query is its canonical form, and parsing that gives the same query again. Nothing here looks at an entry.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, cast

from lark import Lark, Transformer
from lark.exceptions import UnexpectedInput

from bot import limits
from bot.errors import QueryError
from bot.speech import _
from bot.topics import complaints, regex
from bot.topics.tree import (
    TYPED_SIGNS,
    And,
    ConceptTerm,
    FromFeed,
    Lang,
    Near,
    Node,
    Not,
    Or,
    Place,
    Query,
    Regex,
    Same,
    Scope,
    Scoped,
    Source,
    Term,
    Unit,
    Url,
    Words,
    asks_for_something,
    conjoin,
    disjoin,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lark import Token

    from bot.topics.lexicon import Lexicon

__all__ = [
    "And",
    "ConceptTerm",
    "FromFeed",
    "Lang",
    "Near",
    "Node",
    "Not",
    "Or",
    "Place",
    "Query",
    "Regex",
    "Same",
    "Scope",
    "Scoped",
    "Source",
    "Term",
    "Unit",
    "Url",
    "Words",
    "conjoin",
    "disjoin",
    "parse",
]

_UNITS: Final = ("sentence", "paragraph")
_LANG: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_LANG_NAMES: Final = {
    "english": "en", "russian": "ru", "ukrainian": "uk", "korean": "ko", "japanese": "ja", "chinese": "zh",
    "french": "fr", "german": "de", "spanish": "es", "arabic": "ar",
}  # fmt: skip
_PARTS_MIN: Final = 2
# What keyboards make of quotes and signs by themselves; what stands in plain quotes is left as it is.
_TYPED: Final = re.compile(f'"[^"]*"|[“„‟«＂]([^"“”„‟«»＂]*)["“”»＂]|[{"".join(TYPED_SIGNS)}]')


def parse(text: str, lexicon: Lexicon) -> Query:
    """The query in ``text``. Raises ``QueryError``, which names the column and says what would be right."""
    if len(text) > limits.QUERY_CHARS:
        said = _("The query is too long: {count} characters, at most {most} are read.")
        message = said.format(count=len(text), most=limits.QUERY_CHARS)
        raise QueryError(message, query=text, column=limits.QUERY_CHARS)
    try:
        return _parsed(_TYPED.sub(_plain, text), lexicon)
    except QueryError as error:
        # One sign stands for one, so the column is that of the text as it was written.
        raise QueryError(str(error), query=text, column=error.column) from error


def _plain(typed: re.Match[str]) -> str:
    piece = typed[0]
    if typed[1] is not None:
        return f'"{typed[1]}"'
    return piece if piece[0] == '"' else TYPED_SIGNS[piece]


def _parsed(text: str, lexicon: Lexicon) -> Query:
    if not text.strip():
        raise QueryError(_("The query is empty. Try, for instance, @dprk & @russia."), query=text, column=0)
    complaints.check_shape(text)
    try:
        # The transformer runs while parsing, so that what comes out is a node, not a tree of tokens.
        root = cast("Node", _parser().parse(text))
    except UnexpectedInput as error:
        raise complaints.explained(error, text) from error
    except _BadTokenError as error:
        raise QueryError(str(error), query=text, column=error.column) from error
    complaints.check_operators(text)
    complaints.check_near(text)
    query = Query(root)
    _check_caps(query, text)
    _check_concepts(query, text, lexicon)
    if not asks_for_something(root):
        raise QueryError(complaints.only_negative(root), query=text, column=complaints.first_negative(root, text))
    return query


class _BadTokenError(Exception):
    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


def _start(token: Token) -> int:
    return token.start_pos or 0


def _words(written: str, token: Token, *, exact: bool = False) -> Words:
    text = " ".join(written.split())
    prefix = text.endswith("*")
    bare = text.rstrip("*").rstrip()
    term = Words(bare, prefix, exact)
    if not any(map(str.isalnum, term.key)):
        said = _("{word} holds no letters or digits to look for.")
        raise _BadTokenError(said.format(word=token.value), _start(token))
    if "*" in bare:
        said = _("In {word} the * can only stand at the end: missil* finds missile and missiles.")
        raise _BadTokenError(said.format(word=token.value), _start(token) + token.value.index("*"))
    return term


class _ToTree(Transformer[Any, Node]):
    """Builds nodes while parsing, bottom-up, so that depth costs no recursion."""

    def either(self, parts: list[Node]) -> Node:
        return disjoin(parts)

    def both(self, parts: list[Node]) -> Node:
        return conjoin(parts)

    def negation(self, parts: list[Node]) -> Node:
        (part,) = parts
        return part.part if isinstance(part, Not) else Not(part)

    def scoped(self, parts: list[Any]) -> Node:
        token, part = parts
        scope = _field(token)
        if any(isinstance(node, Scoped) for node, _depth in walk(part)):
            said = _("{scope}: holds another title: or lead:, and nothing stands in both. Put them side by side.")
            raise _BadTokenError(said.format(scope=scope), _start(token))
        return Scoped(cast("Scope", scope), part)

    def concept(self, parts: list[Token]) -> Node:
        return ConceptTerm(parts[0].value[1:].lower())

    def phrase(self, parts: list[Token]) -> Node:
        return _words(parts[0].value[1:-1], parts[0])

    def word(self, parts: list[Token]) -> Node:
        if wrong := complaints.no_word(parts[0].value):
            raise _BadTokenError(wrong, _start(parts[0]))
        return _words(parts[0].value, parts[0])

    def exact(self, parts: list[Token]) -> Node:
        return _words(parts[0].value[1:].strip('"'), parts[0], exact=True)

    def field(self, parts: list[Token]) -> Node:
        name, *values = parts
        make = _FIELDS[_field(name)]
        return disjoin([make(value) for value in values])

    def regex(self, parts: list[Token]) -> Node:
        token = parts[1]
        pattern = token.value[1:-1]
        try:
            regex.check(pattern)
        except regex.RegexError as error:
            raise _BadTokenError(str(error), _start(token) + 1 + error.at) from error
        return Regex(pattern)

    def near(self, parts: list[Any]) -> Node:
        token, *places = parts
        number = token.value.partition("/")[2].strip()
        if not number:
            message = _("Say how many words may stand between the two: near/10(kim, putin).")
            raise _BadTokenError(message, _start(token))
        if int(number[:9]) > limits.QUERY_NEAR_WORDS:
            message = _("That is too far: at most near/{most}(...).").format(most=limits.QUERY_NEAR_WORDS)
            raise _BadTokenError(message, _start(token) + token.value.index("/") + 1)
        if len(places) != _PARTS_MIN:
            said = _("near takes two things with a comma between: near/{number}(kim, putin). Here are {count}.")
            raise _BadTokenError(said.format(number=number, count=len(places)), _start(token))
        first, second = _places(places, token)
        return Near(int(number), first, second)

    def same(self, parts: list[Any]) -> Node:
        token, unit, *places = parts
        if unit.value.lower() not in _UNITS:
            said = _("{word} is not a part of a text here: write same(sentence; ...) or same(paragraph; ...).")
            raise _BadTokenError(said.format(word=unit.value), _start(unit))
        if len(places) < _PARTS_MIN:
            message = _("same takes two things or more with commas between: same(sentence; kim, putin).")
            raise _BadTokenError(message, _start(token))
        return Same(cast("Unit", unit.value.lower()), tuple(_places(places, token)))


def _places(parts: Sequence[Node], token: Token) -> Iterator[Place]:
    name = token.value.partition("/")[0].strip()
    for part in parts:
        each = part.parts if isinstance(part, Or) else (part,)
        if not all(isinstance(one, (ConceptTerm, Words, Regex)) for one in each):
            raise _BadTokenError(complaints.no_place(name, part), _start(token))
        yield cast("Place", part)


def _field(token: Token) -> str:
    return str(token.value).rstrip(": \t\n\r\f\v").lower()


def _unquoted(token: Token) -> str:
    text = " ".join(token.value.strip('"').split())
    if not text:
        raise _BadTokenError(_("There is nothing between the quotes."), _start(token))
    return text


def _lang(token: Token) -> Lang:
    code = _unquoted(token).lower()
    if not _LANG.fullmatch(code) or code in _LANG_NAMES:
        meant = _LANG_NAMES.get(code)
        hint = _("Did you mean lang:{code}?").format(code=meant) if meant else _("Write, for instance, lang:ru.")
        lead = _("lang: takes a language's short code.")
        raise _BadTokenError(f"{lead} {hint}", _start(token))
    return Lang(code)


_FIELDS: Final[Mapping[str, Callable[[Token], Node]]] = {
    "lang": _lang,
    "source": lambda token: Source(_unquoted(token)),
    "feed": lambda token: FromFeed(_unquoted(token)),
    "url": lambda token: Url(_unquoted(token)),
}


@cache
def _parser() -> Lark:
    grammar = resources.files(__package__).joinpath("query.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", transformer=_ToTree(), maybe_placeholders=False)


# ---------------------------------------------------------------- caps and names


def _check_caps(query: Query, text: str) -> None:
    nodes = list(walk(query.root))
    if max(depth for _node, depth in nodes) > limits.QUERY_DEPTH:
        message = _("The query is nested too deeply (at most {most} levels).").format(most=limits.QUERY_DEPTH)
        raise QueryError(message, query=text, column=0)
    terms = sum(isinstance(node, (ConceptTerm, Words, Regex, Lang, Source, FromFeed, Url)) for node, _depth in nodes)
    if terms > limits.QUERY_TERMS:
        said = _("The query has {count} terms; at most {most} are read.")
        message = said.format(count=terms, most=limits.QUERY_TERMS)
        raise QueryError(message, query=text, column=0)
    patterns = complaints.places(text, r"\bre\s*:")
    if len(patterns) > limits.QUERY_REGEXES:
        said = _("The query has {count} patterns (re:); at most {most} are read.")
        message = said.format(count=len(patterns), most=limits.QUERY_REGEXES)
        raise QueryError(message, query=text, column=patterns[limits.QUERY_REGEXES])


def _check_concepts(query: Query, text: str, lexicon: Lexicon) -> None:
    for term in query.terms():
        if isinstance(term, ConceptTerm) and term.name not in lexicon.concepts:
            name = re.escape(term.name) + r'(?![^\s()|&",;])'
            column = next(iter(complaints.places(text, f"@{name}")), 0)
            raise QueryError(_unknown_concept(term.name, lexicon), query=text, column=column)


def _unknown_concept(name: str, lexicon: Lexicon) -> str:
    if not name:
        return _("A concept's name must follow the @, for instance @dprk.")
    labels = {concept.label.lower().replace(" ", "_"): known for known, concept in lexicon.concepts.items()}
    close = get_close_matches(name, [*lexicon.concepts, *labels], n=3, cutoff=0.6)
    names = list(dict.fromkeys(labels.get(one, one) for one in close))
    if not names:
        none = _("There is no concept @{name}. Write the plain word {name} to look for the word itself.")
        return none.format(name=name)
    near = _("There is no concept @{name}. Did you mean {names}?")
    return near.format(name=name, names=_(" or ").join(f"@{one}" for one in names))
