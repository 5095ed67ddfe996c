"""Bots that break a promise on purpose: each must be seen by the invariant that it breaks."""

from __future__ import annotations

import pkgutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, select

from bot.errors import MaybeSentError, NotSentError, RetryAfterError
from bot.feeds.identity import document_keys
from bot.model import DeliveryState
from bot.store import schema
from bot.store.port import Outcome
from bot.stories.backstory import find_backstory
from bot.stories.group import Grouping
from bot.workers.deliver import outcome_after
from tests.simulation.inline import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from bot.errors import ChatError
    from bot.model import Delivery


@dataclass(frozen=True, slots=True)
class Broken:
    """What is put in the place of which functions, and the words by which the watch must complain."""

    instead: Mapping[str, Callable[..., Any]]
    complaint: str


def _forgets(error: ChatError, delivery: Delivery, now: datetime) -> Outcome:
    if isinstance(error, NotSentError | RetryAfterError):
        return Outcome(DeliveryState.SENT, at=now)
    return outcome_after(error, delivery, now)


def _never_marks(error: ChatError, delivery: Delivery, now: datetime) -> Outcome:
    outcome = outcome_after(error, delivery, now)
    return replace(outcome, maybe_sent=False) if isinstance(error, MaybeSentError) else outcome


def _always_marks(error: ChatError, delivery: Delivery, now: datetime) -> Outcome:
    return replace(outcome_after(error, delivery, now), maybe_sent=True)


def _hurries(error: ChatError, delivery: Delivery, now: datetime) -> Outcome:
    outcome = outcome_after(error, delivery, now)
    return replace(outcome, not_before=now) if isinstance(error, RetryAfterError) else outcome


def _newest_first(now: datetime, platforms: Any) -> Any:  # noqa: ANN401 - a statement
    rows, chats, newer = schema.deliveries.c, schema.chats.c, schema.deliveries.alias("newer")
    mine = chats.platform.in_([platform.value for platform in platforms])
    due = (rows.state == DeliveryState.PENDING.value) & (rows.not_before <= now) & chats.active.is_(True) & mine
    waits = (newer.c.state == DeliveryState.PENDING.value) & (newer.c.id > rows.id) & (newer.c.not_before <= now)
    in_the_way = waits | (newer.c.state == DeliveryState.SENDING.value)
    behind = exists().where(newer.c.chat_id == rows.chat_id, in_the_way)
    return select(rows.id).join(schema.chats, chats.id == rows.chat_id).where(due, ~behind)


def _ids_alone(entries: Any, *, feed_id: int) -> Any:  # noqa: ANN401 - as what it stands for
    return tuple(keys[:1] for keys in document_keys(entries, feed_id=feed_id))


def _alone(*_: object, **__: object) -> Grouping:
    return Grouping(None, 0.0, copy=False, reason="broken")


def _looks_ahead(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as what it stands for
    found = find_backstory(*args, **kwargs)
    return tuple(replace(one, past=replace(one.past, entry=_later(one.past.entry))) for one in found)


def _later(entry: Any) -> Any:  # noqa: ANN401 - an entry
    days = timedelta(days=2)
    published = None if entry.published_at is None else entry.published_at + days
    return replace(entry, published_at=published, first_seen_at=entry.first_seen_at + days)


async def _finds_nothing(*_: object, **__: object) -> None:
    return None


_OUTCOME: Final = "bot.workers.deliver.outcome_after"
BROKEN: Final = {
    "forgets what failed": Broken({_OUTCOME: _forgets}, "was never told"),
    "never marks a doubt": Broken({_OUTCOME: _never_marks}, "unmarked"),
    "marks without a doubt": Broken({_OUTCOME: _always_marks}, "marked repeats"),
    "does not wait as asked": Broken({_OUTCOME: _hurries}, "before Retry-After"),
    "sends the newest first": Broken({"bot.store.outbox.due_rows": _newest_first}, "came after"),
    "knows entries by their ids alone": Broken(
        {"bot.workers.pipeline.document_keys": _ids_alone, "bot.planner.find_story": _alone}, "which was seen"
    ),
    "links what came later": Broken({"bot.planner.find_backstory": _looks_ahead}, "leads to the future"),
    "does not look on Slack": Broken({"tests.simulation.chats.Platforms.find_sent": _finds_nothing}, "looked up"),
}


@contextmanager
def breaking(name: str) -> Iterator[Broken]:
    """As long as this lasts, this process has the broken bot of that name."""
    broken = BROKEN[name]
    paths = ((path.rpartition("."), instead) for path, instead in broken.instead.items())
    with changed(*((pkgutil.resolve_name(where), what, instead) for (where, _, what), instead in paths)):
        yield broken
