"""The arithmetic of a soak: a leak is seen, and noise is none."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.soak.figures import MB, Sample, behind, chart, faults, slope, table

HOUR_S = 3600


def samples(*, mb_per_h: float = 0.0, noise_mb: float = 0.5) -> list[Sample]:
    """Two hours, one sample every five seconds."""
    random = Random(1)
    return [
        Sample(
            at_s=at_s,
            memory_bytes=int((300 + mb_per_h * at_s / HOUR_S + random.gauss(0, noise_mb)) * MB),
            children_bytes=0,
            descriptors=26,
            threads=12,
            children=random.choice((0, 0, 1)),
            tasks=random.choice((14, 18, 30)),
        )
        for at_s in range(0, 2 * HOUR_S, 5)
    ]


def test_noise_is_flat() -> None:
    assert faults(samples()) == []
    assert abs(slope(samples()).mb_per_h) < 0.2
    assert slope(samples()).is_flat


def test_a_leak_is_measured() -> None:
    line = slope(samples(mb_per_h=3.0))
    assert line.mb_per_h == pytest.approx(3.0, abs=0.2)
    assert line.error < 0.2
    assert faults(samples(mb_per_h=3.0)) == [f"memory grows by {line.mb_per_h:.2f} MB/h"]


def test_what_may_be_either_is_neither() -> None:
    restless = slope(samples(noise_mb=40.0)[:400])
    assert not restless.leaks
    assert not restless.is_flat


def test_one_busy_moment_is_no_leak() -> None:
    busy = samples()
    busy[-3] = replace(busy[-3], memory_bytes=900 * MB)
    assert faults(busy) == []


@pytest.mark.parametrize("name", ["descriptors", "threads", "tasks", "children"])
def test_what_piles_up_is_named(name: str) -> None:
    piled = [replace(one, **{name: getattr(one, name) + number // 20}) for number, one in enumerate(samples())]
    (words,) = faults(piled)
    assert words.startswith(name)


def test_who_falls_behind_is_told_apart_from_who_leaks() -> None:
    assert behind(samples()) is None
    piled = [replace(one, unread=number, unsent=number // 2) for number, one in enumerate(samples())]
    assert "does not keep up" in (behind(piled) or "")
    assert any(row.endswith("unread   unsent") for row in table(piled))


def test_a_few_samples_say_nothing() -> None:
    assert faults(samples()[:5]) == []
    assert not slope(samples()[:5]).is_flat


def test_a_table_and_a_chart_show_all_of_it() -> None:
    rows = table(samples(mb_per_h=50))
    assert 10 < len(rows) < 15
    drawn = chart(samples(mb_per_h=50))
    assert "300" in drawn or "299" in drawn or "298" in drawn
    assert drawn.count("█") >= 1
