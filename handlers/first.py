"""The first five minutes: a subject to choose or to type, feeds that fit it, and one next step at a time. Pure.

Saving, feeds and lists have handlers of their own; this module only says where to go from here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.chats.message import Block, Message, bold, bullets, code, heading, note, paragraph, phrase
from bot.errors import QueryError
from bot.limits import TOPIC_NAME_CHARS
from bot.speech import _, ngettext
from bot.topics.fold import fold
from bot.topics.query import parse
from bot.topics.scan import concept_scanner
from bot.topics.tree import ConceptTerm, Not, Words, parts_of
from handlers import buttons, wording
from handlers.topics import story_lines
from handlers.words import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.chats.chat import Inbound
    from bot.chats.message import Button
    from bot.model import FeedList, Topic
    from bot.store.port import StoryView
    from bot.topics.lexicon import Lexicon
    from bot.topics.tree import Node

EXAMPLES: Final = ("DPRK-Russia arms", "Ukraine peace talks", "Semiconductor export controls")
SUBJECT_WORDS: Final = 8
NAMES_SHOWN: Final = 5
PACKS_OFFERED: Final = 3
EVERYWHERE: Final = "world"
"""The list that fits every subject a little."""

# A query begins with what its topic is named after; what comes later are ways of saying it.
_TERMS_ASKED: Final = 4
_ABOUT_WEIGHT: Final = 2
_LETTER: Final = re.compile(r"[^\W\d_]")
_TALK: Final = frozenset(
    {"hi", "hello", "hey", "yo", "thanks", "thx", "ok", "okay", "yes", "no", "yep", "nope", "test", "ping", "bye"}
    | {"cool", "nice", "good", "great", "please", "sorry", "what", "why", "how", "привет", "здравствуйте", "спасибо"}
    | {"да", "нет", "ок", "привіт", "дякую", "так", "ні", "안녕", "안녕하세요", "네", "아니요", "감사합니다"}
)


def welcome(topics: Sequence[Topic], *, feeds: int, samples: bool, private: bool = True) -> Message:
    """What this is, and the next step: a subject, then feeds, then what there is to read.

    A subject typed by itself is heard in ``private`` alone; elsewhere it takes the command.
    """
    blocks: list[Block] = [
        heading(_("Backstory: what is new, and what came before")),
        paragraph(
            _(
                "I watch news feeds for your topics. Each new story comes as one short alert, with dated links to the "
                "earlier coverage that it continues. Further outlets are added to the same alert, not sent again."
            )
        ),
    ]
    if topics:
        blocks.append(paragraph(_watched(topics, feeds)))
    else:
        typing = (
            [_("Choose one, or type a subject of your own.")]
            if private
            else phrase(_("Choose one, or name a subject of your own: {command}"), command=code("/topics add NAME"))
        )
        blocks.append(paragraph(bold(_("First: what do you want to follow?")), " ", *typing))
    if samples:
        playing = _("Sample coverage of 2023 and 2024 is playing. It ends with your first feed: {command}")
        blocks.append(note(*phrase(playing, command=code("/feeds add URL"))))
    if topics and not feeds and not samples:
        blocks.append(where_from())
        return Message(tuple(blocks), ((buttons.plain("packs", _("Lists of feeds")),), (_help(),)))
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
    label = _("Watch {name}").format(name=wording.clip(name, buttons.LABEL_NAME_CHARS))
    asked = _("Shall I watch for {name}? I show first what it would have found.")
    return Message(
        (paragraph(asked.format(name=wording.quoted(name))), note(code(add))),
        ((buttons.offer(label, add),), (buttons.plain("topics", _("Topics")), _help())),
    )


def or_offered(inbound: Inbound, answer: Message) -> Message:
    """The answer to what reads like a command and came to nothing, below the subject that it may have been.

    "Export controls" begins like /export; only what was typed without a slash, to the bot alone, can be a subject.
    """
    subject = offered(inbound.text) if inbound.private else None
    if subject is None:
        return answer
    return replace(answer, blocks=(*subject.blocks, *answer.blocks), buttons=(subject.buttons[0], *answer.buttons))


# ---------------------------------------------------------------- where the news comes from


def where_from() -> Block:
    """The question after the first topic, with both ways to answer it."""
    answer = phrase(_("Take a list, or add a feed of your own: {command}"), command=code("/feeds add URL"))
    return paragraph(bold(_("Next: where should the news come from?")), " ", *answer)


def fitting(query: str, packs: Mapping[str, FeedList], lexicon: Lexicon) -> tuple[str, ...]:
    """The packs that speak of what a query asks for, best first; the one of the whole world is always among them.

    Read are a pack's own words: its title, what it says of itself and, with less weight, the names of its feeds.
    """
    try:
        asked = tuple(_asked_for(parse(query, lexicon).root))[:_TERMS_ASKED]
    except QueryError:  # it names a concept of the chat's own
        asked = ()
    scores = {name: _likeness(pack, asked, lexicon) for name, pack in packs.items()}
    best = sorted((name for name, score in scores.items() if score), key=lambda name: -scores[name])
    rest = [name for name in packs if name == EVERYWHERE and name not in best[: PACKS_OFFERED - 1]]
    return (*best[: PACKS_OFFERED - len(rest)], *rest)


def offer_packs(names: Sequence[str], packs: Mapping[str, FeedList]) -> tuple[Block, tuple[tuple[Button, ...], ...]]:
    """These packs in words, and a button each that follows one at once."""
    chosen = {name: packs[name] for name in names}
    lines = [(bold(_(pack.title)), f" ({wording.feeds(len(pack.feeds))}): {_(pack.about)}") for pack in chosen.values()]
    label = _("Follow {name}")
    made = [(buttons.follow_pack(name, label.format(name=_(pack.title))),) for name, pack in chosen.items()]
    return bullets(*lines), tuple(made)


def at_work(views: Sequence[StoryView], *, topics: int, now: datetime) -> tuple[Block, ...]:
    """What new feeds mean for a chat with so many topics: its last stories in them, at once, and what comes next."""
    if not topics:
        silent = _("What is already there goes to the archive without an alert; what comes from now on can alert.")
        missing = phrase(_("Nothing alerts here yet. Name a subject: {command}"), command=code("/topics add NAME"))
        return (paragraph(silent), note(*missing))
    coming = ngettext(
        "What is already there sends no alert; each new story on your topic comes here by itself.",
        "What is already there sends no alert; each new story on your topics comes here by itself.",
        topics,
    )
    if not views:
        nothing = ngettext("Nothing is there on your topic yet.", "Nothing is there on your topics yet.", topics)
        return (paragraph(nothing, " ", coming),)
    return (paragraph(bold(_("The last on your topics:"))), *story_lines(views, now), paragraph(coming))


def _asked_for(node: Node) -> Iterator[ConceptTerm | Words]:
    """The concepts and words that a query asks for, in its order; not what it shuts out."""
    if isinstance(node, ConceptTerm | Words):
        yield node
    elif not isinstance(node, Not):
        for part in parts_of(node):
            yield from _asked_for(part)


def _likeness(pack: FeedList, asked: Sequence[ConceptTerm | Words], lexicon: Lexicon) -> int:
    own, others = f"{pack.title}. {pack.about}", "; ".join(feed.title for feed in pack.feeds)
    return sum(
        weight * sum(_speaks_of(text, term, lexicon) for term in asked)
        for text, weight in ((own, _ABOUT_WEIGHT), (others, 1))
    )


def _speaks_of(text: str, term: ConceptTerm | Words, lexicon: Lexicon) -> bool:
    folded = fold(text)
    if isinstance(term, ConceptTerm):
        return str(term) in concept_scanner(lexicon, names_only=True).find(folded)
    return term.key in folded.text


# ---------------------------------------------------------------- pieces


def _choose() -> tuple[tuple[Button, ...], ...]:
    made = [(buttons.offer(name, f"/topics add {name}"),) for name in EXAMPLES]
    return (*made, (_help(),))


def _read() -> tuple[tuple[Button, ...], ...]:
    return (
        (buttons.plain("latest", _("Latest stories")), buttons.plain("topics", _("Topics"))),
        (_help(),),
    )


def _help() -> Button:
    return buttons.plain("help", _("Help"))


def _watched(topics: Sequence[Topic], feeds: int) -> str:
    names = [wording.quoted(topic.name) for topic in topics[:NAMES_SHOWN]]
    more = len(topics) - len(names)
    if more > 0:
        names.append(wording.counted(ngettext("{count} more", "{count} more", more), more))
    said = ngettext("Watching now: {topics}, in {count} feed.", "Watching now: {topics}, in {count} feeds.", feeds)
    return wording.counted(said, feeds, topics=wording.listed(names))
