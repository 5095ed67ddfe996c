"""Every implementation of the store, each test with a database of its own."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

from bot.store.database import parse_url
from bot.store.migrate import create
from bot.store.sql import open_store
from tests.store.stock import Stock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.store.port import Store
    from tests.store.postgres import PostgresServer


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """A database with empty tables, to be copied: faster than making the tables for each test."""
    url = postgres.new_database()
    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        create(connection)
    engine.dispose()
    return url


def _new_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if kind == "memory":
        return "sqlite://"
    if kind == "file":
        return f"sqlite:///{tmp_path}/data/{uuid.uuid4().hex}.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database(copy_of=request.getfixturevalue("migrated_postgres"))


@pytest.fixture(params=["file", "memory", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_store(_new_url(request.param, tmp_path, request))
    yield opened
    await opened.close()


@pytest.fixture(params=["file", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that several stores can open."""
    return _new_url(request.param, tmp_path, request)


@pytest.fixture
async def stock(store: Store) -> Stock:
    return Stock(store)
