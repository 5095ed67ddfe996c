"""HTML to PNG by a headless Chromium that is installed already; one that is not is asked for, never fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image, ImageChops

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW_TO_GET_ONE: Final = (
    "Pictures need a headless Chromium, which is not here. On Debian and Ubuntu:\n"
    "  apt-get install chromium-headless-shell fonts-noto-color-emoji\n"
    "It is looked for on the PATH as: " + ", ".join(NAMES)
)
FONTS: Final = '"Noto Sans", "Noto Sans CJK KR", "Noto Sans Arabic", "Noto Color Emoji", sans-serif'
_PACKAGES: Final = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "noto_cjk_sans_otc")
_TALL_PX: Final = 6000
_TIMEOUT_S: Final = 60


def find() -> str | None:
    """The browser's path; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def draw(browser: str, html: str, *, width_px: int, to: Path, scale: float = 1.0) -> None:
    """Draw a page as a PNG, as tall as what is on it. Raises CalledProcessError or TimeoutExpired."""
    with TemporaryDirectory() as folder:
        page, shot = Path(folder) / "page.html", Path(folder) / "page.png"
        page.write_text(html, encoding="utf-8")
        (Path(folder) / "fonts.conf").write_text(_font_settings(folder), encoding="utf-8")
        options = [
            "--headless",
            "--no-sandbox",  # the page is our own, and in a container there is no other way
            "--disable-gpu",
            "--hide-scrollbars",
            f"--force-device-scale-factor={scale}",
            f"--user-data-dir={folder}/profile",
            f"--window-size={width_px},{_TALL_PX}",
            f"--screenshot={shot}",
            page.as_uri(),
        ]
        env = {**os.environ, "FONTCONFIG_FILE": f"{folder}/fonts.conf"}
        subprocess.run([browser, *options], check=True, timeout=_TIMEOUT_S, capture_output=True, env=env)  # noqa: S603 - ours
        _trimmed(Image.open(shot).convert("RGB")).quantize(192).save(to, optimize=True)


def _font_settings(folder: str) -> str:
    """The fonts that the bot draws its own pictures with, before those of the system."""
    folders = "".join(f"<dir>{resources.files(package)}</dir>" for package in _PACKAGES)
    system = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    return f'<?xml version="1.0"?><fontconfig>{folders}{system}<cachedir>{folder}/cache</cachedir></fontconfig>'


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without the empty foot: all rows below the last that differs from the last pixel."""
    plain = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
    box = ImageChops.difference(picture, plain).getbbox()
    return picture.crop((0, 0, picture.width, min(picture.height, (box[3] if box else 0) + 12)))
