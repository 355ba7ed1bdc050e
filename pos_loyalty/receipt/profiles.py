"""What receipt printers can do, as far as the bytes sent to them depend on it.

Sources: Epson's ESC/POS command reference (code pages of ESC t, GS k function B) and the profiles of the escpos-printer-db project.
A page that a printer does not have is not refused but silently printed as another, so the tables name only pages that printers of
the kind share; a line that none of them can write is sent as a picture. Widths in dots are at 203 dots an inch (180 at the older
Epsons of 512 dots).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ImageCommand: TypeAlias = Literal["raster", "graphics", "column"]
"""How a picture is sent: GS v 0, which nearly all know; GS ( L, which Epson puts in its place; ESC *, the oldest, in bands."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of printer. `pages` are (number for ESC t, Python codec) in order of preference; `code128`: it draws that barcode
    itself; `kanji`: it starts in a double-byte mode that has to be left before any letter above 127 is sent; `image`: how it takes
    pictures.
    """

    name: str
    columns: int
    dots: int
    pages: tuple[tuple[int, str], ...]
    cutter: bool = True
    code128: bool = True
    kanji: bool = False
    image: ImageCommand = "raster"


_PAGES = ((0, "cp437"), (2, "cp850"), (19, "cp858"), (18, "cp852"), (17, "cp866"), (16, "cp1252"))
_EPSON = (*_PAGES, (46, "cp1251"))
# Zjiang, Netum, PBM and what is sold under a hundred other names: their own numbers from 50 on.
_ZJIANG = ((52, "cp437"), (2, "cp850"), (53, "cp858"), (54, "cp852"), (59, "cp866"), (71, "cp1252"), (73, "cp1251"))
_RONGTA = ((0, "cp437"), (2, "cp850"), (19, "cp858"), (18, "cp852"), (7, "cp866"), (16, "cp1252"), (6, "cp1251"))
_KEFAR = ((30, "cp437"), (2, "cp850"), (31, "cp858"), (68, "cp852"), (37, "cp866"), (49, "cp1252"), (51, "cp1251"))
_WINCOR = ((0, "cp437"), (1, "cp850"), (6, "cp858"), (2, "cp852"), (7, "cp866"), (8, "cp1252"))

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        # 80 mm paper, 72 mm printed at 203 dots an inch: 48 characters of 12 dots.
        Profile("default", 48, 576, _PAGES),
        # As Epson's newer models, which also have Windows' Cyrillic page, with its quotes and dashes.
        Profile("epson", 48, 576, _EPSON),
        # TM-T88 from the V on (the older ones are "42"): pictures by the command that Epson recommends.
        Profile("epson-tm-t88", 42, 512, _EPSON, image="graphics"),
        Profile("epson-tm-t20", 48, 576, _EPSON, image="graphics"),
        Profile("citizen", 48, 576, _PAGES),
        Profile("seiko", 48, 576, _EPSON),
        Profile("seiko-58mm", 36, 432, _EPSON),
        Profile("rongta", 48, 576, _RONGTA),
        Profile("kefar", 48, 576, _KEFAR),
        Profile("netum", 48, 576, _ZJIANG),
        Profile("zjiang-58mm", 32, 384, _ZJIANG, cutter=False, code128=False, kanji=True),
        Profile("sunmi", 32, 384, _PAGES, cutter=False, kanji=True),
        Profile("wincor", 44, 576, _WINCOR),
        Profile("metapace", 42, 504, ((0, "cp437"), (2, "cp850"), (19, "cp858"))),
        # 80 mm paper in the 42 columns of older models.
        Profile("42", 42, 512, _PAGES),
        # 58 mm paper; most such printers are portable ones without a cutter that start in a Chinese mode.
        Profile("58mm", 32, 384, _PAGES, cutter=False, kanji=True),
        # Where nothing is known of a printer's letters: every line is a picture.
        Profile("graphic", 48, 576, (), code128=False),
        Profile("graphic-58mm", 32, 384, (), cutter=False, code128=False),
        # The same for the oldest thermal printers, which know pictures in bands alone.
        Profile("graphic-bands", 42, 512, (), code128=False, image="column"),
    )
}
