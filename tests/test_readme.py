"""The README is true: its command table is the program's, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.commands import as_markdown

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_command_table_is_the_programs_own() -> None:
    assert as_markdown().strip() in README


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`|`\w+=\w+ )make (\w+)", README, re.MULTILINE))))
def test_make_targets_exist(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_two_commands_stand_on_the_first_screen() -> None:
    first_screen = README.splitlines()[:25]
    assert any(line.startswith("make run") for line in first_screen)
    assert any(line.startswith("make test") for line in first_screen)
