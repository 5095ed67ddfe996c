"""Which of many topics can be true for an entry at all: found by what a topic cannot be true without.

Each topic is filed under its rarest needed terms (one of a conjunction, all of an alternative), so an entry's words
lead to few topics, however many there are. Words are looked up in a table, prefixes likewise by their lengths; only
terms of scripts without spaces (Han, kana, Hangul) need an Aho-Corasick automaton. For words, too, that was measured:
over 800,000 of them it takes seconds to build and 2 ms a text (its states lie all over the memory), and reports five
finds inside longer words for each whole one; looking a text's words up takes some microseconds.

Nothing here says that a topic *is* true.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from bot.topics.reading import WORD
from bot.topics.tree import And, ConceptTerm, Near, Or, Same, Scoped, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bot.model import Topic
    from bot.topics.reading import Reading
    from bot.topics.tree import Node

Kind = Literal["concept", "word", "pair", "prefix", "part"]
_COST: Final[Mapping[Kind, int]] = {"concept": 40, "prefix": 8, "part": 4, "word": 4, "pair": 1}
_NOTHING: Final[frozenset[str]] = frozenset()  # one for all
_SHORT_WORD_CHARS: Final = 3  # short words are frequent ones


class Trigger(NamedTuple):
    """What must be in an entry, as the index looks it up: a pair is two words with a space between."""

    kind: Kind
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A topic and its query's tree. ``required`` are the concepts without which it cannot be true."""

    topic: Topic
    root: Node
    required: frozenset[str]


class Index:
    """Topics filed by their triggers. Immutable once made: any number of threads may share one."""

    def __init__(self, topics: Iterable[Compiled]) -> None:
        self.topics: dict[int, tuple[Compiled, ...]] = {}
        self._always: list[Compiled] = []
        self._files: dict[Kind, dict[str, Sequence[Compiled]]] = {kind: {} for kind in _COST}
        for one in topics:
            self._file(one)
        self._pair_heads = frozenset(key.partition(" ")[0] for key in self._files["pair"])
        self._prefix_sizes = tuple(sorted({len(key) for key in self._files["prefix"]}))
        self._prefix_stems = frozenset(key[: self._prefix_sizes[0]] for key in self._files["prefix"])
        self._parts = tuple(self._files["part"])
        self._automaton = AhoCorasick(list(self._parts), matchkind=MatchKind.Standard) if self._parts else None

    def _file(self, one: Compiled) -> None:
        alone = (one,)  # one tuple serves all its triggers
        others = self.topics.get(one.topic.id)
        self.topics[one.topic.id] = (*others, one) if others else alone
        triggers = triggers_of(one.root)
        if triggers is None:
            self._always.append(one)
        for kind, key in triggers or ():
            filed = self._files[kind].get(key)
            if filed is None:
                self._files[kind][key] = alone
            elif isinstance(filed, list):
                filed.append(one)
            else:
                self._files[kind][key] = [*filed, one]

    def candidates(self, reading: Reading) -> Iterator[Compiled]:
        """The topics of which a trigger stands in the text, some more than once, in no order."""
        yield from self._always
        for kind, keys in self._lookups(reading):
            file = self._files[kind]
            for key in file.keys() & keys:  # goes through the shorter of the two
                yield from file[key]

    def _lookups(self, reading: Reading) -> Iterator[tuple[Kind, AbstractSet[str]]]:
        if self._files["concept"]:
            yield "concept", reading.concepts.keys()
        if self._files["word"]:
            yield "word", reading.vocabulary.keys()
        if self._pair_heads and not self._pair_heads.isdisjoint(reading.vocabulary):
            heads = self._pair_heads
            yield "pair", {f"{first} {second}" for first, second in pairwise(reading.words) if first in heads}
        if self._prefix_sizes:
            shortest, stems = self._prefix_sizes[0], self._prefix_stems
            likely = [word for word in reading.vocabulary if word[:shortest] in stems]
            yield "prefix", {word[:size] for word in likely for size in self._prefix_sizes}
        if self._automaton is not None:
            found = self._automaton.find_matches_as_indexes(reading.folded.text, overlapping=True)
            yield "part", {self._parts[index] for index, _, _ in found}


def required_concepts(root: Node) -> frozenset[str]:
    """The keys of the concepts that stand in the query's outermost conjunction."""
    parts = root.parts if isinstance(root, And) else (root,)
    return frozenset(part.key for part in parts if isinstance(part, ConceptTerm)) or _NOTHING


def triggers_of(node: Node) -> frozenset[Trigger] | None:  # noqa: PLR0911 - one for each kind of node
    """Of which at least one must be in a text for the node to be true; None where it can be true without any."""
    match node:
        case ConceptTerm(key=key):
            return frozenset((Trigger("concept", key),))
        case Words():
            return frozenset((_of_words(node),))
        case Scoped(part=part):
            return triggers_of(part)
        case And(parts=parts) | Same(parts=parts):
            return _rarest([triggers_of(part) for part in parts])
        case Near(first=first, second=second):
            return _rarest([triggers_of(first), triggers_of(second)])
        case Or(parts=parts):
            each = [triggers_of(part) for part in parts]
            return frozenset().union(*(one for one in each if one)) if all(each) else None
        case _:
            return None


def _of_words(term: Words) -> Trigger:
    words = [(found.group(), found.end()) for found in WORD.finditer(term.key)]
    if not words:
        return Trigger("part", term.key)
    open_end = term.prefix and words[-1][1] == len(term.key)
    whole = [word for word, _ in (words[:-1] if open_end else words)]
    if len(whole) > 1:
        return Trigger("pair", f"{whole[0]} {whole[1]}")
    if whole:
        return Trigger("word", whole[0])
    return Trigger("prefix", words[0][0])


def _rarest(each: Sequence[frozenset[Trigger] | None]) -> frozenset[Trigger] | None:
    known = [triggers for triggers in each if triggers is not None]
    return min(known, key=_commonness) if known else None


def _commonness(triggers: frozenset[Trigger]) -> int:
    """A guess at how often any of them is seen: a concept has many aliases, a pair of words only itself."""
    return sum(_COST[kind] * (2 if kind == "word" and len(key) <= _SHORT_WORD_CHARS else 1) for kind, key in triggers)
