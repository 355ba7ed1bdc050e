"""What may be spent here from a purse, from which lots, and why not more.

A request is met in full or refused with what is possible; never cut short in silence. Only lots that are available on the day
are drawn on, soonest expiring first. Points are asked for as points, and pay their product with their worth, rounded down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from pos_loyalty.domain.ledger import Holding
from pos_loyalty.domain.message import N_, Amount, Message, Refused
from pos_loyalty.domain.money import MILLION, Currency, Minor, split
from pos_loyalty.domain.programme.rules import Purse
from pos_loyalty.domain.sale import Spent

Ask: TypeAlias = Minor | Literal["max"]
"""So many units, or as many as are possible."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What can be spent from a purse on this bill: `possible` units (the fewest that give the most), of `available`.

    `most` is what they may pay, in minor units; `minimum` the fewest units that are spent at once.
    """

    possible: int
    available: int
    most: Minor
    minimum: int


def allowance(
    purse: Purse, holding: Holding, day: date, to_pay: Minor, payable: Minor, currency: Currency
) -> Allowance:
    """What may be spent: `to_pay` is what was to be paid, without excluded lines, before the first purse, of which `up_to` may be
    spent (rounded down); `payable` is what is still left of it, which no purse may pay twice.
    """
    available = holding.available(day)
    most = max(min(to_pay * purse.spend.up_to // MILLION, payable), 0)
    possible = purse.units_for(min(purse.value(available, currency), most), currency)
    # A unit worth more than the last cent that may be paid would pay too much.
    while possible and purse.value(possible, currency) > most:
        possible -= 1
    minimum = max(purse.spend.minimum, purse.units_for(1, currency))
    return Allowance(possible if possible >= minimum else 0, available, most, minimum)


def redeem(
    purse: Purse, holding: Holding, day: date, ask: Ask, may: Allowance, left: Sequence[Minor], currency: Currency
) -> Spent | None:
    """Spend from a purse, split over what is left of the lines that it may pay; None where nothing is asked for or possible.

    Refused with balance-too-low or limit-reached, and what is possible, where more was asked for or less than the minimum.
    """
    units = may.possible if ask == "max" else ask
    if units == 0:
        return None
    unit = currency.code if purse.unit == "money" else purse.unit
    possible = Amount(may.possible, unit)
    if units > may.available:
        raise Refused(
            "balance-too-low",
            Message(
                N_("The purse {purse} has {available} to spend; {possible} of it can be spent on this bill."),
                purse=purse.id,
                available=Amount(may.available, unit),
                possible=possible,
            ),
        )
    if units < may.minimum:
        raise Refused(
            "limit-reached",
            Message(
                N_("From the purse {purse} at least {minimum} is spent at once; {possible} can be spent on this bill."),
                purse=purse.id,
                minimum=Amount(may.minimum, unit),
                possible=possible,
            ),
        )
    value = purse.value(units, currency)
    if value > may.most:
        raise Refused(
            "limit-reached",
            Message(
                N_("At most {possible} of the purse {purse} can be spent on this bill."),
                purse=purse.id,
                possible=possible,
            ),
        )
    draws = holding.draw(units, [lot for lot in holding.lots if lot.is_open(day)])
    lines = split(value, left)
    return Spent(purse.id, units, purse.spend.counts_as, tuple(lines), tuple(split(units, lines)), draws)
