"""An entry's sentences as a reader can be shown them: without datelines, and with the speaker named.

Outlets that write under the title ("About it at the briefing stated X. According to her, ...") leave who speaks in a
sentence that says nothing else; see ``speakers``. Chooses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.stories.boilerplate import opens_background
from bot.stories.speakers import with_speakers
from bot.text.datelines import telling_sentences
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from bot.model import Entry


def readable(entry: Entry, *, chars: int) -> list[str]:
    """The sentences of now in the first ``chars`` characters, without one that the cut went through."""
    sentences = list(telling_sentences(entry.text[:chars], entry.lang))
    if len(entry.text) > chars:
        sentences = sentences[:-1]
    if len(sentences) > 1 and _letters(sentences[0]) == _letters(entry.source):
        del sentences[0]  # the outlet's name in place of a dateline
    # The first sentence stays, whatever it says: an entry that is all background has nothing else.
    end = next((at for at, sentence in enumerate(sentences) if at and opens_background(sentence)), len(sentences))
    return with_speakers(sentences[:end], entry.lang)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, normalise(text)))
