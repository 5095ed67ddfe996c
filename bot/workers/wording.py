"""The words of an alert as one chat gets them: its own, or a language model's that the check let pass.

Asked once for each summary and language, outside any transaction and before the message is begun; what came of it is
stored before it is shown, so that an edit or a repeat says the same. Whatever goes wrong means the alert's own words.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from bot import logs
from bot.errors import FetchError
from bot.stories.wording import Worded, messages, read_answer, sources_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.clock import Clock
    from bot.model import Alert, Entry
    from bot.store.port import Store
    from bot.stories.encoder import Encoder

log = logs.get(__name__)

DEADLINE_S: Final = 6.0
"""How long an alert may wait for better words."""
REST_S: Final = 300.0
FAILURES_BEFORE_REST: Final = 3
COUNTED: Final = "llm"
"""Counters are called ``llm.used`` and ``llm.refused.REASON``."""


class Model(Protocol):
    """A language model, as this module needs it."""

    async def answer(self, messages: Sequence[Mapping[str, str]], *, timeout_s: float) -> str:
        """The text of its answer. Raises FetchError."""
        ...


class Wording:
    """Gives alerts a model's words. One for the whole process; a model that fails again and again is left in peace."""

    def __init__(
        self,
        store: Store,
        model: Model,
        clock: Clock,
        *,
        encoder: Encoder | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._store = store
        self._model = model
        self._clock = clock
        self._encoder = encoder
        self._deadline_s = deadline_s
        self._failed_at: deque[float] = deque(maxlen=FAILURES_BEFORE_REST)

    async def __call__(self, alert: Alert, lang: str) -> Alert:
        """The alert with its summary in ``lang`` and in better words; unchanged if there are none. Never raises."""
        if not alert.summary:
            return alert
        try:
            known = await self._store.wording(alert.entry_id, alert.summary, lang)
            if known is None:
                known = await self._asked(alert, lang)
        except Exception:
            # An alert without better words is as good as it was: it must go out.
            log.exception("no better words for an alert", alert_id=alert.id)
            return alert
        return replace(alert, summary=known) if known else alert

    async def _asked(self, alert: Alert, lang: str) -> str | None:
        """The model's words, stored; "" where they were refused, None where nobody was asked."""
        entry = await self._store.entry(alert.entry_id)
        if entry is None or self._is_resting():
            return None
        worded = await self._ask(entry, lang)
        return await self._store.keep_wording(
            alert.entry_id, alert.summary, lang, worded.text, counter=_counter(worded)
        )

    async def _ask(self, entry: Entry, lang: str) -> Worded:
        sources = sources_of(entry)
        if not sources:
            return Worded("", "answer")
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await self._model.answer(messages(sources, lang), timeout_s=self._deadline_s)
        except (FetchError, TimeoutError) as error:
            self._failed_at.append(self._clock.now().timestamp())
            log.warning("the language model did not answer", reason=str(error) or "too slow")
            return Worded("", "failed")
        self._failed_at.clear()
        worded = await asyncio.to_thread(read_answer, answer, sources, lang, encoder=self._encoder)
        if worded.refused:
            log.info("a summary was refused", entry_id=entry.id, reason=worded.refused)
        return worded

    def _is_resting(self) -> bool:
        """Whether the last requests all failed, not long ago: then no alert waits for another."""
        if len(self._failed_at) < FAILURES_BEFORE_REST:
            return False
        return self._clock.now().timestamp() - self._failed_at[-1] < REST_S


def _counter(worded: Worded) -> str:
    return f"{COUNTED}.refused.{worded.refused}" if worded.refused else f"{COUNTED}.used"
