"""Whose report an article is. The texts are invented; the forms of credit are the agencies' own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.stories.origins import credit, joined, origin
from tests.stories.build import an_entry


@pytest.mark.parametrize(
    ("lang", "body", "name"),
    [
        pytest.param("en", "SEOUL (Reuters) - The North fired a rocket on Friday.", "Reuters", id="en, dateline"),
        pytest.param("en", "<p>By Ann Doe, Associated Press</p><p>It rained.</p>", "AP", id="en, by-line in HTML"),
        pytest.param("en", "The two met on Friday, state news agency KCNA said. More.", "KCNA", id="en, reported"),
        pytest.param("en", "They met, the Korean Central News Agency (KCNA) reported.", "KCNA", id="en, with initials"),
        pytest.param("en", "“Rain fell,” the minister told the AFP news agency.", "AFP", id="en, told"),
        pytest.param("en", "They met, according to the state news agency TASS.", "TASS", id="en, according to"),
        pytest.param("en", f"{'It rained. ' * 300}\n© 2024 AFP", "AFP", id="en, small print at the end"),
        pytest.param("ru", "МОСКВА, 19 июня. /ТАСС/. Президент прибыл.", "TASS", id="ru, slashes"),
        pytest.param("ru", "МОСКВА, 19 июн - РИА Новости. Президент прибыл.", "RIA Novosti", id="ru, dash"),
        pytest.param("ru", "Президент прибыл, сообщает агентство Интерфакс.", "Interfax", id="ru, reports"),
        pytest.param("ru", "Президент прибыл, сообщило ЦТАК.", "KCNA", id="ru, reported"),
        pytest.param("uk", "Про це повідомляє Укрінформ. Президент прибув.", "Ukrinform", id="uk, reports"),
        pytest.param("uk", "Президент прибув, пише Інтерфакс-Україна.", "Interfax-Ukraine", id="uk, writes"),
        pytest.param("ko", "(서울=연합뉴스) 홍길동 기자 = 북한이 로켓을 쐈다.", "Yonhap", id="ko, dateline"),
        pytest.param("ko", "조선중앙통신은 19일 두 사람이 만났다고 보도했다.", "KCNA", id="ko, reported"),
        pytest.param("ko", "로이터통신에 따르면 회담이 열렸다.", "Reuters", id="ko, according to"),
        pytest.param("ja", "【ソウル共同】北朝鮮はロケットを発射した。", "Kyodo", id="ja, dateline"),
        pytest.param("ja", "朝鮮中央通信によると、二人は会談した。", "KCNA", id="ja, according to"),
        pytest.param("ja", "朝鮮中央通信は19日、二人が会談したと報じた。", "KCNA", id="ja, reported"),
        pytest.param("zh", "新华社北京6月19日电（记者）两人会谈。", "Xinhua", id="zh, dateline"),
        pytest.param("zh", "据韩联社报道，两人会谈。", "Yonhap", id="zh, according to"),
        pytest.param("zh", "两人会谈。\n来源：新华社", "Xinhua", id="zh, source"),
        pytest.param("en", "SEOUL (Reuters) - They met, KCNA said.", "KCNA", id="who retells is no second witness"),
        pytest.param("en", "It rained.\nPhoto: Reuters", "", id="a picture's credit"),
        pytest.param("en", "RT and AP were mentioned. It rained.", "", id="a mere mention"),
        pytest.param("en", f"{'It rained. ' * 40}Reuters reported snow.", "", id="further down"),
        pytest.param("en", "The Reutersberg mountain stands. Sources said so.", "", id="part of another word"),
        pytest.param("en", "", "", id="no text"),
    ],
)
def test_credit(lang: str, body: str, name: str) -> None:
    assert credit("A title", body, lang) == name


def test_what_stands_before_the_first_word_is_no_sentence_of_the_report() -> None:
    assert credit("A title", "ПОРТ, 20 июня. /Вестник/. Порты подписали договор, сообщает ЦТАК.", "ru") == "KCNA"


def test_a_title_may_say_who_reported() -> None:
    assert credit("Kim visits plant: KCNA reports", "He was there.", "en") == "KCNA"


POST = replace(an_entry(1, "Rain", "It rained."), source="Daily Post")
TIMES = replace(an_entry(2, "Rain", "It rained."), source="Times")
WIRED = replace(TIMES, credit="Reuters")


def test_an_entrys_origin_is_whom_it_credits_else_its_outlet() -> None:
    assert (origin(POST), origin(WIRED)) == ("Daily Post", "Reuters")
    assert origin(replace(POST, source="Yonhap News", url="https://en.yna.co.kr/view/1")) == "Yonhap"


def test_two_outlets_that_print_one_agency_are_one_origin() -> None:
    first = joined((), replace(POST, credit="Reuters"))
    assert joined(first, WIRED) == ("Reuters",)
    assert joined(first, POST) == ("Reuters", "Daily Post")


def test_a_copy_adds_no_origin() -> None:
    assert joined(joined((), POST), TIMES, copied=POST) == ("Daily Post",)


def test_a_copy_that_names_its_agency_says_whose_the_first_text_was() -> None:
    assert joined(joined((), POST), WIRED, copied=POST) == ("Reuters",)
    assert joined(("Yonhap", "Daily Post"), WIRED, copied=POST) == ("Yonhap", "Reuters")
