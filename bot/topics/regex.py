"""Regular expressions in queries: RE2 only, which takes linear time on any text and bounded memory for any pattern.

Python's own ``re`` can be made to run for hours by twenty characters from a stranger; nothing here may ever use it on a
person's pattern. Letters' case does not matter (``(?-i)`` makes it matter), ``^`` and ``$`` hold at line ends.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import re2

from bot import limits
from bot.speech import _

if TYPE_CHECKING:
    from bot.topics.fold import Folded
    from bot.topics.scan import Span

_FLAGS: Final = "(?im)"
_PERL_ONLY: Final = ("(?=", "(?!", "(?<", r"\1", r"\2", r"\3")
_PROBE: Final = "a 1\n\ud55c."


class RegexError(ValueError):
    """A pattern that cannot be used. ``at`` counts from 0 in the pattern."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


def check(pattern: str) -> None:
    """Raise ``RegexError`` for a pattern that is too long, faulty, too large when compiled, or true of any text."""
    if len(pattern) > limits.QUERY_REGEX_CHARS:
        said = _("The pattern is too long: {count} characters, at most {most} are read.")
        most = limits.QUERY_REGEX_CHARS
        raise RegexError(said.format(count=len(pattern), most=most), most)
    try:
        compiled = _compiled(pattern)
    except re2.error as error:
        raise _explained(error, pattern) from error
    except UnicodeEncodeError as error:
        raise RegexError(_("The pattern holds half a character."), error.start - len(_FLAGS)) from error
    if any(found.start() == found.end() for found in compiled.finditer(_PROBE)):
        raise RegexError(_("The pattern also matches no letters at all: name something that must be there."))


def find(pattern: str, folded: Folded) -> tuple[Span, ...]:
    """Where the pattern stands in the original text, as spans of the folded text; at most ``limits.REGEX_FINDS``."""
    text = folded.original
    try:
        found = list(islice(_compiled(pattern).finditer(text), limits.REGEX_FINDS))
    except UnicodeEncodeError:  # half of a surrogate pair: no character, and RE2 reads UTF-8
        text = text.encode("utf-8", "replace").decode()
        found = list(islice(_compiled(pattern).finditer(text), limits.REGEX_FINDS))
    spans = (folded.folded_span(*one.span()) for one in found)
    return tuple((start, end) for start, end in spans if start < end)


@lru_cache(maxsize=limits.REGEXES_KEPT)
def _compiled(pattern: str) -> Any:  # noqa: ANN401 - the library has no types
    options = re2.Options()
    options.max_mem = limits.REGEX_MEMORY_BYTES
    options.log_errors = False
    return re2.compile(_FLAGS + pattern, options)


def _explained(error: Exception, pattern: str) -> RegexError:
    """RE2's complaint in words for a person; it names the faulty piece, which gives the place."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    what = text.partition(": ")[0]
    piece = text[len(what) :].removeprefix(": ").removeprefix(_FLAGS)
    at = max(pattern.find(piece), 0) if piece else 0
    if "too large" in text:
        return RegexError(_("The pattern grows too large: use smaller counts in {}, and letters rather than classes."))
    if any(piece.startswith(one) for one in _PERL_ONLY):
        said = _("{piece} does not work here: patterns cannot look ahead or behind, nor refer back.")
        return RegexError(said.format(piece=piece), at)
    # What is wrong is told in the library's English, as it is looked up in its documentation.
    said = _("The pattern is faulty: {what}.")
    return RegexError(said.format(what=what + (f" ({piece})" if piece else "")), at)
