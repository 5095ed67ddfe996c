"""Figures of the store, and what keeps it small and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.port.views import Secrets, StoreStatus, Trimmed


class UpkeepStore(Protocol):
    """Figures of the store, and what keeps it small and whole."""

    async def status(
        self, chat_id: int | None = None, *, since: datetime | None = None, now: datetime | None = None
    ) -> StoreStatus:
        """Figures of the whole store, or of what concerns one chat; with the lags of what was sent ``since``.

        ``now`` is for the feeds that are due at that moment.
        """
        ...

    async def trim_entries(
        self, *, before: datetime, after: tuple[datetime, int] | None, limit: int
    ) -> Trimmed[tuple[datetime, int]]:
        """Delete entries first seen ``before`` then: of at most ``limit``, in order of date, those that may go.

        ``after`` is where the last batch ended. Imported entries stay, and so do the newest of each feed
        (``KEPT_PER_FEED``) and those of a story with an alert that is not through.
        """
        ...

    async def trim_seen(self, *, before: datetime, after: bytes | None, limit: int) -> Trimmed[bytes]:
        """Forget keys last seen ``before`` then whose entries are gone, of at most ``limit`` keys in order."""
        ...

    async def trim_heard(self, *, before: datetime) -> int:
        """Forget what was heard ``before`` then: no platform brings it again. Returns how much there was."""
        ...

    def is_away(self, error: Exception) -> bool:
        """Whether an error that the store raised means that the database is down, locked or full."""
        ...

    async def seal_up(self) -> int:
        """Seal with the first key what stands in clear, or is sealed with another; returns how many secrets.

        Other processes that have no such key cannot read them any more. Raises SettingsError in words for a person.
        """
        ...

    async def secrets(self) -> Secrets:
        """How many secrets are not sealed as they are to be."""
        ...

    async def faults(self) -> tuple[str, ...]:
        """What is wrong with the database itself, in words; reads all of it. Empty where all is well."""
        ...
