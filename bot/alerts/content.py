"""What an alert holds: an entry told within its story, as a value that is composed into a message later. Pure."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bot import limits
from bot.alerts import decide
from bot.model import UNSAVED, Action, Alert
from bot.stories.background import first_backstory
from bot.stories.novelty import figure_alone, without_earlier
from bot.stories.summary import summarise
from bot.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.alerts.decide import Telling
    from bot.model import Entry, Match, Story


def headline_of(entry: Entry) -> str:
    """The entry's title; its first sentence or its address where it has none."""
    return entry.title or summarise(entry, sentences=1, chars=limits.TITLE_CHARS) or entry.url


@lru_cache(maxsize=16)
def summary_of(entry: Entry) -> str:
    """The entry in two or three of its own sentences; "" without a text.

    One entry's is asked for up to three times: for its story, its alert and the decision about it.
    """
    return summarise(entry, sentences=limits.SUMMARY_SENTENCES, chars=limits.SUMMARY_CHARS)


def content(due: decide.Due, entry: Entry, telling: Telling, matches: Sequence[Match], now: datetime) -> Alert:
    """What a chat is told, not numbered yet; ``matches`` are those of the chat's own topics."""
    story = telling.story
    if due.base is not None:
        return decide.amended(retold(due.base, story), telling.new, firsts=telling.firsts)
    aliases: dict[str, list[str]] = {}
    for match in matches:
        for evidence in match.evidence:
            words = aliases.setdefault(evidence.concept, [])
            if evidence.alias not in words and len(words) < limits.WHY_WORDS:
                words.append(evidence.alias)
    summary, new = decide.divide(
        split_sentences(summary_of(entry), entry.lang), telling.new, update=due.action is Action.REPLY
    )
    new = beside(summary, tuple(fact for fact in new if fact != entry.title), entry.lang)
    return Alert(
        id=UNSAVED,
        story_id=story.id,
        entry_id=entry.id,
        action=due.action,
        created_at=now,
        headline=headline_of(entry),
        url=entry.url,
        source=entry.source,
        at=entry.at,
        summary=summary,
        new=new,
        earlier=telling.links[: limits.BACKSTORY_LINKS],
        others=tuple(name for name in story.outlets if name != entry.source),
        why=tuple(f"{concept}: {', '.join(words)}" for concept, words in aliases.items()),
        background=() if telling.links else first_backstory(entry),
        origins=story.origins,
        escalates=telling.escalates and due.action is Action.REPLY,
    )


def beside(summary: str, new: tuple[str, ...], lang: str) -> tuple[str, ...]:
    """The new facts beside a summary: what it has said need not be said again for the figure that it changes."""
    return tuple(figure_alone(fact, lang) if without_earlier(fact) in summary else fact for fact in new)


def retold(base: Alert, story: Story) -> Alert:
    """An alert with its story's outlets and origins as they are now."""
    others = tuple(name for name in story.outlets if name != base.source)
    return decide.edited(base, others=others, origins=story.origins)


def rehomed(alert: Alert, *, kept: int, gone: int) -> Alert:
    """An alert of either of two stories that prove to be one, as the kept one's: that is no earlier event to itself."""
    if alert.same_as is not None:
        return replace(alert, story_id=kept)  # it leads to the one message of the event, and should
    earlier = tuple(link for link in alert.earlier if link.past_story_id not in {kept, gone})
    return replace(alert, story_id=kept, earlier=earlier)
