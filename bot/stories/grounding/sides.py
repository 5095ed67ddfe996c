"""Who acts and who is acted upon, in Korean, Japanese, Chinese, Russian and Ukrainian, and across languages.

Marks of case, particles and the words beside a name say its side; a place without a mark has none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.frames import frames_of, shown_key
from bot.stories.grounding.spelling import may_be_one
from bot.stories.grounding.vocabulary import SAYING
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading

REACH: Final = 8
BEHIND: Final = 4
"""How many words before a verb of saying, and behind it, who speaks may stand."""
_SAYING: Final = re.compile(r"(?:заяв|сказа|сообщ|отмет|добав|подчерк|повідом|зазнач|дода|наголос|рассказ|розпов)\w*")
_PRONOUN_SPEAKS: Final = re.compile(r"\b(?:he|she|they) (?:also )?(?:said|added|stated|noted|told)\b", re.IGNORECASE)
_OFFICE: Final = r"(?:\s?(?:정부|측|군|당국|대통령|총리|외교부|국방부|政府|側|軍|当局|大統領|首相|外務省))?"
_JA_PHRASE: Final = (
    r"(?:[\u30a0-\u30ff\u3400-\u9fff]{0,8}の)?[\u30a0-\u30ff\u3400-\u9fff]{1,8}(?:の[\u30a0-\u30ff\u3400-\u9fff]{1,6})?"
)
_QUOTED_NAME: Final = re.compile(
    r"\b[^\W\d_]{2,20}(?:(?P<goal>[ую]|ом|ем|ою|ей|ові|еві)|[бвгджзклмнпрстфхцчшщй])\s«(?P<name>[^»]{2,40})»"
)
_KO_NOUN: Final = re.compile(
    r"(?<![가-힣])(?P<noun>[가-힣]{2,8}?)(?:(?P<actor>은|는|이|가)|(?P<goal>에|에게|을|를|로부터))(?=[\s,])"
)
_MARKS: Final = {
    "ko": ((re.compile(rf"^{_OFFICE}(?:이|가|은|는|께서)(?![가-힣])"), "S"),
           (re.compile(r"^(?:산(?![가-힣])|에게서|에서|으로부터|로부터)"), "F"),
           (re.compile(r"^(?:을|를|에|으로|로|에게)"), "O")),
    "ja": ((re.compile(rf"^{_OFFICE}(?:は|が)"), "S"),
           (re.compile(r"^(?:産|から)"), "F"), (re.compile(rf"^{_OFFICE}(?:を|に|へ|向け)"), "O"),
           # "中国外務省の報道官は": the particle at the end of the whole phrase.
           (re.compile(rf"^{_JA_PHRASE}[はが]"), "S"), (re.compile(rf"^{_JA_PHRASE}[をへ]"), "O")),
}  # fmt: skip
_SPEAKING: Final = re.compile(
    r"(?:заяви|сказа|сообщи|отмети|подчеркну|повідоми|зазначи)\w*\s(?:[^\W\d_]{2,16}\s)?$", re.IGNORECASE
)
_SPEAKS: Final = re.compile(
    r"[^\W\d_]{0,24}\s?(?:[^\W\d_]{1,24}\s)?(?:заяви|сказа|сообщи|отмети|подчеркну|повідоми|зазначи|表示|说|說|称|稱|指出)"
    r"|[^。]{0,4}(?:述べ|明らか|発表)",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[,，、;:]")
_KO_TO: Final = re.compile(r"^에게")
_ZH_BEFORE: Final = ((re.compile(r"(?:向|给|給|对|對|往|至|到)$"), "O"), (re.compile(r"(?:从|從|自|由|被)$"), "F"))
_CYRILLIC_FROM: Final = re.compile(r"(?:^|\s)(?:из|от|з|із|від|со стороны)\s$")
_CYRILLIC_TO: Final = re.compile(r"(?:^|\s)(?:в|во|к|у|до|для|на|против|проти)\s$")
_GENITIVE: Final = re.compile(r"(?:ию|ии|ее|ею|ой|ому|ему|у|ю|ом|ем|щі|їни|кви|ави|ою|ії|ію|єю|ві|ові)$")


def check_marks(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
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
                    FaultKind.ROLE,
                    f"{shown_key(frozenset({actor}))} and {shown_key(frozenset({other}))} have changed sides",
                )
                return


def check_speaker(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Between Russian or Ukrainian and English: somebody who says it here, and is only spoken of in the sources."""
    if sentence.lang not in {"ru", "uk"} or any(source.lang != "en" for source in sources):
        return
    told = [word for source in sources for word in source.words if word.is_name]
    said = {word for source in sources for word in _said_by(source)}
    if not said or any(_PRONOUN_SPEAKS.search(source.text) for source in sources):
        return
    for word in sentence.words:
        if not _SAYING.match(word.plain):
            continue
        near = sentence.words[max(0, word.place - 1) : word.place] or sentence.words[word.place + 1 : word.place + 2]
        for name in near:
            known = name.text[0].isupper() and any(may_be_one(name.plain, other.plain) for other in told)
            if known and not any(may_be_one(name.plain, other) for other in said):
                yield Fault(FaultKind.ROLE, f"{name.text} does not say this in the source")


def _said_by(source: Reading) -> set[str]:
    """The names before a verb of saying, or right behind one that has none before it."""
    found: set[str] = set()
    for verb in source.words:
        if verb.plain in SAYING:
            before = [word.plain for word in source.words[max(0, verb.place - REACH) : verb.place] if word.is_name]
            behind = [word.plain for word in source.words[verb.place + 1 : verb.place + 1 + BEHIND] if word.is_name]
            found.update(before or behind)
    return found


def _sides(reading: Reading) -> dict[str, str]:
    """Each concept of a sentence as actor (S), goal or object (O) or origin (F), where something marks it."""
    if reading.lang == "en":
        return _english_sides(reading)
    spans = sorted((span, key) for key, all_spans in reading.concepts.items() for span in all_spans)
    found: dict[str, str] = {}
    clause_end = -1  # where the clause ends whose first name has been seen
    for (low, high), key in spans:
        if _SPEAKING.search(reading.text[max(0, low - 32) : low]) or _SPEAKS.match(reading.text[high : high + 24]):
            continue
        side = _side(reading.text[:low], reading.text[low:high], reading.text[high : high + 24], reading.lang)
        if not side and low > clause_end:
            side, clause_end = "S", _clause_end(reading.text, high)
        elif not side and reading.lang in {"zh", "ru", "uk"}:
            side = "O"
        if side == "S" or (side and found.get(key) != "S"):
            found[key] = side
    others = _other_nouns(reading) if reading.lang == "ko" else _quoted_names(reading) if reading.lang != "zh" else {}
    return found | others


def _other_nouns(reading: Reading) -> dict[str, str]:
    """Korean nouns that the lexicon does not know, by their particles; none that stands on both sides."""
    inside = [span for spans in reading.concepts.values() for span in spans]
    sides: dict[str, set[str]] = {}
    for match in _KO_NOUN.finditer(reading.text):
        if not any(low < match.end("noun") and match.start() < high for low, high in inside):
            sides.setdefault(match["noun"], set()).add("S" if match["actor"] else "O")
    return {noun: next(iter(where)) for noun, where in sides.items() if len(where) == 1}


def _quoted_names(reading: Reading) -> dict[str, str]:
    """Russian and Ukrainian firms and funds by the case of the noun before their name: "банку «Север»"."""
    return {normalise(match["name"]): "O" if match["goal"] else "S" for match in _QUOTED_NAME.finditer(reading.text)}


def _clause_end(text: str, at: int) -> int:
    end = _CLAUSE.search(text, at)
    return end.start() if end else len(text)


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
    for frame in frames_of(reading):
        if frame.stem in {"give", "go"} or (frame.before and frame.behind):
            before |= {key for key in frame.before if key.startswith("@")}
            behind |= {key for key in frame.behind if key.startswith("@")}
    return dict.fromkeys(before - behind, "S") | dict.fromkeys(behind - before, "O")
