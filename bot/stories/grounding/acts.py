"""The acts that an English sentence tells of: a verb with who does it and to whom, by form, order and prepositions.

No grammar is parsed. A verb is told by its ending or by what stands before it; its doer is the first group of words
before it that no preposition governs, or that of the verb before; passives, "by" and verbs of getting are turned round.
What this cannot read it leaves out: an act without a doer says nothing of who did it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.figures import is_numeral
from bot.stories.grounding.frames import keys_of
from bot.stories.grounding.reading import stem_of
from bot.stories.grounding.vocabulary import (
    BARE_VERBS,
    BE,
    GETTING,
    GIVING,
    IRREGULAR_PARTICIPLES,
    MUTUAL,
    PAST,
    SAYING,
    TITLES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.stories.grounding.frames import Who
    from bot.stories.grounding.reading import Reading, Word

REACH: Final = 16
_BEFORE_BASE: Final = frozenset(
    ["will", "would", "can", "could", "may", "might", "must", "should", "shall", "to", "did", "does", "do", "not",
     "never", "cannot"]
)  # fmt: skip
_BEFORE_GERUND: Final = frozenset(["by", "after", "before", "while", "of", "for", "and"])
_TIMES: Final = frozenset(["night", "evening", "morning", "afternoon", "week", "month", "year"])
_CONJUNCTIONS: Final = frozenset(["after", "before", "until", "since", "once"])
"""Before a noun they say when, before a clause whose verb follows they begin it."""
_VICTORY: Final = frozenset(["victory", "win", "triumph", "upset"])
_PREPOSITIONS: Final = frozenset(
    ["to", "from", "by", "for", "with", "about", "over", "at", "of", "in", "on", "against", "into", "near", "after",
     "before", "since", "until", "during", "under", "between", "among", "through", "amid", "as", "than", "outside",
     "within", "without", "toward", "towards", "behind", "across", "around", "off", "out", "despite", "via", "per"]
)  # fmt: skip
JOINTS: Final = frozenset(["and", "or", "that", "which", "who", "whom", "when", "where", "while", "if", "because"])
_ADVERBS: Final = frozenset(["reportedly", "also", "then", "later", "already", "again", "not", "never", "been", "be",
                             "being", "have", "has", "had", "further", "still", "only"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """A verb by its stem, with the keys of its doer and of what it is done to; verbs of getting stand as giving.

    ``names`` are the names of the doer, if it ends with one. ``source`` and ``goal`` stand behind "from" and "to".
    """

    stem: str
    text: str
    doer: frozenset[str]
    done_to: frozenset[str]
    source: frozenset[str]
    goal: frozenset[str]
    names: frozenset[str]
    patients: frozenset[str]
    is_passive: bool


@dataclass(frozen=True, slots=True)
class _Group:
    keys: frozenset[str]
    names: frozenset[str]
    preposition: str


def acts_of(reading: Reading) -> tuple[Act, ...]:
    """Every act of a sentence in order."""
    who = keys_of(reading)
    places = verb_places(reading)
    verbs = [word for word in reading.words if word.place in places]
    found: list[Act] = []
    last = _opening(reading, places, who)
    for verb in verbs:
        before = _groups(_left(reading, verb, places), who)
        subject = next((group for group in before if not group.preposition), None)
        subject = subject or _antecedent(reading, verb, places, who)
        passive = _is_passive(reading, verb)
        subject = last if subject is None or _is_gerund(reading, verb) else subject
        last = subject or last
        if reading.words[max(0, verb.place - 1)].plain == "of" or _of_before(reading, verb):
            subject = None  # "accused Voss of ignoring": who ignores depends on the verb before
        found.append(_act(verb, subject, _groups(_right(reading, verb, places), who), passive=passive))
    return (*found, *_victories(reading, who))


def _antecedent(reading: Reading, verb: Word, verbs: frozenset[int], who: Who) -> _Group | None:
    """Whom a "who" or "which" right before a verb stands for: the last of those before it."""
    left = _left(reading, verb, verbs)
    joint = (left[0] if left else verb).place - 1
    if joint < 1 or reading.words[joint].plain not in {"who", "which"}:
        return None
    before = reading.words[joint - 1]
    groups = _groups([*_left(reading, before, verbs), before], who)
    return groups[-1] if groups else None


def _victories(reading: Reading, who: Who) -> list[Act]:
    """Wins told by a noun, "a 3-1 victory over Leeds": who lost stands behind it, who won may stand anywhere."""
    found = []
    none: frozenset[str] = frozenset()
    for word, following in pairwise(reading.words):
        if word.plain in _VICTORY and following.plain == "over":
            behind = _groups(list(reading.words[following.place : following.place + REACH]), who)
            loser = _behind(behind, "over")
            names = none.union(*(group.names for group in behind if group.preposition == "over"))
            if loser:
                found.append(Act("beat", word.text, none, loser, none, none, none, names, is_passive=False))
    return found


def verb_places(reading: Reading) -> frozenset[int]:
    """Where its verbs stand, as far as their form or the word before tells."""
    return frozenset(word.place for word in reading.words if _is_verb(reading, word))


def _is_gerund(reading: Reading, verb: Word) -> bool:
    """Whether a verb hangs on another one's doer: "by stopping", "after leaving"."""
    return verb.plain.endswith("ing") and reading.words[max(0, verb.place - 1)].plain in _PREPOSITIONS | {"while"}


def _of_before(reading: Reading, verb: Word) -> bool:
    """Whether only an adverb parts a verb from an "of"."""
    two, one = (reading.words[max(0, verb.place - back)].plain for back in (2, 1))
    return two == "of" and one.endswith("ly")


def _opening(reading: Reading, verbs: frozenset[int], who: Who) -> _Group | None:
    """Who a sentence begins with, where a comma parts them from their verb."""
    before = reading.words[: min(verbs, default=0)]
    return next((group for group in _groups(list(before), who) if not group.preposition), None)


def _act(verb: Word, subject: _Group | None, behind: list[_Group], *, passive: bool) -> Act:
    stem = _canonical(verb.stem or verb.plain)
    receiver: frozenset[str] = frozenset()
    if stem == "give" and len(behind) > 1 and not behind[0].preposition and not behind[1].preposition:
        receiver, behind = behind[0].keys, behind[1:]  # "sent Russia missiles"
    done_to = _whole(behind)
    by = {name: _behind(behind, name) for name in ("by", "from", "to")}
    doer = subject.keys if subject else frozenset()
    named = subject.names if subject else frozenset()
    patients = behind[0].names if done_to else frozenset()
    if passive:
        patients = named
        named = frozenset().union(*(group.names for group in behind if group.preposition == "by"))
        doer, done_to = by["by"], doer
    if stem == "give" and verb.stem in _getting():
        given_by = frozenset().union(*(group.names for group in behind if group.preposition == "from"))
        return Act(stem, verb.text, by["from"], done_to, frozenset(), doer, given_by, patients, passive)
    return Act(stem, verb.text, doer, done_to, by["from"], by["to"] | receiver, named, patients, passive)


def _whole(behind: list[_Group]) -> frozenset[str]:
    """What stands right behind a verb, with what "of" hangs on it: "a rescue of Iceland"."""
    if not behind or behind[0].preposition:
        return frozenset()
    parts = takewhile(lambda group: group.preposition == "of", behind[1:])
    return behind[0].keys.union(*(group.keys for group in parts))


def _behind(groups: list[_Group], preposition: str) -> frozenset[str]:
    return frozenset().union(*(group.keys for group in groups if group.preposition == preposition))


def _left(reading: Reading, verb: Word, verbs: frozenset[int]) -> list[Word]:
    """What stands before a verb, back to another verb, a joint or the beginning of its clause."""
    found: list[Word] = []
    for word in reversed(reading.words[max(0, verb.place - REACH) : verb.place]):
        if word.clause != verb.clause or word.place in verbs or _says(word):
            break
        if word.plain in JOINTS and not _joins_names(reading, word):
            break
        if word.plain in _CONJUNCTIONS and found:
            break
        found.append(word)
    return found[::-1]


def _joins_names(reading: Reading, joint: Word) -> bool:
    """Whether an "and" stands between two names: "Iran and Pakistan offered help"."""
    if joint.plain != "and" or not 0 < joint.place < len(reading.words) - 1:
        return False
    return reading.words[joint.place - 1].is_name and reading.words[joint.place + 1].is_name


def _says(word: Word) -> bool:
    return word.plain in SAYING and not word.is_name


def _right(reading: Reading, verb: Word, verbs: frozenset[int]) -> list[Word]:
    found: list[Word] = []
    for word in reading.words[verb.place + 1 : verb.place + 1 + REACH]:
        if word.clause != verb.clause or word.place in verbs or word.plain in JOINTS - {"and"} or _says(word):
            break
        found.append(word)
    return found


def _groups(words: Sequence[Word], who: Who) -> list[_Group]:
    """Runs of names and nouns, each with the preposition that governs it; "and" takes it over, and makes names one."""
    found: list[_Group] = []
    run: list[Word] = []
    preposition = pending = ""
    joined: _Group | None = None
    for word in (*(word for word in words if not (is_numeral(word.plain) or _is_time(word.plain))), None):
        if word is not None and word.place in who.of and word.plain not in _PREPOSITIONS and word.plain[-2:] != "ly":
            if not run:
                preposition, pending = pending, ""
            run.append(word)
            continue
        if run:
            group = _group(run, preposition, who)
            if joined and joined.names and group.names:
                group = _Group(joined.keys | group.keys, joined.names | group.names, preposition)
                found.pop()
            found.append(group)
            run = []
        joined = None
        if word is not None and word.plain in _PREPOSITIONS:
            pending = word.plain
        elif word is not None and word.plain == "and":
            pending = preposition
            joined = found[-1] if found else None
    return found


def _is_time(word: str) -> bool:
    """Whether a word says when: nothing is done to a Wednesday night."""
    return word in _TIMES or (word.endswith("day") and len(word) > len("day"))


def _group(run: Sequence[Word], preposition: str, who: Who) -> _Group:
    """Its names are those at its end: "the Troy man" is none."""
    named = takewhile(lambda word: word.place in who.names, reversed(run))
    names = frozenset(who.of[word.place] for word in named) - _titles()
    return _Group(frozenset(who.of[word.place] for word in run), names, preposition)


def _is_verb(reading: Reading, word: Word) -> bool:
    """By its ending, or by what stands before it."""
    plain = word.plain
    if word.is_name or word.stem.isdigit() or plain in SAYING | MUTUAL | BE or not (word.stem or plain in PAST):
        return False
    before = reading.words[word.place - 1] if word.place else None
    if plain.endswith("ed") or plain in PAST or plain in IRREGULAR_PARTICIPLES:
        return before is None or before.plain not in {"the", "a", "an", "its", "his", "their", "of"}
    return before is not None and _is_verb_behind(before, reading, word)


def _is_verb_behind(before: Word, reading: Reading, word: Word) -> bool:
    """Whether a word is a verb that the one before it makes one: "by selling", "will sell", "Democrats push"."""
    plain = word.plain
    if plain.endswith("ing") and len(plain) > len("thing"):
        return before.clause != word.clause or before.plain in BE or before.plain in _BEFORE_GERUND
    near = [each.plain for each in reading.words[max(0, word.place - 3) : word.place] if each.plain not in _ADVERBS]
    if near and near[-1] in _BEFORE_BASE and not plain.endswith("s"):
        return True
    if before.clause != word.clause:
        return False
    if plain in BARE_VERBS and before.plain.endswith("s"):
        return True
    return plain.endswith("s") and before.is_name and _takes_object(reading, word)


def _takes_object(reading: Reading, word: Word) -> bool:
    """Whether a word in -s is followed as a verb is: "Putin visits North Korea", not "Somali pirates and"."""
    following = reading.words[word.place + 1] if word.place + 1 < len(reading.words) else None
    return (
        following is not None
        and following.clause == word.clause
        and (
            following.is_name
            or following.plain in {"the", "a", "an", "its", "his", "her", "their", "to"}
            or following.plain[0].isdigit()
        )
    )


def _is_passive(reading: Reading, verb: Word) -> bool:
    if not (verb.plain.endswith("ed") or verb.plain in IRREGULAR_PARTICIPLES):
        return False
    near = [other for other in reading.words[max(0, verb.place - 3) : verb.place] if other.clause == verb.clause]
    following = reading.words[verb.place + 1].plain if verb.place + 1 < len(reading.words) else ""
    return following == "by" or any(
        other.plain in BE
        and all(o.plain in _ADVERBS or o.plain in BE or o.plain.endswith("ly") for o in near[at + 1 :])
        for at, other in enumerate(near)
    )


def _canonical(stem: str) -> str:
    return "give" if stem in _giving() or stem in _getting() else stem


@cache
def _titles() -> frozenset[str]:
    return frozenset(map(stem_of, TITLES))


@cache
def _giving() -> frozenset[str]:
    return frozenset(filter(None, map(stem_of, GIVING)))


@cache
def _getting() -> frozenset[str]:
    return frozenset(filter(None, map(stem_of, GETTING)))
