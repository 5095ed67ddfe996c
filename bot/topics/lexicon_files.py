"""Where things stand in the lexicon's files, so that a complaint can say the line and what would be right. Pure."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

YAML_HELP: Final = (
    "Indent with spaces; a value may not begin with one of * & ! @ { [ \" ' # | > nor hold a colon and a space: "
    "put such an alias second."
)
_KEY: Final = re.compile(r"( *)([^\s#:'\"][^:]*?)\s*:(?:\s|\Z)")


def repeated(text: str) -> tuple[int, str] | None:
    """The first line (from 1) that names a concept or a key again, and what to do: YAML would lose the earlier one."""
    seen: set[tuple[str, str]] = set()
    name = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not (written := _KEY.match(line)):
            continue
        key = written[2]
        if not written[1]:
            name, key = key, ""
        if (name, key) in seen:
            return (
                number,
                f"@{name} has {key}: twice; join the two" if key else f"@{name} is defined twice; join the two",
            )
        seen.add((name, key))
    return None


def line_of(text: str, name: str, key: str = "") -> int:
    """The line on which a concept, or a key of it, stands: 1 for the first."""
    found = start = re.search(rf"^{re.escape(name)}\s*:", text, re.MULTILINE)
    if start and key:
        found = re.compile(rf"^ +{re.escape(key)}\s*:", re.MULTILINE).search(text, start.end()) or start
    return text.count("\n", 0, found.start()) + 1 if found else 1


def close(name: str, known: Iterable[str]) -> str:
    """Which name may have been meant, as the end of a message; "" for none."""
    names = get_close_matches(name, known, n=1)
    return f"; did you mean {names[0]}?" if names else ""
