"""One write transaction that also holds the right to ingest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.model import Context, IngestPlan, NextIds, PastEntry, TermStatistics


class IngestUnit(Protocol):
    """One write transaction; commits when its ``async with`` ends well, else leaves nothing behind."""

    async def seen(self, keys: Sequence[str]) -> Mapping[str, int]:
        """Which of these keys are known, and the entry that each names."""
        ...

    async def topics_version(self) -> int:
        """As the store's own: what a topic's backfill is not to find here is to be matched with that topic."""
        ...

    async def statistics(self, terms: Sequence[str]) -> TermStatistics:
        """Document frequencies over all stored entries."""
        ...

    async def candidates(self, terms: Sequence[str], *, before: datetime, limit: int) -> tuple[PastEntry, ...]:
        """Stored entries that hold any of the index terms, best full-text rank first, none dated after ``before``.

        An entry without a date of its own may be of any day.
        """
        ...

    async def recent(self, *, since: datetime, before: datetime, limit: int) -> tuple[PastEntry, ...]:
        """Entries that belong to a story and are dated within the span, newest first."""
        ...

    async def past_entries(self, entry_ids: Sequence[int]) -> tuple[PastEntry, ...]:
        """These entries, in the order asked for; unknown ids are left out."""
        ...

    async def context(
        self, *, feed_id: int, topic_ids: Sequence[int], story_ids: Sequence[int], feed_ids: Sequence[int] = ()
    ) -> Context:
        """What is known of these stories, topics and this feed's audience; ``feed_ids`` are those of candidates."""
        ...

    async def next_ids(self) -> NextIds:
        """The first free ids."""
        ...

    async def apply(self, *plans: IngestPlan) -> None:
        """Write the plans whole. Entries, matches and stories with a known id are replaced (an edited headline).

        Several are written at the price of one; no two of them may be of one feed.
        """
        ...
