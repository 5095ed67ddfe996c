"""Adding the app to a workspace as a browser does it: pages, states that are good once, tokens that are sealed."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import yaml
from slack_sdk.oauth.installation_store import Installation as SlackInstallation

from bot.chats.slack import HttpMode, Installing, SlackChat
from bot.chats.slack_install import SCOPES
from bot.chats.slack_installations import (
    KeptInstallations,
    KeptStates,
    TooManyBegunError,
    WholeOrganisationError,
)
from bot.errors import NotSentError
from bot.model import Address, Platform
from bot.seal import Seal, is_sealed
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from handlers.commands import menu
from handlers.dispatch import Dispatcher
from tests.doubles.slack_api import SIGNING_SECRET, SlackApi
from tests.doubles.slack_teams import CLIENT_ID, CLIENT_SECRET, SlackTeams
from tests.handlers.house import ScriptedDesk
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import backlot

    from bot.store.port import Store

MANIFEST = Path(__file__).resolve().parents[2] / "deploy" / "slack-manifest.yaml"
KEY = "a key that nobody can guess, 32 characters long"


@dataclass
class Office:
    """The bot's install page, a workspace, and the browser of somebody in it."""

    api: SlackApi
    teams: SlackTeams
    store: Store
    chat: SlackChat
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.chat.http_port}"

    async def get(self, path: str) -> tuple[int, str, aiohttp.ClientResponse]:
        """A page, with the cookies that the browser has; those that the page sets are kept."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.url + path, headers={"Cookie": jar} if jar else {}) as answer,
        ):
            self.cookies |= {name: cookie.value for name, cookie in answer.cookies.items()}
            return answer.status, await answer.text(), answer

    async def begin(self) -> str:
        """Open the page and read the state out of its button."""
        status, text, _ = await self.get("/slack/install")
        assert status == 200
        (button,) = re.findall(r'href="([^"]+)"', text)
        asked = parse_qs(urlsplit(button.replace("&amp;", "&")).query)
        assert asked["client_id"] == [CLIENT_ID]
        assert set(asked["scope"][0].split(",")) == set(SCOPES)
        return str(asked["state"][0])

    async def come_back(self, state: str, code: str) -> tuple[int, str]:
        status, text, _ = await self.get(f"/slack/oauth_redirect?state={state}&code={code}")
        return status, text


@pytest.fixture
async def office(server: backlot.Server) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(SlackApi(server))
        api.team = "T0002"
        teams = await stack.enter_async_context(SlackTeams(api))
        teams.tokens.clear()
        store = await open_store("sqlite://")
        stack.push_async_callback(store.close)
        installing = Installing(CLIENT_ID, CLIENT_SECRET, lambda: nullcontext(store), (KEY,))
        http = HttpMode(SIGNING_SECRET, port=0, installing=installing)
        chat = SlackChat(None, http=http, base_url=teams.base_url, timeout_s=2)
        stack.push_async_callback(chat.stop)
        await chat.start(Dispatcher(ScriptedDesk(store, lexicons.load()), chat.may_change).handle, menu())
        yield Office(api, teams, store, chat)
        assert teams.strangers == []


async def test_a_workspace_installs_and_is_served_at_once(office: Office) -> None:
    state = await office.begin()
    status, text = await office.come_back(state, office.teams.agree(office.api))
    assert status == 200
    for words in ("Backstory is in Team T0002 now", "/invite @backstory", "/topics add"):
        assert words in text
    assert office.chat.http_port is not None
    await office.api.deliver_command(office.chat.http_port, office.api.command_fields("/topics", "save A = @dprk"))
    await office.api.until(lambda: office.api.responses)
    there = await office.store.known_chat(Address(Platform.SLACK, f"T0002/{office.api.channel}"))
    assert there is not None
    kept = await office.store.installation_of("T0002")
    assert kept is not None
    assert (kept.name, kept.bot_user, kept.bot, kept.installer) == ("Team T0002", "UBOT", "BBOT", office.api.user)
    assert is_sealed(kept.token)
    assert office.teams.token(office.api) not in kept.token


async def test_a_second_installation_brings_its_topics_back_with_a_new_token(office: Office) -> None:
    await office.come_back(await office.begin(), office.teams.agree(office.api))
    there = Address(Platform.SLACK, f"T0002/{office.api.channel}")
    chat = await office.store.chat_at(there, title="general", now=NOW)
    old = office.teams.token(office.api)
    office.teams.revoke(office.api)
    assert office.chat.http_port is not None
    await office.api.deliver_event(office.chat.http_port, office.api.event_body({"type": "app_uninstalled"}))
    while (gone := await office.store.chat(chat.id)) is not None and gone.active:
        await office.api.until(lambda: True)
    await office.come_back(await office.begin(), office.teams.agree(office.api))
    back = await office.store.chat(chat.id)
    assert back is not None
    assert back.active
    assert office.teams.token(office.api) != old
    assert "1 installed" in await office.chat.check()
    assert await office.store.troubles() == ()


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        pytest.param("forged", 400, "not yours to finish", id="a state that we never gave out"),
        pytest.param("forged with its cookie", 401, "used already, or is too old", id="forged, and the cookie too"),
        pytest.param("another browser", 400, "not yours to finish", id="a link that somebody else was sent"),
        pytest.param("used", 401, "used already, or is too old", id="a state that was used"),
        pytest.param("late", 401, "used already, or is too old", id="a state of eleven minutes ago"),
        pytest.param("no code", 401, "without what it takes", id="no code"),
        pytest.param("bad code", 401, "did not take the code", id="a code that Slack does not know"),
        pytest.param("denied", 200, "said no", id="somebody said no"),
        pytest.param("organisation", 500, "choose one workspace", id="a whole organisation"),
    ],
)
async def test_what_is_not_in_order_is_refused_in_plain_words(
    office: Office, how: str, status: int, words: str
) -> None:
    state, code = await office.begin(), office.teams.agree(office.api)
    office.teams.whole_organisation = how == "organisation"
    if how.startswith("forged"):
        state = "forged"
        if "cookie" in how:
            office.cookies = dict.fromkeys(office.cookies, state)
    elif how == "another browser":
        office.cookies = {}
    elif how == "used":
        assert (await office.come_back(state, code))[0] == 200
        await office.store.remove_installation("T0002", now=NOW)
        code = office.teams.agree(office.api)
    elif how == "late":
        state, ago = "of eleven minutes ago", datetime.now(UTC) - timedelta(minutes=11)
        await office.store.put_state(state, now=ago, until=ago + timedelta(minutes=10))
        office.cookies = dict.fromkeys(office.cookies, state)
    if how == "denied":
        answered, text, _ = await office.get(f"/slack/oauth_redirect?state={state}&error=access_denied")
    elif how == "no code":
        answered, text, _ = await office.get(f"/slack/oauth_redirect?state={state}")
    else:
        answered, text = await office.come_back(state, "bad" if how == "bad code" else code)
    assert (answered, words in text) == (status, True), text
    assert "Begin again" in text
    assert await office.store.installations() == ()


async def test_nothing_that_comes_with_a_request_is_shown_on_a_page(office: Office) -> None:
    for query in ("error=<script>alert(1)</script>", "error=access_denied%22%3E%3Cscript%3E"):
        _, text, answer = await office.get(f"/slack/oauth_redirect?{query}")
        assert "script" not in text
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_a_workspaces_name_cannot_write_into_the_page(office: Office) -> None:
    office.teams.names["T0002"] = "<script>x</script>"
    _, text = await office.come_back(await office.begin(), office.teams.agree(office.api))
    assert "&lt;script&gt;" in text
    assert "<script>" not in text


async def test_pages_are_only_read(office: Office) -> None:
    async with aiohttp.ClientSession() as session, session.post(f"{office.url}/slack/install") as answer:
        assert answer.status == 405
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/slack/events") as answer:
        assert answer.status == 405


def test_the_page_asks_for_what_the_manifest_asks_for() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    assert list(SCOPES) == manifest["oauth_config"]["scopes"]["bot"]


# ---------------------------------------------------------------- the stores, by slack_sdk's own interfaces

INSTALLED = SlackInstallation(
    app_id="A1",
    team_id="T1",
    team_name="Acme",
    bot_token="xoxb-" + "secret",
    bot_id="B1",
    bot_user_id="U1",
    bot_scopes=["chat:write"],
    user_id="UADA",
)


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = await open_store("sqlite://")
    yield opened
    await opened.close()


async def test_the_installation_store_does_what_slack_sdk_asks_of_one(store: Store) -> None:
    kept = KeptInstallations(store, Seal((KEY,)))
    await kept.async_save(INSTALLED)
    bot = await kept.async_find_bot(enterprise_id=None, team_id="T1")
    assert bot is not None
    assert (bot.bot_token, bot.bot_user_id, bot.bot_scopes) == ("xoxb-secret", "U1", ["chat:write"])
    assert await kept.async_find_bot(enterprise_id=None, team_id="T2") is None
    assert await kept.async_find_installation(enterprise_id="E1", team_id=None, is_enterprise_install=True) is None
    await kept.async_delete_installation(enterprise_id=None, team_id="T1", user_id="UADA")
    assert await kept.async_find_bot(enterprise_id=None, team_id="T1") is not None
    await kept.async_delete_all(enterprise_id=None, team_id="T1")
    assert await kept.async_find_bot(enterprise_id=None, team_id="T1") is None
    await kept.async_save_bot(bot)
    assert (await kept.async_find_bot(enterprise_id=None, team_id="T1")) is not None
    with pytest.raises(WholeOrganisationError):
        await kept.async_save(SlackInstallation(user_id="U1", enterprise_id="E1", is_enterprise_install=True))


async def test_a_sealed_token_opens_with_its_key_and_for_its_own_workspace_alone(store: Store) -> None:
    await KeptInstallations(store, Seal((KEY,))).async_save(INSTALLED)
    (row,) = await store.installations()
    assert "secret" not in row.token
    newer = KeptInstallations(store, Seal(("n" * 32, KEY)))
    found = await newer.find("T1")
    assert found is not None
    assert found.token == "xoxb-secret"  # noqa: S105 - of a test
    for wrong in (Seal(()), Seal(("w" * 32,))):
        with pytest.raises(NotSentError, match="BACKSTORY_SECRET_KEY"):
            await KeptInstallations(store, wrong).find("T1")
    await store.put_installation(replace(row, team="T2"))
    with pytest.raises(NotSentError):
        await newer.find("T2")


def test_a_token_is_sealed_differently_each_time() -> None:
    seal = Seal((KEY,))
    assert seal.close("T1", "xoxb-1") != seal.close("T1", "xoxb-1")
    assert seal.open("T1", seal.close("T1", "xoxb-1")) == "xoxb-1"
    assert seal.open("T1", "sealed:junk") is None
    assert Seal(()).close("T1", "xoxb-1") == "xoxb-1"


async def test_what_stood_in_clear_is_sealed_once_there_is_a_key(store: Store) -> None:
    await KeptInstallations(store, Seal(())).async_save(INSTALLED)
    assert (await store.installations())[0].token == "xoxb-secret"  # noqa: S105 - of a test
    kept = KeptInstallations(store, Seal((KEY,)))
    assert (await kept.seal_all(), await kept.seal_all()) == (1, 0)
    assert is_sealed((await store.installations())[0].token)
    # With a newer key before it, too, so that the old one can go.
    assert await KeptInstallations(store, Seal(("n" * 32, KEY))).seal_all() == 1
    found = await KeptInstallations(store, Seal(("n" * 32,))).find("T1")
    assert found is not None
    assert found.token == "xoxb-secret"  # noqa: S105 - of a test
    assert await KeptInstallations(store, Seal(("o" * 32,))).seal_all() == 0


async def test_states_are_given_out_in_number_and_no_more(store: Store) -> None:
    now = [NOW]
    states = KeptStates(store, now=lambda: now[0])
    given = {await states.async_issue() for _ in range(50)}
    assert len(given) == 50
    with pytest.raises(TooManyBegunError):
        await states.async_issue()
    now[0] += timedelta(seconds=2)
    state = await states.async_issue()
    assert await states.async_consume(state)
    assert not await states.async_consume(state)
