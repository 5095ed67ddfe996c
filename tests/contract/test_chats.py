"""One conversation, held on every chat platform: what the port promises is true of each adapter."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from bot.chats.chat import CommandHint, Inbound, Reply
from bot.chats.console import ADDRESS, ConsoleChat
from bot.chats.message import (
    Attachment,
    AttachmentKind,
    Button,
    Message,
    bold,
    heading,
    link,
    note,
    paragraph,
    text_message,
)
from bot.chats.slack import HttpMode, Installing, SlackChat
from bot.chats.telegram import TelegramChat
from bot.errors import ChatGoneError, CommandError, NotSentError, RetryAfterError
from bot.model import Address, Installation, Platform
from bot.store.sql import open_store
from tests.doubles.bot_api import ADA, TOKEN, ApiError, BotApi, too_many_requests
from tests.doubles.slack_api import SIGNING_SECRET, Refusal, SlackApi, web_api
from tests.doubles.slack_teams import CLIENT_ID, CLIENT_SECRET, SlackTeams
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    import backlot

    from bot.chats.chat import ChatPort

MENU = (CommandHint("topics", "Your topics"), CommandHint("why", "Why an alert was sent"))
ALERT = Message(
    (
        heading(link("Missiles seen", "https://example.org/a")),
        note("Example News, 1 Feb 2024"),
        paragraph(bold("New:"), " two <of> them & *more*"),
    ),
    ((Button("Why", "why", "12"), Button("Site", url="https://example.org/")),),
)


class Stage(Protocol):
    """A platform with one person on it, who writes, presses and reads."""

    chat: ChatPort
    address: Address

    async def write(self, command: str) -> None: ...
    async def press_why(self) -> None: ...
    async def send_file(self, name: str, data: bytes) -> None: ...
    def shown(self) -> list[str]:
        """What the person sees, oldest first, as plain text; an edit is seen in place or anew."""
        ...

    def refuse_next(self, kind: str) -> None: ...


@dataclass
class ConsoleStage:
    address = ADDRESS
    folder: Path
    written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._read, self._write = os.pipe()
        self.chat: ChatPort = ConsoleChat(write=self.written.append, input_fd=self._read)

    async def write(self, command: str) -> None:
        os.write(self._write, f"{command}\n".encode())

    async def press_why(self) -> None:
        await self.write("1")  # the number that the console drew beside the button

    async def send_file(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.write_bytes(data)
        await self.write(f"/import {path}")

    def shown(self) -> list[str]:
        return self.written

    def refuse_next(self, kind: str) -> None:
        message = f"a console refuses nothing: {kind}"
        raise NotImplementedError(message)

    def close(self) -> None:
        os.close(self._write)


@dataclass
class TelegramStage:
    api: BotApi
    address = Address(Platform.TELEGRAM, str(ADA.id))

    def __post_init__(self) -> None:
        self.chat: ChatPort = TelegramChat(TOKEN, base_url=self.api.base_url, timeout_s=2)

    async def write(self, command: str) -> None:
        await self.api.say(command)

    async def press_why(self) -> None:
        await self.api.press(next(sent for sent in self.api.sent if sent.keyboard), "why:12")

    async def send_file(self, name: str, data: bytes) -> None:
        await self.api.send_file(name, data, caption="/import")

    def shown(self) -> list[str]:
        return [sent.text for sent in self.api.sent]

    def refuse_next(self, kind: str) -> None:
        refusals = {
            "wait": too_many_requests(7),
            "gone": ApiError(403, "Forbidden: bot was kicked from the group chat"),
        }
        self.api.fault("sendMessage", refusals[kind])


@dataclass
class SlackStage:
    api: SlackApi
    adapter: SlackChat
    prefix: str = ""

    def __post_init__(self) -> None:
        self.address = Address(Platform.SLACK, self.prefix + self.api.channel)
        self.chat: ChatPort = self.adapter

    async def write(self, command: str) -> None:
        name, _, text = command.partition(" ")
        await self.api.deliver_command(self.adapter.http_port or 0, self.api.command_fields(name, text))

    async def press_why(self) -> None:
        posted = next(call for call in self.api.posts() if call.body["blocks"][-1]["type"] == "actions")
        body = self.api.press_body(posted, posted.body["blocks"][-1]["elements"][0])
        await self.api.deliver_press(self.adapter.http_port or 0, body)

    async def send_file(self, name: str, data: bytes) -> None:
        file = self.api.place_file(name, data)
        event = {
            "type": "message", "subtype": "file_share", "channel_type": "im", "channel": "D0DIRECT", "user": "U1",
            "text": "import", "ts": "1700000000.000100", "files": [file],
        }  # fmt: skip
        body = self.api.event_body(event)
        await self.api.deliver_event(self.adapter.http_port or 0, body)

    def shown(self) -> list[str]:
        calls = [call.body["text"] for call in self.api.calls if call.method.startswith("chat.")]
        texts = calls + [answer["text"] for answer in self.api.responses]
        read = [text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for text in texts]
        return [text.replace("/backstory ", "/") for text in read]  # where all commands but one go on Slack

    def refuse_next(self, kind: str) -> None:
        refusals = {"wait": Refusal("ratelimited", 429, 7), "gone": Refusal("is_archived")}
        self.api.fault("chat.postMessage", refusals[kind])


class Handler:
    """Keeps what comes in and answers with what was asked."""

    def __init__(self) -> None:
        self.inbound: list[Inbound] = []

    async def __call__(self, inbound: Inbound) -> tuple[Reply, ...]:
        self.inbound.append(inbound)
        return (Reply(text_message(f"answer to {inbound.text or inbound.data}")),)


@pytest.fixture(scope="module")
def slack_server() -> Iterator[backlot.Server]:
    with web_api() as running:
        yield running


HOME, INSTALLED = "slack, the home beside an installed one", "slack, an installed one beside the home"
"""Two workspaces at once with the same channel ids: the one that is spoken in, and another that must hear nothing."""


@asynccontextmanager
async def one_workspace(server: backlot.Server) -> AsyncIterator[Stage]:
    schemas = SHARED / "specs" / "slack"
    async with SlackApi(server, schemas if schemas.exists() else None) as api:
        adapter = SlackChat(api.token, http=HttpMode(SIGNING_SECRET, port=0), base_url=api.base_url)
        yield SlackStage(api, adapter)
        await adapter.stop()
        assert api.violations == []


@asynccontextmanager
async def two_workspaces(server: backlot.Server, spoken_in: str) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        home, other = [await stack.enter_async_context(SlackApi(server)) for _ in range(2)]
        other.team = "T0002"
        assert home.channel == other.channel
        teams = await stack.enter_async_context(SlackTeams(home, other))
        store = await open_store("sqlite://")
        stack.push_async_callback(store.close)
        now = datetime(2024, 6, 20, tzinfo=UTC)
        await store.put_installation(Installation("T0002", "Two", teams.token(other), "UBOT", "BBOT", "U1", now))
        installing = Installing(CLIENT_ID, CLIENT_SECRET, lambda: nullcontext(store))
        http = HttpMode(SIGNING_SECRET, port=0, installing=installing)
        adapter = SlackChat(teams.token(home), http=http, base_url=teams.base_url)
        stack.push_async_callback(adapter.stop)
        spoken, silent = (home, other) if spoken_in == HOME else (other, home)
        yield SlackStage(spoken, adapter, "" if spoken is home else "T0002/")
        assert spoken.violations + teams.strangers == []
        assert (silent.calls, silent.responses, silent.views) == ([], [], {})


@pytest.fixture(params=[*Platform, HOME, INSTALLED], ids=str)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    if request.param is Platform.CONSOLE:
        console = ConsoleStage(request.getfixturevalue("tmp_path"))
        yield console
        await console.chat.stop()
        console.close()
    elif request.param is Platform.TELEGRAM:
        spec = SHARED / "specs" / "telegram-bot-api.json"
        async with BotApi(spec if spec.exists() else None) as bot_api:
            telegram = TelegramStage(bot_api)
            yield telegram
            await telegram.chat.stop()
            assert bot_api.violations == []
    else:
        server = request.getfixturevalue("slack_server")
        one = request.param is Platform.SLACK
        async with one_workspace(server) if one else two_workspaces(server, request.param) as slack:
            yield slack


@pytest.fixture
async def handler(stage: Stage) -> Handler:
    """The handler of a bot that has been started and that the person has greeted."""
    listening = Handler()
    await stage.chat.start(listening, MENU)
    await stage.write("/start")
    await until(lambda: "answer to /start" in "".join(stage.shown()))
    return listening


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110 - any condition, of any part
            await asyncio.sleep(0.005)


async def test_a_command_arrives_as_typed_and_its_answer_is_shown(stage: Stage, handler: Handler) -> None:
    await stage.write("/topics add Arms = @dprk & (@russia | moscow)")
    await until(lambda: len(handler.inbound) == 2)
    await until(lambda: len(stage.shown()) == 2)
    command = handler.inbound[1]
    assert command.text == "/topics add Arms = @dprk & (@russia | moscow)"
    assert (command.data, command.address, command.replied_to) == ("", stage.address, None)
    assert command.user_id
    assert "answer to /topics add Arms = @dprk & (@russia | moscow)" in stage.shown()[1].replace("\u2060", "")


async def test_commands_of_one_chat_are_handled_in_order(stage: Stage, handler: Handler) -> None:
    for number in range(3):
        await stage.write(f"/topics {number}")
    await until(lambda: len(handler.inbound) == 4)
    assert [inbound.text for inbound in handler.inbound[1:]] == ["/topics 0", "/topics 1", "/topics 2"]


async def test_a_message_is_shown_whole_and_can_be_replied_to_and_edited(stage: Stage, handler: Handler) -> None:
    ref = await stage.chat.send(stage.address, ALERT)
    assert ref.address.platform is stage.chat.platform
    assert ref.message_id
    for words in ("Missiles seen", "Example News, 1 Feb 2024", "New: two <of> them & *more*"):
        assert any(words in text for text in stage.shown())
    reply = await stage.chat.send(stage.address, text_message("a development"), reply_to=ref)
    assert reply.message_id != ref.message_id
    await stage.chat.edit(ref, text_message("told again"))
    await stage.chat.edit(ref, text_message("told again"))
    assert any("a development" in text for text in stage.shown())
    assert any("told again" in text for text in stage.shown())
    assert len(handler.inbound) == 1


async def test_attachments_go_with_a_text_that_stands_without_them(stage: Stage, handler: Handler) -> None:
    picture = Attachment(AttachmentKind.PICTURE, "timeline.png", b"\x89PNG\r\n\x1a\n...", "Three stories on a line")
    file = Attachment(AttachmentKind.FILE, "topics.opml", b"<opml/>", "Your feeds")
    for attached in ((picture,), (file,), (picture, file)):
        ref = await stage.chat.send(stage.address, replace(ALERT, attachments=attached))
        assert any("New: two <of> them & *more*" in text for text in stage.shown())
        await stage.chat.edit(ref, text_message(f"edited, {len(attached)}"))
        assert any(f"edited, {len(attached)}" in text for text in stage.shown())
    assert len(handler.inbound) == 1


async def test_a_file_that_a_person_sends_is_handed_over(stage: Stage, handler: Handler) -> None:
    await stage.send_file("feeds.opml", b"<opml/>")
    await until(lambda: len(handler.inbound) == 2)
    (file,) = handler.inbound[1].files
    assert handler.inbound[1].text.removeprefix("/").startswith("import")
    assert (file.name, await file.read()) == ("feeds.opml", b"<opml/>")


async def test_a_file_larger_than_any_that_we_take_is_not_fetched(
    stage: Stage, handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.limits.OPML_BYTES", 4)
    await stage.send_file("feeds.opml", b"<opml/>")
    await until(lambda: len(handler.inbound) == 2)
    with pytest.raises(CommandError, match="larger than"):
        await handler.inbound[1].files[0].read()


async def test_a_pressed_button_arrives_with_its_data_and_its_message(stage: Stage, handler: Handler) -> None:
    ref = await stage.chat.send(stage.address, ALERT)
    await stage.press_why()
    await until(lambda: len(handler.inbound) == 2)
    press = handler.inbound[1]
    assert (press.text, press.data, press.replied_to) == ("", "why:12", ref)
    await until(lambda: any("answer to why:12" in text for text in stage.shown()))


@pytest.mark.parametrize("stage", [Platform.TELEGRAM, Platform.SLACK, INSTALLED], indirect=True, ids=str)
async def test_the_platforms_refusals_are_told_apart(stage: Stage, handler: Handler) -> None:
    stage.refuse_next("gone")
    with pytest.raises(ChatGoneError):
        await stage.chat.send(stage.address, ALERT)
    stage.refuse_next("wait")
    with pytest.raises(RetryAfterError) as caught:
        await stage.chat.send(stage.address, ALERT)
    assert caught.value.seconds == 7
    assert len(handler.inbound) == 1


async def test_a_link_to_a_message_is_an_address_or_nothing(stage: Stage, handler: Handler) -> None:
    ref = await stage.chat.send(stage.address, ALERT)
    found = await stage.chat.link_to(ref)
    if stage.chat.platform is Platform.SLACK:
        assert found
        assert found.startswith("https://")
        assert ref.message_id.replace(".", "") in found
        assert await stage.chat.link_to(ref) == found
        assert await stage.chat.link_to(replace(ref, message_id="1.000001")) is None
    else:
        assert found is None, "neither a terminal nor a private chat has addresses"
    assert len(handler.inbound) == 1


async def test_the_person_alone_with_the_bot_may_change_things(stage: Stage, handler: Handler) -> None:
    assert await stage.chat.may_change(handler.inbound[0])


async def test_check_says_who_we_are(stage: Stage) -> None:
    assert stage.chat.platform.value in (await stage.chat.check()).lower()


async def test_stop_is_safe_before_start_and_twice(stage: Stage) -> None:
    await stage.chat.stop()
    await stage.chat.stop()
    if stage.chat.platform is not Platform.CONSOLE:
        with pytest.raises(NotSentError):
            await stage.chat.send(stage.address, ALERT)
