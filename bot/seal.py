"""Sealing what a copy of the database must not give away. Must not know where anything is kept."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.fernet import MultiFernet

_MARK: Final = "sealed:"


def is_sealed(kept: str) -> bool:
    """Whether this is sealed; no address of a feed and no token of Slack's looks so."""
    return kept.startswith(_MARK)


class Seal:
    """Seals texts with the first of ``keys`` and opens them with any; without keys a text stands as it is.

    Fernet (AES-128 in CBC mode, HMAC-SHA256) of the cryptography library; a key may be any text that nobody can guess.
    What is sealed for one ``owner`` does no good in another's place.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = tuple(keys)
        self._fernet: MultiFernet | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is a key."""
        return bool(self._keys)

    def close(self, owner: str, text: str) -> str:
        """The text as it is to be kept: sealed, differently each time."""
        if not self._keys or is_sealed(text):
            return text
        return _MARK + self._opened().encrypt(f"{owner}\n{text}".encode()).decode()

    def open(self, owner: str, kept: str) -> str | None:
        """The text; None where it was sealed for another owner, or with a key that is not here."""
        if not is_sealed(kept):
            return kept
        if not self._keys:
            return None
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - slow to import, and not always needed

        try:
            sealed_for, _, text = self._opened().decrypt(kept.removeprefix(_MARK)).decode().partition("\n")
        except InvalidToken:
            return None
        return text if sealed_for == owner else None

    def _opened(self) -> MultiFernet:
        if self._fernet is None:
            from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - slow to import, and not always needed

            digests = (hashlib.sha256(key.encode()).digest() for key in self._keys)
            self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
        return self._fernet
