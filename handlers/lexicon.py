"""/lexicon: what the bot knows by name, and what a chat adds for its own queries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.chats.message import Block, Message, bullets, code, heading, note, paragraph, phrase
from bot.errors import CommandError, QueryError
from bot.limits import CONCEPTS_PER_CHAT
from bot.model import ChatConcept
from bot.speech import N_, _, ngettext, number
from bot.topics.fold import fold
from bot.topics.lexicon import Form, Role
from bot.topics.own import checked_name, expanded, read_aliases
from bot.topics.query import ConceptTerm
from handlers import buttons, wording
from handlers.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.chats.message import Button
    from bot.topics.lexicon import Alias, Concept, Lexicon, Pair
    from handlers.row import Call
    from handlers.sayings import AddConcept, RemoveConcept, ShowConcept

ALIASES_SHOWN: Final = 12
FOUND_SHOWN: Final = 12
_STEM_CHARS: Final = 4
_KINDS: Final = {
    "place": N_("a place"),
    "region": N_("a region"),
    "person": N_("a person"),
    "body": N_("a body"),
    "subject": N_("a subject"),
}
_LANGUAGES: Final = {
    "en": N_("English"),
    "ru": N_("Russian"),
    "uk": N_("Ukrainian"),
    "ko": N_("Korean"),
    "ja": N_("Japanese"),
    "zh": N_("Chinese"),
    "fr": N_("French"),
    "de": N_("German"),
    "es": N_("Spanish"),
    "ar": N_("Arabic"),
    "mul": N_("Several languages"),
}


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
        full = _("This chat has {most} concepts of its own, which is the most.")
        raise CommandError(full.format(most=CONCEPTS_PER_CHAT))
    made = ChatConcept(chat.id, name, read_aliases(call.command.aliases, desk.lexicon))
    own[name] = made
    for topic in await desk.store.topics_of(chat.id):
        if topic.chat_id == chat.id and _uses(topic.query, name):
            try:
                expanded(topic.query, tuple(own.values()), desk.lexicon)
            except QueryError as error:
                long = _("With that, {topic} would be too long. {fault}")
                raise CommandError(long.format(topic=wording.quoted(topic.name), fault=error)) from error
    await desk.store.put_concept(made)
    return Message(
        (
            heading(_("@{name} is known in this chat").format(name=name)),
            paragraph(", ".join(made.aliases)),
            note(*phrase(_("Use it in a query: {line}"), line=code(f"/topics add NAME = @{name} & word"))),
        ),
        ((_remove(name),),),
    )


async def remove_concept(call: Call[RemoveConcept]) -> Message:
    """Remove one of this chat's own concepts, unless a topic uses it."""
    desk, chat = call.desk, call.chat
    name = call.command.name.strip().removeprefix("@").lower()
    own = next((one for one in await desk.store.concepts_of(chat.id) if one.name == name), None)
    if own is None:
        none = _("This chat has no concept @{name} of its own.").format(name=wording.clip(name, 40))
        shared = " " + _("It is my lexicon's, which all chats share.") if name in desk.lexicon.concepts else ""
        raise CommandError(none + shared)
    used = [topic.name for topic in await desk.store.topics_of(chat.id) if _uses(topic.query, name)]
    if used:
        names = wording.listed([wording.quoted(each) for each in used[:3]])
        raise CommandError(
            _("@{name} is used by {topics}. Change or remove that first.").format(name=name, topics=names)
        )
    await desk.store.remove_concept(chat.id, name)
    again = f"/lexicon add @{name} = {', '.join(own.aliases)}"
    return Message(
        (
            paragraph(_("@{name} is no longer known here.").format(name=name)),
            note(*phrase(_("Bring it back: {line}"), line=code(again))),
        ),
        ((buttons.offer(_("Bring it back"), again),),),
    )


def _uses(query: str, name: str) -> bool:
    words = query.replace("(", " ").replace(")", " ").replace(",", " ").replace(":", " ").replace("-", " ").split()
    return str(ConceptTerm(name)) in words


# ---------------------------------------------------------------- shown


def _overview(lexicon: Lexicon, own: Sequence[ChatConcept]) -> Message:
    known = len(lexicon.concepts)
    kinds = Counter("place" if each.is_place else each.kind for each in lexicon.concepts.values())
    parts = [
        wording.counted(ngettext("{count} place", "{count} places", kinds["place"]), kinds["place"]),
        wording.counted(ngettext("{count} person", "{count} people", kinds["person"]), kinds["person"]),
        wording.counted(ngettext("{count} body", "{count} bodies", kinds["body"]), kinds["body"]),
        wording.counted(ngettext("{count} subject", "{count} subjects", kinds["subject"]), kinds["subject"]),
    ]
    blocks: list[Block] = [
        heading(
            wording.counted(
                ngettext("{count} concept is known by name", "{count} concepts are known by name", known), known
            )
        ),
        paragraph(
            f"{', '.join(parts)}. ",
            *phrase(_("In a query {concept} stands for all its names in many languages."), concept=code("@dprk")),
        ),
    ]
    if own:
        blocks += [paragraph(_("This chat's own:")), bullets(*(_own_line(one) for one in own))]
    blocks.append(
        note(
            *phrase(
                _("Look one up: {look} · make one: {make}"),
                look=code("/lexicon missile"),
                make=code("/lexicon add @name = word, word*"),
            )
        )
    )
    return Message(tuple(blocks), ((buttons.offer(_("Show {name}").format(name="@dprk"), "/lexicon @dprk"),),))


def _remove(name: str) -> Button:
    return buttons.offer(_("Remove {name}").format(name=f"@{name}"), f"/lexicon remove @{name}")


def _own_line(one: ChatConcept) -> str:
    return f"@{one.name}: {wording.clip(', '.join(one.aliases), 120)}"


def _own_concept(one: ChatConcept) -> Message:
    return Message(
        (
            heading(_("@{name}: this chat's own").format(name=one.name)),
            paragraph(", ".join(one.aliases)),
            note(*phrase(_("Remove it: {line}"), line=code(f"/lexicon remove @{one.name}"))),
        ),
        ((_remove(one.name),),),
    )


def _concept(concept: Concept) -> Message:
    own = [alias for alias in concept.aliases if not alias.origin]
    lines = [
        f"{_(_LANGUAGES.get(lang, lang))}: {_written([a for a in own if a.lang == lang and a.role is Role.NAME])}"
        for lang in dict.fromkeys((*_LANGUAGES, *(alias.lang for alias in own)))
        if any(alias.lang == lang and alias.role is Role.NAME for alias in own)
    ]
    blocks: list[Block] = [heading(f"@{concept.name}: {concept.label}, {_(_KINDS[concept.kind])}"), bullets(*lines)]
    signs = [alias for alias in own if alias.role is Role.SIGN]
    support = [alias for alias in own if alias.role is Role.SUPPORT]
    included = sorted({alias.origin for alias in concept.aliases if alias.origin} | set(concept.holds))
    given_away = [*(_pair(pair) for pair in concept.pairs), *_spellings(signs)]
    if given_away:
        blocks.append(note(_("Given away by: {names}").format(names=_first_of(given_away))))
    if support:
        blocks.append(note(_("Counts only beside another name: {names}").format(names=_written(support))))
    if included:
        names = _first_of([f"@{name}" for name in included])
        blocks.append(note(_("Holds all names of {names}").format(names=names)))
    if concept.not_in:
        blocks.append(note(_("Not in: {names}").format(names=_written(concept.not_in))))
    watch = f"/topics add {concept.label}"
    blocks.append(note(*phrase(_("Watch it: {line}"), line=code(watch))))
    return Message(tuple(blocks), ((buttons.offer(_("Watch {name}").format(name=concept.label), watch),),))


def _written(aliases: Iterable[Alias]) -> str:
    return _first_of(_spellings(aliases))


def _spellings(aliases: Iterable[Alias]) -> list[str]:
    # Spellings that differ in capitals alone are one to a reader.
    by_folded: dict[str, str] = {}
    for alias in aliases:
        by_folded.setdefault(alias.folded, alias.text + ("*" if alias.form is Form.PREFIX else ""))
    return list(by_folded.values())


def _pair(pair: Pair) -> str:
    """One of each side: its other words are other forms and names of the same."""
    return " … ".join(_spellings(half)[0] for half in pair)


def _first_of(names: Sequence[str]) -> str:
    shown, more = ", ".join(names[:ALIASES_SHOWN]), len(names) - ALIASES_SHOWN
    return _("{names} and {count} more").format(names=shown, count=number(more)) if more > 0 else shown


def _several(word: str, found: Sequence[Concept]) -> Message:
    shown = found[:FOUND_SHOWN]
    lines = tuple((code(f"@{each.name}"), f" – {each.label}, {_(_KINDS[each.kind])}") for each in shown)
    rows = tuple((buttons.offer(f"@{each.name}", f"/lexicon @{each.name}"),) for each in shown[:4])
    said = ngettext("{word} is in {count} concept", "{word} is in {count} concepts", len(found))
    return Message((heading(wording.counted(said, len(found), word=wording.quoted(word))), bullets(*lines)), rows)


def _unknown(word: str, lexicon: Lexicon) -> Message:
    name = word.removeprefix("@")
    near = [buttons.offer(f"/lexicon @{each}", f"/lexicon @{each}") for each in nearest(name, tuple(lexicon.concepts))]
    said = _("No concept has {word}. A query can hold it as a plain word.")
    make = phrase(_("Make one: {line}"), line=code("/lexicon add @name = word, word*"))
    return Message(
        (paragraph(said.format(word=wording.quoted(wording.clip(name, 60)))), note(*make)),
        (tuple(near),) if near else (),
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
