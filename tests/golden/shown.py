"""What a person saw, message by message, on any of the platforms: read off the requests that their doubles recorded."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.pipeline.people import ConsolePerson, SlackPerson, TelegramPerson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.doubles.bot_api import SentMessage
    from tests.doubles.slack_api import Call
    from tests.pipeline.people import Person

Json = Any
_PORT = re.compile(r"127\.0\.0\.1:\d+")
_SLACK_LINK = re.compile(r"<https://\w+\.slack\.com/[^|]*\|")  # it names the second of the test
_STYLES = {"bold": "**", "italic": "_", "code": "`"}
_CALLS = ("chat.postMessage", "chat.update", "chat.postEphemeral", "response", "views.open", "views.update")


@dataclass(frozen=True)
class Shown:
    """One thing that came up on the screen. ``how`` says whether it is new, where it hangs, or what it replaces."""

    how: str
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    request: Json = None

    def __str__(self) -> str:
        rows = "".join("\n  " + " ".join(f"[{label}]" for label in row) for row in self.buttons)
        return _PORT.sub("127.0.0.1:PORT", f"--- {self.how}\n{self.text}{rows}" if self.how else f"{self.text}{rows}")


def shown_by(person: Person) -> list[Shown]:
    """All that the person saw so far, in order."""
    match person:
        case ConsolePerson():
            return [Shown("", text.rstrip("\n"), (), text) for text in person.written if text.strip()]
        case TelegramPerson():
            return list(_on_telegram(person.api.journal))
        case SlackPerson():
            return list(_on_slack(person.api.journal))
    raise TypeError(person)


# ---------------------------------------------------------------- Telegram


def _on_telegram(journal: list[tuple[str, SentMessage]]) -> Iterator[Shown]:
    numbers: dict[int, int] = {}
    for kind, sent in journal:
        number = numbers.setdefault(sent.message_id, len(numbers) + 1)
        how = f"message {number}" if kind == "post" else f"message {number}, edited"
        if sent.reply_to in numbers and kind == "post":
            how += f", a reply to message {numbers[sent.reply_to]}"
        how += ", with a picture" if sent.photo else ", with a file" if sent.document else ""
        rows = tuple(tuple(str(key["text"]) for key in row) for row in sent.keyboard)
        yield Shown(how, sent.text, rows, sent)


# ---------------------------------------------------------------- Slack


def _on_slack(journal: list[Call]) -> Iterator[Shown]:
    numbers: dict[str, int] = {}
    for call in journal:
        if call.method not in _CALLS:
            continue
        body = call.body
        blocks = body["view"]["blocks"] if isinstance(body.get("view"), dict) else blocks_of(body)
        text = _SLACK_LINK.sub("<LINK|", "\n".join(lines_of(blocks)))
        yield Shown(_how(call, numbers), text, tuple(button_rows(blocks)), call)


def _how(call: Call, numbers: dict[str, int]) -> str:
    body = call.body
    if call.method == "response":
        return "only you see this" + (", in place of what you pressed" if body.get("replace_original") else "")
    in_thread = f", in the thread of message {numbers[body['thread_ts']]}" if body.get("thread_ts") in numbers else ""
    if call.method == "chat.postEphemeral":
        return f"only you see this{in_thread}"
    if call.method.startswith("views"):
        return f"a form ({call.method})"
    if call.method == "chat.update":
        return f"message {numbers.get(body['ts'])}, edited"
    number = numbers.setdefault(call.answer.get("ts", ""), len(numbers) + 1)
    return f"message {number}{in_thread}" + (
        ", shown in the channel too" if str(body.get("reply_broadcast")).lower() == "true" else ""
    )


def blocks_of(body: Json) -> list[Json]:
    """A request's blocks, which may be JSON in a form field."""
    blocks = body.get("blocks", [])
    return list(json.loads(blocks) if isinstance(blocks, str) else blocks)


def lines_of(blocks: list[Json]) -> Iterator[str]:
    """The text of blocks, a line each."""
    for block in blocks:
        match block["type"]:
            case "header" | "section":
                yield block["text"]["text"]
            case "context":
                yield " ".join(element["text"] for element in block["elements"])
            case "rich_text":
                yield from _rich(block["elements"])
            case "divider":
                yield "-----"
            case "image":
                yield f"(picture: {block['alt_text']})"
            case "input":
                yield f"{block['label']['text']}: {block['element'].get('initial_value', '')}"


def button_rows(blocks: list[Json]) -> Iterator[tuple[str, ...]]:
    """The labels of the buttons, a row a block."""
    for block in blocks:
        if block["type"] == "actions":
            yield tuple(element["text"]["text"] for element in block["elements"])


def _rich(elements: list[Json]) -> Iterator[str]:
    for element in elements:
        if element["type"] == "rich_text_list":
            for item in element["elements"]:
                yield "• " + "".join(map(_inline, item["elements"]))
        else:
            mark = {"rich_text_quote": "> ", "rich_text_preformatted": "    "}.get(element["type"], "")
            yield mark + "".join(map(_inline, element["elements"]))


def _inline(element: Json) -> str:
    text = element.get("text") or element.get("url", "")
    styles = [name for name, on in element.get("style", {}).items() if on]
    marks = "".join(_STYLES.get(name, "") for name in styles)
    return f"{marks}{text}{marks}"
