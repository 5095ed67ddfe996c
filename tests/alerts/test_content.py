"""What an alert says of an entry."""

from __future__ import annotations

import pytest

from bot.alerts.content import content
from bot.alerts.decide import Due, Telling
from bot.model import Action
from tests.examples import NOW, STORY
from tests.stories.build import an_entry

FIRST = "Kestria has sent Sund over 40 lamps."
FACT = "Kestria has sent Sund over 40 lamps (earlier: 30 lamps)"


@pytest.mark.parametrize(
    ("action", "summary", "new"),
    [
        pytest.param(Action.ALERT, FIRST, "over 40 lamps (earlier: 30 lamps)", id="the summary says the rest"),
        pytest.param(Action.REPLY, "", FACT, id="an update quotes it all"),
    ],
)
def test_a_changed_figure_does_not_say_the_summary_again(action: Action, summary: str, new: str) -> None:
    entry = an_entry(1, "Lamps", FIRST)
    alert = content(Due(action, ("Arms",)), entry, Telling(STORY, NOW, (), (FACT,), changes=True), (), NOW)
    assert (alert.summary, alert.new) == (summary, (new,))
