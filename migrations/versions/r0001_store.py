"""The first store: rules, holders and cards, the journal with its lots, bills, goods; and the laws that keep facts final.

Revision 0001, the first.
"""

import sqlalchemy as sa
from alembic import op

from migrations.laws_0001 import POSTGRESQL, SQLITE

revision = "0001"
down_revision = None


def _text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table, then the triggers of this database."""
    _goods_and_rules()
    _holders()
    _journal()
    _bills()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement))


def _goods_and_rules() -> None:
    op.create_table(
        "revisions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("active_from", _text(24), nullable=False),
        sa.Column("activated_at", _text(24), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("digest", _text(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_revisions")),
    )
    op.create_table(
        "registers",
        sa.Column("name", _text(40), nullable=False),
        sa.Column("last_entry", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_receipt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("head", _text(64), server_default="0" * 64, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_registers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "catalogue",
        sa.Column("sku", _text(200), nullable=False),
        sa.Column("barcode", _text(48), nullable=True),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("folded", _text(400), nullable=False),
        sa.Column("department", _text(200), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("vat", sa.Integer(), nullable=False),
        sa.Column("unit", _text(200), nullable=False),
        sa.Column("reduced", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_catalogue")),
        sa.UniqueConstraint("barcode", name=op.f("uq_catalogue_barcode")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_catalogue_folded"), "catalogue", ["folded"], unique=False)
    op.create_table(
        "suspended",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("register", _text(40), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("label", _text(200), nullable=False),
        sa.Column("bill", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["register"], ["registers.name"], name=op.f("fk_suspended_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspended")),
    )


def _holders() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("joined", _text(10), nullable=False),
        sa.Column("tier", _text(64), nullable=True),
        sa.Column("tier_since", _text(10), nullable=True),
        sa.Column("tier_kept_until", _text(10), nullable=True),
        sa.Column("last_visit", _text(10), nullable=True),
        sa.Column("visits", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members",
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("folded", _text(400), nullable=False),
        sa.Column("phone", _text(40), nullable=True),
        sa.Column("email", _text(200), nullable=True),
        sa.Column("birthday", _text(10), nullable=True),
        sa.Column("language", _text(8), nullable=True),
        sa.Column("referred_by", _text(36), nullable=True),
        sa.Column("registered_at", _text(24), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_members_account_id")),
        sa.ForeignKeyConstraint(["referred_by"], ["accounts.id"], name=op.f("fk_members_referred_by")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_members")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_members_folded", "members", ["folded"], unique=False)
    op.create_table(
        "member_words",
        sa.Column("word", _text(64), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["members.account_id"], name=op.f("fk_member_words_account_id")),
        sa.PrimaryKeyConstraint("word", "account_id", name=op.f("pk_member_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_member_words_account_id", "member_words", ["account_id"], unique=False)
    op.create_table(
        "cards",
        sa.Column("number", _text(32), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("kind", _text(8), nullable=False),
        sa.Column("status", _text(8), nullable=False),
        sa.Column("replaced_by", _text(32), nullable=True),
        sa.Column("issued_at", _text(24), nullable=False),
        sa.CheckConstraint("kind IN ('named', 'bearer')", name=op.f("ck_cards_kind")),
        sa.CheckConstraint("status IN ('active', 'blocked', 'replaced')", name=op.f("ck_cards_status")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_cards_account_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["cards.number"], name=op.f("fk_cards_replaced_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cards")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_cards_account_id"), "cards", ["account_id"], unique=False)


def _journal() -> None:
    op.create_table(
        "entries",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("register", _text(40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", _text(12), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("recorded_at", _text(24), nullable=False),
        sa.Column("day", _text(10), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("account_id", _text(36), nullable=True),
        sa.Column("corrects", _text(36), nullable=True),
        sa.Column("previous", _text(64), nullable=False),
        sa.Column("hash", _text(64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_entries_account_id")),
        sa.ForeignKeyConstraint(["corrects"], ["entries.id"], name=op.f("fk_entries_corrects")),
        sa.ForeignKeyConstraint(["register"], ["registers.name"], name=op.f("fk_entries_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("register", "seq", name=op.f("uq_entries_register_seq")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_entries_account_id_day", "entries", ["account_id", "day"], unique=False)
    op.create_table(
        "lots",
        sa.Column("id", _text(48), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("purse", _text(64), nullable=False),
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("sale", _text(36), nullable=True),
        sa.Column("offer", _text(140), nullable=True),
        sa.Column("parent", _text(48), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("expired", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("filled_at", _text(24), nullable=False),
        sa.Column("available", _text(10), nullable=False),
        sa.Column("expires", _text(10), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_lots_filled")),
        sa.CheckConstraint("expired >= 0", name=op.f("ck_lots_expired")),
        sa.CheckConstraint("remaining >= 0 AND remaining <= amount", name=op.f("ck_lots_remaining")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_lots_account_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_lots_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["parent"], ["lots.id"], name=op.f("fk_lots_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lots_entry_id", "lots", ["entry_id"], unique=False)
    op.create_index(
        "ix_lots_open",
        "lots",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_index(
        "ix_lots_parent",
        "lots",
        ["parent"],
        unique=False,
        sqlite_where=sa.text("parent IS NOT NULL"),
        postgresql_where=sa.text("parent IS NOT NULL"),
    )
    op.create_table(
        "postings",
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", _text(80), nullable=False),
        sa.Column("unit", _text(64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("holder", _text(36), nullable=True),
        sa.Column("lot", _text(48), nullable=True),
        sa.Column("offer", _text(140), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_postings_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["holder"], ["accounts.id"], name=op.f("fk_postings_holder")),
        sa.ForeignKeyConstraint(["lot"], ["lots.id"], name=op.f("fk_postings_lot")),
        sa.PrimaryKeyConstraint("entry_id", "n", name=op.f("pk_postings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "balances",
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("purse", _text(64), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("held >= 0", name=op.f("ck_balances_held")),
        sa.CheckConstraint("owed >= 0", name=op.f("ck_balances_owed")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_balances_account_id")),
        sa.PrimaryKeyConstraint("account_id", "purse", name=op.f("pk_balances")),
        sqlite_with_rowid=False,
    )


def _bills() -> None:
    op.create_table(
        "sales",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("register", _text(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", _text(10), nullable=False),
        sa.Column("account_id", _text(36), nullable=True),
        sa.Column("card", _text(32), nullable=True),
        sa.Column("holder", _text(210), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("request", _text(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sales_account_id")),
        sa.ForeignKeyConstraint(
            ["id"], ["entries.id"], name=op.f("fk_sales_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["register"], ["registers.name"], name=op.f("fk_sales_register")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name=op.f("fk_sales_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales")),
        sa.UniqueConstraint("register", "number", name=op.f("uq_sales_register_number")),
    )
    op.create_index("ix_sales_account_id_day", "sales", ["account_id", "day"], unique=False)
    op.create_index(op.f("ix_sales_day"), "sales", ["day"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("register", _text(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sale_id", _text(36), nullable=False),
        sa.Column("day", _text(10), nullable=False),
        sa.Column("request", _text(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["entries.id"], name=op.f("fk_refunds_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["register"], ["registers.name"], name=op.f("fk_refunds_register")),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_refunds_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("register", "number", name=op.f("uq_refunds_register_number")),
    )
    op.create_index(op.f("ix_refunds_sale_id"), "refunds", ["sale_id"], unique=False)
    op.create_table(
        "spends",
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("day", _text(10), nullable=False),
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_spends_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_spends_entry_id")),
        sa.PrimaryKeyConstraint("account_id", "day", "entry_id", name=op.f("pk_spends")),
        sqlite_with_rowid=False,
    )
