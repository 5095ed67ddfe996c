"""Messages as Telegram shows them on a phone: text with its entities, pictures, keyboards, what a reply hangs under."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final

from telegram import Chat, Message, MessageEntity

from tests.lookalike.browser import FONTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.doubles.bot_api import SentMessage

WIDTH_PX: Final = 390
_WHEN: Final = datetime(2024, 6, 19, tzinfo=UTC)
_QUOTED_CHARS: Final = 70
_BROKEN: Final = re.compile(r"\n(?=<(?:blockquote|pre))|(?<=</blockquote>)\n|(?<=</pre>)\n")
"""Line breaks that a block makes by itself."""
_THEMES: Final = {
    "light": {
        "wall": "#cfdfe8", "paper": "#ffffff", "ink": "#000000", "small": "#7a8a95", "link": "#2481cc",
        "key": "#5b7f94cc", "own": "#e3fdd2", "code": "#eef2f5", "bar": "#3390ec",
    },
    "dark": {
        "wall": "#0e1621", "paper": "#182533", "ink": "#f5f5f5", "small": "#7d8e9e", "link": "#6ab3f3",
        "key": "#2b5278aa", "own": "#2b5278", "code": "#101921", "bar": "#6ab3f3",
    },
}  # fmt: skip
_STYLE: Final = """
body { margin: 0; padding: 10px 8px; background: WALL; width: 374px; font: 15px/1.32 FONTS; color: INK; }
.bubble { background: PAPER; border-radius: 14px; padding: 7px 11px 8px; max-width: 336px; margin-top: 7px;
  overflow: hidden; width: fit-content; }
.bubble.wide { width: 336px; }
.own { background: OWN; margin-left: auto; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
.text a { color: LINK; text-decoration: none; }
code { font: 13px/1.3 Mono, "DejaVu Sans Mono", monospace; color: LINK; }
pre { font: 12px/1.35 "DejaVu Sans Mono", monospace; background: CODE; border-radius: 6px;
  padding: 6px 8px; margin: 3px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { margin: 3px 0; padding: 3px 8px; border-left: 3px solid BAR; background: CODE; border-radius: 5px; }
blockquote[expandable] { max-height: 3.9em; overflow: hidden; position: relative; }
blockquote[expandable]::after { content: "⌄"; position: absolute; right: 6px; bottom: 0; color: BAR; }
.reply { border-left: 3px solid BAR; background: CODE; border-radius: 5px; padding: 2px 8px; font-size: 13px;
  margin-bottom: 4px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.reply b { color: BAR; display: block; }
.foot { color: SMALL; font-size: 11.5px; text-align: right; margin-top: 1px; }
.photo { display: block; width: 358px; margin: -7px -11px 7px; }
.rows { width: 336px; } .row { display: flex; gap: 4px; margin-top: 4px; }
.key { flex: 1; min-width: 0; background: KEY; color: #fff; border-radius: 8px; padding: 8px 4px; text-align: center;
  font-size: 14px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.later { color: SMALL; text-align: center; font-size: 12.5px; margin: 10px 0 2px; }
"""


def page(items: Sequence[str | SentMessage], *, theme: str, earlier: Mapping[int, str] | None = None) -> str:
    """One screen: what the person wrote as strings (in brackets, what happened meanwhile), and what the bot sent."""
    known = dict(earlier or {})
    body = ""
    for item in items:
        if isinstance(item, str):
            body += _said(item)
            continue
        body += _bubble(item, known)
        known[item.message_id] = item.text
    style = _STYLE.replace("FONTS", FONTS)
    for name, colour in sorted(_THEMES[theme].items(), key=lambda each: -len(each[0])):  # LINK before INK
        style = style.replace(name.upper(), colour)
    return f"<!doctype html><meta charset='utf-8'><style>{style}</style><body>{body}</body>"


def _said(text: str) -> str:
    if text.startswith("("):
        return f"<div class='later'>{escape(text.strip('()'))}</div>"
    return f"<div class='bubble own'><div class='text'>{escape(text)}</div></div>"


def _bubble(sent: SentMessage, known: Mapping[int, str]) -> str:
    parts = ""
    quoted = known.get(sent.reply_to or 0, "").partition("\n")[0][:_QUOTED_CHARS]
    if quoted:
        parts += f"<div class='reply'><b>Backstory</b>{escape(quoted)}</div>"
    if sent.photo:
        parts += f"<img class='photo' src='data:image/png;base64,{b64encode(sent.photo).decode()}'>"
    if sent.document:
        parts += f"<div class='reply'><b>{escape(sent.document[0])}</b>{len(sent.document[1]):,} bytes</div>"
    parts += f"<div class='text'>{as_html(sent.text, sent.entities)}</div>"
    foot = "edited 09:41" if sent.edits else "09:41"
    wide = " wide" if sent.keyboard or sent.photo else ""
    return f"<div class='bubble{wide}'>{parts}<div class='foot'>{foot}</div></div>{_keyboard(sent.keyboard)}"


def _keyboard(rows: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    drawn = "".join(f"<div class='row'>{''.join(map(_key, row))}</div>" for row in rows)
    return f"<div class='rows'>{drawn}</div>" if drawn else ""


def _key(key: Mapping[str, Any]) -> str:
    return f"<div class='key'>{escape(str(key['text']))}</div>"


def as_html(text: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """Text and entities as HTML, by the SDK's own conversion."""
    made = [MessageEntity(e["type"], e["offset"], e["length"], url=e.get("url")) for e in entities]
    if not text:
        return ""
    html = Message(1, _WHEN, Chat(1, Chat.PRIVATE), text=text, entities=made).text_html
    return _BROKEN.sub("", html)
