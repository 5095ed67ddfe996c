"""What tests of several parts share."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.postgres import PostgresServer

# No test is timed: on a busy machine, or where a first call compiles a grammar, an example takes as long as it takes.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Tests start some hundred processes: what the first one compiles, the others need not.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_LONG: Final = (
    "tests/crash/",
    "tests/fleet/",
    "tests/test_secrets",
    "tests/test_cli",
    "tests/pipeline/",
    "tests/deploy/",
    "tests/workers/test_outbox_machine",
)
"""Where the tests are that take many seconds each, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, so that at the end nobody waits for one that has just begun."""
    items.sort(key=lambda item: [not item.nodeid.startswith(start) for start in _LONG])


def pytest_collection_finish() -> None:
    """What was collected lives as long as the process does: no search for garbage need go through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started when the first test asks for it; one for each test process."""
    from tests.store.postgres import running_postgres  # noqa: PLC0415 - most tests need no database driver

    with running_postgres() as server:
        yield server
