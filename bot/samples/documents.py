"""Feed documents out of sample entries: RSS 2.0, Atom, RSS 1.0 (RDF) and JSON Feed 1.1.

Job: turn an outlet's entries into the bytes that a feed server answers with. Pure: no clock, no files, no network. All
XML is built with lxml, so that what an entry says can never break the document.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml.builder import ElementMaker

from bot.samples.coverage import FeedFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.samples.coverage import SampleEntry, SampleOutlet

_ATOM_NS: Final = "http://www.w3.org/2005/Atom"
_RDF_NS: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS1_NS: Final = "http://purl.org/rss/1.0/"
_DC_NS: Final = "http://purl.org/dc/elements/1.1/"
_CONTENT_NS: Final = "http://purl.org/rss/1.0/modules/content/"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_ETAG_CHARS: Final = 16

_RSS = ElementMaker()
_ATOM = ElementMaker(namespace=_ATOM_NS, nsmap={None: _ATOM_NS})
_RDF = ElementMaker(namespace=_RDF_NS, nsmap={"rdf": _RDF_NS, None: _RSS1_NS, "dc": _DC_NS, "content": _CONTENT_NS})
_RSS1 = ElementMaker(namespace=_RSS1_NS)
_DC = ElementMaker(namespace=_DC_NS)
_CONTENT = ElementMaker(namespace=_CONTENT_NS)


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What a GET of a feed answers: ``etag`` changes exactly when the body does and has no quotes around it."""

    body: bytes
    content_type: str
    etag: str


def render(outlet: SampleOutlet, entries: Sequence[SampleEntry]) -> FeedDocument:
    """The outlet's feed with these entries, newest first. The outlet must be that of every entry."""
    newest_first = sorted(entries, key=lambda entry: entry.at, reverse=True)
    writer, content_type = _WRITERS[outlet.format]
    body = writer(outlet, newest_first)
    return FeedDocument(body=body, content_type=content_type, etag=hashlib.sha256(body).hexdigest()[:_ETAG_CHARS])


def feed_path(outlet: SampleOutlet) -> str:
    """The path of the outlet's feed on the sample server."""
    ending = "json" if outlet.format is FeedFormat.JSON else "xml"
    return f"/feeds/{outlet.id}.{ending}"


def body_html(entry: SampleEntry) -> str:
    """The entry's paragraphs as HTML."""
    return "\n".join(
        paragraph if paragraph.startswith("<") else f"<p>{escape(paragraph, quote=False)}</p>"
        for paragraph in entry.paragraphs
    )


def _rss(outlet: SampleOutlet, entries: Sequence[SampleEntry]) -> bytes:
    channel = _RSS.channel(
        _RSS.title(outlet.title),
        _RSS.link(outlet.site),
        _RSS.description(outlet.title),
        _RSS.language(outlet.lang),
    )
    for entry in entries:
        item = _RSS.item(
            _RSS.title(entry.title),
            _RSS.link(entry.url),
            _RSS.guid(f"{outlet.id}:{entry.id}", isPermaLink="false"),
            _RSS.pubDate(format_datetime(entry.at, usegmt=True)),
            _RSS.description(body_html(entry)),
        )
        channel.append(item)
    return _xml(_RSS.rss(channel, version="2.0"))


def _atom(outlet: SampleOutlet, entries: Sequence[SampleEntry]) -> bytes:
    feed = _ATOM.feed(
        _ATOM.id(f"{outlet.site}/"),
        _ATOM.title(outlet.title),
        _ATOM.link(rel="alternate", href=outlet.site),
        _ATOM.author(_ATOM.name(outlet.title)),
        **{_XML_LANG: outlet.lang},
    )
    if entries:
        feed.append(_ATOM.updated(_rfc3339(max(entry.appears_at for entry in entries))))
    for entry in entries:
        feed.append(
            _ATOM.entry(
                _ATOM.id(f"tag:{outlet.id}.example,{entry.at:%Y-%m-%d}:{entry.id}"),
                _ATOM.title(entry.title),
                _ATOM.link(rel="alternate", href=entry.url),
                _ATOM.published(_rfc3339(entry.at)),
                _ATOM.updated(_rfc3339(entry.appears_at)),
                _ATOM.content(body_html(entry), type="html"),
            )
        )
    return _xml(feed)


def _rdf(outlet: SampleOutlet, entries: Sequence[SampleEntry]) -> bytes:
    sequence = _RDF.Seq(*(_RDF.li({f"{{{_RDF_NS}}}resource": entry.url}) for entry in entries))
    about = f"{{{_RDF_NS}}}about"
    root = _RDF.RDF(
        _RSS1.channel(
            _RSS1.title(outlet.title),
            _RSS1.link(outlet.site),
            _RSS1.description(outlet.title),
            _DC.language(outlet.lang),
            _RSS1.items(sequence),
            {about: f"{outlet.site}/"},
        )
    )
    for entry in entries:
        root.append(
            _RSS1.item(
                _RSS1.title(entry.title),
                _RSS1.link(entry.url),
                _DC.date(_rfc3339(entry.at)),
                _CONTENT.encoded(body_html(entry)),
                {about: entry.url},
            )
        )
    return _xml(root)


def _json_feed(outlet: SampleOutlet, entries: Sequence[SampleEntry]) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": outlet.site,
        "language": outlet.lang,
        "items": [_json_item(entry) for entry in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _json_item(entry: SampleEntry) -> Mapping[str, str]:
    item = {"id": entry.id, "url": entry.url, "title": entry.title, "date_published": _rfc3339(entry.at)}
    if entry.updated_at is not None:
        item["date_modified"] = _rfc3339(entry.updated_at)
    if entry.outlet.plain:
        return item | {"content_text": "\n\n".join(entry.paragraphs)}
    return item | {"content_html": body_html(entry)}


_WRITERS: Final[Mapping[FeedFormat, tuple[Callable[[SampleOutlet, Sequence[SampleEntry]], bytes], str]]] = {
    FeedFormat.RSS: (_rss, "application/rss+xml"),
    FeedFormat.ATOM: (_atom, "application/atom+xml"),
    FeedFormat.RDF: (_rdf, "application/rdf+xml"),
    FeedFormat.JSON: (_json_feed, "application/feed+json"),
}


def _xml(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _rfc3339(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
