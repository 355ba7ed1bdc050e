"""How often each offer was used and what it gave, for limits, budgets and reports.

Revision 0002, after 0001. Offers of the shop's own begin with this release, so there is nothing of before to count but the tiers'
own offers, which have no limits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "offer_uses",
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("offer", _text(140), nullable=False),
        sa.Column("account_id", _text(36), nullable=True),
        sa.Column("day", _text(10), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_offer_uses_account_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_offer_uses_entry_id"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("entry_id", "offer", name=op.f("pk_offer_uses")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_offer_uses_account_id_offer_day", "offer_uses", ["account_id", "offer", "day"], unique=False)
    op.create_table(
        "offer_totals",
        sa.Column("offer", _text(140), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("offer", name=op.f("pk_offer_totals")),
        sqlite_with_rowid=False,
    )
