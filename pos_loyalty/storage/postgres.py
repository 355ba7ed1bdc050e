"""A store in PostgreSQL, for shops with several tills: READ COMMITTED, and rows locked before they are checked and spent.

Writers lock the register's row and then the accounts' in ascending order, so that two of them never wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import text as sql
from sqlalchemy.engine import URL, Dialect

from pos_loyalty.domain.message import Refused
from pos_loyalty.storage.faults import FactRefused, refused

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS = 5
LOCK_SECONDS = 5
"""How long a till waits for another till's row before it says store-busy."""
IDLE_SECONDS = 5
"""A connection idle for longer is tried with a round trip before it is trusted with a sale: the server may be another one."""

# SQLSTATE classes and codes (PostgreSQL manual, appendix A), the longest that fits first.
_STATES = {
    "55P03": "store-busy",  # lock_not_available
    "40P01": "store-busy",  # deadlock_detected
    "40001": "store-busy",  # serialization_failure
    "53300": "store-busy",  # too_many_connections
    "57014": "store-busy",  # query_canceled: a time limit ran out
    "53100": "store-full",  # disk_full
    "25006": "store-readonly",  # read_only_sql_transaction: a standby
    "42501": "store-readonly",  # insufficient_privilege
    "3D000": "store-missing",  # invalid_catalog_name
    "42P01": "store-damaged",  # undefined_table
    "42703": "store-damaged",  # undefined_column
    "XX": "store-damaged",  # internal error, data or index corrupted
    "58": "store-damaged",  # system error: a file of the server's could not be read
    "08": "store-unreachable",
    "57P": "store-unreachable",  # the server is shutting down or starting
    "28": "store-unreachable",  # wrong user or password
}


class Postgres:
    """One PostgreSQL database: how to connect to it, and what its errors mean."""

    kind = "postgresql"
    writers = 4
    begin_read = ""
    begin_write = ""
    has_schema = sql("SELECT to_regclass('alembic_version') IS NOT NULL")
    no_schema = "store-missing"

    def __init__(self, url: URL) -> None:
        self.url = url.set(drivername="postgresql+psycopg")
        self.where = self.url.set(drivername="postgresql").render_as_string(hide_password=True)
        self.address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            import psycopg  # noqa: PLC0415 - an optional part: only a shop with several tills installs it
        except ImportError:
            raise refused("store-driver", self.where) from None
        self._psycopg = psycopg
        self.errors: tuple[type[Exception], ...] = (psycopg.Error,)
        # Values by place ("%s"): SQLAlchemy's class of this dialect has no types for its own settings.
        make_dialect: Callable[..., Dialect] = URL.create("postgresql+psycopg").get_dialect()
        self.dialect = make_dialect(paramstyle="format")
        self._streams = 0

    def check_there(self) -> None:
        """The server says by itself whether the database is there."""

    def connect(self, *, write: bool) -> psycopg.Connection:
        """A connection that begins by itself; one that only reads sees one moment for a whole transaction."""
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection: psycopg.Connection = self._psycopg.connect(
            address,
            connect_timeout=CONNECT_SECONDS,
            application_name="pos-loyalty",
            options=f"-c lock_timeout={LOCK_SECONDS}s -c idle_in_transaction_session_timeout=60s -c synchronous_commit=on",
        )
        connection.read_only = not write
        levels = self._psycopg.IsolationLevel
        connection.isolation_level = levels.READ_COMMITTED if write else levels.REPEATABLE_READ
        return connection

    def usable(self, connection: psycopg.Connection, idle: float) -> bool:
        """Whether the server still answers on a connection that nobody used for `idle` seconds."""
        if connection.closed or connection.broken:
            return False
        if idle > IDLE_SECONDS:
            try:
                connection.execute("SELECT 1")
                connection.rollback()
            except self.errors:
                return False
        return True

    def stream(self, connection: psycopg.Connection) -> psycopg.ServerCursor:
        """A cursor whose rows stay at the server until they are fetched."""
        self._streams += 1
        return connection.cursor(f"pos_loyalty_{self._streams}")

    def checkpoint(self, connection: psycopg.Connection) -> None:
        """The server keeps its own log."""

    def refusal(self, error: BaseException) -> Refused | FactRefused:
        """What an error of this database means."""
        psycopg = self._psycopg
        if isinstance(error, psycopg.IntegrityError):
            return FactRefused(error.diag.message_primary or str(error))
        state = getattr(error, "sqlstate", None) or ""
        for length in (5, 3, 2):
            if state[:length] in _STATES:
                return refused(_STATES[state[:length]], self.where)
        if not state and isinstance(error, psycopg.OperationalError):
            missing = "does not exist" in str(error) and "database" in str(error)
            return refused("store-missing" if missing else "store-unreachable", self.where)
        return FactRefused(str(error))
