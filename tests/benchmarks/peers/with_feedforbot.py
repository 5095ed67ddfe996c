"""`feedforbot`: its scheduler's tick for each feed, ten at a time, with its cache of files, sending to nobody."""

from __future__ import annotations

import importlib
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.benchmarks.peers.stages import Asked, measure, say


class Nobody:
    """A transport that takes everything."""

    sent = 0

    def send(self, *articles: object) -> tuple[()]:
        """Count."""
        self.sent += len(articles)
        return ()

    def close(self) -> None:
        """Nothing to close."""


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    scheduler: Any = importlib.import_module("feedforbot.scheduler")
    listeners: Any = importlib.import_module("feedforbot.listeners")
    caches: Any = importlib.import_module("feedforbot.cache")
    asked = Asked.of_command_line()
    nobody = Nobody()
    folder = Path(asked.folder)
    schedulers = [
        scheduler.Scheduler(
            "* * * * *",
            listener=listeners.RSSListener(url),
            transport=nobody,
            cache=caches.FilesCache(url, data_dir=folder),
        )
        for url in asked.urls
    ]

    def tick(one: Any) -> None:  # noqa: ANN401 - its library has no types here
        one._tick()  # noqa: SLF001 - it would wait for the clock; this is what it then does

    def poll_all() -> None:
        """A tick of each."""
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(tick, schedulers))

    say(measure(asked, poll_all) | {"sent": nobody.sent})
