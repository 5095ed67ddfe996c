"""One entry's text as the matcher reads it: its words, where a term stands in it, its sentences and paragraphs.

Topics are many and texts are short, so a text is taken apart once (its words, a set), and each term of a topic is
looked up in that; only what can be there is searched for. Nothing here knows queries beyond their terms, or scores.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.topics import capitals, regex, salience
from bot.topics.lexicon import Form
from bot.topics.scan import make_pattern, stands_alone
from bot.topics.tree import ConceptTerm, Regex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.topics.fold import Folded
    from bot.topics.salience import Layout
    from bot.topics.scan import Span
    from bot.topics.tree import Find, Words

WORD: Final = re.compile(r"[^\W_\u1100-\U0010ffff]+")
"""A word of a script that puts spaces between words; from U+1100 on (Hangul, kana, Han) terms are parts of a run."""

_COUNTED: Final = re.compile(r"[^\W_\u1100-\U0010ffff]+|[\uac00-\ud7a3]+|[^\W_]")


class Reading:
    """A folded text, its first ``title_end`` characters the title. Fills itself as it is asked: one thread at a time.

    ``concepts`` are the lexicon's finds by key (``@dprk``). All places are in the folded text.
    """

    def __init__(self, folded: Folded, title_end: int, concepts: Mapping[str, tuple[Span, ...]]) -> None:
        self.folded = folded
        self.title_end = title_end
        self.concepts = concepts
        self._found: dict[str, tuple[Span, ...]] = {}

    @cached_property
    def words(self) -> list[str]:
        """Its words in order."""
        return WORD.findall(self.folded.text)

    @cached_property
    def vocabulary(self) -> dict[str, None]:
        """Its different words."""
        return dict.fromkeys(self.words)

    @cached_property
    def layout(self) -> Layout:
        """Title, lead and sentences."""
        return salience.lay_out(self.folded.text, self.title_end)

    def find(self, term: Find) -> tuple[Span, ...]:
        """Where a term stands, in order, without overlaps."""
        if isinstance(term, ConceptTerm):
            return self.concepts.get(term.key, ())
        if isinstance(term, Regex):
            key = str(term)
            found = self._found.get(key)
            return found if found is not None else self._found.setdefault(key, regex.find(term.pattern, self.folded))
        if not term.prefix and term.key not in self.vocabulary and _is_word(term.key):
            return ()  # by far the most frequent answer
        key = f"\0{term}" if term.exact else f"{term.key}*" if term.prefix else term.key
        found = self._found.get(key)
        return found if found is not None else self._found.setdefault(key, self._search(term))

    def _search(self, term: Words) -> tuple[Span, ...]:
        text = self.folded.text
        pattern = make_pattern("", term.key, Form.PREFIX if term.prefix else Form.WORD)
        spans: list[Span] = []
        word, size = term.key, len(term.key)
        at = text.find(word)
        while at >= 0:
            alone = stands_alone(text, at, pattern)
            if alone:
                spans.append((at, at + size))
            at = text.find(word, at + (size if alone else 1))
        return capitals.kept(spans, term.text, self.folded, self.layout) if term.exact and spans else tuple(spans)

    # ------------------------------------------------------------ distance

    @cached_property
    def _word_starts(self) -> list[int]:
        return [word.start() for word in _COUNTED.finditer(self.folded.text)]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(line.end() for line in re.finditer("\n", self.folded.text))]

    def paragraph(self, at: int) -> int:
        """The number of the paragraph around a place; the title is the first."""
        return bisect_right(self._line_starts, at) - 1

    def sentence(self, at: int) -> int:
        """The number of the sentence around a place."""
        return self.layout.sentence(at)

    def words_between(self, end: int, start: int) -> int | None:
        """How many words stand between the end of one find and the start of another; None across paragraphs.

        Each Han or kana character counts as a word, Korean words as they are spaced.
        """
        if start <= end:
            return 0
        if self.paragraph(end) != self.paragraph(start):
            return None
        return bisect_left(self._word_starts, start) - bisect_left(self._word_starts, end)


def _is_word(key: str) -> bool:
    return (key.isascii() and key.isalnum()) or WORD.fullmatch(key) is not None
