"""Delivery: claim outbox rows, hand each to its chat, write down how it went.

That a request may leave is committed right before it does, under the claim's token: a claim that was lost meanwhile, or
a store that cannot be written, means that nothing is sent. Its outcome is written only if the token is still ours. What
the platform answered decides the outcome in ``outcome_after``, and whether the chat wants it now in
``bot.alerts.timing``; both are pure.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot import crashpoints, limits, logs
from bot.alerts import timing
from bot.alerts.compose import compose
from bot.alerts.digest import compose_digest
from bot.alerts.notices import lost_place
from bot.chats.chat import Errand, Sight
from bot.errors import (
    ChatError,
    ChatGoneError,
    ChatMovedError,
    MaybeSentError,
    MessageGoneError,
    NotSentError,
    PaceError,
    RetryAfterError,
    TokenRefusedError,
)
from bot.model import Action, DeliveryState, MessageRef
from bot.speech import speaking
from bot.store.port import Outcome
from bot.workers.links import told_before

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from datetime import datetime

    from bot.chats.chat import ChatPort
    from bot.chats.message import Message
    from bot.clock import Clock
    from bot.model import Address, Alert, Delivery, Platform
    from bot.store.port import ClaimedDelivery, Store

log = logs.get(__name__)

NOTHING_TO_EDIT = "the message that this would edit is not there"
_PAUSE_AFTER_ERROR_S = 2.0
_FOLDED = Outcome(DeliveryState.HELD)
"""The delivery is gone: another one says what it would have said."""


def outcome_after(error: ChatError, delivery: Delivery, now: datetime) -> Outcome:
    """What becomes of a delivery that the platform did not take.

    "Maybe sent" is tried once more, marked as a possible repeat; a second "maybe" stays UNKNOWN. A refusal is kept with
    its reason. Everything else waits and is tried again, as long as it takes: what finds out that a chat is gone is as
    good as what is due behind it, and goes out before that when the chat is back. An edit does no harm twice, so that
    it is never in doubt; but it is given up one day, since what is new of its story waits behind it.
    """
    reason = str(error)
    if delivery.only_edits and isinstance(error, MaybeSentError):
        error = NotSentError(reason)
    match error:
        case RetryAfterError():
            return _again(reason, delivery, now + timedelta(seconds=error.seconds))
        case MaybeSentError():
            if delivery.maybe_sent:
                return Outcome(DeliveryState.UNKNOWN, error=reason, maybe_sent=True, at=now)
            again = _again(reason, delivery, now + timedelta(seconds=limits.RETRY_DELAY_S))
            return replace(again, maybe_sent=True)
        case NotSentError() | ChatMovedError() | ChatGoneError() if not _is_tiresome(error, delivery):
            wait_s = min(limits.RETRY_DELAY_S * 2 ** min(delivery.attempts, 20), limits.RETRY_DELAY_CAP_S)
            return _again(reason, delivery, now + timedelta(seconds=wait_s))
        case _:
            return Outcome(DeliveryState.DEAD, error=reason, maybe_sent=delivery.maybe_sent, at=now)


def _is_tiresome(error: ChatError, delivery: Delivery) -> bool:
    """Whether an edit was tried often enough; where it is our token that will not do, nothing else goes either."""
    return (
        delivery.only_edits and delivery.attempts >= limits.EDIT_ATTEMPTS and not isinstance(error, TokenRefusedError)
    )


def is_asked(error: ChatError) -> bool:
    """Whether the platform itself asked for silence: our own pace is for each message to keep."""
    return isinstance(error, RetryAfterError) and not isinstance(error, PaceError)


def _again(reason: str | None, delivery: Delivery, not_before: datetime) -> Outcome:
    return Outcome(DeliveryState.PENDING, error=reason, not_before=not_before, maybe_sent=delivery.maybe_sent)


def whither(item: ClaimedDelivery) -> Address:
    """Where a delivery goes: an edit to its message, wherever; an update too, while that place is the chat's."""
    target = item.target if item.delivery.action is not Action.ALERT and not item.members else None
    if target is None:
        return item.to
    if item.delivery.action is Action.EDIT or target.address.chat in {item.to.chat, item.chat.address.chat}:
        return target.address
    return item.to


class _Attempt:
    """One claimed delivery on its way, now ``to`` there. ``begun`` is True from when its request may have left.

    With ``absent`` the platform has shown that no earlier request of it arrived: all doubt begins anew with this one.
    """

    def __init__(self, item: ClaimedDelivery, lease_until: datetime, store: Store, clock: Clock) -> None:
        self.item = item
        self.lease_until = lease_until
        self.to = whither(item)
        self.begun = False
        self.absent = False
        self.task: asyncio.Task[None] | None = None
        self._store = store
        self._clock = clock

    async def begin(self) -> None:
        """Write down that the request may leave. Raises NotSentError if it must not."""
        now = self._clock.now()
        try:
            ours = await self._store.begin_delivery(
                self.item.delivery, now=now, lease_s=limits.LEASE_S, absent=self.absent
            )
        except Exception as error:
            log.exception("outbox cannot be written: nothing is sent", delivery_id=self.item.delivery.id)
            raise NotSentError("the outbox could not be written, so nothing was sent") from error
        if not ours:
            raise NotSentError("its lease had run out before it was sent")
        self.lease_until = now + timedelta(seconds=limits.LEASE_S)
        crashpoints.reach("begun")
        if self._clock.now() >= self.lease_until:
            # The process was stopped, or the machine slept, right here: by now another may have sent it, marked.
            raise NotSentError("its lease had run out before the request was written")
        self.begun = True

    def failed(self, error: ChatError) -> Outcome:
        """What becomes of it: nothing is in doubt before it was begun."""
        if isinstance(error, MaybeSentError) and not self.begun:
            error = NotSentError(str(error))
        delivery = replace(self.item.delivery, maybe_sent=False) if self.absent else self.item.delivery
        outcome = outcome_after(error, delivery, self._clock.now())
        return replace(outcome, silence_at=self.to) if is_asked(error) else outcome

    def given_up(self) -> Outcome:
        """What becomes of it when this process stops in the middle: due again at once."""
        if self.begun:
            return self.failed(MaybeSentError("interrupted while it was sent"))
        return _again(self.item.delivery.error, self.item.delivery, self.item.delivery.not_before)


def _log_sent(item: ClaimedDelivery) -> None:
    """What has reached a chat, by numbers alone; each part of a digest on a line of its own."""
    for delivery in [part.delivery for part in item.members] or [item.delivery]:
        log.info(
            "delivery sent",
            delivery_id=delivery.id,
            story_id=delivery.story_id,
            chat_id=item.chat.id,
            platform=item.chat.address.platform.value,
        )


class Worder(Protocol):
    """Gives an alert other words, in a language; never raises and never takes long."""

    async def __call__(self, alert: Alert, lang: str) -> Alert:
        """The alert as it is to be told."""
        ...


class Deliverer:
    """Sends what is due. ``chats`` are the running platforms; rows of others wait for theirs to come back."""

    def __init__(
        self, store: Store, chats: Mapping[Platform, ChatPort], clock: Clock, wording: Worder | None = None
    ) -> None:
        self._store = store
        self._chats = chats
        self._clock = clock
        self._wording = wording
        self._under_way: set[_Attempt] = set()
        self._repeats = asyncio.Semaphore(limits.REPEATS_AT_ONCE)
        self._unwritten = 0
        self._halted = False

    async def claim(self, limit: int, chat_id: int | None = None) -> Sequence[Coroutine[None, None, None]]:
        """Lease due deliveries, at most one a chat (of one chat: one); none while an outcome waits to be written."""
        if self._halted or self._unwritten:
            return []
        now = self._clock.now()
        await self._keep_own(now)
        claimed = await self._store.claim_deliveries(
            now=now,
            lease_s=limits.LEASE_S,
            limit=min(limit, limits.CLAIM_BATCH),
            platforms=tuple(self._chats),
            chat_id=chat_id,
        )
        if claimed:
            crashpoints.reach("claimed")
        lease_until = now + timedelta(seconds=limits.LEASE_S)
        return [self._deliver(_Attempt(item, lease_until, self._store, self._clock)) for item in claimed]

    async def _keep_own(self, now: datetime) -> None:
        """What is under way here has a living holder, even if by a clock that jumped forward its lease is over."""
        late = [one for one in self._under_way if one.lease_until <= now]
        if late:
            await self._store.keep_deliveries([one.item.delivery for one in late], now=now, lease_s=limits.LEASE_S)
        for one in late:
            one.lease_until = now + timedelta(seconds=limits.LEASE_S)

    def halt(self) -> None:
        """Begin no more: what waits its turn goes back to the outbox; what is being sent goes on to its end."""
        self._halted = True
        for attempt in self._under_way:
            if not attempt.begun and attempt.task is not None:
                attempt.task.cancel()

    async def _deliver(self, attempt: _Attempt) -> None:
        item = attempt.item
        attempt.task = asyncio.current_task()
        self._under_way.add(attempt)
        try:
            outcome = await self._fold(item) or await self._outcome(attempt)
        except asyncio.CancelledError:
            # A last word, if the store takes it: else the lease runs out, with the same result but later.
            with suppress(Exception):
                await self._store.finish_delivery(item.delivery, attempt.given_up())
            raise
        else:
            if outcome is _FOLDED:
                return
            if outcome.error and outcome.state is not DeliveryState.SENT:
                log.warning(
                    "delivery not sent", delivery_id=item.delivery.id, state=outcome.state.value, reason=outcome.error
                )
            ours = await self._write_down(item.delivery, outcome)
            if ours and outcome.state is DeliveryState.SENT and not outcome.error:
                _log_sent(item)
        finally:
            self._under_way.discard(attempt)

    async def _fold(self, item: ClaimedDelivery) -> Outcome | None:
        """Let an edit of what is held become its content; None for anything else."""
        waiting = item.around.waiting
        if item.delivery.action is not Action.EDIT or waiting is None:
            return None
        now = self._clock.now()
        with suppress(Exception):
            if waiting.bundle_id is None and await self._store.fold_delivery(item.delivery, waiting, now=now):
                return _FOLDED
        # It is on its way in a digest: what there is to edit then will be seen.
        return _again(None, item.delivery, now + timedelta(seconds=limits.EDIT_DELAY_S))

    async def _outcome(self, attempt: _Attempt) -> Outcome:
        """Hand the message over; how that ended, whatever happens."""
        item = attempt.item
        try:
            async with self._repeats if item.delivery.maybe_sent else nullcontext():
                if self._halted:
                    return attempt.given_up()
                async with asyncio.timeout(limits.SEND_TIMEOUT_S):
                    return await self._hand_over(attempt)
        except ChatError as error:
            return attempt.failed(await self._heed(error, attempt))
        except TimeoutError:
            return attempt.failed(MaybeSentError(f"no answer within {limits.SEND_TIMEOUT_S:.0f} s"))
        except Exception:
            # A message that we cannot compose or hand over must not hold up the chat's other messages.
            log.exception("delivery set aside", delivery_id=item.delivery.id)
            maybe_sent = attempt.begun or (item.delivery.maybe_sent and not attempt.absent)
            return Outcome(DeliveryState.DEAD, error="internal error, see the log", maybe_sent=maybe_sent)

    async def _hand_over(self, attempt: _Attempt) -> Outcome:
        item = attempt.item
        wait = timing.decide(item.alert, item.delivery, item.around, self._clock.now())
        if wait is not None:
            until = wait.until or self._clock.now()
            return Outcome(DeliveryState.HELD, held_for=wait.reason, not_before=until)
        if item.delivery.action is Action.EDIT and not item.members:
            ref, error = await self._edit(attempt), NOTHING_TO_EDIT
            return self._sent(ref, error=None if ref else error)
        chat, target = self._chats[item.chat.address.platform], None
        if item.delivery.action is Action.REPLY and not item.members:
            target = item.target
        if item.delivery.maybe_sent:
            found = await chat.find_sent(attempt.to, item.delivery.id, since=item.alert.created_at, reply_to=target)
            if isinstance(found, MessageRef):
                return replace(self._sent(found), found=True)
            attempt.absent = found is Sight.ABSENT
        message = await self._message(item)
        errand = Errand(item.delivery.id, attempt.begin, broadcast=item.alert.escalates)
        try:
            ref = await chat.send(attempt.to, message, reply_to=target, errand=errand)
        except (MessageGoneError, ChatGoneError) as error:
            # A thread that closed after its story was told in it says nothing about where alerts go by now.
            if isinstance(error, ChatGoneError) and attempt.to == item.to:
                raise
            attempt.to = item.to
            ref = await chat.send(item.to, message, errand=errand)
        crashpoints.reach("answered")
        # What went out with a mark counts as marked, also where no doubt was left.
        return replace(self._sent(ref), maybe_sent=item.delivery.maybe_sent)

    async def _message(self, item: ClaimedDelivery) -> Message:
        settings = item.around.settings
        lang = settings.lang or item.chat.lang
        if item.members:
            with speaking(lang, zone=settings.zone):
                return compose_digest(item.members, settings, self._clock.now())
        chat = self._chats[item.chat.address.platform]
        before = await told_before(self._store, chat, item.chat.id, item.alert)
        alert = await self._wording(item.alert, lang) if self._wording else item.alert
        with speaking(lang, zone=settings.zone):
            return compose(alert, item.delivery, before)

    async def _edit(self, attempt: _Attempt) -> MessageRef | None:
        """Edit the story's last message; None where there is nothing left to edit."""
        item = attempt.item
        if item.target is None:
            return None
        message = await self._message(item)
        await attempt.begin()
        try:
            await self._chats[item.chat.address.platform].edit(item.target, message)
        except MessageGoneError:
            return None
        except (ChatGoneError, ChatMovedError):
            if item.target.address.chat in {item.to.chat, item.chat.address.chat}:
                raise
            # A place that was given up, or the group that became this supergroup: nobody reads there any more.
            return None
        return item.target

    def _sent(self, ref: MessageRef | None, *, error: str | None = None) -> Outcome:
        return Outcome(DeliveryState.SENT, ref=ref, error=error, at=self._clock.now())

    async def _write_down(self, delivery: Delivery, outcome: Outcome) -> bool:
        """Write an outcome, as often as it takes: nobody else knows it, and without it the message is repeated.

        False if the delivery is another worker's by now, and the outcome nobody's.
        """
        failed = False
        try:
            while True:
                try:
                    ours = await self._store.finish_delivery(delivery, outcome)
                    break
                except Exception:
                    log.exception("outcome cannot be written; trying again", delivery_id=delivery.id)
                    self._unwritten += not failed
                    failed = True
                await asyncio.sleep(_PAUSE_AFTER_ERROR_S)
        finally:
            self._unwritten -= failed
        crashpoints.reach("finished")
        if not ours:
            log.warning("delivery was taken over by another worker", delivery_id=delivery.id)
        return ours

    async def _heed(self, error: ChatError, attempt: _Attempt) -> ChatError:
        """What an error says about the chat itself, or about the place that it sends to; the error to judge by."""
        item, where, home = attempt.item, attempt.to.chat, attempt.item.chat.address.chat
        try:
            if item.place is not None and where == item.place.chat:
                return await self._heed_place(error, item, item.place)
            if where != home:
                return error  # an old message in a place that is not this chat's any more
            if isinstance(error, ChatMovedError):
                await self._store.move_chat(item.chat.id, error.to)
            elif isinstance(error, ChatGoneError):
                now = self._clock.now()
                await self._store.set_chat_active(item.chat.id, active=False, why=str(error), now=now)
                log.warning("chat is gone; its alerts wait until it writes again", chat_id=item.chat.id)
        except Exception:
            # The platform will say so again at the next message.
            log.exception("what became of the chat cannot be written", chat_id=item.chat.id)
        return error

    async def _heed_place(self, error: ChatError, item: ClaimedDelivery, place: Address) -> ChatError:
        """A thread or channel that takes nothing any more: what went there comes to the chat, which is told so."""
        chat_id = item.chat.id
        if isinstance(error, ChatMovedError):
            await self._store.move_place(chat_id, place, replace(error.to, thread=place.thread))
        elif isinstance(error, ChatGoneError):
            topics = await self._store.move_place(chat_id, place, None)
            told = lost_place(topics, place.chat, str(error), now=self._clock.now())
            await self._store.put_notices(chat_id, [told] if topics else [], now=self._clock.now())
            log.warning("a place for alerts is lost; they go to the chat itself", chat_id=chat_id)
            return NotSentError("the place that it was for takes no messages any more")
        return error
