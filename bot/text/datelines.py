"""Takes off what stands before a report's first word: the place, the day and who sends it.

"WASHINGTON (Harbour Wire) - ", "МОСКВА, 19 июня /ТАСС/.", "[서울=뉴시스] 홍길동 기자 = ", "【ソウル共同】" are told
by their shape, for any outlet's name. Where the shape leaves a doubt, the text stays as it is. Changes nothing behind
the first word.
"""

from __future__ import annotations

import re
from typing import Final

from bot.text.sentences import split_sentences

LONGEST: Final = 110
"""No dateline is longer; whatever seems to be one and is longer is text."""

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄҐ"
_DASH: Final = r"\s*[-–—]{1,2}(?:\s+|(?=[“\"«]))"
_NEXT: Final = rf"(?=[{_UPPER}0-9“\"«„‘'(])"  # what follows a dateline opens a sentence
_DAY: Final = r"(?:\d{1,2}\.?\s*[^\W\d_]{3,10}\.?(?:\s+\d{4})?|[^\W\d_]{3,10}\.?\s+\d{1,2}(?:,\s*\d{4})?)"
_MONTH: Final = (
    r"(?i:jan|ene|янв|січ|f[eé][bv]|фев|лют|mär|mar|мар|бер|a[pbv]r|апр|кві|ma[iy]|мая|тра|juin|jun|июн|чер|jul|juil|июл"
    r"|лип|aug|ago|août|авг|сер|sep|сен|вер|o[ck]t|окт|жов|nov|ноя|лис|de[cz]|d[ié]c|дек|гру)[^\W\d_]{0,7}\.?"
)
_OWN_DAY: Final = rf"(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\.?\s{_MONTH})(?:,?\s\d{{4}})?"
"""A day that is sure to be one, with no place before it: "Apollo 11 (NASA): " is none."""
_PLACE: Final = rf"[{_UPPER}][\w.'’-]*(?:[ /][{_UPPER}][\w.'’-]*){{0,4}}"
_LOUD: Final = rf"[{_UPPER}]{{2}}[{_UPPER}.'’-]*(?:[ /][{_UPPER}]{{2}}[{_UPPER}.'’-]*){{0,3}}"
_SENDER: Final = r"[^()\n]{2,40}"
_PAPER: Final = r"[А-ЯЁІЇЄҐ][а-яёіїєґ’'-]+(?:[ыиоі]й|[ая]я|[ое]е|[ыи]е|ка|ке|на|ва) [а-яёіїєґ]{4,12}"
"""A name as papers have it: an adjective, and a noun in small letters ("Вечерний вестник")."""

_COLON: Final = re.compile(rf"(?=[A-Z .'’/-]{{4}}){_LOUD}(?:,\s*(?:{_PLACE}|{_DAY})){{0,2}}:\s+(?=[A-Z])")
_QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"")
_SPEECH: Final = re.compile(r"\b(?:I|we|us|our|my|me|you|your)\b", re.IGNORECASE)
"""Said by somebody, as in a transcript: what stands before the colon is who speaks."""

_SHAPES: Final = tuple(
    re.compile(shape)
    for shape in (
        # The outlet alone, in brackets; initials need no dash.
        rf"\({_SENDER}\)(?:\s*[-–—:]{{1,2}}\s*{_NEXT}|\s*(?<=[A-Z]{{2}}\))\s*(?=[A-Z]))",
        # Place, perhaps land and day, or the day alone, and the outlet in brackets; Spanish has a full stop behind it.
        rf"(?:{_PLACE}(?:,\s*(?:{_PLACE}|{_DAY})){{0,3}}|{_OWN_DAY})\.?\s*\({_SENDER}\)\.?\s*[-–—:]{{1,2}}\s*{_NEXT}",
        # Place, day and the outlet's initials in brackets, as an Indian agency has it.
        rf"{_PLACE}(?:,\s*{_PLACE})?,\s*{_DAY}\.?\s*\([A-Z]{{2,6}}\)\s*{_NEXT}",
        # Place, day and the outlet in capitals, or its address, each with a full stop, as Russian agencies have it.
        rf"{_PLACE}\.\s*{_DAY}\.\s*[A-ZА-ЯІЇЄ]{{2,}}(?:\.[A-Z]{{2,4}})?(?:{_DASH}|\.\s+){_NEXT}",
        # Place in capitals, day, and the outlet as a sentence of its own, as Russian and Ukrainian agencies have it.
        rf"{_LOUD}[,.]\s*{_DAY}(?:{_DASH}|\.?\s+)(?:{_PAPER}|{_PLACE})\s*[.–—:-]+\s+{_NEXT}",
        # Place, day and the outlet in other letters than the place's, as a sentence of its own.
        rf"[А-ЯЁІЇЄҐ][\w'’-]+,\s*{_OWN_DAY}{_DASH}[A-Z][A-Za-z]{{2,14}}\.\s+{_NEXT}",
        # Place in capitals with no outlet.
        rf"{_LOUD}(?:,\s*(?:{_PLACE}|{_DAY})){{0,3}}{_DASH}{_NEXT}",
        # Place, land and day, a distributor of press releases between slashes, and a dash.
        rf"{_PLACE}(?:,\s*(?:{_PLACE}|{_DAY})){{0,3}},?\s*/[A-Z][\w -]{{2,30}}/{_DASH}{_NEXT}",
        # Place in capitals, the outlet between slashes.
        rf"{_LOUD}(?:[,.]\s*{_DAY}){{0,2}}\.?\s*/[^/\n]{{2,40}}/[.:]?\s*",
        # An outlet in capitals glued to the text.
        rf"[{_UPPER}]{{2,}}-(?:NEWS|PRESS|INFO|MEDIA|TV|WIRE|НОВОСТИ|ИНФО|ИНФОРМ|ПРЕСС)\b\s*[-–—.:]*\s+{_NEXT}",
        # No dateline, and off as well: what a paragraph is, as Ukrainian and Russian outlets say it.
        r"(?:Деталі|Подробиці|Дослівно|Пряма мова|Що сталося|Детали|Подробности|Дословно|Прямая речь|Цитата):\s+(?=\S)",
        # That it was brought up to date, or is urgent.
        r"(?:UPDATED?|Updated?|BREAKING(?: NEWS)?|Breaking|Обновлено|Оновлено|Срочно|Терміново)(?: \d)?:\s+(?=\S)",
        # Arabic: place, a dash, the outlet and a colon.
        r"[\u0620-\u064a]{2,20}(?: [\u0620-\u064a]{2,20})?\s?[-–—/]\s?[\u0620-\u064a ]{2,30}:\s+(?=[\u0620-\u064a])",
        # Arabic: place, reporter and outlet between slashes.
        r"[\u0620-\u064a]{2,20}(?: [\u0620-\u064a]{2,20})?/[\u0620-\u064a ]{2,30}/[\u0620-\u064a]{3,15}\s?[-–—:]?\s+",
        # Arabic: place, the outlet in brackets and a dash.
        r"[\u0620-\u064a]{2,20}(?: [\u0620-\u064a]{2,20})?\s?\([\u0620-\u064a ]{2,20}\)\s?[-–—:]\s+(?=[\u0620-\u064a])",
        # Hindi: place, day and the agency in brackets, perhaps as a sentence of their own.
        (
            r"[\u0900-\u0963 ]{2,30},\s?\d{1,2}\s[\u0900-\u0963]{2,10}\s?\([\u0900-\u0963 ]{2,30}\)\s?[।.:-]?\s+"
            r"(?=[\u0900-\u0963])"
        ),
        # Korean, of the North: place, day and the agency in brackets.
        r"\([가-힣]{2,6}\s?\d{1,2}월\s?\d{1,2}일발\s?[가-힣]{2,10}\)\s*",
        # Korean: place and agency with an equals sign, or the reporter, in brackets; then perhaps the reporter.
        (
            r"[\[(【〔［（][^\])】〕］）\n]{1,30}(?:=|＝|기자|특파원)[^\])】〕］）\n]{0,20}[\])】〕］）]\s*"
            r"(?:[가-힣·, ]{2,30}?(?:기자|특파원|통신원|인턴)\s*=?\s*)?"
        ),
        r"[가-힣]{2,4}(?:[·, ]+[가-힣]{2,4}){0,2}\s?(?:기자|특파원)\s*=\s*",
        # Japanese, Chinese and Korean agencies and tags in square brackets.
        r"[\[【〔［](?=[^\]】〕］\n]*[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])[^\]】〕］\n]{1,40}[\]】〕］]\s*[-–—:：]?\s*",
        # Japanese: perhaps the place, and initials in full-width brackets.
        r"[\u30a0-\u30ff\u4e00-\u9fff]{0,10}（[A-ZＡ-Ｚ]{2,8}）(?:\s+|\s?[-–—]\s?)(?=[\u3040-\u30ff\u4e00-\u9fff])",
        # Japanese: place, the agency in full-width brackets and the day.
        r"[\u30a0-\u30ff\u4e00-\u9fff]{1,8}（[\u30a0-\u30ff\u4e00-\u9fff]{2,6}）\d{1,2}日[、,]\s?",
        # Chinese agencies: name, place, day and the word for a wire.
        (
            r"[\u4e00-\u9fff]{2,8}(?:社|网|網|报|報)[^。，,\n]{0,14}?\d{1,2}月\d{1,2}日(?:电|電|讯|訊)"
            r"\s*(?:[（(][^（()）\n]{2,40}[)）])?[，,:：]?\s*"
        ),
        # Chinese, in brackets: agency, reporter, place and day.
        r"[（(][\u4e00-\u9fff]{2,8}(?:社|网|網|报|報)[^（）()\n]{0,24}[电電讯訊][）)]\s*",
        (
            r"本[报報台网網社](?:讯|訊|[\u4e00-\u9fff]{2,8}\d{1,2}月\d{1,2}日(?:电|電|讯|訊))"
            r"\s*(?:[（(][^（()）\n]{2,40}[)）])?[，,:：]?\s*"
        ),
    )
)


def without_dateline(paragraph: str) -> str:
    """The paragraph from its first word of news on; the paragraph itself if it opens with no dateline.

    Several in a row go ("[서울=뉴시스] 홍길동 기자 = "). A line that is nothing but a dateline stays.
    """
    rest = paragraph
    for _ in range(2):
        found = next((match for shape in _SHAPES if (match := shape.match(rest))), None) or _before_colon(rest)
        if found is None or found.end() > LONGEST or found.end() >= len(rest):
            break
        rest = rest[found.end() :]
    return rest


def _before_colon(paragraph: str) -> re.Match[str] | None:
    """A place in capitals before a colon; None where what follows is somebody's own speech, as in a transcript."""
    found = _COLON.match(paragraph)
    return None if found and _SPEECH.search(_QUOTED.sub("", paragraph[found.end() :])) else found


def telling_sentences(text: str, lang: str) -> tuple[str, ...]:
    """The sentences of a text as they can be shown by themselves: no paragraph's dateline with its first sentence."""
    return split_sentences("\n".join(map(without_dateline, text.split("\n"))), lang)
