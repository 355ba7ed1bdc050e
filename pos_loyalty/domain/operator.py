"""Who works here, and what each may do: a role has its rights, and what it has not, somebody with the right may allow once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

from pos_loyalty.domain.message import N_, Message, Refused

Role: TypeAlias = Literal["cashier", "manager", "owner"]
ROLES: tuple[Role, ...] = get_args(Role)

Right: TypeAlias = Literal[
    "discount",  # a discount by hand
    "guard",  # what the programme's [guard] lets nobody do alone
    "refund-without-receipt",
    "drawer",  # opening it without a sale, pay-in and pay-out
    "shift",  # X and Z reports
    "card",  # blocking, replacing and joining cards and records
    "holder",  # changing who a holder is
    "adjust",  # adding to a purse or taking from it by hand, and compensation
    "lists",  # lists of holders to act on, and their export
    "reports",
    "audit",
    "erase",
    "programme",
    "operators",
    "devices",  # which devices the till uses
    "transfer",  # import and export of everything
]

_CASHIER: frozenset[Right] = frozenset({"shift"})
_MANAGER: frozenset[Right] = _CASHIER | {
    "discount", "guard", "refund-without-receipt", "drawer", "card", "holder", "adjust", "lists", "reports", "audit",
    "devices",
}  # fmt: skip
RIGHTS: Mapping[Role, frozenset[Right]] = {
    "cashier": _CASHIER,
    "manager": _MANAGER,
    "owner": frozenset(get_args(Right)),
}
"""What each role may do without asking."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works here. `account` is the account of their own card; until `locked_until` no PIN of theirs is taken."""

    id: str
    name: str
    role: Role
    active: bool = True
    account: str | None = None
    failed: int = 0
    locked_until: datetime | None = None

    def may(self, right: Right) -> bool:
        """Whether their role has a right."""
        return self.active and right in RIGHTS[self.role]

    def shut_out_until(self, now: datetime) -> datetime | None:
        """Until when no PIN of theirs is taken; None where one is. Further off than any lock lasts it was a clock that jumped."""
        until = self.locked_until
        return until if until is not None and now < until <= now + LONGEST_LOCK else None


LEAST_PIN, MOST_PIN = 4, 12
"""Digits of a PIN."""
FREE_TRIES = 5
"""Wrong PINs in a row after which the first lock begins."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
"""At one try an hour, all 10,000 PINs of four digits take more than a year."""
_OFTEN_TAKEN = frozenset({"1004", "1122", "2211", "1379", "1397", "2580", "0852", "147258", "159753", "1470", "123321"})
"""Patterns of the keypad and others that lists of leaked PINs begin with, beside what `checked_pin` refuses by its rules."""


def locked_for(failed: int) -> timedelta | None:
    """How long no PIN is taken after so many wrong ones in a row: a minute after the fifth, twice as long after each one more."""
    if failed < FREE_TRIES:
        return None
    return min(FIRST_LOCK * (1 << min(failed - FREE_TRIES, 10)), LONGEST_LOCK)


def checked_pin(typed: str) -> str:
    """A PIN in plain digits, whatever script they were typed in. Refused with pin-invalid, or with pin-weak where anyone would
    try it first; the refusal never repeats it.
    """
    pin = digits_typed(typed)
    if pin is None or not LEAST_PIN <= len(pin) <= MOST_PIN:
        raise Refused(
            "pin-invalid",
            Message(N_("A PIN is {least} to {most} digits and nothing else."), least=LEAST_PIN, most=MOST_PIN),
        )
    why = _weakness(pin)
    if why is not None:
        raise Refused("pin-weak", why)
    return pin


def digits_typed(typed: str) -> str | None:
    """What was typed as ASCII digits; None where it is anything else."""
    stripped = typed.strip()
    return "".join(str(int(ch)) for ch in stripped) if stripped.isdecimal() else None


def _weakness(pin: str) -> Message | None:
    """Why a PIN is among the first that anyone tries; None where it is not."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps == {0}:
        return Message(N_("This PIN is one digit again and again: anyone tries that first. Take another."))
    if steps in ({1}, {9}):
        return Message(N_("This PIN counts up or down: anyone tries that first. Take another."))
    if any(len(pin) % part == 0 and pin == pin[:part] * (len(pin) // part) for part in range(2, len(pin) // 2 + 1)):
        return Message(N_("This PIN repeats itself: anyone tries that first. Take another."))
    if len(pin) == 4 and pin[:2] in {"19", "20"}:
        return Message(N_("This PIN looks like a year: anyone tries yours first. Take another."))
    if pin in _OFTEN_TAKEN:
        return Message(N_("This PIN is one that very many people take: anyone tries it first. Take another."))
    return None
