"""Whether two entries bear the same headline, word for word, and whether that says anything.

Outlets that print an agency's report keep its headline more often than its text. A standing title ("Morning briefing",
"Live updates: ...") is printed over something else each time and proves nothing. Looks at titles alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.text.normalise import normalise
from bot.text.scripts import UNSPACED, main_script

WORDS: Final = 4
"""Fewer words than this are no headline of one event."""
LETTERS: Final = 10
"""The same for scripts that do not part their words."""

_WORD: Final = re.compile(r"[^\W_]+")
_OUTLET: Final = re.compile(r"\s+[-–—|]\s+[^-–—|]{2,40}$")
_STANDING: Final = re.compile(
    r"\b(?:briefing|newsletter|digest|round-?up|recap|podcast|horoscope|crossword|editorial|live ?blog|live updates?"
    r"|as it happened|latest updates?|what (?:to|you need to|we) know|things to know|what happened (?:today|overnight)"
    r"|(?:top|today'?s|morning|evening|daily|weekly|world|latest)"
    r" (?:news|stories|headlines|edition|report|brief|update)"
    r"|(?:day|week|month|photos?|pictures?|quotes?) (?:in|of) (?:the )?(?:day|week|month|review|photos|pictures|news)"
    r"|in (?:pictures|photos|brief)|front pages?|campaign assessment|situation report|day \d+ of"
    r"|letters to the editor|weather forecast|market (?:report|wrap|close)|stock market today)\b"
    r"|(?:главн(?:ое|ые)|новости|итоги|события|обзор|сводка|хроника|дайджест|прогноз погоды|онлайн|что известно)\b"
    r"|(?:головн(?:е|і)|новини|підсумки|події|огляд|зведення|хроніка|що відомо|втрати (?:росії|рф|ворога))\b"
    r"|потери (?:россии|рф|украины)|브리핑|오늘의|주요\s?뉴스|이\s?시각|날씨|일지|헤드라인"
    r"|人事|ニュース一覧|きょうの|今日の|まとめ|天気|社説|早报|早報|晚报|晚報|要闻|要聞|简讯|簡訊|一周|天气|天氣|盘点|盤點|直播"
)


def same_headline(one: str, other: str) -> bool:
    """Whether two titles are one headline: the same words in the same order, but for an outlet's name behind them."""
    return not _readings(one).isdisjoint(_readings(other))


def is_standing(title: str) -> bool:
    """Whether it is a title that an outlet prints over something else each time."""
    return bool(_STANDING.search(normalise(title)))


@lru_cache(maxsize=512)
def _readings(title: str) -> frozenset[tuple[str, ...]]:
    """The words of a title, with and without what stands behind its last dash; none where they prove nothing."""
    text = normalise(title)
    if _STANDING.search(text):
        return frozenset()
    return frozenset(words for each in (text, _OUTLET.sub("", text)) if _says_enough(words := _words(each)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def _says_enough(words: tuple[str, ...]) -> bool:
    letters = "".join(words)
    return len(letters) >= LETTERS if main_script(letters) in UNSPACED else len(words) >= WORDS
