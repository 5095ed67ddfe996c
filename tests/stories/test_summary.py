from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.summary import summarise
from tests.stories.build import an_entry

FIRST = "The ministry signed the grain treaty on Monday."
SECOND = "Ships will carry 40,000 tonnes a month through the strait."
THIRD = "Farmers in both countries welcomed the end of the dispute."


def summary(text: str, *, sentences: int = 2, chars: int = 300, lang: str = "en") -> str:
    return summarise(an_entry(1, "Treaty signed", text, lang=lang), sentences=sentences, chars=chars)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{FIRST} {SECOND} {THIRD}", f"{FIRST} {SECOND}", id="the lead"),
        pytest.param(f"A heading\n{FIRST}\nAnother heading\n{SECOND}", f"{FIRST} {SECOND}", id="headings are skipped"),
        pytest.param(
            f"{FIRST} It signed the grain treaty on Monday. {SECOND}", f"{FIRST} {SECOND}", id="nothing twice"
        ),
        pytest.param(f"He said so on Monday. {FIRST} {SECOND}", f"{FIRST} {SECOND}", id="no dangling opening"),
        pytest.param(f"“We did it,” he said. {FIRST} {SECOND}", f"{FIRST} {SECOND}", id="no quotation as opening"),
        pytest.param(f"Last year it rained. {FIRST}", FIRST, id="no background as opening"),
        pytest.param(
            f"The man who sank the ferry two years ago was freed. {FIRST}",
            f"The man who sank the ferry two years ago was freed. {FIRST}",
            id="a lead that says since when",
        ),
        pytest.param(
            f"{FIRST} “So be it,” said Jana Orlen. Asked whether she would sail, she said: “No.” {SECOND}",
            f"{FIRST} {SECOND}",
            id="no pronoun of somebody who is not shown",
        ),
        pytest.param(
            f"{FIRST} “So be it.” When Orlen left for Sund, she said that ships would sail. {SECOND}",
            f"{FIRST} When Orlen left for Sund, she said that ships would sail.",
            id="a pronoun whose name stands before it",
        ),
        pytest.param(f"Example. {FIRST}", FIRST, id="the outlet's own name"),
        pytest.param(
            "“So we did it,” Minister Orlen said.",
            "“So we did it,” Minister Orlen said.",
            id="a quotation that says who",
        ),
        pytest.param(f"{FIRST} It is so,” Orlen said. {SECOND}", f"{FIRST} {SECOND}", id="no end of a quotation"),
        pytest.param(
            f"{FIRST} “So be it,” said Jana Orlen. Orlen lives in Sund. {SECOND}",
            f"{FIRST} {SECOND}",
            id="no surname of somebody who was not introduced",
        ),
        pytest.param(
            f"Minister Jana Orlen spoke in Sund. Orlen is to leave for Astor at noon. {SECOND}",
            "Minister Jana Orlen spoke in Sund. Orlen is to leave for Astor at noon.",
            id="a surname behind the whole name",
        ),
        pytest.param(f"(Example News) – {FIRST}", FIRST, id="agency prefix"),
        pytest.param(f"SUND, Kestria (Reuters) - {FIRST}", FIRST, id="dateline"),
        pytest.param(
            f"{FIRST} MGT stands for Ministry Grain Treaty. {SECOND}", f"{FIRST} {SECOND}", id="no definitions"
        ),
        pytest.param(f"{FIRST} Read the rest of this ...", FIRST, id="no cut-off teaser"),
        pytest.param("It did. He said so.", "It did.", id="nothing stands alone"),
        pytest.param(
            f"“So we did it,” Minister Orlen said. {FIRST}", FIRST, id="no quotation as opening, though it says who"
        ),
        pytest.param(f"{FIRST}\n- the message says.\n{SECOND}", f"{FIRST} {SECOND}", id="no dangling attribution"),
        pytest.param(
            f"This is stated in a joint statement, reports Sund Radio. {FIRST}", FIRST, id="no attribution alone"
        ),
        pytest.param(f"{FIRST} Last year it rained. {SECOND}", f"{FIRST} {SECOND}", id="no background at all"),
        pytest.param(f"{FIRST} In July 2019 envoys met. {SECOND}", f"{FIRST} {SECOND}", id="no dated background"),
        pytest.param(
            f"{FIRST}\nWhat is known about the strait\nThe strait is narrow and deep.",
            FIRST,
            id="no part on background",
        ),
        pytest.param(
            "About it at the briefing stated Deputy Minister Jana Orlen. According to her, ships will sail in June. "
            "She also added that harbours are ready.",
            "According to [Jana Orlen], ships will sail in June. [Jana Orlen] also added that harbours are ready.",
            id="the speaker whom only the line under the title names",
        ),
        pytest.param(
            "About it at the briefing stated Deputy Minister Jana Orlen. Governor Tarn said no. "
            "She also added that harbours are ready.",
            "Governor Tarn said no. She also added that harbours are ready.",
            id="no name is guessed once somebody else speaks",
        ),
        pytest.param(f"{SECOND} {THIRD} All was well, it said.", f"{SECOND} {THIRD}", id="no dangling it said"),
        pytest.param("", "", id="no text"),
    ],
)
def test_summaries(text: str, expected: str) -> None:
    assert summary(text) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        pytest.param(
            "ru",
            "Он сказал это. Стороны подписали договор о зерне. Суда пойдут в июне.",
            "Стороны подписали договор о зерне. Суда пойдут в июне.",
            id="Russian",
        ),
        pytest.param(
            "ja",
            "両国は穀物協定に署名した。船は六月に出港する。",
            "両国は穀物協定に署名した。船は六月に出港する。",
            id="Japanese",
        ),
        pytest.param(
            "zh",
            "【北京时间】两国签署了粮食协定。此外天气很好。船只将于六月出港。",
            "两国签署了粮食协定。此外天气很好。",
            id="Chinese",
        ),
        pytest.param(
            "uk",
            "Про це повідомив речник порту. Сторони підписали угоду про зерно. Торік ішов дощ. Судна вийдуть у червні.",
            "Сторони підписали угоду про зерно. Судна вийдуть у червні.",
            id="Ukrainian",
        ),
        pytest.param(
            "ko",
            "양국은 곡물 협정에 서명했다. 배는 6월에 출항한다.",
            "양국은 곡물 협정에 서명했다. 배는 6월에 출항한다.",
            id="Korean",
        ),
    ],
)
def test_other_languages(lang: str, text: str, expected: str) -> None:
    assert summary(text, lang=lang) == expected


def test_a_long_sentence_is_cut_at_a_word() -> None:
    text = "The ministry " + "very " * 100 + "slowly signed."
    cut = summary(text, chars=50)
    assert len(cut) <= 50
    assert cut.endswith("very…")


@given(
    st.lists(st.sampled_from([FIRST, SECOND, THIRD, "He left.", "A heading\n", "“Yes,” she said."])),
    st.integers(20, 400),
    st.integers(1, 4),
)
def test_limits_hold(parts: list[str], chars: int, sentences: int) -> None:
    text = " ".join(parts)
    made = summary(text, sentences=sentences, chars=chars)
    assert len(made) <= chars
    if not made.endswith("…"):
        assert all(part in text for part in made.split(". "))


def test_a_place_alone_before_the_first_sentence_is_a_dateline() -> None:
    assert summary("टोक्यो। बैंक ने शुक्रवार को ब्याज दर बढ़ा दी।", lang="hi") == "बैंक ने शुक्रवार को ब्याज दर बढ़ा दी।"
