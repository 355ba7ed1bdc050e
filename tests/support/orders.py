"""One line of a basket in two languages: as it is asked for at the till, and as the second witness reads it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pos_loyalty.domain.basket import ByHand
from pos_loyalty.domain.money import MILLION
from pos_loyalty.till.checkout import OrderLine


def order_line(line: dict[str, Any]) -> OrderLine:
    hand = hand_of(line["hand"])
    if line["sku"] and line["price"] >= 0:
        return OrderLine(sku=line["sku"], quantity=line["quantity"], by_hand=hand)
    return OrderLine(
        name="Goods",
        department=line["department"],
        unit_price=line["price"],
        quantity=line["quantity"],
        unit=line["unit"],
        vat=millionths(line["vat_rate"]),
        by_hand=hand,
    )


def asked_line(line: OrderLine, goods: list[dict[str, Any]]) -> dict[str, Any]:
    """A line as the witness reads it: what is in the catalogue it looks up by itself."""
    item = next((item for item in goods if item["sku"] == line.sku), None) if line.sku else None
    hand = line.by_hand
    return {
        "department": item["department"] if item else line.department,
        "price": item["price"] if item else line.unit_price,
        "vat_rate": item["vat_rate"] if item else Fraction(line.vat or 0, MILLION),
        "unit": item["unit"] if item else line.unit,
        "quantity": line.quantity,
        "hand": None if hand is None else hand.amount if hand.rate is None else Fraction(hand.rate, MILLION),
    }


def hand_of(hand: Fraction | int | None) -> ByHand | None:
    if hand is None:
        return None
    return ByHand(rate=millionths(hand)) if isinstance(hand, Fraction) else ByHand(amount=hand)


def millionths(rate: Fraction) -> int:
    return int(rate * MILLION)
