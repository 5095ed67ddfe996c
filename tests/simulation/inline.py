"""One thread: what would be handed to threads runs where it is asked for, so that a day is fast and always the same.

Handing each statement to a database's thread and back costs more than the statement itself, and in which order threads
answer is nobody's to say.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiosqlite import Connection

from bot import bulk

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from contextlib import AbstractContextManager


class _AtOnce:
    """In the place of a connection's queue: carries out what is put in, and keeps nothing."""

    def put_nowait(self, item: tuple[asyncio.Future[Any] | None, Callable[[], object]]) -> None:
        future, function = item
        try:
            result = function()
        except Exception as error:  # noqa: BLE001 - it goes to whoever asked
            if future is not None:
                future.set_exception(error)
        else:
            if future is not None:
                future.set_result(result)


def _await(self: Connection) -> Generator[Any, None, Connection]:
    """Connect without a thread."""
    self._tx = _AtOnce()  # type: ignore[assignment]  # all that is asked of a queue here
    return self._connect().__await__()


async def _here(function: Callable[..., Any], /, *args: object, **kwargs: object) -> Any:  # noqa: ANN401 - whatever it returns
    return function(*args, **kwargs)


@contextmanager
def changed(*changes: tuple[Any, str, Any]) -> Iterator[None]:
    """As long as this lasts, each holder has something else under that name."""
    kept = [(holder, name, getattr(holder, name)) for holder, name, _ in changes]
    for holder, name, instead in changes:
        setattr(holder, name, instead)
    try:
        yield
    finally:
        for holder, name, original in kept:
            setattr(holder, name, original)


def single_threaded() -> AbstractContextManager[None]:
    """As long as this lasts, SQLite, ``asyncio.to_thread`` and the bulk lane work in the calling thread."""
    return changed((Connection, "__await__", _await), (asyncio, "to_thread", _here), (bulk, "run", _here))
