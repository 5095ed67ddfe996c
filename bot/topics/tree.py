"""A query as a tree of frozen nodes, and the tree as text again: ``str()`` of a node is its canonical form.

``QUERIES.md`` beside this file tells people what each form means, ``bot.topics.query`` reads text into these nodes, and
``bot.topics.judge`` says whether they are true. Nothing here looks at an entry or at the lexicon.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from bot.topics.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Scope = Literal["title", "lead"]
Unit = Literal["sentence", "paragraph"]

OPERATORS: Final = frozenset(("AND", "OR", "NOT"))
TYPED_SIGNS: Final = dict(zip("“”„‟«»＂（）｜＆：，；＊＠＝", '"""""""()|&:,;*@=', strict=True))
"""What keyboards put for the signs of the language; outside quotes these mean those."""
_BREAKS_A_WORD: Final = frozenset('()|&"@:,; \t\n').union(TYPED_SIGNS)


@dataclass(frozen=True, slots=True)
class ConceptTerm:
    """``@name``: any alias of a concept. ``key`` is the name under which finds of it are kept."""

    name: str
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"@{self.name}")

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True)
class Words:
    """A word or a phrase as the person wrote it; with ``prefix``, its last word may go on. ``key`` is it folded.

    With ``exact`` it must have these capitals (``=Target``): ``bot.topics.capitals`` says where it has.
    """

    text: str
    prefix: bool = False
    exact: bool = False
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        folded = fold(self.text).text.strip()
        # One string object serves both where it can: there may be a million of these.
        object.__setattr__(self, "key", self.text if folded == self.text else folded)

    def __str__(self) -> str:
        star = "*" if self.prefix else ""
        sign = "=" if self.exact else ""
        plain = not _BREAKS_A_WORD.intersection(self.text) and self.text[0] not in "-!=" and not is_operator(self.text)
        return f"{sign}{self.text}{star}" if plain else f'{sign}"{self.text}{star}"'


def is_operator(word: str) -> bool:
    """Whether a bare word reads as an operator, in capitals or not: who means the word puts it in quotes."""
    return word.upper() in OPERATORS


@dataclass(frozen=True, slots=True)
class Regex:
    """``re:"..."``: a regular expression in RE2's notation, looked for in the text as it is written."""

    pattern: str

    def __str__(self) -> str:
        return f're:"{self.pattern}"'


@dataclass(frozen=True, slots=True)
class Lang:
    """True for entries in this language."""

    code: str

    def __str__(self) -> str:
        return f"lang:{_value(self.code)}"


@dataclass(frozen=True, slots=True)
class Source:
    """True for entries of this outlet: words of its name, its host, or its site's name."""

    text: str

    def __str__(self) -> str:
        return f"source:{_value(self.text)}"


@dataclass(frozen=True, slots=True)
class FromFeed:
    """True for entries whose article lies on the same site as this address, or whose outlet has this name."""

    text: str

    def __str__(self) -> str:
        return f"feed:{_value(self.text)}"


@dataclass(frozen=True, slots=True)
class Url:
    """True for entries whose address holds this text."""

    text: str

    def __str__(self) -> str:
        return f"url:{_value(self.text)}"


@dataclass(frozen=True, slots=True)
class Scoped:
    """A term or group held to one part of an entry; never nested in itself."""

    scope: Scope
    part: Node

    def __str__(self) -> str:
        return f"{self.scope}:{_inner(self.part, (And, Or, Not, Scoped, *FIELDS))}"


@dataclass(frozen=True, slots=True)
class Near:
    """True where a find of the one part and a find of the other have at most ``words`` words between them."""

    words: int
    first: Place
    second: Place

    def __str__(self) -> str:
        return f"near/{self.words}({self.first}, {self.second})"


@dataclass(frozen=True, slots=True)
class Same:
    """True where one sentence (or paragraph) holds a find of every part."""

    unit: Unit
    parts: tuple[Place, ...]

    def __str__(self) -> str:
        return f"same({self.unit}; {', '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is not."""

    part: Node

    def __str__(self) -> str:
        return f"-{_inner(self.part, (And, Or))}"


@dataclass(frozen=True, slots=True)
class And:
    """True where all parts are; never nested in itself."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " & ".join(_inner(part, (Or,)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """True where any part is; never nested in itself."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " | ".join(str(part) for part in self.parts)


Term = ConceptTerm | Words
Find = Term | Regex
"""What has a place in a text."""
Place = Find | Or
"""What ``near`` and ``same`` compare: something to find, or several of which any will do."""
Field = Lang | Source | FromFeed | Url
"""What asks about the entry rather than its text."""
Node = Find | Field | Scoped | Near | Same | Not | And | Or
FIELDS: Final = (Lang, Source, FromFeed, Url)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; ``str()`` is its canonical form."""

    root: Node

    def __str__(self) -> str:
        return str(self.root)

    def terms(self) -> tuple[Term, ...]:
        """All concepts and words in it, negated ones too, in order and without repeats."""
        return tuple(dict.fromkeys(node for node, _ in walk(self.root) if isinstance(node, Term)))


def conjoin(parts: Sequence[Node]) -> Node:
    """The AND of parts, flat; one part stands alone."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,)))
    return And(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def disjoin(parts: Sequence[Node]) -> Node:
    """The OR of parts, flat; one part stands alone."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))
    return Or(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def walk(root: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, from the top, left to right."""
    pending: list[tuple[Node, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        pending.extend((part, depth + 1) for part in reversed(parts_of(node)))


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside a node."""
    match node:
        case And(parts=parts) | Or(parts=parts) | Same(parts=parts):
            return parts
        case Not(part=part) | Scoped(part=part):
            return (part,)
        case Near(first=first, second=second):
            return (first, second)
        case _:
            return ()


def asks_for_something(node: Node, *, negated: bool = False) -> bool:
    """Whether the node is true only where something named is there: ``-a`` and ``a | -b`` are true of nearly all."""
    match node:
        case Not(part=part):
            return asks_for_something(part, negated=not negated)
        case Scoped(part=part):
            return asks_for_something(part, negated=negated)
        case And(parts=parts) | Or(parts=parts):
            each = (asks_for_something(part, negated=negated) for part in parts)
            return any(each) if isinstance(node, And) is not negated else all(each)
        case _:
            return not negated


def _inner(node: Node, kinds: tuple[type[Node], ...]) -> str:
    """A part's text, in brackets where its kind binds less than what it stands in."""
    return f"({node})" if isinstance(node, kinds) else str(node)


def _value(text: str) -> str:
    return f'"{text}"' if _BREAKS_A_WORD.intersection(text) or text[0] in "-!" or is_operator(text) else text
