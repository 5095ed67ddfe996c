"""/subscribe and /unsubscribe: which of the chat's topics alert. Without a name they offer the choice as buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.message import Message, bold, code, note, paragraph, phrase
from bot.limits import TOPIC_NAME_CHARS
from bot.model import Subscription
from bot.speech import _
from handlers import buttons, wording
from handlers.grammar.topics import PLACE
from handlers.topics import named, place_named, silence
from handlers.words import as_typed, near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.chats.message import Block, Button
    from bot.model import Address, Topic
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
        return _choice(_("Which topic should alert?"), off, buttons.subscribe) if off else _all_on(topics)
    topic = await desk.store.topic_named(chat.id, name)
    if topic is None:
        return _offer_new(name, topics)
    if topic.id not in on:
        await desk.store.subscribe(Subscription(chat.id, topic.id, desk.now()))
    silent = silence(topic, on=True)
    if silent is not None:
        why, end = silent
        return Message((why,), ((end, buttons.unsubscribe(topic)),))
    said = _("{topic} is on already.") if topic.id in on else _("{topic} is on: new stories will be sent here.")
    return Message(
        (paragraph(*phrase(said, topic=bold(topic.name))),),
        ((buttons.topic_latest(topic), buttons.unsubscribe(topic)),),
    )


async def unsubscribe(call: Call[Unsubscribe]) -> Message:
    """Turn a topic's alerts off; the topic stays, and goes on collecting stories."""
    desk, chat, name = call.desk, call.chat, call.command.name
    if name is None:
        on = {subscription.topic_id for subscription in await desk.store.subscriptions_of(chat.id)}
        topics = [topic for topic in await desk.store.topics_of(chat.id) if topic.id in on]
        if topics:
            return _choice(_("Which topic should be silent?"), topics, buttons.unsubscribe)
        none = phrase(_("No topic alerts here. Turn one on: {line}"), line=code("/subscribe NAME"))
        return Message((paragraph(*none),))
    topic = await named(desk, chat, name)
    before = next((each for each in await desk.store.subscriptions_of(chat.id) if each.topic_id == topic.id), None)
    had = await desk.store.unsubscribe(chat.id, topic.id)
    said = _("{topic} is off: nothing more of it will be sent here.") if had else _("{topic} was off already.")
    back: tuple[Block, ...] = ()
    turn_on = buttons.subscribe(topic)
    if before is not None and before.place is not None:
        back, turn_on = _way_back(topic, before, before.place, call.inbound.address)
    said_so = paragraph(*phrase(said, topic=bold(topic.name)))
    return Message((said_so, *back), ((turn_on, buttons.topic_remove(topic)),))


def _way_back(topic: Topic, before: Subscription, place: Address, here: Address) -> tuple[tuple[Block, ...], Button]:
    """How a topic's alerts come again to the thread or channel that they went to: that goes with the subscription.

    In words, and as the button that turns it on, which in another thread than that cannot do so.
    """
    name, plain = as_typed(topic.name), buttons.subscribe(topic)
    if place.chat == here.chat:
        line = f"/subscribe {name} here"
    else:
        channel = next((each for each in (before.place_title, place.chat) if PLACE.fullmatch(each)), None)
        if channel is None:
            return (), plain
        line = f"/subscribe {channel} {name}"
    if place.chat == here.chat and place != here:
        said = _(
            "Turned on again, it comes to the chat itself. For the thread that it went to, send this there: {line}"
        )
        return (note(*phrase(said, line=code(line))),), plain
    said = _("Turned on by its button, it goes to {place} again: {line}")
    where = wording.clip(place_named(before, here), 80)
    return (note(*phrase(said, place=where, line=code(line))),), buttons.offer(plain.label, line)


def _choice(question: str, topics: Sequence[Topic], make: Callable[[Topic, str], Button]) -> Message:
    rows = tuple((make(topic, wording.clip(topic.name, buttons.LABEL_NAME_CHARS)),) for topic in topics[:CHOICES])
    more = len(topics) - CHOICES
    tail = (note(_("And {count} more; /topics lists them all.").format(count=more)),) if more > 0 else ()
    return Message((paragraph(question), *tail), rows)


def _all_on(topics: Sequence[Topic]) -> Message:
    if topics:
        return Message((paragraph(_("Every topic here is on already.")),), ((buttons.plain("topics"),),))
    none = phrase(_("There is no topic yet. Watch one: {line}"), line=code("/topics add DPRK-Russia arms"))
    return Message((paragraph(*none),))


def _offer_new(name: str, topics: Sequence[Topic]) -> Message:
    name = wording.clip(name, TOPIC_NAME_CHARS)
    add = f"/topics add {as_typed(name)}"
    by_name = {topic.name: topic for topic in topics}
    near = [
        buttons.subscribe(by_name[word], wording.clip(word, buttons.LABEL_NAME_CHARS))
        for word in near_names(name, tuple(by_name))
    ]
    label = _("Watch {name}").format(name=wording.clip(name, buttons.LABEL_NAME_CHARS))
    none = phrase(_("No topic here is called {name}. Watch it: {line}"), name=wording.quoted(name), line=code(add))
    return Message(
        (paragraph(*none),),
        (*((button,) for button in near), (buttons.offer(label, add),)),
    )
