"""Whose report an article is: outlets that print one agency, or one another's text, are one origin and not several.

An article's own words decide: a credit in its dateline, by-line or small print ("(Reuters) -", "/ТАСС/", "新华社北京
电", "Source: KCNA"), or its opening, where that says who reported it ("KCNA said", "연합뉴스에 따르면"). What gives no
credit is the outlet's own report. Judges nobody's truth, and takes a picture's credit for nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.stories.agencies import mentioned, name_pattern, named, publishing
from bot.text.datelines import without_dateline
from bot.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry

HEAD_CHARS: Final = 2000
TAIL_CHARS: Final = 600
OPENING_SENTENCES: Final = 2
OPENING_CHARS: Final = 500
DATELINE_CHARS: Final = 110
LINE_CHARS: Final = 100
PATTERNS: Final = 256
"""How many sets of names are kept compiled: texts name few agencies, and the same ones."""
_TAG: Final = re.compile(r"<[^>]{0,500}>")
_PICTURE: Final = re.compile(
    r"photo|picture|image|getty|video|фото|видео|відео|иллюстрац|写真|사진|图片|圖片|撮影|摄", re.IGNORECASE
)


def credit(title: str, body: str, lang: str) -> str:
    """The agency whose report a text is by its own words, under the name that a reader is shown; "" if it names none.

    ``body`` is as the feed gave it, HTML or not, since cleaning takes credits away. Who is said to have reported the
    event comes first: an agency that retells another's report adds no second witness.
    """
    start, end = body[:HEAD_CHARS], body[max(HEAD_CHARS, len(body) - TAIL_CHARS) :]
    names = mentioned(f"{title}\n{start}\n{end}")
    if not names:
        return ""
    head, tail = _lines(start), _lines(end)
    opening = " ".join(split_sentences(without_dateline(" ".join(head)[:OPENING_CHARS]), lang)[:OPENING_SENTENCES])
    found = _first(_reported(names), [title, opening])
    if not found:
        small_print = [line for line in (*head, *tail) if len(line) <= LINE_CHARS and not _PICTURE.search(line)]
        datelines = [line[:DATELINE_CHARS] for line in head[:3] if not _PICTURE.search(line[:DATELINE_CHARS])]
        found = _first(_dateline(names), datelines) or _first(_small_print(names), small_print)
    agency = named(found) if found else None
    return agency.name if agency else ""


def origin(entry: Entry) -> str:
    """The origin of an entry: the agency that it credits, else its own outlet."""
    if entry.credit:
        return entry.credit
    agency = publishing(entry.source, urlsplit(entry.url).hostname or "")
    return agency.name if agency else entry.source


def joined(origins: Sequence[str], entry: Entry, *, copied: Entry | None = None) -> tuple[str, ...]:
    """The origins of a story that an entry joins; ``copied`` is the member whose text it shares, if it shares any.

    A copy adds none. Where only one of the two says whose the text is, that is the origin of both.
    """
    mine = origin(entry)
    if copied is not None:
        theirs = origin(copied)
        if entry.credit and not copied.credit and theirs in origins:
            return tuple(dict.fromkeys(mine if each == theirs else each for each in origins))
        return tuple(origins) or (theirs,)
    return tuple(dict.fromkeys((*origins, mine)))


def _lines(text: str) -> list[str]:
    return [line for raw in _TAG.sub("\n", text).replace("&nbsp;", " ").split("\n") if (line := " ".join(raw.split()))]


def _first(pattern: re.Pattern[str], texts: Sequence[str]) -> str:
    for text in texts:
        found = pattern.search(text)
        if found is not None:
            return next(group for group in found.groups() if group)
    return ""


@lru_cache(maxsize=PATTERNS)
def _dateline(names: tuple[str, ...]) -> re.Pattern[str]:
    name = f"({name_pattern(names)})"
    return re.compile(
        "|".join(
            (
                # The sender in brackets or between slashes, perhaps behind the place: "[서울=뉴시스]".
                rf"[(/\[【（［〔][^()/\[\]【】（）［］〔〕]{{0,25}}{name}\s*[)/\]】）］〕]",
                # Place and day, a dash and the sender as a sentence of its own, as Russian agencies have it.
                rf"^[^.]{{2,50}}\s[-–—]\s*{name}\s*[.,]",
                # Sender, place, day and the word for a wire, as Chinese agencies have it.
                rf"^{name}[^。，]{{0,16}}\d{{1,2}}月\d{{1,2}}日[^。，]{{0,12}}?(?:电|電|讯|訊)",
            )
        )
    )


@lru_cache(maxsize=PATTERNS)
def _small_print(names: tuple[str, ...]) -> re.Pattern[str]:
    name = f"({name_pattern(names)})"
    label = (
        r"(?:Source|Sources?|Via|With|Distributed by|Источник|Джерело|По материалам|За матеріалами|Quelle|Fuente"
        r"|来源|來源|出典|配信|提供|출처)"
    )
    return re.compile(
        "|".join(
            (
                rf"^{label}\s*[:：]?\s*(?:the )?{name}",
                rf"^By [A-Z][^,|]{{2,50}}(?:,| for| \||\s/)\s*(?:the )?{name}",
                rf"^By {name}\s*$",
                rf"(?:©|\(c\)|Copyright)\s*(?:\d{{4}},?\s*)?(?:The )?{name}",
            )
        )
    )


@lru_cache(maxsize=PATTERNS)
def _reported(names: tuple[str, ...]) -> re.Pattern[str]:
    """Who reported what the text tells, where a rule can be sure of it."""
    name = f"({name_pattern(names)})"
    brackets = r"(?:\s?\([^()]{2,12}\))?"
    kinds = r"(?:(?:the|state|state-run|official|news|media|agency|broadcaster|newspaper|[A-Z][a-z]+(?:an|ese|ish)) )*"
    russian = r"(?:(?:государственн\w+|информационн\w+|информагентств\w+|агентств\w+|телеканал\w*|газет\w+) )*"
    ukrainian = r"(?:(?:державн\w+|інформаційн\w+|інформагентств\w+|агентств\w+|телеканал\w*|газет\w+) )*"
    said = r"(?:said|says|reported|reports|announced|quoted|cited)"
    cites = r"(?:[Aa]ccording to|citing|cited by|quoted by|reported by|told|carried by|published by)"
    cites_ru = (
        r"(?:[Сс]ообща\w+|[Сс]ообщил\w*|[Пп]ереда[её]т|[Пп]ередал\w*|[Пп]ишет|[Сс]о ссылкой на|[Пп]о данным"
        r"|[Ии]нформирует)"
    )
    cites_uk = (
        r"(?:[Пп]овідомля\w+|[Пп]овідоми\w+|[Пп]ереда[єв]\w*|[Пп]ише|[Зз] посиланням на|[Зз]а даними|[Іі]нформує)"
    )
    return re.compile(
        "|".join(
            (
                rf"{name}{brackets}(?:,[^,]{{3,40}},)?(?: news agency| agency)? (?:has |had |also )?{said}\b",
                rf"\b{cites} {kinds}{name}",
                rf"\b{cites_ru} {russian}«?{name}",
                rf"{name}»?,? (?:сообщ\w+|переда[её]т|передал\w*|повідомля\w+|повідоми\w+)",
                rf"\b{cites_uk} {ukrainian}«?{name}",
                rf"{name}(?:통신)?(?:에 따르면|에 의하면|[이가은는을를] (?:[^.]{{0,60}}(?:보도|전)했|인용))",
                rf"{name}(?:電|通信)?(?:に|の報道に)よると|{name}(?:通信)?[がは][^。]{{0,60}}(?:伝えた|報じた|報道した)",
                rf"(?:据|據|援引|引述){name}|{name}[^。，,]{{0,10}}(?:报道|報道|报导|報導)",
            )
        )
    )
