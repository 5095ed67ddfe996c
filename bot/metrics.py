"""Figures as Prometheus text. Pure; must not hold a name, an address or anything else that a person wrote.

The names follow prometheus.io/docs/practices/naming: a prefix, base units, ``_total`` for what only grows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from bot import __version__
from bot.model import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from prometheus_client.core import Metric

    from bot.store.port import StoreStatus

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_HEALTH: Final = ("well", "new", "failing", "gone")


@dataclass(frozen=True, slots=True)
class Moment:
    """What is told of one moment. ``tick_age_s`` is None before the first tick; ``chats`` says which are connected.

    ``tasks`` is how many pieces of work are under way in this process.
    """

    now: datetime
    status: StoreStatus
    tick_age_s: float | None
    chats: tuple[tuple[str, bool], ...]
    tasks: int = 0


def exposition(moment: Moment) -> bytes:
    """All figures of a moment, and those of this process, in the text format."""
    collectors = CollectorRegistry(auto_describe=False)
    collectors.register(ProcessCollector("", lambda: "self", "/proc", None))
    collectors.register(_Figures(moment))
    return generate_latest(collectors)


class _Figures(Collector):
    """A collector, as the library asks for."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def collect(self) -> Iterator[Metric]:
        """The store's figures, then those of the workers and chats."""
        moment, status = self._moment, self._moment.status
        yield _gauge("backstory_info", "The program's version.", {(("version", __version__),): 1})
        health = {**dict.fromkeys(_HEALTH, 0), **status.feed_health}
        yield _by("backstory_feeds", "Feeds by health.", "health", health)
        yield _one("backstory_feeds_overdue", "Feeds that are due and not polled yet.", status.feeds_overdue)
        yield _one(
            "backstory_feed_lag_seconds",
            "How long the feed that has waited longest for its poll is overdue.",
            _age_s(moment, status.oldest_due_at),
        )
        outbox = {state.value: status.outbox.get(state, 0) for state in DeliveryState}
        yield _by("backstory_outbox_deliveries", "Deliveries by state.", "state", outbox)
        yield _one(
            "backstory_outbox_oldest_seconds",
            "How long the oldest waiting delivery is overdue.",
            _age_s(moment, status.oldest_pending_at),
        )
        yield _one("backstory_outbox_ambiguous", "May have been sent, and is to be tried again.", status.ambiguous)
        yield _total("backstory_repeats", "Messages sent marked as a possible repeat.", status.repeats)
        for name, value in (
            ("entries", status.entries),
            ("stories", status.stories),
            ("topics", status.topics),
            ("chats", status.chats),
        ):
            yield _one(f"backstory_{name}", f"Stored {name}.", value)
        newest = status.last_entry_at
        if newest is not None:
            age = max(0.0, (moment.now - newest).total_seconds())
            yield _one("backstory_newest_entry_age_seconds", "Age of the newest entry, by its date.", age)
        yield from _lags(status)
        events = CounterMetricFamily("backstory_events", "Running totals of the store, by name.", labels=["name"])
        for name, value in sorted(status.counters.items()):
            events.add_metric([name], value)
        yield events
        tick = math.inf if moment.tick_age_s is None else moment.tick_age_s
        yield _one("backstory_tick_age_seconds", "Time since the workers' last tick; +Inf before the first.", tick)
        yield _one("backstory_tasks", "Pieces of work under way in this process (asyncio tasks).", moment.tasks)
        yield _by("backstory_chat_connected", "1 where the platform answers.", "platform", dict(moment.chats))


def _age_s(moment: Moment, oldest: datetime | None) -> float:
    return 0.0 if oldest is None else max(0.0, (moment.now - oldest).total_seconds())


def _lags(status: StoreStatus) -> Iterator[Metric]:
    if status.lags is None:
        return
    lag = GaugeMetricFamily(
        "backstory_alert_lag_seconds",
        "From publication, or first sight, of an entry until the chat took its alert; over the last day.",
        labels=["since", "quantile"],
    )
    for since, pair in (("published", status.lags.published_s), ("seen", status.lags.seen_s)):
        for quantile, value in zip(("0.5", "0.95"), pair or (), strict=False):
            lag.add_metric([since, quantile], value)
    yield lag
    yield _one("backstory_alerts_last_day", "Alerts and replies that the lags are measured on.", status.lags.alerts)


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _total(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: dict[str, int] | dict[str, bool]) -> Metric:
    return _gauge(name, words, {((label, key),): float(value) for key, value in values.items()})


def _gauge(name: str, words: str, values: dict[tuple[tuple[str, str], ...], float]) -> Metric:
    labels = [key for key, _ in next(iter(values), ())]
    family = GaugeMetricFamily(name, words, labels=labels)
    for pairs, value in values.items():
        family.add_metric([text for _, text in pairs], value)
    return family
