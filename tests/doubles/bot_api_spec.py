"""Holds a Bot API request against the machine-readable description of the Bot API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Json = Any

_SCALARS: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "String": str,
    "Boolean": bool,
    "True": bool,
}


class SpecError(AssertionError):
    """A request that the Bot API's description does not allow."""


class BotApiSpec:
    """Methods and types of the Bot API: which there are, which fields each requires and allows, of which types."""

    def __init__(self, path: Path) -> None:
        description = json.loads(path.read_text(encoding="utf-8"))
        self._methods: dict[str, Any] = description["methods"]
        self._types: dict[str, Any] = description["types"]

    def check(self, method: str, form: Mapping[str, str]) -> None:
        """Raise SpecError unless the method takes these form fields (nested values as JSON, as the API has it)."""
        if method not in self._methods:
            message = f"{method}: no such method"
            raise SpecError(message)
        self._check_fields(method, self._methods[method].get("fields", []), dict(form), from_form=True)

    def _check_fields(self, where: str, fields: list[Any], values: dict[str, Any], *, from_form: bool = False) -> None:
        known = {field["name"]: field for field in fields}
        if unknown := values.keys() - known.keys():
            message = f"{where}: unknown fields {sorted(unknown)}"
            raise SpecError(message)
        check = self._form_value_is_a if from_form else self._is_a
        for name, field in known.items():
            if name not in values:
                if field["required"]:
                    message = f"{where}: {name} is missing"
                    raise SpecError(message)
                continue
            value = values[name]
            if not any(check(value, kind) for kind in field["types"]):
                message = f"{where}: {name} = {value!r} is none of {field['types']}"
                raise SpecError(message)

    def _form_value_is_a(self, value: str, kind: str) -> bool:
        if kind in ("String", "InputFile"):
            return True
        try:
            return self._is_a(json.loads(value), kind)
        except ValueError:
            return False

    def _is_a(self, value: Json, kind: str) -> bool:
        if kind.startswith("Array of "):
            inner = kind.removeprefix("Array of ").split(" and ")
            return isinstance(value, list) and all(any(self._is_a(item, one) for one in inner) for item in value)
        if kind in _SCALARS:
            return isinstance(value, _SCALARS[kind]) and (kind in ("Boolean", "True") or not isinstance(value, bool))
        description = self._types.get(kind)
        if description is None or not isinstance(value, dict):
            return False
        if subtypes := description.get("subtypes"):
            return any(self._is_a(value, subtype) for subtype in subtypes)
        # A wrong field of the right object is worth its own message, so this raises instead of answering False.
        self._check_fields(kind, description.get("fields", []), value)
        return True
