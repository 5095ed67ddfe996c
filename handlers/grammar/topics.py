"""What a person typed about topics and where their alerts go. Pure; a part of ``handlers.grammar``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.model import Sensitivity
from bot.speech import N_
from handlers.sayings import (
    AddFeed,
    AddTopic,
    Command,
    EditTopic,
    ListTopics,
    PauseTopic,
    PlaceTopic,
    RemoveTopic,
    RenameTopic,
    ResumeTopic,
    SaveTopic,
    SetTopic,
    ShareTopic,
    ShowTopic,
    StricterTopic,
    Subscribe,
    TakeShared,
    TestTopic,
    TopicsPage,
    TuneTopic,
    Unsubscribe,
    WiderTopic,
)
from handlers.words import (
    URL,
    Problem,
    ProblemKind,
    address_in,
    bare_address,
    nearest,
    number_in,
    second_word,
    split_at_equals,
    straightened,
    unquoted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_TOPIC_VERBS: Final = ("add", "save", "show", "test", "edit", "set", "stricter", "wider", "tune", "remove", "list",
                       "rename", "pause", "resume", "share", "take", "page")  # fmt: skip

# "text" and "seat" are no slips of the short ones: a topic may be called so.
_MISSPELT_VERBS: Final = ("add", "show", "remove", "list", "stricter", "wider", "rename", "pause", "resume", "share")

SHARE_PREFIX: Final = "share-"
"""What a deep link's payload begins with when it offers a topic."""

_BY_NAME: Final[dict[str, Callable[[str], Command]]] = {
    "show": ShowTopic,
    "test": TestTopic,
    "stricter": StricterTopic,
    "wider": WiderTopic,
    "tune": TuneTopic,
    "remove": RemoveTopic,
    "pause": PauseTopic,
    "resume": ResumeTopic,
    "share": ShareTopic,
    "take": lambda token: TakeShared(token.removeprefix(SHARE_PREFIX)),
}

PLACE: Final = re.compile(r"@\w{4,32}|#[\w-]{1,80}|-100\d{5,15}")
"""A channel, as one types it."""


def _parse_topics(rest: str) -> Command | Problem:
    verb, after = second_word(rest, _TOPIC_VERBS)
    if verb in {"add", "save", "edit"}:
        return _parse_add_topic(after) if verb == "add" else _parse_topic_with_query(verb, after)
    if verb == "list" or not rest:
        return ListTopics()
    if verb in _TOPIC_FORMS:
        return _TOPIC_FORMS[verb](after)
    name = unquoted(after)
    if verb and name:
        return _BY_NAME[verb](name)
    if verb:
        return Problem(ProblemKind.MISSING, "topics", verb, N_("The topic's name is missing."))
    return _misspelt(rest) or ShowTopic(name)


def _parse_add_topic(rest: str) -> Command | Problem:
    """A topic to propose. An address is a feed in the wrong place."""
    address = address_in(rest)
    if address is not None and URL.fullmatch(bare_address(rest)):
        return AddFeed(address)
    return _parse_topic_with_query("add", rest)


def _parse_topic_with_query(verb: str, rest: str) -> Command | Problem:
    """``NAME`` or ``NAME = QUERY``; a quoted name may hold an equals sign."""
    name, equals, written = split_at_equals(rest)
    if not name:
        return Problem(ProblemKind.MISSING, "topics", verb, N_("The topic's name is missing."))
    if equals and not written:
        return Problem(ProblemKind.MISSING, "topics", verb, N_("The query after the equals sign is missing."))
    query = straightened(written) or None
    match verb:
        case "save":
            return SaveTopic(name, query)
        case "edit":
            return EditTopic(name, query)
        case _:
            return AddTopic(name, query)


def _parse_rename_topic(rest: str) -> Command | Problem:
    """``A = B``, or ``A to B``."""
    name, equals, to = split_at_equals(rest)
    if not equals:
        name, _, to = rest.rpartition(" to ")
    name, to = unquoted(name), unquoted(to)
    if name and to:
        return RenameTopic(name, to)
    fault = N_("Say the old and the new name, with “=” between the two.")
    return Problem(ProblemKind.MISSING, "topics", "rename", fault)


def _parse_topics_page(rest: str) -> Command | Problem:
    number = number_in(rest)
    return TopicsPage(number) if number else ListTopics()


def _parse_set_topic(rest: str) -> Command | Problem:
    """``NAME strict|normal|wide``."""
    name, _, word = rest.rpartition(" ")
    name, word = unquoted(name), word.casefold()
    if word not in set(Sensitivity):
        return Problem(ProblemKind.MISSING, "topics", "set", N_("Say how sensitive: strict, normal or wide."))
    if not name:
        return Problem(ProblemKind.MISSING, "topics", "set", N_("The topic's name is missing."))
    return SetTopic(name, Sensitivity(word))


_TOPIC_FORMS: Final[dict[str, Callable[[str], Command | Problem]]] = {
    "set": _parse_set_topic,
    "rename": _parse_rename_topic,
    "page": _parse_topics_page,
}


def _misspelt(rest: str) -> Problem | None:
    """``/topics ad x`` means add; a topic may all the same be called "shows"."""
    first, _, after = rest.partition(" ")
    near = nearest(first, _MISSPELT_VERBS) if after else ()
    if not near:
        return None
    texts = tuple(f"/topics {verb} {after}" for verb in near)
    return Problem(ProblemKind.UNUSABLE, "topics", "", N_("/topics does not know “{word}”."), texts, first)


def _parse_subscribe(rest: str) -> Command | Problem:
    """``NAME``, ``NAME here``, ``@channel NAME``, ``#channel NAME`` or ``-100... NAME``."""
    first, _, after = rest.partition(" ")
    if PLACE.fullmatch(first):
        if not after.strip():
            return Problem(ProblemKind.MISSING, "subscribe", "place", N_("Say which topic's alerts shall go there."))
        return PlaceTopic(unquoted(after), first)
    before, _, last = rest.rpartition(" ")
    if before and last.casefold() == "here":
        return PlaceTopic(unquoted(before), "here")
    return Subscribe(unquoted(rest) or None)


PARSERS: Final[dict[str, Callable[[str], Command | Problem]]] = {
    "topics": _parse_topics,
    "subscribe": _parse_subscribe,
    "unsubscribe": lambda rest: Unsubscribe(unquoted(rest) or None),
}
