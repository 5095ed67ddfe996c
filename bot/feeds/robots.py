"""robots.txt (RFC 9309): whether a page may be fetched for its site's taste, and how far apart pages should be.

Feeds are made for programs and need no leave; article pages do. The file is fetched through the same guard as all else
and kept for a day. This module must not fetch pages.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from bot import limits
from bot.errors import FetchError, HttpStatusError

if TYPE_CHECKING:
    from collections.abc import Callable

    from protego import Protego

    from bot.feeds.fetch import Fetcher

_TOO_MANY = 429
_AGENT = re.compile(r"user[\s-]*agent(?![^\s:])[\s:]*(.*)", re.IGNORECASE)
_ANY = "*"
_SOMEBODY_ELSE = "somebody-else"
_FIRST_SERVER_FAULT = 500


@dataclass(frozen=True, slots=True)
class Manners:
    """What a site asks of us for one page: whether it may be fetched, and the seconds between two."""

    allowed: bool
    delay_s: float = limits.ARTICLE_HOST_DELAY_S


@dataclass(frozen=True, slots=True)
class _Rules:
    """A site's file, so long in characters, until a moment of the monotonic clock.

    Without one, everything is ``open`` or nothing is.
    """

    until_s: float
    file: Protego | None = None
    open: bool = False
    chars: int = 0


class Robots:
    """The robots.txt files of the sites that were asked for lately.

    ``user_agent`` is the whole header: a site may name the product or any part of it. ``now_s`` is a monotonic clock.
    """

    def __init__(self, fetcher: Fetcher, *, user_agent: str, now_s: Callable[[], float] = time.monotonic) -> None:
        self._fetcher = fetcher
        self._user_agent = user_agent
        self._now_s = now_s
        self._known: OrderedDict[tuple[str, bool], _Rules] = OrderedDict()

    async def manners(self, url: str, *, private: bool) -> Manners:
        """What the site of a page asks for. ``private`` is as for ``Fetcher.get``.

        A site without the file (any 4xx but "too many requests") leaves everything open; one whose file cannot be had
        (5xx, no answer, too large) leaves nothing open until it can: RFC 9309, 2.3.1.
        """
        site = str(URL(url).origin())
        # What may not be asked from outside must not be unasked from inside, either.
        name = (site, private)
        rules = self._known.get(name)
        if rules is None or rules.until_s <= self._now_s():
            rules = await self._fetch(site, private=private)
            self._known[name] = rules
        self._known.move_to_end(name)
        while len(self._known) > 1 and self._is_full():
            self._known.popitem(last=False)
        if rules.file is None:
            return Manners(rules.open)
        allowed = rules.file.can_fetch(url, self._user_agent)
        asked_s = rules.file.crawl_delay(self._user_agent)
        delay_s = asked_s if asked_s is not None and math.isfinite(asked_s) else 0.0
        return Manners(allowed, min(max(delay_s, limits.ARTICLE_HOST_DELAY_S), limits.ARTICLE_CRAWL_DELAY_CAP_S))

    def _is_full(self) -> bool:
        """Whether more is kept than may be: a stranger has as many sites as he likes, each with as much to say."""
        chars = sum(rules.chars for rules in self._known.values())
        return len(self._known) > limits.ROBOTS_HOSTS or chars > limits.ROBOTS_CHARS

    async def _fetch(self, site: str, *, private: bool) -> _Rules:
        # Imported here because most runs never need it.
        from protego import Protego  # noqa: PLC0415

        kept, again = self._now_s() + limits.ROBOTS_KEPT_S, self._now_s() + limits.ROBOTS_RETRY_S
        try:
            async with asyncio.timeout(limits.ROBOTS_S):
                fetched = await self._fetcher.get(f"{site}/robots.txt", max_bytes=limits.ROBOTS_BYTES, private=private)
        except HttpStatusError as error:
            absent = error.status < _FIRST_SERVER_FAULT and error.status != _TOO_MANY
            return _Rules(kept, open=True) if absent else _Rules(again)
        except (FetchError, TimeoutError):
            return _Rules(again)
        text = fetched.body.decode("utf-8-sig", "replace")
        file = await asyncio.to_thread(lambda: Protego.parse(for_us(text, self._user_agent)))
        return _Rules(kept, file, chars=len(text))


def for_us(text: str, user_agent: str) -> str:
    """A robots.txt in which all robots that are not the one that it takes us for go by one name.

    The parser keeps each rule once for each name of its group: of half a megabyte of names and rules it would make
    tens of gigabytes. Linear.
    """
    lines = text.splitlines()
    names = {at: name for at, line in enumerate(lines) if (name := _name_in(line)) is not None}
    ours = max(dict.fromkeys(names.values()), key=lambda name: _score(name, user_agent.lower()), default=_ANY)
    if not _score(ours, user_agent.lower()):
        ours = _ANY
    for at, name in names.items():
        lines[at] = f"User-agent: {name if name == ours else _SOMEBODY_ELSE}"
    return "\n".join(lines)


def _name_in(line: str) -> str | None:
    """The name of a robot that a line gives, in lower case; None for any other line."""
    found = _AGENT.match(line.partition("#")[0].strip())
    if found is None:
        return None
    name = found[1].strip().lower()
    return name if name == _ANY else name.replace(_ANY, "")


def _score(name: str, user_agent: str) -> int:
    """How well a name fits us, as the parser has it: by its length, where a word of ours begins with it."""
    if name == _ANY:
        return 1
    begins = (user_agent.startswith(name, at) for at in range(len(user_agent)) if _begins_word(user_agent, at))
    return len(name) * any(begins)


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] in "-_")
