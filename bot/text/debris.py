"""What is not the article: how counters, captions, menus, forms, links to other news and spam look in news pages.

Each function answers for one line, a paragraph, taken as ``displayable`` left it. The patterns are common to the
trade, in the languages that the bot reads; none names an outlet's page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.text.normalise import normalise
from bot.text.scripts import RUNS, SENTENCE_ENDS, UNSPACED, main_script, script_counts, scripts_in

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_LINES: Final = 8
BODY_LETTERS: Final = 200
"""Below this a body is a short description: too little to call one of its scripts foreign."""
MAIN_SHARE: Final = 0.7
BODY_SHARE: Final = 0.4
"""A mark of the article's end counts as one only after this share of the text."""
DOUBLE_CHARS: Final = 40
COUNTER_CHARS: Final = 60
FRAGMENT_CHARS: Final = 100
HEADLINE_CHARS: Final = 150
"""No headline is longer; a paragraph of a script without full stops is."""
FEW_SENTENCES: Final = 3
FAMILIES: Final = {script: frozenset({"kana", "han", "latin"}) for script in ("kana", "han")} | {
    "hangul": frozenset({"hangul", "han", "latin"})
}
"""Scripts that stand together in one text as a matter of course."""

_SENTENCE_END: Final = re.compile(rf"[{SENTENCE_ENDS}:;,」』][\"”»’')\]」』）]*$|[다요]$")
_ATTRIBUTION_LINE: Final = re.compile(r"^[-–—]\s*[a-zа-яіїєґ][^.!?]{3,}[.]$")
_WORDS: Final = re.compile(r"\w+")
_FRAGMENT_WORDS: Final = 12
_SCRAP_WORDS: Final = 5
_SCRAP_CHARS: Final = 60
_SCRAP_LETTERS: Final = 12  # of a script without spaces
_LINE_CHARS: Final = 250
_PARAGRAPH_CHARS: Final = 80
_PARAGRAPH_LETTERS: Final = 30

_MONTHS: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?|январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]|"
    "октябр[ья]|ноябр[ья]|декабр[ья]|січ(?:ень|ня)|лют(?:ий|ого)|берез(?:ень|ня)|квіт(?:ень|ня)|трав(?:ень|ня)|"
    "черв(?:ень|ня)|лип(?:ень|ня)|серп(?:ень|ня)|верес(?:ень|ня)|жовт(?:ень|ня)|листопада?|груд(?:ень|ня)|"
    "januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août"
    "|septembre|octobre|"
    "novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_DATE_WORD: Final = re.compile(
    rf"(?:{_MONTHS}|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|updated?|published|posted|on|at|last"
    r"|modified|am|pm|a|p|m|"
    r"et|est|edt|pt|pst|pdt|gmt|utc|kst|jst|msk|cet|bst|г|года|р|року|опубликовано|обновлено|опубліковано|оновлено|"
    r"в|о|об|stand|uhr|"
    r"年|月|日|時|时|分|点|更新|发布|発信|公開|년|월|일|오전|오후|입력|수정|송고|\d{1,2}(?:st|nd|rd|th)|\d+)"
)
_DATE_TOKEN: Final = re.compile(r"\d+(?:st|nd|rd|th)?|[^\W\d_]+")
_SOURCE: Final = re.compile(
    r"^(?:source|quelle|fuente|fonte|источник|джерело|出典|来源|來源|출처|資料)\s*[:\uff1a]\s*(.{2,60})$", re.IGNORECASE
)
_BYLINE: Final = re.compile(
    r"^(?:by|von|par|por|автор|текст|文)[:\s]\s*(?:[A-ZА-ЯІЇЄ][\w.'’-]+[\s,]*(?:and\s|и\s)?){1,6}$", re.IGNORECASE
)
_COUNTER: Final = re.compile(
    r"^\W*(?:\d[\d\s.,]*[km]?\s*(?:views?|reads?|shares?|likes?|comments?|просмотр\w*|перегляд\w*"
    r"|комментари\w*|коментар\w*|"
    r"aufrufe|vues|visitas|閲覧|阅读|閱讀|次浏览|조회\w*)|(?:views?|shares?|likes?|comments?|просмотров|переглядів|조회수?"
    r"|좋아요|싫어요|댓글|공감|공유|추천|阅读|閲覧数|点赞|评论|转发)\s*[:\uff1a(]?\s*\d[\d\s.,]*)\W*$"
)
_IMAGE_SIZE: Final = re.compile(
    r"\b\d{2,4}\s?[x×]\s?\d{2,4}\b(?:\s+\d{1,2})?\s*$|^\d{1,2}\s?[x×](?:\s*\d{1,2})*\s*$", re.IGNORECASE
)
_ONLY_MARKS: Final = re.compile(r"^[\W_]+$")
_ONLY_TAGS: Final = re.compile(r"^#\w+(?:[\s,]+#\w+)*$")
_FILE_NAME: Final = re.compile(r"^\S+\.(?:jpe?g|png|gif|webp|mp4|pdf)$", re.IGNORECASE)
_ADDRESS: Final = re.compile(
    r"^(?:https?://|www\.)\S+(?:\s?\([^()]{0,40}\))?$"
    r"|^(?:[가-힣]{2,4}\s?기자\s)?[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}$"
)

_AGENCIES: Final = (
    r"AFP|AP|AP Photo|Reuters|REUTERS|Getty(?: Images)?|EPA(?:-EFE)?|TASS|ТАСС|Yonhap|KCNA|Xinhua|Kyodo"
    r"|Sputnik|Anadolu|Newsis|"
    r"Shutterstock|iStock|Bloomberg|DPA|dpa|РИА Новости|Укринформ|Укрінформ|УНИАН|УНІАН|연합뉴스"
    r"|조선중앙통신|뉴시스|뉴스1|新华社|新華社|共同|時事|朝鮮通信"
)
_CREDIT_END: Final = re.compile(rf"(?:^|[\s.(/|©–—-])(?:{_AGENCIES})(?:\s*[-/–,]\s*(?:{_AGENCIES}))*\)?\s*$")
_AGENCY_END: Final = re.compile(rf"(?:{_AGENCIES})\)?\s*$")
_AGENCY_CHARS: Final = 30
"""More than the longest of their names has; lines come without spaces at their ends."""
_CAPTION_START: Final = re.compile(
    r"^[(\[【]?\s*(?:file\s+)?(?:photos?|pictured?|image|caption|фото|на фото|на снимке|на знімку|写真|図"
    r"|图|圖|사진|자료\s?사진)"
    r"(?:\s+(?:by|credit|courtesy|shows))?\s*[:\uff1a|/)\]】=]|^\[?(?:file photo|архивное фото|資料写真|资料图)\]?",
    re.IGNORECASE,
)
_SIDES: Final = re.compile(
    r"^(?:\(?from (?:left|right)\)?|слева направо|зліва направо|\(?左から\)?|왼쪽부터)[\s,:,)]", re.IGNORECASE
)

_RELATED_START: Final = re.compile(
    r"^[\W_]*(?:read (?:also|more|next)|see also|also read|related(?: (?:news|articles?|stories|posts?))?"
    r"|more (?:on|from) this|"
    r"читайте (?:также|тоже)|см\.? также|читать (?:также|далее)|(?:(?:ещ[её]|больше|подробнее) )?по теме|"
    r"більше за темою|читайте (?:також|ще)|дивіться також|"
    r"lesen sie auch|mehr zum thema|lire aussi|à lire aussi|lea también|leggi anche|leia também|"
    r"関連記事|相关(?:新闻|阅读|链接)|延伸閱讀|관련\s?기사|यह भी पढ़ें|اقرأ أيض(?:ا|ًا|اً))\s*(?:[:\uff1a>»→-]|$)"
    r"|^▶\s?関連記事\s",
    re.IGNORECASE,
)
_STAMP_END: Final = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4},?\s+\d{1,2}:\d{2}$")

_FOOTER: Final = re.compile(
    r"^[\W_]*(?:leave a (?:reply|comment)|your email address will not be published.*|required fields are marked.*|"
    r"please enter your (?:comment|name).*|post (?:a )?comment|comments?|add (?:a )?comment"
    r"|log ?in to (?:leave|comment).*|"
    r"more like this|continue reading.{0,5}|you may (?:also"
    r"|have) (?:like|missed).*|recent (?:news|posts)|"
    r"latest news|popular news|trending now|related (?:news|articles?|posts?|stories)|news (?:by"
    r"|on the) (?:theme|topic)|"
    r"all rights reserved.*|"
    r"(?:copyright|©).{0,80}|the post .{1,200} (?:appeared first on|first appeared on) .{1,80}|"
    r"(?:additional )?reporting by (?!.*\b(?:that|found|show\w*|reveal\w*|said|suggest\w*|has|have)\b).{2,180}"
    r"|editing by .{2,80}|our standards:.{0,60}"
    r"|.{2,140} contributed (?:reporting|to this (?:report|story|article))(?: from .{2,60})?"
    r"|.{0,40}\bwriters? .{2,120} contributed|免责声明\s*[:\uff1a].{2,120}|文章来源\s*[:\uff1a].{2,60}|"
    r"комментари[ий]|оставить комментарий|добавить комментарий|новости по теме|"
    r"(?:нашли|заметили|знайшли|помітили) (?:ошибку|опечатку|помилку)(?:\?|,? (?:в|у) тексті?е?\W).{0,120}|"
    r"коментар[іи]|залишити коментар|додати коментар|новини за темою"
    r"|останні новини|"
    r"kommentare?|commentaires?|comentarios?|コメント(?:する)?|评论|评论区|"
    r"(?:責任|责任)?(?:编辑|編輯|校对|審核|审核)\s*[:\uff1a].{1,30}|纠错\W{1,4}(?:责任)?编辑\s*[:\uff1a].{1,30}|"
    r"댓글.{0,10}|저작권자.{0,60}|무단\s?전재.{0,30}|(?:ⓒ|ⓒ).{0,60})[\W_]*$",
    re.IGNORECASE,
)
_CALL: Final = re.compile(
    r"^[\W_]*(?:this is a (?:developing|breaking) (?:news )?story.{0,80}|(?:please )?check back (?:later )?for .{0,60}|"
    r"share (?:this|post|on)\b.{0,40}|share|advertisements?(?: - scroll to continue)?|"
    r"(?:(?:ツイート|シェア|いいね|ブックマーク)\s?){1,6}|"
    r"(?:sign up|subscribe) (?:for|to) (?:our|the|us).{0,80}|follow us\b(?!,).{0,60}|connect with us|"
    r"подписывайтесь на .{1,80}|поделиться|підписуйтесь на .{1,80}|поділитися|"
    r"(?:на правах рекламы|реклама)(?:[.:]\s.{0,120})?|"
    r"この記事をシェア|分享到.{0,10}|"
    r"join (?:the|our) (?:discussion|conversation)\b.{0,60}|all comments are moderated.{0,60}|leave a comment\b.{0,40}|"
    r"(?:sign up|subscribe)\b.{0,40}\bnewsletters?\b.{0,40}"
    r"|(?:enjoying|enjoyed|like|love)\b[^.?!]{1,40}\?(?=\W*$|\W+(?:sign up|subscribe|follow|support))|"
    r"support our (?:journalism|work|reporting)\b.{0,60}|download (?:our|the) (?:free )?app\b.{0,40}|"
    r"folgen sie uns\b.{0,60}|abonnieren sie\b.{0,60}|suivez[- ]nous\b.{0,60}|abonnez[- ]vous\b.{0,60}"
    r"|s[ií]g[ua]e?nos\b.{0,60}|seguici\b.{0,60}|siga-nos\b.{0,60}|"
    r"siga (?:(?:o|a) )?[\w ]{1,30} (?:no|na|pelo) (?:whatsapp|instagram|google|facebook|youtube|telegram)\b.{0,40}|"
    r"(?:publié|mis à jour|publicado|veröffentlicht) (?:le|el|em|am) \d{1,2}\.? (?:de )?[^\W\d_]{3,10} (?:de )?\d{4}"
    r"(?: (?:à|às|um|a las) \d{1,2}\s?[h:]\s?\d{2}(?: uhr)?)?(?:\s*[-–|·•].{0,40})?|"
    r"(?:temps de lecture|lesezeit|tempo de leitura|tiempo de lectura|время (?:на )?чтени[ея]|час (?:на )?читання)"
    r"\s?[:\d].{0,20}|"
    r"(?:мы|ми) (?:в|у|на) .{0,3}(?:telegram|телеграм\w*|youtube|facebook|viber|вконтакте|дзене?)\b.{0,40}"
    r"|(?:читайте|смотрите|дивіться) (?:нас|наш\w*)\b.{0,60}|подпишитесь на .{1,80}|підпишіться на .{1,80}|"
    r"(?:更多[^，,。]{0,20}[，,]\s*)?(?:[敬欢歡]?[请請迎]\s*)?(?:关注|關注)(?:我们|我們|.{1,24}?(?:公众号|公眾號|微信号?|微博|客户端|频道|专页))"
    r"[^。]{0,40}|更多(?:精彩|内容|資訊|资讯|新闻|新聞)[^。]{0,60}|扫码关注.{0,40}|"
    r"(?:公式)?(?:line|x|twitter|ツイッター|インスタグラム)[^。]{0,20}フォロー[^。]{0,20}|最新ニュースはこちら.{0,30}|"
    r"(?:この記事は)?(?:[^。]{0,6}】\s*)?(?:有料)?会員限定(?:記事)?.{0,40}|残り\s?\d+\s?文字.{0,20}|この記事は有料記事です.{0,40}|"
    r"(?:네이버|카카오톡?|유튜브|텔레그램)[^.]{0,20}(?:구독|친구\s?추가|채널\s?추가)[^.]{0,30}|제보[는하][^.]{0,60})[\W_]*$",
    re.IGNORECASE,
)
"""Calls to the reader, which outlets set between paragraphs, too."""
_PARTS: Final = re.compile(r"\s+[|•·]\s+|(?<=[.!?。！？])\s*(?=\S)")
_APPEARED: Final = re.compile(r"\s*The post .{1,200}? (?:appeared first on|first appeared on) .{1,80}\.?$")
_MORE: Final = re.compile(
    r"\s*(?:\[(?:…|\.\.\.|&hellip;)\]|\(?(?:continue reading|read more|подробнее|читать далее"
    r"|детальніше)(?:\s*[→»>…]+|\.\.\.)\)?)\s*$",
    re.IGNORECASE,
)

_MORE_ENDS: Final = ("]", "→", "»", ">", "…", "...", ")")
_STRANGE_WORDS: Final = {
    script: re.compile(rf"(?:{run.pattern})(?:\s+(?:{run.pattern}))*") for script, run in RUNS.items()
}

_SPAM: Final = re.compile(
    r"카지노|바카라|토토|슬롯|먹튀|온라인\s?게임|사이트|казино|букмекер|слоты|casino|kasino|カジノ|スロット"
    r"|博彩|百家[樂乐]|赌场|賭場|娱乐城|คาสิโน|สล็อต|บาคาร่า|viagra|виагр"
)
_BRACKETS: Final = "()[]{}（）「」『』“”\"«»‘’'【】〈〉《》"


def is_debris(line: str) -> bool:
    """Sizes of pictures, file names, bare addresses, lines of punctuation: nothing that a person wrote to be read."""
    if _ONLY_MARKS.match(line) or _FILE_NAME.match(line) or _ADDRESS.match(line) or _ONLY_TAGS.match(line):
        return True
    last = line.rstrip()[-1:]
    size = (last.isdigit() or last in {"x", "X", "×"}) and _IMAGE_SIZE.search(line)
    return bool(size) and len(_WORDS.findall(line)) <= 2 * _FRAGMENT_WORDS


def is_counter(line: str) -> bool:
    """How often something was seen, shared or commented on."""
    return len(line) < COUNTER_CHARS and bool(_COUNTER.match(normalise(line)))


def is_caption(line: str) -> bool:
    """What stood below a picture: it says so, names who is left and right, or ends in an agency's credit."""
    if len(line) > 3 * _LINE_CHARS:
        return False
    if _CAPTION_START.match(line) or _SIDES.match(line):
        return True
    if line.endswith((".", "!", "?")):
        return False  # a sentence, which is quicker to see than a credit
    return (
        bool(_AGENCY_END.search(line[-_AGENCY_CHARS:]) and _CREDIT_END.search(line))
        and len(_WORDS.findall(line)) > 1
        and not _SENTENCE_END.search(line)
    )


def is_related(line: str) -> bool:
    """A link to other news: it says so, or it is a headline with a time stamp behind it."""
    if len(line) > _LINE_CHARS:
        return False
    return bool(_RELATED_START.match(line)) or (
        line[-1:].isdigit() and bool(_STAMP_END.search(line)) and len(_WORDS.findall(line)) > 2 * _SCRAP_WORDS
    )


def opens_links(line: str) -> bool:
    """A heading and nothing more, below which links to other news stand."""
    found = _RELATED_START.match(line)
    return found is not None and not any(map(str.isalnum, line[found.end() :]))


def is_foreign(line: str, family: frozenset[str] | set[str]) -> bool:
    """A short line in scripts that the body is not written in."""
    if len(line) > _LINE_CHARS or scripts_in(line) <= family:
        return False
    counts = script_counts(line)
    letters = sum(counts.values())
    return bool(letters) and sum(counts.get(script, 0) for script in family) < (1 - MAIN_SHARE) * letters


def is_footer(line: str) -> bool:
    """A whole line that is no article's own: forms, calls to share or subscribe, notices of copyright, credits."""
    return len(line) <= _LINE_CHARS + 50 and bool(_FOOTER.match(line) or _CALL.match(line))


def is_call(line: str) -> bool:
    """A footer that stands between paragraphs as well as below the last: to share, to subscribe, an advertisement."""
    return bool(_CALL.match(line))


def is_paragraph(line: str) -> bool:
    """A sentence or more, of a length that nothing below an article has."""
    least = _PARAGRAPH_LETTERS if main_script(line) in UNSPACED else _PARAGRAPH_CHARS
    return len(line) >= least and is_sentence(line) and not (is_footer(line) or is_related(line) or is_furniture(line))


def is_furniture(line: str) -> bool:
    """A line of several such things in a row: "Views: 17 | We are on Telegram", "Follow us. Related: Snow expected"."""
    if len(line) > _LINE_CHARS:
        return False
    parts = 0
    for part in _parts(line):
        if parts and is_related(part):
            return True  # what it links to has its own punctuation
        if not (is_footer(part) or is_counter(part) or is_debris(part)):
            return False
        parts += 1
    return parts > 1


def _parts(line: str) -> Iterator[str]:
    """The parts of a line, one at a time: of most lines only the first is looked at."""
    end = 0
    for found in _PARTS.finditer(line):
        if (part := line[end : found.start()]).strip():
            yield part
        end = found.end()
    if (part := line[end:]).strip():
        yield part


def is_date_line(line: str) -> bool:
    """A line of nothing but a date, a time and the words that go with them."""
    digits = False
    for count, token in enumerate(_DATE_TOKEN.finditer(normalise(line))):
        if count == _FRAGMENT_WORDS or not _DATE_WORD.fullmatch(token[0]):
            return False  # mostly at the first word
        digits = digits or token[0][0].isdigit()
    return digits


def source_name(line: str) -> str:
    """The outlet that a line "Source: X" names; "" for any other line."""
    match = _SOURCE.match(line)
    return match[1].strip() if match else ""


def is_byline(line: str) -> bool:
    """Who wrote it, and nothing else."""
    return bool(_BYLINE.match(line)) and len(_WORDS.findall(line)) <= _FRAGMENT_WORDS


def is_fragment(line: str) -> bool:
    """Too short to be a paragraph and not a sentence: a menu entry, a name, a heading."""
    return len(line) <= FRAGMENT_CHARS and len(_WORDS.findall(line)) <= _FRAGMENT_WORDS and not is_sentence(line)


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return bool(_SENTENCE_END.search(line))


def is_attribution_line(line: str) -> bool:
    """A line that only says who said the one above: "- the message says."."""
    return len(line) <= FRAGMENT_CHARS and bool(_ATTRIBUTION_LINE.match(line))


def is_scrap(line: str) -> bool:
    """A fragment of very few words: below the last sentence it is a name, a section or a button."""
    if len(line) > _SCRAP_CHARS or len(_WORDS.findall(line)) > _SCRAP_WORDS or is_sentence(line):
        return False
    return len(line) <= _SCRAP_LETTERS or main_script(line) not in {"han", "kana", "hangul"}


def second_copy(paragraph: str) -> int | None:
    """Where a paragraph begins to say itself again to its end; None if it does not."""
    opening = paragraph[:DOUBLE_CHARS]
    if len(paragraph) < 2 * DOUBLE_CHARS:
        return None
    at = paragraph.find(opening, len(opening))
    if at < 0:
        return None
    again = paragraph[at:].strip()
    return at if paragraph[:at].strip().startswith(again.rstrip(" .…")) else None


def without_spam(line: str, script: str | None) -> tuple[str, list[str]]:
    """The line without spam words set into it and without a feed's "read more" tail, and what went.

    Spam is a run in another script than the body's that no bracket or quotation mark introduces, and whose words are
    those of the trade; a foreign name or term that an author put there stays.
    """
    gone: list[str] = []
    for tail, possible in ((_APPEARED, "The post " in line), (_MORE, line.rstrip().endswith(_MORE_ENDS))):
        # Few lines can match, and to ask is slow.
        match = tail.search(line) if possible else None
        if match and match.start() > 0:
            gone.append(match.group().strip())
            line = line[: match.start()].rstrip()
    if line.isascii() or script is None:
        return line, gone
    family = FAMILIES.get(script, {script, "latin"})
    strange = scripts_in(line) - family
    for other in (script for script in RUNS if script in strange):
        for match in reversed(list(_STRANGE_WORDS[other].finditer(line))):
            if _SPAM.search(normalise(match.group())) and not _introduced(line, match.start()):
                gone.append(match.group())
                line = _join(line[: match.start()], line[match.end() :])
    return line, gone


def _introduced(line: str, at: int) -> bool:
    return line[:at].rstrip()[-1:] in set(_BRACKETS) - {"'", "’", "”", ")", "]", "»"} and at > 0


def _join(before: str, after: str) -> str:
    """What stood around a removed word, with one space between, or none before a mark."""
    after = after.lstrip()
    if not before.strip():
        return after
    return before.rstrip() + ("" if not after or after[0] in ".,;:!?)" else " ") + after
