"""What a backtest counts, over entries made for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.model import ChatConcept, Sensitivity, TermStatistics
from bot.stories.fingerprint import fingerprint
from bot.topics import backtest, lexicon
from bot.topics.backtest import Backtest, NearMiss, Span, Tally, Trial, sparkline, without_one
from tests.topics.making import NOW, an_entry

if TYPE_CHECKING:
    from bot.model import Entry, Fingerprint

SPAN = Span(NOW - timedelta(days=30), NOW)
FILLER = " ".join(f"Paragraph {number} is about the harvest and the weather of the valley." for number in range(60))


def run(trial: Trial, *texts: tuple[str, str], span: Span = SPAN) -> Backtest:
    tally = Tally(trial, lexicon.load())
    tally.take(
        [
            replace(an_entry(title, text), id=number, first_seen_at=NOW - timedelta(days=number))
            for number, (title, text) in enumerate(texts, start=1)
        ]
    )
    return tally.finish(TermStatistics(len(texts), {}), span)


def test_counts_hits_days_stories_and_the_rate_a_week() -> None:
    test = run(
        Trial("@dprk & @russia"),
        ("North Korea sends shells to Russia", "North Korea sent shells to Russia by rail, Kirby said."),
        ("Pyongyang's choir sings in Moscow", "A choir from Pyongyang sang in Moscow at a festival."),
        ("Fish quotas agreed", "Nothing of the kind."),
    )
    assert (test.read, test.hits, test.stories, test.passing) == (3, 2, 2, 0)
    assert test.hits_a_day == pytest.approx(2 / 30)
    assert test.alerts_a_week == pytest.approx(2 * 7 / 30)
    assert sum(test.by_day) == 2
    assert test.by_day[-2:] == (1, 0)  # yesterday, and none today
    assert [each.title for each in test.examples] == [
        "North Korea sends shells to Russia",
        "Pyongyang's choir sings in Moscow",
    ]


def test_copies_are_one_story_and_one_example() -> None:
    copy = ("North Korea sends shells to Russia", "North Korea sent shells to Russia by rail, Kirby said on Monday.")
    test = run(Trial("@dprk & @russia"), copy, copy, copy)
    assert (test.hits, test.stories, len(test.examples)) == (3, 1, 1)


def test_of_many_hits_only_the_newest_are_grouped_and_held(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counted(entry: Entry, *rest: Any) -> Fingerprint:  # noqa: ANN401 - handed on as it is
        made.append(entry.id)
        return fingerprint(entry, *rest)

    monkeypatch.setattr(backtest, "GROUPED", 2)
    monkeypatch.setattr(backtest, "fingerprint", counted)
    test = run(
        Trial("@dprk & @russia"),
        ("Pyongyang's choir sings in Moscow", "A choir from Pyongyang sang in Moscow at a festival."),
        ("North Korea sends shells to Russia", "North Korea sent shells to Russia by rail, Kirby said."),
        ("Kim visits Vladivostok", "The leader of North Korea came to Russia by train."),
        ("Pyongyang thanks Moscow", "North Korea thanked Russia for its grain."),
    )
    assert (test.hits, test.stories, sum(test.by_day)) == (4, 4, 4)
    assert [each.title for each in test.examples] == [
        "Pyongyang's choir sings in Moscow",
        "North Korea sends shells to Russia",
    ]
    assert len(made) == 2


def test_a_mention_in_passing_is_counted_apart_and_names_its_word() -> None:
    passing = ("Harvest festival", f"{FILLER} The Kremlin and Pyongyang were named once. {FILLER}")
    test = run(Trial("@dprk & @russia"), passing, passing)
    assert (test.hits, test.passing) == (0, 2)
    assert test.noise is not None
    assert (test.noise.alias, test.noise.entries) in {("kremlin", 2), ("pyongyang", 2)}
    assert run(Trial("@dprk & @russia", Sensitivity.WIDE), passing).read == 1


def test_near_misses_say_what_one_facet_less_would_add() -> None:
    test = run(
        Trial("@dprk & @russia & choir"),
        ("North Korea and Russia sign a treaty", "They signed."),
        ("North Korea and Russia trade", "They trade."),
        ("Russian choir sings", "A choir from Russia."),
    )
    assert test.hits == 0
    assert test.near == (NearMiss("@dprk", 1), NearMiss("choir", 2))


@pytest.mark.parametrize(
    ("query", "facets"),
    [
        pytest.param("@dprk & @russia", ["@dprk", "@russia"], id="each in turn"),
        pytest.param("@dprk & (@russia | @china) & -football", ["@dprk", "@russia | @china"], id="never the exclusion"),
        pytest.param("@dprk & lang:en", ["lang:en"], id="what is left asks for something"),
        pytest.param("@dprk | @russia", [], id="no conjunction"),
        pytest.param("@dprk", [], id="one facet alone"),
    ],
)
def test_facets_that_can_be_left_out(query: str, facets: list[str]) -> None:
    found = [facet for facet, _ in without_one(query, lexicon.load())]
    assert found == facets


def test_a_chats_own_concept_is_written_out() -> None:
    own = (ChatConcept(1, "shells", ("shell*", "포탄")),)
    test = run(
        Trial("@shells & @russia", concepts=own), ("Shells reach Russia", "Shells."), ("Fish for Russia", "Fish.")
    )
    assert test.hits == 1
    assert test.near == (NearMiss("@shells", 1),)


@pytest.mark.parametrize(
    ("counts", "chart"),
    [
        pytest.param([], "", id="no days"),
        pytest.param([0, 0], "··", id="nothing"),
        pytest.param([0, 1, 4, 8], "·▁▄█", id="a sign a day"),
        pytest.param([1, 1], "██", id="all alike"),
    ],
)
def test_a_chart_is_one_line(counts: list[int], chart: str) -> None:
    assert sparkline(counts) == chart


def test_a_long_chart_is_cut_into_as_many_days_as_fit() -> None:
    assert len(sparkline([1] * 365)) <= 45


def test_no_entries_give_an_empty_result() -> None:
    test = run(Trial("@dprk"))
    assert (test.read, test.hits, test.stories, test.examples, test.noise, test.near) == (0, 0, 0, (), None, ())
