"""What a person typed about stories and the archive. Pure; a part of ``handlers.grammar``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.speech import N_
from handlers.sayings import (
    BlameStory,
    Command,
    Earlier,
    Latest,
    RateStory,
    Search,
    ShowStory,
    ShowTimeline,
    Why,
    WhyNot,
)
from handlers.words import (
    Problem,
    ProblemKind,
    address_in,
    number_in,
    unquoted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_SEARCHED: Final = re.compile(r"#(?P<id>\d{1,18}) (?P<order>newest|best) (?P<page>\d{1,6})")


def _parse_whynot(rest: str) -> Command | Problem:
    address = address_in(rest)
    if address is not None:
        return WhyNot(address)
    if rest:
        return Problem(ProblemKind.UNUSABLE, "whynot", "", N_("That is no web address."))
    return Problem(ProblemKind.MISSING, "whynot", "", N_("The article's address is missing."))


def _parse_search(rest: str) -> Command | Problem:
    """Words to look for; or ``#12 best 3``, a page of an earlier search, as its buttons have it."""
    again = _SEARCHED.fullmatch(rest)
    if again is not None:
        return Search(saved=int(again["id"]), best=again["order"] == "best", page=max(1, int(again["page"])))
    if not rest:
        return Problem(ProblemKind.MISSING, "search", "", N_("Say what to look for."))
    return Search(rest)


def _story_parser(name: str, make: Callable[[int | None], Command]) -> Callable[[str], Command | Problem]:
    def parse_story(rest: str) -> Command | Problem:
        number = number_in(rest)
        if rest and number is None:
            told = N_("A story is named by its number; /latest shows those of the last ones.")
            return Problem(ProblemKind.UNUSABLE, name, "", told, ("/latest",))
        return make(number)

    return parse_story


def _parse_timeline(rest: str) -> Command:
    """A number is a story's; a topic that is called by one can be quoted."""
    number = number_in(rest)
    return ShowTimeline(story_id=number) if number is not None else ShowTimeline(topic=unquoted(rest) or None)


PARSERS: Final[dict[str, Callable[[str], Command | Problem]]] = {
    "latest": lambda rest: Latest(unquoted(rest) or None),
    "why": _story_parser("why", Why),
    "whynot": _parse_whynot,
    "search": _parse_search,
    "earlier": _story_parser("earlier", Earlier),
    "story": _story_parser("story", ShowStory),
    "timeline": _parse_timeline,
    "good": _story_parser("good", RateStory),
    "bad": _story_parser("bad", BlameStory),
}
