"""The parts of a bill and of a purse, as the second witness reckons them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from witness_days import Rules, later, nearest, shares

Facts = dict[str, Any]


def by_hand(line: Facts) -> int | None:
    """What the cashier takes off a line; None where that is refused."""
    hand = line["hand"]
    if hand is None:
        return 0
    if line["only_paid"]:
        return None
    off = nearest(line["gross"] * hand) if isinstance(hand, Fraction) else hand
    return off if 0 <= off <= line["gross"] else None


def vat_of(goods: Sequence[Facts]) -> dict[str, tuple[int, int]]:
    """Net and VAT by rate (as receipts write it), stated once a rate; each line gets its part."""
    stated = {}
    for rate in sorted({line["vat_rate"] for line in goods}):
        lines = [line for line in goods if line["vat_rate"] == rate]
        taxed = [line["paid"] + line["tendered"] for line in lines]
        net = nearest(sum(taxed) / (1 + rate))
        for line, part in zip(lines, shares(sum(taxed) - net, taxed), strict=True):
            line["vat"] = part
        stated[f"{float(rate * 100):g}%"] = (net, sum(taxed) - net)
    return stated


def settled_by(due: int, tenders: Sequence[tuple[str, int]] | None, step: int) -> Facts | str:
    """What is kept of each tender, the rounding and the change; or why it cannot be paid so."""
    if tenders is None:
        cash = nearest(Fraction(due, step)) * step
        return {
            "tenders": [("cash", cash)] if cash else [],
            "kept": {"cash": cash},
            "rounding": cash - due,
            "change": 0,
        }
    if any(amount <= 0 for _, amount in tenders):
        return "amount-invalid"
    given = Counter[str]()
    for kind, amount in tenders:
        given[kind] += amount
    cash, other = given["cash"], sum(given.values()) - given["cash"]
    if other > due:
        return "amount-invalid"
    exact = due - other
    # Cash alone is rounded; what is due to the cent may be paid by card to the cent.
    wanted = nearest(Fraction(exact, step)) * step if cash or not tenders else exact
    if cash < wanted:
        return "tender-short"
    kept = {**given, "cash": wanted} if cash or not tenders else dict(given)
    rounding = wanted - exact if cash or not tenders else 0
    return {"tenders": list(tenders), "kept": kept, "rounding": rounding, "change": cash - wanted}


def lives_until(rules: Rules, available: date) -> date | None:
    """The last day of what became available on a day."""
    if rules["lives"] is None:
        return None
    return date(available.year, 12, 31) if rules["lives"] == "end of year" else later(available, rules["lives"])


def is_over(lot: Facts, day: date) -> bool:
    return lot["expires"] is not None and lot["expires"] < day


def in_order(lots: Mapping[str, Facts]) -> list[str]:
    return sorted(
        lots, key=lambda lot: (lots[lot]["expires"] or date.max, lots[lot]["available"], lots[lot]["at"], lot)
    )


def balance_of(lots: Mapping[str, Facts], owed: int, day: date) -> Facts:
    """What can be spent on a day, what only later, what is owed, and what runs out next."""
    living = [lot for lot in lots.values() if lot["rest"] and not is_over(lot, day)]
    soonest = min((lot["expires"] for lot in living if lot["expires"]), default=None)
    return {
        "available": sum(lot["rest"] for lot in living if lot["available"] <= day),
        "pending": sum(lot["rest"] for lot in living if lot["available"] > day),
        "owed": owed,
        "next": soonest,
        "expiring": sum(lot["rest"] for lot in living if soonest and lot["expires"] == soonest),
    }
