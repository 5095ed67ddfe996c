"""Alert -> Message: what a reader sees, before any platform's markup.

::

    [headline, linked]
    Outlet · 17 Jun 2024, 22:29 UTC
    Two or three sentences.
    New: facts that earlier coverage did not have
    Earlier: 13 Sep 2023  headline, linked (outlet) ...   or, where the archive holds none, what the article tells of it
    Also: other outlets
    Topic · why it matched
    ( Earlier ) ( Why ) ( 👍 ) ( 👎 )
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chats.message import Button, Message, bold, bullets, heading, link, note, paragraph
from bot.model import Action
from bot.text.dates import day, moment

if TYPE_CHECKING:
    from bot.chats.message import Block, Span
    from bot.model import Alert, BackstoryLink, Delivery

_OUTLETS_SHOWN = 4


def compose(alert: Alert, delivery: Delivery) -> Message:
    """The message of one alert for one chat; ``delivery`` says which topics it is about and whether it may repeat."""
    blocks: list[Block] = [_lead(alert)]
    if delivery.maybe_sent:
        blocks.append(note("↻ This may repeat a message: the platform did not say whether it arrived."))
    blocks.append(note(f"{alert.source} · {moment(alert.at)}"))
    if alert.summary:
        blocks.append(paragraph(alert.summary))
    if alert.new:
        blocks += [paragraph(bold("New:")), bullets(*alert.new)]
    if alert.earlier:
        in_order = sorted(alert.earlier, key=lambda earlier: earlier.at, reverse=True)
        blocks += [paragraph(bold("Earlier:")), bullets(*(earlier_line(earlier) for earlier in in_order))]
    elif alert.background:
        blocks += [paragraph(bold("Earlier, from the article itself:")), bullets(*alert.background)]
    if alert.others:
        blocks.append(note(f"Also: {outlets(alert.others)}"))
    about = ", ".join(delivery.topics)
    blocks.append(note(f"Topic: {about}" + (f" · matched {'; '.join(alert.why)}" if alert.why else "")))
    return Message(tuple(blocks), (story_buttons(alert.story_id),))


def _lead(alert: Alert) -> Block:
    if alert.action is Action.REPLY:
        return heading("Update: ", link(alert.headline, alert.url))
    return heading(link(alert.headline, alert.url))


def earlier_line(earlier: BackstoryLink) -> tuple[Span | str, ...]:
    """One dated link of a backstory."""
    return (f"{day(earlier.at)}: ", link(earlier.headline, earlier.url), f" ({earlier.source})")


def outlets(names: tuple[str, ...]) -> str:
    """Outlets as a reader wants them: a few names, then a count."""
    shown = ", ".join(names[:_OUTLETS_SHOWN])
    more = len(names) - _OUTLETS_SHOWN
    return f"{shown} +{more}" if more > 0 else shown


def story_buttons(story_id: int) -> tuple[Button, ...]:
    """The buttons under anything that shows a story."""
    return (
        Button("Earlier", "earlier", str(story_id), command=f"/earlier {story_id}"),
        Button("Why", "why", str(story_id), command=f"/why {story_id}"),
        Button("👍", "good", str(story_id), command=f"/good {story_id}"),
        Button("👎", "bad", str(story_id), command=f"/bad {story_id}"),
    )
