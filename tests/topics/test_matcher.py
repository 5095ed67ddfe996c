"""A matcher of many topics, and how it changes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.topics.judge import Judge
from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.query import parse
from tests.topics.making import a_topic, an_entry

if TYPE_CHECKING:
    from bot.model import Entry

QUERIES = [
    "ship", "ship*", '"cargo ship"', '"cargo ship*"', "cargo & ship", "cargo | plane", "ship -cargo", "title:ship",
    "@dprk", "@dprk & @russia", "@dprk | ship", "조선", "러시아*", "北朝鮮 | plane", '"f-16"', "kim's",
    "near/3(cargo, ship)", "same(sentence; @dprk, cargo)", 're:"f-\\d+"', 're:"f-\\d+" & ship', "lang:ko",
    "source:tass", "ship & lang:en", '"u.s."', '"한국 ai"', "near/9(a, b) | ship", '"@dprk"', "ai*",
    "(a | b) & (cargo | plane)", "-title:plane & (ship | plane)", "=Cargo", '="Cargo ship"', "=cargo | =조선",
]  # fmt: skip
ENTRIES = [
    an_entry("Cargo ship leaves", "The cargo ship of the DPRK left. Russia watched an F-16."),
    an_entry("Ships, planes", "Kim's cargo. A plane came; b stayed. Ai-driven."),
    an_entry("조선 러시아의 포탄", "北朝鮮がロシアに。한국 AI 반도체", lang="ko"),
    an_entry("U.S. cargo", "@dprk said nothing", source="Tass"),
    an_entry("", ""),
]


def matched(matcher: Matcher, entry: Entry) -> list[int]:
    return [match.topic_id for match in matcher.match(entry, matcher.scan(entry))]


@pytest.mark.parametrize("query", QUERIES)
def test_the_index_hides_no_topic(query: str) -> None:
    """A topic among many is found wherever it is found when it is tried on everything."""
    topics = [a_topic(one, number) for number, one in enumerate(QUERIES)]
    number = QUERIES.index(query)
    matcher = Matcher(load(), topics)
    for entry in ENTRIES:
        scan = matcher.scan(entry)
        true = Judge(entry, scan.reading).weigh(parse(query, load()).root) is not None
        assert (number in [match.topic_id for match in matcher.match(entry, scan)]) == true


_CHANGES = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 9), st.sampled_from(QUERIES)), max_size=4, unique_by=lambda pair: pair[0]),
        st.lists(st.integers(0, 9), max_size=4),
        st.booleans(),
    ),
    max_size=6,
)


@given(_CHANGES)
def test_a_changed_matcher_is_one_made_anew(changes: list[tuple[list[tuple[int, str]], list[int], bool]]) -> None:
    now = dict(enumerate(QUERIES[:6]))
    matcher = Matcher(load(), [a_topic(query, number) for number, query in now.items()])
    for added, removed, settle in changes:
        before, were = matcher, [matched(matcher, entry) for entry in ENTRIES]
        now = {number: query for number, query in now.items() if number not in removed} | dict(added)
        matcher = matcher.with_topics([a_topic(query, number) for number, query in added], removed)
        matcher = matcher.settled() if settle else matcher
        assert [matched(before, entry) for entry in ENTRIES] == were, "the old one stays as it was"
    anew = Matcher(load(), [a_topic(query, number) for number, query in now.items()])
    for entry in ENTRIES:
        assert matcher.match(entry, matcher.scan(entry)) == anew.match(entry, anew.scan(entry))


def test_matches_come_in_the_order_of_ids() -> None:
    matcher = Matcher(load(), [a_topic("ship", number) for number in (5, 2, 9)]).with_topics([a_topic("ship", 3)])
    assert matched(matcher, ENTRIES[0]) == [2, 3, 5, 9]


def test_one_id_may_stand_for_several_topics_that_have_none_yet() -> None:
    matcher = Matcher(load(), [a_topic("ship", 0), a_topic("cargo", 0), a_topic("plane", 0)])
    assert matched(matcher, ENTRIES[0]) == [0, 0]
    assert matched(matcher.with_topics([], [0]), ENTRIES[0]) == []


def test_a_faulty_topic_changes_nothing() -> None:
    matcher = Matcher(load(), [a_topic("ship")])
    with pytest.raises(QueryError):
        matcher.with_topics([a_topic("(a", 2)])
    assert matched(matcher, ENTRIES[0]) == [1]


def test_it_says_when_settling_pays() -> None:
    matcher = Matcher(load(), [a_topic(f"word{number}", number) for number in range(1000)])
    assert not matcher.with_topics([], range(500)).unsettled
    changed = matcher.with_topics([a_topic("ship", 2000)], range(500))
    assert changed.unsettled
    assert not changed.settled().unsettled
    assert matched(changed.settled(), ENTRIES[0]) == [2000]


def test_adding_to_many_topics_is_much_less_work_than_compiling_them() -> None:
    topics = [a_topic(f"alpha{number} | beta{number} | gamma{number}", number) for number in range(2000)]
    began = time.perf_counter()
    matcher = Matcher(load(), topics)
    compiling = time.perf_counter() - began
    began = time.perf_counter()
    matcher = matcher.with_topics([a_topic("ship", 5000)], [7])
    assert time.perf_counter() - began < compiling / 20
    assert matched(matcher, ENTRIES[0]) == [5000]
