"""What each chat is due when an entry is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.alerts.decide import Due, Telling, amended, audience, divide, due, edited
from bot.merging import Told
from bot.model import Action, Alert, Match
from tests.examples import ALERT, NOW, STORY

LATER = NOW + timedelta(hours=5)
SOON = NOW + timedelta(hours=1)


def telling(*, new: tuple[str, ...] = (), changes: bool = False, at: datetime = LATER) -> Telling:
    return Telling(STORY, at, (), new, changes)


def told(action: Action, alert_id: int = 1) -> Told:
    return Told(chat_id=1, action=action, alert_id=alert_id, topics=("Arms",))


def numbered(alert_id: int) -> Alert:
    return replace(ALERT, id=alert_id)


@pytest.mark.parametrize(
    ("heard", "news", "changes", "action"),
    [
        pytest.param([], (), False, Action.ALERT, id="a chat that heard nothing gets an alert, however late"),
        pytest.param([], ("1,500 troops",), True, Action.ALERT, id="also where the story itself is not new"),
        pytest.param([told(Action.ALERT)], ("1,500 troops",), False, Action.REPLY, id="new facts come as a reply"),
        pytest.param([told(Action.ALERT)], (), True, Action.EDIT, id="another outlet edits the alert"),
        pytest.param([told(Action.ALERT)], (), False, None, id="the same outlet again says nothing"),
        pytest.param([told(Action.ALERT), told(Action.REPLY)], ("x",), True, Action.REPLY, id="a second development"),
    ],
)
def test_due(heard: list[Told], news: tuple[str, ...], changes: bool, action: Action | None) -> None:  # noqa: FBT001
    found = due(("Arms",), telling(new=news, changes=changes), heard, {1: ALERT})
    assert (found.action if found else None) is action


def test_what_another_outlet_adds_within_hours_is_no_development() -> None:
    heard = [told(Action.ALERT)]
    found = due(("Arms",), telling(new=("1,500 troops",), changes=True, at=SOON), heard, {1: ALERT})
    assert found == Due(Action.EDIT, ("Arms",), ALERT)


def test_an_edit_is_about_all_topics_that_told_the_story() -> None:
    """One of them may speak where another is muted."""
    found = due(("Trade", "Arms"), telling(changes=True, at=SOON), [told(Action.ALERT)], {1: ALERT})
    assert found == Due(Action.EDIT, ("Arms", "Trade"), ALERT)


@pytest.mark.parametrize(
    ("new", "action"),
    [
        pytest.param("14 launchers, not 20 (earlier: 20 launchers)", Action.EDIT, id="a changed figure corrects"),
        pytest.param("A choir sang.", None, id="a detail does not"),
    ],
)
def test_what_the_same_outlet_says_within_hours(new: str, action: Action | None) -> None:
    found = due(("Arms",), telling(new=(new,), at=SOON), [told(Action.ALERT)], {1: ALERT})
    assert (found.action if found else None) is action


def test_an_alert_is_amended_by_changed_figures_alone_and_holds_the_newest() -> None:
    facts = [f"{number} launchers (earlier: {number - 1} launchers)" for number in range(13, 21)]
    once = amended(ALERT, [facts[0], "A choir sang."])
    assert once.new == (*ALERT.new, facts[0])
    assert amended(once, [facts[0]]) == once
    assert amended(once, facts).new == tuple(facts[-5:])


def test_a_day_without_a_time_may_have_been_late() -> None:
    midnight = NOW.replace(hour=0, minute=0)
    heard, alerts = [told(Action.ALERT)], {1: replace(ALERT, at=midnight)}
    same_day = due(("Arms",), telling(new=("x",), changes=True, at=midnight + timedelta(hours=22)), heard, alerts)
    two_days_on = due(("Arms",), telling(new=("x",), at=midnight + timedelta(days=2)), heard, alerts)
    assert same_day
    assert two_days_on
    assert (same_day.action, two_days_on.action) == (Action.EDIT, Action.REPLY)


def test_an_edit_starts_from_what_the_chats_newest_message_shows() -> None:
    heard = [told(Action.ALERT, 1), told(Action.REPLY, 2), told(Action.EDIT, 3)]
    alerts = {alert_id: numbered(alert_id) for alert_id in (1, 2, 3)}
    assert due((), telling(changes=True), heard, alerts) == Due(Action.EDIT, ("Arms",), numbered(3))


def test_an_edit_keeps_the_content_and_changes_the_outlets() -> None:
    changed = edited(ALERT, others=("Yonhap", "TASS"))
    assert (changed.headline, changed.summary, changed.others) == (ALERT.headline, ALERT.summary, ("Yonhap", "TASS"))
    assert changed.action is Action.EDIT


def test_an_edit_can_correct_the_headline() -> None:
    assert edited(ALERT, others=(), headline="Corrected").headline == "Corrected"


def match(topic_id: int, *, score: float = 0.9, relevant: bool = True) -> Match:
    return Match(entry_id=7, topic_id=topic_id, score=score, relevant=relevant, evidence=())


def test_only_relevant_matches_reach_an_audience() -> None:
    assert audience([match(1, relevant=False)], {1: (10,)}, None) == {}


def test_a_chat_with_two_topics_is_told_once_best_match_first() -> None:
    found = audience([match(1, score=0.5), match(2, score=0.8)], {1: (10,), 2: (10, 11)}, None)
    assert {chat: [row.topic_id for row in rows] for chat, rows in found.items()} == {10: [2, 1], 11: [2]}


def test_a_feed_speaks_only_to_the_chats_that_it_serves() -> None:
    found = audience([match(1)], {1: (10, 11, 12)}, frozenset({11}))
    assert list(found) == [11]


@pytest.mark.parametrize(
    ("summary", "new", "said"),
    [
        pytest.param(["A happened.", "B too."], ("B too.",), ("A happened.", ("B too.",)), id="a fact is said once"),
        pytest.param(["A."], ("A.", "C."), ("A.", ("C.",)), id="the event itself is told by the summary"),
        pytest.param(["A.", "B."], ("A.",), ("A. B.", ()), id="the event itself is all that is new"),
        pytest.param(["A.", "B."], (), ("A. B.", ()), id="nothing new"),
        pytest.param([], ("A.",), ("", ("A.",)), id="no summary"),
        pytest.param(
            ["A.", "The treaty binds.", "It promises help.", "B."],
            ("The treaty binds.",),
            ("A. B.", ("The treaty binds.",)),
            id="what leans on a fact goes with it",
        ),
        pytest.param(
            ["A.", "Over 11 ships."],
            ("Over 11 ships (earlier: 10 ships)",),
            ("A.", ("Over 11 ships (earlier: 10 ships)",)),
            id="a changed figure",
        ),
        pytest.param(["A, who came; left."], ("left.", "D."), ("A, who came; left.", ("D.",)), id="part of the lead"),
        pytest.param(
            ["A ship sank off Sund.", "Jana Orlen, its owner, was charged.", "Orlen denies all."],
            ("Jana Orlen, its owner, was charged.",),
            ("A ship sank off Sund.", ("Jana Orlen, its owner, was charged.",)),
            id="a surname goes where its bearer is introduced",
        ),
    ],
)
def test_summary_and_new_facts_say_nothing_twice(
    summary: list[str], new: tuple[str, ...], said: tuple[str, tuple[str, ...]]
) -> None:
    assert divide(summary, new) == said


@pytest.mark.parametrize(
    ("new", "said"),
    [
        pytest.param(("A. (earlier: B)",), ("", ("A. (earlier: B)",)), id="its news is quoted"),
        pytest.param(("C.",), ("A. B.", ("C.",)), id="its news stands further down"),
        pytest.param((), ("A. B.", ()), id="nothing new"),
    ],
)
def test_an_update_does_not_say_before_the_quotation_what_it_quotes(
    new: tuple[str, ...], said: tuple[str, tuple[str, ...]]
) -> None:
    assert divide(["A.", "B."], new, update=True) == said
