"""What is claimed of a thing: that it is or is not so, rose or fell.

Works on words and the few before them, not on grammar: a "not" reaches a few words, a "denied" to its clause's end.
"""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.reading import is_time, stem_of, window
from bot.stories.grounding.support import alike, is_borne, opposites
from bot.stories.grounding.vocabulary import (
    DENIERS,
    LIGHT,
    NEGATORS,
    PEOPLE,
    SAYING,
    SOFT_DENIERS,
    TITLES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

REACH: Final = 4
DENIAL_REACH: Final = 12
CLAUSE_WORDS: Final = 3
CLAUSE_SHARE: Final = 0.6
ALMOST: Final = 0.75
ROOT: Final = 5
"""Letters behind an "un" that make two words kin."""
MATTER_REACH: Final = 5
_ANSWERS: Final = frozenset(map(stem_of, ["confirm", "admit", "acknowledge", "deny"]))
_QUESTIONS: Final = frozenset(["how", "if", "what", "when", "where", "whether", "who", "whom", "whose", "why"])
_GOVERNING: Final = frozenset(["of", "by", "from", "that"])
_DISPUTES: Final = frozenset(map(stem_of, ["dispute", "deny", "contest"]))
_NO_IN_OTHER_WORDS: Final = re.compile(
    r"\b(?:turn|vot)\w* (?:\w+ ){0,5}down\b|\brul\w* (?:\w+ ){0,3}out\b|\blittle (?:hope|chance|prospect)"
    r"|\bfell through\b|\bwithdr[ae]w\w*"
    r"|\bpull\w* (?:\w+ ){0,3}(?:out|back|off)\b|\b(?:stay|keep)\w* out of\b|\bcall\w* off\b"
    r"|\bsteer\w* clear\b|\bmyster(?:y|ies)\b|\bun(?:clear|known|explained|certain|solved|sure)\b"
    r"|\buntil (?:then|now)\b|\bformerly\b|\bor (?:else )?(?:risk|face)s?\b"
    r"|\b(?:ignor|omit|overlook)\w*\b|\b(?:stay|kept|keep|remain)\w* silent\b",
    re.IGNORECASE,
)
_MOMENTS: Final = frozenset({"before", "after"})


def check_claims(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Negation and opposites that the sources do not bear out; in English alone (``parity`` has the others)."""
    if sentence.lang == "en" and all(source.lang == "en" for source in sources):
        yield from _negation(sentence, sources)
        yield from _opposite(sentence, sources)


def is_negated(reading: Reading, place: int) -> bool:
    """Whether the word at a place lies in the reach of a "not" or of a denial."""
    word = reading.words[place]
    if word.negated:
        return True
    before = _governing(reading, place)
    if any(_is_denier(reading, other) for other in before):
        return True
    near = [
        other
        for other in before[-REACH:]
        if not (_not_guilty(reading, other, word) or _only_unknown(reading, other, place))
    ]
    return any(other.plain in NEGATORS or other.negated or _too_early(reading, other) for other in near)


def _only_unknown(reading: Reading, no: Word, place: int) -> bool:
    """Whether a question stands between a "not" and a place: "do not know why he went" denies no going."""
    return any(word.plain in _QUESTIONS for word in reading.words[no.place + 1 : place])


def _is_denier(reading: Reading, word: Word) -> bool:
    """Whether a word denies: officials that are dismissed are not denied."""
    if word.plain not in DENIERS or not word.plain.startswith("dismiss"):
        return word.plain in DENIERS
    behind = takewhile(
        lambda other: other.plain not in _GOVERNING, reading.words[word.place + 1 : word.place + 1 + REACH]
    )
    return not any(other.plain in PEOPLE | TITLES and not _owns(reading, other) for other in behind)


def _owns(reading: Reading, word: Word) -> bool:
    """Whether a word is a possessive: "the officials' claims"."""
    return reading.text[word.start + len(word.text) :][:1] in {"'", "’"}


def _not_guilty(reading: Reading, no: Word, word: Word) -> bool:
    """Whether a "not" belongs to a plea of "not guilty" and denies nothing behind it."""
    following = reading.words[no.place + 1] if no.place + 1 < len(reading.words) else no
    return following.plain == "guilty" and following.place != word.place


def _too_early(reading: Reading, word: Word) -> bool:
    """Whether a word begins "too early to say" or "yet to say", which say no for now."""
    following = reading.words[word.place + 1].plain if word.place + 1 < len(reading.words) else ""
    return (word.plain == "too" and following in {"early", "soon"}) or (word.plain == "yet" and following == "to")


def _governing(reading: Reading, place: int) -> tuple[Word, ...]:
    """What stands before a word in its clause, back to an "and"."""
    before = window(reading.words, place, DENIAL_REACH)
    joint = max((at for at, other in enumerate(before) if other.plain in {"and", "but"}), default=-1)
    return before[joint + 1 :]


def negators(reading: Reading) -> tuple[Word, ...]:
    """The words of an English sentence that say no."""
    return tuple(
        word
        for word in reading.words
        if (word.plain in NEGATORS or _is_denier(reading, word) or word.negated or _too_early(reading, word))
        and not _is_harmless(reading, word)
    )


def _is_harmless(reading: Reading, word: Word) -> bool:
    """Whether a "not" is none: "not only", "no fewer than"."""
    following = reading.words[word.place + 1].plain if word.place + 1 < len(reading.words) else ""
    return word.plain in {"not", "no"} and following in {"only", "least", "just", "fewer", "less", "more"}


def occurrences(stem: str, sources: Sequence[Reading]) -> list[tuple[Reading, int]]:
    """Where the sources have a stem; where none has it, where they have one that means the same."""
    same = [(source, word.place) for source in sources for word in source.words if word.stem and word.stem == stem]
    return same or [
        (source, word.place)
        for source in sources
        for word in source.words
        if word.stem and not word.is_name and alike(stem, word.stem)
    ]


def _negation(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    ours = negators(sentence)
    conceded = _conceded(sentence, sources)
    if conceded:
        yield Fault(FaultKind.NEGATION, conceded)
        return
    if _says_opposite(sentence, sources):
        return  # "did not support" for "opposed": told by the opposites
    if _lacks(sentence, sources):
        return  # "has no licence" for "unlicensed"
    if ours and not any(negators(source) or _denies_softly(source) for source in sources):
        yield Fault(FaultKind.NEGATION, f"“{ours[0].text}”: no source says no")
        return
    turned = _turned_clause(sentence, sources) or _turned_word(sentence, sources) or _turned_pair(sentence, sources)
    if turned:
        yield Fault(FaultKind.NEGATION, turned)


def _conceded(sentence: Reading, sources: Sequence[Reading]) -> str:
    """A "did not dispute" where no source says so, nor that anybody admits anything; "" if there is none."""
    given = {word.stem for source in sources for word in source.words}
    for word in sentence.words:
        before = window(sentence.words, word.place, REACH - 1)
        if word.stem in _DISPUTES and any(other.plain in NEGATORS or other.negated for other in before):
            places = occurrences(word.stem, sources)
            if not given & _ANSWERS - _DISPUTES and not any(is_negated(*each) for each in places):
                return f"“not {word.text}”: no source says so"
    return ""


def _undone(word: Word, sources: Sequence[Reading]) -> bool:
    """Whether the sources have a word with "un" before it: "unlicensed" for "licensed" or "licence"."""
    root = word.plain[:ROOT]
    if len(root) < ROOT or root == "expec":
        return False  # "more than expected" and "unexpectedly" get on
    return any(each.plain.startswith(f"un{root}") for source in sources for each in source.words)


def _lacks(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Whether the sentence says of something that it is not, and a source says so in one word."""
    return any(is_negated(sentence, word.place) and _undone(word, sources) for word in sentence.words if word.stem)


def _turned_word(sentence: Reading, sources: Sequence[Reading]) -> str:
    """A word that is denied where every source affirms it, or the other way round; "" if there is none."""
    denies = bool(negators(sentence)) or _denies_softly(sentence)
    honest = _is_denied_there(sentence, sources)
    for word in sentence.words:
        if not word.stem or word.is_name or word.stem.isdigit() or word.plain in DENIERS | NEGATORS | LIGHT:
            continue
        places = occurrences(word.stem, sources)
        if not places:
            if not denies and _undone(word, sources):
                return f"“{word.text}” is affirmed, and the source denies it"
            continue
        if is_negated(sentence, word.place):
            if not honest and not any(negators(source) or _denies_softly(source, place) for source, place in places):
                return f"“{word.text}” is denied, and the source affirms it"
            continue
        denied = not denies and all(_is_denied(source, place) for source, place in places)
        if denied or (not _is_non(sentence, word.place) and all(_is_non(source, place) for source, place in places)):
            return f"“{word.text}” is affirmed, and the source denies it"
    return ""


def _is_non(reading: Reading, place: int) -> bool:
    """Whether a "non-" stands before a word: "non-binding"."""
    return reading.text[: reading.words[place].start].casefold().endswith("non-")


def _is_denied_there(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Whether something that the sentence denies directly is denied in a source too, in whatever words."""
    denied = [sentence.words[place].stem for place in _targets(sentence)]
    theirs = [word.stem for source in sources for word in source.words if word.stem and is_negated(source, word.place)]
    return any(is_borne(stem, theirs) for stem in denied)


def _turned_pair(sentence: Reading, sources: Sequence[Reading]) -> str:
    """A word with the one behind it, "worried" about a "trip", that every source denies which has both."""
    theirs = [(source, pair) for source in sources for pair in _pairs(source)]
    denying = {word.clause for word in negators(sentence)}
    for one, two in () if _denies_softly(sentence) else _pairs(sentence):
        if one.clause in denying:
            continue
        same = [
            is_negated(source, left.place)
            for source, (left, right) in theirs
            if alike(one.stem, left.stem) and alike(two.stem, right.stem)
        ]
        if same and all(same):
            return f"“{one.text} ... {two.text}” is affirmed, and the source denies it"
    return ""


def _pairs(reading: Reading) -> Iterator[tuple[Word, Word]]:
    """Each telling word of a clause with the next one."""
    telling = [
        word
        for word in reading.words
        if word.stem and not (word.is_name or word.stem.isdigit() or is_time(word.plain)) and word.plain not in LIGHT
    ]
    return ((one, two) for one, two in pairwise(telling) if one.clause == two.clause)


def _denies_softly(reading: Reading, place: int | None = None) -> bool:
    """Whether a sentence, or the clause of a word in it, says no in other words: "turned the offer down"."""
    words = [word for word in reading.words if place is None or word.clause == reading.words[place].clause]
    return any(word.plain in SOFT_DENIERS for word in words) or bool(_NO_IN_OTHER_WORDS.search(reading.text))


def _turned_clause(sentence: Reading, sources: Sequence[Reading]) -> str:
    """A clause that is denied where the clause most like it is not, or the other way round; "" if there is none."""
    theirs = [each for source in sources for each in _clauses(source)]
    for words, denied, targets in _clauses(sentence):
        likeness = [(sum(is_borne(stem, other[0]) for stem in words), other) for other in theirs]
        most = max((shared for shared, _ in likeness), default=0)
        if most < CLAUSE_WORDS or most < CLAUSE_SHARE * len(words):
            continue
        tellers = [other for shared, other in likeness if shared >= ALMOST * most]
        if any(other_denied == denied for _, other_denied, _ in tellers) or (not denied and _denies_softly(sentence)):
            continue
        if denied and any(_NO_IN_OTHER_WORDS.search(source.text) for source in sources):
            continue
        # What is denied must be told in the other one as well: "the war that may not be won" is a war all the same.
        if denied and any(is_borne(stem, other) for stem in targets for other, _, _ in tellers):
            return "a clause is denied, and affirmed in the source"
        if not denied and any(is_borne(stem, words) for _, _, other in tellers for stem in other):
            return "a clause is affirmed, and denied there"
    return ""


def _clauses(reading: Reading) -> list[tuple[frozenset[str], bool, frozenset[str]]]:
    """The words of each clause, whether it holds a "not" or a denial, and the words that this is about."""
    denying = {
        word.clause
        for word in negators(reading)
        if word.plain != "without" and not _only_unknown(reading, word, word.place + 1 + REACH)
    }
    denying |= {word.clause for word in reading.words if word.plain in {"dropped", "scrapped"}}  # plans, a bid
    targets = [reading.words[place] for place in _targets(reading)]
    return [
        (stems, clause in denying, frozenset(word.stem for word in targets if word.clause == clause) or stems)
        for clause, stems in stems_by_clause(reading).items()
    ]


def stems_by_clause(reading: Reading) -> dict[int, frozenset[str]]:
    """What each clause says, by its number: its stems but for those that say too little."""
    found: dict[int, set[str]] = {}
    for word in reading.words:
        if word.stem and word.plain not in NEGATORS | DENIERS | SAYING | LIGHT:
            found.setdefault(word.clause, set()).add(word.stem)
    return {clause: frozenset(stems) for clause, stems in found.items()}


def _is_denied(source: Reading, place: int) -> bool:
    """Denied beyond doubt: a "not" is about this very word, or a denial about it or the word before."""
    return place in _targets(source)


def _targets(reading: Reading) -> frozenset[int]:
    """The places of what each "not" and each denial is about: the first word behind it that says something, or two."""
    found: set[int] = set()
    for no in reading.words:
        denier = _is_denier(reading, no) or _too_early(reading, no)
        if not (denier or no.plain in NEGATORS or no.negated) or _is_harmless(reading, no):
            continue
        behind = [
            word for word in reading.words[no.place + 1 : no.place + 1 + DENIAL_REACH] if word.clause == no.clause
        ]
        said = [*takewhile(lambda word: word.plain not in {"and", "but", "by"}, behind)]
        said = [word for word in said if word.plain in {"or", "nor"} or (word.stem and not word.is_name)]
        told = [word for word in said if word.stem and word.plain not in LIGHT]
        found |= {word.place for word in told[: 2 if denier else 1]}
        found |= {after.place for joint, after in pairwise(said) if joint.plain in {"or", "nor"} and after.stem}
    return frozenset(found)


def _says_opposite(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Whether a word of the sentence has its opposite in the sources: "did not support" for "opposed"."""
    stems = {word.stem for word in sentence.words if word.stem}
    given = {word.stem for source in sources for word in source.words if word.stem}
    ours, theirs = stems - given, given - stems
    return any(left & ours and right & theirs for left, right in opposites())


def _opposite(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Rose where the source says fell."""
    # Without the months: what rises in November does not fall.
    given = {word.stem or word.plain for source in sources for word in source.words if not is_time(word.plain)}
    for word in sentence.words:
        stem = word.stem or word.plain
        borne = stem in given if stem in _ANSWERS else is_borne(stem, given)
        if borne or is_negated(sentence, word.place) or _in_name(sentence, word):
            continue
        if not is_change(sentence, word.place):
            continue
        for mine, other in opposites():
            if stem not in mine or given & mine:
                continue
            places = [
                (source, each.place)
                for source in sources
                for each in source.words
                if (each.stem or each.plain) in other
            ]
            places = [
                (source, place)
                for source, place in places
                if is_change(source, place)
                and (stem not in _MOMENTS or _same_moment(sentence, word.place, source, place))
                and (stem in _ANSWERS or _same_matter(sentence, word.place, source, place))
            ]
            if places and not any(is_negated(source, place) for source, place in places):
                source, place = places[0]
                yield Fault(FaultKind.NEGATION, f"“{word.text}”, and the source says “{source.words[place].text}”")
                return


def _same_moment(sentence: Reading, place: int, source: Reading, other: int) -> bool:
    """Whether a "before" and an "after" stand before the same: else both may be true."""
    ours = {word.stem for word in sentence.words[place + 1 : place + 1 + REACH] if word.stem}
    return any(is_borne(word.stem, ours) for word in source.words[other + 1 : other + 1 + REACH] if word.stem)


def _same_matter(sentence: Reading, place: int, source: Reading, other: int) -> bool:
    """Whether two opposites stand near the same words: else the one is of one thing and the other of another."""
    ours = _around(sentence, place)
    return len(ours) <= 1 or any(is_borne(stem, ours) for stem in _around(source, other))


def _around(reading: Reading, place: int) -> frozenset[str]:
    near = reading.words[max(0, place - MATTER_REACH) : place + MATTER_REACH + 1]
    return frozenset(
        word.stem or word.plain
        for word in near
        if word.place != place and (word.stem or word.is_name) and word.plain not in LIGHT
    )


def is_change(reading: Reading, place: int) -> bool:
    """Whether a word tells of a change: "up" and "down" do before a number only."""
    word = reading.words[place]
    following = reading.words[place + 1].plain if place + 1 < len(reading.words) else ""
    return word.plain not in {"up", "down"} or following[:1].isdigit() or following in {"by", "from"}


def _in_name(reading: Reading, word: Word) -> bool:
    return word.is_name or any(low <= word.start < high for spans in reading.concepts.values() for low, high in spans)
