"""Mutants: a seed with a few wounds. Pure: the luck is passed in, so that a mutant comes again from its number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

MOST_BYTES: Final = 60_000
FLOODS_BYTES: Final = (200_000, 30_000)
"""Long, and below the 32 KiB to which much is bounded."""
_FLOODED: Final = 0.005
_WOUNDS: Final = 8
_BEGUN: Final = (
    b"<!--",
    b"<![CDATA[",
    b"<!DOCTYPE ",
    b"<?",
    b"<",
    b"<a ",
    b'<a b="',
    b"<a:",
    b"</a",
    b"<item",
    b"</item ",
    b"<skipHours>",
    b"&",
    b"&#",
    b"&a",
    b"encoding='",
    b'"',
    b"(",
    b"[",
    b"{",
    b"a",
    b"1",
    b"1,",
    b" ",
    b"\n",
    b"a='' ",
    b"http://",
    b"e\xcc\x81",
    b"\xe3\x80\x8c",
)
_HOLDERS: Final = (
    (b"", b""),
    (b"<!--", b"-->"),
    (b"<![CDATA[", b"]]>"),
    (b"<?x ", b"?>"),
    (b"<?xml ", b" >"),
    (b"<?xml encoding='punycode'?>", b""),
    (b"<link ", b"/>"),
    (b"<a b='", b"'/>"),
)
_POISONS: Final = (
    b"<![CDATA[",
    b"]]>",
    b"&#",
    b"&#x110000;",
    b"&#xd800;",
    b"\x00",
    b"<!DOCTYPE x [<!ENTITY a 'b'>",
    b"http://[",
    b"9" * 20,
    b"0x" + b"f" * 5000,
    b"1:" * 2000,
    b"<!--",
    b"(" * 200,
    b"[" * 200,
    b"\xed\xa0\x80",
    b"\xff\xfe",
    "\u202e\u200b\u0301".encode(),
    "²٣Ⅷ".encode(),
    b"&a *a <<: !!int !!python/name:os.system ",
    b"\x1b[31m",
    b'"',
    b"'",
    b"\\",
    b"%00%ff",
)
FLOODS: Final = len(_BEGUN) * len(_HOLDERS)
_VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "\ud800",
    [],
    {},
    [None],
    {"id": None},
    "x" * 5000,
    [[]],
)


def mutant(seeds: Sequence[bytes], random: Random, *, floods_bytes: Sequence[int] = FLOODS_BYTES) -> bytes:
    """A seed with up to eight wounds; one of JSON may have its structure changed instead of its letters.

    One in 200 is flooded instead.
    """
    body = random.choice(seeds)
    if random.random() < _FLOODED:
        begun, at = random.choice(_BEGUN), random.choice([0, *_tag_ends(body)])
        flood = begun * (random.choice(floods_bytes) // len(begun))
        return _flooded(body, at, flood, random.choice(_HOLDERS))
    if body[:1] == b"{" and random.random() < 0.7:
        return _restructured(body, random)
    wounded = bytearray(body)
    for _ in range(random.randint(1, _WOUNDS)):
        _wound(wounded, random.choice(seeds), random)
    return bytes(wounded[:MOST_BYTES])


def floods(seed: bytes, *, floods_bytes: Sequence[int]) -> Iterator[bytes]:
    """The seed with every flood in every holder, in every length: so many times ``FLOODS``.

    They stand where a declaration does, or behind the third tag: that is within a feed and before its entries.
    """
    behind_third = ([0, *_tag_ends(seed)][:4])[-1]
    for begun in _BEGUN:
        for holder in _HOLDERS:
            at = 0 if holder[0][:5] in {b"", b"<?xml"} else behind_third
            for flood_bytes in floods_bytes:
                yield _flooded(seed, at, begun * (flood_bytes // len(begun)), holder)


def _flooded(seed: bytes, at: int, flood: bytes, holder: tuple[bytes, bytes]) -> bytes:
    """The seed with one thing begun very often and never ended.

    What looks for an end from each beginning to the last byte takes seconds for it. In the holder it does no harm to
    how well-formed the rest is, so that it comes as far as the rest does.
    """
    opening, end = holder
    return b"".join((seed[:at], opening, flood, end, seed[at:]))


def _tag_ends(seed: bytes) -> list[int]:
    return [at + 1 for at, byte in enumerate(seed) if byte == ord(">")]


def _wound(body: bytearray, other: bytes, random: Random) -> None:
    """Flip, cut, splice, repeat or poison."""
    at = random.randint(0, len(body))
    begin = random.randint(0, len(other))
    match random.randrange(5):
        case 0:
            body[at : at + 1] = bytes([random.randrange(256)])
        case 1:
            del body[at : at + random.randint(1, 40)]
        case 2:
            body[at:at] = other[begin : begin + random.randint(1, 80)]
        case 3:
            body[at:at] = bytes(body[max(0, at - 100) : at]) * random.randint(1, 30)
        case _:
            body[at:at] = random.choice(_POISONS)


def _restructured(body: bytes, random: Random) -> bytes:
    """JSON with some of its values taken out, swapped or replaced by others of any type."""
    try:
        content = json.loads(body)
    except ValueError:
        return body
    for _ in range(random.randint(1, 4)):
        holder, key = random.choice(_places(content) or [({"": content}, "")])
        if random.random() < 0.3 and isinstance(holder, dict):
            del holder[key]
        else:
            donor, other = random.choice(_places(content) or [({"": None}, "")])
            # A copy: what holds itself is no JSON.
            given = donor[other] if random.random() < 0.3 else random.choice(_VALUES)
            holder[key] = json.loads(json.dumps(given))
    return json.dumps(content).encode()


def _places(content: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - whatever JSON holds
    """Every value of the content, as what holds it and where."""
    found: list[tuple[Any, Any]] = []
    waiting = [content]
    while waiting:
        holder = waiting.pop()
        if not isinstance(holder, dict | list):
            continue
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        found += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys]
    return found
