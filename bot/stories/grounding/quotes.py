"""Quotations: what stands in quotation marks must stand in a source letter for letter. A translation never does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.faults import Fault, FaultKind
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading

_QUOTED: Final = re.compile(
    r"“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』|\"([^\"]+)\"|(?<!\w)'([^']{2,}?)'(?!\w)|(?<!\w)‘([^’]{2,}?)’(?!\w)"
)
NAME_WORDS: Final = 3
TERM_CHARS: Final = 30
UNSPACED_CHARS: Final = 8
_MARKS: Final = re.compile(r"[\"“”„«»「」『』‘’']")


def check_quotes(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Quotations that stand in no source."""
    given = "\n".join(_plain(source.text) for source in sources)
    # "zero tolerance": a term that a source has in quotation marks may be translated, where a sentence may not.
    terms = any(len(each.split()) <= NAME_WORDS for source in sources for each in _quoted(source.text))
    abroad = all(source.lang != sentence.lang for source in sources)
    for match in _QUOTED.finditer(sentence.text):
        words = _inside(match)
        if abroad and (_is_name(words) or (terms and _is_term(words, sentence))):
            continue
        if _plain(words) not in given:
            yield Fault(FaultKind.QUOTE, f"{match.group()} is in no source word for word")
    marks = len(re.findall(r"[“\"„«「]", sentence.text))
    if marks and not _QUOTED.search(sentence.text):
        yield Fault(FaultKind.QUOTE, "a quotation that does not end")


def _quoted(text: str) -> Iterator[str]:
    return map(_inside, _QUOTED.finditer(text))


def _inside(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group)


def _is_term(words: str, sentence: Reading) -> bool:
    return len(words.split()) < NAME_WORDS and len(words) <= (TERM_CHARS if sentence.is_spaced else UNSPACED_CHARS)


def _is_name(words: str) -> bool:
    """Whether what is quoted is a name, «Исламское государство»: other languages put those in quotation marks."""
    return words[0].isupper() and len(words.split()) <= NAME_WORDS and words[-1].isalpha()


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", normalise(text)).split()).strip(" .,;:!?。，、…")
