"""The values of a plain document's elements: texts, links and attributes as feedparser gives them. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from feedparser.html import _cp1252
from feedparser.urls import _urljoin, make_safe_absolute_uri

from bot.feeds.fields import is_simple
from bot.feeds.plain_names import NotPlainError, prefix_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

RDF_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
TEXT: Final = "text/plain"
HTML: Final = "text/html"

_TYPES: Final = {"text": TEXT, "plain": TEXT, TEXT: TEXT, "html": HTML, HTML: HTML}
_C1: Final = re.compile("[\x80-\x9f]")


def base_of(url: str) -> str:
    """The address against which feedparser resolves links; it resolves that against itself first, once a tag."""
    base = make_safe_absolute_uri("", url)
    base = make_safe_absolute_uri(base, base) or base
    if not base or (make_safe_absolute_uri(base, base) or base) != base or not _urljoin(base, "x"):
        raise NotPlainError
    return str(base)


def text(element: Element) -> str:
    """The text of an element that holds nothing else."""
    if len(element):
        raise NotPlainError
    return element.text or ""


def resolved(base: str, link: str) -> str:
    """As feedparser resolves a link; one that is spelt out in full stays as it is."""
    return link if is_simple(link) else str(_urljoin(base, link))


def output(value: str, base: str | None = None) -> str:
    """A text as feedparser gives it out, as a link where a base is given."""
    value = value.strip()
    if base is not None and value:
        value = resolved(base, value)
    if value.isascii():
        return value
    with suppress(UnicodeError):
        value = value.encode("iso-8859-1").decode("utf-8")
    return value.translate(_cp1252) if _C1.search(value) else value


def content_type(element: Element, default: str) -> str:
    """What the text is said to be: plain or HTML; anything else is not for us."""
    kind = default
    for key, value in element.attrib.items():
        name = key.lower()
        if name == "type":
            kind = _TYPES.get(value.lower(), "")
        elif name == "mode" and value == "base64":
            kind = ""
        if not kind or name.endswith(("}type", "}mode", "}src")):
            raise NotPlainError
    return kind


def attributes(element: Element, known: frozenset[str]) -> Mapping[str, str]:
    """Those without a namespace. Raises NotPlainError for one that is not known or may hide under another's name."""
    found = {}
    for key, value in element.attrib.items():
        if key.startswith("{"):
            if not prefix_of(key[1:].partition("}")[0]):
                raise NotPlainError
        elif key.lower() not in known:
            raise NotPlainError
        else:
            found[key.lower()] = value
    return found


def refuse(element: Element, names: frozenset[str]) -> None:
    """Raises NotPlainError for an attribute of such a name, in whatever namespace."""
    if any(key.rpartition("}")[2].lower() in names for key in element.attrib if key != RDF_ABOUT):
        raise NotPlainError
