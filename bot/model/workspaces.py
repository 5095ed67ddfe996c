"""Workspaces that installed the Slack app, and what about the bot's own connections only its owner can put right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model.deliveries import Platform


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one Slack workspace, the ``team``. ``token`` is the bot's, sealed where a key is set.

    A ``bare`` one is that of SLACK_BOT_TOKEN: the addresses of its chats carry no team.
    """

    team: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    bot: str
    installer: str
    installed_at: datetime
    app: str = ""
    enterprise: str | None = None
    scopes: tuple[str, ...] = ()
    bare: bool = False

    @property
    def prefix(self) -> str:
        """What the addresses of its chats begin with: "T123/" before the channel's id, or nothing."""
        return "" if self.bare else f"{self.team}{TEAM_MARK}"


TEAM_MARK = "/"
"""What stands between team and channel in the address of a chat of an installed workspace."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A connection of the bot's own that does not work. ``subject`` is the workspace; "" for all of the platform."""

    platform: Platform
    subject: str
    words: str
    since: datetime
