"""No alert says what its sources do not: the check itself, and every alert of the coverage that we may keep."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.text.sentences import split_sentences
from tests.examples import ALERT, LINKS
from tests.quality.streams import coverage
from tests.quality.support import Shown, faults, played_alerts, unsupported
from tests.stories.build import an_entry

SOURCE = (
    "Envoys of Norland and Esteria signed a pact on Monday. It covers 11,000 containers, Ada Brandt told "
    "“Harbour Wire”. She said that “nothing is settled”. 대표단은 월요일에 서명했다."
)
ENTRY = an_entry(2, "Envoys sign a pact", SOURCE, day=9)
PAST = replace(an_entry(1, "Talks on a pact", "Envoys spoke of over 10,000 containers.", day=1), id=LINKS[0].entry_id)
TRUE = replace(
    ALERT,
    summary=split_sentences(SOURCE, "en")[0],
    new=("It covers 11,000 containers (earlier: over 10,000 containers)", "[Brandt] said that “nothing is settled”."),
    earlier=(replace(LINKS[0], headline=PAST.title, why=PAST.text),),
)


def test_what_the_sources_say_passes() -> None:
    assert faults(Shown(TRUE, ENTRY, (PAST,))) == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("It covers 12,000 containers.", id="another number"),
        pytest.param("Envoys of Norland and Westeria signed a pact on Monday.", id="another name"),
        pytest.param("She said that “all is settled”.", id="another quote"),
        pytest.param("Envoys of Norland and Esteria signed no pact on Monday.", id="a negation"),
        pytest.param("Envoys of Esteria and Norland signed a pact on Monday.", id="roles swapped"),
        pytest.param("Envoys of Norland and Esteria told “Harbour Wire”.", id="two sentences made one"),
        pytest.param("[Castell] said that “nothing is settled”.", id="a speaker that nobody named"),
        pytest.param("대표단은 화요일에 서명했다.", id="another day, ko"),
    ],
)
def test_what_they_do_not_say_is_caught(line: str) -> None:
    assert unsupported(line, SOURCE)
    assert faults(Shown(replace(TRUE, new=(line,)), ENTRY, (PAST,)))


def test_an_earlier_figure_must_have_been_given() -> None:
    lie = replace(TRUE, new=("It covers 11,000 containers (earlier: over 9,000 containers)",))
    assert faults(Shown(lie, ENTRY, (PAST,))) == ["an earlier figure that nobody gave: over 9,000 containers"]


def test_a_link_must_lead_to_the_past() -> None:
    future = replace(PAST, published_at=ENTRY.at.replace(year=2025))
    assert faults(Shown(TRUE, ENTRY, (future,)))
    assert faults(Shown(TRUE, ENTRY, ()))


def test_no_alert_on_the_sample_coverage_says_anything_unsupported() -> None:
    wrong = {shown.entry.guid: found for shown in played_alerts(coverage()) if (found := faults(shown))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("shown", "source"),
    [
        pytest.param("[Brandt] said that it rained.", "Brandt came. She said that it rained.", id="en"),
        pytest.param("[Анна Лескова] добавила, что шёл дождь.", "Анна Лескова. Она добавила, что шёл дождь.", id="ru"),
        pytest.param("[이도현 대변인]은 비가 온다고 했다.", "이도현 대변인. 그는 비가 온다고 했다.", id="ko"),
        pytest.param("[山野報道官]は雨だと述べた。", "山野報道官。同報道官は雨だと述べた。", id="ja"),
        pytest.param("[发言人林岚]说下雨了。", "发言人林岚。她说下雨了。", id="zh"),
    ],
)
def test_a_speaker_in_brackets_stands_for_a_pronoun(shown: str, source: str) -> None:
    assert unsupported(shown, source) == []
    assert unsupported(shown, source.partition(".")[2] or source.partition("。")[2])
