"""What a message says after an outlet has edited the entry that it tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.alerts.correction import Correction, corrected, correction_of, is_rewritten
from bot.model import Action
from tests.examples import ALERT
from tests.stories.build import an_entry, past, print_of

TITLE = "Ship with arms searched in Port Lagan"
TEXT = "Customs men found 20 launchers in a hold on Monday. The captain was questioned for hours. The crew is foreign."
BEFORE = an_entry(1, TITLE, TEXT)


@pytest.mark.parametrize(
    ("title", "text", "rewritten", "figures"),
    [
        pytest.param(TITLE, TEXT.replace("20", "14"), True, ("20 launchers",), id="a figure"),
        pytest.param(TITLE, TEXT.replace("Monday", "Tuesday"), True, None, id="a word that is no figure"),
        pytest.param(f"{TITLE}, captain held", TEXT, True, (), id="a headline"),
        pytest.param(TITLE, TEXT.replace("20 launchers", "launchers"), True, None, id="a figure that is gone"),
        pytest.param(TITLE, TEXT, False, None, id="nothing"),
    ],
)
def test_what_is_a_correction(title: str, text: str, rewritten: bool, figures: tuple[str, ...] | None) -> None:  # noqa: FBT001
    after = an_entry(1, title, text)
    assert is_rewritten(past(BEFORE), after, print_of(after)) == rewritten
    found = correction_of(past(BEFORE), after, print_of(after))
    assert (found is None) == (figures is None)
    told = found.figures if found else ()
    assert all(any(f"(earlier: {figure})" in fact for fact in told) for figure in figures or ())


def test_what_the_entry_no_longer_says_goes_and_what_others_added_stays() -> None:
    after = an_entry(1, TITLE, TEXT.replace("The captain was questioned", "Nobody was questioned"))
    ours, theirs = "The captain was questioned for hours.", "A second ship left in the night."
    base = replace(ALERT, entry_id=1, new=(ours, theirs), others=("Meridian Post",))
    found = corrected(base, Correction(BEFORE, after, ()))
    assert found.new == (theirs,)
    assert "Nobody was questioned" in found.summary
    assert (found.action, found.others, found.headline) == (Action.EDIT, base.others, base.headline)


def test_a_corrected_summary_is_not_said_again_for_its_figure() -> None:
    after = an_entry(1, TITLE, TEXT.replace("20", "14"))
    correction = correction_of(past(BEFORE), after, print_of(after))
    assert correction is not None
    found = corrected(replace(ALERT, entry_id=1, summary=TEXT, new=()), correction)
    assert "found 14 launchers" in found.summary
    assert found.new == ("14 launchers (earlier: 20 launchers)",)


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        pytest.param("", TEXT.replace("20", "14"), id="a message without a summary gets none"),
        pytest.param("Launchers were found.", "", id="a text that is gone leaves the summary"),
    ],
)
def test_a_summary_is_not_made_up(summary: str, text: str) -> None:
    after = an_entry(1, f"{TITLE} again", text)
    found = corrected(replace(ALERT, summary=summary), Correction(BEFORE, after, ()))
    assert (found.summary, found.headline) == (summary, after.title)
