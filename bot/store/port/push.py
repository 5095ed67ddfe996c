"""Hubs that announce what is new in a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import HubSubscription


class PushStore(Protocol):
    """Hubs that announce what is new in a feed."""

    async def announce_hub(self, subscription: HubSubscription) -> None:
        """The feed names this hub; where the same hub and topic are known of it already, nothing changes."""
        ...

    async def forget_hub(self, feed_id: int) -> None:
        """The feed names no hub any more."""
        ...

    async def hub_of(self, feed_id: int) -> HubSubscription | None:
        """What is agreed with the feed's hub."""
        ...

    async def hub_by_token(self, token: str) -> HubSubscription | None:
        """The subscription whose address ends in this; None where the feed serves nobody any more, too."""
        ...

    async def claim_hubs(
        self, *, now: datetime, first_s: float, most_s: float, limit: int
    ) -> tuple[HubSubscription, ...]:
        """Those to be asked now, of feeds that serve somebody: each is the caller's, once.

        If the hub does not confirm, it is asked again after ``first_s`` seconds, then twice that, up to ``most_s``.
        """
        ...

    async def confirm_hub(self, token: str, *, until: datetime, ask_at: datetime) -> None:
        """The hub will call until then; ask it again at ``ask_at``."""
        ...

    async def refuse_hub(self, token: str, *, ask_at: datetime) -> None:
        """The hub will not call; ask it again at ``ask_at``."""
        ...

    async def hasten_feed(self, feed_id: int, *, now: datetime, pushed: bool) -> bool:
        """Make the feed due now; False if somebody polls it at this moment. ``pushed`` says that its hub called."""
        ...
