"""A summary that turns its article round: opposites, parts and wholes, and who denies."""

from __future__ import annotations

import pytest

from bot.stories.grounding import FaultKind, check, check_summary

ALTRA = (
    "Altra, which makes chips, cut its sales forecast to $42 billion on Tuesday, from $45 billion. Its shares rose 3% "
    "in early trading. In April, Altra had raised its forecast. It will close 3 of its 12 plants."
)
BANK = (
    "The central bank of Kestria raised its key rate by a quarter of a percentage point to 5.25% on Thursday. The bank "
    "last cut its rate in 2021. Sales of lamps were down 4% after rising a year earlier. Deputies voted down the levy."
)


@pytest.mark.parametrize(
    ("sentence", "source", "kind"),
    [
        pytest.param("Altra will close 12 of its 3 plants.", ALTRA, FaultKind.NUMBER, id="a part and its whole"),
        pytest.param("Altra's shares fell 3% in early trading.", ALTRA, FaultKind.NEGATION, id="fell, and others rose"),
        pytest.param("Kestria's central bank cut its key rate to 5.25%.", BANK, FaultKind.NEGATION, id="cut before"),
        pytest.param("Завод закроет 9 из 4 цехов.", "Завод закроет 4 из 9 цехов.", FaultKind.NUMBER, id="parts, ru"),
        pytest.param("공장 9곳 중 4곳이 남는다.", "공장 4곳 중 9곳이 남는다.", FaultKind.NUMBER, id="parts, ko"),
        pytest.param(
            "Войска вышли из Сундска.", "Войска вошли в Сундск.", FaultKind.NEGATION, id="entered and left, ru"
        ),
        pytest.param("Завод продав три крани.", "Завод купив три крани.", FaultKind.NEGATION, id="bought, sold, uk"),
        pytest.param(
            "Das Parlament nahm den Entwurf an.",
            "Das Parlament lehnte den Entwurf ab.",
            FaultKind.NEGATION,
            id="a verb in two parts, de",
        ),
        pytest.param("역이 월요일 폐쇄했다.", "역이 월요일 개장했다.", FaultKind.NEGATION, id="opened and closed, ko"),
    ],
)
def test_what_is_turned_round_is_caught(sentence: str, source: str, kind: FaultKind) -> None:
    assert kind in {fault.kind for _, faults in check_summary(sentence, source) for fault in faults}


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        pytest.param("Altra lowered its forecast to $42 billion; its shares gained 3%.", ALTRA, id="in other words"),
        pytest.param("In April, Altra had raised its forecast.", ALTRA, id="the earlier one"),
        pytest.param("Three of the 12 plants will be shut.", ALTRA, id="a part in words"),
        pytest.param("The bank increased its key rate to 5.25%.", BANK, id="increased"),
        pytest.param("Sales of lamps fell 4%.", BANK, id="down, for fell"),
        pytest.param("Deputies rejected the levy.", BANK, id="voted down"),
        pytest.param("Das Parlament hat den Entwurf abgelehnt.", "Das Parlament lehnte den Entwurf ab.", id="one verb"),
    ],
)
def test_what_is_told_in_other_words_passes(sentence: str, source: str) -> None:
    assert [faults for _, faults in check_summary(sentence, source) if faults] == []


DENIALS = (
    "The ministry of Kestria's neighbour Norland said that Kestria wanted war.",
    "Kestria's foreign ministry denied shipping rockets, as a paper in Norland had reported.",
)


def test_another_ones_ministry_denies_nothing() -> None:
    (fault,) = check("Norland's foreign ministry denied shipping rockets.", DENIALS)
    assert fault.kind is FaultKind.ROLE
    assert check("Kestria's foreign ministry denied shipping rockets.", DENIALS) == ()
    assert check("Kestria denied shipping rockets.", DENIALS) == ()


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        pytest.param("The rate rose by 25 basis points.", "The rate rose by a quarter of a point.", id="a quarter"),
        pytest.param("The rate rose by 25 basis points.", "The rate rose by a quarter-point.", id="a quarter-point"),
        pytest.param(
            "The rate rose by 50 basis points.", "The rate rose by half a percentage point.", id="half a point"
        ),
        pytest.param(
            "The rate rose by 0.25 percentage points.", "The rate rose by 25 basis points.", id="points in decimals"
        ),
        pytest.param(
            "Altra expects sales of between $38 billion and $40 billion.",
            "Altra expects sales of $38-$40 billion.",
            id="a scale for both ends",
        ),
        pytest.param(
            "Altra expects sales of $38-$40 billion.",
            "Altra expects sales of between $38 billion and $40 billion.",
            id="a scale for each end",
        ),
        pytest.param("Police held 12 men.", "Police held a dozen men.", id="12 for a dozen"),
        pytest.param("Police held 24 men.", "Police held two dozen men.", id="24 for two dozen"),
        pytest.param("Police held two dozen men.", "Police held 24 men.", id="two dozen for 24"),
        pytest.param("About half of voters took part.", "About 50% of voters took part.", id="half for 50%"),
        pytest.param("About 50% of voters took part.", "About half of voters took part.", id="50% for half"),
        pytest.param("25 percent of the crew fell ill.", "A quarter of the crew fell ill.", id="25%"),
        pytest.param("The list has 1.2 million names.", "The list has 1,200,000 names.", id="millions"),
    ],
)
def test_an_amount_in_other_words_is_the_same(sentence: str, source: str) -> None:
    assert [fault for _, faults in check_summary(sentence, source) for fault in faults] == []


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        pytest.param("The rate rose by 50 basis points.", "The rate rose by a quarter of a point.", id="a half"),
        pytest.param("The rate rose by 25 percent.", "The rate rose by a quarter of a point.", id="no per cent"),
        pytest.param("Police held 13 men.", "Police held a dozen men.", id="thirteen"),
        pytest.param("Police held two dozen men.", "Police held 36 men.", id="three dozen"),
        pytest.param("About half of voters took part.", "About 40% of voters took part.", id="not half"),
        pytest.param(
            "Altra expects sales of $30 billion to $40 billion.", "Altra expects sales of $38-$40 billion.", id="an end"
        ),
    ],
)
def test_another_amount_is_caught(sentence: str, source: str) -> None:
    assert FaultKind.NUMBER in {fault.kind for _, faults in check_summary(sentence, source) for fault in faults}
