"""What the shop sells, and what offers, coupons, certificates, clubs and draws need to be remembered."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from pos_loyalty.storage.tables.ground import DAY, HASH, ID, MOMENT, metadata, text

catalogue = Table(
    "catalogue",
    metadata,
    Column("sku", text(200), primary_key=True),
    Column("barcode", text(48), unique=True),
    Column("name", text(200), nullable=False),
    Column("folded", text(400), nullable=False, index=True),
    Column("department", text(200), nullable=False),
    Column("price", BigInteger),
    Column("vat", Integer, nullable=False),
    Column("unit", text(200), nullable=False),
    Column("reduced", Integer, nullable=False),
    sqlite_with_rowid=False,
)

suspended = Table(
    "suspended",
    metadata,
    Column("id", ID, primary_key=True),
    Column("register", text(40), ForeignKey("registers.name"), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("operator", text(200), nullable=False),
    Column("label", text(200), nullable=False),
    Column("bill", Text, nullable=False),
)

# How often each offer was used, and what it gave in minor units: what came back is below zero, on the day of its sale. `held_out`
# counts the sales of holders whom the offer's control group kept from it. Derived from the facts, and written after their
# entry, as are all tables below: a key that need not wait costs the sale nothing.
offer_uses = Table(
    "offer_uses",
    metadata,
    Column("entry_id", ID, ForeignKey("entries.id"), primary_key=True),
    Column("offer", text(140), primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id")),
    Column("day", DAY, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("given", BigInteger, nullable=False),
    Column("held_out", Integer, nullable=False),
    Index("ix_offer_uses_account_id_offer_day", "account_id", "offer", "day"),
    sqlite_with_rowid=False,
)

# The same summed over all holders, for limits in total and budgets: read and moved under one lock.
offer_totals = Table(
    "offer_totals",
    metadata,
    Column("offer", text(140), primary_key=True),
    Column("uses", BigInteger, nullable=False),
    Column("given", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Personal coupons: a sale gave it, `used_by` is the sale that it opened an offer on, `void_by` the return that took it back.
coupons = Table(
    "coupons",
    metadata,
    Column("number", text(32), primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("coupon", text(140), nullable=False),
    Column("given_by", text(140), nullable=False),
    Column("entry_id", ID, ForeignKey("entries.id"), nullable=False),
    Column("valid", DAY),
    Column("used_by", ID, ForeignKey("entries.id")),
    Column("void_by", ID, ForeignKey("entries.id")),
    sqlite_with_rowid=False,
)

# Gift certificates: who holds the number holds the money. `remaining` is what the postings of `certificate:<number>` say.
certificates = Table(
    "certificates",
    metadata,
    Column("number", text(32), primary_key=True),
    Column("entry_id", ID, ForeignKey("entries.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("expires", DAY),
    Column("void_by", ID, ForeignKey("entries.id")),
    CheckConstraint("amount > 0", name="sold"),
    CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining"),
    sqlite_with_rowid=False,
)

# Who paid for a membership, or was given one by hand, on which day; `term` is how long it lasts: so long ("12 month"), until a
# day, or for good. From when to when it holds follows from these and the spends together. `ended_by` gave the fee back.
memberships = Table(
    "memberships",
    metadata,
    Column("entry_id", ID, ForeignKey("entries.id"), primary_key=True),
    Column("club", text(140), primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("joined_by", text(8), nullable=False),
    Column("day", DAY, nullable=False),
    Column("term", text(20)),
    Column("ended_by", ID, ForeignKey("entries.id")),
    CheckConstraint("joined_by IN ('fee', 'hand')", name="joined_by"),
    sqlite_with_rowid=False,
)

# What holders bought and kept, by sale: so many millionths of the unit, less what came back. Its key answers for departments, the
# index for SKUs, each from a day on.
purchases = Table(
    "purchases",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("department", text(200), primary_key=True),
    Column("day", DAY, primary_key=True),
    Column("entry_id", ID, ForeignKey("entries.id"), primary_key=True),
    Column("sku", text(200), primary_key=True),
    Column("kept", BigInteger, nullable=False),
    CheckConstraint("kept >= 0", name="kept"),
    Index("ix_purchases_account_id_sku_day", "account_id", "sku", "day"),
    sqlite_with_rowid=False,
)

# Which friends' sales gave something to who had sent them: 1, and -1 once such a sale came back whole.
referrals = Table(
    "referrals",
    metadata,
    Column("referrer", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("offer", text(140), primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True, index=True),
    Column("entry_id", ID, ForeignKey("entries.id"), primary_key=True),
    Column("uses", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Prize draws whose list of tickets was published, by the entry that used the tickets up; with a seed, once they were drawn.
draws = Table(
    "draws",
    metadata,
    Column("draw", text(140), primary_key=True),
    Column("entry_id", ID, ForeignKey("entries.id"), nullable=False),
    Column("title", text(200), nullable=False),
    Column("digest", HASH, nullable=False),
    Column("list", Text, nullable=False),
    Column("seed", text(200)),
    Column("drawn_at", MOMENT),
    Column("drawn_by", text(200)),
    CheckConstraint("(seed IS NULL) = (drawn_at IS NULL) AND (seed IS NULL) = (drawn_by IS NULL)", name="drawn"),
)

# Who won what. All but the last two follows from the list and the seed.
prizes = Table(
    "prizes",
    metadata,
    Column("draw", text(140), ForeignKey("draws.draw"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("prize", text(200), nullable=False),
    Column("ticket", Integer, nullable=False),
    Column("account_id", ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("handed_at", MOMENT),
    Column("handed_by", text(200)),
    CheckConstraint("(handed_at IS NULL) = (handed_by IS NULL)", name="handed"),
    sqlite_with_rowid=False,
)
