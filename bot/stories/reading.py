"""An entry's sentences as a reader can be shown them: without datelines, and with the speaker named.

Outlets that write under the title ("About it at the briefing stated X. According to her, ...") leave who speaks in a
sentence that says nothing else. The pronouns behind it are replaced by that name in square brackets, which say that
something else stood there; nothing else is changed. Stops where an article begins to tell of before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_complete, opens_background
from bot.text.datelines import telling_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry

SAYING: Final = r"(?:said|stated|told|added|noted|stressed|explained|reported|announced)"
_TITLE_LEAD: Final = re.compile(
    rf"^About (?:it|this|that)\b[^“”\"]*\b{SAYING}\b(?:[^“”\"]*?\s)??"
    r"(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z]\.|[a-z]{2,3}|[A-Z][\w’'-]+)){0,2} [A-Z][\w’'-]+)\.$"
)
_PRONOUN: Final = re.compile(rf"^(According to )(?:him|her)(?=, )|^()(?:He|She)(?= (?:also |further )?{SAYING}\b)")
_SPEAKS: Final = re.compile(rf"([A-Z][\w’'-]+) (?:also )?{SAYING}\b|\b{SAYING} (?:[\w ]+ )?([A-Z][\w’'-]+)")
_NOBODY: Final = frozenset({"It", "He", "She", "They", "We", "This", "That", "Who"})


def readable(entry: Entry, *, chars: int) -> list[str]:
    """The sentences of now in the first ``chars`` characters, without one that the cut went through."""
    sentences = list(telling_sentences(entry.text[:chars], entry.lang))
    if len(entry.text) > chars:
        sentences = sentences[:-1]
    # The first sentence stays, whatever it says: an entry that is all background has nothing else.
    end = next((at for at, sentence in enumerate(sentences) if at and opens_background(sentence)), len(sentences))
    return _with_speaker(sentences[:end])


def _with_speaker(sentences: Sequence[str]) -> list[str]:
    """The sentences with the title's speaker named, up to where a section ends or somebody else speaks."""
    lead = _TITLE_LEAD.match(sentences[0]) if sentences else None
    if lead is None:
        return list(sentences)
    name = " ".join(lead["name"].split()[-2:])
    shown = [sentences[0]]
    for at, sentence in enumerate(sentences[1:], start=1):
        if not is_complete(sentence) or _others_speak(sentence, name):
            return [*shown, *sentences[at:]]
        shown.append(_PRONOUN.sub(lambda match: f"{match[1] or ''}[{name}]", sentence, count=1))
    return shown


def _others_speak(sentence: str, name: str) -> bool:
    speakers = {group for match in _SPEAKS.finditer(sentence) for group in match.groups() if group}
    return bool(speakers - _NOBODY - set(name.split()))
