"""The open bill as an immutable value: what is on the counter before it is paid.

Each change is a new bill, so taking a card off, voiding a line or recalling a suspended bill cannot leave a trace in any purse:
nothing is stored until the bill is closed. Its id is made when it is opened and is the idempotency key of its closing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.certificate import certificate_line
from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import MAX_QUANTITY, Millionths, Minor
from pos_loyalty.domain.redemption import Ask
from pos_loyalty.domain.sale import Tender
from pos_loyalty.till.checkout import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Bill:
    """An open bill. `spend` is what the holder wants to spend of each purse, `coupons` the numbers that were shown, `take` the
    rewards that are wanted, one again for each time.
    """

    id: str
    lines: tuple[LineItem, ...] = ()
    card: str | None = None
    spend: dict[str, Ask] = field(default_factory=dict)
    coupons: tuple[str, ...] = ()
    take: tuple[str, ...] = ()

    def add(self, item: LineItem) -> Bill:
        """With one line more; the same goods at the same price, rung up before and not discounted by hand, count up there."""
        for index, line in enumerate(self.lines):
            if (
                item.sku
                and item.unit == "pc"
                and line.by_hand is None
                and replace(line, quantity=item.quantity) == item
            ):
                return self.with_quantity(index, line.quantity + item.quantity)
        return replace(self, lines=(*self.lines, item))

    def add_certificate(self, amount: Minor) -> Bill:
        """With a gift certificate sold for so much; whether the programme sells it is said when the bill is priced."""
        return replace(self, lines=(*self.lines, certificate_line(amount)))

    def void(self, index: int) -> Bill:
        """Without the line at that place (from 0)."""
        return replace(self, lines=self.lines[:index] + self.lines[index + 1 :])

    def with_quantity(self, index: int, quantity: Millionths) -> Bill:
        """With another quantity (millionths) on a line; refused with line-invalid outside the limits."""
        if not 0 < quantity <= MAX_QUANTITY:
            raise Refused(
                "line-invalid", Message(N_("The quantity must be above zero and within what a line can hold."))
            )
        line = replace(self.lines[index], quantity=quantity)
        return replace(self, lines=(*self.lines[:index], line, *self.lines[index + 1 :]))

    def with_line(self, index: int, line: LineItem) -> Bill:
        """With a line changed."""
        return replace(self, lines=(*self.lines[:index], line, *self.lines[index + 1 :]))

    def with_card(self, number: str) -> Bill:
        """With a holder's card; what another holder showed, and wanted to spend or take, is forgotten."""
        if number == self.card:
            return self
        return replace(self.without_card(), card=number, coupons=self.coupons if self.card is None else ())

    def without_card(self) -> Bill:
        """With the card taken off again, and all that hung on it."""
        return replace(self, card=None, spend={}, coupons=(), take=())

    def with_spend(self, purse: str, ask: Ask) -> Bill:
        """Spending so many units of a purse, or "max"; nothing takes the wish back."""
        wishes = {**self.spend, purse: ask}
        return replace(self, spend={purse: wish for purse, wish in wishes.items() if wish})

    def with_coupon(self, number: str) -> Bill:
        """With a coupon shown; once, however often it is scanned."""
        return self if number in self.coupons else replace(self, coupons=(*self.coupons, number))

    def without_coupon(self, number: str) -> Bill:
        """Without that coupon."""
        return replace(self, coupons=tuple(one for one in self.coupons if one != number))

    def with_reward(self, offer: str) -> Bill:
        """With a reward taken, or taken once more."""
        return replace(self, take=(*self.take, offer))

    def without_reward(self, offer: str) -> Bill:
        """With a reward taken once less."""
        if offer not in self.take:
            return self
        last = len(self.take) - 1 - self.take[::-1].index(offer)
        return replace(self, take=self.take[:last] + self.take[last + 1 :])

    def order(self, operator: str, tenders: tuple[Tender, ...] | None = None) -> Order:
        """The bill as it is asked to be priced or closed."""
        return Order(
            lines=tuple(
                OrderLine(certificate=line.unit_price)
                if line.certificate
                else OrderLine(
                    sku=line.sku,
                    name=line.name,
                    department=line.department,
                    unit_price=line.unit_price,
                    quantity=line.quantity,
                    unit=line.unit,
                    vat=line.vat,
                    reduced=line.reduced,
                    by_hand=line.by_hand,
                    club=line.club,
                )
                for line in self.lines
            ),
            id=self.id,
            card=self.card,
            spend=self.spend,
            tenders=tenders,
            operator=operator,
            coupons=self.coupons,
            take=self.take,
        )
