"""A shift of a register's drawer: what was in it at first, what went in and out beside the sales, and what it all came to.

A `ShiftReport` is an X report while the shift is open and its Z report once it is closed. Every figure of it follows from the
entries of the register's journal between `first_entry` and `last_entry`, both included, from the drawer's moves, and from what
was counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pos_loyalty.domain.message import Message
from pos_loyalty.domain.money import Millionths, Minor
from pos_loyalty.domain.sale import TenderKind

NO_HEAD = "0" * 64
"""What the journal's chain begins with, before any entry."""


@dataclass(frozen=True, slots=True)
class DrawerMove:
    """Cash put into the drawer (above zero) or taken out of it beside the sales, in minor units, and why.

    With nothing it is the drawer opened without a sale.
    """

    id: str
    at: datetime
    operator: str
    amount: Minor
    reason: str
    allowed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of one register: its number from 1, who opened it with which float, and the first entry of the journal that is its.

    The rest stands there once it is closed: `head` is the hash of the last entry, `report` the Z report.
    """

    id: str
    register: str
    number: int
    opened_at: datetime
    opened_by: str
    opening_float: Minor
    first_entry: int
    closed_at: datetime | None = None
    closed_by: str | None = None
    last_entry: int | None = None
    head: str | None = None
    expected: Minor | None = None
    counted: Minor | None = None
    report: ShiftReport | None = None


@dataclass(frozen=True, slots=True)
class OfferSum:
    """What one offer (or a discount by hand) took off the bills, in minor units, as it was called last."""

    offer: str
    title: Message
    amount: Minor


@dataclass(frozen=True, slots=True)
class VatSum:
    """The VAT of one rate (millionths): of all bills, less that of all returns."""

    rate: Millionths
    net: Minor
    vat: Minor


@dataclass(frozen=True, slots=True)
class TenderSum:
    """What was taken by one kind of tender, change already given, and what was given back with returns."""

    kind: TenderKind
    taken: Minor
    given_back: Minor


@dataclass(frozen=True, slots=True)
class PurseSum:
    """What moved in one purse, in its units; `unit` is the currency's code or the purse's own id.

    `restored` had been spent on goods that came back; `taken_back` had been earned on them; `by_hand` is what was given so,
    less what was taken.
    """

    purse: str
    unit: str
    earned: int
    redeemed: int
    expired: int
    restored: int
    taken_back: int
    by_hand: int = 0


@dataclass(frozen=True, slots=True)
class Drawer:
    """The cash in the drawer, in minor units: float + cash in - cash out + pay-ins - pay-outs is what is expected.

    `opened` counts openings without a sale. `counted` is None where nobody has counted yet.
    """

    opening_float: Minor
    cash_in: Minor
    cash_out: Minor
    paid_in: Minor
    paid_out: Minor
    opened: int
    counted: Minor | None = None

    @property
    def expected(self) -> Minor:
        """What should be in it."""
        return self.opening_float + self.cash_in - self.cash_out + self.paid_in - self.paid_out

    @property
    def variance(self) -> Minor | None:
        """What is in it more (or less) than should be; None where nobody has counted yet."""
        return None if self.counted is None else self.counted - self.expected


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """What a shift came to; sums of money are in minor units of `currency`.

    gross - discounts - spent = due, which the tenders pay; `discounts` are all offers', `by_offer` each one's part. `returned` is
    what the goods that came back had been paid for with; `net` is the revenue without VAT, of bills less returns. `rounding` is
    what rounding cash gained, `change` what was given out of the cash that was handed over.
    """

    register: str
    number: int
    currency: str
    opened_at: datetime
    opened_by: str
    at: datetime
    operator: str
    first_entry: int
    last_entry: int
    head: str
    first_receipt: int | None
    last_receipt: int | None
    bills: int
    returns: int
    gross: Minor
    discounts: Minor
    by_offer: tuple[OfferSum, ...]
    spent: Minor
    due: Minor
    returned: Minor
    net: Minor
    vat: tuple[VatSum, ...]
    tenders: tuple[TenderSum, ...]
    rounding: Minor
    change: Minor
    purses: tuple[PurseSum, ...]
    certificates_sold: int
    certificates_sold_for: Minor
    certificates_taken: int
    certificates_taken_for: Minor
    memberships: int
    late_cards: int
    drawer: Drawer
    closed: bool = False


def moved(moves: tuple[DrawerMove, ...]) -> tuple[Minor, Minor, int]:
    """What was paid in and paid out, and how often the drawer was opened for neither."""
    return (
        sum(move.amount for move in moves if move.amount > 0),
        -sum(move.amount for move in moves if move.amount < 0),
        sum(move.amount == 0 for move in moves),
    )
