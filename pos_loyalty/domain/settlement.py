"""How a bill is paid: tenders against what is due, cash rounded to what coins can pay, change from cash alone."""

from __future__ import annotations

from collections.abc import Sequence

from pos_loyalty.domain.message import N_, Amount, Message, Refused
from pos_loyalty.domain.money import MAX_MINOR, Minor, rounded_to
from pos_loyalty.domain.sale import Settlement, Tender


def settle(due: Minor, tenders: Sequence[Tender] | None, cash_rounding: Minor, currency: str) -> Settlement:
    """Pay `due` with these tenders; None is exactly what is due, in cash.

    Cash pays what other tenders leave, rounded to `cash_rounding`. Refused with tender-short where it is not enough, and with
    amount-invalid where an amount is not above zero or a tender without change pays more than is due.
    """
    if tenders is None:
        cash = rounded_to(due, cash_rounding)
        return Settlement((Tender("cash", cash),) if cash else (), cash, cash - due, 0)
    for tender in tenders:
        if not 0 < tender.amount <= MAX_MINOR:
            raise Refused(
                "amount-invalid",
                Message(N_("What is paid must be above zero and within what a bill can hold.")),
            )
    given = sum(tender.amount for tender in tenders if tender.kind == "cash")
    other = sum(tender.amount for tender in tenders if tender.kind != "cash")
    if other > due:
        raise Refused(
            "amount-invalid",
            Message(
                N_("{other} is more than the {due} that is due: only cash gives change, so take less by card."),
                other=Amount(other, currency),
                due=Amount(due, currency),
            ),
        )
    exact = due - other
    in_cash = rounded_to(exact, cash_rounding) if given or not tenders else exact
    if given < in_cash:
        raise Refused(
            "tender-short",
            Message(
                N_("{missing} is still to be paid: {paid} of {due} was given."),
                missing=Amount(in_cash - given, currency),
                paid=Amount(given + other, currency),
                due=Amount(due, currency),
            ),
        )
    return Settlement(tuple(tenders), given + other, in_cash - exact if given or not tenders else 0, given - in_cash)
