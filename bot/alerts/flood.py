"""The brake for feeds that issue everything anew: one digest a chat instead of an alert an entry. Pure.

An archive that is published again under new ids, addresses and dates looks like news. Nothing of it is dropped: what
would have been several messages waits for a digest, which comes at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import limits
from bot.model import Action, Hold

if TYPE_CHECKING:
    from bot.model import IngestPlan, NewNotice

COUNTER = "floods"


def is_flood(new: int, *, of: int) -> bool:
    """Whether so many entries never seen before, of a document of so many, are more than a feed publishes at once."""
    return new > max(limits.FLOOD_ENTRIES, limits.FLOOD_SHARE * of)


def braked(plan: IngestPlan, notice: NewNotice | None = None) -> IngestPlan:
    """The plan with the messages of each chat that would get several held for a digest; the feed is marked.

    ``notice`` is said to those chats.
    """
    messages = Counter(delivery.chat_id for delivery in plan.deliveries if delivery.action is not Action.EDIT)
    flooded = {chat_id for chat_id, count in messages.items() if count > 1}
    deliveries = tuple(
        replace(delivery, held_for=Hold.FLOOD)
        if delivery.chat_id in flooded and delivery.action is not Action.EDIT
        else delivery
        for delivery in plan.deliveries
    )
    poll = None if plan.poll is None else replace(plan.poll, flooded=True)
    if poll is not None and notice is not None:
        told = replace(notice, chats=tuple(sorted(flooded)))
        poll = replace(poll, notices=(*poll.notices, told))
    return replace(plan, deliveries=deliveries, poll=poll, counters=Counter(plan.counters) + Counter([COUNTER]))
