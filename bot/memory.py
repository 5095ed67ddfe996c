"""Gives memory back to the machine once a burst is over.

The C library keeps what was freed, in case it is asked for again: 40 MB after a first poll of 200 feeds. Must not be
called often: it looks through the whole heap, some ten milliseconds.
"""

from __future__ import annotations


def give_back() -> None:
    """Let go of what is free; where the C library cannot (musl, macOS, Windows), nothing happens."""
    import ctypes  # noqa: PLC0415 - no bot needs it before its first burst is over

    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return
    trim(0)
