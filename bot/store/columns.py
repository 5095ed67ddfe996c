"""Column types that read back exactly what was written, on SQLite and PostgreSQL alike. Must not know any table."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.types import TypeDecorator

from bot.seal import Seal, is_sealed

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def clean_text(value: str) -> str:
    """Text that both databases take: without NUL (PostgreSQL refuses it), lone surrogates replaced (not UTF-8)."""
    if "\x00" in value:
        value = value.replace("\x00", "")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    return value


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime as whole microseconds since 1970, UTC: exact, sortable, the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Microseconds; a naive datetime is a mistake of the caller and raises TypeError."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """The datetime, in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class PlainText(TypeDecorator[str]):
    """Text from anywhere, see ``clean_text``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """The text without what the databases refuse."""
        return None if value is None else clean_text(value)


class SealedText(TypeDecorator[str]):
    """Text that is sealed where it is a secret and the database has a key, see ``use_seal``.

    What cannot be opened is read as it is kept. ``column`` names the place that it is sealed for.
    """

    impl = Text
    cache_ok = True

    def __init__(self, column: str, is_secret: Callable[[str], bool]) -> None:
        super().__init__()
        self.column = column
        self.is_secret = is_secret

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text without what the databases refuse, sealed if need be."""
        if value is None:
            return None
        text = clean_text(value)
        return _seal_of(dialect).close(self.column, text) if self.is_secret(text) else text

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The text; as it is kept where no key opens it."""
        if value is None or not is_sealed(value):
            return value
        text = _seal_of(dialect).open(self.column, value)
        return value if text is None else text


_seals: Final[WeakKeyDictionary[Dialect, Seal]] = WeakKeyDictionary()
_NO_SEAL: Final = Seal()


def use_seal(dialect: Dialect, seal: Seal) -> None:
    """Let this seal close and open what goes through a dialect; each engine has one of its own."""
    _seals[dialect] = seal


def _seal_of(dialect: Dialect) -> Seal:
    return _seals.get(dialect, _NO_SEAL)


class Json(TypeDecorator[Any]):
    """A small value of lists, mappings, texts and numbers, as compact JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Compact JSON."""
        return clean_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - JSON is of any shape; the signature is SQLAlchemy's
        """The value, with lists for tuples."""
        return None if value is None else json.loads(value)


Id = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit id; SQLite numbers rows itself only in columns that are spelt INTEGER, which are 64 bits wide there too."""
