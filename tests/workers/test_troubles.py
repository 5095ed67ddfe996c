"""What was wrong with a platform when the bot last ran is looked at again; where it asked for silence, it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from bot.errors import NotSentError, SettingsError
from bot.model import Address, DeliveryState, Platform, Trouble
from bot.store.port import Outcome
from bot.store.sql import open_store
from bot.workers.troubles import keep_silence, look_again
from tests.store.stock import START, Stock, at

if TYPE_CHECKING:
    from bot.chats.chat import ChatPort


@dataclass
class Checked:
    """A chat platform that answers a check as it is told to."""

    fault: Exception | None = None
    platform: Platform = Platform.SLACK
    checks: list[str] = field(default_factory=list)
    held: list[tuple[Address, float]] = field(default_factory=list)

    async def hold(self, to: Address, seconds: float) -> None:
        self.held.append((to, seconds))

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


async def test_a_platform_is_told_where_it_asked_for_silence_and_for_how_much_longer() -> None:
    stock = Stock(await open_store("sqlite://"))
    for name, platform in (("C1", Platform.SLACK), ("7", Platform.TELEGRAM)):
        await stock.told(chat := await stock.chat(name, platform=platform))
        (claimed,) = await stock.claim()
        wait = Outcome(DeliveryState.PENDING, not_before=at(10), silence_at=chat.address)
        await stock.store.finish_delivery(claimed.delivery, wait)
    told = Checked()
    await keep_silence(stock.store, cast("ChatPort", told), now=at(9))
    assert told.held == [(Address(Platform.SLACK, "C1"), 60.0)]
    await keep_silence(stock.store, cast("ChatPort", told), now=at(10))
    assert len(told.held) == 1
    await stock.store.close()
