"""One process a database file, by whatever name it calls the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import SettingsError
from bot.store.alone import only_process

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("real/b.db", "real/b.db", id="one name"),
        pytest.param("real/b.db", "link.db", id="a link to the file"),
        pytest.param("link.db", "real/b.db", id="the link first"),
        pytest.param("real/b.db", "folder/b.db", id="a link to its folder"),
        pytest.param("real/b.db", "real/../real/b.db", id="a way round"),
    ],
)
@pytest.mark.parametrize("is_there", [True, False], ids=["there", "not there yet"])
def test_a_file_has_one_process_by_whatever_name(first: str, second: str, *, is_there: bool, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    if is_there:
        (tmp_path / "real" / "b.db").touch()
    (tmp_path / "link.db").symlink_to("real/b.db")
    (tmp_path / "folder").symlink_to("real")
    with only_process(f"sqlite:///{tmp_path}/{first}") as alone:
        assert alone
        with pytest.raises(SettingsError, match="Another Backstory"), only_process(f"sqlite:///{tmp_path}/{second}"):
            pass
    with only_process(f"sqlite:///{tmp_path}/{second}") as alone:
        assert alone
