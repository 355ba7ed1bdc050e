"""What each file of an export says: how its columns are written, and what the page beside them says of each.

The page is documentation and in English, as the columns' names are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "plain", "money", "purse", "unit", "price", "rate", "quantity"]
"""How a column is written: `text` guarded against formulas, `plain` as it is, amounts with the decimals of the currency, of the
row's purse or of the row's unit, a price, rate or quantity out of millionths.
"""

WRITTEN: Mapping[str, Mapping[str, Kind]] = {
    "purses": {"held": "purse", "owed": "purse"},
    "lots": {"amount": "purse", "remaining": "purse", "expired": "purse"},
    "postings": {"amount": "unit"},
    "sales": {"gross": "money", "due": "money"},
    "spends": {"amount": "money"},
    "purchases": {"kept": "quantity"},
    "offers_used": {"given": "money"},
    "certificates": {"amount": "money", "remaining": "money"},
    "catalogue": {"price": "price", "vat": "rate"},
    "shifts": {"opening_float": "money", "expected": "money", "counted": "money"},
    "drawer_moves": {"amount": "money"},
    "sale_lines": {
        "unit_price": "money",
        "quantity": "quantity",
        "vat_rate": "rate",
        **dict.fromkeys(("gross", "discount", "spent", "spent_as_tender", "paid", "vat", "earning"), "money"),
    },
    "refund_lines": {
        "quantity": "quantity",
        **dict.fromkeys(("paid", "vat", "spent_as_tender", "earning"), "money"),
    },
}
"""Columns that are more than text, by subject."""

LINES = (
    "sale",
    "line",
    "sku",
    "name",
    "department",
    "quantity",
    "unit",
    "unit_price",
    "vat_rate",
    "reduced",
    "gross",
    "discount",
    "spent",
    "spent_as_tender",
    "paid",
    "vat",
    "earning",
)
BACK = ("refund", "sale", "line", "quantity", "paid", "vat", "spent_as_tender", "earning")

ABOUT: Mapping[str, str] = {
    "holders": "Card holders as `member import` reads them: who they are, their cards, what can be spent and until when",
    "accounts": "Every account with its tier and visits, and who holds it",
    "cards": "Cards, each a key to an account",
    "purses": "What each account holds in each purse, and owes to it",
    "lots": "The parts that purses are made of, each with what filled it and its days",
    "entries": "The journal: numbered by register without gaps, each entry with the hash before it",
    "postings": "The amounts of each entry: debits above zero, credits below; in each unit they add up to nothing",
    "sales": "Bills; `facts` is all that was sold, given and paid, as JSON",
    "sale_lines": "The lines of the bills, with every figure that the sale fixed on them",
    "refunds": "What came back; `facts` says all of it, as JSON",
    "refund_lines": "The lines that came back, each with its line of the sale",
    "deeds": "What entries say that are no bills: joined clubs, late cards, joined records, adjustments; `facts` is JSON",
    "reasons": "Why entries were made by hand",
    "spends": "What counts for a tier, by sale and day; below zero where it came back",
    "purchases": "What holders bought and kept, by SKU",
    "offers_used": "How often each sale used an offer and what it gave",
    "referrals": "Which friends' sales thanked who had sent them",
    "coupons": "Personal coupons: which sale gave them, which one used them",
    "certificates": "Gift certificates and what is left on them. Who knows a number can spend it",
    "memberships": "Clubs that were joined for a fee or by hand",
    "draws": "Prize draws with their published list of tickets",
    "prizes": "Who won what",
    "catalogue": "Goods, as `catalogue import` reads them",
    "notes": "What is remembered of holders",
    "complaints": "Complaints and how they were closed",
    "feedback": "What holders thought of a visit",
    "consents": "What holders agreed to or took back, with the wording",
    "joined_records": "Accounts that became part of another one",
    "erasures": "Accounts whose holder was erased",
    "operators": "Who works here (no PINs)",
    "shifts": "The drawer's shifts; `report` is the Z report as JSON",
    "drawer_moves": "Cash put in and taken out beside the sales",
    "registers": "Registers, and where each one's journal ends",
    "audit": "What was done that is no entry of the journal; `detail` is JSON",
}
"""Every file in the order of the export, and what it is."""

README = """# Everything that this store held on {made_at}

Each file is CSV (RFC 4180): UTF-8 with a byte order mark, commas, CRLF, the first line naming the columns. `programme/` has every
programme that was activated, as TOML, named by its revision; `revisions.csv` says from when on each was in force. Amounts
have a point and the decimals of {currency} ({digits}); points, stamps and tickets are whole. Days and moments (in UTC) are
ISO 8601; nothing stands for "none". Ids point from file to file: `account_id`, `holder`, `referrer`, `referred_by` and `into_id` to
`accounts.csv`; `entry_id`, `used_by`, `void_by`, `ended_by`, `corrects` and a `sale` to `entries.csv`; `lot` and `parent` to
`lots.csv`. All files are of one moment, also while selling went on.

A text that a spreadsheet would take for a formula (its first character being =, +, -, @, tab or return, and it is no plain number)
has an apostrophe before it; `member import` and `catalogue import` take it off again.

`holders.csv` and `catalogue.csv` can be taken in elsewhere as they are. `holders.csv` leaves out erased holders, and of purses
what has run out and what no purse of the programme in force holds; `lots.csv` has all of it.

These files name people. Keep them where only those may read them who must.
"""
