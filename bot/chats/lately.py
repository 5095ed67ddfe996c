"""What was seen within a span of time, so that the same is not heeded twice. In memory alone: a restart forgets it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Lately:
    """Names that were seen in the last ``span_s`` seconds, by a clock that nobody sets."""

    def __init__(self, span_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._span_s = span_s
        self._clock = clock
        self._seen_at_s: dict[str, float] = {}

    def age_s(self, name: str) -> float | None:
        """How long ago this name was first seen; None if that is now."""
        now_s = self._clock()
        # The order in which they came is the order in which they are forgotten.
        while self._seen_at_s and self._seen_at_s[oldest := next(iter(self._seen_at_s))] <= now_s - self._span_s:
            del self._seen_at_s[oldest]
        if name in self._seen_at_s:
            return now_s - self._seen_at_s[name]
        self._seen_at_s[name] = now_s
        return None

    def forget(self, name: str) -> None:
        """As if it had not been seen."""
        self._seen_at_s.pop(name, None)
