"""What the engine must make of the sample coverage: topics made by name alone find the events and no look-alike.

Each entry goes the way of a polled one: served, parsed, cleaned, matched.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from bot.feeds.parse import parse_feed
from bot.ingest import read_entry
from bot.model import UNSAVED, Feed, Topic
from bot.samples.coverage import load
from bot.samples.documents import render
from bot.topics import lexicon
from bot.topics.match import Matcher
from bot.topics.suggest import suggest

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

    from bot.model import Entry, Match
    from bot.samples.coverage import SampleEntry, SampleOutlet

COVERAGE = load()
NOW = COVERAGE.entries[-1].at
ABOUT = {event.id: event.about for event in COVERAGE.events}
TOPIC_OF = {"arms": "DPRK-Russia arms", "pact": "DPRK-Russia arms", "troops": "DPRK-Russia troops"}


def told(entry: SampleEntry, event: str) -> ParameterSet:
    """The entry, with the topic that it must be relevant to."""
    return pytest.param(entry.id, TOPIC_OF[ABOUT[event]], id=f"{entry.outlet.lang}-{entry.id}")


TOLD = [told(entry, entry.event) for entry in COVERAGE.entries if entry.event]
LOOKALIKES = [
    pytest.param(entry.id, id=f"{entry.outlet.lang}-{entry.id}") for entry in COVERAGE.entries if entry.lookalike
]


@cache
def matcher() -> Matcher:
    words = lexicon.load()
    topics = [Topic(number, None, name, suggest(name, words).query, NOW) for number, name in enumerate(COVERAGE.topics)]
    return Matcher(words, topics)


@cache
def entries() -> dict[str, Entry]:
    return {sample_id: entry for outlet in COVERAGE.outlets for sample_id, entry in polled(outlet).items()}


def polled(outlet: SampleOutlet) -> dict[str, Entry]:
    url = f"{outlet.site}/feed"
    samples = [entry for entry in COVERAGE.entries if entry.outlet == outlet]
    parsed = parse_feed(render(outlet, samples).body, url=url)
    feed = Feed(UNSAVED, url, parsed.title, NOW, lang=parsed.lang)
    read = (read_entry(entry, feed, now=NOW)[0] for entry in parsed.entries)
    return dict(zip((sample.id for sample in reversed(samples)), read, strict=True))


def matches(entry: Entry) -> dict[str, Match]:
    found = matcher().match(entry, matcher().scan(entry))
    return {COVERAGE.topics[match.topic_id]: match for match in found}


@pytest.mark.parametrize(("sample_id", "topic"), TOLD)
def test_every_entry_about_a_topic_is_relevant_to_it(sample_id: str, topic: str) -> None:
    match = matches(entries()[sample_id]).get(topic)
    assert match
    assert match.relevant


@pytest.mark.parametrize(("sample_id", "topic"), TOLD)
def test_every_match_says_which_words_of_the_entry_made_it(sample_id: str, topic: str) -> None:
    entry = entries()[sample_id]
    evidence = matches(entry)[topic].evidence
    assert {one.concept for one in evidence} >= {"dprk", "russia"}
    assert all(one.alias in f"{entry.title}\n{entry.text}" for one in evidence)


@pytest.mark.parametrize("sample_id", LOOKALIKES)
def test_no_lookalike_is_relevant(sample_id: str) -> None:
    assert not [topic for topic, match in matches(entries()[sample_id]).items() if match.relevant]


@pytest.mark.parametrize("sample", [pytest.param(entry, id=entry.id) for entry in COVERAGE.entries])
def test_the_language_is_the_outlets(sample: SampleEntry) -> None:
    assert entries()[sample.id].lang == sample.outlet.lang
