"""Memory that is free goes back to the machine."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace

import pytest

from bot import memory


def test_the_c_library_is_asked_to_keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace(malloc_trim=kept.append))
    memory.give_back()
    assert kept == [0]


@pytest.mark.parametrize("fault", [AttributeError, OSError, TypeError])
def test_nothing_happens_where_it_cannot(fault: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_name: str | None) -> None:
        raise fault

    monkeypatch.setattr(ctypes, "CDLL", none)
    memory.give_back()


def test_this_machine_survives_it() -> None:
    memory.give_back()
