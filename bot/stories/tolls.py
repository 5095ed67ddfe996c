"""Counts that grow while an event goes on: the dead, the hurt, the infected, the homeless, the arrested.

Two tellings of one event seldom give the same such figure: what was 12 dead in the morning is 27 at night, and some
tell the dead, others the rescued. So tolls that differ say nothing against one event, where any other number does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.stories.facts import numbers_in

if TYPE_CHECKING:
    from collections.abc import Sequence

SENTENCES: Final = 4
"""How many of the first ones tell what has happened so far; what stands below them is detail."""
_TOLL: Final = re.compile(
    r"\b(?:kill|slain|wound|injur|hurt\b|di(?:e|ed|es|ing)\b|dead|deaths?\b|drown|bod(?:y|ies)\b|corpse|toll\b|victim"
    r"|casualt|fatalit|perish|lives\b|missing|trapped|rescued|survivor|evacuat|displac|homeless|fled\b|flee|hospitali"
    r"|infect|cases?\b|sick|arrest|detain|held\b|hostage|kidnap|abduct"
    r"|погиб|убит|жертв|скончал|умер|ум[её]рш|тел\b|тела\b|ранен|ранил|пострада|утонул|пропа(?:л|вш)|эвакуир|спасен"
    r"|заболе|заражен|зараж[её]н|случа(?:ев|я)\b|задержа|арестован|похищен|кров[ауе]\b"
    r"|загин|загибл|вбит|помер|поранен|травмован|постражда|потону|зник|евакую|врятован|захворі|заражен|випадк|затриман|викраден"
    r"|tote[nr]?\b|todes|getötet|gestorben|starben|ums leben|verletz|vermisst|evakuier|infizier|obdachlos"
    r"|erkrank|festgenomm|festnahmen|leichen|ertrunk|ertrank"
    r"|morts?\b|tués?\b|décès|bilan|bless|disparu|évacué|noyé|infecté|contamin|arrêté|interpell|corps\b|déplacé"
    r"|muert[oe]s?\b|murier|fallec|herid|desaparecid|evacuad|ahogad|contagi|detenid|cadáver|casos\b|damnificad)"
    r"|사망|숨지|숨졌|숨진|희생|부상|다치|다쳤|다친|실종|대피|확진|감염|환자|체포|연행|구조|이재민|시신|익사"
    r"|死|亡|けが|ケガ|負傷|不明|避難|感染|逮捕|拘束|救助|遺体|犠牲|死亡|遇难|遇難|伤|傷|失踪|失蹤|失联|疏散|撤离|确诊|確診|被捕|被拘|获救|遗体|病例",
    re.IGNORECASE,
)


def tolls_of(title: str, sentences: Sequence[str]) -> frozenset[str]:
    """The tolls that a telling opens with, as plain digits; see ``numbers_in``."""
    return _tolls((title, *sentences[:SENTENCES]))


@lru_cache(maxsize=512)
def _tolls(texts: tuple[str, ...]) -> frozenset[str]:
    """Remembered, since candidates come back with each entry of a story."""
    told = [text for text in texts if _TOLL.search(text)]
    return frozenset(number for text in told for number in numbers_in(text) if number.isdigit())
