"""/lexicon: what the bot knows by name, and what a chat adds for its own queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Block, Message, bullets, code, heading, note, paragraph
from bot.errors import CommandError, QueryError
from bot.limits import CONCEPTS_PER_CHAT
from bot.model import ChatConcept
from bot.topics.fold import fold
from bot.topics.lexicon import Form, Role
from bot.topics.own import checked_name, expanded, read_aliases
from bot.topics.query import ConceptTerm
from handlers import buttons, wording
from handlers.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.topics.lexicon import Alias, Concept, Lexicon
    from handlers.row import Call
    from handlers.sayings import AddConcept, RemoveConcept, ShowConcept

ALIASES_SHOWN: Final = 12
FOUND_SHOWN: Final = 12
_STEM_CHARS: Final = 4
_KINDS: Final = {"place": "a place", "person": "a person", "body": "a body", "subject": "a subject"}
_LANGUAGES: Final = {
    "en": "English", "ru": "Russian", "uk": "Ukrainian", "ko": "Korean", "ja": "Japanese", "zh": "Chinese",
    "fr": "French", "de": "German", "es": "Spanish", "ar": "Arabic", "mul": "Several languages",
}  # fmt: skip


async def show_concept(call: Call[ShowConcept]) -> Message:
    """A concept with its aliases by language; or those that a word belongs to; or, with nothing said, what there is."""
    desk, chat, word = call.desk, call.chat, call.command.word
    own = await desk.store.concepts_of(chat.id)
    if word is None:
        return _overview(desk.lexicon, own)
    name = word.removeprefix("@").strip().lower()
    mine = next((one for one in own if one.name == name), None)
    if mine is not None:
        return _own_concept(mine)
    concept = desk.lexicon.concepts.get(name)
    if concept is not None and word.startswith("@"):
        return _concept(concept)
    found = [] if word.startswith("@") else _found(word, desk.lexicon, own)
    if not found and concept is None:
        return _unknown(word, desk.lexicon)
    if concept is not None and concept not in found:
        found.insert(0, concept)
    return _concept(found[0]) if len(found) == 1 else _several(word, found)


async def add_concept(call: Call[AddConcept]) -> Message:
    """Make a concept for this chat's queries, or replace its aliases."""
    desk, chat = call.desk, call.chat
    name = checked_name(call.command.name, desk.lexicon)
    own = {one.name: one for one in await desk.store.concepts_of(chat.id)}
    if name not in own and len(own) >= CONCEPTS_PER_CHAT:
        raise CommandError(f"This chat has {CONCEPTS_PER_CHAT} concepts of its own, which is the most.")
    made = ChatConcept(chat.id, name, read_aliases(call.command.aliases, desk.lexicon))
    own[name] = made
    for topic in await desk.store.topics_of(chat.id):
        if topic.chat_id == chat.id and _uses(topic.query, name):
            try:
                expanded(topic.query, tuple(own.values()), desk.lexicon)
            except QueryError as error:
                raise CommandError(f"With that, {wording.quoted(topic.name)} would be too long. {error}") from error
    await desk.store.put_concept(made)
    return Message(
        (
            heading(f"@{name} is known in this chat"),
            paragraph(", ".join(made.aliases)),
            note("Use it in a query: ", code(f"/topics add NAME = @{name} & word")),
        ),
        ((buttons.offer(f"Remove @{name}", f"/lexicon remove @{name}"),),),
    )


async def remove_concept(call: Call[RemoveConcept]) -> Message:
    """Remove one of this chat's own concepts, unless a topic uses it."""
    desk, chat = call.desk, call.chat
    name = call.command.name.strip().removeprefix("@").lower()
    own = next((one for one in await desk.store.concepts_of(chat.id) if one.name == name), None)
    if own is None:
        shared = " It is my lexicon's, which all chats share." if name in desk.lexicon.concepts else ""
        raise CommandError(f"This chat has no concept @{wording.clip(name, 40)} of its own.{shared}")
    used = [topic.name for topic in await desk.store.topics_of(chat.id) if _uses(topic.query, name)]
    if used:
        names = wording.listed([wording.quoted(each) for each in used[:3]])
        raise CommandError(f"@{name} is used by {names}. Change or remove that first.")
    await desk.store.remove_concept(chat.id, name)
    again = f"/lexicon add @{name} = {', '.join(own.aliases)}"
    return Message(
        (paragraph(f"@{name} is no longer known here."), note("Bring it back: ", code(again))),
        ((buttons.offer("Bring it back", again),),),
    )


def _uses(query: str, name: str) -> bool:
    words = query.replace("(", " ").replace(")", " ").replace(",", " ").replace(":", " ").replace("-", " ").split()
    return str(ConceptTerm(name)) in words


# ---------------------------------------------------------------- shown


def _overview(lexicon: Lexicon, own: Sequence[ChatConcept]) -> Message:
    kinds = {kind: sum(each.kind == kind for each in lexicon.concepts.values()) for kind in _KINDS}
    blocks: list[Block] = [
        heading(f"{len(lexicon.concepts):,} concepts are known by name"),
        paragraph(
            f"{kinds['place']} places, {kinds['person']} people, {kinds['body']} bodies, {kinds['subject']} subjects. "
            "In a query ",
            code("@dprk"),
            " stands for all its names in many languages.",
        ),
    ]
    if own:
        blocks += [paragraph("This chat's own:"), bullets(*(_own_line(one) for one in own))]
    blocks.append(
        note("Look one up: ", code("/lexicon missile"), " · make one: ", code("/lexicon add @name = word, word*"))
    )
    return Message(tuple(blocks), ((buttons.offer("Show @dprk", "/lexicon @dprk"),),))


def _own_line(one: ChatConcept) -> str:
    return f"@{one.name}: {wording.clip(', '.join(one.aliases), 120)}"


def _own_concept(one: ChatConcept) -> Message:
    return Message(
        (
            heading(f"@{one.name}: this chat's own"),
            paragraph(", ".join(one.aliases)),
            note("Remove it: ", code(f"/lexicon remove @{one.name}")),
        ),
        ((buttons.offer(f"Remove @{one.name}", f"/lexicon remove @{one.name}"),),),
    )


def _concept(concept: Concept) -> Message:
    own = [alias for alias in concept.aliases if not alias.origin]
    lines = [
        f"{_LANGUAGES.get(lang, lang)}: {_written([a for a in own if a.lang == lang and a.role is Role.NAME])}"
        for lang in dict.fromkeys((*_LANGUAGES, *(alias.lang for alias in own)))
        if any(alias.lang == lang and alias.role is Role.NAME for alias in own)
    ]
    blocks: list[Block] = [heading(f"@{concept.name}: {concept.label}, {_KINDS[concept.kind]}"), bullets(*lines)]
    signs = [alias for alias in own if alias.role is Role.SIGN]
    support = [alias for alias in own if alias.role is Role.SUPPORT]
    included = sorted({alias.origin for alias in concept.aliases if alias.origin})
    for words, aliases in (("Given away by", signs), ("Counts only beside another name", support)):
        if aliases:
            blocks.append(note(f"{words}: {_written(aliases)}"))
    if included:
        more = len(included) - ALIASES_SHOWN
        names = ", ".join(f"@{name}" for name in included[:ALIASES_SHOWN]) + (f" and {more} more" if more > 0 else "")
        blocks.append(note(f"Holds all names of {names}"))
    if concept.not_in:
        blocks.append(note(f"Not in: {_written(concept.not_in)}"))
    watch = f"/topics add {concept.label}"
    blocks.append(note("Watch it: ", code(watch)))
    return Message(tuple(blocks), ((buttons.offer(f"Watch {concept.label}", watch),),))


def _written(aliases: Iterable[Alias]) -> str:
    # Spellings that differ in capitals alone are one to a reader.
    by_folded: dict[str, str] = {}
    for alias in aliases:
        by_folded.setdefault(alias.folded, alias.text + ("*" if alias.form is Form.PREFIX else ""))
    texts = list(by_folded.values())
    more = len(texts) - ALIASES_SHOWN
    return ", ".join(texts[:ALIASES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _several(word: str, found: Sequence[Concept]) -> Message:
    shown = found[:FOUND_SHOWN]
    lines = tuple((code(f"@{each.name}"), f" – {each.label}, {_KINDS[each.kind]}") for each in shown)
    rows = tuple((buttons.offer(f"@{each.name}", f"/lexicon @{each.name}"),) for each in shown[:4])
    return Message(
        (heading(f"{wording.quoted(word)} is in {wording.count(len(found), 'concept')}"), bullets(*lines)), rows
    )


def _unknown(word: str, lexicon: Lexicon) -> Message:
    name = word.removeprefix("@")
    near = [buttons.offer(f"/lexicon @{each}", f"/lexicon @{each}") for each in nearest(name, tuple(lexicon.concepts))]
    said = f"No concept has {wording.quoted(wording.clip(name, 60))}. A query can hold it as a plain word."
    return Message(
        (paragraph(said), note("Make one: ", code("/lexicon add @name = word, word*"))), (tuple(near),) if near else ()
    )


def _found(word: str, lexicon: Lexicon, own: Sequence[ChatConcept]) -> list[Concept]:
    """Concepts that the word names: by label or alias, the whole of it first, then those that begin so."""
    folded = fold(word.removeprefix("@")).text.strip()
    if not folded or any(one.name == folded for one in own):
        return []
    exact, partly = [], []
    for concept in lexicon.concepts.values():
        texts = {alias.folded.strip() for alias in concept.aliases if not alias.origin} | {fold(concept.label).text}
        if folded in texts:
            exact.append(concept)
        elif any(
            text.startswith(folded) or (folded.startswith(text) and len(text) >= _STEM_CHARS) for text in texts if text
        ):
            partly.append(concept)
    return exact or partly
