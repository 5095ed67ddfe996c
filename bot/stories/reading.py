"""An entry's sentences as a reader can be shown them: without datelines, and with the speaker named.

Outlets that write under the title ("About it at the briefing stated X. According to her, ...") leave who speaks in a
sentence that says nothing else; see ``speakers``. Chooses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.stories.boilerplate import is_complete, opens_background
from bot.stories.speakers import with_speakers
from bot.text.datelines import telling_sentences
from bot.text.normalise import normalise
from bot.text.scripts import UNSPACED, main_script

if TYPE_CHECKING:
    from bot.model import Entry


def readable(entry: Entry, *, chars: int) -> list[str]:
    """The sentences of now in the first ``chars`` characters, without one that the cut went through."""
    sentences = list(telling_sentences(entry.text[:chars], entry.lang))
    if len(entry.text) > chars:
        sentences = sentences[:-1]
    if len(sentences) > 1 and _is_dateline(sentences[0], entry):
        del sentences[0]
    # The first sentence stays, whatever it says: an entry that is all background has nothing else.
    end = next((at for at, sentence in enumerate(sentences) if at and opens_background(sentence)), len(sentences))
    return with_speakers(sentences[:end], entry.lang)


def _is_dateline(sentence: str, entry: Entry) -> bool:
    """Whether a first sentence is only the outlet's name, or one word where words stand apart: "टोक्यो।"."""
    if _letters(sentence) == _letters(entry.source):
        return True
    return len(sentence.split()) == 1 and is_complete(sentence) and main_script(sentence) not in UNSPACED


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, normalise(text)))
