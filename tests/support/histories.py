"""Histories at random under programmes at random, on real stores, with the laws of money asked after every step.

    SEED=7 python tests/support/histories.py                    # one history, told step by step where it fails
    SEED=1 SEEDS=10000 python tests/support/histories.py        # ten thousand

A seed is a whole history: the same one does the same again.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from any_shop import any_shop
from mishaps import QuickSqlite
from sqlalchemy import text

from pos_loyalty.domain.basket import ByHand, LineItem
from pos_loyalty.domain.card import masked
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import MILLION
from pos_loyalty.domain.programme.reading import read
from pos_loyalty.domain.sale import BY_HAND, Quote, Refund, Sale, Tender
from pos_loyalty.language import Language
from pos_loyalty.storage.engine import Store
from pos_loyalty.storage.schema import create_store
from pos_loyalty.storage.verify import verify_store
from pos_loyalty.till.adjusting import adjust, undo
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.card_life import bring_back
from pos_loyalty.till.card_life import replace as replace_card
from pos_loyalty.till.cards import issue
from pos_loyalty.till.cards import show as show_card
from pos_loyalty.till.certificates import show
from pos_loyalty.till.checkout import Order, OrderLine, price, sell
from pos_loyalty.till.closing import close_day
from pos_loyalty.till.clubs import JoinOrder, join
from pos_loyalty.till.goods import import_csv
from pos_loyalty.till.holders import Enrolment, enrol
from pos_loyalty.till.joining import merge
from pos_loyalty.till.late_card import LateOrder, add_card
from pos_loyalty.till.programmes import activate
from pos_loyalty.till.register import Register
from pos_loyalty.till.returns import RefundOrder, preview, refund, returnable
from pos_loyalty.till.tendering import by_certificate

_ALL_PURSES = text(
    "SELECT purse, sum(held - owed) FROM balances GROUP BY purse HAVING sum(held - owed) <> 0 ORDER BY purse"
)
BEGINS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENGLISH = Language("en")


class Broken(AssertionError):
    """A law does not hold: the seed, the step and what went before it."""


def holds(what: str, left: object, right: object) -> None:
    """A law: both are the same."""
    if left != right:
        raise Broken(f"{what}: {left!r} is not {right!r}")


@contextmanager
def raising(code: str) -> Iterator[None]:
    """A law: what is done here is refused with that code."""
    try:
        yield
    except Refused as refused:
        holds("why it is refused", refused.code, code)
        return
    raise Broken(f"it was not refused with {code}")


@dataclass
class History:
    """One shop's days, out of one seed."""

    seed: int
    folder: Path
    told: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.shop = any_shop(self.rng)
        self.now = BEGINS
        self.path = self.folder / f"history{self.seed}.db"
        shutil.copy(empty_store(self.folder), self.path)
        self.store = Store(QuickSqlite(self.path))
        self.ids = 0
        self.register = self.at_register(self.store)
        import_csv(self.register, self.shop.catalogue)
        activate(self.register, self.shop.text, self.now, "owner")
        self.cards = self.holders()
        self.sales: list[Sale] = []
        self.coupons: dict[str, list[str]] = {}
        self.certificates: list[str] = []
        self.adjusted: list[str] = []

    def at_register(self, store: Store) -> Register:
        """A till on this store, or on a copy of it: its clock, ids and secrets are the history's own."""
        return Register(
            name="till-1", store=store, clock=lambda: self.now, new_id=self.new_id, new_secret=self.rng.randrange
        )

    def new_id(self) -> str:
        self.ids += 1
        return f"019b0000-0000-7000-8000-{self.ids:012d}"

    def holders(self) -> list[str]:
        """A named holder, one whom she sent, and a bearer card."""
        ana, boris = issue(self.register, count=2)
        (bearer,) = issue(self.register, kind="bearer")
        enrol(self.register, Enrolment(name="Ana Kovač", card=ana, birthday=date(1990, 3, 20)))
        enrol(self.register, Enrolment(name="Boris", card=boris, referred_by=ana))
        return [ana, boris, bearer]

    def tell(self, what: str) -> None:
        self.told.append(f"{self.now:%m-%d %H:%M} {what}")

    # ---- steps ------------------------------------------------------------------------------------------------------

    def run(self, steps: int = 14) -> None:
        """So many steps, and the program's own look at the whole store."""
        for _ in range(steps):
            self.now += timedelta(hours=self.rng.choice((1, 3, 9, 26, 49, 24 * 8, 24 * 33)))
            kind = self.rng.random()
            if self.sales and kind < 0.35:
                self.take_back()
            elif self.sales and kind < 0.42:
                self.card_comes_late()
            elif kind < 0.45:
                self.join_a_club()
            elif kind < 0.49:
                self.join_records()
            elif kind < 0.51:
                self.lose_a_card()
            elif kind < 0.56:
                self.adjust_by_hand()
            elif kind < 0.58:
                close_day(self.register)
                self.did["days closed"] += 1
            else:
                self.ring_up()
        faults = verify_store(self.store).faults
        holds("faults that `store verify` finds", [f"{f.place}: {ENGLISH.say(f.what)}" for f in faults], [])

    def basket(self) -> tuple[LineItem, ...]:
        rng, lines = self.rng, []
        for item in rng.sample(self.shop.goods, rng.randint(1, 6)):
            quantity = (
                rng.randint(100_000, 3_000_000) if item.unit == "kg" else rng.choice((1, 1, 1, 2, 3, 7)) * MILLION
            )
            by_hand = None
            if rng.random() < 0.08 and item.department != "tobacco":
                by_hand = ByHand(rate=rng.randint(1, MILLION)) if rng.random() < 0.7 else ByHand(amount=1)
            lines.append(replace(item, quantity=quantity, by_hand=by_hand))
        return tuple(lines)

    def ring_up(self) -> None:
        rng = self.rng
        card = rng.choice((*self.cards, self.cards[0], None))
        bill = Bill(self.new_id(), self.basket(), card)
        order = bill.order("anna")
        free = self.priced(order)
        if free is None:
            return
        self.nothing_changes(bill, free)
        bill, wanted = self.with_wishes(bill, free)
        order = bill.order("anna")
        if (more := self.with_more(order)) is not None:
            order, wanted = more
        tenders = None
        if (paying := self.certificate_for(wanted)) is not None:
            rest = wanted.due - paying.amount
            tenders = (paying, Tender("card", rest)) if rest else (paying,)
        elif wanted.due > 0 and rng.random() < 0.4:
            part = rng.randint(1, wanted.due)
            tenders = (
                (Tender("card", part), Tender("cash", wanted.due - part + 100))
                if part < wanted.due
                else (Tender("card", part),)
            )
        order = replace(order, tenders=tenders)
        if rng.random() < 0.25:
            with self.copy() as before:
                closed = sell(self.register, order).sale
                self.is_what_its_facts_say(closed, before)
                ids = self.ids
            self.ids = ids
        else:
            closed = sell(self.register, order).sale
        self.tell(f"sale {closed.id[-3:]} {bill.card and bill.card[-3:]} {wanted.gross} due {wanted.due}")
        sold = [one.number for one in closed.quote.certificates]
        self.certificates += [str(number) for number in sold]
        numbered = replace(
            wanted,
            certificates=tuple(replace(one, number=n) for one, n in zip(wanted.certificates, sold, strict=True)),
            coupons=tuple(
                replace(priced, number=given.number)
                for priced, given in zip(wanted.coupons, closed.quote.coupons, strict=True)
            ),
        )
        holds("the bill and what it was priced at", closed.quote, numbered)
        again = sell(self.register, order)
        holds("the same bill sent again", (again.repeated, again.sale), (True, closed))
        self.sales.append(closed)
        self.did["sales"] += 1
        for coupon in closed.quote.coupons:
            self.coupons.setdefault(bill.card or "", []).append(str(coupon.number))
        self.did["rewards"] += sum(spent.offer is not None for spent in closed.quote.spent)
        self.did["gifts"] += len(closed.quote.gifts)
        self.did["coupons used"] += len(closed.quote.coupons_used)
        for offer in wanted.used:
            self.did["offers used"] += not offer.startswith("tier:")

    def is_what_its_facts_say(self, closed: Sale, before: Register) -> None:
        """The bill as it was stored, priced again from its facts alone under its revision, on the store as it was before it."""
        with self.store.read() as books:
            found = books.sale(closed.id)
        assert found is not None
        sale, programme = found[0], read(self.shop.text).programme
        assert programme is not None
        asked = {offer.id: offer for offer in programme.offers if offer.costs and not offer.automatic}
        take: dict[str, int] = {}
        for spent in sale.quote.spent:
            if spent.offer in asked:
                take[spent.offer] = spent.amount // asked[spent.offer].costs[spent.purse]
        again = Order(
            lines=tuple(order_line(line.item) for line in sale.quote.lines),
            at=sale.at,
            card=next((card for card in self.cards if masked(card) == sale.card), None),
            spend={spent.purse: spent.amount for spent in sale.quote.spent if spent.offer is None},
            coupons=tuple(used.number for used in sale.quote.coupons_used),
            take=tuple(offer for offer, times in take.items() for _ in range(times)),
            operator=sale.operator,
        )
        quote = price(before, again).sale.quote
        stored = replace(
            sale.quote,
            coupons=tuple(replace(one, number=None) for one in sale.quote.coupons),
            certificates=tuple(replace(one, number=None) for one in sale.quote.certificates),
        )
        # A coupon that was shown and stayed unused is no fact of the bill, so what its offer lacked may be said in other words.
        said = [why for why in stored.why if why.offer != "ten-off"]
        holds("the reasons of a bill and of its facts", [why for why in quote.why if why.offer != "ten-off"], said)
        for name in set(Quote.__slots__) - {"why"}:
            holds(f"a bill's {name} and what its facts come to", getattr(quote, name), getattr(stored, name))
        self.did["bills priced again from their facts"] += 1

    def with_wishes(self, bill: Bill, free: Quote) -> tuple[Bill, Quote]:
        """The bill with rewards, a coupon and purses that its holder may want, as far as they are not refused."""
        rng, quote = self.rng, free
        for number in self.coupons.get(bill.card or "", ()):
            if rng.random() < 0.6:
                bill, quote = self.unless_refused(bill.with_coupon(number), bill, quote)
        for offered in price(self.register, bill.order("anna")).offered:
            for _ in range(rng.choice((0, 1, 1, 2))):
                asked = bill.with_reward(offered.offer)
                bill, quote = self.unless_refused(asked, bill, quote)
        for purse, may in price(self.register, bill.order("anna")).spendable.items():
            if may.possible and rng.random() < 0.5:
                ask = "max" if rng.random() < 0.4 else rng.randint(1, may.possible)
                bill, quote = self.unless_refused(bill.with_spend(purse, ask), bill, quote)
        return bill, quote

    def with_more(self, order: Order) -> tuple[Order, Quote] | None:
        """Now and then a gift certificate or a membership is sold along."""
        line = OrderLine(certificate=self.rng.randint(1, 40) * 10**self.shop.digits)
        if self.rng.random() < 0.4:
            line = OrderLine(club=self.rng.choice(("friends", "runners")))
        if self.rng.random() > 0.2:
            return None
        longer = replace(order, lines=(*order.lines, line))
        found = self.priced(longer)
        return None if found is None else (longer, found)

    def certificate_for(self, quote: Quote) -> Tender | None:
        """A gift certificate that its owner pays with, in part or all of it."""
        if not self.certificates or self.rng.random() > 0.4:
            return None
        number = self.rng.choice(self.certificates)
        try:
            may = by_certificate(show(self.register, number), quote, (), "EUR")
        except Refused as refused:
            self.did[f"refused: {refused.code}"] += 1
            return None
        self.did["certificates paid with"] += 1
        return replace(may, amount=self.rng.randint(1, may.amount) if self.rng.random() < 0.5 else may.amount)

    def unless_refused(self, wished: Bill, bill: Bill, quote: Quote) -> tuple[Bill, Quote]:
        """The wished bill and what it comes to, or the one before it where it is refused."""
        found = self.priced(wished.order("anna"))
        return (bill, quote) if found is None else (wished, found)

    def card_comes_late(self) -> None:
        """A card is added to a bill that was closed without one, some minutes ago."""
        sale = self.sales[-1]
        if sale.account is not None:
            return
        now, self.now = self.now, sale.recorded_at + timedelta(minutes=4)
        order = LateOrder(sale.id, self.rng.choice(self.cards), "anna", self.new_id())
        try:
            late = add_card(self.register, order)
        except Refused as refused:
            self.did[f"refused: {refused.code}"] += 1
            return
        finally:
            self.now = now
        self.tell(f"card {order.card[-3:]} comes late to {sale.id[-3:]}")
        holds("the same late card again", add_card(self.register, order), late)
        self.did["late cards"] += 1

    def join_a_club(self) -> None:
        try:
            join(
                self.register,
                JoinOrder(self.rng.choice(("friends", "runners")), self.rng.choice(self.cards), None, "anna"),
            )
        except Refused as refused:
            self.did[f"refused: {refused.code}"] += 1
        else:
            self.did["joined by hand"] += 1

    # ---- records ----------------------------------------------------------------------------------------------------

    def account_of(self, card: str, register: Register | None = None) -> str:
        return show_card((register or self.register), card).account

    def join_records(self) -> None:
        """Two records become one: nothing is gained or lost, and a return comes to the same before and after it."""
        keep, other = self.rng.sample(self.cards, 2)
        kept, gone = self.account_of(keep), self.account_of(other)
        if kept == gone:
            with raising("merge-invalid"):
                merge(self.register, kept, gone, "boss")
            return
        self.close_lapsed()
        self.in_either_order(kept, gone)
        before = [self.purses(account) for account in (kept, gone)]
        whole = self.all_purses()
        deed = merge(self.register, kept, gone, "boss", id=self.new_id())
        holds("the same joining again", merge(self.register, kept, gone, "boss", id=deed.id), deed)
        summed = {purse: sum(one.get(purse, 0) for one in before) for purse in sorted({*before[0], *before[1]})}
        holds("what both had and the one has", self.purses(kept), {p: n for p, n in summed.items() if n})
        holds("what the other has left", self.purses(gone), {})
        holds("what all holders have", self.all_purses(), whole)
        holds("the account of the other's card", self.account_of(other), kept)
        self.tell(f"{other[-3:]} is part of {keep[-3:]}")
        self.did["records joined"] += 1

    def in_either_order(self, kept: str, gone: str) -> None:
        """On two copies of the store: joined and then returned, returned and then joined; money, purses and tier are the same."""
        ours = [sale for sale in self.sales if any(returnable(self.register, sale.id).left)]
        if not ours:
            return
        order = RefundOrder(self.rng.choice(ours).id, self.new_id(), self.now, None, "owe", "anna")
        found = []
        for first in ("merge", "return"):
            with self.copy() as till:
                try:
                    if first == "merge":
                        merge(till, kept, gone, "boss")
                    back = refund(till, order).refund
                    if first == "return":
                        merge(till, kept, gone, "boss")
                except Refused as refused:
                    holds("why a return is refused", refused.code, "certificate-invalid")
                    return
                faults = verify_store(till.store).faults
                holds("faults after both", [f"{f.place}: {ENGLISH.say(f.what)}" for f in faults], [])
                with till.store.read() as books:
                    tier = books.rows(text("SELECT tier, tier_since, tier_kept_until FROM accounts ORDER BY id"))
                found.append((money([back]), self.purses(kept, till), self.all_purses(till), tier))
        holds("joined and returned, returned and joined", found[0], found[1])
        self.did["joined and returned in either order"] += 1

    def lose_a_card(self) -> None:
        place = self.rng.randrange(len(self.cards))
        old = self.cards[place]
        before = self.purses(self.account_of(old))
        new = replace_card(self.register, old, "boss").number
        if self.rng.random() < 0.3:
            holds("the card that came back", bring_back(self.register, old, "boss").number, old)
            self.did["replacements undone"] += 1
            return
        self.cards[place] = new
        self.coupons[new] = self.coupons.pop(old, [])
        holds("what the new card has", self.purses(self.account_of(new)), before)
        self.did["cards replaced"] += 1

    def adjust_by_hand(self) -> None:
        """Units are given, or taken as far as there are any; now and then that was a mistake."""
        rng, account = self.rng, self.account_of(self.rng.choice(self.cards))
        self.close_lapsed()
        before, whole = self.purses(account), self.all_purses()
        purse = rng.choice(("cashback", "points", *before))
        amount = rng.randint(1, 400) * rng.choice((1, 1, -1))
        try:
            done = adjust(self.register, account, purse, amount, "A long wait.", "boss", id=self.new_id())
        except Refused as refused:
            holds("why units are not adjusted", refused.code in ("balance-too-low", "purse-unknown"), True)
            self.did[f"refused: {refused.code}"] += 1
            return
        after = {**before, purse: before.get(purse, 0) + amount}
        holds("what is there after adjusting", self.purses(account), {p: n for p, n in after.items() if n})
        self.adjusted.append(done.id)
        self.did["adjusted by hand"] += 1
        if rng.random() < 0.4:
            undo(self.register, done.id, "The wrong card.", "boss")
            holds("what is there after undoing at once", self.purses(account), before)
            holds("what all have after undoing at once", self.all_purses(), whole)
            self.did["undone at once"] += 1
        elif rng.random() < 0.4:
            try:
                undo(self.register, rng.choice(self.adjusted), "The wrong card.", "boss")
            except Refused as refused:
                holds("why nothing is undone", refused.code, "undo-invalid")
            else:
                self.did["undone later"] += 1

    def close_lapsed(self) -> None:
        """What ran out is posted, so that it is not what a law finds missing."""
        close_day(self.register)

    def purses(self, account: str, till: Register | None = None) -> dict[str, int]:
        """What each purse of an account holds, less what is owed to it; without what is nothing."""
        with (till or self.register).store.read() as books:
            held = books.holdings(account)
        nets_ = {purse: sum(lot.remaining for lot in each.lots) - each.owed for purse, each in held.items()}
        return {purse: amount for purse, amount in sorted(nets_.items()) if amount}

    def all_purses(self, till: Register | None = None) -> list[tuple[object, ...]]:
        """The same of all holders together."""
        with (till or self.register).store.read() as books:
            return books.rows(
                text(
                    "SELECT purse, sum(held - owed) FROM balances GROUP BY purse HAVING sum(held - owed) <> 0 ORDER BY purse"
                )
            )

    def priced(self, order: Order) -> Quote | None:
        """What a bill would come to, by all laws of a bill; None where it is refused."""
        try:
            found = price(self.register, order).sale.quote
        except Refused as refused:
            self.did[f"refused: {refused.code}"] += 1
            return None
        self.laws_of_a_bill(found)
        return found

    def nothing_changes(self, bill: Bill, free: Quote) -> None:
        """A card scanned late, twice, or after a wrong one gives the same bill; so does one more line of what is only paid for."""
        other = next(card for card in self.cards if card != bill.card)
        empty = Bill(bill.id)
        late = empty.with_card(other)
        for line in bill.lines:
            late = replace(late, lines=(*late.lines, line))
        late = late.with_card(bill.card).with_card(bill.card) if bill.card else late.without_card()
        holds("a card that came late", price(self.register, late.order("anna")).sale.quote, free)
        tobacco = next(item for item in self.shop.goods if item.department == "tobacco")
        place = self.rng.randint(0, len(bill.lines))
        longer = replace(bill, lines=(*bill.lines[:place], replace(tobacco, sku="CIGS"), *bill.lines[place:]))
        found = price(self.register, longer.order("anna")).sale.quote
        lines = [line for n, line in enumerate(found.lines) if n != place]
        figures = [(line.discount, line.spent, line.paid, line.earning) for line in lines]
        holds("lines beside tobacco", figures, [(x.discount, x.spent, x.paid, x.earning) for x in free.lines])
        holds(
            "earned beside tobacco",
            [(e.purse, e.amount) for e in found.earned],
            [(e.purse, e.amount) for e in free.earned],
        )
        holds("offers beside tobacco", found.used, free.used)

    def laws_of_a_bill(self, found: Quote) -> None:
        """What is split adds up; no line falls below nothing; excluded lines are only paid for; each offer has one reason."""
        for n, line in enumerate(found.lines):
            holds("a line's gross", line.gross, line.item.gross)
            holds("a line's discounts", sum(d.lines[n] for d in found.discounts), line.discount)
            holds("what purses paid of a line", sum(s.lines[n] for s in found.spent), line.spent)
            holds("what is left of a line", line.gross - line.discount - line.spent, line.paid)
            holds("a line below nothing", line.paid < 0, False)
            if line.excluded:
                holds("an excluded line", (line.discount, line.spent, line.earning), (0, 0, 0))
        for one in found.discounts:
            holds(f"the parts of {one.offer}", sum(one.lines), one.amount)
            holds(f"a discount {one.offer} below nothing", min(one.lines) < 0, False)
        for spent in found.spent:
            holds("the draws of a spending", sum(draw.amount for draw in spent.draws), spent.amount)
        for earned in found.earned:
            holds(f"the parts of {earned.offer}", sum(earned.lines), earned.amount)
        holds("what is due", found.due, sum(line.paid for line in found.lines))
        taxed = sum(line.paid + line.spent_as_tender for line in found.lines)
        holds("what is taxed", sum(vat.net + vat.vat for vat in found.vat), taxed)
        holds("VAT of the lines", sum(line.vat for line in found.lines), sum(vat.vat for vat in found.vat))
        reasons = [why.offer for why in found.why]
        holds("one reason an offer", len(reasons), len(set(reasons)))
        applied = {why.offer for why in found.why if why.applied}
        did = {one.offer for one in (*found.discounts, *found.earned, *found.gifts, *found.coupons)} - {BY_HAND}
        holds("offers that did something without a reason", did - applied, set())

    # ---- returns ----------------------------------------------------------------------------------------------------

    def take_back(self) -> None:
        rng = self.rng
        sale = rng.choice(self.sales)
        left = returnable(self.register, sale.id).left
        if not any(left):
            return
        when_spent = rng.choice((None, None, "owe", "forgive", "withhold"))
        lines = None
        if rng.random() < 0.6:
            chosen = rng.sample([n for n, rest in enumerate(left, 1) if rest], rng.randint(1, sum(map(bool, left))))
            lines = tuple((n, self.part_of(sale, n, left[n - 1])) for n in sorted(chosen))
        kept = tuple(gift.offer for gift in sale.quote.gifts if rng.random() < 0.3)
        order = RefundOrder(sale.id, self.new_id(), self.now, lines, when_spent, "anna", kept)
        try:
            seen = preview(self.register, order).refund
        except Refused as refused:  # a gift certificate that has paid, or ran out, stays sold
            holds("why a return is refused", refused.code, "certificate-invalid")
            self.did["refused: a return"] += 1
            return
        if when_spent in ("owe", "forgive"):  # what is withheld is never more than the money of its own return
            self.piece_by_piece(replace(order, gifts_kept=()), sale)
        back = refund(self.register, order).refund
        self.tell(f"return of {sale.id[-3:]} {lines} {when_spent}: {[(t.kind, t.amount) for t in back.money_back]}")
        holds("the return and its preview", replace(back, number=0), seen)
        holds("the same return sent again", refund(self.register, order).refund, back)
        self.did["returns"] += 1
        self.laws_of_returns(sale)

    def part_of(self, sale: Sale, number: int, left: int) -> int:
        if sale.quote.lines[number - 1].item.unit == "pc" and left % MILLION == 0:
            return self.rng.randint(1, left // MILLION) * MILLION
        return self.rng.randint(1, left)

    def piece_by_piece(self, order: RefundOrder, sale: Sale) -> None:
        """On two copies of the store: all at once, and in pieces of random sizes and order; money and purses come out the same."""
        left = returnable(self.register, sale.id).left
        wanted = list(order.lines or [(n, rest) for n, rest in enumerate(left, 1) if rest])
        pieces: list[tuple[int, int]] = []
        for number, quantity in wanted:
            rest = quantity
            while rest:
                part = min(self.part_of(sale, number, rest), rest) if len(pieces) < 12 else rest
                pieces.append((number, part))
                rest -= part
        self.rng.shuffle(pieces)
        with self.copy() as once:
            whole = refund(once, replace(order, lines=tuple(wanted))).refund
            balances_once = nets(whole)
        with self.copy() as apart:
            parts = [refund(apart, replace(order, id=self.new_id(), lines=(piece,))).refund for piece in pieces]
            faults = verify_store(apart.store).faults
            holds("faults after a return in pieces", [ENGLISH.say(f.what) for f in faults], [])
        holds("money back in pieces", money(parts), money([whole]))
        holds("VAT back in pieces", sum(v.vat for p in parts for v in p.vat), sum(v.vat for v in whole.vat))
        holds("purses after a return in pieces", nets(parts[-1]), balances_once)
        holds("tier after a return in pieces", parts[-1].tier_after, whole.tier_after)
        self.did["returns in pieces"] += 1

    def laws_of_returns(self, sale: Sale) -> None:
        """Nothing comes back twice: what came back so far is no more than what was sold, paid and earned."""
        with self.store.read() as books:
            before = books.refunds_of(sale.id)
        back = sum(t.amount for r in before for t in r.money_back) - sum(r.rounding for r in before)
        withheld = sum(r.withheld for r in before)
        paid = [0] * len(sale.quote.lines)
        for one in before:
            for line in one.lines:
                paid[line.line - 1] += line.paid
        for n, line in enumerate(sale.quote.lines):
            holds("more paid back than was paid", paid[n] <= line.paid, True)
        holds("money back and what was withheld", back + withheld, sum(paid))
        if not any(returnable(self.register, sale.id).left):
            holds("all of it came back", sum(paid), sale.quote.due)
            vat = sum(v.vat for r in before for v in r.vat)
            holds("all its VAT came back", vat, sum(v.vat for v in sale.quote.vat))

    @contextmanager
    def copy(self) -> Iterator[Register]:
        """A till on a copy of the store as it is now."""
        self.store.idle()
        path = self.folder / f"copy{self.seed}.db"
        shutil.copy(self.path, path)
        store = Store(QuickSqlite(path))
        ids = self.ids
        try:
            yield self.at_register(store)
        finally:
            store.close()
            self.ids = ids
            for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                name.unlink(missing_ok=True)


def order_line(item: LineItem) -> OrderLine:
    """What is asked for to have such a line."""
    if item.certificate:
        return OrderLine(certificate=item.unit_price)
    if item.club is not None:
        return OrderLine(club=item.club)
    return OrderLine(
        item.sku,
        item.name,
        item.department,
        item.unit_price,
        item.quantity,
        item.unit,
        item.vat,
        item.reduced,
        item.by_hand,
    )


def money(refunds: list[Refund]) -> dict[str, int]:
    """What came back of each kind of payment."""
    sums: Counter[str] = Counter()
    for one in refunds:
        for tender in one.money_back:
            sums[tender.kind] += tender.amount
    return {kind: amount for kind, amount in sums.items() if amount}


def nets(back: Refund) -> dict[str, int]:
    """What each purse holds, less what is owed to it."""
    return {b.purse: b.available + b.pending - b.owed for b in back.balances}


_EMPTY: dict[Path, Path] = {}


def empty_store(folder: Path) -> Path:
    """A store without anything in it, made once."""
    if folder not in _EMPTY:
        path = folder / "empty.db"
        create_store(str(path))
        _EMPTY[folder] = path
    return _EMPTY[folder]


def run(seed: int, folder: Path, steps: int = 14) -> Counter[str]:
    """One history; `Broken` says how to do it again."""
    history = History(seed, folder)
    try:
        history.run(steps)
    except Exception as error:
        steps_told = "\n  ".join(history.told[-12:])
        raise Broken(
            f"seed {seed}: {type(error).__name__}: {error}\n{history.shop.text}\nThe last steps:\n  {steps_told}\n"
            f"Again: SEED={seed} python tests/support/histories.py"
        ) from error
    finally:
        history.store.close()
        history.path.unlink()
    return history.did


def main() -> int:
    """Run SEED (default 1), or SEEDS of them from it on."""
    first, count = int(os.environ.get("SEED", "1")), int(os.environ.get("SEEDS", "1"))
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a store to be thrown away
    did: Counter[str] = Counter()
    failed, began = 0, time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="histories-", dir=memory) as folder:
        for seed in range(first, first + count):
            try:
                did += run(seed, Path(folder))
            except Broken as broken:
                failed += 1
                print(f"{broken}\n", flush=True)
    print(f"{count} histories in {time.perf_counter() - began:.0f} s, {failed} broken: {dict(sorted(did.items()))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
