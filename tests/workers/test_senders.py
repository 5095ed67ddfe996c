"""Who speaks: one speaker a spell, stopped to its end before the seat is another's; a new one for the next."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.errors import SettingsError
from bot.model import Platform
from bot.workers.senders import Sender, held

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Journal:
    """A seat and its speakers; what they did, in order. ``taken`` says what each try to take the seat comes to."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.taken: deque[bool] = deque()
        self.ours = True
        self.asked = 0
        self.failures: deque[Exception] = deque()
        self.may_start = asyncio.Event()
        self.may_start.set()
        self.stopping = asyncio.Event()
        self.may_stop = asyncio.Event()
        self.may_stop.set()

    async def take(self) -> bool:
        return self.taken.popleft() if self.taken else True

    async def is_ours(self) -> bool:
        self.asked += 1
        ours, self.ours = self.ours, True
        return ours

    async def leave(self) -> None:
        self.told.append("left")

    async def start(self) -> None:
        self.told.append("start")
        await self.may_start.wait()
        if self.failures:
            raise self.failures.popleft()

    async def stop(self) -> None:
        self.stopping.set()
        await self.may_stop.wait()
        self.told.append("stop")

    async def until(self, *told: str) -> None:
        while self.told[: len(told)] != list(told):  # noqa: ASYNC110 - the test's own time-out ends it
            await asyncio.sleep(0)


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
async def sender(journal: Journal) -> AsyncIterator[Sender]:
    made = Sender(Platform.TELEGRAM, journal, lambda: journal, check_s=0.0)
    yield made
    journal.may_stop.set()
    await made.stop()


async def test_it_speaks_once_the_seat_is_its_own(journal: Journal, sender: Sender) -> None:
    journal.taken.extend([False, False, True])
    sender.start()
    await journal.until("start")
    assert not journal.taken
    await sender.stop()
    assert journal.told == ["start", "stop", "left"]


async def test_who_has_lost_the_seat_stops_and_speaks_again_when_it_is_back(journal: Journal, sender: Sender) -> None:
    sender.start()
    await journal.until("start")
    journal.ours = False
    await journal.until("start", "stop", "start")
    await sender.stop()
    assert journal.told == ["start", "stop", "start", "stop", "left"]


@pytest.mark.parametrize("failure", [SettingsError("the token is refused"), OSError("the database is away")])
async def test_who_cannot_begin_leaves_the_seat_to_others_and_tries_again(
    journal: Journal, sender: Sender, failure: Exception
) -> None:
    journal.failures.append(failure)
    sender.start()
    await journal.until("start", "left", "stop", "start")
    await sender.stop()
    assert journal.told[-2:] == ["stop", "left"]


async def test_the_seat_is_kept_while_a_slow_platform_begins(journal: Journal, sender: Sender) -> None:
    """A seat that is not asked about for a while is taken away: nobody would ever come to speak."""
    journal.may_start.clear()
    sender.start()
    await journal.until("start")
    await asked_again(journal)
    journal.may_start.set()
    await asked_again(journal)
    assert journal.told == ["start"]


async def test_the_seat_is_kept_while_what_is_on_its_way_is_finished(journal: Journal, sender: Sender) -> None:
    sender.start()
    await journal.until("start")
    await asked_again(journal)
    journal.may_stop.clear()
    ending = asyncio.create_task(sender.stop())
    await journal.stopping.wait()
    await asked_again(journal)
    journal.may_stop.set()
    await ending
    assert journal.told == ["start", "stop", "left"]


async def test_who_loses_the_seat_while_it_begins_gives_up_and_begins_anew(journal: Journal, sender: Sender) -> None:
    journal.may_start.clear()
    sender.start()
    await journal.until("start")
    journal.ours = False
    await journal.until("start", "stop", "start")


async def asked_again(journal: Journal) -> None:
    """Wait until the seat was asked for twice more: once may have been on its way."""
    before = journal.asked
    async with asyncio.timeout(5):
        while journal.asked < before + 2:  # noqa: ASYNC110 - a journal tells nobody
            await asyncio.sleep(0)


async def test_the_seat_is_left_only_when_the_speaker_has_stopped(journal: Journal, sender: Sender) -> None:
    """Also where it was told to stop while it gave way already: half a stop would go on listening without a seat."""
    sender.start()
    await journal.until("start")
    journal.may_stop.clear()
    journal.ours = False
    await journal.stopping.wait()
    ending = asyncio.create_task(sender.stop())
    for _ in range(20):
        await asyncio.sleep(0)
    assert journal.told == ["start"]
    journal.may_stop.set()
    await ending
    assert journal.told == ["start", "stop", "left"]


async def test_stopping_twice_or_before_the_start_is_safe(journal: Journal) -> None:
    never = Sender(Platform.SLACK, journal, lambda: journal, check_s=0.0)
    await never.stop()
    await never.stop()
    assert journal.told == []


# ------------------------------------------------------------ a bot alone


async def test_who_is_alone_waits_for_anothers_end_and_keeps_all_seats() -> None:
    one, two = Journal(), Journal()
    two.taken = deque([False, False, True, True, False])
    with capture_logs() as logs:
        async with held([one, two], wait_s=60, check_s=0.001, refusal="No."):
            assert ["its end is waited for" in line["event"] for line in logs] == [True]
            while two.taken:  # noqa: ASYNC110 - the test's own time-out ends it
                await asyncio.sleep(0)
            await asyncio.sleep(0.01)
            assert one.told == two.told == []
    assert ["may work on this database" in line["event"] for line in logs] == [False, True]
    assert one.told == two.told == ["left"]


async def test_who_is_not_alone_in_time_says_so_and_leaves_what_it_has() -> None:
    one, two = Journal(), Journal()
    two.taken = deque([False] * 100)
    with pytest.raises(SettingsError, match="Not now"):
        async with held([one, two], wait_s=0.01, check_s=0.001, refusal="Not now."):
            pytest.fail("it is not alone")
    assert one.told == two.told == ["left"]
