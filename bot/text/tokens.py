"""Turns a text into index terms: the one vocabulary that full-text search and story comparison share.

Alphabetic words become stems, with stop words out; scripts that do not part their words (and Korean, which glues
endings to them) become pairs of neighbouring letters. Each term is one run of letters and digits, so that any full-text
index can store it as a word. Terms know nothing of concepts or of how rare they are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import snowballstemmer

from bot.text.normalise import normalise
from bot.text.scripts import LETTERS, RUNS, UNSPACED, UNSPACED_LETTERS
from bot.text.stop_words import STOP_WORDS

TERM_CHARS: Final = 40
"""Longer "words" are addresses, hashes or debris: cut, so that no index key grows without bound."""

_SNOWBALL: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "fa": "persian", "fi": "finnish", "fr": "french", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_LEMMAS: Final = frozenset({"uk"})  # Snowball has no stemmer for it
_LATIN_LANGUAGES: Final = frozenset(_SNOWBALL) - {"ar", "el", "fa", "hi", "hy", "ne", "ru", "sr", "ta"}

_GROUPED: Final = re.compile(r"(?<=\d)[,\u00a0\u202f' ](?=\d{3}(?!\d))")
_CLITIC: Final = re.compile(r"\b\w+n['’]t\b|['’]s?(?![^\W\d_])")  # "won't", "Russia's"
_APOSTROPHE: Final = re.compile(r"(?<=[Ѐ-ӿ])['’ʼ](?=[Ѐ-ӿ])")  # a letter of its own in Ukrainian words
_TOKEN: Final = re.compile(rf"[{UNSPACED_LETTERS}]+|\d+|[^\W_]+")
_MARKS: Final = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670]")


def index_terms(text: str, lang: str) -> tuple[str, ...]:
    """The index terms of a text in order, each as often as it occurs."""
    text = _APOSTROPHE.sub("", _CLITIC.sub(" ", _GROUPED.sub("", _MARKS.sub("", normalise(text)))))
    stop = STOP_WORDS.get(lang, frozenset())
    terms: list[str] = []
    for token in _TOKEN.findall(text):
        if token in stop:
            continue
        if token.isascii():
            if len(token) > 1 or token.isdigit():
                terms.append(_term(token[:TERM_CHARS], lang))
        elif _is_unspaced(token[0]):
            # Vowel signs (Thai, Lao, Khmer) are marks to an index, which would break a term at them.
            terms += _pairs("".join(filter(str.isalnum, token)))
        else:
            terms.append(_term(token[:TERM_CHARS], lang))
    return tuple(terms)


def _is_unspaced(char: str) -> bool:
    return any(LETTERS[script].match(char) for script in UNSPACED)


def _pairs(run: str) -> list[str]:
    """Pairs of neighbouring letters; a lone letter stands for itself. Kana and kanji pair up with each other."""
    hangul = RUNS["hangul"].fullmatch(run)
    parts = [run] if hangul else [part for part in re.split(f"({RUNS['hangul'].pattern})", run) if part]
    pairs: list[str] = []
    for part in parts:
        pairs += [part] if len(part) == 1 else [part[at : at + 2] for at in range(len(part) - 1)]
    return pairs


@lru_cache(maxsize=65_536)
def _term(word: str, lang: str) -> str:
    """The stem of a word; of a foreign word (Latin letters in a Russian text) by the script's likeliest language."""
    if word[0].isdigit():
        return word
    if word.isascii() and lang not in _LATIN_LANGUAGES:
        lang = "en"
    if lang in _LEMMAS:
        import simplemma  # noqa: PLC0415 - its Ukrainian dictionary takes half a second to load

        lemma = simplemma.lemmatize(word, lang=lang)
        return "".join(_TOKEN.findall(normalise(lemma))) or word
    algorithm = _SNOWBALL.get(lang)
    # A stemmer holds the word that it works on: a fresh one a word is safe in threads, and cheap behind the cache.
    return str(snowballstemmer.stemmer(algorithm).stemWord(word)) if algorithm else word
