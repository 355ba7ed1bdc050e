"""What may be spent here from a purse, from which lots, and why not more.

A request is met in full or refused with what is possible; never cut short in silence. Only lots that are available on the day
are drawn on, soonest expiring first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from pos_loyalty.domain.ledger import Holding
from pos_loyalty.domain.message import N_, Amount, Message, Refused
from pos_loyalty.domain.money import MILLION, Minor, split
from pos_loyalty.domain.programme.rules import Purse
from pos_loyalty.domain.sale import Spent

Ask: TypeAlias = Minor | Literal["max"]
"""So many units, or as many as are possible."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What can be spent from a purse on this bill: `possible` units, of `available`; `minimum` is the least at once."""

    possible: Minor
    available: Minor
    minimum: Minor


def allowance(purse: Purse, holding: Holding, day: date, to_pay: Minor, payable: Minor) -> Allowance:
    """What may be spent: `to_pay` is what was to be paid, without excluded lines, before the first purse, of which `up_to` may be
    spent (rounded down); `payable` is what is still left of it, which no purse may pay twice.
    """
    available = holding.available(day)
    possible = max(min(available, to_pay * purse.spend.up_to // MILLION, payable), 0)
    if possible < purse.spend.minimum:
        possible = 0
    return Allowance(possible, available, purse.spend.minimum)


def redeem(
    purse: Purse, holding: Holding, day: date, ask: Ask, may: Allowance, left: Sequence[Minor], currency: str
) -> Spent | None:
    """Spend from a purse, split over what is left of the lines that it may pay; None where nothing is asked for or possible.

    Refused with balance-too-low or limit-reached, and what is possible, where more was asked for or less than the minimum.
    """
    amount = may.possible if ask == "max" else ask
    if amount == 0:
        return None
    if amount > may.available:
        raise Refused(
            "balance-too-low",
            Message(
                N_("The purse {purse} has {available} to spend; {possible} of it can be spent on this bill."),
                purse=purse.id,
                available=Amount(may.available, currency),
                possible=Amount(may.possible, currency),
            ),
        )
    if amount < may.minimum:
        raise Refused(
            "limit-reached",
            Message(
                N_("From the purse {purse} at least {minimum} is spent at once; {possible} can be spent on this bill."),
                purse=purse.id,
                minimum=Amount(may.minimum, currency),
                possible=Amount(may.possible, currency),
            ),
        )
    if amount > may.possible:
        raise Refused(
            "limit-reached",
            Message(
                N_("At most {possible} of the purse {purse} can be spent on this bill."),
                purse=purse.id,
                possible=Amount(may.possible, currency),
            ),
        )
    draws = holding.draw(amount, [lot for lot in holding.lots if lot.is_open(day)])
    return Spent(purse.id, amount, purse.spend.counts_as, tuple(split(amount, left)), draws)
