"""The form that adds or edits a topic, drawn: name, query and sensitivity. What is filled in is ``handlers.filled``'s.

Pure: a form is drawn from what is known, and again with what a person typed into it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.chats.message import Field, Form
from bot.limits import QUERY_CHARS, TOPIC_NAME_CHARS
from bot.model import Sensitivity
from bot.speech import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.chats.message import Block
    from bot.model import Proposal, Topic

NEW: Final = "topic-new"
OF_TOPIC: Final = "topic-edit"
OF_PROPOSAL: Final = "edit"
NAME: Final = "name"
QUERY: Final = "query"
SENSITIVITY: Final = "sensitivity"

_LEVELS: Final = (
    (Sensitivity.STRICT.value, N_("Strict: only what is mainly about it")),
    (Sensitivity.NORMAL.value, N_("Normal")),
    (Sensitivity.WIDE.value, N_("Wide: also what only mentions it")),
)
_HOW: Final = N_('& is “and”, | is “or”, - is “not”; @dprk is a concept of the lexicon, "sea port" a phrase.')


def new_topic() -> Form:
    """An empty form."""
    return _drawn(NEW, "", _("New topic"))


def of_topic(topic: Topic) -> Form:
    """The form of a topic that is watched."""
    return _with(_drawn(OF_TOPIC, str(topic.id), _("Edit topic")), topic)


def of_proposal(offered: Proposal) -> Form:
    """The form of a topic that was proposed."""
    return _with(_drawn(OF_PROPOSAL, str(offered.id), _("Edit before saving")), offered)


def filled(form: Form, values: Mapping[str, str], *, faults: Mapping[str, str], remarks: Sequence[Block] = ()) -> Form:
    """The form with what stands in it, what is wrong with that, and what it would lead to."""
    fields = tuple(
        replace(field, value=values.get(field.name, ""), fault=faults.get(field.name, "")) for field in form.fields
    )
    return replace(form, fields=fields, remarks=tuple(remarks))


def _with(form: Form, what: Topic | Proposal) -> Form:
    values = {NAME: what.name, QUERY: what.query, SENSITIVITY: what.sensitivity.value}
    return filled(form, values, faults={})


def _drawn(action: str, argument: str, title: str) -> Form:
    is_new = action == NEW
    how = f"{_(_HOW)} {_('Left empty, I make one from the name.')}" if is_new else _(_HOW)
    choices = tuple((level, _(label)) for level, label in _LEVELS)
    return Form(
        action,
        argument,
        title,
        (
            Field(NAME, _("Name"), hint=_("The name that alerts use."), most_chars=TOPIC_NAME_CHARS, watched=is_new),
            Field(QUERY, _("What to watch for"), hint=how, most_chars=QUERY_CHARS, optional=is_new, watched=True),
            Field(
                SENSITIVITY,
                _("How much to let through"),
                value=Sensitivity.NORMAL.value,
                choices=choices,
                watched=True,
            ),
        ),
        submit=_("Save"),
    )
