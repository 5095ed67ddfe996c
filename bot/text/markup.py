"""Turns HTML into lines of plain text, one a paragraph. Untrusted input: nothing of it survives as markup.

Elements that never hold article text (scripts, menus, forms, captions) go; what they held is returned by kind where a
reader might miss it. Knows nothing of what the text says.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG: Final = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9:-]*(?:\s[^<>]*|/)?|!doctype[^<>]*)>", re.IGNORECASE)
# An end of the text ends them too: to look for the end of each of 25,000 comments that have none takes seconds.
_OPAQUE: Final = re.compile(r"<(?:!--.*?(?:-->|\Z)|!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_ESCAPED_TAG: Final = re.compile(
    r"</?(?:p|br|div|span|a\s+href|img\s|ul|ol|li|h[1-6]|table|td|tr|blockquote|figure)\b[^<>]*>", re.IGNORECASE
)
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_LITERAL_BREAK: Final = re.compile(r"\\r?\\n|\\n(?=[A-Z\s])")
_WRAPPED: Final = re.compile(r"\n(?<=[^\n.!?。:;]\n)(?=[a-zа-яіїєґ])")

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")
_BREAKS: Final = str.maketrans("\x0b\x0c", "  ")
"""Those among them that part lines, and so words."""
_SILENT: Final = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "head",
        "select",
        "button",
        "audio",
        "video",
    }
)
_FURNITURE: Final = {"nav": "menu", "form": "form", "aside": "related", "footer": "footer", "figcaption": "caption"}
_CLASSES: Final = {
    "caption": re.compile(r"(?:^|[\s_-])caption(?:$|[\s_-])|wp-caption-text"),
    "related": re.compile(r"(?:^|[\s_-])(?:related|read-?more|see-?also|recommended)(?:$|[\s_-])"),
    "form": re.compile(
        r"(?:^|[\s_-])(?:comments?-form|respond|newsletter|sharedaddy|share-buttons|social-share"
        r"|feedflare)(?:$|[\s_-])"
    ),
}
_BLOCKS: Final = frozenset({
    "address", "article", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
FURNITURE_CHARS: Final = 300
FURNITURE_SHARE: Final = 0.2
"""A menu or a form is small: pages that wrap the whole article in such an element keep it."""


def plain_text(body: str) -> tuple[str, list[tuple[str, str]]]:
    """A body as plain text with a line a paragraph, and what was left out as (kind, text).

    Plain text passes through, unescaped and with hard-wrapped lines joined; twice-escaped HTML is read as HTML.
    """
    removed: list[tuple[str, str]] = []
    text = _from_html(body, removed) if _is_html(body) else html.unescape(body) if _ENTITY.search(body) else body
    if _ESCAPED_TAG.search(text):
        text = _from_html(text, removed)
    text = _LITERAL_BREAK.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _WRAPPED.sub(" ", text), removed


def _is_html(body: str) -> bool:
    """Whether there is a tag, a comment or a marked section in it, whole."""
    return bool(_TAG.search(body)) or _holds(body, "<!--", "-->") or _holds(body, "<![CDATA[", "]]>")


def _holds(body: str, start: str, end: str) -> bool:
    at = body.find(start)
    return at >= 0 and body.find(end, at + len(start)) >= 0


def _from_html(markup: str, removed: list[tuple[str, str]]) -> str:
    # Control characters are no characters of XML: libxml2 would stop at the first.
    markup = _CONTROLS.sub("", markup.translate(_BREAKS))
    # The library's own class of parser would look up a class for each element, in Python.
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(f"<div>{markup}</div>", parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return html.unescape(_TAG.sub(" ", _OPAQUE.sub(" ", markup))) if root is None else "".join(_pieces(root, removed))


def _pieces(root: etree._Element, removed: list[tuple[str, str]]) -> Iterator[str]:
    """Text in reading order with line breaks around blocks; white space in HTML is a space, except in ``pre``."""
    furniture_chars = max(FURNITURE_CHARS, FURNITURE_SHARE * len("".join(root.itertext())))
    stack: list[tuple[etree._Element | str, bool]] = [(root, False)]
    while stack:
        node, preformatted = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        later: list[tuple[etree._Element | str, bool]] = []
        kind = _furniture(node, tag)
        gone = " ".join("".join(node.itertext()).split()) if kind else ""
        if kind is not None and len(gone) <= furniture_chars:
            if gone:
                removed.append((kind, gone))
            later.append(("\n" if tag in _BLOCKS or kind else " ", False))
        else:
            inner = preformatted or tag == "pre"
            breaks = tag in _BLOCKS
            later.append(("\n" if breaks else "", False))
            later.append((_spaced(node.text, preformatted=inner), False))
            for child in node:
                later.append((child, inner))
                later.append((_spaced(child.tail, preformatted=inner), False))
            later.append(("\n" if breaks else "", False))
        stack.extend(reversed(later))


def _spaced(text: str | None, *, preformatted: bool) -> str:
    if not text:
        return ""
    if preformatted:
        return text
    words = " ".join(text.split())
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}" if words else " "


def _furniture(node: etree._Element, tag: str) -> str | None:
    """Why an element is left out: "" silently, a kind to be listed, None if it stays."""
    if tag in _SILENT:
        return ""
    if tag in _FURNITURE:
        return _FURNITURE[tag]
    names = f"{node.get('class') or ''} {node.get('id') or ''}".lower()
    if len(names) > 1:
        for kind, pattern in _CLASSES.items():
            if pattern.search(names):
                return kind
    return None
