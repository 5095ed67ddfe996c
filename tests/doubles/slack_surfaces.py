"""Slack's modals and home pages on localhost: kept as they are drawn, and sent back as a person fills them in."""

from __future__ import annotations

import json
import time
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

import jsonschema

from tests.doubles import block_kit

if TYPE_CHECKING:
    from pathlib import Path

Json = Any


class SlackSurfaces:
    """The part of the front that knows views. ``views`` holds each as it stands now, by its id."""

    user = ""

    def __init__(self) -> None:
        self.team = "T0001"
        self.views: dict[str, Json] = {}
        self.violations: list[str] = []
        self._triggers = count(1)

    def trigger_id(self) -> str:
        """What Slack knows a command or a press by: never the same twice."""
        return f"1.2.{next(self._triggers)}"

    def view_body(self, kind: str, view: Json, **more: Json) -> Json:
        """Something that happened in a view: ``block_actions`` or ``view_submission``."""
        return {
            "type": kind,
            "team": {"id": self.team, "domain": "desk"},
            "user": {"id": self.user, "username": "ada", "name": "ada", "team_id": self.team},
            "api_app_id": "A0001",
            "token": "blank",
            "trigger_id": self.trigger_id(),
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            **more,
        }

    def view_press_body(self, view: Json, element: Json) -> Json:
        """A pressed button in a modal or on the home page."""
        return self.view_body(
            "block_actions", view, actions=[{**element, "block_id": "b1", "action_ts": f"{time.time():.6f}"}]
        )

    def typed(self, view: Json, values: dict[str, str]) -> Json:
        """A modal as it comes back with this in its fields; the others as they were drawn."""
        state = {}
        for block in (block for block in view["blocks"] if block["type"] == "input"):
            element = block["element"]
            chosen = element.get("initial_option", {}).get("value")
            text = values.get(block["block_id"], chosen or element.get("initial_value"))
            shown: Json = {"type": element["type"]}
            if element["type"] == "radio_buttons":
                shown["selected_option"] = next((one for one in element["options"] if one["value"] == text), None)
            else:
                shown["value"] = text or None
            state[block["block_id"]] = {element["action_id"]: shown}
        return {**view, "state": {"values": state}}

    def change_body(self, view: Json, values: dict[str, str]) -> Json:
        """A change in one field of a modal, with what stands in all of them."""
        (changed,) = values
        action = {"type": "plain_text_input", "block_id": changed, "action_id": "value", "value": values[changed]}
        return self.view_body("block_actions", self.typed(view, values), actions=[action])

    def show_view(self, body: Json) -> Json:
        """A view opens under a new id, is drawn anew under its own, and a person has one home page."""
        if "view_id" in body and body["view_id"] not in self.views:
            return {"ok": False, "error": "not_found"}
        drawn = json.loads(body["view"]) if isinstance(body["view"], str) else body["view"]
        view_id = body.get("view_id") or (f"V-{body['user_id']}" if "user_id" in body else f"V{len(self.views) + 1:04}")
        self.views[view_id] = {**drawn, "id": view_id, "hash": f"{time.time():.6f}.1"}
        return {"ok": True, "view": self.views[view_id]}

    def check_view(self, view: Json, schemas: Path | None) -> None:
        """Keep what Slack would not take in a view."""
        self.violations += block_kit.view_faults(view)
        if schemas is not None:
            found = validator(schemas / "Blocks.schema.json").iter_errors(view["blocks"])
            self.violations += [error.message[:200] for error in found]


@cache
def validator(path: Path) -> Any:  # noqa: ANN401 - the library has no types
    """A schema of ours, read once."""
    return jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8")))
