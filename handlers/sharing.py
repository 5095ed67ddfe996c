"""/topics rename, pause, resume, share and take: a topic's name and rest, and its way into other chats.

A shared topic is a copy under a token that nobody can guess. Whoever takes it sees it as a proposal, tried on the
archive of their own chat, before anything is watched.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, bold, code, heading, link, note, paragraph
from bot.errors import CommandError
from bot.limits import TOPIC_NAME_CHARS, TOPICS_PER_CHAT
from bot.model import UNSAVED, Platform, Proposal, Topic
from bot.preferences import TopicShare
from bot.topics.own import expanded
from handlers import buttons, proposals, wording
from handlers.grammar.topics import SHARE_PREFIX
from handlers.row import Call
from handlers.sayings import TestTopic
from handlers.topics import named
from handlers.words import as_typed

if TYPE_CHECKING:
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
        raise CommandError(f"A topic's name can have {TOPIC_NAME_CHARS} characters; this one has {len(name)}.")
    renamed = replace(topic, name=name)
    await call.desk.store.replace_topic(renamed)
    return Message(
        (paragraph(bold(topic.name), " is called ", bold(name), " from now on."),),
        ((buttons.topic_show(renamed), buttons.topic_latest(renamed)),),
    )


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
    if paused:
        said = "is paused: nothing new is collected or sent for it. What is there stays."
    else:
        said = "is watched again: new stories will be sent here."
    already = " (It was so already.)" if topic.paused is paused else ""
    return Message(
        (paragraph(bold(topic.name), f" {said}{already}"),),
        ((buttons.topic_pause(changed), buttons.topic_show(changed)),),
    )


async def share_topic(call: Call[ShareTopic]) -> Message:
    """Offer a copy of the topic: a link on Telegram, and a code that works everywhere."""
    desk, chat = call.desk, call.chat
    topic = await named(desk, chat, call.command.name)
    # Another chat does not know this one's own concepts: they travel written out.
    query = expanded(topic.query, await desk.store.concepts_of(chat.id), desk.lexicon)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share = TopicShare(token, chat.id, topic.name, query, topic.sensitivity, desk.now())
    await desk.store.share_topic(share)
    typed = f"/topics take {SHARE_PREFIX}{token}"
    blocks = [heading("Share ", wording.quoted(topic.name)), paragraph("Query: ", code(query))]
    bot = call.inbound.bot_name
    if call.inbound.address.platform is Platform.TELEGRAM and bot:
        blocks += [
            paragraph("For a person: ", link(*[_telegram(bot, "start", token)] * 2)),
            paragraph("For a group: ", link(*[_telegram(bot, "startgroup", token)] * 2)),
        ]
    if call.inbound.address.platform is Platform.SLACK:
        typed = f"/backstory topics take {SHARE_PREFIX}{token}"
    blocks += [
        paragraph("In any other chat with me: ", code(typed)),
        note("Whoever has this code gets a copy of the topic as it is now. A new share makes the old code void."),
    ]
    return Message(tuple(blocks), ((buttons.shared(token, "Add this topic"),),))


async def take_shared(call: Call[TakeShared]) -> Message:
    """Propose a topic that another chat shares, with what it would have found here."""
    desk, chat, token = call.desk, call.chat, call.command.token
    share = await desk.store.shared_topic(token) if len(token) <= TOKEN_CHARS else None
    if share is None:
        raise CommandError("Nobody shares a topic under that code any more. Ask for a new link.")
    if share.chat_id == chat.id:
        raise CommandError(f"{wording.quoted(share.name)} is a topic of this very chat: the link is for others.")
    topics = await desk.store.topics_of(chat.id)
    same = next((topic for topic in topics if topic.query == share.query), None)
    if same is not None:
        return Message(
            (paragraph(bold(same.name), " asks for just that, and is watched here already."),),
            ((buttons.topic_show(same), buttons.topic_latest(same)),),
        )
    if sum(topic.chat_id == chat.id for topic in topics) >= TOPICS_PER_CHAT:
        raise CommandError(f"This chat has {TOPICS_PER_CHAT} topics, which is the most. Remove one first: /topics")
    name = _free_name(share.name, {topic.name.casefold() for topic in topics})
    await desk.store.put_proposal(Proposal(UNSAVED, chat.id, name, share.query, desk.now(), share.sensitivity))
    proposed = await proposals.test_topic(Call(desk, chat, TestTopic(name), call.inbound))
    return Message((paragraph("A topic that was shared with you:"), *proposed.blocks), proposed.buttons)


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
        raise CommandError(
            f"{wording.quoted(topic.name)} is shared with every chat, so it cannot be changed here. "
            f"To hear no more of it: /unsubscribe {as_typed(topic.name)}"
        )
    return topic
