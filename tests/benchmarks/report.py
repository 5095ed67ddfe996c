"""What a run of the benchmarks leaves for the README: a table of ratios and a chart of them. No absolute figures.

A run of some parts renews their own lines and keeps the others.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.pictures import fonts
from bot.pictures.shapes import MARGIN, WIDTH, Bar, Box, Ink, Layout, Stroke, Text, png

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Row

FOLDER: Final = Path(__file__).resolve().parents[2] / "deploy" / "pictures"
HEAD: Final = "| work | peer | ours : peer's |\n|---|---|---|\n"
_LINE: Final = re.compile(r"\| (?P<work>.+?) \| (?P<peer>.+?) \| (?P<ratio>.+?) \|")
_SIZE: Final = 27
_ROOM: Final = 96
_HEAD: Final = 176
_LEAST: Final = 0.1
_LABELLED: Final = 2
"""Each so many powers of ten has room for its number."""


def shown(ratio: float) -> str:
    """A ratio as people say it: "1 : 12" is twelve times less than the peer."""
    return f"{ratio:.1f} : 1" if ratio >= 1 else f"1 : {1 / ratio:,.0f}" if ratio <= _LEAST else f"1 : {1 / ratio:,.1f}"


def said(text: str) -> float:
    """The ratio of what ``shown`` gave."""
    ours, _, peers = text.replace(",", "").partition(" : ")
    return float(ours) / float(peers)


def write(rows: Sequence[Row], folder: Path = FOLDER) -> None:
    """Renew the table and the chart in the folder."""
    table = folder / "benchmarks.md"
    known = _LINE.findall(table.read_text(encoding="utf-8")) if table.exists() else []
    lines = {(work, peer): ratio for work, peer, ratio in known if work != "work"}
    lines |= {(row.what, row.peer): shown(row.ours / row.peers) for row in rows}
    text = HEAD + "".join(f"| {work} | {peer} | {ratio} |\n" for (work, peer), ratio in lines.items())
    table.write_text(text, encoding="utf-8")
    (folder / "benchmarks.png").write_bytes(png(layout([(*names, said(ratio)) for names, ratio in lines.items()])))


def layout(lines: Sequence[tuple[str, str, float]]) -> Layout:
    """A bar a line, on a scale of powers of ten: right of the rule we need less than the peer, left of it more."""
    ratios = [math.log10(1 / ratio) for *_, ratio in lines]
    low, high = math.floor(min(0, *ratios)), max(1, math.ceil(max(0, *ratios)))
    height = _HEAD + _ROOM * len(lines) + MARGIN

    def x(power: float) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * (power - low) / (high - low)

    texts = [
        Text(MARGIN, 74, "How many times less than the peer (left of 1: more)", 36, bold=True),
        *(
            Text(x(power) + 6, 126, f"{10**power:,}", _SIZE, Ink.MUTED)
            for power in range(low, high)
            if power % _LABELLED == 0
        ),
    ]
    strokes = []
    bars = []
    for place, ((work, peer, ratio), power) in enumerate(zip(lines, ratios, strict=True)):
        top = _HEAD + _ROOM * place
        words = f"{work} / {peer}: {shown(ratio)}"
        texts.append(Text(MARGIN, top + 26, fonts.shortened(words, _SIZE, WIDTH - 2 * MARGIN), _SIZE))
        # The rules stand behind the bars alone: over words they would be in the way.
        strokes += [
            Stroke((x(rule), top + 34), (x(rule), top + 74), thickness=4 if rule == 0 else 2)
            for rule in range(low, high + 1)
        ]
        left, right = sorted((x(0), x(power)))
        bars.append(Bar(Box(left, top + 40, max(right, left + 4), top + 68)))
    return Layout(height=height, texts=tuple(texts), strokes=tuple(strokes), bars=tuple(bars))
