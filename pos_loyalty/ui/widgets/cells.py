"""Text in cells: cut to a width without losing what matters, wrapped between words, and put in the order in which it is painted."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

from pos_loyalty.ui.direction import Mode, in_order

ELLIPSIS = "…"


def plain(text: str) -> str:
    """One line without control codes: what a holder typed must not command the terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(ch if ch.isprintable() or ch == "\xa0" else " " for ch in text)


def elided(text: str, width: int) -> str:
    """A text of at most `width` cells; what is left out is marked."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    return chop_cells(text, width - 1)[0].rstrip() + ELLIPSIS


def wrapped(text: str, width: int, limit: int = 0) -> list[str]:
    """Lines of at most `width` cells, broken between words where it can be; past `limit` lines (0: none) the rest is left out."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if cell_len(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = chop_cells(word, max(width, 1)) or [""]
            lines += full
        lines.append(line)
    if limit and len(lines) > limit:
        lines[limit - 1] = elided(f"{lines[limit - 1]} {lines[limit]}", width)
        if not lines[limit - 1].endswith(ELLIPSIS):
            lines[limit - 1] = elided(lines[limit - 1] + ELLIPSIS, width)
        del lines[limit:]
    return lines


def filled(left: str, right: str, width: int, mode: Mode, *, mirrored: bool = False) -> str:
    """One line of exactly `width` cells: `left` where reading starts, `right` at the far side whole, `left` cut if it must be."""
    room = width - (cell_len(right) + 1 if right else 0)
    if room < 0:
        right, room = elided(right, width), 0
    left = elided(left, max(room, 0))
    gap = " " * max(width - cell_len(left) - cell_len(right), 0)
    first, last = in_order(left, mode, rtl=mirrored), in_order(right, mode, rtl=mirrored)
    text = f"{last}{gap}{first}" if mirrored else f"{first}{gap}{last}"
    return set_cell_size(text, width)


def placed(text: str, width: int, mode: Mode, *, end: bool, mirrored: bool = False) -> str:
    """A cell of a table: at the start of its column or at its end; `mirrored` where reading starts at the right."""
    text = elided(text, width)
    gap = " " * (width - cell_len(text))
    shown = in_order(text, mode, rtl=mirrored)
    return set_cell_size(f"{gap}{shown}" if end else f"{shown}{gap}", width)
