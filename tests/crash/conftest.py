"""The figures of a crash run: each test hands in its row, and they are printed as one table at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _pytest.terminal import TerminalReporter

    Figures = Callable[[str, str, str], None]

_KEY: Final = "crash figures"
_HEAD: Final = ("what was done", "promised", "found")


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    """Hand in a row: what was done, what is promised, what was found."""

    def hand_in(done: str, promised: str, found: str) -> None:
        record_property(_KEY, (done, promised, found))

    return hand_in


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the table, where this is a run for figures."""
    if "KILLS" not in os.environ:
        return
    rows = [
        (report.outcome, value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for key, value in report.user_properties
        if key == _KEY
    ]
    terminalreporter.section("crash figures")
    for line in table(
        [_HEAD, *((done, promised, _judged(outcome, found)) for outcome, (done, promised, found) in rows)]
    ):
        terminalreporter.write_line(line)


def _judged(outcome: str, found: str) -> str:
    return found if outcome == "passed" else f"NOT KEPT: {found}"


def table(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """Rows, the first of them the head, as a table in Markdown."""
    head, *rest = (f"| {' | '.join(row)} |" for row in rows)
    return [head, "|---|---|---|", *sorted(rest)]
