"""`reader` with ten workers, into its SQLite; it is asked for all feeds, whatever its own schedule says."""

from __future__ import annotations

import importlib
from typing import Any

from tests.benchmarks.peers.stages import Asked, measure, say

if __name__ == "__main__":
    reader: Any = importlib.import_module("reader")
    asked = Asked.of_command_line()
    library = reader.make_reader(f"{asked.folder}/reader.sqlite")
    for url in asked.urls:
        library.add_feed(url)
    taken = measure(asked, lambda: library.update_feeds(workers=10, scheduled=False))
    say(taken | {"entries": library.get_entry_counts().total})
