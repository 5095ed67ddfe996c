"""Feeds made of everything that feeds are made of: usual elements, rare ones, odd places, damage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NAMESPACES: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "own": "https://outlet.example/ns",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "yandex": "http://news.yandex.ru",
    "turbo": "http://turbo.yandex.ru",
}
"""Prefixes as outlets usually write them; ``thr`` is one that feedparser does not know under this address."""

ODD_NAMESPACES: Final = (
    'xmlns:dc="http://outlet.example/not-dublin-core"',
    'xmlns:content="http://purl.org/dc/elements/1.1/"',
    'xmlns:a10="http://www.w3.org/2005/Atom"',
    'xmlns:xlink="http://www.w3.org/1999/xlink"',
    'xmlns="http://backend.userland.com/rss2"',
    'xmlns="http://purl.org/rss/1.0/"',
    'xmlns:own2="https://outlet.example/ns"',
    'xmlns:OWN="https://outlet.example/other"',
)

TEXTS: Final = (
    "",
    " ",
    "Talks in Seoul",
    "  Two\n lines\t",
    "a &amp; b",
    "a &amp;amp; b",
    "&lt;b&gt;bold&lt;/b&gt; &amp;nbsp; x",
    "<![CDATA[<p>An <a href='/x?a=1&b=2'>article</a> &mdash; here.</p>]]>",
    "<![CDATA[one]]> and <![CDATA[two]]>",
    "Переговоры в Сеуле",
    "서울 회담 <!-- a comment --> 계속",
    "caf\u00c3\u00a9 and caf\u00e9",
    "quote \u0093so\u0094 &#147;too&#148;",
    "&#x1F600; \u200f",
    "<b>markup</b> in text",
    "text <br/> text",
    "x" * 700,
    "<?php pi ?>done",
)
LINKS: Final = (
    "https://news.example/a",
    "https://news.example/a?b=1&amp;c=2",
    "https://news.example/a?b=1&amp;amp;c=2&amp;d;",
    "/relative/1",
    "//other.example/x",
    "http:///three.example/x",
    "HTTP://News.Example/../a;p?q#f",
    "https://news.example/путь",
    "mailto:desk@news.example",
    "tag:news.example,2024:1",
    "urn:uuid:1225c695",
    "https://[bad/",
    "https://news.example/a?",
    "javascript:alert(1)",
    "",
    " https://news.example/space ",
)
DATES: Final = (
    "Mon, 17 Jun 2024 22:29:00 GMT",
    "Mon, 7 Jun 2024 2:29:00 GMT",
    "Tue, 18 Jun 2024 01:00:00 +0300",
    "Tue, 18 Jun 2024 01:00:00 -0530",
    "Tue, 18 Jun 2024 24:00:00 GMT",
    "Tue, 31 Jun 2024 10:00:00 EST",
    "18 Jun 24 10:00 PST",
    "2024-06-17T22:29:00Z",
    "2024-06-17T22:29:00.123+09:00",
    "2024-06-17T22:29:60Z",
    "2024-06-17 22:29:00",
    "2024-06-17",
    "2024-W25-1",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "Пн, 17 июн 2024 22:29:00 +0300",
    "soon",
    "",
)
_TEXT_NAMES: Final = _words(
    "title dc:title media:title description dc:description media:description itunes:summary summary abstract content"
    " content:encoded body source dc:publisher webMaster managingEditor author dc:creator itunes:author category"
    " dc:subject itunes:keywords comments slash:comments wfw:commentRss thr:total own:tag own:full-text"
    " yandex:full-text turbo:content language dc:language ttl sy:updatePeriod sy:updateFrequency generator"
    " copyright rights subtitle tagline image"
    " itunes:image itunes:duration itunes:explicit itunes:subtitle media:credit media:keywords media:text media:rating"
    " media:thumbnail feedburner:origLink geo:lat georss:point docs icon logo rating tags name links author_detail"
    " title_detail published_parsed newLocation fullitem info Title TITLE div p post-id keywords own:author_detail"
    " dcterms:valid cloud url width href"
)
_LINK_NAMES: Final = ("link", "atom:link", "guid", "id", "feedburner:origLink", "enclosure", "media:content", "source")
_DATE_NAMES: Final = _words(
    "pubDate published issued updated modified lastBuildDate dc:date dcterms:created dcterms:modified created"
    " expirationDate"
)
_ATTRIBUTES: Final = (
    'type="html"',
    'type="text"',
    'type="xhtml"',
    'type="text/html"',
    'type="application/x"',
    'mode="escaped"',
    'mode="base64"',
    'xml:lang="ru"',
    'xml:lang=""',
    'lang="de"',
    'xml:base="http://base.example/"',
    'base="http://base.example/"',
    'isPermaLink="false"',
    'isPermaLink="true"',
    'href="https://news.example/h"',
    'href=""',
    'url="https://news.example/u.mp3"',
    'rel="alternate"',
    'rel="self"',
    'rel="enclosure"',
    'length="10"',
    'xml:space="preserve"',
    'own:x="1"',
    'atom:href="/y"',
    'thr:count="4"',
    'medium="image"',
    'domain="d"',
    'term="t"',
    'src="/s"',
)


_CALM_TEXTS: Final = tuple(text for text in TEXTS if "<b>" not in text and "<br" not in text and "<?" not in text)
_CALM: Final = _words(
    "title title media:title description description media:description itunes:summary summary content content:encoded"
    " source dc:publisher author dc:creator category dc:subject itunes:keywords comments slash:comments wfw:commentRss"
    " thr:total own:tag own:full-text yandex:full-text turbo:content language generator rights subtitle"
    " image itunes:image itunes:duration media:credit media:text media:thumbnail feedburner:origLink geo:lat docs"
    " logo post-id"
)
_CALM_ATTRIBUTES: Final = ('type="html"', 'type="text"', 'mode="escaped"', 'xml:lang="ru"', 'xml:lang=""', 'lang="de"')


def calm_element(rng: random.Random) -> str:
    """An element as most feeds have them."""
    kind = rng.randrange(12)
    if kind < 2:
        name = rng.choice(("link", "guid", "id"))
        mark = rng.choice(("", ' isPermaLink="false"', ' isPermaLink="true"')) if name == "guid" else ""
        return f"<{name}{mark}>{rng.choice(LINKS)}</{name}>"
    if kind == 2:
        rel = rng.choice(("", 'rel="alternate"', 'rel="self"', 'rel="replies"', 'rel="enclosure"'))
        return f'<{rng.choice(("link", "atom:link"))} {rel} href="{rng.choice(LINKS)}"/>'
    if kind == 3:
        return f'<enclosure url="{rng.choice(LINKS)}" length="1" type="audio/mpeg"/>'
    if kind < 6:
        name, text = rng.choice(_DATE_NAMES), rng.choice(DATES)
    elif kind == 6:
        inner = "".join(f"<media:{name}>{rng.choice(_CALM_TEXTS)}</media:{name}>" for name in ("title", "description"))
        group = rng.choice(("media:group", "media:content"))
        return f'<{group}>{inner}<media:thumbnail url="/t"/></{group}>'
    elif kind == 7:
        return f"<author><name>{rng.choice(_CALM_TEXTS)}</name><uri>/me</uri><email>a@b.example</email></author>"
    else:
        name, text = rng.choice(_CALM), rng.choice(_CALM_TEXTS)
    mark = f" {rng.choice(_CALM_ATTRIBUTES)}" if rng.randrange(6) == 0 else ""
    return f"<{name}{mark}>{text}</{name}>"


def element(rng: random.Random, depth: int = 0, *, calm: bool = False) -> str:
    """Any element, with any attributes and text, now and then with others inside."""
    if calm:
        return calm_element(rng)
    kind = rng.randrange(10)
    if kind < 2:
        name, text = rng.choice(_LINK_NAMES), rng.choice(LINKS)
    elif kind < 4:
        name, text = rng.choice(_DATE_NAMES), rng.choice(DATES)
    elif kind < 9 or depth:
        name, text = rng.choice(_TEXT_NAMES[:20] if rng.randrange(2) else _TEXT_NAMES), rng.choice(TEXTS)
    else:
        name, text = rng.choice(("media:group", "media:content", "author", "image", "source", "itunes:owner", "x")), ""
        if rng.randrange(2):
            text = "".join(element(rng, depth + 1) for _ in range(rng.randint(1, 3)))
    attributes = rng.sample(_ATTRIBUTES, rng.choice((0, 0, 0, 0, 0, 1, 1, 2)))
    stem = {attribute.partition("=")[0]: attribute for attribute in attributes}
    opening = " ".join((name, *stem.values()))
    return f"<{opening}>{text}</{name}>" if text or rng.randrange(2) else f"<{opening}/>"


def made_feed(rng: random.Random) -> bytes:
    """A document of any format, plain or not."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    if rng.randrange(8) == 0:
        odd = rng.choice(ODD_NAMESPACES)
        prefix = odd.partition("=")[0]
        declared = " ".join([odd, *(one for one in declared.split() if not one.startswith(f"{prefix}="))])
    lang = rng.choice(("", "", "", ' xml:lang="en_GB"', ' xml:lang=""'))
    calm = rng.randrange(4) > 0
    head = "".join(element(rng, calm=calm) for _ in range(rng.randint(0, 4)))
    name = rng.choice(("item", "item", "entry"))
    entries = []
    for _ in range(rng.randint(0, 4)):
        inner = "\n".join(element(rng, calm=calm) for _ in range(rng.randint(0, 7)))
        mark = rng.choice(("", "", "", ' xml:lang="fr"', ' rdf:about="/about"', ' href="/h"'))
        entries.append(f"<{name}{mark}>{inner}</{name}>")
        if rng.randrange(5) == 0:
            entries.append(element(rng, calm=calm))
    body = head + "\n".join(entries)
    match rng.randrange(6):
        case 0 | 1:
            default = "" if 'xmlns="' in declared else ' xmlns="http://www.w3.org/2005/Atom"'
            text = f"<feed{default} {declared}{lang}>{body}</feed>"
        case 2:
            default = "" if 'xmlns="' in declared else ' xmlns="http://purl.org/rss/1.0/"'
            kept = " ".join(one for one in declared.split() if rng.randrange(2) or "2005/Atom" not in one)
            text = f"<rdf:RDF{default} {kept}{lang}><channel>{head}</channel>{''.join(entries)}</rdf:RDF>"
        case _:
            text = f'<rss version="2.0" {declared}{lang}><channel>{body}</channel></rss>'
    declaration = rng.choice(
        (
            "",
            '<?xml version="1.0"?>',
            '<?xml version="1.0" encoding="UTF-8"?>',
            "<?xml version='1.0' encoding='utf-8' ?>\n",
        )
    )
    doctype = rng.choice(("", "", "", "", "", "", "<!DOCTYPE rss [<!ENTITY a 'b'>]>", "<!-- made -->"))
    return (rng.choice(("", "", "", "\ufeff", "\n")) + declaration + doctype + text).encode()


def damaged(rng: random.Random, body: bytes) -> bytes:
    """The document with a few of its bytes changed."""
    now = bytearray(body)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(now) + 1)
        bits = (
            b"",
            b"<",
            b">",
            b"&",
            b"x",
            b"]]>",
            b"\xff",
            b"\xc3",
            b"<item>",
            b"</item>",
            b"</title>",
            b'"',
            b"&nbsp;",
            b" ",
        )
        now[at : at + rng.randint(0, 3)] = rng.choice(bits)
    return bytes(now)
