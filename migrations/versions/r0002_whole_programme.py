"""What the offers, clubs, coupons, gift certificates and prize draws of a whole programme need to be remembered.

Revision 0002, after 0001. All of it begins with this release: before there was nothing to count but the tiers' own offers, which
have no limits.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "draws",
        sa.Column("draw", _text(140), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.Column("seed", _text(200), nullable=False),
        sa.Column("digest", _text(64), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draw", name=op.f("pk_draws")),
    )
    op.create_table(
        "offer_totals",
        sa.Column("offer", _text(140), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("offer", name=op.f("pk_offer_totals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "prizes",
        sa.Column("draw", _text(140), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("prize", _text(200), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("shown_at", _text(24), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_prizes_account_id")),
        sa.ForeignKeyConstraint(["draw"], ["draws.draw"], name=op.f("fk_prizes_draw")),
        sa.PrimaryKeyConstraint("draw", "place", name=op.f("pk_prizes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_prizes_account_id"), "prizes", ["account_id"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("number", _text(32), nullable=False),
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("expires", _text(10), nullable=True),
        sa.Column("void_by", _text(36), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_certificates_sold")),
        sa.CheckConstraint("remaining >= 0 AND remaining <= amount", name=op.f("ck_certificates_remaining")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_certificates_entry_id")),
        sa.ForeignKeyConstraint(["void_by"], ["entries.id"], name=op.f("fk_certificates_void_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificates")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coupons",
        sa.Column("number", _text(32), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("coupon", _text(140), nullable=False),
        sa.Column("given_by", _text(140), nullable=False),
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("valid", _text(10), nullable=True),
        sa.Column("used_by", _text(36), nullable=True),
        sa.Column("void_by", _text(36), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_coupons_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_coupons_entry_id")),
        sa.ForeignKeyConstraint(["used_by"], ["entries.id"], name=op.f("fk_coupons_used_by")),
        sa.ForeignKeyConstraint(["void_by"], ["entries.id"], name=op.f("fk_coupons_void_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_coupons")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_coupons_account_id"), "coupons", ["account_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("club", _text(140), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("joined_by", _text(8), nullable=False),
        sa.Column("since", _text(10), nullable=False),
        sa.Column("until", _text(10), nullable=True),
        sa.Column("ended_by", _text(36), nullable=True),
        sa.CheckConstraint("joined_by IN ('spend', 'fee', 'hand')", name=op.f("ck_memberships_joined_by")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_memberships_account_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["entries.id"], name=op.f("fk_memberships_ended_by")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_memberships_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "club", name=op.f("pk_memberships")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_memberships_account_id"), "memberships", ["account_id"], unique=False)
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
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_offer_uses_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "offer", name=op.f("pk_offer_uses")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_offer_uses_account_id_offer_day", "offer_uses", ["account_id", "offer", "day"], unique=False)
    for name, table, column, found in (
        ("ix_lots_expires", "lots", "expires", "remaining > 0 AND expires IS NOT NULL"),
        ("ix_postings_owed", "postings", "holder", "account >= 'owed:' AND account < 'owed;'"),
        ("ix_postings_issuer", "postings", "account", "account >= 'issuer:' AND account < 'issuer;'"),
    ):
        op.create_index(name, table, [column], sqlite_where=sa.text(found), postgresql_where=sa.text(found))
