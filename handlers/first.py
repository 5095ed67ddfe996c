"""The first five minutes: a subject to choose or to type, and one next step at a time. Pure.

Saving, feeds and lists have handlers of their own; this module only says where to go from here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.chats.message import Block, Message, bold, code, heading, note, paragraph
from bot.limits import TOPIC_NAME_CHARS
from handlers import buttons, wording
from handlers.words import as_typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chats.message import Button
    from bot.model import Topic

EXAMPLES: Final = ("DPRK-Russia arms", "Ukraine peace talks", "Semiconductor export controls")
SUBJECT_WORDS: Final = 8
NAMES_SHOWN: Final = 5

_LETTER: Final = re.compile(r"[^\W\d_]")
_TALK: Final = frozenset(
    {"hi", "hello", "hey", "yo", "thanks", "thx", "ok", "okay", "yes", "no", "yep", "nope", "test", "ping", "bye"}
    | {"cool", "nice", "good", "great", "please", "sorry", "what", "why", "how", "привет", "здравствуйте", "спасибо"}
    | {"да", "нет", "ок", "привіт", "дякую", "так", "ні", "안녕", "안녕하세요", "네", "아니요", "감사합니다"}
)


def welcome(topics: Sequence[Topic], *, feeds: int, samples: bool) -> Message:
    """What this is, and the next step: a subject, then feeds, then what there is to read."""
    blocks: list[Block] = [
        heading("Backstory: what is new, and what came before"),
        paragraph(
            "I watch news feeds for your topics. Each new story comes as one short alert, with dated links to the "
            "earlier coverage that it continues. Further outlets are added to the same alert, not sent again."
        ),
    ]
    if topics:
        blocks.append(paragraph(_watched(topics, feeds)))
    else:
        blocks.append(paragraph(bold("First: what do you want to follow?"), " Choose one, or type a subject of yours."))
    if samples:
        blocks.append(
            note("Sample coverage of 2023 and 2024 is playing. It ends with your first feed: ", code("/feeds add URL"))
        )
    if topics and not feeds and not samples:
        blocks.append(
            paragraph(bold("Next: where shall the news come from?"), " Take a list, or send a feed's address.")
        )
        return Message(tuple(blocks), ((buttons.plain("packs", "Lists of feeds"),), (buttons.plain("help", "Help"),)))
    return Message(tuple(blocks), _read() if topics else _choose())


def offered(text: str) -> Message | None:
    """A subject that was typed by itself, offered as a topic; None for what reads as talk."""
    name = text.strip().rstrip(".!")
    words = name.split()
    if not words or len(words) > SUBJECT_WORDS or len(name) > TOPIC_NAME_CHARS or "?" in name:
        return None
    if name.startswith("/") or not _LETTER.search(name) or words[0].strip(",").casefold() in _TALK:
        return None
    add = f"/topics add {as_typed(name)}"
    label = f"Watch {wording.clip(name, buttons.LABEL_NAME_CHARS)}"
    return Message(
        (
            paragraph("Shall I watch for ", wording.quoted(name), "? I show first what it would have found."),
            note(code(add)),
        ),
        ((buttons.offer(label, add),), (buttons.plain("topics", "Topics"), buttons.plain("help", "Help"))),
    )


def _choose() -> tuple[tuple[Button, ...], ...]:
    made = [(buttons.offer(name, f"/topics add {name}"),) for name in EXAMPLES]
    return (*made, (buttons.plain("help", "Help"),))


def _read() -> tuple[tuple[Button, ...], ...]:
    return (
        (buttons.plain("latest", "Latest stories"), buttons.plain("topics", "Topics")),
        (buttons.plain("help", "Help"),),
    )


def _watched(topics: Sequence[Topic], feeds: int) -> str:
    names = [wording.quoted(topic.name) for topic in topics[:NAMES_SHOWN]]
    more = len(topics) - len(names)
    if more > 0:
        names.append(f"{more} more")
    return f"Watching now: {wording.listed(names)}, in {wording.count(feeds, 'feed')}."
