"""Text in pictures: which font has which letters, how wide a line is, and drawing it in the right order.

The fonts come with packages (Noto Sans, Noto Sans Arabic, Noto Sans CJK, all under the SIL Open Font License); letters
that they lack are looked for among the system's fonts when they are first met. Lines are shaped here rather than by
Pillow's Raqm, which needs a system library that a bare container does not have. Must not know what a picture shows.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.errors import NoFontError
from bot.pictures.coverage import Coverage, read_coverage
from bot.text.scripts import LETTERS, main_script, script_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_ELLIPSIS: Final = "…"
_LOOSE_ENDS: Final = " ,;:-–—"
_NON_JOINER: Final = "\u200c"  # Persian spelling needs it, until letters are joined
_VARIATIONS: Final = ("\ufe00", "\ufe0f")  # they choose a form of the character before, such as a coloured one
_REGULAR: Final = 430
_BOLD: Final = 680
_SYSTEM_FONTS: Final = 600  # files looked at, at most
_FONT_FILES: Final = frozenset({".ttf", ".otf", ".ttc", ".otc"})
# Without Raqm these would be drawn letter by letter, which nobody could read.
_JOINED: Final = re.compile(
    "|".join(LETTERS[each].pattern for each in ("devanagari", "bengali", "tamil", "khmer", "myanmar"))
)
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
# Faces of the collection, by the language whose forms they hold.
_CJK_FACES: Final = {"ja": 0, "ko": 1, "zh": 2}
_NO_LINE_START: Final = frozenset("、。，．！？：；）」』】〉》’”…・ー,.!?:;)]}%")
_NO_LINE_END: Final = frozenset("（「『【〈《‘“([{")
_NARROW: Final = frozenset({"N", "Na", "H", "A"})


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, or one face of a collection; ``varies`` where its weight can be set."""

    path: str
    number: int = 0
    varies: bool = False


def drawable(text: str) -> str:
    """The text without what a picture has no need of: emoji and other symbols that no font here has, hidden characters.

    Raises NoFontError where a letter or digit cannot be drawn: a headline with holes would be worse than none.
    """
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char.isspace():
            kept.append(" ")
        elif char == _NON_JOINER:
            kept.append(char)
        elif unicodedata.category(char) == "Cf" or _VARIATIONS[0] <= char <= _VARIATIONS[1]:
            continue
        elif _face_of(char, "en") is not None and not _JOINED.match(char):
            kept.append(char)
        elif unicodedata.category(char)[0] in "LMN":
            raise NoFontError(_script_of(char))
    return " ".join("".join(kept).split())


def width(text: str, size: int, *, bold: bool = False) -> float:
    """How many pixels a line takes."""
    return sum(_font(face, size, bold=bold).getlength(run) for face, run in _runs(shaped(text)))


def draw_line(
    canvas: ImageDraw, at: tuple[float, float], text: str, *, size: int, fill: str, bold: bool = False
) -> None:
    """Draw one line with its baseline's left end ``at``."""
    x, baseline = at
    for face, run in _runs(shaped(text)):
        font = _font(face, size, bold=bold)
        canvas.text((x, baseline), run, font=font, fill=fill, anchor="ls")
        x += font.getlength(run)


def wrapped(text: str, size: int, room: float, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """The text on at most that many lines of at most ``room`` pixels; an ellipsis ends what had to be cut."""
    done: list[str] = []
    line = ""
    for piece in _pieces(text):
        if width((line + piece).rstrip(), size, bold=bold) <= room:
            line += piece
            continue
        if line.strip():
            done.append(line.strip())
        line = piece.lstrip()
        while width(line.rstrip(), size, bold=bold) > room:
            head = _fitting(line, size, room, bold=bold)
            done.append(head)
            line = line[len(head) :]
    if line.strip():
        done.append(line.strip())
    if len(done) <= lines:
        return tuple(done)
    rest = text
    for line in done[: lines - 1]:
        rest = rest[rest.index(line) + len(line) :]
    return (*done[: lines - 1], shortened(rest.strip(), size, room, bold=bold))


def shortened(text: str, size: int, room: float, *, bold: bool = False) -> str:
    """The text if it fits into ``room`` pixels, else its beginning and an ellipsis, at a word's end if one is near."""
    if width(text, size, bold=bold) <= room:
        return text
    head = _fitting(text, size, room - width(_ELLIPSIS, size, bold=bold), bold=bold)
    at_word = head.rsplit(" ", 1)[0]
    head = (at_word if len(at_word) > len(head) * 2 // 3 else head).rstrip(_LOOSE_ENDS)
    # An ellipsis is wider in some fonts than in others, and letters change their width with what follows.
    while head and width(head + _ELLIPSIS, size, bold=bold) > room:
        head = head[:-1].rstrip(_LOOSE_ENDS)
    return head + _ELLIPSIS


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction reads from right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in _RIGHT_TO_LEFT or direction == "L":
            return direction in _RIGHT_TO_LEFT
    return False


@lru_cache(maxsize=256)
def shaped(text: str) -> str:
    """The line in the order in which it is drawn, left to right, with Arabic letters joined."""
    if not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return text.replace(_NON_JOINER, "")
    # Only right-to-left lines need these two.
    from arabic_reshaper import reshape  # noqa: PLC0415 - see above
    from bidi.algorithm import get_display  # noqa: PLC0415 - see above; the package's faster one turns no brackets

    joined = reshape(text).replace(_NON_JOINER, "")
    return str(get_display(joined, base_dir="R" if is_right_to_left(text) else "L"))


def _pieces(text: str) -> Iterator[str]:
    """What may not be divided: words with the space before them; single letters of scripts without spaces."""
    piece = ""
    for char in text:
        wide = unicodedata.east_asian_width(char) not in _NARROW and not LETTERS["hangul"].match(char)
        begins = char == " " or (wide and char not in _NO_LINE_START and piece[-1:] not in _NO_LINE_END)
        after_wide = bool(piece) and _is_wide(piece[-1]) and char not in _NO_LINE_START
        if piece and (begins or after_wide) and piece[-1] not in _NO_LINE_END:
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) not in _NARROW and not LETTERS["hangul"].match(char)


def _fitting(text: str, size: int, room: float, *, bold: bool) -> str:
    """The longest beginning that fits, at least one character."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle], size, bold=bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def _runs(text: str) -> list[tuple[Face, str]]:
    """The line in stretches of one font each. A space or a sign stays in the font of what stands before it."""
    lang = {"hangul": "ko", "kana": "ja"}.get(main_script(text) or "", "zh")
    runs: list[tuple[Face, str]] = []
    for char in text:
        before = runs[-1][0] if runs else None
        neutral = not char.isalnum()
        if before is not None and neutral and char in _coverage(before):
            face: Face | None = before
        else:
            face = _face_of(char, lang)
        if face is None:
            continue
        if face == before:
            runs[-1] = (face, runs[-1][1] + char)
        else:
            runs.append((face, char))
    return runs


def _face_of(char: str, lang: str) -> Face | None:
    for face in _packaged(_CJK_FACES.get(lang, _CJK_FACES["zh"])):
        if char in _coverage(face):
            return face
    return _system_face(char)


@lru_cache(maxsize=8)
def _packaged(cjk_face: int) -> tuple[Face, ...]:
    """The packages' fonts, in the order in which they are asked; one that is not there is left out."""
    wanted = (
        ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", 0, True),
        ("fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf", 0, True),
        ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", cjk_face, False),
    )
    faces = []
    for package, name, number, varies in wanted:
        try:
            path = Path(str(resources.files(package).joinpath(name)))
        except ModuleNotFoundError:
            continue
        if path.is_file():
            faces.append(Face(str(path), number, varies))
    return tuple(faces)


@lru_cache(maxsize=64)
def _coverage(face: Face) -> Coverage:
    return read_coverage(Path(face.path), face=face.number)


@lru_cache(maxsize=4096)
def _system_face(char: str) -> Face | None:
    """A font of the system that has the character."""
    if unicodedata.category(char)[0] not in "LMNP":
        return None  # not worth a search: emoji fonts could not be drawn anyway
    return next((face for face in _system_faces() if char in _coverage_of_system(face)), None)


@lru_cache(maxsize=1)
def _system_faces() -> tuple[Face, ...]:
    home = Path.home()
    folders = {
        "darwin": ("/System/Library/Fonts", "/Library/Fonts", str(home / "Library/Fonts")),
        "win32": ("C:/Windows/Fonts",),
    }.get(sys.platform, ("/usr/share/fonts", "/usr/local/share/fonts", str(home / ".local/share/fonts")))
    files = (path for folder in folders if Path(folder).is_dir() for path in sorted(Path(folder).rglob("*")))
    fonts = [Face(str(path)) for path in files if path.suffix.lower() in _FONT_FILES]
    # Plain upright faces first: a slanted or heavy one would stand out.
    fonts.sort(key=lambda face: (len(Path(face.path).stem), face.path))
    return tuple(fonts[:_SYSTEM_FONTS])


@lru_cache(maxsize=_SYSTEM_FONTS)
def _coverage_of_system(face: Face) -> Coverage:
    return read_coverage(Path(face.path))


@lru_cache(maxsize=64)
def _font(face: Face, size: int, *, bold: bool) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415 - only who draws needs Pillow

    font = ImageFont.truetype(face.path, size, index=face.number, layout_engine=ImageFont.Layout.BASIC)
    if face.varies:
        weight = _BOLD if bold else _REGULAR
        axes = font.get_variation_axes()
        settings = [weight if b"eight" in (axis["name"] or b"") else axis["default"] for axis in axes]
        font.set_variation_by_axes([float(value or 0) for value in settings])
    return font


def _script_of(char: str) -> str:
    known = next(iter(script_counts(char)), None)
    return known.title() if known else unicodedata.name(char, "unknown").split(" ")[0].title()
