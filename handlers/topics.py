"""/topics, page, show and remove: what this chat watches.

Adding and changing is the business of ``proposals``, names, pauses and sharing that of ``sharing``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.alerts.compose import outlets
from bot.chats.message import Block, Message, bold, bullets, code, heading, link, note, paragraph
from bot.errors import CommandError
from bot.limits import TOPIC_NAME_CHARS
from handlers import buttons, wording
from handlers.words import as_typed, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.chats.message import Button, Span
    from bot.model import Chat, Topic
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
    which = f", page {page} of {pages}" if pages > 1 else ""
    return Message(
        (
            heading(f"Watching {wording.count(len(topics), 'topic')}{which}"),
            bullets(*lines),
            note("Add one: ", code("/topics add NAME")),
        ),
        (*_topic_buttons(shown), *_turning(page, pages)),
    )


async def show_topic(call: Call[ShowTopic]) -> Message:
    """One topic: its query, since when, how sensitive, whether it alerts, its stories so far and the newest."""
    desk, chat = call.desk, call.chat
    topic = await named(desk, chat, call.command.name)
    on = topic.id in await _subscribed(desk, chat)
    views = await desk.store.latest_stories(chat.id, topic_id=topic.id, limit=STORIES_COUNTED)
    so_far = f"{STORIES_COUNTED} or more stories" if len(views) >= STORIES_COUNTED else wording.stories(len(views))
    now = desk.now()
    facts = [
        f"since {wording.when(topic.created_at, now)}",
        f"sensitivity {topic.sensitivity.value}",
        f"{so_far} so far",
    ]
    if topic.chat_id is None:
        facts.append("shared with every chat")
    switch = buttons.unsubscribe(topic) if on else buttons.subscribe(topic)
    return Message(
        (
            heading(wording.quoted(topic.name), ": ", _state(topic, on=on)),
            paragraph("Query: ", code(topic.query)),
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
        raise CommandError(
            f"{wording.quoted(topic.name)} is shared with every chat. To hear no more of it: /unsubscribe {topic.name}"
        )
    await call.desk.store.remove_topic(topic.id)
    again = f"/topics save {as_typed(topic.name)} = {topic.query}"
    return Message(
        (paragraph(bold(topic.name), " is no longer watched."), note("Bring it back: ", code(again))),
        ((buttons.offer("Bring it back", again),),),
    )


# ---------------------------------------------------------------- shared with the other handlers


async def named(desk: Desk, chat: Chat, name: str) -> Topic:
    """The chat's topic of this name, ignoring case. Raises CommandError, with near names, where there is none."""
    topic = await desk.store.topic_named(chat.id, name)
    if topic is not None:
        return topic
    near = nearest(name, tuple(topic.name for topic in await desk.store.topics_of(chat.id)))
    hint = f"Did you mean {wording.listed([wording.quoted(word) for word in near])}?" if near else "/topics lists them."
    raise CommandError(f"No topic here is called {wording.quoted(wording.clip(name, TOPIC_NAME_CHARS))}. {hint}")


async def lines_of(desk: Desk, chat: Chat, topics: Sequence[Topic]) -> list[tuple[Span | str, ...]]:
    """A line for each topic: its name, whether it alerts, when it last had a story, and its query."""
    subscribed = await _subscribed(desk, chat)
    latest = await desk.store.latest_stories(chat.id, limit=STORIES_COUNTED)
    return [_topic_line(topic, topic.id in subscribed, latest, desk.now()) for topic in topics]


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
            heading("Nothing is watched yet"),
            paragraph("Name a subject, and I make a query of it: ", code("/topics add DPRK-Russia arms")),
        ),
        ((buttons.offer("Watch DPRK-Russia arms", "/topics add DPRK-Russia arms"),),),
    )


def _topic_line(topic: Topic, on: bool, latest: Sequence[StoryView], now: datetime) -> tuple[Span | str, ...]:  # noqa: FBT001 - private
    newest = next((view.story.updated_at for view in latest if topic.name in view.topics), None)
    tail = f", last story {wording.when(newest, now)}" if newest else ""
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
    row = [buttons.topics_page(page - 1, "‹ Before")] if page > 1 else []
    if page < pages:
        row.append(buttons.topics_page(page + 1, "Next ›"))
    return (tuple(row),) if row else ()


def _state(topic: Topic, *, on: bool) -> str:
    if topic.paused:
        return "paused"
    return "on" if on else "off"


async def _subscribed(desk: Desk, chat: Chat) -> frozenset[int]:
    return frozenset(subscription.topic_id for subscription in await desk.store.subscriptions_of(chat.id))
