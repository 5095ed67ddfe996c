"""A chat's own concepts: read, checked, and written out where its queries use them.

The stored query keeps ``@name``. For compiling, each use becomes the OR of the concept's aliases, so that one chat's
concepts never enter the lexicon that all chats share. A chat cannot give a name that the lexicon has. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from bot import limits
from bot.errors import CommandError, QueryError
from bot.speech import _
from bot.topics.lexicon import Concept
from bot.topics.query import (
    And,
    ConceptTerm,
    Near,
    Not,
    Or,
    Query,
    Same,
    Scoped,
    Words,
    conjoin,
    disjoin,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import ChatConcept, Topic
    from bot.topics.lexicon import Lexicon
    from bot.topics.query import Node, Place

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def checked_name(written: str, lexicon: Lexicon) -> str:
    """A concept's name without the ``@``. Raises CommandError where it cannot be one, or is the lexicon's."""
    name = written.strip().removeprefix("@").lower()
    if not _NAME.fullmatch(name):
        raise CommandError(_("A concept's name is a letter, then letters, digits and _, such as @shells."))
    if name in lexicon.concepts:
        taken = _("@{name} is in my lexicon already. Give yours another name, such as @my_{name}.")
        raise CommandError(taken.format(name=name))
    return name


def read_aliases(written: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Aliases from ``shell*, artillery round, 포탄``, as they stand in a query. Raises CommandError."""
    aliases: dict[str, None] = {}
    for part in re.split(r"[,，、;]", written):
        text = part.replace('"', "").strip()
        if not text:
            continue
        if len(text) > limits.ALIAS_CHARS:
            long = _("An alias can have {most} characters: “{text}…” is longer.")
            raise CommandError(long.format(most=limits.ALIAS_CHARS, text=text[:30]))
        try:
            parse(f'"{text}"', lexicon)
        except QueryError as error:
            unusable = _("“{text}” cannot be an alias: it needs letters or digits, and * only at its end.")
            raise CommandError(unusable.format(text=text)) from error
        aliases[text] = None
    if not aliases:
        raise CommandError(_("The aliases are missing: /lexicon add @name = alias, alias*"))
    if len(aliases) > limits.CONCEPT_ALIASES:
        many = _("A concept can have {most} aliases; these are {count}.")
        raise CommandError(many.format(most=limits.CONCEPT_ALIASES, count=len(aliases)))
    return tuple(aliases)


def extended(lexicon: Lexicon, concepts: Iterable[ChatConcept]) -> Lexicon:
    """The lexicon with these concepts known by name: for parsing a chat's query, never for scanning a text."""
    own = {one.name: Concept(one.name, one.name, "subject", ()) for one in concepts}
    return replace(lexicon, concepts={**lexicon.concepts, **own}) if own else lexicon


def expanded(query: str, concepts: Sequence[ChatConcept], lexicon: Lexicon) -> str:
    """The query with each of these concepts written out. Raises QueryError where it does not parse or grew too long.

    A name that the lexicon has learnt since goes on meaning what the chat said that it means.
    """
    own = {one.name: one for one in concepts}
    if not own or "@" not in query:
        return query
    root = _written_out(parse(query, extended(lexicon, own.values())).root, own)
    return str(parse(str(Query(root)), lexicon))


def canonical(query: str, concepts: Sequence[ChatConcept], lexicon: Lexicon) -> str:
    """The query as it is stored and shown. Raises QueryError where it does not parse, or would be too long."""
    written = str(parse(query, extended(lexicon, concepts)))
    expanded(written, concepts, lexicon)
    return written


def compilable(topics: Iterable[Topic], concepts: Iterable[ChatConcept], lexicon: Lexicon) -> tuple[Topic, ...]:
    """The topics with each chat's own concepts written out. What does not parse stays as it is, for who compiles it."""
    by_chat: dict[int | None, list[ChatConcept]] = {}
    for concept in concepts:
        by_chat.setdefault(concept.chat_id, []).append(concept)
    return tuple(_compilable(topic, by_chat.get(topic.chat_id, ()), lexicon) for topic in topics)


def _compilable(topic: Topic, concepts: Sequence[ChatConcept], lexicon: Lexicon) -> Topic:
    if not concepts:
        return topic
    try:
        return replace(topic, query=expanded(topic.query, concepts, lexicon))
    except QueryError:
        return topic


def _written_out(node: Node, own: Mapping[str, ChatConcept]) -> Node:  # noqa: PLR0911 - one for each kind of node
    match node:
        case ConceptTerm(name=name) if name in own:
            return disjoin([_words(alias) for alias in own[name].aliases])
        case And(parts=parts):
            return conjoin([_written_out(part, own) for part in parts])
        case Or(parts=parts):
            return disjoin([_written_out(part, own) for part in parts])
        case Not(part=part) | Scoped(part=part):
            return replace(node, part=_written_out(part, own))
        case Near(first=first, second=second):
            return replace(node, first=_place(first, own), second=_place(second, own))
        case Same(parts=parts):
            return replace(node, parts=tuple(_place(part, own) for part in parts))
        case _:
            return node


def _place(part: Place, own: Mapping[str, ChatConcept]) -> Place:
    # A concept becomes words or an OR of words, either of which is a place.
    return cast("Place", _written_out(part, own))


def _words(alias: str) -> Words:
    bare = alias.removesuffix("*").rstrip()
    exact = len(bare) > 1 and bare.startswith("=")
    return Words(bare.removeprefix("=").strip() if exact else bare, prefix=alias.endswith("*"), exact=exact)
