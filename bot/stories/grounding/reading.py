"""A sentence taken apart for comparison: its words with stems, its names, its clauses, its lexicon concepts.

Knows nothing of what is right or wrong; the checks do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.stories.facts import is_title_case
from bot.stories.grounding.german import is_common
from bot.stories.grounding.vocabulary import IRREGULAR, OPENERS
from bot.text.language import detect
from bot.text.normalise import normalise
from bot.text.stop_words import STOP_WORDS
from bot.text.tokens import index_terms
from bot.topics import lexicon
from bot.topics.fold import fold
from bot.topics.scan import concept_scanner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNSPACED: Final = frozenset({"ko", "ja", "zh", "th", "lo", "km", "my"})
NAME_LETTERS: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d.,]*\d|\d")
_DOTTED: Final = re.compile(r"\b(?:[A-Z]\.){2,}")
_SPLIT_NUMBER: Final = re.compile(
    r"(?<=\d)(?<!\d{4})(,) (?=\d{3}(?!\d))|(?<=\d)(:) (?=\d{2}\b)"
    r"|(?<=\d)(\.) (?=\d+ (?:[ap]\.|percent|million|billion|trillion)|\d+%)"
)
_SPLIT_NOON: Final = re.compile(r"(?<=\d )([ap])\. m\.")
_SPLIT_COMPOUND: Final = re.compile(r"(?<=\d) - (?=[\da-z])|(?<=\d-year) - (?=old)")
_CLAUSE_END: Final = re.compile(
    r"[;:—–]|,(?!\d)|[.!?]\s|\s-\s|\b(?:but|while|although|though|whereas|which|who|because)\b|[а-я] (?:но|а) "
)
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_NOT: Final = re.compile(r"(?P<verb>\w+)n['’]t$")
_NO_NAME: Final = OPENERS.union(*STOP_WORDS.values())
_MONTHS_AND_DAYS: Final = re.compile(
    r"january|february|march|april|may|june|july|august|september|october|november|december|\w+day"
    r"|million(?:en)?|milliarden?|prozent|dollar|euro|quartal|januar|februar|märz|mai|juni|juli|oktober|dezember|\w+tag|anfang|mitte|ende"
)
_OPENS: Final = re.compile(r"(?:^|[.!?]\s+|[\"“«„「:]\s*)$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at ``place`` in its sentence: as it stands without a possessive ending, normalised, and its stem.

    ``stem`` is "" for a stop word. ``clause`` counts the clauses before it.
    """

    text: str
    plain: str
    stem: str
    place: int
    start: int
    clause: int
    is_name: bool
    negated: bool = False  # the word itself carries the "not" ("won't")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the checks see it.

    ``concepts`` are the places and bodies that it names by the lexicon, with their spans in ``text`` (people too where
    words do not stand apart: a concept may hold several people, whom only spelling tells apart); ``known`` all that it
    names or gives away (the White House, for its country); ``subjects`` the lexicon's subjects (arms).
    """

    text: str
    lang: str
    words: tuple[Word, ...]
    concepts: Mapping[str, tuple[tuple[int, int], ...]]
    known: frozenset[str]
    subjects: frozenset[str]

    @property
    def is_spaced(self) -> bool:
        """Whether words stand apart."""
        return self.lang not in UNSPACED


def tidied(text: str) -> str:
    """A text without the spaces that a tokenizer has left within numbers, times and compounds: "63 - year - old"."""
    text = _SPLIT_NUMBER.sub(lambda found: found.group().strip(), text)
    text = _SPLIT_COMPOUND.sub("-", _SPLIT_NOON.sub(r"\1.m.", text))
    return _SPLIT_COMPOUND.sub("-", text)  # "63-year - old" by now


@lru_cache(maxsize=512)
def read(text: str, names: frozenset[str] = frozenset(), lang: str | None = None) -> Reading:
    """Take a sentence apart; ``names`` are words known to be names also where they open a sentence.

    ``lang`` is the language of the text that it is of: a short sentence full of names says too little of its own.
    """
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), " ".join(text.split()))
    lang = detect(text, hint=lang)
    concepts, known, subjects = _concepts(text, people=True)
    people = [span for key, spans in concepts.items() if _is_person(key) for span in spans]
    if lang not in UNSPACED:
        concepts = {key: spans for key, spans in concepts.items() if not _is_person(key)}
    return Reading(text, lang, tuple(_words(text, lang, names, people)), concepts, known, subjects)


def read_together(texts: Sequence[str]) -> list[Reading]:
    """Several sentences of one text: what is a name inside one of them is a name where it opens another."""
    lang = detect(" ".join(texts))
    alone = [read(text, lang=lang) for text in texts]
    names = frozenset(word.plain for reading in alone for word in name_words(reading) if len(word.plain) > 1)
    return [read(text, names, lang) for text in texts]


def stem_of(word: str, lang: str = "en") -> str:
    """The index term of one word; "" for a stop word."""
    terms = index_terms(IRREGULAR.get(word, word) if lang == "en" else word, lang)
    return terms[0] if terms else ""


def name_words(reading: Reading) -> tuple[Word, ...]:
    """The words of names, in order."""
    return tuple(word for word in reading.words if word.is_name)


def is_time(plain: str) -> bool:
    """Whether a word is a month or a day of the week (or, for German, counts among those that have a capital)."""
    return bool(_MONTHS_AND_DAYS.fullmatch(plain))


def window(words: Sequence[Word], place: int, size: int) -> tuple[Word, ...]:
    """The words of the same clause up to ``size`` before a place."""
    clause = words[place].clause
    return tuple(word for word in words[max(0, place - size) : place] if word.clause == clause)


def kind_of(key: str) -> str:
    """What a concept is: "place", "body", "person"."""
    return lexicon.load().concepts[key[1:]].kind


@lru_cache(maxsize=512)
def words_of_names(key: str) -> frozenset[str]:
    """The longer words of what a concept is called in English."""
    aliases = lexicon.load().concepts[key[1:]].aliases
    return frozenset(
        word for alias in aliases if alias.lang == "en" for word in alias.folded.split() if len(word) >= NAME_LETTERS
    )


def is_body(key: str) -> bool:
    """Whether a concept is an institution."""
    return kind_of(key) == "body"


def _is_person(key: str) -> bool:
    return kind_of(key) == "person"


def _words(text: str, lang: str, names: frozenset[str], people: Sequence[tuple[int, int]]) -> list[Word]:
    ends = [match.start() for match in _CLAUSE_END.finditer(text)]
    titled = is_title_case(text) and not text.endswith((".", "!", "?", "”"))
    found: list[Word] = []
    for place, match in enumerate(_WORD.finditer(text)):
        raw = match.group()
        negated = bool(_NOT.match(raw))
        shown = raw if negated else _POSSESSIVE.sub("", raw)
        plain = normalise(_NOT.match(raw)["verb"]) if (_NOT.match(raw)) else normalise(shown)  # type: ignore[index]
        clause = sum(end < match.start() for end in ends)
        opens = bool(_OPENS.search(text[max(0, match.start() - 3) : match.start()])) if match.start() else True
        person = any(low <= match.start() < high for low, high in people)
        capital = _is_name(shown, plain, text, match.end(), opens=opens)
        capital = capital and not (lang == "de" and is_common(shown, text[: match.start()]))
        name = person or (not titled and ((plain in names and shown[0].isupper()) or capital))
        found.append(Word(shown, plain, stem_of(plain, lang), place, match.start(), clause, name, negated))
    return found


def _is_name(shown: str, plain: str, text: str, end: int, *, opens: bool) -> bool:
    """A capital inside a sentence; at its beginning only where another capital follows or the word is an acronym."""
    if not shown[0].isupper() or _MONTHS_AND_DAYS.fullmatch(plain) or (plain in _NO_NAME and not shown.isupper()):
        return False
    if not opens or (len(shown) > 1 and shown.isupper()):
        return True
    following = re.match(r"\s+([^\W\d_])", text[end:])
    return bool(following and following[1].isupper()) or bool(_named(shown))


@lru_cache(maxsize=4096)
def _named(word: str) -> bool:
    return bool(_concepts(word, people=True)[0])


def _concepts(
    text: str, *, people: bool
) -> tuple[dict[str, tuple[tuple[int, int], ...]], frozenset[str], frozenset[str]]:
    """Places and bodies with their spans, all that is named or given away, and the subjects that the text touches."""
    kinds = {"place", "body", "person"} if people else {"place", "body"}
    known = lexicon.load()
    folded = fold(text)
    named = concept_scanner(known, names_only=True).find(folded)
    concepts = {
        key: tuple(folded.original_span(*span) for span in spans)
        for key, spans in named.items()
        if known.concepts[key[1:]].kind in kinds
    }
    touched = concept_scanner(known).find(folded)
    subjects = frozenset(key for key in touched if known.concepts[key[1:]].kind == "subject")
    regions = frozenset(key for key in touched if known.concepts[key[1:]].kind == "region")
    return concepts, frozenset(touched) - subjects - regions | concepts.keys(), subjects
