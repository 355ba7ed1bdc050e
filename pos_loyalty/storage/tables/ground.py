"""What all tables are made of: their names' scheme, and the types of what stands in them.

Identifiers are UUIDv7 texts made at the till, dates are ISO texts, moments are ISO texts in UTC with milliseconds, so both
databases order them alike.
"""

from __future__ import annotations

from sqlalchemy import MetaData, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(length: int) -> String:
    """A text that both databases compare byte by byte: ranges of prefixes and orders come out alike, in any locale."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


ID = text(36)
LOT = text(48)
DAY = text(10)
MOMENT = text(24)
HASH = text(64)
