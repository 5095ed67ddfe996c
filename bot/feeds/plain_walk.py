"""One walk through a plain document's tree, with as much of feedparser's state as matters.

Its methods are feedparser's handlers of the same elements, reduced to the keys that ``bot.feeds.parse`` reads. What
they do not foresee raises NotPlainError. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from bot.feeds import bounded
from bot.feeds.dates import parse_date
from bot.feeds.plain_names import FULL_TEXTS, NotPlainError, words
from bot.feeds.plain_values import HTML, RDF_ABOUT, TEXT, attributes, content_type, output, refuse, resolved, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from xml.etree.ElementTree import Element

    from bot.feeds.plain_names import Names

_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ATOM: Final = "http://www.w3.org/2005/atom"
_RSS_1: Final = frozenset({"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"})
_REFERENCE: Final = re.compile(r"&([A-Za-z0-9_]+);")

_PAGES: Final = words("html text/html xhtml application/xhtml+xml")

_AUTHORS: Final = words("author managingeditor contributor dc:creator dc:author itunes:author")
_PERSON: Final = words("name email uri url homepage")
_MEDIA: Final = words("media:content media:group media:community")
_IMAGE: Final = words("title link description url width height")
_CDF: Final = words("lastmod href about")
_DATES: Final = {
    "published": "published_parsed",
    "pubdate": "published_parsed",
    "issued": "published_parsed",
    "dcterms:issued": "published_parsed",
    "updated": "updated_parsed",
    "modified": "updated_parsed",
    "lastbuilddate": "updated_parsed",
    "dc:date": "updated_parsed",
    "dcterms:modified": "updated_parsed",
    "created": "created_parsed",
    "dcterms:created": "created_parsed",
    "expirationdate": "expired_parsed",
}
_LINK_ATTRIBUTES: Final = words("href rel type title hreflang length")
_GUID_ATTRIBUTES: Final = words("ispermalink")
_ENCLOSURE_ATTRIBUTES: Final = words("url type length")
_CONTAINERS: Final = {
    "items": words("items rdf:seq rdf:bag rdf:li"),
    "itunes:category": words("itunes:category"),
    "itunes:owner": words("itunes:owner itunes:name itunes:email"),
    "skipdays": words("skipdays day"),
    "skiphours": words("skiphours hour"),
}
"""Elements of a channel that hold others, none of which touches what is read."""

_LANGUAGES: Final = words("language dc:language")
_FEED_TEXTS: Final = {
    "language": "language",
    "dc:language": "language",
    "ttl": "ttl",
    "sy:updateperiod": "sy_updateperiod",
    "sy:updatefrequency": "sy_updatefrequency",
}
_SHORT: Final = words("summary itunes:summary")
_SUMMARIES: Final = _SHORT | words("description dc:description")
_UNREAD: Final = words("link id guid webmaster dc:publisher")


@dataclass(slots=True)
class Walk:
    """One walk through a document, with as much of feedparser's state as matters. ``depth`` counts open elements."""

    names: Names
    base: str
    feed: dict[str, Any] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    title_depth: int = -1
    has_content: bool = False
    depths: dict[str, int] = field(default_factory=dict)

    def document(self, root: Element, uris: set[str]) -> str:
        """Read all of it; its version. Raises NotPlainError."""
        name = self.names.of_element(root)
        lang = self._lang(root, None)
        if name in {"rss", "feed"} and lang:
            self.feed["language"] = lang.replace("_", "-")
        if name == "feed" and uris.isdisjoint(_RSS_1):
            self._channel(root, lang, 1)
            return "atom10" if _ATOM in uris else "atom"
        children = [(self.names.of_element(child), child) for child in root]
        if name == "rss" and [child for child, _ in children] == ["channel"]:
            self._channel(root[0], self._lang(root[0], lang), 2)
            return "rss20"
        one_channel = [child for child, _ in children].count("channel") <= 1
        if name == "rdf:rdf" and one_channel and _ATOM not in uris and not uris.isdisjoint(_RSS_1):
            for child, element in children:
                if child == "channel":
                    self._channel(element, self._lang(element, lang), 2)
                elif child == "item":
                    self._entry(element, lang, 2)
                elif child == "image":
                    self._image(element, 2)
                else:
                    raise NotPlainError
            return "rss10"
        raise NotPlainError

    def _channel(self, channel: Element, lang: str | None, depth: int) -> None:
        """What stands in a channel, or in an Atom feed, whose own depth is given."""
        refuse(channel, _CDF)
        for element in channel:
            name = self.names.of_element(element)
            if name in {"item", "entry"}:
                self._entry(element, lang, depth + 1)
            else:
                self._about_feed(element, name, self._lang(element, lang), depth + 1)

    def _about_feed(self, element: Element, name: str, lang: str | None, depth: int) -> None:
        """Any other element of a channel."""
        if name == "title":
            self._title(element, name, self.feed, lang, depth)
        elif name == "image":
            self._image(element, depth)
        elif name in _FEED_TEXTS:
            # With attributes it is they that feedparser keeps.
            value = output(text(element))
            self.feed[_FEED_TEXTS[name]] = "" if element.attrib and name not in _LANGUAGES else value
        elif name in _SUMMARIES:
            self._feed_summary(element, name)
        elif name in _DATES:
            parse_date(output(text(element)))
        elif name in _CONTAINERS:
            for child in element.iter():
                self._lang(child, lang)
                if self.names.of_element(child) not in _CONTAINERS[name]:
                    raise NotPlainError
        elif name in _UNREAD:
            text(element)
        else:
            self._nothing(element, name, lang)

    def _feed_summary(self, element: Element, name: str) -> None:
        """A channel's description: not read, but where there are two, feedparser remembers into the first entry."""
        content_type(element, TEXT)
        text(element)
        if "summary" in self.feed and not self.has_content:
            self.has_content = True
        elif name in _SHORT:
            self.feed["summary"] = ""

    def _image(self, image: Element, depth: int) -> None:
        """A channel's picture, whose title and description feedparser keeps apart."""
        self.title_depth = -1
        for element in image:
            self._lang(element, None)
            name = self.names.of_element(element)
            if name not in _IMAGE:
                raise NotPlainError
            content_type(element, TEXT)
            if output(text(element)) and name == "title":
                self.title_depth = depth + 1

    def _entry(self, item: Element, lang: str | None, depth: int) -> None:
        """One entry, whose own depth is given."""
        refuse(item, _CDF)
        entry: dict[str, Any] = {"links": []}
        self.entries.append(entry)
        self.title_depth = -1
        self.depths = {}
        if item.get(RDF_ABOUT):
            entry["id"] = item.attrib[RDF_ABOUT]
        inner = self._lang(item, lang)
        for element in item:
            self._about_entry(element, entry, inner, depth + 1)
        self.has_content = False

    def _about_entry(self, element: Element, entry: dict[str, Any], lang: str | None, depth: int) -> None:
        """One element of an entry, or of a group of media within it."""
        name = self.names.of_element(element)
        own = self._lang(element, lang) if element.attrib else lang
        handler = self._ENTRY.get(name)
        if handler is not None:
            handler(self, element, name, entry, own, depth)
        elif name in _DATES:
            entry[_DATES[name]] = parse_date(output(text(element)))
        elif name in _MEDIA:
            for child in element:
                if not self.names.of_element(child).startswith("media:"):
                    raise NotPlainError
                self._about_entry(child, entry, own, depth + 1)
        else:
            self._nothing(element, name, lang)

    def _nothing(self, element: Element, name: str, lang: str | None) -> None:
        """An element that changes nothing of what is read."""
        if name in _AUTHORS:
            for child in element:
                self._lang(child, lang)
                inner = self.names.of_element(child)
                if len(child) or (inner not in _PERSON and not self.names.is_neutral(inner)):
                    raise NotPlainError
        elif len(element) or not self.names.is_neutral(name):
            raise NotPlainError

    def _lang(self, element: Element, outer: str | None) -> str | None:
        """The language within an element. Raises NotPlainError for what else an attribute may do to all of them."""
        if not element.attrib:
            return outer
        if len(element.attrib) > bounded.ATTRIBUTES_PER_TAG:
            raise NotPlainError
        said = []
        for key, value in element.attrib.items():
            local = key.rpartition("}")[2].lower()
            if local == "lang":
                said.append(value)
            if local == "base" or len(said) > 1 or (local == "lang" and key not in {"lang", _XML_LANG}):
                raise NotPlainError
        return said[0] or None if said else outer

    # ------------------------------------------------------------ the elements that are read

    def _title(self, element: Element, name: str, holder: dict[str, Any], lang: str | None, depth: int) -> None:
        kind = content_type(element, TEXT)
        value = output(text(element))
        if not -1 < self.title_depth <= depth:
            if holder is self.feed:
                holder["title"] = value
            else:
                self._put("title", value, holder, depth)
            holder["title_detail"] = {"type": kind, "language": lang, "value": value}
        if value and name != "media:title":
            self.title_depth = depth

    def _description(self, element: Element, name: str, entry: dict[str, Any], lang: str | None, depth: int) -> None:
        kind = content_type(element, TEXT if "summary" in name else HTML)
        value = output(text(element))
        if "summary" in entry and not self.has_content:
            self.has_content = True
            entry.setdefault("content", []).append({"value": value})
            return
        self._put("summary", value, entry, depth)
        entry["summary_detail"] = {"type": kind, "language": lang, "value": value}

    def _caption(self, element: Element, _name: str, entry: dict[str, Any], _lang: str | None, depth: int) -> None:
        content_type(element, HTML)
        self._put("media_description", output(text(element)), entry, depth)

    def _content(self, element: Element, name: str, entry: dict[str, Any], _lang: str | None, _depth: int) -> None:
        if "src" in element.attrib:
            raise NotPlainError
        content_type(element, TEXT if name == "content" else HTML)
        value = output(text(element))
        self.has_content = True
        entry.setdefault("content", []).append({"value": value})
        entry.setdefault("summary", value)

    def _link(self, element: Element, _name: str, entry: dict[str, Any], _lang: str | None, _depth: int) -> None:
        inner = text(element)
        given = attributes(element, _LINK_ATTRIBUTES)
        if "href" in given:
            href = resolved(self.base, given["href"])
            rel = given.get("rel", "alternate").lower()
            default = "application/atom+xml" if rel == "self" else HTML
            kind = given.get("type", default).lower()
            entry["links"].append({"href": href})
            if rel == "alternate" and kind in _PAGES:
                entry["link"] = href
            return
        if given:
            raise NotPlainError
        href = _REFERENCE.sub(r"&\g<1>", output(inner, self.base).replace("&amp;", "&"))
        entry["link"] = href
        entry["links"].append({"href": href} if href else {})

    def _identity(self, element: Element, _name: str, entry: dict[str, Any], _lang: str | None, depth: int) -> None:
        is_link = attributes(element, _GUID_ATTRIBUTES).get("ispermalink", "true") == "true"
        value = output(text(element), self.base if is_link else None)
        self._put("id", value, entry, depth)
        if is_link:
            entry.setdefault("link", value)

    def _source(self, element: Element, _name: str, entry: dict[str, Any], _lang: str | None, _depth: int) -> None:
        value = output(text(element))
        self.title_depth = -1
        entry["source"] = {"title": value} if value else {}

    def _publisher(self, element: Element, _name: str, entry: dict[str, Any], _lang: str | None, depth: int) -> None:
        self._put("publisher", output(text(element)), entry, depth)

    def _enclosure(self, element: Element, _name: str, entry: dict[str, Any], _lang: str | None, _depth: int) -> None:
        text(element)
        href = attributes(element, _ENCLOSURE_ATTRIBUTES).get("url")
        entry["links"].append({"href": href} if href else {})

    def _picture(self, element: Element, _name: str, _entry: dict[str, Any], _lang: str | None, _depth: int) -> None:
        text(element)
        self.title_depth = -1

    def _no_more(self, element: Element, _name: str, _entry: dict[str, Any], _lang: str | None, _depth: int) -> None:
        text(element)

    def _put(self, key: str, value: str, entry: dict[str, Any], depth: int) -> None:
        """Set a key unless an element that stood higher has set it."""
        if depth <= self.depths.get(key, depth):
            self.depths[key] = depth
            entry[key] = value

    _ENTRY: ClassVar[Mapping[str, Callable[[Walk, Element, str, dict[str, Any], str | None, int], None]]] = {
        "title": _title,
        "dc:title": _title,
        "media:title": _title,
        "description": _description,
        "dc:description": _description,
        "media:description": _caption,
        "summary": _description,
        "itunes:summary": _description,
        "content": _content,
        "content:encoded": _content,
        **dict.fromkeys(FULL_TEXTS, _content),
        "link": _link,
        "guid": _identity,
        "id": _identity,
        "source": _source,
        "dc:publisher": _publisher,
        "webmaster": _publisher,
        "enclosure": _enclosure,
        "image": _picture,
        "language": _no_more,
        "dc:language": _no_more,
    }
