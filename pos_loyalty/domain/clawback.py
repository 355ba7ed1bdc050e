"""What a return does to the holder's purses: what was spent goes back to its lots, what was earned is taken from those it filled.

Nothing is taken from a lot that does not hold it; what cannot be taken is owed, withheld or forgiven, as the terms say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pos_loyalty.domain.coupons import Coupon
from pos_loyalty.domain.ledger import Draw, Holding, Lot, spending_order
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.rules import Programme, WhenSpent
from pos_loyalty.domain.sale import Earned, Owed, PurseShare, Spent


@dataclass(frozen=True, slots=True)
class Terms:
    """The sale's own revision, and what becomes of what was earned and spent since (this return's own word, or the revision's).

    `gifts_kept` are the offers whose gifts do not come back; `coupons` are those that the sale gave or used, as they stand now;
    `moved` are lots of an account that became part of the holder's: what goes back to them becomes a lot of the holder's own.
    """

    programme: Programme
    when_spent: WhenSpent
    gifts_kept: frozenset[str] = frozenset()
    coupons: Mapping[str, Coupon] = field(default_factory=dict)
    moved: frozenset[str] = frozenset()


class Purses:
    """The holder's purses while a return is reckoned: what goes back into lots first, then what is taken out of them."""

    def __init__(
        self, terms: Terms, holdings: dict[str, Holding], lots: dict[str, Lot], refund_id: str, day: date, at: datetime
    ) -> None:
        self.terms = terms
        self.holdings = holdings
        self.lots = lots
        self.refund_id = refund_id
        self.day = day
        self.at = at
        self.restored: list[PurseShare] = []
        self.restored_draws: list[Draw] = []
        self.filled: list[Lot] = []
        self.taken: list[PurseShare] = []
        self.taken_draws: list[Draw] = []
        self.excused: list[Draw] = []
        self.settled: list[Owed] = []
        self.settled_draws: list[Draw] = []
        self.owed: list[Owed] = []
        self.forgiven: list[Owed] = []
        self.withheld_of: list[Owed] = []
        self.withheld: Minor = 0
        for holding in holdings.values():
            self.lots.update({lot.id: lot for lot in holding.lots})

    def _holding(self, purse: str) -> Holding:
        """The purse with each of its lots as it stands now."""
        held = self.holdings.get(purse) or Holding(purse)
        lots = tuple(lot for lot in self.lots.values() if lot.purse == purse and lot.remaining > 0)
        self.holdings[purse] = Holding(purse, lots, held.owed)
        return self.holdings[purse]

    def _move(self, lot_id: str, amount: Minor) -> None:
        lot = self.lots[lot_id]
        self.lots[lot_id] = replace(lot, remaining=lot.remaining + amount)

    def _owe(self, purse: str, amount: Minor) -> None:
        holding = self._holding(purse)
        self.holdings[purse] = replace(holding, owed=holding.owed + amount)

    def restore(self, spent: Spent, gone_before: int, units: int) -> None:
        """Give units back to the lots that they came from, last drawn first; only the part given back lives longer."""
        if units == 0:
            return
        purse = spent.purse
        self.restored.append(PurseShare(purse, spent.offer, units))
        skip, wanted = gone_before, units
        at_least = self.terms.programme.returns.restored_for.after(self.day)
        for draw in reversed(spent.draws):
            skipped = min(skip, draw.amount)
            skip -= skipped
            part = min(wanted, draw.amount - skipped)
            wanted -= part
            if part == 0:
                continue
            lot = self.lots[draw.lot]
            lives = lot.expires is None or lot.expires >= at_least
            if lives and lot.id not in self.terms.moved:
                self.restored_draws.append(Draw(lot.id, -part))
                self._move(lot.id, part)
                continue
            longer = Lot(
                id=f"{self.refund_id}/{len(self.filled) + 1}",
                purse=purse,
                amount=part,
                remaining=part,
                available=lot.available if lives else self.day,
                expires=lot.expires if lives else at_least,
                filled_at=self.at,
                sale=lot.sale,
                offer=lot.offer,
                parent=lot.id,
            )
            self.filled.append(longer)
            self.lots[longer.id] = longer
        self._holding(purse)

    def settle(self) -> None:
        """What comes in makes good at once what the holder owes to that purse."""
        for purse in list(self.holdings):
            holding = self._holding(purse)
            amount = min(holding.owed, sum(lot.remaining for lot in holding.lots if not lot.is_over(self.day)))
            if amount:
                for draw in self._draw_soonest(purse, amount):
                    self.settled_draws.append(draw)
                self.settled.append(Owed(purse, amount))
                self._owe(purse, -amount)

    def _draw_soonest(self, purse: str, amount: Minor) -> tuple[Draw, ...]:
        """Take from all that the purse holds: what can be spent first, soonest expiring first, pending last."""
        lots = [lot for lot in self._holding(purse).lots if not lot.is_over(self.day)]
        lots.sort(key=lambda lot: (lot.available > self.day, spending_order(lot)))
        draws: list[Draw] = []
        for lot in lots:
            part = min(amount, lot.remaining)
            if part:
                draws.append(Draw(lot.id, part))
                self._move(lot.id, -part)
                amount -= part
        self._holding(purse)
        return tuple(draws)

    def take(self, earned: Earned, lot_id: str, units: int, money: Minor) -> Minor:
        """Take back units that an offer earned: from the lot that it filled, then what that lost by expiring (not asked for),
        then what was spent from it, as the terms say. The money that is withheld, at most `money`, is the answer.
        """
        if units == 0:
            return 0
        family = self._family(lot_id)
        taken, rest = 0, units
        for lot in sorted(family, key=spending_order):
            part = min(rest, lot.remaining)
            if part:
                self.taken_draws.append(Draw(lot.id, part))
                self._move(lot.id, -part)
                taken, rest = taken + part, rest - part
        for lot in family:
            part = min(rest, lot.expired)
            if part:
                self.excused.append(Draw(lot.id, part))
                self.lots[lot.id] = replace(self.lots[lot.id], expired=lot.expired - part)
                rest -= part
        withheld = 0
        if rest and self.terms.when_spent == "forgive":
            self.forgiven.append(Owed(earned.purse, rest))
            rest = 0
        elif rest and self.terms.when_spent == "withhold":
            withheld, covered = self._withheld(earned.purse, rest, money)
            self.withheld += withheld
            self.withheld_of.append(Owed(earned.purse, withheld))
            rest -= covered
        if rest:
            self._holding(earned.purse)
            others = self._draw_up_to(earned.purse, rest)
            self.taken_draws.extend(others)
            made_good = sum(draw.amount for draw in others)
            taken, rest = taken + made_good, rest - made_good
        if rest:
            self.owed.append(Owed(earned.purse, rest))
            self._owe(earned.purse, rest)
        if taken:
            self.taken.append(PurseShare(earned.purse, earned.offer, taken))
        self._holding(earned.purse)
        return withheld

    def _withheld(self, purse_id: str, units: int, money: Minor) -> tuple[Minor, int]:
        """What of the money is kept for units of a purse, and how many of them that covers; units without worth cover nothing."""
        purse = self.terms.programme.purse(purse_id)
        if purse is None:
            return 0, 0
        currency = self.terms.programme.currency
        value = purse.value(units, currency)
        if value <= money:
            return value, units if value else 0
        covered = purse.units_for(money, currency)
        return money, covered if purse.value(covered, currency) == money else covered - 1

    def _draw_up_to(self, purse: str, amount: Minor) -> tuple[Draw, ...]:
        held = sum(lot.remaining for lot in self._holding(purse).lots if not lot.is_over(self.day))
        return self._draw_soonest(purse, min(amount, held))

    def _family(self, lot_id: str) -> list[Lot]:
        """A lot, and the lots that its spendings were given back as."""
        family = [self.lots[lot_id]] if lot_id in self.lots else []
        for lot in family:
            family.extend(child for child in self.lots.values() if child.parent == lot.id)
        return family
