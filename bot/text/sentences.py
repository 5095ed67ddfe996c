"""Splits a text into sentences.

`sentencex` does the work; what it is known to get wrong in news is mended here: times with zones and days ("9 p.m.
Sunday"), initials, abbreviations, German ordinals, quotations that a verb of saying follows, and sentences that open
with a digit behind a full-width stop. Never changes a character within a sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import sentencex

from bot.text.normalise import normalise
from bot.text.scripts import SENTENCE_ENDS
from bot.text.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TIME_END: Final = re.compile(r"\b[ap]\.\s?m\.$", re.IGNORECASE)
_ZONE_START: Final = re.compile(
    r"^(?:[ECMP][SD]?T|GMT|UTC|CET|CEST|BST|IST|JST|KST|MSK|local|Eastern|Central|Pacific|on|in|at|and)\b"
    r"|^(?:[A-Z][a-z]+ ){1,2}time\b|^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!['’]s)"
    r"|^(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d"
)
_TITLE_END: Final = re.compile(
    r"(?:^|\s)(?:M[rsx]|Mrs|Messrs|Dr|Prof|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Sen|Rep|Gov|Rev|Hon|St|MM?|Mme|Mlle|डॉ"
    r"|[Гг]ен|[Пп]олк|[Пп]роф|[Аа]кад|им|ім|пос|[Вв]ул|[Уу]л|[Пп]росп)\.$"
)
_INITIAL_END: Final = re.compile(r"(?:^|[\s.«„(-])[А-ЯЁІЇЄҐ]\.$")
"""A single Cyrillic capital is a name's: unlike "plan B." or "vitamin C.", no such letter closes a sentence."""
_LATIN_INITIAL_END: Final = re.compile(r"(?:^|[\s(«“\"'’-])[A-ZÀ-ÖØ-Þ]\.$")
_ARABIC_INITIAL_END: Final = re.compile(r"(?<!\w)(?<!\d\s)[\u0621-\u064a]\.$")
"""A letter that is a title's, "د." for a doctor; behind a year it says of which calendar."""
_NETWORK_END: Final = re.compile(r"(?<!\w)(?:auf|bei|über|sur|en|no|na|su|op|på|w|via) X\.$")
"""The social network, and no forename's letter."""
_GERMAN_UNSEEN: Final = re.compile(
    r"(?<!\w)(?:(?:auf|bei|über) X"
    r"|(?!(?:inkl|exkl|evtl|zzgl|abzgl|einschl|mind|insg|gegr|verh|ehem)\.)[^\W\d_]*[a-zäöüß]{4})\.\s+"
    r"(?=\d{1,3}(?:\.\d{3})*\s[A-ZÄÖÜ][^\W\d_]|(?<=X\. )[A-ZÄÖÜ])"
)
"""What `sentencex` takes for an ordinal or an initial in German: "auf 27 gestiegen. 154 Menschen", "auf X. Die"."""
_CAPITAL_WORD: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][^\W\d_]+")
_ORDINAL_END: Final = re.compile(
    r"(?:^|[\s(„])(?:d(?:er|ie|as|em|en|es)|im|am|ins|zu[mr]|vom|beim|k?ein(?:e[mnrs]?)?|[sm]ein\w*|ihr\w*|unser\w*"
    r"|jede[mnrs]?|diese[mnrs]?|\d{1,3}\. (?:und|oder|bis)) \d{1,3}\.$",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(r"^(?:-?[a-z]|-[A-ZÀ-ÖØ-Þ]\b|(?:RU|COM|ORG|NET|UA|INFO|GOV|EU|TV)\b)")
"""What no space parts from a full stop before it and is no new sentence: "INTERFAX.RU", "J.-L. Orlen"."""
_PART_END: Final = re.compile(r"(?:^|[^A-Za-z])[A-Z]\.$")
_PART_START: Final = re.compile(r"[A-Z]\.")
_NUMBER_END: Final = re.compile(r"(?:^|\s)(?:No|Nos|Art|Nr|N|approx|ca|стр|ст|ок|рис|прибл)\.$")
_SHORTENED_END: Final = re.compile(
    r"(?:^|\s)(?:approx|pct|bbl|обл|чел|др|т\. ?[едп]|н\. ?э|долл|дол|ос|год|мин|сек|кв|куб|mill|Mio|Mrd)\.$"
)
"""What is also the last word of a sentence: only small letters behind it show that the sentence goes on."""
_QUOTE_END: Final = re.compile(rf"[{SENTENCE_ENDS},][\"”»’'」』]+$|[」』]$")
_CONTINUES: Final = re.compile(
    r"^(?:[—–-]\s*)?[a-zа-яіїєґà-öø-ÿ]"  # a sentence does not open in lower case: "...!" she said
    r"|^[とがはのをにもな、]"
    r"|^(?![^\s。]{0,6}[还還也并並又])[^\s。“「]{1,8}(?:说|說|表示|称|稱|道|问|問|指出|强调|強調)"
    r"|^(?:이?(?:라고|라며|라면서|라는|란)|고|며|면서)(?=[\s,])"  # Korean: what was said, and then that it was said
)
_EXCLAIMED: Final = re.compile(r"[!?…\uff01\uff1f][\"”»’'」』]+$")
_SAYS: Final = re.compile(
    r"^(?:[A-Z][\w.'’-]*\s+){1,5}"
    r"(?:said|says|asked|asks|wrote|writes|told|tells|replied|added|posted|shouted|warned|declared|answered)\b"
)
_UNSEEN: Final = re.compile(r"[。！？](?=\d)|\.\s+(?=(?P<next>[А-ЯЁІЇЄҐ]\w*)\s)")
"""Where a sentence may end that `sentencex` goes on with: before a digit, or behind a short form that may close one."""
_CLOSING_SHORT: Final = re.compile(
    r"(?<!\w)(?:гг?|рр?|руб|грн|долл?|чел|коп|млн|млрд|тыс|тис|км|га|ос|др|т\. ?[дп])\.\s+$"
)
_NESTED: Final = ("「」", "『』", "“”", "（）", "«»")
_FULL_WIDTH_END: Final = re.compile(r"[。！？][”」』）]*$")
_OPEN_ONLY: Final = re.compile(r"^[\"“«「『(\[]+$")
_QUOTES: Final = ('"', "”", "»", "’", "'", "」", "』")
_TAIL_CHARS: Final = 16
"""More than any abbreviation before a full stop has, with the character before it."""


def split_sentences(text: str, lang: str) -> tuple[str, ...]:
    """The sentences of a text in order, stripped. A line break always ends a sentence."""
    sentences: list[str] = []
    for paragraph in text.split("\n"):
        if paragraph.strip():
            sentences += _split_paragraph(paragraph.strip(), lang)
    return tuple(sentences)


def join_sentences(sentences: Sequence[str]) -> str:
    """Sentences as one paragraph: behind a full-width stop, as in Japanese and Chinese, stands no space."""
    return "".join(
        sentence if not place or _FULL_WIDTH_END.search(sentences[place - 1]) else f" {sentence}"
        for place, sentence in enumerate(sentences)
    )


def _split_paragraph(paragraph: str, lang: str) -> list[str]:
    joined: list[str] = []
    for piece in _pieces(paragraph, lang):
        if not piece.strip():
            continue
        glued = bool(joined) and not joined[-1][-1:].isspace() and not piece[:1].isspace()
        if joined and (_belongs(joined[-1].rstrip(), piece.lstrip(), lang) or (glued and _GLUED.match(piece))):
            joined[-1] += piece
        else:
            joined.append(piece)
    return [sentence.strip() for sentence in joined]


def _pieces(paragraph: str, lang: str) -> Iterator[str]:
    """What `sentencex` makes of a paragraph, and the ends that it did not see."""
    for piece in sentencex.segment(lang, paragraph):
        if lang == "de":
            start = 0
            for found in _GERMAN_UNSEEN.finditer(piece):
                if piece.count("„", start, found.end()) == piece.count("“", start, found.end()):
                    yield piece[start : found.end()]
                    start = found.end()
            yield piece[start:]
            continue
        if piece.isascii():
            yield piece
            continue
        start = 0
        for found in _UNSEEN.finditer(piece):
            end = found.end()
            if found["next"] is not None and not _opens_behind(piece[:end][-_TAIL_CHARS:], found["next"], lang):
                continue
            if all(
                piece.count(opening, start, end) == piece.count(closing, start, end) for opening, closing in _NESTED
            ):
                yield piece[start:end]
                start = end
        yield piece[start:]


def _opens_behind(end: str, word: str, lang: str) -> bool:
    """Whether a Cyrillic word opens a sentence behind a short form: a function word does, a name may belong to it."""
    return bool(_CLOSING_SHORT.search(end)) and normalise(word) in STOP_WORDS.get(lang, ())


def _belongs(before: str, after: str, lang: str) -> bool:
    """Whether what `sentencex` cut in two is one sentence."""
    if before.endswith("."):
        return _goes_on(before[-_TAIL_CHARS:], after) or _is_short_form(before[-_TAIL_CHARS:], after, lang)
    if before.endswith(("!", "?")) and after[:1].islower():
        return True  # a name's own mark: "Wham! singer"
    if _OPEN_ONLY.match(before):
        return True
    if not before.endswith(_QUOTES) or not _QUOTE_END.search(before):
        return False
    # Behind a full stop a name opens a sentence of its own: "He lied." Trump said so on Monday.
    return bool(_CONTINUES.match(after) or (_EXCLAIMED.search(before) and _SAYS.match(after)))


def _is_short_form(end: str, after: str, lang: str) -> bool:
    """The same for what is one in some languages alone: a forename's letter, an ordinal."""
    if lang == "de" and _ORDINAL_END.search(end):
        return after[:1].isalpha()
    if lang == "ar":
        return bool(_ARABIC_INITIAL_END.search(end)) and after[:1].isalpha()
    # In English `sentencex` knows better: "vitamin C. Doctors said".
    if lang == "en" or not _LATIN_INITIAL_END.search(end) or _NETWORK_END.search(end):
        return False
    word = _CAPITAL_WORD.match(after)
    return word is not None and word[0].lower() not in STOP_WORDS.get(lang, ())


def _goes_on(end: str, after: str) -> bool:
    """Whether the full stop of ``end`` is that of a short form, and no sentence's."""
    if _TIME_END.search(end):
        return bool(_ZONE_START.match(after))
    if _TITLE_END.search(end) or _INITIAL_END.search(end):
        return after[:1].isalpha()
    if _NUMBER_END.search(end) and after[:1].isdigit():
        return True
    return bool(
        (_SHORTENED_END.search(end) and after[:1].islower()) or (_PART_END.search(end) and _PART_START.match(after))
    )
