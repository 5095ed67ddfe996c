"""People on the three platforms, for tests of the whole bot: they write, press, and see what it shows.

The adapters are real; a console is a pipe, and Telegram and Slack are the doubles, which must find no fault at the end.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from bot.app import remote_chats
from bot.chats.console import ConsoleChat
from bot.chats.slack import SlackChat
from bot.model import Platform
from tests.doubles.bot_api import PNG_MAGIC, TOKEN, BotApi
from tests.doubles.slack_api import SIGNING_SECRET, SlackApi, web_api
from tests.shared_data import SHARED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.chats.chat import ChatPort
    from bot.settings import Settings


class Person(Protocol):
    """Somebody on a platform: writes, presses, and sees what the bot shows."""

    async def write(self, command: str) -> None: ...
    async def press(self, action: str) -> None: ...
    async def tap(self, label: str) -> None:
        """Press the newest button of this label."""
        ...

    def seen(self) -> str:
        """Everything that was shown so far, as plain text."""
        ...

    def pictures(self) -> bool:
        """Whether every picture that this platform can show has arrived whole; a console shows none."""
        ...


@dataclass
class ConsolePerson:
    input_fd: int
    written: list[str] = field(default_factory=list)

    async def write(self, command: str) -> None:
        os.write(self.input_fd, f"{command}\n".encode())

    async def press(self, action: str) -> None:
        lines = reversed(self.seen().splitlines())
        line = next(line for line in lines if f"/{action} " in line or f"/topics {action} " in line)
        await self.write("/" + line.rpartition("/")[2].strip())

    async def tap(self, label: str) -> None:
        line = next(line for line in reversed(self.seen().splitlines()) if line.strip().startswith(f"[{label}] /"))
        await self.write("/" + line.partition("] /")[2])

    def seen(self) -> str:
        return "".join(self.written)

    def pictures(self) -> bool:
        return True


@dataclass
class TelegramPerson:
    api: BotApi

    async def write(self, command: str) -> None:
        await self.api.say(command)

    async def press(self, action: str) -> None:
        for sent in reversed(self.api.sent):
            for key in (key for row in sent.keyboard for key in row):
                if str(key.get("callback_data", "")).startswith(f"{action}:"):
                    await self.api.press(sent, key["callback_data"])
                    return
        pytest.fail(f"no message has a button for {action}")

    async def tap(self, label: str) -> None:
        for sent in reversed(self.api.sent):
            for key in (key for row in sent.keyboard for key in row if key["text"] == label):
                await self.api.press(sent, key["callback_data"])
                return
        pytest.fail(f"no message has a button {label!r}")

    def seen(self) -> str:
        return "\n".join(
            "\n".join((sent.text, *(entity.get("url", "") for entity in sent.entities))) for sent in self.api.sent
        )

    def pictures(self) -> bool:
        return any(sent.photo.startswith(PNG_MAGIC) for sent in self.api.sent)


def _buttons(body: dict[str, Any], action: str) -> list[dict[str, Any]]:
    elements = [element for block in body.get("blocks", ()) for element in block.get("elements", ())]
    return [element for element in elements if str(element.get("value", "")).startswith(f"{action}:")]


@dataclass
class SlackPerson:
    api: SlackApi
    chat: SlackChat
    log: list[str] = field(default_factory=list)
    posts: int = 0
    responses: int = 0

    async def write(self, command: str) -> None:
        name, _, text = command.partition(" ")
        if name != "/topics":
            name, text = "/backstory", command.removeprefix("/")
        await self.api.deliver_command(self.chat.http_port or 0, self.api.command_fields(name, text))

    async def press(self, action: str) -> None:
        port = self.chat.http_port or 0
        for call in reversed(self.api.posts()):
            for element in _buttons(call.body, action):
                await self.api.deliver_press(port, self.api.press_body(call, element))
                return
        for answer in reversed(self.api.responses):
            for element in _buttons(answer, action):
                await self.api.deliver_press(port, self.api.whisper_press_body(element))
                return
        pytest.fail(f"no message has a button for {action}")

    async def tap(self, label: str) -> None:
        port = self.chat.http_port or 0
        for call in reversed(self.api.journal):
            elements = [element for block in call.body.get("blocks", ()) for element in block.get("elements", ())]
            for element in elements:
                if element.get("type") != "button" or element["text"]["text"] != label:
                    continue
                whispered = call.method in {"response", "chat.postEphemeral"}
                body = self.api.whisper_press_body(element) if whispered else self.api.press_body(call, element)
                await self.api.deliver_press(port, body)
                return
        pytest.fail(f"no message has a button {label!r}")

    def seen(self) -> str:
        # Posts and answers to commands arrive on two ways: keep them in the order in which they were seen.
        posts, responses = self.api.posts(), self.api.responses
        self.log += [str(call.body) for call in posts[self.posts :]] + [str(row) for row in responses[self.responses :]]
        self.posts, self.responses = len(posts), len(responses)
        return "\n".join(self.log)

    def pictures(self) -> bool:
        names = [file.name for file in self.api.files.values() if file.channel and file.data.startswith(PNG_MAGIC)]
        return "timeline.png" in names


@asynccontextmanager
async def console(base: Settings) -> AsyncIterator[tuple[Settings, dict[Platform, ChatPort], Person]]:
    reading, writing = os.pipe()
    person = ConsolePerson(writing)
    chat = ConsoleChat(write=person.written.append, input_fd=reading)
    try:
        yield base, {Platform.CONSOLE: chat}, person
    finally:
        os.close(writing)


@asynccontextmanager
async def telegram(base: Settings) -> AsyncIterator[tuple[Settings, dict[Platform, ChatPort], Person]]:
    spec = SHARED / "specs" / "telegram-bot-api.json"
    async with BotApi(spec if spec.exists() else None) as api:
        configured = replace(base, telegram_token=TOKEN, telegram_api_base_url=api.base_url)
        yield configured, remote_chats(configured), TelegramPerson(api)
        assert api.violations == []


@asynccontextmanager
async def slack(base: Settings) -> AsyncIterator[tuple[Settings, dict[Platform, ChatPort], Person]]:
    schemas = SHARED / "specs" / "slack"
    with web_api() as server:
        async with SlackApi(server, schemas if schemas.exists() else None) as api:
            configured = replace(
                base,
                slack_bot_token=api.token,
                slack_signing_secret=SIGNING_SECRET,
                slack_api_base_url=api.base_url,
                http_port=0,
            )
            chats = remote_chats(configured)
            chat = chats[Platform.SLACK]
            assert isinstance(chat, SlackChat)
            yield configured, chats, SlackPerson(api, chat)
            assert api.violations == []


async def shows(person: Person, *words: str, since: int = 0, timeout_s: float = 20) -> None:
    """Wait until the person sees all of these words, in what was shown after ``since`` characters."""
    try:
        async with asyncio.timeout(timeout_s):
            while not all(word in person.seen()[since:] for word in words):  # noqa: ASYNC110 - any condition
                await asyncio.sleep(0.02)
    except TimeoutError:
        missing = [word for word in words if word not in person.seen()[since:]]
        pytest.fail(f"never shown: {missing}; shown: {person.seen()[since:]}")
