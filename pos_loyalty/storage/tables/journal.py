"""The facts of the journal, who holds accounts, and the copies of both that make the till quick.

Facts (revisions, entries, postings, lots, sales, refunds, deeds) are written once. Copies (what a lot still holds, balances, tiers,
spends) can all be derived from the facts anew, which is what `store verify` does.

In SQLite rows of a few hundred bytes live in their key's tree (no row id); those that hold a whole bill or programme do not,
since long rows would make that tree deep. An insert of a parent makes SQLite look for children while any deferred key waits,
so each deferred key here leads an index; the others are satisfied by the order of writing.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
)
from sqlalchemy import text as sql

from pos_loyalty.storage.tables.ground import DAY, HASH, ID, LOT, MOMENT, metadata, text

FACTS = ("revisions", "entries", "postings", "lots", "sales", "refunds", "deeds")
"""The tables that triggers keep final."""

OF_CERTIFICATES = "account >= 'certificate:' AND account < 'certificate;'"
"""Which postings are of a gift certificate: few among many, so that they have an index of their own."""

registers = Table(
    "registers",
    metadata,
    Column("name", text(40), primary_key=True),
    Column("last_entry", Integer, nullable=False, server_default="0"),
    Column("last_receipt", Integer, nullable=False, server_default="0"),
    Column("head", HASH, nullable=False, server_default="0" * 64),
    sqlite_with_rowid=False,
)

revisions = Table(
    "revisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("active_from", MOMENT, nullable=False),
    Column("activated_at", MOMENT, nullable=False),
    Column("operator", text(200), nullable=False),
    Column("digest", HASH, nullable=False),
    Column("text", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("joined", DAY, nullable=False),
    Column("tier", text(64)),
    Column("tier_since", DAY),
    Column("tier_kept_until", DAY),
    Column("last_visit", DAY),
    Column("visits", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

members = Table(
    "members",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("name", text(200), nullable=False),
    Column("folded", text(400), nullable=False),
    Column("phone", text(40)),
    Column("email", text(200)),
    Column("birthday", DAY),
    Column("language", text(8)),
    Column("referred_by", ID, ForeignKey("accounts.id")),
    Column("registered_at", MOMENT, nullable=False),
    Index("ix_members_folded", "folded"),
    # In PostgreSQL the migration makes it partial likewise.
    Index("ix_members_referred_by", "referred_by", sqlite_where=sql("referred_by IS NOT NULL")),
    sqlite_with_rowid=False,
)

# Every word of a holder's folded name, and the digits of the phone backwards behind a "#", so that the beginning of any word and
# the end of the phone are both a range of one index.
member_words = Table(
    "member_words",
    metadata,
    Column("word", text(64), primary_key=True),
    Column("account_id", ID, ForeignKey("members.account_id"), primary_key=True),
    Index("ix_member_words_account_id", "account_id"),
    sqlite_with_rowid=False,
)

cards = Table(
    "cards",
    metadata,
    Column("number", text(32), primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("kind", text(8), nullable=False),
    Column("status", text(8), nullable=False),
    Column("replaced_by", text(32), ForeignKey("cards.number")),
    Column("issued_at", MOMENT, nullable=False),
    CheckConstraint("kind IN ('named', 'bearer')", name="kind"),
    CheckConstraint("status IN ('active', 'blocked', 'replaced')", name="status"),
    sqlite_with_rowid=False,
)

# The header seals its postings: they are written first, the entry last, and a trigger refuses an entry whose postings do not
# balance, a posting for an entry that is already there, and every edit and delete.
entries = Table(
    "entries",
    metadata,
    Column("id", ID, primary_key=True),
    Column("register", text(40), ForeignKey("registers.name"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", text(12), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("recorded_at", MOMENT, nullable=False),
    Column("day", DAY, nullable=False),
    Column("operator", text(200), nullable=False),
    Column("account_id", ID, ForeignKey("accounts.id")),
    Column("corrects", ID, ForeignKey("entries.id")),
    Column("previous", HASH, nullable=False),
    Column("hash", HASH, nullable=False),
    UniqueConstraint("register", "seq"),
    Index("ix_entries_account_id_day", "account_id", "day"),
    Index("ix_entries_day", "day"),
    sqlite_with_rowid=False,
)

postings = Table(
    "postings",
    metadata,
    Column(
        "entry_id",
        ID,
        ForeignKey("entries.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("account", text(80), nullable=False),
    Column("unit", text(64), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("holder", ID, ForeignKey("accounts.id")),
    Column("lot", LOT, ForeignKey("lots.id")),
    Column("offer", text(140)),
    Index("ix_postings_certificate", "account", sqlite_where=sql(OF_CERTIFICATES)),
    sqlite_with_rowid=False,
)
# Both are of few postings: debts, and what partners owe one another. A query that says the same words finds their index.
is_owed_posting = and_(postings.c.account >= literal_column("'owed:'"), postings.c.account < literal_column("'owed;'"))
is_issuer_posting = and_(
    postings.c.account >= literal_column("'issuer:'"), postings.c.account < literal_column("'issuer;'")
)
Index("ix_postings_owed", postings.c.holder, sqlite_where=is_owed_posting)
Index("ix_postings_issuer", postings.c.account, sqlite_where=is_issuer_posting)

# All but `remaining` and `expired` is a fact; a trigger lets only those two change. `sale` is whose earning it is: that of the
# entry that filled it, or of its parent where a part given back lives on as a lot of its own.
lots = Table(
    "lots",
    metadata,
    Column("id", LOT, primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), nullable=False),
    Column("purse", text(64), nullable=False),
    Column("entry_id", ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("sale", ID),
    Column("offer", text(140)),
    Column("parent", LOT, ForeignKey("lots.id")),
    Column("amount", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("expired", BigInteger, nullable=False, server_default="0"),
    Column("filled_at", MOMENT, nullable=False),
    Column("available", DAY, nullable=False),
    Column("expires", DAY),
    CheckConstraint("amount > 0", name="filled"),
    CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining"),
    CheckConstraint("expired >= 0", name="expired"),
    Index("ix_lots_entry_id", "entry_id"),
    # In PostgreSQL the migrations make all of them partial likewise; to say it here too would load its dialect at every start.
    Index("ix_lots_open", "account_id", sqlite_where=sql("remaining > 0")),
    Index("ix_lots_expires", "expires", sqlite_where=sql("remaining > 0 AND expires IS NOT NULL")),
    Index("ix_lots_parent", "parent", sqlite_where=sql("parent IS NOT NULL")),
    sqlite_with_rowid=False,
)

balances = Table(
    "balances",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("purse", text(64), primary_key=True),
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
    Column("id", ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("register", text(40), ForeignKey("registers.name"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("day", DAY, nullable=False, index=True),
    Column("account_id", ID, ForeignKey("accounts.id")),
    Column("card", text(32)),
    Column("holder", text(210)),
    Column("revision", Integer, ForeignKey("revisions.number"), nullable=False),
    Column("gross", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("request", HASH, nullable=False),
    Column("facts", Text, nullable=False),
    UniqueConstraint("register", "number"),
    Index("ix_sales_account_id_day", "account_id", "day"),
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("register", text(40), ForeignKey("registers.name"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sale_id", ID, ForeignKey("sales.id"), nullable=False, index=True),
    Column("day", DAY, nullable=False),
    Column("request", HASH, nullable=False),
    Column("facts", Text, nullable=False),
    UniqueConstraint("register", "number"),
)

# Qualifying spend by the business day of the sale; what came back is below zero on that same day. Derived from the facts.
spends = Table(
    "spends",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("day", DAY, primary_key=True),
    Column("entry_id", ID, ForeignKey("entries.id"), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What an entry says that is neither a sale nor a refund and still says more than its postings: the domain's own value as canonical
# JSON, part of the chained hash. `sale_id` is the sale that it is about, once at most.
deeds = Table(
    "deeds",
    metadata,
    Column("id", ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), nullable=False),
    Column("sale_id", ID, ForeignKey("sales.id"), unique=True),
    Column("request", HASH, nullable=False),
    Column("facts", Text, nullable=False),
)
