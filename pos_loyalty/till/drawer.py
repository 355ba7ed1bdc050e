"""The drawer opened without a sale: kept with who did it and who allowed it, before it opens."""

from __future__ import annotations

from pos_loyalty.till.audit import note
from pos_loyalty.till.register import Register


def drawer_opened(register: Register, operator: str, reason: str = "", *, allowed_by: str | None = None) -> None:
    """Keep that the drawer is opened. Refused where the store takes nothing: then it stays closed."""
    detail = {"reason": reason} if reason else {}
    with register.store.write() as books:
        note(books, register, operator, "drawer-open", allowed_by=allowed_by, **detail)
