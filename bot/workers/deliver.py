"""Delivery: claim outbox rows, hand each to its chat, write down how it went.

A row is SENDING, under a token, before the request leaves; its outcome is written only if the token is still ours. What
the platform answered decides the outcome in ``outcome_after``, which is pure.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import limits, logs
from bot.alerts.compose import compose
from bot.errors import (
    ChatError,
    ChatGoneError,
    ChatMovedError,
    MaybeSentError,
    MessageGoneError,
    NotSentError,
    RetryAfterError,
)
from bot.model import Action, DeliveryState
from bot.store.port import Outcome

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from datetime import datetime

    from bot.chats.chat import ChatPort
    from bot.clock import Clock
    from bot.model import Delivery, MessageRef, Platform
    from bot.store.port import ClaimedDelivery, Store

log = logs.get(__name__)

NOTHING_TO_EDIT = "the message that this would edit is not there"


def outcome_after(error: ChatError, delivery: Delivery, now: datetime) -> Outcome:
    """What becomes of a delivery that the platform did not take.

    "Maybe sent" is tried once more, marked as a possible repeat; a second "maybe" stays UNKNOWN. A refusal is kept with
    its reason. Everything else waits and is tried again, as long as it takes.
    """
    reason = str(error)
    match error:
        case RetryAfterError():
            return _again(reason, delivery, now + timedelta(seconds=error.seconds))
        case MaybeSentError():
            if delivery.maybe_sent:
                return Outcome(DeliveryState.UNKNOWN, error=reason, maybe_sent=True, at=now)
            again = _again(reason, delivery, now + timedelta(seconds=limits.RETRY_DELAY_S))
            return replace(again, maybe_sent=True)
        case NotSentError() | ChatMovedError():
            wait_s = min(limits.RETRY_DELAY_S * 2 ** min(delivery.attempts, 20), limits.RETRY_DELAY_CAP_S)
            return _again(reason, delivery, now + timedelta(seconds=wait_s))
        case _:
            return Outcome(DeliveryState.DEAD, error=reason, maybe_sent=delivery.maybe_sent, at=now)


def _again(reason: str, delivery: Delivery, not_before: datetime) -> Outcome:
    return Outcome(DeliveryState.PENDING, error=reason, not_before=not_before, maybe_sent=delivery.maybe_sent)


class Deliverer:
    """Sends what is due. ``chats`` are the running platforms; rows of others wait for theirs to come back."""

    def __init__(self, store: Store, chats: Mapping[Platform, ChatPort], clock: Clock) -> None:
        self._store = store
        self._chats = chats
        self._clock = clock

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        """Lease due deliveries, at most one a chat."""
        claimed = await self._store.claim_deliveries(
            now=self._clock.now(),
            lease_s=limits.LEASE_S,
            limit=min(limit, limits.CLAIM_BATCH),
            platforms=tuple(self._chats),
        )
        return [self._deliver(item) for item in claimed]

    async def _deliver(self, item: ClaimedDelivery) -> None:
        delivery = item.delivery
        try:
            ref = await asyncio.wait_for(self._hand_over(item), timeout=limits.SEND_TIMEOUT_S)
            outcome = Outcome(
                DeliveryState.SENT,
                ref=ref,
                error=None if ref else NOTHING_TO_EDIT,
                maybe_sent=delivery.maybe_sent,
                at=self._clock.now(),
            )
        except ChatError as error:
            outcome = outcome_after(error, delivery, self._clock.now())
            await self._heed(error, item)
        except TimeoutError:
            late = MaybeSentError(f"no answer within {limits.SEND_TIMEOUT_S:.0f} s")
            outcome = outcome_after(late, delivery, self._clock.now())
        except Exception:
            # A message that we cannot compose or hand over must not hold up the chat's other messages.
            log.exception("delivery set aside", delivery_id=delivery.id)
            outcome = Outcome(DeliveryState.DEAD, error="internal error, see the log", at=self._clock.now())
        if outcome.state is not DeliveryState.SENT:
            log.warning("delivery not sent", delivery_id=delivery.id, state=outcome.state.value, reason=outcome.error)
        if not await self._store.finish_delivery(delivery, outcome):
            log.warning("delivery was taken over by another worker", delivery_id=delivery.id)

    async def _hand_over(self, item: ClaimedDelivery) -> MessageRef | None:
        """Send, reply or edit; None where there was nothing left to edit."""
        chat = self._chats[item.chat.address.platform]
        message = compose(item.alert, item.delivery)
        if item.delivery.action is Action.EDIT:
            if item.target is None:
                return None
            try:
                await chat.edit(item.target, message)
            except MessageGoneError:
                return None
            return item.target
        reply_to = item.target if item.delivery.action is Action.REPLY else None
        try:
            return await chat.send(item.chat.address, message, reply_to=reply_to)
        except MessageGoneError:
            return await chat.send(item.chat.address, message)

    async def _heed(self, error: ChatError, item: ClaimedDelivery) -> None:
        """What an error says about the chat itself."""
        if isinstance(error, ChatMovedError):
            await self._store.move_chat(item.chat.id, error.to)
        elif isinstance(error, ChatGoneError):
            await self._store.set_chat_active(item.chat.id, active=False)
            log.warning("chat is gone; its alerts wait until it writes again", chat_id=item.chat.id)
