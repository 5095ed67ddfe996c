"""The workspaces that one bot serves: which one an address or a request belongs to, and what becomes of their tokens.

There is that of SLACK_BOT_TOKEN, the home, whose chats have bare addresses; and those that installed the app, whose
chats are at ``TEAM/CHANNEL``. Each is opened when it is first needed. Must not read what people write.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from bot.chats.chat import Happening, Inbound
from bot.chats.slack_errors import REVOKED
from bot.chats.slack_web import SlackWeb
from bot.chats.slack_workspace import SlackWorkspace
from bot.errors import ChatError, NotSentError, SettingsError, TokenRefusedError
from bot.model import TEAM_MARK, Address, Platform

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine, Iterator

    from bot.chats.chat import InboundHandler
    from bot.model import Installation

HOME: Final = ""
"""The home's name among the workspaces."""
REMOVED: Final = frozenset({"app_uninstalled", "tokens_revoked"})
"""Events after which no call is answered any more."""
_CHECKED: Final = 20
"""How many of the installed workspaces are asked whether they answer: a check must not take minutes."""

log = logging.getLogger(__name__)


class Installed(Protocol):
    """What is known of the workspaces that installed the app; ``slack_installations.KeptInstallations``."""

    async def find(self, team: str) -> Installation | None:
        """A team's installation, its token in clear. Raises NotSentError where it cannot be opened."""
        ...

    async def bare(self) -> Installation | None:
        """The one whose chats carry no team in their addresses."""
        ...

    async def every(self) -> tuple[Installation, ...]:
        """All of them."""
        ...

    async def remove(self, team: str) -> Installation | None:
        """Forget one; its chats wait."""
        ...


class Workspaces:
    """Every workspace by its team, with what is told to the bot's owner when a token is refused."""

    def __init__(self, bot_token: str | None, *, base_url: str | None, timeout_s: float) -> None:
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._installed: Installed | None = None
        self._open: dict[str, SlackWorkspace] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self._refused: dict[str, bool] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._handler: InboundHandler | None = None
        self._commands: frozenset[str] = frozenset()
        self.home = self._made(HOME, bot_token) if bot_token else None
        self.home_team: str | None = None

    def serve(self, installed: Installed) -> None:
        """Serve the workspaces that installed the app, too."""
        self._installed = installed

    def listen(self, handler: InboundHandler, commands: Collection[str]) -> None:
        """Let what comes from any of them be handled."""
        self._handler, self._commands = handler, frozenset(commands)
        for workspace in self._all():
            workspace.listen(handler, self._commands)

    async def stop(self) -> None:
        """Let handlers under way finish and close every connection; safe to call twice."""
        await asyncio.gather(*(workspace.stop() for workspace in self._all()))
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ------------------------------------------------------------ which

    async def at(self, address: Address) -> SlackWorkspace:
        """The workspace of an address. Raises NotSentError where there is none (at the moment)."""
        team, mark, _ = address.chat.partition(TEAM_MARK)
        found = await self.of(team) if mark else self.home or await self._bare()
        if found is None:
            raise NotSentError(
                f"the app is not installed in the Slack workspace {team}" if mark else "SLACK_BOT_TOKEN is not set"
            )
        return found

    async def of(self, team: str | None) -> SlackWorkspace | None:
        """The workspace of a team; None where the app is not installed there. Raises ChatError: not known now."""
        if self._installed is None:
            return self.home
        try:
            if self.home is not None and team == await self.know_home():
                return self.home
        except SettingsError as error:
            raise TokenRefusedError(str(error)) from error  # while it is not known whose team it is
        return await self._opened(team) if team else None

    async def know_home(self) -> str | None:
        """The team of SLACK_BOT_TOKEN. Raises SettingsError or ChatError where Slack does not say."""
        if self.home is None or self.home_team is not None:
            return self.home_team
        team = str((await self.home.web.who()).get("team_id") or "")
        kept = await self._installed.find(team) if self._installed is not None else None
        if kept is not None:
            self.home.prefix = kept.prefix  # where it was installed first, its chats keep their addresses
        self.home_team = team
        return team

    def is_bare(self, team: str) -> bool:
        """Whether a team's chats carry no team in their addresses."""
        return self.home is not None and team == self.home_team and not self.home.prefix

    async def _bare(self) -> SlackWorkspace | None:
        """The workspace that had SLACK_BOT_TOKEN once and has installed the app since."""
        kept = await self._installed.bare() if self._installed is not None else None
        return None if kept is None else await self._opened(kept.team)

    async def _opened(self, team: str) -> SlackWorkspace | None:
        async with self._opening.setdefault(team, asyncio.Lock()):
            known = self._open.get(team)
            if known is None and self._installed is not None:
                kept = await self._installed.find(team)
                if kept is not None:
                    # Two workspaces cannot both go without their team's name.
                    kept = replace(kept, bare=False) if self.home is not None else kept
                    known = self._open[team] = self._made(team, kept.token, kept.prefix)
            return known

    def _made(self, name: str, token: str, prefix: str = "") -> SlackWorkspace:
        def on_token(code: str) -> None:
            # What an old token's last calls come to says nothing of the new one.
            if workspace in {self.home, self._open.get(name)}:
                self._heard(name, code)

        web = SlackWeb(token, base_url=self._base_url, timeout_s=self._timeout_s, on_token=on_token)
        workspace = SlackWorkspace(web, prefix)
        if self._handler is not None:
            workspace.listen(self._handler, self._commands)
        return workspace

    def _all(self) -> Iterator[SlackWorkspace]:
        if self.home is not None:
            yield self.home
        yield from tuple(self._open.values())

    # ------------------------------------------------------------ what becomes of them

    async def installed(self, team: str) -> None:
        """A workspace has just installed the app (again): its new token counts from now on."""
        name = self._name(team)
        await self._close(name)
        self._refused.pop(name, None)
        await self._tell(name, Happening.ACCEPTED, "")

    async def removed(self, team: str | None, why: str, *, at: float) -> None:
        """A workspace has removed the app, or taken its tokens away, ``at`` that time (seconds since 1970).

        Slack may tell it late, when the app is installed again already: that installation stays.
        """
        name = HOME if team is None or self._installed is None else self._name(team)
        if name != HOME and self._installed is not None:
            kept = next((one for one in await self._installed.every() if one.team == name), None)
            if kept is not None and kept.installed_at.timestamp() > at + 1:  # an event's time is in whole seconds
                log.info("the workspace %s had removed the app before it installed it again", name)
                return
        await self._gone(name, why)

    def _name(self, team: str) -> str:
        return HOME if self.home is not None and team == self.home_team else team

    def _heard(self, name: str, code: str) -> None:
        """What Slack thinks of a workspace's token; only a change is told."""
        if self._refused.get(name, False) is bool(code):
            return
        self._refused[name] = bool(code)
        if not code:
            self._spawn(self._tell(name, Happening.ACCEPTED, ""))
        else:
            self._spawn(self._gone(name, code))

    async def _gone(self, name: str, code: str) -> None:
        """A token does no good: that of an installed workspace is forgotten where it never will again."""
        if name == HOME:
            words = (
                f"Slack does not take SLACK_BOT_TOKEN any more ({code}): install the app again, put its new token "
                "there and start anew; until then nothing can be said or heard"
            )
        elif code in REVOKED | REMOVED and self._installed is not None:
            kept = await self._installed.remove(name)
            await self._close(name)
            if kept is None:
                return
            words = f"the workspace {kept.name} has removed the app ({code}); its chats wait until it installs it again"
        else:
            words = f"Slack does not take the token of the workspace {name} ({code}): let it install the app again"
        log.error("%s", words)
        await self._tell(name, Happening.REFUSED, words)

    async def _close(self, name: str) -> None:
        workspace = self._open.pop(name, None)
        if workspace is not None:
            # What it is just answering may be what ends it: it cannot wait for itself.
            self._spawn(workspace.stop())

    async def _tell(self, name: str, happening: Happening, words: str) -> None:
        if self._handler is not None:
            await self._handler(Inbound(Address(Platform.SLACK, name), "", text=words, happening=happening))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("what became of a workspace was not taken in", exc_info=task.exception())

    # ------------------------------------------------------------ for doctor

    async def check(self) -> list[str]:
        """Who we are, workspace by workspace. Raises SettingsError or ChatError if the home refuses us."""
        said = []
        if self.home is not None:
            me = await self.home.web.who()
            said.append(f"@{me.get('user')} in {me.get('team')}")
        if self._installed is not None:
            teams = await self._installed.every()
            newest = teams[-_CHECKED:]
            refused = [words for words in await asyncio.gather(*map(self._refusal, newest)) if words]
            said.append(f"{len(teams)} installed" + (f"; not well: {', '.join(refused)}" if refused else ""))
        return said

    async def _refusal(self, kept: Installation) -> str:
        try:
            workspace = await self._opened(kept.team)
            if workspace is not None:
                await workspace.web.who()
        except (SettingsError, ChatError) as error:
            return f"{kept.name} ({error})"
        return ""
