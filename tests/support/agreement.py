"""Where the till and the second witness say different things of one bill, one account or one purse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from witness import PURSE

from pos_loyalty.domain.ledger import Balance
from pos_loyalty.domain.money import plain_rate
from pos_loyalty.domain.sale import Owed, Refund, Sale, TierState, VatLine

Facts = Mapping[str, Any]


class Differs(AssertionError):
    """The till and the witness, or the store and a law, disagree."""


def agree(what: str, till: object, witness: object) -> None:
    """Raise where the two differ."""
    if till != witness:
        raise Differs(f"{what}: the till says {till!r}, the witness {witness!r}")


def sale_agrees(sale: Sale, expected: Facts) -> None:
    """Every figure of a sale is as expected."""
    quote = sale.quote
    agree("day", sale.day, expected["day"])
    agree("revision", sale.revision, expected["revision"])
    agree("account", sale.account, expected["account"])
    for n, (line, foreseen) in enumerate(zip(quote.lines, expected["lines"], strict=True), 1):
        till = (line.gross, line.discount, line.spent, line.spent_as_tender, line.paid, line.vat, line.earning)
        names = ("gross", "off", "spent", "tendered", "paid", "vat", "earning")
        agree(f"line {n} {names}", till, tuple(foreseen[name] for name in names))
    agree("due", quote.due, expected["due"])
    agree("vat", _vat(quote.vat), expected["vat"])
    agree("spent", sum(spent.amount for spent in quote.spent), expected["spent"])
    agree("drawn", [(d.lot, d.amount) for spent in quote.spent for d in spent.draws], expected["draws"])
    agree("earned", sum(earned.amount for earned in quote.earned), expected["earned"])
    for earned in quote.earned:
        agree("earned by line", list(earned.lines), expected["earned_lines"])
    agree("qualifying", quote.qualifying, expected["qualifying"])
    agree("tenders", [(t.kind, t.amount) for t in sale.settlement.tenders], expected["tenders"])
    agree("rounding", sale.settlement.rounding, expected["rounding"])
    agree("change", sale.settlement.change, expected["change"])
    agree("settled", _sum(sale.settled), expected["settled"])
    if expected["account"] is not None:
        agree("tier", sale.tier and sale.tier.id, expected["tier"])
        _after(sale.tier_after, sale.balances, expected)


def refund_agrees(refund: Refund, expected: Facts) -> None:
    """Every figure of a return is as expected."""
    agree("day", refund.day, expected["day"])
    till = {
        line.line: (line.quantity, line.paid, line.vat, line.spent_as_tender, line.earning) for line in refund.lines
    }
    agree("lines (quantity, paid, vat, tendered, earning)", till, expected["lines"])
    agree("money back", {t.kind: t.amount for t in refund.money_back}, expected["money_back"])
    agree("rounding", refund.rounding, expected["rounding"])
    agree("vat", _vat(refund.vat), expected["vat"])
    agree("restored", sum(share.amount for share in refund.restored), expected["restored"])
    agree("made good", _sum(refund.settled), expected["made_good"])
    agree("taken back", sum(share.amount for share in refund.taken_back), expected["taken"])
    agree("excused", sum(draw.amount for draw in refund.excused), expected["excused"])
    agree("owed", _sum(refund.owed), expected["owed"])
    agree("withheld", refund.withheld, expected["withheld"])
    agree("forgiven", _sum(refund.forgiven), expected["forgiven"])
    if expected["account"] is not None:
        _after(refund.tier_after, refund.balances, expected)


def _after(tier: TierState | None, balances: Iterable[Balance], expected: Facts) -> None:
    stated = {"tier": tier.id, "next": tier.next, "missing": tier.missing} if tier else None
    agree("tier afterwards", stated, expected["standing"])
    balance_agrees(balances, expected["balance"])


def balance_agrees(balances: Iterable[Balance], expected: Facts) -> None:
    """What the purse is said to hold is as expected; a purse that is not stated holds nothing and owes nothing."""
    found = next((b for b in balances if b.purse == PURSE), Balance(PURSE, 0, 0, 0))
    till = {
        "available": found.available,
        "pending": found.pending,
        "owed": found.owed,
        "next": found.next_expiry,
        "expiring": found.expiring,
    }
    agree("balance", till, dict(expected))


def _sum(owed: Iterable[Owed]) -> int:
    return sum(part.amount for part in owed)


def _vat(stated: Iterable[VatLine]) -> dict[str, tuple[int, int]]:
    return {plain_rate(line.rate): (line.net, line.vat) for line in stated}
