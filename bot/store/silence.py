"""Ends PostgreSQL transactions whose process has gone silent (it is stopped, or its machine is off), with their locks.

PostgreSQL does it by itself where ``idle_in_transaction_session_timeout`` is set, but not after a batch: the timer
starts with the answer to a Sync, and psycopg (3.3) ends a pipeline, and by that each ``executemany``, with a Flush
behind it, which stops the timer; nor in the middle of a batch, where the server thinks that it works. A network that
is cut says nothing either, for two hours by default. So whoever waits for long looks who is in the way.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from bot import limits, logs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = logs.get(__name__)

NAME: Final = "backstory"
"""What our connections call themselves: nobody else's transaction is ended."""

# The client is awaited in the middle of a batch as well. pg_terminate_backend asks for no more than the same role.
_END: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND application_name = %s AND xact_start IS NOT NULL
AND (state LIKE 'idle in transaction%%' OR state = 'active' AND wait_event_type = 'Client')
AND state_change < clock_timestamp() - make_interval(secs => %s)
"""


@asynccontextmanager
async def watched(address: str) -> AsyncIterator[None]:
    """Around a transaction: each time that it has lasted for ``limits.TRANSACTION_IDLE_S``, silent ones are ended.

    ``address`` is the database's, as libpq takes it.
    """
    watch = asyncio.get_running_loop().create_task(_watch(address), name="silence")
    try:
        yield
    finally:
        watch.cancel()


async def _watch(address: str) -> None:
    import psycopg  # noqa: PLC0415 - a bot on SQLite has no use for it

    while True:
        await asyncio.sleep(limits.TRANSACTION_IDLE_S)
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                ended = await connection.execute(_END, (NAME, limits.TRANSACTION_IDLE_S))
                if ended.rowcount:
                    log.warning("ended transactions of processes that are silent", transactions=ended.rowcount)
        except psycopg.Error:
            log.exception("could not look for silent transactions")
