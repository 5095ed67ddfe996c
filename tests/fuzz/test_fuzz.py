"""Ten thousand mutants of captured feeds, and hundreds for every other way in: nothing escapes, slowly or not.

Nor does a flood: what is begun and never ended, thousands of times.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.measured import Fault, Tally, attack, flood
from tests.fuzz.mutants import FLOODS
from tests.fuzz.targets import TARGETS, Target, article, command, page, press, query
from tests.shared_data import shared

BY_NAME = {target.name: target for target in TARGETS}
SHARDS = 5
FRAGMENTS = """@dprk & | - ! ( ) " near/ 20 title: lang: re:/ / * kim 北朝鮮 ² /topics add = /mute for 3 days Mon 08:00
# https:// [::1] <p> </div> <![CDATA[ <script> &#xd800; &amp; <table><td> topic-show: """
WORDS = st.sampled_from([*FRAGMENTS.split(), "\u202e", "\n", "\x00"])
TYPED = st.lists(WORDS | st.text(max_size=5), max_size=30).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)


def held(tally: Tally, runs: int) -> None:
    assert tally.faults == ()
    assert tally.runs == runs


@pytest.mark.parametrize("seed", range(SHARDS))
def test_no_mutant_of_captured_feeds_escapes(seed: int) -> None:
    shared("data", "feeds")
    for name, runs in (("feed", 2000), ("documents", 200)):
        held(attack(BY_NAME[name], runs=runs, seed=seed), runs)


@pytest.mark.parametrize(
    "target", [one for one in TARGETS if one.name not in {"feed", "documents", "arrival"}], ids=lambda one: one.name
)
def test_no_mutant_escapes(target: Target) -> None:
    held(attack(target, runs=600, seed=1), 600)


@pytest.mark.parametrize("name", ["arrival", "feed", "article"])
def test_no_flood_escapes(name: str) -> None:
    target = BY_NAME[name]
    held(flood(target), FLOODS * len(target.floods_bytes))


@settings(max_examples=200, deadline=None)
@given(TYPED)
def test_whatever_is_typed_is_read_or_refused_in_words(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for run in (query, command, press, article, page):
        run(data)


def _fall(data: bytes) -> None:
    if b"d" in data:
        raise KeyError(data)


def _swell(data: bytes) -> None:
    bytearray(150 * 1024 * 1024 if data else 0)[::4096] = b"x" * (150 * 256 if data else 0)


def _dawdle(data: bytes) -> None:
    sum(range(10**7))
    del data


@pytest.mark.parametrize(
    ("run", "words"),
    [
        pytest.param(_fall, "KeyError", id="an error that was not made for it"),
        pytest.param(_swell, "MB", id="memory"),
        pytest.param(_dawdle, " s", id="time"),
    ],
)
def test_what_does_not_hold_is_seen(run: object, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.measured.MOST_S", 0.05)
    tally = attack(Target("weak", run, lambda: [b"abcd" * 50]), runs=3, seed=1)  # type: ignore[arg-type]
    assert any(isinstance(fault, Fault) and words in fault.what for fault in tally.faults)


def test_a_seed_makes_the_same_mutants() -> None:
    seen: list[list[bytes]] = [[], []]
    for run in seen:
        attack(Target("any", run.append, lambda: [b"abcdefgh", b'{"a": [1]}']), runs=50, seed=3)
    assert seen[0] == seen[1]
    assert len(set(seen[0])) > 20
