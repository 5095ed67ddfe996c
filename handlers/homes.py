"""The bot's own page, where the platform has one: topics, feeds, mutes, digests and state of one person's chat.

Each message is one part of the page, with the buttons that belong to it. They say and do what the commands do; nothing
here changes anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.chat import Inbound
from bot.chats.message import Message, heading, note, paragraph
from bot.speech import _, ngettext
from handlers import about, buttons, feeds, mutes, timing, topics, wording
from handlers.about import MISSED
from handlers.row import Call
from handlers.sayings import ListFeeds, ListMutes, ShowDigest, Status

if TYPE_CHECKING:
    from bot.chats.message import Button
    from bot.model import Chat, Topic
    from handlers.ports import Desk

TOPICS_SHOWN: Final = 20
"""Each takes two blocks of the hundred that a page may have."""


async def home(desk: Desk, chat: Chat) -> tuple[Message, ...]:
    """The page's parts, from top to bottom."""
    asked = Inbound(chat.address, "")
    followed = await feeds.list_feeds(Call(desk, chat, ListFeeds(), asked))
    return (
        await _state(desk, chat, asked),
        *await _topics(desk, chat),
        _with_lists(followed[0]),
        *_rest(followed),
        await timing.show_digest(Call(desk, chat, ShowDigest(), asked)),
        await mutes.list_mutes(Call(desk, chat, ListMutes(), asked)),
    )


async def _state(desk: Desk, chat: Chat, asked: Inbound) -> Message:
    """How the bot is, and what one comes here for."""
    status = await about.status(Call(desk, chat, Status(), asked))
    wanted = (buttons.new_topic(), buttons.plain("latest", _("Latest stories")), buttons.plain("settings"))
    missed = tuple(button for row in status.buttons for button in row if button.command == MISSED)
    said = note(_("This page is about our direct messages. What a channel watches is said there: /topics"))
    return Message((*status.blocks, said), ((*wanted, *missed, buttons.plain("help")),))


async def _topics(desk: Desk, chat: Chat) -> list[Message]:
    known = await desk.store.topics_of(chat.id)
    if not known:
        empty = paragraph(_("Name a subject, and I make a query of it and try it on the archive before you save it."))
        return [Message((heading(_("Nothing is watched yet")), empty), ((buttons.new_topic(),),))]
    lines = await topics.lines_of(desk, chat, known[:TOPICS_SHOWN])
    parts = [Message((heading(topics.watching(len(known))),))]
    for topic, line in zip(known, lines, strict=False):
        parts.append(Message((paragraph(*line),), (_topic_buttons(topic, chat),)))
    if len(known) > TOPICS_SHOWN:
        more = len(known) - TOPICS_SHOWN
        said = ngettext(
            "{count} more topic, which I list in our direct messages.",
            "{count} more topics, which I list in our direct messages.",
            more,
        )
        parts.append(Message((note(wording.counted(said, more)),), ((buttons.plain("topics", _("All topics")),),)))
    return parts


def _topic_buttons(topic: Topic, chat: Chat) -> tuple[Button, ...]:
    """What can be done with a topic; one that all chats share can only be read here."""
    read = (buttons.topic_latest(topic), buttons.topic_test(topic))
    if topic.chat_id != chat.id:
        return (*read, buttons.topic_show(topic, _("More")))
    change = (buttons.topic_change("edit", topic), buttons.topic_pause(topic))
    return (*read, *change, buttons.topic_remove(topic), buttons.topic_show(topic, _("More")))


def _with_lists(message: Message) -> Message:
    return Message(message.blocks, ((buttons.plain("packs"),),))


def _rest(followed: tuple[Message, ...]) -> tuple[Message, ...]:
    """A page has room for one message of feeds; the others are asked for."""
    if len(followed) == 1:
        return ()
    return (Message((note(_("There are more feeds than fit here.")),), ((buttons.plain("feeds", _("All feeds")),),)),)
