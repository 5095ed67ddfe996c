"""Where: the places that topics' alerts go to, and what becomes of chats when nobody says a word.

A topic's alerts go to the chat itself, or to a thread or channel that it names. Whether a person may name a channel is
the platform's word. Being added is greeted once; being removed keeps everything and sends nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.alerts.notices import lost_place
from bot.chats.chat import Happening
from bot.chats.message import Message, bold, code, note, paragraph, phrase
from bot.model import Platform, Subscription, Trouble
from bot.speech import _, nearest, speak
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
        return await _placed(desk, chat, topic, here if here.thread else None)
    topic = await named(desk, chat, wanted.name)
    place = await desk.find_place(call.inbound, wanted.place)
    home = place.address.chat == chat.address.chat
    return await _placed(desk, chat, topic, None if home else place.address, title=place.title)


async def _placed(desk: Desk, chat: Chat, topic: Topic, place: Address | None, *, title: str = "") -> Message:
    """Send a topic's alerts there from now on; ``title`` is a channel's, without one it is a thread of the chat."""
    await desk.store.subscribe(Subscription(chat.id, topic.id, desk.now(), place, title))
    await desk.store.send_to(chat.id, topic.id, place, title=title)
    name = _("here") if place is None else title or _("this thread")
    said = _("From now on, alerts on {topic} go to: {place}.")
    blocks = [paragraph(*phrase(said, topic=bold(topic.name), place=bold(wording.clip(name, 80))))]
    if place is not None:
        back = f"/subscribe {as_typed(topic.name)} here"
        how = _("Back to the chat: type {line} outside of any thread. Digests come to the chat.")
        blocks.append(note(*phrase(how, line=code(back))))
    return Message(tuple(blocks), ((buttons.topic_latest(topic), buttons.unsubscribe(topic)),))


async def heed(desk: Desk, inbound: Inbound, happening: Happening) -> tuple[Message, ...]:
    """Take in what became of the bot or of a chat; who has just added it is told what to do next."""
    match happening:
        case Happening.JOINED:
            return await _greet(desk, inbound)
        case Happening.MOVED:
            await _move(desk, inbound)
        case Happening.REFUSED | Happening.ACCEPTED:
            await _heed_connection(desk, inbound, happening)
        case Happening.HUSHED:
            await desk.store.keep_silent(inbound.address, until=desk.now() + timedelta(seconds=inbound.wait_s))
        case _:
            await _heed_chat(desk, inbound, happening)
    return ()


async def _greet(desk: Desk, inbound: Inbound) -> tuple[Message, ...]:
    store = desk.store
    # A group speaks the language of whoever brings the bot in, until it chooses one.
    lang = nearest(inbound.lang) if inbound.lang else None
    chat = await store.chat_at(inbound.address, title=inbound.chat_title, now=desk.now(), lang=lang)
    settings = await store.settings_of(chat.id)
    speak(settings.lang or inbound.lang or chat.lang, zone=settings.zone)
    _log.info("chat", happening="JOINED", chat_id=chat.id)
    topics = await store.topics_of(chat.id)
    feeds = await store.feeds_of(chat.id)
    return (first.welcome(topics, feeds=len(feeds), samples=desk.sample_mode),)


async def _move(desk: Desk, inbound: Inbound) -> None:
    """A chat has a new address; so has a place that other chats send to."""
    store, to = desk.store, inbound.moved_to
    if to is None:
        return
    known = await store.known_chat(inbound.address)
    if known is not None:
        await store.move_chat(known.id, to)
        _log.info("chat", happening="MOVED", chat_id=known.id)
    for chat_id in await store.senders_to(inbound.address):
        for place in {one.place for one in await store.subscriptions_of(chat_id)}:
            if place is not None and place.chat == inbound.address.chat:
                await store.move_place(chat_id, place, replace(to, thread=place.thread))


async def _heed_chat(desk: Desk, inbound: Inbound, happening: Happening) -> None:
    """What became of a chat, if it is one of ours: its alerts wait while nobody may speak there."""
    store, gone = desk.store, happening is Happening.GONE
    chat = await store.known_chat(inbound.address)
    if chat is not None and happening is Happening.RENAMED:
        if chat.active:
            await store.chat_at(inbound.address, title=inbound.chat_title, now=desk.now())
    elif chat is not None and chat.active is gone:
        await store.set_chat_active(chat.id, active=not gone, why=inbound.text, now=desk.now())
        _log.warning("chat", happening=happening.name, chat_id=chat.id, why=inbound.text)
    if gone:
        await _lose_place(desk, inbound)


async def why_lost(desk: Desk, inbound: Inbound) -> str:
    """Why the last post to a chat failed that speaks to us all the same; "" where nothing is known of that.

    Slack takes a slash command where the bot is not, and passes our answer on. Elsewhere what we answer is a post.
    """
    if inbound.address.platform is not Platform.SLACK:
        return ""
    known = await desk.store.known_chat(inbound.address)
    return known.gone_why if known is not None and not known.active else ""


def unreached(why: str) -> Message:
    """That what alerts in a chat does not reach it, why, and what helps."""
    failed = _("I could not post here lately: {why}.")
    helps = _(
        "Nothing that alerts here arrives until I am in this conversation: {line}. "
        "Into one between two people I cannot be invited: write to me directly."
    )
    return Message((paragraph(failed.format(why=why.rstrip("."))), note(*phrase(helps, line=code("/invite")))))


async def _lose_place(desk: Desk, inbound: Inbound) -> None:
    """What other chats sent to a place that is gone comes to those chats, and they are told so at once."""
    store, gone = desk.store, inbound.address
    for chat_id in await store.senders_to(gone):
        home = await store.chat(chat_id)
        if home is None or home.address.chat == gone.chat:
            continue  # its own threads are there again when it is
        for place in {one.place for one in await store.subscriptions_of(chat_id)}:
            if place is None or place.chat != gone.chat:
                continue
            topics = await store.move_place(chat_id, place, None)
            name = inbound.chat_title or place.chat
            told = lost_place(topics, name, inbound.text, now=desk.now())
            await store.put_notices(chat_id, [told] if topics else [], now=desk.now())


async def _heed_connection(desk: Desk, inbound: Inbound, happening: Happening) -> None:
    """Whether the platform takes the bot's token: the owner finds it in /status, ``backstory status`` and doctor."""
    platform, subject = inbound.address.platform, inbound.address.chat
    if happening is Happening.ACCEPTED:
        await desk.store.end_trouble(platform, subject)
    else:
        await desk.store.note_trouble(Trouble(platform, subject, inbound.text, desk.now()))
