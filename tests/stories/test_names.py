from __future__ import annotations

import pytest

from bot.stories.names import sound, sounds


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(("erdogan", "эрдоган", "ердоганом"), id="inflected"),
        pytest.param(("istanbul", "стамбуле", "イスタンブール"), id="katakana"),
        pytest.param(("sevastopol", "севастополе", "セバストポリ"), id="endings beyond the code"),
        pytest.param(("putin", "путиным", "プーチン"), id="a long vowel"),
    ],
)
def test_one_name_sounds_alike_in_every_script(names: tuple[str, ...]) -> None:
    assert len({sound(name) for name in names}) == 1


def test_other_names_sound_otherwise() -> None:
    assert len({sound(name) for name in ("erdogan", "zelensky", "putin", "istanbul", "macron")}) == 5


def test_short_names_and_other_scripts_have_no_sound() -> None:
    assert sounds(frozenset({"kim", "푸틴", "普京", ""})) == frozenset()
