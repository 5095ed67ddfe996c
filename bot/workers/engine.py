"""Procrastinate as the fleet's engine: it says when to look and who does what, and holds nothing else.

::

    every second, one process:  what is due in the store --> one job a feed, one a chat
    any process:                a feed's job --> claims that feed in the store and polls it
    the sender of a platform:   a chat's job --> claims what is due to that chat and sends it

A job is a hint. Whoever gets it claims in the store first, so that one too many does nothing, and one that is lost is
made anew by the next tick: the engine's tables can be emptied at any time. What failed waits in the store as well
(``next_poll_at``, ``not_before``), so no job is tried again by the engine.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status
from procrastinate.worker import Worker

from bot import limits, logs
from bot.errors import SettingsError
from bot.store.database import parse_url
from bot.store.migrate import in_words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from procrastinate.tasks import Task

    from bot.clock import Clock
    from bot.model import Platform
    from bot.store.port import Store

log = logs.get(__name__)

SCHEMA: Final = "procrastinate_" + "_".join(procrastinate.__version__.split(".")[:2])
"""The engine's tables live in a schema of their own, one for each of its versions.

So the store's tables and backups know nothing of them, and a new version needs no migration: while a fleet is renewed,
old processes use the old one and new ones the new one, and claims in the store keep them apart.
"""

TICKS: Final = "ticks"
POLLS: Final = "polls"
_SET_UP: Final = 0x656E67
_MAKE_TICKED: Final = "CREATE TABLE IF NOT EXISTS {}.ticked (one boolean PRIMARY KEY, at timestamptz NOT NULL)"
_TICKED: Final = """
    INSERT INTO ticked VALUES (true, clock_timestamp()) ON CONFLICT (one) DO UPDATE SET at = excluded.at
"""
_TICK_AGE: Final = "SELECT extract(epoch FROM clock_timestamp() - at)::float8 AS age_s FROM ticked"
"""By the database's clock, which is the same for all processes."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What jobs do. Each claims in the store what it is about, and does nothing if that is not due or another's.

    ``poll`` is given a feed's id, ``deliver`` a chat's and the name of its queue.
    """

    poll: Callable[[int], Awaitable[None]]
    deliver: Callable[[int, str], Awaitable[None]]
    digest: Callable[[], Awaitable[None]]


def queue_of(platform: Platform) -> str:
    """The queue of a platform's chats: only the platform's sender works on it."""
    return f"chats.{platform.value}"


class Engine:
    """One process's part of the engine. ``platforms`` are those that the fleet speaks on, whoever it is that does."""

    def __init__(self, url: str, store: Store, clock: Clock, duties: Duties, platforms: Iterable[Platform]) -> None:
        self._url = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._store = store
        self._clock = clock
        self._duties = duties
        self._platforms = tuple(platforms)
        self._working: dict[str, tuple[Worker, asyncio.Task[None]]] = {}
        self._calling = asyncio.Event()
        self._caller: asyncio.Task[None] | None = None
        self._ticked_at: float | None = None
        idle_ms = int(limits.TRANSACTION_IDLE_S * 1000)
        connector = procrastinate.PsycopgConnector(
            conninfo=self._url,
            kwargs={"options": f"-c search_path={SCHEMA} -c idle_in_transaction_session_timeout={idle_ms}"},
            min_size=1,
            max_size=limits.FLEET_CONNECTIONS,
        )
        # Of two apps on one connector only the first knows the periodic jobs, so that one worker a process makes them.
        self._ticks = procrastinate.App(connector=connector)
        self._jobs = procrastinate.App(connector=connector)
        self._poll: Task[..., None, ...] = self._jobs.task(name="poll_feed", queue=POLLS)(self._polled)  # type: ignore[arg-type]
        self._deliver: Task[..., None, ...] = self._jobs.task(name="deliver")(self._delivered)  # type: ignore[arg-type]
        self._periodic()

    def _periodic(self) -> None:
        """Declare the tick and the reaper: whatever their number of processes, one of each is made a time."""
        for name, every, work in (
            ("tick", limits.FLEET_TICK_S, self._tick),
            ("reap", limits.FLEET_REAP_S, self._reap),
        ):
            task = self._ticks.task(name=name, queue=TICKS, queueing_lock=name)(work)
            self._ticks.periodic(cron=f"* * * * * */{every}")(task)

    async def open(self) -> None:
        """Connect, and make the engine's tables where there are none.

        Raises SettingsError, in plain words, where the database does not let us.
        """
        try:
            await self._open()
        except (psycopg.Error, ConnectorException) as error:
            raise SettingsError(in_words(error)) from error

    async def _open(self) -> None:
        await self._ticks.open_async()
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            await connection.execute("SELECT pg_advisory_lock(%s)", (_SET_UP,))
            made = await connection.execute("SELECT to_regnamespace(%s)", (SCHEMA,))
            if (await made.fetchone()) == (None,):
                # Not "if not exists": that asks for the right to make one, also where somebody has made it for us.
                await connection.execute(f"CREATE SCHEMA {SCHEMA}".encode())
            found = await connection.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.procrastinate_jobs",))
            if (await found.fetchone()) == (None,):
                await self._ticks.schema_manager.apply_schema_async()
            await connection.execute(_MAKE_TICKED.format(SCHEMA).encode())

    async def start(self) -> None:
        """Begin to tick and to poll; sending begins with ``work`` on a platform's queue."""
        self.work(TICKS, app=self._ticks, size=2)
        self.work(POLLS, size=limits.POLLS_AT_ONCE)
        self._caller = asyncio.get_running_loop().create_task(self._call(), name="calls")

    def work(self, queue: str, *, size: int, app: procrastinate.App | None = None) -> None:
        """Take jobs from a queue, ``size`` at a time, until ``leave`` or ``stop``."""
        if queue in self._working:
            return
        worker = Worker(
            app or self._jobs,
            queues=[queue],
            name=queue,
            concurrency=size,
            delete_jobs=DeleteJobCondition.ALWAYS,
            install_signal_handlers=False,
            fetch_job_polling_interval=limits.FLEET_TICK_S,
            shutdown_graceful_timeout=limits.DRAIN_S,
            update_heartbeat_interval=limits.FLEET_HEARTBEAT_S,
            stalled_worker_timeout=limits.FLEET_STALLED_S,
        )
        self._working[queue] = worker, asyncio.get_running_loop().create_task(_kept_up(worker, queue), name=queue)

    async def leave(self, queue: str) -> None:
        """Take no more jobs from a queue, and wait for those under way."""
        if queue not in self._working:
            return
        worker, task = self._working.pop(queue)
        worker.stop()  # type: ignore[no-untyped-call]
        task.cancel()
        # Waits without taking what it ended with: a cancellation of whoever waits must not pass for the task's own.
        await asyncio.wait([task])

    async def stop(self) -> None:
        """Take no more jobs, wait for those under way, disconnect."""
        if self._caller is not None:
            self._caller.cancel()
            with suppress(asyncio.CancelledError):
                await self._caller
        await asyncio.gather(*(self.leave(queue) for queue in tuple(self._working)))
        await self._ticks.close_async()

    @property
    def tick_age_s(self) -> float | None:
        """How long ago some process of the fleet last ticked, as far as this one knows; None before the first time."""
        return None if self._ticked_at is None else time.monotonic() - self._ticked_at

    def wake_deliveries(self) -> None:
        """There is something to send: do not wait for the tick."""
        self._calling.set()

    async def clock_was_set(self) -> None:
        """Tick by the clock as it is now: the engine makes no tick twice, and makes up for those that were left out."""
        if TICKS not in self._working:
            return
        await self.leave(TICKS)
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            await connection.execute(f"SET search_path = {SCHEMA}".encode())
            now_s = int(self._clock.now().timestamp())
            await connection.execute("DELETE FROM procrastinate_periodic_defers WHERE defer_timestamp > %s", (now_s,))
        self.work(TICKS, app=self._ticks, size=2)

    async def _call(self) -> None:
        """Make jobs for chats whenever somebody here has left something to send; look when the fleet last ticked."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(limits.FLEET_TICK_S):
                    await self._calling.wait()
            if self._calling.is_set():
                self._calling.clear()
                await self._call_chats()
            await self._look_for_tick()

    async def _look_for_tick(self) -> None:
        """The tick runs in one process of the fleet; each of them knows of it by the database."""
        # A database that is away, or tables that were emptied, show in the age itself.
        with suppress(ConnectorException):
            for row in await self._ticks.connector.execute_query_all_async(_TICK_AGE):
                self._ticked_at = time.monotonic() - max(0.0, row["age_s"])

    async def _tick(self, timestamp: int) -> None:
        """Make jobs for whatever is due and has none yet."""
        del timestamp
        await self._duties.digest()
        await self._call_feeds()
        await self._call_chats()
        await self._ticks.connector.execute_query_async(_TICKED)

    async def _call_feeds(self) -> None:
        waiting = await self._waiting("poll_feed")
        if len(waiting) < limits.FLEET_QUEUE:
            due = await self._store.due_feeds(now=self._clock.now(), limit=limits.FLEET_QUEUE)
            await self._hand_out(self._poll, "feed", dict.fromkeys(due, POLLS), waiting)

    async def _call_chats(self) -> None:
        try:
            due = await self._store.due_chats(
                now=self._clock.now(), platforms=self._platforms, limit=limits.FLEET_QUEUE
            )
            if due:
                queues = {number: queue_of(platform) for number, platform in due}
                await self._hand_out(self._deliver, "chat", queues, await self._waiting("deliver"))
        except Exception:
            log.exception("chats could not be called")

    async def _waiting(self, task: str) -> frozenset[str]:
        """The locks of jobs that nobody has taken yet."""
        jobs = await self._jobs.job_manager.list_jobs_async(task=task, status=Status.TODO.value)
        return frozenset(job.queueing_lock for job in jobs if job.queueing_lock)

    async def _hand_out(
        self, task: Task[..., None, ...], kind: str, queues: dict[int, str], waiting: frozenset[str]
    ) -> None:
        for number, queue in queues.items():
            lock = f"{kind}:{number}"
            if lock not in waiting:
                # Another process may have made the same job in this moment.
                with suppress(AlreadyEnqueued):
                    await task.configure(queue=queue, lock=lock, queueing_lock=lock).defer_async(
                        number=number, queue=queue
                    )

    async def _reap(self, timestamp: int) -> None:
        """Drop the jobs of processes that are gone: their locks would keep others from the same feed or chat."""
        del timestamp
        manager = self._jobs.job_manager
        stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=limits.FLEET_STALLED_S)
        for job in stalled:
            log.warning("job of a worker that is gone", job=job.task_name, lock=job.lock)
            await manager.finish_job(job, Status.FAILED, delete_job=True)

    async def _polled(self, number: int, queue: str) -> None:
        del queue
        await self._duties.poll(number)

    async def _delivered(self, number: int, queue: str) -> None:
        await self._duties.deliver(number, queue)


async def _kept_up(worker: Worker, queue: str) -> None:
    """Run a worker, again and again: a database that restarts ends it."""
    task = asyncio.current_task()
    while True:
        try:
            await worker.run()  # type: ignore[no-untyped-call]
        except Exception:
            log.exception("the engine failed", queue=queue)
        if task is not None and task.cancelling():
            return  # it was asked to end, and a database that is gone raised its own error in the middle of that
        await asyncio.sleep(limits.FLEET_TICK_S)
