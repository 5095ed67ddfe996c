"""Acts that change what an event is, where a story tells of one for the first time.

Somebody claims an attack, a suspect is caught, an emergency is declared, talks end in a deal, people have died where
none had, a minister goes, a court has decided, a report is denied: within hours of the event a reader wants to know
that, which no figure tells. Few kinds, each by its fixed wording and never where it is denied, so that no detail passes
for one. Of each kind a story has one first telling, in whatever language. Judges no truth.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.background import tells_of_before
from bot.stories.boilerplate import is_background
from bot.text.normalise import normalise
from bot.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import PastEntry

READ_CHARS: Final = 6000

_CLAIMED: Final = re.compile(
    r"\bclaim(?:s|ed)? responsibility\b|\bresponsibility\b.{0,40}\bwas claimed by\b"
    r"|\bвзял[аио]? (?:на себя )?ответственность\b|\bответственность\b.{0,60}\bвзял[аио]?\b"
    r"|\bвзя(?:в|ла|ло|ли) (?:на себе )?відповідальність\b|\bвідповідальність\b.{0,60}\bвзя(?:в|ла|ло|ли)\b"
    r"|\bbekann(?:te|ten) sich zu (?:dem|der|den)\b|\bsich zu (?:dem|der) \w+ bekannt\b"
    r"|\b(?:revendique|revendiquent|a revendique|ont revendique|revendiqué|a revendiqué|ont revendiqué)\b"
    r"|배후를 자처|자신들의 소행이라고|책임을 자처|犯行声明を出|犯行を認め|(?:宣称|声称|聲稱)对.{1,20}(?:负责|負責)"
)
_CAUGHT: Final = re.compile(
    r"\b(?:suspects?|suspected (?:\w+ )?bomber|gunm[ae]n|attackers?|shooters?|perpetrators?)"
    r"\b[^.;]{0,40}\b(?:(?:was|were|is|are|been|being) (?:arrested|detained|captured|apprehended|caught)|in custody)\b"
    r"|\b(?:arrested|detained|captured|apprehended) (?:a|an|the|two|three|four|\d+) (?:\w+ )?"
    r"(?:suspects?|gunm[ae]n|attackers?|shooters?)\b"
    r"|\b(?:задержа|арестова)\w+ [^.;]{0,30}\b(?:подозреваем|нападавш|стрелк|стрелявш|исполнител)\w*"
    r"|\b(?:подозреваем|нападавш|стрелявш|исполнител)\w* [^.;]{0,40}\b(?:задержа[нл]|арестова[нл])\w*"
    r"|\b(?:затрима|заарештува)\w+ [^.;]{0,30}\b(?:підозрюван|нападник|стрільц|виконавц)\w*"
    r"|\b(?:підозрюван|нападник|стріл[ье]ц|виконав[це])\w* [^.;]{0,40}\b(?:затрима[нл]|заарешт(?:ова|ува)[нл])\w*"
    r"|\b(?:verdächtige|tatverdächtige|angreifer|schütze|attentäter)[rn]?\b[^.;]{0,40}\b(?:festgenommen|gefasst)\b"
    r"|\b(?:suspect|assaillant|tireur)s?\b[^.;]{0,40}\b(?:arrêtée?s?|interpellée?s?)\b"
    r"|용의자[^.]{0,25}(?:체포|검거|붙잡)|容疑者[^。]{0,20}逮捕|(?:嫌疑人|枪手|槍手)[^。]{0,15}(?:被捕|落网|落網|抓获)"
)
_DECLARED: Final = re.compile(
    r"\bdeclare[sd] (?:a |an |the )?(?:\w+ )?(?:state of emergency|martial law|(?:day|days|week) of mourning)"
    r"|\bstate of (?:emergency|siege) (?:was |has been |is )?declared\b"
    r"|\b(?:ввел|введен|объявил|объявлен|вводит)\w* [^.;]{0,30}\b(?:режим чс|чрезвычайн\w+ (?:положени|ситуаци)\w*"
    r"|военн\w+ положени\w*|траур\w*)"
    r"|\b(?:ввів|введен|запровад|оголос|оголошен)\w* [^.;]{0,30}\b(?:режим нс|надзвичайн\w+ (?:стан|ситуац)\w*"
    r"|воєнн\w+ стан\w*|жалоб\w*|траур\w*)"
    r"|\bnotstand (?:ausgerufen|verhängt)\b|\brief\w* (?:den |einen )?notstand aus\b"
    r"|\bdécrété? l'état d'urgence\b|\bétat d'urgence (?:a été )?(?:décrété|déclaré)\b"
    r"|(?:비상사태|계엄(?:령)?)(?:를|을)? ?(?:선포|발령)|(?:非常事態|戒厳令)(?:宣言)?を(?:宣言|発令|出)"
    r"|宣布.{0,12}(?:紧急状态|緊急狀態|戒严|戒嚴)"
)
_AGREED: Final = re.compile(
    r"\b(?:reach(?:es|ed)|sign(?:s|ed)|strikes|struck|clinch(?:es|ed)|seal(?:s|ed)|conclude[sd])"
    r" (?:a |an |the |their )?(?:[\w-]+ ){0,3}(?:deal|agreement|accord|treaty|truce|cease-?fire|pact|settlement)\b"
    r"|\b(?:deal|agreement|accord|treaty|truce|cease-?fire|pact|settlement)"
    r" (?:(?:has|have) been |was |is |were )?(?:reached|signed|struck|clinched|sealed|concluded)\b"
    r"|\bagree[sd]? (?:to|on) (?:a |an |the )?(?:[\w-]+ ){0,2}(?:deal|truce|cease-?fire|settlement)\b"
    r"|\b(?:достигли|достигнут|заключил|заключен|подписал|подписан)\w*"
    r" (?:[\w-]+ ){0,4}(?:соглашени|сделк|договоренност|договор|перемири|меморандум)\w*"
    r"|\b(?:соглашени|сделк|договоренност|договор|перемири)\w* (?:[\w-]+ ){0,3}(?:достигнут|заключен|подписан)\w*"
    r"|\b(?:досягл|досягнут|уклал|укладен|підписал|підписан)\w*"
    r" (?:[\w-]+ ){0,4}(?:угод|домовленост|договір|договор|перемир|меморандум)\w*"
    r"|\b(?:угод|домовленост|договір|перемир)\w* (?:[\w-]+ ){0,3}(?:досягнут|укладен|підписан)\w*"
    r"|\b(?:abkommen|vertrag|vereinbarung|waffenruhe|einigung)\b[^.;]{0,40}"
    r"\b(?:unterzeichnet|unterschrieben|erzielt|geschlossen|vereinbart)\b"
    r"|\b(?:einigten|einigen|haben) sich auf (?:ein|eine|einen|das|die|den) (?:\w+ )?"
    r"(?:abkommen|vertrag|vereinbarung|waffenruhe|waffenstillstand)\b"
    r"|\b(?:accord|traité|cessez-le-feu)\b[^.;]{0,30}\b(?:conclu|signé|trouvé|scellé)\b"
    r"|\b(?:conclu|signé|signent|trouvé|concluent) (?:un|une|l'|le|cet) ?(?:\w+ )?(?:accord|traité|cessez-le-feu)\b"
    r"|(?:합의|협정|조약|휴전)(?:문)?(?:에|을|를)? ?(?:서명했|서명하|체결|타결|도달했)"
    r"|(?:合意|協定|条約|停戦)(?:文書)?(?:に|を|で)(?:達し|署名|締結|合意し)|(?:达成|達成|签署|簽署).{0,8}(?:协议|協議|协定|協定|条约|停火)"
)
_SOME: Final = (
    r"(?:\d[\d,.]*|a|an|one|two|three|four|five|six|seven|eight|nine|ten|[a-z]+teen|[a-z]+ty(?:-[a-z]+)?|dozens)"
)
_DIED: Final = re.compile(
    rf"\b(?:kill(?:s|ed|ing)|claim(?:s|ed|ing) the li(?:fe|ves) of) (?:(?:at least|more than|over|about"
    rf"|some) )?{_SOME}\b"
    rf"|\b{_SOME} (?:[\w-]+ ){{0,3}}(?:dead|dies|died)\b|\bdeath toll\b|\b(?:has|have) died\b"
    r"|\b(?:was|were|been) (?:killed|shot dead|found dead)\b"
    r"|\bbod(?:y|ies) (?:(?:was|were|has been|have been) )?(?:found|recovered|pulled)\b"
    r"|\b(?:погиб(?:ли|ла|ло)?|убит[оыа]?|скончал(?:ся|ась|ись))\b"
    r"|\b(?:загину(?:ли|в|ла|ло)|загибл\w+|вбит[оіа]|помер(?:ли|ла)?)\b"
    r"|\b(?:getötet|starben|gestorben|tote[nr]?|ums leben)\b|\b(?:morts|tuée?s?)\b"
    r"|\b(?:muertos|murier\w+|fallecid\w+)\b"
    r"|사망했|사망자|숨졌|숨진|死亡|死者|遇难|遇難|丧生|喪生|身亡"
)
_GONE: Final = re.compile(
    r"\b(?:resigns|resigned|(?:steps|stepped) down"
    r"|(?:was|were|been|has|have) (?:been )?(?:sacked|ousted|fired (?:as|from|over)"
    r"|dismissed (?:as|from)))\b|\b(?:подал\w*|ушел|ушла|вышел) в отставку\b"
    r"|\b(?:подав|подала|пішов|пішла) у відставку\b"
    r"|\b(?:tritt|trat) (?:\w+ ){0,4}zurück\b|\bzurückgetreten\b|\b(?:démissionne|a démissionné)\b"
    r"|\b(?:dimite|dimitió)\b"
    r"|사임했|사퇴했|辞任した|辞任を表明|宣布辞职|宣布辭職"
)
_DECIDED: Final = re.compile(
    r"\b(?:found|pleaded|pleads) guilty\b|\b(?:was|were|been) (?:convicted|acquitted)\b"
    r"|\bjury (?:convicted|convicts|acquitted"
    r"|acquits)\b|\b(?:sentenced|jailed) (?:\w+ ){0,3}(?:to|for) (?:\w+ ){0,3}(?:years?|months?|life|death)\b"
    r"|\bпризна(?:н|ла|л)\w* (?:\w+ ){0,4}виновн\w+|\bприговор(?:ил|ен)\w*"
    r"|\bвизна(?:но|в|ла|ний)\w* (?:\w+ ){0,4}винн\w+"
    r"|\bschuldig gesprochen\b|\bverurteilt\b|\bcondamnée? à\b|\bcondenad[oa] a\b|선고했|선고받|유죄|有罪判決|判处|判處"
)
_REBUTTED: Final = re.compile(
    r"(?<!not )(?<!never )(?<!was )(?<!were )(?<!been )(?<!be )\b(?:denied|denies|refuted|refutes)"
    r" (?:that|an?|the|any|all|having|being|it|media|press|reports?|claims?|allegations?|accusations?|involvement"
    r"|wrongdoing"
    r"|responsibility|charges?)\b"
    r"|\b(?:rejected|rejects|dismissed|dismisses) (?:the |these |those |all |media )?(?:reports?|claims?|allegations?"
    r"|accusations?)\b"
    r"|\bопроверг(?:ла|ли|ло)?\b|\bспростува(?:в|ла|ли|ло)\b|\bdementiert\w*\b|\b(?:a|ont) démenti\b|\bdesmint\w+"
    r"|\bdesmiente\b"
    r"|부인했|否認した|否定した|否认了|予以否认"
)
"""A denial is an act though its words deny."""
_KINDS: Final = (_CLAIMED, _CAUGHT, _DECLARED, _AGREED, _DIED, _GONE, _DECIDED)
_EVERY: Final = (*_KINDS, _REBUTTED)
_DENIED: Final = re.compile(
    r"\b(?:no|not|none|nobody|never|without|yet|may|might|could|would|if|unless|call(?:s|ed)? (?:for|on)|urge\w*"
    r"|deny|den(?:ies|ied)|wh(?:o|ether) (?:had|has)|никто|ни одна|не|нет|если|может|отриц\w+|ніхто|жодн\w+|немає|якщо"
    r"|може|niemand|kein\w*|nicht|bislang|noch|aucun\w*|personne|pas|n'a|n'ont)\b|n't\b"
    r"|없|않|못|아직|ない|なかった|ませ|尚未|没有|沒有|未有|尚无|若|如果"
)


def first_told(facts: Sequence[str], earlier: Sequence[PastEntry]) -> tuple[str, ...]:
    """Those of an entry's new facts that tell an act of a kind that no earlier entry of its story told."""
    found = []
    for fact in facts:
        kinds = _kinds(fact)
        if kinds and not any(kinds & _kinds_in(past) for past in earlier):
            found.append(fact)
    return tuple(found)


def _kinds_in(past: PastEntry) -> frozenset[int]:
    """The kinds of act that an entry tells; what it tells of before ("in 2018 a ferry sank, killing 160") is none."""
    entry = past.entry
    told = f"{entry.title}\n{entry.text[:READ_CHARS]}"
    plain = normalise(told)
    if not any(shape.search(plain) for shape in _EVERY):
        return frozenset()
    sentences = split_sentences(told, entry.lang)
    return frozenset().union(*(_kinds(each) for each in sentences if not _is_before(each, entry.at)))


def _is_before(sentence: str, now: datetime) -> bool:
    return is_background(sentence) or tells_of_before(sentence, now)


def _kinds(sentence: str) -> frozenset[int]:
    """The kinds of act that a sentence tells as done."""
    plain = normalise(sentence)
    rebutted = frozenset({len(_KINDS)}) if _REBUTTED.search(plain) else frozenset[int]()
    if rebutted or _DENIED.search(plain):
        return rebutted
    return frozenset(kind for kind, shape in enumerate(_KINDS) if shape.search(plain))
