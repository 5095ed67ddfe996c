"""What of an entry a reader can be shown."""

from __future__ import annotations

import pytest

from bot.stories.reading import SPOKEN_SENTENCES, readable
from tests.stories.build import an_entry

NEWS = "Ships left Sund at noon."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(
            f'{NEWS} "The sea is calm," Orlen said. "I saw to it myself. I know each ship. All is well," he said.',
            [NEWS, "I know each ship.", False],
            id="straight marks",
        ),
        pytest.param(
            f"{NEWS} Orlen said: “We are glad. We have worked for it. It is done.” He sailed, too.",
            [NEWS, "We have worked for it.", False],
            id="curly marks",
        ),
        pytest.param(
            f"{NEWS} Орлен сказал: «Мы рады. Мы долго ждали. Всё готово». Порт открыт.",
            [NEWS, "Мы долго ждали.", False],
            id="Russian marks",
        ),
        pytest.param(
            f"{NEWS} The “Aras” and the “Oske” led. All came home.", [NEWS, "All came home.", True], id="names of ships"
        ),
        pytest.param(f'{NEWS} He wants "peace". All came home.', [NEWS, "All came home.", True], id="one word"),
        pytest.param(
            f"{NEWS} Orlen: “The sea is calm. Jana Orlen said so.", [NEWS, "Jana Orlen said so.", True], id="left open"
        ),
        pytest.param(f"{NEWS} Das Schiff „Aras“ führte. Alle kamen an.", [NEWS, "Alle kamen an.", True], id="German"),
    ],
)
def test_what_stands_within_a_quotation_is_not_the_outlets_own(text: str, kept: tuple[str, str, bool]) -> None:
    always, sometimes, stays = kept
    found = readable(an_entry(1, "Ships", text), chars=900)
    assert always in found
    assert (sometimes in found) is stays


def test_a_quotation_that_is_never_closed_ends_some_time() -> None:
    said = [f"Point {number} is plain." for number in range(SPOKEN_SENTENCES)]
    text = " ".join([NEWS, "Orlen said: “We begin.", *said, "The port opens at dawn."])
    found = readable(an_entry(1, "Ships", text), chars=900)
    assert found[-1] == "The port opens at dawn."
    assert not set(said) & set(found)
