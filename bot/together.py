"""Serves together what many callers ask for at the same time.

A query or a transaction costs nearly the same for one as for fifty. Whoever asks while one runs waits for the next,
which serves all who wait by then; while nothing runs, nobody waits. This module must not know what is asked.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from bot import logs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

log = logs.get(__name__)

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Calls ``serve`` with up to ``most`` of what is asked; it gives one answer for each, in their order.

    ``pause_s`` is how long the first waits for others.
    """

    def __init__(
        self, serve: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, most: int, pause_s: float = 0.0
    ) -> None:
        self._serve = serve
        self._most = most
        self._pause_s = pause_s
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def ask(self, asked: T) -> R:
        """The answer to this. Raises whatever ``serve`` raised of this one."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        self._waiting.append((asked, answer))
        if self._serving is None or self._serving.done():
            self._serving = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            if self._pause_s:
                await asyncio.sleep(self._pause_s)
            taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                await self._serve_all(taken)
            except BaseException as error:  # noqa: BLE001 - it goes to everybody who waits
                # This task itself is stopped: nobody must wait for it for ever.
                for _, answer in (*taken, *self._waiting):
                    _tell(answer, error)
                self._waiting = []
                return

    async def _serve_all(self, taken: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._serve([asked for asked, _ in taken])
        except Exception as error:  # noqa: BLE001 - it is whoever asked who judges it
            if len(taken) == 1:
                _tell(taken[0][1], error)
                return
            log.warning("what was asked together fails; one by one", asked=len(taken), reason=type(error).__name__)
        else:
            for (_, answer), given in zip(taken, answers, strict=True):
                if not answer.done():
                    answer.set_result(given)
            return
        # One that cannot be served must not keep the others from it.
        for one in taken:
            await self._serve_all([one])


def _tell(answer: asyncio.Future[R], error: BaseException) -> None:
    """Whoever asked may have gone."""
    if not answer.done():
        answer.set_exception(error)
