"""Brings the catalogues up to date with the texts in the code: ``make words``, which runs ``python -m tests.words``.

What is new comes in empty and what has changed as a guess that is marked fuzzy; both are for a person to translate, and
a test fails until that is done. What the code says no more is left out.
"""

from __future__ import annotations

import ast
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.packs import packs
from bot.speech import DOMAIN, ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Message

ROOT: Final = Path(__file__).resolve().parents[1]
SPOKEN: Final = tuple(lang for lang in LANGUAGES if lang != ENGLISH)
WIDTH: Final = 120
EPOCH: Final = datetime(2024, 1, 1, tzinfo=UTC)

_ONE: Final = frozenset({"_", "N_"})


def sources() -> Iterator[Path]:
    """Every module of the bot."""
    for package in ("bot", "handlers"):
        yield from sorted((ROOT / package).rglob("*.py"))


def said_in(tree: ast.AST) -> Iterator[tuple[str | tuple[str, str], int]]:
    """Each text that a module has translated, one or (one, many), with its line.

    Raises ValueError for a text that is put together first: no catalogue could hold it.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == "ngettext":
            yield (_text(node.args[0]), _text(node.args[1])), node.lineno
        elif node.func.id in _ONE and isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp):
            yield _text(node.args[0]), node.lineno


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"line {node.lineno}: a text for the catalogues must stand there as it is")


def template() -> Catalog:
    """Everything that is to be translated, with the files that say it."""
    catalog = Catalog(project="Backstory", charset="utf-8")
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        for text, _line in said_in(ast.parse(path.read_text("utf-8"))):
            catalog.add(text, locations=[(name, 0)])
    for pack in packs().values():
        for text in (pack.title, pack.about):
            catalog.add(text, locations=[("bot/packs", 0)])
    return catalog


def path_of(lang: str) -> Path:
    """The catalogue of a language."""
    return ROOT / "bot" / "locale" / lang / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalogue(lang: str) -> Catalog:
    """A language's catalogue as it stands; empty where there is none yet."""
    path = path_of(lang)
    if not path.exists():
        return Catalog(locale=lang, project="Backstory", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def renew(lang: str, wanted: Catalog) -> Catalog:
    """A language's catalogue with what is wanted and nothing else; what is new is empty or a guess."""
    known = catalogue(lang)
    known.update(wanted, update_header_comment=False)
    known.obsolete.clear()
    known.header_comment = f"# {LANGUAGES[lang]}"
    known.fuzzy = False
    # A catalogue changes only where its words do.
    known.creation_date = known.revision_date = EPOCH
    known.last_translator = known.language_team = known.msgid_bugs_address = ""
    known.version = ""
    return known


def left_in(known: Catalog) -> list[Message]:
    """What of a catalogue is still to be translated: empty in one of its forms, or a guess."""
    return [message for message in known if message.id and (message.fuzzy or not all(forms_of(message)))]


def forms_of(message: Message) -> tuple[str, ...]:
    """A text's translations: one, or one a plural form."""
    string = message.string
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)


def main() -> int:
    """Rewrite every catalogue."""
    wanted = template()
    for lang in SPOKEN:
        path, known = path_of(lang), renew(lang, wanted)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, known, width=WIDTH, include_lineno=False, ignore_obsolete=True)
        left = left_in(known)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(wanted)} texts, {len(left)} to translate\n")
        sys.stdout.writelines(f"  {message.id}\n" for message in left)
    return 0


if __name__ == "__main__":
    sys.exit(main())
