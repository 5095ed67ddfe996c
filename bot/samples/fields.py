"""Read a parsed YAML mapping field by field, with faults that name the place.

Job: types, presence and misspelt names of fields. It must not know what the fields mean.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator


class FieldError(ValueError):
    """What is wrong with the data, where: the text is for whoever edits the file."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


class Fields:
    """One mapping. ``where`` names it in faults; every method that reads a field raises FieldError if it is unfit."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise FieldError(where, f"must be a mapping of fields, not {type(value).__name__}")
        self.where = where
        self._value: dict[object, object] = value
        self._asked: set[str] = set()

    def text(self, key: str) -> str:
        """A text that is not blank, without the white space around it."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(f"{key} must be text")
        return value.strip()

    def optional_text(self, key: str) -> str | None:
        """The same, or None where the field is absent."""
        return self.text(key) if key in self._value else None

    def moment(self, key: str) -> datetime:
        """An aware date and time, in UTC."""
        value = self._take(key)
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.fail(f"{key} must be a date and time with its zone, like 2024-06-19T08:35:00Z")
        return value.astimezone(UTC)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, at least one."""
        values = self._list(key)
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.fail(f"{key} must be a list of texts")
        return tuple(str(value) for value in values)

    def rows(self, key: str) -> Iterator[Fields]:
        """A list of mappings, at least one; each is named by its ``id`` in faults, or by its number."""
        for number, row in enumerate(self._list(key), start=1):
            name = row.get("id") if isinstance(row, dict) else None
            yield Fields(row, f"{key}, {name or f'number {number}'}")

    def optional_fields(self, key: str) -> Fields | None:
        """A mapping, or None where the field is absent."""
        return Fields(self._take(key), f"{self.where}, {key}") if key in self._value else None

    def end(self) -> None:
        """Refuse fields that nobody asked for: they are misspelt ones."""
        if unknown := sorted(str(key) for key in self._value if key not in self._asked):
            self.fail(f"unknown field {', '.join(unknown)}")

    def fail(self, what: str) -> NoReturn:
        """Raise a FieldError about this mapping."""
        raise FieldError(self.where, what)

    def _take(self, key: str) -> object:
        self._asked.add(key)
        if key not in self._value:
            self.fail(f"{key} is missing")
        return self._value[key]

    def _list(self, key: str) -> list[object]:
        value = self._take(key)
        if not isinstance(value, list) or not value:
            self.fail(f"{key} must be a list with something in it")
        return value
