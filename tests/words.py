"""Brings the catalogues up to date with the texts in the code: ``make words``, which runs ``python -m tests.words``.

What is new comes in empty and what has changed as a guess that is marked fuzzy; both are for a person to translate, and
a test fails until that is done. What the code says no more is left out.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.packs import packs
from bot.speech import DOMAIN, ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
SPOKEN: Final = tuple(lang for lang in LANGUAGES if lang != ENGLISH)
WIDTH: Final = 120

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


def renew(lang: str, wanted: Catalog) -> str:
    """A catalogue's text, with what is wanted and nothing else."""
    known = catalogue(lang)
    known.update(wanted, no_fuzzy_matching=False, update_header_comment=False)
    known.obsolete.clear()
    known.header_comment = f"# {LANGUAGES[lang]}"
    from io import BytesIO

    made = BytesIO()
    write_po(made, known, width=WIDTH, include_lineno=False, ignore_obsolete=True)
    return made.getvalue().decode()


def main() -> int:
    wanted = template()
    for lang in SPOKEN:
        path = path_of(lang)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(renew(lang, wanted), "utf-8")
        left = [message for message in catalogue(lang) if message.id and (message.fuzzy or not all(_strings(message.string)))]
        print(f"{path.relative_to(ROOT)}: {len(wanted)} texts, {len(left)} to translate")
    return 0


def _strings(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string),)


if __name__ == "__main__":
    sys.exit(main())
