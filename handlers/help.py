"""Help, usage and hints, all drawn from the rows of the command table. Pure: rows in, messages out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, bullets, code, heading, note, paragraph
from handlers import buttons
from handlers.grammar import ALIASES
from handlers.words import Problem, ProblemKind, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chats.message import Block, Button, Span
    from handlers.row import Row

QUERIES: Final = "queries"
LABEL_CHARS: Final = 60

_QUERY_FORMS: Final = (
    ("@dprk", "a concept: all its names in many languages"),
    ("missile", "this very word"),
    ("missil*", "words that begin so"),
    ('"strategic partnership"', "these words in a row"),
    ("@dprk & @russia", "both; AND works too"),
    ("@arms | ammunition", "either; OR works too"),
    ("@russia -football", "not the second; NOT works too"),
    ("(@arms | drone) & @dprk", "brackets group"),
    ("title:kim", "in the headline; lead: for the opening"),
    ("near/10(kim, putin)", "at most ten words between the two"),
    ("same(sentence; @dprk, @arms)", "in one sentence; same(paragraph; ...) too"),
    ("lang:ko", "entries in this language"),
    ("source:tass", "an outlet; feed: for a feed's site, url: for part of the address"),
    ('re:"su-\\d\\d"', "a pattern (RE2), as the text is written"),
)


def overview(rows: Sequence[Row]) -> Message:
    """Every form of every command, a line each."""
    lines = tuple((code(row.usage), f" – {row.summary}") for row in rows)
    admins = note("In groups only admins change topics and feeds; anyone may read.")
    more = note("More on one: ", code("/help topics"), " · how to write a query: ", code(f"/help {QUERIES}"))
    row_of_buttons = (
        buttons.plain("topics", "Topics"),
        buttons.plain("feeds", "Feeds"),
        buttons.plain("latest", "Latest"),
    )
    return Message((heading("What you can type"), bullets(*lines), more, admins), (row_of_buttons,))


def subject(rows: Sequence[Row], word: str) -> Message:
    """One command at length, or how to write queries; the overview, with a word on it, where nobody knows the word."""
    if word.rstrip("s") in {"query", "querie", "syntax"}:
        return queries()
    name = ALIASES.get(word, word).partition(" ")[0]
    forms = [row for row in rows if row.name == name]
    if not forms:
        known = (*dict.fromkeys(row.name for row in rows), QUERIES)
        near = [buttons.offer(f"/help {each}", f"/help {each}") for each in nearest(word, known)]
        missing = paragraph("There is no help on that. There is on: ", ", ".join(known), ".")
        return Message((missing,), (tuple(near),) if near else ())
    blocks: list[Block] = [heading(f"/{name}")]
    for row in forms:
        who = " (admins only in groups)" if row.changes else ""
        blocks.append(paragraph(code(row.usage), f" – {row.summary}{who}"))
        if row.example != row.usage:
            blocks.append(note("For example: ", code(row.example)))
    short = sorted(f"/{alias}" for alias, meant in ALIASES.items() if meant.partition(" ")[0] == name)
    if short:
        blocks.append(note("Also: ", ", ".join(short)))
    return Message(tuple(blocks))


def queries() -> Message:
    """How to write a query."""
    lines: tuple[tuple[Span | str, ...], ...] = tuple((code(form), f" – {meaning}") for form, meaning in _QUERY_FORMS)
    return Message(
        (
            heading("Writing a query"),
            paragraph("A topic's name alone makes a query. To write your own, put it after an equals sign:"),
            paragraph(code("/topics add Kim abroad = title:kim & (@russia | @china)")),
            bullets(*lines),
        )
    )


def problem(rows: Sequence[Row], fault: Problem, choices: Sequence[Button] = ()) -> Message:
    """What is wrong with a text, how the command goes, an example; as buttons what was probably meant, or ``choices``.

    Without either, the example itself is a button where pressing it could take nothing away.
    """
    if fault.kind is ProblemKind.CHATTER:
        return _hint()
    if fault.kind is ProblemKind.UNKNOWN:
        lead = "I know no such command." + (" Did you mean one of these?" if fault.near else "")
        return Message((paragraph(lead), note("All commands: ", code("/help"))), _near_buttons(fault))
    forms = [row for row in rows if row.name == fault.name and (not fault.verb or row.verb == fault.verb)]
    usage = bullets(*((code(row.usage), f" – {row.summary}") for row in forms))
    example = note("For example: ", code(forms[0].example))
    offered = _near_buttons(fault) or tuple((choice,) for choice in choices)
    if not offered and fault.verb != "remove":
        offered = ((buttons.offer(_label(forms[0].example), forms[0].example),),)
    lists = (
        () if fault.name not in {"topics", "feeds", "lexicon"} else ((buttons.plain(fault.name, fault.name.title()),),)
    )
    return Message((paragraph(fault.detail), usage, example), (*offered, *lists))


def _hint() -> Message:
    """For talk that is no command, in private."""
    return Message(
        (
            paragraph("I did not take that as a command. Name a subject to watch: ", code("/topics add NAME")),
            note("Send a feed's address to add it, or ", code("/help"), " for the rest."),
        ),
        ((buttons.plain("topics", "Topics"), buttons.plain("latest", "Latest"), buttons.plain("help", "Help")),),
    )


def _near_buttons(fault: Problem) -> tuple[tuple[Button, ...], ...]:
    return tuple((buttons.offer(_label(text), text),) for text in fault.near)


def _label(text: str) -> str:
    return text if len(text) <= LABEL_CHARS else text[: LABEL_CHARS - 1] + "…"
