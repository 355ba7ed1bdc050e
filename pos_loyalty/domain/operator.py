"""Who works here, and what each may do: a role has its rights, and what it has not, somebody with the right may allow once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

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
