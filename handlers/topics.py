"""/topics: what this chat watches. Handlers read the store and answer; what matches is the topic code's business."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.alerts.compose import outlets
from bot.chats.message import Block, Message, bold, bullets, code, heading, link, note, paragraph
from bot.errors import CommandError, QueryError
from bot.limits import TOPIC_NAME_CHARS, TOPICS_PER_CHAT
from bot.model import UNSAVED, Subscription, Topic
from bot.topics.query import parse as parse_query
from bot.topics.suggest import suggest
from handlers import buttons, wording
from handlers.grammar import AddTopic, ListTopics, RemoveTopic, ShowTopic, as_typed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.chats.message import Button, Span
    from bot.model import Chat
    from bot.store.port import StoryView
    from bot.topics.lexicon import Lexicon
    from bot.topics.suggest import Suggestion
    from handlers.ports import Backfill, Desk
    from handlers.row import Call

# A chat may have more topics than one message can style (100 entities on Telegram).
TOPICS_PER_MESSAGE: Final = 20
TOPIC_BUTTONS: Final = 6
LISTED_QUERY_CHARS: Final = 90
NEWEST_SHOWN: Final = 3
STORIES_COUNTED: Final = 50
HEADLINE_CHARS: Final = 160

# Nobody calls a topic "@dprk & (@russia | @china)": that is a query which came without its name.
_CONCEPT: Final = re.compile(r"(?<!\w)@\w")


async def list_topics(call: Call[ListTopics]) -> tuple[Message, ...]:
    """Each topic with its query, whether it alerts, and when it last had a story."""
    topics = await call.desk.store.topics_of(call.chat.id)
    if not topics:
        return (_no_topics(),)
    subscribed = await _subscribed(call.desk, call.chat)
    latest = await call.desk.store.latest_stories(call.chat.id, limit=STORIES_COUNTED)
    lines = [_topic_line(topic, topic.id in subscribed, latest, call.desk.now()) for topic in topics]
    chunks = [lines[start : start + TOPICS_PER_MESSAGE] for start in range(0, len(lines), TOPICS_PER_MESSAGE)]
    messages = [Message((bullets(*chunk),)) for chunk in chunks]
    messages[0] = Message((heading(f"Watching {wording.count(len(topics), 'topic')}"), *messages[0].blocks))
    messages[-1] = Message((*messages[-1].blocks, note("Add one: ", code("/topics add NAME"))), _topic_buttons(topics))
    return tuple(messages)


async def add_topic(call: Call[AddTopic]) -> Message:
    """Save a topic, subscribe the chat and match the archive against it.

    Raises QueryError where the query does not parse, CommandError where the name or number of topics is over its cap.
    """
    desk, chat = call.desk, call.chat
    name = _checked_name(call.command.name)
    known = await desk.store.topic_named(chat.id, name)
    if known is not None:
        return _known_already(known)
    topics = await desk.store.topics_of(chat.id)
    if sum(topic.chat_id == chat.id for topic in topics) >= TOPICS_PER_CHAT:
        full = f"This chat has {TOPICS_PER_CHAT} topics, which is the most."
        raise CommandError(f"{full} Remove one first: /topics remove NAME")
    query, explained = _query_for(name, call.command.query, desk.lexicon)
    now = desk.now()
    topic = await desk.store.add_topic(Topic(UNSAVED, chat.id, name, query, now))
    await desk.store.subscribe(Subscription(chat.id, topic.id, now))
    found = await desk.backfill(topic)
    newest = await desk.store.latest_stories(chat.id, topic_id=topic.id, limit=NEWEST_SHOWN)
    feeds = await desk.store.feeds_of(chat.id)
    return Message(
        (
            heading("Now watching ", wording.quoted(topic.name)),
            paragraph("Query: ", code(topic.query)),
            *explained,
            paragraph(_found(found)),
            *story_lines(newest, now),
            *([] if feeds else [note("No feed brings news yet. Add one: ", code("/feeds add URL"))]),
        ),
        ((buttons.topic_latest(topic), buttons.topic_remove(topic)),),
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
        ((buttons.topic_latest(topic), switch, buttons.topic_remove(topic)),),
    )


async def remove_topic(call: Call[RemoveTopic]) -> Message:
    """Remove one of the chat's own topics at once, and say how to bring it back."""
    topic = await named(call.desk, call.chat, call.command.name)
    if topic.chat_id != call.chat.id:
        raise CommandError(
            f"{wording.quoted(topic.name)} is shared with every chat. To hear no more of it: /unsubscribe {topic.name}"
        )
    await call.desk.store.remove_topic(topic.id)
    again = f"/topics add {as_typed(topic.name)} = {topic.query}"
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


def _checked_name(name: str) -> str:
    if len(name) > TOPIC_NAME_CHARS:
        raise CommandError(
            f"A topic's name can have {TOPIC_NAME_CHARS} characters; this one has {len(name)}. "
            "Give it a short name, and what to watch after an equals sign: /topics add NAME = QUERY"
        )
    return name


def _query_for(name: str, query: str | None, lexicon: Lexicon) -> tuple[str, tuple[Block, ...]]:
    """The query in its canonical form, and what to say about how it came out of the name."""
    if query is not None or _CONCEPT.search(name):
        return str(parse_query(query or name, lexicon)), ()
    try:
        suggestion = suggest(name, lexicon)
    except QueryError as error:
        raise CommandError(
            f"I cannot tell what to watch for from {wording.quoted(name)}. "
            'Say it as a query, such as: /topics add NAME = word | "a phrase"'
        ) from error
    return suggestion.query, tuple(_explained(suggestion, lexicon))


def _explained(suggestion: Suggestion, lexicon: Lexicon) -> Iterator[Block]:
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
        yield note(f"Not in my lexicon, so taken as it stands: {_in_quotes(suggestion.unknown)}.")
    if suggestion.dropped:
        yield note(f"Left out, as it says little: {_in_quotes(suggestion.dropped)}.")


def _in_quotes(words: Sequence[str]) -> str:
    return wording.listed([wording.quoted(word) for word in words])


def _found(found: Backfill) -> str:
    if not found.entries:
        return "Nothing in the archive yet. The next matching story will be sent here."
    return (
        f"The archive already holds {wording.entries(found.entries)} on it, in {wording.stories(found.stories)}; "
        "new ones will be sent here."
    )


def _known_already(topic: Topic) -> Message:
    return Message(
        (
            paragraph(bold(topic.name), " is watched already."),
            paragraph("Query: ", code(topic.query)),
            note("To change the query, remove the topic and add it again."),
        ),
        ((buttons.topic_show(topic), buttons.topic_remove(topic)),),
    )


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
    shown = topics[:TOPIC_BUTTONS]
    made = [buttons.topic_show(topic, wording.clip(topic.name, buttons.LABEL_NAME_CHARS)) for topic in shown]
    return tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))


def _state(topic: Topic, *, on: bool) -> str:
    if topic.paused:
        return "paused"
    return "on" if on else "off"


async def _subscribed(desk: Desk, chat: Chat) -> frozenset[int]:
    return frozenset(subscription.topic_id for subscription in await desk.store.subscriptions_of(chat.id))
