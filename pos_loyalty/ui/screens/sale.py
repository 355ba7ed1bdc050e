"""The counter: the basket, who the holder is, what the bill comes to. Everything at the till begins and ends here."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.widgets import Input

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.sale import BY_HAND
from pos_loyalty.language import Unreadable, parse_quantity
from pos_loyalty.till.receipts import Issued, issued
from pos_loyalty.till.scanning import (
    CardScanned,
    CertificateScanned,
    CouponScanned,
    GoodsScanned,
    NotRecognised,
    PriceNeeded,
    ReceiptScanned,
    recognise,
)
from pos_loyalty.ui.commands import HELP, UP_DOWN, Command, bindings, silent
from pos_loyalty.ui.counter import Counter
from pos_loyalty.ui.customer import TwoLines, ringing
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.panel import holder_rows, sum_rows
from pos_loyalty.ui.screens.sale_keys import SaleKeys
from pos_loyalty.ui.typed import Code, OpenPrice, Quantity, Words, read_typed
from pos_loyalty.ui.widgets.amount import Amount
from pos_loyalty.ui.widgets.entry import Entry
from pos_loyalty.ui.widgets.places import Across, Down
from pos_loyalty.ui.widgets.rows import Row, Rows
from pos_loyalty.ui.widgets.table import Column, Table


class SaleScreen(SaleKeys):
    """The sale."""

    NAME = N_("Sale")
    KEYS = (
        HELP,
        Command("f2", "holder", N_("Holder"), N_("Show the card holder; without a card, find one by name or phone.")),
        Command("f3", "goods", N_("Goods"), N_("Find goods by name.")),
        Command("f4", "quantity", N_("Quantity"), N_("Change the quantity of the chosen line.")),
        Command("f5", "discount", N_("Discount"), N_("Give a discount by hand on the chosen line.")),
        Command("f6", "suspend", N_("Suspend"), N_("Put this bill aside; on an empty bill, take one up again.")),
        Command("f7", "take_back", N_("Return"), N_("Take goods back: scan or type the number of their receipt.")),
        Command("f8", "receipts", N_("Receipts"), N_("The last receipts: look at them, print them again.")),
        Command("f9", "enrol", N_("New holder"), N_("Make a new card holder and hand out a card.")),
        Command("f10", "rewards", N_("Rewards"), N_("What the holder can take on this bill, and their coupons.")),
        Command("f11", "why", N_("Why"), N_("Why the bill comes to what it does: every offer and its reason.")),
        Command("delete", "void", N_("Void"), N_("Take the chosen line off the bill.")),
        Command("slash", "card_off", N_("Card off"), N_("Take a wrong card off the bill again.")),
        Command("f12", "pay", N_("Pay"), N_("Take the money; Enter on an empty line does the same.")),
        Command(
            "ctrl+o",
            "office",
            N_("Office"),
            N_("Holders, figures, offers, shift, people: the owner's side."),
            shown=False,
        ),
        Command("ctrl+l", "app.lock", N_("Lock"), N_("Lock the till, or let somebody else sell."), shown=False),
        Command("ctrl+s", "shift", N_("Shift"), N_("The drawer's shift: open, read and close it."), shown=False),
        Command("ctrl+r", "drawer", N_("Drawer"), N_("Open the drawer without a sale; it is noted."), shown=False),
        Command(
            "ctrl+p",
            "print_queue",
            N_("Printer"),
            N_("What waits at the printer: print it again, or not."),
            shown=False,
        ),
        Command("plus", "", N_("More"), N_("One more of the chosen line (while nothing is typed)."), shown=False),
        Command("minus", "", N_("Less"), N_("One less of the chosen line; the last one voids it."), shown=False),
        UP_DOWN,
    )
    NOTES = (
        (N_("12345 Enter"), N_("A code typed by hand: goods, a card or a receipt.")),
        (N_("3* and a scan"), N_("Three of what is scanned next; 3* and Enter: three of the chosen line.")),
        (N_("3*12345 Enter"), N_("Three of these goods.")),
        (N_("12.50 Enter"), N_("Goods without a code at this price; point or comma, always with the decimals.")),
        (N_("tea Enter"), N_("Find goods by the beginning of any word.")),
        (N_("a coupon"), N_("It goes on the bill; without a card it waits for its holder's.")),
        (N_("a certificate"), N_("It is to pay this bill; with nothing on the bill, what is left on it is shown.")),
        (N_("certificate Enter"), N_("Sell a gift certificate; memberships are found by their names too.")),
    )
    BINDINGS = bindings(
        *(command for command in KEYS if command.key not in {"delete", "slash"}),
        silent("up", "line(-1)"),
        silent("down", "line(1)"),
        silent("pageup", "line(-10)"),
        silent("pagedown", "line(10)"),
        silent("escape", "forget"),
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.counter = Counter(desk)
        self.multiply = None

    def commands(self) -> tuple[Command, ...]:
        """The demo has some keys more."""
        return (*self.KEYS, *(Command(demo.key, "", demo.label, demo.help) for demo in self.till.demo))

    def body(self) -> ComposeResult:
        """The basket and the holder, the total, and the line that is typed into."""
        text = self.text
        with Across(id="counter"):
            yield Table(
                (
                    Column(text("Goods"), grows=True),
                    Column(text("Qty"), end=True),
                    Column(text("Price"), end=True),
                    Column(text("Amount"), end=True),
                ),
                id="basket",
                empty=text("Scan goods or a card."),
            )
            yield Rows(id="holder", more=text("… F2 shows all"))
        with Across(id="totals"):
            yield Rows(id="sums")
            with Down(id="due"):
                yield Rows(id="due-label")
                yield Amount(id="due-amount")
        yield Entry(text("Code, 3* for a quantity, 12.50 for a price, or a name"), id="entry", hot="+-/")

    def begin(self) -> None:
        """Ready for the first customer."""
        self.query_one(Entry).focus()
        self.draw()
        self.say_shift()

    def on_screen_resume(self) -> None:
        """Back from another screen: the devices may have changed meanwhile."""
        self.devices_changed()
        self.draw()

    def has_open_bill(self) -> bool:
        """Whether goods or a card lie on the counter."""
        return not self.counter.is_empty

    def seated(self) -> None:
        """The bill on the counter is theirs now; what cannot be on it any more is said."""
        super().seated()
        self.attempt(lambda: self.counter.serve(self.desk))

    # ---- drawing ------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the counter as it is; each part repaints only where it differs."""
        counter, money, language = self.counter, self.desk.money, self.language
        quote = counter.quote
        rows: list[tuple[str, ...]] = []
        if quote is not None:
            for number, line in enumerate(quote.lines):
                item = line.item
                quantity = language.quantity(item.quantity) + ("" if item.unit == "pc" else f" {item.unit}")
                by_hand = sum(d.lines[number] for d in quote.discounts if d.offer == BY_HAND)
                name = self._called(item)
                name = f"({language.signed(-by_hand)}) {name}" if by_hand else name
                rows.append((name, quantity, money(item.unit_price), money(line.gross)))
        self.query_one("#basket", Table).show(rows, counter.line)
        self.query_one("#holder", Rows).show(holder_rows(self.desk, counter.view, counter.priced, self.today))
        sums = list(sum_rows(self.desk, quote))
        if counter.bill.coupons and counter.bill.card is None:
            sums.append(Row(self.text("A coupon waits for its card"), style="warn"))
        if counter.given:
            tenders = counter.tenders
            by_certificate = sum(tender.amount for tender in tenders if tender.kind == "certificate")
            given = sum(tender.amount for tender in tenders) - by_certificate
            if given:
                sums.append(Row(self.text("Given so far"), money(given), style="warn"))
            if counter.certificates:
                sums.append(Row(self.text("To be paid by certificate"), money(by_certificate), style="warn"))
        self.query_one("#sums", Rows).show(sums)
        label = self.text("To pay, {currency}", currency=self.desk.programme.currency.code)
        times = self.text("next: {n} ×", n=language.quantity(self.multiply)) if self.multiply else ""
        self.query_one("#due-label", Rows).show([Row(label, times, style="strong")])
        self.query_one("#due-amount", Amount).show(money(quote.due if quote else 0))
        self.till.show_customer(self._for_customer)

    def _for_customer(self, desk: Desk) -> TwoLines:
        return ringing(desk, self.counter)

    def _called(self, item: LineItem) -> str:
        """Goods by their name; what is no goods in the reader's language."""
        if item.certificate:
            return self.text(item.name)
        return self.text("Membership: {club}", club=item.name) if item.club else item.name

    def attempt(self, change: Callable[[], Message | None], said: str = "") -> bool:
        """Do something that may be refused; the counter is as before then, and the bar says why. `said` is said of what is done,
        unless a wish had to be given up for it: then why.
        """
        try:
            given_up = change()
        except Refused as refused:
            self.refuse(refused.message)
            return False
        self.draw()
        if given_up is not None:
            self.say("warning", given_up)
        elif said:
            self.say("done", said)
        return True

    # ---- scanning and typing ------------------------------------------------------------------------

    def take_scan(self, code: str) -> None:
        """Whatever was scanned: a card, goods, a receipt, or something that is not known here."""
        try:
            found = recognise(self.desk.register, code)
        except Refused as refused:
            self.refuse(refused.message)
            return
        match found:
            case CardScanned(number):
                self.put_card(number)
            case CertificateScanned(number):
                self.put_certificate(number)
            case GoodsScanned(item):
                self.add(item)
            case PriceNeeded(item):
                self.ask_price(item)
            case ReceiptScanned(number):
                self.open_return(number)
            case CouponScanned(number):
                self.put_coupon(number)
            case NotRecognised(code, message):
                self._unknown(code, message)

    def take_code(self, code: str) -> None:
        """A code typed by hand: letters may be typed small, cards have them large."""
        try:
            found = recognise(self.desk.register, code)
        except Refused as refused:
            self.refuse(refused.message)
            return
        self.take_scan(code.upper() if isinstance(found, NotRecognised) else code)

    def _unknown(self, code: str, message: Message) -> None:
        try:
            receipt = issued(self.desk.register, code)
        except Refused:
            self.refuse(message)
        else:
            self.show_receipt(receipt)

    def put_card(self, number: str) -> None:
        """A card, before the goods or after them."""
        before = self.counter.bill.card
        if not self.attempt(lambda: self.counter.put_card(number)) or (self.bar and self.bar.kind == "warning"):
            return
        name = self.counter.view.member.name if self.counter.view and self.counter.view.member else ""
        if before is not None and before != number:
            self.say(
                "warning",
                self.text("Another card: the bill is now {name}'s. / takes it off.", name=name or number[-4:]),
            )

    def add(self, item: LineItem) -> None:
        """Goods on the bill, as many as were asked for; for goods by weight or length it is asked how much."""
        quantity, self.multiply = self.multiply, None
        if self.attempt(lambda: self.counter.add(item, quantity)) and item.unit != "pc" and quantity is None:
            self.action_quantity()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Something was typed; nothing and Enter goes on to pay."""
        event.stop()
        typed = self.query_one(Entry).take()
        if not typed:
            if self.multiply is not None:
                self._set_typed_quantity()
            elif not self.counter.is_empty:
                self.action_pay()
            return
        try:
            read = read_typed(typed, self.desk.digits)
        except Unreadable as unreadable:
            self.refuse(unreadable.message)
            return
        match read:
            case Quantity(quantity, rest):
                self.multiply = quantity
                if rest:
                    self.take_code(rest)
                else:
                    self._set_typed_quantity()
            case OpenPrice(amount):
                self.open_price(amount)
            case Code(code):
                self.take_code(code)
            case Words(words):
                self.find_goods(words)

    def on_input_changed(self, event: Input.Changed) -> None:
        """`3*` is taken at once, so that a scan may follow."""
        if event.value.endswith("*") and event.input.id == "entry":
            try:
                quantity = parse_quantity(event.value[:-1])
            except Unreadable:
                return
            if quantity > 0:
                self.query_one(Entry).value = ""
                self.multiply = quantity
                self.draw()

    def _set_typed_quantity(self) -> None:
        quantity, self.multiply = self.multiply, None
        if self.counter.chosen is None or quantity is None:
            self.draw()
            return
        self.attempt(lambda: self.counter.set_quantity(quantity))

    def on_entry_hot(self, event: Entry.Hot) -> None:
        """A key of the number pad, while nothing is typed."""
        event.stop()
        match event.key:
            case "plus":
                self.step(MILLION)
            case "minus":
                self.step(-MILLION)
            case "slash":
                self.action_card_off()
            case "delete":
                self.action_void()

    # ---- what other screens answer ------------------------------------------------------------------

    def show_receipt(self, receipt: Issued, *, fresh: bool = False) -> None:
        """Show a receipt, of a bill just closed or an old one."""
        from pos_loyalty.ui.screens.receipt import ReceiptScreen  # noqa: PLC0415 - it draws paper

        def read(_: None) -> None:
            if fresh and receipt.refund is None:
                change = self.desk.money(receipt.sale.settlement.change)
                self.tell(N_("{number} is closed; its change was {change}."), number=receipt.number, change=change)

        self.app.push_screen(ReceiptScreen(receipt, fresh=fresh), read)

    def action_forget(self) -> None:
        """Escape empties what was typed and the quantity that waits; and a coupon of which neither goods nor a card came."""
        self.query_one(Entry).value = ""
        self.multiply = None
        if self.counter.is_empty and self.counter.bill.coupons:
            self.counter.clear()
        self.draw()
