"""What was done to purses by hand, done again: units given and taken, mistakes undone, and what an erased holder had written off.

As many units are taken as were then, as far as they are there. What was given lasts as long as the rules that are tried say, unless
it was named then how long.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pos_loyalty.domain.deed import Adjustment
from pos_loyalty.domain.message import Refused
from pos_loyalty.domain.money import Minor
from pos_loyalty.domain.programme.duration import Duration
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.storage.books import Books
from pos_loyalty.till.adjusting import adjust, undo
from pos_loyalty.till.erasing import write_off
from pos_loyalty.till.register import Register

REASON = "backtest"
"""Why, in a store that nobody reads: the words of then stay where they are."""


def adjust_again(register: Register, deed: Adjustment, rules: Iterable[Programme]) -> bool:
    """An adjustment or the undoing of one, at its own moment; whether all of it could be had. `rules` are those of any time.

    Refused as `adjust` and `undo` are.
    """
    if deed.undoes is not None:
        undo(register, deed.undoes, REASON, deed.operator, allowed_by=deed.allowed_by, id=deed.id)
        return True
    lasts = _named(deed, rules)

    def adjusted(amount: Minor) -> None:
        adjust(
            register,
            deed.account,
            deed.purse,
            amount,
            REASON,
            deed.operator,
            allowed_by=deed.allowed_by,
            id=deed.id,
            lasts=lasts,
        )

    try:
        adjusted(deed.amount)
    except Refused as refused:
        if refused.code != "balance-too-low":
            raise
        there = _there(register, deed.account, deed.purse, deed.day)
        if not there:
            raise
        adjusted(-there)
        return False
    return True


def write_off_again(books: Books, register: Register, account: str) -> None:
    """Write off all that an account holds, whose holder is nobody from then on."""
    books.lock(register.name, account)
    write_off(books, register, account, "")
    books.take_person_out(account)


def _named(deed: Adjustment, rules: Iterable[Programme]) -> Duration | None:
    """How long what was given lasts, where that was named; None where it is what a purse's rule came to."""
    if deed.expires is None or deed.available is None:
        return None
    purses = (programme.purse(deed.purse) for programme in rules)
    if any(purse is not None and purse.expires_on(deed.available) == deed.expires for purse in purses):
        return None
    return Duration((deed.expires - deed.available).days, "day")


def _there(register: Register, account: str, purse: str, day: date) -> Minor:
    with register.store.read() as books:
        holding = books.holdings(account).get(purse)
    return holding.available(day) if holding is not None else 0
