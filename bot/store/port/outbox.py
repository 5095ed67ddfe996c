"""The outbox, and the notices, which are no alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Delivery, DeliveryState, MessageRef, NewNotice, Notice, NoticeKind, Platform, TopicCoverage
    from bot.store.port.views import ClaimedDelivery, ClaimedNotice, MissedPage, Outcome


class OutboxStore(Protocol):
    """The outbox, and the notices, which are no alerts."""

    async def claim_deliveries(
        self,
        *,
        now: datetime,
        lease_s: float,
        limit: int,
        platforms: Sequence[Platform],
        chat_id: int | None = None,
    ) -> tuple[ClaimedDelivery, ...]:
        """Due deliveries of active chats (or one) on these platforms, now SENDING: a new token, one more attempt.

        At most one a chat is under way at a time, each chat's in order of id: one that waits holds those behind it.
        Where a lease ran out on a delivery that was begun, the attempt may have been sent: it becomes PENDING with
        ``maybe_sent``, or UNKNOWN where it was a marked repeat already. One that was never begun is PENDING as before.
        """
        ...

    async def begin_delivery(self, delivery: Delivery, *, now: datetime, lease_s: float, absent: bool = False) -> bool:
        """Write down, before it is so, that the request may leave, and renew the lease.

        With ``absent`` no earlier request of it arrived, for certain: ``maybe_sent`` is over.
        False (and nothing written) if the lease ran out or the delivery is another's: then it must not be sent.
        """
        ...

    async def finish_delivery(self, delivery: Delivery, outcome: Outcome) -> bool:
        """Write an outcome if ``delivery.token`` is still the row's; False (and nothing written) if it is not."""
        ...

    async def delivery_of(self, chat_id: int, ref: MessageRef) -> Delivery | None:
        """The chat's delivery that became this message."""
        ...

    async def deliveries(self, chat_id: int, *, states: Sequence[DeliveryState], limit: int) -> tuple[Delivery, ...]:
        """A chat's deliveries in these states, newest first."""
        ...

    async def missed_deliveries(self, chat_id: int | None = None, *, now: datetime, limit: int) -> MissedPage:
        """What did not get through to a chat (None: to any): UNKNOWN, DEAD, HELD, and what is PENDING but put off.

        Put off are those that were tried before, whose time is yet to come, or whose chat is inactive. An edit that was
        given up is not missed where a newer one of its message followed.
        """
        ...

    async def replay_deliveries(
        self, delivery_ids: Sequence[int] | None, *, chat_id: int | None = None, now: datetime
    ) -> int:
        """Put UNKNOWN and DEAD deliveries back as PENDING, due now: these (None: all), of one chat (None: of any).

        What may have been sent stays marked. HELD ones come only if they are named, and an edit that was given up not
        at all where a newer one of its message followed. Returns how many there were.
        """
        ...

    async def release_leases(self) -> int:
        """Treat every lease as run out. For the only process on a database, at its start; never beside another.

        Returns how many deliveries were under way.
        """
        ...

    async def newest_moment(self) -> datetime | None:
        """When the newest of what was written down was; None where there is nothing. It cannot lie in the future."""
        ...

    async def clock_set_back(self, by_s: float, *, now: datetime) -> None:
        """The clock was set back by that much to ``now``: what waits for a later moment waits for one as much earlier.

        That is polls, deliveries and notices that were put off, and on SQLite leases; not what a person chose by the
        clock: what is held, and mutes.
        """
        ...

    async def clock_set_back_during_poll(self, feed_id: int, *, now: datetime) -> None:
        """The clock was set back while this feed was polled: what the poll reckoned before then may lie far ahead.

        It may have been written after ``clock_set_back``. The feed is due now, and so is each delivery that was never
        tried and would wait for longer than any new one does.
        """
        ...

    async def keep_deliveries(self, deliveries: Sequence[Delivery], *, now: datetime, lease_s: float) -> None:
        """Renew the leases of these, as far as they are still under the claim that each came from."""
        ...

    async def put_notices(self, chat_id: int, notices: Sequence[NewNotice], *, now: datetime) -> int:
        """Let these be said to the chat, but for those whose kind and subject it was told before; how many are new."""
        ...

    async def end_notices(self, chat_id: int, about: Sequence[tuple[NoticeKind, str]]) -> None:
        """What these (by kind and subject) spoke of is over: they may be said again, and are not said if they wait."""
        ...

    async def notices_of(self, chat_id: int) -> tuple[Notice, ...]:
        """The chat's notices, said or to be said, in order of id."""
        ...

    async def claim_notices(
        self, *, now: datetime, lease_s: float, limit: int, platforms: Sequence[Platform]
    ) -> tuple[ClaimedNotice, ...]:
        """Due notices for active chats on these platforms, now SENDING with a new token; leases as in the outbox.

        What has waited for days is not said any more.
        """
        ...

    async def begin_notice(self, notice: Notice, *, now: datetime, lease_s: float) -> bool:
        """As ``begin_delivery``."""
        ...

    async def finish_notice(self, notice: Notice, outcome: Outcome) -> bool:
        """As ``finish_delivery``."""
        ...

    async def alerted_chats(self, *, after: int, limit: int) -> tuple[int, ...]:
        """The ids above ``after`` of active chats with a topic that alerts, in order."""
        ...

    async def coverage(self, chat_id: int, *, stories: int) -> tuple[TopicCoverage, ...]:
        """The chat's topics that alert and are not paused, each with its latest ``stories``."""
        ...
