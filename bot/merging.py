"""What a chat was told of two stories that prove to be one: which message stands, and what is still to be said.

Pure, and known to the plan and to the store alike: the plan goes by what it read, the store by what the rows are when
it is written. Decides nothing about new messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import Action, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Delivery

_SENT = frozenset({DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Told:
    """What a chat was told of a story, or is about to be. The last of them is what its newest message shows.

    ``row_id`` is the delivery that says so, None while it is only planned; ``there`` is True where its message may be
    in the chat.
    """

    chat_id: int
    action: Action
    alert_id: int
    topics: tuple[str, ...]
    row_id: int | None = None
    there: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """``stays`` tells the kept story from now on, oldest first; ``left`` are messages of the other, to be closed.

    The ``updates`` among what stays are those of the story whose message does not stand. What hangs under a message
    must be newer than all that was done to it, so those that are stored have to be written anew, as the newest.
    """

    stays: tuple[Told, ...]
    left: tuple[Told, ...] = ()
    updates: tuple[Told, ...] = ()


def told_by(row: Delivery) -> Told:
    """What an outbox row tells its chat. What is on its way in a digest cannot be called back, and counts as there."""
    if row.state in _SENT:
        # An edit that found no message has changed none.
        there = row.action is not Action.EDIT or row.ref is not None
    else:
        there = row.state is not DeliveryState.DEAD and (row.maybe_sent or row.bundle_id is not None)
    return Told(row.chat_id, row.action, row.alert_id, row.topics, row.id, there)


def merged(ours: Sequence[Told], theirs: Sequence[Told]) -> Merged:
    """One chat's messages of the kept story and of the one that is gone, oldest first, as those of one event.

    One message stands for the event. What was not sent of the other story's need not be, but for its updates, which
    nothing else says. Rows that are in neither part are not to be sent.
    """
    if not ours or not theirs:
        return Merged((*ours, *theirs))
    kept_stands = _stands(ours, theirs)
    first, second = (ours, theirs) if kept_stands else (theirs, ours)
    updates = _updates(second)
    stays = _in_order(first, updates)
    left: list[Told] = []
    if kept_stands and any(row.there for row in second):
        left = [row for row in second if row not in updates and (row.there or row.action is Action.EDIT)]
    return Merged(stays, tuple(left), tuple(updates))


def by_chat(rows: Iterable[Told]) -> dict[int, list[Told]]:
    """The rows of each chat, in order."""
    found: dict[int, list[Told]] = {}
    for row in rows:
        found.setdefault(row.chat_id, []).append(row)
    return found


def _stands(ours: Sequence[Told], theirs: Sequence[Told]) -> bool:
    """Whether the kept story's message stands: unless that is not there, and the other's is or waits for longer."""
    if any(row.there for row in ours):
        return True
    if any(row.there for row in theirs) or all(row.action is Action.EDIT for row in ours):
        return False
    return any(row.row_id is not None for row in ours) or all(row.row_id is None for row in theirs)


def _updates(rows: Sequence[Told]) -> list[Told]:
    """The updates that were not sent, and what edits them."""
    first = next((n for n, row in enumerate(rows) if row.action is Action.REPLY and not row.there), len(rows))
    return [row for row in rows[first:] if not row.there]


def _in_order(first: Sequence[Told], updates: Sequence[Told]) -> tuple[Told, ...]:
    """All of them in the order in which they are sent: what was stored, the updates last, and then what is planned.

    An edit that is planned for a message of the one story but would come behind one of the other's, and so change that,
    is left out.
    """
    rows = [(row, False) for row in first] + [(row, True) for row in updates]
    rows.sort(key=lambda each: each[0].alert_id if each[0].row_id is None else 0)
    found: list[Told] = []
    newest: bool | None = None
    for row, is_others in rows:
        if row.action is not Action.EDIT:
            newest = is_others
        elif row.row_id is None and newest not in {None, is_others}:
            continue
        found.append(row)
    return tuple(found)
