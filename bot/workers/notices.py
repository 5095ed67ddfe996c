"""Saying what is no alert: notices that wait in the store are sent once, with the outbox's care.

That a request may leave is written down right before it does; a notice whose sender died in that moment is said once
more, marked, and never a third time. It waits for the end of the chat's quiet hours. Must not decide what is said.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import limits, logs
from bot.alerts.notices import compose_notice
from bot.alerts.timing import quiet_until
from bot.chats.chat import Errand
from bot.errors import ChatError, ChatGoneError, ChatMovedError, MaybeSentError, NotSentError, RetryAfterError
from bot.model import DeliveryState, MessageRef
from bot.speech import speaking
from bot.store.port import Outcome
from bot.workers.deliver import is_asked
from bot.workers.local import Loop

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from datetime import datetime

    from bot.chats.chat import ChatPort
    from bot.clock import Clock
    from bot.model import Notice, Platform
    from bot.store.port import ClaimedNotice, Store
    from bot.workers.lookout import Lookout

log = logs.get(__name__)


def outcome_after(error: ChatError, notice: Notice, now: datetime) -> Outcome:
    """What becomes of a notice that the platform did not take; as for a delivery."""
    reason = str(error)
    wait_s = min(limits.RETRY_DELAY_S * 2 ** min(notice.attempts, 20), limits.RETRY_DELAY_CAP_S)
    again = Outcome(DeliveryState.PENDING, error=reason, maybe_sent=notice.maybe_sent)
    match error:
        case RetryAfterError():
            return replace(again, not_before=now + timedelta(seconds=error.seconds))
        case MaybeSentError() if notice.maybe_sent:
            return replace(again, state=DeliveryState.UNKNOWN)
        case MaybeSentError():
            return replace(again, maybe_sent=True, not_before=now + timedelta(seconds=limits.RETRY_DELAY_S))
        case NotSentError() | ChatMovedError() | ChatGoneError():
            # A chat that comes back within days is told; later it would be no news.
            return replace(again, not_before=now + timedelta(seconds=wait_s))
        case _:
            return replace(again, state=DeliveryState.DEAD)


def errand_id(notice: Notice) -> int:
    """The number by which a platform finds the message again: below zero, so that it is never a delivery's."""
    return -notice.id


class _Saying:
    """One claimed notice on its way. ``begun`` is True from when its request may have left."""

    def __init__(self, item: ClaimedNotice, store: Store, clock: Clock) -> None:
        self.item = item
        self.begun = False
        self._store = store
        self._clock = clock

    async def begin(self) -> None:
        """Write down that the request may leave. Raises NotSentError if it must not."""
        now = self._clock.now()
        if not await self._store.begin_notice(self.item.notice, now=now, lease_s=limits.LEASE_S):
            raise NotSentError("its lease had run out before it was said, or it is over")
        self.begun = True

    def failed(self, error: ChatError) -> Outcome:
        """What becomes of it: nothing is in doubt before it was begun."""
        if isinstance(error, MaybeSentError) and not self.begun:
            error = NotSentError(str(error))
        outcome = outcome_after(error, self.item.notice, self._clock.now())
        return replace(outcome, silence_at=self.item.chat.address) if is_asked(error) else outcome


class Announcer:
    """Says what waits to be said. ``chats`` are the running platforms; notices of others wait for theirs."""

    def __init__(self, store: Store, chats: Mapping[Platform, ChatPort], clock: Clock) -> None:
        self._store = store
        self._chats = chats
        self._clock = clock

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        """Lease due notices."""
        claimed = await self._store.claim_notices(
            now=self._clock.now(), lease_s=limits.LEASE_S, limit=limit, platforms=tuple(self._chats)
        )
        return [self._say(item) for item in claimed]

    async def _say(self, item: ClaimedNotice) -> None:
        saying = _Saying(item, self._store, self._clock)
        try:
            outcome = await self._outcome(saying)
        except asyncio.CancelledError:
            # A last word, if the store takes it: else the lease runs out, with the same result but later.
            with suppress(Exception):
                await self._store.finish_notice(item.notice, saying.failed(MaybeSentError("interrupted")))
            raise
        if outcome.state is not DeliveryState.SENT and outcome.error:
            log.warning("notice not said", notice_id=item.notice.id, state=outcome.state.value, reason=outcome.error)
        # Where this fails the lease runs out: it is said again, marked.
        await self._store.finish_notice(item.notice, outcome)

    async def _outcome(self, saying: _Saying) -> Outcome:
        item = saying.item
        try:
            async with asyncio.timeout(limits.SEND_TIMEOUT_S):
                return await self._send(saying)
        except ChatError as error:
            await self._heed(error, item)
            return saying.failed(error)
        except TimeoutError:
            return saying.failed(MaybeSentError(f"no answer within {limits.SEND_TIMEOUT_S:.0f} s"))
        except Exception:
            log.exception("notice set aside", notice_id=item.notice.id)
            return Outcome(DeliveryState.DEAD, error="internal error, see the log", maybe_sent=saying.begun)

    async def _send(self, saying: _Saying) -> Outcome:
        notice, chat = saying.item.notice, saying.item.chat
        now = self._clock.now()
        settings = await self._store.settings_of(chat.id)
        until = quiet_until(settings, now)
        if until is not None:
            return Outcome(DeliveryState.PENDING, not_before=until, maybe_sent=notice.maybe_sent)
        port = self._chats[chat.address.platform]
        if notice.maybe_sent:
            found = await port.find_sent(chat.address, errand_id(notice), since=notice.created_at)
            if isinstance(found, MessageRef):
                return Outcome(DeliveryState.SENT, at=now, found=True)
        with speaking(settings.lang or chat.lang, zone=settings.zone):
            message = compose_notice(notice)
        await port.send(chat.address, message, errand=Errand(errand_id(notice), saying.begin))
        return Outcome(DeliveryState.SENT, at=self._clock.now())

    async def _heed(self, error: ChatError, item: ClaimedNotice) -> None:
        """What an error says about the chat itself."""
        with suppress(Exception):  # the platform will say so again at the next message
            if isinstance(error, ChatMovedError):
                await self._store.move_chat(item.chat.id, error.to)
            elif isinstance(error, ChatGoneError):
                now = self._clock.now()
                await self._store.set_chat_active(item.chat.id, active=False, why=str(error), now=now)


class NoticeWorker:
    """Says what waits every few seconds, and looks at the coverage every hour. Start and stop it."""

    def __init__(self, announcer: Announcer, lookout: Lookout) -> None:
        self._loop = Loop("notices", announcer, size=limits.NOTICES_AT_ONCE)
        self._lookout = lookout
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin. The first look at the coverage is an hour later, when every feed has been asked."""
        self._loop.start()
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._tick(), name="notices-tick"),
            loop.create_task(self._look(), name="coverage"),
        ]

    async def stop(self) -> None:
        """Claim no more, let what is under way finish."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.stop()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(limits.NOTICE_TICK_S)
            self._loop.wake()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(limits.COVERAGE_EVERY_S)
            try:
                await self._lookout.look()
            except Exception:
                # A locked or vanished database: the next round tries again.
                log.exception("coverage could not be looked at")
            self._loop.wake()
