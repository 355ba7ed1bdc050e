"""A receipt is data, made once from a sale or a return; text, printer bytes and a picture are all made from that."""

from pos_loyalty.receipt.escpos import as_escpos
from pos_loyalty.receipt.picture import as_picture
from pos_loyalty.receipt.profiles import PROFILES, Profile
from pos_loyalty.receipt.refunds import refund_receipt
from pos_loyalty.receipt.rows import Barcode, Gap, Receipt, Rule, Shop, Table, Text
from pos_loyalty.receipt.sales import sale_receipt
from pos_loyalty.receipt.text import as_text

__all__ = [
    "PROFILES",
    "Barcode",
    "Gap",
    "Profile",
    "Receipt",
    "Rule",
    "Shop",
    "Table",
    "Text",
    "as_escpos",
    "as_picture",
    "as_text",
    "refund_receipt",
    "sale_receipt",
]
