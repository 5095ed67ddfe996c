"""Turns a text into index terms: the one vocabulary that full-text search and story comparison share.

Alphabetic words become stems, with stop words out; scripts that do not part their words (and Korean, which glues
endings to them) become pairs of neighbouring letters. Each term is one run of letters and digits, so that any full-text
index can store it as a word. Terms know nothing of concepts or of how rare they are.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from itertools import chain
from typing import Any, Final

import snowballstemmer

from bot.text.normalise import normalise
from bot.text.scripts import RUNS, UNSPACED_LETTERS
from bot.text.stop_words import STOP_WORDS

TERM_CHARS: Final = 40
"""Longer "words" are addresses, hashes or debris: cut, so that no index key grows without bound."""

TERMS_KEPT: Final = 12_000
"""Tokens whose terms are remembered, of all languages together, under 3 MB; then it begins anew."""

_STEMMERS: Final = threading.local()
_SNOWBALL: Final = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nl": "dutch",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_LEMMAS: Final = frozenset({"uk"})  # Snowball has no stemmer for it
_LATIN_LANGUAGES: Final = frozenset(_SNOWBALL) - {"el", "fa", "hy", "ru", "sr", "ta"}

# Each begins with what it looks for, so that a text without any of it is passed over in C.
_GROUPED: Final = re.compile(r"[,\u00a0\u202f' ](?<=\d[,\u00a0\u202f' ])(?=\d{3}(?!\d))")
_CLITIC: Final = re.compile(r"['’](?:(?P<nt>(?<=\wn['’])t\b)|s?(?![^\W\d_]))")  # "won't", "Russia's"
_WORD: Final = re.compile(r"\w")
_APOSTROPHE: Final = re.compile(r"['’ʼ](?<=[Ѐ-ӿ]['’ʼ])(?=[Ѐ-ӿ])")  # a letter of its own in Ukrainian words
_UNSPACED: Final = re.compile(f"[{UNSPACED_LETTERS}]")
_TOKEN: Final = re.compile(rf"[{UNSPACED_LETTERS}]+|\d+|[^\W_]+")
_MARKS: Final = re.compile(r"[\u0300-\u036f\u0640\u064b-\u065f\u0670]")
_INDIC: Final = re.compile(r"[\u0900-\u0dff]")
_ARABIC_LETTERS: Final = str.maketrans("أإآٱىة", "اااايه")
"""Letters that are written now with their marks, now without."""
_PROCLITIC: Final = re.compile(r"(?:[وف](?:[بك]?ال|لل)(?=.{3})|(?:[بك]?ال|لل)(?=.{2}))?(?:و(?=.{4}))?")
_ARABIC_ENDING: Final = re.compile(r"(?<=.{3})(?:ها|ان|ات|ون|ين|يه|ه|ي|ا|ت)$")
_DEVANAGARI_ENDING: Final = re.compile(r"(?<=.{2})[\u0904-\u0914]+$")


def index_terms(text: str, lang: str) -> tuple[str, ...]:
    """The index terms of a text in order, each as often as it occurs."""
    text = _APOSTROPHE.sub("", _without_clitics(_GROUPED.sub("", _MARKS.sub("", normalise(text)))))
    if _INDIC.search(text):
        text = text.translate(_INDIC_SIGNS)
    return tuple(chain.from_iterable(map(_terms_of(lang).__getitem__, _TOKEN.findall(text))))


def _indic_signs() -> dict[int, str]:
    """The vowel signs of Indian scripts as their vowels' letters, and no other marks: an index has gaps there."""
    signs: dict[int, str] = {}
    for code in range(0x0900, 0x0E00):
        if unicodedata.category(chr(code)).startswith("M"):
            letter = unicodedata.name(chr(code)).replace(" VOWEL SIGN ", " LETTER ")
            try:
                found = unicodedata.lookup(letter)
            except KeyError:
                found = ""
            signs[code] = found if found.isalnum() else ""
    return signs


_INDIC_SIGNS: Final = _indic_signs()


def _without_clitics(text: str) -> str:
    """The text with "won't" out and "Russia's" without its ending, a space for each."""
    kept: list[str] = []
    end = 0
    for found in _CLITIC.finditer(text):
        # The whole of a word that denies goes.
        start = found.start()
        while found["nt"] and start > end and _WORD.match(text, start - 1):
            start -= 1
        kept += [text[end:start], " "]
        end = found.end()
    return "".join((*kept, text[end:])) if kept else text


class _Terms(dict[str, tuple[str, ...]]):
    """What each token of a language is indexed as: most tokens of a text were seen before. Any thread may fill it."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang
        self._stop = frozenset(word.translate(_INDIC_SIGNS) for word in STOP_WORDS.get(lang, ()))

    def __missing__(self, token: str) -> tuple[str, ...]:
        if len(token) > TERM_CHARS:
            return self._made(token)
        # Counted together: a dozen rare languages, each with room of its own, would fill it for days.
        if sum(map(len, tuple(_TERMS.values()))) >= TERMS_KEPT:
            _TERMS.clear()
        made = self[token] = self._made(token)
        return made

    def _made(self, token: str) -> tuple[str, ...]:
        if token in self._stop:
            return ()
        if token.isascii():
            return (_term(token[:TERM_CHARS], self._lang),) if len(token) > 1 or token.isdigit() else ()
        if _UNSPACED.match(token):
            # Vowel signs (Thai, Lao, Khmer) are marks to an index, which would break a term at them.
            return tuple(_pairs("".join(filter(str.isalnum, token))))
        return (_term(token[:TERM_CHARS], self._lang),)


_LOADING: Final = threading.Lock()
_TERMS: Final[dict[str, _Terms]] = {}


def _terms_of(lang: str) -> _Terms:
    found = _TERMS.get(lang)  # another thread may begin anew at any time
    return _TERMS.setdefault(lang, _Terms(lang)) if found is None else found


def _pairs(run: str) -> list[str]:
    """Pairs of neighbouring letters; a lone letter stands for itself. Kana and kanji pair up with each other."""
    hangul = RUNS["hangul"].fullmatch(run)
    parts = [run] if hangul else [part for part in re.split(f"({RUNS['hangul'].pattern})", run) if part]
    pairs: list[str] = []
    for part in parts:
        pairs += [part] if len(part) == 1 else [part[at : at + 2] for at in range(len(part) - 1)]
    return pairs


def _term(word: str, lang: str) -> str:
    """The stem of a word; of a foreign word (Latin letters in a Russian text) by the script's likeliest language."""
    if word[0].isdigit():
        return word
    if word.isascii() and lang not in _LATIN_LANGUAGES:
        lang = "en"
    if "\u0620" <= word[0] <= "\u064a" and lang not in _SNOWBALL:
        return _arabic_stem(word)
    if "\u0900" <= word[0] <= "\u097f":
        return _DEVANAGARI_ENDING.sub("", word)
    if lang in _LEMMAS:
        return "".join(_TOKEN.findall(normalise(lemma_of(word, lang)))) or word
    algorithm = _SNOWBALL.get(lang)
    return str(_stemmer(algorithm).stemWord(word)) if algorithm else word


def _arabic_stem(word: str) -> str:
    """A word without its article, what is written to it, and its endings: one term, with the article or without.

    The rules are those of the "light10" stemmer (Larkey, Ballesteros and Connell, 2007), with the accusative's letter
    and the feminine of verbs. Snowball's takes other endings off a word with an article than off one without.
    """
    stem = word.translate(_ARABIC_LETTERS)
    stem = stem[cut.end() :] if (cut := _PROCLITIC.match(stem)) else stem
    while (shorter := _ARABIC_ENDING.sub("", stem)) != stem:
        stem = shorter
    return stem


def lemma_of(word: str, lang: str) -> str:
    """The form that a dictionary of the language gives a word, or rules one that it does not hold."""
    import simplemma  # noqa: PLC0415 - its dictionaries take a quarter of a second and more to load

    # Read where it lies, packed: as a dict the Ukrainian one would take 60 MB, and each word is asked for once.
    with _LOADING:  # or each of several threads would load a dictionary of its own
        return simplemma.lemmatize(word, lang=lang, low_memory=True)


def is_in_dictionary(word: str, lang: str) -> bool:
    """Whether a dictionary of the language holds this form of a word; many a surname stands there, too."""
    import simplemma  # noqa: PLC0415 - as above

    with _LOADING:
        return simplemma.is_known(word, lang, low_memory=True)


def _stemmer(algorithm: str) -> Any:  # noqa: ANN401 - the library has no types
    """The thread's own: a stemmer holds the word that it works on."""
    kept: dict[str, Any] = _STEMMERS.__dict__
    if algorithm not in kept:
        stemmer = kept[algorithm] = snowballstemmer.stemmer(algorithm)
        stemmer.maxCacheSize = 0  # of its own, for 10,000 words a thread: each word is asked for once
    return kept[algorithm]
