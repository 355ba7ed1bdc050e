"""The receipt as a picture, as it would look on paper."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pos_loyalty.receipt.drawing import draw_bars, draw_lines
from pos_loyalty.receipt.layout import PaperLine, caption, lay_out
from pos_loyalty.receipt.profiles import PROFILES, Profile
from pos_loyalty.receipt.rows import Receipt

if TYPE_CHECKING:
    from PIL.Image import Image

MARGIN = 24
"""Dots of white paper around the print: about what a receipt printer leaves."""


def as_picture(receipt: Receipt, profile: Profile = PROFILES["default"], *, raqm: bool | None = None) -> Image:
    """Black on white in 256 greys, as wide as the profile's print and a margin. `raqm` overrides whether Pillow's own shaping
    of Arabic is used, which needs libfribidi.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - Pillow is loaded with the first picture, not with the first sale

    cell = profile.dots // profile.columns
    parts: list[Image.Image] = []
    for is_text, group in groupby(lay_out(receipt, profile.columns), lambda laid: isinstance(laid, PaperLine)):
        laid = list(group)
        lines = [line for line in laid if isinstance(line, PaperLine)] if is_text else []
        for barcode in laid:
            if not isinstance(barcode, PaperLine):
                bars = draw_bars(barcode.code, profile.dots, "L")
                parts += [bars] if bars else []
                lines += caption(barcode, profile.columns)
        parts.append(draw_lines(lines, profile.dots, cell, rtl=receipt.rtl, mode="L", raqm=raqm))
    height = sum(part.height for part in parts)
    paper = Image.new("L", (profile.dots + 2 * MARGIN, height + 2 * MARGIN), 0)
    top = MARGIN
    for part in parts:
        paper.paste(part, (MARGIN, top))
        top += part.height
    return ImageOps.invert(paper)
