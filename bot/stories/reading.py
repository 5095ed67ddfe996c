"""An entry's sentences as a reader can be shown them: without datelines, and with the speaker named.

Outlets that write under the title ("About it at the briefing stated X. According to her, ...") leave who speaks in a
sentence that says nothing else; see ``speakers``. What stands within a quotation of several sentences bears no mark of
its own, and is left out: it would read as the outlet's own words. Chooses nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_complete, opens_background
from bot.stories.speakers import SAYING, with_speakers
from bot.text.datelines import telling_sentences
from bot.text.normalise import normalise
from bot.text.scripts import UNSPACED, main_script

if TYPE_CHECKING:
    from bot.model import Entry

SPOKEN_SENTENCES: Final = 3
"""So many sentences on end are taken for somebody's words; where the end is not marked, the outlet's begin again."""
_MARK: Final = re.compile(r"[\"“”„«»「」『』]")
_TELLS: Final = re.compile(
    rf"\b(?:{SAYING}|says|according to|sagte|erklärte)\b"
    r"|\b(?:заяв|сообщ|сказал|отмет|добав|подчерк|повідом|сказа[вл]|зазнач|дода[вл]|наголос)"
    r"|말했|밝혔|전했|述べ|語った|明らかに|表示|指出|强调"
)
"""Somebody tells what another says: the outlet, whose quotation was left open by mistake."""


def readable(entry: Entry, *, chars: int) -> list[str]:
    """The sentences of now in the first ``chars`` characters, without one that the cut went through."""
    sentences = list(telling_sentences(entry.text[:chars], entry.lang))
    if len(entry.text) > chars:
        sentences = sentences[:-1]
    if len(sentences) > 1 and _is_dateline(sentences[0], entry):
        del sentences[0]
    # The first sentence stays, whatever it says: an entry that is all background has nothing else.
    end = next((at for at, sentence in enumerate(sentences) if at and opens_background(sentence)), len(sentences))
    return with_speakers(_outlets_own(sentences[:end]), entry.lang)


def _outlets_own(sentences: list[str]) -> list[str]:
    """The sentences without those that stand within a quotation which another has opened."""
    own: list[str] = []
    spoken = 0
    for sentence in sentences:
        if _MARK.search(sentence):
            spoken = SPOKEN_SENTENCES if _leaves_open(sentence) else 0
        elif spoken and not _TELLS.search(sentence):
            spoken -= 1
            continue
        else:
            spoken = 0
        own.append(sentence)
    return own


def _leaves_open(sentence: str) -> bool:
    """Whether the last of a sentence's quotation marks opens: one with a letter before it closes, in any language."""
    *_, last = _MARK.finditer(sentence)
    if last.group() == '"' and sentence.count('"') % 2 == 0:
        return False
    before = sentence[: last.start()]
    return last.group() in "「『" or (last.group() in '"“„«' and (not before or before[-1] in " (—–\u00a0"))


def _is_dateline(sentence: str, entry: Entry) -> bool:
    """Whether a first sentence is only the outlet's name, or one word where words stand apart: "टोक्यो।"."""
    if _letters(sentence) == _letters(entry.source):
        return True
    return len(sentence.split()) == 1 and is_complete(sentence) and main_script(sentence) not in UNSPACED


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, normalise(text)))
