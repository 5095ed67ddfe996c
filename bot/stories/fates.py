"""What befell those whom a figure counts: the dead are not the wounded, nor the missing those who were arrested.

The word of it stands in the figure's own words ("14 killed"), before it ("killed 14 people"), or behind it ("14 people
were killed"). Commas and conjunctions part what is said of one figure from what is said of the next. Knows one
sentence at a time, and judges no truth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SAID: Final = {
    # Of several at once: "casualties", "killed or wounded".
    "struck": r"\bcasualt\w*|\b(?:killed|dead) (?:and|or) (?:wounded|injured|missing)\b|\bvictims?\b"
    r"|\bпострада\w*|\bпостражд\w*|\bубит\w* и(?:ли)? ранен\w*|\bвбит\w* (?:і|й|та|або) поранен\w*|\bvictimes?\b"
    r"|사상자|死傷|死伤|伤亡|傷亡|\bvítimas\b",
    "dead": r"\b(?:kill(?:s|ed|ing)?|dead|die[sd]?|dying|deaths?|drown(?:ed|ing)|slain|murdered|fatalit(?:y|ies)"
    r"|executed|lost their lives|claim(?:ed|ing)? the lives)\b|\b(?:погиб|убит|убил|умер|скончал|жертв)\w*"
    r"|\b(?:загин|загибл|вбит|вбил|помер)\w*|\b(?:getötet|todesopfer|gestorben|starben|ertrunken)\w*|\btote[nr]?\b"
    r"|\bums leben\b|\b(?:morts?|mortes|tuée?s?|décès|décédée?s?)\b|\b(?:muert[oa]s?|murier\w+|falleci\w+)\b"
    r"|사망\w*|숨[지진졌질]\w*|死亡|死者|亡くな|犠牲|遇难|遇難|丧生|喪生|身亡|罹难|罹難"
    r"|\bو?(?:قتيل|قتلى|قتل|مقتل|مصرع|لقوا حتف|وفاة|وفيات|حصيلة|ضحايا)\w*|کشته|جان باخت|जान गंवा|मौत|मार[ेा]? ग[एया]|मृत"
    r"|\b(?:mort[oae]s?|morr(?:eram|eu)|matou|mataram)\b|\b(?:hayatını kaybe|öldü|öldürül|can kayb|yaşamını yitir)\w*",
    "hurt": r"\b(?:wound(?:ed|ing)|injur(?:ed|ing|ies)|hurt)\b|\b(?:ранен|ранил|травмирован|поранен|травмован)\w*"
    r"|\bverletzt\w*|\bbless(?:é\w*|ant|ures?)\b|\bherid[oa]s?\b|부상\w*|다[치친쳤]\w*|けが|ケガ|怪我|負傷|軽傷|重傷"
    r"|受伤|受傷|负伤|轻伤|輕傷|重伤"
    r"|\bو?(?:جريح|جرحى|مصاب|إصابة|أصيب)\w*|زخمی|مجروح|घायल|ज़?ख्मी|\bferid[oa]s?\b|\byaral[aı]\w*",
    "missing": r"\b(?:missing|unaccounted for)\b|\b(?:пропал|пропавш|зник)\w*|\bvermisst\w*|\bdisparu\w*"
    r"|\bdesaparecid\w*|실종\w*|不明|失踪|失蹤|失联|失聯"
    r"|\bو?(?:مفقود|فقدان)\w*|ناپدید|مفقود|लापता|\bdesaparecid\w*|\bkay(?:ıp|boldu)\w*",
    "arrested": r"\b(?:arrest(?:ed|ing|s)|detain(?:ed|ing)|jailed|charged)\b"
    r"|\b(?:задержа|арестова|затрима|заарештова)\w*|\b(?:festgenommen|festnahmen|verhaftet)\w*|\b(?:arrêt|interpell)é\w*|\bdetenid\w*|체포\w*|연행\w*|逮捕|拘束"
    r"|被捕|被拘"
    r"|拘留|\bو?(?:اعتقال|اعتقل|توقيف|أوقف|احتجز)\w*|بازداشت|गिरफ्तार|हिरासत|\bpres[oa]s\b|\bdetid[oa]s?\b|\b(?:gözaltı|tutukla)\w*",
    "fled": r"\b(?:evacuat(?:ed|ing)|displac(?:ed|ing)|homeless|fled|fleeing)\b|\b(?:эвакуир|евакуй)\w*|\bevakuiert\w*"
    r"|\bévacué\w*|\bevacuad\w*|대피\w*|이재민|避難|疏散|撤离|撤離|转移|轉移"
    r"|\bو?(?:إجلاء|نازح|نزوح|نزح)\w*|विस्थापित|\b(?:desalojad|evacuad|desabrigad)\w*|\btahliye\w*",
    "rescued": r"\b(?:rescued|saved|survived|survivors|freed|released)\b|\b(?:спас(?:ен|л)|врятова|освобо|звільн)\w*"
    r"|\bgerettet\w*|\b(?:secouru|sauvé)\w*|\brescatad\w*|구조(?!대)\w*|救助|救出|获救|獲救"
    r"|\bو?(?:إنقاذ|أنقذ)\w*|نجات|\bresgatad\w*|\bkurtarıl\w*",
    "ill": r"\b(?:infect(?:ed|ing)|sickened|ill)\b|\b(?:зараз|зараж|заболе|инфицирован|інфікован|захворі)\w*"
    r"|\b(?:infiziert|erkrankt)\w*|\b(?:infect|contamin)é\w*|\b(?:contagiad|infectad)\w*|감염\w*|확진\w*|感染|确诊|確診",
}
_FATE: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _SAID.items()), re.IGNORECASE)
_PART: Final = re.compile(
    r"[,;、，；،؛·/。]|[.!?]\s|(?<=[\u3040-\u30ff\u4e00-\u9fff])\s(?=[\u3040-\u30ff\u4e00-\u9fff\d])"
    r"|\s(?=و[\d\u0660-\u0669])|\s(?:and|while|but|и|а|но|та|і|й|але|und|sowie|et|y|e|ve|और|فيما|بينما)\s|\sو\s|(?<=[고며])\s",
    re.IGNORECASE,
)
_CLOSED: Final = re.compile(r"。|다\.\s")
"""A sentence within a quotation ends here."""
REACH: Final = 80
"""How far from its figure, in characters, the word of a fate may stand where nothing nearer says it."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What befell those counted, as a ``kind``; the word for it stands at ``start`` to ``end`` of the sentence."""

    kind: str
    start: int
    end: int


def fates_in(sentence: str, figures: Sequence[tuple[int, int]]) -> list[Fate | None]:
    """The fate of each figure of a sentence, given by where each begins and ends, in order; None where none is said."""
    said = [Fate(found.lastgroup or "", found.start(), found.end()) for found in _FATE.finditer(sentence)]
    if not said:
        return [None] * len(figures)
    found: list[Fate | None] = []
    free = 0  # up to here, words belong to a figure before
    for place, (start, end) in enumerate(figures):
        stop = figures[place + 1][0] if place + 1 < len(figures) else len(sentence)
        closed = _CLOSED.search(sentence, end, stop)
        stop = closed.start() if closed else stop
        parts = list(_PART.finditer(sentence, end, stop))
        begin = max((part.end() for part in _PART.finditer(sentence, free, start)), default=free)
        near = parts[0].start() if parts else stop
        far = parts[-1].start() if parts and stop < len(sentence) else stop
        reaches = [(start, end), (begin, start), (end, near), (end, min(far, end + REACH))]
        if not place:
            reaches.append((max(0, start - REACH), start))
        fate = next((fate for reach in reaches if (fate := _nearest(said, *reach, start))), None)
        found.append(fate)
        free = max(end, fate.end if fate else end, parts[-1].start() if parts else end)
    return found


def _nearest(said: Sequence[Fate], begin: int, end: int, figure: int) -> Fate | None:
    """The fate said between two places: before the figure the last of them, behind it the first."""
    between: Iterator[Fate] = (fate for fate in said if begin <= fate.start < end)
    return min(between, key=lambda fate: abs(fate.start - figure), default=None)
