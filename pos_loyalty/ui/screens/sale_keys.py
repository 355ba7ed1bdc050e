"""What the keys of the sale do: each opens a question, or changes the chosen line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Club, GiftCertificates
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.suspending import recall, suspend, suspended
from pos_loyalty.ui.screens.sale_extras import SaleExtras

if TYPE_CHECKING:
    from pos_loyalty.storage.records import CatalogueItem
    from pos_loyalty.till.holders import Holder
    from pos_loyalty.till.receipts import Issued
    from pos_loyalty.ui.screens.find_goods import ForSale

NO_LINE = Message(N_("There is no line to change: scan goods first, then choose a line with the arrow keys."))


class SaleKeys(SaleExtras):
    """The actions behind the keys; the screen itself draws and scans."""

    def add(self, item: LineItem) -> None:
        """Goods on the bill."""
        raise AssertionError("done by the sale screen")

    def put_card(self, number: str) -> None:
        """A card on the bill."""
        raise AssertionError("done by the sale screen")

    # ---- lines --------------------------------------------------------------------------------------

    def action_line(self, by: int) -> None:
        """Choose another line."""
        counter = self.counter
        counter.line = max(min(counter.line + by, len(counter.bill.lines) - 1), 0)
        self.draw()

    def step(self, by: int) -> None:
        """One more or one less of the chosen line."""
        line = self.counter.chosen
        if line is None:
            self.refuse(NO_LINE)
        elif line.quantity + by <= 0:
            self.action_void()
        else:
            self.attempt(lambda: self.counter.set_quantity(line.quantity + by))

    def action_void(self) -> None:
        """Take the chosen line off."""
        line = self.counter.chosen
        if line is None:
            self.refuse(NO_LINE)
        else:
            self.attempt(self.counter.void, self.text("Taken off the bill: {name}", name=line.name))

    def action_quantity(self) -> None:
        """Ask for another quantity."""
        from pos_loyalty.ui.screens.line import QuantityDialog  # noqa: PLC0415 - opened seldom

        line = self.counter.chosen
        if line is None:
            self.refuse(NO_LINE)
            return

        def answered(quantity: int | None) -> None:
            if quantity is not None:
                self.attempt(lambda: self.counter.set_quantity(quantity))

        self.app.push_screen(QuantityDialog(line), answered)

    def action_discount(self) -> None:
        """Ask for a discount by hand."""
        from pos_loyalty.ui.screens.line import DiscountDialog  # noqa: PLC0415 - opened seldom

        line = self.counter.chosen
        if line is None:
            self.refuse(NO_LINE)
            return

        def permitted(allowed_by: str | None) -> None:
            def answered(by_hand: ByHand | None) -> None:
                if by_hand is not None:
                    wish = replace(by_hand, allowed_by=allowed_by) if by_hand.rate or by_hand.amount else None
                    self.attempt(lambda: self.counter.set_line(replace(line, by_hand=wish)))

            self.app.push_screen(DiscountDialog(line), answered)

        self.till.permitted("discount", permitted)

    def open_price(self, amount: Minor) -> None:
        """Goods without a code at a typed price."""
        from pos_loyalty.ui.screens.open_price import OpenPriceDialog  # noqa: PLC0415 - opened seldom

        self.app.push_screen(OpenPriceDialog(amount), self._priced)

    def ask_price(self, item: CatalogueItem) -> None:
        """Goods from the catalogue that have no price there."""
        from pos_loyalty.ui.screens.line import PriceDialog  # noqa: PLC0415 - opened seldom

        self.app.push_screen(PriceDialog(item), self._priced)

    def _priced(self, line: LineItem | None) -> None:
        if line is not None:
            self.add(line)

    # ---- who and what -------------------------------------------------------------------------------

    def action_card_off(self) -> None:
        """Take the card off again."""
        number = self.counter.bill.card
        if number is None:
            self.refuse(Message(N_("There is no card on this bill.")))
        else:
            said = self.text("Card {card} is off the bill, and all that hung on it.", card=masked(number))
            self.attempt(self.counter.take_card_off, said)

    def action_holder(self) -> None:
        """Show the holder, or find one."""
        from pos_loyalty.ui.screens.find_holder import FindHolderScreen  # noqa: PLC0415 - opened seldom
        from pos_loyalty.ui.screens.holder import HolderScreen  # noqa: PLC0415

        if self.counter.bill.card is None:
            self.app.push_screen(FindHolderScreen(), self._found)
            return

        def answered(answer: str | None) -> None:
            if answer == "off":
                self.action_card_off()
            else:  # a note, a complaint or a prize may be another than it was
                self.attempt(self.counter.look_again)

        self.app.push_screen(HolderScreen(self.counter.bill.card, self.counter.quote), answered)

    def _found(self, number: str | None) -> None:
        if number is not None:
            self.put_card(number)

    def action_goods(self) -> None:
        """Find goods by name."""
        self.find_goods("")

    def find_goods(self, words: str) -> None:
        """Find goods by these words."""
        from pos_loyalty.ui.screens.find_goods import FindGoodsScreen  # noqa: PLC0415 - opened seldom

        def answered(found: ForSale | None) -> None:
            match found:
                case None:
                    pass
                case Club():
                    self.sell_membership(found)
                case GiftCertificates():
                    self.sell_certificate(found)
                case _:
                    self.post_take(found)

        self.app.push_screen(FindGoodsScreen(words), answered)

    def post_take(self, item: CatalogueItem) -> None:
        """Goods that were found are rung up as if they had been scanned."""
        self.take_scan(item.sku)

    def action_enrol(self) -> None:
        """Make a new card holder."""
        from pos_loyalty.ui.screens.enrol import EnrolScreen  # noqa: PLC0415 - opened seldom

        def answered(holder: Holder | None) -> None:
            if holder is None:
                return
            if holder.cards:
                self.put_card(holder.cards[0].number)
            self.say("done", self.text("{name} is a card holder now.", name=holder.member.name))

        self.app.push_screen(EnrolScreen(), answered)

    # ---- bills and receipts -------------------------------------------------------------------------

    def action_suspend(self) -> None:
        """Put the bill aside; on an empty one, take one up again."""
        from pos_loyalty.ui.screens.suspended import LabelDialog, SuspendedScreen  # noqa: PLC0415 - opened seldom

        if self.counter.is_empty:
            try:
                waiting = suspended(self.desk.register)
            except Refused as refused:
                self.refuse(refused.message)
                return
            if not waiting:
                self.refuse(Message(N_("No bill waits: nothing was put aside.")))
                return
            self.app.push_screen(SuspendedScreen(waiting), self._take_up)
            return
        if not self.counter.bill.lines:
            self.refuse(Message(N_("There is nothing on this bill to put aside.")))
            return
        name = self.counter.view.member.name if self.counter.view and self.counter.view.member else ""
        self.app.push_screen(LabelDialog(name), self._put_aside)

    def _put_aside(self, label: str | None) -> None:
        if label is None:
            return
        bill = self.counter.bill

        def stored(_: None) -> None:
            self.counter.clear()
            self.draw()
            self.say("done", self.text("The bill is put aside. F6 takes it up again, here or at another register."))

        self.till.store(lambda: suspend(self.desk.register, bill, self.desk.operator, label), stored)

    def _take_up(self, bill_id: str | None) -> None:
        if bill_id is None:
            return

        def stored(bill: Bill) -> None:
            self.attempt(lambda: self.counter.take_up(bill))

        self.till.store(lambda: recall(self.desk.register, bill_id), stored)

    def action_take_back(self) -> None:
        """Take goods back."""
        from pos_loyalty.ui.screens.number import NumberDialog  # noqa: PLC0415 - opened seldom

        def answered(number: str | None) -> None:
            if number:
                self.open_return(number)

        self.app.push_screen(NumberDialog(), answered)

    def open_return(self, number: str) -> None:
        """The return of a bill by its receipt's number. An open bill stays on the counter meanwhile."""
        from pos_loyalty.till.returns import returnable  # noqa: PLC0415 - opened seldom
        from pos_loyalty.ui.screens.returning import ReturnScreen  # noqa: PLC0415

        try:
            found = returnable(self.desk.register, number)
        except Refused as refused:
            self.refuse(refused.message)
            return

        def answered(receipt: Issued | None) -> None:
            if receipt is not None:
                self.show_receipt(receipt, fresh=True)

        self.app.push_screen(ReturnScreen(found), answered)

    def show_receipt(self, receipt: Issued, *, fresh: bool = False) -> None:
        """Show a receipt."""
        raise AssertionError("done by the sale screen")

    def action_receipts(self) -> None:
        """The last receipts."""
        from pos_loyalty.ui.screens.receipts import ReceiptsScreen  # noqa: PLC0415 - opened seldom

        self.app.push_screen(ReceiptsScreen())

    # ---- paying -------------------------------------------------------------------------------------

    def action_pay(self) -> None:
        """Go on to the money."""
        from pos_loyalty.ui.screens.payment import PaymentScreen  # noqa: PLC0415 - opened after the first goods

        if not self.counter.bill.lines:
            self.refuse(Message(N_("There is nothing to pay: scan goods first.")))
            return
        if not self.attempt(self.counter.renew):
            return

        def answered(receipt: Issued | None) -> None:
            if receipt is not None:
                self.counter.clear()
                self.draw()
                self.show_receipt(receipt, fresh=True)

        self.app.push_screen(PaymentScreen(self.counter), answered)

    def action_forget(self) -> None:
        """Escape forgets what was begun."""
        raise AssertionError("done by the sale screen")
