"""How a topic's name is read with the lexicon's concepts: the file ``suggest.yaml``. Pure.

``lexicon_data/README.md`` explains the notation; ``bot.topics.suggest`` does the reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.topics.fold import fold
from bot.topics.lexicon_files import LexiconError, line_of, listed, mapping

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SERIOUS: Final = "serious"
"""The guard of the words that say that the matter is serious."""

_FILE: Final = "suggest.yaml"
_SECTIONS: Final = frozenset(
    (
        "fillers",
        SERIOUS,
        "beginnings",
        "beside_places",
        "only_beside",
        "elsewhere",
        "narrower",
        "common_words",
        "everyday",
        "general",
        "measures",
        "whole",
        "workers",
        "workplaces",
        "cities",
        "local",
        "local_words",
        "guards",
        "frames",
    )
)
_ELSEWHERE_NAMES: Final = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """A reading of a topic's name: where it comes down to exactly these facets, this query is better than their AND."""

    facets: frozenset[str]
    query: str


@dataclass(frozen=True, slots=True)
class Naming:
    """What helps to read a topic's name.

    ``fillers`` are the (folded) words that say nothing in a topic's name; the ``serious`` ones among them (crisis) say
    that no sport is meant. ``frames`` are better readings of certain names; ``guards`` say what a title must not be
    about when the name holds a concept (or, under ``serious``, such a word). Words ``beside_places`` name their concept
    only in a name that holds a place too: Israel's strikes are attacks, a company's are not. ``narrower`` aliases
    (folded) mean themselves in a name: Fordow is a sign of nuclear programmes, but who asks for it wants no other.
    A concept in ``only_beside`` has names so vague that a topic's name holds it only beside one of these others: OPEC's
    meeting is about output, the G7's is not. ``common_words`` (folded) are aliases with capitals that say other things
    without them: ``male`` is not Malé. ``beginnings`` are fillers that many a name begins with: National Rally.
    ``elsewhere`` gives for a concept of one country that country, and what it is in a name with another one.
    ``everyday`` words (folded) are no aliases, but many a firm is called so: Target. ``general`` words (folded) say too
    little to stand for their matter beside one that says more: a company, a price. ``measures`` (a law, a plan) say as
    little, and nothing beside a known subject of somebody. ``whole`` names (folded, by their first
    word, the longest first) are kept together: New York. A strike is no attack beside ``workers`` (folded words) or the
    concepts of ``workplaces``. ``cities`` (folded capitals) are no countries beside the concepts of ``local`` matters,
    or ``local_words`` (folded).
    """

    fillers: frozenset[str] = frozenset()
    serious: frozenset[str] = frozenset()
    frames: tuple[Frame, ...] = ()
    guards: Mapping[str, str] = field(default_factory=dict)
    beside_places: frozenset[str] = frozenset()
    narrower: frozenset[str] = frozenset()
    common_words: frozenset[str] = frozenset()
    only_beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    beginnings: frozenset[str] = frozenset()
    everyday: frozenset[str] = frozenset()
    general: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    whole: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    workers: frozenset[str] = frozenset()
    workplaces: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    local_words: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    elsewhere: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def read_naming(text: str, concepts: Collection[str]) -> Naming:
    """From the file's text and the names of all concepts. Raises LexiconError."""
    extra = mapping(text, _FILE)
    for key in extra.keys() - _SECTIONS:
        known = ", ".join(sorted(_SECTIONS))
        raise LexiconError(f"{_FILE}, line {line_of(text, key)}: unknown section {key!r}; they are {known}")
    serious = _words_by_language(extra, SERIOUS)
    measures = _words_by_language(extra, "measures")
    return Naming(
        fillers=_words_by_language(extra, "fillers") | serious,
        serious=serious,
        frames=_frames(extra, concepts),
        guards=_guards(extra, concepts),
        beside_places=_words_by_language(extra, "beside_places"),
        narrower=_words_by_language(extra, "narrower"),
        common_words=_words_by_language(extra, "common_words"),
        only_beside=_only_beside(extra, concepts),
        beginnings=_words_by_language(extra, "beginnings"),
        everyday=_words_by_language(extra, "everyday"),
        general=_words_by_language(extra, "general") | measures,
        measures=measures,
        whole=_by_first_word(_words_by_language(extra, "whole")),
        workers=_words_by_language(extra, "workers"),
        workplaces=_concepts(extra, "workplaces", concepts),
        cities=_words_by_language(extra, "cities"),
        local=_concepts(extra, "local", concepts),
        local_words=_words_by_language(extra, "local_words"),
        elsewhere=_elsewhere(extra, concepts),
    )


def _words_by_language(extra: Mapping[str, Any], key: str) -> frozenset[str]:
    groups = extra.get(key, {})
    if not isinstance(groups, dict):
        raise LexiconError(f"{_FILE}: `{key}` must be a mapping of languages to words")
    return frozenset(fold(word).text for words in groups.values() for word in listed(str(words)))


def _concepts(extra: Mapping[str, Any], key: str, concepts: Collection[str]) -> frozenset[str]:
    names = frozenset(str(extra.get(key, "")).split())
    if unknown := sorted(names - set(concepts)):
        raise LexiconError(f"{_FILE}: `{key}` names an unknown concept {unknown[0]!r}")
    return names


def _by_first_word(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        found.setdefault(name.split()[0], []).append(name)
    return {word: tuple(ones) for word, ones in found.items()}


def _frames(extra: Mapping[str, Any], concepts: Collection[str]) -> tuple[Frame, ...]:
    frames: list[Frame] = []
    for facets, query in extra.get("frames", {}).items():
        names = frozenset(str(facets).split())
        if not names <= set(concepts):
            raise LexiconError(f"{_FILE}: the frame {facets!r} names an unknown concept")
        frames.append(Frame(names, " ".join(str(query).split())))
    return tuple(frames)


def _only_beside(extra: Mapping[str, Any], concepts: Collection[str]) -> dict[str, frozenset[str]]:
    found = {str(name): frozenset(str(others).split()) for name, others in extra.get("only_beside", {}).items()}
    for name in found.keys() | frozenset().union(*found.values()):
        if name not in concepts:
            raise LexiconError(f"{_FILE}: `only_beside` names an unknown concept {name!r}")
    return found


def _elsewhere(extra: Mapping[str, Any], concepts: Collection[str]) -> dict[str, tuple[str, str]]:
    read = {str(name): str(written).split() for name, written in extra.get("elsewhere", {}).items()}
    for name, names in read.items():
        if len(names) != _ELSEWHERE_NAMES or not {name, *names} <= set(concepts):
            raise LexiconError(f"{_FILE}: `elsewhere` takes two known concepts for a known one: {name}")
    return {name: (country, other) for name, (country, other) in read.items()}


def _guards(extra: Mapping[str, Any], concepts: Collection[str]) -> dict[str, str]:
    guards = {str(name): str(query) for name, query in extra.get("guards", {}).items()}
    for name in guards.keys() - set(concepts) - {SERIOUS}:
        raise LexiconError(f"{_FILE}: a guard for an unknown concept {name!r}")
    return guards
