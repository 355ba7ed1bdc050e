"""Shops at random: a programme as its owner would write it, with sizes at which its offers do apply, and goods to sell under it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from pos_loyalty.domain.basket import LineItem
from pos_loyalty.domain.money import MILLION

DEPARTMENTS = ("coffee", "food", "clothes", "toys")
ONLY_PAID = "tobacco"


@dataclass(frozen=True)
class Shop:
    """The programme's file, its currency's decimals, and the goods."""

    text: str
    digits: int
    goods: tuple[LineItem, ...]
    catalogue: str


class _Writer:
    """One programme. Amounts are in units of about an item's price, so that steps and needs are met now and then."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.currency, self.digits = rng.choice((("EUR", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3)))
        self.rows: list[str] = []
        self.purses: dict[str, str] = {}
        self.tiers: list[str] = []
        self.clubs: list[str] = []
        self.has_tickets = False

    def amount(self, low: int, high: int) -> str:
        """An amount between so many items' prices (in tenths), as the file writes it."""
        minor = self.rng.randint(low * 10**self.digits, high * 10**self.digits) // 10
        whole, rest = divmod(max(minor, 1), 10**self.digits)
        return f'"{whole}.{rest:0{self.digits}d}"' if self.digits else f'"{max(whole, 1)}"'

    def percent(self, low: int, high: int) -> str:
        step = self.rng.choice((1, 1, 2, 4, 3))
        return f'"{self.rng.randint(low * step, high * step) / step:.4f}%"'

    def days(self, *choices: str) -> str:
        return f'"{self.rng.choice(choices)}"'

    def some(self, names: tuple[str, ...] | list[str], most: int = 2) -> str:
        chosen = self.rng.sample(list(names), self.rng.randint(1, min(most, len(names))))
        return "[" + ", ".join(f'"{name}"' for name in sorted(chosen)) + "]"

    def programme(self) -> None:
        rng = self.rng
        self.rows += [
            "[programme]",
            'name = "Any shop"',
            f'currency = "{self.currency}"',
            'time_zone = "Europe/Warsaw"',
            f'day_starts = "{rng.choice(("00:00", "04:00"))}"',
            f"maximum_discount = {self.percent(20, 100)}",
            f'cash_rounding = "{ {2: rng.choice(("0.01", "0.05")), 0: "1", 3: "0.005"}[self.digits] }"',
            "",
            "[[exclude]]",
            f'departments = ["{ONLY_PAID}"]',
        ]

    def purse(self) -> None:
        rng = self.rng
        for purse, unit in (("cashback", "money"), ("points", "points"), ("stamps", "stamps"), ("tickets", "tickets")):
            if rng.random() < 0.3:
                continue
            self.purses[purse] = unit
            self.rows += ["", f"[purse.{purse}]", f'unit = "{unit}"']
            if rng.random() < 0.5:
                self.rows.append(f"hold = {self.days('1 day', '3 days', '1 month')}")
            if rng.random() < 0.7:
                self.rows.append(f"expires = {self.days('2 days', '20 days', '3 months', 'end of year', 'never')}")
            worth = unit == "points" and rng.random() < 0.7
            if worth:
                self.rows.append(
                    f'worth = "{ {2: rng.choice(("0.01", "0.0125", "0.30")), 0: "1", 3: "0.007"}[self.digits] }"'
                )
            if unit == "money" or worth:
                parts = [f'counts_as = "{rng.choice(("discount", "tender"))}"']
                if rng.random() < 0.6:
                    parts.append(f"up_to = {self.percent(10, 100)}")
                if rng.random() < 0.3:
                    parts.append(f"minimum = {self.amount(1, 5) if unit == 'money' else self.quoted_count(5)}")
                self.rows.append(f"spend = {{ {', '.join(parts)} }}")

    def quoted_count(self, most: int) -> str:
        return str(self.rng.randint(1, most))

    def ladder(self) -> None:
        rng = self.rng
        if rng.random() < 0.3:
            return
        self.rows += [
            "",
            "[tiers]",
            f"window = {self.days('12 months', '10 days', 'calendar year', 'lifetime')}",
            f"kept_for = {self.days('12 months', '5 days')}",
            f"step_down = {self.days('one', 'to-fit', 'never')}",
        ]
        spend = 0
        for tier in ("basic", "gold", "vip")[: rng.randint(1, 3)]:
            self.tiers.append(tier)
            self.rows += ["", "[[tier]]", f'id = "{tier}"', f'name = "{tier.title()}"']
            self.rows.append(f'spend = "{spend}"')
            if rng.random() < 0.8:
                self.rows.append(f"discount = {self.percent(1, 30)}")
            if "cashback" in self.purses and rng.random() < 0.8:
                self.rows.append(f"cashback = {self.percent(1, 20)}")
            if spend and rng.random() < 0.3:
                self.rows.append("named_only = true")
            spend += rng.randint(5, 60)

    def club(self) -> None:
        rng = self.rng
        ways = (
            f"{{ spend = {self.amount(50, 300)}, within = {self.days('10 days', '3 months')} }}",
            f"{{ fee = {self.amount(5, 30)} }}",
            "{ by_hand = true }",
        )
        for club in ("friends", "runners"):
            if rng.random() < 0.4:
                self.clubs.append(club)
                self.rows += [
                    "",
                    "[[club]]",
                    f'id = "{club}"',
                    f'title = "{club.title()}"',
                    f"join = {rng.choice(ways)}",
                ]
                if rng.random() < 0.7:
                    self.rows.append(f"lasts = {self.days('10 days', '12 months')}")

    def earnable(self) -> str:
        """Units of a purse or two that an offer gives."""
        chosen = self.rng.sample(sorted(self.purses), self.rng.randint(1, min(2, len(self.purses))))
        return ", ".join(
            f"{purse} = " + (self.amount(1, 20) if self.purses[purse] == "money" else str(self.rng.randint(1, 5)))
            for purse in chosen
        )

    def give(self, costly: bool) -> tuple[str, str]:
        """What an offer gives, and of which kind it is."""
        rng = self.rng
        ways = ["percent", "amount", "free", "price", "gift", "coupon"]
        ways += ["earn", "earn"] if self.purses else []
        ways += ["multiply"] if self.purses and not costly else []
        match rng.choice(ways):
            case "percent":
                items = f", items = {rng.randint(1, 3)}" if costly or rng.random() < 0.3 else ""
                return f"discount = {self.percent(5, 100)}{items}", "discount"
            case "amount":
                return f"discount = {self.amount(2, 40)}", "discount"
            case "free":
                of = rng.randint(2, 4)
                return f"free = {rng.randint(1, of - 1)}, of = {of}", "discount"
            case "price":
                return f"price = {self.amount(5, 60)}, of = {rng.randint(1, 3)}", "discount"
            case "gift":
                return f'gift = "{rng.choice(("TOTE", "MUG"))}"', "gift"
            case "coupon":
                valid = rng.choice(("", ", valid = " + self.days("3 days", "1 month")))
                return f'coupon = "ten-off"{valid}', "coupon"
            case "earn":
                every = "" if costly else rng.choice(("", ', every = "item"', f", every = {self.amount(5, 40)}"))
                return f"earn = {{ {self.earnable()} }}{every}", "earn"
            case _:
                purse = rng.choice(sorted(self.purses))
                factor = rng.choice(("2", "3", '"1.5"'))
                return f"multiply = {{ {purse} = {factor} }}", "multiply"

    def audience(self) -> str:
        rng = self.rng
        parts = []
        if self.tiers and rng.random() < 0.2:
            parts.append(f"tiers = {self.some(self.tiers)}")
        if self.clubs and rng.random() < 0.3:
            parts.append(f"clubs = {self.some(self.clubs)}")
        if rng.random() < 0.1:
            parts.append(f'cards = "{rng.choice(("named", "bearer"))}"')
        if rng.random() < 0.1:
            parts.append('birthday_within = "30 days"')
        if rng.random() < 0.1:
            parts.append('not_seen_for = "3 days"')
        if rng.random() < 0.1:
            parts.append("first_visit = true")
        if rng.random() < 0.15:
            parts.append(
                f'bought = {{ departments = {self.some(DEPARTMENTS)}, times = {rng.randint(1, 3)}, within = "20 days" }}'
            )
        if not parts and rng.random() < 0.2:
            parts.append("everyone = true")
        return ", ".join(parts)

    def goods_of(self) -> str:
        rng = self.rng
        parts = []
        if rng.random() < 0.6:
            parts.append(f"departments = {self.some(DEPARTMENTS, 3)}")
        if not parts or rng.random() < 0.2:
            parts.append(f"except_skus = {self.some([f'SKU-{n}' for n in range(12)], 3)}")
        if rng.random() < 0.2:
            parts.append(f"reduced = {rng.choice(('true', 'false'))}")
        return ", ".join(parts)

    def offer(self, number: int) -> None:
        rng = self.rng
        costly = bool(self.purses) and rng.random() < 0.25
        give, kind = self.give(costly)
        rows = ["", "[[offer]]", f'id = "offer-{number}"', f'title = "Offer {number}"', f"give = {{ {give} }}"]
        referred = kind == "earn" and not costly and rng.random() < 0.3
        if referred:
            rows[-1] = f"give = {{ {give}, referrer = {{ {self.earnable()} }} }}"
            rows.append("for = { referred = true }")
        elif who := self.audience():
            rows.append(f"for = {{ {who} }}")
        if rng.random() < 0.5 or (costly and kind == "discount"):
            rows.append(f"on = {{ {self.goods_of()} }}")
        if rng.random() < 0.1:
            rows.append(f"when = {{ weekdays = {self.some(('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), 6)} }}")
        if rng.random() < 0.25:
            rows.append(
                f"needs = {{ {rng.choice((f'spend = {self.amount(10, 100)}', f'items = {rng.randint(1, 4)}'))} }}"
            )
        if costly:
            purse = rng.choice(sorted(self.purses))
            cost = self.amount(2, 20) if self.purses[purse] == "money" else str(rng.randint(1, 6))
            rows.append(f"costs = {{ {purse} = {cost} }}")
            if rng.random() < 0.4:
                rows.append("automatic = true")
        limits = []
        if kind in ("discount", "earn") and rng.random() < 0.2:
            limits.append(f"a_bill = {rng.randint(1, 3)}")
        if rng.random() < 0.2:
            limits += [f"each = {rng.randint(1, 3)}", 'within = "5 days"']
        if rng.random() < 0.1:
            limits.append(f"total = {rng.randint(1, 6)}")
        if kind in ("discount", "gift") and rng.random() < 0.15:
            limits.append(f"budget = {self.amount(20, 300)}")
        if referred and rng.random() < 0.5:
            limits.append("each_referrer = 1")
        if limits:
            rows.append(f"limit = {{ {', '.join(limits)} }}")
        if rng.random() < 0.3:
            rows.append(f'group = "{"card" if kind == "discount" else kind}"')
        if rng.random() < 0.1:
            rows.append('control_group = "30%"')
        self.rows += rows

    def rest(self) -> None:
        rng = self.rng
        self.rows += [
            "",
            "[[offer]]",
            'id = "ten-off"',
            'title = "A coupon"',
            "needs = { coupon = true }",
            f"give = {{ discount = {self.percent(5, 40)} }}",
            "",
            "[gift_certificate]",
            'expires = "24 months"',
            "",
            "[returns]",
            f'when_spent = "{rng.choice(("owe", "withhold", "forgive"))}"',
            'restored_for = "10 days"',
            "",
            "[guard]",
            'late_card = "10 minutes"',
        ]


def any_shop(rng: random.Random) -> Shop:
    """A shop that nobody thought of."""
    writer = _Writer(rng)
    writer.programme()
    writer.purse()
    writer.ladder()
    writer.club()
    for number in range(rng.randint(2, 9)):
        writer.offer(number)
    writer.rest()
    goods = tuple(_goods(rng, number, writer.digits) for number in range(12))
    return Shop("\n".join(writer.rows) + "\n", writer.digits, goods, _catalogue(rng, writer.digits))


def _goods(rng: random.Random, number: int, digits: int) -> LineItem:
    """Something of a price of about one to a few whole units of the currency."""
    return LineItem(
        name=f"Goods {number}",
        unit_price=rng.randint(1, 9 * 10**digits) if rng.random() < 0.8 else 10**digits,
        sku=f"SKU-{number}",
        department=ONLY_PAID if number % 6 == 5 else rng.choice(DEPARTMENTS),
        unit="kg" if number % 5 == 3 else "pc",
        vat=rng.choice((0, 90_000, 200_000)),
        reduced=rng.random() < 0.2,
        quantity=MILLION,
    )


def _catalogue(rng: random.Random, digits: int) -> str:
    rows = ["sku,barcode,name,department,price,vat,unit"]
    for sku, name in (("TOTE", "Tote bag"), ("MUG", "Mug")):
        price = rng.randint(1, 5 * 10**digits)
        text = f"{price // 10**digits}.{price % 10**digits:0{digits}d}" if digits else str(price)
        rows.append(f"{sku},,{name},gifts,{text},20%,pc")
    return "\n".join(rows) + "\n"
