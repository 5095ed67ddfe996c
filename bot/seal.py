"""Sealing what a copy of the database must not give away. Must not know where anything is kept."""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.fernet import Fernet

_MARK: Final = "sealed:"


def is_sealed(kept: str) -> bool:
    """Whether this is sealed; no address of a feed and no token of Slack's looks so."""
    return kept.startswith(_MARK)


class State(StrEnum):
    """How a secret is kept."""

    CLEAR = "clear"
    SEALED = "sealed"  # with the first key
    STALE = "stale"  # with a key behind the first
    SHUT = "shut"  # with a key that is not set


class Seal:
    """Seals texts with the first of ``keys`` and opens them with any; without keys a text stands as it is.

    Fernet (AES-128 in CBC mode, HMAC-SHA256) of the cryptography library; a key may be any text that nobody can guess.
    What is sealed for one ``owner`` does no good in another's place.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = tuple(keys)
        self._made: tuple[Fernet, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether there is a key."""
        return bool(self._keys)

    def close(self, owner: str, text: str) -> str:
        """The text as it is to be kept: sealed, differently each time."""
        if not self._keys or is_sealed(text):
            return text
        return _MARK + self._fernets()[0].encrypt(f"{owner}\n{text}".encode()).decode()

    def open(self, owner: str, kept: str) -> str | None:
        """The text; None where it was sealed for another owner, or with a key that is not here."""
        return self._opened(owner, kept)[0]

    def state(self, owner: str, kept: str) -> State:
        """How a secret is kept."""
        if not is_sealed(kept):
            return State.CLEAR
        text, place = self._opened(owner, kept)
        return State.SHUT if text is None else State.STALE if place else State.SEALED

    def renewed(self, owner: str, kept: str) -> str | None:
        """What is to be kept instead: sealed with the first key; None where nothing is to be done, or can be."""
        text, place = self._opened(owner, kept)
        stale = place > 0 or not is_sealed(kept)
        return self.close(owner, text) if self._keys and stale and text is not None else None

    def _opened(self, owner: str, kept: str) -> tuple[str | None, int]:
        """The text, and which of the keys has opened it."""
        if not is_sealed(kept):
            return kept, 0
        if self._keys:
            from cryptography.fernet import InvalidToken  # noqa: PLC0415 - slow to import, and not always needed

            for place, fernet in enumerate(self._fernets()):
                try:
                    sealed_for, _, text = fernet.decrypt(kept.removeprefix(_MARK)).decode().partition("\n")
                except (InvalidToken, ValueError):  # the latter where it is not even ASCII
                    continue
                return (text if sealed_for == owner else None), place
        return None, 0

    def _fernets(self) -> tuple[Fernet, ...]:
        if not self._made:
            from cryptography.fernet import Fernet  # noqa: PLC0415 - slow to import, and not always needed

            digests = (hashlib.sha256(key.encode()).digest() for key in self._keys)
            self._made = tuple(Fernet(base64.urlsafe_b64encode(digest)) for digest in digests)
        return self._made
