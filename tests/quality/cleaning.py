"""How much true text cleaning costs: on real pages whose body editors marked, and on articles that are clean."""

from __future__ import annotations

import re
from collections import Counter

from bot.text.clean import clean
from bot.text.normalise import displayable
from tests.quality.corpus import read
from tests.quality.streams import DATA, FILES

_FURNITURE = re.compile(r"(?s)<(figcaption|script|style|form|button)\b.*?</\1>")
_FILLER = "orem ipsum"


def pages_kept() -> float:
    """The share of the words of the expected bodies that comes through. Pages of filler say one paragraph again."""
    kept = total = 0
    for path in sorted((DATA / "pages").glob("*/expected.html")):
        markup = path.read_text("utf-8")
        if _FILLER in markup:
            continue
        total += len(displayable(re.sub(r"<[^>]+>", " ", _FURNITURE.sub(" ", markup))).split())
        kept += len(clean(markup, title="", lang=None).text.split())
    return kept / total


def clean_text_dropped() -> tuple[float, Counter[str]]:
    """The share of the letters of clean articles that is dropped, and how many by rule; their titles are rightly."""
    total = 0
    dropped: Counter[str] = Counter()
    for row in read(DATA / FILES["basil"]):
        total += len(row["text"])
        for piece in clean(row["text"], title=row["title"], lang=row.get("lang")).dropped:
            if piece.kind != "title":
                dropped[piece.kind] += len(piece.text)
    return dropped.total() / total, dropped


def rows() -> list[tuple[str, str, str, str]]:
    """The measures as (name, ours, peer, goal)."""
    share, _ = clean_text_dropped()
    return [
        ("cleaning: words kept of real pages", f"{pages_kept():.3f}", "", ".98"),
        ("cleaning: dropped of clean articles", f"{share:.2%}", "", "< .5%"),
    ]
