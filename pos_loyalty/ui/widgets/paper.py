"""A receipt on the screen, laid out as it is on paper."""

from __future__ import annotations

from rich.cells import set_cell_size

from pos_loyalty.receipt import Receipt
from pos_loyalty.receipt.layout import PaperLine, lay_out
from pos_loyalty.ui.direction import Mode, in_order
from pos_loyalty.ui.widgets.rows import Row

COLUMNS = 42
"""Paper of 80 mm."""


def paper_rows(receipt: Receipt, mode: Mode) -> list[Row]:
    """The receipt's lines, each already in the order in which it is painted."""
    rows: list[Row] = []
    for laid in lay_out(receipt, COLUMNS, large=False):
        if not isinstance(laid, PaperLine):
            rows += [Row(), Row(f"▌▌▐ ▌▐▐ {laid.code} ▐▌ ▌▐▐".center(COLUMNS))]
            continue
        text = ""
        for piece in laid.from_left(receipt.rtl):
            text = set_cell_size(text, piece.start) + in_order(piece.text, mode)
        rows.append(Row(text, style="strong" if laid.emphasis else "", ordered=True))
    return rows
