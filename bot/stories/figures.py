"""Figures with what they count ("over 11,000 containers of munitions"), and which earlier figure they change.

Two figures are about one thing only if they count the same in clauses that say the same of it, and of which both tell
what has happened, or both what is to come. Percentages, money, ages, times and lengths are never compared: they count
too many things; nor is what came on top ("19 new cases"), or a rate with a sum. Nothing is converted, and no wording is
new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.stories.facts import is_title_case, names_in, numbers_in
from bot.stories.fates import fates_in
from bot.stories.numerals import KOREAN, UNIT_BEHIND, value_of, words_of
from bot.stories.prospects import is_prospect
from bot.stories.tolls import death_toll
from bot.text.normalise import normalise
from bot.text.stop_words import STOP_WORDS
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.stories.fates import Fate

SHARED_TERMS: Final = 2
SHARED_PART: Final = 0.15
PEOPLE_TERMS: Final = 3
PEOPLE_PART: Final = 0.3
"""People are counted in every sentence: two counts of them must share more."""
TOLD_CHARS: Final = 30
"""How much longer a figure may be that says what befell those counted."""

_ABOUT: Final = (
    r"(?:(?:well )?over|more than|at least|about|around|nearly|almost|up to|some|roughly|fewer than|less than"
    r"|an estimated|как минимум|не менее|не менш(?:е|як)|более|больше|свыше|около|почти|до|примерно|порядка|понад"
    r"|більше"
    r"|близько|майже|щонайменше|приблизно|mehr als|über|rund|etwa|fast|mindestens|bis zu|plus de|environ|près de"
    r"|au moins|más de|unos|cerca de|al menos|mais de|ao menos|pelo menos|أكثر من|نحو|حوالي|قرابة|ما لا يقل عن"
    r"|ما يزيد (?:على|عن)|دست\u200c?کم|بیش از|حدود|نزدیک به|en az|yaklaşık|कम से कम|करीब|लगभग)\s+"
)
_DIGITS: Final = r"\d{1,3}(?:[,.\u066c\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,\u066b]\d+)?"
_SCALE: Final = (
    r"(?:thousand|million|billion|тыс\.?|тысяч[аиу]?|млн|миллион\w*|млрд|миллиард\w*|тис\.?|тисяч[аіу]?|мільйон\w*"
    r"|мільярд\w*|tausend|Millionen|mille|mil|millones"
    r"|milh[ãõ]\w+|ألفا?|آلاف|مليون|ملايين|هزار|میلیون|हज़?ार|लाख|bin|milyon)"
)
_ONE_THOUSAND: Final = r"a thousand|тысячу|тисячу"
_JOINED: Final = re.compile(r"\s+(?:of|с|со|з|із|зі|mit|de)\s+(?![A-ZА-ЯІЇЄҐ])[^\W\d_][\w-]+(?!\s[A-ZА-ЯІЇЄҐ]|\w)")
_MARKS: Final = r"\u064b-\u0652\u200c\u0900-\u0903\u093a-\u094f"
"""What stands on and between the letters of Arabic and Hindi words, and is no letter to an expression."""
_WORD: Final = re.compile(rf"[^\W\d_][\w'’{_MARKS}-]*")
_NOUN_FIRST: Final = frozenset({"ar", "fa", "hi", "tr"})
"""Languages in which the thing counted stands right behind its number, and is followed by what is said of it."""
_CYRILLIC_NOUN: Final = re.compile(r"^[а-яіїєґ](?!.*(?:ых|их|ого|его)$)")
_PEOPLE: Final = frozenset(
    {"peopl", "person", "man", "woman", "men", "women", "children", "человек", "люд", "людина"}
    | {"pesso", "شخص", "اشخاص", "نفر", "लओग", "kiş", "kişi"}
)
_BOUND: Final = re.compile(
    r"\b(?:kill|wound|injur|die[ds]|dead|death|victim|casualt|arrest|detain|evacuat|missing|hostage|rescu|magnitude)"
    r"|\b(?:погиб|убит|ранен|пострада|жертв|задержан|арестован|загин|вбит|поранен|постражда|затриман)"
    r"|\b(?:getötet|verletzt|tote|tués|blessés|muertos|heridos|mort[oae]s|morreram|feridos|presos|hayatını|öldü|yaral|gözalt)"
    r"|قتل|قتيل|مصرع|جريح|جرحى|أصيب|إصاب|ضحايا|کشته|زخمی|जान|मौत|घायल|गिरफ्तार|사망|부상|숨지|숨졌|체포|死|负伤|受伤|負傷|けが|逮捕|被捕",
    re.IGNORECASE,
)
_ADDED: Final = re.compile(
    r"\s?(?:(?:more|new|other|further|additional|extra|fresh)\b|нов|дополнительн|додатков|друг|інш)",
    re.IGNORECASE,
)
_ON_TOP: Final = re.compile(
    r"(?:\b(?:another|additional|further|extra|ещ[её]|ще|дополнительно|додатково)|추가로?|さらに|新たに|追加で|新增|又有|另有)\s?$",
    re.IGNORECASE,
)
_RATE: Final = re.compile(
    r"^[^.,;]{0,25}?\b(?:(?:per|an?|each|every) (?:second|minute|hour|day|week|month|year)|daily|weekly|monthly|yearly"
    r"|в (?:день|сутки|час|месяц|год)|на (?:день|добу|місяць|рік))\b"
)
_AT_MOST: Final = re.compile(r"^(?:up to|until|до|bis zu|최대|最大|最多)\b", re.IGNORECASE)
_ANY_THING: Final = frozenset("개건个個件")
_BESIDE: Final = re.compile(r"[가-힣]{2,}\s?$")
_BEHIND: Final = re.compile(r"[\u4e00-\u9fff\u30a0-\u30ff]{2}")
_SPACED: Final = re.compile(
    rf"(?:(?<![\w$€£¥₽.,:/–-])|(?<=(?<!\w)[وفبلك]))(?P<amount>{_ABOUT})?(?P<number>(?:{_DIGITS})(?:\s*{_SCALE}(?![\w]))?|{_ONE_THOUSAND})"
    rf"(?P<unit>(?:\s+(?![وفبلك]\d)[^\W\d_][\w'’{_MARKS}-]*){{1,5}})",
    re.IGNORECASE,
)
_THE: Final = re.compile(
    r"\b(?:the|these|those|all|both|other|эти|этих|оба|ці|цих|die|der|den|diese[nr]?|les|des|ces|los|las|estos"
    r"|among them|including|of them|среди них|включая|серед них|зокрема|darunter|dont|entre ellos|incluid[oa]s),?\s$",
    re.IGNORECASE,
)
"""Numbers in words behind these count no more: "the two men", "among them two boys"."""
_KOREAN: Final = re.compile(
    r"(?P<amount>(?:약|최소|최대|적어도|모두)\s?)?"
    rf"(?P<number>\d[\d,.]*\s?[만천억]?(?:\s?\d[\d,]*)?|(?<![가-힣]){KOREAN}(?=\s?명))\s?여?\s?"
    r"(?P<unit>명|개|발|기|척|대|톤|건)(?:\s?(?:이상|넘게|가량|안팎))?"
)
_JAPANESE: Final = re.compile(
    r"(?P<amount>約|少なくとも|最大|計)?"
    r"(?P<number>\d[\d,.]*[万千億]?\d*|(?<![数何十百千])[二三四五六七八九]?十[一二三四五六七八九]?(?=人))(?P<unit>人|個|発|基|隻|台|トン|件)(?:以上|超|余り)?"
)
_CHINESE: Final = re.compile(
    r"(?P<amount>超过|超過|约|約|近|至少|大约|逾|共)?"
    r"(?P<number>\d[\d,.]*[万千亿萬億]?|(?<![数數几幾上百千万])[二三四五六七八九]?十[一二三四五六七八九]?(?=[多余餘]?[名人]))[多余餘]?"
    r"(?P<unit>名|人|个|個|枚|艘|吨|噸|架|辆|輛|发|發|具)"
)
_MIXED: Final = re.compile(r"(\d+)\s?[만万萬]\s?(\d+)")
_COUNTED: Final = {"ko": _KOREAN, "ja": _JAPANESE, "zh": _CHINESE}
_UNCOUNTED: Final = re.compile(
    r"^(?:percent\w*|per|yards?|inch(?:es)?|calib\w+|thousand|[mb]illion"
    r"|years?|months?|weeks?|days?|hours?|minutes?|seconds?|times?|dollars?|euros?|pounds?|points?|km"
    r"|kilomet\w+|miles?|met(?:er|re)s?|feet|degrees?|am|pm|gmt|utc|лет|года?|год[уы]?|месяц\w*|недел\w*|дн(?:я|ей)|час\w*"
    r"|минут\w*|раз\w*|процент\w*|доллар\w*|евро|руб\w*|км|километр\w*|рок\w*|місяц\w*|тижн\w*|днів|дні|годин\w*|хвилин\w*"
    r"|відсот\w*|долар\w*|січ\w*|лют\w*|берез\w*|квіт\w*|трав\w*|черв\w*|лип\w*|серп\w*|верес\w*|жовт\w*|листопад\w*"
    r"|груд\w*|янв\w*|фев\w*|март\w*|апрел\w*|мая|июн\w*|июл\w*|август\w*|сентяб\w*|октяб\w*|нояб\w*|декаб\w*"
    r"|kilóm\w+|kilôm\w+|quilôm\w+|mètres?|metros?|degrés?|grados?|graus?|añ?os|ans?|anos?|années?|jours?|d[íi]as?"
    r"|heures?|horas?|semanas?|semaines?|mois|mes(?:es)?|minutos?|dólares|reais|yıl\w*|gün\w*|saat\w*|dakika\w*|büyükl\w*"
    r"|derece\w*|yüzde|lira\w*|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|عام\w*|سن[ةو]\w*|يوم\w*|أيام|ساع[ةا]\w*|دقيق[ةا]\w*|دولار\w*|كيلومتر\w*|متر\w*|درج[ةا]\w*|شهر\w*|أسبوع\w*|سال\w*|روز\w*"
    r"|ساعت\w*|دقیقه|دلار|درصد|کیلومتر\w*|ریشتر\w*|साल|दिन|घंट\S*|प्रतिशत|रुपय\S*|किलोमीटर|तीव्रता|डॉलर|हु[ईआए]\S*|हो|हैं?|गई|गए"
    r"|जनवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر"
    r"|أكتوبر|نوفمبر|ديسمبر|كانون|شباط|آذار|نيسان|أيار|حزيران|تموز|أيلول|تشرين|بالم\w+|حتى|على|إلى|منذ|بعد|قبل|بين\w*|منهم"
    r"|فروردین|اردیبهشت|خرداد|مرداد|شهریور|مهر|آبان|آذر|بهمن|اسفند"
    r"|jahr\w*|prozent|monat\w*|wochen?|tag\w*|stund\w*|uhr|jan\w*|feb\w*|march|april|may|june|july|aug\w*|sep\w*"
    r"|oct\w*|nov\w*|dec\w*|st|nd|rd|th)$"
)
_CLAUSE_END: Final = re.compile(r"[,;:—–]\s")
_COUNT_OF: Final = re.compile(r"\d[\d,.]*\s+[^\W\d_]+")
_TOLD: Final = re.compile(
    r"^(?:sa(?:y|ys|id|ying)|t(?:ell|old)|report|accord|announc|estimat|confirm|add|official|сообщ|заяв|сказа|подтверд"
    r"|повідом|підтверд|sagt|teilt|berichte|bestätig)"
)
"""Who says it, and that it is said, is the same for any figure."""
_ANY_STOP_WORD: Final = frozenset().union(*STOP_WORDS.values())
_SHORT: Final = 3
_STEM: Final = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts, as they stand: ``phrase`` both, ``amount`` without the thing counted.

    ``value`` is the number as plain digits, ``unit`` the index terms of the thing, ``context`` those of the sentence.
    ``bound`` is True for what one event counts (the dead, the arrested): another event's count never changes it.
    ``names`` are the sentence's, ``whose`` those in the phrase ("18 Turkish workers"), by how they begin. ``near`` are
    the terms that say of the thing what the clause is about, None where clauses cannot be told apart. A ``part`` came
    on top of others; a ``rate`` is so much a day; what is ``ahead`` has yet to happen. ``fate`` is what befell those
    counted, "" where it is not said; ``told`` is the phrase with the word that says so. A ``toll`` is called so: it
    counts all that an event has killed so far.
    """

    phrase: str
    amount: str
    value: str
    unit: frozenset[str]
    context: frozenset[str]
    bound: bool = False
    names: frozenset[str] = frozenset()
    whose: frozenset[str] = frozenset()
    near: frozenset[str] | None = None
    part: bool = False
    rate: bool = False
    ahead: bool = False
    fate: str = ""
    told: str = ""
    toll: bool = False


Changes = dict[tuple[str, frozenset[str]], Figure]
"""The earlier figure that each of a text's figures changes, by the latter's value and unit."""


def has_figure(text: str, lang: str) -> bool:
    """Whether a text may hold a figure, in digits or in words."""
    return any(char.isdigit() for char in text) or bool(figures_in(text, lang))


def figures_in(sentence: str, lang: str) -> tuple[Figure, ...]:
    """The figures of a sentence in order, those that count something that can be compared."""
    toll = death_toll(sentence, lang)
    matches = list(_shape(sentence, lang).finditer(sentence))
    if toll:
        matches = [match for match in matches if match.start("number") != toll.start("number")]
    if not (matches or toll):
        return ()  # as in most sentences: the rest is the dear part
    opens = next((match["number"] for match in matches if match.start("number") == 0), "")
    names = names_in(sentence[:1].lower() + sentence[1:] if opens[:1].isalpha() else sentence)  # "Forty" is no name
    context = frozenset(term for term in index_terms(sentence, lang) if not term.isdigit())
    found = [] if toll is None else [_toll(toll, sentence, context, names)]
    spelt = {match for match in matches if value_of(match["number"].casefold(), lang)}
    matches = [match for match in matches if match not in spelt or not _THE.search(sentence[: match.start()])]
    counts = [(match, counted) for match in matches if (counted := _counted(match, sentence, lang))]
    spans = [(match.start(), match.start() + len(phrase)) for match, (phrase, _) in counts]
    # The dead whom a toll counts befell nobody else: they are its own word.
    own = [(toll.start("head"), toll.end("number"))] if toll else []
    in_order = sorted([*spans, *own])
    said = dict(zip(in_order, fates_in(sentence, in_order), strict=True))
    fates = [said[span] for span in spans]
    for (match, (phrase, unit)), fate in zip(counts, fates, strict=True):
        value = _value(match["number"], lang)
        if match in spelt and not (unit <= _PEOPLE or fate or lang in _COUNTED):
            continue  # "two sides": no count that changes
        if value:
            amount = phrase if lang in _COUNTED else f"{match['amount'] or ''}{match['number']}".strip()
            bound = unit <= _PEOPLE or bool(_BOUND.search(sentence))
            behind = sentence[match.end("number") :]
            clause = sentence if lang in _COUNTED else _clause(sentence, match)
            found.append(
                Figure(
                    phrase,
                    amount,
                    value,
                    unit,
                    context - unit,
                    bound,
                    names,
                    _beginnings(names_in(f"x {phrase[match.end('number') - match.start() :]}")),
                    None if lang in _COUNTED else _said_near(clause, phrase, lang),
                    part=bool(_ADDED.match(behind) or _ON_TOP.search(sentence[: match.start()])),
                    rate=bool(_RATE.match(behind)),
                    ahead=is_prospect(clause),
                    fate=fate.kind if fate else "",
                    told=_told(sentence, match.start(), phrase, fate),
                )
            )
    return tuple(found)


def _toll(match: re.Match[str], sentence: str, context: frozenset[str], names: frozenset[str]) -> Figure:
    """The number that a sentence calls a toll: it counts the dead, and says so by no word behind it."""
    amount = sentence[match.start("amount") if match["amount"] else match.start("number") : match.end("number")]
    told = sentence[match.start("head") : match.end("number")]
    return Figure(
        amount,
        amount,
        _value(match["number"], "en"),
        frozenset({"peopl"}),
        context,
        bound=True,
        names=names,
        ahead=is_prospect(_clause(sentence, match)),
        fate="dead",
        told=told if len(told) <= len(amount) + TOLD_CHARS else f"{match['head']} … {amount}",
        toll=True,
    )


def _shape(sentence: str, lang: str) -> re.Pattern[str]:
    """What finds the figures of a sentence; number words are looked for only where there is one."""
    if lang in _COUNTED:
        return _COUNTED[lang]
    spelt = not _words_of(lang).isdisjoint(re.split(r"[\s-]+", sentence.casefold()))
    return _spelt_or_not(lang) if spelt else _SPACED


@cache
def _words_of(lang: str) -> frozenset[str]:
    return frozenset(words_of(lang))


@cache
def _spelt_or_not(lang: str) -> re.Pattern[str]:
    """Figures in digits and in words: "forty-five people"."""
    words = "|".join(sorted(map(re.escape, words_of(lang)), key=len, reverse=True))
    spelt = rf"(?:{words})(?:{UNIT_BEHIND.pattern.replace('?P<unit>', '?:')})?(?!\s*{_SCALE}|[\w-])"
    return re.compile(_SPACED.pattern.replace("(?P<number>", f"(?P<number>{spelt}|", 1), re.IGNORECASE)


def changes_among(figures: Iterable[Figure], earlier: Iterable[Figure], *, of_one: bool) -> Changes:
    """Which earlier figure each of a text's figures changes.

    What is counted is counted once: the first figure that is about it, changed or not, uses up all earlier ones of it.
    Between two events, not ``of_one``, what each counts is its own, and only a sum that has grown may be one and the
    same.
    """
    left = [each for each in earlier if of_one or not each.bound]
    found: Changes = {}
    for figure in figures:
        alike = [each for each in left if _likeness(figure, each)]
        if not alike:
            continue
        other = changed(figure, alike)
        if other is not None and (of_one or float(other.value) < float(figure.value)):
            found.setdefault((figure.value, figure.unit), other)
        used = set(map(id, alike))
        left = [each for each in left if id(each) not in used]
    return found


def changed(figure: Figure, earlier: Iterable[Figure]) -> Figure | None:
    """The earlier figure that this one changes: the nearest in context, the first given among equals; None if none is.

    A figure that somebody gave before changes nothing, and "up to 8,000" bears a smaller one.
    """
    alike = [(likeness, other) for other in earlier if (likeness := _likeness(figure, other)) > 0]
    if not alike or any(other.value == figure.value for _, other in alike):
        return None
    # Of all counts of the dead the newest was the toll until now, whatever the words around it.
    nearest = max(alike, key=lambda pair: (pair[1].fate == figure.fate, 0.0 if figure.toll else pair[0]))[1]
    borne = _AT_MOST.match(nearest.phrase) and float(figure.value) <= float(nearest.value)
    return None if borne else nearest


def _likeness(one: Figure, other: Figure) -> float:
    """How sure it is that two figures count one and the same thing; 0 where they do not."""
    if not one.unit & other.unit or _of_two_kinds(one, other):
        return 0.0
    if len(one.unit & other.unit) >= SHARED_TERMS or one.whose & other.whose:
        return 1.0  # "containers of munitions": the thing itself says enough
    if one.near is not None and other.near is not None and not one.near & other.near:
        return 0.0  # seats won are not those at stake
    shared = len(one.context & other.context)
    part = shared / max(1, min(len(one.context), len(other.context)))
    alone = one.unit & other.unit <= _PEOPLE and not (one.toll or other.toll)
    terms, least = (PEOPLE_TERMS, PEOPLE_PART) if alone else (SHARED_TERMS, SHARED_PART)
    return part if shared >= terms and part >= least else 0.0


def _of_two_kinds(one: Figure, other: Figure) -> bool:
    if one.names and other.names and not one.names & other.names:
        return True  # two firms both cut jobs
    if one.part or other.part or (one.rate, one.ahead, one.bound) != (other.rate, other.ahead, other.bound):
        return True  # 600 killed are none of the 3,000 sent, and those sent none of whom are to be
    if one.fate and other.fate and one.fate != other.fate:
        return True  # of 19 missing, 10 are not dead
    if one.unit - other.unit and other.unit - one.unit:
        return True  # suspected cases are not confirmed ones
    return bool(one.whose - _named(other) or other.whose - _named(one))  # Syrian refugees are not all of them


def _counted(match: re.Match[str], sentence: str, lang: str) -> tuple[str, frozenset[str]] | None:
    """The phrase up to the thing counted, and the thing's index terms; None where nothing comparable is counted."""
    if lang in _COUNTED:
        unit = match["unit"]
        if unit in _ANY_THING:  # "pieces" of what: the word beside says it
            around = _BESIDE.search(sentence[: match.start()]) if lang == "ko" else _BEHIND.match(sentence, match.end())
            unit = around.group()[:2] if around else unit  # its first letters: endings follow
        # "9名" and "9人" are people alike.
        return match.group().strip(), frozenset({"人" if lang == "zh" and unit == "名" else unit})
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(sentence, match.start("unit"), match.end("unit")):
        plain = normalise(word.group())
        if plain in _ANY_STOP_WORD or _UNCOUNTED.match(plain):
            break
        words.append(word)
        if _CYRILLIC_NOUN.search(plain) or lang in _NOUN_FIRST or (lang == "de" and word.group()[0].isupper()):
            break  # what stands behind the noun is a verb or whose it is
    things = [word for word in words if len(word.group()) >= _SHORT and (lang == "de" or not word.group()[0].isupper())]
    if lang == "de" and things and not things[-1].group()[0].isupper():
        return None  # "27 gestiegen", "80 weitere" name no thing
    if not things:
        return None
    end = things[-1].end()
    joined = _JOINED.match(sentence, end)
    phrase = sentence[match.start() : joined.end() if joined else end]
    counted = " ".join([*(word.group() for word in things), joined.group() if joined else ""])
    return phrase.strip(), frozenset(index_terms(counted, lang))


def _told(sentence: str, start: int, phrase: str, fate: Fate | None) -> str:
    """A figure up to the word that says what befell those counted; the figure alone where that stands far away."""
    end = start + len(phrase)
    if fate is None:
        return phrase
    told = sentence[min(start, fate.start) : max(end, fate.end)]
    return told if len(told) <= len(phrase) + TOLD_CHARS else phrase


def _clause(sentence: str, match: re.Match[str]) -> str:
    """The clause that a figure stands in."""
    start = max((found.end() for found in _CLAUSE_END.finditer(sentence, 0, match.start())), default=0)
    end = _CLAUSE_END.search(sentence, match.end("number"))
    return sentence[start : end.start() if end else len(sentence)]


def _said_near(clause: str, phrase: str, lang: str) -> frozenset[str]:
    """The terms of a clause but for its figures, its names and who says it."""
    rest = _COUNT_OF.sub(" ", clause.replace(phrase, " "))
    loud = is_title_case(clause)
    words = (
        word for word in _WORD.findall(rest) if (loud or not word[0].isupper()) and not _TOLD.match(word.casefold())
    )
    return frozenset(index_terms(" ".join(words), lang))


def _beginnings(words: Iterable[str]) -> frozenset[str]:
    """Words by their first letters: endings follow."""
    return frozenset(word[:_STEM] for word in words if len(word) >= _SHORT)


def _named(figure: Figure) -> frozenset[str]:
    return figure.whose | _beginnings(figure.names)


def _value(number: str, lang: str) -> str:
    spelt = value_of(number.casefold(), lang)
    if spelt:
        return str(spelt)
    if re.fullmatch(_ONE_THOUSAND, number.strip(), re.IGNORECASE):
        return "1000"
    mixed = _MIXED.fullmatch(number.replace(",", ""))
    if mixed:
        return str(int(mixed[1]) * 10_000 + int(mixed[2]))
    return next(iter(numbers_in(number)), "")
