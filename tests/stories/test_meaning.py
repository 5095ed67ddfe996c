from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.stories.encoder import quantise
from bot.stories.meaning import Meanings
from tests.stories.build import an_entry, print_of

if TYPE_CHECKING:
    from bot.model import Entry, Fingerprint

TOPIC, ENGLISH, RUSSIAN = np.eye(8)[:3] * 4
EVENTS = np.eye(8)[3:]


def told(event: int, lang: str) -> tuple[Entry, Fingerprint]:
    """A telling of an event: mostly the topic's and the language's direction, a little its own."""
    entry = an_entry(event, f"event {event}", lang=lang)
    vector = TOPIC + (ENGLISH if lang == "en" else RUSSIAN) + EVENTS[event]
    return entry, replace(print_of(entry), vector=quantise(vector.tolist()))


POOL = [told(event, lang) for event in range(5) for lang in ("en", "ru")]


@pytest.mark.parametrize("event", range(5))
def test_what_sets_events_apart_counts_and_not_topic_or_language(event: int) -> None:
    meanings = Meanings(*told(event, "en"), POOL)
    nuances = {entry.guid: meanings.compare(entry, fp) for entry, fp in POOL if entry.lang == "ru"}
    found = {guid: nuance for guid, pair in nuances.items() if pair for nuance in [pair[1]]}
    assert max(found, key=lambda guid: found[guid]) == f"guid-{event}"
    assert found[f"guid-{event}"] > sorted(found.values())[-2] + 0.2


def test_two_entries_alone_are_compared_as_they_are() -> None:
    entry, fp = told(0, "en")
    found = Meanings(entry, fp, [told(0, "ru")]).compare(*told(0, "ru"))
    assert found is not None
    assert found[1] > 0


def test_without_a_vector_there_is_no_answer() -> None:
    entry, fp = told(0, "en")
    bare = replace(fp, vector=b"")
    short = replace(fp, vector=b"\x01")
    assert Meanings(entry, bare, POOL).compare(*POOL[0]) is None
    assert Meanings(entry, fp, POOL).compare(entry, bare) is None
    assert Meanings(entry, fp, POOL).compare(entry, short) is None


def test_what_lies_near_is_a_topic_of_its_own() -> None:
    elsewhere = replace(print_of(an_entry(9, "elsewhere")), vector=quantise((ENGLISH - 4 * TOPIC).tolist()))
    crowd = [(an_entry(10 + number, "elsewhere"), elsewhere) for number in range(20)]
    native = [pair for pair in POOL if pair[0].lang == "en"]
    meanings = Meanings(*told(0, "en"), [*native, *crowd])
    same, other = ([meanings.compare(*told(event, "en"), near=near) for near in (False, True)] for event in (0, 1))
    assert None not in (*same, *other)
    apart = [one[1] - two[1] for one, two in zip(same, other, strict=True) if one and two]
    assert apart[1] > 3 * apart[0] > 0
