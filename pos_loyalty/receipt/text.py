"""The receipt as plain text: every line within the columns, in reading order whatever the direction of the script."""

from __future__ import annotations

from functools import lru_cache

from pos_loyalty.receipt.layout import PaperLine, caption, check_columns, lay_out_row
from pos_loyalty.receipt.rows import Receipt, Row


def as_text(receipt: Receipt, columns: int = 42) -> str:
    """The receipt in so many columns, each line ended by a line feed. A barcode is its text, centred."""
    check_columns(columns)
    return "".join([_written(row, columns) for row in receipt.rows])


@lru_cache(maxsize=512)
def _written(row: Row, columns: int) -> str:
    """The lines of one row; kept, since most rows of a receipt stood on the one before it too."""
    lines: list[str] = []
    for laid in lay_out_row(row, columns, large=False):
        for line in (laid,) if isinstance(laid, PaperLine) else caption(laid, columns):
            lines.append(f"{line.in_order()}\n")
    return "".join(lines)
