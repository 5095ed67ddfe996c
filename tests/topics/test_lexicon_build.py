from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from bot.topics import lexicon_build

if TYPE_CHECKING:
    import pytest


def test_the_stored_table_is_what_the_script_makes(capsys: pytest.CaptureFixture[str]) -> None:
    stored = resources.files("bot.topics").joinpath("lexicon_data", "cldr.tsv").read_text("utf-8")
    assert lexicon_build.main() == 0
    assert capsys.readouterr().out == stored, "run python -m bot.topics.lexicon_build again"
