"""How near two entries lie in meaning, by their vectors, whatever their languages.

Entries of one topic all mean much the same, and those of one language lie together whatever they say. So the mean of
the candidates at hand is taken away first, for each language its own. Estimated anew for each entry: nothing is stored.
Where all the coverage is known, the mean of those that lie near tells more: other topics' would blur it.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from bot.model import Entry, Fingerprint

    Vector = NDArray[np.float32]

PRIOR: Final = 4.0
"""Imagined entries at zero behind each mean: two entries alone have no topic in common that could be told apart."""
NEAR: Final = 0.35
"""The cosine from which a candidate of the same language is taken to be of the same topic. Found on ECB+."""


class Meanings:
    """Compares one entry's vector with those of its candidates."""

    def __init__(self, entry: Entry, fp: Fingerprint, pool: Iterable[tuple[Entry, Fingerprint]]) -> None:
        self._own = _unit(fp.vector)
        self._means: dict[str, Vector] = {}
        self._overall: Vector | None = None
        if self._own is None:
            return
        import numpy as np  # noqa: PLC0415 - a tenth of a second and 12 MB, for who has vectors

        sums: defaultdict[str, list[Vector]] = defaultdict(list)
        sums[entry.lang].append(self._own)
        for past, other in pool:
            vector = _unit(other.vector)
            if vector is not None and len(vector) == len(self._own):
                sums[past.lang].append(vector)
        total = sum(len(vectors) for vectors in sums.values())
        totals = {lang: np.sum(vectors, axis=0) for lang, vectors in sums.items()}
        self._overall = np.sum(list(totals.values()), axis=0) / (total + PRIOR)
        self._native = sums[entry.lang]  # the entry's own comes first
        self._lang = entry.lang
        for lang, vectors in sums.items():
            self._means[lang] = (totals[lang] + PRIOR * self._overall) / (len(vectors) + PRIOR)
        self._apart = self._own - self._means[entry.lang]

    @cached_property
    def _topic(self) -> Vector:
        """The mean of those of the entry's language that lie near it; where few do, near the language's mean."""
        import numpy as np  # noqa: PLC0415 - a tenth of a second and 12 MB, for who has vectors

        near = [vector for vector in self._native if float(self._native[0] @ vector) >= NEAR]
        topic: Vector = (np.sum(near, axis=0) + PRIOR * self._means[self._lang]) / (len(near) + PRIOR)
        return topic

    def compare(self, past: Entry, fp: Fingerprint, *, near: bool = False) -> tuple[float, float] | None:
        """The cosine of the two vectors, and that of what sets each apart; None if one of them has no vector.

        ``near`` sets two entries of one language apart from those near the first, not from all of that language.
        """
        other = _unit(fp.vector)
        if self._own is None or self._overall is None or other is None or len(other) != len(self._own):
            return None
        if near:
            return _cosine(self._own, other), _cosine(self._own - self._topic, other - self._topic)
        return _cosine(self._own, other), _cosine(self._apart, other - self._means.get(past.lang, self._overall))


def _unit(vector: bytes) -> Vector | None:
    if not vector:
        return None
    import numpy as np  # noqa: PLC0415 - a tenth of a second and 12 MB, for who has vectors

    values = np.frombuffer(vector, dtype=np.int8).astype(np.float32)
    return values / (np.linalg.norm(values) or 1.0)


def _cosine(left: Vector, right: Vector) -> float:
    import numpy as np  # noqa: PLC0415 - a tenth of a second and 12 MB, for who has vectors

    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / size if size else 0.0
