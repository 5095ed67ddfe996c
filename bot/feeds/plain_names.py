"""What feedparser calls an element, and whether one of that name can be left unread.

It names elements by its own prefixes for the namespaces that it knows, by the document's for all others, and stores
most of what it does not know under that name. Pure; must not look at what an element holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from feedparser.mixin import _FeedParserMixin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

_NAMESPACES: Final = {uri.lower(): prefix for uri, prefix in _FeedParserMixin.namespaces.items()}
_PREFIXES: Final = frozenset(prefix.lower() for prefix in _NAMESPACES.values())
_BACKEND: Final = "backend.userland.com/rss"
_XLINK: Final = "http://www.w3.org/1999/xlink"


class NotPlainError(Exception):
    """The document holds something for which nothing is sure."""


def words(text: str) -> frozenset[str]:
    """The words of a table."""
    return frozenset(text.split())


_INTERNAL: Final = words(
    "author authors body category channel cloud content contributor contributors created div email enclosures entries"
    " entry expired feed geometry guid guidislink height href id image info item items language license link links math"
    " name newlocation pos published publisher publishers rel rss source subtitle summary svg tags textinput title"
    " updated url validity where width"
)
"""Keys that feedparser's own methods read: an unknown element of such a name could lead them astray."""

_PLAIN_PREFIXES: Final = words("dc dcterms feedburner geo itunes media prism slash sy thr trackback wfw")
_NEUTRAL: Final = words(
    "category cloud comments copyright dc:contributor dc:rights dc:subject docs feedburner:browserfriendly generator"
    " icon itunes:block itunes:category itunes:explicit itunes:image itunes:keywords itunes:subtitle keywords logo"
    " media:category media:credit media:keywords media:player media:rating media:restriction media:thumbnail post-id"
    " rights subtitle tagline"
)
"""Elements that feedparser treats by methods of their own, none of which touches a key that is read."""

FULL_TEXTS: Final = words("yandex:full-text turbo:content")
"""Elements that feedparser is taught to read as it reads content:encoded."""


def prefix_of(uri: str) -> str | None:
    """The prefix under which feedparser knows a namespace; "" for those of feeds themselves, None for all others."""
    lower = uri.lower()
    return "" if _BACKEND in lower else _NAMESPACES.get(lower)


class Names:
    """feedparser's names of elements, which follow from their namespaces and the document's own prefixes."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._names: dict[str, str] = {}
        self._neutral: dict[str, bool] = {}
        self._strange = frozenset(prefix.lower() for prefix in prefixes.values() if prefix)

    @classmethod
    def of(cls, declared: Iterable[tuple[str, str]]) -> Names:
        """Raises NotPlainError where a prefix means two things, or what another one usually means."""
        strange: dict[str, str] = {}
        standard: dict[str, str] = {}
        for given, uri in set(declared):
            prefix, known = given or "", prefix_of(uri)
            # feedparser is given address and name with a space between them.
            if uri.lower() == _XLINK or uri.split() != [uri] * bool(uri):
                raise NotPlainError
            if known is None:
                if strange.setdefault(uri, prefix) != prefix:
                    raise NotPlainError
            elif prefix and standard.setdefault(prefix, known) != known:
                raise NotPlainError
        own = [prefix.lower() for prefix in strange.values() if prefix]
        usual = {known.lower() for known in standard.values()}
        taken = _PREFIXES.union(own)
        odd = any(prefix.lower() in taken and prefix != known for prefix, known in standard.items())
        if odd or len(set(own)) != len(own) or not usual.isdisjoint(own):
            raise NotPlainError
        return cls(strange)

    def of_element(self, element: Element) -> str:
        """As feedparser names it: its prefix for the namespace, and all in lower case."""
        name = element.tag
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = self._name(name)
        return found

    def _name(self, name: str) -> str:
        if not name.startswith("{"):
            return name.lower()
        uri, _, local = name[1:].partition("}")
        prefix = prefix_of(uri)
        if prefix is None:
            prefix = self._prefixes[uri]
        return f"{prefix}:{local}".lower() if prefix else local.lower()

    def is_neutral(self, name: str) -> bool:
        """Whether an element that stands alone touches no key that is read, nor one that feedparser relies on."""
        found = self._neutral.get(name)
        if found is None:
            found = self._neutral[name] = self._is_neutral(name)
        return found

    def _is_neutral(self, name: str) -> bool:
        if name in _NEUTRAL:
            return True
        if name in FULL_TEXTS:
            return False
        prefix, colon, local = name.rpartition(":")
        if prefix and prefix not in self._strange and prefix not in _PLAIN_PREFIXES:
            return False
        key = f"{prefix}_{local}" if colon else local
        if key.endswith(("_detail", "_parsed")) or (not colon and (key in _INTERNAL or not key.isascii())):
            return False
        return not (hasattr(_FeedParserMixin, f"_start_{key}") or hasattr(_FeedParserMixin, f"_end_{key}"))
