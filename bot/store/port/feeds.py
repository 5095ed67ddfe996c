"""Feeds, who follows them, and whose turn it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.model import Feed, Platform, Poll


class FeedStore(Protocol):
    """Feeds, who follows them, and whose turn it is."""

    async def add_feed(self, feed: Feed) -> Feed:
        """Store a new feed (id UNSAVED), or return the one that has this address already (shared if either is).

        One that served nobody, or was given up, begins anew: ``baselined``, ``added_at`` and what was asked for last
        are the new feed's. Nobody asked what it published meanwhile.
        One whose key was lost comes back, if this process has a key to seal its address with.
        """
        ...

    async def feed(self, feed_id: int) -> Feed | None:
        """The feed with this id."""
        ...

    async def feed_at(self, url: str) -> Feed | None:
        """The feed with this address."""
        ...

    async def follow(self, chat_id: int, feed_id: int) -> None:
        """Let the feed serve the chat."""
        ...

    async def unfollow(self, chat_id: int, feed_id: int) -> bool:
        """Stop the feed for the chat; False if it did not follow. A feed that serves nobody is not polled."""
        ...

    async def feeds_of(self, chat_id: int) -> tuple[Feed, ...]:
        """The feeds that serve the chat: its own and the shared ones; no ARCHIVE feeds."""
        ...

    async def polled_feeds(self) -> tuple[Feed, ...]:
        """Every ACTIVE feed that serves somebody."""
        ...

    async def claim_due_feeds(self, *, now: datetime, lease_s: float, limit: int) -> tuple[Feed, ...]:
        """ACTIVE feeds that serve somebody and are due, leased to the caller.

        New ones come first, then those that a hub called for since their last poll, then the longest overdue.
        A feed under lease is not given out again before ``record_poll``, an applied plan with its poll, or the lease's
        end.
        """
        ...

    async def due_feeds(self, *, now: datetime, limit: int) -> tuple[int, ...]:
        """The ids of feeds that ``claim_due_feeds`` would give, in that order; leases none of them."""
        ...

    async def claim_feed(
        self, feed_id: int, *, now: datetime, lease_s: float, held_until: datetime | None = None
    ) -> Feed | None:
        """As ``claim_due_feeds`` for one feed; None if it is not due (any more) or another's.

        Whoever holds the lease that ends at ``held_until``, exactly, is given the feed anew.
        """
        ...

    async def due_chats(
        self, *, now: datetime, platforms: Sequence[Platform], limit: int
    ) -> tuple[tuple[int, Platform], ...]:
        """The chats for which ``claim_deliveries`` would give something, or find a lease that ran out."""
        ...

    async def record_poll(self, poll: Poll) -> None:
        """How a poll went that brought no entries: a 304 or a failure. None for etag or last_modified keeps the old.

        Where ``poll.url`` is another feed's address, that one serves this one's chats from now on, and this is MOVED.
        """
        ...

    async def record_polls(self, polls: Sequence[Poll]) -> None:
        """As ``record_poll`` for each of them, in one transaction: all are stored, or none."""
        ...

    async def feed_documents(self, feed_ids: Sequence[int]) -> Mapping[int, bytes]:
        """What the last polls remembered of each feed's document (``Poll.document``)."""
        ...
