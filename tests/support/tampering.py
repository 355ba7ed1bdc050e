"""Stores changed from outside, past the laws that keep their facts: what `store verify` must find."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import make_url


def tamper(shop: Any, *statements: str) -> None:
    """Change a store as somebody would who knows how to get past its laws."""
    url = make_url(
        shop.store.database.url if shop.store.kind == "postgresql" else f"sqlite:///{shop.store.database.path}"
    )
    if shop.store.kind == "postgresql":
        import psycopg

        with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as postgres:
            postgres.execute("SET session_replication_role = replica")
            for statement in statements:
                assert postgres.execute(statement).rowcount
        return
    with closing(sqlite3.connect(str(url.database))) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
