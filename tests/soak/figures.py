"""What a soak comes to: lines through samples, a table and a chart. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_MB_PER_H: Final = 1.0
"""How fast memory may grow."""

ROOM: Final = {"descriptors": 4, "threads": 2, "tasks": 20, "children": 1}
"""How many more the last quarter may have than the first: polls that are under way by chance. A leak has no bound."""

ROOM_WAITING: Final = 30
"""The same for entries and deliveries that wait: half a minute's worth."""

MB: Final = 1024 * 1024
_BARS: Final = " ▁▂▃▄▅▆▇█"
_WIDTH: Final = 60
_ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """The bot at one moment: memory of the process and of those that it started, and what it holds open."""

    at_s: float
    memory_bytes: int
    children_bytes: int
    descriptors: int
    threads: int
    children: int
    tasks: int
    unread: int = 0
    """Entries that are published and not stored yet."""
    unsent: int = 0
    """Deliveries that wait."""


@dataclass(frozen=True, slots=True)
class Slope:
    """A straight line through the memory after the warm-up, in MB an hour, and how unsure that is (standard error)."""

    mb_per_h: float
    error: float

    @property
    def leaks(self) -> bool:
        """Whether it grows too fast, beyond what chance explains."""
        return self.mb_per_h - 2 * self.error > MOST_MB_PER_H

    @property
    def is_flat(self) -> bool:
        """Whether it surely does not: a short or restless run proves neither."""
        return self.mb_per_h + 2 * self.error <= MOST_MB_PER_H


def slope(samples: Sequence[Sample]) -> Slope:
    """The least-squares line through the median of each minute, so that one busy moment counts for little."""
    minutes: dict[int, list[float]] = {}
    for one in samples:
        minutes.setdefault(int(one.at_s // 60), []).append(one.memory_bytes / MB)
    points = [((minute + 0.5) / 60, median(values)) for minute, values in sorted(minutes.items())]
    if len(points) < 3:
        return Slope(0.0, float("inf"))
    x_mean, y_mean = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    steep = sum((x - x_mean) * (y - y_mean) for x, y in points) / spread
    left = sum((y - y_mean - steep * (x - x_mean)) ** 2 for x, y in points)
    return Slope(steep, (left / (len(points) - 2) / spread) ** 0.5)


def growth(samples: Sequence[Sample], value: Callable[[Sample], float]) -> tuple[float, float]:
    """The median of the first and of the last quarter."""
    quarter = max(1, len(samples) // 4)
    return median(map(value, samples[:quarter])), median(map(value, samples[-quarter:]))


def behind(samples: Sequence[Sample]) -> str | None:
    """How what waits grows, in words; None where the machine keeps up.

    Where it does not, what grows beside it is work that waits and no leak: run it again with a lower RATE.
    """
    first, last = growth(samples, lambda one: one.unread + one.unsent)
    if last <= first + ROOM_WAITING:
        return None
    return f"what waits grows from {first:g} to {last:g}: this machine does not keep up, so this shows no leak"


def faults(samples: Sequence[Sample]) -> list[str]:
    """What is not flat, in words; nothing where all is well. ``samples`` are those after the warm-up."""
    found = []
    line = slope(samples)
    if line.leaks:
        found.append(f"memory grows by {line.mb_per_h:.2f} MB/h")
    for name, room in ROOM.items():
        first, last = growth(samples, lambda one, name=name: getattr(one, name))  # type: ignore[misc]
        if last > first + room:
            found.append(f"{name} grow from {first:g} to {last:g}")
    return found


def table(samples: Sequence[Sample]) -> list[str]:
    """About a dozen rows: medians of as many stretches of time."""
    rows = ["  minute   memory MB   of parsers   descriptors   threads   tasks   processes   unread   unsent"]
    size = max(1, -(-len(samples) // _ROWS))
    for start in range(0, len(samples), size):
        part = samples[start : start + size]
        memory = median(one.memory_bytes for one in part) / MB
        others = median(one.children_bytes for one in part) / MB
        counts = [
            median(getattr(one, name) for one in part)
            for name in ("descriptors", "threads", "tasks", "children", "unread", "unsent")
        ]
        rows.append(
            f"  {part[0].at_s / 60:6.1f}   {memory:9.1f}   {others:10.1f}   {counts[0]:11g}   {counts[1]:7g}"
            f"   {counts[2]:5g}   {counts[3]:9g}   {counts[4]:6g}   {counts[5]:6g}"
        )
    return rows


def chart(samples: Sequence[Sample]) -> str:
    """Memory over time as one line of bars, from its least to its most."""
    size = max(1, -(-len(samples) // _WIDTH))
    values = [
        median(one.memory_bytes / MB for one in samples[start : start + size]) for start in range(0, len(samples), size)
    ]
    least, most = min(values), max(values)
    step = (most - least) / (len(_BARS) - 1) or 1.0
    bars = "".join(_BARS[round((value - least) / step)] for value in values)
    return f"  {least:.1f} MB |{bars}| {most:.1f} MB"
