"""Chats, and when each wants to be spoken to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.model import Address, Chat, Delivery, Hold, Platform
    from bot.preferences import ChatSettings, HeldTally, Mute, TopicShare
    from bot.store.port.views import DueDigest


class ChatStore(Protocol):
    """Chats, and when each wants to be spoken to."""

    async def chat_at(self, address: Address, *, title: str, now: datetime, lang: str | None = None) -> Chat:
        """The chat at this address (threads do not count), made on first contact, active again on any contact.

        ``lang`` is what it hears unasked from now on where its settings name no language; None leaves that as it is.
        """
        ...

    async def chat(self, chat_id: int) -> Chat | None:
        """The chat with this id."""
        ...

    async def known_chat(self, address: Address) -> Chat | None:
        """The chat at this address (threads do not count) as it is; None where there never was contact."""
        ...

    async def move_chat(self, chat_id: int, to: Address) -> None:
        """The platform gave the chat a new address. Where a chat is at ``to`` already, that one is merged into this."""
        ...

    async def set_chat_active(self, chat_id: int, *, active: bool, why: str = "", now: datetime | None = None) -> None:
        """An inactive chat keeps everything and is sent nothing; ``why`` and when are for the bot's owner."""
        ...

    async def waiting_chats(self, platform: Platform, *, now: datetime) -> tuple[tuple[Address, datetime], ...]:
        """The platform's chats in which nothing may be said yet, and until when: it asked for that."""
        ...

    async def keep_silent(self, place: Address, *, until: datetime) -> None:
        """Send nothing to the chat of this address before then, if it is known; a longer silence stays."""
        ...

    async def hear(self, event: str, *, now: datetime) -> bool:
        """Write down that this was heard, by the name that its platform brings it under; False if it was before."""
        ...

    async def settings_of(self, chat_id: int) -> ChatSettings:
        """What the chat chose; the defaults where it chose nothing."""
        ...

    async def put_settings(
        self, chat_id: int, settings: ChatSettings, *, held_until: Mapping[Hold, datetime], now: datetime
    ) -> None:
        """Keep what the chat chose. What is held for one of these reasons (and not muted) comes then from now on.

        What is due at ``now``, and what a person asked for, comes all the same.
        """
        ...

    async def mutes_of(self, chat_id: int, *, now: datetime) -> tuple[Mute, ...]:
        """The chat's mutes that have not run out, oldest first; a topic's under its name of today."""
        ...

    async def put_mute(self, mute: Mute) -> Mute:
        """Keep a mute (id UNSAVED), in place of the one of the same thing, and return it with its id."""
        ...

    async def remove_mutes(self, chat_id: int, mute_id: int | None = None) -> tuple[Mute, ...]:
        """End one of the chat's mutes (None: all) and return what ended. What was held stays so."""
        ...

    async def held_tally(self, chat_id: int) -> HeldTally:
        """What is held for the chat, by reason, and when the next digest comes that brings some of it."""
        ...

    async def summon_held(self, chat_id: int, *, reasons: Sequence[Hold], now: datetime) -> int:
        """A person asked for what is held for these reasons: it comes in a digest now. Returns how much there was."""
        ...

    async def due_digests(self, *, now: datetime, limit: int, platforms: Sequence[Platform]) -> tuple[DueDigest, ...]:
        """Active chats on these platforms for which something held is due, with that, longest overdue first.

        Of very much that is held come those that were placed already, then the oldest, each story whole. A chat for
        which a digest is under way is left out: one part after the other.
        """
        ...

    async def bundle(self, chat_id: int, places: Mapping[int, int], *, size: int, now: datetime) -> bool:
        """Make one digest of the first ``size`` deliveries of ``places``, due now; the rest keep theirs for later.

        False (and nothing written) where another process was faster.
        """
        ...

    async def mute_held(self, chat_id: int, until: Mapping[int, datetime]) -> None:
        """What waits for a digest and was muted since is MUTED until then; what a person asked for is not."""
        ...

    async def fold_delivery(self, delivery: Delivery, into: Delivery, *, now: datetime) -> bool:
        """Let a claimed edit become the content of a HELD delivery of its story, which is then decided anew.

        False (and nothing written) where either is not what it was.
        """
        ...

    async def share_topic(self, share: TopicShare) -> None:
        """Keep what a chat offers to others; of the same topic, the last offer counts."""
        ...

    async def share_of(self, chat_id: int, name: str) -> TopicShare | None:
        """What a chat offers to others of its topic of this name."""
        ...

    async def shared_topic(self, token: str) -> TopicShare | None:
        """What was offered under this token."""
        ...
