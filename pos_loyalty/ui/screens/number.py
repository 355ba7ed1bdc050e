"""Which receipt comes back: its barcode is scanned, or its number typed."""

from __future__ import annotations

from pos_loyalty.domain.message import N_
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.widgets.rows import Row


class NumberDialog(Question[str]):
    """Answers with the receipt's number."""

    NAME = N_("Return")
    HINT = N_("42 for this register, or till-1-000042")

    def question(self) -> list[Row]:
        """What to do."""
        return [Row(self.text("Scan the barcode on the receipt, or type its number."), lines=2)]

    def read(self, typed: str) -> str:
        """A whole number is one of this register's receipts."""
        from pos_loyalty.domain.sale import receipt_number  # noqa: PLC0415 - beside its only use

        if typed.isascii() and typed.isdecimal() and len(typed) <= 9:
            return receipt_number(self.desk.register.name, int(typed))
        return typed
