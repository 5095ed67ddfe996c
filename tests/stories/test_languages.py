"""One topic in six languages: our own headlines, with the encoder of the wheel and without it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.quality import metrics, streams
from tests.quality.streams import busiest_day, coverage, headlines, play

if TYPE_CHECKING:
    from tests.quality.corpus import Sample


@cache
def f1(name: str) -> float:
    stream: list[Sample] = {
        "headlines": headlines(),
        "undated headlines": headlines(dated=False),
        "coverage": coverage(),
        "busy day": busiest_day("unseen"),
    }[name]
    played = play(stream, links=0)
    found = {each.sample.entry.id: each.story for each in played}
    return metrics.bcubed_f1(found, {each.sample.entry.id: each.sample.label for each in played})


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        pytest.param("headlines", 0.95, id="dated headlines"),
        pytest.param("undated headlines", 0.88, id="headlines without dates"),
        pytest.param("coverage", 0.98, id="sample coverage"),
        pytest.param("busy day", 0.9, id="look-alikes of one day"),
    ],
)
def test_tellings_in_six_languages_come_together_and_look_alikes_stay_apart(name: str, floor: float) -> None:
    assert f1(name) >= floor


@pytest.mark.parametrize(("name", "floor"), [("headlines", 0.9), ("coverage", 0.9)])
def test_without_the_encoder_concepts_numbers_and_time_do(
    name: str, floor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams.fingerprint_of.cache_clear()
    monkeypatch.setattr(streams, "_encoder", lambda: None)
    f1.cache_clear()
    assert f1(name) >= floor
    streams.fingerprint_of.cache_clear()
    f1.cache_clear()
