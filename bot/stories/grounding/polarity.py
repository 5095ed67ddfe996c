"""Opposites across languages: a summary that says "raised" of a source that says "сократил" tells something else.

Beginnings and pieces of words, not grammar: it is asked only where the words cannot be compared, that is, in other
languages than English and between two. Where a text has both sides of a pair, nothing is found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.faults import Fault, FaultKind
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading

_PAIRS: Final = (
    (
        r"\b(?:rais|increas|rose|risen|\brise|grew|grow|lift|boost|hik|повыс|увелич|вырос|возрос|рост\b|підвищ|збільш|зрос"
        r"|erhöh|steig|gestieg|wuchs)|인상|증가|늘(?!어서)|상승|引き上げ|増加|増え|上昇|提高|增加|上涨|上漲|上调|上調",
        r"\b(?:\bcut|reduc|lower|slash|\bfell\b|fallen|\bdrop|declin|decreas|сократ|сниз|снизи|уменьш|упал|урез|паден|скорот|знизи"
        r"|зменш|впа[вл]|gesenkt|senk|gefallen|sank|gesunken|kürz|gekürzt)|인하|감소|줄(?!곧)|하락|삭감|引き下げ|減少|減ら|減り|下落|削減|降低|减少|減少|下跌|下调|下調|削减|削減",
    ),
    (
        r"\b(?:welcom|prais|support|back(?:ed|s)\b|поддерж|приветств|одобр|підтрим|вітал|схвал|begrüß|unterstütz)"
        r"|환영|지지|찬성|歓迎|支持|賛成|欢迎|歡迎|赞成",
        r"\b(?:condemn|criticis|criticiz|denounc|slam|осуд|критик|раскритик|протестов|засуд|розкритик|verurteil|kritisier)"
        r"|비난|규탄|비판|반대|非難|批判|反対|谴责|譴責|批评|批評",
    ),
    (
        r"\b(?:maintain|keep|kept|extend|сохран|продл|зберіг|продовж|hält|behält)|유지|계속|연장|継続|維持|延長|维持|維持|延长",
        r"\b(?:lift(?:s|ed|ing)? (?:the|its|a|all) |scrap|abolish|отмен|скасу|скасов|aufheb|aufgehob)|해제|폐지|철폐|解除|撤廃|取消|废除",
    ),
    (r"\b(?:profit|прибыл[ьи]|прибут|gewinn)|이익|흑자|利益|黒字|利润|盈利", r"\b(?:\bloss\b|losses|убыт|збит|verlust)|손실|적자|損失|赤字|亏损|虧損"),
    (r"\b(?:won\b|victory|побед|выигр|перемо|вигра|gewonnen|sieg)|승리|이겼|우승|勝利|勝ち|获胜|獲勝|击败", r"\b(?:lost\b|defeat|проигр|пораж|програ|поразк|verlor|niederlage)|패배|졌다|敗北|敗れ|落败|失利"),
    (r"\b(?:confirm|подтверд|підтверд|bestätig)|확인|시인|認め|確認|证实|證實|确认|確認", r"\b(?:den(?:y|ied|ies)\b|refut|опроверг|отриц|спростув|запереч|dementier|bestreit|bestritt)|부인|否定|否认|否認"),
    (r"\b(?:allow|permit|разреш|дозвол|erlaub)|허용|허가|許可|容認|允许|允許|批准", r"\b(?:ban\b|bann|prohibit|forbid|запре[тщ]|заборон|verbiet|verbot)|금지|禁止"),
    (r"\b(?:begin|began|start|launch|нач(?:ал|ну|ат)|поча|розпоч|beginn|begann)|시작|개시|착수|開始|始め|开始", r"\b(?:\bend(?:ed|s)?\b|stop|halt|заверш|прекра|останов|законч|припин|зупин|beend)|중단|종료|끝|中止|終了|停止|结束|結束"),
    (r"\b(?:later|позже|позднее|пізніше|später|не раньше|не раніше|frühestens)|이후|以降|之后", r"(?<!не )\b(?:sooner|раньше|раніше|früher)\b(?! чем)"),
    (r"\b(?:releas|freed|освобо|отпущ|звільн|freigelass)|석방|釈放|释放|釋放", r"\b(?:arrest|detain|jail|арест|задерж|заареш|затрим|verhaft|festgenommen)|체포|구속|逮捕|拘束|逮捕|拘留"),
)  # fmt: skip
_SHAPES: Final = tuple((re.compile(left), re.compile(right)) for left, right in _PAIRS)


def check_polarity(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """One side of a pair here, and in the sources only the other."""
    told = normalise(sentence.text)
    given = normalise("\n".join(source.text for source in sources))
    for pair in _SHAPES:
        for ours, theirs in (pair, pair[::-1]):
            mine = ours.search(told)
            if not mine or theirs.search(told) or ours.search(given):
                continue
            other = theirs.search(given)
            if other:
                yield Fault(FaultKind.NEGATION, f"“{mine.group()}”, and the source says “{other.group()}”")
                return
