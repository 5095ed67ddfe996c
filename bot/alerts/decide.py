"""Whether to speak, and how: one alert per event and chat, a reply when it develops, an edit when it is told again.

Pure: it looks at what the store knew and at what the entry says, and returns what each chat is due.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

from bot import limits
from bot.model import UNSAVED, Action, BackstoryLink
from bot.stories.boilerplate import is_leaning
from bot.stories.novelty import changes_figure
from bot.stories.summary import is_stranger
from bot.text.sentences import join_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.merging import Told
    from bot.model import Alert, Entry, Match, PastEntry, Story

_END = " .。"
DEVELOPMENT_AFTER = timedelta(hours=3)
"""How long after the last word on a story new facts count as a development."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One entry, dated ``at``, told within a story.

    ``new`` are the facts that the story's earlier entries did not have, ``firsts`` those of them that tell an act which
    changes what the event is (``bot.stories.firsts``); ``changes`` is True where the entry changes what an alert shows:
    another outlet. ``compared`` are the entries that ``new`` was found beside; ``joins`` is the entry itself where it
    joined a known story (``copied``: as a text printed again), None where it opens one. ``escalates`` says that it is
    worth a whole channel's attention.
    """

    story: Story
    at: datetime
    links: tuple[BackstoryLink, ...]
    new: tuple[str, ...]
    changes: bool
    compared: tuple[PastEntry, ...] = ()
    escalates: bool = False
    firsts: tuple[str, ...] = ()
    joins: PastEntry | None = None
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """What one chat is due; ``base`` is the alert that an edit changes, None for anything else."""

    action: Action
    topics: tuple[str, ...]
    base: Alert | None = None


def audience(
    matches: Sequence[Match], subscribers: Mapping[int, Sequence[int]], followers: frozenset[int] | None
) -> dict[int, tuple[Match, ...]]:
    """Chat id -> the matches that concern it, best first.

    A feed speaks only to the chats that it serves (``followers``; None means every chat), and only about what a topic
    finds relevant.
    """
    wanted: dict[int, list[Match]] = {}
    for match in sorted(matches, key=lambda match: -match.score):
        if not match.relevant:
            continue
        for chat_id in subscribers.get(match.topic_id, ()):
            if followers is None or chat_id in followers:
                wanted.setdefault(chat_id, []).append(match)
    return {chat_id: tuple(mine) for chat_id, mine in sorted(wanted.items())}


def develops(telling: Telling, *, since: datetime) -> bool:
    """Whether this is a development rather than the same event in another outlet's words.

    Within hours of one event every outlet adds details of its own; what comes later and says something new has happened
    since.
    """
    return bool(telling.new) and telling.at >= develops_from(since)


def develops_from(since: datetime) -> datetime:
    """From when on new facts are a development, where the last word was said ``since``."""
    if since.time() == time():
        since += timedelta(days=1)  # a day without a time: it may have been said late on that day
    return since + DEVELOPMENT_AFTER


def told_to_everybody(entry: Entry, telling: Telling) -> Action:
    """What the entry would lead to for a chat that follows everything: replay asks this."""
    if telling.story.first_entry_id == entry.id:
        return Action.ALERT
    if develops(telling, since=telling.story.started_at):
        return Action.REPLY
    return Action.EDIT if _amends(telling) else Action.NONE


def _amends(telling: Telling) -> bool:
    return telling.changes or bool(telling.firsts) or any(map(changes_figure, telling.new))


def due(topics: tuple[str, ...], telling: Telling, told: Sequence[Told], alerts: Mapping[int, Alert]) -> Due | None:
    """What a chat is due for this telling; None for nothing.

    ``told`` is what this chat heard of the story so far, oldest first; ``alerts`` the story's alerts by id. What is new
    within hours of the last word is not told by itself, but a figure that changes what the message says corrects it,
    and an act that nobody had told is added.
    """
    if not told:
        return Due(Action.ALERT, topics)
    base = alerts.get(told[-1].alert_id)
    if develops(telling, since=base.at if base else telling.story.started_at):
        return Due(Action.REPLY, topics)
    if base is None or not _amends(telling):
        return None
    return Due(Action.EDIT, tuple(dict.fromkeys((*told[-1].topics, *topics))), base)


def amended(alert: Alert, new: Sequence[str], *, firsts: Sequence[str] = ()) -> Alert:
    """An alert with the changed figures among what is new, and with the ``firsts``; of many the newest."""
    changed = [fact for fact in new if (changes_figure(fact) or fact in firsts) and fact not in alert.new]
    return replace(alert, new=(*alert.new, *changed)[-limits.NEW_SHOWN :]) if changed else alert


def edited(
    base: Alert, *, others: tuple[str, ...], origins: tuple[str, ...] | None = None, headline: str | None = None
) -> Alert:
    """The alert as it stands after an edit: the same content, more outlets, perhaps a corrected headline."""
    return replace(
        base,
        id=UNSAVED,
        action=Action.EDIT,
        others=others,
        origins=base.origins if origins is None else origins,
        headline=headline or base.headline,
        amends_update=base.is_update,
    )


def closed(base: Alert, kept: Alert) -> Alert:
    """What a message says whose story proved to be another that the chat was told: where that is, and nothing else."""
    first = BackstoryLink(
        story_id=kept.story_id,
        entry_id=kept.entry_id,
        past_story_id=kept.story_id,
        rank=0,
        score=1.0,
        why="",
        at=kept.at,
        headline=kept.headline,
        url=kept.url,
        source=kept.source,
    )
    return replace(
        base,
        id=UNSAVED,
        story_id=kept.story_id,
        action=Action.EDIT,
        summary="",
        new=(),
        earlier=(first,),
        background=(),
        why=(),
        escalates=False,
        same_as=kept.story_id,
    )


def divide(summary: Sequence[str], new: tuple[str, ...], *, update: bool = False) -> tuple[str, tuple[str, ...]]:
    """The summary's sentences and the new facts, so that the alert says nothing twice.

    The first sentence tells the event and stays; any other that is a new fact stands under "New:" alone. Where the
    event itself is all that is new, the summary has said it, and nothing stands under "New:".
    An ``update`` quotes what is new right below its headline: where that holds the first sentence, it is enough.
    """
    if not summary or not new:
        return join_sentences(summary), new
    if update and any(summary[0].rstrip(_END) in fact for fact in new):
        return "", new
    said = [summary[0]]
    moved: list[str] = []
    gone = False
    for sentence in summary[1:]:
        # What leans on a sentence goes where that goes: "It" must not find another word to stand for, nor may "Orlen"
        # be told of before the sentence that says who she is.
        leans = (gone and is_leaning(sentence)) or is_stranger(sentence, " ".join(said), moved)
        gone = any(sentence.rstrip(_END) in fact for fact in new) or leans
        (moved if gone else said).append(sentence)
    # A fact with an earlier figure behind it says more than the sentence that it is, and is kept.
    unsaid = tuple(fact for fact in new if not any(fact.rstrip(_END) in each for each in said))
    return join_sentences(said), unsaid
