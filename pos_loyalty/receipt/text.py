"""The receipt as plain text: every line within the columns, in reading order whatever the direction of the script."""

from __future__ import annotations

from pos_loyalty.receipt.layout import PaperLine, caption, lay_out
from pos_loyalty.receipt.rows import Receipt


def as_text(receipt: Receipt, columns: int = 42) -> str:
    """The receipt in so many columns, each line ended by a line feed. A barcode is its text, centred."""
    lines: list[str] = []
    for laid in lay_out(receipt, columns, large=False):
        for line in (laid,) if isinstance(laid, PaperLine) else caption(laid, columns):
            lines.append(f"{line.in_order()}\n")
    return "".join(lines)
