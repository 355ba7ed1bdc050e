"""Money on the counter: what is still to be paid, in cash and otherwise, what a customer is likely to hand over, and what a gift
certificate can pay of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pos_loyalty.domain.certificate import tender_of
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import Minor, rounded_to
from pos_loyalty.domain.sale import Quote, Tender
from pos_loyalty.till.certificates import CertificateView

Given: TypeAlias = "Tender | CertificateView"
"""What lies on the counter: money of some kind, or a gift certificate that pays what it can."""

_MANTISSAS = (1, 2, 5)
_NOTES_IN_HAND = 40
"""Nobody pays with more notes of one kind than this: smaller ones are not offered."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was given of what is due: `left` is still to be paid without cash, `left_in_cash` with cash (rounded to its coins).

    `change` is what cash gives back once `enough` was given.
    """

    given: Minor
    left: Minor
    left_in_cash: Minor
    change: Minor
    enough: bool


def count(due: Minor, tenders: Sequence[Tender], cash_rounding: Minor) -> Counted:
    """Count tenders against what is due, as closing the bill will settle them."""
    cash = sum(tender.amount for tender in tenders if tender.kind == "cash")
    other = sum(tender.amount for tender in tenders if tender.kind != "cash")
    rest = max(due - other, 0)
    in_cash = rounded_to(rest, cash_rounding)
    to_pay = in_cash if cash or not tenders else rest
    return Counted(
        given=cash + other,
        left=max(rest - cash, 0),
        left_in_cash=max(in_cash - cash, 0),
        change=max(cash - in_cash, 0),
        enough=cash >= to_pay,
    )


def likely_cash(due: Minor, digits: int, limit: int = 4) -> tuple[Minor, ...]:
    """Round sums above `due` that are handed over in notes, the smallest first."""
    found: list[Minor] = []
    step_scale = 10**digits
    while due > 0 and len(found) < limit and step_scale <= due * 100 * 10**digits:
        for mantissa in _MANTISSAS:
            step = mantissa * step_scale
            amount = -(-due // step) * step
            if step * _NOTES_IN_HAND >= due and amount > due and amount not in found:
                found.append(amount)
        step_scale *= 10
    return tuple(sorted(found)[:limit])


def by_certificate(view: CertificateView, priced: Quote, tenders: Sequence[Tender], currency: str) -> Tender:
    """All that a gift certificate can pay of what these tenders leave of a bill.

    Refused with certificate-invalid (void, expired, nothing left on it) or limit-reached (nothing left that it may pay).
    """
    return tender_of(view.certificate, priced, tenders, view.day, currency)


def tenders_of(given: Sequence[Given], priced: Quote | None, currency: str) -> tuple[Tender, ...]:
    """What was handed over, in its order, as tenders of a bill as it is now. A certificate pays all that it can in its turn;
    one that can pay nothing, because the bill is less than it was, is none.
    """
    tenders: list[Tender] = []
    for one in given:
        if isinstance(one, Tender):
            tenders.append(one)
            continue
        try:
            if priced is not None:
                tenders.append(by_certificate(one, priced, tenders, currency))
        except Refused:
            continue  # it is shown as paying nothing; closing the bill asks the store again
    return tuple(tenders)
