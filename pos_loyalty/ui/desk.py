"""What every screen works with: the register and its rules, the reader's language, the shop on its receipts, and who sells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pos_loyalty.domain.message import N_
from pos_loyalty.language import Language

if TYPE_CHECKING:
    from pos_loyalty.domain.programme.rules import Programme
    from pos_loyalty.domain.shift import ShiftReport
    from pos_loyalty.receipt import Receipt, Shop
    from pos_loyalty.till.receipts import Issued
    from pos_loyalty.till.register import Register


@dataclass(frozen=True, slots=True)
class Desk:
    """One register's place at the counter, once its store is open. `operator` is who sells, "" while nobody is signed in; after
    `lock_minutes` without a key or scan, and with nothing on the counter, it locks (0: never).
    """

    register: Register
    language: Language
    shop: Shop
    operator: str
    programme: Programme
    lock_minutes: int = 0

    @property
    def digits(self) -> int:
        """Decimals of the currency."""
        return self.programme.currency.digits

    def money(self, minor: int) -> str:
        """An amount of the programme's currency."""
        return self.language.amount(minor)

    def local(self, at: datetime) -> datetime:
        """A moment on the shop's clock."""
        return self.programme.local(at)

    def receipt(self, issued: Issued, *, copy: bool = False) -> Receipt:
        """The receipt of a closed bill or a return, in this register's language."""
        from pos_loyalty.receipt import refund_receipt, sale_receipt  # noqa: PLC0415 - not before the first frame

        if issued.refund is not None:
            return refund_receipt(
                issued.refund, issued.sale, issued.holder, self.shop, self.language, copy=copy, local=self.local
            )
        return sale_receipt(issued.sale, issued.holder, self.shop, self.language, copy=copy, local=self.local)

    def shift_slip(self, report: ShiftReport, *, copy: bool = False) -> Receipt:
        """An X or Z report as it is printed, in this register's language."""
        from pos_loyalty.receipt import shift_slip  # noqa: PLC0415 - not before the first frame

        return shift_slip(report, self.shop, self.language, copy=copy, local=self.local)

    def is_money(self, purse: str) -> bool:
        """Whether a purse holds money, not points or stamps."""
        return self.language.purses.get(purse, self.programme.currency.code) == self.programme.currency.code

    def club(self, club_id: str) -> str:
        """A club by its title; its id where the programme does not have it any more."""
        return next((club.title for club in self.programme.clubs if club.id == club_id), club_id)

    def purse(self, purse: str) -> str:
        """A purse by its name on screens and receipts."""
        from pos_loyalty.receipt.parts import purse_name  # noqa: PLC0415 - not before the first frame

        return purse_name(purse)


OPERATOR = N_("cashier")

Opening = Callable[[], Desk]
"""Opens the store and makes the desk, in a thread of its own. Refused where the store or its programme is not there."""
