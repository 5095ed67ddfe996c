"""The far ends: a Telegram and a Slack that live on while bots die, and keep what truly arrived, and when.

Slack's is a front that checks every payload, over a workspace of our own in memory: many channels, and history with its
metadata. A request that has arrived is carried out even if whoever sent it is dead by then.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.model import Address, Platform
from tests.doubles.bot_api import TOKEN, BotApi, too_many_requests
from tests.doubles.slack_api import SIGNING_SECRET, SlackApi

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIRST_CHAT = 7001
_BOT_ID = "B0BACKSTORY"
_PAGE = 200
_ANSWERS = {
    "auth.test": {
        "ok": True,
        "user": "backstory",
        "user_id": "U0BOT",
        "team": "Desk",
        "team_id": "T0",
        "bot_id": _BOT_ID,
    },
    "conversations.list": {"ok": True, "channels": [{"id": "C0", "name": "general"}]},
    "conversations.members": {"ok": True, "members": ["U1", "U2"]},
}

Json = Any


@dataclass(frozen=True)
class Arrival:
    """A message that a platform took. ``at`` is the machine's steady clock."""

    platform: Platform
    chat: str
    text: str
    at: float


class TelegramEnd(BotApi):
    """Telegram, with private chats. ``asked_to_wait`` is until when a chat must be left alone."""

    def __init__(self) -> None:
        super().__init__()
        self.latency_s = 0.02
        self.asked_to_wait: dict[int, float] = {}
        self._asked_at: dict[int, float] = {}
        self.too_soon: list[str] = []
        self.storms = 0
        self.storm_until = 0.0

    def open(self, count: int) -> list[Address]:
        """That many chats, to which the bot may write."""
        numbers = range(FIRST_CHAT, FIRST_CHAT + count)
        for number in numbers:
            self.open_private(number)
        return [Address(Platform.TELEGRAM, str(number)) for number in numbers]

    def environment(self) -> dict[str, str]:
        """What a bot needs to find it."""
        return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": self.base_url}

    def arrivals(self) -> list[Arrival]:
        """What arrived, in order."""
        return [Arrival(Platform.TELEGRAM, str(sent.chat), sent.text, sent.at) for sent in self.sent]

    def forget_unheard(self, since: float) -> None:
        """Whoever was asked to wait since then may have been killed before it could read that, or write it down."""
        for chat, asked_at in self._asked_at.items():
            if asked_at >= since:
                self.asked_to_wait.pop(chat, None)

    def _control_flood(self, chat: int) -> None:
        """In a storm every other message is refused, and its chat is to be left alone for a while."""
        now = time.monotonic()
        if now < self.asked_to_wait.get(chat, 0.0):
            self.too_soon.append(f"{chat}: {self.asked_to_wait[chat] - now:.3f} s too soon")
        if now < self.storm_until and len(self.calls) % 2:
            seconds = 1 + len(self.calls) // 2 % 3
            self.storms += 1
            self.asked_to_wait[chat], self._asked_at[chat] = now + seconds, now
            raise too_many_requests(seconds)
        super()._control_flood(chat)


@dataclass(frozen=True)
class Workspace:
    """What the front asks of the server behind it."""

    token: str = "xoxb-of-the-double"  # noqa: S105 - no secret
    base_url: str = ""


@dataclass
class _Post:
    ts: str
    channel: str
    text: str
    thread_ts: str | None
    at: float = field(default_factory=time.monotonic)

    def as_json(self) -> Json:
        thread = {} if self.thread_ts is None else {"thread_ts": self.thread_ts}
        return {"type": "message", "ts": self.ts, "text": self.text, "bot_id": _BOT_ID, **thread}


class SlackEnd(SlackApi):
    """Slack, with channels that the bot is in."""

    def __init__(self) -> None:
        super().__init__(Workspace())
        self.taken: list[_Post] = []
        self.looks = 0
        self.latency_s = 0.02

    def open(self, count: int) -> list[Address]:
        """That many channels."""
        return [Address(Platform.SLACK, f"C{number}") for number in range(FIRST_CHAT, FIRST_CHAT + count)]

    def environment(self) -> dict[str, str]:
        """What a bot needs to find it; it listens on any free port."""
        return {
            "SLACK_BOT_TOKEN": self.token,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_BASE_URL": self.base_url,
            "BACKSTORY_HTTP_PORT": "0",
        }

    def arrivals(self) -> list[Arrival]:
        """What arrived, in order."""
        return [Arrival(Platform.SLACK, post.channel, post.text, post.at) for post in self.taken]

    async def _forward(self, method: str, body: Json, headers: dict[str, str]) -> Json:
        del headers
        await asyncio.sleep(self.latency_s)
        match method:
            case "chat.postMessage":
                return self._take(body)
            case "conversations.history" | "conversations.replies":
                return self._show(body)
            case "chat.getPermalink":
                return {"ok": True, "permalink": f"https://desk.slack.com/{body['channel']}/p{body['message_ts']}"}
        if method not in _ANSWERS:
            self.violations.append(f"{method}: this workspace does not know it")
        return _ANSWERS.get(method, {"ok": False, "error": "unknown_method"})

    def _take(self, body: Json) -> Json:
        # The other text is for notifications, and may be shorter than what is shown.
        shown = (
            "\n".join(line for block in body["blocks"] for line in _lines(block))
            if body.get("blocks")
            else body["text"]
        )
        post = _Post(f"{time.time():.0f}.{len(self.taken):06d}", body["channel"], shown, body.get("thread_ts"))
        self.taken.append(post)
        return {"ok": True, "channel": post.channel, "ts": post.ts, "message": post.as_json()}

    def _show(self, body: Json) -> Json:
        self.looks += 1
        thread, oldest = body.get("ts"), float(body.get("oldest", 0))
        mine = [post for post in self.taken if post.channel == body["channel"] and float(post.ts) >= oldest]
        if thread is not None:
            mine = [post for post in mine if thread in (post.ts, post.thread_ts)]
        start = int(body.get("cursor") or 0)
        page = mine[::-1][start : start + _PAGE]
        more = str(start + _PAGE) if len(mine) > start + _PAGE else ""
        return {"ok": True, "messages": [one.as_json() for one in page], "response_metadata": {"next_cursor": more}}


def _lines(part: Json) -> Iterator[str]:
    """What a block, or a part of one, shows; buttons apart."""
    if isinstance(part.get("text"), dict):
        yield part["text"]["text"]
    elif part["type"] in {"rich_text", "rich_text_list"}:
        for inner in part["elements"]:
            yield from _lines(inner)
    elif part["type"] != "actions":
        yield "".join(inner["text"] for inner in part.get("elements", ()))


def in_order(*ends: Sequence[Arrival]) -> list[Arrival]:
    """All that arrived anywhere, by the moment."""
    return sorted((one for end in ends for one in end), key=lambda one: one.at)
