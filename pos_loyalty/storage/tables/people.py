"""What is remembered of holders in words, who works here and what they did, and the drawer's shifts."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from pos_loyalty.storage.tables.ground import DAY, HASH, ID, MOMENT, metadata, text

# What the shop wants to remember of a holder, at most one note each. Notes and complaints are words and no facts: they stand in no
# hash, so that erasing a holder takes them away.
notes = Table(
    "notes",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("text", text(500), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("operator", text(200), nullable=False),
    sqlite_with_rowid=False,
)

# What a holder complained of and wishes for, and until when an answer was promised; once it is closed, by whom and how.
complaints = Table(
    "complaints",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("opened_at", MOMENT, nullable=False),
    Column("opened_by", text(200), nullable=False),
    Column("text", text(1000), nullable=False),
    Column("wish", text(1000)),
    Column("promised", DAY),
    Column("closed_at", MOMENT),
    Column("closed_by", text(200)),
    Column("solution", text(1000)),
    CheckConstraint(
        "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (solution IS NULL)", name="closed"
    ),
    # In PostgreSQL the migration makes both partial likewise.
    Index("ix_complaints_closed_at", "closed_at", "id", sqlite_where=sql("closed_at IS NOT NULL")),
    Index("ix_complaints_open", "promised", sqlite_where=sql("closed_at IS NULL")),
    sqlite_with_rowid=False,
)

# Why an entry was made by hand: words, which stand in no hash, so that erasing a holder takes them away.
reasons = Table(
    "reasons",
    metadata,
    Column("entry_id", ID, ForeignKey("entries.id"), primary_key=True),
    Column("text", text(500), nullable=False),
    sqlite_with_rowid=False,
)

# What a holder thought of a visit: how content they were (1 to 5), whether they would send a friend (0 to 10), and in their words.
feedback = Table(
    "feedback",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), index=True),
    Column("sale_id", ID, ForeignKey("sales.id")),
    Column("at", MOMENT, nullable=False),
    Column("day", DAY, nullable=False, index=True),
    Column("operator", text(200), nullable=False),
    Column("satisfaction", Integer),
    Column("recommendation", Integer),
    Column("text", text(1000)),
    CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
    CheckConstraint("recommendation BETWEEN 0 AND 10", name="recommendation"),
    sqlite_with_rowid=False,
)

# What a holder agreed to, or took back, by purpose: the newest row of a purpose counts. Rows are never changed, only added.
consents = Table(
    "consents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ID, ForeignKey("accounts.id"), nullable=False),
    Column("purpose", text(40), nullable=False),
    Column("given", Integer, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("operator", text(200), nullable=False),
    Column("wording", text(1000), nullable=False),
    Index("ix_consents_account_id", "account_id", "purpose", "id"),
    sqlite_with_rowid=False,
)

# Holders who were erased: when, by whom, and the entry that wrote off what their purses held. Their account stays without a person:
# the journal's facts are of it, and nothing says any more whose it was.
erasures = Table(
    "erasures",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("operator", text(200), nullable=False),
    Column("entry_id", ID, ForeignKey("entries.id")),
    sqlite_with_rowid=False,
)

# Accounts that became part of another one, whose they are now (where that became part of a third, the third), and the entry that
# moved their purses. Their facts stay theirs; copies are the other's. A copy too: each entry's deed says what it joined.
merges = Table(
    "merges",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("into_id", ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("entry_id", ID, ForeignKey("entries.id"), nullable=False),
    sqlite_with_rowid=False,
)

# Who works here. `pin` is an Argon2 hash; `failed` counts wrong PINs since the last right one, and until `locked_until` none is
# taken. `account_id` is their own card's account.
operators = Table(
    "operators",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", text(200), nullable=False),
    Column("folded", text(400), nullable=False, unique=True),
    Column("role", text(8), nullable=False),
    Column("pin", text(200), nullable=False),
    Column("active", Integer, nullable=False, server_default="1"),
    Column("account_id", ID, ForeignKey("accounts.id")),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("locked_until", MOMENT),
    Column("created_at", MOMENT, nullable=False),
    CheckConstraint("role IN ('cashier', 'manager', 'owner')", name="role"),
    sqlite_with_rowid=False,
)

# What was done that is no entry of the journal: signing in, blocking a card, changing a name, a copy of a receipt. Rows are never
# changed or taken away, and never hold a name, phone or whole card number of a holder. `digest` is that of all the rest of the row.
audit = Table(
    "audit",
    metadata,
    Column("id", ID, primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("register", text(40), nullable=False),
    Column("operator", text(200), nullable=False),
    Column("allowed_by", text(200)),
    Column("action", text(40), nullable=False),
    Column("account_id", ID, ForeignKey("accounts.id")),
    Column("subject", text(80)),
    Column("detail", Text),
    Column("digest", HASH, nullable=False),
    Index("ix_audit_at", "at"),
    Index("ix_audit_account_id", "account_id"),
    sqlite_with_rowid=False,
)

# The drawer's shifts, by register and number from 1; the entries of the register's journal between `first_entry` and `last_entry`
# are theirs. `counted` and what was expected, in minor units, and `head`, the journal's chain, stand there once it is closed;
# `report` is the Z report.
shifts = Table(
    "shifts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("register", text(40), ForeignKey("registers.name"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("opened_by", text(200), nullable=False),
    Column("opening_float", BigInteger, nullable=False),
    Column("first_entry", Integer, nullable=False),
    Column("closed_at", MOMENT),
    Column("closed_by", text(200)),
    Column("last_entry", Integer),
    Column("head", HASH),
    Column("expected", BigInteger),
    Column("counted", BigInteger),
    Column("report", Text),
    UniqueConstraint("register", "number"),
    # In PostgreSQL the migration makes it partial likewise.
    Index(
        "ix_shifts_open",
        "register",
        unique=True,
        sqlite_where=sql("closed_at IS NULL"),
    ),
)

# Cash put into the drawer or taken out of it beside the sales, in minor units, and why; openings of the drawer without a sale
# have none.
drawer_moves = Table(
    "drawer_moves",
    metadata,
    Column("id", ID, primary_key=True),
    Column("shift_id", ID, ForeignKey("shifts.id"), nullable=False, index=True),
    Column("at", MOMENT, nullable=False),
    Column("operator", text(200), nullable=False),
    Column("allowed_by", text(200)),
    Column("amount", BigInteger, nullable=False),
    Column("reason", text(200), nullable=False),
    sqlite_with_rowid=False,
)

# Numbers that were sent to who makes the cards, by the name of the order: `count` that follow one another from `first` on, in the
# range of that prefix and check digit. They were issued with it, so none is handed out again; rows are never changed or taken away.
card_orders = Table(
    "card_orders",
    metadata,
    Column("name", text(40), primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("register", text(40), nullable=False),
    Column("operator", text(200), nullable=False),
    Column("prefix", text(8), nullable=False),
    Column("checked", text(4), nullable=False),
    Column("first", text(32), ForeignKey("cards.number"), nullable=False),
    Column("count", Integer, nullable=False),
    CheckConstraint("checked IN ('ean', 'damm', 'luhn')", name="checked"),
    CheckConstraint("count > 0", name="count"),
    sqlite_with_rowid=False,
)
