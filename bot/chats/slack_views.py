"""Slack's surfaces beside messages, drawn and read: a form as a modal, an answer as a modal, the App Home. Pure.

Limits are those of docs.slack.dev/surfaces/modals and .../surfaces/app-home: a hundred blocks, 24 characters of title.
A view remembers where it was opened in its private metadata, which Slack keeps and sends back; nobody else can set it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.chats.chat import FilledForm, FormStep
from bot.chats.layout import cut_text
from bot.chats.message import Message, note
from bot.chats.slack_blocks import render_parts
from bot.limits import SLACK_BLOCKS_OF_VIEW, SLACK_HINT_CHARS, SLACK_OPTION_CHARS, SLACK_TITLE_CHARS
from bot.model import Address, Platform
from bot.speech import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.chats.message import Field, Form
    from bot.chats.slack_blocks import JsonObject

FORM: Final = "form"
"""The callback id of a modal that is a form."""
ANSWER: Final = "answer"
"""The callback id of a modal that only shows something."""

_NAME: Final = "Backstory"
_VALUE: Final = "value"
_MULTILINE_CHARS: Final = 300


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a view belongs. ``url`` is the response_url of what opened it; ``aside`` keeps its answers in modals."""

    chat: str
    thread: str | None = None
    url: str | None = None
    aside: bool = False

    @property
    def address(self) -> Address:
        """The chat that a view speaks for."""
        return Address(Platform.SLACK, self.chat, self.thread)


def form_view(form: Form, origin: Origin) -> JsonObject:
    """The form as a modal, its faults and remarks under what they are about."""
    blocks = [block for field in form.fields for block in _input(field)]
    if form.remarks:
        blocks += [{"type": "divider"}, *_blocks((Message(form.remarks),), SLACK_BLOCKS_OF_VIEW - len(blocks) - 1)]
    return {
        **_modal(form.title, origin, blocks, what=f"{form.action}:{form.argument}"),
        "callback_id": FORM,
        "submit": _plain(form.submit, SLACK_TITLE_CHARS),
        "close": _plain(_("Cancel"), SLACK_TITLE_CHARS),
    }


def answer_view(messages: Sequence[Message], origin: Origin) -> JsonObject:
    """Messages as a modal, for who pressed something where no message can be answered."""
    blocks = _blocks(messages, SLACK_BLOCKS_OF_VIEW)
    return {**_modal(_NAME, origin, blocks), "callback_id": ANSWER, "close": _plain(_("Close"), SLACK_TITLE_CHARS)}


def home_view(parts: Sequence[Message], origin: Origin) -> JsonObject:
    """The parts of the bot's own page, one under the other."""
    return {"type": "home", "private_metadata": _metadata(origin), "blocks": _blocks(parts, SLACK_BLOCKS_OF_VIEW)}


def faults_under(form: Form) -> dict[str, str]:
    """What is wrong, by the block that Slack is to show it under."""
    return {name: cut_text(fault, SLACK_HINT_CHARS) for name, fault in form.faults.items()}


# ---------------------------------------------------------------- read back


def origin_of(view: Mapping[str, Any]) -> Origin | None:
    """Where a view of ours was opened; None where it does not say, so is not ours."""
    kept = _kept(view)
    chat, thread, url = (kept.get(name) for name in ("chat", "thread", "url"))
    if not isinstance(chat, str) or not chat:
        return None
    return Origin(
        chat,
        thread if isinstance(thread, str) else None,
        url if isinstance(url, str) else None,
        aside=kept.get("aside") is True,
    )


def filled_in(view: Mapping[str, Any], step: FormStep) -> FilledForm | None:
    """What stands in a form's fields; None for what is no form of ours."""
    what = _kept(view).get("what")
    if view.get("callback_id") != FORM or not isinstance(what, str):
        return None
    action, _colon, argument = what.partition(":")
    values = _object(_object(view.get("state")).get("values"))
    typed = {str(name): _value(_object(_object(block).get(_VALUE))) for name, block in values.items()}
    return FilledForm(action, argument, typed, step)


def first_field(view: Mapping[str, Any]) -> str:
    """The block id of a form's first field: where what is wrong with no field in particular is shown."""
    blocks = view.get("blocks")
    listed = blocks if isinstance(blocks, list) else []
    return next((str(block.get("block_id")) for block in map(_object, listed) if block.get("type") == "input"), "")


def _value(element: Mapping[str, Any]) -> str:
    chosen = _object(element.get("selected_option")).get("value")
    typed = element.get("value")
    return chosen if isinstance(chosen, str) else typed if isinstance(typed, str) else ""


def _kept(view: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _object(json.loads(str(view.get("private_metadata") or "{}")))
    except ValueError:
        return {}


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


# ---------------------------------------------------------------- drawn


def _modal(title: str, origin: Origin, blocks: Sequence[JsonObject], *, what: str = "") -> JsonObject:
    return {
        "type": "modal",
        "title": _plain(title, SLACK_TITLE_CHARS),
        "private_metadata": _metadata(origin, what),
        "blocks": list(blocks),
    }


def _metadata(origin: Origin, what: str = "") -> str:
    return json.dumps({name: value for name, value in {**asdict(origin), "what": what}.items() if value})


def _input(field: Field) -> list[JsonObject]:
    """A field, and under it what is wrong: Slack itself shows that only after the form was sent.

    Its ids stay the same whenever the modal is drawn again, so that Slack leaves in it what the person typed.
    """
    block: JsonObject = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label, SLACK_HINT_CHARS),
        "element": _choice(field) if field.choices else _line(field),
        "optional": field.optional,
        "dispatch_action": field.watched,
    }
    if field.hint:
        block["hint"] = _plain(field.hint, SLACK_HINT_CHARS)
    if not field.fault:
        return [block]
    fault = {"type": "context", "elements": [_plain(f"⚠ {field.fault}", SLACK_HINT_CHARS)]}
    return [block, fault]


def _line(field: Field) -> JsonObject:
    element: JsonObject = {
        "type": "plain_text_input",
        "action_id": _VALUE,
        "max_length": field.most_chars,
        "multiline": field.most_chars > _MULTILINE_CHARS,
    }
    if field.value:
        element["initial_value"] = field.value[: field.most_chars]
    if field.watched:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


def _choice(field: Field) -> JsonObject:
    options = {value: {"text": _plain(label, SLACK_OPTION_CHARS), "value": value} for value, label in field.choices}
    element: JsonObject = {"type": "radio_buttons", "action_id": _VALUE, "options": list(options.values())}
    if field.value in options:
        element["initial_option"] = options[field.value]
    return element


def _blocks(messages: Sequence[Message], most: int) -> list[JsonObject]:
    """All messages as blocks, a line between those that have a heading; what is over ``most`` is left out, and said."""
    blocks: list[JsonObject] = []
    for message in messages:
        drawn = [block for part in render_parts(message) for block in part.blocks]
        if blocks and drawn[0]["type"] == "header":
            blocks.append({"type": "divider"})
        blocks += drawn
    if len(blocks) <= most:
        return blocks
    more = Message((note(_("There is more than fits here.")),))
    return [*blocks[: most - 1], *render_parts(more)[0].blocks]


def _plain(text: str, most: int) -> JsonObject:
    return {"type": "plain_text", "text": cut_text(text, most), "emoji": False}
