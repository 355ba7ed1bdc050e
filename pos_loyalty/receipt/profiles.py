"""What receipt printers can do, as far as the bytes sent to them depend on it.

Sources: Epson's ESC/POS command reference (code pages of ESC t, GS k function B) and the profiles of the escpos-printer-db project.
A page that a printer does not have is not refused but silently printed as another, so the tables name only pages that printers of
the kind share; a line that none of them can write is sent as a picture.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of printer. `pages` are (number for ESC t, Python codec) in order of preference; `code128`: it draws that barcode
    itself; `kanji`: it starts in a double-byte mode that has to be left before any letter above 127 is sent.
    """

    name: str
    columns: int
    dots: int
    pages: tuple[tuple[int, str], ...]
    cutter: bool = True
    code128: bool = True
    kanji: bool = False


_PAGES = ((0, "cp437"), (2, "cp850"), (19, "cp858"), (18, "cp852"), (17, "cp866"), (16, "cp1252"))

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        # 80 mm paper, 72 mm printed at 203 dots an inch: 48 characters of 12 dots.
        Profile("default", 48, 576, _PAGES),
        # As Epson's newer models, which also have Windows' Cyrillic page, with its quotes and dashes.
        Profile("epson", 48, 576, (*_PAGES, (46, "cp1251"))),
        # 80 mm paper in the 42 columns of older models.
        Profile("42", 42, 512, _PAGES),
        # 58 mm paper; most such printers are portable ones without a cutter that start in a Chinese mode.
        Profile("58mm", 32, 384, _PAGES, cutter=False, kanji=True),
        # Where nothing is known of a printer's letters: every line is a picture.
        Profile("graphic", 48, 576, (), code128=False),
        Profile("graphic-58mm", 32, 384, (), cutter=False, code128=False),
    )
}
