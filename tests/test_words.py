"""The catalogues hold every text that the code says, in the right number of forms; no text goes round them."""

from __future__ import annotations

import ast
import re
from string import Formatter
from typing import TYPE_CHECKING, Final

import pytest

from bot import reasons, speech
from bot.chats.chat import CommandHint
from handlers.commands import COMMANDS
from tests.words import ROOT, SPOKEN, catalogue, forms_of, left_in, renew, sources, template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LETTERS: Final = re.compile(r"[^\W\d_]{3,}")
FORMS: Final = {"ru": 3, "uk": 3, "ko": 1}
TELLING: Final = frozenset({"heading", "paragraph", "note", "quote", "bullets", "bold", "italic", "text_message"}) | {
    "phrase",
    "Button",
    "Field",
    "Form",
    "CommandError",
    "QueryError",
    "RegexError",
    "_BadTokenError",
}
"""What takes a text that a chat sees."""

SPOKEN_MODULES: Final = ("handlers", "bot/alerts", "bot/chats", "bot/pictures", "bot/topics", "bot/desk.py")
# A sign, an example, a file's name, an identifier: nothing that a language would say otherwise.
SAME_EVERYWHERE: Final = re.compile(r"[/@#].*|https?:.*|Backstory|[a-z-]+|UTC", re.DOTALL)


def modules() -> list[Path]:
    return [path for path in sources() if path.relative_to(ROOT).as_posix().startswith(SPOKEN_MODULES)]


@pytest.mark.parametrize("lang", SPOKEN)
def test_every_text_of_the_code_is_translated(lang: str) -> None:
    """Else run `make words` and fill in what it lists."""
    known, wanted = catalogue(lang), template()
    assert {message.id for message in known} == {message.id for message in wanted}
    assert [message.id for message in left_in(known)] == []
    assert len(known) == len(renew(lang, wanted))


@pytest.mark.parametrize("lang", SPOKEN)
def test_translations_hold_the_same_placeholders(lang: str) -> None:
    for message in catalogue(lang):
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        for form in forms_of(message):
            assert names_in(form) <= names_in(ids[-1]), form
            if len(ids) == 1:
                assert names_in(form) == names_in(ids[0]), form


@pytest.mark.parametrize("lang", SPOKEN)
def test_there_are_as_many_forms_as_the_language_has(lang: str) -> None:
    plurals = [message for message in catalogue(lang) if isinstance(message.id, tuple | list)]
    assert plurals
    assert {len(forms_of(message)) for message in plurals} == {FORMS[lang]}


@pytest.mark.parametrize("lang", SPOKEN)
def test_white_space_at_the_ends_is_kept(lang: str) -> None:
    for message in catalogue(lang):
        text = message.id if isinstance(message.id, str) else message.id[0]
        for form in forms_of(message) if text else ():
            assert (form[:1].isspace(), form[-1:].isspace()) == (text[:1].isspace(), text[-1:].isspace()), form


@pytest.mark.parametrize("lang", SPOKEN)
def test_what_is_to_be_typed_stays_as_it_is(lang: str) -> None:
    """Commands and the marks of queries are no words of a language."""
    for message in catalogue(lang):
        text = message.id if isinstance(message.id, str) else message.id[-1]
        typed = set(re.findall(r"(?<![\w<])/[a-z]{3,}|\b(?:near|same|title|lead|lang|source|re):?\(|OPML|YAML", text))
        for form in forms_of(message):
            assert all(word in form for word in typed), form


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_that_a_chat_sees_goes_round_the_catalogues(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert list(bare_texts(tree)) == []
    assert not (imports_it(tree) and rebound(tree)), "_ is the catalogues' here; call what is not needed otherwise"


def bare_texts(tree: ast.AST) -> Iterator[str]:
    """English words that are given straight to what a chat sees."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLING:
            yield from (text for argument in node.args for text in words_of(argument))


def words_of(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if LETTERS.search(node.value) and not SAME_EVERYWHERE.fullmatch(node.value):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        if not str(getattr(node.values[0], "value", "")).startswith("/"):
            yield from (text for part in node.values for text in words_of(part))
    elif isinstance(node, ast.IfExp):
        yield from (*words_of(node.body), *words_of(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*words_of(node.left), *words_of(node.right))
    elif isinstance(node, ast.Tuple):
        yield from (text for part in node.elts for text in words_of(part))


def imports_it(tree: ast.AST) -> bool:
    names = (name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names)
    return "_" in names


def rebound(tree: ast.AST) -> list[int]:
    """Where ``_`` is made a variable, outside of comprehensions, which have their own."""
    own = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension | ast.Lambda)
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store) and node not in own
    ]


def names_in(text: str) -> set[str]:
    return {name for _text, name, _spec, _how in Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", SPOKEN)
def test_menus_fit_telegram(lang: str) -> None:
    """https://core.telegram.org/bots/api#botcommand: at most 256 characters."""
    with speech.speaking(lang):
        for row in COMMANDS:
            said = CommandHint(row.name, row.summary).said
            assert 3 <= len(said) <= 256
            assert said != row.summary.rstrip(".")


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        pytest.param("ru", "ru", id="as it stands"),
        pytest.param("uk-UA", "uk", id="with a country"),
        pytest.param("ko_KR.UTF-8", "ko", id="as a terminal says it"),
        pytest.param("de", "en", id="one that it does not speak"),
        pytest.param("C.UTF-8", "en", id="none in particular"),
        pytest.param("", "en", id="nothing"),
        pytest.param(None, "en", id="unknown"),
    ],
)
def test_the_nearest_language_is_spoken_while_it_lasts(wanted: str | None, spoken: str) -> None:
    with speech.speaking(wanted):
        assert speech.language() == spoken
        speech.speak("ru")
        assert speech.language() == "ru"
    assert speech.language() == "en"


@pytest.mark.parametrize("lang", SPOKEN)
def test_reasons_written_down_in_english_are_told_in_the_language(lang: str) -> None:
    with speech.speaking(lang):
        told = reasons.retold("news.example.org answered 503 Service Unavailable")
        assert "news.example.org" in told
        assert "503 Service Unavailable" in told
        assert "answered" not in told
        assert reasons.retold("Forbidden: bot was kicked") == "Forbidden: bot was kicked"


@pytest.mark.parametrize("form", [form for form in reasons.FORMS if form != reasons.LOST_ADDRESS])
def test_the_reasons_are_those_that_the_code_gives(form: str) -> None:
    longest = max(re.split(r"\{\w+\}", form), key=len).strip()
    code = " ".join(path.read_text("utf-8") for path in sources() if path.name != "reasons.py")
    assert longest[:40] in re.sub(r'"\s+f?"', "", code)
