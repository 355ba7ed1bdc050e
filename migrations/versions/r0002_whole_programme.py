"""What the offers, clubs, coupons, gift certificates and prize draws of a whole programme need to be remembered, and what the till
remembers of a holder in words.

Revision 0002, after 0001. All but the purchases begins with this release: before there was nothing to count but the tiers' own
offers, which have no limits.
"""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from migrations import laws_0002

revision = "0002"
down_revision = "0001"


def _text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "offer_totals",
        sa.Column("offer", _text(140), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("offer", name=op.f("pk_offer_totals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "draws",
        sa.Column("draw", _text(140), nullable=False),
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("title", _text(200), nullable=False),
        sa.Column("digest", _text(64), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("seed", _text(200), nullable=True),
        sa.Column("drawn_at", _text(24), nullable=True),
        sa.Column("drawn_by", _text(200), nullable=True),
        sa.CheckConstraint(
            "(seed IS NULL) = (drawn_at IS NULL) AND (seed IS NULL) = (drawn_by IS NULL)", name=op.f("ck_draws_drawn")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_draws_entry_id")),
        sa.PrimaryKeyConstraint("draw", name=op.f("pk_draws")),
    )
    op.create_table(
        "prizes",
        sa.Column("draw", _text(140), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("prize", _text(200), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("handed_at", _text(24), nullable=True),
        sa.Column("handed_by", _text(200), nullable=True),
        sa.CheckConstraint("(handed_at IS NULL) = (handed_by IS NULL)", name=op.f("ck_prizes_handed")),
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
    of_certificates = sa.text("account >= 'certificate:' AND account < 'certificate;'")
    op.create_index(
        "ix_postings_certificate",
        "postings",
        ["account"],
        unique=False,
        sqlite_where=of_certificates,
        postgresql_where=of_certificates,
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
        sa.Column("day", _text(10), nullable=False),
        sa.Column("term", _text(20), nullable=True),
        sa.Column("ended_by", _text(36), nullable=True),
        sa.CheckConstraint("joined_by IN ('fee', 'hand')", name=op.f("ck_memberships_joined_by")),
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
    op.create_index("ix_entries_day", "entries", ["day"], unique=False)
    for name, table, column, found in (
        ("ix_lots_expires", "lots", "expires", "remaining > 0 AND expires IS NOT NULL"),
        ("ix_postings_owed", "postings", "holder", "account >= 'owed:' AND account < 'owed;'"),
        ("ix_postings_issuer", "postings", "account", "account >= 'issuer:' AND account < 'issuer;'"),
    ):
        op.create_index(name, table, [column], sqlite_where=sa.text(found), postgresql_where=sa.text(found))

    _history()
    _deeds()
    _recognition()


def _history() -> None:
    op.create_table(
        "purchases",
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("department", _text(200), nullable=False),
        sa.Column("day", _text(10), nullable=False),
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("sku", _text(200), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kept >= 0", name=op.f("ck_purchases_kept")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_purchases_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_purchases_entry_id")),
        sa.PrimaryKeyConstraint("account_id", "department", "day", "entry_id", "sku", name=op.f("pk_purchases")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_purchases_account_id_sku_day", "purchases", ["account_id", "sku", "day"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("referrer", _text(36), nullable=False),
        sa.Column("offer", _text(140), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("entry_id", _text(36), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_referrals_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_referrals_entry_id")),
        sa.ForeignKeyConstraint(["referrer"], ["accounts.id"], name=op.f("fk_referrals_referrer")),
        sa.PrimaryKeyConstraint("referrer", "offer", "account_id", "entry_id", name=op.f("pk_referrals")),
        sqlite_with_rowid=False,
    )
    _purchases_so_far()


def _purchases_so_far() -> None:
    """What holders bought and kept is asked of sales made before this release too: it stands in their facts."""
    connection = op.get_bind()
    after = ""
    while page := connection.execute(_SOLD, {"after": after}).fetchall():
        after = page[-1][0]
        rows = [row for sale in page for row in _kept(connection, *sale)]
        if rows:
            connection.execute(_ADD_PURCHASE, rows)


_SOLD = sa.text(
    "SELECT id, account_id, day, facts FROM sales WHERE account_id IS NOT NULL AND id > :after ORDER BY id LIMIT 500"
)
_RETURNED = sa.text("SELECT facts FROM refunds WHERE sale_id = :sale")
_ADD_PURCHASE = sa.text(
    "INSERT INTO purchases (account_id, department, day, entry_id, sku, kept)"
    " VALUES (:account, :department, :day, :sale, :sku, :kept)"
)


def _kept(connection: sa.Connection, sale: str, account: str, day: str, facts: str) -> Iterator[dict[str, object]]:
    lines = json.loads(facts)["quote"]["lines"]
    kept = [line["item"]["quantity"] for line in lines]
    for (returned,) in connection.execute(_RETURNED, {"sale": sale}):
        for back in json.loads(returned)["lines"]:
            kept[back["line"] - 1] -= back["quantity"]
    sums: dict[tuple[str, str], int] = {}
    for line, quantity in zip(lines, kept, strict=True):
        item = line["item"]
        if item["unit_price"] >= 0 and (item["department"] or item["sku"]):
            key = (item["department"], item["sku"])
            sums[key] = sums.get(key, 0) + quantity
    for (department, sku), quantity in sums.items():
        yield {
            "account": account,
            "department": department,
            "day": day,
            "sale": sale,
            "sku": sku,
            "kept": quantity,
        }


def _deeds() -> None:
    op.create_table(
        "deeds",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("sale_id", _text(36), nullable=True),
        sa.Column("request", _text(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_deeds_account_id")),
        sa.ForeignKeyConstraint(
            ["id"], ["entries.id"], name=op.f("fk_deeds_id"), initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_deeds_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deeds")),
        sa.UniqueConstraint("sale_id", name=op.f("uq_deeds_sale_id")),
    )
    for law in laws_0002.SQLITE if op.get_bind().dialect.name == "sqlite" else laws_0002.POSTGRESQL:
        op.execute(law)


def _recognition() -> None:
    op.create_table(
        "notes",
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("text", _text(500), nullable=False),
        sa.Column("at", _text(24), nullable=False),
        sa.Column("operator", _text(200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notes_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "complaints",
        sa.Column("id", _text(36), nullable=False),
        sa.Column("account_id", _text(36), nullable=False),
        sa.Column("opened_at", _text(24), nullable=False),
        sa.Column("opened_by", _text(200), nullable=False),
        sa.Column("text", _text(1000), nullable=False),
        sa.Column("wish", _text(1000), nullable=True),
        sa.Column("promised", _text(10), nullable=True),
        sa.Column("closed_at", _text(24), nullable=True),
        sa.Column("closed_by", _text(200), nullable=True),
        sa.Column("solution", _text(1000), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (solution IS NULL)",
            name=op.f("ck_complaints_closed"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_complaints_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_complaints_account_id"), "complaints", ["account_id"], unique=False)
