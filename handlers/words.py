"""Reading words: what every command's parser needs, and what it says of a text that is no command. Pure.

Names without quotes, addresses with or without their scheme, numbers, second words, near misses. This module must not
know any command.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.speech import _
from bot.text.normalise import displayable

_VERB_ALIASES: Final = {
    "new": "add",
    "watch": "add",
    "del": "remove",
    "delete": "remove",
    "rm": "remove",
    "info": "show",
    "ls": "list",
    "all": "list",
}
_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "„": "“", "”": "”", "«": "»", "‘": "’", "「": "」", "『": "』"}
# What a name is put into: the first pair that it does not hold itself.
_MARKS: Final = (('"', '"'), ("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"))
# What begins so is read as a quoted name, or as the channel that a topic's alerts go to.
_READ_OTHERWISE: Final = frozenset({*_QUOTES, "#", "@"})
# Telephones turn straight quotes into curly ones while one types.
_STRAIGHT: Final = str.maketrans(dict.fromkeys("“”„«»", '"'))
URL: Final = re.compile(r"(?:https?|feed)://\S+", re.IGNORECASE)
_BARE_DOMAIN: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?", re.IGNORECASE)
_SLACK_LINK: Final = re.compile(r"<(?P<url>[^\s|>]+)(?:\|[^>]*)?>")

# Longer numbers are no ids of ours, and would not fit a database's integer.
ID_DIGITS: Final = 18
_NEAR_ENOUGH: Final = 0.7
_NEAR: Final = 2


class ProblemKind(StrEnum):
    """Why a text is no command."""

    CHATTER = "chatter"  # nothing in it looks like a command
    UNKNOWN = "unknown"  # a command word that nobody knows
    MISSING = "missing"  # a known command without what it needs
    UNUSABLE = "unusable"  # a known command with something that it cannot take


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text, and what to type instead.

    ``name`` and ``verb`` are the command and its second word as far as they are known; ``detail`` is the fault in plain
    English, to be translated, with ``{word}`` for what it is about; ``near`` holds whole texts that were probably
    meant, likeliest first.
    """

    kind: ProblemKind
    name: str = ""
    verb: str = ""
    detail: str = ""
    near: tuple[str, ...] = ()
    word: str = ""

    @property
    def said(self) -> str:
        """The fault in the language spoken."""
        return _(self.detail).format(word=self.word)


def straightened(query: str) -> str:
    """The query with the quotes that keyboards make of plain ones put back."""
    return query.translate(_STRAIGHT)


def tidy(text: str) -> str:
    """The text on one line, without control, hidden and reordering characters."""
    return " ".join(displayable(text).split())


def unquoted(name: str) -> str:
    """The name without one pair of quotes around the whole of it."""
    name = name.strip()
    if len(name) > 1 and _QUOTES.get(name[0]) == name[-1] and name[-1] not in name[1:-1]:
        return name[1:-1].strip()
    return name


def as_typed(name: str) -> str:
    """The name as it must stand in a command: quoted where it would be read as something else."""
    if "=" not in name and name[:1] not in _READ_OTHERWISE:
        return name
    before, after = next((marks for marks in _MARKS if not set(marks) & set(name)), _MARKS[0])
    return f"{before}{name}{after}"


def nearest(word: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Up to two of ``words`` that ``word`` may be a misspelling of, likeliest first, ignoring case."""
    by_folded = {candidate.casefold(): candidate for candidate in words}
    return tuple(
        by_folded[match]
        for match in difflib.get_close_matches(word.casefold(), by_folded, n=_NEAR, cutoff=_NEAR_ENOUGH)
    )


def near_names(name: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Up to two of ``names`` that ``name`` is the beginning of; else those that it may be a misspelling of."""
    folded = name.casefold()
    return tuple(each for each in names if each.casefold().startswith(folded))[:_NEAR] or nearest(name, names)


def bare_address(text: str) -> str:
    """An address without quotes, Slack's angle brackets, or the slash that a mention gets in front."""
    text = unquoted(text.removeprefix("/"))
    wrapped = _SLACK_LINK.fullmatch(text)
    return wrapped["url"] if wrapped else text


def address_in(text: str) -> str | None:
    """An http(s) address, completed where the scheme is missing; None where the text is none."""
    text = bare_address(text)
    if URL.fullmatch(text):
        return re.sub(r"^feed://", "https://", text, flags=re.IGNORECASE)
    return f"https://{text}" if _BARE_DOMAIN.fullmatch(text) else None


def second_word(rest: str, verbs: tuple[str, ...]) -> tuple[str, str]:
    """The second word if it is one of ``verbs`` (else empty), and what follows it."""
    first, _space, after = rest.partition(" ")
    verb = _VERB_ALIASES.get(first.casefold(), first.casefold())
    return (verb, after.strip()) if verb in verbs else ("", rest)


def number_in(text: str) -> int | None:
    """A story's, feed's or delivery's number, with or without "#"; None where the text is none of ours."""
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isdecimal() and len(digits) <= ID_DIGITS else None


def split_at_equals(rest: str) -> tuple[str, bool, str]:
    """What stands before the equals sign, whether there is one, what stands after it; a quoted name may hold one."""
    closing = _QUOTES.get(rest[:1])
    end = rest.find(closing, 1) if closing else -1
    if end > 0 and rest[end + 1 :].lstrip().startswith("="):
        return rest[1:end].strip(), True, rest[end + 1 :].lstrip()[1:].strip()
    if end > 0 and not rest[end + 1 :].strip():
        return rest[1:end].strip(), False, ""
    name, equals, query = rest.partition("=")
    return unquoted(name), bool(equals), query.strip()
