"""The query language of topics: text to a tree and back.

::

    @dprk & (munitions | "arms deal" | missil*) & -title:football & lang:en

A query is boolean over concepts, words, phrases and prefixes; ``&`` may be left out, ``AND OR NOT`` may be written.
``title:`` and ``lead:`` hold a term or a group to that part of an entry; ``lang:`` and ``source:`` ask about the entry
itself. ``str()`` of a query is its canonical form, and parsing that gives the same query again. Whether a query is true
for an entry is decided in ``bot.topics.match``.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from lark import Lark, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from bot.errors import QueryError
from bot.limits import QUERY_CHARS, QUERY_DEPTH, QUERY_TERMS
from bot.topics.fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lark import Token

    from bot.topics.lexicon import Lexicon

Scope = Literal["title", "lead"]
_FIELDS: Final = ("title", "lead", "lang", "source")
_OPERATORS: Final = frozenset(("AND", "OR", "NOT"))
_BREAKS_A_WORD: Final = frozenset('()|&"@: \t\n')


@dataclass(frozen=True, slots=True)
class ConceptTerm:
    """``@name``: any alias of a concept."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Words:
    """A word or a phrase as the person wrote it; with ``prefix``, its last word may go on."""

    text: str
    prefix: bool = False

    def __str__(self) -> str:
        star = "*" if self.prefix else ""
        plain = not _BREAKS_A_WORD.intersection(self.text) and self.text[0] != "-" and self.text not in _OPERATORS
        return f"{self.text}{star}" if plain and not self.text.endswith("*") else f'"{self.text}{star}"'


@dataclass(frozen=True, slots=True)
class Lang:
    """True for entries in this language."""

    code: str

    def __str__(self) -> str:
        return f"lang:{_value(self.code)}"


@dataclass(frozen=True, slots=True)
class Source:
    """True for entries of this outlet: part of its name, or of the address's host."""

    text: str

    def __str__(self) -> str:
        return f"source:{_value(self.text)}"


@dataclass(frozen=True, slots=True)
class Scoped:
    """A term or group held to one part of an entry."""

    scope: Scope
    part: Node

    def __str__(self) -> str:
        return f"{self.scope}:{_inner(self.part, And, Or, Not, Scoped, Lang, Source)}"


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is not."""

    part: Node

    def __str__(self) -> str:
        return f"-{_inner(self.part, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    """True where all parts are; never nested in itself."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " & ".join(_inner(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """True where any part is; never nested in itself."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " | ".join(str(part) for part in self.parts)


Node = ConceptTerm | Words | Lang | Source | Scoped | Not | And | Or
Term = ConceptTerm | Words


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; ``str()`` is its canonical form."""

    root: Node

    def __str__(self) -> str:
        return str(self.root)

    def terms(self) -> tuple[Term, ...]:
        """All concepts and words in it, negated ones too, in order and without repeats."""
        return tuple(dict.fromkeys(node for node, _ in _walk(self.root) if isinstance(node, Term)))


def parse(text: str, lexicon: Lexicon) -> Query:
    """The query in ``text``. Raises ``QueryError``, which names the column and says what would be right."""
    if len(text) > QUERY_CHARS:
        message = f"The query is too long: {len(text)} characters, at most {QUERY_CHARS} are read."
        raise QueryError(message, query=text, column=QUERY_CHARS)
    if not text.strip():
        raise QueryError("The query is empty. Try, for instance, @dprk & @russia.", query=text, column=0)
    _check_shape(text)
    try:
        # The transformer runs while parsing, so that what comes out is a node, not a tree of tokens.
        root = cast("Node", _parser().parse(text))
    except UnexpectedInput as error:
        raise _explained(error, text) from error
    except _BadTokenError as error:
        raise QueryError(str(error), query=text, column=error.column) from error
    query = Query(root)
    _check_caps(query, text)
    _check_concepts(query, text, lexicon)
    return query


def conjoin(parts: list[Node]) -> Node:
    """The AND of parts, flat; one part stands alone."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(dict.fromkeys(flat))) if len(set(flat)) > 1 else flat[0]


def disjoin(parts: list[Node]) -> Node:
    """The OR of parts, flat; one part stands alone."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    return Or(tuple(dict.fromkeys(flat))) if len(set(flat)) > 1 else flat[0]


# ---------------------------------------------------------------- text to tree


class _BadTokenError(Exception):
    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


def _words(written: str, token: Token) -> Words:
    text = " ".join(written.split())
    prefix = text.endswith("*")
    bare = text.rstrip("*")
    if not any(char.isalnum() for char in fold(bare).text):
        raise _BadTokenError(f"{token.value} holds no letters or digits to look for.", token.start_pos or 0)
    if "*" in bare:
        message = f"In {token.value} the * can only stand at the end: missil* finds missile and missiles."
        raise _BadTokenError(message, (token.start_pos or 0) + token.value.index("*"))
    return Words(bare, prefix)


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
        return Scoped(token.value.rstrip(": \t\n"), part)

    def concept(self, parts: list[Token]) -> Node:
        return ConceptTerm(parts[0].value[1:].lower())

    def phrase(self, parts: list[Token]) -> Node:
        return _words(parts[0].value[1:-1], parts[0])

    def word(self, parts: list[Token]) -> Node:
        if parts[0].value in _OPERATORS:
            raise _BadTokenError(_alone(parts[0].value), parts[0].start_pos or 0)
        return _words(parts[0].value, parts[0])

    def lang(self, parts: list[Token]) -> Node:
        return Lang(_unquoted(parts[1]).lower())

    def source(self, parts: list[Token]) -> Node:
        return Source(_unquoted(parts[1]))


def _unquoted(token: Token) -> str:
    text = " ".join(token.value.strip('"').split())
    if not text:
        raise _BadTokenError("There is nothing between the quotes.", token.start_pos or 0)
    return text


@cache
def _parser() -> Lark:
    grammar = resources.files(__package__).joinpath("query.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", transformer=_ToTree(), maybe_placeholders=False)


# ---------------------------------------------------------------- caps and names


def _check_shape(text: str) -> None:
    """Brackets and quotes, seen before the parser does, so that the message can point at the one that opens."""
    opened: list[int] = []
    quoted: int | None = None
    for column, char in enumerate(text):
        if char == '"':
            quoted = column if quoted is None else None
        elif quoted is None and char == "(":
            opened.append(column)
            if len(opened) > QUERY_DEPTH:
                message = f"Too many brackets inside one another (at most {QUERY_DEPTH})."
                raise QueryError(message, query=text, column=column)
        elif quoted is None and char == ")":
            if not opened:
                raise QueryError("This ) closes nothing: take it out, or open a ( before.", query=text, column=column)
            opened.pop()
    if quoted is not None:
        raise QueryError('This " opens a phrase that nothing closes: add a ".', query=text, column=quoted)
    if opened:
        raise QueryError("This ( is never closed: add a ).", query=text, column=opened[-1])


def _check_caps(query: Query, text: str) -> None:
    nodes = list(_walk(query.root))
    if max(depth for _, depth in nodes) > QUERY_DEPTH:
        raise QueryError(f"The query is nested too deeply (at most {QUERY_DEPTH} levels).", query=text, column=0)
    terms = sum(isinstance(node, (ConceptTerm, Words, Lang, Source)) for node, _ in nodes)
    if terms > QUERY_TERMS:
        raise QueryError(f"The query has {terms} terms; at most {QUERY_TERMS} are read.", query=text, column=0)


def _check_concepts(query: Query, text: str, lexicon: Lexicon) -> None:
    for term in query.terms():
        if isinstance(term, ConceptTerm) and term.name not in lexicon.concepts:
            column = max(text.lower().find(f"@{term.name}"), 0)
            raise QueryError(_unknown_concept(term.name, lexicon), query=text, column=column)


def _unknown_concept(name: str, lexicon: Lexicon) -> str:
    if not name:
        return "A concept's name must follow the @, for instance @dprk."
    labels = {concept.label.lower().replace(" ", "_"): known for known, concept in lexicon.concepts.items()}
    close = get_close_matches(name, [*lexicon.concepts, *labels], n=3, cutoff=0.6)
    names = list(dict.fromkeys(labels.get(one, one) for one in close))
    if not names:
        return f"There is no concept @{name}. Write the plain word {name} to look for the word itself."
    meant = " or ".join(f"@{one}" for one in names)
    return f"There is no concept @{name}. Did you mean {meant}?"


def _explained(error: UnexpectedInput, text: str) -> QueryError:
    """The parser's complaint in words for a person."""
    column = error.pos_in_stream
    if isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END"):
        column = len(text.rstrip())
        return QueryError("The query stops too early: a word or a concept must follow.", query=text, column=column)
    column = column if column is not None else 0
    at = text[column : column + 1]
    if isinstance(error, UnexpectedCharacters) and at == ":":
        return QueryError(_unknown_field(text, column), query=text, column=column)
    if isinstance(error, UnexpectedToken) and error.token.value in _OPERATORS:
        message = _alone(error.token.value)
    elif at in {"|", "&"}:
        message = f"There must be a word or a concept on each side of {at}."
    elif at == ")":
        message = "The brackets hold nothing: put a word or a concept between them."
    else:
        message = f"Here stands {at!r}, where a word, a phrase in quotes, a @concept or a ( belongs."
    return QueryError(message, query=text, column=column)


def _alone(operator: str) -> str:
    return f'There must be a word or a concept on each side of {operator} (write "{operator}" for the word itself).'


def _unknown_field(text: str, column: int) -> str:
    words = text[:column].split()
    word = words[-1].strip('(|&"-') if words else ""
    close = get_close_matches(word.lower(), _FIELDS, n=1)
    known = ", ".join(f"{name}:" for name in _FIELDS)
    hint = f"Did you mean {close[0]}: ?" if close else f"Fields are {known} - put words that hold a colon in quotes."
    return f"There is no field {word}: . {hint}"


# ---------------------------------------------------------------- tree to text


def _walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, from the top, left to right."""
    pending: list[tuple[Node, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        if isinstance(node, (And, Or)):
            pending.extend((part, depth + 1) for part in reversed(node.parts))
        elif isinstance(node, (Not, Scoped)):
            pending.append((node.part, depth + 1))


def _inner(node: Node, *kinds: Callable[..., Node]) -> str:
    """A part's text, in brackets where its kind binds less than what it stands in."""
    return f"({node})" if type(node) in kinds else str(node)


def _value(text: str) -> str:
    return f'"{text}"' if _BREAKS_A_WORD.intersection(text) or text[0] == "-" or text in _OPERATORS else text
