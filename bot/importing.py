"""Past coverage in: files and folders -> the archive, silently, then into the stories of the topics that are watched.

Entries are stored first and grouped afterwards, in the order in which they happened: the order of the files does not
matter. They are prepared in processes of their own and stored here, a batch a transaction, in the order in which they
were read; little more than one batch a process is in memory. Running it again adds nothing twice, and goes on with
what was interrupted: what is stored is known, and what is not matched yet is noted.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.encoders import open_encoder
from bot.errors import ImportFileError
from bot.feeds.archive import BadLine, count_items, find_files, read_file
from bot.ingest import Audience
from bot.model import UNSAVED, Feed, FeedState
from bot.preparing import Batch, Preparers, processes_for
from bot.progress import progress
from bot.store.alone import only_one
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from bot.workers.pipeline import Found, Pipeline
from bot.workers.senders import held

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.ingest import Prepared
    from bot.model import ParsedEntry
    from bot.settings import Settings
    from bot.store.port import Store

ARCHIVE_URL = "archive:import"
_UNDER_WAY = "Another import into this database is under way: wait until it has ended, then start this one again."
_BATCH = 200
_READY = 2  # batches that are prepared, or wait to be, beside those that the processes are at


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did."""

    files_read: int
    files_failed: int
    lines_failed: int
    entries_new: int
    entries_known: int
    relevant: int
    stories: int

    @property
    def was_of_use(self) -> bool:
        """Whether anything in the files could be used, or nothing in them was wrong."""
        return bool(self.entries_new or self.entries_known or (self.files_read and not self.lines_failed))

    def as_text(self) -> str:
        """In plain words."""
        read, new, known = _counted(self.files_read, "file"), self.entries_new, self.entries_known
        parts = [f"Read {read}: {new} {'entry is' if new == 1 else 'entries are'} new, {known} known before."]
        if self.files_failed or self.lines_failed:
            failed = f"{_counted(self.files_failed, 'file')} and {_counted(self.lines_failed, 'entry', 'entries')}"
            parts.append(f"Could not use {failed} (see above).")
        if self.relevant:
            stories = _counted(self.stories, "story", "stories")
            parts.append(f"Your topics found {self.relevant} of them, in {stories}.")
        return " ".join(parts)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


class Importer:
    """Takes parsed entries into a store's archive."""

    def __init__(self, pipeline: Pipeline, archive: Feed, preparers: Preparers, *, now: datetime) -> None:
        self._pipeline = pipeline
        self._archive = archive
        self._preparers = preparers
        self._now = now
        self.new = 0
        self.known = 0

    async def take(self, batches: Iterable[Sequence[ParsedEntry]]) -> None:
        """Store batches, one after the other; nothing is matched yet. While one is written, others are prepared."""
        room = self._preparers.at_once + _READY
        under_way: deque[asyncio.Task[list[Prepared]]] = deque()
        try:
            for batch in batches:
                under_way.append(asyncio.create_task(self._prepared(tuple(batch))))
                if len(under_way) >= room:
                    await self._store(await under_way.popleft())
            while under_way:
                await self._store(await under_way.popleft())
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _prepared(self, document: tuple[ParsedEntry, ...]) -> list[Prepared]:
        unseen = await self._pipeline.unseen(self._archive, document, by_id=True)
        self.known += len(document) - len(unseen)
        return await self._preparers.prepare(Batch(self._archive, document, tuple(unseen), self._now))

    async def _store(self, prepared: Sequence[Prepared]) -> None:
        if not prepared:
            return
        plan = await self._pipeline.apply(self._archive.id, prepared, Audience({}, silent=True), now=self._now)
        self.new += len(plan.entries)
        self.known += len(prepared) - len(plan.entries)


class Readers:
    """Reads files into batches, and says what cannot be read."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self.failed_files = 0
        self.failed_lines = 0

    def batches(self, advance: Callable[[int], None]) -> Iterator[list[ParsedEntry]]:
        """The entries of all files in batches; ``advance`` is told how many things were read."""
        batch: list[ParsedEntry] = []
        for path in self._files:
            try:
                for item in read_file(path):
                    advance(1)
                    if isinstance(item, BadLine):
                        self.failed_lines += 1
                        place = f"{path}, line {item.line}" if item.line else path
                        print(f"backstory: {place}: {item.reason}", file=sys.stderr)
                        continue
                    batch.append(item)
                    if len(batch) >= _BATCH:
                        yield batch
                        batch = []
            except ImportFileError as error:
                self.failed_files += 1
                print(f"backstory: {error}", file=sys.stderr)
        yield batch


async def import_paths(settings: Settings, paths: Sequence[Path]) -> Report:
    """Import files and folders into the configured database.

    Raises:
        ImportFileError: a path does not exist, or holds nothing to import.
        SettingsError: another import into it is under way.
    """
    files = find_files(paths)
    if not files:
        raise ImportFileError("nothing to import there: give text articles, HTML pages, JSONL or saved feeds")
    store = await open_store(settings.database_url, secret_keys=settings.secret_keys)
    try:
        async with _only_import(settings.database_url):
            return await _import_files(store, files, settings)
    except asyncio.CancelledError:
        print(
            "backstory: interrupted; what is stored stays, and the same import again goes on from there",
            file=sys.stderr,
        )
        raise
    finally:
        await store.close()


@asynccontextmanager
async def _only_import(url: str) -> AsyncIterator[None]:
    """One at a time: the end of one would forget what another has stored and not matched yet."""
    async with AsyncExitStack() as stack:
        if not stack.enter_context(only_one(url, _UNDER_WAY, lock="import.lock")):
            from bot.store.seat import Seat  # noqa: PLC0415 - needs a driver that SQLite does without

            await stack.enter_async_context(held([Seat(url, "import")], wait_s=0, refusal=_UNDER_WAY))
        yield


async def _import_files(store: Store, files: Sequence[Path], settings: Settings) -> Report:
    now = SystemClock().now()
    archive = await store.add_feed(
        Feed(UNSAVED, ARCHIVE_URL, "imported coverage", now, state=FeedState.ARCHIVE, shared=True, baselined=True)
    )
    pipeline = Pipeline(store, lexicons.load(), open_encoder(wanted=settings.encoder))
    readers = Readers(files)
    items = sum(map(count_items, files))
    first_unmatched = await store.begin_import()
    with closing(Preparers(processes=processes_for(items))) as preparers, progress(items, "importing") as advance:
        importer = Importer(pipeline, archive, preparers, now=now)
        await importer.take(readers.batches(advance))
    found = Found(0, 0)
    if topics := await store.watched_topics():
        with progress(importer.new, "matching") as advance:
            found = await pipeline.backfill(topics, now=now, after_id=first_unmatched - 1, advance=advance)
    await store.end_import()
    return Report(
        files_read=len(files) - readers.failed_files,
        files_failed=readers.failed_files,
        lines_failed=readers.failed_lines,
        entries_new=importer.new,
        entries_known=importer.known,
        relevant=found.entries,
        stories=found.stories,
    )
