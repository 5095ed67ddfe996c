"""/timeline: how a topic, or the thread of a story, went on over time, as a picture and in words.

What a timeline shows is decided by ``bot.stories.timeline``; a chat's timelines hold what that chat may see.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.alerts.compose import outlets
from bot.chats.message import Block, Message, bold, bullets, heading, link, note, paragraph, phrase
from bot.errors import CommandError
from bot.speech import _, language, ngettext
from bot.stories.timeline import Role, timeline
from bot.stories.timeline import outlets as outlets_counted
from bot.text.dates import day, moment
from handlers import buttons, wording
from handlers.pictures import drawn
from handlers.stories import story_meant
from handlers.topics import named

if TYPE_CHECKING:
    from bot.chats.message import Button, Span
    from bot.model import Story, Topic
    from bot.stories.timeline import Point, Timeline
    from handlers.row import Call
    from handlers.sayings import ShowTimeline

STORIES_READ: Final = 1000
"""The newest of a topic; beyond them a timeline would be a guess at what mattered."""

STRAND_STORIES: Final = 200
LISTED: Final = 20
HEADLINE_CHARS: Final = 140
CHOICES: Final = 8
_LEAST: Final = 2  # one dot is no timeline
_MARKS: Final = {Role.PLAIN: "", Role.TURN: "◆ ", Role.FOCUS: "➤ "}
_BRIEF_DAYS: Final = 3


async def show_timeline(call: Call[ShowTimeline]) -> Message:
    """The timeline of the topic or story named; of the alert replied to; of the only topic; else a choice of topics."""
    command, desk, chat = call.command, call.desk, call.chat
    if command.topic is not None:
        return await _of_topic(call, await named(desk, chat, command.topic, begun=True))
    if command.story_id is not None or call.inbound.replied_to is not None:
        return await _of_story(call)
    topics = await desk.store.topics_of(chat.id)
    if not topics:
        raise CommandError(_("Nothing is watched here yet, so there is no timeline. Begin with: /topics add NAME"))
    if len(topics) == 1:
        return await _of_topic(call, topics[0])
    return Message((paragraph(_("Whose timeline?")),), tuple(_choices(topics[:CHOICES])))


async def _of_topic(call: Call[ShowTimeline], topic: Topic) -> Message:
    strand = await call.desk.store.topic_strand(call.chat.id, topic.id, limit=STORIES_READ)
    shown = await _readable(call, timeline(strand.stories, strand.links))
    rows = ((buttons.topic_latest(topic), buttons.topic_show(topic)),)
    if not shown.points:
        nothing = _("No story on {topic} yet, so there is no timeline.").format(topic=wording.quoted(topic.name))
        return Message((paragraph(nothing),), rows)
    lead = heading(*phrase(_("Timeline: {what}"), what=wording.quoted(topic.name)))
    return await _told(call, shown, lead, title=topic.name, rows=rows)


async def _of_story(call: Call[ShowTimeline]) -> Message:
    view, aside = await story_meant(call)
    strand = await call.desk.store.story_strand(call.chat.id, view.story.id, limit=STRAND_STORIES)
    shown = await _readable(call, timeline(strand.stories, strand.links, focus=view.story.id))
    topics = [topic for topic in await call.desk.store.topics_of(call.chat.id) if topic.name in view.topics]
    rows = (_story_row(view.story), *_choices(topics[:2]))
    if len(shown.points) < _LEAST:
        headline = link(view.story.headline, view.story.url)
        alone = phrase(_("Nothing earlier or later is known of it: {story} stands alone."), story=headline)
        return Message((*aside, paragraph(*alone)), rows)
    lead = heading(*phrase(_("Timeline: {what}"), what=link(view.story.headline, view.story.url)))
    told = await _told(call, shown, lead, title=view.story.headline, rows=rows)
    return Message((*aside, *told.blocks), told.buttons, told.attachments)


async def _readable(call: Call[ShowTimeline], shown: Timeline) -> Timeline:
    """The same with headlines in the chat's language where an article in it tells the story."""
    numbers = [point.story_id for point in shown.points if point.story_id is not None]
    titles = await call.desk.store.titles_in(call.chat.id, numbers, language())
    points = (
        replace(point, headline=title.headline, url=title.url)
        if point.story_id is not None and (title := titles.get(point.story_id)) is not None
        else point
        for point in shown.points
    )
    return replace(shown, points=tuple(points))


async def _told(
    call: Call[ShowTimeline], shown: Timeline, lead: Block, *, title: str, rows: tuple[tuple[Button, ...], ...]
) -> Message:
    """The words, and the picture where there is more than one story to show."""
    blocks = [lead, note(_span(shown)), *_lines(shown)]
    if len(shown.points) < _LEAST:
        return Message(tuple(blocks), rows)
    from bot.pictures import timeline as pictures  # noqa: PLC0415 - only who draws needs it

    alt = _("Timeline of {title}: {span}").format(title=wording.clip(title, HEADLINE_CHARS), span=_span(shown))
    attachments, excuse = await drawn(
        call.desk, call.chat, partial(pictures.draw, shown, title), name="timeline.png", alt=alt
    )
    return Message((*blocks, *excuse), rows, attachments)


# ---------------------------------------------------------------- words


def _span(shown: Timeline) -> str:
    count = len(shown.points) + shown.left_out
    first, last = day(shown.points[0].at), day(shown.points[-1].at)
    return f"{wording.stories(count)} · {first if first == last else f'{first} – {last}'}"


def _lines(shown: Timeline) -> list[Block]:
    """The labelled stories and the newest of the others, oldest first; what the marks mean, and how many are left."""
    rest = [point for point in shown.points if not point.labelled]
    listed = {*shown.labelled, *rest[max(0, len(rest) - (LISTED - len(shown.labelled))) :]}
    brief = (shown.points[-1].at - shown.points[0].at).days < _BRIEF_DAYS
    lines = [_line(point, brief=brief) for point in shown.points if point in listed]
    notes = []
    if any(point.role is Role.TURN for point in listed):
        notes.append(_("◆ turning point"))
    if any(point.role is Role.FOCUS for point in listed):
        notes.append(_("➤ this story"))
    left = len(shown.points) + shown.left_out - len(listed)
    if left:
        more = ngettext("{count} more story not listed", "{count} more stories not listed", left)
        notes.append(wording.counted(more, left))
    return [bullets(*lines), *([note(" · ".join(notes))] if notes else [])]


def _line(point: Point, *, brief: bool) -> tuple[Span | str, ...]:
    at = moment(point.at) if brief else day(point.at)
    # The outlets stand beside it anyway.
    turning = point.role is Role.TURN and point.why and point.why != outlets_counted(len(point.outlets))
    why = f"; {point.why}" if turning else ""
    headline = link(wording.clip(point.headline, HEADLINE_CHARS), point.url)
    mark = bold(_MARKS[point.role]) if _MARKS[point.role] else ""
    return (mark, f"{at}: ", headline, f" ({outlets(point.outlets)}{why})")


# ---------------------------------------------------------------- buttons


def _story_row(story: Story) -> tuple[Button, ...]:
    return buttons.story(story.id), buttons.earlier(story.id), buttons.why(story.id)


def _choices(topics: tuple[Topic, ...] | list[Topic]) -> list[tuple[Button, ...]]:
    return [(buttons.topic_timeline(topic, wording.clip(topic.name, buttons.LABEL_NAME_CHARS)),) for topic in topics]
