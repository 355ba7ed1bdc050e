"""Questions about one line of the bill: its quantity, a discount by hand, a price that the catalogue does not have."""

from __future__ import annotations

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION, Millionths
from pos_loyalty.language import Unreadable, parse_amount, parse_quantity
from pos_loyalty.storage.records import CatalogueItem
from pos_loyalty.ui.screens.asking import Question
from pos_loyalty.ui.widgets.rows import Row


class QuantityDialog(Question[Millionths]):
    """Another quantity for a line."""

    NAME = N_("Quantity")
    HINT = N_("3, or 1.250 for goods by weight")

    def __init__(self, line: LineItem) -> None:
        super().__init__()
        self._line = line

    def question(self) -> list[Row]:
        """The line, and its quantity now."""
        return [Row(self._line.name, self.language.quantity(self._line.quantity), lines=2)]

    def read(self, typed: str) -> Millionths:
        """A quantity above zero."""
        quantity = parse_quantity(typed)
        if quantity <= 0:
            raise Refused("line-invalid", Message(N_("A quantity is above zero; Del takes the line off the bill.")))
        return quantity


class DiscountDialog(Question[ByHand]):
    """A discount that the cashier gives on a line."""

    NAME = N_("Discount by hand")
    HINT = N_("10% of the line, or 2.50 off; 0 takes it back")

    def __init__(self, line: LineItem) -> None:
        super().__init__()
        self._line = line

    def question(self) -> list[Row]:
        """The line, and what it costs."""
        return [Row(self._line.name, self.desk.money(self._line.gross), lines=2)]

    def read(self, typed: str) -> ByHand:
        """A rate with a percent sign, or an amount."""
        if typed.endswith(("%", "٪")):
            rate = parse_quantity(typed[:-1]) // 100
            if not 0 <= rate <= MILLION:
                raise Unreadable(Message(N_("A discount is from 0% to 100%.")))
            return ByHand(rate=rate)
        amount = parse_amount(typed, self.desk.digits)
        if amount < 0:
            raise Unreadable(Message(N_("A discount is not below zero.")))
        return ByHand(amount=amount)


class PriceDialog(Question[LineItem]):
    """A price for goods that have none in the catalogue. What is scanned meanwhile waits until it is answered."""

    NAME = N_("Price")
    HINT = N_("The price of one, like 12.50")

    def __init__(self, item: CatalogueItem) -> None:
        super().__init__()
        self._item = item
        self._scans: list[str] = []

    def question(self) -> list[Row]:
        """The goods."""
        return [Row(self._item.name, lines=2), Row(self.text("has no price in the catalogue: type it"), style="dim")]

    def read(self, typed: str) -> LineItem:
        """The goods at the price that was typed."""
        item = self._item
        return LineItem(
            name=item.name,
            unit_price=parse_amount(typed, self.desk.digits),
            sku=item.sku,
            department=item.department,
            unit=item.unit,
            vat=item.vat,
            reduced=item.reduced,
        )

    def take_scan(self, code: str) -> None:
        """Keep it: these goods first. A whole code can be no price, so nothing that was typed is lost."""
        self._scans.append(code)
        self.tell(N_("Scanned and kept: {code}. First the price of {name}."), code=code, name=self._item.name)

    def dismiss(self, result: LineItem | None = None) -> object:  # type: ignore[override]
        """Answer, and let what was scanned meanwhile count after it."""
        from pos_loyalty.ui.messages import Scanned  # noqa: PLC0415 - beside its only use

        answered = super().dismiss(result)
        for code in self._scans:
            self.till.post_message(Scanned(code))
        return answered
