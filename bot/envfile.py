"""Changing a ``.env`` file: some settings get new values, every other line stays as it is.

Must not read the environment, nor print anything.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER_ONLY: Final = 0o600
_PLAIN: Final = re.compile(r"[\w./:@%+,=-]*", re.ASCII)


def edited(text: str, values: Mapping[str, str]) -> str:
    """The file's text with these settings set.

    A setting that stands there is changed in its place, one that is commented out (``#NAME=``) comes to life there, any
    other is added at the end. An empty value leaves ``NAME=``, which counts as not set.
    """
    lines = text.splitlines()
    for name, value in values.items():
        line = f"{name}={_quoted(value)}"
        place = _place(lines, name)
        if place is None:
            lines.append(line)
        else:
            lines[place] = line
    return "\n".join(lines) + "\n"


def write(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner alone. A link keeps pointing where it did.

    What a write that was killed has left beside it goes, too: there are secrets in it.
    """
    target = Path(os.path.realpath(path))
    left = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}")
    with suppress(OSError):
        for each in target.parent.iterdir():
            if left.fullmatch(each.name):
                each.unlink(missing_ok=True)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            part.unlink()
        raise


def _place(lines: list[str], name: str) -> int | None:
    """The last line that sets it, since that is the one that counts; else the first that is commented out."""
    alive = re.compile(rf"\s*(?:export\s+)?{re.escape(name)}\s*=")
    asleep = re.compile(rf"\s*#\s*{re.escape(name)}=")
    found = [number for number, line in enumerate(lines) if alive.match(line)]
    if found:
        return found[-1]
    return next((number for number, line in enumerate(lines) if asleep.match(line)), None)


def _quoted(value: str) -> str:
    """As python-dotenv reads it back: bare where it can be, else in single quotes."""
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
