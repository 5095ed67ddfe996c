"""Sentences that carry no news of their own: definitions, background, ones that lean on a sentence before them.

Recognised by their wording, in the languages that the bot reads best; in others nothing is recognised, and the callers
fall back on position. Knows one sentence at a time.
"""

from __future__ import annotations

import re
from typing import Final

from bot.stories.calls import is_call
from bot.text.normalise import normalise
from bot.text.scripts import SENTENCE_ENDS

_DEFINITION: Final = re.compile(
    r"\b(?:stands? for|is (?:an? )?(?:acronym|abbreviation) (?:for|of)|(?:is|are) (?:formally|officially"
    r"|also) known as|"
    r"official name|расшифровывается|сокращение от|официальное название|офіційна назва)\b|的简称|的全称"
    r"|の略|の正式名称|의 약자|의 정식 명칭"
)
_BACKGROUND: Final = re.compile(
    r"^(?:earlier|previously|last (?:year|month|week)|(?:a|one) (?:year|month|week) (?:ago|earlier)|in the past"
    r"|the (?:day|year|month|week) before|(?:the )?last time"
    r"|historically|in (?:19|20)\d\d\b|"
    r"since (?:19|20)\d\d|as (?:previously )?reported|recall that|ранее|напомним|в прошлом (?:году|месяце)"
    r"|на прошлой неделе|(?:годом|месяцем|неделей|днем) ранее|год назад|месяц назад|накануне"
    r"|в (?:прошлый|последний) раз|минулого разу|востаннє|напередодні"
    r"|рік тому|місяць тому|роком раніше|минулоріч|"
    r"до этого|как сообщалось|раніше|нагадаємо|торік|минулого (?:року|місяця|тижня)|як повідомлялося)\b"
    r"|^(?:此前|早前|早些时候|早些時候|去年|上周|上週|上个?月|上個月|前年|几年前|多年前|此前报道)"
    r"|^(?:昨年|先月|先週|以前|かつて|これまで|先に|一昨年|数年前)"
    r"|^(?:上次|上一次|前一天|此前一天|前回|前日|지난번|전날)"
    r"|^(?:지난해|지난달|지난주|작년|재작년|앞서|과거|예전에|이에 앞서)"
)
_OF_BEFORE: Final = re.compile(
    r"\b(?:last year|years? ago|months? ago|decades? ago|previously|had (?:earlier|already|repeatedly|long)"
    r"|earlier (?:this|last) (?:year|month)|"
    r"first (?:since|time in)|has long|за последние годы|ранее|(?:лет|года?) назад|раніше|рок(?:и|ів) тому)\b|"
    r"此前曾|年前曾|年前[、に]|년 전[에 ,]"
    # Who stands before when: "the two met last September", but not "since last September".
    r"|^[^,.]{1,14}[은는이가]\s(?:지난해|작년|재작년)(?!\s?(?:\d{1,2}월)?\s?(?:이후|이래|부터))"
    r"|^[^、。]{1,14}は、?(?:昨年|一昨年)(?!(?:\d{1,2}月)?(?:以降|以来|から))"
    # How things have been since a year that a clause tells of: "tense since 2014, when".
    r"|\b(?:has|have|had) (?:\w+ )?been (?:\w+ ){1,3}since (?:19|20)\d\d,? when\b"
    r"|\b(?:оста[ею]тся|остаются|наход[ия]тся|залиша[ює]ться) (?:\w+ ){1,3}"
    r"[сз] (?:19|20)\d\d (?:года|року), (?:когда|коли)\b"
    r"|^[^，。]{1,10}(?:曾于|曾在|去年(?!(?:\d{1,2}月)?(?:以来|以後|以后|至今|起)))"
)
_COMPARED: Final = re.compile(
    r"(?:(?:지난해|작년|전년) ?)?같은 (?:기간|달|분기|시기)(?:보다|에 비해|과 비교|와 비교| 대비)"
    r"|(?:지난해|작년|전년)(?:보다|에 비해| 대비)"
    r"|同期(?:比|より|に比べ|と比べ|相比|增长|增長|增加|下降|减少|減少)|(?:去年|上年|昨年|前年)(?:同期|同月)"
    r"|(?:по сравнению с|чем в|относительно) (?:прошл\w+|аналогичн\w+)"
    r"|(?:порівняно з|ніж у|проти) (?:минул\w+|торішн\w+|аналогічн\w+)"
    r"|(?:than|with|from|over|on) (?:the same \w+ )?(?:of |in )?(?:last year|a year (?:ago|earlier|before))"
)
"""How much more it is than at some time before: what is told is of now."""
_LEANING: Final = re.compile(
    r"^[\"“«'‘]?(?:he|she|it|they|we|his|her|its|their|this|that|these|those|such|here|there|but|and|so"
    r"|however|also|meanwhile|instead|"
    r"(?:soon|shortly) after(?:wards?)?|later that|at the time|since then|the same (?:day|week|month)|"
    r"yet|still|then|moreover|furthermore|nevertheless|nonetheless|in addition|in turn|as a result"
    r"|according to (?:him|her|them|it)"
    # "For that year": another sentence says which; "in this year's vote" says it by itself.
    r"|(?:for|in|at|by|after|before|since|during|until|under|from|on|of|despite|with) (?:that|those|these)"
    r"|(?:after|before|despite|with|under|on) this(?! (?:year|month|week|morning|evening|summer|winter|spring|autumn))|"
    r"about (?:it|this|that)|for (?:his|her) part|the (?:official|spokes\w+|statement|document"
    r"|same) (?:said|added|also)|"
    r"(?:on|in|at|by|since|earlier|last)(?: [^\W_]+){1,2},? (?:he|she|they|it (?:also )?(?:said|told|announced|added))|"
    r"он|она|оно|они|(?:[усквн]|от|до|для|из|на|над|по|под|при|про|без) (?:н[ие]м[иу]?|него|нее|ней|них|нею)|ему"
    r"|ей|им|его|ее|их|это|этот|эта|эти|этом|об этом|но|однако|также|при этом|кроме того|по (?:его"
    r"|ее|их) словам|в свою очередь|"
    r"він|вона|воно|вони|(?:[узві]|із|до|від|для|на|над|по|під|при|про|без) (?:н[иі]м[иу]?|нього|неї|ній|них|нею)"
    r"|йому|їй|їм|його|її|їх|це|цей|ця|ці|про це|але|однак|також|при цьому|крім того|за (?:його|її"
    r"|їх) словами|"
    r"er|sie|es|ihm|ihn|ihnen|dies|aber|doch|auch|il|elle|ils|cela|mais|él|ella|ellos|esto|pero)\b|"
    r"^(?:他|她|它|他们|她们|这|该|但|然而|此外|另外|彼は|彼女は|これは|それは|この|その|しかし|また|一方"
    r"|그는|그녀는|이는|이에|그러나|하지만|또|또한|한편)"
)
_ATTRIBUTION: Final = re.compile(
    r"^(?:this|it|that) (?:is|was|has been) (?:\w+ )?(?:stated|reported|said|announced|noted|written)\b|"
    r"^(?:about (?:it|this|that)|this)\b[^,;]{0,60}\b(?:stated|said|reported|announced|told|writes|reports)\b|"
    r"\b(?:repeated|reiterated|echoed|stressed|confirmed) (?:the|this|that|his|her|its|their|these|those) "
    r"(?:same )?(?:stance|position|views?|statement|remarks?|words?|points?|sentiments?)\b|"
    r"^(?:об этом|про це)\s[^:;]{0,120}(?:сообщ|заяв|говор|рассказ|пишет|передает|переда[юе]т|повідом|йдеться|"
    r"розпов|напис|пише|сказа)|"
    r"^(?:о|об|про) [^,;:]{3,80} (?:сообщил|рассказал|заявил|объявил|повідом|розпов|заяви|оголос)\w*[^,;:]{0,60}$|"
    r"^[^、。]{1,24}が(?:\d{1,2}日、?)?(?:発表した|明らかにした|伝えた|報じた)。$|"
    r"^[^.,]{1,24}[이가]\s(?:\d{1,2}일\s)?(?:발표했다|보도했다|밝혔다|전했다)\.$|"
    r"^(?:das|dies) (?:teilte|sagte|berichtet|meldete)\w*\b|"
    r"^(?:这是|據|据)[^，,。]{1,20}(?:报道|報道|消息)[的]?[。.]$"
)
"""Says who said it, or that it was said again, and nothing of what."""
_OF_REPORTING: Final = re.compile(
    # Who asked not to be named, and who was asked and said nothing; a "but" or a "said" may bring more.
    r"^(?!.*\b(?:but|although|though|while|said|says|told|saying)\b)[^;:\"“”]{2,90}?\b(?:"
    r"(?:declined|refused) (?:to (?:comment|be (?:named|identified|quoted))|a request for comment)"
    r"|did(?: not|n['’]t) (?:immediately |directly |initially )?(?:respond|reply|return|answer)\b[^.]{0,50}"
    r"\b(?:comment|requests?|e-?mails?|calls?|messages?|questions?|inquir(?:y|ies))"
    r"|(?:could|was|were) not (?:immediately )?(?:be reached|available) for comment"
    r"|could not (?:immediately )?(?:be )?independently (?:verif|confirm)\w+"
    r"|(?:spoke|talked|agreed to speak|asked to speak) (?:on|under) (?:the )?condition of anonymity"
    r"|asked (?:not to be (?:named|identified|quoted)|for anonymity)|requested anonymity)\b"
    r"|^(?:the )?[a-z][\w.’' -]{1,40} (?:has|have) (?:contacted|approached|reached out to|asked) [^.]{2,60}"
    r" for (?:a )?comment\.$"
    r"|^[^,;]{2,50} (?:first reported|was (?:the )?first to report) [^,;]{2,40}\.$"
    r"|\b(?:was|were) first reported by [^,;]{2,40}\.$"
)
"""Says how an outlet came by its news, or did not. What nobody would say is none."""
_INVITATION: Final = re.compile(
    r"^(?:just watched|must[- ]watch|now playing|watch(?: live| now)?:|read (?:more|also|next|the full)|related:"
    r"|see also|click here|tap here|sign up|subscribe\b|follow us|download our|photos?:|image:|advertisement\b"
    r"|читайте (?:также|тоже|нас)|смотрите также|подпи(?:сывай|ши)тесь|подробн(?:ее|ости) (?:[-—–] )?(?:в|на) наш"
    r"|фото:|видео:|источник:|реклама\b|читайте (?:також|ще)|дивіться також|підпи(?:суйтес|шітьс)[ья]|джерело:|відео:"
    r"|подробиці (?:[-—–] )?(?:в|у|на) наш|▶|▷|☞|■ ?関連|関連記事|あわせて読みたい|[(（](?:写真|画像|資料写真)"
    r"|扫描二维码|掃描|责任编辑|責任編輯|编辑[:：]|編輯[:：]|[点點][击擊](?![量率数數])|더보기|관련\s?기사|기사\s?제보)"
)
_OF_ITSELF: Final = re.compile(
    r"\b(?:earlier|previous|original|initial) (?:version|headline) of this (?:article|post|story|report|column)\b"
    r"|\bthis (?:article|post|story|report) (?:has been|was) (?:updated|corrected|amended)\b"
    r"|^(?:anyone|anybody|witnesses) with (?:any )?(?:information|footage)\b"
    r"|\b(?:предыдущей|ранней|первоначальной) версии (?:этой )?(?:статьи|заметки|новости|публикации)\b"
    r"|\b(?:попередній|ранній|первісній) версії (?:цієї )?(?:статті|новини|публікації)\b"
    r"|\bin einer (?:früheren|ersten|vorherigen) (?:version|fassung) (?:dieses|des) (?:artikels|beitrags|texte?s)\b"
    r"|기사 수정|바로잡습니다|この記事の(?:以前|当初)の|本文(?:早前|此前|先前)(?:版本|的版本)"
)
"""What an outlet says of its own article, or asks of who reads it."""
_LEANING_END: Final = re.compile(
    r"^[^\s,]+(?: [^\s,]+){1,4} (?:it|that|this|them|him|so)\.$|"
    r",[\"”’]? (?:he|she|it|they) (?:also )?(?:said|added|noted|stated|stressed|explained)\.?$"
    r"|[,—–-] (?:сказал|добавил|заявил|отметил|подчеркнул|сказав|додав|заявив|зазначив|наголосив)[аи]? "
    r"(?:он|она|они|він|вона|вони)\.?$"
)
_LATE_PRONOUN: Final = re.compile(
    # "When Orlen left, he said": his name stands in the sentence itself.
    r"(?!(?:When|After|As|While|Before|Though|Although|If|Since|Because|Like|Unlike)\s(?:[a-z]+\s){0,2}[A-Z])"
    r"[^.“”\"]{3,120}?,\s(?:he|she)\s(?:also\s|then\s)?(?:said|says|told|added|wrote|replied|answered|noted)\b"
)
"""Who speaks is said by a pronoun behind the sentence's opening: "Asked whether he would, he said"."""
_BACKGROUND_HEADING: Final = re.compile(
    r"^(?:what (?:is|do we|we) know|what happened before|background|the context|context|reminder|for reference|recall\b"
    r"|что известно|предыстория|контекст|справка|напомним|напоминаем|що відомо|передісторія|довідка|нагадаємо|нагадуємо"
    r"|hintergrund|배경|참고|背景|経緯)"
)
_HEADING_CHARS: Final = 90
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")
_FIRST_PERSON: Final = re.compile(
    r"\bI['’](?:m|ve|d|ll)\b"
    # "World War I was": no word in capitals before it.
    r"|(?:^|[^\w\s]\s|\b[a-z]+\s)I\s(?:am|was|have|had|will|would|do|did|can|could|think|believe|know|feel|saw|met|spoke"
    r"|asked|want|hope|remember)\b"
    r"|\b(?:told|asked|showed|gave|with|to|for) me\b|\bmy [a-z]|^(?:My|Our|I) [a-z]"
)
"""Who writes, or is heard, speaks of himself: read alone it is nobody."""
_COUNTED_OFF: Final = re.compile(
    r"^(?:first(?:ly|ly and foremost)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|fifth(?:ly)?|finally|lastly"
    r"|for (?:one|example|instance)|in other words|in short|of course|to be sure),\s"
)
"""One of several points: the others are not shown."""
_SPOKEN: Final = re.compile(r"“[^”]*”?|\"[^\"]*\"?|(?<![\w])[‘'](?:[^’'\s]|\s|(?<=\w)[’'](?=\w))*[’'](?!\w)")
_DANGLING: Final = re.compile(r"^[-–—]\s*[a-zа-яіїєґ]|^[;:,.!?)\]»”」』、。]")
_OPENS_QUOTE: Final = re.compile(r"^[\"“«„「『‘]")
_QUOTES: Final = ('"', "“”„", "«»", "「」", "『』")
_ENDS: Final = re.compile(rf"[{SENTENCE_ENDS}][\"”»’'」』)\]）】]*$")
_KOREAN_END: Final = re.compile(r"[다요][\"”’]?$")


def is_definition(sentence: str) -> bool:
    """Explains a word: "DPRK stands for ..."."""
    return bool(_DEFINITION.search(normalise(sentence)))


def is_background(sentence: str, *, lead: bool = False) -> bool:
    """Tells of before: "Last year ...", "Earlier ...".

    An article's ``lead`` does so only by how it opens: "a man arrested two years ago was freed" is its news.
    """
    text = normalise(sentence)
    if _BACKGROUND.match(text):
        return not _COMPARED.match(text)
    return not lead and bool(_OF_BEFORE.search(text)) and not _COMPARED.search(text)


def is_attribution(sentence: str) -> bool:
    """Only says who said it: "This is stated in a joint statement, reports X", "X repeated the stance".

    So does what tells how the outlet knows, or does not: "Two asked not to be named", "X declined to comment".
    """
    text = normalise(sentence)
    return bool(_ATTRIBUTION.search(text) or _OF_REPORTING.search(text))


def opens_background(line: str) -> bool:
    """A heading under which an article tells of before: "What is known about ...", "Background"."""
    return len(line) <= _HEADING_CHARS and not is_complete(line) and bool(_BACKGROUND_HEADING.match(normalise(line)))


def is_invitation(sentence: str) -> bool:
    """Calls to read, watch or follow something else, credits a picture, or speaks of the article itself.

    "JUST WATCHED ...", "Читайте также: ...", "An earlier version of this article ...".
    """
    text = normalise(sentence)
    return bool(_INVITATION.match(text) or _OF_ITSELF.search(text)) or is_call(sentence)


def is_question(sentence: str) -> bool:
    """Asks, and so tells nothing."""
    return sentence.rstrip('"”’»」』)').endswith(("?", "？"))


def is_leaning(sentence: str) -> bool:
    """Opens with a word that points back ("He added", "But") or ends in one ("..., it said"): cannot stand alone.

    Nor can one of several points ("Second, ..."), and what one says of oneself outside a quotation ("Our view is").
    """
    text = normalise(sentence)
    if _LEANING.search(text) or _LEANING_END.search(text) or _COUNTED_OFF.match(text):
        return True
    return bool(_LATE_PRONOUN.match(sentence) or _FIRST_PERSON.search(_SPOKEN.sub(" ", sentence)))


def is_quotation(sentence: str) -> bool:
    """Opens with somebody's own words, or holds one end of them only, the other being in another sentence.

    Who spoke may stand a sentence away, and a translation is not verbatim.
    """
    return bool(_OPENS_QUOTE.match(sentence)) or _is_unpaired(sentence)


def _is_unpaired(sentence: str) -> bool:
    # Some languages open and close with the same mark: what counts is whether one is left over.
    return any(sum(map(sentence.count, marks)) % 2 for marks in _QUOTES)


def is_complete(sentence: str) -> bool:
    """Begins and ends as a sentence does; headings, captions, cut-off teasers and "- he said." do not.

    Where letters have two cases, a row of names is none either: "Sund Shipping Ltd.", "Our Standards: The Code.".
    """
    if sentence.endswith(("...", "…")) or _DANGLING.match(sentence):
        return False
    if not (_ENDS.search(sentence) or _KOREAN_END.search(sentence)):
        return False
    return not _is_row_of_names(sentence)


def _is_row_of_names(sentence: str) -> bool:
    words = _WORD.findall(sentence)
    return all(word[0].isupper() for word in words) and not (sentence.isupper() or sentence.islower())
