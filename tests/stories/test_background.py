"""An article's own dated background: found by the date that a sentence opens with, in any of the languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.stories.background import dated_background, first_backstory, tells_of_before
from tests.stories.build import an_entry

if TYPE_CHECKING:
    from bot.model import Entry

NOW = datetime(2024, 6, 17, 12, tzinfo=UTC)


def entry(text: str, lang: str = "en") -> Entry:
    return replace(an_entry(1, "Envoys sign a pact", text, lang=lang), published_at=NOW)


@pytest.mark.parametrize(
    ("lang", "sentence", "date_text", "day"),
    [
        pytest.param("en", "In July the minister visited Sund.", "In July", "2023-07-01", id="month"),
        pytest.param("en", "In early August, envoys met.", "In early August", "2023-08-01", id="part of a month"),
        pytest.param("en", "On August 31, Kestria imposed sanctions.", "On August 31", "2023-08-31", id="day"),
        pytest.param("en", "On Monday, June 10, they met in Sund.", "On Monday, June 10", "2024-06-10", id="weekday"),
        pytest.param("en", "On 4 September 2022 they met.", "On 4 September 2022", "2022-09-04", id="day first, year"),
        pytest.param("en", "In 2018, they met in Sund.", "In 2018", "2018-01-01", id="year"),
        pytest.param("ru", "В июле министр посетил Сунд.", "В июле", "2023-07-01", id="Russian month"),
        pytest.param(
            "ru", "31 августа 2023 года ввели санкции.", "31 августа 2023 года", "2023-08-31", id="Russian day"
        ),
        pytest.param("uk", "У липні міністр відвідав Сунд.", "У липні", "2023-07-01", id="Ukrainian month"),
        pytest.param("uk", "4 вересня вони зустрілися.", "4 вересня", "2023-09-04", id="Ukrainian day"),
        pytest.param("ko", "지난해 7월 장관이 순드를 방문했다.", "지난해 7월", "2023-07-01", id="Korean, last year"),
        pytest.param("ko", "7월 27일 양측이 만났다.", "7월 27일", "2023-07-27", id="Korean day"),
        pytest.param("ja", "昨年9月、両者は会談した。", "昨年9月", "2023-09-01", id="Japanese, last year"),
        pytest.param("ja", "2023年9月13日に会談した。", "2023年9月13日", "2023-09-13", id="Japanese day"),
        pytest.param("zh", "去年9月，双方会晤。", "去年9月", "2023-09-01", id="Chinese, last year"),
        pytest.param("de", "Im Juli besuchte der Minister Sund.", "Im Juli", "2023-07-01", id="German"),
    ],
)
def test_dated_sentences(lang: str, sentence: str, date_text: str, day: str) -> None:
    (dated,) = dated_background(entry(sentence, lang))
    assert dated.at is not None
    assert (dated.date_text, dated.at.date().isoformat(), dated.sentence) == (date_text, day, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("On June 17, envoys signed the pact.", id="the article's own day"),
        pytest.param("On June 16, envoys signed the pact.", id="the day before"),
        pytest.param("In June envoys signed the pact.", id="the article's own month"),
        pytest.param("In December they will meet again.", id="a month to come"),
        pytest.param("March on Sund fails.", id="a word that is a month, too"),
        pytest.param("May talks began in Sund.", id="a month without a preposition"),
        pytest.param("“In July we met,” the minister said.", id="a quotation"),
        pytest.param("In July the minister", id="a fragment"),
        pytest.param("The minister visited Sund in great haste.", id="no date"),
        pytest.param("On August 40, nothing happened.", id="no such day"),
    ],
)
def test_what_is_no_background(sentence: str) -> None:
    assert dated_background(entry(sentence)) == ()


def test_the_first_backstory_is_at_most_three_in_order_of_time() -> None:
    text = (
        "Envoys signed a pact. On May 2, envoys drafted the pact. In 2018, it rained. In July 2023, envoys first spoke "
        "of a pact. On May 20, envoys agreed on the pact."
    )
    assert first_backstory(entry(text)) == (
        "In July 2023, envoys first spoke of a pact.",
        "On May 2, envoys drafted the pact.",
        "On May 20, envoys agreed on the pact.",
    )


@pytest.mark.parametrize(
    ("sentence", "before"),
    [
        pytest.param("The upper house approved it on June 6.", True, id="ends in a past day"),
        pytest.param("Верхняя палата одобрила документ 6 июня.", True, id="ends in a past day, Russian"),
        pytest.param("The upper house approved it on June 17.", False, id="ends in today"),
        pytest.param("The upper house is to vote on July 6.", False, id="ends in a day to come"),
        pytest.param("The minister said they agreed on it on June 6.", False, id="a report about it is of now"),
    ],
)
def test_plain_sentences_that_end_in_a_date(sentence: str, before: bool) -> None:  # noqa: FBT001
    assert tells_of_before(sentence, NOW) is before
