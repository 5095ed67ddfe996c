"""The seat on a real PostgreSQL: one holds it, and the others know where that one is reached."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import make_url

from bot import limits, settings
from bot.app import Bot
from bot.errors import SettingsError
from bot.store.seat import Seat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.store.postgres import PostgresServer

TOKEN = "123:a token whose key has its highest bit set, or has not"  # noqa: S105 - nobody's


@pytest.fixture(scope="module")
def database(postgres: PostgresServer) -> str:
    return postgres.new_database()


@asynccontextmanager
async def taken(*seats: Seat) -> AsyncIterator[list[bool]]:
    try:
        yield [await seat.take() for seat in seats]
    finally:
        for seat in seats:
            await seat.leave()


@pytest.mark.parametrize("token", [f"{TOKEN} {n}" for n in range(4)])
async def test_one_holds_it_and_all_know_where_that_one_is(database: str, token: str) -> None:
    one, other = (Seat(database, token, host="10.0.0.7", port=port) for port in (3000, 3001))
    assert await one.holder() is None
    async with taken(one, other) as got:
        assert got == [True, False]
        assert [await seat.holder() for seat in (one, other)] == ["10.0.0.7:3000"] * 2
        await one.leave()
        while await other.holder() is not None:  # PostgreSQL ends a session in its own time
            pass
        assert await other.take()
        assert [await seat.holder() for seat in (one, other)] == ["10.0.0.7:3001"] * 2


async def test_the_seats_of_other_tokens_and_databases_are_others(database: str, postgres: PostgresServer) -> None:
    async with taken(Seat(database, "one", host="h", port=1), Seat(postgres.new_database(), "two", host="h", port=2)):
        assert await Seat(database, "two").holder() is None
        assert await Seat(database, "one").holder() == "h:1"


@pytest.mark.parametrize(
    ("host", "port", "told"),
    [
        pytest.param("192.0.2.4", 3000, "192.0.2.4:3000", id="an address"),
        pytest.param("fleet-1.example", 3000, "fleet-1.example:3000", id="a name"),
        pytest.param("2001:db8::7", 3000, "[2001:db8::7]:3000", id="IPv6"),
        pytest.param("0.0.0.0", 3000, "127.0.0.1:3000", id="all: where it speaks with PostgreSQL from"),  # noqa: S104
        pytest.param("::", 3000, "127.0.0.1:3000", id="all of IPv6"),
        pytest.param("a" * 40, 65535, "a" * 40 + ":65535", id="the longest"),
        pytest.param("a" * 41, 65535, "127.0.0.1:65535", id="too long a name"),
        pytest.param("", 0, None, id="one that does not listen"),
    ],
)
async def test_where_it_is_reached(database: str, host: str, port: int, told: str | None) -> None:
    async with taken(Seat(database, TOKEN, host=host, port=port)):
        assert await Seat(database, TOKEN).holder() == told


async def test_one_bot_alone_runs_on_a_database_and_the_next_when_it_has_ended(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SEAT_WAIT_S", 0.2)
    url = postgres.new_database()
    configured = settings.load({"BACKSTORY_DATABASE_URL": url, "BACKSTORY_ENCODER": "off"}, folder=tmp_path)
    elsewhere = settings.load(
        {"BACKSTORY_DATABASE_URL": postgres.new_database(), "BACKSTORY_ENCODER": "off"}, folder=tmp_path
    )
    async with Bot(configured, {}, sample_mode=False), Bot(elsewhere, {}, sample_mode=False):
        with pytest.raises(SettingsError, match="Another Backstory is running on this PostgreSQL database"):
            await Bot(configured, {}, sample_mode=False).__aenter__()
        monkeypatch.setattr(limits, "SEAT_WAIT_S", 30.0)
        next_one = asyncio.create_task(Bot(configured, {}, sample_mode=False).__aenter__())
        await asyncio.sleep(0.1)
        assert not next_one.done()
    await (await next_one).__aexit__(None, None, None)


async def test_a_bot_alone_does_not_speak_with_a_token_that_a_worker_speaks_with(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SEAT_WAIT_S", 0.2)
    given = {"BACKSTORY_DATABASE_URL": database, "TELEGRAM_BOT_TOKEN": TOKEN, "BACKSTORY_ENCODER": "off"}
    configured = settings.load(given, folder=tmp_path)
    async with taken(Seat(database, TOKEN)):
        with pytest.raises(SettingsError, match="Another Backstory"):
            await Bot(configured, {}, sample_mode=False).__aenter__()


async def test_a_database_that_is_out_of_reach_knows_nobody() -> None:
    assert await Seat("postgresql://nobody@127.0.0.1:1/none", TOKEN).holder() is None


async def test_a_seat_that_cannot_be_asked_for_is_told_of_once(
    postgres: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    database = postgres.new_database()
    user = f"seatless_{make_url(database).database}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN CONNECTION LIMIT 0".encode())
        seat = Seat(database.replace("postgres@", f"{user}@"), TOKEN)
        assert [await seat.take() for _ in range(3)] == [False] * 3
        (told,) = caplog.messages
        assert "the right to speak cannot be asked for" in told
        assert "too many connections" in told
        connection.execute(f"ALTER ROLE {user} CONNECTION LIMIT 9".encode())
    async with taken(seat) as got:
        assert got == [True]
