"""/topics rename, pause, resume, share and take: a topic's name and rest, and its way into other chats.

A shared topic is a copy under a token that nobody can guess. Whoever takes it sees it as a proposal, tried on the
archive of their own chat, before anything is watched.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, bold, code, heading, link, note, paragraph, phrase
from bot.errors import CommandError
from bot.limits import TOPIC_NAME_CHARS, TOPICS_PER_CHAT
from bot.model import UNSAVED, Platform, Proposal, Topic
from bot.preferences import TopicShare
from bot.speech import _
from bot.topics.own import expanded
from handlers import buttons, proposals, wording
from handlers.grammar.topics import SHARE_PREFIX
from handlers.row import Call
from handlers.sayings import TestTopic
from handlers.topics import drop_change, is_on, named, silence
from handlers.words import as_typed

if TYPE_CHECKING:
    from bot.chats.message import Span
    from bot.model import Chat
    from handlers.ports import Desk
    from handlers.sayings import PauseTopic, RenameTopic, ResumeTopic, ShareTopic, TakeShared

TOKEN_BYTES: Final = 16
"""22 characters of A-Z, a-z, 0-9, - and _: with its prefix well within the 64 that a Telegram link carries."""

TOKEN_CHARS: Final = 64


async def rename_topic(call: Call[RenameTopic]) -> Message:
    """Give one of the chat's own topics another name."""
    topic = await _own(call.desk, call.chat, call.command.name)
    name = call.command.to
    if len(name) > TOPIC_NAME_CHARS:
        long = _("A topic's name can have {most} characters; this one has {count}.")
        raise CommandError(long.format(most=TOPIC_NAME_CHARS, count=len(name)))
    changed = await called(call.desk, topic, name)
    return Message(
        (paragraph(*renamed(topic.name, name)),),
        ((buttons.topic_show(changed), buttons.topic_latest(changed)),),
    )


async def called(desk: Desk, topic: Topic, name: str) -> Topic:
    """The topic under its new name. Raises CommandError where that is taken."""
    changed = replace(topic, name=name)
    await desk.store.replace_topic(changed)
    await drop_change(desk, topic)
    return changed


def renamed(before: str, after: str) -> tuple[Span | str, ...]:
    """That a topic has another name."""
    return phrase(_("{before} is called {after} from now on."), before=bold(before), after=bold(after))


async def pause_topic(call: Call[PauseTopic]) -> Message:
    """Collect and send nothing for a topic until it is resumed."""
    return await _set_paused(call, paused=True)


async def resume_topic(call: Call[ResumeTopic]) -> Message:
    """Watch for a paused topic again."""
    return await _set_paused(call, paused=False)


async def _set_paused(call: Call[PauseTopic] | Call[ResumeTopic], *, paused: bool) -> Message:
    topic = await _own(call.desk, call.chat, call.command.name)
    changed = replace(topic, paused=paused)
    if topic.paused is not paused:
        await call.desk.store.replace_topic(changed)
    silent = None if paused else silence(changed, on=await is_on(call.desk, call.chat, changed))
    if silent is not None:
        why, end = silent
        return Message((why,), ((end, buttons.topic_show(changed)),))
    if paused:
        said = _("{topic} is paused: nothing new is collected or sent for it. What is there stays.")
    else:
        said = _("{topic} is watched again: new stories will be sent here.")
    already = " " + _("(It already was.)") if topic.paused is paused else ""
    return Message(
        (paragraph(*phrase(said, topic=bold(topic.name)), already),),
        ((buttons.topic_pause(changed), buttons.topic_show(changed)),),
    )


async def share_topic(call: Call[ShareTopic]) -> Message:
    """Offer a copy of the topic: a link on Telegram, and a code that works everywhere.

    A new code ends the one before. Who may change nothing here ends none, and is told the one that lives.
    """
    desk, chat = call.desk, call.chat
    topic = await named(desk, chat, call.command.name)
    # Another chat does not know this one's own concepts: they travel written out.
    query = expanded(topic.query, await desk.store.concepts_of(chat.id), desk.lexicon)
    may_change = await call.is_admin()
    living = None if may_change else await desk.store.share_of(chat.id, topic.name)
    token = secrets.token_urlsafe(TOKEN_BYTES) if living is None else living.token
    share = TopicShare(token, chat.id, topic.name, query, topic.sensitivity, desk.now())
    await desk.store.share_topic(share)
    typed = f"/topics take {SHARE_PREFIX}{token}"
    blocks = [
        heading(*phrase(_("Share {topic}"), topic=wording.quoted(topic.name))),
        paragraph(*phrase(_("Query: {query}"), query=code(query))),
    ]
    bot = call.inbound.bot_name
    if call.inbound.address.platform is Platform.TELEGRAM and bot:
        blocks += [
            paragraph(*phrase(_("For a person: {link}"), link=link(*[_telegram(bot, "start", token)] * 2))),
            paragraph(*phrase(_("For a group: {link}"), link=link(*[_telegram(bot, "startgroup", token)] * 2))),
        ]
    if call.inbound.address.platform is Platform.SLACK:
        typed = f"/backstory topics take {SHARE_PREFIX}{token}"
    copied = _("Whoever has this code gets a copy of the topic as it is now.")
    void = (" ", _("A new share makes the old code void.")) if may_change else ()
    blocks += [
        paragraph(*phrase(_("In any other chat with me: {line}"), line=code(typed))),
        note(copied, *void),
    ]
    return Message(tuple(blocks), ((buttons.shared(token, _("Add this topic")),),))


async def take_shared(call: Call[TakeShared]) -> Message:
    """Propose a topic that another chat shares, with what it would have found here."""
    desk, chat, token = call.desk, call.chat, call.command.token
    share = await desk.store.shared_topic(token) if len(token) <= TOKEN_CHARS else None
    if share is None:
        raise CommandError(_("Nobody shares a topic under that code any more. Ask for a new link."))
    if share.chat_id == chat.id:
        ours = _("{topic} is a topic of this very chat: the link is for others.")
        raise CommandError(ours.format(topic=wording.quoted(share.name)))
    topics = await desk.store.topics_of(chat.id)
    same = next((topic for topic in topics if topic.query == share.query), None)
    if same is not None:
        return Message(
            (paragraph(*phrase(_("{topic} asks for just that, and is watched here already."), topic=bold(same.name))),),
            ((buttons.topic_show(same), buttons.topic_latest(same)),),
        )
    if sum(topic.chat_id == chat.id for topic in topics) >= TOPICS_PER_CHAT:
        full = _("This chat has {most} topics, which is the most. Remove one first: /topics")
        raise CommandError(full.format(most=TOPICS_PER_CHAT))
    name = _free_name(share.name, {topic.name.casefold() for topic in topics})
    await desk.store.put_proposal(Proposal(UNSAVED, chat.id, name, share.query, desk.now(), share.sensitivity))
    proposed = await proposals.test_topic(Call(desk, chat, TestTopic(name), call.inbound))
    return Message((paragraph(_("A topic that was shared with you:")), *proposed.blocks), proposed.buttons)


def _telegram(bot: str, parameter: str, token: str) -> str:
    return f"https://t.me/{bot}?{parameter}={SHARE_PREFIX}{token}"


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{wording.clip(name, TOPIC_NAME_CHARS - 5)} ({number})"
    return free


async def _own(desk: Desk, chat: Chat, name: str) -> Topic:
    topic = await named(desk, chat, name)
    if topic.chat_id != chat.id:
        shared = _("{topic} is shared with every chat, so it cannot be changed here. To hear no more of it: {line}")
        line = f"/unsubscribe {as_typed(topic.name)}"
        raise CommandError(shared.format(topic=wording.quoted(topic.name), line=line))
    return topic
