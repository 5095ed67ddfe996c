"""What tests of several parts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.postgres import PostgresServer

# No test is timed: on a busy machine, or where a first call compiles a grammar, an example takes as long as it takes.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started when the first test asks for it; one for each test process."""
    from tests.store.postgres import running_postgres  # noqa: PLC0415 - most tests need no database driver

    with running_postgres() as server:
        yield server
