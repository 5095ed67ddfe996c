"""Several workspaces with one bot, each with the same channel ids: what is one's never reaches the other."""

from __future__ import annotations

from contextlib import AsyncExitStack, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bot.chats.chat import Inbound
from bot.chats.message import text_message
from bot.chats.slack import HttpMode, Installing, SlackChat
from bot.errors import NotSentError, RetryAfterError, TokenRefusedError
from bot.model import Address, Installation, MessageRef, Platform
from bot.store.sql import open_store
from bot.topics import lexicon as lexicons
from handlers.commands import menu
from handlers.dispatch import Dispatcher
from tests.doubles.slack_api import SIGNING_SECRET, Refusal, SlackApi
from tests.doubles.slack_teams import CLIENT_ID, CLIENT_SECRET, SlackTeams
from tests.handlers.house import ScriptedDesk
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import backlot

    from bot.store.port import Store

Json = Any


@dataclass
class Two:
    """Two workspaces and the bot between them: the first is that of SLACK_BOT_TOKEN, the second installed the app."""

    first: SlackApi
    second: SlackApi
    teams: SlackTeams
    store: Store
    chat: SlackChat

    @property
    def port(self) -> int:
        assert self.chat.http_port is not None
        return self.chat.http_port

    @property
    def here(self) -> Address:
        return Address(Platform.SLACK, self.first.channel)

    @property
    def there(self) -> Address:
        return Address(Platform.SLACK, f"{self.second.team}/{self.second.channel}")

    async def install(self, api: SlackApi, *, bare: bool = False) -> None:
        token = self.teams.token(api)
        kept = Installation(api.team, f"Team {api.team}", token, "UBOT", "BBOT", api.user, NOW, "A0001", bare=bare)
        await self.store.put_installation(kept)

    async def start(self) -> None:
        desk = ScriptedDesk(self.store, lexicons.load())
        await self.chat.start(Dispatcher(desk, self.chat.may_change).handle, menu())


async def both(server: backlot.Server, stack: AsyncExitStack, *, home: bool = True) -> Two:
    first = await stack.enter_async_context(SlackApi(server))
    second = await stack.enter_async_context(SlackApi(server))
    second.team = "T0002"
    teams = await stack.enter_async_context(SlackTeams(first, second))
    store = await open_store("sqlite://")
    stack.push_async_callback(store.close)
    installing = Installing(CLIENT_ID, CLIENT_SECRET, lambda: nullcontext(store))
    chat = SlackChat(
        teams.token(first) if home else None,
        http=HttpMode(SIGNING_SECRET, port=0, installing=installing),
        base_url=teams.base_url,
        timeout_s=2,
    )
    stack.push_async_callback(chat.stop)
    return Two(first, second, teams, store, chat)


@pytest.fixture
async def two(server: backlot.Server) -> AsyncIterator[Two]:
    async with AsyncExitStack() as stack:
        made = await both(server, stack)
        await made.install(made.second)
        await made.start()
        yield made
        assert made.first.violations + made.second.violations + made.teams.strangers == []


async def said(two: Two, api: SlackApi, text: str) -> str:
    """What the other side answers to a command."""
    before = len(api.responses)
    await api.deliver_command(two.port, api.command_fields("/topics", text))
    await api.until(lambda: len(api.responses) > before)
    return str(api.responses[-1]["text"])


async def test_the_two_have_the_same_channel_and_are_two_chats(two: Two) -> None:
    assert two.first.channel == two.second.channel
    for api, name in ((two.first, "Arms"), (two.second, "Fish")):
        await said(two, api, f"save {name} = @dprk")
    here, there = await two.store.known_chat(two.here), await two.store.known_chat(two.there)
    assert here is not None
    assert there is not None
    assert [topic.name for topic in await two.store.topics_of(here.id)] == ["Arms"]
    assert [topic.name for topic in await two.store.topics_of(there.id)] == ["Fish"]
    assert "Fish" not in await said(two, two.first, "")
    assert "Arms" not in await said(two, two.second, "")


async def test_what_is_sent_to_one_never_reaches_the_other(two: Two) -> None:
    for api, other, address in (
        (two.second, two.first, two.there),
        (two.first, two.second, two.here),
    ):
        before = len(other.calls)
        ref = await two.chat.send(address, text_message("news"))
        reply = await two.chat.send(address, text_message("more"), reply_to=ref)
        await two.chat.edit(ref, text_message("changed"))
        assert not isinstance(await two.chat.find_sent(address, 7, since=NOW), MessageRef)
        assert [call.body["text"] for call in api.posts()] == ["news", "more"]
        assert api.posts("chat.update")[0].body["ts"] == ref.message_id
        assert {call.body["channel"] for call in api.posts()} == {api.channel}
        assert ref.address == address
        assert reply.address == Address(Platform.SLACK, address.chat, ref.message_id)
        assert await two.chat.link_to(ref)
        assert len(other.calls) == before


async def test_a_reply_to_the_other_ones_message_stands_on_its_own(two: Two) -> None:
    ref = await two.chat.send(two.here, text_message("news"))
    await two.chat.send(two.there, text_message("more"), reply_to=ref)
    assert two.second.posts()[0].body.get("thread_ts") is None


async def test_each_has_a_pace_of_its_own(two: Two) -> None:
    two.first.fault("chat.postMessage", Refusal("ratelimited", 429, 70))
    for _ in range(2):  # the second time we know by ourselves, and do not ask
        with pytest.raises(RetryAfterError):
            await two.chat.send(two.here, text_message("news"))
    await two.chat.send(two.there, text_message("news"))
    assert (len(two.first.posts()), len(two.second.posts())) == (0, 1)


async def test_who_may_change_is_asked_where_the_person_is(two: Two) -> None:
    two.first.guests.add(two.first.user)
    asked = [Inbound(address, two.first.user, "/topics", private=False) for address in (two.here, two.there)]
    assert [await two.chat.may_change(one) for one in asked] == [False, True]


async def test_places_buttons_and_pages_are_those_of_the_workspace(two: Two) -> None:
    place = await two.chat.find_place(Inbound(two.there, two.second.user, private=False), "#general")
    assert place.address == two.there
    await two.chat.send(two.there, text_message("news"))
    event = {"type": "app_home_opened", "user": two.second.user, "channel": "D1", "tab": "home"}
    await two.second.deliver_event(two.port, two.second.event_body(event))
    await two.second.until(lambda: two.second.posts("views.publish"))
    mention = {"type": "app_mention", "user": two.second.user, "text": "<@UBOT> topics", "ts": "1.1"}
    await two.second.deliver_event(two.port, two.second.event_body(mention | {"channel": two.second.channel}))
    await two.second.until(lambda: two.second.posts("chat.postEphemeral"))
    assert two.first.calls == []


async def test_a_channel_that_gets_another_id_stays_in_its_workspace(two: Two) -> None:
    here, there = [(await two.store.chat_at(at, title="", now=NOW)).id for at in (two.here, two.there)]
    event = {"type": "channel_id_changed", "old_channel_id": two.second.channel, "new_channel_id": "C2"}
    await two.second.deliver_event(two.port, two.second.event_body(event))
    moved = Address(Platform.SLACK, f"{two.second.team}/C2")
    while (chat := await two.store.known_chat(moved)) is None or chat.id != there:
        await two.second.until(lambda: True)
    kept = await two.store.known_chat(two.here)
    assert kept is not None
    assert kept.id == here


async def test_a_modal_belongs_to_its_workspace(two: Two) -> None:
    fields = two.second.command_fields("/topics", "add")
    await two.second.deliver_command(two.port, fields)
    await two.second.until(lambda: two.second.views)
    view = next(iter(two.second.views.values()))
    typed = two.second.typed(view, {"name": "Arms", "query": "@dprk & @arms"})
    assert (
        await two.second.deliver_view(two.port, two.second.view_body("view_submission", typed, response_urls=[])) == {}
    )
    there = await two.store.chat_at(two.there, title="", now=NOW)
    await two.second.until(lambda: two.second.responses)
    assert [topic.name for topic in await two.store.topics_of(there.id)] == ["Arms"]
    assert await two.store.known_chat(two.here) is None
    assert two.first.views == {}


async def test_a_workspace_that_nobody_installed_in_is_told_so(two: Two) -> None:
    two.second.team = "T0003"
    fields = two.second.command_fields("/topics", "")
    assert await two.second.deliver_command(two.port, fields) == 200
    await two.second.until(lambda: two.second.responses)
    assert "not installed in this workspace" in two.second.responses[0]["text"]
    two.second.violations.remove("0 blocks")  # slack_bolt's own answer is a bare text
    with pytest.raises(NotSentError):
        await two.chat.send(Address(Platform.SLACK, "T0003/C1"), text_message("x"))
    assert await two.store.known_chat(Address(Platform.SLACK, f"T0003/{two.second.channel}")) is None


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({"type": "app_uninstalled"}, id="the app was removed"),
        pytest.param({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}, id="its token was revoked"),
    ],
)
async def test_a_workspace_that_leaves_is_forgotten_and_its_chats_wait(two: Two, event: Json) -> None:
    await said(two, two.second, "save Fish = @dprk")
    await said(two, two.first, "save Arms = @dprk")
    two.teams.revoke(two.second)
    await two.second.deliver_event(two.port, two.second.event_body(event))
    assert [one.subject for one in await until_told(two)] == ["T0002"]
    here, there = await two.store.known_chat(two.here), await two.store.known_chat(two.there)
    assert [one is not None and one.active for one in (here, there)] == [True, False]
    assert await two.store.installation_of("T0002") is None
    with pytest.raises(NotSentError, match="not installed"):
        await two.chat.send(two.there, text_message("x"))


async def test_an_event_that_comes_late_does_not_end_a_newer_installation(two: Two) -> None:
    kept = await two.store.installation_of("T0002")
    assert kept is not None
    body = two.second.event_body({"type": "app_uninstalled"})
    body["event_time"] = int(kept.installed_at.timestamp()) - 60
    await two.second.deliver_event(two.port, body)
    await said(two, two.second, "")
    assert await two.store.installation_of("T0002") == kept
    assert await two.store.troubles() == ()


async def until_told(two: Two) -> tuple[Any, ...]:
    while not (known := await two.store.troubles()):
        await two.first.until(lambda: True)
    return known


async def test_somebodys_own_token_ends_nothing(two: Two) -> None:
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
    await two.second.deliver_event(two.port, two.second.event_body(event))
    await said(two, two.second, "")
    assert await two.store.installation_of("T0002") is not None


async def test_a_token_that_is_revoked_without_a_word_is_noticed_by_the_next_message(two: Two) -> None:
    await said(two, two.second, "save Fish = @dprk")
    two.teams.revoke(two.second)
    with pytest.raises(TokenRefusedError):
        await two.chat.send(two.there, text_message("x"))
    (known,) = await until_told(two)
    assert (known.subject, "Team T0002" in known.words) == ("T0002", True)
    there = await two.store.known_chat(two.there)
    assert there is not None
    assert not there.active
    await two.chat.send(two.here, text_message("x"))


async def test_the_homes_own_token_is_the_owners_matter_and_loses_nothing(two: Two) -> None:
    await said(two, two.first, "save Arms = @dprk")
    two.teams.revoke(two.first)
    with pytest.raises(TokenRefusedError):
        await two.chat.send(two.here, text_message("x"))
    (known,) = await until_told(two)
    assert (known.subject, "SLACK_BOT_TOKEN" in known.words) == ("", True)
    here = await two.store.known_chat(two.here)
    assert here is not None
    assert here.active
    two.teams.revoked.clear()
    await two.chat.send(two.here, text_message("x"))
    while await two.store.troubles():
        await two.first.until(lambda: True)


async def test_check_names_the_workspaces_that_are_not_well(two: Two) -> None:
    assert "1 installed" in await two.chat.check()
    two.teams.revoke(two.second)
    assert "not well: Team T0002" in await two.chat.check()


async def test_where_the_homes_team_is_not_known_nothing_is_sent_by_a_guess(server: backlot.Server) -> None:
    async with AsyncExitStack() as stack:
        two = await both(server, stack)
        await two.install(two.second)
        two.teams.revoke(two.first)
        with pytest.raises(TokenRefusedError, match="SLACK_BOT_TOKEN"):
            await two.chat.send(two.there, text_message("one"))
        two.teams.revoked.clear()
        await two.chat.send(two.there, text_message("two"))
        assert [call.body["text"] for call in two.second.posts()] == ["two"]
        assert two.first.posts() == []


async def test_without_a_home_every_workspace_installs_and_one_may_be_the_old_home(server: backlot.Server) -> None:
    async with AsyncExitStack() as stack:
        two = await both(server, stack, home=False)
        await two.install(two.first, bare=True)
        await two.install(two.second)
        await two.start()
        await two.chat.send(two.here, text_message("one"))
        await two.chat.send(two.there, text_message("two"))
        assert [api.posts()[0].body["text"] for api in (two.first, two.second)] == ["one", "two"]
        await said(two, two.first, "save Arms = @dprk")
        assert await two.store.known_chat(two.here) is not None


async def test_a_home_that_had_installed_before_keeps_its_addresses(server: backlot.Server) -> None:
    async with AsyncExitStack() as stack:
        two = await both(server, stack)
        await two.install(two.first)
        await two.start()
        await said(two, two.first, "save Arms = @dprk")
        full = Address(Platform.SLACK, f"T0001/{two.first.channel}")
        assert await two.store.known_chat(full) is not None
        await two.chat.send(full, text_message("one"))
        assert two.first.posts()[0].body["channel"] == two.first.channel
