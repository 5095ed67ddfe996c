"""What is news beside what was told: in texts, and where there are only headlines what two outlets lead with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import PastEntry, TermStatistics
from bot.stories.news import headline_news, news_beside
from tests.stories.build import an_entry, background, past, statistics

HEARD = ("Minister flies to Geneva for talks on the grain corridor", "Talks on the grain corridor open in Geneva")
DROPS = "Ukraine drops port demand as grain corridor talks go on"
DROPPED = "Kyiv drops its port demand in Geneva grain corridor talks"


def told(number: int, title: str, *, outlet: str, text: str = "", lang: str = "en") -> PastEntry:
    return past(replace(an_entry(number, title, text, day=number / 10, lang=lang), source=outlet), story=1)


def rarity(*known: PastEntry) -> TermStatistics:
    return statistics([*background() * 20, *known])


@pytest.mark.parametrize(
    ("title", "since", "is_news"),
    [
        pytest.param(DROPS, [("Second", DROPPED)], True, id="two outlets lead with it"),
        pytest.param(DROPS, [], False, id="one outlet's words"),
        pytest.param(DROPS, [("First", DROPPED)], False, id="the same outlet, twice"),
        pytest.param(DROPS, [("Second", "Rain over Geneva as talks go on")], False, id="the other leads with else"),
        pytest.param(HEARD[0], [("Second", HEARD[1])], False, id="what was said before"),
        pytest.param(f"Live updates: {DROPS}", [("Second", DROPPED)], False, id="a standing title"),
        pytest.param(DROPS, [("Second", f"Live updates: {DROPPED}")], False, id="the other's is a standing title"),
        pytest.param("Will Ukraine drop its port demand?", [("Second", DROPPED)], False, id="a question"),
        pytest.param(f"How {DROPS}", [("Second", DROPPED)], False, id="an explainer"),
        pytest.param(f"{DROPS}. Here’s what that means", [("Second", DROPPED)], False, id="an explainer at its end"),
        pytest.param(f"Opinion | {DROPS}", [("Second", DROPPED)], False, id="an opinion"),
        pytest.param(f"‘A good day’: {DROPS}", [("Second", DROPPED)], False, id="a feature under a quotation"),
        pytest.param(f"{DROPS} – live", [("Second", DROPPED)], False, id="a page that is filled all day"),
        pytest.param(DROPS, [("Second", f"Why {DROPPED}")], False, id="the other explains"),
        pytest.param(f"WHO: {DROPS}", [("Second", DROPPED)], True, id="a body whose name is a question's word"),
        pytest.param("Geneva talks on the grain corridor go on, day 2", [("Second", DROPPED)], False, id="other words"),
    ],
)
def test_what_outlets_lead_with_together_is_news(title: str, since: list[tuple[str, str]], *, is_news: bool) -> None:
    heard = [told(number, heard, outlet="First") for number, heard in enumerate(HEARD)]
    later = [told(5 + number, headline, outlet=outlet) for number, (outlet, headline) in enumerate(since)]
    me = told(9, title, outlet="First")
    assert headline_news(me, heard, later, rarity(*heard, *later)) == (title if is_news else "")


def test_words_that_fill_the_news_say_nothing() -> None:
    heard = [told(1, "Ships wait off the coast", outlet="First")]
    later = [told(5, "White House: ships wait off the coast", outlet="Second")]
    me = told(9, "White House on ships off the coast", outlet="First")
    common = TermStatistics(1000, {"white": 300, "hous": 300})
    assert headline_news(me, heard, later, common) == ""
    assert headline_news(me, heard, later, TermStatistics(1000, {})) == me.entry.title


def test_a_language_in_which_nobody_told_it_has_no_new_words_yet() -> None:
    heard = [told(1, HEARD[0], outlet="First")]
    later = [told(5, "Киев отказался от требования по портам", outlet="Second", lang="ru")]
    me = told(9, "Киев снял требования по портам", outlet="Third", lang="ru")
    assert headline_news(me, heard, later, rarity(*heard)) == ""


@pytest.mark.parametrize(
    ("lang", "heard", "other", "title"),
    [
        pytest.param(
            "ru",
            "Министр прилетел в Женеву на переговоры о зерне",
            "Киев отказался от требования по портам на переговорах о зерне",
            "Киев отказывается от требований по портам",
            id="Russian, in other forms of the words",
        ),
        pytest.param(
            "ko",
            "장관, 곡물 회담 위해 제네바 도착",
            "우크라이나, 곡물 회담서 항만 요구 철회",
            "우크라이나 항만 요구 철회 발표",
            id="Korean, by pairs of letters",
        ),
    ],
)
def test_the_same_in_other_languages(lang: str, heard: str, other: str, title: str) -> None:
    before = [told(1, heard, outlet="First", lang=lang)]
    later = [told(5, other, outlet="Second", lang=lang)]
    me = told(9, title, outlet="Third", lang=lang)
    assert headline_news(me, before, later, rarity(*before, *later)) == title
    assert headline_news(told(9, heard, outlet="Third", lang=lang), before, later, rarity(*before)) == ""


@pytest.mark.parametrize(
    ("heard", "other", "title", "is_news"),
    [
        pytest.param(
            "Central bank likely to drop its dollar peg this week",
            "Central bank drops dollar peg after eight years",
            "Dollar peg dropped as central bank acts",
            True,
            id="what was likely has come",
        ),
        pytest.param(
            "Minister to visit Kestria for talks",
            "Minister visits Kestria, meets her counterpart",
            "In Kestria, minister opens visit",
            True,
            id="who was to come is there",
        ),
        pytest.param(
            "Minister to visit Kestria for talks",
            "Minister will visit Kestria on Friday",
            "Minister to visit Kestria, her office says",
            False,
            id="it is still to come",
        ),
        pytest.param(
            "Central bank cuts rates",
            "Rates cut by central bank may fall further",
            "Central bank rates cut could help borrowers",
            False,
            id="what has come, once more",
        ),
    ],
)
def test_what_was_to_come_is_news_when_it_has_come(heard: str, other: str, title: str, *, is_news: bool) -> None:
    before, later = told(1, heard, outlet="First"), told(5, other, outlet="Second")
    me = told(9, title, outlet="Third")
    assert headline_news(me, [before], [later], rarity(before, later)) == (title if is_news else "")


TREATY = "Kestria and Sund signed the grain treaty in Oslo on Monday."
QUOTAS = "Fishermen of Lagan lose their quotas under an annex that both parliaments passed in secret."
DEAL = told(1, "Kestria and Sund sign grain treaty", outlet="First", text=TREATY)


@pytest.mark.parametrize(
    ("title", "is_news"),
    [
        pytest.param("Annex to grain treaty costs Lagan its quotas", True, id="a report"),
        pytest.param("‘We were sold’: fishermen of Lagan lose their quotas", True, id="a report under a quotation"),
        pytest.param("What the grain treaty means for Lagan", False, id="an explainer"),
        pytest.param("Kestria and Sund signed. Here’s why it matters", False, id="an explainer at its end"),
        pytest.param("A treaty at last?", False, id="a question"),
        pytest.param("Commentary: A treaty at the cost of Lagan", False, id="a comment"),
        pytest.param("Почему договор не нравится рыбакам", False, id="an explainer, Russian"),
        pytest.param("Думка: договір коштом рибалок", False, id="a comment, Ukrainian"),
        pytest.param("Kommentar: Ein Vertrag auf Kosten der Fischer", False, id="a comment, German"),
        pytest.param("Pourquoi le traité inquiète les pêcheurs", False, id="an explainer, French"),
        pytest.param("Análisis: un tratado a costa de los pescadores", False, id="a comment, Spanish"),
        pytest.param("[사설] 어민을 희생한 조약", False, id="a leader, Korean"),
        pytest.param("社説：漁民を犠牲にした条約", False, id="a leader, Japanese"),
        pytest.param("社论：以渔民为代价的条约", False, id="a leader, Chinese"),
        pytest.param("تحليل: معاهدة على حساب الصيادين", False, id="a comment, Arabic"),
    ],
)
def test_what_an_explainer_or_a_comment_adds_is_no_news(title: str, *, is_news: bool) -> None:
    me = told(5, title, outlet="Second", text=f"{TREATY} {QUOTAS}")
    assert news_beside(me, [DEAL], copied=False).facts == ((QUOTAS,) if is_news else ())


def test_a_count_that_changed_is_news_in_an_explainer_too() -> None:
    heard = told(
        1, "Ferry sinks off Lagan", outlet="First", text="At least 12 people died when a ferry sank off Lagan."
    )
    rose = "At least 31 people died when the ferry sank off Lagan."
    me = told(5, "What we know about the Lagan ferry", outlet="Second", text=rose)
    (fact,) = news_beside(me, [heard], copied=False).facts
    assert "earlier" in fact
