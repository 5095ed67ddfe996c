"""Adding the app to a workspace: slack_bolt's OAuth v2 flow, its pages in our words. Keeps nothing by itself.

See docs.slack.dev/authentication/installing-with-oauth. A state is given out with each visit, bound to the browser by a
cookie, good once and for ten minutes; whatever else comes back is answered with a page that says to begin again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation

from bot.chats.paths import SLACK_INSTALL, SLACK_REDIRECT
from bot.chats.slack_errors import error_code
from bot.chats.slack_installations import TooManyBegunError, WholeOrganisationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from slack_bolt.oauth.async_callback_options import AsyncFailureArgs, AsyncSuccessArgs
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.chats.slack_inbound import Payload
    from bot.chats.slack_installations import KeptInstallations, KeptStates
    from bot.chats.slack_workspaces import Workspaces
    from bot.store.port.workspaces import WorkspaceStore

SCOPES: Final = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
)
"""What the app asks a workspace for; the manifest asks for the same, see the test."""

_SLACK: Final = "https://slack.com/"
_TOO_MANY: Final = 503
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE: Final = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto 0;padding:0 1rem;color:#1d1c1d;"
    "background:#fff}h1{font-size:1.5rem}a{color:#0b57d0}a.go{display:inline-block;padding:.6rem 1.2rem;color:#fff;"
    "background:#4a154b;border-radius:.3rem;text-decoration:none}"
)
_AGAIN: Final = f'<p><a href="{SLACK_INSTALL}">Begin again</a></p>'
_REASONS: Final = {
    "access_denied": ("Nothing was installed", "You (or your workspace) said no to Slack's question. That is all."),
    "invalid_browser": (
        "This link is not yours to finish",
        "It was begun in another browser, or more than ten minutes ago, or your browser keeps no cookies.",
    ),
    "invalid_state": (
        "This link was used already, or is too old",
        "Each can be used once, within ten minutes. Nothing was changed.",
    ),
    "missing_code": ("Something is missing", "Slack sent you here without what it takes to finish."),
    "invalid_code": (
        "Slack did not finish it",
        "Slack did not take the code that it gave you, or did not answer. Nothing was installed.",
    ),
    "organisation": (
        "Please choose one workspace",
        "The app was to be added to a whole organisation, and that it cannot do. Choose a workspace of it instead.",
    ),
}
_UNKNOWN: Final = ("That did not work", "Something went wrong on this side, or on Slack's. Nothing was installed.")

log = logging.getLogger(__name__)

_quiet = logging.getLogger(f"{__name__}.sdk")
_quiet.disabled = True  # it writes codes that may still be good; what went wrong is said here


@dataclass(frozen=True, slots=True)
class Installing:
    """How workspaces may add the app: its id and secret, and where what they bring is kept.

    ``secret_keys`` seal their tokens, the first one new ones. ``store`` opens the store and closes it. ``public_url``
    is where browsers reach us; without it Slack sends them back to the first Redirect URL that the app has.
    """

    client_id: str
    client_secret: str = field(repr=False)
    store: Callable[[], AbstractAsyncContextManager[WorkspaceStore]]
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    public_url: str | None = None

    @property
    def redirect_url(self) -> str | None:
        """Where Slack is to send browsers back to."""
        return None if self.public_url is None else self.public_url.rstrip("/") + SLACK_REDIRECT


class Flow(AsyncOAuthFlow):
    """slack_bolt's flow with our pages and stores."""

    def __init__(
        self,
        client: AsyncWebClient,
        installing: Installing,
        *,
        installations: KeptInstallations,
        states: KeptStates,
        workspaces: Workspaces,
    ) -> None:
        self._workspaces = workspaces
        root = client.base_url.removesuffix("api/")
        settings = AsyncOAuthSettings(
            client_id=installing.client_id,
            client_secret=installing.client_secret,
            scopes=list(SCOPES),
            authorization_url=f"{root}oauth/v2/authorize",
            install_path=SLACK_INSTALL,
            redirect_uri_path=SLACK_REDIRECT,
            redirect_uri=installing.redirect_url,
            installation_store=installations,
            installation_store_bot_only=True,
            state_store=states,
            callback_options=AsyncCallbackOptions(success=_welcome, failure=_failure),
            logger=_quiet,
        )
        super().__init__(client=client, logger=_quiet, settings=settings)

    async def handle_installation(self, request: AsyncBoltRequest) -> BoltResponse:
        """The page with the button, and the cookie that binds it to this browser."""
        try:
            answer = await super().handle_installation(request)
        except TooManyBegunError:
            return page("Please wait a minute", "<p>Very many are doing this at once.</p>", status=_TOO_MANY)
        return BoltResponse(status=answer.status, body=answer.body, headers={**answer.headers, **_HEADERS})

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:  # noqa: ARG002 - the base's
        """What the app is, and the button."""
        return _html(
            "Add Backstory to Slack",
            "<p>It watches news feeds for topics that you choose, and tells you what is new and how it connects to "
            "what happened before. It reads what people say to it; of channels, only what it wrote itself.</p>"
            f'<p><a class="go" href="{escape(url)}">Add to Slack</a></p>',
        )

    async def run_installation(self, code: str) -> Installation | None:
        """Exchange the code for a token; None where Slack does not take it or does not answer.

        By the same two calls as the base's, whose way to send the secret is deprecated by the HTTP client beneath it.
        """
        asked = {"client_id": self.settings.client_id, "client_secret": self.settings.client_secret, "code": code}
        if self.redirect_uri:
            asked["redirect_uri"] = self.redirect_uri
        try:
            answer = (await self.client.api_call("oauth.v2.access", data=asked)).data
            if not isinstance(answer, dict) or not answer.get("access_token"):
                return None
            bot = (await self.client.auth_test(token=answer["access_token"])).data
        except (aiohttp.ClientError, SlackClientError, TimeoutError) as error:
            reason = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
            log.warning("Slack did not finish an installation: %s", reason)
            return None
        return _installation(answer, str(bot.get("bot_id") or "") if isinstance(bot, dict) else "")

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keep it, and let its new token count at once."""
        await super().store_installation(request, installation)
        log.info("the app was installed into the workspace %s", installation.team_id)
        await self._workspaces.installed(installation.team_id or "")


class Authorise(AsyncAuthorize):
    """Which of our tokens a request is about, as slack_bolt asks for it; Slack itself is not asked."""

    def __init__(self, workspaces: Workspaces, installations: KeptInstallations) -> None:
        self._workspaces = workspaces
        self._installations = installations

    async def __call__(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        **_: object,
    ) -> AuthorizeResult | None:
        """The workspace's bot; None where the app is not installed there."""
        workspace = await self._workspaces.of(team_id)
        if workspace is None:
            return None
        kept = await self._installations.find(team_id or "") if workspace is not self._workspaces.home else None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=kept.bot_user if kept else None,
            bot_id=kept.bot if kept else None,
            bot_token=workspace.web.client().token,
        )


def _installation(answer: Payload, bot_id: str) -> Installation:
    """What oauth.v2.access and auth.test say, as slack_sdk keeps it."""
    team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
    return Installation(
        app_id=answer.get("app_id"),
        enterprise_id=enterprise.get("id"),
        team_id=team.get("id"),
        team_name=team.get("name"),
        bot_token=answer.get("access_token"),
        bot_id=bot_id,
        bot_user_id=answer.get("bot_user_id"),
        bot_scopes=str(answer.get("scope") or ""),
        user_id=str((answer.get("authed_user") or {}).get("id") or ""),
        is_enterprise_install=bool(answer.get("is_enterprise_install")),
    )


async def _welcome(args: AsyncSuccessArgs) -> BoltResponse:
    team, app = args.installation.team_id or "", args.installation.app_id or ""
    name = escape(args.installation.team_name or "your workspace")
    back = f"{_SLACK}app_redirect?app={quote(app)}&team={quote(team)}"
    return page(
        f"Backstory is in {name} now",
        "<p>In a channel of yours, type <code>/invite @backstory</code> and then <code>/topics add</code> with a "
        f'subject; or write to it alone.</p><p><a class="go" href="{escape(back)}">Open Slack</a></p>',
    )


async def _failure(args: AsyncFailureArgs) -> BoltResponse:
    reason = "organisation" if isinstance(args.error, WholeOrganisationError) else args.reason
    heading, words = _REASONS.get(reason, _UNKNOWN)
    log.warning("an installation was not finished: %s", reason if reason in _REASONS else "unknown")
    return page(heading, f"<p>{words}</p>{_AGAIN}", status=args.suggested_status_code)


def page(heading: str, body: str, *, status: int = 200) -> BoltResponse:
    """A page; both parts are HTML."""
    return BoltResponse(status=status, body=_html(heading, body), headers=dict(_HEADERS))


def _html(heading: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{heading}</title><style>{_STYLE}</style><h1>{heading}</h1>{body}</html>"
    )
