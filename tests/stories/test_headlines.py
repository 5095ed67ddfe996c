"""One headline, word for word, and titles that stand over something else each day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.headlines import same_headline

PACT = "Two ports sign a grain pact"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(PACT, "Two Ports Sign a Grain Pact", id="capitals"),
        pytest.param(PACT, "“Two ports sign a grain pact”!", id="marks"),
        pytest.param(PACT, f"{PACT} - Harbour Wire", id="an outlet behind it"),
        pytest.param("Порты подписали договор о зерне", "ПОРТЫ ПОДПИСАЛИ ДОГОВОР О ЗЕРНЕ", id="Russian"),
        pytest.param("両国の港が穀物協定に署名", "両国の港が穀物協定に署名", id="Japanese"),
        pytest.param("두 항구가 곡물 협정에 서명", "두 항구가 곡물 협정에 서명", id="Korean"),
    ],
)
def test_one_headline(one: str, other: str) -> None:
    assert same_headline(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(PACT, "Two ports sign a fish pact", id="another word"),
        pytest.param("Five ports, 3 ships lost at sea", "Five ports, 4 ships lost at sea", id="another number"),
        pytest.param("Quake hits port", "Quake hits port", id="three words"),
        pytest.param("Morning briefing for the ports", "Morning briefing for the ports", id="a briefing"),
        pytest.param("Live updates: storm nears the coast", "Live updates: storm nears the coast", id="live updates"),
        pytest.param("Главное к этому часу о портах", "Главное к этому часу о портах", id="Russian"),
        pytest.param("Втрати ворога на ранок 3 травня", "Втрати ворога на ранок 3 травня", id="Ukrainian"),
        pytest.param("이 시각 주요 뉴스 모아보기 저녁", "이 시각 주요 뉴스 모아보기 저녁", id="Korean"),
        pytest.param("今日の世界ニュースまとめ一覧", "今日の世界ニュースまとめ一覧", id="Japanese"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_no_proof(one: str, other: str) -> None:
    assert not same_headline(one, other)


@given(st.text(max_size=60), st.text(max_size=60))
def test_either_way_round(one: str, other: str) -> None:
    assert same_headline(one, other) == same_headline(other, one)
