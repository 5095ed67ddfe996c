"""What a person types to search the archive, as index terms and as what is checked on the text itself. Pure.

``"two words"`` is a phrase, ``-word`` keeps out, ``lang:ru`` and ``source:tass`` narrow; all other words must be there,
in any inflection that the index knows. A search does not know in which language its words are: each is looked for as
every language of its script would index it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.model import TermQuery
from bot.text.normalise import normalise
from bot.text.scripts import RUNS, UNSPACED, main_script
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import Entry

_PIECE: Final = re.compile(
    r"(?P<minus>(?<!\S)-)?(?:(?P<field>lang|source):(?P<value>\S+)|[\"“„«「](?P<phrase>[^\"“”„»「」]+)[\"”“»」]|(?P<word>[^\s\"“”„«»「」]+))",
    re.IGNORECASE,
)
_LANGUAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "latin": ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr"),
    "cyrillic": ("ru", "uk"),
    "han": ("zh",),
    "kana": ("ja",),
    "hangul": ("ko",),
    "arabic": ("ar", "fa"),
    "devanagari": ("hi",),
    "greek": ("el",),
}
_PARTICLE: Final = re.compile(r"(?<=[가-힣]{2})(?:에서|에게|으로|까지|부터|[은는이가을를의에도로와과만])$")


@dataclass(frozen=True, slots=True)
class Searched:
    """A search as it was understood. ``words`` are those looked for, each with the index of its first group.

    ``phrases`` must stand in the text and ``not_phrases`` must not; ``source`` is part of an outlet's name or address.
    ``idle`` are words that no index holds: single letters and everyday words.
    """

    query: TermQuery
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    not_phrases: tuple[str, ...] = ()
    source: str = ""
    idle: tuple[str, ...] = ()

    @property
    def reads_text(self) -> bool:
        """Whether the index alone cannot answer it."""
        return bool(self.phrases or self.not_phrases or self.source)


def read_search(text: str, *, most: int) -> Searched:
    """Understand a search; words beyond ``most`` are left out."""
    wanted: list[str] = []
    phrases: list[str] = []
    unwanted: list[str] = []
    fields: dict[str, str] = {}
    for piece in _PIECE.finditer(text):
        if piece["field"]:
            fields[piece["field"].casefold()] = piece["value"].casefold()
            continue
        words = (piece["phrase"] or piece["word"]).strip()
        if piece["minus"]:
            unwanted.append(words)
            continue
        wanted += words.split() if piece["phrase"] else [words]
        if piece["phrase"] and not _is_one_term(words):
            phrases.append(words)
    groups = {word: word_groups(word, fields.get("lang")) for word in wanted[:most]}
    sieved = [word for word in unwanted if _is_one_term(word)]
    return Searched(
        query=TermQuery(
            tuple(dict.fromkeys(group for found in groups.values() for group in found)),
            tuple(term for word in sieved for group in word_groups(word, fields.get("lang")) for term in group),
            fields.get("lang"),
        ),
        words=tuple(word for word, found in groups.items() if found),
        phrases=tuple(phrases),
        not_phrases=tuple(word for word in unwanted if word not in sieved),
        source=fields.get("source", ""),
        idle=tuple(word for word, found in groups.items() if not found and not any(word in each for each in phrases)),
    )


def word_groups(word: str, lang: str | None = None) -> tuple[tuple[str, ...], ...]:
    """What must be in the index for a word: groups of alternatives; several groups where the word is cut into pairs.

    None for a single letter, and for a word that some language of its script does not index.
    """
    script = main_script(word) or "latin"
    if script in UNSPACED:
        stem = _PARTICLE.sub("", normalise(word)) if RUNS["hangul"].search(word) else word
        return tuple((term,) for term in index_terms(stem, lang or _LANGUAGES.get(script, ("zh",))[0]))
    languages = (lang,) if lang else _LANGUAGES.get(script, ("en",))
    readings = [index_terms(word, language) for language in languages]
    if not all(readings):
        return ()  # an everyday word of one of these languages: its entries are not indexed under it
    longest = max(map(len, readings))
    # "tass.com" is two terms in every language: the first readings go together, and the second ones.
    return tuple(
        tuple(dict.fromkeys(reading[place] for reading in readings if len(reading) == longest))
        for place in range(longest)
    )


def holds(searched: Searched, entry: Entry) -> bool:
    """Whether what the index cannot tell is true for an entry: phrases, what must not be there, the outlet."""
    text = normalise(f"{entry.title}\n{entry.text}")
    return (
        all(_stands(phrase, text) for phrase in searched.phrases)
        and not any(_stands(phrase, text) for phrase in searched.not_phrases)
        and (not searched.source or searched.source in f"{entry.source} {entry.url}".casefold())
    )


def hits(searched: Searched, text: str, lang: str) -> int:
    """How many of the words asked for stand in a text."""
    terms = set(index_terms(text, lang))
    return sum(not terms.isdisjoint(group) for group in searched.query.all_of)


def telling_sentence(searched: Searched, sentences: Sequence[str], lang: str) -> str:
    """The first of the sentences that hold the most of the words asked for; "" if none holds any."""
    best = max(sentences, key=lambda sentence: _weight(searched, sentence, lang), default="")
    return best if best and any(_weight(searched, best, lang)) else ""


def _weight(searched: Searched, sentence: str, lang: str) -> tuple[int, int]:
    text = normalise(sentence)
    return sum(_stands(phrase, text) for phrase in searched.phrases), hits(searched, sentence, lang)


def _is_one_term(words: str) -> bool:
    return len(words.split()) == 1 and len(word_groups(words)) == 1


def _stands(phrase: str, text: str) -> bool:
    """Whether words stand in a normalised text in this order, not as part of longer words."""
    words = [re.escape(word) for word in normalise(phrase).split()]
    edge = "" if any(_unspaced(words)) else r"(?!\w)"
    return bool(re.search((r"(?<!\w)" if edge else "") + r"\s+".join(words) + edge, text))


def _unspaced(words: Iterable[str]) -> list[bool]:
    return [main_script(word) in UNSPACED for word in words]
