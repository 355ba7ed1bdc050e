"""Goods without a code: the price was typed, their name, department and VAT are asked for, as they were the last time."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import N_, Message
from pos_loyalty.domain.money import MILLION, Minor
from pos_loyalty.language import Unreadable, parse_quantity
from pos_loyalty.ui.commands import Command, bindings
from pos_loyalty.ui.screens.base import Dialog
from pos_loyalty.ui.screens.form import Field, form
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.rows import Row, Rows


class OpenPriceDialog(Dialog[LineItem]):
    """Answers with the line; Enter takes what stands there."""

    NAME = N_("Goods without a code")
    KEYS = (
        Command("enter", "", N_("Ring up"), N_("Put it on the bill.")),
        Command("tab", "", N_("Next field"), N_("Go to the next field.")),
        Command("escape", "back", N_("Back"), N_("Go back; nothing is changed.")),
    )
    BINDINGS = bindings(*KEYS[2:])

    def __init__(self, amount: Minor) -> None:
        super().__init__()
        self._amount = amount

    def body(self) -> ComposeResult:
        """The price, and three fields."""
        yield Rows(id="question")
        last = self.till.last_open_price
        yield from form(
            (
                Field("name", self.text("What it is"), value=last.get("name", self.text("Goods"))),
                Field("department", self.text("Department"), value=last.get("department", "")),
                Field("vat", self.text("VAT, %"), value=last.get("vat", "0")),
            )
        )

    def begin(self) -> None:
        """Ask."""
        self.query_one("#question", Rows).show([Row(self.text("Price"), self.desk.money(self._amount), style="strong")])
        self.query_one("#vat", Entry).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ring it up."""
        event.stop()
        typed = {name: self.query_one(f"#{name}", Entry).value.strip() for name in ("name", "department", "vat")}
        try:
            vat = parse_quantity(typed["vat"].rstrip("%٪") or "0") // 100
            if not 0 <= vat <= MILLION:
                raise Unreadable(Message(N_("the VAT must be from 0% to 100%.")))
        except Unreadable as unreadable:
            self.refuse(unreadable.message)
            return
        self.till.last_open_price = typed
        self.dismiss(
            LineItem(
                name=typed["name"] or self.text("Goods"),
                unit_price=self._amount,
                department=typed["department"],
                vat=vat,
            )
        )
