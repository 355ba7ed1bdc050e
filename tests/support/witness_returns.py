"""What a return must come to, as the second witness reckons it: every figure of the sale in proportion, less what went before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from witness import PURSE, TENDERS, Witness, by_day, with_sale
from witness_bill import Facts, balance_of, in_order, is_over
from witness_days import business_day, later, nearest


def refund(books: Witness, asked: Facts) -> Facts:
    """What taking goods back must come to; nothing is changed. `refused` is the code of what stands in its way."""
    sale = books.sales.get(asked["sale"])
    if sale is None:
        return {"refused": "sale-unknown"}
    rules = next(r for r in books.revisions if r["number"] == sale["revision"])
    day = business_day(rules, asked["at"])
    sold = [line["quantity"] for line in sale["lines"]]
    left = [quantity - back for quantity, back in zip(sold, sale["back"], strict=True)]
    wanted = dict(asked["lines"]) if asked["lines"] is not None else {n: q for n, q in enumerate(left, 1) if q}
    if (
        not wanted
        or (asked["lines"] is not None and len(asked["lines"]) != len(wanted))
        or any(not 1 <= n <= len(left) or not 0 < q <= left[n - 1] for n, q in wanted.items())
    ):
        return {"refused": "line-invalid"}

    after = [back + wanted.get(n, 0) for n, back in enumerate(sale["back"], 1)]

    def figures(name: str, back: Sequence[int]) -> list[int]:
        return [
            nearest(Fraction(line[name] * came, quantity))
            for line, came, quantity in zip(sale["lines"], back, sold, strict=True)
        ]

    def now(name: str) -> list[int]:
        return [b - a for a, b in zip(figures(name, sale["back"]), figures(name, after), strict=True)]

    for line, part in zip(sale["lines"], sale["earned_lines"], strict=True):
        line["earned"] = part
    paid, vat, tendered, earning = now("paid"), now("vat"), now("tendered"), now("earning")
    spent, earned = sum(now("spent")), sum(now("earned"))
    if sale["account"] is None:
        purse = _Purse({}, 0, day)
    else:
        account = books.accounts[sale["account"]]
        purse = _Purse({lot: dict(facts) for lot, facts in account["lots"].items()}, account["owed"], day)
        lives = later(day, rules["restored_for"])
        purse.give_back(sale["draws"], sum(figures("spent", sale["back"])), spent, lives, asked)
        purse.make_good()
        money = sum(amount for amount in paid if amount > 0)
        purse.take(f"{asked['sale']}/1", earned, asked["when_spent"] or rules["when_spent"], money)

    then = _cash_and_the_rest(sale, figures("paid", sale["back"]), sale["withheld"])
    ours = _cash_and_the_rest(sale, figures("paid", after), sale["withheld"] + purse.withheld)
    step = rules["cash_step"]
    money_back = {kind: ours[kind] - then[kind] for kind in TENDERS}
    exact = money_back["cash"]
    money_back["cash"] = (nearest(Fraction(ours["cash"], step)) - nearest(Fraction(then["cash"], step))) * step
    rates: dict[Fraction, list[int]] = {}
    for n in wanted:
        line = sale["lines"][n - 1]
        rate = rates.setdefault(line["vat_rate"], [0, 0])
        rate[0] += paid[n - 1] + tendered[n - 1] - vat[n - 1]
        rate[1] += vat[n - 1]
    expected: Facts = {
        "refused": None,
        "sale": asked["sale"],
        "at": asked["at"],
        "day": day,
        "after_back": after,
        "account": sale["account"],
        "lines": {n: (q, paid[n - 1], vat[n - 1], tendered[n - 1], earning[n - 1]) for n, q in wanted.items()},
        "money_back": {kind: amount for kind, amount in money_back.items() if amount},
        "rounding": money_back["cash"] - exact,
        "vat": {f"{float(rate * 100):g}%": tuple(parts) for rate, parts in rates.items()},
        "restored": spent,
        "as": sale["as"],
        "qualifying": sum(earning),
        **purse.outcome(),
    }
    if sale["account"] is not None:
        _tier_after(books, expected, sale, books.accounts[sale["account"]])
    return expected


def _tier_after(books: Witness, expected: Facts, sale: Facts, account: Facts) -> None:
    """The tier becomes what it would be had the goods never been bought."""
    sold = with_sale(account["sold"], sale["day"], sale["revision"], -expected["qualifying"])
    after = books.standing_after(account["joined"], sold)
    now = books.standing_on({**account, "sold": sold, "standing": after}, expected["day"], expected["at"])
    # Stated under the rules of now, for the card that still opens the account (else the last that did).
    cards = [card for card in books.cards.values() if card["account"] == sale["account"]]
    card = next((card for card in cards if card["status"] == "active"), cards[-1])
    rules = books.in_force(expected["at"])
    expected["after"] = after
    expected["standing"] = books.stated(now, rules, card["kind"], by_day(sold), expected["day"])


def returned(books: Witness, expected: Facts, register: str) -> None:
    """Take down a return that was acknowledged."""
    books.receipts[register] += 1
    books.entries[register] += 1
    sale = books.sales[expected["sale"]]
    sale["back"] = expected["after_back"]
    sale["withheld"] += expected["withheld"]
    money = Counter({f"tender:{kind}": -amount for kind, amount in expected["money_back"].items()})
    money["rounding"] += expected["rounding"]
    for rate, (_, vat) in expected["vat"].items():
        money[f"vat:{rate}"] += vat
    if expected["account"] is not None:
        account = books.accounts[expected["account"]]
        books.expire(account, expected["day"], register)
        account["lots"], account["owed"] = expected["lots"], expected["balance"]["owed"]
        account["standing"] = expected["after"]
        account["sold"] = with_sale(account["sold"], sale["day"], sale["revision"], -expected["qualifying"])
        taken = expected["taken"] + expected["made_good"]
        money[f"purse:{PURSE}"] += taken - expected["restored"]
        money[f"owed:{PURSE}"] += expected["owed"] - expected["made_good"]
        money[f"issued:{PURSE}"] -= expected["taken"] + expected["owed"] + expected["withheld"]
        if expected["as"] == "discount":
            money[f"redeemed:{PURSE}"] += expected["restored"]
    books.books.update(money)


class _Purse:
    """A holder's purse while goods come back."""

    def __init__(self, lots: dict[str, Facts], owed: int, day: date) -> None:
        self.lots, self.owed, self.day = lots, owed, day
        self.made_good_ = self.taken = self.more_owed = self.withheld = self.forgiven = self.excused = 0
        for lot in lots.values():  # what ran out is lost before anything else happens
            if is_over(lot, day):
                lot["lost"] += lot["rest"]
                lot["rest"] = 0

    def give_back(
        self, draws: Sequence[tuple[str, int]], before: int, units: int, lives: date, asked: dict[str, Any]
    ) -> None:
        """To the lots that they came from, last drawn first; what would run out sooner lives on as a lot of its own."""
        new = 0
        for lot, drawn in reversed(draws):
            gone = min(before, drawn)
            part = min(units, drawn - gone)
            before, units = before - gone, units - part
            facts = self.lots[lot]
            if part and (facts["expires"] is None or facts["expires"] >= lives):
                facts["rest"] += part
            elif part:
                new += 1
                self.lots[f"{asked['id']}/{new}"] = {
                    "rest": part,
                    "available": self.day,
                    "expires": lives,
                    "at": asked["at"],
                    "lost": 0,
                    "parent": lot,
                }

    def make_good(self) -> None:
        """What comes in pays what is owed."""
        self.made_good_ = self._from_all(self.owed)
        self.owed -= self.made_good_

    def take(self, lot: str, units: int, when_spent: str, money: int) -> None:
        """What was earned: what its lot still holds, what that lost by expiring, then as the words for what was spent say."""
        family = [lot] if lot in self.lots else []
        for member in family:
            family.extend(child for child in self.lots if self.lots[child]["parent"] == member)
        mine = {member: self.lots[member] for member in family}
        for member in in_order(mine):
            part = min(units, mine[member]["rest"])
            mine[member]["rest"] -= part
            self.taken, units = self.taken + part, units - part
        for member in family:
            part = min(units, mine[member]["lost"])
            mine[member]["lost"] -= part
            self.excused, units = self.excused + part, units - part
        if when_spent == "forgive":
            self.forgiven, units = units, 0
        if when_spent == "withhold":
            self.withheld = min(units, money)
            units -= self.withheld
        part = self._from_all(units)
        self.taken += part
        self.more_owed = units - part
        self.owed += self.more_owed

    def _from_all(self, units: int) -> int:
        """From all that the purse holds: what can be spent first, soonest expiring, pending last."""
        taken = 0
        lots = in_order(self.lots)
        lots.sort(key=lambda lot: self.lots[lot]["available"] > self.day)
        for lot in lots:
            facts = self.lots[lot]
            part = 0 if is_over(facts, self.day) else min(units - taken, facts["rest"])
            facts["rest"] -= part
            taken += part
        return taken

    def outcome(self) -> Facts:
        return {
            "made_good": self.made_good_,
            "taken": self.taken,
            "owed": self.more_owed,
            "withheld": self.withheld,
            "forgiven": self.forgiven,
            "excused": self.excused,
            "lots": self.lots,
            "balance": balance_of(self.lots, self.owed, self.day),
        }


def _cash_and_the_rest(sale: Facts, paid: Sequence[int], withheld: int) -> dict[str, int]:
    """What has gone back to each tender in all: each until it has its own back, the rest and all deposits in cash."""
    own = Counter[str]()
    for kind, amount in sale["tenders"]:
        own[kind] += amount
    money = sum(amount for amount in paid if amount > 0) - withheld
    parts = {}
    for kind in TENDERS:
        parts[kind] = money if kind == "cash" else min(money, own[kind])
        money -= parts[kind]
    parts["cash"] += sum(amount for amount in paid if amount < 0)
    return parts
