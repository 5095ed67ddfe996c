"""Acts that a story tells for the first time."""

from __future__ import annotations

import pytest

from bot.stories.firsts import first_told
from tests.stories.build import an_entry, past

BLAST = past(
    an_entry(1, "Blast at Port Lagan market", "A bomb went off at the market of Port Lagan, and nine people died.")
)


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param("The Northern Front claimed responsibility for the blast.", id="claimed"),
        pytest.param("Ответственность за взрыв взяла на себя группировка «Север».", id="claimed, Russian"),
        pytest.param("Відповідальність за вибух взяло на себе угруповання «Північ».", id="claimed, Ukrainian"),
        pytest.param("북부전선이 폭발의 배후를 자처했다.", id="claimed, Korean"),
        pytest.param("過激派組織「北部戦線」が犯行声明を出した。", id="claimed, Japanese"),
        pytest.param("“北方阵线”宣称对爆炸负责。", id="claimed, Chinese"),
        pytest.param("Die Nordfront bekannte sich zu dem Anschlag.", id="claimed, German"),
        pytest.param("Le Front du Nord a revendiqué l'attentat.", id="claimed, French"),
        pytest.param("A suspect was arrested at the border.", id="caught"),
        pytest.param("Подозреваемого задержали на границе.", id="caught, Russian"),
        pytest.param("Підозрюваного затримали на кордоні.", id="caught, Ukrainian"),
        pytest.param("국경에서 용의자가 체포됐다.", id="caught, Korean"),
        pytest.param("The governor declared a state of emergency.", id="declared"),
        pytest.param("Губернатор ввёл режим ЧС.", id="declared, Russian"),
        pytest.param("总统宣布进入紧急状态。", id="declared, Chinese"),
        pytest.param("The two sides signed a 20-point ceasefire agreement in Oslo.", id="agreed"),
        pytest.param("A deal was reached shortly before midnight, the mediators said.", id="agreed, passive"),
        pytest.param("Oslo talks: rivals agree to a truce.", id="agreed, in a headline"),
        pytest.param("Стороны подписали в Осло мирное соглашение.", id="agreed, Russian"),
        pytest.param("Сторони уклали угоду про перемир'я.", id="agreed, Ukrainian"),
        pytest.param("Beide Seiten einigten sich auf eine Waffenruhe.", id="agreed, German"),
        pytest.param("Les deux parties ont signé un accord.", id="agreed, French"),
        pytest.param("양측은 휴전 협정에 서명했다.", id="agreed, Korean"),
        pytest.param("双方は停戦で合意した。", id="agreed, Japanese"),
        pytest.param("双方在奥斯陆达成停火协议。", id="agreed, Chinese"),
    ],
)
def test_an_act_is_told_first_once(fact: str) -> None:
    assert first_told([fact], [BLAST]) == (fact,)
    assert first_told([fact], [BLAST, past(an_entry(2, "Blast: what followed", fact))]) == ()


QUAKE = past(
    an_entry(
        1,
        "Strong quake shakes Port Lagan",
        "A strong quake shook Port Lagan. There were no reports of deaths. In 1988, a quake killed 640 people.",
    )
)


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param("At least five people have died and a school has collapsed.", id="dead"),
        pytest.param("The quake brought down a school, killing at least five people.", id="killing"),
        pytest.param("Two bodies were recovered from the ruins of a school.", id="bodies"),
        pytest.param("Погибли пять человек, сообщил губернатор.", id="dead, Russian"),
        pytest.param("지진으로 5명이 숨졌다.", id="dead, Korean"),
        pytest.param("The minister of public works resigned on Monday evening.", id="gone"),
        pytest.param("The mayor was found guilty of taking bribes.", id="decided"),
        pytest.param("The builder was sentenced to 12 years in prison.", id="sentenced"),
        pytest.param("Kestrel Holdings denied a media report that its school was unsafe.", id="denied"),
        pytest.param("The ministry dismissed the claims on Monday.", id="dismissed"),
        pytest.param("Министерство опровергло сообщения о взрыве.", id="denied, Russian"),
    ],
)
def test_deaths_resignations_verdicts_and_denials_are_told_first_once(fact: str) -> None:
    assert first_told([fact], [QUAKE]) == (fact,)
    assert first_told([fact], [QUAKE, past(an_entry(2, "After the quake", fact))]) == ()


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param("Nobody was killed, the governor said.", id="nobody died"),
        pytest.param("Hundreds of people may have died.", id="may have"),
        pytest.param("The opposition called on the minister to resign.", id="asked to go"),
        pytest.param("The builder could be sentenced to 12 years in prison.", id="could be"),
        pytest.param("The reporters were denied access to the school.", id="denied access"),
        pytest.param("The ministry has not denied the report.", id="not denied"),
    ],
)
def test_what_has_not_come_to_pass_is_no_first(fact: str) -> None:
    assert first_told([fact], [QUAKE]) == ()


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param("No group has claimed responsibility for the blast.", id="nobody"),
        pytest.param("Никто не взял на себя ответственность за взрыв.", id="nobody, Russian"),
        pytest.param("犯行声明は出ていない。", id="nobody, Japanese"),
        pytest.param("Police are looking for a suspect.", id="not caught"),
        pytest.param("Deputies called on the governor to declare a state of emergency.", id="asked for"),
        pytest.param("The minister took responsibility for the delay.", id="another responsibility"),
        pytest.param("Two hundred people were treated in hospital.", id="a detail"),
        pytest.param("The two sides have not signed the agreement yet.", id="not signed"),
        pytest.param("The mediators hope that a deal may be reached on Friday.", id="hoped for"),
        pytest.param("Стороны не достигли соглашения.", id="not agreed, Russian"),
        pytest.param("双方尚未达成协议。", id="not agreed, Chinese"),
        pytest.param("The parties agreed on a date for the next round.", id="another agreement"),
    ],
)
def test_what_was_not_done_is_no_act(fact: str) -> None:
    assert first_told([fact], [BLAST]) == ()


def test_that_nobody_had_claimed_it_leaves_the_claim_news() -> None:
    fact = "The Northern Front claimed responsibility for the blast."
    nobody = past(an_entry(2, "Blast at market", "Nine people died. No group has claimed responsibility so far."))
    assert first_told([fact], [nobody]) == (fact,)


def test_a_claim_that_was_told_in_another_language_is_none() -> None:
    korean = past(an_entry(2, "시장 폭발", "북부전선이 폭발의 배후를 자처했다.", lang="ko"))
    assert first_told(["The Northern Front claimed responsibility for the blast."], [korean]) == ()
