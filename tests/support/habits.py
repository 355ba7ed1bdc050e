"""Who comes to the shop and what they do there, all from one source of chance: programmes, goods, baskets, payments, returns."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from pos_loyalty.domain.money import plain, plain_rate

MILLION = 1_000_000
EXCLUDED = ("tobacco", "deposits")
DEPARTMENTS = ("food", "drinks", "books", *EXCLUDED)
VAT = {
    "food": Fraction(9, 100),
    "drinks": Fraction(20, 100),
    "books": Fraction(0),
    "tobacco": Fraction(20, 100),
    "deposits": Fraction(0),
}


def programme(rng: random.Random, number: int, begins: datetime) -> dict[str, Any]:
    """The rules of a revision as plain values: amounts in cents, rates as fractions, lengths as (count, unit)."""
    chosen = rng.choice
    spends = sorted(rng.sample(range(2_000, 60_000, 500), 3))
    ids = ["basic", "silver", "gold", "vip"]
    if rng.random() < 0.2:
        ids.remove(chosen(ids[1:]))
    cashback = rng.random() < 0.93
    rate = Fraction(0)
    tiers: list[dict[str, Any]] = []
    if rng.random() < 0.06:
        ids = []
    for n, name in enumerate(ids):
        rate += Fraction(rng.choice((0, 1, 10, 15, 25, 30)), 1_000)
        tiers.append(
            {
                "id": name,
                "name": name.title(),
                "spend": 0 if n == 0 else spends[n - 1],
                "discount": Fraction(chosen((0, 25, 50, 75, 100, 125, 200, 333, 500)), 1_000),
                "cashback": rate + Fraction(chosen((1, 5, 20, 100)), 1_000) if cashback else Fraction(0),
                "named_only": n > 0 and rng.random() < 0.3,
            }
        )
    return {
        "number": number,
        "from": begins,
        "day_starts": chosen((0, 0, 0, 210, 240)),
        "cap": Fraction(chosen((0, 20, 33, 50, 100, 100)), 100),
        "cash_step": chosen((1, 1, 5, 10)),
        "excluded": EXCLUDED,
        "purse": cashback,
        "hold": chosen(((0, "days"), (0, "days"), (1, "days"), (14, "days"), (1, "months"))),
        "lives": chosen((None, "end of year", (0, "days"), (7, "days"), (30, "days"), (1, "months"), (1, "years"))),
        "minimum": chosen((0, 0, 1, 100)),
        "up_to": Fraction(chosen((100, 100, 50, 33)), 100),
        "counts_as": chosen(("discount", "discount", "tender")),
        "tiers": tiers,
        "window": chosen(("lifetime", "calendar year", (30, "days"), (1, "months"), (12, "months"))),
        "kept_for": chosen(((0, "days"), (10, "days"), (1, "months"), (12, "months"))),
        "step_down": chosen(("one", "one", "to-fit", "never")),
        "when_spent": chosen(("owe", "owe", "withhold", "forgive")),
        "restored_for": chosen(((0, "days"), (10, "days"), (30, "days"))),
    }


def as_toml(rules: dict[str, Any]) -> str:
    """The programme file that says the same."""
    lines = [
        "[programme]",
        'name = "A year at the till"',
        'currency = "EUR"',
        'time_zone = "Europe/Sofia"',
        f'day_starts = "{rules["day_starts"] // 60:02d}:{rules["day_starts"] % 60:02d}"',
        f"maximum_discount = {_rate(rules['cap'])}",
        f"cash_rounding = {_amount(rules['cash_step'])}",
        "[[exclude]]",
        f"departments = [{', '.join(map(_quoted, rules['excluded']))}]",
    ]
    if rules["purse"]:
        lives = rules["lives"]
        lines += [
            "[purse.cashback]",
            'unit = "money"',
            f"hold = {_length(rules['hold'])}",
            f"expires = {_quoted('never') if lives is None else _length(lives)}",
            f"spend = {{ minimum = {_amount(rules['minimum'])}, up_to = {_rate(rules['up_to'])}, "
            f"counts_as = {_quoted(rules['counts_as'])} }}",
        ]
    lines += [
        "[tiers]",
        f"window = {_length(rules['window'])}",
        f"kept_for = {_length(rules['kept_for'])}",
        f"step_down = {_quoted(rules['step_down'])}",
    ] * bool(rules["tiers"])
    for tier in rules["tiers"]:
        lines += ["[[tier]]", f"id = {_quoted(tier['id'])}", f"name = {_quoted(tier['name'])}"]
        lines += [f"spend = {_amount(tier['spend'])}", f"discount = {_rate(tier['discount'])}"]
        lines += [f"cashback = {_rate(tier['cashback'])}"] if rules["purse"] else []
        lines += ["named_only = true"] if tier["named_only"] else []
    lines += ["[returns]", f"when_spent = {_quoted(rules['when_spent'])}"]
    lines += [f"restored_for = {_length(rules['restored_for'])}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return f'"{text}"'


def _amount(cents: int) -> str:
    return _quoted(plain(cents, 2))


def _rate(rate: Fraction) -> str:
    return _quoted(plain_rate(int(rate * MILLION)))


def _length(length: tuple[int, str] | str) -> str:
    return _quoted(length if isinstance(length, str) else f"{length[0]} {length[1]}")


def catalogue(rng: random.Random, count: int = 40) -> list[dict[str, Any]]:
    """Goods with barcodes and prices; a few are weighed."""
    goods = []
    for n in range(count):
        department = rng.choice(DEPARTMENTS[:4])
        weighed = department == "food" and rng.random() < 0.3
        goods.append(
            {
                "sku": f"SKU-{n}",
                "barcode": ean13(f"38001234{n:04d}"),
                "name": f"Goods {n}",
                "department": department,
                "price": rng.choice((1, 99, 125, 249, 333, 1_000, 1_999, rng.randint(1, 9_999))),
                "vat_rate": VAT[department],
                "unit": "kg" if weighed else "pc",
            }
        )
    return goods


def ean13(body: str) -> str:
    total = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(body))
    return f"{body}{-total % 10}"


def basket(rng: random.Random, goods: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of a bill: from the catalogue (`sku`) and with a price of their own, some weighed, some deposits given back."""
    return [_line(rng, goods) for _ in range(rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 8)))]


def _line(rng: random.Random, goods: Sequence[dict[str, Any]]) -> dict[str, Any]:
    kind = rng.random()
    if kind < 0.6:
        item = rng.choice(goods)
        line = {key: item[key] for key in ("sku", "department", "price", "vat_rate", "unit", "barcode", "name")}
    elif kind < 0.92:
        department = rng.choice(DEPARTMENTS[:4])
        price = rng.choice((0, 1, 2, 5, 50, 999, rng.randint(1, 3_000), rng.randint(1, 30_000)))
        line = {"sku": "", "department": department, "price": price, "vat_rate": VAT[department], "unit": "pc"}
    else:
        price = -rng.choice((10, 25, 25, 50))
        line = {"sku": "", "department": "deposits", "price": price, "vat_rate": VAT["deposits"], "unit": "pc"}
    if line["unit"] == "kg":
        line["quantity"] = rng.randint(1, 3_000) * 1_000
    else:
        line["quantity"] = rng.choice((1, 1, 1, 2, 3, 7)) * MILLION
    line["hand"] = None
    if line["department"] not in EXCLUDED and rng.random() < 0.08:
        line["hand"] = rng.choice((Fraction(1, 10), Fraction(333_333, MILLION), Fraction(15, 100), 1, 50))
    if rng.random() < 0.004:  # what must be refused
        line.update(rng.choice(({"quantity": 0}, {"quantity": -MILLION}, {"price": -100}, {"hand": 10**9})))
    return line


def wish(rng: random.Random, available: int) -> int | str | None:
    """What a holder wants to spend: nothing, all, a part, or too much."""
    if not available:
        return rng.choice((None, None, None, None, None, None, None, "max", 1))
    return rng.choice(
        ("max", "max", "max", None, available, available // 2 or None, rng.randint(1, 2_000), available + 1)
    )


def payment(rng: random.Random, due: int, step: int) -> list[tuple[str, int]] | None:
    """How a bill is paid: exactly in cash, with a note, by card, with both, too little, or too much by card."""
    if due <= 0 or rng.random() < 0.4:
        return None
    note = due + rng.choice((0, 1, 500, 2_000))
    part = rng.randint(1, due)
    rest = due - part
    match rng.random():
        case x if x < 0.25:
            return [("cash", note + step)]
        case x if x < 0.55:
            return [("card", due)]
        case x if x < 0.75:
            return [("card", part), ("cash", rest + step)]
        case x if x < 0.85:
            return [("other", part), *([("card", rest)] if rest else [])]
        case x if x < 0.93:
            return [("other", part), ("cash", rest + step), ("cash", 5)]
        case x if x < 0.97:
            return [("cash", due - 10)] if due > 20 else None
        case _:
            return [("card", due + 1)]


def coming_back(rng: random.Random, left: Sequence[int], units: Sequence[str]) -> list[tuple[int, int]] | None:
    """What of a bill is brought back: all that is left (None), some lines, pieces of them; or more than there is."""
    if rng.random() < 0.3:
        return None
    chosen = []
    for n, (quantity, unit) in enumerate(zip(left, units, strict=True), 1):
        if quantity and rng.random() < 0.6:
            piece = 1_000 if unit == "kg" else MILLION
            chosen.append((n, piece * rng.randint(1, max(quantity // piece, 1))))
    if rng.random() < 0.05:
        chosen.append(rng.choice(((1, 10**9), (99, MILLION), (1, 0), (1, -MILLION))))
    if chosen and rng.random() < 0.02:
        chosen.append(chosen[0])
    return chosen or None


def moments(rng: random.Random, count: int) -> list[int]:
    """Minutes of a day (UTC) at which somebody comes: mostly by day, some around midnight and where the clocks change."""
    around = [rng.choice((21, 22, 23, 0, 1)) * 60 + rng.randint(0, 59) for _ in range(count // 6)]
    return sorted([*around, *(rng.randint(5 * 60, 19 * 60) for _ in range(count - len(around)))])
