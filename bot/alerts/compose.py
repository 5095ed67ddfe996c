"""Alert -> Message: what a reader sees, before any platform's markup.

::

    [headline, linked]
    Outlet, Outlet +5 · 2 origins · 17 Jun 2024, 22:29 UTC
    in an update: Follows your alert, linked
    Two or three sentences.
    New: facts that earlier coverage did not have; in an update, quoted
    Earlier: 13 Sep 2023  headline, linked (outlet) · your alert, linked ...
             or, where the archive holds none, what the article itself tells of before
    Topic · why it matched
    ( Earlier ) ( Timeline ) ( Why )
    ( 👍 ) ( 👎 )
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.chats.message import Button, Message, bold, bullets, heading, link, note, paragraph, phrase, quote
from bot.speech import _, ngettext
from bot.stories.agencies import is_state_media, known_as
from bot.stories.novelty import EARLIER_MARK
from bot.text.dates import day, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.chats.message import Block, Span
    from bot.model import Alert, BackstoryLink, Delivery

_OUTLETS_SHOWN = 4
_OUTLETS_IN_HEADER = 2
_ORIGINS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Before:
    """What this chat was told of a story before: when, and the address of that message where the platform has one."""

    at: datetime
    url: str | None = None


def compose(alert: Alert, delivery: Delivery, before: Mapping[int, Before] | None = None) -> Message:
    """The message of one alert for one chat; ``delivery`` says which topics it is about and whether it may repeat.

    ``before`` are the chat's own earlier alerts, by story. An update leads back to the first of its story in words,
    too: that message may be gone, or lie where nothing can hang under it.
    """
    told = before or {}
    if alert.same_as is not None:
        return _closed(alert, told)
    blocks: list[Block] = [_lead(alert)]
    if delivery.maybe_sent:
        blocks.append(may_repeat())
    blocks.append(note(f"{sources((alert.source, *alert.others), alert.origins)} · {moment(alert.at)}"))
    if alert.is_update and alert.story_id in told:
        blocks.append(note(*phrase(_("Follows {alert}"), alert=_own_alert(told[alert.story_id]))))
    if alert.summary:
        blocks.append(paragraph(alert.summary))
    if alert.new and alert.is_update:
        blocks += [paragraph(bold(_("New:"))), *(quote(spoken(fact)) for fact in alert.new)]
    elif alert.new:
        blocks += [paragraph(bold(_("New:"))), bullets(*map(spoken, alert.new))]
    if alert.earlier:
        in_order = sorted(alert.earlier, key=lambda earlier: earlier.at, reverse=True)
        lines = (earlier_line(earlier, told.get(earlier.past_story_id or 0)) for earlier in in_order)
        blocks += [paragraph(bold(_("Earlier:"))), bullets(*lines)]
    elif alert.background:
        blocks += [paragraph(bold(_("Earlier, from the article itself:"))), bullets(*alert.background)]
    named = ngettext("Topic: {topics}", "Topics: {topics}", len(delivery.topics))
    about = named.format(topics=", ".join(delivery.topics))
    why = _("matched {words}").format(words="; ".join(alert.why))
    blocks.append(note(f"{about} · {why}" if alert.why else about))
    return Message(tuple(blocks), story_rows(alert.story_id))


def may_repeat() -> Block:
    """That this was perhaps said before."""
    return note(_("↻ This may repeat a message: the platform did not say whether it arrived."))


def _lead(alert: Alert) -> Block:
    if alert.is_update:
        return heading(*phrase(_("Update: {story}"), story=link(alert.headline, alert.url)))
    return heading(link(alert.headline, alert.url))


def _closed(alert: Alert, told: Mapping[int, Before]) -> Message:
    """What is left of a message whose story was merged into another that the chat was told: where that is."""
    blocks: list[Block] = [_lead(alert), note(f"{alert.source} · {moment(alert.at)}")]
    for first in alert.earlier:
        own = told.get(first.past_story_id or 0)
        where = (" · ", *_own_alert(own)) if own else ()
        kept = (link(first.headline, first.url), f" ({tagged(first.source)})")
        blocks.append(paragraph(*phrase(_("Same story as {story}, merged"), story=kept), *where))
    return Message(tuple(blocks), story_rows(alert.story_id))


def spoken(fact: str) -> str:
    """A new fact with its mark of an earlier figure in the language spoken; all else in it is the article's."""
    now, mark, before = fact.partition(EARLIER_MARK)
    return f"{now} {_('(earlier: {before})').format(before=before.removesuffix(')'))}" if mark else fact


def earlier_line(earlier: BackstoryLink, own: Before | None = None) -> tuple[Span | str, ...]:
    """One dated link of a backstory; ``own`` is the alert in which this chat was told it."""
    line: tuple[Span | str, ...] = (
        f"{day(earlier.at)}: ",
        link(earlier.headline, earlier.url),
        f" ({tagged(earlier.source)})",
    )
    return (*line, " · ", *_own_alert(own)) if own else line


def _own_alert(own: Before) -> tuple[Span | str, ...]:
    """The chat's own alert: linked where its message has an address, else by its day."""
    return (link(_("your alert"), own.url),) if own.url else (_("your alert of {day}").format(day=day(own.at)),)


def sources(names: Sequence[str], origins: Sequence[str]) -> str:
    """Who tells a story, in a few words: "Reuters, Yonhap +5 · 2 origins".

    One origin behind several outlets is named, since that is what a reader would not guess; so is what it belongs to.
    """
    shown = ", ".join(map(tagged, names[:_OUTLETS_IN_HEADER]))
    more = len(names) - _OUTLETS_IN_HEADER
    told = f"{shown} +{more}" if more > 0 else shown
    alone = len(names) == 1 and tuple(origins) == (known_as(names[0]),)
    return f"{told} · {told_by(origins)}" if origins and not alone else told


def told_by(origins: Sequence[str], *, names: bool = False) -> str:
    """How many independent origins there are; a single one is always named, more with ``names``."""
    if len(origins) == 1:
        return _("1 origin: {name}").format(name=tagged(origins[0]))
    count = ngettext("{count} origin", "{count} origins", len(origins)).format(count=len(origins))
    if not names:
        return count
    listed = ", ".join(map(tagged, origins[:_ORIGINS_NAMED]))
    more = len(origins) - _ORIGINS_NAMED
    return f"{count}: {listed} +{more}" if more > 0 else f"{count}: {listed}"


def tagged(name: str) -> str:
    """An outlet's name; one that belongs to a state says so, whichever state it is."""
    return _("{name} (state media)").format(name=name) if is_state_media(name) else name


def outlets(names: tuple[str, ...]) -> str:
    """Outlets as a reader wants them: a few names, then a count."""
    shown = ", ".join(map(tagged, names[:_OUTLETS_SHOWN]))
    more = len(names) - _OUTLETS_SHOWN
    return f"{shown} +{more}" if more > 0 else shown


def story_rows(story_id: int) -> tuple[tuple[Button, ...], ...]:
    """The buttons under anything that shows a story: what there is to read of it, then what to think of it."""
    buttons = story_buttons(story_id)
    return buttons[:3], buttons[3:]


def story_buttons(story_id: int) -> tuple[Button, ...]:
    """The same in one row, Earlier, Timeline and Why first."""
    return (
        Button(_("Earlier"), "earlier", str(story_id), command=f"/earlier {story_id}"),
        Button(_("Timeline"), "timeline", str(story_id), command=f"/timeline {story_id}"),
        Button(_("Why"), "why", str(story_id), command=f"/why {story_id}"),
        Button(_("Mute"), "mute-menu", str(story_id), command=f"/mute {story_id}"),
        Button("👍", "good", str(story_id), command=f"/good {story_id}"),
        Button("👎", "bad", str(story_id), command=f"/bad {story_id}"),
    )
