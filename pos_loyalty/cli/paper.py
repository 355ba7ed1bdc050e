"""The shop as its receipts state it, from the register's settings."""

from __future__ import annotations

from pos_loyalty.config import Settings
from pos_loyalty.domain.programme.rules import Programme
from pos_loyalty.receipt import Shop


def shop_of(settings: Settings, programme: Programme) -> Shop:
    """The head and foot of this register's receipts; a shop that was not named goes by the name of its programme."""
    shop = settings.shop
    return Shop(shop.name or programme.name, shop.address, shop.footer)
