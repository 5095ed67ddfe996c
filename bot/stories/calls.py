"""What an outlet says to its reader, and of its own article: calls to follow, terms of use, notes, a pay wall.

Told by how such sentences open, in the languages that the bot reads; what news may also open with counts only beside a
word that nobody but an outlet says to a reader. Knows one sentence at a time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.text.debris import is_date_line, is_footer, is_related
from bot.text.normalise import normalise

LONGEST: Final = 220
"""No such sentence is longer."""
MAIL_CHARS: Final = 120
"""A longer one with an address of mail in it may tell of whose that is."""
DATE_CHARS: Final = 60
KEPT: Final = 256
"""An entry's sentences are asked about for its summary and again for its news."""

_MAIL: Final = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}")
_TO_READER: Final = re.compile(
    # As it is written: "us" is no country.
    r"^\W*(?:(?i:(?:please )?(?:follow|watch|listen|subscribe|sign|log|click|tap|join|get|share|send|visit|support"
    r"|read|see|download|e-?mail|enable|register|find))\b[^.?!]{0,100}"
    r"(?:\b(?:us|our|your|newsletters?|JavaScript|(?:X|Twitter|Facebook|Instagram) @\w+|becoming a member)\b|www\."
    r"|\b(?:video|comments|links?|form) (?:below|above)\b|\bhere(?:\.$| to\b| for\b))"
    r"|About [A-Z][^.,:]{1,40}: [A-Z]|www\.\S+)"
)
_SAID: Final = re.compile(r"\b(?:said|says|told|reported)\b")
_OPENINGS: Final = re.compile(
    r"^[(*※■▷▶\s]*(?:"
    r"(?:get in touch|log in|sign (?:in|up))\.|you have \d+ free\b|have you been affected|your browser\b"
    r"|to (?:read|continue|keep) [^.]{0,30}\b(?:log in|subscri)|if you (?:buy|purchase|click|subscribe)\b"
    r"|all rights reserved\b|(?:story|article) continues\b|originally published\b|the views expressed\b|disclosure:"
    r"|photos? by\b|forward-looking statements?\b"
    r"|this (?:article|post|story|copy|content|material) (?:(?:has|had) (?:not )?been|was|is|will be|may(?: not)? be"
    r"|may contain)\b[^.]{0,60}\b(?:updated|edited|published|translated|generated|affiliate|refiled|redistributed)\b"
    r"|by (?:signing|continuing|clicking|subscribing|submitting|using)\b[^.]{0,60}"
    r"\byou (?:agree|accept|consent|confirm)\b"
    r"|(?:press|media|editorial|investor|news)(?: relations)? contacts?:|(?:[\w]+ )?disclaimer:|note to editors:"
    r"|(?:the )?[\w’' ]{2,30} is solely responsible for (?:all|the|this|its) content\b"
    r"|[^.]{2,60}\b(?:coverage|journalism|reporting) (?:receives|is supported|is funded|is made possible)\b"
    r"|this (?:is a )?(?:breaking|developing)(?: news)?(?: story)?(?: is being updated\b|\.)"
    r"|please (?:refresh|check back)\b|you can (?:receive|get) breaking news\b|stay tuned\b|more to follow\b"
    r"|(?:the )?(?:author|writer) is (?:a|an|the) \w+"
    r"|for (?:more|media|press|further) (?:on|about|news|information|details|[ei]nquiries)\b"
    r"|(?:читайте|смотрите|слушайте|следите за|подпи\w+тесь|оставайтесь (?:на связи|с нами)|ждем ваш\w*"
    r"|присылайте|дивіться|слухайте|слідкуйте|стежте|підпи\w+т?[еь]с[ья]|підтримайте|надсилайте)\b"
    r"|(?:подробн|детальн|больше новост|більше новин|все новости|усі новини)[^.]{0,40}\s[—–-]\s(?:в|у|на)\s"
    r"|(?:материал|новость|новина|матеріал|статья|стаття) (?:дополня|обновля|доповню|оновлю)\w+\.$"
    r"|если вы (?:нашли|заметили) (?:ошибк|опечатк)|якщо ви (?:знайшли|помітили) помилк"
    r"|при (?:использовании|цитировании|використанні|цитуванні) [^.]{0,40}(?:ссылка|посилання)"
    r"|mehr dazu\b[^.]{0,20} hier|lesen sie (?:mehr|auch|hier|dazu|weiter)|jetzt (?:weiterlesen|abonnieren)"
    r"|mit material von|sie können diesen artikel|über dieses thema berichtet|alle entwicklungen (?:im|in unserem)"
    r"|diese[rs]? (?:artikel|text|beitrag|inhalt|nachricht|meldung) (?:erschien|ist exklusiv|wurde)"
    r"|hinweis(?: der redaktion)?:|il vous reste \d|la suite est réserv|cet article est réserv|inscrivez-vous"
    r"|abonnez-vous|cliquez ici|à lire aussi|suivez (?:nous|notre|l['’]actualité|toute l)|retrouvez toute l"
    r"|suscríbe(?:te|se)|regístrate|haz clic|con información de|puedes seguir a|este (?:artículo|contenido) es exclusiv"
    r"|(?:この|本)(?:記事|稿)は|有料会員|続きを読む|写真はイメージ|情報提供は"
    r"|更多(?:报道|報道|新闻|新聞|内容|详情|精彩)|未[经經](?:授[权權]|许可)|版[权權](?:声明|所有)|免[责責]声明|转载请"
    r"|投资者据此|本文(?:首发|首發|来源|來源|转载|版权|不代表|仅代表)|以上[内內]容"
    r"|(?:敬?[请請]|欢迎)?(?:扫码|扫描(?:二维码|下方)|[点點][击擊](?:这里|此处|查看|进入|下载))"
    r"|제보는|여러분의 제보|구독과 좋아요|이 기사는 (?:자동|ai)|영상\s?(?:편집|취재)\s|자세한 (?:내용|사항)은"
    r"|(?:지금까지 )?(?:[^.]{0,12}에서 )?(?:kbs|mbc|sbs|ytn|jtbc|mbn)(?: 뉴스)? [가-힣]{2,4}입니다"
    r"|اقرأ المزيد|تابعونا|للمزيد من|انقر هنا|اضغط هنا"
    r")"
)
_FOOTNOTE: Final = re.compile(
    # What a law has outlets say of whom they name; that a court has just decided so has no such mark.
    r"^[*(†¹]+ ?[^.]{0,120}(?:запрещ[её]н|признан|иноагент|иностранн\w+ агент|экстремист|нежелательн)"
    r"[^.]{0,100}\.?\)?\.?$"
    r"|^организаци[яи] запрещ[её]н\w* (?:в|на территории) (?:рф|росси)\w*\.$"
    r"|^[^.]{2,50} признан\w* (?:в (?:рф|россии) )?(?:экстремист|террорист|нежелательн)\w*[^.]{0,20} и запрещ[её]н\w*"
    r" (?:в|на территории) (?:рф|росси)\w*(?: федерации)?\.$"
)
_GREETING: Final = re.compile(
    r"^(?:hey|hi|hello|good (?:morning|afternoon|evening)|happy [a-z]+day),? (?:again,? )?"
    r"(?:folks|everyone|everybody|all|(?:dear )?readers?|friends|there)\b"
    r"|^welcome (?:back )?to (?:the|our|your|this|today['’]s)\b[^.]{0,40}\b(?:newsletter|briefing|edition|roundup)\b"
)
"""How a newsletter opens."""
_AUTHOR: Final = re.compile(
    r"^(?:Dr\.? |Prof\.? )?(?:[A-Z][\w.’'-]+ ){2,4}(?:is|was) (?:an? |the )?(?:[\w-]+ ){0,3}"
    r"(?:fellow|columnist|reporter|correspondent|journalist|staff writer|contributing (?:editor|writer)|contributor)"
    r" (?:at|for|with|of|to|in|on|covering|based|who covers)\b[^,;]{2,80}\.$"
)
"""Who wrote an article, as it stands below it."""
_ENDINGS: Final = re.compile(
    r"(?:ご覧ください|お読みいただけます|お寄せください)。$|(?:추가하세요|보내 ?주세요)\.$|무단\s?전재"
)


@lru_cache(maxsize=KEPT)
def is_call(sentence: str) -> bool:
    """Whether a sentence speaks to the reader, or of the article itself, and tells nothing."""
    if len(sentence) > LONGEST:
        return False
    text = normalise(sentence)
    if _OPENINGS.match(text) or _FOOTNOTE.match(text) or _GREETING.match(text) or _ENDINGS.search(text):
        return True
    if _AUTHOR.match(sentence):
        return True
    address = "@" in sentence and len(sentence) <= MAIL_CHARS and _MAIL.search(sentence)
    if (address or _TO_READER.match(sentence)) and not _SAID.search(sentence):
        return True
    return is_footer(sentence) or is_related(sentence) or (len(sentence) <= DATE_CHARS and is_date_line(sentence))
