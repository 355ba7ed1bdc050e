"""What every action at the till is handed: which register this is, its store, its cards, the clock, and new ids."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pos_loyalty.domain.card import CardRanges
from pos_loyalty.storage.engine import Store


@dataclass(frozen=True, slots=True)
class Register:
    """One register. `clock` gives the aware time of now, `new_id` a UUIDv7, `new_secret` a number below another that nobody can
    guess; all are handed in so that tests own them. `shop` is the partner that it sells for, where several honour one another's
    purse; `shop_name` what stands on its receipts. `needs_shift` lets it sell only while a shift is open.
    """

    name: str
    store: Store
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    cards: CardRanges = field(default_factory=CardRanges)
    new_secret: Callable[[int], int] = secrets.randbelow
    shop: str | None = None
    shop_name: str = ""
    needs_shift: bool = False
