"""Who did what to whom: a sentence must not exchange the two sides of what its sources say.

Around a word that both have, who stands before and who stands behind it are compared, with passives turned round and
"receive from" read as "give to". For Korean, Japanese, Chinese and Cyrillic, the marks of case and the words beside a
name say its side. No grammar is parsed: where the words do not show two sides exchanged, nothing is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.reading import stem_of
from bot.stories.grounding.support import alike
from bot.stories.grounding.vocabulary import (
    BE,
    GETTING,
    GIVING,
    GOING,
    HOSTING,
    IRREGULAR_PARTICIPLES,
    MUTUAL,
    OFFICES,
    PAST,
    SAYING,
    TITLES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

REACH: Final = 14
NEAR: Final = 4
SPEECH_SHARE: Final = 0.6
_PRONOUN_SPEAKS: Final = re.compile(
    r"\b(?:he|she|they|official|spokesperson) (?:also )?(?:said|added|stated|noted)\b", re.IGNORECASE
)
_MOVES: Final = frozenset({"give", "go"})
_PSYCH: Final = frozenset(["concern", "worry", "trouble", "alarm", "fear", "surprise", "shock", "anger", "please"])
_SIDES: Final = frozenset(
    ["to", "from", "by", "for", "with", "about", "over", "at", "of", "in", "on", "against", "and"]
)
_TO_BEFORE: Final = frozenset(["about", "over", "at", "with"])


@dataclass(frozen=True, slots=True)
class _Frame:
    """A predicate with those who stand on its two sides, by key: a lexicon concept, or a word's stem.

    ``subject`` and ``object`` are those right beside it, turned round in a passive; ``names`` the keys that are names.
    """

    stem: str
    before: frozenset[str]
    behind: frozenset[str]
    names: frozenset[str]
    subject: str
    object: str
    is_verb: bool


def check_roles(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Sides exchanged, and words put into somebody else's mouth."""
    if sentence.lang == "en" and all(source.lang == "en" for source in sources):
        yield from _exchanged(sentence, sources)
        yield from _wrong_speaker(sentence, sources)
        return
    yield from _marked_otherwise(sentence, sources)


def _exchanged(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    theirs = [frame for source in sources for frame in _frames(source)]
    about = frozenset().union(*(frame.names for frame in theirs)) if theirs else frozenset()
    for frame in _frames(sentence):
        same = [other for other in theirs if other.stem == frame.stem]
        same = same or [other for other in theirs if alike(frame.stem, other.stem)]
        if not same or (frame.stem not in _MOVES and not frame.is_verb and any(_agree(frame, other) for other in same)):
            continue
        elsewhere = _elsewhere(frame, same, about)
        if elsewhere:
            yield Fault(FaultKind.ROLE, f"{elsewhere}: the source says this of others")
            return
        for other in same:
            left, right = frame.before & other.behind, frame.behind & other.before
            if not _changed(frame, other, left, right):
                continue
            who = " and ".join(_shown(side) for side in (left, right) if side)
            yield Fault(FaultKind.ROLE, f"{who or frame.stem}: who did it to whom has changed")
            return


def _elsewhere(frame: _Frame, same: Sequence[_Frame], about: frozenset[str]) -> str:
    """Who acts here, where every such act of the sources is somebody else's, or leads elsewhere."""
    if frame.stem not in _MOVES:
        return _other_actor(frame, same, about)
    ours = frame.before & frame.names, frame.behind & frame.names
    theirs = [(other.before & other.names, other.behind & other.names) for other in same]
    theirs = [sides for sides in theirs if all(sides)]
    if not all(ours) or not theirs:
        return ""
    if any(ours[0] & before and ours[1] & behind for before, behind in theirs):
        return ""
    return _shown(ours[0])


def _other_actor(frame: _Frame, same: Sequence[_Frame], about: frozenset[str]) -> str:
    """Who does here what in every source somebody else does, whom the sources name as well."""
    exact = [other for other in same if other.stem == frame.stem and other.is_verb]
    actors = frame.before & frame.names
    others = [other.before & other.names for other in exact]
    if not frame.is_verb or not actors or not actors <= about or not others or not all(others):
        return ""
    for states in (True, False):  # a person may speak for a state: only like is held against like
        ours = frozenset(key for key in actors if key.startswith("@") is states)
        theirs = [frozenset(key for key in each if key.startswith("@") is states) for each in others]
        if ours and all(theirs):
            return "" if any(ours & each for each in theirs) else _shown(ours)
    return ""


def _changed(frame: _Frame, other: _Frame, left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two frames of one predicate contradict each other about who stands where."""
    if _agree(frame, other):
        return False
    if left & frame.names and right & frame.names:
        return True
    if frame.is_verb and other.is_verb and left and right and (left | right) & frame.names:
        return True
    if frame.stem in _MOVES:
        return any(key.startswith("@") for key in left | right)
    if not (frame.is_verb and other.is_verb):
        return False
    return bool((frame.subject and frame.subject == other.object) or (frame.object and frame.object == other.subject))


def _agree(frame: _Frame, other: _Frame) -> bool:
    """Whether somebody stands on the same side in both; where names stand beside the predicate, they decide."""
    keys = frame.names & other.names & (frame.before | frame.behind) & (other.before | other.behind)
    keys = keys or (frame.before | frame.behind)
    same = len((frame.before & other.before | frame.behind & other.behind) & keys)
    turned = len((frame.before & other.behind | frame.behind & other.before) & keys)
    return same > 0 and same >= turned


def _shown(keys: frozenset[str]) -> str:
    return min(keys).removeprefix("@").replace("_", " ")


def _frames(reading: Reading) -> list[_Frame]:
    """The predicates of a sentence that have somebody on one side or both."""
    who = _keys(reading)
    found = []
    for word in reading.words:
        if not word.stem or word.place in who.names or word.plain in _PSYCH or word.plain in MUTUAL:
            continue
        if word.stem.isdigit():
            continue
        frame = _frame(word, reading, who)
        if frame.before or frame.behind:
            found.append(frame)
    return found


@dataclass(frozen=True, slots=True)
class _Who:
    of: dict[int, str]
    names: frozenset[int]


def _keys(reading: Reading) -> _Who:
    """A key for each word that can have a side: names by concept or by spelling, and other nouns by stem."""
    by_place: dict[int, str] = {}
    names: set[int] = set()
    for key, spans in reading.concepts.items():
        for low, high in spans:
            for word in reading.words:
                if low <= word.start < high:
                    by_place[word.place] = key
                    names.add(word.place)
    for word in reading.words:
        if word.place in by_place:
            continue
        if word.is_name:
            by_place[word.place] = word.stem or word.plain
            names.add(word.place)
        elif word.stem and not word.stem.isdigit() and not _is_verb(reading.words, word.place):
            by_place[word.place] = word.stem
    return _Who(by_place, frozenset(names))


def _frame(predicate: Word, reading: Reading, known: _Who) -> _Frame:
    words, place, who = reading.words, predicate.place, known.of
    stem, turned = _canonical(predicate)
    passive = _is_passive(words, place)
    before: set[str] = set()
    behind: set[str] = set()
    for other in _left(words, place):
        if other.place in who:
            side = _preposition(words, other.place)
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
    left, right = _beside(words, place, who)
    if passive or turned:
        left, right = ("" if passive else right), left
    return _Frame(
        stem,
        frozenset(before - behind),
        frozenset(behind - before),
        names=frozenset(who[at] for at in known.names),
        subject=left,
        object=right,
        is_verb=_is_verb(words, place),
    )


def _is_verb(words: Sequence[Word], place: int) -> bool:
    """Whether a word is a verb by its form; one in -s only right behind a name."""
    word = words[place]
    if word.plain.endswith("ed") or word.plain in PAST or word.plain in IRREGULAR_PARTICIPLES:
        return True
    return word.plain.endswith("s") and place > 0 and words[place - 1].is_name


def _beside(words: Sequence[Word], place: int, who: dict[int, str]) -> tuple[str, str]:
    """Who stands right before and right behind a word, but for articles, numbers and auxiliaries."""
    left = next((other for other in reversed(words[max(0, place - 3) : place]) if other.place in who), None)
    right = next((other for other in words[place + 1 : place + 3] if other.place in who or other.plain in _SIDES), None)
    clause = words[place].clause
    return (
        who[left.place] if left and left.clause == clause else "",
        who[right.place] if right and right.place in who and right.clause == clause else "",
    )


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
    strangers = {key for key in ours - theirs if _is_person(key)}
    if ours and theirs and not ours & theirs and all(key.startswith("@") for key in ours | theirs):
        strangers = set(ours)  # two bodies or countries: neither speaks for the other
    if theirs and strangers and not ours & theirs:
        yield Fault(FaultKind.ROLE, f"{_shown(frozenset(strangers))} does not say this in the source")


def _is_person(key: str) -> bool:
    return not key.startswith("@")


def _speakers(reading: Reading) -> frozenset[str]:
    """Who speaks: the name right before or right behind a verb of saying."""
    who = _keys(reading)
    found: set[str] = set()
    for word in reading.words:
        if word.plain not in SAYING:
            continue
        near = [
            other
            for other in reading.words[max(0, word.place - 3) : word.place]
            if other.place in who.names and other.clause == word.clause
        ]
        if near:
            found |= _speaker_keys(near[-1], who)
        elif _opens_clause(reading.words, word.place):
            behind = [o for o in reading.words[word.place + 1 : word.place + 8] if o.place in who.names]
            found |= {key for o in behind if o.clause == word.clause for key in _speaker_keys(o, who)}
    return frozenset(found)


def _opens_clause(words: Sequence[Word], place: int) -> bool:
    """Whether a verb of saying comes before its speaker: ", said Kirby", "according to Kirby"."""
    before = words[place - 1] if place else None
    return before is None or before.clause != words[place].clause or words[place].plain == "according"


def _speaker_keys(word: Word, who: _Who) -> set[str]:
    key = who.of[word.place]
    if key.startswith("@") or word.plain in OFFICES | TITLES or (word.text.isupper() and len(word.text) > 1):
        return {"@" + key.lstrip("@")}
    return {key, word.plain}


# ---------------------------------------------------------------- other languages

_MARKS: Final = {
    "ko": ((re.compile(r"^(?:이|가|은|는|께서|측이|군이|군은)(?![가-힣])"), "S"),
           (re.compile(r"^(?:에게|에서|으로부터|로부터)"), "F"),
           (re.compile(r"^(?:을|를|에|으로|로|에게)"), "O")),
    "ja": ((re.compile(r"^(?:は|が|側は|側が)"), "S"),
           (re.compile(r"^から"), "F"), (re.compile(r"^(?:を|に|へ|向け)"), "O")),
}  # fmt: skip
_SPEAKING: Final = re.compile(r"(?:заяви|сказа|сообщи|отмети|подчеркну|повідоми|зазначи)\w*\s$", re.IGNORECASE)
_SPEAKS: Final = re.compile(
    r"[^\W\d_]*\s?(?:[^\W\d_]+\s)?(?:заяви|сказа|сообщи|отмети|подчеркну|повідоми|зазначи|表示|说|說|称|稱|指出)"
    r"|[^。]{0,4}(?:述べ|明らか|発表)",
    re.IGNORECASE,
)
_KO_TO: Final = re.compile(r"^에게")
_ZH_BEFORE: Final = ((re.compile(r"(?:向|给|給|对|對|往|至|到)$"), "O"), (re.compile(r"(?:从|從|自|由|被)$"), "F"))
_CYRILLIC_FROM: Final = re.compile(r"(?:^|\s)(?:из|от|з|із|від|со стороны)\s$")
_CYRILLIC_TO: Final = re.compile(r"(?:^|\s)(?:в|во|к|у|до|для|на|против|проти)\s$")
_GENITIVE: Final = re.compile(r"(?:ию|ии|ее|ею|ой|ому|ему|у|ю|ом|ем|ою|ії|ію|єю|ві|ові)$")


def _marked_otherwise(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Two names of which one acts and one is acted upon here, and the other way round in every source that has both."""
    ours = _sides(sentence)
    theirs = [sides for sides in map(_sides, sources) if len(sides.keys() & ours.keys()) > 1]
    for actor, side in ours.items():
        if side != "S":
            continue
        for other, other_side in ours.items():
            if other_side not in {"O", "F"}:
                continue
            both = [sides for sides in theirs if actor in sides and other in sides]
            if both and all(sides[actor] == other_side and sides[other] == "S" for sides in both):
                yield Fault(
                    FaultKind.ROLE, f"{_shown(frozenset({actor}))} and {_shown(frozenset({other}))} have changed sides"
                )
                return


def _sides(reading: Reading) -> dict[str, str]:
    """Each concept of a sentence as actor (S), goal or object (O) or origin (F), where something marks it."""
    if reading.lang == "en":
        return _english_sides(reading)
    found: dict[str, str] = {}
    first = -1
    for key, spans in sorted(reading.concepts.items(), key=lambda item: item[1][0]):
        low, high = spans[0]
        if _SPEAKING.search(reading.text[max(0, low - 16) : low]) or _SPEAKS.match(reading.text[high : high + 24]):
            continue
        first = low if first < 0 else first
        side = _side(reading.text[:low], reading.text[low:high], reading.text[high : high + 12], reading.lang)
        if not side and low == first:
            side = "S"
        elif not side and reading.lang in {"zh", "ru", "uk"}:
            side = "O"
        if side:
            found[key] = side
    return found


def _side(before: str, name: str, behind: str, lang: str) -> str:
    if lang in _MARKS:
        if lang == "ko" and _KO_TO.match(behind):
            return "O"
        return next((side for shape, side in _MARKS[lang] if shape.match(behind)), "")
    if lang == "zh":
        return next((side for shape, side in _ZH_BEFORE if shape.search(before)), "")
    if lang in {"ru", "uk"}:
        ending = re.match(r"[^\W\d_]*", behind)
        whole = name + (ending.group() if ending else "")
        if _CYRILLIC_FROM.search(before.casefold()):
            return "F"
        if _CYRILLIC_TO.search(before.casefold()) or _GENITIVE.search(whole.casefold()):
            return "O"
    return ""


def _english_sides(reading: Reading) -> dict[str, str]:
    """By the frames of the sentence: who is before a predicate and nowhere behind one acts."""
    before: set[str] = set()
    behind: set[str] = set()
    for frame in _frames(reading):
        if frame.stem in {"give", "go"} or (frame.before and frame.behind):
            before |= {key for key in frame.before if key.startswith("@")}
            behind |= {key for key in frame.behind if key.startswith("@")}
    return dict.fromkeys(before - behind, "S") | dict.fromkeys(behind - before, "O")
