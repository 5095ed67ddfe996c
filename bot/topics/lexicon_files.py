"""Reads the lexicon's files, and says of a faulty one the line and what would be right. Pure."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

from bot.errors import BackstoryError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yaml.cyaml import CSafeLoader as Loader
else:
    Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

YAML_HELP: Final = (
    "Indent with spaces; a value may not begin with one of * & ! @ { [ \" ' # | > nor hold a colon and a space: "
    "put such an alias second."
)
_COMMA: Final = re.compile(r",(?![^{}]*\})")  # a comma in braces belongs to the alias
_KEY: Final = re.compile(r"( *)([^\s#:'\"][^:]*?)\s*:(?:\s|\Z)")


class LexiconError(BackstoryError):
    """A lexicon file holds something unusable; says which file, concept and key."""


def mapping(text: str, file_name: str) -> dict[str, Any]:
    """What a file holds. Raises LexiconError where that is no mapping, or holds a key twice."""
    try:
        data = yaml.load(text, Loader=Loader)  # noqa: S506 - the safe loader, in C where the library has it
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file_name}, line {mark.line + 1}" if mark else file_name
        problem = getattr(error, "problem", error)
        raise LexiconError(f"{where}: not valid YAML: {problem}. {YAML_HELP}") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise LexiconError(f"{file_name}: the file must be a mapping of names")
    if repeated := _repeated(text):
        line, what = repeated
        raise LexiconError(f"{file_name}, line {line}: {what}")
    return cast("dict[str, Any]", data)


def listed(written: str) -> list[str]:
    """The parts of a list with commas."""
    return [part.strip() for part in _COMMA.split(written) if part.strip()]


def _repeated(text: str) -> tuple[int, str] | None:
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
