"""Two records joined into one: what one held lives on as lots of the other, what it owed is owed by the other.

Nothing is earned, spent or lost by it. Each lot that moves keeps its sale, offer and days, and names the lot that it was, so that a
later return of an old sale still finds what that had earned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from pos_loyalty.domain.ledger import Draw, Holding, Lot, Posting, spending_order
from pos_loyalty.domain.member import Member
from pos_loyalty.domain.money import Minor

Debts: TypeAlias = Mapping[str | None, Minor]
"""What is owed to a purse, by the partner whose claim it is (None: nobody's in particular)."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What joining two records does to their purses: the new lots, the postings that move lots and debts, and (purse, draw) what
    then makes good a debt.
    """

    filled: tuple[Lot, ...]
    postings: tuple[Posting, ...]
    settled: tuple[tuple[str, Draw], ...]


def move(
    merge_id: str,
    account: str,
    other: str,
    kept: Mapping[str, Holding],
    moving: Mapping[str, Holding],
    debts: Mapping[str, Debts],
    units: Mapping[str, str],
) -> Moved:
    """All that `other` holds and owes becomes the account's, whose own purses are `kept`; neither has a lot whose last day has
    passed. `debts` are the other's, by purse; `units` is the unit of each purse.
    """
    filled: list[Lot] = []
    postings: list[Posting] = []
    for purse, holding in sorted(moving.items()):
        for lot in sorted(holding.lots, key=spending_order):
            if not lot.remaining:
                continue
            new = replace(
                lot,
                id=f"{merge_id}/{len(filled) + 1}",
                amount=lot.remaining,
                parent=lot.id,
                expired=0,
            )
            filled.append(new)
            name, unit = f"purse:{purse}", units[purse]
            postings.append(Posting(name, unit, lot.remaining, other, lot.id, lot.offer))
            postings.append(Posting(name, unit, -lot.remaining, account, new.id, lot.offer))
    for purse, owed in sorted(debts.items()):
        for shop, amount in owed.items():
            name = f"owed:{purse}" if shop is None else f"owed:{purse}:{shop}"
            postings.append(Posting(name, units[purse], -amount, other))
            postings.append(Posting(name, units[purse], amount, account))
    return Moved(tuple(filled), tuple(postings), tuple(_settled(kept, moving, filled)))


def _settled(
    kept: Mapping[str, Holding], moving: Mapping[str, Holding], filled: Iterable[Lot]
) -> list[tuple[str, Draw]]:
    """What the one had and the other owed: taken as a return takes it, what can be spent first, soonest expiring first."""
    settled: list[tuple[str, Draw]] = []
    arrived = list(filled)
    for purse in sorted({*kept, *moving}):
        own, others = kept.get(purse) or Holding(purse), moving.get(purse) or Holding(purse)
        due = own.owed + others.owed
        lots = [*own.lots, *(lot for lot in arrived if lot.purse == purse)]
        for lot in sorted(lots, key=lambda each: (each.available, spending_order(each))):
            part = min(due, lot.remaining)
            if part:
                settled.append((purse, Draw(lot.id, part)))
                due -= part
    return settled


def one_record(account: str, other: str, kept: Member | None, gone: Member | None) -> Member | None:
    """Who the holder of both is: the kept record, its gaps filled from the other's; None where both were bearers.

    Nobody is sent by themselves: where one had sent the other, who sent the sender stays.
    """
    known = kept or gone
    if known is None:
        return None
    both = [member for member in (kept, gone) if member is not None]

    def first(name: str) -> object:
        return next((value for member in both if (value := getattr(member, name)) is not None), None)

    sent_by = next(
        (member.referred_by for member in both if member.referred_by not in {None, account, other}),
        None,
    )
    gaps = {name: first(name) for name in ("phone", "email", "birthday", "language")}
    return replace(known, account=account, referred_by=sent_by, **gaps)  # type: ignore[arg-type]
