"""/subscribe and /unsubscribe: which of the chat's topics alert. Without a name they offer the choice as buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, bold, code, note, paragraph
from bot.limits import TOPIC_NAME_CHARS
from bot.model import Subscription
from handlers import buttons, wording
from handlers.topics import named
from handlers.words import as_typed, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.chats.message import Button
    from bot.model import Topic
    from handlers.row import Call
    from handlers.sayings import Subscribe, Unsubscribe

CHOICES: Final = 20


async def subscribe(call: Call[Subscribe]) -> Message:
    """Turn a topic's alerts on; an unknown name is offered as a new topic."""
    desk, chat, name = call.desk, call.chat, call.command.name
    topics = await desk.store.topics_of(chat.id)
    on = {subscription.topic_id for subscription in await desk.store.subscriptions_of(chat.id)}
    if name is None:
        off = [topic for topic in topics if topic.id not in on]
        return _choice("Which topic should alert?", off, buttons.subscribe) if off else _all_on(topics)
    topic = await desk.store.topic_named(chat.id, name)
    if topic is None:
        return _offer_new(name, topics)
    if topic.id not in on:
        await desk.store.subscribe(Subscription(chat.id, topic.id, desk.now()))
    already = "is on already" if topic.id in on else "is on: new stories will be sent here"
    return Message(
        (paragraph(bold(topic.name), f" {already}."),), ((buttons.topic_latest(topic), buttons.unsubscribe(topic)),)
    )


async def unsubscribe(call: Call[Unsubscribe]) -> Message:
    """Turn a topic's alerts off; the topic stays, and goes on collecting stories."""
    desk, chat, name = call.desk, call.chat, call.command.name
    if name is None:
        on = {subscription.topic_id for subscription in await desk.store.subscriptions_of(chat.id)}
        topics = [topic for topic in await desk.store.topics_of(chat.id) if topic.id in on]
        if topics:
            return _choice("Which topic should be silent?", topics, buttons.unsubscribe)
        return Message((paragraph("No topic alerts here. Turn one on: ", code("/subscribe NAME")),))
    topic = await named(desk, chat, name)
    had = await desk.store.unsubscribe(chat.id, topic.id)
    state = "is off: nothing more of it will be sent here" if had else "was off already"
    return Message(
        (paragraph(bold(topic.name), f" {state}."),), ((buttons.subscribe(topic), buttons.topic_remove(topic)),)
    )


def _choice(question: str, topics: Sequence[Topic], make: Callable[[Topic, str], Button]) -> Message:
    rows = tuple((make(topic, wording.clip(topic.name, buttons.LABEL_NAME_CHARS)),) for topic in topics[:CHOICES])
    more = len(topics) - CHOICES
    tail = (note(f"And {more} more; /topics lists them all."),) if more > 0 else ()
    return Message((paragraph(question), *tail), rows)


def _all_on(topics: Sequence[Topic]) -> Message:
    if topics:
        return Message((paragraph("Every topic here is on already."),), ((buttons.plain("topics", "Topics"),),))
    return Message((paragraph("There is no topic yet. Watch one: ", code("/topics add DPRK-Russia arms")),))


def _offer_new(name: str, topics: Sequence[Topic]) -> Message:
    name = wording.clip(name, TOPIC_NAME_CHARS)
    add = f"/topics add {as_typed(name)}"
    by_name = {topic.name: topic for topic in topics}
    near = [
        buttons.subscribe(by_name[word], wording.clip(word, buttons.LABEL_NAME_CHARS))
        for word in nearest(name, tuple(by_name))
    ]
    label = f"Watch {wording.clip(name, buttons.LABEL_NAME_CHARS)}"
    return Message(
        (paragraph("No topic here is called ", wording.quoted(name), ". Watch it: ", code(add)),),
        (*((button,) for button in near), (buttons.offer(label, add),)),
    )
