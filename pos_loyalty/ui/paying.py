"""What stands on the payment screen: what was given, what purses could pay and what that is worth, and what to know before."""

from __future__ import annotations

from collections.abc import Iterator

from pos_loyalty.domain.message import N_
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.sale import Tender, TenderKind
from pos_loyalty.ui.counter import Counter
from pos_loyalty.ui.desk import Desk
from pos_loyalty.ui.widgets.rows import Row

NAMES: dict[TenderKind, str] = {
    "cash": N_("Cash"),
    "card": N_("Bank card"),
    "other": N_("Other"),
    "certificate": N_("Certificate"),
}


def given_rows(desk: Desk, counter: Counter) -> Iterator[Row]:
    """What was given, in its order; of a certificate also what is left on it then."""
    text, tenders = desk.language.text, counter.tenders
    paid = {tender.number: tender.amount for tender in tenders if tender.kind == "certificate"}
    for one in counter.given:
        if isinstance(one, Tender):
            yield Row(text(NAMES[one.kind]), desk.money(one.amount))
            continue
        number = one.certificate.number
        pays = paid.get(number, 0)
        yield Row(text("Certificate {number}", number=f"*{number[-4:]}"), desk.money(pays))
        yield Row(text("left on it"), desk.money(one.left - pays), style="dim", indent=2)


def purse_rows(desk: Desk, counter: Counter) -> list[Row]:
    """What to know before the money is taken, and what each purse holds, could pay and pays."""
    text, priced = desk.language.text, counter.priced
    rows = [Row("! " + desk.language.say(warning), style="warn", lines=3) for warning in counter.warnings]
    if counter.bill.card is None and counter.bill.coupons:
        rows.append(Row("! " + text("A coupon waits for its holder's card: scan it."), style="warn", lines=2))
    if priced is None or not priced.spendable:
        return [*rows, Row(), Row(text("No card: nothing to spend from a purse."), style="dim", lines=2)]
    for purse, may in priced.spendable.items():
        spent = [part for part in priced.sale.quote.spent if part.purse == purse and part.offer is None]
        if not may.available and not spent:
            continue
        rows += [
            Row(),
            Row(desk.purse(purse), desk.language.units(may.available, purse), style="strong"),
            Row(text("to spend on this bill"), worth(desk, purse, may.possible), indent=1),
        ]
        if spent:
            paid, units = sum(sum(part.lines) for part in spent), sum(part.amount for part in spent)
            rows.append(Row("✓ " + text("spent on it"), worth(desk, purse, -units, -paid), style="good", indent=1))
    return rows


def worth(desk: Desk, purse: str, units: int, paid: Minor | None = None) -> str:
    """Units of a purse; of points also the money that they pay: "200 = 2.00"."""
    programme = desk.programme
    rules = programme.purse(purse)
    written = desk.language.units(units, purse) if paid is None else desk.language.signed_units(units, purse)
    if rules is None or rules.unit == "money":
        return written
    value = rules.value(units, programme.currency) if paid is None else paid
    return f"{written} = {desk.money(value)}"
