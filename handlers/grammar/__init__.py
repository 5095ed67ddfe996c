"""What a person typed, as one of a few dataclasses: pure, and total over every text.

``parse`` turns text into a command, or into a ``Problem`` that says what is missing or what was probably meant. It
knows the words, not the answers: usage texts stand in the table (``handlers.commands``), and whether a topic of that
name exists is a handler's business. This module must not touch the store, a platform or the clock, and never raises.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.model import Hold
from bot.speech import N_
from handlers import timing_words
from handlers.grammar import sources, stories, topics
from handlers.grammar.topics import SHARE_PREFIX
from handlers.sayings import (
    AddFeed,
    Command,
    Help,
    Missed,
    OfferFeed,
    RemoveFeed,
    Replay,
    Start,
    Status,
    TakeShared,
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
    tidy,
    unquoted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ALIASES: Final = {
    "h": "help",
    "topic": "topics",
    "list": "topics",
    "add": "topics add",
    "new": "topics add",
    "watch": "topics add",
    "del": "topics remove",
    "delete": "topics remove",
    "remove": "topics remove",
    "sub": "subscribe",
    "unsub": "unsubscribe",
    "stop": "unsubscribe",
    "backtest": "topics test",
    "concept": "lexicon",
    "feed": "feeds",
    "packs": "feeds packs",
    "opml": "export feeds",
    "find": "search",
    "last": "latest",
    "news": "latest",
    "mutes": "mute",
    "silence": "mute",
    "snooze": "mute",
    "sleep": "quiet",
    "dnd": "quiet",
    "digests": "digest",
    "timezone": "settings zone",
    "zone": "settings zone",
    "language": "settings language",
    "lang": "settings language",
    "config": "settings",
    "options": "settings",
    "pause": "topics pause",
    "resume": "topics resume",
    "rename": "topics rename",
    "share": "topics share",
    "subs": "topics",
    "subscriptions": "topics",
}
"""What users of other bots type, and what it means here. With an address, the add and remove words are about feeds."""

# "Good morning" is no command, nor is "New Zealand"; "new Arms = @arms" is one.
_EVERYDAY_WORDS: Final = frozenset(("good", "bad", "new"))

_FIRST_WORD: Final = re.compile(r"(?P<slash>/?)(?P<word>[^\s@/]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL)


def parse(text: str) -> Command | Problem:
    """Read one text. The slash is optional before a known word; case does not matter in command words."""
    text = tidy(text)
    address = address_in(text)
    if address is not None and URL.fullmatch(bare_address(text)):
        return OfferFeed(address)
    head = _FIRST_WORD.fullmatch(text)
    if head is None or _is_everyday(head):
        return Problem(ProblemKind.CHATTER)
    word, rest = head["word"].casefold(), (head["rest"] or "").strip()
    if word in ALIASES:
        name, _, verb = ALIASES[word].partition(" ")
        return _about_address(name, verb, rest) or _PARSERS[name](f"{verb} {rest}".strip())
    if word in _PARSERS:
        return _about_address(word, "", rest) or _PARSERS[word](rest)
    if not head["slash"]:
        return Problem(ProblemKind.CHATTER)
    meant = dict.fromkeys(ALIASES.get(known, known) for known in nearest(word, (*_PARSERS, *ALIASES)))
    near = tuple(f"/{known} {rest}".strip() for known in meant)
    return Problem(ProblemKind.UNKNOWN, name=word, near=near)


def _is_everyday(head: re.Match[str]) -> bool:
    """Whether a text begins with a command's word, but as people talk."""
    if head["slash"] or head["word"].casefold() not in _EVERYDAY_WORDS:
        return False
    rest = head["rest"] or ""
    return "=" not in rest and address_in(rest) is None


def _about_address(name: str, verb: str, rest: str) -> Command | None:
    """Other bots' ``/sub URL``, ``/add URL`` and ``/del URL`` are about feeds."""
    bare = bare_address(rest)
    address = address_in(rest) if URL.fullmatch(bare) else None
    if address is None or name not in {"topics", "subscribe", "unsubscribe"}:
        return None
    return RemoveFeed(address) if name == "unsubscribe" or verb == "remove" else AddFeed(address)


def _parse_start(rest: str) -> Command:
    """``/start``, and what a deep link carries: a topic that somebody offers."""
    if rest.startswith(SHARE_PREFIX):
        return TakeShared(rest.removeprefix(SHARE_PREFIX))
    return Start(rest or None)


def _parse_missed(rest: str) -> Command | Problem:
    """``/missed``, ``/missed replay all`` or ``/missed replay NUMBER``."""
    verb, after = second_word(rest, ("replay", "list"))
    number = number_in(after)
    if verb == "list" or not rest:
        return Missed()
    if verb == "replay" and (number is not None or after.casefold() == "all"):
        return Replay(number)
    if verb == "replay" and after.casefold() in set(Hold):
        return Replay(held_for=Hold(after.casefold()))
    if verb and not after:
        return Problem(ProblemKind.MISSING, "missed", verb, N_("Say which: its number in /missed, or “all”."))
    near = ("/missed", "/missed replay all")
    return Problem(ProblemKind.UNUSABLE, "missed", "", N_("/missed does not know “{word}”."), near, rest)


def _timed(name: str) -> Callable[[str], Command | Problem]:
    """A command about times: what cannot be read becomes a problem."""

    def parse_timed(rest: str) -> Command | Problem:
        parsed = timing_words.PARSERS[name](rest)
        if isinstance(parsed, timing_words.Fault):
            kind = ProblemKind.MISSING if parsed.missing else ProblemKind.UNUSABLE
            return Problem(kind, name, parsed.verb, parsed.detail, parsed.near, parsed.word)
        return parsed

    return parse_timed


def _parse_help(rest: str) -> Command:
    return Help(unquoted(rest).removeprefix("/").casefold() or None)


_PARSERS: Final[dict[str, Callable[[str], Command | Problem]]] = {
    "start": _parse_start,
    **topics.PARSERS,
    **stories.PARSERS,
    **sources.PARSERS,
    "status": lambda _: Status(),
    "missed": _parse_missed,
    **{name: _timed(name) for name in timing_words.PARSERS},
    "help": _parse_help,
}

NAMES: Final = tuple(_PARSERS)
"""Every command word, without the aliases."""
