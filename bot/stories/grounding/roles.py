"""Who did what to whom: a sentence must not exchange the sides of its sources, nor put words into other mouths.

Where the words do not show that sides were exchanged, nothing is found.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.acts import acts_of
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.frames import frames_of, keys_of, shown_key
from bot.stories.grounding.reading import stem_of
from bot.stories.grounding.sides import check_marks, check_speaker
from bot.stories.grounding.support import alike
from bot.stories.grounding.vocabulary import OFFICES, SAYING, TITLES
from bot.stories.grounding.ways import ways_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.acts import Act
    from bot.stories.grounding.frames import Frame, Who
    from bot.stories.grounding.reading import Reading, Word

SPEECH_SHARE: Final = 0.6
_PRONOUN_SPEAKS: Final = re.compile(
    r"\b(?:he|she|it|they|both|official|spokesperson) (?:also )?(?:said|says?|added|stated|noted)\b", re.IGNORECASE
)
_HAPPENS: Final = frozenset(map(stem_of, ["die", "fall", "rise", "collapse"]))
"""What befalls somebody is no act of theirs: who is killed dies."""
_ANSWERS: Final = frozenset(map(stem_of, ["deny", "confirm", "admit", "reject", "dismiss", "refuse"]))
_RAISING: Final = frozenset(map(stem_of, ["expect", "schedule", "suppose"]))
"""Whoever is expected to do something has nothing done to them."""
_PREFERENCE: Final = frozenset({"over", "than", "above"})
BESIDE: Final = 4
_MOVES: Final = frozenset({"give", "go"})


def check_roles(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Sides exchanged, and words put into somebody else's mouth."""
    if sentence.lang == "en" and all(source.lang == "en" for source in sources):
        yield from _turned(sentence, sources) or _exchanged(sentence, sources)
        yield from _exchanged_doers(sentence, sources)
        yield from _changed_order(sentence, sources)
        yield from _turned_way(sentence, sources)
        yield from _wrong_speaker(sentence, sources)
        return
    yield from check_marks(sentence, sources)
    yield from check_speaker(sentence, sources)


def _turned(sentence: Reading, sources: Sequence[Reading]) -> list[Fault]:
    """Acts whose doer is in the sources who it is done to, or whom somebody else does."""
    theirs = [act for source in sources for act in acts_of(source)]
    for act in acts_of(sentence):
        if act.stem in _RAISING:
            continue
        same = [other for other in theirs if other.stem == act.stem and (other.doer or other.done_to)]
        same = same or [other for other in theirs if alike(other.stem, act.stem) and other.stem not in _HAPPENS]
        if _answered_for_another(act, same, sentence, sources):
            return [Fault(FaultKind.ROLE, f"“{act.text}”: others do so in the source")]
        if not same or any(_same_doer(act, other) and not _crossed(act, other) for other in same):
            continue
        if any(_crossed(act, other) for other in same) or _answered_by_another(act, same, sentence):
            return [Fault(FaultKind.ROLE, f"“{act.text}”: who did it to whom has changed")]
        exact = [other for other in same if other.stem == act.stem and _shared(act.done_to, other.done_to)]
        if act.names and exact and all(other.names for other in exact):
            who = shown_key(act.names)
            return [Fault(FaultKind.ROLE, f"“{act.text}”: not {who} in the source")]
        if act.names and exact and _of_another_country(act, exact, sentence):
            return [Fault(FaultKind.ROLE, f"“{act.text}”: not {shown_key(act.names)} in the source")]
        verbatim = [other for other in same if other.stem == act.stem]
        known = act.patients and verbatim and all(other.patients for other in verbatim)
        if known and not any(_shared(act.patients, other.patients) for other in verbatim):
            return [Fault(FaultKind.ROLE, f"“{act.text}”: not {shown_key(act.patients)} in the source")]
    return []


def _answered_by_another(act: Act, same: Sequence[Act], sentence: Reading) -> bool:
    """Whether somebody with a name denies or confirms here, and others with names do wherever the sources say so."""
    ours = act.doer & {word.stem or word.plain for word in sentence.words if word.is_name}
    return act.stem in _ANSWERS and bool(ours) and all(other.names for other in same)


def _answered_for_another(act: Act, same: Sequence[Act], sentence: Reading, sources: Sequence[Reading]) -> bool:
    """Whether the ministry of one denies here, and the ministry of another one wherever the sources say so."""
    names = frozenset(word.stem or word.plain for each in (sentence, *sources) for word in each.words if word.is_name)
    ours = act.doer & names
    theirs = [other.doer & names for other in same]
    return (
        act.stem in _ANSWERS and bool(ours and same) and all(theirs) and not any(_shared(ours, one) for one in theirs)
    )


def _of_another_country(act: Act, same: Sequence[Act], sentence: Reading) -> bool:
    """Whether somebody acts here, and in the sources always a country that the sentence has nothing of."""
    theirs = [_known(other.doer) for other in same]
    return not _known(act.doer) and all(theirs) and not any(keys & sentence.known for keys in theirs)


def _crossed(act: Act, other: Act) -> bool:
    """Whether one who acts here is acted upon there, or the other way round, and nobody stands where they stood."""
    if _swapped(act, other):
        return True
    ours, theirs = _known(act.doer), _known(other.doer)
    if ours and theirs and not ours & theirs and ours & (other.done_to | other.goal | other.source):
        return True  # "Haiti's court", "Kenya's court"
    if _same_doer(act, other):
        return False
    if act.done_to and other.done_to and _shared(act.done_to, other.done_to):
        transfer = _shared(act.doer, other.goal | other.source), _shared(act.goal | act.source, other.doer)
        return any(transfer)
    doer = bool(act.done_to) and _shared(act.doer, other.done_to)
    if act.is_passive and not act.doer:
        return bool(act.done_to & other.doer)  # "were killed in an explosion": its bomb may stand beside the victims
    return doer or (bool(other.done_to) and _shared(act.done_to, other.doer))


def _swapped(act: Act, other: Act) -> bool:
    """Whether both have changed places: who acts with whom it is done to, to whom it goes or from whom it comes."""
    if _shared(act.doer, other.doer):
        return False
    if _shared(act.doer, other.done_to) and _shared(act.done_to, other.doer):
        return True
    ends = (act.goal, other.goal), (act.source, other.source)
    return any(_shared(act.doer, there) and here and not _shared(here, there) for here, there in ends)


def _exchanged_doers(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Two acts of which each is done by who does the other one in the source: "officers found what a clerk took"."""
    ours = [act for act in acts_of(sentence) if act.doer]
    for source in sources:
        theirs = [act for act in acts_of(source) if act.doer]
        pairs = [(act, other) for act in ours for other in theirs if alike(act.stem, other.stem)]
        for (act, there), (second, second_there) in combinations(pairs, 2):
            if _shared(act.doer, second.doer) or _shared(there.doer, second_there.doer):
                continue
            if _same_doer(act, there) or _same_doer(second, second_there):
                continue
            if _shared(act.doer, second_there.doer) and _shared(second.doer, there.doer):
                yield Fault(FaultKind.ROLE, f"“{act.text}” and “{second.text}”: each is done by the other one there")
                return


def _changed_order(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Who stands before an "over" or a "than" and who behind it: "men over women"."""
    theirs = [sides for source in sources for sides in _compared(source)]
    for joint, before, behind in _compared(sentence):
        for other, left, right in theirs:
            if joint == other and before & (right - left) and behind & (left - right):
                yield Fault(FaultKind.ROLE, f"“{joint}”: who stands before it and who behind has changed")
                return


def _turned_way(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """A name that something goes to or comes from there, and that itself acts here: "Moscow seeks it from Seoul"."""
    theirs = [way for source in sources for way in ways_of(source)]
    for way in ways_of(sentence):
        same = [other for other in theirs if other.preposition == way.preposition and alike(other.stem, way.stem)]
        if same and all(way.subject & other.end and not way.end & other.end for other in same):
            yield Fault(FaultKind.ROLE, f"{shown_key(way.subject)}: who did it to whom has changed")
            return


def _compared(reading: Reading) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Each word of preference with the stems beside it, but for those that stand on both sides."""
    for word in reading.words:
        if word.plain in _PREFERENCE:
            near = (reading.words[max(0, word.place - BESIDE) : word.place],
                    reading.words[word.place + 1 : word.place + 1 + BESIDE])  # fmt: skip
            left, right = (frozenset(each.stem for each in side if each.stem) for side in near)
            yield word.plain, left - right, right - left


def _same_doer(act: Act, other: Act) -> bool:
    """Whether the same one acts: names decide, where both have one."""
    return _shared(act.names, other.names) if act.names and other.names else _shared(act.doer, other.doer)


def _known(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(key for key in keys if key.startswith("@"))


def _shared(keys: frozenset[str], others: frozenset[str]) -> bool:
    return any(key in others or any(alike(key, other) for other in others) for key in keys)


def _exchanged(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Gifts and journeys, told by a verb or by a noun, that go the other way or are another's."""
    theirs = [frame for source in sources for frame in frames_of(source) if frame.stem in _MOVES]
    for frame in frames_of(sentence):
        same = [other for other in theirs if other.stem == frame.stem]
        elsewhere = _elsewhere(frame, same)
        if elsewhere:
            yield Fault(FaultKind.ROLE, f"{elsewhere}: the source says this of others")
            return
        for other in same:
            left, right = frame.before & other.behind, frame.behind & other.before
            if not _changed(frame, other, left, right):
                continue
            who = " and ".join(shown_key(side) for side in (left, right) if side)
            yield Fault(FaultKind.ROLE, f"{who}: who did it to whom has changed")
            return


def _elsewhere(frame: Frame, same: Sequence[Frame]) -> str:
    """Who acts here, where every such act of the sources is somebody else's, or leads elsewhere."""
    ours = frame.before & frame.names, frame.behind & frame.names
    theirs = [(other.before & other.names, other.behind & other.names) for other in same]
    theirs = [sides for sides in theirs if all(sides)]
    if not all(ours) or not theirs:
        return ""
    if any(ours[0] & before and ours[1] & behind for before, behind in theirs):
        return ""
    return shown_key(ours[0])


def _changed(frame: Frame, other: Frame, left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two frames contradict each other about who stands where: a country on the other side is enough."""
    if _agree(frame, other):
        return False
    return bool(left & frame.names and right & frame.names) or bool(_known(left | right))


def _agree(frame: Frame, other: Frame) -> bool:
    """Whether somebody stands on the same side in both; where names stand beside the predicate, they decide."""
    keys = frame.names & other.names & (frame.before | frame.behind) & (other.before | other.behind)
    keys = keys or (frame.before | frame.behind)
    same = len((frame.before & other.before | frame.behind & other.behind) & keys)
    turned = len((frame.before & other.behind | frame.behind & other.before) & keys)
    return same > 0 and same >= turned


def _wrong_speaker(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """What one person said, said by another whom the source names too."""
    ours = _speakers(sentence)
    if not ours:
        return
    stems = {word.stem for word in sentence.words if word.stem and not word.is_name}
    shared = [(len(stems & {word.stem for word in source.words if not word.is_name}), source) for source in sources]
    most = max((count for count, _ in shared), default=0)
    near = [source for count, source in shared if count >= SPEECH_SHARE * most]
    if any(_PRONOUN_SPEAKS.search(source.text) for source in near):
        return  # "he added": another sentence says who he is
    theirs = frozenset().union(*map(_speakers, near))
    theirs |= ours & frozenset().union(*map(_apart, near))
    strangers = {key for key in ours - theirs if _is_person(key)}
    if ours and theirs and not ours & theirs and all(key.startswith("@") for key in ours | theirs):
        strangers = set(ours)  # two bodies or countries: neither speaks for the other
    if theirs and strangers and not ours & theirs:
        yield Fault(FaultKind.ROLE, f"{shown_key(frozenset(strangers))} does not say this in the source")


def _apart(reading: Reading) -> frozenset[str]:
    """Names a few words before a verb of saying, commas or not: "the operator, Seacom, announced"."""
    who = keys_of(reading)
    said = [word.place for word in reading.words if word.plain in SAYING]
    near = [reading.words[at] for place in said for at in range(max(0, place - 3), place) if at in who.names]
    return frozenset(key for word in near for key in _speaker_keys(word, who))


def _is_person(key: str) -> bool:
    return not key.startswith("@")


def _speakers(reading: Reading) -> frozenset[str]:
    who = keys_of(reading)
    return frozenset(key for word in speakers(reading) for key in _speaker_keys(word, who))


def speakers(reading: Reading) -> tuple[Word, ...]:
    """Who speaks: the name right before a verb of saying, or those right behind it."""
    named = keys_of(reading).names
    found: list[Word] = []
    for word in reading.words:
        if word.plain not in SAYING:
            continue
        near = [
            other
            for other in reading.words[max(0, word.place - 3) : word.place]
            if other.place in named and other.clause == word.clause
        ]
        between = reading.words[near[-1].place + 1 : word.place] if near else ()
        if any(other.plain in TITLES for other in between):
            continue  # "the former Alaska governor said": a description, which another sentence gives a name
        if near and not _is_place_of(reading.words, near[-1]):
            found.append(near[-1])
        elif not near and _opens_clause(reading.words, word.place):
            behind = [o for o in reading.words[word.place + 1 : word.place + 8] if o.place in named]
            found += [other for other in behind if other.clause == word.clause]
    return tuple(found)


def _is_place_of(words: Sequence[Word], name: Word) -> bool:
    """Whether a name says where its speaker is: "a woman in Gwinnett County says"."""
    first = name.place
    while first and words[first - 1].is_name:
        first -= 1
    return first > 0 and words[first - 1].plain in {"in", "at", "near"}


def _opens_clause(words: Sequence[Word], place: int) -> bool:
    """Whether a verb of saying comes before its speaker: ", said Kirby", "according to Kirby"."""
    before = words[place - 1] if place else None
    return before is None or before.clause != words[place].clause or words[place].plain == "according"


def _speaker_keys(word: Word, who: Who) -> set[str]:
    key = who.of[word.place]
    if key.startswith("@") or word.plain in OFFICES | TITLES or (word.text.isupper() and len(word.text) > 1):
        return {"@" + key.lstrip("@")}
    return {key, word.plain}
