"""Messages, modals and the Home tab as Slack shows them on a phone: Block Kit blocks as HTML."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any, Final

from tests.lookalike.browser import FONTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Json = Any
WIDTH_PX: Final = 420
_THEMES: Final = {
    "light": {
        "wall": "#fff", "ink": "#1d1c1d", "small": "#616061", "link": "#1264a3", "line": "#ddd", "code": "#f6f6f6",
    },
    "dark": {
        "wall": "#1a1d21", "ink": "#d1d2d3", "small": "#ababad", "link": "#1d9bd1", "line": "#3c3f44",
        "code": "#222529",
    },
}  # fmt: skip
_STYLE: Final = """
body { margin: 0; padding: 10px 12px; background: WALL; width: 396px; font: 15px/1.42 FONTS; color: INK; }
.message { display: grid; grid-template-columns: 36px 1fr; gap: 9px; margin-top: 12px; }
.message.thread { margin-left: 22px; border-left: 2px solid LINE; padding-left: 10px; }
.face { width: 36px; height: 36px; border-radius: 7px; background: #4a154b; color: #fff; text-align: center;
  font: bold 19px/36px "Noto Sans"; }
.face.you { background: #2eb67d; }
.who { font-weight: 700; } .who small { font-weight: 400; color: SMALL; font-size: 12px; margin-left: 5px; }
.tag { background: LINE; border-radius: 3px; font-size: 10px; padding: 1px 4px; margin-left: 4px; font-weight: 600; }
.hint { color: SMALL; font-size: 12.5px; }
.block { margin: 5px 0; overflow-wrap: anywhere; unicode-bidi: plaintext; white-space: pre-wrap; }
h3 { font-size: 18px; line-height: 1.3; margin: 4px 0; unicode-bidi: plaintext; }
.context { color: SMALL; font-size: 12.5px; }
a { color: LINK; text-decoration: none; }
code { font: 12.5px/1.4 "DejaVu Sans Mono", monospace; background: CODE; border: 1px solid LINE; border-radius: 3px;
  padding: 1px 3px; color: #e01e5a; }
pre { font: 12px/1.4 "DejaVu Sans Mono", monospace; background: CODE; border: 1px solid LINE; border-radius: 4px;
  padding: 7px; margin: 4px 0; white-space: pre-wrap; }
ul { margin: 2px 0; padding-left: 22px; white-space: normal; } li { margin: 1px 0; unicode-bidi: plaintext; }
blockquote { margin: 3px 0; border-left: 4px solid LINE; padding-left: 10px; }
.actions { display: flex; flex-wrap: wrap; gap: 7px; margin: 7px 0; }
.button { border: 1px solid LINE; border-radius: 7px; padding: 5px 11px; font-weight: 700; font-size: 13.5px; }
.label { font-weight: 700; margin-top: 10px; } .field { border: 1px solid LINE; border-radius: 5px; padding: 8px 10px;
  margin-top: 3px; min-height: 20px; overflow-wrap: anywhere; }
img { max-width: 100%; border-radius: 6px; margin-top: 4px; }
.bar { display: flex; justify-content: space-between; border-bottom: 1px solid LINE; padding-bottom: 8px;
  font-weight: 800; }
hr { border: 0; border-top: 1px solid LINE; }
.later { color: SMALL; text-align: center; font-size: 12.5px; margin: 12px 0 2px; }
"""


def page(items: Sequence[str | Json], *, theme: str) -> str:
    """One screen. Items are what the person typed, or dicts: ``blocks`` with ``how`` (a tag line), or a ``view``."""
    body = "".join(_typed(item) if isinstance(item, str) else _shown(item) for item in items)
    style = _STYLE.replace("FONTS", FONTS)
    for name, colour in sorted(_THEMES[theme].items(), key=lambda each: -len(each[0])):  # LINK before INK
        style = style.replace(name.upper(), colour)
    return f"<!doctype html><meta charset='utf-8'><style>{style}</style><body>{body}</body>"


def _typed(text: str) -> str:
    if text.startswith("("):
        return f"<div class='later'>{escape(text.strip('()'))}</div>"
    return (
        f"<div class='message'><div class='face you'>A</div><div><div class='who'>Ada</div>{escape(text)}</div></div>"
    )


def _shown(item: Json) -> str:
    if "view" in item:
        return _view(item["view"])
    how = item.get("how", "")
    whisper = "<div class='hint'>Only visible to you</div>" if how.startswith("only you") else ""
    edited = "<span class='hint'> (edited)</span>" if "edited" in how else ""
    thread = " thread" if "thread" in how else ""
    picture = f"<img src='data:image/png;base64,{b64encode(item['picture']).decode()}'>" if item.get("picture") else ""
    head = "<div class='who'>Backstory<span class='tag'>APP</span><small>9:41</small></div>"
    return (
        f"<div class='message{thread}'><div class='face'>B</div><div>{head}{whisper}{blocks_html(item['blocks'])}"
        f"{edited}{picture}</div></div>"
    )


def _view(view: Json) -> str:
    if view["type"] == "home":
        return f"<div class='bar'><span>Backstory · Home</span></div>{blocks_html(view['blocks'])}"
    submit = view.get("submit", {}).get("text", "")
    close = view.get("close", {}).get("text", "✕")
    bar = f"<span>{escape(close)}</span><span>{escape(view['title']['text'])}</span><span>{escape(submit)}</span>"
    return f"<div class='bar'>{bar}</div>{blocks_html(view['blocks'])}"


def blocks_html(blocks: Sequence[Json]) -> str:
    """The blocks from top to bottom; one of an unknown kind raises KeyError, so that none is left out unseen."""
    return "".join(_KINDS[block["type"]](block) for block in blocks)


def _header(block: Json) -> str:
    return f"<h3>{escape(block['text']['text'])}</h3>"


def _section(block: Json) -> str:
    extra = _element(block["accessory"]) if "accessory" in block else ""
    return f"<div class='block'>{_text(block['text'])}</div>{extra}"


def _context(block: Json) -> str:
    return f"<div class='block context'>{'<br>'.join(_text(element) for element in block['elements'])}</div>"


def _rich(block: Json) -> str:
    return f"<div class='block'>{''.join(map(_rich_element, block['elements']))}</div>"


def _rich_element(element: Json) -> str:
    if element["type"] == "rich_text_list":
        items = "".join(f"<li>{''.join(map(_inline, item['elements']))}</li>" for item in element["elements"])
        return f"<ul>{items}</ul>"
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(element["type"], "div")
    return f"<{tag}>{''.join(map(_inline, element['elements']))}</{tag}>"


def _inline(element: Json) -> str:
    text = escape(element.get("text") or element.get("url", ""))
    for style, tag in (("code", "code"), ("bold", "b"), ("italic", "i")):
        if element.get("style", {}).get(style):
            text = f"<{tag}>{text}</{tag}>"
    return f"<a href='#'>{text}</a>" if element["type"] == "link" else text


def _text(text: Json) -> str:
    if text["type"] == "plain_text":
        return escape(text["text"])
    marked = text["text"].replace('"', "&quot;")  # what Slack asks to be escaped is escaped already
    marked = re.sub(r"<([^|>]+)\|([^>]*)>", r"<a href='#'>\2</a>", marked)
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", marked)
    marked = re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", marked)
    return re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"<i>\1</i>", marked)


def _actions(block: Json) -> str:
    return f"<div class='actions'>{''.join(map(_element, block['elements']))}</div>"


def _element(element: Json) -> str:
    if element["type"] == "button":
        return f"<span class='button'>{escape(element['text']['text'])}</span>"
    if element["type"] in {"radio_buttons", "static_select"}:
        chosen = element.get("initial_option", {}).get("value")
        rows = [f"{'◉' if o['value'] == chosen else '○'} {escape(o['text']['text'])}" for o in element["options"]]
        return f"<div class='field'>{'<br>'.join(rows)}</div>"
    return f"<div class='field'>{escape(element.get('initial_value', ''))}</div>"


def _input(block: Json) -> str:
    hint = f"<div class='context'>{escape(block['hint']['text'])}</div>" if "hint" in block else ""
    return f"<div class='label'>{escape(block['label']['text'])}</div>{_element(block['element'])}{hint}"


_KINDS: Final[dict[str, Callable[[Json], str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "rich_text": _rich,
    "actions": _actions,
    "input": _input,
    "divider": lambda _: "<hr>",
    "image": lambda block: f"<div class='context'>[{escape(block['alt_text'])}]</div>",
}
