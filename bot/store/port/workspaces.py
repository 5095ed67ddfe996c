"""Installed workspaces, and what is wrong with the bot's own connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Chat, Installation, Platform, Trouble


class WorkspaceStore(Protocol):
    """Installed workspaces, and what is wrong with the bot's own connections."""

    async def put_installation(self, installation: Installation) -> None:
        """Keep an installation, in place of the team's last. Its chats that went with that one are active again."""
        ...

    async def installation_of(self, team: str) -> Installation | None:
        """The team's installation."""
        ...

    async def installations(self) -> tuple[Installation, ...]:
        """All of them, oldest first."""
        ...

    async def remove_installation(self, team: str, *, now: datetime) -> Installation | None:
        """Forget a team's installation and its token; its chats keep everything and are sent nothing."""
        ...

    async def put_state(self, state: str, *, now: datetime, until: datetime) -> None:
        """Keep a state under which an installation was begun; what was not used until then is forgotten."""
        ...

    async def take_state(self, state: str, *, now: datetime) -> bool:
        """Use a state up. False where it is unknown, used or too late."""
        ...

    async def note_trouble(self, trouble: Trouble) -> bool:
        """Keep what is wrong; True if it is new. What is known of the subject gets these words, and its old date."""
        ...

    async def end_trouble(self, platform: Platform, subject: str) -> bool:
        """It works again; False if nothing was known to be wrong."""
        ...

    async def troubles(self) -> tuple[Trouble, ...]:
        """What is wrong now, oldest first."""
        ...

    async def lost_chats(self, *, limit: int) -> tuple[Chat, ...]:
        """Chats that take nothing any more and left word when and why, the latest first."""
        ...
