"""Topics against an entry: ours, a regular expression for each topic, and an FTS5 query for each topic.

A topic is eight alternatives. An entry has about 2,000 characters and holds five words of the first thousand topics and
none of the others, so that the number of true matches is the same however many topics there are. The peers' cost is
measured at 1,000 topics and multiplied: both run once for each topic.
"""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.model import Entry, Topic
from bot.topics import lexicon
from bot.topics.match import Matcher
from tests.benchmarks.measure import Row, median_s, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOW = datetime(2024, 6, 18, tzinfo=UTC)
MEASURED = 1_000
SIZES = (MEASURED, 10_000, 100_000)
ALTERNATIVES = 8
TRUE_WORDS = 5
ENTRIES = 40
ENTRIES_PER_REGEX = 10
FTS5_BATCH = 500
MEMORY_MB = 400


def matching() -> list[Row]:
    """All rows; the matcher of 100,000 topics is made once, for all that is asked of it."""
    rng = random.Random(1)
    first = [row.split(" | ") for row in _queries(MEASURED)]
    bodies = _bodies(rng, [word for row in first for word in row])
    regex_s, fts5_s = _regex_s(first, bodies), _fts5_s(first, bodies)
    entries = [Entry(n + 1, 1, str(n), "", "", body, "en", "", NOW) for n, body in enumerate(bodies[:ENTRIES])]
    rows: list[Row] = []
    matchers: list[Matcher] = []
    for size in SIZES:
        began = time.perf_counter()
        matcher = Matcher(
            lexicon.load(), [Topic(n + 1, 1, str(n), query, NOW) for n, query in enumerate(_queries(size))]
        )
        compiling_s = time.perf_counter() - began
        matchers = [*matchers[:1], matcher]  # the first and the last are held against one another below
        ours_s = _ours_s(matcher, entries)
        scale = size // MEASURED
        scaled = "" if scale == 1 else f", 1,000 x {scale}"
        what = f"match an entry, {size:,} topics"
        rows.append(Row(what, ours_s * 1e3, f"a regex a topic{scaled}", regex_s * scale * 1e3, "ms"))
        rows.append(Row(what, ours_s * 1e3, f"FTS5, a query a topic{scaled}", fts5_s * scale * 1e3, "ms"))
    few_s, many_s = (_ours_s(one, entries) for one in matchers)
    rows.append(Row(f"match, {size:,} topics", many_s * 1e3, "with 1,000 topics", few_s * 1e3, "ms"))
    rows.append(Row(f"add a topic to {size:,}", _adding_s(matcher) * 1e3, "compiling all", compiling_s * 1e3, "ms"))
    rows.append(Row(f"memory, {size:,} topics", _peak_mb(), "what is allowed", MEMORY_MB, "MB"))
    return rows


def _queries(count: int) -> Iterator[str]:
    """For each topic words that stand in no other topic and in no entry by chance; the same ones at each call."""
    rng = random.Random(2)
    for number in range(count):
        yield " | ".join(f"{word}{number}" for word in words(rng, ALTERNATIVES))


def _bodies(rng: random.Random, wanted: Sequence[str]) -> list[str]:
    common = words(rng, 20_000)
    bodies = []
    for _ in range(FTS5_BATCH):
        body = rng.choices(common, k=300) + rng.sample(wanted, TRUE_WORDS)
        rng.shuffle(body)
        bodies.append(". ".join(" ".join(body[at : at + 20]).capitalize() for at in range(0, len(body), 20)) + ".")
    return bodies


def _ours_s(matcher: Matcher, entries: Sequence[Entry]) -> float:
    found = [len(matcher.match(entry, matcher.scan(entry))) for entry in entries]
    if min(found) < TRUE_WORDS - 1 or max(found) > TRUE_WORDS:  # two of the words may belong to one topic
        raise AssertionError(found)
    return median_s(lambda: [matcher.match(entry, matcher.scan(entry)) for entry in entries]) / len(entries)


def _adding_s(matcher: Matcher) -> float:
    return median_s(lambda: matcher.with_topics([Topic(10**9, 1, "new", "alpha | bet* | @dprk", NOW)], [1]))


def _regex_s(vocabularies: Sequence[Sequence[str]], bodies: Sequence[str]) -> float:
    patterns = [re.compile(r"\b(?:" + "|".join(row) + r")\b", re.IGNORECASE) for row in vocabularies]
    some = bodies[:ENTRIES_PER_REGEX]
    return median_s(lambda: [[pattern.search(body) for pattern in patterns] for body in some]) / len(some)


def _fts5_s(vocabularies: Sequence[Sequence[str]], bodies: Sequence[str]) -> float:
    """A batch of entries is indexed, then every topic asks for what it wants of it."""
    queries = [" OR ".join(f'"{word}"' for word in row) for row in vocabularies]

    def batch() -> None:
        with sqlite3.connect(":memory:") as db:
            db.execute("CREATE VIRTUAL TABLE entries USING fts5(body)")
            db.executemany("INSERT INTO entries(body) VALUES (?)", [(body,) for body in bodies])
            for query in queries:
                db.execute("SELECT rowid FROM entries WHERE entries MATCH ?", (query,)).fetchall()
        db.close()

    return median_s(batch) / len(bodies)


def _peak_mb() -> float:
    """The most that this process ever had: the lexicon and everything else included."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
