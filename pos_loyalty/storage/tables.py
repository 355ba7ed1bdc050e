"""The tables, the same on SQLite and PostgreSQL; `migrations` reads them and nothing else of ours.

Facts (revisions, entries, postings, sales, refunds) are written once. Copies that make the till quick (what a lot still holds,
balances, tiers, counters) can all be derived from the facts anew, which is what `store verify` does. Identifiers are UUIDv7 texts
made at the till, dates are ISO texts, moments are ISO texts in UTC with milliseconds, so both databases order them alike.

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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
)
from sqlalchemy import text as sql

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(length: int) -> String:
    """A text that both databases compare byte by byte: ranges of prefixes and orders come out alike, in any locale."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


FACTS = ("revisions", "entries", "postings", "lots", "sales", "refunds", "deeds")
"""The tables that triggers keep final."""

OF_CERTIFICATES = "account >= 'certificate:' AND account < 'certificate;'"
"""Which postings are of a gift certificate: few among many, so that they have an index of their own."""

_ID = _text(36)
_LOT = _text(48)
_DAY = _text(10)
_MOMENT = _text(24)
_HASH = _text(64)

registers = Table(
    "registers",
    metadata,
    Column("name", _text(40), primary_key=True),
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
    Column("operator", _text(200), nullable=False),
    Column("digest", _HASH, nullable=False),
    Column("text", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("joined", _DAY, nullable=False),
    Column("tier", _text(64)),
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
    Column("name", _text(200), nullable=False),
    Column("folded", _text(400), nullable=False),
    Column("phone", _text(40)),
    Column("email", _text(200)),
    Column("birthday", _DAY),
    Column("language", _text(8)),
    Column("referred_by", _ID, ForeignKey("accounts.id")),
    Column("registered_at", _MOMENT, nullable=False),
    Index("ix_members_folded", "folded"),
    sqlite_with_rowid=False,
)

# Every word of a holder's folded name, and the digits of the phone backwards behind a "#", so that the beginning of any word and
# the end of the phone are both a range of one index.
member_words = Table(
    "member_words",
    metadata,
    Column("word", _text(64), primary_key=True),
    Column("account_id", _ID, ForeignKey("members.account_id"), primary_key=True),
    Index("ix_member_words_account_id", "account_id"),
    sqlite_with_rowid=False,
)

cards = Table(
    "cards",
    metadata,
    Column("number", _text(32), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("kind", _text(8), nullable=False),
    Column("status", _text(8), nullable=False),
    Column("replaced_by", _text(32), ForeignKey("cards.number")),
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
    Column("register", _text(40), ForeignKey("registers.name"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", _text(12), nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("recorded_at", _MOMENT, nullable=False),
    Column("day", _DAY, nullable=False),
    Column("operator", _text(200), nullable=False),
    Column("account_id", _ID, ForeignKey("accounts.id")),
    Column("corrects", _ID, ForeignKey("entries.id")),
    Column("previous", _HASH, nullable=False),
    Column("hash", _HASH, nullable=False),
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
        _ID,
        ForeignKey("entries.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("account", _text(80), nullable=False),
    Column("unit", _text(64), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("holder", _ID, ForeignKey("accounts.id")),
    Column("lot", _LOT, ForeignKey("lots.id")),
    Column("offer", _text(140)),
    Index(
        "ix_postings_certificate",
        "account",
        sqlite_where=sql(OF_CERTIFICATES),
        postgresql_where=sql(OF_CERTIFICATES),
    ),
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
    Column("id", _LOT, primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False),
    Column("purse", _text(64), nullable=False),
    Column("entry_id", _ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("sale", _ID),
    Column("offer", _text(140)),
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
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("purse", _text(64), primary_key=True),
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
    Column("register", _text(40), ForeignKey("registers.name"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("day", _DAY, nullable=False, index=True),
    Column("account_id", _ID, ForeignKey("accounts.id")),
    Column("card", _text(32)),
    Column("holder", _text(210)),
    Column("revision", Integer, ForeignKey("revisions.number"), nullable=False),
    Column("gross", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("request", _HASH, nullable=False),
    Column("facts", Text, nullable=False),
    UniqueConstraint("register", "number"),
    Index("ix_sales_account_id_day", "account_id", "day"),
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", _ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("register", _text(40), ForeignKey("registers.name"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sale_id", _ID, ForeignKey("sales.id"), nullable=False, index=True),
    Column("day", _DAY, nullable=False),
    Column("request", _HASH, nullable=False),
    Column("facts", Text, nullable=False),
    UniqueConstraint("register", "number"),
)

# Qualifying spend by the business day of the sale; what came back is below zero on that same day. Derived from the facts.
spends = Table(
    "spends",
    metadata,
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("day", _DAY, primary_key=True),
    Column("entry_id", _ID, ForeignKey("entries.id"), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("sku", _text(200), primary_key=True),
    Column("barcode", _text(48), unique=True),
    Column("name", _text(200), nullable=False),
    Column("folded", _text(400), nullable=False, index=True),
    Column("department", _text(200), nullable=False),
    Column("price", BigInteger),
    Column("vat", Integer, nullable=False),
    Column("unit", _text(200), nullable=False),
    Column("reduced", Integer, nullable=False),
    sqlite_with_rowid=False,
)

suspended = Table(
    "suspended",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("register", _text(40), ForeignKey("registers.name"), nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("operator", _text(200), nullable=False),
    Column("label", _text(200), nullable=False),
    Column("bill", Text, nullable=False),
)

# How often each offer was used, and what it gave in minor units: what came back is below zero, on the day of its sale. `held_out`
# counts the sales of holders whom the offer's control group kept from it. Derived from the facts, and written after their
# entry, as are all tables below: a key that need not wait costs the sale nothing.
offer_uses = Table(
    "offer_uses",
    metadata,
    Column("entry_id", _ID, ForeignKey("entries.id"), primary_key=True),
    Column("offer", _text(140), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id")),
    Column("day", _DAY, nullable=False),
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
    Column("offer", _text(140), primary_key=True),
    Column("uses", BigInteger, nullable=False),
    Column("given", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Personal coupons: a sale gave it, `used_by` is the sale that it opened an offer on, `void_by` the return that took it back.
coupons = Table(
    "coupons",
    metadata,
    Column("number", _text(32), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("coupon", _text(140), nullable=False),
    Column("given_by", _text(140), nullable=False),
    Column("entry_id", _ID, ForeignKey("entries.id"), nullable=False),
    Column("valid", _DAY),
    Column("used_by", _ID, ForeignKey("entries.id")),
    Column("void_by", _ID, ForeignKey("entries.id")),
    sqlite_with_rowid=False,
)

# Gift certificates: who holds the number holds the money. `remaining` is what the postings of `certificate:<number>` say.
certificates = Table(
    "certificates",
    metadata,
    Column("number", _text(32), primary_key=True),
    Column("entry_id", _ID, ForeignKey("entries.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("expires", _DAY),
    Column("void_by", _ID, ForeignKey("entries.id")),
    CheckConstraint("amount > 0", name="sold"),
    CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining"),
    sqlite_with_rowid=False,
)

# Who paid for a membership, or was given one by hand, on which day; `term` is how long it lasts: so long ("12 month"), until a
# day, or for good. From when to when it holds follows from these and the spends together. `ended_by` gave the fee back.
memberships = Table(
    "memberships",
    metadata,
    Column("entry_id", _ID, ForeignKey("entries.id"), primary_key=True),
    Column("club", _text(140), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("joined_by", _text(8), nullable=False),
    Column("day", _DAY, nullable=False),
    Column("term", _text(20)),
    Column("ended_by", _ID, ForeignKey("entries.id")),
    CheckConstraint("joined_by IN ('fee', 'hand')", name="joined_by"),
    sqlite_with_rowid=False,
)

# What holders bought and kept, by sale: so many millionths of the unit, less what came back. Its key answers for departments, the
# index for SKUs, each from a day on.
purchases = Table(
    "purchases",
    metadata,
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("department", _text(200), primary_key=True),
    Column("day", _DAY, primary_key=True),
    Column("entry_id", _ID, ForeignKey("entries.id"), primary_key=True),
    Column("sku", _text(200), primary_key=True),
    Column("kept", BigInteger, nullable=False),
    CheckConstraint("kept >= 0", name="kept"),
    Index("ix_purchases_account_id_sku_day", "account_id", "sku", "day"),
    sqlite_with_rowid=False,
)

# Which friends' sales gave something to who had sent them: 1, and -1 once such a sale came back whole.
referrals = Table(
    "referrals",
    metadata,
    Column("referrer", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("offer", _text(140), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("entry_id", _ID, ForeignKey("entries.id"), primary_key=True),
    Column("uses", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What an entry says that is neither a sale nor a refund and still says more than its postings: the domain's own value as canonical
# JSON, part of the chained hash. `sale_id` is the sale that it is about, once at most.
deeds = Table(
    "deeds",
    metadata,
    Column("id", _ID, ForeignKey("entries.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False),
    Column("sale_id", _ID, ForeignKey("sales.id"), unique=True),
    Column("request", _HASH, nullable=False),
    Column("facts", Text, nullable=False),
)

# What the shop wants to remember of a holder, at most one note each. Notes and complaints are words and no facts: they stand in no
# hash, so that erasing a holder takes them away.
notes = Table(
    "notes",
    metadata,
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("text", _text(500), nullable=False),
    Column("at", _MOMENT, nullable=False),
    Column("operator", _text(200), nullable=False),
    sqlite_with_rowid=False,
)

# What a holder complained of and wishes for, and until when an answer was promised; once it is closed, by whom and how.
complaints = Table(
    "complaints",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("opened_at", _MOMENT, nullable=False),
    Column("opened_by", _text(200), nullable=False),
    Column("text", _text(1000), nullable=False),
    Column("wish", _text(1000)),
    Column("promised", _DAY),
    Column("closed_at", _MOMENT),
    Column("closed_by", _text(200)),
    Column("solution", _text(1000)),
    CheckConstraint(
        "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (solution IS NULL)", name="closed"
    ),
    sqlite_with_rowid=False,
)

# Prize draws whose list of tickets was published, by the entry that used the tickets up; with a seed, once they were drawn.
draws = Table(
    "draws",
    metadata,
    Column("draw", _text(140), primary_key=True),
    Column("entry_id", _ID, ForeignKey("entries.id"), nullable=False),
    Column("title", _text(200), nullable=False),
    Column("digest", _HASH, nullable=False),
    Column("list", Text, nullable=False),
    Column("seed", _text(200)),
    Column("drawn_at", _MOMENT),
    Column("drawn_by", _text(200)),
    CheckConstraint("(seed IS NULL) = (drawn_at IS NULL) AND (seed IS NULL) = (drawn_by IS NULL)", name="drawn"),
)

# Who won what. All but the last two follows from the list and the seed.
prizes = Table(
    "prizes",
    metadata,
    Column("draw", _text(140), ForeignKey("draws.draw"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("prize", _text(200), nullable=False),
    Column("ticket", Integer, nullable=False),
    Column("account_id", _ID, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("handed_at", _MOMENT),
    Column("handed_by", _text(200)),
    CheckConstraint("(handed_at IS NULL) = (handed_by IS NULL)", name="handed"),
    sqlite_with_rowid=False,
)
