"""The predicates of an English sentence, and who stands on their two sides.

Around a word, who stands before it and who behind it is taken down, with passives turned round and "receive from" read
as "give to". No grammar is parsed: words, prepositions and endings decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.reading import stem_of
from bot.stories.grounding.vocabulary import (
    BE,
    GETTING,
    GIVING,
    GOING,
    HOSTING,
    IRREGULAR_PARTICIPLES,
    MUTUAL,
    PARTIES,
    PAST,
    SAYING,
    TITLES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.stories.grounding.reading import Reading, Word

REACH: Final = 14
NEAR: Final = 4
_PSYCH: Final = "concern worry trouble alarm fear surprise shock anger please"
"""Who worries whom depends on the form: these tell nothing of sides."""
_DETERMINERS: Final = frozenset(["a", "an", "the", "its", "their", "his", "her", "this", "that", "each", "one", "two"])
_TO_BEFORE: Final = frozenset(["about", "over", "at", "with"])


@dataclass(frozen=True, slots=True)
class Frame:
    """A predicate with those who stand on its two sides, by key: a lexicon concept, or a word's stem; and the names."""

    stem: str
    before: frozenset[str]
    behind: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Who:
    """A key for each word, by its place, that can have a side; ``names`` are the places of names."""

    of: dict[int, str]
    names: frozenset[int]


def frames_of(reading: Reading) -> list[Frame]:
    """The predicates of a sentence that have somebody on one side or both."""
    who = keys_of(reading)
    found = []
    for word in reading.words:
        if not word.stem or word.place in who.names or word.stem in _psych() or word.plain in MUTUAL:
            continue
        if _is_vessel(reading, word):
            continue
        if word.stem.isdigit():
            continue
        frame = _frame(word, reading, who)
        if frame.before or frame.behind:
            found.append(frame)
    return found


def keys_of(reading: Reading) -> Who:
    """A key for each word that can have a side: names by concept or by spelling, and other nouns by stem."""
    by_place: dict[int, str] = {}
    names: set[int] = set()
    for key, spans in reading.concepts.items():
        for low, high in spans:
            inside = [word for word in reading.words if low <= word.start < high]
            party = next((_party(word.plain) for word in inside if word.plain in PARTIES), key)
            by_place |= {word.place: party for word in inside}
            names |= {word.place for word in inside}
    for word in reading.words:
        if word.place in by_place:
            continue
        if word.is_name:
            by_place[word.place] = word.stem or word.plain
            names.add(word.place)
        elif word.stem and not word.stem.isdigit() and not _is_verb(reading.words, word.place):
            by_place[word.place] = word.stem
    return Who(by_place, frozenset(names))


def _party(plain: str) -> str:
    """One key for all the names of a party."""
    return {"gop": "republican", "tory": "conservative", "tories": "conservative"}.get(plain) or stem_of(plain)


def _frame(predicate: Word, reading: Reading, known: Who) -> Frame:
    words, place, who = reading.words, predicate.place, known.of
    stem, turned = _canonical(predicate)
    passive = _is_passive(words, place)
    before: set[str] = set()
    behind: set[str] = set()
    for other in _left(words, place):
        if other.place in who:
            side = _preposition(words, other.place)
            if side == "by" and not passive:
                continue  # "was accused by Washington of sending": not who sends
            (before if side == "from" and stem == "give" else behind if side == "to" else before).add(who[other.place])
    if passive:
        given = {who[o.place] for o in _left(words, place) if o.place in who and _preposition(words, o.place) == "from"}
        before, behind = given, before - given
    for other in _right(words, place):
        if other.place not in who:
            continue
        side = _preposition(words, other.place)
        to_before = (passive and (side == "by" or side in _TO_BEFORE)) or (
            side in {"from", "by"} and (stem == "give" or not passive)
        )
        if turned:
            to_before = side != "from" and to_before
            (behind if side == "from" else before if to_before else behind).add(who[other.place])
        else:
            (before if to_before else behind).add(who[other.place])
    if turned:
        before, behind = behind, before
    return Frame(
        stem,
        frozenset(before - behind),
        frozenset(behind - before),
        names=frozenset(who[at] for at in known.names if not _is_of_title(words, at)),
    )


def _is_vessel(reading: Reading, word: Word) -> bool:
    """Whether a "ship" is one, and no way of sending."""
    before = reading.words[word.place - 1].plain if word.place else ""
    return word.plain in {"ship", "ships"} and (before in _DETERMINERS or before.endswith("ed"))


def _is_of_title(words: Sequence[Word], place: int) -> bool:
    """Whether a name only says of where a title is: "the Russian president"."""
    return place + 1 < len(words) and words[place + 1].plain in TITLES


def _left(words: Sequence[Word], place: int) -> list[Word]:
    """What stands before a predicate, back to where its clause begins or somebody says it."""
    found: list[Word] = []
    for other in reversed(words[max(0, place - REACH) : place]):
        if other.clause != words[place].clause or _begins_speech(other):
            break
        found.append(other)
    return found


def _right(words: Sequence[Word], place: int) -> list[Word]:
    found: list[Word] = []
    for other in words[place + 1 : place + 1 + REACH]:
        if other.clause != words[place].clause or other.plain in {"after", "before"} or _begins_speech(other):
            break
        found.append(other)
    return found


def _begins_speech(word: Word) -> bool:
    return word.plain == "that" or (word.plain in SAYING and not word.is_name)


def _preposition(words: Sequence[Word], place: int) -> str:
    """The preposition that governs a word: the nearest before it, with only its own phrase between."""
    for other in reversed(words[max(0, place - NEAR) : place]):
        if other.plain in {"to", "from", "by", "for", "with", "about", "over", "at", "of", "in", "on", "against"}:
            return other.plain
        if other.plain not in {"the", "a", "an"} and not other.is_name:
            return ""
    return ""


def _is_passive(words: Sequence[Word], place: int) -> bool:
    word = words[place]
    if not (word.plain.endswith("ed") or word.plain in IRREGULAR_PARTICIPLES):
        return False
    near = [other.plain for other in words[max(0, place - 3) : place]]
    following = words[place + 1].plain if place + 1 < len(words) else ""
    return bool(set(near) & BE) or following == "by"


def _canonical(word: Word) -> tuple[str, bool]:
    """The predicate's common name, and whether its sides are to be turned round."""
    for name, straight, turned in _classes():
        if word.stem in straight:
            return name, False
        if word.stem in turned:
            return name, True
    return word.stem, False


@cache
def _classes() -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    def stems(words: Iterable[str]) -> frozenset[str]:
        return frozenset(stem for stem in map(stem_of, words) if stem)

    return ("give", stems(GIVING), stems(GETTING)), ("go", stems(GOING), stems(HOSTING))


def _is_verb(words: Sequence[Word], place: int) -> bool:
    """Whether a word is a verb by its form; one in -s only right behind a name."""
    word = words[place]
    if word.plain.endswith("ed") or word.plain in PAST or word.plain in IRREGULAR_PARTICIPLES:
        return True
    return word.plain.endswith("s") and place > 0 and words[place - 1].is_name


def shown_key(keys: frozenset[str]) -> str:
    """The first of some keys as a person may read it."""
    return min(keys).removeprefix("@").replace("_", " ")


@cache
def _psych() -> frozenset[str]:
    return frozenset(map(stem_of, _PSYCH.split()))
