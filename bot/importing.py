"""Past coverage in: files and folders -> the archive, silently, then into the stories of the topics that are watched.

Entries are stored first and grouped afterwards, in the order in which they happened: the order of the files does not
matter. Running it again adds nothing twice.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.encoders import open_encoder
from bot.errors import ImportFileError
from bot.feeds.archive import BadLine, find_files, read_file
from bot.model import UNSAVED, Feed, FeedState
from bot.progress import progress
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from bot.workers.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.model import ParsedEntry
    from bot.settings import Settings
    from bot.store.port import Store

ARCHIVE_URL = "archive:import"
_BATCH = 200


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

    def as_text(self) -> str:
        """In plain words."""
        parts = [f"Read {self.files_read} files: {self.entries_new} entries are new, {self.entries_known} were known."]
        if self.files_failed or self.lines_failed:
            parts.append(f"Could not use {self.files_failed} files and {self.lines_failed} lines (see above).")
        if self.relevant:
            parts.append(f"Your topics found {self.relevant} of them, in {self.stories} stories.")
        return " ".join(parts)


class Importer:
    """Takes parsed entries into a store's archive."""

    def __init__(self, store: Store, pipeline: Pipeline, archive: Feed) -> None:
        self._store = store
        self._pipeline = pipeline
        self._archive = archive
        self.new = 0
        self.known = 0
        self.first_id: int | None = None

    async def take(self, batch: Sequence[ParsedEntry], *, now: datetime) -> None:
        """Store a batch; nothing is matched yet."""
        plan = await self._pipeline.archive(self._archive, batch, now=now)
        self.new += len(plan.entries)
        self.known += len(batch) - len(plan.entries)
        if plan.entries and self.first_id is None:
            self.first_id = plan.entries[0].entry.id


async def import_paths(settings: Settings, paths: Sequence[Path]) -> Report:
    """Import files and folders into the configured database.

    Raises:
        ImportFileError: a path does not exist, or holds nothing to import.
    """
    files = find_files(paths)
    if not files:
        raise ImportFileError("nothing to import there: give text articles, HTML pages, JSONL or saved feeds")
    store = await open_store(settings.database_url)
    try:
        return await _import_files(store, files, settings)
    finally:
        await store.close()


async def _import_files(store: Store, files: Sequence[Path], settings: Settings) -> Report:
    now = SystemClock().now()
    archive = await store.add_feed(
        Feed(UNSAVED, ARCHIVE_URL, "imported coverage", now, state=FeedState.ARCHIVE, shared=True, baselined=True)
    )
    pipeline = Pipeline(store, lexicons.load(), open_encoder(wanted=settings.encoder))
    importer = Importer(store, pipeline, archive)
    failed_files = failed_lines = 0
    with progress(len(files), "importing") as advance:
        for path in files:
            batch: list[ParsedEntry] = []
            try:
                for item in read_file(path):
                    if isinstance(item, BadLine):
                        failed_lines += 1
                        print(f"backstory: {path}, line {item.line}: {item.reason}", file=sys.stderr)
                        continue
                    batch.append(item)
                    if len(batch) >= _BATCH:
                        await importer.take(batch, now=now)
                        batch = []
            except ImportFileError as error:
                failed_files += 1
                print(f"backstory: {error}", file=sys.stderr)
            await importer.take(batch, now=now)
            advance()
    topics = await store.watched_topics()
    relevant = stories = 0
    if topics and importer.first_id is not None:
        found = await pipeline.backfill(topics, now=now, after_id=importer.first_id - 1)
        relevant, stories = found.entries, found.stories
    read = len(files) - failed_files
    return Report(read, failed_files, failed_lines, importer.new, importer.known, relevant, stories)
