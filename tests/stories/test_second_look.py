"""Which stories of undated coverage are one, once all of it is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import StoryMerge
from bot.stories.encoder import quantise
from bot.stories.group import find_story, judge
from bot.stories.second_look import ABROAD, Tie, final, merges_of, ties_of
from tests.stories.build import an_entry, background, past, statistics

TREATY = "Brandt and Castell signed a treaty in Port Lagan. Norland and Esteria promise each other troops and arms."
AGAIN = "Castell and Brandt have signed a treaty. In Port Lagan, Esteria and Norland promised each other arms."


@pytest.mark.parametrize(
    ("stories", "ties", "merges"),
    [
        pytest.param({1: 10, 2: 20}, [(1, 2, 3.0)], [(20, 10)], id="two that are alike"),
        pytest.param({1: 10, 2: 20}, [(1, 2, -2.0)], [], id="two that are not"),
        pytest.param({1: 10, 2: 20}, [], [], id="strangers"),
        pytest.param({1: 10, 2: 10, 3: 20, 4: 20}, [(1, 3, 4.0)], [], id="one lucky pair among four"),
        pytest.param(
            {1: 10, 2: 10, 3: 20, 4: 20},
            [(1, 3, 1.0), (1, 4, 1.0), (2, 3, 1.0), (2, 4, 1.0)],
            [(20, 10)],
            id="all four pairs",
        ),
        pytest.param({1: 10, 2: 20}, [(1, 2, -2.9), (2, 1, 5.0)], [], id="the same pair seen from both sides is one"),
        pytest.param(
            # The likest two first; together they are too unlike the third, which one of them alone would have taken.
            {1: 10, 2: 20, 3: 30},
            [(1, 2, 5.0), (2, 3, 0.5)],
            [(20, 10)],
            id="best first",
        ),
        pytest.param(
            {1: 10, 2: 20, 3: 30}, [(1, 2, 5.0), (2, 3, 2.0), (1, 3, 2.0)], [(20, 10), (30, 10)], id="three in a row"
        ),
        pytest.param({1: 10, 99: 20}, [(1, 2, 5.0)], [], id="an entry that nobody asked about"),
    ],
)
def test_stories_become_one_by_all_their_pairs(
    stories: dict[int, int], ties: list[tuple[int, int, float]], merges: list[tuple[int, int]]
) -> None:
    entries = [past(an_entry(number, "A", day=None), story=story) for number, story in stories.items()]
    found = merges_of(entries, [Tie(*tie) for tie in ties])
    assert found == tuple(StoryMerge(gone, kept) for gone, kept in merges)


def test_where_every_entry_has_a_date_nothing_is_looked_at_again() -> None:
    dated = [past(an_entry(number, "A", day=0), story=10 * number) for number in (1, 2)]
    assert merges_of(dated, [Tie(1, 2, 5.0)]) == ()


def test_an_undated_entry_joins_with_caution_and_is_found_again() -> None:
    first = past(an_entry(1, "Brandt and Castell sign treaty", TREATY, day=None), story=10)
    second = past(an_entry(2, "Treaty signed in Port Lagan", AGAIN, day=None), story=20)
    archive = [*background(), first]
    bold = find_story(second.entry, second.fingerprint, archive, statistics(archive))
    patient = find_story(second.entry, second.fingerprint, archive, statistics(archive), patient=True)
    assert bold.score > patient.score
    (tie,) = [tie for tie in ties_of(second, archive, statistics(archive)) if tie.other == 1]
    assert merges_of([first, second], [tie]) == (StoryMerge(gone=20, kept=10),)


def test_a_likeness_between_languages_counts_less() -> None:
    first = past(an_entry(1, "Brandt and Castell sign treaty", TREATY, day=None), story=10)
    second = past(an_entry(2, "Treaty signed in Port Lagan", AGAIN, day=None, lang="de"), story=20)
    first, second = (
        replace(each, fingerprint=replace(each.fingerprint, vector=quantise(vector)))
        for each, vector in ((first, [1.0, 2.0, 3.0]), (second, [3.0, 2.0, 1.0]))
    )
    archive = [*background(), first]
    (judged,) = [
        each
        for each in judge(second.entry, second.fingerprint, archive, statistics(archive))
        if each.past.entry.id == 1
    ]
    (tie,) = [tie for tie in ties_of(second, archive, statistics(archive)) if tie.other == 1]
    assert tie.score == pytest.approx(judged.score - ABROAD)


def test_dated_coverage_is_not_grouped_more_cautiously() -> None:
    first = past(an_entry(1, "Brandt and Castell sign treaty", TREATY), story=10)
    second = past(an_entry(2, "Treaty signed in Port Lagan", AGAIN, day=0.1))
    archive = [*background(), first]
    scores = {
        find_story(second.entry, second.fingerprint, archive, statistics(archive), patient=patient).score
        for patient in (False, True)
    }
    assert len(scores) == 1


def test_the_end_of_a_chain_of_merges() -> None:
    assert final({30: 20, 20: 10}, 30) == 10
    assert final({30: 20}, 10) == 10
