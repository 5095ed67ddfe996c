"""How near a sentence lies in meaning to the sentences that it goes back to, in whatever language each is.

A cosine says that two sentences tell of the same thing, never that they say the same of it: a changed number or an
exchanged pair of sides hardly moves it. So it may clear a sentence of having invented its words, and of nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.stories.encoder import Encoder

    Vector = NDArray[np.float32]

KEPT: Final = 2048
"""Vectors that are remembered for one check: each sentence of a summary is held against the same article."""


class Closeness:
    """Compares texts by an encoder; without one, or without a vector, nothing is known of them."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._vector: Callable[[str], Vector | None] = lru_cache(maxsize=KEPT)(lambda text: _vector(encoder, text))

    def of(self, text: str, others: Sequence[str]) -> tuple[float, ...] | None:
        """The cosine of a text with each of the others; None where there is no encoder."""
        own = self._vector(text)
        if own is None:
            return None
        vectors = [self._vector(other) for other in others]
        return tuple(0.0 if vector is None else float(own @ vector) for vector in vectors)

    def nearest(self, text: str, others: Sequence[str]) -> float | None:
        """The largest cosine with one of the others, or with all of them together."""
        together = (" ".join(others),) if len(others) > 1 else ()
        found = self.of(text, (*others, *together))
        return max(found, default=0.0) if found is not None else None

    def nearest_word(self, word: str, others: Iterable[str]) -> float:
        """The largest cosine of a word with one of the others; 1 where there is no encoder to say."""
        found = self.of(word, tuple(others))
        return 1.0 if found is None else max(found, default=0.0)


def _vector(encoder: Encoder | None, text: str) -> Vector | None:
    raw = encoder.vector(text) if encoder else b""
    if not raw:
        return None
    import numpy as np  # noqa: PLC0415 - a tenth of a second and 12 MB, for who has vectors

    values = np.frombuffer(raw, dtype=np.int8).astype(np.float32)
    return values / np.linalg.norm(values)
