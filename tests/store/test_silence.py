"""Transactions of processes that fell silent: whoever waits behind one gets on, and nobody else's is ended."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from bot import limits
from bot.store.database import INGEST_LOCK, Database, parse_url
from bot.store.silence import NAME

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.store.postgres import PostgresServer

IDLE_S = 0.4

Connection = psycopg.AsyncConnection[tuple[object, ...]]


@pytest.fixture
def url(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database where nobody may be silent for long in a transaction."""
    monkeypatch.setattr(limits, "TRANSACTION_IDLE_S", IDLE_S)
    return postgres.new_database()


@pytest.fixture
async def silent(url: str) -> AsyncIterator[Connection]:
    """A connection that has taken the ingesters' lock. PostgreSQL's own limit is off: what it overlooks is tried."""
    connection = await psycopg.AsyncConnection.connect(url, application_name=NAME)
    await connection.execute("CREATE TEMP TABLE batch (number int)")
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (INGEST_LOCK,))
    yield connection
    with suppress(psycopg.Error):
        await connection.close()


async def after_a_batch(connection: Connection) -> None:
    await connection.cursor().executemany("INSERT INTO batch VALUES (%s)", [(number,) for number in range(3)])


async def amid_a_batch(connection: Connection) -> None:
    connection.pgconn.enter_pipeline_mode()
    connection.pgconn.send_query_params(b"INSERT INTO batch VALUES (1)", None)
    connection.pgconn.flush()


async def after_one_statement(connection: Connection) -> None:
    await connection.execute("INSERT INTO batch VALUES (1)")


async def get_on(url: str) -> None:
    """Take the lock that the other one has, in a transaction of the product."""
    database = Database(parse_url(url))
    try:
        async with database.write(lock=INGEST_LOCK) as conn:
            await conn.execute(text("SELECT 1"))
    finally:
        await database.close()


@pytest.mark.parametrize("fall_silent", [after_a_batch, amid_a_batch, after_one_statement])
async def test_who_waits_behind_a_silent_transaction_gets_on(
    url: str, silent: Connection, fall_silent: Callable[[Connection], Awaitable[None]]
) -> None:
    await fall_silent(silent)
    async with asyncio.timeout(30):
        await get_on(url)


async def test_the_transaction_of_another_program_is_not_ended(url: str, silent: Connection) -> None:
    await silent.execute("SET application_name = 'an analyst'")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5 * IDLE_S):
            await get_on(url)
    await silent.execute("SELECT 1")


async def test_a_transaction_that_is_busy_is_not_ended(url: str, silent: Connection) -> None:
    busy = asyncio.ensure_future(silent.execute("SELECT pg_sleep(%s)", (5 * IDLE_S,)))
    waiting = asyncio.ensure_future(get_on(url))
    await busy
    assert not waiting.done()
    await silent.rollback()
    async with asyncio.timeout(30):
        await waiting
