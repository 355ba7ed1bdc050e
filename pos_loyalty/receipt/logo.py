"""The shop's picture over its receipts: read once, in dots of black and paper, as wide as the paper at most."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

HIGHEST = 400
"""Dots: five centimetres of paper on every receipt; a higher picture is made smaller."""
LARGEST = 20_000_000
"""Dots of the file's picture: a photograph of a telephone. What claims to have more is not opened."""


class LogoWrong(Exception):
    """The file is no picture that can be printed; its text says why."""


def read_logo(file: Path, dots: int) -> Image:
    """The picture for paper of so many dots: ink on a paper of zero. LogoWrong where there is none."""
    try:
        changed = file.stat().st_mtime_ns
    except OSError as error:
        raise LogoWrong(error.strerror or str(error)) from None
    return _read(file, changed, dots)


@lru_cache(maxsize=4)
def _read(file: Path, changed: int, dots: int) -> Image:
    """`changed` is when the file was: another picture in its place is read anew."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - Pillow is loaded with the first picture, not with the first sale

    try:
        with Image.open(file, formats=("PNG", "JPEG", "BMP", "GIF")) as opened:
            if opened.width * opened.height > LARGEST:
                raise LogoWrong(f"{opened.width} x {opened.height}")
            whole = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LogoWrong(str(error)) from None
    paper = Image.new("RGBA", whole.size, "white")
    grey = Image.alpha_composite(paper, whole).convert("L")
    scale = min(1.0, dots / grey.width, HIGHEST / grey.height)
    size = (max(round(grey.width * scale) // 8 * 8, 8), max(round(grey.height * scale), 1))
    # Greys become dots near and far; what is plain black and white stays as it is.
    return ImageOps.invert(grey.resize(size)).convert("1")
