"""/story: one story at a glance: what happened, who tells it, what is new, what it continues, what continues it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.alerts.compose import earlier_line, outlets, story_rows, told_by
from bot.chats.message import Message, bold, bullets, heading, link, note, paragraph
from bot.limits import BACKSTORY_LINKS
from bot.speech import _, ngettext
from bot.text.dates import day, moment
from handlers import wording
from handlers.stories import articles, numbered, story_meant

if TYPE_CHECKING:
    from bot.chats.message import Block, Span
    from bot.model import Story
    from handlers.row import Call
    from handlers.sayings import ShowStory

LATER_SHOWN: Final = 4


async def show_story(call: Call[ShowStory]) -> Message:
    """The card of the story named, replied to, or told last."""
    view, aside = await story_meant(call)
    store, chat_id, story = call.desk.store, call.chat.id, view.story
    blocks: list[Block] = [*aside, heading(link(story.headline, story.url)), note(_sources(story))]
    summary = story.summary or (view.alert.summary if view.alert else "")
    if summary:
        blocks.append(paragraph(summary))
    if view.alert is not None and view.alert.new:
        blocks += [paragraph(bold(_("New:"))), bullets(*view.alert.new)]
    links = sorted(await store.story_links(story.id, chat_id=chat_id), key=lambda each: each.at, reverse=True)
    if links:
        blocks += [paragraph(bold(_("Earlier:"))), bullets(*map(earlier_line, links[:BACKSTORY_LINKS]))]
    later = await store.later_stories(chat_id, story.id, limit=LATER_SHOWN + 1)
    if later:
        blocks += [paragraph(bold(_("Later:"))), bullets(*map(_later_line, later[:LATER_SHOWN]))]
    if len(later) > LATER_SHOWN:
        blocks.append(note(_("And more: the timeline has them.")))
    blocks.append(note(" · ".join([_told(story), *view.topics, numbered(story.id)])))
    return Message(tuple(blocks), story_rows(story.id))


def _sources(story: Story) -> str:
    names = story.outlets or (story.source,)
    told = names[0]
    if len(names) > 1:
        said = ngettext(
            "{articles} from {count} outlet: {names}", "{articles} from {count} outlets: {names}", len(names)
        )
        told = wording.counted(said, len(names), articles=articles(story.entry_count), names=outlets(names))
    # Where each outlet reports for itself, there is nothing to add.
    copied = 0 < len(story.origins) < len(names) or (len(story.origins) == 1 and story.origins[0] != names[0])
    return f"{told} · {told_by(story.origins, names=True)}" if copied else told


def _told(story: Story) -> str:
    first, last = moment(story.started_at), moment(story.updated_at)
    if first == last:
        return _("First told {first}").format(first=first)
    return _("First told {first}, last {last}").format(first=first, last=last)


def _later_line(story: Story) -> tuple[Span | str, ...]:
    told = outlets(story.outlets or (story.source,))
    return (f"{day(story.started_at)}: ", link(story.headline, story.url), f" ({told}; {numbered(story.id)})")
