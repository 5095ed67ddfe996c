"""One simulated day in a process of its own. In a file of its own, so that a new process can import it."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import structlog

from tests.simulation import neighbours
from tests.simulation.broken import breaking
from tests.simulation.world import Scale, Simulation

if TYPE_CHECKING:
    from collections import Counter

    from tests.simulation.neighbours import Hours

LOG_NOTHING = 50


@dataclass(frozen=True, slots=True)
class Day:
    """What came of one seed."""

    violations: list[str]
    figures: Counter[str]
    took_s: float
    cpu_s: float
    lags_s: list[float]


def hours_of(*, faulty: bool) -> Hours:
    """Some hours beside faulty feeds or not, in a process of its own."""
    _say_nothing()
    return neighbours.live(faulty=faulty)


def live(seed: int, scale: Scale) -> Day:
    """One day, in a process of its own."""
    _say_nothing()
    started_s, started_cpu_s = perf_counter(), process_time()
    with tempfile.TemporaryDirectory() as folder:
        day = Simulation(seed, Path(folder), scale)
        asyncio.run(day.run())
    took_s, cpu_s = perf_counter() - started_s, process_time() - started_cpu_s
    return Day(day.violations, day.figures, took_s, cpu_s, day.watch.lags_s)


def is_seen(name: str) -> bool:
    """Whether a bot that breaks a promise on purpose is found out within a few hours of one of four worlds."""
    _say_nothing()
    return any(_is_seen(name, seed) for seed in range(3, 7))


def _is_seen(name: str, seed: int) -> bool:
    with breaking(name) as broken, tempfile.TemporaryDirectory() as folder:
        day = Simulation(seed, Path(folder), Scale(feeds=8, chats=8, events=48, hours=4), plain=True)
        for platform in day.platforms.values():
            platform.faults = 0.2
        asyncio.run(day.run())
    return any(broken.complaint in words for words in day.violations)


def _say_nothing() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(LOG_NOTHING))
