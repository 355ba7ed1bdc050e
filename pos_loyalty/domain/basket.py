"""What is on the counter: line items with their SKUs, prices and quantities, and the limits on them.

A `LineItem` that exists is within the limits; who makes one from outside input gets a `Refused` with the line's number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pos_loyalty.domain.message import N_, Message, Refused
from pos_loyalty.domain.money import (
    MAX_MINOR,
    MAX_QUANTITY,
    MILLION,
    Millionths,
    Minor,
    half_up,
)

MAX_LINES = 1_000
"""Lines of one bill: ten times the longest receipt seen in a supermarket, and few enough that pricing stays instant."""
MAX_TEXT = 200
"""Characters of a name, SKU or department."""
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Characters that move cursors, break lines or are none: they would garble receipts and screens."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """A discount that the cashier gives on a line: a rate in millionths, or else an amount in minor units.

    `allowed_by` is the name of who let a cashier give it that may not do so alone.
    """

    rate: Millionths | None = None
    amount: Minor = 0
    allowed_by: str | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """What is sold on one line. `unit_price` holds VAT; `quantity` is in millionths of `unit`; `vat` is a rate in millionths.

    `certificate` marks a gift certificate of that price, `club` a membership at that fee: both are one piece without VAT, and are
    only paid for.
    """

    name: str
    unit_price: Minor
    quantity: Millionths = MILLION
    sku: str = ""
    department: str = ""
    unit: str = "pc"
    vat: Millionths = 0
    reduced: bool = False
    by_hand: ByHand | None = None
    certificate: bool = False
    club: str | None = None

    @property
    def is_goods(self) -> bool:
        """Whether goods are sold on it: neither a certificate nor a membership."""
        return not self.certificate and self.club is None

    @property
    def gross(self) -> Minor:
        """Unit price times quantity, half up to the minor unit."""
        return half_up(self.unit_price * self.quantity, MILLION)


def check_lines(lines: tuple[LineItem, ...]) -> None:
    """Refuse what no bill can hold: no lines, too many, and amounts past the limits (line-invalid, with the line's number)."""
    if not lines:
        raise Refused("line-invalid", Message(N_("The bill has no lines: ring up something first.")))
    if len(lines) > MAX_LINES:
        raise Refused(
            "line-invalid",
            Message(
                N_("The bill has {count} lines, more than the {limit} that one bill can hold: split it."),
                count=len(lines),
                limit=MAX_LINES,
            ),
        )
    for number, line in enumerate(lines, 1):
        problem = _problem(line)
        if problem is not None:
            raise Refused("line-invalid", Message(N_("Line {number}: {problem}"), number=number, problem=problem))


def _problem(line: LineItem) -> Message | None:
    if not line.name and not line.sku:
        return Message(N_("it has neither a name nor a SKU."))
    if max(len(line.name), len(line.sku), len(line.department), len(line.unit)) > MAX_TEXT:
        return Message(N_("a text is longer than {limit} characters."), limit=MAX_TEXT)
    if line.quantity <= 0:
        return Message(N_("the quantity must be above zero; goods that come back are a return."))
    if line.quantity > MAX_QUANTITY:
        return Message(N_("the quantity is more than a line can hold."))
    if abs(line.unit_price) > MAX_MINOR or abs(line.gross) > MAX_MINOR:
        return Message(N_("the amount is more than a line can hold."))
    if not line.is_goods and (line.quantity != MILLION or line.vat):
        return Message(N_("a gift certificate or membership is one piece, without VAT."))
    if not 0 <= line.vat <= MILLION:
        return Message(N_("the VAT must be from 0% to 100%."))
    return None
