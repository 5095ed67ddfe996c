"""Where installed workspaces and begun installations are kept: slack_sdk's two stores over the bot's own.

A token is sealed where a key is set, with the workspace's id bound in, so that one row's token does no good in
another's. Holds no SQL, and no token in clear but on its way to and from Slack.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.chats.pacing import Bucket, Rate
from bot.errors import NotSentError
from bot.limits import OAUTH_STATE_S
from bot.model import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.seal import Seal
    from bot.store.port.workspaces import WorkspaceStore

_STATE_BYTES: Final = 32
_STATES_RATE: Final = Rate(2.0, burst=50)

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class WholeOrganisationError(BoltError):
    """Somebody installed the app into a whole organisation rather than into a workspace."""


class TooManyBegunError(BoltError):
    """Very many installations are begun at once."""


class KeptInstallations(AsyncInstallationStore):
    """slack_sdk's store of installations, for bots alone: one a workspace, whoever installed it.

    ``is_bare`` says whether a team is the one whose chats carry no team in their addresses.
    """

    def __init__(
        self,
        store: WorkspaceStore,
        seal: Seal,
        *,
        is_bare: Callable[[str], bool] = lambda _: False,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._seal = seal
        self._is_bare = is_bare
        self._now = now

    @property
    def logger(self) -> logging.Logger:
        """The interface asks for one."""
        return log

    async def find(self, team: str) -> Installation | None:
        """A team's installation with its token in clear. Raises NotSentError where its token cannot be opened."""
        kept = await self._store.installation_of(team)
        return None if kept is None else self._opened(kept)

    async def bare(self) -> Installation | None:
        """The one whose chats carry no team in their addresses."""
        return next((self._opened(kept) for kept in await self._store.installations() if kept.bare), None)

    async def every(self) -> tuple[Installation, ...]:
        """All of them, with their tokens as they are kept."""
        return await self._store.installations()

    async def remove(self, team: str) -> Installation | None:
        """Forget one; its chats wait."""
        return await self._store.remove_installation(team, now=self._now())

    async def seal_all(self) -> int:
        """Seal what was kept in clear before a key was set, or with a key before this one; how many those were."""
        renewed = [(one, self._seal.renewed(one.team, one.token)) for one in await self.every()]
        anew = [replace(one, token=token) for one, token in renewed if token is not None]
        for one in anew:
            await self._store.put_installation(one)
        return len(anew)

    def _opened(self, kept: Installation) -> Installation:
        token = self._seal.open(kept.team, kept.token)
        if token is None:
            raise NotSentError(
                "A workspace's token was sealed with another BACKSTORY_SECRET_KEY than the one that is set: put the old"
                " one back (behind the new one, after a space), or let the workspace install the app again"
            )
        return replace(kept, token=token)

    # ------------------------------------------------------------ slack_sdk's interface

    async def async_save(self, installation: SlackInstallation) -> None:
        """Keep one. Raises WholeOrganisationError for what is no workspace's."""
        team, token = installation.team_id, installation.bot_token
        if installation.is_enterprise_install or not team or not token:
            raise WholeOrganisationError("not a workspace's bot")
        await self._store.put_installation(
            Installation(
                team=team,
                name=installation.team_name or team,
                token=self._seal.close(team, token),
                bot_user=installation.bot_user_id or "",
                bot=installation.bot_id or "",
                installer=installation.user_id or "",
                installed_at=self._now(),
                app=installation.app_id or "",
                enterprise=installation.enterprise_id,
                scopes=tuple(installation.bot_scopes or ()),
                bare=self._is_bare(team),
            )
        )

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep what is known of a bot; nobody in particular installed it."""
        await self.async_save(
            SlackInstallation(
                app_id=bot.app_id,
                enterprise_id=bot.enterprise_id,
                team_id=bot.team_id,
                team_name=bot.team_name,
                bot_token=bot.bot_token,
                bot_id=bot.bot_id,
                bot_user_id=bot.bot_user_id,
                bot_scopes=bot.bot_scopes,
                user_id="",
                is_enterprise_install=bot.is_enterprise_install,
            )
        )

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The bot of a workspace."""
        found = await self.async_find_installation(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        return None if found is None else found.to_bot()

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,  # noqa: ARG002 - the interface's: a team's id is enough
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 - the same: the app asks for no user's token
        is_enterprise_install: bool | None = False,
    ) -> SlackInstallation | None:
        """A workspace's installation; never one of a whole organisation."""
        found = await self.find(team_id) if team_id and not is_enterprise_install else None
        if found is None:
            return None
        return SlackInstallation(
            app_id=found.app,
            enterprise_id=found.enterprise,
            team_id=found.team,
            team_name=found.name,
            bot_token=found.token,
            bot_id=found.bot,
            bot_user_id=found.bot_user,
            bot_scopes=list(found.scopes),
            user_id=found.installer,
            installed_at=found.installed_at.timestamp(),
        )

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:  # noqa: ARG002 - the interface's
        """Forget a workspace's bot: that is all that is kept of it."""
        if team_id:
            await self.remove(team_id)

    async def async_delete_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
    ) -> None:
        """Forget an installation; one person's leaving ends nobody else's."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)


class KeptStates(AsyncOAuthStateStore):
    """slack_sdk's store of states: each is good once, for ten minutes. So many a minute are given out, and no more."""

    def __init__(self, store: WorkspaceStore, *, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._now = now
        self._begun = Bucket(_STATES_RATE)

    @property
    def logger(self) -> logging.Logger:
        """The interface asks for one."""
        return log

    async def async_issue(self, *_: object, **__: object) -> str:
        """A new state. Raises TooManyBegunError."""
        now = self._now()
        if self._begun.wait_s(now.timestamp()) > 0:
            raise TooManyBegunError("very many installations are begun at once")
        self._begun.take(now.timestamp())
        state = secrets.token_urlsafe(_STATE_BYTES)
        await self._store.put_state(state, now=now, until=now + timedelta(seconds=OAUTH_STATE_S))
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether a state is one of ours, unused and not late; it is used up by asking."""
        return await self._store.take_state(state, now=self._now())
