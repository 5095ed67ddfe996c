"""Whether something may be, is to be, or is: a summary must not be surer than its source, nor doubt what it does not.

Words that hedge, the few before a verb and its ending decide; a clause is held against the clause most like it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.claims import ALMOST, CLAUSE_SHARE, CLAUSE_WORDS, occurrences, stems_by_clause
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.reading import window
from bot.stories.grounding.support import alike, is_borne
from bot.stories.grounding.vocabulary import BE, DENIERS, DOUBTS, HEDGES, MAYBE, NEGATORS, PAST, PLANS, TRYING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

REACH: Final = 5
_GOT: Final = frozenset(["got", "obtained", "received", "acquired", "secured", "gained", "won", "bought", "upheld",
                         "granted", "overturned", "signed", "reached",
                         "struck", "sealed", "approved", "rejected", "dismissed", "ruled", "decided"])  # fmt: skip
_GAVE: Final = frozenset(["supplied", "gave", "given", "sent", "sold", "delivered", "provided", "handed"])
_PENDING: Final = frozenset(
    [
        "consider",
        "considers",
        "considering",
        "weighs",
        "weighing",
        "mulls",
        "mulling",
        "reviewing",
        "reviews",
        "debating",
        "debates",
        "pending",
    ]
)
_MODALS: Final = frozenset({"may", "might", "could"})


def check_certainty(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """What is certain here and only possible there, or the other way round; in English alone."""
    if sentence.lang != "en" or any(source.lang != "en" for source in sources):
        return
    our_hedges = {word.plain for word in sentence.words} & (HEDGES | DENIERS | TRYING | NEGATORS - {"without"})
    their_hedges = {word.plain for source in sources for word in source.words} & HEDGES
    maybe = [
        word for word in sentence.words if word.plain in MAYBE and not (word.plain == "may" and word.text == "May")
    ]
    if maybe and not their_hedges and not any(word.plain in PLANS - {"to"} for s in sources for word in s.words):
        yield Fault(FaultKind.MODALITY, f"“{maybe[0].text}”: the source leaves no doubt")
        return
    told = "" if our_hedges else _lost_doubt(sentence, sources)
    told = told or _come_about(sentence, sources) or _turned_certainty(sentence, sources, is_sure=not our_hedges)
    if told:
        yield Fault(FaultKind.MODALITY, told)


def _turned_certainty(sentence: Reading, sources: Sequence[Reading], *, is_sure: bool) -> str:
    """A word that is only possible, certain or to come here, and not so in the sources; "" if there is none."""
    for word in sentence.words:
        if not word.stem or word.is_name or word.stem.isdigit() or word.plain in HEDGES | PLANS | BE:
            continue
        places = occurrences(word.stem, sources)
        if not places:
            continue
        doubted = _hedged(sentence, word.place) and not _may_be(word.stem, sources)
        if doubted and all(_tense(*each) < 0 and not _hedged(*each) for each in places):
            return f"“{word.text}” is only possible here, and has happened in the source"
        if is_sure and all(_hedged(source, place) for source, place in places):
            return f"“{word.text}” is certain here, and only possible in the source"
        if _tense(sentence, word.place) * min((_tense(*each) for each in places), default=0) < 0 and (
            len({_tense(*each) for each in places}) == 1
        ):
            return f"“{word.text}” has happened in one, and is still to come in the other"
    return ""


def _may_be(stem: str, sources: Sequence[Reading]) -> bool:
    """Whether a source holds possible what means the same: "could send" of "sent ..., and may supply more"."""
    return any(
        alike(stem, word.stem) and _hedged(source, word.place)
        for source in sources
        for word in source.words
        if word.stem and not word.is_name
    )


def _lost_doubt(sentence: Reading, sources: Sequence[Reading]) -> str:
    """A clause that says outright what the clause most like it only holds possible; "" if there is none."""
    ours = frozenset(word.stem for word in sentence.words if word.stem)
    theirs = [
        (stems, next((word for word in _doubts_of(source, ours) if word.clause == clause), None))
        for source in sources
        for clause, stems in stems_by_clause(source).items()
    ]
    for stems in stems_by_clause(sentence).values():
        likeness = [(sum(is_borne(stem, other) for stem in stems), doubt) for other, doubt in theirs]
        most = max((shared for shared, _ in likeness), default=0)
        if most < CLAUSE_WORDS or most < CLAUSE_SHARE * len(stems):
            continue
        doubts = [doubt for shared, doubt in likeness if shared >= ALMOST * most]
        if all(doubts) and doubts[0]:
            return f"it is certain here, and the source says “{doubts[0].text}”"
    return ""


def _come_about(sentence: Reading, sources: Sequence[Reading]) -> str:
    """What has happened here, and is hoped for, planned, asked or possible wherever a source has it; "" if nothing."""
    if any(word.plain in DOUBTS for word in sentence.words):
        return ""
    for word in sentence.words:
        if not word.stem or word.is_name or not _is_done(sentence, word.place):
            continue
        same = [(source, each.place) for source in sources for each in source.words if each.stem == word.stem]
        if same and all(_is_prospect(*each) for each in same):
            return f"“{word.text}” has happened here, and is still to come in the source"
        if not same and word.plain in _GOT and _only_sought(sentence, sources):
            return f"“{word.text}”, and the source says that it is sought"
    return ""


def _is_done(reading: Reading, place: int) -> bool:
    """Whether a verb is said to have happened: "has rejoined", "dismissed", and nothing before it leaves doubt."""
    before = {other.plain for other in window(reading.words, place, REACH)}
    return _tense(reading, place) < 0 and not before & (HEDGES | PLANS | DENIERS | TRYING | NEGATORS | {"if"})


def _is_prospect(source: Reading, place: int) -> bool:
    """Whether a verb stands behind a "may", a "will", a "whether" or a plan "to"."""
    before = [other.plain for other in window(source.words, place, REACH)]
    if set(before) & (MAYBE | {"will", "whether"}):
        return True
    return any(one in PLANS | TRYING | {"likely"} and two == "to" for one, two in pairwise(before))


def _only_sought(sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Whether the source that shares most with a sentence says "seek" or "consider", and the sentence does not."""
    ours = frozenset(word.stem for word in sentence.words if word.stem and not word.is_name)
    nearest = max(sources, key=lambda source: len(ours & {word.stem for word in source.words}))
    open_yet = TRYING | _PENDING
    if any(word.plain in _GAVE for word in nearest.words):
        return False  # "was supplied with" is got
    return any(word.plain in open_yet for word in nearest.words) and not any(
        word.plain in open_yet for word in sentence.words
    )


def _doubts_of(source: Reading, told: frozenset[str]) -> Iterator[Word]:
    """Words that leave a clause in doubt; a "may" does only where what may be is told."""
    for word in source.words:
        if word.plain not in DOUBTS or word.text == "May":
            continue
        following = next((other for other in source.words[word.place + 1 :] if other.stem), None)
        if word.plain not in _MODALS or (following is not None and is_borne(following.stem, told)):
            yield word


def _hedged(source: Reading, place: int) -> bool:
    """Whether "may", "might" or "could" governs this verb."""
    before = window(source.words, place, 3)
    if any(other.plain in MAYBE and other.text != "May" for other in before):
        return True
    return any(one.plain in TRYING and two.plain == "to" for one, two in pairwise(before))


def _tense(reading: Reading, place: int) -> int:
    """1 for what is still to come, -1 for what has happened, 0 for what the words do not say."""
    word = reading.words[place]
    before = [other.plain for other in window(reading.words, place, 3)]
    if "will" in before or "shall" in before:
        return 1
    if {"to", "would", "may", "might", "could", "should", "be", "can", "must"} & set(before):
        return 0
    is_past = word.plain in PAST or (word.plain.endswith("ed") and len(word.plain) > 4)  # noqa: PLR2004
    has = before[-1:] and before[-1] in {"has", "have", "had", "was", "were"}
    verb = not before or before[-1] not in {"the", "a", "an", "of", "by", "is", "are", "with", "its", "his", "their"}
    return -1 if is_past and (has or verb) else 0
