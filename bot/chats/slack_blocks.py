"""A message as Slack takes it: Block Kit blocks and a fallback text. Pure; knows no SDK.

Prose goes out as rich text, in which text is only text: nothing in it can become formatting, a mention or a link. Small
print with links needs mrkdwn, where ``& < >`` are escaped and formatting characters are replaced by look-alikes. Limits
are those of docs.slack.dev/reference/block-kit/blocks, and a total that Slack enforces without documenting it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from bot.chats.layout import ELLIPSIS, Line, cut, cut_text, fit, gap, lines_of, safe_url, split
from bot.chats.message import BlockKind, Span, Style
from bot.limits import (
    SLACK_ACTIONS,
    SLACK_BLOCKS,
    SLACK_BUTTON_CHARS,
    SLACK_CONTEXT_ELEMENTS,
    SLACK_HEADER_CHARS,
    SLACK_ID_CHARS,
    SLACK_SECTION_CHARS,
    SLACK_TEXT_CHARS,
    SLACK_TOTAL_CHARS,
    SLACK_URL_CHARS,
    SLACK_VALUE_CHARS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chats.message import Button, Message

JsonObject = dict[str, Any]
"""A Block Kit object, ready to be sent as JSON."""

BULLET: Final = "• "
LINK_ACTION: Final = "open"
"""The action id of buttons that only open a page: Slack reports those presses too, and they mean nothing to us."""

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOK_ALIKES: Final = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", ":": "꞉", "|": "∣"}

# What mrkdwn would take for formatting; an underscore within a word and a lone colon are none.
_FORMATTING: Final = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])|:(?=[\w+'-]+:)")
_STYLES: Final = {Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "code"}

# In Slack a command has a name of its own only if the app's manifest gives it one: /mute and /status are Slack's own.
NAMESPACE: Final = "/backstory"
"""The slash command that takes all others as its first word."""
_OF_ITS_OWN: Final = "topics"
SPOKEN: Final = [
    "bad",
    "digest",
    "earlier",
    "export",
    "feeds",
    "good",
    "help",
    "import",
    "latest",
    "lexicon",
    "missed",
    "mute",
    "quiet",
    "search",
    "settings",
    "start",
    "status",
    "story",
    "subscribe",
    "timeline",
    "unmute",
    "unsubscribe",
    "why",
    "whynot",
]
"""The commands that texts may name; a test holds them against the table of commands."""
_TYPED: Final = re.compile(rf"/(?!{_OF_ITS_OWN}\b|{NAMESPACE[1:]}\b)(?=[a-z])")
_NAMED: Final = re.compile(rf"(?<![^\s(“«])/(?=(?:{'|'.join(SPOKEN)})(?:[\s,.;:!?)”»]|$))")

# Literal in rich text as it is; defused all the same, for clients and archives that fall back to mrkdwn.
_SPECIAL_MENTION: Final = re.compile(r"<(?=[!@#])")
_SLACK_MENTION_LIKE: Final = "‹"


@dataclass(frozen=True, slots=True)
class SlackPayload:
    """One Slack message: ``text`` is what notifications and screen readers get, escaped for mrkdwn."""

    text: str
    blocks: tuple[JsonObject, ...]


def escape(text: str) -> str:
    """``text`` for mrkdwn: with the three characters escaped that Slack asks for, it can hold no link or mention."""
    return text.translate(_ESCAPES)


def render(message: Message) -> SlackPayload:
    """The message as one Slack message, cut where it is too long."""
    return _compose(fit(_lines(message), budget=_BUDGET, cost=len), message.buttons)


def render_parts(message: Message) -> tuple[SlackPayload, ...]:
    """The message as one or more Slack messages with nothing cut; the buttons stand under the last."""
    cut_up = (split([line], budget=SLACK_SECTION_CHARS, cost=len) for line in _lines(message))
    lines = [piece for parts_of_line in cut_up for part in parts_of_line for piece in part]
    parts: list[list[Line]] = [[]]
    for line in lines:
        grown = [*parts[-1], line]
        if parts[-1] and (_cost(grown) > _BUDGET or len(_groups(grown)) > _BLOCKS_FOR_TEXT):
            parts.append([line])
        else:
            parts[-1] = grown
    return tuple(_compose(part, message.buttons if part is parts[-1] else ()) for part in parts)


# Buttons count towards the total as well; what they may take is set aside.
_BUDGET: Final = SLACK_TOTAL_CHARS - 2000
_BLOCKS_FOR_TEXT: Final = SLACK_BLOCKS - 4
_BUTTONS: Final = 4 * SLACK_ACTIONS


def _lines(message: Message) -> tuple[Line, ...]:
    """The lines with every command as it is typed in Slack."""
    lines = lines_of(message)
    return tuple(replace(line, spans=tuple(_as_typed_here(line, span) for span in line.spans)) for line in lines)


def _as_typed_here(line: Line, span: Span) -> Span:
    if span.url:
        return span
    if line.kind is BlockKind.CODE or span.style is Style.CODE:
        first = _TYPED.match(span.text)
        return replace(span, text=f"{NAMESPACE} {span.text[1:]}") if first else span
    return replace(span, text=_NAMED.sub(f"{NAMESPACE} ", span.text))


def _cost(lines: Sequence[Line]) -> int:
    return sum(len(line.text) + 4 for line in lines)


def _compose(lines: Sequence[Line], buttons: Sequence[Sequence[Button]]) -> SlackPayload:
    short = [cut(line, SLACK_SECTION_CHARS, len) for line in lines]
    groups = _groups(short)
    if len(groups) > _BLOCKS_FOR_TEXT:
        groups = [*groups[: _BLOCKS_FOR_TEXT - 1], [Line(BlockKind.PARAGRAPH, -1, (Span(ELLIPSIS),))]]
    blocks = [_block(group) for group in groups] + _actions(buttons)
    return SlackPayload(_fallback(short), tuple(blocks) or (_plain_section(ELLIPSIS),))


def _fallback(lines: Sequence[Line]) -> str:
    """The whole text with its links, escaped, within what Slack shows unbroken; an over-long rest is cut."""
    text = ""
    before: Line | None = None
    for line in lines:
        lead = (gap(before, line) if before else "") + (BULLET if line.kind is BlockKind.BULLETS else "")
        drawn = lead + "".join(_linked(span) for span in line.spans)
        room = SLACK_TEXT_CHARS - len(text) - len(ELLIPSIS)
        if len(drawn) > room:
            # Escaping makes one character five at most, so that what is cut to a fifth fits for certain.
            shorter = lead + escape(cut(line, max(room // 5, 1), len).text)
            return text + (shorter if len(shorter) <= room else ELLIPSIS)
        text += drawn
        before = line
    return text or ELLIPSIS


def _linked(span: Span) -> str:
    url = _linkable(span.url)
    text = escape(span.text)
    return f"<{escape(url)}|{text.replace('|', _LOOK_ALIKES['|'])}>" if url else text


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines that make one block each: a block's own lines, and a label together with its list."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        shares = last is not None and (
            last.block == line.block or (last.kind is BlockKind.PARAGRAPH and line.kind is BlockKind.BULLETS)
        )
        if shares:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _block(lines: Sequence[Line]) -> JsonObject:
    first = lines[0]
    if first.kind is BlockKind.NOTE:
        return {"type": "context", "elements": [_small_print(line) for line in lines[:SLACK_CONTEXT_ELEMENTS]]}
    if first.kind is BlockKind.HEADING and len(lines) == 1 and _is_header(first):
        return {"type": "header", "text": _plain_text(first.text)}
    elements = [
        element
        for kind, group in groupby(lines, key=lambda line: line.kind)
        for element in _rich_elements(kind, list(group))
    ]
    return {"type": "rich_text", "elements": elements}


def _is_header(line: Line) -> bool:
    linked = any(span.url or span.style is Style.CODE for span in line.spans)
    return not linked and len(line.text) <= SLACK_HEADER_CHARS


def _rich_elements(kind: BlockKind, lines: Sequence[Line]) -> list[JsonObject]:
    if kind is BlockKind.BULLETS:
        items = [{"type": "rich_text_section", "elements": _rich_spans(line)} for line in lines]
        return [{"type": "rich_text_list", "style": "bullet", "elements": items}]
    if kind is BlockKind.CODE:
        parts = split(lines, budget=SLACK_SECTION_CHARS, cost=len)
        texts = ("\n".join(line.text for line in part) for part in parts)
        return [
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text or " "}]} for text in texts
        ]
    container = "rich_text_quote" if kind is BlockKind.QUOTE else "rich_text_section"
    return [{"type": container, "elements": _rich_spans(line)} for line in lines]


def _rich_spans(line: Line) -> list[JsonObject]:
    spans = []
    for span in line.spans:
        styles = {_STYLES[span.style]} if span.style in _STYLES else set()
        if line.kind is BlockKind.HEADING:
            styles.add("bold")
        element: JsonObject = {"type": "text", "text": _SPECIAL_MENTION.sub(_SLACK_MENTION_LIKE, span.text)}
        if url := _linkable(span.url):
            element |= {"type": "link", "url": url}
        if styles:
            element["style"] = dict.fromkeys(sorted(styles), True)
        spans.append(element)
    return spans


def _small_print(line: Line) -> JsonObject:
    styled = any(_linkable(span.url) or span.style is not Style.PLAIN for span in line.spans)
    if not styled:
        return _plain_text(line.text)
    text = "".join(_mrkdwn(span) for span in line.spans)
    if len(text) > SLACK_SECTION_CHARS:
        return _plain_text(line.text)
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _mrkdwn(span: Span) -> str:
    url = _linkable(span.url)
    if span.style is Style.CODE and not url:
        # Within code nothing but the closing mark means anything, and a query is there to be copied.
        return f"`{escape(span.text.replace('`', _LOOK_ALIKES['`']))}`"
    text = escape(_FORMATTING.sub(lambda match: _LOOK_ALIKES[match[0]], span.text))
    if url:
        return f"<{escape(url)}|{text.replace('|', _LOOK_ALIKES['|'])}>"
    mark = {Style.BOLD: "*", Style.ITALIC: "_"}.get(span.style, "")
    # A mark only works against a word, so spaces stay outside.
    body = text.strip()
    return text.replace(body, f"{mark}{body}{mark}", 1) if body else text


def _linkable(url: str | None) -> str | None:
    return url if url and len(url) <= SLACK_URL_CHARS and "|" not in url else None


def _plain_text(text: str) -> JsonObject:
    return {"type": "plain_text", "text": text, "emoji": False}


def _plain_section(text: str) -> JsonObject:
    return {"type": "section", "text": _plain_text(text)}


def _actions(rows: Sequence[Sequence[Button]]) -> list[JsonObject]:
    """One actions block a row, as long as there are few rows; else all buttons together, 25 a block."""
    groups: list[list[JsonObject]] = [[b for button in row if (b := _button(button))] for row in rows]
    groups = [group for group in groups if group]
    if len(groups) > SLACK_BLOCKS - _BLOCKS_FOR_TEXT or any(len(group) > SLACK_ACTIONS for group in groups):
        together = [button for group in groups for button in group][:_BUTTONS]
        groups = [together[at : at + SLACK_ACTIONS] for at in range(0, len(together), SLACK_ACTIONS)]
    return [{"type": "actions", "elements": _with_unique_ids(group)} for group in groups]


def _with_unique_ids(buttons: list[JsonObject]) -> list[JsonObject]:
    """The buttons with a number after each repeated action id: Slack wants ids unique within a block."""
    seen: Counter[str] = Counter()
    for button in buttons:
        action = button["action_id"]
        seen[action] += 1
        if seen[action] > 1:
            button["action_id"] = f"{action}:{seen[action]}"
    return buttons


def _button(button: Button) -> JsonObject | None:
    label = cut_text(_NAMED.sub(f"{NAMESPACE} ", button.label), SLACK_BUTTON_CHARS)
    if not label:
        return None
    face: JsonObject = {"type": "button", "text": _plain_text(label)}
    if button.url is not None:
        url = _linkable(safe_url(button.url))
        return {**face, "action_id": LINK_ACTION, "url": url} if url else None
    if not button.action or len(button.data) > SLACK_VALUE_CHARS or len(button.action) > SLACK_ID_CHARS - 8:
        return None
    return {**face, "action_id": button.action, "value": button.data}
