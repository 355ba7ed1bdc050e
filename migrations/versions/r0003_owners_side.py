"""Who works here and what they did, the drawer's shifts, and what holders said of their visits and agreed to.

Revision 0003, after 0002. All of it begins with this release.
"""

import sqlalchemy as sa
from alembic import op

from migrations import found_by_0003, laws_0003

revision = "0003"
down_revision = "0002"


def _text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("register", _text(40), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("allowed_by", _text(200), nullable=True),
        sa.Column("action", _text(40), nullable=False),
        sa.Column("account_id", _text(36), nullable=True),
        sa.Column("subject", _text(80), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("digest", _text(64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_audit_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_account_id", "audit", ["account_id"], unique=False)
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_table(
        "card_orders",
        sa.Column("name", _text(40), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("register", _text(40), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("prefix", _text(8), nullable=False),
        sa.Column("checked", _text(4), nullable=False),
        sa.Column("first", _text(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("checked IN ('ean', 'damm', 'luhn')", name=op.f("ck_card_orders_checked")),
        sa.CheckConstraint("count > 0", name=op.f("ck_card_orders_count")),
        sa.ForeignKeyConstraint(["first"], ["cards.number"], name=op.f("fk_card_orders_first")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_card_orders")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consents",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("purpose", _text(40), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("wording", _text(1000), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consents_account_id", "consents", ["account_id", "purpose", "id"], unique=False)
    op.create_table(
        "operators",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("folded", _text(400), nullable=False),
        sa.Column("role", _text(8), nullable=False),
        sa.Column("pin", _text(200), nullable=False),
        sa.Column("active", sa.Integer(), server_default="1", nullable=False),
        sa.Column("account_id", _text(36), nullable=True),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", _text(24), nullable=True),
        sa.Column("created_at", _text(24), nullable=False),
        sa.CheckConstraint("role IN ('cashier', 'manager', 'owner')", name=op.f("ck_operators_role")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_operators_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("folded", name=op.f("uq_operators_folded")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shifts",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("register", _text(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", _text(24), nullable=False),
        sa.Column("opened_by", _text(200), nullable=False),
        sa.Column("opening_float", sa.BigInteger(), nullable=False),
        sa.Column("first_entry", sa.Integer(), nullable=False),
        sa.Column("closed_at", _text(24), nullable=True),
        sa.Column("closed_by", _text(200), nullable=True),
        sa.Column("last_entry", sa.Integer(), nullable=True),
        sa.Column("head", _text(64), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["register"], ["registers.name"], name=op.f("fk_shifts_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("register", "number", name=op.f("uq_shifts_register_number")),
    )
    op.create_index(
        "ix_shifts_open",
        "shifts",
        ["register"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "drawer_moves",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("shift_id", _text(36), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("allowed_by", _text(200), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", _text(200), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_drawer_moves_shift_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawer_moves")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_drawer_moves_shift_id"), "drawer_moves", ["shift_id"], unique=False)
    op.create_table(
        "merges",
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("into_id", _text(36), nullable=False),
        sa.Column("entry_id", _text(36), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_merges_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_merges_entry_id")),
        sa.ForeignKeyConstraint(["into_id"], ["accounts.id"], name=op.f("fk_merges_into_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_merges")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_merges_into_id"), "merges", ["into_id"], unique=False)
    op.create_table(
        "reasons",
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("text", _text(500), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_reasons_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_reasons")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feedback",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("account_id", _text(36), nullable=True),
        sa.Column("sale_id", _text(36), nullable=True),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("day", _text(10), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("recommendation", sa.Integer(), nullable=True),
        sa.Column("text", _text(1000), nullable=True),
        sa.CheckConstraint("recommendation BETWEEN 0 AND 10", name=op.f("ck_feedback_recommendation")),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name=op.f("ck_feedback_satisfaction")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_feedback_account_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_feedback_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_feedback_account_id"), "feedback", ["account_id"], unique=False)
    op.create_index(op.f("ix_feedback_day"), "feedback", ["day"], unique=False)
    op.create_index(
        "ix_complaints_closed_at",
        "complaints",
        ["closed_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_members_referred_by",
        "members",
        ["referred_by"],
        unique=False,
        sqlite_where=sa.text("referred_by IS NOT NULL"),
        postgresql_where=sa.text("referred_by IS NOT NULL"),
    )
    found_by_0003.add_words(op.get_bind())
    op.create_index(op.f("ix_referrals_account_id"), "referrals", ["account_id"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("entry_id", _text(36), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_erasures_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_erasures_entry_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_erasures")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_accounts_last_visit", "accounts", ["last_visit"], unique=False)
    op.create_index("ix_members_birthday", "members", ["birthday"], unique=False)
    op.create_index(
        "ix_complaints_open",
        "complaints",
        ["promised"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    for law in laws_0003.SQLITE if op.get_bind().dialect.name == "sqlite" else laws_0003.POSTGRESQL:
        op.execute(law)
