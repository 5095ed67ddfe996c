"""Names the speaker where a sentence only has a pronoun for him: "[Kirby] added ...", "[이도현 대변인]은 ...".

A sentence can then stand alone. The name goes in square brackets, as an editor's insertion. Nobody is named where there
is a doubt: in English the article's own opening must name the one who speaks throughout, elsewhere the sentence right
before must open with the name of somebody who says something. Never inflects a name: where the case would change,
nobody is named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_complete

if TYPE_CHECKING:
    from collections.abc import Sequence

SAYING: Final = r"(?:said|stated|told|added|noted|stressed|explained|reported|announced)"
_TITLE_LEAD: Final = re.compile(
    rf"^About (?:it|this|that)\b[^“”\"]*\b{SAYING}\b(?:[^“”\"]*?\s)??"
    r"(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z]\.|[a-z]{2,3}|[A-Z][\w’'-]+)){0,2} [A-Z][\w’'-]+)\.$"
)
_PRONOUN: Final = re.compile(rf"^(According to )(?:him|her)(?=, )|^()(?:He|She)(?= (?:also |further )?{SAYING}\b)")
_SPEAKS: Final = re.compile(rf"([A-Z][\w’'-]+) (?:also )?{SAYING}\b|\b{SAYING} (?:[\w ]+ )?([A-Z][\w’'-]+)")
_NOBODY: Final = frozenset({"It", "He", "She", "They", "We", "This", "That", "Who"})

_RU_SAYS: Final = r"(?:заяви|сообщи|сказа|отмети|добави|подчеркну|рассказа|объясни|поясни|уточни)л"
_UK_SAYS: Final = r"(?:заяви|повідоми|сказа|зазначи|дода|наголоси|підкресли|розпові|поясни|уточни)"
_CYRILLIC_NAME: Final = r"[А-ЯЁІЇЄҐ][а-яёіїєґ’'-]+ [А-ЯЁІЇЄҐ][а-яёіїєґ’'-]+"
_KO_TITLE: Final = r"(?:대통령|총리|장관|차관|대변인|의원|위원장|대사|총장|국장|실장|사령관|의장|대표)"
_JA_TITLE: Final = r"(?:氏|大統領|首相|外相|国防相|防衛相|官房長官|長官|報道官|大使|議長|総書記|事務総長|司令官)"
_ZH_TITLE: Final = r"(?:发言人|總統|总统|总理|總理|主席|部长|部長|外长|外長|防长|防長|大使|秘书长|秘書長|司令)"
_ZH_SAYS: Final = r"(?:表示|说|說|称|稱|指出|强调|強調|补充|補充)"

_RULES: Final = {
    # Who says so, at the head of one sentence; who it is then, at the head of the next.
    "ru": (
        re.compile(rf"^(?:[^,.:;«»\"]{{0,60}}\s)?(?P<name>{_CYRILLIC_NAME}) (?P<says>{_RU_SAYS})(?P<she>а?)\b"),
        re.compile(rf"^(?P<he>Он|Она)(?= (?:также |еще |ещё )?{_RU_SAYS}а?\b)"),
    ),
    "uk": (
        re.compile(rf"^(?:[^,.:;«»\"]{{0,60}}\s)?(?P<name>{_CYRILLIC_NAME}) (?P<says>{_UK_SAYS})(?P<she>в|ла)\b"),
        re.compile(rf"^(?P<he>Він|Вона)(?= (?:також |ще )?{_UK_SAYS}(?:в|ла)\b)"),
    ),
    "ko": (
        re.compile(
            rf"^(?:[^.,“”\"‘’]{{0,30}}\s)?(?P<name>[가-힣]{{2,4}} {_KO_TITLE})(?P<topic>은|는)"
            r"\s[^.]*(?:말했다|밝혔다|전했다|강조했다)\.$"
        ),
        re.compile(r"^(?P<he>그는|그녀는)(?=\s)"),
    ),
    "ja": (
        re.compile(
            rf"^(?P<name>[^、。「」\s]{{2,16}}?{_JA_TITLE})は[^。]*(?:述べた|語った|明らかにした|強調した|話した)。$"
        ),
        re.compile(rf"^(?P<he>彼|彼女|同氏|同{_JA_TITLE})(?=は)"),
    ),
    "zh": (
        re.compile(
            rf"^[^，。：“”]{{0,16}}?(?P<name>{_ZH_TITLE}[\u4e00-\u9fff·]{{2,4}}?)"
            rf"(?:\d{{1,2}}日)?(?:在[^，。“”]{{1,16}}(?:上|中|时|時))?{_ZH_SAYS}"
        ),
        re.compile(rf"^(?P<he>他|她)(?=(?:还|還|并|也|同时|同時)?{_ZH_SAYS})"),
    ),
}
_SHE: Final = {"Она": "а", "Он": "", "Вона": "ла", "Він": "в"}


def with_speakers(sentences: Sequence[str], lang: str) -> list[str]:
    """The sentences of a text in order, each pronoun that opens one replaced where it is sure whom it means."""
    if lang in _RULES:
        return _from_the_sentence_before(sentences, lang)
    return _from_the_opening(sentences)


def _from_the_sentence_before(sentences: Sequence[str], lang: str) -> list[str]:
    says, pronoun = _RULES[lang]
    shown: list[str] = []
    speaker: re.Match[str] | None = None
    for sentence in sentences:
        found = pronoun.match(sentence)
        if found is None or speaker is None or not _agrees(found["he"], speaker):
            speaker = says.match(sentence)
            shown.append(sentence)
            continue
        particle = speaker["topic"] if lang == "ko" else ""
        shown.append(f"[{speaker['name']}]{particle}{sentence[found.end() :]}")
    return shown


def _agrees(pronoun: str, speaker: re.Match[str]) -> bool:
    """Whether he or she who spoke can be meant: in Russian and Ukrainian the verb tells which it was."""
    return pronoun not in _SHE or speaker["she"] == _SHE[pronoun]


def _from_the_opening(sentences: Sequence[str]) -> list[str]:
    """English: the title's speaker is named, up to where a section ends or somebody else speaks."""
    lead = _TITLE_LEAD.match(sentences[0]) if sentences else None
    if lead is None:
        return list(sentences)
    name = " ".join(lead["name"].split()[-2:])
    shown = [sentences[0]]
    for at, sentence in enumerate(sentences[1:], start=1):
        if not is_complete(sentence) or _others_speak(sentence, name):
            return [*shown, *sentences[at:]]
        shown.append(_PRONOUN.sub(lambda match: f"{match[1] or ''}[{name}]", sentence, count=1))
    return shown


def _others_speak(sentence: str, name: str) -> bool:
    speakers = {group for match in _SPEAKS.finditer(sentence) for group in match.groups() if group}
    return bool(speakers - _NOBODY - set(name.split()))
