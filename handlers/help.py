"""Help, usage and hints, all drawn from the rows of the command table. Pure: rows in, messages out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, bullets, code, heading, note, paragraph, phrase
from bot.speech import N_, _
from handlers import buttons
from handlers.grammar import ALIASES
from handlers.words import Problem, ProblemKind, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chats.message import Block, Button, Span
    from handlers.row import Row

QUERIES: Final = "queries"
SUBJECTS: Final = ("topics", "feeds", "digest")
"""The commands with so many forms that help on them is offered as a button."""
LABEL_CHARS: Final = 60
_LISTS: Final = frozenset({"topics", "feeds", "lexicon"})

_QUERY_FORMS: Final = (
    ("@dprk", N_("a concept: all its names in many languages")),
    ("missile", N_("this exact word")),
    ("missil*", N_("words that begin like this")),
    ('"strategic partnership"', N_("these words in a row")),
    ("=Target", N_("with this capital: the shop, not a target")),
    ("@dprk & @russia", N_("both; AND works too")),
    ("@arms | ammunition", N_("either; OR works too")),
    ("@russia -football", N_("not the second; NOT works too")),
    ("(@arms | drone) & @dprk", N_("brackets group")),
    ("title:kim", N_("in the headline; lead: for the opening")),
    ("near/10(kim, putin)", N_("at most ten words between the two")),
    ("same(sentence; @dprk, @arms)", N_("in one sentence; same(paragraph; ...) too")),
    ("lang:ko", N_("entries in this language")),
    ("source:tass", N_("an outlet; feed: for a feed's site, url: for part of the address")),
    ('re:"su-\\d\\d"', N_("a pattern (RE2), as the text is written")),
)


def overview(rows: Sequence[Row]) -> Message:
    """Every command, a line each, with the words that can follow it; how they go on is told by help on one."""
    lines = tuple(_in_a_line([row for row in rows if row.name == name]) for name in dict.fromkeys(r.name for r in rows))
    admins = note(_("In groups only admins change topics and feeds; anyone may read."))
    more = note(
        *phrase(
            _("More on one: {one} · how to write a query: {queries}"),
            one=code("/help topics"),
            queries=code(f"/help {QUERIES}"),
        )
    )
    on = [buttons.offer(f"/help {name}", f"/help {name}") for name in (*SUBJECTS, QUERIES)]
    return Message((heading(_("What you can type")), bullets(*lines), more, admins), (tuple(on[:2]), tuple(on[2:])))


def _in_a_line(forms: Sequence[Row]) -> tuple[Span | str, ...]:
    first, *others = forms
    further = "; ".join(filter(None, map(follows, others)))
    return (
        code(first.usage),
        f" – {first.about}",
        *((" ", _("Also: {words}").format(words=further)) if further else ()),
    )


def follows(row: Row) -> str:
    """What stands after the command's name: its second word where that is always the same, else the whole pattern."""
    rest = row.usage.removeprefix(f"/{row.name}").strip()
    return row.verb if row.verb and rest.startswith(row.verb) else rest


def subject(rows: Sequence[Row], word: str) -> Message:
    """The first subject among some words: one command at length, one form of it, or how to write queries.

    Where nobody knows any of the words, what there is.
    """
    known = (*dict.fromkeys(row.name for row in rows), QUERIES)
    words = word.split()
    name = next((meant for meant in map(_meant, words) if meant in known), "")
    if name == QUERIES:
        return queries()
    forms = [row for row in rows if row.name == name]
    forms = [row for row in forms if row.verb and row.verb in words[1:]] or forms
    if not forms:
        near = [buttons.offer(f"/help {each}", f"/help {each}") for each in nearest(word, known)]
        missing = paragraph(_("There is no help on that. There is on: {subjects}.").format(subjects=", ".join(known)))
        return Message((missing,), (tuple(near),) if near else ())
    blocks: list[Block] = [heading(f"/{name}")]
    for row in forms:
        who = f" ({_('admins only in groups')})" if row.changes else ""
        blocks.append(paragraph(code(row.usage), f" – {row.about}{who}"))
        if row.example != row.usage:
            blocks.append(_example(row))
    short = sorted(f"/{alias}" for alias, meant in ALIASES.items() if meant.partition(" ")[0] == name)
    if short:
        blocks.append(note(_("Also: {names}").format(names=", ".join(short))))
    return Message(tuple(blocks))


def _meant(word: str) -> str:
    """The subject that a word names, or the word itself."""
    word = word.removeprefix("/")
    if word.rstrip("s") in {"query", "querie", "syntax"}:
        return QUERIES
    return ALIASES.get(word, word).partition(" ")[0]


def queries() -> Message:
    """How to write a query."""
    lines: list[tuple[Span | str, ...]] = [(code(form), f" – {_(meaning)}") for form, meaning in _QUERY_FORMS]
    return Message(
        (
            heading(_("Writing a query")),
            paragraph(_("A topic's name alone makes a query. To write your own, put it after an equals sign:")),
            paragraph(code("/topics add Kim abroad = title:kim & (@russia | @china)")),
            bullets(*lines),
        )
    )


def about_queries() -> Block:
    """Where it is said how queries are written."""
    return note(*phrase(_("How queries are written: {line}"), line=code(f"/help {QUERIES}")))


def problem(rows: Sequence[Row], fault: Problem, choices: Sequence[Button] = ()) -> Message:
    """What is wrong with a text, how the command goes, an example; as buttons what was probably meant, or ``choices``.

    Without either, the example itself is a button where pressing it could take nothing away.
    """
    if fault.kind is ProblemKind.CHATTER:
        return _hint()
    if fault.kind is ProblemKind.UNKNOWN:
        near = _("I know no such command. Did you mean one of these?")
        lead = near if fault.near else _("I know no such command.")
        every = note(*phrase(_("All commands: {line}"), line=code("/help")))
        return Message((paragraph(lead), every), _near_buttons(fault))
    forms = [row for row in rows if row.name == fault.name and (not fault.verb or row.verb == fault.verb)]
    usage = bullets(*((code(row.usage), f" – {row.about}") for row in forms))
    offered = _near_buttons(fault) or tuple((choice,) for choice in choices)
    if not offered and fault.verb != "remove":
        offered = ((buttons.offer(_label(forms[0].example), forms[0].example),),)
    lists = ((buttons.plain(fault.name),),) if fault.name in _LISTS else ()
    return Message((paragraph(fault.said), usage, _example(forms[0])), (*offered, *lists))


def _hint() -> Message:
    """For talk that is no command, in private."""
    return Message(
        (
            paragraph(
                *phrase(
                    _("I did not take that as a command. Name a subject to watch: {line}"),
                    line=code("/topics add NAME"),
                )
            ),
            note(*phrase(_("Send a feed's address to add it, or {help} for the rest."), help=code("/help"))),
        ),
        (
            (
                buttons.plain("topics"),
                buttons.plain("latest"),
                buttons.plain("help"),
            ),
        ),
    )


def _example(row: Row) -> Block:
    return note(*phrase(_("For example: {line}"), line=code(row.example)))


def _near_buttons(fault: Problem) -> tuple[tuple[Button, ...], ...]:
    return tuple((buttons.offer(_label(text), text),) for text in fault.near)


def _label(text: str) -> str:
    return text if len(text) <= LABEL_CHARS else text[: LABEL_CHARS - 1] + "…"
