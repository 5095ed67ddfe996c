"""Which language a text is in, as a two-letter code (ISO 639-1).

The script decides where it can; only texts in a shared alphabet ask the statistical identifier, which is limited to
the languages that news feeds are expected in and loaded when first needed. A feed's own word (``hint``) settles what
the text leaves open, such as a title all in Chinese characters; it never overrules the script.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Final, Protocol

from bot.text.normalise import normalise
from bot.text.scripts import main_script
from bot.text.stop_words import STOP_WORDS

DEFAULT: Final = "en"
ENGLISH_WORDS: Final = 2
"""One function word may be a loan or part of a name."""
ENGLISH_SURE: Final = 4
ENGLISH_DIFFERENT: Final = 3
ENGLISH_SHARE: Final = 3
"""So many times as many English function words as signs of its neighbours ("I", "de", an accent) leave no doubt.

They must be of several kinds: Latin, too, has its "in" and "is".
"""
OWN_KINDS: Final = 4
OWN_SHARE: Final = 0.1
OWN_TIMES: Final = 4
"""So many kinds of everyday words that no other language of ours has leave no doubt that a feed's hint is right.

They must be this share of all words, and so many times as many as those that another has to itself.
"""
SHORT_LETTERS: Final = 40
"""Below this many letters the identifier is often wrong, and a plausible hint is better."""

_LATIN: Final = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "cs",
    "sv",
    "no",
    "da",
    "fi",
    "tr",
    "ro",
    "hu",
    "vi",
    "id",
)
_CYRILLIC: Final = ("ru", "uk", "be", "bg", "sr", "mk", "kk")
_CYRILLIC_UNSURE: Final = ("ru", "uk", "bg")
"""Those of them that a text may be in though it has no letter of theirs alone."""
_BY_SCRIPT: Final = {
    "hangul": "ko",
    "kana": "ja",
    "greek": "el",
    "hebrew": "he",
    "thai": "th",
    "devanagari": "hi",
    "georgian": "ka",
    "armenian": "hy",
    "ethiopic": "am",
    "lao": "lo",
    "khmer": "km",
    "myanmar": "my",
    "bengali": "bn",
    "tamil": "ta",
}
_FAMILIES: Final = {
    "latin": _LATIN,
    "cyrillic": _CYRILLIC,
    "han": ("zh", "ja"),
    "arabic": ("ar", "fa", "ur"),
    "devanagari": ("hi", "mr", "ne"),
}
_MARKUP: Final = re.compile(r"<[^<>]*>|&#?\w{2,8};|https?://\S+")  # a body may come as HTML: its tags are no language
_UKRAINIAN: Final = re.compile(r"[іїєґ]")
_RUSSIAN: Final = re.compile(r"[ыэъ]")
_TELLING: Final = {
    "be": re.compile(r"ў"),
    "sr": re.compile(r"[љњћђџ]"),
    "mk": re.compile(r"[ѓќ]"),
    "kk": re.compile(r"[әғқңөұүһ]"),
}
"""Letters that one language of a script has to itself."""
_JAPANESE: Final = re.compile(
    "[対発戦県圏沢広両経済続検総駅図円応権労価実変黒児悪浜択鉄帰厳拠挙険剤雑歩読験顕処気関転売団満渋脳楽様賛辺竜姫郷塁剣]"
)
"""Characters that are written so in Japan alone, neither the Chinese short form nor the old one."""
_JAPANESE_EVERY: Final = 40
"""A Chinese article may quote a Japanese name: a text is Japanese that holds one of them in so many letters."""
_PERSIAN: Final = re.compile(r"[پچژگی]")
_URDU: Final = re.compile(r"[ٹڈڑےں]")
_ENGLISH: Final = re.compile(r"\b(?:the|of|and|to|in|is|for|with|that|was|says|said|has|from|by)\b")
_NEIGHBOURS: Final = re.compile(
    r"[^\x00-\x7f‘-”–—…]|\b(?:de|la|le|der|die|das|und|et|el|los|di|che|van|het|een|og|som|att|i|w)\b"
)


_WORD: Final = re.compile(r"[^\W\d_]+")
_ALPHABET: Final = frozenset(STOP_WORDS.keys() & set(_LATIN))
_OWN_WORDS: Final = {
    lang: STOP_WORDS[lang].difference(*(STOP_WORDS[other] for other in _ALPHABET - {lang})) for lang in _ALPHABET
}
"""The everyday words that one of these languages has to itself."""
_ANYBODYS_OWN: Final = frozenset[str]().union(*_OWN_WORDS.values())


class _Identifier(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]: ...


def detect(text: str, *, hint: str | None = None) -> str:
    """The language of a text. ``hint`` may be any language tag ("ja", "zh-CN"), and decides for an empty text."""
    hinted = _primary(hint)
    text = normalise(_MARKUP.sub(" ", text))
    script = main_script(text)
    if script is None:
        return hinted or DEFAULT
    family = _FAMILIES.get(script, ())
    if script == "cyrillic":
        return _cyrillic(text, hinted)
    if script == "arabic":
        return _arabic(text, hinted)
    if script == "latin":
        return _latin(text, hinted)
    if hinted in family:
        return hinted
    return _han(text) if script == "han" else _BY_SCRIPT.get(script, "zh")


def _primary(tag: str | None) -> str:
    return re.split(r"[-_]", tag.strip().lower())[0] if tag else ""


def _han(text: str) -> str:
    """Japanese or Chinese, of a text without kana whose feed says neither."""
    return "ja" if _JAPANESE_EVERY * len(_JAPANESE.findall(text)) >= len(text) else "zh"


def _cyrillic(text: str, hinted: str) -> str:
    for lang, letters in _TELLING.items():
        if letters.search(text):
            return lang
    ukrainian, russian = len(_UKRAINIAN.findall(text)), len(_RUSSIAN.findall(text))
    if ukrainian > russian:
        return "uk"
    if hinted in _CYRILLIC and (hinted == "ru" or not russian):
        return hinted
    if russian:
        return "ru"
    return _identify(text, _CYRILLIC_UNSURE) if len(text) >= SHORT_LETTERS else "ru"


def _arabic(text: str, hinted: str) -> str:
    if _URDU.search(text):
        return "ur"
    if _PERSIAN.search(text):
        return "fa"
    return hinted if hinted in _FAMILIES["arabic"] else "ar"


def _latin(text: str, hinted: str) -> str:
    # Only whether it is short matters.
    letters = sum(map(str.isalpha, text[: 4 * SHORT_LETTERS]))
    if letters < 2 * SHORT_LETTERS:
        letters = sum(map(str.isalpha, text))
    if letters < SHORT_LETTERS and (hinted in _LATIN or not hinted):
        return hinted or _identify(text, _LATIN)
    function_words = _ENGLISH.findall(text)
    english = len(function_words)
    # Plain English is most of the traffic and easy to tell: the identifier need not be loaded for it.
    if english >= ENGLISH_WORDS and not _NEIGHBOURS.search(text):
        return "en"
    if hinted in _LATIN and letters < 2 * SHORT_LETTERS and (hinted != "en" or not _NEIGHBOURS.search(text)):
        return hinted
    sure = english >= ENGLISH_SURE and len(set(function_words)) >= ENGLISH_DIFFERENT
    if sure and english >= ENGLISH_SHARE * len(_NEIGHBOURS.findall(text)):
        return "en"
    return hinted if _proves(text, hinted) else _identify(text, _LATIN)


def _proves(text: str, hinted: str) -> bool:
    """Whether a text's everyday words show that its feed is right: a tenth of what the identifier takes to say so."""
    if hinted not in _OWN_WORDS:
        return False
    words = _WORD.findall(text)
    telling = list(filter(_ANYBODYS_OWN.__contains__, words))
    own = list(filter(_OWN_WORDS[hinted].__contains__, telling))
    enough = len(own) >= max(OWN_SHARE * len(words), OWN_TIMES * (len(telling) - len(own)))
    return enough and len(set(own)) >= OWN_KINDS


_LOADING: Final = threading.Lock()
"""Threads that all miss the cache would each load a model of their own, and keep the memory."""


def _identify(text: str, languages: tuple[str, ...]) -> str:
    with _LOADING:
        identifier = _identifier()
    # What it says of one language does not depend on the others: the first of these is what it would choose of them.
    return next(language for language, _ in identifier.rank(text) if language in languages)


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    """The identifier, limited to what it is asked about: loading takes a tenth of a second, so only when it is asked.

    It is made anew of its limited parts, or the table of all 140 languages would stay beside them.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - it imports numpy and reads a model

    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    whole.set_languages([*_LATIN, *_CYRILLIC_UNSURE])
    return LanguageIdentifier(  # type: ignore[no-any-return]  # the library has no types
        whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output, tk_row=whole.tk_row
    )
