"""/topics add, save, stricter, wider, edit, set, test and tune: a topic is proposed, tried on the archive, agreed to.

Nothing is watched, and nothing about a topic changes, before somebody says so or has typed the query out. A proposal is
a row of the store: its buttons hold its id alone, and work after a restart.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.chats.message import Block, Message, bold, code, heading, note, paragraph, phrase, quote
from bot.errors import CommandError, QueryError
from bot.limits import TOPIC_NAME_CHARS, TOPICS_PER_CHAT
from bot.model import UNSAVED, Proposal, Sensitivity, Subscription, Topic
from bot.speech import _, ngettext
from bot.topics.backtest import Trial, without_one
from bot.topics.fold import fold
from bot.topics.own import canonical, extended
from bot.topics.suggest import suggest
from handlers import buttons, feedback, first, topic_form, wording
from handlers.figures import figures
from handlers.pictures import charted
from handlers.row import Call
from handlers.sayings import SaveTopic
from handlers.topics import is_on, named, silence, story_lines
from handlers.words import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.chats.message import Button, Form, Span
    from bot.model import Chat
    from bot.topics.backtest import Backtest
    from bot.topics.lexicon import Lexicon
    from bot.topics.suggest import Suggestion
    from handlers.ports import Backfill, Desk
    from handlers.sayings import AddTopic, EditTopic, SetTopic, StricterTopic, TestTopic, TuneTopic, WiderTopic

NEWEST_SHOWN: Final = 3
LINE_CHARS: Final = 200
_LADDER: Final = (Sensitivity.WIDE, Sensitivity.NORMAL, Sensitivity.STRICT)
# Nobody calls a topic "@dprk & (@russia | @china)": that is a query which came without its name.
_CONCEPT: Final = re.compile(r"(?<!\w)@\w")


async def add_topic(call: Call[AddTopic]) -> Message:
    """Propose a topic: its query, how it came out of the name, and what it would have found.

    Who types the query out has decided: that topic is watched at once. Raises QueryError where the query does not
    parse, CommandError where the name or number of topics is over its cap.
    """
    desk, chat = call.desk, call.chat
    name = _checked_name(call.command.name)
    known = await desk.store.topic_named(chat.id, name)
    if known is not None:
        return _known_already(known)
    if call.command.query is not None:
        return await save_topic(Call(desk, chat, SaveTopic(name, call.command.query), call.inbound))
    await check_room(desk, chat)
    query, explained = await query_for(desk, chat, name, None)
    offered = await desk.store.put_proposal(Proposal(UNSAVED, chat.id, name, query, desk.now()))
    return await _proposed(desk, chat, offered, explained)


async def save_topic(call: Call[SaveTopic]) -> Message:
    """Watch what was proposed under this name, or what is said here in one go; a change of a topic is made.

    Who types the query out takes nothing else of what was once proposed: the sensitivity is the topic's, or normal.
    """
    desk, chat = call.desk, call.chat
    name = _checked_name(call.command.name)
    known = await desk.store.topic_named(chat.id, name)
    offered = await desk.store.proposal_named(chat.id, name)
    query = call.command.query
    if query is not None or offered is None:
        if known is not None and query is None:
            line = f"/topics edit {as_typed(known.name)}"
            none = _("Nothing is proposed for {topic}. To change it: {line}")
            raise CommandError(none.format(topic=wording.quoted(known.name), line=line))
        written, _explained_so = await query_for(desk, chat, name, query)
        level = known.sensitivity if known is not None else Sensitivity.NORMAL
        offered = offered or Proposal(UNSAVED, chat.id, name, written, desk.now(), level)
        offered = replace(offered, query=written, sensitivity=level)
    is_new = known is None or not await is_on(desk, chat, known)
    if known is not None:
        topic = await _changed(desk, chat, known, offered)
        await desk.store.subscribe(Subscription(chat.id, topic.id, desk.now()))
    else:
        await check_room(desk, chat)
        wanted = Topic(UNSAVED, chat.id, offered.name, offered.query, desk.now(), offered.sensitivity)
        # In one step: one that a crash left without alerts would stay silent, also if this were typed again.
        topic = await desk.store.add_topic(wanted, alerts=True)
    if offered.id != UNSAVED:
        await desk.store.remove_proposal(chat.id, offered.id)
    return await _watching(desk, chat, topic, is_new=is_new)


async def stricter_topic(call: Call[StricterTopic]) -> Message:
    """Propose to let through less."""
    offered = await _proposal_for(call.desk, call.chat, call.command.name)
    place = _LADDER.index(offered.sensitivity)
    if place + 1 < len(_LADDER):
        return await _reproposed(call.desk, call.chat, replace(offered, sensitivity=_LADDER[place + 1]))
    strictest = _("It is as strict as can be. To narrow it further, ask for one more thing: {line}")
    raise CommandError(strictest.format(line=f"/topics edit {as_typed(offered.name)} = {offered.query} & word"))


async def wider_topic(call: Call[WiderTopic]) -> Message:
    """Propose to let through more: a lower bar, then without the facet that holds back most."""
    desk, chat = call.desk, call.chat
    offered = await _proposal_for(desk, chat, call.command.name)
    place = _LADDER.index(offered.sensitivity)
    if place > 0:
        return await _reproposed(desk, chat, replace(offered, sensitivity=_LADDER[place - 1]))
    concepts = await desk.store.concepts_of(chat.id)
    shorter = dict(without_one(offered.query, extended(desk.lexicon, concepts)))
    test = await desk.backtest(chat, Trial(offered.query, offered.sensitivity, concepts))
    near = max(test.near, key=lambda miss: miss.more, default=None)
    if near is None:
        widest = _("It is as wide as I can make it by myself. To ask for something else as well: {line}")
        raise CommandError(widest.format(line=f"/topics edit {as_typed(offered.name)} = {offered.query} | word"))
    return await _reproposed(desk, chat, replace(offered, query=shorter[near.facet]))


async def edit_topic(call: Call[EditTopic]) -> Message:
    """Propose another query; without one, show the line to change and send."""
    desk, chat = call.desk, call.chat
    offered = await _proposal_for(desk, chat, call.command.name)
    if call.command.query is None:
        line = f"/topics edit {as_typed(offered.name)} = {offered.query}"
        return Message(
            (
                paragraph(_("Copy this line, change what stands after the equals sign, and send it:")),
                paragraph(code(line)),
            ),
            ((buttons.offer(_("How queries are written"), "/help queries"),),),
            form=await _form_of(desk, chat, offered),
        )
    query, _explained_so = await query_for(desk, chat, offered.name, call.command.query)
    return await _reproposed(desk, chat, replace(offered, query=query))


async def _form_of(desk: Desk, chat: Chat, offered: Proposal) -> Form | None:
    """The form for a proposal; for one that is only a topic's beginning, the topic's."""
    if offered.id != UNSAVED:
        return topic_form.of_proposal(offered)
    topic = await desk.store.topic_named(chat.id, offered.name)
    return None if topic is None else topic_form.of_topic(topic)


async def set_topic(call: Call[SetTopic]) -> Message:
    """Change a topic's sensitivity at once."""
    desk, chat, wanted = call.desk, call.chat, call.command.sensitivity
    topic = own(await named(desk, chat, call.command.name), chat)
    if topic.sensitivity is wanted:
        said = phrase(_("{topic} is {level} already."), topic=bold(topic.name), level=wording.level(wanted))
        return Message((paragraph(*said),), ((buttons.topic_test(topic),),))
    changed = await _changed(desk, chat, topic, replace(topic, sensitivity=wanted))
    return await _watching(desk, chat, changed, is_new=False)


async def test_topic(call: Call[TestTopic]) -> Message:
    """What a topic, or a proposal, would have found."""
    desk, chat = call.desk, call.chat
    offered = await desk.store.proposal_named(chat.id, call.command.name)
    topic = await desk.store.topic_named(chat.id, call.command.name)
    if topic is None:
        if offered is None:
            topic = await named(desk, chat, call.command.name)  # raises, with near names
        else:
            return await _proposed(desk, chat, offered)
    test = await _tried(desk, chat, topic)
    advice = await _advice(desk, chat, topic)
    lead = heading(*phrase(_("Test of {topic}"), topic=wording.quoted(topic.name)))
    blocks = [lead, _query_line(topic), *figures(test)]
    change = ("stricter", "wider", "edit")
    rows = [tuple(buttons.topic_change(action, topic) for action in change)]
    if advice is not None:
        blocks.append(paragraph(advice.reason))
        rows.append((buttons.topic_change("tune", topic),))
    charts, excuse = await charted(desk, chat, test, topic.name)
    return Message((*blocks, *excuse), tuple(rows), charts)


async def tune_topic(call: Call[TuneTopic]) -> Message:
    """Propose what the thumbs speak for, with the difference that it would make."""
    desk, chat = call.desk, call.chat
    topic = own(await named(desk, chat, call.command.name), chat)
    advice = await _advice(desk, chat, topic)
    if advice is None:
        none = _("There is nothing to propose: it takes {count} 👎 on alerts of {topic}.")
        raise CommandError(none.format(count=feedback.ENOUGH, topic=wording.quoted(topic.name)))
    wanted = Proposal(UNSAVED, chat.id, topic.name, advice.query, desk.now(), advice.sensitivity)
    offered = await desk.store.put_proposal(wanted)
    return await _proposed(desk, chat, offered, (paragraph(advice.reason),))


async def _advice(desk: Desk, chat: Chat, topic: Topic) -> feedback.Advice | None:
    if topic.chat_id != chat.id:
        return None
    known = extended(desk.lexicon, await desk.store.concepts_of(chat.id))
    return feedback.advice(topic, await desk.store.rated_matches(chat.id, topic.id), known)


# ---------------------------------------------------------------- proposing


async def _proposal_for(desk: Desk, chat: Chat, name: str) -> Proposal:
    """What is proposed under this name, else the topic as it stands, as the beginning of a proposal."""
    offered = await desk.store.proposal_named(chat.id, name)
    if offered is not None:
        return offered
    topic = own(await named(desk, chat, name), chat)
    return Proposal(UNSAVED, chat.id, topic.name, topic.query, desk.now(), topic.sensitivity)


async def _reproposed(desk: Desk, chat: Chat, offered: Proposal) -> Message:
    if offered.id == UNSAVED or not await desk.store.change_proposal(offered):
        offered = await desk.store.put_proposal(offered)
    return await _proposed(desk, chat, offered)


async def _proposed(desk: Desk, chat: Chat, offered: Proposal, explained: Sequence[Block] = ()) -> Message:
    test = await _tried(desk, chat, offered)
    topic = await desk.store.topic_named(chat.id, offered.name)
    before = await _tried(desk, chat, topic) if topic is not None else None
    lead = phrase(_("Change of {topic}") if topic else _("Proposal: {topic}"), topic=wording.quoted(offered.name))
    blocks = [heading(*lead), _query_line(offered), *explained, *figures(test, before)]
    if not test.read and not await desk.store.feeds_of(chat.id):
        blocks.append(paragraph(_("Save it and add feeds next: I will show at once what it finds in them.")))
    still = _("Nothing changes until you save it.") if topic else _("Nothing is watched until you save it.")
    blocks.append(note(still))
    charts, excuse = await charted(desk, chat, test, offered.name)
    return Message((*blocks, *excuse), _choices(offered), charts)


def _choices(offered: Proposal) -> tuple[tuple[Button, ...], ...]:
    made = [buttons.proposal(action, offered) for action in ("save", "stricter", "wider", "edit")]
    return tuple(made[:2]), tuple(made[2:])


async def _tried(desk: Desk, chat: Chat, what: Proposal | Topic) -> Backtest:
    concepts = await desk.store.concepts_of(chat.id)
    return await desk.backtest(chat, Trial(what.query, what.sensitivity, concepts))


def _query_line(what: Proposal | Topic) -> Block:
    line = (*phrase(_("Query: {query}"), query=code(what.query)), f" · {wording.level(what.sensitivity)}")
    # A frame of many words: a quote can be folded.
    return quote(*line) if len(what.query) > LINE_CHARS else paragraph(*line)


# ---------------------------------------------------------------- saving


async def _changed(desk: Desk, chat: Chat, topic: Topic, wanted: Proposal | Topic) -> Topic:
    """The topic with another query or sensitivity; what it matched before is forgotten, to be matched anew."""
    changed = replace(own(topic, chat), query=wanted.query, sensitivity=wanted.sensitivity)
    await desk.store.replace_topic(changed)
    await desk.store.clear_matches(topic.id)
    return changed


async def _watching(desk: Desk, chat: Chat, topic: Topic, *, is_new: bool) -> Message:
    found = await desk.backfill(topic)
    now = desk.now()
    newest = await desk.store.latest_stories(chat.id, topic_id=topic.id, limit=NEWEST_SHOWN)
    silent = silence(topic, on=await is_on(desk, chat, topic))
    if silent is not None:
        why, end = silent
        row = (buttons.topic_latest(topic), buttons.topic_test(topic), end)
        return Message((why, _query_line(topic), *story_lines(newest, now)), (row,))
    said = _("Now watching {topic}") if is_new else _("{topic} is changed")
    title = heading(*phrase(said, topic=wording.quoted(topic.name)))
    if not await desk.store.feeds_of(chat.id):
        held = (paragraph(_found(found)),) if found.entries else ()
        return _fed_by_nothing(desk, topic, (title, _query_line(topic), *held))
    return Message(
        (title, _query_line(topic), paragraph(_found(found)), *story_lines(newest, now)),
        ((buttons.topic_latest(topic), buttons.topic_test(topic), buttons.topic_remove(topic)),),
    )


def _fed_by_nothing(desk: Desk, topic: Topic, said: tuple[Block, ...]) -> Message:
    """The next step for a chat without feeds: lists that fit its topic, each a press away."""
    packs = desk.packs()
    shown, rows = first.offer_packs(first.fitting(topic.query, packs, desk.lexicon), packs)
    last = (buttons.plain("packs", _("Other lists")), buttons.topic_remove(topic))
    return Message((*said, first.where_from(), shown), (*rows, last))


def _found(found: Backfill) -> str:
    if not found.entries:
        return _("Nothing in the archive yet. The next matching story will be sent here.")
    said = ngettext(
        "The archive already holds {entries} on it, in {count} story; new ones will be sent here.",
        "The archive already holds {entries} on it, in {count} stories; new ones will be sent here.",
        found.stories,
    )
    return wording.counted(said, found.stories, entries=wording.entries(found.entries))


# ---------------------------------------------------------------- checks


def _checked_name(name: str) -> str:
    if len(name) > TOPIC_NAME_CHARS:
        long = _(
            "A topic's name can have {most} characters; this one has {count}. "
            "Give it a short name, and what to watch after an equals sign: /topics add NAME = QUERY"
        )
        raise CommandError(long.format(most=TOPIC_NAME_CHARS, count=len(name)))
    return name


async def check_room(desk: Desk, chat: Chat) -> None:
    """Raises CommandError where the chat has as many topics as it may have."""
    topics = await desk.store.topics_of(chat.id)
    if sum(topic.chat_id == chat.id for topic in topics) >= TOPICS_PER_CHAT:
        full = _("This chat has {most} topics, which is the most. Remove one first: /topics remove NAME")
        raise CommandError(full.format(most=TOPICS_PER_CHAT))


def own(topic: Topic, chat: Chat) -> Topic:
    """The topic, which must be the chat's own. Raises CommandError for a shared one."""
    if topic.chat_id != chat.id:
        shared = _(
            "{topic} is shared with every chat, so it cannot be changed here. "
            "To have one of your own: /topics add NAME = QUERY"
        )
        raise CommandError(shared.format(topic=wording.quoted(topic.name)))
    return topic


def _known_already(topic: Topic) -> Message:
    return Message(
        (paragraph(*phrase(_("{topic} is watched already."), topic=bold(topic.name))), _query_line(topic)),
        ((buttons.topic_show(topic), buttons.topic_change("edit", topic), buttons.topic_remove(topic)),),
    )


# ---------------------------------------------------------------- from a name to a query


async def query_for(desk: Desk, chat: Chat, name: str, query: str | None) -> tuple[str, tuple[Block, ...]]:
    """The query in its canonical form, and what to say about how it came out of the name."""
    lexicon = desk.lexicon
    concepts = await desk.store.concepts_of(chat.id)
    if query is not None or _CONCEPT.search(name):
        return canonical(query or name, concepts, lexicon), ()
    try:
        suggestion = suggest(name, lexicon)
    except QueryError as error:
        unclear = _(
            "I cannot tell what to watch for from {name}. "
            'Say it as a query, such as: /topics add NAME = word | "a phrase"'
        )
        raise CommandError(unclear.format(name=wording.quoted(name))) from error
    return suggestion.query, tuple(_explained(name, suggestion, lexicon))


def _explained(name: str, suggestion: Suggestion, lexicon: Lexicon) -> Iterator[Block]:
    """What each word of the name became, which words were left out, and which the lexicon does not know."""
    spans: list[Span | str] = []
    for words, became in suggestion.parts:
        if words not in suggestion.unknown:
            concept = lexicon.concepts.get(became.removeprefix("@"))
            label = f" ({concept.label})" if concept and concept.label.casefold() != words.casefold() else ""
            spans += [", " if spans else "", f"{words} → ", code(became), label]
    if spans:
        yield note(*spans)
    if suggestion.unknown:
        said = _("Not in my lexicon, so taken as it stands, and not found in other languages: {words}.")
        yield note(said.format(words=_in_quotes(suggestion.unknown)))
    if suggestion.dropped:
        yield note(_("Left out, as it says little: {words}.").format(words=_in_quotes(suggestion.dropped)))
    yield from _as_one_name(name, suggestion, lexicon)
    whole = lexicon.concepts.get(suggestion.query.removeprefix("@"))
    if whole and whole.kind == "subject":
        yield note(
            _("Everything on this subject, wherever it happens. A country, firm or person in the name narrows it.")
        )


def _as_one_name(name: str, suggestion: Suggestion, lexicon: Lexicon) -> Iterator[Block]:
    """That two capitalised words were read as one name, and what to send where they are two (Telegram and Durov)."""
    for words in suggestion.unknown:
        left, _space, right = words.partition(" ")
        is_one = fold(words).text in lexicon.naming.whole.get(fold(left).text, ())
        phrase_of = f'"{words}"'
        if left.isalnum() and right.isalnum() and not is_one and phrase_of in suggestion.query:
            apart = suggestion.query.replace(phrase_of, f"{left} & {right}")
            said = _("{words} is looked for as one name, side by side. If these are two things: {line}")
            line = code(f"/topics add {name} = {apart}")
            yield note(*phrase(said, words=wording.quoted(words), line=line))
            return


def _in_quotes(words: Sequence[str]) -> str:
    return wording.listed([wording.quoted(word) for word in words])
