"""What Slack sends, as ``Inbound`` values: slash commands, mentions, direct messages and button presses. Pure.

Payload shapes are those of docs.slack.dev: slash commands are form fields, events and presses JSON objects. Anything
unexpected is no command: the payload was signed by Slack, but a person wrote the text in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.chats.chat import Happening, Inbound
from bot.chats.slack_blocks import LINK_ACTION, NAMESPACE
from bot.model import Address, MessageRef, Platform

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Payload = dict[str, Any]

FILE_SHARE: Final = "file_share"
"""The subtype of a message that brings files (docs.slack.dev/reference/events/message/file_share)."""

_SAID: Final = ("", FILE_SHARE, "thread_broadcast")
"""The subtypes of what a person says, the last one in a thread and to the channel as well; others tell of messages."""

_OF_MEMBERS: Final = frozenset({"member_left_channel", "member_joined_channel"})
HAPPENINGS: Final = {
    "channel_archive": Happening.GONE,
    "channel_deleted": Happening.GONE,
    "channel_id_changed": Happening.MOVED,
    "channel_left": Happening.GONE,
    "channel_rename": Happening.RENAMED,
    "channel_unarchive": Happening.BACK,
    "group_archive": Happening.GONE,
    "group_deleted": Happening.GONE,
    "group_left": Happening.GONE,
    "group_rename": Happening.RENAMED,
    "group_unarchive": Happening.BACK,
    "member_joined_channel": Happening.BACK,
    "member_left_channel": Happening.GONE,
}
"""Events of public (channel) and private (group) channels: docs.slack.dev/reference/events."""

_WHY: Final = {
    "archive": "the channel was archived",
    "deleted": "the channel was deleted",
    "left": "I was removed from the channel",
}
_KINDS: Final = frozenset({"privategroup", "directmessage"})
"""What commands and presses call each private channel and each direct message."""

_MENTION: Final = re.compile(r"<@(?P<id>[UWB][A-Z0-9]+)(?:\|[^<>]*)?>")
_REFERENCE: Final = re.compile(r"<(?P<mark>[#!@]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


@dataclass(frozen=True, slots=True)
class SlackFile:
    """A file as a message names it: ``url`` is for whoever has the bot's token."""

    name: str
    size_bytes: int
    url: str


def from_command(payload: Mapping[str, Any]) -> Inbound:
    """A slash command: ``/topics add x``, or ``/backstory topics add x`` for the same."""
    name = str(payload.get("command", ""))
    words = plain_text(str(payload.get("text", "")))
    text = _as_command(words) or "/help" if name == NAMESPACE else f"{name} {words}".strip()
    channel = str(payload.get("channel_id", ""))
    return Inbound(
        Address(Platform.SLACK, channel),
        user_id=str(payload.get("user_id", "")),
        text=text,
        chat_title=_title(payload.get("channel_name")),
        private=is_direct(channel),
    )


def from_mention(event: Payload, ours: Collection[str]) -> Inbound | None:
    """``@backstory topics add x`` in a channel; ``ours`` are the ids that the bot goes by.

    In a direct message the same event comes as a message too.
    """
    channel = str(event.get("channel", ""))
    if is_direct(channel) or "user" not in event:
        return None
    text = plain_text(_said_to(ours, str(event.get("text", ""))))
    return _from_message(event, _as_command(text) or "/help")


def _said_to(ours: Collection[str], text: str) -> str:
    """The words behind the bot's name, or where there are none those before it.

    Where none of the ids is known as the bot's, the first one is.
    """
    named = list(_MENTION.finditer(text))
    first = next((one for one in named if one["id"] in ours), named[0] if named else None)
    if first is None:
        return text
    behind = _MENTION.sub(lambda one: " " if one["id"] == first["id"] else one[0], text[first.end() :])
    return behind.strip(" ,:") or text[: first.start()]


def from_direct_message(event: Payload, commands: Collection[str]) -> Inbound | None:
    """A message to the bot alone: a command where its first word is one of ``commands``, else talk."""
    by_a_person = event.get("channel_type") == "im" and "user" in event and "bot_id" not in event
    text = plain_text(_MENTION.sub(" ", str(event.get("text", ""))))
    subtype = event.get("subtype") or ""
    if not by_a_person or subtype not in _SAID or not (text or subtype == FILE_SHARE):
        return None
    first = text.split(maxsplit=1)[0].lower() if text else ""
    return _from_message(event, _as_command(text) if first in commands else text)


def files_of(event: Payload) -> list[SlackFile]:
    """The files that came with a message, as far as Slack says where they are."""
    listed = event.get("files")
    found = [file for file in listed if isinstance(file, dict)] if isinstance(listed, list) else []
    return [
        SlackFile(str(file.get("name") or "file"), file["size"] if isinstance(file.get("size"), int) else 0, url)
        for file in found
        if isinstance(url := file.get("url_private_download") or file.get("url_private"), str)
    ]


def from_press(payload: Payload) -> Inbound | None:
    """A pressed button; None for buttons that open a page, and for any that is not ours."""
    actions = payload.get("actions")
    action = _object(actions[0]) if isinstance(actions, list) and actions else {}
    container, message = _object(payload.get("container")), _object(payload.get("message"))
    within = _object(payload.get("channel"))
    data, channel = _string(action.get("value")), _string(within.get("id") or container.get("channel_id"))
    message_ts = _string(message.get("ts") or container.get("message_ts"))
    if not (data and channel and message_ts) or action.get("action_id") == LINK_ACTION:
        return None
    thread = _string(message.get("thread_ts") or container.get("thread_ts")) or None
    address = Address(Platform.SLACK, channel, thread if thread != message_ts else None)
    return Inbound(
        address,
        user_id=str(_object(payload.get("user")).get("id", "")),
        data=data,
        chat_title=_title(within.get("name")),
        private=is_direct(channel),
        replied_to=MessageRef(address, message_ts),
    )


def from_event(event: Payload, ours: Collection[str]) -> Inbound | None:
    """What became of a channel, or of the bot in it; ``ours`` are the ids that the bot goes by. None for other events.

    Slack tells of every public channel: whether it is one of ours is for whoever knows them.
    """
    kind = _string(event.get("type"))
    happening = HAPPENINGS.get(kind)
    if kind in _OF_MEMBERS and event.get("user") not in ours:
        return None
    within = event.get("channel")
    channel = _string(_object(within).get("id")) or _string(within) or _string(event.get("old_channel_id"))
    moved_to = _string(event.get("new_channel_id"))
    if happening is None or not channel or (happening is Happening.MOVED and not moved_to):
        return None
    # Who invited the bot is told what to do next; where nobody is named, nobody is told.
    inviter = _string(event.get("inviter"))
    if kind == "member_joined_channel" and inviter:
        happening = Happening.JOINED
    return Inbound(
        Address(Platform.SLACK, channel),
        user_id=inviter or _string(event.get("user")),
        text=_why(kind) if happening is Happening.GONE else "",
        chat_title=_string(_object(within).get("name")),
        private=is_direct(channel),
        happening=happening,
        moved_to=Address(Platform.SLACK, moved_to) if moved_to else None,
    )


def _why(kind: str) -> str:
    """What an event says has happened, in words; the names of events end, or begin, with it."""
    return next((words for name, words in _WHY.items() if name in kind), kind)


def bot_ids(body: Payload) -> frozenset[str]:
    """The user ids that the bot goes by in the workspaces for which an event was sent."""
    listed = body.get("authorizations")
    found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return frozenset(_string(each.get("user_id")) for each in found if each.get("is_bot")) - {""}


def is_request(body: object) -> bool:
    """Whether a request has the frame that Slack's have: the SDK looks into it without asking."""
    if not isinstance(body, dict) or not isinstance(body.get("type", ""), str):
        return False
    framed = {name: body[name] for name in ("event", "view", "user", "team", "container") if body.get(name) is not None}
    if not all(isinstance(value, dict | str) for value in framed.values()):
        return False
    match body.get("type"):
        case "event_callback":
            event = _object(body.get("event"))
            return isinstance(event.get("type"), str) and isinstance(event.get("subtype") or "", str)
        case "block_actions":
            actions = body.get("actions")
            return isinstance(actions, list) and bool(actions) and all(map(_is_action, actions))
        case "view_submission" | "view_closed":
            view = _object(body.get("view"))
            return all(isinstance(view.get(name), str) for name in ("type", "callback_id"))
        case _:
            return True


def _is_action(action: object) -> bool:
    parts = _object(action)
    return isinstance(parts.get("action_id"), str) and all(
        isinstance(parts.get(n, ""), str) for n in ("type", "block_id")
    )


def event_id(body: Payload) -> str:
    """What an event is known by where Slack tells it again; "" where it has no id."""
    number = _string(body.get("event_id"))
    return f"slack:{number}:{body.get('event_time', '')}" if number else ""


def is_direct(channel: str) -> bool:
    """Whether a channel id is that of a direct message."""
    return channel.startswith("D")


def plain_text(text: str) -> str:
    """What the person typed: Slack wraps addresses and names in angle brackets and escapes ``& < >``."""

    def unwrapped(match: re.Match[str]) -> str:
        label = match["label"] or match["target"]
        return {"#": f"#{label}", "@": f"@{label}", "!": f"@{label}"}.get(match["mark"], match["target"])

    unwrapped_text = _REFERENCE.sub(unwrapped, text)
    return unwrapped_text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _object(value: object) -> Payload:
    """The JSON object; an empty one for what is none."""
    return value if isinstance(value, dict) else {}


def _string(value: object) -> str:
    """The text; "" for what is none."""
    return value if isinstance(value, str) else ""


def _title(name: object) -> str:
    """What a channel is called; "" where Slack names its kind alone."""
    title = _string(name)
    return "" if title in _KINDS else title


def _as_command(text: str) -> str:
    return f"/{text.removeprefix('/')}" if text else ""


def _from_message(event: Payload, text: str) -> Inbound:
    channel = str(event.get("channel", ""))
    thread = _string(event.get("thread_ts"))
    root = thread if thread and thread != event.get("ts") else None
    return Inbound(
        Address(Platform.SLACK, channel, root),
        user_id=str(event.get("user", "")),
        text=text,
        private=is_direct(channel),
        replied_to=MessageRef(Address(Platform.SLACK, channel), root) if root else None,
    )
