"""What cashiers and holders do in a simulated shop, one step after another, each held against the second witness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import habits
import witness_returns
from agreement import agree, balance_agrees, refund_agrees, sale_agrees
from orders import asked_line, hand_of, millionths, order_line

from drivers.codes import Scan
from drivers.framing import Framer
from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.sale import Tender
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.card_life import block, unblock
from pos_loyalty.till.card_life import replace as replace_card
from pos_loyalty.till.cards import issue, next_number, show
from pos_loyalty.till.checkout import Order, OrderLine, price, sell
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, preview, refund
from pos_loyalty.till.scanning import CardScanned, GoodsScanned, recognise
from pos_loyalty.till.suspending import recall, suspend

if TYPE_CHECKING:
    from simulator import Simulator

MOST_HOLDERS = 30


class Cashier:
    """Everybody in the shop; `step` is the next thing that happens."""

    def __init__(self, shop: Simulator) -> None:
        self.shop = shop
        self.rng = shop.rng
        self.requests: list[tuple[Any, Any]] = []
        self.framer = Framer()
        self.seconds = 0.0
        for name in 2 * list(shop.registers):  # each register is known to the store from now on
            self.new_holder(shop.registers[name])

    def step(self) -> None:
        """One thing, chosen by chance."""
        actions: list[tuple[Callable[[], None], int]] = [
            (self.visit, 66),
            (self.bring_back, 20),
            (self.say_again, 5),
            (self.new_holder, 2),
            (self.lose_card, 1),
            (self.block_or_unblock, 2),
            (self.register_bearer, 1),
            (self.look_at_card, 3),
        ]
        (action,) = self.rng.choices([a for a, _ in actions], [weight for _, weight in actions])
        action()

    # ---- holders and cards -----------------------------------------------------------------------------------------

    def some_card(self, *status: str) -> str | None:
        cards = self.shop.books.cards
        wanted = [number for number, card in cards.items() if not status or card["status"] in status]
        return self.rng.choice(wanted) if wanted else None

    def new_holder(self, register: Register | None = None) -> None:
        """Somebody becomes a holder: with a name, or with a bearer card."""
        shop, books = self.shop, self.shop.books
        if len(books.accounts) >= MOST_HOLDERS:
            return
        till = register or shop.some_register()
        number, named = next_number(till), self.rng.random() < 0.6
        shop.tell(f"a new {'holder' if named else 'bearer card'} {number}")
        if named:
            shop.write(lambda: enrol(till, Enrolment(name=f"Holder {len(books.accounts)}", card=number)))
        else:
            shop.write(lambda: issue(till, number, kind="bearer"))
        view = show(till, number)
        books.open_account(number, view.account, "named" if named else "bearer", till.clock().date())
        shop.did["holders"] += 1

    def lose_card(self) -> None:
        number = self.some_card("active", "blocked")
        if number is None:
            return
        till = self.shop.some_register()
        self.shop.tell(f"card {number} is lost")
        new = next_number(till)
        self.shop.write(lambda: replace_card(till, number, new_number=new))
        self.shop.books.replace(number, new)
        self.shop.did["cards replaced"] += 1

    def block_or_unblock(self) -> None:
        number = self.some_card("blocked", "blocked") or self.some_card("active")
        if number is None:
            return
        card, till = self.shop.books.cards[number], self.shop.some_register()
        change, status = (unblock, "active") if card["status"] == "blocked" else (block, "blocked")
        self.shop.tell(f"card {number} is {status} from now on")
        self.shop.write(lambda: change(till, number))
        card["status"] = status
        self.shop.did["cards blocked or unblocked"] += 1

    def register_bearer(self) -> None:
        number = next(
            (n for n, c in self.shop.books.cards.items() if c["kind"] == "bearer" and c["status"] == "active"), None
        )
        if number is None:
            return
        till = self.shop.some_register()
        self.shop.tell(f"bearer card {number} gets a name")
        self.shop.write(lambda: enrol(till, Enrolment(name="Bearer no more", card=number)))
        self.shop.books.cards[number]["kind"] = "named"
        self.shop.did["bearer cards registered"] += 1

    def look_at_card(self) -> None:
        """What a card says today is what the witness knows; looking stores nothing."""
        number = self.some_card("active")
        if number is None:
            return
        till, books = self.shop.some_register(), self.shop.books
        version = self.shop.laws.version()
        view = show(till, number)
        agree("something stored by looking", self.shop.laws.version(), version)
        expected = books.view(number, till.clock())
        balance_agrees([purse.balance for purse in view.purses.values()], expected["balance"])
        agree("tier shown", view.tier and view.tier.id, expected["tier"])
        agree("spend shown", view.tier and view.tier.spend, expected["spend"])

    # ---- sales ------------------------------------------------------------------------------------------------------

    def visit(self) -> None:
        """Somebody buys: with a card at once or late, a wrong one first, or none; some bills wait a while in between."""
        shop, rng = self.shop, self.rng
        till = shop.some_register()
        card = None if rng.random() < 0.12 else self.some_card("active")
        if rng.random() < 0.1:
            card = next((number for number, facts in shop.books.cards.items() if shop.books.owes(facts)), card)
        if rng.random() < 0.02:
            card = self.some_card() if rng.random() < 0.5 else habits.ean13("299999999999")
        lines = habits.basket(rng, shop.goods)
        by_scan = rng.random() < 0.3
        if by_scan:
            order, till = self._by_hand_and_scanner(till, lines, card)
        else:
            order = Order(tuple(map(order_line, lines)), id=shop.new_id(), card=card, operator="anna")
            if rng.random() < 0.04:
                order = replace(order, at=till.clock() - timedelta(minutes=rng.randrange(3 * 1440)))
        asked = {
            "at": order.at or till.clock(),
            "card": order.card,
            "lines": [asked_line(line, shop.goods) for line in order.lines],
            "spend": order.spend.get("cashback"),
            "tenders": None,
        }
        shop.tell(
            f"{till.name} sells to {card}: {len(asked['lines'])} lines at {asked['at']:%Y-%m-%d %H:%M} as {order.id}"
        )
        free = shop.books.sale(asked)
        if free["refused"] is None:
            wish = habits.wish(rng, free["had"]) if rng.random() < 0.6 else None
            if wish is not None and (order.card is not None or rng.random() < 0.05):
                order = replace(order, spend={"cashback": wish})
                asked["spend"] = wish
                shop.told[-1] += f", spending {wish}"
            due = shop.books.sale(asked).get("due", free["due"])
            asked["tenders"] = habits.payment(rng, due, shop.books.in_force(asked["at"])["cash_step"])
            if asked["tenders"] is not None:
                order = replace(order, tenders=tuple(Tender(kind, amount) for kind, amount in asked["tenders"]))  # type: ignore[arg-type]
        self._close(till, order, asked)

    def _close(self, till: Register, order: Order, asked: dict[str, Any]) -> None:
        shop = self.shop
        expected = shop.books.sale(asked)
        if expected["refused"]:
            shop.refused(lambda: sell(till, order), expected["refused"])
            return
        if self.rng.random() < 0.3:
            version = shop.laws.version()
            sale_agrees(price(till, order).sale, expected)
            agree("something stored by pricing", shop.laws.version(), version)
        closed = shop.write(lambda: sell(till, order), repeats=True)
        assert closed is not None
        sale_agrees(closed.sale, expected)
        agree("id", closed.sale.id, order.id)
        shop.stored(lambda: shop.books.sold(expected, closed.sale.id, till.name), expected["account"])
        self.requests.append((order, closed.sale))
        shop.did["sales"] += 1
        shop.did["sales spending"] += bool(expected["spent"])
        shop.did["sales settling a debt"] += bool(expected["settled"])

    def _by_hand_and_scanner(self, till: Register, lines: list[Any], card: str | None) -> tuple[Order, Register]:
        """The same bill as a cashier makes it: scanned where there is a code, a slip voided, put aside and taken up elsewhere."""
        shop, rng, bill = self.shop, self.rng, Bill(self.shop.new_id())
        wrong = self.some_card()
        if wrong is not None and rng.random() < 0.1:
            bill = bill.with_card(wrong).with_spend("cashback", "max")
            bill = bill.without_card() if rng.random() < 0.5 else bill
        for line in lines:
            item = LineItem(
                "Goods", line["price"], MILLION, "", line["department"], line["unit"], millionths(line["vat_rate"])
            )
            if line["sku"]:
                found = recognise(till, self._scan(line["barcode"]))
                assert isinstance(found, GoodsScanned), found
                item = found.item
            hand = hand_of(line["hand"])
            bill = bill.add(replace(item, quantity=max(line["quantity"], 1), by_hand=hand))
            if rng.random() < 0.05:
                bill = bill.add(replace(item, name="A slip", sku="")).void(len(bill.lines))
        if rng.random() < 0.15:
            suspended = bill
            shop.write(lambda: suspend(till, suspended, "anna"), dangers=False)
            till = shop.some_register()
            bill = recall(till, bill.id)
            agree("the bill recalled", bill, suspended)
            shop.refused(lambda: recall(till, suspended.id), "bill-unknown")
            shop.did["bills suspended"] += 1
        if card is not None:
            found = recognise(till, self._scan(card))
            assert isinstance(found, CardScanned), found
            bill = bill.with_card(found.number)
        else:
            bill = bill.without_card()
        return bill.order("anna"), till

    def _scan(self, code: str) -> str:
        """A code through the wire of a scanner, which may be pulled out in the middle of it or send it twice."""
        self.seconds += 5
        data = code.encode() + b"\r"
        if self.rng.random() < 0.1:
            cut = self.rng.randrange(len(data))
            events = [*self.framer.feed(data[:cut], self.seconds), *self.framer.drop()]
            agree("scans of half a code", [event for event in events if isinstance(event, Scan)], [])
            self.shop.did["scanner unplugged"] += 1
            self.seconds += 2
        twice = data if self.rng.random() < 0.1 else b""
        events = [*self.framer.feed(data, self.seconds), *self.framer.feed(twice, self.seconds + 0.05)]
        scans = [event.code for event in events if isinstance(event, Scan)]
        agree("codes scanned", scans, [code])
        return scans[0]

    # ---- returns, and requests that come again -------------------------------------------------------------------------

    def bring_back(self) -> None:
        """Goods come back: of a bill of these days or an old one, in whole, in pieces, or more than was sold."""
        shop, rng = self.shop, self.rng
        if not shop.books.sales:
            return
        sales = list(shop.books.sales)
        sale = rng.choice(sales[-25:] if rng.random() < 0.7 else sales)
        if rng.random() < 0.3 and (entangled := [each for each in sales[-120:] if shop.books.entangled(each)]):
            sale = rng.choice(entangled)
        if rng.random() < 0.02:
            sale = shop.new_id()
        till, facts = shop.some_register(), shop.books.sales.get(sale)
        lines = None
        if facts is not None:
            left = [line["quantity"] - back for line, back in zip(facts["lines"], facts["back"], strict=True)]
            lines = habits.coming_back(rng, left, [line["unit"] for line in facts["lines"]])
        order = RefundOrder(
            sale,
            id=shop.new_id(),
            at=till.clock() - timedelta(minutes=rng.randrange(2 * 1440)) if rng.random() < 0.03 else None,
            lines=None if lines is None else tuple(lines),
            when_spent=rng.choice((None, None, None, None, "owe", "withhold", "forgive")),
            operator="boris",
        )
        asked = {
            "sale": sale,
            "at": order.at or till.clock(),
            "lines": lines,
            "id": order.id,
            "when_spent": order.when_spent,
        }
        shop.tell(f"{till.name} takes back {lines or 'all'} of {sale} at {asked['at']:%Y-%m-%d %H:%M} as {order.id}")
        expected = witness_returns.refund(shop.books, asked)
        if expected["refused"]:
            shop.refused(lambda: refund(till, order), expected["refused"])
            return
        if rng.random() < 0.3:
            version = shop.laws.version()
            refund_agrees(preview(till, order).refund, expected)
            agree("something stored by looking", shop.laws.version(), version)
        closed = shop.write(lambda: refund(till, order), repeats=True)
        assert closed is not None
        refund_agrees(closed.refund, expected)
        shop.stored(lambda: witness_returns.returned(shop.books, expected, till.name), expected["account"])
        self.requests.append((order, closed.refund))
        shop.did["returns"] += 1
        for what in ("owed", "made_good", "withheld", "forgiven", "excused", "restored"):
            shop.did[f"returns {what.replace('_', ' ')}"] += bool(expected[what])

    def say_again(self) -> None:
        """A request comes once more under its id: the same gets the same answer, anything else is a conflict."""
        if not self.requests:
            return
        order, answer = self.rng.choice(self.requests[-40:] if self.rng.random() < 0.7 else self.requests)
        till, shop = self.shop.some_register(), self.shop
        shop.tell(f"request {order.id} comes again")
        again = sell if isinstance(order, Order) else refund
        if self.rng.random() < 0.5:
            version = shop.laws.version()
            repeated = again(till, order)  # type: ignore[arg-type]
            agree("repeated", repeated.repeated, True)
            agree("the answer again", repeated.sale if isinstance(order, Order) else repeated.refund, answer)  # type: ignore[union-attr]
            agree("something stored by repeating", shop.laws.version(), version)
            shop.did["requests repeated"] += 1
        elif self.rng.random() < 0.5:
            shop.refused(lambda: again(till, replace(order, operator="somebody else")), "id-conflict")  # type: ignore[arg-type]
        elif isinstance(order, Order):
            shop.refused(lambda: refund(till, RefundOrder(order.id or "", id=order.id)), "id-conflict")
        else:
            shop.refused(lambda: sell(till, Order((OrderLine(name="Tea", unit_price=1),), id=order.id)), "id-conflict")
