"""The money: what is due, what was given, what is still missing, and the change, large. Purses are spent before."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.certificate import look_of
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.sale import Tender, TenderKind
from pos_loyalty.language import Unreadable, parse_amount
from pos_loyalty.till.checkout import Closed, sell
from pos_loyalty.till.receipts import Issued, issued
from pos_loyalty.ui.commands import HELP, Command, bindings, silent
from pos_loyalty.ui.counter import Counter
from pos_loyalty.ui.customer import paying
from pos_loyalty.ui.panel import sum_rows
from pos_loyalty.ui.paying import NAMES, given_rows, purse_rows
from pos_loyalty.ui.screens.base import TillScreen
from pos_loyalty.ui.widgets.amount import Amount
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.places import Across, Down
from pos_loyalty.ui.widgets.rows import Row, Rows

QUICK = ("f5", "f6", "f7", "f8")


class PaymentScreen(TillScreen[Issued]):
    """Answers with the receipt once the bill is closed; None where the cashier goes back to it."""

    NAME = N_("Payment")
    KEYS = (
        HELP,
        Command("f2", "card", N_("Bank card"), N_("By bank card: the amount that was typed, or all that is left.")),
        Command("f3", "other", N_("Other"), N_("Paid in another way: the amount that was typed, or all that is left.")),
        Command(
            "f4", "spend", N_("From purse"), N_("Spend from a purse: the amount typed, or as much as is possible.")
        ),
        Command(
            "f9",
            "certificate",
            N_("Certificate"),
            N_("Pay with a gift certificate: type its number first, or scan it."),
        ),
        Command("delete", "", N_("Take off"), N_("Take what was given last off again.")),
        Command("f12", "exact", N_("Exact cash"), N_("Exactly what is left, in cash.")),
        Command("escape", "back", N_("Bill"), N_("Back to the bill; what was given stays noted.")),
        Command("f5,f6,f7,f8", "", N_("Notes"), N_("The sums in cash shown beside these keys."), shown=False),
    )
    NOTES = (
        (N_("50 Enter"), N_("50.00 given in cash; more than is due gives change.")),
        (N_("20 F2"), N_("20.00 of it by bank card; the rest stays to be paid.")),
        (N_("a certificate"), N_("Scanned, it pays as much as it can; then another, or the rest in cash or by card.")),
        (N_("200 F4"), N_("200 of a purse's units are spent: of points that is 200 points.")),
        (N_("a scan"), N_("A late card goes on the bill, which is shown anew; goods too.")),
    )
    BINDINGS = bindings(*KEYS, *(silent(key, f"quick({n})") for n, key in enumerate(QUICK)))

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self.counter = counter

    def body(self) -> ComposeResult:
        """What was given at the left, what is left or given back at the right."""
        with Across(id="paying"):
            with Down(id="given"):
                yield Rows(id="bill-sums")
                yield Rows(id="tenders")
                yield Rows(id="quick")
            with Down(id="left"):
                yield Rows(id="left-label")
                yield Amount(id="left-amount")
                yield Rows(id="purses")
        yield Entry(self.text("Amount given, then Enter for cash"), id="entry", hot="+", limit=24)

    def begin(self) -> None:
        """Ready for the money."""
        self.query_one(Entry).focus()
        self.draw()

    def has_open_bill(self) -> bool:
        """The bill is not closed yet."""
        return True

    def draw(self) -> None:
        """Show where the payment stands."""
        counter, money, text = self.counter, self.desk.money, self.text
        quote, counted = counter.quote, counter.counted()
        due = quote.due if quote else 0
        sums = [*sum_rows(self.desk, quote), Row(text("Due"), money(due), style="strong"), Row()]
        self.query_one("#bill-sums", Rows).show(sums)
        given = list(given_rows(self.desk, counter))
        self.query_one("#tenders", Rows).show(given or [Row(text("Nothing given yet."), style="dim")])
        self.query_one("#quick", Rows).show(self._quick())
        self.query_one("#left-label", Rows).show(
            [Row(text("Still to pay, {currency}", currency=self.desk.programme.currency.code), style="strong")]
        )
        self.query_one("#left-amount", Amount).show(money(counted.left if counter.tenders else due))
        self.query_one("#purses", Rows).show(purse_rows(self.desk, counter))
        self.till.show_customer(lambda desk: paying(desk, counter))

    def _quick(self) -> list[Row]:
        """The sums in cash beside their keys; where nothing is left to pay, what closes the bill."""
        counted, text, money = self.counter.counted(), self.text, self.desk.money
        if counted.enough:
            return [Row(), Row(text("Nothing is left to pay: Enter closes the bill."), style="strong", lines=2)]
        exact, cash = text("Exact cash"), text("Cash")
        quick = [Row(), Row(f"F12 {exact}", money(counted.left_in_cash))]
        quick += [
            Row(f"{key.upper()} {cash}", money(sum_)) for key, sum_ in zip(QUICK, self.counter.likely(), strict=False)
        ]
        return quick

    # ---- what is given ------------------------------------------------------------------------------

    def _typed(self) -> Minor | None:
        """The amount that was typed; None where nothing was. Unreadable where it is no amount."""
        typed = self.query_one(Entry).take()
        return parse_amount(typed, self.desk.digits) if typed else None

    def _give(self, kind: TenderKind, amount: Minor) -> None:
        """Something is handed over; as soon as it is enough, the bill is closed."""
        if self.till.busy:
            return
        if amount > 0:
            self.counter.give(Tender(kind, amount))
        elif not self.counter.counted().enough:
            self.refuse(Message(N_("What is paid must be above zero and within what a bill can hold.")))
            return
        self.draw()
        if self.counter.counted().enough:
            self._close()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """An amount and Enter is cash; the number of a gift certificate pays with it."""
        event.stop()
        if look_of(self.query_one(Entry).value) != "other":
            self.action_certificate()
            return
        try:
            amount = self._typed()
        except Unreadable as unreadable:
            self.refuse(unreadable.message)
            return
        if amount is not None:
            self._give("cash", amount)
        elif self.counter.counted().enough:
            self._close()
        else:
            self.tell(N_("Type what was given in cash and press Enter; F12 is exactly what is left, F2 by bank card."))

    def take_scan(self, code: str) -> None:
        """A gift certificate pays here; whatever else was scanned counts at the bill."""
        if look_of(code) == "other":
            super().take_scan(code)
        else:
            self._give_certificate(code)

    def action_certificate(self) -> None:
        """A gift certificate by the number that was typed; its G may be left out."""
        typed = self.query_one(Entry).take()
        if not typed:
            self.tell(N_("Scan the certificate, or type its number and press F9."))
            return
        self._give_certificate(f"G{typed}" if typed.isdecimal() else typed)

    def _give_certificate(self, number: str) -> None:
        """It pays as much as it can; where that is all, the bill is closed."""
        if self.till.busy:
            return
        try:
            tender = self.counter.give_certificate(number)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.draw()
        if self.counter.counted().enough:
            self._close()
        else:
            left = self.desk.money(self.counter.counted().left)
            self.done(
                N_("The certificate pays {amount}: {left} is left to pay."),
                amount=self.desk.money(tender.amount),
                left=left,
            )

    def _by(self, kind: TenderKind) -> None:
        try:
            amount = self._typed()
        except Unreadable as unreadable:
            self.refuse(unreadable.message)
            return
        self._give(kind, self.counter.counted().left if amount is None else amount)

    def action_card(self) -> None:
        """By bank card."""
        self._by("card")

    def action_other(self) -> None:
        """In another way."""
        self._by("other")

    def action_exact(self) -> None:
        """Exactly what is left, in cash."""
        self._give("cash", self.counter.counted().left_in_cash)

    def action_quick(self, index: int) -> None:
        """One of the sums that customers are likely to hand over."""
        likely = self.counter.likely()
        if index < len(likely):
            self._give("cash", likely[index])

    def on_entry_hot(self, event: Entry.Hot) -> None:
        """Delete on an empty line takes back what was given last."""
        event.stop()
        if event.key == "delete":
            self._take_back()
        else:
            self.action_exact()

    def _take_back(self) -> None:
        taken = self.counter.take_back_tender()
        if taken is None:
            self.refuse(Message(N_("Nothing was given yet.")))
            return
        self.draw()
        self.say(
            "done",
            self.text(
                "Taken off: {kind} {amount}", kind=self.text(NAMES[taken.kind]), amount=self.desk.money(taken.amount)
            ),
        )

    # ---- purses -------------------------------------------------------------------------------------

    def action_spend(self) -> None:
        """Spend from a purse: what was typed, or as much as is possible."""
        typed = self.query_one(Entry).take()
        priced = self.counter.priced
        purses = list(priced.spendable) if priced else []
        if priced is None or not purses:
            self.refuse(Message(N_("Spending from a purse needs its holder's card: scan it first.")))
        elif len(purses) == 1:
            self._spend(purses[0], typed)
        else:
            from pos_loyalty.ui.screens.purses import PurseDialog  # noqa: PLC0415 - programmes with several purses

            def answered(purse: str | None) -> None:
                if purse is not None:
                    self._spend(purse, typed)

            self.app.push_screen(PurseDialog(priced.spendable), answered)

    def _spend(self, purse: str, typed: str) -> None:
        """Spend what was typed, in the purse's own units; nothing typed is as much as is possible."""
        try:
            amount = parse_amount(typed, self.language.decimals(purse)) if typed else None
        except Unreadable as unreadable:
            self.refuse(unreadable.message)
            return
        priced = self.counter.priced
        possible = priced.spendable[purse].possible if priced else 0
        if amount is None and possible == 0:
            self.refuse(
                Message(N_("Nothing of the purse {purse} can be spent on this bill now."), purse=self.desk.purse(purse))
            )
            return
        try:
            self.counter.spend(purse, "max" if amount is None else amount)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.draw()
        if self.counter.quote and self.counter.quote.due == 0:
            self.tell(N_("Nothing is left to pay: Enter closes the bill."))

    # ---- the end ------------------------------------------------------------------------------------

    def _close(self) -> None:
        """Close the bill, once: its id makes a second time the same sale, and nothing is taken while it is being stored."""
        counter = self.counter
        order, bill = counter.order(), counter.bill

        def stored(closed: Closed) -> None:
            self.dismiss(Issued(closed.sale, None, closed.holder))

        def refused(why: Refused) -> None:
            if why.code == "guard" and counter.allowed_by is None:
                self._ask_manager(why.message)
                return
            if why.code == "right-missing":
                self._ask_for_discounts(why.message)
                return
            if why.code == "id-conflict":
                try:
                    receipt = issued(self.desk.register, bill.id)
                except Refused:
                    receipt = None
                if receipt is not None:
                    self.dismiss(receipt)
                    return
            if why.code in {"amount-invalid", "tender-short"}:
                counter.take_back_tender()
            self._renew()
            self.refuse(why.message)

        self.till.store(lambda: sell(self.desk.register, order), stored, refused)

    def _ask_manager(self, why: Message) -> None:
        """Who lets the card have one bill more; the bill is closed then, and not without a name."""
        from pos_loyalty.ui.permission import let_guard_pass  # noqa: PLC0415 - opened seldom

        def allowed(name: str) -> None:
            self.counter.allowed_by = name
            self._close()

        let_guard_pass(self, why, allowed)

    def _ask_for_discounts(self, why: Message) -> None:
        """A discount by hand that was given before, by somebody who may, on a bill that is closed by somebody who may not."""
        from pos_loyalty.ui.permission import permitted  # noqa: PLC0415 - opened seldom

        def allowed(name: str | None) -> None:
            try:
                self.counter.allow_discounts(name or self.desk.operator)
            except Refused as refused:
                self.refuse(refused.message)
                return
            self._close()

        permitted(self.till, "discount", allowed, lambda: self.refuse(why), why)

    def _renew(self) -> None:
        try:
            self.counter.renew()
        except Refused as refused:
            self.refuse(refused.message)
        self.draw()
