"""What a person typed about feeds, lists of them, files and concepts. Pure; a part of ``handlers.grammar``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.speech import N_
from handlers.sayings import (
    AddConcept,
    AddFeed,
    Command,
    Export,
    FollowPack,
    Import,
    ListFeeds,
    ListPacks,
    RemoveConcept,
    RemoveFeed,
    ShowConcept,
    ShowPack,
)
from handlers.words import (
    Problem,
    ProblemKind,
    address_in,
    nearest,
    number_in,
    second_word,
    straightened,
    unquoted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_FEED_LISTS: Final[dict[str, Callable[[], Command]]] = {"list": ListFeeds, "packs": ListPacks, "pack": ListPacks}

_FEED_VERBS: Final = ("add", "remove", "list", "packs", "pack", "follow")

_LEXICON_VERBS: Final = ("add", "remove", "list")


def _parse_feeds(rest: str) -> Command | Problem:
    verb, after = second_word(rest, _FEED_VERBS)
    address = address_in(after)
    if not rest or (verb in _FEED_LISTS and not after):
        return _FEED_LISTS.get(verb, ListFeeds)()
    if verb in {"pack", "follow"} and address is None:
        return _parse_pack(verb, after)
    if not verb and address is None:
        first, _, after = rest.partition(" ")
        near = tuple(f"/feeds {known} {after}".strip() for known in nearest(first, _FEED_VERBS))
        return Problem(ProblemKind.UNUSABLE, "feeds", "", N_("/feeds does not know “{word}”."), near, first)
    if verb == "remove":
        return _parse_remove_feed(after, address)
    return AddFeed(address) if address is not None else _no_address(after)


def _parse_pack(verb: str, rest: str) -> Command | Problem:
    name = unquoted(rest).casefold()
    if not name:
        return Problem(ProblemKind.MISSING, "feeds", verb, N_("The pack's name is missing: /feeds packs lists them."))
    return FollowPack(name) if verb == "follow" else ShowPack(name)


def _parse_remove_feed(rest: str, address: str | None) -> Command | Problem:
    number = number_in(rest)
    if number is not None:
        return RemoveFeed(str(number))
    if address is not None:
        return RemoveFeed(address)
    if rest:
        return Problem(
            ProblemKind.UNUSABLE, "feeds", "remove", N_("That is neither a web address nor a feed's number.")
        )
    return Problem(ProblemKind.MISSING, "feeds", "remove", N_("The feed's address or number is missing."))


def _parse_export(rest: str) -> Command | Problem:
    what = {"": None, "feeds": "feeds", "feed": "feeds", "opml": "feeds", "topics": "topics", "topic": "topics"}
    word = rest.casefold()
    if word in what:
        return Export(what[word])
    near = ("/export feeds", "/export topics")
    return Problem(ProblemKind.UNUSABLE, "export", "", N_("/export does not know “{word}”."), near, rest)


def _parse_lexicon(rest: str) -> Command | Problem:
    verb, after = second_word(rest, _LEXICON_VERBS)
    if verb == "add":
        name, equals, aliases = after.partition("=")
        if not name.strip():
            return Problem(ProblemKind.MISSING, "lexicon", "add", N_("The concept's name is missing."))
        if not equals or not aliases.strip():
            return Problem(ProblemKind.MISSING, "lexicon", "add", N_("The aliases after the equals sign are missing."))
        return AddConcept(name.strip(), straightened(aliases.strip()))
    if verb == "remove":
        if not after:
            return Problem(ProblemKind.MISSING, "lexicon", "remove", N_("The concept's name is missing."))
        return RemoveConcept(after)
    return ShowConcept(unquoted(rest) or None) if not verb else ShowConcept()


def _no_address(rest: str) -> Problem:
    if rest:
        return Problem(ProblemKind.UNUSABLE, "feeds", "add", N_("That is no web address."))
    return Problem(ProblemKind.MISSING, "feeds", "add", N_("The feed's address is missing."))


PARSERS: Final[dict[str, Callable[[str], Command | Problem]]] = {
    "feeds": _parse_feeds,
    "export": _parse_export,
    "import": lambda rest: Import(unquoted(rest) or None),
    "lexicon": _parse_lexicon,
}
