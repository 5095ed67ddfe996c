"""The store on SQLite or PostgreSQL: all the parts as one, opened and migrated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.seal import Seal
from bot.store.archive import Archive
from bot.store.chats import Chats
from bot.store.checks import Checks
from bot.store.database import Database, parse_url
from bot.store.digests import Digests
from bot.store.entries import Entries
from bot.store.feeds import Feeds
from bot.store.figures import Figures
from bot.store.fleet import Fleet
from bot.store.imports import Imports
from bot.store.ingest import Ingest
from bot.store.leases import Leases
from bot.store.migrate import migrate
from bot.store.notices import Notices
from bot.store.outbox import Outbox
from bot.store.preferences import Preferences
from bot.store.push import Push
from bot.store.sealing import Sealing
from bot.store.searches import Searches
from bot.store.stories import Stories
from bot.store.strands import Strands
from bot.store.topics import Topics
from bot.store.tuning import Tuning
from bot.store.upkeep import Upkeep
from bot.store.waits import Waits
from bot.store.wordings import Wordings
from bot.store.workspaces import Workspaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.port import Store


class SqlStore(
    Chats,
    Preferences,
    Digests,
    Topics,
    Tuning,
    Feeds,
    Entries,
    Archive,
    Searches,
    Stories,
    Wordings,
    Strands,
    Ingest,
    Imports,
    Outbox,
    Notices,
    Waits,
    Fleet,
    Leases,
    Workspaces,
    Push,
    Figures,
    Upkeep,
    Checks,
    Sealing,
):
    """``bot.store.port.Store`` in SQL."""

    async def close(self) -> None:
        """See the port; safe to call twice."""
        await self.database.close()


async def open_store(url: str, *, secret_keys: Sequence[str] = ()) -> Store:
    """Open a store, making or updating its tables.

    The first of ``secret_keys`` seals what must not stand in clear, any of them opens it.

    ``url`` is one of ``sqlite:///path/to/file.db`` (the folder is made if absent), ``sqlite://`` (in memory, for this
    process alone) and ``postgresql://user:password@host/name``. Raises SettingsError, in words for a person.
    """
    database = Database(parse_url(url), Seal(secret_keys))
    try:
        await migrate(database)
    except BaseException:
        await database.close()
        raise
    return SqlStore(database)
