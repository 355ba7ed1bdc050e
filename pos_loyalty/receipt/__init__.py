"""A receipt is data, made once from a sale or a return; text, printer bytes and a picture are all made from that.

Each of these names is loaded when it is first asked for: a till that opens needs the shop's name and no printer's bytes.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos_loyalty.receipt.card_face import PrintedCard
    from pos_loyalty.receipt.card_slips import card_slip
    from pos_loyalty.receipt.escpos import as_escpos
    from pos_loyalty.receipt.late_cards import late_card_slip
    from pos_loyalty.receipt.lists import list_slip
    from pos_loyalty.receipt.picture import as_picture
    from pos_loyalty.receipt.profiles import PROFILES, Profile
    from pos_loyalty.receipt.refunds import refund_receipt
    from pos_loyalty.receipt.rows import Barcode, Gap, Receipt, Rule, Shop, Table, Text
    from pos_loyalty.receipt.sales import sale_receipt
    from pos_loyalty.receipt.shifts import shift_slip
    from pos_loyalty.receipt.text import as_text

__all__ = [
    "PROFILES",
    "Barcode",
    "Gap",
    "PrintedCard",
    "Profile",
    "Receipt",
    "Rule",
    "Shop",
    "Table",
    "Text",
    "as_escpos",
    "as_picture",
    "as_text",
    "card_slip",
    "late_card_slip",
    "list_slip",
    "refund_receipt",
    "sale_receipt",
    "shift_slip",
]

_FILES = {
    "PROFILES": "profiles",
    "PrintedCard": "card_face",
    "Profile": "profiles",
    "as_escpos": "escpos",
    "as_picture": "picture",
    "as_text": "text",
    "card_slip": "card_slips",
    "late_card_slip": "late_cards",
    "list_slip": "lists",
    "refund_receipt": "refunds",
    "sale_receipt": "sales",
    "shift_slip": "shifts",
}
"""Where each name is; those that are not here are in `rows`."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_FILES.get(name, 'rows')}"), name)
    globals()[name] = found
    return found
