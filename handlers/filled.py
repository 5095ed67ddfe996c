"""A form of a topic as a person filled it in: tried while it is open, checked as it is sent, then carried out.

What it does is what the typed commands do, by the same code: the form is another way to say it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.chats.chat import FormStep
from bot.chats.message import Message, bold, code, code_block, paragraph, phrase
from bot.errors import CommandError, QueryError
from bot.limits import TOPIC_NAME_CHARS
from bot.model import UNSAVED, Proposal, Sensitivity
from bot.speech import _
from bot.topics.backtest import Trial
from handlers import buttons, help, proposals, sharing, topic_form, wording  # noqa: A004 - named after its command
from handlers.figures import figures
from handlers.row import Call
from handlers.sayings import SaveTopic
from handlers.topic_form import NAME, QUERY, SENSITIVITY
from handlers.words import straightened, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.chats.chat import FilledForm
    from bot.chats.message import Block, Form
    from bot.model import Chat, Topic
    from handlers.ports import Desk

_AROUND_CHARS: Final = 20


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a form is about: a topic, a proposal, or neither for a new topic."""

    form: Form
    topic: Topic | None = None
    offered: Proposal | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the fields say: a topic that could be saved, or what is wrong, by field; and what to say about either."""

    wanted: Proposal | None
    faults: Mapping[str, str]
    remarks: tuple[Block, ...] = ()


async def fill_in(call: Call[FilledForm]) -> tuple[Message, ...]:
    """Answer one step of a form. Raises CommandError where what it is about is gone or may not be changed here."""
    subject = await _subject(call.desk, call.chat, call.command)
    values = call.command.values
    reading = await _read(call.desk, call.chat, subject, values)
    if call.command.step is FormStep.TRY:
        remarks = reading.remarks
        if reading.wanted is not None:
            remarks = (*remarks, *await _tried(call.desk, call.chat, reading.wanted, subject.topic))
        return (_again(subject, values, reading.faults, remarks),)
    if reading.wanted is None:
        return (_again(subject, values, reading.faults, reading.remarks),)
    if call.command.step is FormStep.CHECK:
        return ()
    return (await _saved(call, subject, reading.wanted),)


def _again(
    subject: _Subject, values: Mapping[str, str], faults: Mapping[str, str], remarks: Sequence[Block]
) -> Message:
    form = topic_form.filled(subject.form, values, faults=faults, remarks=remarks)
    said = tuple(paragraph(fault) for fault in faults.values())
    return Message((*said, *remarks) or (paragraph(_("Nothing is filled in yet.")),), form=form)


async def _subject(desk: Desk, chat: Chat, form: FilledForm) -> _Subject:
    """What the form is about, which must be of this chat."""
    match form.action:
        case topic_form.NEW:
            return _Subject(topic_form.new_topic())
        case topic_form.OF_TOPIC:
            topics = await desk.store.topics_of(chat.id)
            topic = next((one for one in topics if str(one.id) == form.argument), None)
            if topic is None:
                raise CommandError(_("That topic is not here any more. /topics lists what is."))
            return _Subject(topic_form.of_topic(proposals.own(topic, chat)), topic=topic)
        case topic_form.OF_PROPOSAL:
            known = await desk.store.proposals_of(chat.id)
            offered = next((one for one in known if str(one.id) == form.argument), None)
            if offered is None:
                raise CommandError(
                    _("That proposal is settled, or a newer one took its place. /topics lists what is watched.")
                )
            topic = await desk.store.topic_named(chat.id, offered.name)
            return _Subject(topic_form.of_proposal(offered), topic, offered)
    raise CommandError(_("That form is from another version of me. /help says what I can do."))


# ---------------------------------------------------------------- reading


async def _read(desk: Desk, chat: Chat, subject: _Subject, values: Mapping[str, str]) -> _Reading:
    name, written = tidy(values.get(NAME, "")), straightened(" ".join(values.get(QUERY, "").split()))
    faults: dict[str, str] = {}
    if fault := await _fault_of_name(desk, chat, subject, name):
        faults[NAME] = fault
    level = values.get(SENSITIVITY, "")
    if level not in set(Sensitivity):
        faults[SENSITIVITY] = _("Choose one of the three.")
    query = ""
    remarks: tuple[Block, ...] = ()
    if written or (name and subject.form.action == topic_form.NEW):
        try:
            query, remarks = await proposals.query_for(desk, chat, name, written or None)
        except QueryError as error:
            faults[QUERY] = _said(error)
            remarks = (code_block(wording.pointed_at(error)), help.about_queries())
        except CommandError:
            faults[QUERY] = _("I cannot tell from the name what to watch for. Say it here in words of the news.")
    elif name or subject.form.action != topic_form.NEW:
        faults[QUERY] = _("Say what to watch for.")
    if faults:
        return _Reading(None, faults, remarks)
    if not written:
        remarks = (paragraph(*phrase(_("Query: {query}"), query=code(query))), *remarks)
    return _Reading(Proposal(UNSAVED, chat.id, name, query, desk.now(), Sensitivity(level)), {}, remarks)


async def _fault_of_name(desk: Desk, chat: Chat, subject: _Subject, name: str) -> str:
    """What is wrong with the name; "" for nothing."""
    if not name:
        return _("Give it a name.")
    if len(name) > TOPIC_NAME_CHARS:
        long = _("A name can have {most} characters; this one has {count}.")
        return long.format(most=TOPIC_NAME_CHARS, count=len(name))
    known = await desk.store.topic_named(chat.id, name)
    if known is not None and (subject.topic is None or known.id != subject.topic.id):
        taken = _("{topic} is watched already. Take another name, or edit that topic.")
        return taken.format(topic=wording.quoted(known.name))
    if subject.topic is None:
        try:
            await proposals.check_room(desk, chat)
        except CommandError as error:
            return str(error)
    return ""


def _said(error: QueryError) -> str:
    """A fault in one line, with the words around it: an error under a field has no fixed width to point in."""
    before = error.query[: error.column][-_AROUND_CHARS:]
    after = error.query[error.column :][:_AROUND_CHARS]
    if not after.strip():
        return _("{fault} (at the end)").format(fault=error)
    if not before:
        return _("{fault} (at the beginning)").format(fault=error)
    said = _("{fault} (at character {column}: …{before} ▸{after})")
    return said.format(fault=error, column=error.column + 1, before=before, after=after)


async def _tried(desk: Desk, chat: Chat, wanted: Proposal, topic: Topic | None) -> tuple[Block, ...]:
    """What it would have found; beside what the topic finds as it is, where that would change."""
    concepts = await desk.store.concepts_of(chat.id)
    test = await desk.backtest(chat, Trial(wanted.query, wanted.sensitivity, concepts))
    before = None
    if topic is not None and (topic.query, topic.sensitivity) != (wanted.query, wanted.sensitivity):
        before = await desk.backtest(chat, Trial(topic.query, topic.sensitivity, concepts))
    return tuple(figures(test, before))


# ---------------------------------------------------------------- saving


async def _saved(call: Call[FilledForm], subject: _Subject, wanted: Proposal) -> Message:
    """Watch what the form says, as if it had been typed; a topic under its new name where it got one."""
    store, chat, topic = call.desk.store, call.chat, subject.topic
    if topic is not None and topic.name != wanted.name:
        before, topic = topic.name, await sharing.called(call.desk, topic, wanted.name)
        if (topic.query, topic.sensitivity) == (wanted.query, wanted.sensitivity):
            return Message(
                (paragraph(*sharing.renamed(before, topic.name)),),
                ((buttons.topic_show(topic), buttons.topic_latest(topic)),),
            )
    if subject.offered is not None:
        await store.remove_proposal(chat.id, subject.offered.id)
    elif topic is not None and (topic.query, topic.sensitivity) == (wanted.query, wanted.sensitivity):
        return Message(
            (paragraph(*phrase(_("{topic} stays as it was."), topic=bold(topic.name))),),
            ((buttons.topic_show(topic),),),
        )
    await store.put_proposal(wanted)
    return await proposals.save_topic(Call(call.desk, chat, SaveTopic(wanted.name), call.inbound))
