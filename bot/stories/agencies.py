"""News agencies and state media, from ``agencies.yaml``: their names in any text, their sites, whose they are.

Knows names only: which of them an article is from is for ``origins`` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml
from ahocorasick_rs import AhoCorasick

from bot.text.scripts import UNSPACED_LETTERS

if TYPE_CHECKING:
    from yaml.cyaml import CSafeLoader as Loader
else:
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

FILE: Final = "agencies.yaml"
_ENDING: Final = r"\w{0,3}"
_ALIKE: Final = str.maketrans("’ʼ", "''")


@dataclass(frozen=True, slots=True)
class Agency:
    """An outlet whose texts others print, or that belongs to a state. ``country`` is an ISO 3166-1 code."""

    name: str
    aliases: tuple[str, ...]
    domains: tuple[str, ...]
    country: str
    state: bool = False


def parse(text: str) -> tuple[Agency, ...]:
    """The agencies of a YAML document. Raises ValueError with the entry at fault."""
    found = []
    for number, raw in enumerate(yaml.load(text, Loader=Loader), start=1):  # noqa: S506 - the safe loader, in C where the library has it
        try:
            found.append(_agency(raw))
        except (KeyError, TypeError, ValueError) as error:
            name = raw.get("name") if isinstance(raw, dict) else None
            raise ValueError(f"{FILE}: entry {number} ({name}): {error}") from error
    return tuple(found)


def _agency(raw: dict[str, Any]) -> Agency:
    unknown = raw.keys() - {"name", "aliases", "domains", "country", "state"}
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)}")
    lists = {name: tuple(raw[name]) for name in ("aliases", "domains")}
    if not all(isinstance(value, str) and value.strip() for value in (*lists["aliases"], *lists["domains"])):
        raise ValueError("aliases and domains are lists of texts")
    if not re.fullmatch(r"[A-Z]{2}", raw["country"]):
        raise ValueError("country is two capital letters")
    if not isinstance(raw.get("state", False), bool):
        raise TypeError("state is true or false")
    return Agency(
        name=str(raw["name"]),
        aliases=lists["aliases"],
        domains=lists["domains"],
        country=raw["country"],
        state=raw.get("state", False),
    )


@cache
def agencies() -> tuple[Agency, ...]:
    """All of them, read once."""
    return parse(files(__package__).joinpath(FILE).read_text("utf-8"))


def mentioned(text: str) -> tuple[str, ...]:
    """The names of agencies, as the file spells them, whose letters a text holds: a quick look that most end with."""
    words, automaton = _spellings()
    found = {index for index, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)}
    return tuple(words[index] for index in sorted(found))


def name_pattern(words: tuple[str, ...]) -> str:
    """A regular expression, without groups, for any of these names; their spelling and capitals count."""
    return f"(?:{'|'.join(map(_spelt, words))})"


def named(words: str) -> Agency | None:
    """The agency that goes by these words, an ending of inflection aside."""
    words = words.strip().translate(_ALIKE)
    exact, prefixes = _by_name()
    found = exact.get(words)
    return found or next((agency for stem, agency in prefixes if words.startswith(stem)), None)


def publishing(source: str, host: str) -> Agency | None:
    """The agency that an outlet is, by its name or its site."""
    by_domain = _by_domain()
    labels = host.lower().split(".")
    for at in range(len(labels) - 1):
        found = by_domain.get(".".join(labels[at:]))
        if found is not None:
            return found
    return _by_name()[0].get(source.strip().translate(_ALIKE))


def known_as(source: str) -> str:
    """An outlet's name, an agency's under the one name that all its spellings share."""
    found = _by_name()[0].get(source.strip().translate(_ALIKE))
    return found.name if found else source


def is_state_media(name: str) -> bool:
    """Whether an outlet, under any of its names, belongs to a state."""
    found = _by_name()[0].get(name.strip().translate(_ALIKE))
    return found is not None and found.state


@cache
def _spellings() -> tuple[tuple[str, ...], AhoCorasick]:
    """All names, the longest first, and what finds their letters."""
    every = {word for each in agencies() for word in (each.name, *each.aliases)}
    words = tuple(sorted(every, key=lambda word: (-len(word), word)))
    return words, AhoCorasick([word.rstrip("*") for word in words])


@cache
def _by_name() -> tuple[dict[str, Agency], tuple[tuple[str, Agency], ...]]:
    exact: dict[str, Agency] = {}
    prefixes: list[tuple[str, Agency]] = []
    for each in agencies():
        for word in (each.name, *each.aliases):
            plain = word.rstrip("*").translate(_ALIKE)
            exact[plain] = each
            if word.endswith("*"):
                prefixes.append((plain, each))
    return exact, tuple(sorted(prefixes, key=lambda pair: -len(pair[0])))


@cache
def _by_domain() -> dict[str, Agency]:
    return {domain: each for each in agencies() for domain in each.domains}


def _spelt(word: str) -> str:
    """A name as a pattern: whole words where words are spaced; a Korean particle may follow a Latin name."""
    stem = re.escape(word.rstrip("*")).replace("'", "['’]")
    if re.search(f"[{UNSPACED_LETTERS}\uac00-\ud7af]", word):
        return stem
    inside = r"(?![A-Za-zА-Яа-яЁёІіЇїЄєҐґ0-9])"
    return rf"(?<![\w]){stem}{_ENDING if word.endswith('*') else ''}{inside}"
