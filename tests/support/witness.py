"""The second witness: what a shop's books must say, reckoned from the words of the programme with none of the till's code.

Plain dicts and lists. `sale` and `refund` say what must come (a refusal's code, or every figure) and change nothing; `sold` and
`returned` take down what was acknowledged. Where the words leave it open, a comment says how the till decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from witness_bill import Facts, balance_of, by_hand, in_order, is_over, lives_until, settled_by, vat_of
from witness_days import (
    Rules,
    business_day,
    index_of,
    later,
    lived_through,
    nearest,
    new_card,
    one_after_another,
    shares,
    window,
)

PURSE = "cashback"
TENDERS = ("certificate", "card", "other", "cash")


Sold = Mapping[tuple[date, int], int]
"""What counts for tiers, by business day and number of the revision, net of what came back."""


def with_sale(sold: Sold, day: date, revision: int, amount: int) -> dict[tuple[date, int], int]:
    """With one more sale, or less what came back; what all came back was never sold."""
    net = {**sold, (day, revision): sold.get((day, revision), 0) + amount}
    return {key: amount for key, amount in net.items() if amount}


def by_day(sold: Sold) -> dict[date, int]:
    days: Counter[date] = Counter()
    for (day, _), amount in sold.items():
        days[day] += amount
    return dict(days)


class Witness:
    """What is known of a shop: its revisions, cards, accounts with their lots, bills, and the sums of its books."""

    def __init__(self) -> None:
        self.revisions: list[Rules] = []
        self.cards: dict[str, Facts] = {}
        self.accounts: dict[str, Facts] = {}
        self.sales: dict[str, Facts] = {}
        self.books: Counter[str] = Counter()
        self.entries: Counter[str] = Counter()
        self.receipts: Counter[str] = Counter()

    # ---- rules, cards, holders -----------------------------------------------------------------------------------

    def activate(self, rules: Rules) -> None:
        self.revisions.append({**rules, "first": business_day(rules, rules["from"])})
        self.revisions.sort(key=lambda r: (r["from"], r["number"]))

    def in_force(self, at: datetime) -> Rules:
        """The last revision that began by then; before them all, the first."""
        begun = [rules for rules in self.revisions if rules["from"] <= at]
        return begun[-1] if begun else self.revisions[0]

    def ladders(self, at: datetime) -> list[tuple[date, Rules]]:
        """Each ladder with its first business day (the last that began on a day counts for all of it), as known at a moment."""
        known = [rules for rules in self.revisions if rules["from"] <= at] or self.revisions[:1]
        return [(rules["first"], rules) for rules in known if rules["tiers"]]

    def open_account(self, card: str, account: str, kind: str, joined: date) -> None:
        self.cards[card] = {"account": account, "status": "active", "kind": kind}
        self.accounts[account] = {
            "joined": joined,
            "lots": {},
            "owed": 0,
            "sold": {},
            "standing": None,
            "visits": 0,
            "last": None,
        }

    def replace(self, old: str, new: str) -> None:
        self.cards[new] = {**self.cards[old], "status": "active"}
        self.cards[old]["status"] = "replaced"

    def owes(self, card: Facts) -> bool:
        return card["status"] == "active" and self.accounts[card["account"]]["owed"] > 0

    def entangled(self, sale: str) -> bool:
        """Whether goods that are still out earned what is spent already, or were paid from the purse of one who owes now."""
        facts = self.sales[sale]
        if facts["account"] is None or sum(line["quantity"] for line in facts["lines"]) == sum(facts["back"]):
            return False
        account = self.accounts[facts["account"]]
        lot = account["lots"].get(f"{sale}/1")
        return (lot is not None and lot["rest"] == lot["lost"] == 0) or (account["owed"] > 0 and facts["spent"] > 0)

    # ---- a sale ---------------------------------------------------------------------------------------------------

    def sale(self, asked: Facts) -> Facts:
        """What a bill must come to; `refused` is the code of what stands in its way, and nothing else is said then."""
        rules = self.in_force(asked["at"])
        day = business_day(rules, asked["at"])
        card = account = None
        if asked["card"] is not None:
            card = self.cards.get(asked["card"])
            if card is None or card["status"] != "active":
                return {"refused": "card-unknown" if card is None else f"card-{card['status']}"}
            account = self.accounts[card["account"]]
        if not asked["lines"]:
            return {"refused": "line-invalid"}
        before = self.standing_on(account, day, asked["at"]) if account else None
        tier = self._held(before, rules, card["kind"]) if card else None

        goods = [
            {**line, "gross": nearest(Fraction(line["price"] * line["quantity"], 10**6))} for line in asked["lines"]
        ]
        for line in goods:
            line["only_paid"] = line["department"] in rules["excluded"]
            if line["quantity"] <= 0 or (line["price"] < 0 and not line["only_paid"]):
                return {"refused": "line-invalid"}
            line["off"] = by_hand(line)
            if line["off"] is None:
                return {"refused": "line-invalid"}
            if tier and not line["only_paid"]:
                wanted = nearest((line["gross"] - line["off"]) * tier["discount"])
                room = int(line["gross"] * rules["cap"]) - line["off"]
                line["off"] += max(min(wanted, room), 0)
            line["paid"] = line["gross"] - line["off"]
            line["spent"] = line["tendered"] = 0
        if sum(line["paid"] for line in goods) < 0:
            return {"refused": "amount-invalid"}

        spent, refused = self._spend(asked, rules, day, account, goods)
        if refused:
            return {"refused": refused}
        draws = self._drawn(account, spent, day) if account else []
        vats = vat_of(goods)
        for line in goods:
            line["earning"] = 0 if line["only_paid"] else max(line["paid"], 0)
        bases = [line["earning"] for line in goods]
        earned = int(sum(bases) * tier["cashback"]) if tier else 0
        due = sum(line["paid"] for line in goods)
        settled = settled_by(due, asked["tenders"], rules["cash_step"])
        if isinstance(settled, str):
            return {"refused": settled}
        expected: Facts = {
            "refused": None,
            "account": card["account"] if card else None,
            "at": asked["at"],
            "day": day,
            "revision": rules["number"],
            "lines": goods,
            "due": due,
            "vat": vats,
            "spent": spent,
            "draws": draws,
            "earned": earned,
            "earned_lines": shares(earned, bases),
            "qualifying": sum(bases) if account else 0,
            "as": rules["counts_as"],
            "settled": min(account["owed"], earned) if account else 0,
            "tier": tier["id"] if tier else None,
            "had": balance_of(account["lots"], 0, day)["available"] if account else 0,
            **settled,
        }
        if account and card:
            self._foreseen(expected, account, card["kind"], rules)
        return expected

    def _foreseen(self, expected: Facts, account: Facts, kind: str, rules: Rules) -> None:
        """The lots, the balance and the tier after a sale."""
        day = expected["day"]
        lots = {lot: dict(facts) for lot, facts in account["lots"].items()}
        for lot, amount in expected["draws"]:
            lots[lot]["rest"] -= amount
        if expected["earned"]:
            available = later(day, rules["hold"])
            lots["new"] = {
                "rest": expected["earned"] - expected["settled"],
                "available": available,
                "expires": lives_until(rules, available),
            }
        sold = with_sale(account["sold"], day, rules["number"], expected["qualifying"])
        after = account["standing"]
        if expected["qualifying"]:
            after = self.standing_after(account["joined"], sold)
            shown = after
        else:  # what does not count changes no tier
            shown = self.standing_on(account, day, expected["at"])
        spends = by_day(sold)
        expected["after"] = after
        expected["standing"] = self.stated(shown, rules, kind, spends, day)
        expected["balance"] = balance_of(lots, account["owed"] - expected["settled"], day)

    def sold(self, expected: Facts, sale: str, register: str) -> None:
        """Take down a sale that was acknowledged."""
        self.receipts[register] += 1
        self.entries[register] += 1
        money = Counter({f"tender:{kind}": amount for kind, amount in expected["kept"].items()})
        money["rounding"] -= expected["rounding"]
        for rate, (_, vat) in expected["vat"].items():
            money[f"vat:{rate}"] -= vat
        self.sales[sale] = {**expected, "back": [0] * len(expected["lines"]), "gone": [], "withheld": 0}
        if expected["account"] is not None:
            account = self.accounts[expected["account"]]
            self.expire(account, expected["day"], register)
            for lot, amount in expected["draws"]:
                account["lots"][lot]["rest"] -= amount
            if expected["earned"]:
                rules = next(r for r in self.revisions if r["number"] == expected["revision"])
                available = later(expected["day"], rules["hold"])
                account["lots"][f"{sale}/1"] = {
                    "rest": expected["earned"] - expected["settled"],
                    "available": available,
                    "expires": lives_until(rules, available),
                    "at": expected["at"],
                    "lost": 0,
                    "parent": None,
                }
            account["owed"] -= expected["settled"]
            account["sold"] = with_sale(account["sold"], expected["day"], expected["revision"], expected["qualifying"])
            account["standing"] = expected["after"]
            account["visits"] += 1
            account["last"] = max(account["last"] or expected["day"], expected["day"])
            money[f"issued:{PURSE}"] += expected["earned"]
            money[f"purse:{PURSE}"] += expected["spent"] - expected["earned"] + expected["settled"]
            money[f"owed:{PURSE}"] -= expected["settled"]
            if expected["as"] == "discount":
                money[f"redeemed:{PURSE}"] -= expected["spent"]
        self.books.update(money)

    def view(self, number: str, at: datetime) -> Facts:
        """What a card says at a moment."""
        rules, card = self.in_force(at), self.cards[number]
        account, day = self.accounts[card["account"]], business_day(rules, at)
        tier = self._held(self.standing_on(account, day, at), rules, card["kind"])
        return {
            "tier": tier and tier["id"],
            "spend": window(rules, by_day(account["sold"]), day, day) if tier else None,
            "balance": balance_of(account["lots"], account["owed"], day),
        }

    # ---- what both need ------------------------------------------------------------------------------------------

    def standing_after(self, joined: date, sold: Sold) -> Facts | None:
        """Where a holder stands after the last sale, by day and then by rules, each with the ladders begun by its own rules.

        What was sold before the first ladder counts under it. None where nothing was sold since there are ladders.
        """
        place = {rules["number"]: n for n, rules in enumerate(self.revisions)}
        steps = []
        for day, number in sorted(sold, key=lambda each: (each[0], place[each[1]])):
            begun = [(rules["first"], rules) for rules in self.revisions[: place[number] + 1] if rules["tiers"]]
            steps.append((day, sold[day, number], begun))
        if not any(begun for _, _, begun in steps):
            return None
        first = [(rules["first"], rules) for rules in self.revisions if rules["tiers"]][:1]
        return one_after_another(joined, [(day, amount, begun or first) for day, amount, begun in steps])

    def standing_on(self, account: Facts, day: date, at: datetime) -> Facts | None:
        """Where a holder stands at the start of a day, or where later bills left them; None where there never were tiers."""
        ladders, spends = self.ladders(at), by_day(account["sold"])
        standing = account["standing"]
        if not ladders:
            return None
        if standing is None:  # the first ladder counts for what was bought before it too
            steps = [(bought, amount, ladders[:1]) for bought, amount in sorted(spends.items())]
            standing = one_after_another(account["joined"], steps) or new_card(account["joined"], ladders, day)
        return lived_through(standing, spends, ladders, standing["since"], day)

    def _held(self, standing: Facts | None, rules: Rules, kind: str) -> Facts | None:
        """The tier that gives: a bearer card stays below those for names."""
        if standing is None or not rules["tiers"]:
            return None
        index = index_of(rules, standing["tier"]) or 0
        while kind == "bearer" and rules["tiers"][index]["named_only"]:
            index -= 1
        tier: Facts = rules["tiers"][index]
        return tier

    def stated(
        self, standing: Facts | None, rules: Rules, kind: str, spends: Mapping[date, int], day: date
    ) -> Facts | None:
        """A tier as receipts state it: what comes next, and how much is missing to it."""
        tier = self._held(standing, rules, kind)
        if tier is None:
            return None
        steps = rules["tiers"][rules["tiers"].index(tier) + 1 :]
        above = next((step for step in steps if kind == "named" or not step["named_only"]), None)
        missing = max(above["spend"] - window(rules, spends, day, day), 0) if above else 0
        return {"tier": tier["id"], "next": above["name"] if above else None, "missing": missing}

    def _spend(
        self, asked: Facts, rules: Rules, day: date, account: Facts | None, goods: Sequence[Facts]
    ) -> tuple[int, str | None]:
        """Units spent from the purse, or why not; the lines are paid by so much."""
        wish = asked["spend"]
        if not wish:
            return 0, None
        if not rules["purse"]:
            return 0, "purse-unknown"
        if account is None:
            return 0, "card-needed"
        weights = [0 if line["only_paid"] else line["paid"] for line in goods]
        has = balance_of(account["lots"], 0, day)["available"]
        most = min(has, int(sum(weights) * rules["up_to"]), sum(line["paid"] for line in goods))
        most = most if most >= max(rules["minimum"], 0) else 0
        amount = most if wish == "max" else wish
        if amount > has:
            return 0, "balance-too-low"
        if amount and (amount < rules["minimum"] or amount > most):
            return 0, "limit-reached"
        for line, part in zip(goods, shares(amount, weights), strict=True):
            line["spent"], line["paid"] = part, line["paid"] - part
            line["tendered"] = part if rules["counts_as"] == "tender" else 0
        return amount, None

    def _drawn(self, account: Facts, amount: int, day: date) -> list[tuple[str, int]]:
        """From which lots: soonest expiring, soonest available, oldest."""
        draws = []
        for lot in in_order(account["lots"]):
            facts = account["lots"][lot]
            if amount and facts["available"] <= day and not is_over(facts, day) and facts["rest"]:
                draws.append((lot, min(amount, facts["rest"])))
                amount -= draws[-1][1]
        return draws

    def expire(self, account: Facts, day: date, register: str) -> None:
        """Lots past their last day lose what they hold when the account is next touched, by an entry of its own."""
        gone = 0
        for lot in account["lots"].values():
            if is_over(lot, day) and lot["rest"]:
                gone += lot["rest"]
                lot["lost"] += lot["rest"]
                lot["rest"] = 0
        if gone:
            self.entries[register] += 1
            self.books[f"purse:{PURSE}"] += gone
            self.books[f"breakage:{PURSE}"] -= gone
