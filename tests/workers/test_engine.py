"""The fleet's engine as far as it needs no database: its workers are kept up, and left to their end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar, cast

import psycopg
import pytest
from sqlalchemy import make_url

from bot import limits
from bot.clock import SystemClock
from bot.errors import SettingsError
from bot.model import Platform
from bot.workers import engine as module
from bot.workers.engine import Duties, Engine, queue_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.postgres import PostgresServer

QUEUE = "chats.telegram"


class ScriptedWorker:
    """A worker of the engine; ``fates`` are how its runs end, after which it runs until it is told to end."""

    made: ClassVar[list[ScriptedWorker]] = []

    def __init__(self, *_: object, queues: list[str], **__: object) -> None:
        self.queues = queues
        self.fates: list[Exception | None] = []
        self.runs = 0
        self.told_to_stop = False
        self.job_under_way: asyncio.Event | None = None
        self.fault_at_the_end: Exception | None = None
        self.made.append(self)

    async def run(self) -> None:
        self.runs += 1
        if self.fates:
            fate = self.fates.pop(0)
            if fate is not None:
                raise fate
            return
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self.job_under_way is not None:
                await self.job_under_way.wait()
            if self.fault_at_the_end is not None:
                raise self.fault_at_the_end from None
            raise

    def stop(self) -> None:
        self.told_to_stop = True


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedWorker]:
    ScriptedWorker.made.clear()
    monkeypatch.setattr(module, "Worker", ScriptedWorker)
    monkeypatch.setattr(limits, "FLEET_TICK_S", 0)
    return ScriptedWorker.made


@pytest.fixture
def engine(workers: list[ScriptedWorker]) -> Engine:
    """One that is never opened: nothing here asks the database."""
    del workers
    return Engine("postgresql://nobody@nowhere.invalid/x", cast("Any", None), SystemClock(), cast("Any", None), [])


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - the test's own time-out ends it
        await asyncio.sleep(0)


async def test_a_queue_has_one_worker_until_it_is_left(engine: Engine, workers: list[ScriptedWorker]) -> None:
    engine.work(QUEUE, size=1)
    engine.work(QUEUE, size=1)
    assert [one.queues for one in workers] == [[QUEUE]]
    await until(lambda: workers[0].runs == 1)
    await engine.leave(QUEUE)
    assert workers[0].told_to_stop
    engine.work(QUEUE, size=1)
    assert len(workers) == 2
    await engine.leave(QUEUE)
    await engine.leave(QUEUE)
    await engine.leave("never worked on")


async def test_a_worker_that_ends_runs_again(engine: Engine, workers: list[ScriptedWorker]) -> None:
    """A database that restarts ends it, with an error of its own or with none."""
    engine.work(QUEUE, size=1)
    workers[0].fates = [ConnectionResetError("the server closed the connection"), None]
    await until(lambda: workers[0].runs == 3)
    await engine.leave(QUEUE)
    assert workers[0].runs == 3


async def test_leaving_waits_for_the_job_under_way(engine: Engine, workers: list[ScriptedWorker]) -> None:
    engine.work(QUEUE, size=1)
    workers[0].job_under_way = asyncio.Event()
    await until(lambda: workers[0].runs == 1)
    leaving = asyncio.create_task(engine.leave(QUEUE))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not leaving.done()
    workers[0].job_under_way.set()
    await leaving


async def test_one_that_is_told_to_end_ends_whatever_its_last_error(
    engine: Engine, workers: list[ScriptedWorker]
) -> None:
    """The database is gone, and its error takes the place of the cancellation: that is no reason to run again."""
    engine.work(QUEUE, size=1)
    workers[0].fault_at_the_end = ConnectionResetError("the server closed the connection")
    await until(lambda: workers[0].runs == 1)
    await engine.leave(QUEUE)
    assert workers[0].runs == 1


async def test_who_waits_for_a_worker_to_end_can_be_cancelled(engine: Engine, workers: list[ScriptedWorker]) -> None:
    engine.work(QUEUE, size=1)
    workers[0].job_under_way = asyncio.Event()
    await until(lambda: workers[0].runs == 1)
    leaving = asyncio.create_task(engine.leave(QUEUE))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    workers[0].job_under_way.set()


class Quiet:
    """A store in which nothing is due. ``asked`` counts how often that was looked up."""

    asked = 0

    async def due_feeds(self, **_: object) -> tuple[int, ...]:
        return ()

    async def due_chats(self, **_: object) -> tuple[tuple[int, Platform], ...]:
        self.asked += 1
        return ()


async def _no_digest() -> None:
    """Nothing that was held is due."""


@pytest.mark.usefixtures("workers")
async def test_each_process_knows_when_the_fleet_last_ticked(postgres: PostgresServer) -> None:
    """A loop that turns is no tick: the jobs that make one may wait for nobody to take them."""
    database, quiet = postgres.new_database(), Quiet()
    duties = Duties(cast("Any", None), cast("Any", None), _no_digest)
    one, other = [Engine(database, cast("Any", quiet), SystemClock(), duties, []) for _ in range(2)]
    await one.open()
    await other.open()
    await other.start()
    for turns in range(1, 4):
        other.wake_deliveries()
        await until(lambda: quiet.asked == turns)  # noqa: B023 - it is awaited here
    assert other.tick_age_s is None
    await one._tick(0)  # noqa: SLF001 - as the worker that took the job does
    await until(lambda: other.tick_age_s is not None)
    await other.stop()
    await one.stop()


async def test_a_user_who_may_make_no_schema_is_told_so_and_can_be_given_one(postgres: PostgresServer) -> None:
    database = postgres.new_database()
    user = f"user_of_{make_url(database).database}"
    mine = Engine(database.replace("postgres@", f"{user}@"), cast("Any", Quiet()), SystemClock(), cast("Any", None), [])
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN".encode())
        with pytest.raises(SettingsError, match="a right that the bot's user needs"):
            await mine.open()
        await mine.stop()
        connection.execute(f"CREATE SCHEMA {module.SCHEMA} AUTHORIZATION {user}".encode())
    await mine.open()
    await mine.stop()


def test_each_platform_has_a_queue_of_its_own() -> None:
    assert len({queue_of(platform) for platform in Platform}) == len(Platform)
