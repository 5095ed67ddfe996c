"""Where: the places that topics' alerts go to, and what becomes of chats when nobody says a word.

A topic's alerts go to the chat itself, or to a thread or channel that it names. Whether a person may name a channel is
the platform's word. Being added is greeted once; being removed keeps everything and sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.chats.chat import Happening
from bot.chats.message import Message, bold, code, note, paragraph
from bot.model import Subscription
from handlers import buttons, first, wording
from handlers.row import Call
from handlers.sayings import PlaceTopic, Subscribe
from handlers.subscriptions import subscribe
from handlers.topics import named
from handlers.words import as_typed

if TYPE_CHECKING:
    from bot.chats.chat import Inbound
    from bot.model import Address, Chat, Topic
    from handlers.ports import Desk

_log = structlog.get_logger(__name__)

HERE = "here"


async def place_topic(call: Call[PlaceTopic]) -> Message:
    """Let a topic's alerts go to this thread, to a channel, or back to the chat itself; turns them on if need be."""
    desk, chat, wanted = call.desk, call.chat, call.command
    if wanted.place == HERE:
        whole = f"{wanted.name} {HERE}"
        if await desk.store.topic_named(chat.id, whole) is not None:
            return await subscribe(Call(desk, chat, Subscribe(whole), call.inbound))
        topic = await named(desk, chat, wanted.name)
        here = call.inbound.address
        return await _placed(desk, chat, topic, here if here.thread else None, "this thread" if here.thread else "here")
    topic = await named(desk, chat, wanted.name)
    place = await desk.find_place(call.inbound, wanted.place)
    home = place.address.chat == chat.address.chat
    return await _placed(desk, chat, topic, None if home else place.address, "here" if home else place.title)


async def _placed(desk: Desk, chat: Chat, topic: Topic, place: Address | None, name: str) -> Message:
    await desk.store.subscribe(Subscription(chat.id, topic.id, desk.now(), place))
    await desk.store.send_to(chat.id, topic.id, place)
    blocks = [paragraph("Alerts on ", bold(topic.name), " go to ", bold(wording.clip(name, 80)), " from now on.")]
    if place is not None:
        back = f"/subscribe {as_typed(topic.name)} here"
        blocks.append(note("Back to the chat: type ", code(back), " outside of any thread. Digests come to the chat."))
    return Message(tuple(blocks), ((buttons.topic_latest(topic), buttons.unsubscribe(topic)),))


async def heed(desk: Desk, inbound: Inbound) -> tuple[Message, ...]:
    """A chat got a new address, or has just got the bot, and is told what to do next."""
    store = desk.store
    if inbound.happening is Happening.MOVED:
        known = await store.known_chat(inbound.address)
        if known is not None and inbound.moved_to is not None:
            await store.move_chat(known.id, inbound.moved_to)
            _log.info("chat", happening="MOVED", chat_id=known.id)
        return ()
    chat = await store.chat_at(inbound.address, title=inbound.chat_title, now=desk.now())
    _log.info("chat", happening="JOINED", chat_id=chat.id)
    topics = await store.topics_of(chat.id)
    feeds = await store.feeds_of(chat.id)
    return (first.welcome(topics, feeds=len(feeds), samples=desk.sample_mode),)
