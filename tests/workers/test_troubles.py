"""What was wrong with a platform when the bot last ran is looked at again, and forgotten where it is well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from bot.errors import NotSentError, SettingsError
from bot.model import Platform, Trouble
from bot.store.sql import open_store
from bot.workers.troubles import look_again
from tests.store.stock import START

if TYPE_CHECKING:
    from bot.chats.chat import ChatPort


@dataclass
class Checked:
    """A chat platform that answers a check as it is told to."""

    fault: Exception | None = None
    platform: Platform = Platform.SLACK
    checks: list[str] = field(default_factory=list)

    async def check(self) -> str:
        self.checks.append("asked")
        if self.fault is not None:
            raise self.fault
        return "well"


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        pytest.param(None, ["T1"], id="well again"),
        pytest.param(SettingsError("refused"), ["", "T1"], id="still refused"),
        pytest.param(NotSentError("no network"), ["", "T1"], id="out of reach"),
    ],
)
async def test_only_what_is_well_again_is_forgotten(fault: Exception | None, left: list[str]) -> None:
    store = await open_store("sqlite://")
    for subject in ("", "T1"):
        await store.note_trouble(Trouble(Platform.SLACK, subject, "refused", START))
    chat = Checked(fault)
    await look_again(store, cast("ChatPort", chat))
    assert [one.subject for one in await store.troubles()] == left
    assert len(chat.checks) == 1
    await store.close()


async def test_nobody_is_asked_where_nothing_was_wrong() -> None:
    store = await open_store("sqlite://")
    await store.note_trouble(Trouble(Platform.TELEGRAM, "", "refused", START))
    chat = Checked()
    await look_again(store, cast("ChatPort", chat))
    assert chat.checks == []
    assert len(await store.troubles()) == 1
    await store.close()
