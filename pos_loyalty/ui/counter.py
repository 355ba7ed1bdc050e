"""What lies on the counter: the open bill, its holder, what it comes to, and what was paid towards it so far.

Every change goes through the till's own pricing; one that is refused leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.domain.programme.rules import Club
from pos_loyalty.domain.redemption import Ask
from pos_loyalty.domain.sale import Quote, Tender
from pos_loyalty.till.bill import Bill
from pos_loyalty.till.cards import CardView
from pos_loyalty.till.certificates import CertificateView, show
from pos_loyalty.till.checkout import Order, Priced, price
from pos_loyalty.till.showing import can_be_shown, may_ring_up, opened
from pos_loyalty.till.tendering import Counted, Given, by_certificate, count, likely_cash, tenders_of
from pos_loyalty.ui.desk import Desk

_WISH_REFUSED = frozenset(
    {"balance-too-low", "limit-reached", "card-needed", "purse-unknown", "offer-invalid", "coupon-invalid"}
)


class Counter:
    """One register's counter."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.clear()

    def clear(self) -> None:
        """A new bill, for the next customer."""
        self.bill = Bill(self.desk.register.new_id())
        self.priced: Priced | None = None
        self.view: CardView | None = None
        self.given: tuple[Given, ...] = ()
        self.allowed_by: str | None = None
        self.line = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies on it: no goods, no card."""
        return not self.bill.lines and self.bill.card is None

    @property
    def quote(self) -> Quote | None:
        """What the bill comes to; None without goods."""
        return self.priced.sale.quote if self.priced else None

    @property
    def chosen(self) -> LineItem | None:
        """The line that the keys act on."""
        return self.bill.lines[self.line] if self.line < len(self.bill.lines) else None

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What the cashier should know of this bill before it is paid."""
        return self.priced.sale.warnings if self.priced else ()

    @property
    def tenders(self) -> tuple[Tender, ...]:
        """What was given as it pays the bill as it is now: a certificate pays what it can of what is left in its turn."""
        return tenders_of(self.given, self.quote, self.desk.programme.currency.code) if self.given else ()

    @property
    def certificates(self) -> tuple[CertificateView, ...]:
        """The gift certificates that are to pay."""
        return tuple(one for one in self.given if isinstance(one, CertificateView))

    def counted(self) -> Counted:
        """What is still to be paid."""
        due = self.quote.due if self.quote else 0
        return count(due, self.tenders, self.desk.programme.cash_rounding)

    def likely(self) -> tuple[int, ...]:
        """What the customer is likely to hand over for what is left."""
        return likely_cash(self.counted().left_in_cash, self.desk.digits)

    # ---- changes ------------------------------------------------------------------------------------

    def change(self, bill: Bill) -> Message | None:
        """Price another bill and take it; Refused where it cannot be, and then all is as it was.

        What was to be spent, taken or opened with a coupon before, and is no longer possible, is given up, one wish after the other
        and no more than must be; why is what this answers.
        """
        given_up: Message | None = None
        try:
            priced = self._price(bill)
        except Refused as refused:
            wishes = bill.spend, bill.take, bill.coupons
            as_before = wishes == (self.bill.spend, self.bill.take, self.bill.coupons)
            if refused.code not in _WISH_REFUSED or not any(wishes) or not as_before:
                raise
            given_up = refused.message
            bill, priced = self._what_holds(bill)
        self.bill, self.priced = bill, priced
        self.line = max(min(self.line, len(bill.lines) - 1), 0)
        return given_up

    def _what_holds(self, bill: Bill) -> tuple[Bill, Priced | None]:
        """A bill with as many of its wishes as can still be met, and what it comes to; Refused where it cannot be without them."""
        held = replace(bill, spend={}, take=(), coupons=())
        priced = self._price(held)
        wishes: list[Callable[[Bill], Bill]] = [partial(_show, number=number) for number in bill.coupons]
        wishes += [partial(_take, offer=offer) for offer in bill.take]
        wishes += [partial(_spend, purse=purse, ask=ask) for purse, ask in bill.spend.items()]
        for wish in wishes:
            with_it = wish(held)
            try:
                priced = self._price(with_it)
            except Refused as refused:
                if refused.code not in _WISH_REFUSED:
                    raise
            else:
                held = with_it
        return held, priced

    def _price(self, bill: Bill) -> Priced | None:
        return price(self.desk.register, _asked(bill).order(self.desk.operator)) if bill.lines else None

    def renew(self) -> Message | None:
        """Price the bill as it is once more: time has passed, and another till may have spent from the purse or a certificate."""
        register = self.desk.register
        self.given = tuple(
            show(register, one.certificate.number) if isinstance(one, CertificateView) else one for one in self.given
        )
        return self.change(self.bill)

    def put_card(self, number: str) -> Message | None:
        """Put a holder's card on the bill, whenever it comes; one that was there before makes way. Answers what to warn of."""
        view = opened(self.desk.register, number)
        watched = () if self.bill.lines else may_ring_up(self.desk.register, number, self.desk.operator)
        given_up = self.change(self.bill.with_card(number))
        self.view, self.allowed_by = view, None
        return given_up or next(iter((*watched, *self.warnings)), None)

    def put_coupon(self, number: str) -> None:
        """Show a coupon on the bill; without a card it waits for its holder's. Refused with why it cannot be used."""
        if self.bill.card is not None and not self.bill.lines:
            can_be_shown(self.desk.register, number, self.bill.card)
        self.change(self.bill.with_coupon(number))

    def of_coupon(self, number: str) -> tuple[bool, Message]:
        """Whether a coupon on the bill counts as it stands, and what it gives or what is missing."""
        if self.bill.card is None:
            return False, Message(
                N_("The coupon {number} is personal, so it waits: scan its holder's card, and it counts."),
                number=number,
            )
        quote = self.quote
        if self.priced is None or quote is None:
            return True, Message(N_("The coupon {number} is on the bill: it counts with the goods."), number=number)
        offer = next((one.offer for one in quote.coupons_used if one.number == number), None)
        if offer is not None:
            reason = next(why.reason for why in quote.why if why.offer == offer)
            return True, Message(N_("The coupon {number} counts: {reason}"), number=number, reason=reason)
        return False, next(why for why in self.priced.sale.warnings if why.values.get("number") == number)

    def take_coupon_off(self, number: str) -> Message | None:
        """Take a coupon off the bill; it stays as it was."""
        return self.change(self.bill.without_coupon(number))

    def take_reward(self, offer: str) -> None:
        """Take a reward, or take it once more. Refused with what is missing."""
        self.change(self.bill.with_reward(offer))

    def give_reward_back(self, offer: str) -> Message | None:
        """Take a reward once less."""
        return self.change(self.bill.without_reward(offer))

    def look_again(self) -> None:
        """Ask the till anew what the card on the bill says. Refused where it opens nothing any more."""
        if self.bill.card is not None:
            self.view = opened(self.desk.register, self.bill.card)

    def take_card_off(self) -> Message | None:
        """Take the card off again, and all that hung on it. Refused while a membership is sold to its holder."""
        if any(line.club for line in self.bill.lines):
            raise Refused(
                "card-needed",
                Message(N_("The membership on the bill is this holder's: take its line off first (Del).")),
            )
        given_up = self.change(self.bill.without_card())
        self.view, self.allowed_by = None, None
        return given_up

    def add(self, item: LineItem, quantity: Millionths | None = None) -> Message | None:
        """Ring goods up; the line that they are on is chosen then."""
        if quantity is not None:
            item = replace(item, quantity=quantity)
        bill = self.bill.add(item)
        given_up = self.change(bill)
        self.line = next(
            (i for i, line in enumerate(bill.lines) if replace(line, quantity=item.quantity) == item),
            len(bill.lines) - 1,
        )
        return given_up

    def sell_certificates(self, amount: Minor, count: int) -> Message | None:
        """Gift certificates of this amount, each a line of its own. Refused with which amounts are sold."""
        bill = self.bill
        for _ in range(count):
            bill = bill.add_certificate(amount)
        return self._with_new_line(bill)

    def sell_membership(self, club: Club) -> Message | None:
        """A membership for its fee. Refused without its holder's card."""
        return self._with_new_line(self.bill.add(LineItem(club.title, club.fee or 0, club=club.id)))

    def _with_new_line(self, bill: Bill) -> Message | None:
        given_up = self.change(bill)
        self.line = len(bill.lines) - 1
        return given_up

    def void(self) -> Message | None:
        """Take the chosen line off the bill."""
        return self.change(self.bill.void(self.line))

    def set_quantity(self, quantity: Millionths) -> Message | None:
        """Another quantity on the chosen line."""
        return self.change(self.bill.with_quantity(self.line, quantity))

    def set_line(self, line: LineItem) -> Message | None:
        """The chosen line, changed."""
        return self.change(self.bill.with_line(self.line, line))

    def spend(self, purse: str, ask: Ask) -> None:
        """Spend from a purse on this bill; 0 takes it back. Refused with what is possible."""
        self.change(self.bill.with_spend(purse, ask))

    def take_up(self, bill: Bill) -> Message | None:
        """A bill that was put aside, taken up again; a card that opens nothing any more is taken off, and why is said."""
        self.clear()
        self.bill = replace(
            bill, lines=()
        )  # so that what can no longer be spent or taken is given up, and not the card
        if bill.card is None:
            return self.change(bill)
        try:
            self.view = opened(self.desk.register, bill.card)
            return self.change(bill)
        except Refused as refused:
            self.view = None
            self.change(bill.without_card())
            return refused.message

    def serve(self, desk: Desk) -> Message | None:
        """Somebody else sells: the bill stays as it is, but a card that they may not ring up is taken off, and why is said."""
        self.desk = desk
        try:
            return self.change(self.bill)
        except Refused as refused:
            if refused.code != "own-card":
                raise
            self.take_card_off()
            return refused.message

    def allow_discounts(self, name: str) -> Message | None:
        """Somebody allows the discounts by hand on this bill: their name stands on each line that has one."""
        lines = tuple(
            replace(line, by_hand=replace(line.by_hand, allowed_by=name)) if line.by_hand else line
            for line in self.bill.lines
        )
        return self.change(replace(self.bill, lines=lines))

    # ---- paying -------------------------------------------------------------------------------------

    def look_at_certificate(self, number: str) -> CertificateView:
        """What a gift certificate is today. Refused where it was never sold here."""
        return show(self.desk.register, number)

    def give_certificate(self, number: str) -> Tender:
        """A gift certificate pays all that it can of what is left, now and as the bill changes. Refused with why it cannot."""
        if self.quote is None:
            raise Refused("line-invalid", Message(N_("The bill has no lines: ring up something first.")))
        view = show(self.desk.register, number)
        if any(view.certificate.number == one.certificate.number for one in self.certificates):
            raise Refused("certificate-invalid", Message(N_("This certificate is to pay already, as much as it can.")))
        if self.counted().left == 0:
            raise Refused("limit-reached", Message(N_("Nothing is left to pay: the certificate stays as it is.")))
        tender = by_certificate(view, self.quote, self.tenders, self.desk.programme.currency.code)
        self.given = (*self.given, view)
        return tender

    def give(self, tender: Tender) -> None:
        """Something was handed over; two of one kind are one."""
        for index, given in enumerate(self.given):
            if isinstance(given, Tender) and given.kind == tender.kind:
                together = replace(given, amount=given.amount + tender.amount)
                self.given = (*self.given[:index], together, *self.given[index + 1 :])
                return
        self.given = (*self.given, tender)

    def take_back_tender(self) -> Tender | None:
        """Take what was handed over last off the bill again; a certificate with what it was to pay."""
        if not self.given:
            return None
        before = self.tenders
        *rest, last = self.given
        self.given = tuple(rest)
        if isinstance(last, Tender):
            return last
        number = last.certificate.number
        return next((one for one in before if one.number == number), Tender("certificate", 0, number))

    def order(self) -> Order:
        """The bill as it is closed."""
        return replace(_asked(self.bill).order(self.desk.operator, self.tenders), allowed_by=self.allowed_by)


def _asked(bill: Bill) -> Bill:
    """The bill as it is asked for: coupons are personal, so without a card they wait."""
    return bill if bill.card is not None else replace(bill, coupons=())


def _show(bill: Bill, *, number: str) -> Bill:
    return bill.with_coupon(number)


def _take(bill: Bill, *, offer: str) -> Bill:
    return bill.with_reward(offer)


def _spend(bill: Bill, *, purse: str, ask: Ask) -> Bill:
    return bill.with_spend(purse, ask)
