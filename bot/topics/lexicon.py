"""The lexicon: named concepts (``@dprk``), each a curated set of aliases in many languages.

The data lies in ``lexicon_data``: one readable YAML file for each kind of concept, and ``cldr.tsv`` with the names of
countries and territories in ten languages (made by ``bot.topics.lexicon_build``). ``lexicon_data/README.md`` explains
the notation. Nothing here looks at a text: finding aliases is the work of ``bot.topics.scan``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from bot.topics.fold import fold
from bot.topics.lexicon_files import LexiconError, close, line_of, listed, mapping
from bot.topics.naming import Naming, read_naming

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["place", "region", "person", "body", "subject"]

_FILES: Final[tuple[tuple[str, Kind], ...]] = (
    ("countries.yaml", "place"),
    ("regions.yaml", "region"),
    ("people.yaml", "person"),
    ("bodies.yaml", "body"),
    ("subjects.yaml", "subject"),
)
_LANGUAGES: Final = frozenset(("en", "ru", "uk", "ko", "ja", "zh", "fr", "de", "es", "ar"))
_OTHER_KEYS: Final = frozenset(("label", "cldr", "of", "includes", "signs", "support", "pairs", "not_in"))
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_SIGNS: Final = re.compile(r"[*{}|]")
_CAPITALS_CHARS: Final = 6
_ABBREVIATION: Final = re.compile(r"[A-Z]{2,5}")
_ARABIC_SUBSTRING_CHARS: Final = 5


class _BadValueError(LexiconError):
    """What is wrong with a concept, and under which of its keys ("" for the whole)."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


class Form(StrEnum):
    """How much of a word an alias must be."""

    WORD = "word"
    PREFIX = "prefix"
    SUBSTRING = "substring"


class Role(StrEnum):
    """What an alias is to its concept.

    A NAME names it, in a text and in a topic's name. A SIGN gives it away in a text (Hwasong for North Korea), but who
    types it into a topic's name means the word itself. SUPPORT (a news agency) counts only where something else
    speaks for the concept too: TASS reports on everybody.
    """

    NAME = "name"
    SIGN = "sign"
    SUPPORT = "support"


class Alias(NamedTuple):
    """One spelling. ``folded`` is what is looked for; ``cased`` the exact capitals that it must have, if any.

    ``lang`` is an ISO 639-1 code, or ``mul`` where the spelling serves several. ``origin`` is the concept that the
    alias was taken over from, empty for the concept's own.
    """

    text: str
    folded: str
    lang: str
    form: Form
    role: Role = Role.NAME
    cased: str | None = None
    origin: str = ""


class Pair(NamedTuple):
    """Two signs that give a concept away together, the second a few words behind the first: shuts its Dresden plant."""

    first: tuple[Alias, ...]
    second: tuple[Alias, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """A named thing in the news. ``not_in`` are contexts in which its aliases mean something else (Moscow, Idaho).

    A region ``holds`` countries, and what is of those: it stands where one of them does, without their aliases.
    ``pairs`` are signs of two parts, with other words between them.
    """

    name: str
    label: str
    kind: Kind
    aliases: tuple[Alias, ...]
    not_in: tuple[Alias, ...] = ()
    holds: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()

    @property
    def is_place(self) -> bool:
        """Whether it lies somewhere: a country, a city, a region of several countries."""
        return self.kind in {"place", "region"}


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All concepts by name, and how a topic's name is read with them.

    Compared by identity, so that what is compiled from it can be kept beside it.
    """

    concepts: Mapping[str, Concept]
    naming: Naming = field(default_factory=Naming)


@dataclass(slots=True)
class _Draft:
    name: str
    label: str
    kind: Kind
    own: list[Alias] = field(default_factory=list)
    not_in: list[Alias] = field(default_factory=list)
    includes: list[str] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


@cache
def load() -> Lexicon:
    """The lexicon that comes with the package, read once. Raises ``LexiconError`` for a faulty file."""
    folder = resources.files(__package__).joinpath("lexicon_data")
    texts = {name: folder.joinpath(name).read_text("utf-8") for name, _ in _FILES}
    suggestions = folder.joinpath("suggest.yaml").read_text("utf-8")
    return build(texts, cldr=folder.joinpath("cldr.tsv").read_text("utf-8"), suggestions=suggestions)


def build(texts: Mapping[str, str], *, cldr: str = "", suggestions: str = "") -> Lexicon:
    """A lexicon from the text of its files, by file name. Raises ``LexiconError``."""
    drafts: dict[str, _Draft] = {}
    regions = _regions(cldr)
    for file_name, kind in _FILES:
        for name, raw in mapping(texts.get(file_name, ""), file_name).items():
            if name in drafts:
                line = line_of(texts[file_name], name)
                raise LexiconError(f"{file_name}, line {line}: @{name} is defined in another file, too; join the two")
            try:
                drafts[name] = _draft(name, raw, kind=kind, regions=regions, drafts=drafts)
            except _BadValueError as error:
                line = line_of(texts[file_name], str(name), error.key)
                raise LexiconError(f"{file_name}, line {line}: @{name}: {error}") from error
    for label, aliases in regions.values():
        name = _slug(label)
        if name not in drafts:
            drafts[name] = _Draft(name, label, "place", own=aliases)
    concepts = {name: _concept(draft, drafts) for name, draft in drafts.items()}
    return Lexicon(concepts, read_naming(suggestions, concepts))


def expand(pattern: str) -> Iterator[str]:
    """Every spelling of a pattern with choices: ``Северн{ая|ой} Корея`` gives two. Choices may hold choices.

    Outermost first: a choice within one branch must not multiply the other branches.
    """
    start, end, choices = _first_choice(pattern)
    if end < 0:
        yield pattern
        return
    tails = tuple(expand(pattern[end + 1 :]))
    for choice in choices:
        for middle in expand(choice):
            yield from (pattern[:start] + middle + tail for tail in tails)


def _first_choice(pattern: str) -> tuple[int, int, list[str]]:
    """Where the first pair of braces begins and ends, and what stands between its bars; the end is -1 without one."""
    depth, start, bar = 0, -1, -1
    choices: list[str] = []
    for place, letter in enumerate(pattern):
        if letter == "{":
            depth += 1
            if depth == 1:
                start = bar = place
        elif letter in "|}" and depth == 1:
            choices.append(pattern[bar + 1 : place])
            bar = place
        if letter == "}" and depth:
            depth -= 1
            if depth == 0:
                return start, place, choices
    return start, -1, []


def parse_alias(written: str, *, lang: str, role: Role = Role.NAME) -> Alias:
    """One alias in the notation of the data files: ``word``, ``prefix*``, ``~part``, ``=Exactly``, ``NK``."""
    text, form, exact = written, None, False
    if text.startswith("="):
        text, exact = text[1:], True
    if text.startswith("~"):
        text, form = text[1:], Form.SUBSTRING
    elif text.endswith("*"):
        text, form = text[:-1], Form.PREFIX
    text = text.strip()
    exact = exact or (text.isascii() and text.isupper() and len(text) <= _CAPITALS_CHARS)
    form = form or (Form.SUBSTRING if lang == "ar" and len(text) >= _ARABIC_SUBSTRING_CHARS else Form.WORD)
    folded = fold(text).text
    if not folded.strip():
        raise LexiconError(f"an alias without letters: {written!r}")
    if _SIGNS.search(text):
        raise LexiconError(f"a * stands at the end of an alias only, a bar within closed braces: {written!r}")
    # Most are written as they are folded: such a spelling is kept once.
    text = folded if text == folded else text
    return Alias(text, folded, lang, form, role=role, cased=text if exact else None)


def _draft(name: str, raw: object, *, kind: Kind, regions: dict[str, _Region], drafts: Mapping[str, _Draft]) -> _Draft:
    values = _checked(raw, name=name)
    draft = _Draft(name, values.get("label", name.replace("_", " ").capitalize()), kind)
    for key, written in values.items():
        if key in _LANGUAGES:
            draft.own += _aliases(written, key, lang=key)
    draft.own += _aliases(values.get("signs", ""), "signs", role=Role.SIGN)
    draft.own += _aliases(values.get("support", ""), "support", role=Role.SUPPORT)
    draft.not_in += _aliases(values.get("not_in", ""), "not_in")
    draft.pairs += [_pair(written) for written in listed(values.get("pairs", ""))]
    draft.includes = listed(values.get("includes", ""))
    for code in listed(values.get("cldr", "")):
        if regions and code not in regions:
            message = f"CLDR has no territory {code!r} (or another concept has it); write an ISO 3166 code such as FR"
            raise _BadValueError(message, "cldr")
        if regions:
            label, aliases = regions.pop(code)
            draft.label = values.get("label", label)
            draft.own += aliases
    for owner in listed(values.get("of", "")):
        if owner not in drafts:
            raise _BadValueError(f"`of` names an unknown concept {owner!r}{close(owner, drafts)}", "of")
        drafts[owner].includes.append(name)
    if not draft.own and not draft.includes:
        raise _BadValueError("has no aliases; write, for instance, en: word, word*")
    return draft


def _checked(raw: object, *, name: str) -> dict[str, str]:
    if not _NAME.match(str(name)):  # YAML takes a bare no or on for a truth value
        raise _BadValueError("a concept's name is lower-case letters, digits and _")
    if not isinstance(raw, dict):
        raise _BadValueError("must hold keys and their text, such as en: word, word*")
    for key, value in raw.items():
        if not isinstance(value, str):
            message = (
                f"{key}: must be text with commas; put a number, yes or no into quotes, and take out [ ] and dashes"
            )
            raise _BadValueError(message, str(key))
    values = cast("dict[str, str]", raw)
    for key in values:
        if key not in _LANGUAGES and key not in _OTHER_KEYS:
            known = ", ".join([*sorted(_LANGUAGES), *sorted(_OTHER_KEYS)])
            raise _BadValueError(f"unknown key {key!r}; the keys are {known}", str(key))
    return values


def _aliases(written: str, key: str, *, lang: str = "mul", role: Role = Role.NAME) -> list[Alias]:
    try:
        spellings = [one for part in listed(written) for one in expand(part)]
        if role is Role.NAME:  # P.M. is no prime minister
            spellings = [form for one in spellings for form in _with_dots(one)]
        return [parse_alias(one, lang=lang, role=role) for one in spellings]
    except LexiconError as error:
        raise _BadValueError(f"{key}: {error}", key) from error


def _pair(written: str) -> Pair:
    first, plus, second = written.partition(" + ")
    if not plus:
        raise _BadValueError(
            f"pairs: two words with a + between, such as {{shut|shuts}} + plant*: {written!r}", "pairs"
        )
    return Pair(*(tuple(_aliases(half, "pairs", role=Role.SIGN)) for half in (first, second)))


def _with_dots(written: str) -> tuple[str, ...]:
    """An abbreviation in capitals as some newspapers print it, too: F.B.I."""
    letters = written.removeprefix("=")
    if _ABBREVIATION.fullmatch(letters):
        return written, f"={'.'.join(letters)}."
    return (written,)


def _concept(draft: _Draft, drafts: Mapping[str, _Draft]) -> Concept:
    aliases: dict[tuple[str, Form, str | None], Alias] = {}
    for alias in draft.own:
        aliases.setdefault((alias.folded, alias.form, alias.cased), alias)
    not_in, pairs = list(draft.not_in), list(draft.pairs)
    if draft.kind == "region":
        return Concept(
            draft.name, draft.label, draft.kind, tuple(aliases.values()), tuple(not_in), _held(draft, drafts)
        )
    for name in _included(draft, drafts):
        not_in += drafts[name].not_in
        pairs += drafts[name].pairs
        for alias in drafts[name].own:
            aliases.setdefault((alias.folded, alias.form, alias.cased), alias._replace(origin=name))
    return Concept(draft.name, draft.label, draft.kind, tuple(aliases.values()), tuple(not_in), pairs=tuple(pairs))


def _included(draft: _Draft, drafts: Mapping[str, _Draft]) -> list[str]:
    """The names that a concept includes. Raises LexiconError where one of them is none."""
    for name in draft.includes:
        if name not in drafts:
            meant = close(name, drafts)
            raise LexiconError(f"@{draft.name}: `includes` names an unknown concept {name!r}{meant}")
    return draft.includes


def _held(region: _Draft, drafts: Mapping[str, _Draft]) -> tuple[str, ...]:
    """What a region includes, and what that includes, and so on."""
    found: dict[str, None] = {}
    waiting = list(_included(region, drafts))
    while waiting:
        if (name := waiting.pop()) not in found:
            found[name] = None
            waiting += _included(drafts[name], drafts)
    return tuple(found)


# ---------------------------------------------------------------- the generated names of places

_Region = tuple[str, list[Alias]]


def _regions(cldr: str) -> dict[str, _Region]:
    """CLDR's territories: code -> (English label, aliases). A line is ``code TAB label TAB lang=a;b TAB lang=c``."""
    regions: dict[str, _Region] = {}
    for line in cldr.splitlines():
        if not line or line.startswith("#"):
            continue
        code, label, *columns = line.split("\t")
        aliases: list[Alias] = []
        for column in columns:
            lang, _, written = column.partition("=")
            aliases += [parse_alias(one, lang=lang) for one in written.split(";")]
        regions[code] = (label, aliases)
    return regions


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(label).text).strip("_")
