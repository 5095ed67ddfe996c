"""``make simulate SEEDS=100``: many days of the whole bot on a virtual clock, each with its own faults and crashes.

``SEED=17`` replays one; run it with PYTHONHASHSEED=0, as make does, since the order of a set of words is part of a day.
Each 25th day has thousands of feeds and hundreds of chats; ``FEEDS``, ``CHATS``, ``EVENTS`` and ``HOURS`` set the scale
of all days instead. In the end the same hours are lived twice, with
30% of the feeds faulty and without: what is healthy must not be slower for it, and every flood is braked. Last, bots
that break a promise on purpose: each must be found out. Stopped before its end it tells what it has seen by then.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from bot.progress import progress
from tests.simulation.broken import BROKEN
from tests.simulation.days import Day, hours_of, is_seen, live
from tests.simulation.world import Scale

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGE_EVERY: Final = 25
LARGE: Final = Scale(feeds=5000, chats=300, events=300)
MOST_SLOWED: Final = 1.1
"""How much later the news of healthy feeds may come because of others."""


def main() -> int:
    """Live through the seeds asked for; 1 if a promise was broken."""
    given = os.environ.get("SEED")
    seeds = [int(given)] if given else list(range(1, int(os.environ.get("SEEDS", "100")) + 1))
    scales = {seed: _scale_of(seed) for seed in seeds}
    lived = _lived(scales)
    total: Counter[str] = sum((day.figures for day in lived.values()), Counter())
    violations = [words for day in lived.values() for words in day.violations]
    for scale, count in Counter(scales[seed] for seed in lived).items():
        print(f"{count} days of {scale.hours} h, {scale.feeds} feeds, {scale.chats} chats, {scale.events} events each")  # noqa: T201
    for name, count in sorted(total.items()):
        print(f"  {name:<16} {count:>9,}")  # noqa: T201
    if not lived:
        return 1
    lags_s = sorted(lag_s for day in lived.values() for lag_s in day.lags_s)
    p95_min = lags_s[len(lags_s) * 95 // 100] / 60 if lags_s else 0.0
    print(f"  {'lag, p95':<16} {p95_min:>9.1f} min, with everything that goes wrong")  # noqa: T201
    print(f"  {'longest day':<16} {max(day.took_s for day in lived.values()):>9.1f} s")  # noqa: T201
    print(f"  {'most CPU of one':<16} {max(day.cpu_s for day in lived.values()):>9.1f} s")  # noqa: T201
    if stopped := len(lived) < len(seeds):
        print(f"STOPPED after {len(lived)} of {len(seeds)} days")  # noqa: T201
    elif given is None:
        violations += [*_neighbours(), *_broken()]
    for words in violations:
        print(f"BROKEN {words}")  # noqa: T201
    print("Every promise held." if not violations else f"{len(violations)} broken promises: replay with SEED=...")  # noqa: T201
    return bool(violations) or stopped


def _lived(scales: Mapping[int, Scale]) -> dict[int, Day]:
    """The day of each seed; as many as there were when somebody pressed Ctrl-C or sent SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    lived: dict[int, Day] = {}
    with ProcessPoolExecutor(min(2, len(scales)), mp_context=get_context("spawn")) as pool:
        days = {pool.submit(live, seed, scale): seed for seed, scale in scales.items()}
        try:
            with progress(len(days), "Days") as advance:
                for done in as_completed(days):
                    lived[days[done]] = done.result()
                    advance()
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
    return lived


def _scale_of(seed: int) -> Scale:
    names = ("feeds", "chats", "events", "hours")
    asked = {name: int(os.environ[name.upper()]) for name in names if name.upper() in os.environ}
    return Scale(**asked) if asked or seed % LARGE_EVERY else LARGE


def _neighbours() -> list[str]:
    """What 30% of faulty feeds do to the others, measured and held against the target."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        clean, faulty = (pool.submit(hours_of, faulty=each) for each in (False, True))
        alone, beside = clean.result(), faulty.result()
    ratio = beside.p95_s / alone.p95_s
    print(  # noqa: T201
        f"  healthy feeds beside 30% faulty ones: p95 lag {beside.p95_s:.0f} s, {alone.p95_s:.0f} s without them"
        f" ({ratio:.2f} : 1, {alone.due} entries); {beside.braked} of {beside.floods} floods braked"
    )
    return [
        *([f"healthy feeds are {ratio:.2f} times as slow beside faulty ones"] if ratio > MOST_SLOWED else []),
        *(["a flood was not braked"] if beside.braked != beside.floods or not beside.floods else []),
    ]


def _broken() -> list[str]:
    """The broken bots that were not seen: an invariant that cannot fail proves nothing."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        seen = dict(zip(BROKEN, pool.map(is_seen, BROKEN), strict=True))
    print(f"  {sum(seen.values())} of {len(seen)} bots that break a promise on purpose were seen to")  # noqa: T201
    return [f"nobody saw a bot that {name}" for name, found in seen.items() if not found]


if __name__ == "__main__":
    sys.exit(main())
