"""Push: a hub that announces a feed's new entries, and how far asking it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """What was agreed with a feed's hub. ``token`` is the last part of the address that the hub calls.

    ``lease_until`` is set while the hub has promised to call; ``ask_at`` is when to ask it (again), after ``tries``
    requests in a row that it did not confirm.
    """

    feed_id: int
    hub: str
    topic: str
    token: str
    secret: str = field(repr=False)
    ask_at: datetime
    tries: int = 0
    lease_until: datetime | None = None
    pushed_at: datetime | None = None
