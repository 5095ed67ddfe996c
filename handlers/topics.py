"""/topics, page, show and remove: what this chat watches.

Adding and changing is the business of ``proposals``, names, pauses and sharing that of ``sharing``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.alerts.compose import outlets
from bot.chats.message import Block, Message, bold, bullets, code, heading, link, note, paragraph, phrase
from bot.errors import CommandError, UnknownNameError
from bot.limits import TOPIC_NAME_CHARS
from bot.model import UNSAVED, Proposal, Sensitivity
from bot.speech import _, ngettext
from handlers import buttons, wording
from handlers.words import as_typed, near_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.chats.message import Button, Span
    from bot.model import Address, Chat, Subscription, Topic
    from bot.store.port import StoryView
    from handlers.ports import Desk
    from handlers.row import Call
    from handlers.sayings import ListTopics, RemoveTopic, ShowTopic, TopicsPage

# Each topic has a button, and a screen should hold them.
TOPICS_PER_PAGE: Final = 8
LISTED_QUERY_CHARS: Final = 90
NEWEST_SHOWN: Final = 3
STORIES_COUNTED: Final = 50
HEADLINE_CHARS: Final = 160


async def list_topics(call: Call[ListTopics]) -> Message:
    """Each topic with its query, whether it alerts, and when it last had a story; the first page of many."""
    return await _page(call.desk, call.chat, 1)


async def topics_page(call: Call[TopicsPage]) -> Message:
    """A page of the list; one past the end is the last."""
    return await _page(call.desk, call.chat, call.command.page)


async def _page(desk: Desk, chat: Chat, page: int) -> Message:
    topics = await desk.store.topics_of(chat.id)
    if not topics:
        return _no_topics()
    pages = -(-len(topics) // TOPICS_PER_PAGE)
    page = min(max(page, 1), pages)
    shown = topics[(page - 1) * TOPICS_PER_PAGE : page * TOPICS_PER_PAGE]
    lines = await lines_of(desk, chat, shown)
    which = _(", page {page} of {pages}").format(page=page, pages=pages) if pages > 1 else ""
    return Message(
        (
            heading(watching(len(topics)) + which),
            bullets(*lines),
            note(*phrase(_("Add one: {line}"), line=code("/topics add NAME"))),
        ),
        (*_topic_buttons(shown), *_turning(page, pages)),
    )


async def show_topic(call: Call[ShowTopic]) -> Message:
    """One topic: its query, since when, how sensitive, whether it alerts, its stories so far and the newest."""
    desk, chat = call.desk, call.chat
    topic = await named(desk, chat, call.command.name, begun=True)
    subscribed = {each.topic_id: each for each in await desk.store.subscriptions_of(chat.id)}
    on = topic.id in subscribed
    views = await desk.store.latest_stories(chat.id, topic_id=topic.id, limit=STORIES_COUNTED)
    now = desk.now()
    facts = [
        _("since {when}").format(when=wording.when(topic.created_at, now)),
        _("sensitivity {level}").format(level=wording.level(topic.sensitivity)),
        _so_far(len(views)),
    ]
    if topic.chat_id is None:
        facts.append(_("shared with every chat"))
    if on and subscribed[topic.id].place is not None:
        facts.append(_("alerts go to {place}").format(place=place_named(subscribed[topic.id], call.inbound.address)))
    switch = buttons.unsubscribe(topic) if on else buttons.subscribe(topic)
    return Message(
        (
            heading(wording.quoted(topic.name), ": ", _state(topic, on=on)),
            paragraph(*phrase(_("Query: {query}"), query=code(topic.query))),
            *story_lines(views[:NEWEST_SHOWN], now),
            note(" · ".join(facts)),
        ),
        (
            (buttons.topic_latest(topic), buttons.topic_test(topic)),
            (buttons.topic_change("edit", topic), switch, buttons.topic_pause(topic)),
            (buttons.topic_share(topic), buttons.topic_remove(topic)),
        ),
    )


async def remove_topic(call: Call[RemoveTopic]) -> Message:
    """Remove one of the chat's own topics at once, and say how to bring it back."""
    topic = await named(call.desk, call.chat, call.command.name)
    if topic.chat_id != call.chat.id:
        shared = _("{topic} is shared with every chat. To hear no more of it: {line}")
        line = f"/unsubscribe {as_typed(topic.name)}"
        raise CommandError(shared.format(topic=wording.quoted(topic.name), line=line))
    await call.desk.store.remove_topic(topic.id)
    await drop_change(call.desk, topic)
    again = f"/topics save {as_typed(topic.name)}"
    if topic.sensitivity is Sensitivity.NORMAL:
        again = f"{again} = {topic.query}"
    else:  # no line says how sensitive it was: it is kept as a proposal
        kept = Proposal(UNSAVED, call.chat.id, topic.name, topic.query, call.desk.now(), topic.sensitivity)
        await call.desk.store.put_proposal(kept)
    return Message(
        (
            paragraph(*phrase(_("{topic} is no longer watched."), topic=bold(topic.name))),
            note(*phrase(_("Bring it back: {line}"), line=code(again))),
        ),
        ((buttons.offer(_("Bring it back"), again),),),
    )


# ---------------------------------------------------------------- shared with the other handlers


def watching(count: int) -> str:
    """How many topics are watched."""
    return wording.counted(ngettext("Watching {count} topic", "Watching {count} topics", count), count)


async def named(desk: Desk, chat: Chat, name: str, *, begun: bool = False) -> Topic:
    """The chat's topic of this name, ignoring case. Raises UnknownNameError, with near names, where there is none.

    ``begun`` takes the beginning of a name, too, where only one begins so: for what only shows.
    """
    topic = await desk.store.topic_named(chat.id, name)
    if topic is not None:
        return topic
    topics = await desk.store.topics_of(chat.id)
    begin = [topic for topic in topics if topic.name.casefold().startswith(name.casefold())]
    if begun and len(begin) == 1:
        return begin[0]
    near = near_names(name, tuple(topic.name for topic in topics))
    hint = wording.did_you_mean(near) or _("/topics lists them.")
    called = wording.quoted(wording.clip(name, TOPIC_NAME_CHARS))
    raise UnknownNameError(_("No topic here is called {name}. {hint}").format(name=called, hint=hint))


async def drop_change(desk: Desk, topic: Topic) -> None:
    """Settle the change that is proposed of a chat's own topic: saved later, it would make another one of that name."""
    offered = await desk.store.proposal_named(topic.chat_id, topic.name) if topic.chat_id is not None else None
    if offered is not None:
        await desk.store.remove_proposal(offered.chat_id, offered.id)


def silence(topic: Topic, *, on: bool) -> tuple[Block, Button] | None:
    """Why nothing of a topic is sent although the chat has it, and the button that ends that; None where it is sent."""
    if topic.paused:
        said = _("{topic} is paused: nothing is collected or sent for it until you resume it.")
    elif not on:
        said = _("{topic} is off here: nothing of it is sent until you turn it on.")
    else:
        return None
    end = buttons.topic_pause(topic) if topic.paused else buttons.subscribe(topic)
    return paragraph(*phrase(said, topic=bold(topic.name))), end


async def is_on(desk: Desk, chat: Chat, topic: Topic) -> bool:
    """Whether the topic's alerts are turned on in the chat."""
    return topic.id in await _subscribed(desk, chat)


async def lines_of(desk: Desk, chat: Chat, topics: Sequence[Topic]) -> list[tuple[Span | str, ...]]:
    """A line for each topic: its name, whether it alerts, when it last had a story, and its query."""
    subscribed = await _subscribed(desk, chat)
    latest = await desk.store.latest_stories(chat.id, limit=STORIES_COUNTED)
    return [_topic_line(topic, topic.id in subscribed, latest, desk.now()) for topic in topics]


def place_named(subscription: Subscription, here: Address) -> str:
    """What the thread or channel is called that a topic's alerts go to; ``here`` is where that is asked."""
    if subscription.place_title:
        return subscription.place_title
    if subscription.place == here:
        return _("this thread")
    if subscription.place is not None and subscription.place.chat != here.chat:
        return subscription.place.chat  # chosen before titles were kept
    return _("a thread of this chat")


def story_lines(views: Sequence[StoryView], now: datetime) -> tuple[Block, ...]:
    """The stories as bullets: date, linked headline, outlets; no block at all where there are none."""
    if not views:
        return ()
    return (bullets(*(_story_line(view, now) for view in views)),)


def _story_line(view: StoryView, now: datetime) -> tuple[Span | str, ...]:
    story = view.story
    return (
        f"{wording.when(story.updated_at, now)}: ",
        link(wording.clip(story.headline, HEADLINE_CHARS), story.url),
        f" ({outlets(story.outlets or (story.source,))})",
    )


# ---------------------------------------------------------------- pieces


def _no_topics() -> Message:
    return Message(
        (
            heading(_("Nothing is watched yet")),
            paragraph(
                *phrase(
                    _("Name a subject, and I make a query of it: {line}"), line=code("/topics add DPRK-Russia arms")
                )
            ),
        ),
        ((buttons.offer(_("Watch {name}").format(name="DPRK-Russia arms"), "/topics add DPRK-Russia arms"),),),
    )


def _topic_line(topic: Topic, on: bool, latest: Sequence[StoryView], now: datetime) -> tuple[Span | str, ...]:  # noqa: FBT001 - private
    newest = next((view.story.updated_at for view in latest if topic.name in view.topics), None)
    tail = _(", last story {when}").format(when=wording.when(newest, now)) if newest else ""
    return (
        bold(topic.name),
        f" ({_state(topic, on=on)}{tail}): ",
        code(wording.clip(topic.query, LISTED_QUERY_CHARS)),
    )


def _topic_buttons(topics: Sequence[Topic]) -> tuple[tuple[Button, ...], ...]:
    made = [buttons.topic_show(topic, wording.clip(topic.name, buttons.LABEL_NAME_CHARS)) for topic in topics]
    return tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))


def _turning(page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    """The buttons that turn the page; none where there is one page."""
    row = [buttons.topics_page(page - 1, _("‹ Before"))] if page > 1 else []
    if page < pages:
        row.append(buttons.topics_page(page + 1, _("Next ›")))
    return (tuple(row),) if row else ()


def _state(topic: Topic, *, on: bool) -> str:
    if topic.paused:
        return _("paused")
    return _("on") if on else _("off")


def _so_far(count: int) -> str:
    if count >= STORIES_COUNTED:
        return _("{count} or more stories so far").format(count=STORIES_COUNTED)
    return wording.counted(ngettext("{count} story so far", "{count} stories so far", count), count)


async def _subscribed(desk: Desk, chat: Chat) -> frozenset[int]:
    return frozenset(subscription.topic_id for subscription in await desk.store.subscriptions_of(chat.id))
