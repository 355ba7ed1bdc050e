"""The receipt as plain text: every line within the columns, in reading order whatever the direction of the script."""

from __future__ import annotations

from pos_loyalty.receipt.layout import PaperLine, lay_out
from pos_loyalty.receipt.rows import Receipt, Text


def as_text(receipt: Receipt, columns: int = 42) -> str:
    """The receipt in so many columns, each line ended by a line feed. A barcode is its text, centred."""
    lines: list[str] = []
    for laid in lay_out(receipt, columns, large=False):
        if isinstance(laid, PaperLine):
            lines.append(laid.in_order())
        else:
            lines += as_text(Receipt((Text(laid.code, align="center"),)), columns).splitlines()
    return "".join(f"{line}\n" for line in lines)
