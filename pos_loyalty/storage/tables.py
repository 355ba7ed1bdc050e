"""The tables, the same on SQLite and PostgreSQL; `migrations` reads them and nothing else of ours.

Facts (revisions, entries, postings, sales, refunds) are written once. Copies that make the till quick (what a lot still holds,
balances, tiers, counters) can all be derived from the facts anew, which is what `store verify` does. Identifiers are UUIDv7 texts
made at the till, dates are ISO texts, moments are ISO texts in UTC with milliseconds, so both databases order them alike.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = String(36)
_LOT = String(48)
_DAY = String(10)
_MOMENT = String(24)
_HASH = String(64)

registers = Table(
    "registers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("last_entry", Integer, nullable=False, server_default="0"),
    Column("last_receipt", Integer, nullable=False, server_default="0"),
    Column("head", _HASH, nullable=False, server_default="0" * 64),
    sqlite_with_rowid=False,
)

revisions = Table(
    "revisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("active_from", _MOMENT, nullable=False),
    Column("activated_at", _MOMENT, nullable=False),
    Column("operator", String(40), nullable=False),
    Column("digest", _HASH, nullable=False),
    Column("text", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("joined", _DAY, nullable=False),
    Column("tier", String(64)),
    Column("tier_since", _DAY),
    Column("tier_kept_until", _DAY),
    Column("last_visit", _DAY),
    Column("visits", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

members = Table(
    "members",
    metadata,
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("folded", String(400), nullable=False),
    Column("phone", String(40)),
    Column("email", String(200)),
    Column("birthday", _DAY),
    Column("language", String(8)),
    Column("referred_by", _ID, ForeignKey("accounts.id")),
    Column("registered_at", _MOMENT, nullable=False),
    Index("ix_members_folded", "folded"),
    Index("ix_members_phone", "phone"),
    sqlite_with_rowid=False,
)

cards = Table(
    "cards",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("status", String(8), nullable=False),
    Column("replaced_by", String(32), ForeignKey("cards.number")),
    Column("issued_at", _MOMENT, nullable=False),
    CheckConstraint("kind IN ('named', 'bearer')", name="kind"),
    CheckConstraint("status IN ('active', 'blocked', 'replaced')", name="status"),
    sqlite_with_rowid=False,
)

# The header seals its postings: they are written first, the entry last, and a trigger refuses an entry whose postings do not
# balance, a posting for an entry that is already there, and every edit and delete.
entries = Table(
    "entries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("register", String(40), ForeignKey("registers.name"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("recorded_at", _MOMENT, nullable=False),
    Column("day", _DAY, nullable=False),
    Column("operator", String(40), nullable=False),
    Column("account_id", _ID, ForeignKey("accounts.id")),
    Column("corrects", _ID, ForeignKey("entries.id")),
    Column("previous", _HASH, nullable=False),
    Column("hash", _HASH, nullable=False),
    UniqueConstraint("register", "seq"),
    Index("ix_entries_account_id_day", "account_id", "day"),
    sqlite_with_rowid=False,
)

postings = Table(
    "postings",
    metadata,
    Column(
        "entry_id",
        _ID,
        ForeignKey("entries.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("account", String(80), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("holder", _ID, ForeignKey("accounts.id")),
    Column("lot", _LOT, ForeignKey("lots.id", deferrable=True, initially="DEFERRED")),
    Column("offer", String(140)),
    sqlite_with_rowid=False,
)

# All but `remaining` and `expired` is a fact; a trigger lets only those two change.
lots = Table(
    "lots",
    metadata,
    Column("id", _LOT, primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False),
    Column("purse", String(64), nullable=False),
    Column("entry_id", _ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("offer", String(140)),
    Column("parent", _LOT, ForeignKey("lots.id")),
    Column("amount", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("expired", BigInteger, nullable=False, server_default="0"),
    Column("filled_at", _MOMENT, nullable=False),
    Column("available", _DAY, nullable=False),
    Column("expires", _DAY),
    CheckConstraint("amount > 0", name="filled"),
    CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining"),
    CheckConstraint("expired >= 0", name="expired"),
    Index("ix_lots_account_id_entry_id", "account_id", "entry_id"),
    Index("ix_lots_open", "account_id", sqlite_where=Column("remaining") > 0, postgresql_where=Column("remaining") > 0),
    sqlite_with_rowid=False,
)

balances = Table(
    "balances",
    metadata,
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("purse", String(64), primary_key=True),
    Column("held", BigInteger, nullable=False),
    Column("owed", BigInteger, nullable=False),
    CheckConstraint("held >= 0", name="held"),
    CheckConstraint("owed >= 0", name="owed"),
    sqlite_with_rowid=False,
)

# `facts` is the domain's Sale as canonical JSON, part of the chained hash; the columns beside it are copies to search by.
# `card` and `holder` are the only columns that erasing a holder may blank; they are not in the hash.
sales = Table(
    "sales",
    metadata,
    Column("id", _ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("register", String(40), ForeignKey("registers.name"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("day", _DAY, nullable=False, index=True),
    Column("account_id", _ID, ForeignKey("accounts.id")),
    Column("card", String(32)),
    Column("holder", String(210)),
    Column("revision", Integer, ForeignKey("revisions.number"), nullable=False),
    Column("gross", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("request", _HASH, nullable=False),
    Column("facts", Text, nullable=False),
    UniqueConstraint("register", "number"),
    Index("ix_sales_account_id_day", "account_id", "day"),
    sqlite_with_rowid=False,
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", _ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("register", String(40), ForeignKey("registers.name"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sale_id", _ID, ForeignKey("sales.id"), nullable=False, index=True),
    Column("day", _DAY, nullable=False),
    Column("request", _HASH, nullable=False),
    Column("facts", Text, nullable=False),
    UniqueConstraint("register", "number"),
    sqlite_with_rowid=False,
)

# Qualifying spend by the business day of the sale; what came back is below zero on that same day. Derived from the facts.
spends = Table(
    "spends",
    metadata,
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("day", _DAY, primary_key=True),
    Column("entry_id", _ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("sku", String(200), primary_key=True),
    Column("barcode", String(48), unique=True),
    Column("name", String(200), nullable=False),
    Column("folded", String(400), nullable=False, index=True),
    Column("department", String(200), nullable=False),
    Column("price", BigInteger),
    Column("vat", Integer, nullable=False),
    Column("unit", String(200), nullable=False),
    Column("reduced", Integer, nullable=False),
    sqlite_with_rowid=False,
)

suspended = Table(
    "suspended",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("register", String(40), ForeignKey("registers.name"), nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("operator", String(40), nullable=False),
    Column("label", String(200), nullable=False),
    Column("bill", Text, nullable=False),
    sqlite_with_rowid=False,
)
