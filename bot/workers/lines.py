"""Claimed feeds in line for their hosts, so that a busy host keeps nobody waiting but its own feeds. Pure.

Whoever waits here holds a lease in the store and nothing else: no task, no connection. Must not claim, fetch or store.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import FetchError
from bot.feeds.hosts import parse_address, shown_host

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Feed


@dataclass(frozen=True, slots=True)
class Turn:
    """A feed that is claimed until then."""

    feed: Feed
    until: datetime

    @property
    def host(self) -> str:
        """Who is asked, as the fetcher tells hosts apart; "" for an address that cannot be asked at all."""
        try:
            return shown_host(parse_address(self.feed.url))
        except FetchError:
            return ""


class _Line:
    """Who waits for one host. Whose subscribers wait for a first answer comes before all others, as in the store."""

    def __init__(self) -> None:
        self._first: OrderedDict[int, Turn] = OrderedDict()
        self._others: OrderedDict[int, Turn] = OrderedDict()

    def __len__(self) -> int:
        return len(self._first) + len(self._others)

    def join(self, turn: Turn) -> None:
        mine, other = (self._others, self._first) if turn.feed.baselined else (self._first, self._others)
        mine[turn.feed.id] = turn
        other.pop(turn.feed.id, None)

    def next(self) -> Turn:
        """Take the next out of the line."""
        return (self._first or self._others).popitem(last=False)[1]

    def all(self) -> list[Turn]:
        return [*self._first.values(), *self._others.values()]


class Lines:
    """One line a host, of whose feeds ``most`` are under way at a time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: defaultdict[str, _Line] = defaultdict(_Line)
        self._under_way: Counter[str] = Counter()

    @property
    def ready(self) -> int:
        """How many may begin now."""
        return sum(min(len(line), self._room(host)) for host, line in self._lines.items())

    def join(self, turn: Turn) -> None:
        """Wait for a turn. A feed whose lease ran out in the line, and that is claimed anew, keeps its place."""
        self._lines[turn.host].join(turn)

    def begin(self, limit: int) -> list[Turn]:
        """Those whose turn it is, up to ``limit``; each is to ``end``."""
        begun: list[Turn] = []
        for host in tuple(self._lines):
            while len(begun) < limit and (turn := self.begin_at(host)) is not None:
                begun.append(turn)
        return begun

    def begin_at(self, host: str) -> Turn | None:
        """As ``begin`` for one of this host; None if nobody waits for it, or its places are taken."""
        line = self._lines.get(host)
        if not line or self._room(host) <= 0:
            return None
        turn = line.next()
        if not line:
            del self._lines[host]
        self._under_way[host] += 1
        return turn

    def dissolve(self) -> list[Turn]:
        """Let all go that wait, and say who they were."""
        waiting = [turn for line in self._lines.values() for turn in line.all()]
        self._lines.clear()
        return waiting

    def end(self, turn: Turn) -> None:
        """Make room for the next."""
        self._under_way[turn.host] -= 1
        if not self._under_way[turn.host]:
            del self._under_way[turn.host]

    def _room(self, host: str) -> int:
        return self._most - self._under_way[host]
